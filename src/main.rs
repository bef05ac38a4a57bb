//! The program: the same answers for a terminal and for scripts.

mod program;

fn main() -> std::process::ExitCode {
    program::main()
}

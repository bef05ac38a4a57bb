//! Writes the const tables of the format down as one text, which the crate holds and takes apart as it is asked: as tables they would
//! be pointers for the most part, which no packing makes small.

mod caps {
    pub use super::version::Version;
}
#[expect(dead_code, reason = "drivers are told in the crate alone")]
mod drivers;
mod pattern;
mod record;
mod tables;
#[expect(dead_code, reason = "marks are made anew where the text is read")]
mod terms;
mod text {
    pub use super::mark::Mark;
}
#[expect(dead_code, reason = "names are compared in the crate alone")]
#[path = "../text/mark.rs"]
mod mark;
#[expect(dead_code, reason = "patterns are written by their place alone")]
mod value;
#[path = "../caps/version.rs"]
mod version;
mod write;

use std::error::Error;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    // all the tables are sources of this program: whenever one changes, it is built and run anew
    println!("cargo::rerun-if-changed=src/vocab/build.rs");
    let out = std::env::var_os("OUT_DIR").ok_or("cargo names no OUT_DIR")?;
    std::fs::write(PathBuf::from(out).join("vocabulary.txt"), write::text(&tables::DOMAIN)?)?;
    Ok(())
}

//! Arguments in, text or JSON out, and an exit status.

mod args;
mod batch;
mod cpus;
mod hosts;
mod sarif;
mod text;

use std::io::{IsTerminal, Read, Write};
use std::process::ExitCode;

use clap::Parser;
use virtlens::caps::{LoadError, decode};
use virtlens::cpu::Startable;
use virtlens::finding::Finding;
use virtlens::text::{Limits, LineIndex};
use virtlens::{Options, Workspace, explain, wire};

use args::{Arguments, Command, CpuCommand, Format, Host, Input};

/// What could not be done: a sentence for standard error, exit status 2.
struct Failed(String);

impl<E: std::error::Error> From<E> for Failed {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

/// Runs the program.
pub fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Check { input, format } => check(&input, format),
        Command::Cpu { command: CpuCommand::Resolve { input, format } } => resolve(&input, format == Format::Json),
        Command::Hosts { input, from, format } => hosts(&input, from.as_deref(), format == Format::Json),
        Command::Explain { code: Some(code) } => explain_code(&code),
        Command::Explain { code: None } => print(&explain::catalogue()).map(|()| 0),
        Command::Cpu { command: CpuCommand::Question(question) } => cpus::ask(&question),
        Command::Batch => batch::run().map(|()| 0),
    };
    match done {
        Ok(status) => ExitCode::from(status),
        Err(Failed(message)) => {
            eprintln!("virtlens: {message}");
            ExitCode::from(2)
        }
    }
}

fn check(input: &Input, format: Format) -> Result<u8, Failed> {
    let workspace = workspace(&input.host)?;
    let text = read_text(&input.domain)?;
    let report = workspace.check(&text, input.host.host.as_deref());
    let out = match format {
        Format::Text => text::report(&report, &input.domain, &text, &workspace, std::io::stdout().is_terminal()),
        Format::Json => serde_json::to_string_pretty(&wire::Report::of(&report, workspace.documents()))? + "\n",
        Format::Sarif => sarif::log(&report, &input.domain, &workspace)? + "\n",
    };
    print(&out)?;
    Ok(u8::from(report.counts.error > 0))
}

/// What keeps the text at `path` from being a domain.
fn no_domain(path: &str, text: &str, finding: &Finding) -> Failed {
    let (line, column) = wire::Range::of(finding.span, &LineIndex::new(text)).start();
    Failed(format!("{path}:{line}:{column}: {}", finding.message))
}

fn hosts(input: &Input, from: Option<&str>, json: bool) -> Result<u8, Failed> {
    let workspace = workspace(&input.host)?;
    let text = read_text(&input.domain)?;
    let report = workspace.hosts(&text, from).map_err(|finding| no_domain(&input.domain, &text, &finding))?;
    let out = if json { serde_json::to_string_pretty(&wire::Hosts::of(&report))? + "\n" } else { hosts::text(&report, &input.domain) };
    print(&out)?;
    Ok(u8::from(report.hosts.iter().any(|host| host.startable == Startable::No)))
}

fn resolve(input: &Input, json: bool) -> Result<u8, Failed> {
    let workspace = workspace(&input.host)?;
    let text = read_text(&input.domain)?;
    let resolved = workspace.resolve_cpu(&text, input.host.host.as_deref());
    let cpu = resolved.map_err(|finding| no_domain(&input.domain, &text, &finding))?;
    let out = if json {
        serde_json::to_string_pretty(&wire::ResolvedCpu::of(&cpu, workspace.documents()))? + "\n"
    } else {
        text::cpu(&cpu, &input.domain, &text, &workspace, std::io::stdout().is_terminal())
    };
    print(&out)?;
    Ok(u8::from(cpu.findings.iter().any(|finding| finding.severity == virtlens::finding::Severity::Error)))
}

fn explain_code(code: &str) -> Result<u8, Failed> {
    let Some(page) = explain::page(code) else {
        return Err(Failed(match explain::nearest(code) {
            Some(near) => format!("there is no code `{code}`; did you mean `{near}`?"),
            None => format!("there is no code `{code}`"),
        }));
    };
    print(page.text)?;
    Ok(0)
}

/// Writes to standard output; a reader that has gone away is no failure.
fn print(text: &str) -> Result<(), Failed> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

fn workspace(host: &Host) -> Result<Workspace, Failed> {
    let mut workspace = Workspace::new(host.options());
    for (of, path) in host.documents() {
        add(&mut workspace, path, of).map_err(Failed)?;
    }
    Ok(workspace)
}

/// Loads the document at `path` under that name, or as `HOST=path` where another host has it too; the failure names the place.
fn add(workspace: &mut Workspace, path: &str, host: Option<&str>) -> Result<(), String> {
    let bytes = read(path).map_err(|error| format!("{path}: {error}"))?;
    let taken = workspace.documents().iter().any(|document| document.name == path && Some(document.host.as_str()) != host);
    let name = host.filter(|_| taken).map_or_else(|| path.to_owned(), |host| format!("{host}={path}"));
    workspace.add_bytes(&name, &bytes, host).map_err(|error| place(path, &error))?;
    Ok(())
}

fn place(path: &str, error: &LoadError) -> String {
    format!("{path}:{}:{}: {}", error.start.line, error.start.column, error.message)
}

fn read(path: &str) -> std::io::Result<Vec<u8>> {
    if path != "-" {
        return std::fs::read(path);
    }
    let mut bytes = Vec::new();
    std::io::stdin().read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn read_text(path: &str) -> Result<String, Failed> {
    let bytes = read(path).map_err(|error| Failed(format!("{path}: {error}")))?;
    Ok(decode(&bytes).map_err(|error| Failed(place(path, &error)))?.to_owned())
}

/// Settings from severities and limits given as words.
fn options(
    libvirt: Option<virtlens::caps::Version>,
    qemu: Option<virtlens::caps::Version>,
    severity: impl IntoIterator<Item = (String, Option<virtlens::finding::Severity>)>,
    limits: Limits,
) -> Options {
    Options { libvirt, qemu, severity: severity.into_iter().collect(), limits }
}

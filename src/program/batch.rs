//! One JSON answer a job, in order; a job that cannot be done does not stop the next.

use std::collections::BTreeMap;
use std::io::{BufRead, Write};

use serde::{Deserialize, Serialize};
use virtlens::text::Limits;
use virtlens::{Workspace, wire};

use super::{Failed, add, args, cpus};

const OPS: &str = "complete, hover, hosts, cpu-resolve, cpu-compare, cpu-update, cpu-baseline, cpu-has-feature and cpu-expand";

#[derive(Debug, Deserialize)]
struct Job {
    #[serde(default)]
    id: serde_json::Value,
    op: String,
    domain: Option<String>,
    #[serde(default)]
    documents: Vec<DocumentOf>,
    host: Option<String>,
    from: Option<String>,
    libvirt: Option<String>,
    qemu: Option<String>,
    #[serde(default)]
    severity: BTreeMap<String, String>,
    #[serde(default)]
    limits: BTreeMap<String, usize>,
    only: Option<String>,
    offset: Option<usize>,
    #[serde(flatten)]
    cpus: cpus::Job,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum DocumentOf {
    Path(String),
    OfHost { path: String, host: Option<String> },
}

#[derive(Debug, Default, Serialize)]
struct Answer<'a> {
    id: serde_json::Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<wire::Report<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resolved: Option<wire::ResolvedCpu<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    diagnostics: Option<Vec<wire::Diagnostic<'a>>>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    hosts: Option<wire::Hosts<'a>>,
    #[serde(flatten)]
    cpus: Option<cpus::Answer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<Vec<wire::Completion<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contents: Option<Option<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Option<wire::Range>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// Answers every line of standard input.
pub fn run() -> Result<(), Failed> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().split(b'\n') {
        let line = line?;
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let written = answer(&line).and_then(|text| writeln!(out, "{text}").map_err(Failed::from));
        if let Err(Failed(message)) = written {
            return Err(Failed(message));
        }
    }
    Ok(())
}

fn answer(line: &[u8]) -> Result<String, Failed> {
    let job: Job = match serde_json::from_slice(line) {
        Ok(job) => job,
        Err(error) => return failed(id_of(line), error.to_string()),
    };
    let id = job.id.clone();
    let done = match job.op.as_str() {
        "check" => check(&job),
        "cpu-resolve" => resolve(&job),
        "hosts" => hosts(&job),
        "complete" => complete(&job),
        "hover" => hover(&job),
        other => match cpus::answer(other, &job.cpus, job.host.as_deref()) {
            Some(answer) => answer.and_then(|answer| to_line(&Answer { id: id.clone(), cpus: Some(answer), ..Answer::default() })),
            None => Err(format!("there is no op `{other}`; there are check, {}", OPS)),
        },
    };
    done.or_else(|message| failed(id, message).map_err(|Failed(message)| message)).map_err(Failed)
}

/// The id of a line that is JSON but no job; null where it cannot be read.
fn id_of(line: &[u8]) -> serde_json::Value {
    let value: serde_json::Value = serde_json::from_slice(line).unwrap_or_default();
    value.get("id").cloned().unwrap_or_default()
}

fn failed(id: serde_json::Value, error: String) -> Result<String, Failed> {
    Ok(serde_json::to_string(&Answer { id, error: Some(error), ..Answer::default() })?)
}

fn check(job: &Job) -> Result<String, String> {
    let (workspace, text) = prepare(job)?;
    let mut report = workspace.check(&text, job.host.as_deref());
    match job.only.as_deref() {
        None => {}
        Some("schema") => report.keep(&[virtlens::finding::Phase::Syntax, virtlens::finding::Phase::Schema]),
        Some(other) => return Err(format!("`only` is `schema` or absent, not `{other}`")),
    }
    let report = wire::Report::of(&report, workspace.documents());
    to_line(&Answer { id: job.id.clone(), report: Some(report), ..Answer::default() })
}

fn resolve(job: &Job) -> Result<String, String> {
    let (workspace, text) = prepare(job)?;
    let cpu = workspace.resolve_cpu(&text, job.host.as_deref()).map_err(|finding| finding.message.clone())?;
    let resolved = Some(wire::ResolvedCpu::of(&cpu, workspace.documents()));
    let diagnostics = Some(wire::diagnostics(&cpu.findings, &cpu.lines, workspace.documents()));
    to_line(&Answer { id: job.id.clone(), resolved, diagnostics, ..Answer::default() })
}

fn hosts(job: &Job) -> Result<String, String> {
    let (workspace, text) = prepare(job)?;
    let report = workspace.hosts(&text, job.from.as_deref()).map_err(|finding| finding.message.clone())?;
    to_line(&Answer { id: job.id.clone(), hosts: Some(wire::Hosts::of(&report)), ..Answer::default() })
}

fn complete(job: &Job) -> Result<String, String> {
    let (workspace, text) = prepare(job)?;
    let found = workspace.complete(&text, offset(job)?, job.host.as_deref());
    to_line(&Answer { id: job.id.clone(), items: Some(wire::completions(&found)), ..Answer::default() })
}

/// Where nothing is told, `contents` and `range` are null.
fn hover(job: &Job) -> Result<String, String> {
    let (workspace, text) = prepare(job)?;
    let told = workspace.hover(&text, offset(job)?, job.host.as_deref());
    let (contents, range) = told.as_ref().map(|told| wire::Hover::of(told).parts()).unzip();
    to_line(&Answer { id: job.id.clone(), contents: Some(contents), range: Some(range), ..Answer::default() })
}

fn offset(job: &Job) -> Result<usize, String> {
    job.offset.ok_or_else(|| "`offset` is missing".to_owned())
}

fn to_line(answer: &Answer) -> Result<String, String> {
    serde_json::to_string(answer).map_err(|error| error.to_string())
}

/// The workspace of a job, and the text of its domain.
fn prepare(job: &Job) -> Result<(Workspace, String), String> {
    let mut limits = Limits::default();
    for (name, number) in &job.limits {
        if !args::set_limit(&mut limits, name, *number) {
            return Err(format!("there is no limit `{name}`"));
        }
    }
    let severity = job.severity.iter().map(|(code, word)| Ok((code.clone(), args::level(word)?))).collect::<Result<Vec<_>, String>>()?;
    let version = |given: &Option<String>| given.as_deref().map(args::version).transpose();
    let mut workspace = Workspace::new(super::options(version(&job.libvirt)?, version(&job.qemu)?, severity, limits));
    for document in &job.documents {
        let (path, host) = match document {
            DocumentOf::Path(path) => (path, None),
            DocumentOf::OfHost { path, host } => (path, host.as_deref()),
        };
        add(&mut workspace, path, host)?;
    }
    let path = job.domain.as_deref().ok_or("`domain` is missing")?;
    Ok((workspace, super::read_text(path).map_err(|Failed(message)| message)?))
}

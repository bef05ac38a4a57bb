//! A report as a SARIF 2.1.0 log, for CI.

use serde::Serialize;
use virtlens::finding::{Finding, Severity};
use virtlens::report::Report;
use virtlens::text::{LineIndex, Span};
use virtlens::{Workspace, explain, rules, wire};

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool<'a>,
    column_kind: &'static str,
    results: Vec<ResultOf<'a>>,
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'a> {
    name: &'static str,
    version: &'static str,
    rules: Vec<Rule<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule<'a> {
    id: &'a str,
    short_description: Message<'a>,
    help_uri: &'a str,
}

#[derive(Serialize)]
struct Message<'a> {
    text: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultOf<'a> {
    rule_id: &'a str,
    rule_index: usize,
    level: &'static str,
    message: Message<'a>,
    locations: [Location<'a>; 1],
    related_locations: Vec<Location<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: Physical,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

/// The log of one check.
pub fn log(report: &Report, path: &str, workspace: &Workspace) -> Result<String, serde_json::Error> {
    let docs = |code: &str| rules::all().find(|rule| rule.code == code).map_or("", |rule| rule.docs);
    let mut codes: Vec<_> = report.findings.iter().map(|finding| (finding.code, docs(finding.code))).collect();
    codes.sort_unstable();
    codes.dedup();
    let rules =
        codes.iter().map(|(code, docs)| Rule { id: code, short_description: Message { text: title(code) }, help_uri: docs }).collect();
    let index = |code: &str| codes.iter().position(|(known, _)| *known == code).unwrap_or_default();
    let driver = Driver { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION"), rules };
    let results = report.findings.iter().map(|finding| result(finding, index(finding.code), &report.lines, path, workspace)).collect();
    serde_json::to_string_pretty(&Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run { tool: Tool { driver }, column_kind: "utf16CodeUnits", results }],
    })
}

fn title(code: &str) -> &'static str {
    explain::page(code).map_or("", |page| page.title)
}

fn result<'a>(finding: &'a Finding, rule_index: usize, lines: &LineIndex, path: &str, workspace: &Workspace) -> ResultOf<'a> {
    let related = finding.related.iter().map(|other| (path, other.span, lines, other.message.as_ref()));
    let evidence = finding.evidence.iter().filter_map(|said| {
        let document = workspace.documents().get(said.document.0)?;
        Some((document.name.as_str(), said.span, &document.lines, said.message.as_ref()))
    });
    let place = |(id, (path, span, lines, text))| Location {
        id: Some(id),
        physical_location: physical(path, span, lines),
        message: Some(Message { text }),
    };
    ResultOf {
        rule_id: finding.code,
        rule_index,
        level: match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info | Severity::Hint => "note",
        },
        message: Message { text: &finding.message },
        locations: [Location { id: None, physical_location: physical(path, finding.span, lines), message: None }],
        related_locations: related.chain(evidence).enumerate().map(place).collect(),
    }
}

fn physical(path: &str, span: Span, lines: &LineIndex) -> Physical {
    let range = wire::Range::of(span, lines);
    let ((start_line, start_column), (end_line, end_column)) = (range.start(), range.end());
    Physical { artifact_location: Artifact { uri: uri(path) }, region: Region { start_line, start_column, end_line, end_column } }
}

/// A path as a relative or `file:` reference, other characters than those of RFC 3986 escaped.
fn uri(path: &str) -> String {
    let mut out = String::from(if path.starts_with('/') { "file://" } else { "" });
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

//! Single values, listed and not, as two real daemons took them: nothing that starts is refused, and each row of what libvirt does with
//! a value that its host does not list has its rule, or is known to be silent.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, missing_docs)]

#[path = "enums/rows.rs"]
mod rows;

use std::collections::BTreeMap;

use rows::{How, ROWS, Row};
use serde_json::Value;
use virtlens::caps::Version;
use virtlens::finding::{Finding, Phase, Severity};
use virtlens::rules::Check;
use virtlens::{Options, Workspace, rules};

/// What a daemon made of one value.
struct Probe {
    list: String,
    case: String,
    libvirt: String,
    document: String,
    defined: bool,
    started: Option<bool>,
    /// Decided by something that no document holds.
    apart: bool,
    xml: String,
}

fn probes() -> Vec<Probe> {
    let text = |row: &Value, key: &str| row[key].as_str().unwrap_or("").to_owned();
    let read = |line: &str| {
        let row: Value = serde_json::from_str(line).expect("a row of JSON");
        Probe {
            list: text(&row, "enum"),
            case: text(&row, "case"),
            libvirt: text(&row, "libvirt"),
            document: text(&row, "document"),
            defined: row["define_ok"] == true,
            started: row["start_ok"].as_bool(),
            apart: !row["dropped"].is_null() || text(&row, "note").contains("once somebody has asked"),
            xml: text(&row, "domain_xml"),
        }
    };
    let rows = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/enums/probes.jsonl")).expect("the probes");
    rows.lines().map(read).filter(|probe| !probe.apart).collect()
}

/// Each host once: reading its documents takes longer than judging all of its probes.
#[derive(Default)]
struct Hosts(BTreeMap<(String, String), Workspace>);

impl Hosts {
    fn check(&mut self, probe: &Probe) -> Vec<Finding> {
        let key = (probe.libvirt.clone(), probe.document.clone());
        self.0.entry(key).or_insert_with(|| host(probe)).check(&probe.xml, None).findings
    }
}

fn host(probe: &Probe) -> Workspace {
    let qemu = if probe.libvirt == "9.0.0" { Version(7, 2, 22) } else { Version(11, 1, 3) };
    let mut workspace = Workspace::new(Options { libvirt: Version::parse(&probe.libvirt), qemu: Some(qemu), ..Options::default() });
    let document = format!("{}/tests/hosts/{}", env!("CARGO_MANIFEST_DIR"), probe.document.trim_start_matches("captures/"));
    let capabilities = format!("{}/capabilities.xml", document.rsplit_once('/').expect("a folder").0);
    for path in [document, capabilities] {
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        workspace.add_document(&path, text, None).unwrap_or_else(|error| panic!("{path}: {}", error.message));
    }
    workspace
}

fn told(probe: &Probe, findings: &[Finding]) -> String {
    let findings: Vec<_> = findings.iter().map(|finding| format!("{} ({})", finding.code, finding.phase.word())).collect();
    format!("{} {} {}: {}", probe.libvirt, probe.list, probe.case, findings.join(", "))
}

fn refuses(finding: &Finding, phases: &[Phase]) -> bool {
    let validation = matches!(finding.phase, Phase::Syntax | Phase::Schema) && finding.severity == Severity::Warning;
    phases.contains(&finding.phase) && (finding.severity == Severity::Error || validation)
}

const DEFINE: &[Phase] = &[Phase::Syntax, Phase::Schema, Phase::Define];

#[test]
fn what_starts_raises_no_error_and_what_is_defined_none_at_define() {
    let mut hosts = Hosts::default();
    let mut wrong = Vec::new();
    for probe in probes().iter().filter(|probe| probe.defined) {
        let findings = hosts.check(probe);
        let starts = probe.started == Some(true) && findings.iter().any(|finding| finding.severity == Severity::Error);
        if starts || findings.iter().any(|finding| refuses(finding, DEFINE)) {
            wrong.push(told(probe, &findings));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn most_of_what_is_refused_is_foretold() {
    let mut hosts = Hosts::default();
    let (mut define, mut start) = (Vec::new(), Vec::new());
    for probe in &probes() {
        let findings = hosts.check(probe);
        if !probe.defined {
            define.push(findings.iter().any(|finding| refuses(finding, DEFINE)));
        } else if probe.started == Some(false) {
            let warned = findings.iter().any(|finding| finding.phase == Phase::Start && finding.severity <= Severity::Warning);
            start.push(warned);
        }
    }
    let share = |all: &[bool]| 100 * all.iter().filter(|hit| **hit).count() / all.len();
    assert!(share(&define) >= 75, "{} % of what define refuses", share(&define));
    assert!(share(&start) >= 90, "{} % of what start refuses", share(&start));
}

#[test]
fn each_row_has_its_rule_or_is_known_to_be_silent() {
    let codes: Vec<_> = rules::all().map(|rule| rule.code).collect();
    let probes = probes();
    let mut hosts = Hosts::default();
    let mut wrong = Vec::new();
    for Row { name, how } in ROWS {
        match how {
            How::Codes(list) => {
                let unknown = list.iter().filter(|code| !codes.contains(code));
                wrong.extend(unknown.map(|code| format!("{name}: no rule {code}")));
            }
            How::Never(list, case) => {
                let found: Vec<_> = probes.iter().filter(|probe| probe.list == *list && probe.case == *case && probe.defined).collect();
                if found.is_empty() {
                    wrong.push(format!("{name}: no probe {list} {case}"));
                }
                let mut loud = |probe: &&Probe| {
                    let findings = hosts.check(probe);
                    findings.iter().any(|finding| finding.severity == Severity::Error).then(|| told(probe, &findings))
                };
                wrong.extend(found.iter().filter_map(&mut loud));
            }
            How::Constant => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_rule_about_lists_serves_some_row() {
    let served: Vec<_> = ROWS.iter().flat_map(|row| if let How::Codes(codes) = row.how { codes } else { &[] }).collect();
    let about_lists = rules::all().filter(|rule| matches!(rule.check, Check::Listed(_) | Check::Supported(_)));
    let stray: Vec<_> = about_lists.map(|rule| rule.code).filter(|code| !served.contains(&code)).collect();
    assert!(stray.is_empty(), "{stray:?}");
}

//! Every fix mends: applied, its finding is gone and no new error has come. All other bytes stay, since a fix is edits at places.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, missing_docs)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;
use virtlens::edit::apply;
use virtlens::finding::{Finding, Fix, Severity};
use virtlens::{Options, Workspace, explain, rules};

/// How many errors there are of each code.
fn errors(findings: &[Finding]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.severity == Severity::Error) {
        *counts.entry(finding.code).or_insert(0) += 1;
    }
    counts
}

/// What is wrong with a fix of `finding`, if anything is.
fn fault(workspace: &Workspace, xml: &str, findings: &[Finding], finding: &Finding, fix: &Fix) -> Option<String> {
    let mut at = 0;
    for edit in &fix.edits {
        if edit.span.start < at || edit.span.end < edit.span.start || xml.get(edit.span.start..edit.span.end).is_none() {
            return Some("its edits are not disjoint, in order and inside the text".to_owned());
        }
        at = edit.span.end;
    }
    let after = workspace.check(&apply(xml, &fix.edits), None).findings;
    let same = |findings: &[Finding]| findings.iter().filter(|one| one.code == finding.code && one.message == finding.message).count();
    if same(&after) >= same(findings) {
        return Some("the finding stays".to_owned());
    }
    let before = errors(findings);
    let new: Vec<_> =
        errors(&after).into_iter().filter(|(code, count)| before.get(code).unwrap_or(&0) < count).map(|(code, _)| code).collect();
    // until the type of the domain can be read, nobody knows what its driver would refuse
    let opens = xml.find("<domain").and_then(|at| Some(at + xml.get(at..)?.find('>')?)).is_some_and(|end| finding.span.end <= end);
    (!new.is_empty() && !opens).then(|| format!("new: {}", new.join(", ")))
}

/// The faults of all fixes for a domain, a line each, and the codes whose fixes were tried.
fn faults(workspace: &Workspace, name: &str, xml: &str, tried: &mut BTreeSet<&'static str>) -> Vec<String> {
    let findings = workspace.check(xml, None).findings;
    let mut faults = Vec::new();
    for finding in &findings {
        for fix in &finding.fixes {
            tried.insert(finding.code);
            if let Some(fault) = fault(workspace, xml, &findings, finding, fix) {
                faults.push(format!("{name}: {}: {}: {fault}", finding.code, fix.title));
            }
        }
    }
    faults
}

#[test]
fn a_fix_of_an_example_mends_it() {
    let (mut found, mut tried) = (Vec::new(), BTreeSet::new());
    for rule in rules::all() {
        for example in explain::page(rule.code).expect("each code has a page").examples {
            found.extend(faults(&support::example_host(&example.words), rule.code, &example.xml, &mut tried));
        }
    }
    assert!(found.is_empty(), "{} of them:\n{}", found.len(), found.join("\n"));
    assert!(tried.len() > 50, "only {} codes have fixes in their examples", tried.len());
}

#[test]
fn a_fix_of_a_domain_of_the_corpus_mends_it() {
    let corpus = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/corpus"));
    if !corpus.exists() {
        println!("the corpus is not beside the project: its fixes are not tried");
        return;
    }
    let (mut hosts, mut refused) = (BTreeMap::new(), BTreeSet::new());
    let (mut found, mut tried) = (Vec::new(), BTreeSet::new());
    for (list, key) in [("domains.jsonl", "input"), ("mutants.jsonl", "file"), ("real.jsonl", "file")] {
        for line in std::fs::read_to_string(corpus.join(list)).expect("a list of the corpus").lines() {
            let row: Value = serde_json::from_str(line).expect("a row of JSON");
            if row["expect"].as_str().is_some_and(|verdict| verdict != "ok") {
                refused.insert(row[key].as_str().unwrap_or("").to_owned());
            }
            // once the planted fault is mended, what libvirt refuses in its source comes to light
            if row["source"].as_str().is_some_and(|source| refused.contains(source)) {
                continue;
            }
            let Some(Ok(xml)) = row[key].as_str().map(|path| std::fs::read_to_string(corpus.join(path))) else { continue };
            let document =
                row["domcaps"].as_str().filter(|_| matches!(row["domcaps_match"].as_str(), Some("exact" | "family"))).unwrap_or("");
            let workspace = hosts.entry(document.to_owned()).or_insert_with(|| host(&corpus.join(document)));
            found.extend(faults(workspace, row[key].as_str().unwrap_or(""), &xml, &mut tried));
        }
    }
    assert!(found.is_empty(), "{} of them:\n{}", found.len(), found.join("\n"));
}

/// A host with that document, or with none.
fn host(path: &Path) -> Workspace {
    let mut workspace = Workspace::new(Options::default());
    if let (true, Ok(text)) = (path.is_file(), std::fs::read_to_string(path)) {
        workspace.add_document("domcaps.xml", text, None).expect("a document of the corpus");
    }
    workspace
}

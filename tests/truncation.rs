//! A text may break off anywhere, and lack any part, as it does under the hand that types it: it gets a report all the same, within
//! the limit.
#![allow(clippy::panic, clippy::string_slice, reason = "a test")]

mod support;

use std::collections::BTreeMap;

use support::{DOMAINS, domain};
use virtlens::edit::{apply, remove, remove_attribute};
use virtlens::finding::TextEdit;
use virtlens::text::Limits;
use virtlens::xml::{Document, Node};
use virtlens::{Options, Workspace, explain, rules};

/// How many examples of the pages go with them.
const EXAMPLES: usize = 40;

/// The good examples of the pages, evenly chosen, each with its host.
fn examples() -> Vec<(&'static str, String)> {
    let all: Vec<_> = rules::all()
        .filter_map(|rule| explain::page(rule.code))
        .flat_map(|page| page.examples)
        .filter(|example| !example.bad)
        .map(|example| (example.words.iter().find_map(|word| word.strip_prefix("host=")).unwrap_or("none"), example.xml))
        .collect();
    let step = all.len().div_ceil(EXAMPLES).max(1);
    all.into_iter().step_by(step).collect()
}

/// A report within the limit, with places inside the text.
fn check(workspace: &Workspace, name: &str, text: &str) {
    let report = workspace.check(text, None);
    assert!(report.findings.len() <= Limits::default().findings + 1, "{name}: {} findings in {text}", report.findings.len());
    for finding in &report.findings {
        assert!(text.get(finding.span.start..finding.span.end).is_some(), "{name}: {} lies outside of {text}", finding.code);
        for edit in finding.fixes.iter().flat_map(|fix| &fix.edits) {
            assert!(text.get(edit.span.start..edit.span.end).is_some(), "{name}: {} edits outside of {text}", finding.code);
        }
    }
}

/// Every prefix: one that ends between two characters, whatever else it tears apart.
fn check_prefixes(workspace: &Workspace, name: &str, text: &str) {
    for (at, _) in text.char_indices() {
        check(workspace, name, &text[..at]);
    }
}

/// The ways to take one element or one attribute away.
fn lacks(node: Node, edits: &mut Vec<TextEdit>) {
    edits.extend(node.attrs().map(|attr| remove_attribute(node, &attr)));
    for child in node.elements() {
        edits.push(remove(child));
        lacks(child, edits);
    }
}

#[test]
fn every_prefix_of_a_domain_has_a_report() {
    for (name, host) in DOMAINS {
        check_prefixes(&support::host(host), name, &domain(name));
    }
}

#[test]
fn every_prefix_of_an_example_has_a_report() {
    let mut hosts = BTreeMap::new();
    for (at, (host, xml)) in examples().into_iter().enumerate() {
        let workspace = hosts.entry(host).or_insert_with(|| support::host(host));
        check_prefixes(workspace, &format!("example {at} for {host}"), &xml);
    }
}

#[test]
fn a_domain_that_lacks_one_part_has_a_report() {
    for (name, host) in DOMAINS {
        let (workspace, text) = (support::host(host), domain(name));
        let mut edits = Vec::new();
        lacks(Document::parse(&text).expect("a whole domain").root(), &mut edits);
        for edit in edits {
            check(&workspace, name, &apply(&text, &[edit]));
        }
    }
}

#[test]
fn the_whole_of_a_domain_raises_no_error() {
    for (name, host) in DOMAINS {
        let report = support::host(host).check(&domain(name), None);
        let codes: Vec<_> = report.findings.iter().map(|finding| (finding.code, &finding.message)).collect();
        assert_eq!(report.counts.error, 0, "{name}: {codes:?}");
    }
}

#[test]
fn a_torn_capability_document_is_refused_and_nothing_is_lost() {
    for name in ["9.0.0:kvm-q35", "ppc64"] {
        let mut workspace = support::host_with(name, Options::default());
        let texts: Vec<_> = workspace.documents().iter().map(|document| document.text.clone()).collect();
        for text in &texts {
            for (at, _) in text.char_indices().step_by(293) {
                if workspace.add_document("torn.xml", text[..at].to_owned(), None).is_ok() {
                    workspace.remove_document("torn.xml");
                }
                assert_eq!(workspace.documents().len(), texts.len(), "{name}: torn at {at}");
            }
        }
    }
}

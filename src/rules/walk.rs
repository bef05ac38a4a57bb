//! One walk of the tree. A node's rules are found by stepping down a trie of the `on` paths, built once a process.

use std::sync::OnceLock;

use super::refused::refused;
use super::{Check, Facts, Findings, Need, Rule, all};
use crate::finding::Finding;
use crate::xml::Node;

/// What was not checked for want of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// What is missing.
    pub need: Need,
    /// The codes that need it.
    pub codes: Vec<&'static str>,
}

#[derive(Debug, Default)]
struct Step {
    name: &'static str,
    next: Vec<usize>,
    rules: Vec<&'static Rule>,
}

fn trie() -> &'static [Step] {
    static TRIE: OnceLock<Vec<Step>> = OnceLock::new();
    TRIE.get_or_init(|| {
        let mut steps = vec![Step::default()];
        for (rule, path) in all().flat_map(|rule| rule.on.iter().map(move |path| (rule, path))) {
            let at = path.split('/').fold(0, |at, name| enter(&mut steps, at, name));
            steps.get_mut(at).into_iter().for_each(|step| step.rules.push(rule));
        }
        steps
    })
}

fn enter(steps: &mut Vec<Step>, at: usize, name: &'static str) -> usize {
    if let Some(found) = step_to(steps, at, name) {
        return found;
    }
    let new = steps.len();
    steps.push(Step { name, ..Step::default() });
    steps.get_mut(at).into_iter().for_each(|step| step.next.push(new));
    new
}

fn step_to(steps: &[Step], at: usize, name: &str) -> Option<usize> {
    steps.get(at)?.next.iter().copied().find(|next| steps.get(*next).is_some_and(|step| step.name == name))
}

/// Hands every element to its rules, in document order.
#[must_use]
pub fn walk(facts: &Facts, off: &dyn Fn(&str) -> bool) -> (Vec<Finding>, Vec<Skipped>) {
    let steps = trie();
    let mut findings = Findings::new();
    if let Some(start) = step_to(steps, 0, facts.subject.root.name()) {
        visit(steps, start, facts.subject.root, facts, off, &mut findings);
    }
    (findings.into_list(), skipped(facts))
}

/// Only elements that a path leads to are entered, so the depth is that of the longest path.
fn visit(steps: &[Step], at: usize, node: Node, facts: &Facts, off: &dyn Fn(&str) -> bool, findings: &mut Findings) {
    let Some(step) = steps.get(at) else { return };
    for rule in &step.rules {
        if rule.needs.iter().all(|need| has(facts, *need)) && !off(rule.code) {
            findings.begin(rule);
            match &rule.check {
                Check::Function(check) => check(facts, node, findings),
                Check::Listed(listed) => listed.check(facts, node, findings),
                Check::Supported(supported) => supported.check(facts, node, findings),
                Check::Refused(rows) => refused(rows, facts, node, findings),
                Check::Reader | Check::Table => {}
            }
        }
    }
    if step.next.is_empty() {
        return;
    }
    for child in node.elements().filter(|child| child.namespace().is_none()) {
        if let Some(next) = step_to(steps, at, child.name()) {
            visit(steps, next, child, facts, off, findings);
        }
    }
}

fn has(facts: &Facts, need: Need) -> bool {
    match need {
        Need::DomainCapabilities => facts.sources.domain_caps.is_some(),
        Need::EmulatorCapabilities => facts.binary().next().is_some(),
        Need::Capabilities => facts.sources.host_caps.is_some(),
        Need::Versions => facts.sources.versions.libvirt.given,
    }
}

/// Told once for each thing missing: all codes that need it, whether or not the domain has such an element.
fn skipped(facts: &Facts) -> Vec<Skipped> {
    const DOCUMENTS: [&[Need]; 3] = [&[Need::DomainCapabilities, Need::EmulatorCapabilities], &[Need::Capabilities], &[Need::Versions]];
    let codes =
        |missing: &[Need]| all().filter(|rule| rule.needs.iter().any(|need| missing.contains(need))).map(|rule| rule.code).collect();
    DOCUMENTS
        .iter()
        .filter_map(|needs| {
            let missing: Vec<Need> = needs.iter().copied().filter(|need| !has(facts, *need)).collect();
            Some(Skipped { need: *missing.first()?, codes: codes(&missing) })
        })
        .filter(|skipped| !skipped.codes.is_empty())
        .collect()
}

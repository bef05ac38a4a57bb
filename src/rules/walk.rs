//! One walk of the tree. A node's rules are found by stepping down a trie of the `on` paths, built once a process.

use std::sync::OnceLock;

use super::only::Only;
use super::refused::refused;
use super::{Check, Facts, Findings, Look, Need, Rule, all};
use crate::finding::Finding;
use crate::text::{Mark, index, indexed};
use crate::xml::Node;

/// What was not checked for want of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// What is missing.
    pub need: Need,
    /// The codes that need it.
    pub codes: &'static [&'static str],
}

/// An element that a path leads on to.
#[derive(Debug)]
struct Next {
    mark: Mark,
    name: &'static str,
    at: usize,
}

/// The rules at one path, and the paths below it.
#[derive(Debug, Default)]
struct Step {
    next: Vec<Next>,
    /// Where to find which of them.
    index: Vec<u8>,
    rules: Vec<Looking>,
    /// Those that look on a condition.
    only: Vec<(Only, Vec<Looking>)>,
}

impl Step {
    fn add(&mut self, rule: &'static Rule, only: Option<Only>) {
        let looking = Looking::of(rule);
        let Some(only) = only else { return self.rules.push(looking) };
        match self.only.iter_mut().find(|(known, _)| *known == only) {
            Some((_, rules)) => rules.push(looking),
            None => self.only.push((only, vec![looking])),
        }
    }

    fn to(&self, mark: Mark, name: &str) -> Option<usize> {
        let mut nexts = indexed(&self.index, mark).filter_map(|place| self.next.get(place));
        nexts.find(|next| next.mark.is(next.name, mark, name)).map(|next| next.at)
    }
}

/// What the walk asks of a rule for every element; side by side, for the rules themselves lie far apart.
#[derive(Debug, Clone, Copy)]
struct Looking {
    rule: &'static Rule,
    /// Where it is a function.
    look: Option<Look>,
    /// What it cannot judge without.
    needs: Needs,
}

impl Looking {
    fn of(rule: &'static Rule) -> Self {
        let look = if let Check::Function(look) = rule.check { Some(look) } else { None };
        Self { rule, look, needs: Needs::of(rule.needs.iter().copied()) }
    }
}

fn trie() -> &'static [Step] {
    static TRIE: OnceLock<Vec<Step>> = OnceLock::new();
    TRIE.get_or_init(|| {
        let mut steps = vec![Step::default()];
        for (rule, path) in all().flat_map(|rule| rule.on.iter().map(move |path| (rule, path))) {
            let (path, only) = Only::split(path);
            let at = path.split('/').fold(0, |at, name| enter(&mut steps, at, name));
            steps.get_mut(at).into_iter().for_each(|step| step.add(rule, only));
        }
        steps
    })
}

fn enter(steps: &mut Vec<Step>, at: usize, name: &'static str) -> usize {
    let new = steps.len();
    let Some(step) = steps.get_mut(at) else { return new };
    let mark = Mark::of(name);
    if let Some(found) = step.to(mark, name) {
        return found;
    }
    step.next.push(Next { mark, name, at: new });
    step.index = index(step.next.iter().map(|next| next.mark));
    steps.push(Step::default());
    new
}

/// A set of [`Need`]s.
#[derive(Debug, Clone, Copy)]
struct Needs(u8);

impl Needs {
    fn of(needs: impl Iterator<Item = Need>) -> Self {
        Self(needs.fold(0, |set, need| set | 1 << need as u8))
    }

    fn within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// Hands every element to its rules, in document order; those whose codes are `off` do not look.
#[must_use]
pub fn walk(facts: &Facts, off: &[&str]) -> (Vec<Finding>, Vec<Skipped>) {
    let steps = trie();
    let met = Needs::of(Need::ALL.into_iter().filter(|need| has(facts, *need)));
    let mut walk = Walk { steps, facts, met, off, findings: Findings::new() };
    if let Some(start) = steps.first().and_then(|step| step.to(facts.subject.root.mark(), facts.subject.root.name())) {
        walk.visit(start, facts.subject.root);
    }
    (walk.findings.into_list(), skipped(facts))
}

struct Walk<'a, 'f> {
    steps: &'static [Step],
    facts: &'f Facts<'a>,
    met: Needs,
    off: &'f [&'f str],
    findings: Findings,
}

impl Walk<'_, '_> {
    /// Only elements that a path leads to are entered, so the depth is that of the longest path.
    fn visit(&mut self, at: usize, node: Node) {
        let Some(step) = self.steps.get(at) else { return };
        self.look(&step.rules, node);
        for (only, rules) in &step.only {
            if only.holds(self.facts, node) {
                self.look(rules, node);
            }
        }
        if step.next.is_empty() {
            return;
        }
        for child in node.elements() {
            if let Some(next) = step.to(child.mark(), child.name()) {
                self.visit(next, child);
            }
        }
    }

    fn look(&mut self, rules: &[Looking], node: Node) {
        for Looking { rule, look, needs } in rules {
            if needs.within(self.met) && !self.off.contains(&rule.code) {
                self.findings.begin(rule);
                match (look, &rule.check) {
                    (Some(look), _) => look(self.facts, node, &mut self.findings),
                    (_, Check::Listed(listed)) => listed.check(self.facts, node, &mut self.findings),
                    (_, Check::Supported(supported)) => supported.check(self.facts, node, &mut self.findings),
                    (_, Check::Refused(rows)) => {
                        refused(rows, self.facts, node, &mut self.findings);
                    }
                    (_, Check::Function(_) | Check::Reader | Check::Table) => {}
                }
            }
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
    DOCUMENTS
        .iter()
        .filter_map(|needs| {
            let missing: Vec<Need> = needs.iter().copied().filter(|need| !has(facts, *need)).collect();
            Some(Skipped { need: *missing.first()?, codes: needing(Needs::of(missing.into_iter())) })
        })
        .filter(|skipped| !skipped.codes.is_empty())
        .collect()
}

/// The codes that need one of these; gathered once a process.
fn needing(missing: Needs) -> &'static [&'static str] {
    static CODES: [OnceLock<Vec<&'static str>>; 1 << Need::ALL.len()] = [const { OnceLock::new() }; _];
    let codes = || all().filter(|rule| Needs::of(rule.needs.iter().copied()).meets(missing)).map(|rule| rule.code).collect();
    CODES.get(usize::from(missing.0)).map_or(&[], |kept| kept.get_or_init(codes))
}

//! A domain on every host of which documents are loaded.

use std::collections::BTreeMap;

use super::Workspace;
use super::common::common;
use super::pairs::{Pairs, Side, held, refused};
use crate::caps::{Fit, Sources, Subject, Versions, choose_among};
use crate::cpu::map::{X86Map, built_in};
use crate::cpu::{Startable, Trace, resolve};
use crate::finding::{Certainty, DocumentId, Finding, Phase, Severity};
use crate::report::{CpuSummary, HostsReport, OnHost, Pair, Verdict, startable};
use crate::rules::{self, Facts};
use crate::text::{LineIndex, plural};
use crate::xml;

impl Workspace {
    /// Up to so many hosts, all pairs of them are answered; of more, only those of the host asked for, since their number grows
    /// with the square of that of the hosts.
    pub const PAIRED: usize = 32;

    /// What becomes of a domain on each host of which documents are loaded, and of a running guest between each two, or from the
    /// host `from` to each other. The text is parsed once; codes that are switched off do not count, and no other severity that was
    /// set does: whether libvirt refuses is no matter of taste.
    ///
    /// # Errors
    /// The one finding that says why the text is no domain.
    pub fn hosts(&self, text: &str, from: Option<&str>) -> Result<HostsReport, Box<Finding>> {
        let document = xml::read(text, &self.options.limits)?;
        if let Some(finding) = rules::wrong_root(document.root()) {
            return Err(Box::new(finding));
        }
        let subject = Subject::of(document.root());
        let mut structure = Structure::default();
        let sides: Vec<Side> = self.by_host().iter().map(|(host, own)| self.side(subject, host, own, &mut structure)).collect();
        let map = self.map(None).unwrap_or_else(|_| built_in());
        let (pairs, unpaired) = pairs(&sides, from, &map.x86);
        let common = common(&sides, map);
        let hosts = sides.into_iter().map(|side| side.answer).collect();
        Ok(HostsReport { hosts, pairs, unpaired, common, lines: LineIndex::new(text) })
    }

    fn side<'a>(&'a self, subject: Subject<'a>, host: &str, own: &[DocumentId], structure: &mut Structure) -> Side<'a> {
        let facts = self.facts(subject, own);
        let (mut findings, _) = rules::walk(&facts, &self.off());
        findings.extend(structure.stops(&facts).iter().cloned());
        let findings = self.ordered(findings);
        let summary = CpuSummary::of(&facts.cpu, startable(&facts.cpu, &findings), &findings);
        let answer = OnHost::of(host, verdict(&facts, &summary, &findings), summary, &facts.cpu);
        let (refused, held) = (refused(&findings), held(&facts, &findings));
        Side { answer, facts, refused, held }
    }

    fn facts<'a>(&'a self, subject: Subject<'a>, own: &[DocumentId]) -> Facts<'a> {
        let choice = choose_among(&subject, &self.documents, own, self.given());
        let sources = Sources::of(&choice, &self.documents);
        let cpu = resolve(&subject, &sources, self.own_map(choice.host.as_deref()), &mut Trace::off());
        Facts::of(subject, sources, cpu)
    }

    /// The hosts in the order in which their first document was added, each with its documents in the order of adding.
    fn by_host(&self) -> Vec<(&str, Vec<DocumentId>)> {
        let mut places = BTreeMap::new();
        let mut hosts: Vec<(&str, Vec<DocumentId>)> = Vec::new();
        for (at, document) in self.documents.iter().enumerate() {
            let place = *places.entry(document.host.as_str()).or_insert(hosts.len());
            match hosts.get_mut(place) {
                Some((_, own)) => own.push(DocumentId(at)),
                None => hosts.push((&document.host, vec![DocumentId(at)])),
            }
        }
        hosts
    }
}

/// The pairs that are answered, and how many are not.
fn pairs(sides: &[Side], from: Option<&str>, map: &X86Map) -> (Vec<Pair>, usize) {
    let all = sides.len() * sides.len().saturating_sub(1);
    let asked: Vec<usize> = match from {
        Some(from) => sides.iter().position(|side| side.answer.host == from).into_iter().collect(),
        None if sides.len() <= Workspace::PAIRED => (0..sides.len()).collect(),
        None => Vec::new(),
    };
    if asked.is_empty() || all == 0 {
        return (Vec::new(), all);
    }
    let mut pairs = Pairs::new(sides, map);
    let others = asked.iter().flat_map(|from| (0..sides.len()).filter(move |to| to != from).map(|to| (*from, to)));
    let answered: Vec<Pair> = others.filter_map(|(from, to)| pairs.pair(from, to)).collect();
    let unpaired = all - answered.len();
    (answered, unpaired)
}

/// What the structure alone makes libvirt refuse, which hangs on the versions and on nothing else of a host.
#[derive(Debug, Default)]
struct Structure {
    known: Vec<(Versions, Vec<Finding>)>,
}

impl Structure {
    fn stops(&mut self, facts: &Facts) -> &[Finding] {
        let versions = facts.sources.versions;
        let place = self.known.iter().position(|(known, _)| *known == versions);
        let place = place.unwrap_or_else(|| {
            let mut findings = rules::check_structure(facts.subject.root, &versions);
            findings.retain(speaks);
            self.known.push((versions, findings));
            self.known.len() - 1
        });
        self.known.get(place).map_or(&[], |(_, findings)| findings)
    }
}

/// True where it is about a define or a start, and not a mere remark.
fn speaks(finding: &Finding) -> bool {
    matches!(finding.phase, Phase::Define | Phase::Start) && finding.severity <= Severity::Warning
}

fn verdict(facts: &Facts, cpu: &CpuSummary, findings: &[Finding]) -> Verdict {
    let stops = || findings.iter().filter(|finding| speaks(finding) && finding.severity == Severity::Error);
    let unsure = findings.iter().find(|finding| speaks(finding) && finding.certainty == Certainty::Likely);
    let codes: Vec<_> = stops().map(|finding| finding.code).collect();
    let (startable, why) = match (stops().next(), cpu.startable) {
        (Some(first), _) => (Startable::No, Some(refusal(first, codes.len()))),
        (None, Startable::No) => (Startable::No, Some("its CPU does not start here".to_owned())),
        (None, _) if facts.sources.domain_caps.is_none() => (Startable::Unknown, Some(unfit(facts))),
        (None, _) if unsure.is_some() => (Startable::Unknown, unsure.map(|finding| format!("likely: {}", finding.message))),
        (None, _) if facts.sources.fit == Some(Fit::Family) && facts.sources.host_caps.is_none() => {
            (Startable::Unknown, Some("no document of this host tells whether it knows the machine".to_owned()))
        }
        (None, Startable::Unknown) => (Startable::Unknown, Some("the documents do not decide whether its CPU starts here".to_owned())),
        (None, Startable::Yes) => (Startable::Yes, None),
    };
    Verdict { startable, why, codes }
}

fn refusal(first: &Finding, count: usize) -> String {
    let when = if first.phase == Phase::Define { "refused at define" } else { "does not start" };
    let others = if count > 1 { format!(" (and {})", plural(count - 1, "more reason")) } else { String::new() };
    format!("{when}: {}{others}", first.message)
}

fn unfit(facts: &Facts) -> String {
    let wanted = facts.sources.wanted.as_ref().map(|command| format!(": `{command}` prints them")).unwrap_or_default();
    format!("no domain capabilities of this host that fit are loaded{wanted}")
}

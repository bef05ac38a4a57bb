//! The façade: documents once loaded, and questions about a domain XML. Plain data in and out.

mod chosen;
mod common;
mod cpus;
mod hosts;
mod pairs;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::assist::{self, Host};
use crate::caps::{Choice, LoadError, Loaded, Range, Sources, Subject, Version, Versions, decode, load};
use crate::cpu::{Resolved, Trace, resolve};
use crate::finding::{DocumentId, Finding, Severity, Wording};
use crate::report::{Completions, Counts, CpuFeature, CpuReport, CpuSummary, DocumentUse, HoverReport, Report, startable};
use crate::rules::{self, Facts, Skipped};
use crate::text::{Limits, LineIndex, sort_by};
use crate::xml::{self, Cursor};

pub use cpus::{BaselineOptions, Update};

/// Settings of a [`Workspace`].
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// libvirt's version, where known.
    pub libvirt: Option<Version>,
    /// QEMU's version, where known.
    pub qemu: Option<Version>,
    /// Severities by code; none switches the code off.
    pub severity: BTreeMap<String, Option<Severity>>,
    /// Limits of texts and reports.
    pub limits: Limits,
}

/// Documents of one or more hosts, and what they say about domains.
#[derive(Debug, Default)]
pub struct Workspace {
    options: Options,
    documents: Vec<Loaded>,
    maps: cpus::Maps,
    chosen: chosen::Chosen,
}

impl Workspace {
    /// The host of documents for which none is named.
    pub const HOST: &str = "host";

    /// An empty workspace.
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { options, ..Self::default() }
    }

    /// The documents, in the order of adding.
    #[must_use]
    pub fn documents(&self) -> &[Loaded] {
        &self.documents
    }

    /// Adds a document; one of the same name makes room for it.
    ///
    /// # Errors
    /// Where the text is no document that is read, with the place; nothing loaded before is lost.
    pub fn add_document(&mut self, name: &str, text: String, host: Option<&str>) -> Result<&Loaded, LoadError> {
        let host = host.unwrap_or(Self::HOST);
        let loaded = match self.documents.iter().find(|document| document.text == text) {
            Some(equal) => equal.again(name, host),
            None => load(name, host, text, &self.options.limits)?,
        };
        self.documents.retain(|document| document.name != name);
        self.forget();
        Ok(self.documents.push_mut(loaded))
    }

    /// Adds a document from the bytes of a file, which must be UTF-8.
    ///
    /// # Errors
    /// As [`add_document`](Self::add_document), and where the bytes are no UTF-8.
    pub fn add_bytes(&mut self, name: &str, bytes: &[u8], host: Option<&str>) -> Result<&Loaded, LoadError> {
        let text = decode(bytes)?.to_owned();
        self.add_document(name, text, host)
    }

    /// Removes the document of that name; false where there is none.
    pub fn remove_document(&mut self, name: &str) -> bool {
        let before = self.documents.len();
        self.documents.retain(|document| document.name != name);
        self.forget();
        self.documents.len() < before
    }

    /// The documents have changed: what was made of them is made anew.
    fn forget(&mut self) {
        self.maps = cpus::Maps::default();
        self.chosen = chosen::Chosen::default();
    }

    /// Judges a domain XML, by the documents of `host` or of the host of the document added last.
    #[must_use]
    pub fn check(&self, text: &str, host: Option<&str>) -> Report {
        match self.judge(text, host, &mut Trace::off(), |_, _| ()) {
            Ok(judged) => Report {
                counts: Counts::of(&judged.findings),
                findings: self.limited(judged.findings),
                skipped: judged.skipped,
                documents: uses(&judged.choice),
                cpu: Some(judged.cpu),
                lines: LineIndex::new(text),
            },
            Err(finding) => {
                let findings = self.graded(self.ordered(vec![*finding]));
                let idle = |at| DocumentUse { document: DocumentId(at), used: false, reason: "there is no domain to judge".into() };
                let documents = (0..self.documents.len()).map(idle).collect();
                Report {
                    counts: Counts::of(&findings),
                    findings: self.limited(findings),
                    skipped: Vec::new(),
                    documents,
                    cpu: None,
                    lines: LineIndex::new(text),
                }
            }
        }
    }

    /// Resolves the CPU of a domain XML.
    ///
    /// # Errors
    /// The one finding that says why the text is no domain.
    pub fn resolve_cpu(&self, text: &str, host: Option<&str>) -> Result<CpuReport, Box<Finding>> {
        let mut trace = Trace::on();
        let judged = self.judge(text, host, &mut trace, |subject, cpu| (CpuFeature::of(cpu), cpu.xml(subject)))?;
        let (summary, (features, xml)) = (judged.cpu, judged.answer);
        let findings = judged.findings.into_iter().filter(|finding| finding.is_about_cpu()).collect();
        Ok(CpuReport { summary, features, trace: trace.into_steps(), xml, findings, lines: LineIndex::new(text) })
    }

    /// What may stand at a place of a domain XML, however broken; `offset` counts UTF-16 code units.
    #[must_use]
    pub fn complete(&self, text: &str, offset: usize, host: Option<&str>) -> Completions {
        let lines = LineIndex::new(text);
        let mut items = Vec::new();
        self.assist(text, &lines, offset, host, &mut |cursor, host| items = assist::complete(cursor, host));
        Completions { items, lines }
    }

    /// What is known of what stands at a place of a domain XML, however broken; `offset` counts UTF-16 code units. None where that is
    /// nothing.
    #[must_use]
    pub fn hover(&self, text: &str, offset: usize, host: Option<&str>) -> Option<HoverReport> {
        let lines = LineIndex::new(text);
        let findings = self.check(text, host).findings;
        let mut told = None;
        self.assist(text, &lines, offset, host, &mut |cursor, host| told = assist::hover(cursor, host, &findings));
        told.map(|hover| HoverReport { hover, lines })
    }

    /// Asks about a place, by the documents that speak for as much of the domain as can be made out; not of a text over a limit.
    fn assist(&self, text: &str, lines: &LineIndex, offset: usize, host: Option<&str>, ask: &mut dyn FnMut(&Cursor, &Host)) {
        if xml::exceeded(text, &self.options.limits).is_some() {
            return;
        }
        let cursor = Cursor::new(text, lines.byte(offset));
        let skeleton = assist::skeleton(&cursor.outline);
        let Ok(document) = xml::Document::parse(&skeleton) else { return };
        let subject = Subject::of(document.root());
        let choice = self.chosen.choose(&subject, &self.documents, host, self.given());
        let sources = Sources::of(&choice, &self.documents);
        let cpu = resolve(&subject, &sources, self.own_map(choice.host.as_deref()), &mut Trace::off());
        let facts = Facts::of(subject, sources, cpu);
        let names: Vec<&str> = self.documents.iter().map(|document| document.name.as_str()).collect();
        ask(&cursor, &Host { facts: &facts, names: &names });
    }

    fn judge<T>(
        &self,
        text: &str,
        host: Option<&str>,
        trace: &mut Trace,
        answer: impl FnOnce(&Subject, &Resolved) -> T,
    ) -> Result<Judged<T>, Box<Finding>> {
        let document = xml::read(text, &self.options.limits)?;
        if let Some(finding) = rules::wrong_root(document.root()) {
            return Err(Box::new(finding));
        }
        let subject = Subject::of(document.root());
        let choice = self.chosen.choose(&subject, &self.documents, host, self.given());
        let sources = Sources::of(&choice, &self.documents);
        let cpu = resolve(&subject, &sources, self.own_map(choice.host.as_deref()), trace);
        let facts = Facts::of(subject, sources, cpu);
        let structure = rules::check_structure(facts.subject.root, &facts.sources.versions);
        let (mut findings, skipped) = rules::walk(&facts, &self.off());
        findings.extend(structure);
        let findings = self.ordered(findings);
        let startable = startable(&facts.cpu, &findings);
        let findings = rules::told_once(findings);
        let cpu = CpuSummary::of(&facts.cpu, startable, &findings);
        let answer = answer(&facts.subject, &facts.cpu);
        Ok(Judged { findings: self.graded(findings), skipped, cpu, answer, choice })
    }

    /// The codes that are switched off.
    fn off(&self) -> Vec<&str> {
        self.options.severity.iter().filter(|(_, severity)| severity.is_none()).map(|(code, _)| code.as_str()).collect()
    }

    fn is_off(&self, code: &str) -> bool {
        self.options.severity.get(code).is_some_and(Option::is_none)
    }

    fn given(&self) -> Versions {
        let range = |version: Option<Version>| version.map(Range::exactly).unwrap_or_default();
        Versions { libvirt: range(self.options.libvirt), qemu: range(self.options.qemu) }
    }

    /// In the order of their places, without those of codes that are switched off.
    fn ordered(&self, mut findings: Vec<Finding>) -> Vec<Finding> {
        findings.retain(|finding| !self.is_off(finding.code));
        sort_by(&mut findings, |a, b| (a.span, a.code).cmp(&(b.span, b.code)));
        findings
    }

    /// With the severities that were set. What libvirt refuses is told from the findings before: it is no matter of taste.
    fn graded(&self, mut findings: Vec<Finding>) -> Vec<Finding> {
        for finding in &mut findings {
            if let Some(Some(severity)) = self.options.severity.get(finding.code) {
                finding.severity = *severity;
            }
        }
        findings
    }

    /// The most severe, then the first, as many as the limit allows; the others as one finding that counts them.
    fn limited(&self, mut findings: Vec<Finding>) -> Vec<Finding> {
        let limit = self.options.limits.findings;
        if findings.len() <= limit {
            return findings;
        }
        sort_by(&mut findings, |a, b| (a.severity, a.span, a.code).cmp(&(b.severity, b.span, b.code)));
        let rest = findings.split_off(limit);
        findings.extend(rules::more_findings(&rest));
        sort_by(&mut findings, |a, b| (a.span, a.code).cmp(&(b.span, b.code)));
        findings
    }
}

struct Judged<T> {
    findings: Vec<Finding>,
    skipped: Vec<Skipped>,
    cpu: CpuSummary,
    answer: T,
    choice: Arc<Choice>,
}

fn uses(choice: &Choice) -> Vec<DocumentUse> {
    let used =
        |(at, (used, reason)): (usize, &(bool, Wording))| DocumentUse { document: DocumentId(at), used: *used, reason: reason.clone() };
    choice.uses.iter().enumerate().map(used).collect()
}

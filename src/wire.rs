//! The shapes in which answers leave: JSON, a JavaScript object. Their keys are those of `types.d.ts`; a test holds them equal.

use serde::Serialize;

use crate::caps::{LoadError, Loaded};
use crate::finding::{DocumentId, Finding};
use crate::report::{self, CpuReport, CpuSummary, DocumentUse};
use crate::rules::Need;
use crate::text::{self, LineIndex, Span};

/// A place, UTF-16.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Position {
    offset: u32,
    line: u32,
    column: u32,
}

/// A range, its end exclusive.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Range {
    start: Position,
    end: Position,
}

impl Range {
    /// The range of `span` in the text of `lines`.
    #[must_use]
    pub fn of(span: Span, lines: &LineIndex) -> Self {
        Self { start: lines.position(span.start).into(), end: lines.position(span.end).into() }
    }

    /// Line and column of its start, 1-based.
    #[must_use]
    pub fn start(&self) -> (u32, u32) {
        (self.start.line, self.start.column)
    }

    /// Line and column of its end, 1-based, exclusive.
    #[must_use]
    pub fn end(&self) -> (u32, u32) {
        (self.end.line, self.end.column)
    }
}

impl From<text::Position> for Position {
    fn from(position: text::Position) -> Self {
        // a text is at most some MiB, so that nothing is cut here
        let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Self { offset: small(position.offset), line: small(position.line), column: small(position.column) }
    }
}

/// A report.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    diagnostics: Vec<Diagnostic<'a>>,
    counts: Counts,
    skipped: Vec<Skipped<'a>>,
    documents: Vec<Document<'a>>,
    cpu: Option<Cpu<'a>>,
}

#[derive(Debug, Serialize)]
struct Counts {
    error: usize,
    warning: usize,
    info: usize,
    hint: usize,
}

/// A finding.
#[derive(Debug, Serialize)]
pub struct Diagnostic<'a> {
    code: &'static str,
    severity: &'static str,
    phase: &'static str,
    certainty: &'static str,
    message: &'a str,
    range: Range,
    related: Vec<Related<'a>>,
    evidence: Vec<Evidence<'a>>,
    fixes: Vec<Fix<'a>>,
    docs: &'static str,
}

#[derive(Debug, Serialize)]
struct Related<'a> {
    range: Range,
    message: &'a str,
}

#[derive(Debug, Serialize)]
struct Evidence<'a> {
    document: &'a str,
    range: Range,
    message: &'a str,
}

#[derive(Debug, Serialize)]
struct Fix<'a> {
    title: &'a str,
    effect: &'static str,
    edits: Vec<TextEdit<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TextEdit<'a> {
    range: Range,
    new_text: &'a str,
}

#[derive(Debug, Serialize)]
struct Skipped<'a> {
    needs: &'static str,
    codes: &'a [&'static str],
    message: &'static str,
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    name: &'a str,
    kind: &'static str,
    host: &'a str,
    used: bool,
    reason: &'a str,
}

#[derive(Debug, Serialize)]
struct Cpu<'a> {
    asked: &'static str,
    mode: &'static str,
    model: Option<&'a str>,
    vendor: Option<&'a str>,
    exact: bool,
    startable: &'static str,
    blockers: &'a [String],
    caveats: &'a [&'static str],
}

/// A resolved CPU with its features, trace and XML.
#[derive(Debug, Serialize)]
pub struct ResolvedCpu<'a> {
    #[serde(flatten)]
    summary: Cpu<'a>,
    features: Vec<Feature<'a>>,
    trace: &'a [String],
    xml: &'a str,
}

#[derive(Debug, Serialize)]
struct Feature<'a> {
    name: &'a str,
    policy: Option<&'static str>,
    origin: &'static str,
    running: Option<&'static str>,
    evidence: Option<Evidence<'a>>,
}

/// What adding a document answers.
#[derive(Debug, Serialize)]
pub struct Added<'a> {
    name: &'a str,
    kind: &'static str,
    host: &'a str,
    summary: String,
}

impl<'a> Added<'a> {
    /// Of the document just loaded.
    #[must_use]
    pub fn of(loaded: &'a Loaded) -> Self {
        Self { name: &loaded.name, kind: loaded.kind().word(), host: &loaded.host, summary: loaded.summary() }
    }
}

/// What could not be done.
#[derive(Debug, Serialize)]
pub struct Failure<'a> {
    code: &'a str,
    message: &'a str,
    document: Option<&'a str>,
    range: Option<Range>,
}

impl<'a> Failure<'a> {
    /// Of a document that was refused.
    #[must_use]
    pub fn document(name: &'a str, error: &'a LoadError) -> Self {
        let range = Some(Range { start: Position::from(error.start), end: Position::from(error.end) });
        Self { code: error.code, message: &error.message, document: Some(name), range }
    }

    /// Of a domain that is none.
    #[must_use]
    pub fn domain(finding: &'a Finding, text: &str) -> Self {
        let range = Some(Range::of(finding.span, &LineIndex::new(text)));
        Self { code: finding.code, message: &finding.message, document: None, range }
    }

    /// Of a call that makes no sense.
    #[must_use]
    pub fn usage(message: &'a str) -> Self {
        Self { code: "usage", message, document: None, range: None }
    }
}

impl<'a> Report<'a> {
    /// Of a report whose evidence lies in `documents`.
    #[must_use]
    pub fn of(report: &'a report::Report, documents: &'a [Loaded]) -> Self {
        let counts = report.counts;
        Self {
            diagnostics: diagnostics(&report.findings, &report.lines, documents),
            counts: Counts { error: counts.error, warning: counts.warning, info: counts.info, hint: counts.hint },
            skipped: report
                .skipped
                .iter()
                .map(|skipped| Skipped { needs: skipped.need.word(), codes: &skipped.codes, message: missing(skipped.need) })
                .collect(),
            documents: report.documents.iter().filter_map(|used| Document::of(used, documents)).collect(),
            cpu: report.cpu.as_ref().map(Cpu::of),
        }
    }
}

impl Report<'_> {
    /// How many codes were not checked for want of something, with what would tell.
    pub fn missing(&self) -> impl Iterator<Item = (usize, &'static str)> {
        self.skipped.iter().map(|skipped| (skipped.codes.len(), skipped.message))
    }
}

/// Findings as diagnostics; `lines` are those of the domain.
#[must_use]
pub fn diagnostics<'a>(findings: &'a [Finding], lines: &LineIndex, documents: &'a [Loaded]) -> Vec<Diagnostic<'a>> {
    findings.iter().map(|finding| Diagnostic::of(finding, lines, documents)).collect()
}

impl<'a> Diagnostic<'a> {
    fn of(finding: &'a Finding, lines: &LineIndex, documents: &'a [Loaded]) -> Self {
        Self {
            code: finding.code,
            severity: finding.severity.word(),
            phase: finding.phase.word(),
            certainty: finding.certainty.word(),
            message: &finding.message,
            range: Range::of(finding.span, lines),
            related: finding.related.iter().map(|other| Related { range: Range::of(other.span, lines), message: &other.message }).collect(),
            evidence: finding.evidence.iter().filter_map(|said| Evidence::of(said.document, said.span, &said.message, documents)).collect(),
            fixes: finding.fixes.iter().map(|fix| Fix::of(fix, lines)).collect(),
            docs: finding.docs,
        }
    }
}

impl<'a> Evidence<'a> {
    fn of(id: DocumentId, span: Span, message: &'a str, documents: &'a [Loaded]) -> Option<Self> {
        let document = documents.get(id.0)?;
        Some(Self { document: &document.name, range: Range::of(span, &document.lines), message })
    }
}

impl<'a> Fix<'a> {
    fn of(fix: &'a crate::finding::Fix, lines: &LineIndex) -> Self {
        let edits = fix.edits.iter().map(|edit| TextEdit { range: Range::of(edit.span, lines), new_text: &edit.new_text }).collect();
        Self { title: &fix.title, effect: fix.effect.word(), edits }
    }
}

impl<'a> Document<'a> {
    fn of(used: &'a DocumentUse, documents: &'a [Loaded]) -> Option<Self> {
        let document = documents.get(used.document.0)?;
        Some(Self { name: &document.name, kind: document.kind().word(), host: &document.host, used: used.used, reason: &used.reason })
    }
}

impl<'a> Cpu<'a> {
    fn of(cpu: &'a CpuSummary) -> Self {
        Self {
            asked: cpu.asked.word(),
            mode: cpu.mode.word(),
            model: cpu.model.as_deref(),
            vendor: cpu.vendor.as_deref(),
            exact: cpu.exact,
            startable: cpu.startable.word(),
            blockers: &cpu.blockers,
            caveats: &cpu.caveats,
        }
    }
}

impl<'a> ResolvedCpu<'a> {
    /// Of a resolved CPU whose evidence lies in `documents`.
    #[must_use]
    pub fn of(cpu: &'a CpuReport, documents: &'a [Loaded]) -> Self {
        let feature = |feature: &'a report::CpuFeature| Feature {
            name: &feature.name,
            policy: feature.policy.map(crate::caps::Policy::word),
            origin: feature.origin.word(),
            running: feature.running.map(|on| if on { "on" } else { "off" }),
            evidence: feature.evidence.and_then(|(id, span)| Evidence::of(id, span, &feature.name, documents)),
        };
        Self { summary: Cpu::of(&cpu.summary), features: cpu.features.iter().map(feature).collect(), trace: &cpu.trace, xml: &cpu.xml }
    }
}

/// The command that would tell what is missing.
fn missing(need: Need) -> &'static str {
    match need {
        Need::DomainCapabilities => "load what `virsh domcapabilities` prints for this domain's type, architecture and machine",
        Need::Capabilities => "load what `virsh capabilities` prints",
        Need::Versions => "load what `virsh version` prints, or give the versions",
    }
}

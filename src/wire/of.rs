//! The shapes, made of what the façade answers.

use super::{
    Counts, Cpu, Diagnostic, Document, Evidence, Feature, Fix, Range, Related, Report, ResolvedCpu, Skipped, TextEdit, Word, Words,
};
use crate::caps::Loaded;
use crate::finding::{DocumentId, Finding};
use crate::report::{self, CpuReport, CpuSummary, DocumentUse};
use crate::rules::Need;
use crate::text::{LineIndex, Span};

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
                .map(|skipped| Skipped {
                    needs: skipped.need.word().into(),
                    codes: Words(skipped.codes),
                    message: missing(skipped.need).into(),
                })
                .collect(),
            documents: report.documents.iter().filter_map(|used| Document::of(used, documents)).collect(),
            cpu: report.cpu.as_ref().map(Cpu::of),
        }
    }
}

impl Report<'_> {
    /// How many codes were not checked for want of something, with what would tell.
    pub fn missing(&self) -> impl Iterator<Item = (usize, &str)> {
        self.skipped.iter().map(|skipped| (skipped.codes.0.len(), skipped.message.text()))
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
            code: finding.code.into(),
            severity: finding.severity.word().into(),
            phase: finding.phase.word().into(),
            certainty: finding.certainty.word().into(),
            message: Word::said(&finding.message),
            range: Range::of(finding.span, lines),
            related: finding
                .related
                .iter()
                .map(|other| Related { range: Range::of(other.span, lines), message: Word::said(&other.message) })
                .collect(),
            evidence: finding
                .evidence
                .iter()
                .filter_map(|said| Evidence::of(said.document, said.span, Word::said(&said.message), documents))
                .collect(),
            fixes: finding.fixes.iter().map(|fix| Fix::of(fix, lines)).collect(),
            docs: Word::said(&finding.docs),
        }
    }
}

impl<'a> Evidence<'a> {
    fn of(id: DocumentId, span: Span, message: Word<'a>, documents: &'a [Loaded]) -> Option<Self> {
        let document = documents.get(id.0)?;
        Some(Self { document: Word::kept(&document.name), range: Range::of(span, &document.lines), message })
    }
}

impl<'a> Fix<'a> {
    pub(super) fn of(fix: &'a crate::finding::Fix, lines: &LineIndex) -> Self {
        let edits =
            fix.edits.iter().map(|edit| TextEdit { range: Range::of(edit.span, lines), new_text: Word::of(&edit.new_text) }).collect();
        Self { title: Word::said(&fix.title), effect: fix.effect.word().into(), edits }
    }
}

impl<'a> Document<'a> {
    fn of(used: &'a DocumentUse, documents: &'a [Loaded]) -> Option<Self> {
        let document = documents.get(used.document.0)?;
        Some(Self {
            name: Word::kept(&document.name),
            kind: document.kind().word().into(),
            host: Word::kept(&document.host),
            used: used.used,
            reason: Word::of(&used.reason),
        })
    }
}

impl<'a> Cpu<'a> {
    pub(super) fn of(cpu: &'a CpuSummary) -> Self {
        Self {
            asked: cpu.asked.word().into(),
            mode: cpu.mode.word().into(),
            model: cpu.model.as_deref(),
            vendor: cpu.vendor.as_deref(),
            exact: cpu.exact,
            startable: cpu.startable.word().into(),
            blockers: &cpu.blockers,
            caveats: Words(&cpu.caveats),
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
            evidence: feature.evidence.and_then(|(id, span)| Evidence::of(id, span, Word::loose(&feature.name), documents)),
        };
        Self { summary: Cpu::of(&cpu.summary), features: cpu.features.iter().map(feature).collect(), trace: &cpu.trace, xml: &cpu.xml }
    }
}

/// The command that would tell what is missing.
fn missing(need: Need) -> &'static str {
    match need {
        Need::DomainCapabilities | Need::EmulatorCapabilities => {
            "load what `virsh domcapabilities` prints for this domain's type, architecture and machine"
        }
        Need::Capabilities => "load what `virsh capabilities` prints",
        Need::Versions => "load what `virsh version` prints, or give the versions",
    }
}

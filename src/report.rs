//! What is answered: findings in the order of their places, what was not checked, the documents used, the CPU; help while writing.

mod computed;
mod hosts;

pub use computed::{ComputedCpu, CpuComparison, CpuError};

use crate::assist::{Hover, Item};
use crate::caps::Policy;
use crate::cpu::{CpuMode, Origin, Resolved, Startable};
use crate::finding::{Certainty, DocumentId, Finding, Phase, Severity, Wording};
use crate::rules::Skipped;
use crate::text::{LineIndex, Span};

pub(crate) use hosts::Verdict;
pub use hosts::{CommonCpu, HostsReport, OnHost, Pair, Restart};

/// The answer of [`Workspace::check`](crate::Workspace::check).
#[derive(Debug, Clone)]
pub struct Report {
    /// The findings: start, then end, then code.
    pub findings: Vec<Finding>,
    /// How many there are of each severity, those beyond the limit included.
    pub counts: Counts,
    /// What was not checked for want of a document.
    pub skipped: Vec<Skipped>,
    /// The documents, in the order of adding: whether used, and why or why not.
    pub documents: Vec<DocumentUse>,
    /// The resolved CPU; none for a text that is no domain.
    pub cpu: Option<CpuSummary>,
    /// The positions of the domain's text.
    pub lines: LineIndex,
}

impl Report {
    /// Keeps the findings of these phases alone.
    pub fn keep(&mut self, phases: &[Phase]) {
        self.findings.retain(|finding| phases.contains(&finding.phase));
        self.counts = Counts::of(&self.findings);
    }
}

/// How many findings there are of each severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Errors.
    pub error: usize,
    /// Warnings.
    pub warning: usize,
    /// Things to know.
    pub info: usize,
    /// Remarks.
    pub hint: usize,
}

impl Counts {
    /// Counts `findings`.
    #[must_use]
    pub fn of(findings: &[Finding]) -> Self {
        let mut counts = Self::default();
        for finding in findings {
            *match finding.severity {
                Severity::Error => &mut counts.error,
                Severity::Warning => &mut counts.warning,
                Severity::Info => &mut counts.info,
                Severity::Hint => &mut counts.hint,
            } += 1;
        }
        counts
    }
}

/// Whether a document speaks for a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentUse {
    /// The document.
    pub document: DocumentId,
    /// Whether it was used.
    pub used: bool,
    /// Why, or why not.
    pub reason: Wording,
}

/// The resolved CPU without its features: what every report carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CpuSummary {
    /// The mode as written, or the default.
    pub asked: CpuMode,
    /// What it comes to.
    pub mode: CpuMode,
    /// The model.
    pub model: Option<String>,
    /// The vendor.
    pub vendor: Option<String>,
    /// False where the hypervisor may still hand out something else.
    pub exact: bool,
    /// Whether it starts, as far as the CPU decides it.
    pub startable: Startable,
    /// The features that keep it from starting.
    pub blockers: Vec<String>,
    /// The codes of the findings about the CPU.
    pub caveats: Vec<&'static str>,
}

impl CpuSummary {
    pub(crate) fn of(cpu: &Resolved, startable: Startable, findings: &[Finding]) -> Self {
        let mut caveats: Vec<_> = findings.iter().filter(|finding| finding.is_about_cpu()).map(|finding| finding.code).collect();
        caveats.dedup();
        Self {
            asked: cpu.asked,
            mode: cpu.mode,
            model: cpu.model.map(str::to_owned),
            vendor: cpu.vendor.map(str::to_owned),
            exact: cpu.exact,
            startable,
            blockers: cpu.blockers.iter().map(|name| (*name).to_owned()).collect(),
            caveats,
        }
    }
}

/// A finding about a part of the CPU may know more of the start than the CPU as a whole does.
pub fn startable(cpu: &Resolved, findings: &[Finding]) -> Startable {
    let mut stops = findings.iter().filter(|finding| {
        finding.is_about_cpu() && finding.severity <= Severity::Warning && matches!(finding.phase, Phase::Define | Phase::Start)
    });
    if stops.clone().any(|finding| finding.severity == Severity::Error) {
        return Startable::No;
    }
    let likely = stops.any(|finding| finding.certainty == Certainty::Likely);
    if likely && cpu.startable == Startable::Yes { Startable::Unknown } else { cpu.startable }
}

/// The answer of [`Workspace::complete`](crate::Workspace::complete).
#[derive(Debug, Clone)]
pub struct Completions {
    /// What may stand there, the best first.
    pub items: Vec<Item>,
    /// The positions of the domain's text.
    pub lines: LineIndex,
}

/// The answer of [`Workspace::hover`](crate::Workspace::hover).
#[derive(Debug, Clone)]
pub struct HoverReport {
    /// What is told, and of which token.
    pub hover: Hover,
    /// The positions of the domain's text.
    pub lines: LineIndex,
}

/// The answer of [`Workspace::resolve_cpu`](crate::Workspace::resolve_cpu).
#[derive(Debug, Clone)]
pub struct CpuReport {
    /// What every report carries.
    pub summary: CpuSummary,
    /// The features of which something is said.
    pub features: Vec<CpuFeature>,
    /// One sentence a step.
    pub trace: Vec<String>,
    /// The `<cpu>` that libvirt asks of QEMU.
    pub xml: String,
    /// The findings about the CPU.
    pub findings: Vec<Finding>,
    /// The positions of the domain's text.
    pub lines: LineIndex,
}

/// A feature of a resolved CPU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CpuFeature {
    /// Its name.
    pub name: String,
    /// What libvirt asks of QEMU.
    pub policy: Option<Policy>,
    /// Where it comes from.
    pub origin: Origin,
    /// Whether the running guest has it.
    pub running: Option<bool>,
    /// The place of a loaded document that says so.
    pub evidence: Option<(DocumentId, Span)>,
}

impl CpuFeature {
    pub(crate) fn of(cpu: &Resolved) -> Vec<Self> {
        let own = |feature: crate::cpu::ResolvedFeature| Self {
            name: feature.name.to_owned(),
            policy: feature.policy,
            origin: feature.origin,
            running: feature.running,
            evidence: feature.evidence,
        };
        cpu.features.iter().map(own).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::cpu::Startable;
    use crate::finding::Severity;
    use crate::support::host_with;
    use crate::{Options, report::Report};

    #[test]
    fn how_a_finding_is_told_does_not_decide_whether_the_cpu_starts() {
        let told = |cpu: &str, severity: Option<(&str, Severity)>| -> Report {
            let severity = severity.map(|(code, severity)| (code.to_owned(), Some(severity))).into_iter().collect();
            let workspace = host_with("kvm-q35", Options { severity, ..Options::default() });
            let os = "<os><type arch='x86_64' machine='pc-q35-8.2'>hvm</type></os>";
            workspace.check(&format!("<domain type='kvm'><name>a</name>{os}{cpu}</domain>"), None)
        };
        let mut answers = Vec::new();
        for cpu in [
            "<cpu><model vendor_id='short'>kvm64</model></cpu>",
            "<cpu><model>kvm64</model><feature name='no-such'/></cpu>",
            "<cpu><model>No-Such-Model</model></cpu>",
            "<cpu mode='maximum'><feature name='avx512f'/></cpu>",
            "<cpu mode='host-model'/>",
        ] {
            let report = told(cpu, None);
            let found = report.cpu.unwrap().startable;
            answers.push(found);
            for finding in report.findings.iter().filter(|finding| finding.is_about_cpu()) {
                for severity in [Severity::Error, Severity::Warning, Severity::Info, Severity::Hint] {
                    let now = told(cpu, Some((finding.code, severity))).cpu.unwrap().startable;
                    assert_eq!(now, found, "{cpu}: {} as {severity:?}", finding.code);
                }
            }
        }
        assert_eq!(answers, [Startable::No, Startable::No, Startable::No, Startable::Unknown, Startable::Yes]);
    }
}

//! What becomes of a domain on several hosts.

use super::CpuSummary;
use crate::caps::Policy;
use crate::cpu::{Resolved, Startable};
use crate::finding::Fix;
use crate::text::LineIndex;

/// The answer of [`Workspace::hosts`](crate::Workspace::hosts).
#[derive(Debug, Clone)]
pub struct HostsReport {
    /// The hosts of which documents are loaded, in the order in which their first was added.
    pub hosts: Vec<OnHost>,
    /// A guest that runs on one of them, for each of the others: from host to host in their order.
    pub pairs: Vec<Pair>,
    /// How many pairs are not answered: of more than [`PAIRED`](crate::Workspace::PAIRED) hosts only those of the host asked for are.
    pub unpaired: usize,
    /// The CPU that runs on all hosts; or why there is none.
    pub common: Result<CommonCpu, String>,
    /// The positions of the domain's text.
    pub lines: LineIndex,
}

/// A CPU that runs on all hosts, the most that they have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommonCpu {
    /// Its model.
    pub model: String,
    /// Its vendor.
    pub vendor: Option<String>,
    /// What it requires beyond the model, and what of it is disabled.
    pub features: Vec<(String, Policy)>,
    /// As XML.
    pub xml: String,
    /// The edit of the domain that asks for it; none where the domain does already.
    pub fix: Option<Fix>,
}

/// What becomes of it on one host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnHost {
    /// The name of the host.
    pub host: String,
    /// Whether it can be defined and started there, as far as the documents of that host tell.
    pub startable: Startable,
    /// Why not, or why that is unknown: one sentence.
    pub why: Option<String>,
    /// The codes of all that refuses it there, in the order of their places.
    pub codes: Vec<&'static str>,
    /// The CPU that it gets there.
    pub cpu: CpuSummary,
    /// How many features libvirt asks for beyond the model.
    pub required: usize,
    /// How many features of the model it turns off.
    pub disabled: usize,
}

impl OnHost {
    pub(crate) fn of(host: &str, verdict: Verdict, summary: CpuSummary, cpu: &Resolved) -> Self {
        let asked = |on: bool| cpu.features.iter().filter(|feature| feature.policy.is_some_and(|policy| is_on(policy) == on)).count();
        let Verdict { startable, why, codes } = verdict;
        Self { host: host.to_owned(), startable, why, codes, cpu: summary, required: asked(true), disabled: asked(false) }
    }
}

fn is_on(policy: Policy) -> bool {
    !matches!(policy, Policy::Disable | Policy::Forbid)
}

/// Whether a domain starts on a host, and why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) startable: Startable,
    pub(crate) why: Option<String>,
    pub(crate) codes: Vec<&'static str>,
}

/// A guest that runs on one host, and another host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Where it runs.
    pub from: String,
    /// Where it is to go.
    pub to: String,
    /// Whether it would migrate, as far as the documents of both tell.
    pub migrates: Startable,
    /// Why not, or why that is unknown: one sentence.
    pub why: Option<String>,
    /// Its features that the other host lacks.
    pub missing: Vec<String>,
    /// The model, where the other host does not know it by that name.
    pub unknown_model: Option<String>,
    /// Whether the CPU is the same when the guest is stopped and started again there.
    pub restart: Restart,
    /// Features that it then gains.
    pub gained: Vec<String>,
    /// Features that it then loses.
    pub lost: Vec<String>,
    /// What is known to trip between the versions of the two.
    pub caveats: Vec<&'static str>,
}

/// Whether a CPU stays the same through a start elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Restart {
    /// It does.
    Same,
    /// Its model or a feature changes.
    Changes,
    /// The documents do not decide it.
    Unknown,
}

impl Restart {
    /// Its word in answers.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Changes => "changes",
            Self::Unknown => "unknown",
        }
    }
}

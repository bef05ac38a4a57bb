//! What becomes of a domain on several hosts.

use super::CpuSummary;
use crate::caps::Policy;
use crate::cpu::{Resolved, Startable};

/// The answer of [`Workspace::hosts`](crate::Workspace::hosts).
#[derive(Debug, Clone)]
pub struct HostsReport {
    /// The hosts of which documents are loaded, in the order in which their first was added.
    pub hosts: Vec<OnHost>,
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

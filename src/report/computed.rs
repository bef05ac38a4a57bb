//! What questions about CPUs answer: plain data.

use crate::caps::{LoadError, Policy};
use crate::cpu::{Compared, Comparison, Definition, Refused};

/// A host compared with a CPU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CpuComparison {
    /// How the host stands to it.
    pub result: Compared,
    /// Features that the CPU requires and the host lacks.
    pub missing: Vec<String>,
    /// Features that the CPU forbids and the host has.
    pub forbidden: Vec<String>,
    /// Features that the host has beyond a CPU with `match='strict'`.
    pub extra: Vec<String>,
    /// The steps, a sentence each.
    pub trace: Vec<String>,
}

impl CpuComparison {
    pub(crate) fn of(comparison: &Comparison, trace: Vec<String>) -> Self {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let Comparison { result, missing, forbidden, extra } = comparison;
        Self { result: *result, missing: owned(missing), forbidden: owned(forbidden), extra: owned(extra), trace }
    }
}

/// A CPU that was computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComputedCpu {
    /// Its model.
    pub model: Option<String>,
    /// Its vendor.
    pub vendor: Option<String>,
    /// The features that it names, with their policies.
    pub features: Vec<(String, Policy)>,
    /// As libvirt writes it.
    pub xml: String,
    /// The steps, a sentence each.
    pub trace: Vec<String>,
}

impl ComputedCpu {
    pub(crate) fn of(cpu: &Definition, trace: Vec<String>) -> Self {
        Self {
            model: cpu.model.map(str::to_owned),
            vendor: cpu.vendor.map(str::to_owned),
            features: cpu.features.iter().map(|feature| (feature.name.to_owned(), feature.policy)).collect(),
            xml: cpu.xml(),
            trace,
        }
    }
}

/// Why a question about CPUs has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CpuError {
    /// One of the texts cannot be read: which, counted from 0, and why.
    Text(usize, Box<LoadError>),
    /// libvirt itself refuses: why, and the steps up to there.
    Refused(Refused, Vec<String>),
}

impl std::fmt::Display for CpuError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(_, error) => error.fmt(f),
            Self::Refused(refused, _) => refused.fmt(f),
        }
    }
}

impl std::error::Error for CpuError {}

//! The shapes of answers about CPUs alone.

use serde::Serialize;

use crate::report;

/// A host compared with a CPU.
#[derive(Debug, Serialize)]
pub struct CpuComparison<'a> {
    result: &'static str,
    missing: &'a [String],
    forbidden: &'a [String],
    extra: &'a [String],
    trace: &'a [String],
}

impl<'a> CpuComparison<'a> {
    /// Of a comparison.
    #[must_use]
    pub fn of(compared: &'a report::CpuComparison) -> Self {
        let report::CpuComparison { result, missing, forbidden, extra, trace } = compared;
        Self { result: result.word(), missing, forbidden, extra, trace }
    }
}

/// The CPU that runs on several.
#[derive(Debug, Serialize)]
pub struct CommonCpu<'a> {
    model: Option<&'a str>,
    vendor: Option<&'a str>,
    features: Vec<CommonFeature<'a>>,
    xml: &'a str,
    trace: &'a [String],
}

#[derive(Debug, Serialize)]
struct CommonFeature<'a> {
    name: &'a str,
    policy: &'static str,
}

impl<'a> CommonCpu<'a> {
    /// Of a CPU that was computed.
    #[must_use]
    pub fn of(cpu: &'a report::ComputedCpu) -> Self {
        let report::ComputedCpu { model, vendor, features, xml, trace } = cpu;
        let features = features.iter().map(|(name, policy)| CommonFeature { name, policy: policy.word() }).collect();
        Self { model: model.as_deref(), vendor: vendor.as_deref(), features, xml, trace }
    }
}

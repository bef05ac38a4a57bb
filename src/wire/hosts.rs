//! What becomes of a domain on several hosts.

use serde::Serialize;

use super::{Cpu, Fix};
use crate::report::{self, HostsReport};
use crate::text::LineIndex;

/// The answer about all hosts.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Hosts<'a> {
    hosts: Vec<OnHost<'a>>,
    pairs: Vec<Pair<'a>>,
    unpaired: usize,
    common: Option<SharedCpu<'a>>,
    no_common: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct SharedCpu<'a> {
    model: &'a str,
    vendor: Option<&'a str>,
    features: Vec<SharedFeature<'a>>,
    xml: &'a str,
    fix: Option<Fix<'a>>,
}

#[derive(Debug, Serialize)]
struct SharedFeature<'a> {
    name: &'a str,
    policy: &'static str,
}

#[derive(Debug, Serialize)]
struct OnHost<'a> {
    host: &'a str,
    startable: &'static str,
    why: Option<&'a str>,
    codes: &'a [&'static str],
    cpu: Cpu<'a>,
    required: usize,
    disabled: usize,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Pair<'a> {
    from: &'a str,
    to: &'a str,
    migrates: &'static str,
    why: Option<&'a str>,
    missing: &'a [String],
    unknown_model: Option<&'a str>,
    restart: &'static str,
    gained: &'a [String],
    lost: &'a [String],
    caveats: &'a [&'static str],
}

impl<'a> Hosts<'a> {
    /// Of what the façade answers.
    #[must_use]
    pub fn of(report: &'a HostsReport) -> Self {
        let (hosts, pairs) = (report.hosts.iter().map(OnHost::of).collect(), report.pairs.iter().map(Pair::of).collect());
        let common = report.common.as_ref().ok().map(|cpu| SharedCpu::of(cpu, &report.lines));
        let no_common = report.common.as_ref().err().map(String::as_str);
        Self { hosts, pairs, unpaired: report.unpaired, common, no_common }
    }
}

impl<'a> SharedCpu<'a> {
    fn of(cpu: &'a report::CommonCpu, lines: &LineIndex) -> Self {
        let features = cpu.features.iter().map(|(name, policy)| SharedFeature { name, policy: policy.word() });
        let fix = cpu.fix.as_ref().map(|fix| Fix::of(fix, lines));
        Self { model: &cpu.model, vendor: cpu.vendor.as_deref(), features: features.collect(), xml: &cpu.xml, fix }
    }
}

impl<'a> OnHost<'a> {
    fn of(host: &'a report::OnHost) -> Self {
        Self {
            host: &host.host,
            startable: host.startable.word(),
            why: host.why.as_deref(),
            codes: &host.codes,
            cpu: Cpu::of(&host.cpu),
            required: host.required,
            disabled: host.disabled,
        }
    }
}

impl<'a> Pair<'a> {
    fn of(pair: &'a report::Pair) -> Self {
        Self {
            from: &pair.from,
            to: &pair.to,
            migrates: pair.migrates.word(),
            why: pair.why.as_deref(),
            missing: &pair.missing,
            unknown_model: pair.unknown_model.as_deref(),
            restart: pair.restart.word(),
            gained: &pair.gained,
            lost: &pair.lost,
            caveats: &pair.caveats,
        }
    }
}

//! What becomes of a domain on several hosts.

use serde::Serialize;

use super::Cpu;
use crate::report::{self, HostsReport};

/// The answer about all hosts.
#[derive(Debug, Serialize)]
pub struct Hosts<'a> {
    hosts: Vec<OnHost<'a>>,
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

impl<'a> Hosts<'a> {
    /// Of what the façade answers.
    #[must_use]
    pub fn of(report: &'a HostsReport) -> Self {
        Self { hosts: report.hosts.iter().map(OnHost::of).collect() }
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

//! A model that the document calls unusable: what keeps it from starting, and whether that is proven.

use super::resolved::Listed;
use super::verdict::Verdict::{self, May, Starts, Stops, Unknown};
use super::verdict::wanted_all_come;
use super::{Driver, Request, Resolved, Stop, names};
use crate::caps::{HostCpu, Model, Policy, Sources, Usable};

/// The blockers that the domain does not disable.
#[must_use]
pub fn undisabled<'a>(request: &Request<'a>, model: &'a Model) -> Vec<&'a str> {
    let disabled: Vec<_> = request.features().filter(|feature| feature.policy == Policy::Disable).map(|feature| feature.name).collect();
    model.blockers.iter().map(|blocker| blocker.value.as_str()).filter(|name| !disabled.contains(name)).collect()
}

/// Whether the comparison before the start refuses it.
pub(super) fn unusable<'a>(cpu: &Resolved<'a>, sources: &Sources<'a>, model: Listed<'a>) -> Verdict<'a> {
    let emulated = cpu.request.driver == Driver::Emulated;
    let stop = Stop::ModelUnusable;
    if model.said.blockers.is_empty() {
        // emulation compares with what the emulator can do, which is what `usable` says
        let changed = cpu.request.features().any(|feature| feature.policy == Policy::Disable);
        return if emulated && !changed { Stops(stop) } else { May(stop) };
    }
    let by_blockers = !names::compared_with_host(&model.said.name.value);
    let left = undisabled(&cpu.request, model.0.said);
    if left.is_empty() {
        return if by_blockers && wanted_all_come(cpu) { Starts } else { Unknown };
    }
    let host = WholeHost::of(sources);
    let mut proven = left.iter().filter(|name| !names::qemu_only(name));
    let certain = by_blockers || proven.any(|name| emulated || host.is_some_and(|host| host.lacks(name)));
    if certain { Stops(stop) } else { May(stop) }
}

/// The host's CPU as it is, and not only what KVM makes of it.
#[derive(Debug, Clone, Copy)]
pub struct WholeHost<'a> {
    cpu: &'a HostCpu,
    model: &'a Model,
}

impl<'a> WholeHost<'a> {
    /// From the host's capabilities, where the domain capabilities tell what the host lacks of the model named there.
    #[must_use]
    pub fn of(sources: &Sources<'a>) -> Option<Self> {
        let cpu = sources.host_caps?.said.cpu.as_ref()?;
        let model = sources.domain_caps?.said.model(&cpu.model.as_ref()?.value)?;
        (model.usable.value == Usable::Yes || !model.blockers.is_empty()).then_some(Self { cpu, model })
    }

    /// True where it surely lacks a blocker: its capabilities do not name it, and their model is either usable or blocked by another.
    #[must_use]
    pub fn lacks(self, blocker: &str) -> bool {
        !self.model.blockers.iter().any(|own| own.value == blocker) && !self.cpu.features.iter().any(|own| own.name.value == blocker)
    }
}

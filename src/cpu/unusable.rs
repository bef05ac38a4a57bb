//! A model that the document calls unusable: what keeps it from starting, and whether that is proven.

use super::compared::comparison;
use super::resolved::Listed;
use super::verdict::Verdict::{self, May, Starts, Stops, Unknown};
use super::verdict::wanted_all_come;
use super::{Request, Resolved, Stop, names};
use crate::caps::{HostCpu, Model, Policy, Sources, Usable, Version};

/// The blockers that the domain does not disable.
#[must_use]
pub fn undisabled<'a>(request: &Request<'a>, model: &'a Model) -> Vec<&'a str> {
    let disabled: Vec<_> = request.features().filter(|feature| feature.policy == Policy::Disable).map(|feature| feature.name).collect();
    model.blockers.iter().map(|blocker| blocker.value.as_str()).filter(|name| !disabled.contains(name)).collect()
}

/// Whether the comparison before the start refuses it.
pub(super) fn unusable<'a>(cpu: &Resolved<'a>, sources: &Sources<'a>, model: Listed<'a>) -> Verdict<'a> {
    let stop = Stop::ModelUnusable;
    let left = undisabled(&cpu.request, model.0.said);
    let by_blockers = !names::compared_with_host(&model.said.name.value) && !model.said.blockers.is_empty();
    let new = sources.versions.libvirt.at_least(Version(10, 9, 0));
    if by_blockers && new != Some(false) {
        return match left.is_empty() {
            true if wanted_all_come(cpu) => Starts,
            true => surely_off(cpu).map_or(Unknown, |name| Stops(Stop::FeatureMissing(name))),
            false => Stops(stop),
        };
    }
    comparison(cpu, sources).map_or(May(stop), |told| told.verdict())
}

/// A feature that the domain requires and this host surely lacks.
fn surely_off<'a>(cpu: &Resolved<'a>) -> Option<&'a str> {
    let off = cpu.features.iter().find(|feature| feature.policy == Some(Policy::Require) && feature.running == Some(false))?;
    cpu.request.features().any(|asked| asked.name == off.name).then_some(off.name)
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

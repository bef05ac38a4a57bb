//! What this host offers by the CPU map: the features of host-model's definition and of the model that it names.

use super::map::{FeatureSet, X86Map};
use super::{Family, Origin, Request, Resolved, ResolvedFeature, Trace, names};
use crate::caps::{Policy, Sources, Version};

/// The features that QEMU gives on a host, as a set of the map.
#[derive(Debug, Clone, Copy)]
pub(super) struct Offered<'a> {
    pub(super) map: &'a X86Map,
    pub(super) features: FeatureSet,
}

impl Offered<'_> {
    /// Whether it has the feature of that name; none where the map does not know it.
    pub(super) fn has(&self, name: &str) -> Option<bool> {
        self.map.number(name).map(|number| self.features.has(number))
    }
}

/// What QEMU gives on this x86 host; none where it was not asked, or the map does not know its model. Names that the
/// map does not know are left out.
pub(super) fn offered<'a>(request: &Request<'a>, sources: &Sources<'a>) -> Option<Offered<'a>> {
    let definition = sources.domain_caps?.said.cpu.host_model.as_ref()?;
    if request.family != Family::X86 {
        return None;
    }
    let map = &request.map().x86;
    let features = map.offered(definition)?;
    Some(Offered { map, features })
}

/// Tells of the model's features what no document does: those that were taken out of it, and those that the host lacks.
pub(super) fn tell_model<'a>(cpu: &mut Resolved<'a>, sources: &Sources<'a>, trace: &mut Trace) {
    let (Some(name), Family::X86) = (cpu.model, cpu.request.family) else { return };
    let map = &cpu.request.map().x86;
    let Some(model) = map.model(name) else { return };
    // QEMU has taken it out of its model, whether or not this libvirt says so
    let policy = removed_here(&cpu.request, sources).then_some(Policy::Disable);
    for feature in map.names(model.removed).filter(|name| !names::NEVER_PASSED.contains(name)) {
        tell(cpu, feature, policy, Origin::Removed);
    }
    if !model.removed.is_empty() {
        trace.step(|| format!("what was taken out of `{name}` is off: {}", joined(map, model.removed)));
    }
    let lacking = offered(&cpu.request, sources).map(|offered| model.features.without(offered.features)).unwrap_or_default();
    for feature in map.names(lacking) {
        tell(cpu, feature, None, Origin::Model);
    }
    if !lacking.is_empty() {
        trace.step(|| format!("QEMU turns off what this host lacks of `{name}`: {}", joined(map, lacking)));
    }
}

/// True where this libvirt has taken out of its models what the map says; the built-in map is sure of it since 11.3.0.
pub(super) fn removed_here(request: &Request, sources: &Sources) -> bool {
    request.has_own_map() || sources.versions.libvirt.at_least(Version(11, 3, 0)) != Some(false)
}

fn joined(map: &X86Map, set: FeatureSet) -> String {
    map.names(set).collect::<Vec<_>>().join(", ")
}

/// Adds a feature that is off, where it is not named yet.
fn tell<'a>(cpu: &mut Resolved<'a>, name: &'a str, policy: Option<Policy>, origin: Origin) {
    if cpu.features.find(name).is_none() {
        cpu.features.push(ResolvedFeature { name, policy, origin, running: Some(false), evidence: None });
    }
}

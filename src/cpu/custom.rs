//! A named model.

use super::resolved::Listed;
use super::{Arch, Definition, Family, KnownModel, Origin, Resolved, ResolvedFeature, Trace, compute, features, names, offered};
use crate::caps::{Policy, Source, Sources, Usable};

/// The model of that name in the domain capabilities.
pub(super) fn listed<'a>(name: Option<&str>, sources: &Sources<'a>) -> Option<Listed<'a>> {
    let caps = sources.domain_caps?;
    Some(Listed(Source { id: caps.id, said: caps.said.model(name?)? }))
}

/// Resolves a `<model>` with `match` exact or strict.
pub(super) fn named<'a>(cpu: &mut Resolved<'a>, sources: &Sources<'a>, trace: &mut Trace) {
    let Some(name) = cpu.request.model.map(|model| model.value) else { return };
    cpu.model = Some(name);
    cpu.listed = listed(Some(name), sources);
    if let Some(model) = cpu.listed {
        let listed = model.said.usable.value != Usable::No || !model.said.blockers.is_empty();
        cpu.exact = listed || (cpu.request.family == Family::X86 && probed(sources));
        trace.step(|| format!("the domain capabilities list `{name}`, usable: {}", usable(model.said.usable.value)));
    } else if offered(sources) {
        let translated =
            cpu.request.family == Family::X86 && !cpu.request.fallback_forbidden && cpu.request.knows_model(name, sources.versions.libvirt);
        if translated {
            cpu.model = None;
            closest(cpu, sources, trace);
        } else {
            trace.step(|| format!("this hypervisor does not know `{name}`, and no other model takes its place"));
        }
    } else {
        trace.step(|| "no document lists the models that this hypervisor knows".to_owned());
    }
    finish(cpu, sources, trace);
}

/// The closest model that the hypervisor knows takes the place of the one named, with the features that make the difference.
fn closest<'a>(cpu: &mut Resolved<'a>, sources: &Sources<'a>, trace: &mut Trace) {
    let Some(caps) = sources.domain_caps else { return };
    let (map, known) = (cpu.request.map(), KnownModel::all(caps.said, &cpu.request.map().x86));
    let host = caps.said.cpu.host_model.as_ref().map(Definition::of_host_model);
    let host = host.map(|host| compute::migratable(map, Arch::X86, &host));
    let mut found = cpu.request.definition();
    let updated = compute::update(map, Arch::X86, &mut found, host.as_ref(), &mut Trace::off());
    if updated.and_then(|()| compute::translate(map, Arch::X86, &mut found, Some(&known), trace)).is_err() {
        return;
    }
    let offered = offered::offered(&cpu.request, sources);
    (cpu.model, cpu.exact) = (found.model, true);
    for feature in found.features.iter().filter(|feature| !names::NEVER_PASSED.contains(&feature.name)) {
        let running = match feature.policy {
            Policy::Disable | Policy::Forbid => Some(false),
            _ => offered.and_then(|offered| offered.has(feature.name)),
        };
        cpu.features.push(ResolvedFeature {
            name: feature.name,
            policy: Some(feature.policy),
            origin: Origin::Model,
            running,
            evidence: None,
        });
    }
}

/// The domain's features, and what the host lacks of the model.
pub(super) fn finish<'a>(cpu: &mut Resolved<'a>, sources: &Sources<'a>, trace: &mut Trace) {
    features::own_features(cpu, sources, trace);
    blocked(cpu, trace);
    if trace.is_on() {
        offered::tell_model(cpu, sources, trace);
    }
}

fn blocked(cpu: &mut Resolved, trace: &mut Trace) {
    let Some(model) = cpu.listed else { return };
    let list = cpu.features.list();
    let asked = list.len();
    list.reserve(model.said.blockers.len());
    for blocker in &model.said.blockers {
        let evidence = Some((model.id, blocker.span));
        match list.iter_mut().take(asked).find(|feature| feature.name == blocker.value) {
            Some(feature) => (feature.running, feature.evidence) = (Some(false), evidence),
            None => {
                let origin = Origin::Model;
                list.push(ResolvedFeature { name: &blocker.value, policy: None, origin, running: Some(false), evidence });
            }
        }
    }
    if !model.said.blockers.is_empty() {
        trace.step(|| format!("this host lacks {} features of `{}`", model.said.blockers.len(), model.said.name.value));
    }
}

/// True where libvirt asked QEMU for the host's CPU, so that the map tells what it lacks.
fn probed(sources: &Sources) -> bool {
    sources.domain_caps.and_then(|caps| caps.said.cpu.host_model.as_ref()).is_some_and(crate::caps::HostModel::probed)
}

/// True where the document lists models at all.
pub(super) fn offered(sources: &Sources) -> bool {
    sources.domain_caps.and_then(|caps| caps.said.cpu.custom.as_ref()).is_some_and(|custom| !custom.models.is_empty())
}

fn usable(usable: Usable) -> &'static str {
    match usable {
        Usable::Yes => "yes",
        Usable::No => "no",
        Usable::Unknown => "unknown",
    }
}

//! The host's definition of host-model.

use super::features::own_features;
use super::{CpuMode, Family, FeatureList, Matching, Resolved, Trace, names};
use crate::caps::{DomainCaps, HostModel, Policy, Source, Sources, Version};

/// Resolves host-model, and `match='minimum'`, which comes to the same.
pub(super) fn resolve<'a>(cpu: &mut Resolved<'a>, sources: &Sources<'a>, trace: &mut Trace) {
    let family = cpu.request.family;
    let definition = sources.domain_caps.and_then(|caps| Some((caps, caps.said.cpu.host_model.as_ref()?)));
    let usable = definition.filter(|(_, definition)| definition.mode.answer().denied().is_none());
    match usable {
        Some((_, definition)) if family == Family::Ppc64 => compat(cpu, definition, trace),
        Some((caps, definition)) if definition.model.is_some() => defined(cpu, sources, caps, definition, trace),
        _ => {
            let resolves = matches!(family, Family::X86 | Family::S390x) && (usable.is_some() || definition.is_none());
            cpu.mode = if resolves { CpuMode::Custom } else { cpu.request.mode };
            trace.step(|| "no document says what host-model comes to here".to_owned());
        }
    }
    own_features(cpu, sources, trace);
}

/// ppc64 keeps host-model: a model names the compatibility mode.
fn compat<'a>(cpu: &mut Resolved<'a>, definition: &'a HostModel, trace: &mut Trace) {
    cpu.model = cpu.request.model.map(|model| model.value);
    cpu.vendor = None;
    cpu.exact = definition.mode.answer().is_yes();
    trace.step(|| match cpu.model {
        Some(model) => format!("on ppc64 host-model stays, in the compatibility mode `{model}`"),
        None => "on ppc64 host-model stays, in the host's own mode".to_owned(),
    });
}

fn defined<'a>(cpu: &mut Resolved<'a>, sources: &Sources<'a>, caps: Source<'a, DomainCaps>, definition: &'a HostModel, trace: &mut Trace) {
    let said = |said: &'a Option<crate::caps::Said<String>>| said.as_ref().map(|said| said.value.as_str());
    cpu.mode = CpuMode::Custom;
    cpu.model = said(&definition.model);
    if cpu.request.mode == CpuMode::HostModel {
        cpu.vendor = said(&definition.vendor);
    }
    cpu.exact = definition.probed() && !expanded(cpu.request.family, definition);
    let without = (cpu.request.family == Family::X86 && definition.invtsc).then_some("invtsc");
    cpu.features = FeatureList::of(Source { id: caps.id, said: definition }, without);
    if let Some(name) = without {
        trace.step(|| format!("`{name}` cannot migrate, so it is left out"));
    }
    trace.step(|| {
        let (model, changes) = (cpu.model.unwrap_or_default(), cpu.features.iter().count());
        let minimum =
            if cpu.request.matching == Matching::Minimum { "`match='minimum'` takes the host's CPU as host-model does: " } else { "" };
        format!("{minimum}the domain capabilities say `{model}` with {changes} changes")
    });
    if cpu.request.family == Family::S390x {
        without_deprecated(cpu, sources, trace);
    }
}

/// True where an x86 document lists all features of host-model, not only the differences to its model: the required ones of
/// every 64-bit CPU are among them.
#[must_use]
pub fn expanded(family: Family, definition: &HostModel) -> bool {
    family == Family::X86 && definition.basic
}

/// On s390x libvirt turns deprecated features off: where the domain says so, else since 11.6.0.
fn without_deprecated(cpu: &mut Resolved, sources: &Sources, trace: &mut Trace) {
    let written = cpu.request.node.and_then(|node| node.value("deprecated_features"));
    let off = match written {
        Some("off") => Some(true),
        Some("on") => Some(false),
        _ => sources.versions.libvirt.at_least(Version(11, 6, 0)),
    };
    for feature in cpu.features.list().iter_mut().filter(|feature| names::S390X_DEPRECATED.contains(&feature.name)) {
        match off {
            Some(true) => {
                (feature.policy, feature.running) = (Some(Policy::Disable), Some(false));
                trace.step(|| format!("`{}` is deprecated, so it ends up off", feature.name));
            }
            Some(false) => {}
            None if feature.policy == Some(Policy::Require) => {
                feature.running = None;
                cpu.exact = false;
            }
            None => {}
        }
    }
}

//! A named model.

use super::resolved::Listed;
use super::{Family, Origin, Resolved, ResolvedFeature, Trace, features, names};
use crate::caps::{Source, Sources, Usable};

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
        cpu.exact = model.said.usable.value != Usable::No || !model.said.blockers.is_empty();
        trace.step(|| format!("the domain capabilities list `{name}`, usable: {}", usable(model.said.usable.value)));
    } else if offered(sources) {
        let translated =
            cpu.request.family == Family::X86 && !cpu.request.fallback_forbidden && names::knows_model(name, sources.versions.libvirt);
        trace.step(|| match translated {
            true => format!("this hypervisor does not know `{name}`: the closest model that it knows takes its place"),
            false => format!("this hypervisor does not know `{name}`, and no other model takes its place"),
        });
        if translated {
            cpu.model = None;
        }
    } else {
        trace.step(|| "no document lists the models that this hypervisor knows".to_owned());
    }
    finish(cpu, sources, trace);
}

/// The domain's features, and what the host lacks of the model.
pub(super) fn finish<'a>(cpu: &mut Resolved<'a>, sources: &Sources<'a>, trace: &mut Trace) {
    features::own_features(cpu, sources, trace);
    let Some(model) = cpu.listed else { return };
    let asked = cpu.features.len();
    cpu.features.reserve(model.said.blockers.len());
    for blocker in &model.said.blockers {
        let evidence = Some((model.id, blocker.span));
        match cpu.features.iter_mut().take(asked).find(|feature| feature.name == blocker.value) {
            Some(feature) => (feature.running, feature.evidence) = (Some(false), evidence),
            None => {
                let origin = Origin::Model;
                cpu.features.push(ResolvedFeature { name: &blocker.value, policy: None, origin, running: Some(false), evidence });
            }
        }
    }
    if !model.said.blockers.is_empty() {
        trace.step(|| format!("this host lacks {} features of `{}`", model.said.blockers.len(), model.said.name.value));
    }
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

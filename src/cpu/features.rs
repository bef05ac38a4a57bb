//! The domain's own features, merged in, and what QEMU adds.

use super::offered::offered;
use super::qemu_models::beyond;
use super::{AskedFeature, CpuMode, Driver, Family, Origin, Resolved, ResolvedFeature, Trace, names};
use crate::caps::{DomainCaps, Policy, Source, Sources};
use crate::finding::DocumentId;
use crate::text::{Span, find_from};

/// Merges the domain's features, or names them where nothing is defined, and adds what QEMU does.
pub(super) fn own_features<'a>(cpu: &mut Resolved<'a>, sources: &Sources<'a>, trace: &mut Trace) {
    let asked_for = std::mem::take(&mut cpu.request.features);
    if !asked_for.is_empty() {
        merge(cpu, &asked_for, sources, trace);
    }
    cpu.request.features = asked_for;
    match cpu.request.family {
        Family::X86 => added_by_qemu(cpu, sources),
        Family::Other => vector_extension(cpu),
        _ => {}
    }
}

fn merge<'a>(cpu: &mut Resolved<'a>, asked_for: &[AskedFeature<'a>], sources: &Sources<'a>, trace: &mut Trace) {
    let (host, family, list) = (Host::of(sources), cpu.request.family, cpu.features.list());
    let defined = list.len();
    let (mut here, mut there, mut by_map) = (0, 0, None);
    for asked in asked_for {
        let place = find_from(list.get(..defined).unwrap_or_default(), &mut here, |feature| feature.name == asked.name);
        let known = match place.and_then(|place| list.get(place)) {
            Some(feature) => Known { has: feature.running, evidence: feature.evidence },
            None => host.map_or(Known::default(), |host| host.knows(asked.name, &mut there)),
        };
        let known = match known.has {
            None if family == Family::X86 => by_map
                .get_or_insert_with(|| offered(&cpu.request, sources))
                .map_or(known, |offered| Known { has: offered.has(asked.name), evidence: None }),
            _ => known,
        };
        let mut merged = one(asked, known, family, host, trace);
        if defined == 0 && merged.running == Some(true) && is_part_of_svm(merged.name) {
            merged.running = None;
        }
        cpu.exact &= merged.policy != Some(Policy::Optional);
        match place.and_then(|place| list.get_mut(place)) {
            Some(feature) => *feature = merged,
            None => list.push(merged),
        }
    }
    for (whole, part) in [("svm", is_part_of_svm as fn(&str) -> bool), ("vmx", |name| name.starts_with("vmx-"))] {
        if asked_for.iter().any(|asked| asked.name == whole && matches!(asked.policy, Policy::Disable | Policy::Forbid)) {
            list.iter_mut().filter(|feature| part(feature.name)).for_each(|feature| feature.running = Some(false));
        }
    }
}

fn is_part_of_svm(name: &str) -> bool {
    names::PARTS_OF_SVM.contains(&name)
}

/// What a document says of a feature.
#[derive(Debug, Clone, Copy, Default)]
struct Known {
    has: Option<bool>,
    evidence: Option<(DocumentId, Span)>,
}

/// The documents' word on the host's features.
#[derive(Debug, Clone, Copy)]
struct Host<'a> {
    caps: Source<'a, DomainCaps>,
}

impl<'a> Host<'a> {
    fn of(sources: &Sources<'a>) -> Option<Self> {
        sources.domain_caps.map(|caps| Self { caps })
    }

    /// What host-model's definition says, where QEMU was asked for it; `from` is where the search begins.
    fn knows(self, name: &str, from: &mut usize) -> Known {
        let definition = self.caps.said.cpu.host_model.as_ref().filter(|definition| definition.probed());
        let features = definition.map_or(&[][..], |definition| &definition.features);
        let feature = find_from(features, from, |feature| feature.name.value == name).and_then(|at| features.get(at));
        feature.map_or(Known::default(), |feature| Known {
            has: Some(!matches!(feature.policy, Policy::Disable | Policy::Forbid)),
            evidence: Some((self.caps.id, feature.name.span)),
        })
    }

    /// Whether some model's blockers name it: then the host lacks it.
    fn lacks(self, name: &str) -> Option<(DocumentId, Span)> {
        let models = &self.caps.said.cpu.custom.as_ref()?.models;
        let blocker = models.iter().flat_map(|model| &model.blockers).find(|blocker| blocker.value == name)?;
        Some((self.caps.id, blocker.span))
    }
}

fn one<'a>(asked: &AskedFeature<'a>, known: Known, family: Family, host: Option<Host>, trace: &mut Trace) -> ResolvedFeature<'a> {
    let mut feature = ResolvedFeature {
        name: asked.name,
        policy: Some(asked.policy),
        origin: Origin::Domain,
        running: known.has,
        evidence: known.evidence,
    };
    if family == Family::X86 && names::NEVER_PASSED.contains(&asked.name) {
        (feature.policy, feature.running) = (None, None);
        trace.step(|| format!("`{}` is never passed on to QEMU", asked.name));
        return feature;
    }
    match asked.policy {
        Policy::Disable | Policy::Forbid => feature.running = Some(false),
        Policy::Optional => optional(&mut feature, host, trace),
        Policy::Require | Policy::Force => {}
    }
    feature
}

/// `optional` becomes require or disable, as the host has the feature or lacks it.
fn optional(feature: &mut ResolvedFeature, host: Option<Host>, trace: &mut Trace) {
    if feature.running.is_none()
        && let Some(evidence) = host.and_then(|host| host.lacks(feature.name))
    {
        (feature.running, feature.evidence) = (Some(false), Some(evidence));
    }
    feature.policy = match feature.running {
        Some(true) => Some(Policy::Require),
        Some(false) => Some(Policy::Disable),
        None => Some(Policy::Optional),
    };
    trace.step(|| {
        let word = match feature.running {
            Some(true) => "which this host has: required",
            Some(false) => "which this host lacks: disabled",
            None => "of which no document tells whether this host has it",
        };
        format!("`{}` is optional, {word}", feature.name)
    });
}

/// Arm's vector lengths imply the extension itself, which libvirt writes into the definition.
pub(super) fn vector_extension(cpu: &mut Resolved) {
    let length = |name: &str| name.strip_prefix("sve").is_some_and(|bits| !bits.is_empty() && bits.bytes().all(|b| b.is_ascii_digit()));
    let on = |feature: ResolvedFeature| feature.policy == Some(Policy::Require) && length(feature.name);
    if cpu.features.iter().any(on) && cpu.features.find("sve").is_none() {
        let policy = Some(Policy::Require);
        cpu.features.push(ResolvedFeature { name: "sve", policy, origin: Origin::Domain, running: None, evidence: None });
    }
}

/// What QEMU adds unasked on x86.
fn added_by_qemu<'a>(cpu: &mut Resolved<'a>, sources: &Sources<'a>) {
    let plain = cpu.request.mode == CpuMode::HostModel && cpu.features.is_definition();
    let own;
    let names = if plain {
        // the same for every domain that is judged by the same documents
        sources.found.added_to_host_model.get_or_init(|| added(cpu, sources))
    } else {
        own = added(cpu, sources);
        &own
    };
    for name in names {
        cpu.features.push(ResolvedFeature { name, policy: None, origin: Origin::Hypervisor, running: Some(true), evidence: None });
    }
}

/// `hypervisor`, under KVM `x2apic`, and what QEMU's model has beyond libvirt's, where the host offers it; less what is named.
fn added<'a>(cpu: &Resolved<'a>, sources: &Sources<'a>) -> Vec<&'static str> {
    let (kvm, named) = (cpu.request.driver == Driver::Kvm, cpu.request.mode == CpuMode::Custom);
    let mut names = vec!["hypervisor"];
    if kvm && named {
        names.push("x2apic");
    }
    if let Some(model) = cpu.model {
        let map = &cpu.request.map().x86;
        // what was taken out of libvirt's model is switched off by name
        let taken_out = |name| map.model(model).zip(map.number(name)).is_some_and(|(known, number)| known.removed.has(number));
        let mut here = None;
        for name in beyond(model, cpu.request.driver).filter(|name| !taken_out(name)) {
            // KVM lets the first through whatever the host has, and every 64-bit host has the other
            let sure = kvm && name == "topoext" || name == "lahf_lm";
            let mut has =
                || here.get_or_insert_with(|| offered(&cpu.request, sources)).is_some_and(|offered| offered.has(name) == Some(true));
            if !names.contains(&name) && (sure || has()) {
                names.push(name);
            }
        }
    }
    names.retain(|name| cpu.features.find(name).is_none());
    names
}

//! Whether a domain starts, as far as its CPU decides it.

use super::compared::{comparison, on_ppc64};
use super::resolved::Listed;
use super::unusable::unusable;
use super::verdict::Verdict::{self, May, Starts, Stops, Unknown};
use super::verdict::wanted_all_come;
use super::{
    AskedFeature, CheckLevel, CpuMode, Driver, Family, Matching, Request, Resolved, Startable, Stop, Trace, blockers, custom, names,
};
use crate::caps::{DomainCaps, Policy, Source, Sources, Usable, Version};

/// Judges, and notes what keeps it from starting.
pub(super) fn judge<'a>(cpu: &mut Resolved<'a>, sources: &Sources<'a>, trace: &mut Trace) {
    let verdict = sources.domain_caps.map_or_else(|| by_names(cpu, sources), |caps| verdict(cpu, sources, caps));
    (cpu.startable, cpu.stop) = match verdict {
        Starts => (Startable::Yes, None),
        Stops(stop) => (Startable::No, Some(stop)),
        May(stop) => (Startable::Unknown, Some(stop)),
        Unknown => (Startable::Unknown, None),
    };
    cpu.blockers = blockers::of(cpu, sources);
    trace.step(|| match (cpu.startable, cpu.stop) {
        (Startable::Yes, _) => "nothing in it keeps the domain from starting".to_owned(),
        (Startable::No, Some(stop)) => format!("the domain does not start: {}", why(stop)),
        (Startable::Unknown, Some(stop)) => format!("the domain may not start: {}", why(stop)),
        _ => "the documents do not decide whether it starts".to_owned(),
    });
}

fn why(stop: Stop) -> String {
    match stop {
        Stop::Mode => "this mode is not supported here".to_owned(),
        Stop::ModelUnlisted => "this hypervisor does not know the model".to_owned(),
        Stop::ModelUnknown => "libvirt does not know the model".to_owned(),
        Stop::ModelUnusable => "this host lacks features of the model".to_owned(),
        Stop::FeatureMissing(name) => format!("this host lacks `{name}`"),
        Stop::Vendor => "the host's CPU is of another vendor".to_owned(),
        Stop::Strict => "`match='strict'`, and the host has more".to_owned(),
        Stop::Forbidden(name) => format!("this host has `{name}`, which is forbidden"),
        Stop::FeatureUnknown(name) => format!("libvirt does not know the feature `{name}`"),
        Stop::Full => "`check='full'` asks for exactly this CPU, and QEMU adds features such as `hypervisor`".to_owned(),
    }
}

/// Without domain capabilities only names can be judged.
fn by_names<'a>(cpu: &Resolved<'a>, sources: &Sources<'a>) -> Verdict<'a> {
    let request = &cpu.request;
    let looked_at = request.mode != CpuMode::HostModel || request.check == CheckLevel::Partial;
    let unknown = request.features().find(|feature| !request.knows_feature(feature.name));
    match (unknown, request.model) {
        _ if request.family != Family::X86 => Unknown,
        (Some(feature), _) => May(Stop::FeatureUnknown(feature.name)),
        (None, Some(model)) if looked_at && !request.knows_model(model.value, sources.versions.libvirt) => May(Stop::ModelUnknown),
        _ => Unknown,
    }
}

fn verdict<'a>(cpu: &Resolved<'a>, sources: &Sources<'a>, caps: Source<'a, DomainCaps>) -> Verdict<'a> {
    let request = &cpu.request;
    if !request.wants_default() && request.mode.answer(&caps.said.cpu).denied().is_some() {
        return Stops(Stop::Mode);
    }
    if request.family == Family::X86
        && let Some(feature) =
            request.features().find(|feature| !request.knows_feature(feature.name) && !document_names(caps.said, feature.name))
    {
        return unknown_name(request, sources, Stop::FeatureUnknown(feature.name));
    }
    if let Some(name) = forbidden(cpu, caps.said) {
        return Stops(Stop::Forbidden(name));
    }
    match request.mode {
        CpuMode::HostPassthrough | CpuMode::Maximum => whole(cpu, caps),
        CpuMode::HostModel => host_model(cpu, sources, caps),
        CpuMode::Custom if request.wants_default() => match cpu.listed {
            Some(_) => Starts,
            None => Unknown,
        },
        CpuMode::Custom if request.matching == Matching::Minimum && request.check != CheckLevel::Partial => host_model_itself(cpu),
        CpuMode::Custom => match cpu.listed {
            None if custom::offered(sources) => unlisted(cpu, sources),
            None => Unknown,
            Some(model) if request.family == Family::X86 => listed_x86(cpu, sources, model),
            Some(model) => listed_elsewhere(cpu, caps.said, model),
        },
    }
}

/// A name that is surely unknown to a libvirt whose names are known here, else likely.
fn unknown_name<'a>(request: &Request, sources: &Sources, stop: Stop<'a>) -> Verdict<'a> {
    match sources.versions.libvirt.at_least(names::NAMES_AS_OF) {
        _ if request.has_own_map() => Stops(stop),
        Some(false) => Stops(stop),
        Some(true) | None => May(stop),
    }
}

/// True where the document itself names the feature.
#[must_use]
pub fn document_names(caps: &DomainCaps, name: &str) -> bool {
    let defined = caps.cpu.host_model.iter().flat_map(|host_model| &host_model.features).any(|feature| feature.name.value == name);
    let blocks = || caps.cpu.custom.iter().flat_map(|custom| &custom.models).flat_map(|model| &model.blockers).any(|b| b.value == name);
    defined || blocks()
}

/// A feature with policy forbid that the host's definition names.
fn forbidden<'a>(cpu: &Resolved<'a>, caps: &DomainCaps) -> Option<&'a str> {
    if cpu.request.check == CheckLevel::None {
        return None;
    }
    let has = |name: &str| {
        let features = caps.cpu.host_model.iter().flat_map(|host_model| &host_model.features);
        features.into_iter().any(|feature| feature.policy == Policy::Require && feature.name.value == name)
    };
    cpu.request.features().find(|feature| feature.policy == Policy::Forbid && has(feature.name)).map(|feature| feature.name)
}

fn whole<'a>(cpu: &Resolved<'a>, caps: Source<'a, DomainCaps>) -> Verdict<'a> {
    let named = cpu.request.model.is_some() || cpu.request.features().next().is_some();
    if cpu.request.mode.answer(&caps.said.cpu).is_yes() && !named { Starts } else { Unknown }
}

fn host_model<'a>(cpu: &Resolved<'a>, sources: &Sources<'a>, caps: Source<'a, DomainCaps>) -> Verdict<'a> {
    let request = &cpu.request;
    match request.model {
        Some(_) if request.family != Family::X86 => on_ppc64(cpu, caps.said),
        Some(model) if request.check == CheckLevel::Partial => match caps.said.model(model.value) {
            None if !request.knows_model(model.value, sources.versions.libvirt) => unknown_name(request, sources, Stop::ModelUnknown),
            Some(listed) if listed.usable.value == Usable::Yes => host_model_itself(cpu),
            _ => Unknown,
        },
        _ if request.family == Family::X86 && request.check == CheckLevel::Partial && request.features().next().is_some() => {
            match comparison(cpu, sources).map(|told| told.verdict()) {
                Some(verdict @ (Stops(_) | May(_))) => verdict,
                _ => host_model_itself(cpu),
            }
        }
        _ => host_model_itself(cpu),
    }
}

fn host_model_itself<'a>(cpu: &Resolved<'a>) -> Verdict<'a> {
    let holds = match cpu.request.check {
        CheckLevel::None => true,
        CheckLevel::Partial => compares_well(cpu),
        CheckLevel::Full if cpu.added_by_model().next().is_some() => return if cpu.exact { Stops(Stop::Full) } else { Unknown },
        CheckLevel::Full => wanted_all_come(cpu),
    };
    if cpu.exact && holds { Starts } else { Unknown }
}

/// True where a comparison with the host surely passes: what is required is known to be there, and nothing is forbidden that may be.
fn compares_well(cpu: &Resolved) -> bool {
    let doubtful = |feature: AskedFeature| match feature.policy {
        Policy::Forbid => true,
        Policy::Require => names::NEVER_PASSED.contains(&feature.name),
        _ => false,
    };
    !cpu.request.features().any(doubtful) && cpu.features.required_run()
}

fn unlisted<'a>(cpu: &Resolved<'a>, sources: &Sources<'a>) -> Verdict<'a> {
    let request = &cpu.request;
    match request.model {
        Some(model) if request.family == Family::X86 && !request.knows_model(model.value, sources.versions.libvirt) => {
            match unknown_name(request, sources, Stop::ModelUnknown) {
                May(_) if request.fallback_forbidden => Stops(Stop::ModelUnlisted),
                verdict => verdict,
            }
        }
        Some(_) if request.matching == Matching::Minimum => Unknown,
        Some(_) if request.family != Family::X86 || request.fallback_forbidden => Stops(Stop::ModelUnlisted),
        Some(_) if request.check == CheckLevel::Partial => comparison(cpu, sources).map_or(Unknown, |told| told.verdict()),
        // the closest model takes its place
        Some(_) if request.check == CheckLevel::None && cpu.model.is_some() => Starts,
        _ => Unknown,
    }
}

fn listed_elsewhere<'a>(cpu: &Resolved<'a>, caps: &DomainCaps, model: Listed<'a>) -> Verdict<'a> {
    let plain = cpu.request.features().next().is_none() && cpu.request.check != CheckLevel::Full;
    let compared = cpu.request.family == Family::Ppc64 && cpu.request.check != CheckLevel::None;
    match model.said.usable.value != Usable::No && plain {
        true if compared => on_ppc64(cpu, caps),
        true => Starts,
        false => Unknown,
    }
}

fn listed_x86<'a>(cpu: &Resolved<'a>, sources: &Sources<'a>, model: Listed<'a>) -> Verdict<'a> {
    let host_known = cpu.request.driver == Driver::Emulated || sources.host_caps.is_some();
    match (cpu.request.check, model.said.usable.value) {
        (CheckLevel::None, _) => Starts,
        (CheckLevel::Partial, Usable::No) if cpu.request.matching == Matching::Minimum => {
            comparison(cpu, sources).map(|told| told.verdict()).filter(|verdict| matches!(verdict, Stops(_))).unwrap_or(Unknown)
        }
        (_, _) if cpu.request.matching == Matching::Minimum => Unknown,
        (CheckLevel::Full, _) if host_known && cpu.request.features().all(|feature| feature.name != "hypervisor") => Stops(Stop::Full),
        (CheckLevel::Full, _) => Unknown,
        (CheckLevel::Partial, Usable::Yes) => usable(cpu, sources),
        (CheckLevel::Partial, Usable::No) => unusable(cpu, sources, model),
        (CheckLevel::Partial, Usable::Unknown) => Unknown,
    }
}

/// A usable model is not compared since 10.2.0 where the domain only disables; else as before.
fn usable<'a>(cpu: &Resolved<'a>, sources: &Sources<'a>) -> Verdict<'a> {
    let trusted = sources.versions.libvirt.at_least(Version(10, 2, 0));
    if trusted == Some(true) && compares_well(cpu) {
        return Starts;
    }
    let untouched = cpu.request.features().all(|feature| feature.policy == Policy::Disable);
    match comparison(cpu, sources).map(|told| told.verdict()) {
        Some(Stops(stop)) if untouched && trusted.is_none() => May(stop),
        Some(verdict) => verdict,
        None => Unknown,
    }
}

#[cfg(test)]
mod tests;

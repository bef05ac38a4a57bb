//! x86: a CPU is a set of features.

use super::{Compared, Comparison, Refused, take_host};
use crate::caps::Policy;
use crate::cpu::map::{FeatureSet, Model, X86Map};
use crate::cpu::{CpuMode, Definition, Matching, Trace};

/// The model of that name.
pub(super) fn find<'m>(map: &'m X86Map, name: &str) -> Result<&'m Model, Refused> {
    map.model(name).ok_or_else(|| Refused(format!("libvirt does not know the model `{name}`")))
}

fn number(map: &X86Map, name: &str) -> Result<usize, Refused> {
    map.number(name).ok_or_else(|| Refused(format!("libvirt does not know the feature `{name}`")))
}

/// All that a CPU has: its model's features, those required and forced, without those disabled and forbidden.
pub(super) fn features(map: &X86Map, cpu: &Definition) -> Result<FeatureSet, Refused> {
    let mut set = cpu.model.map_or(Ok(FeatureSet::default()), |name| find(map, name).map(|model| model.features))?;
    for feature in &cpu.features {
        match feature.policy {
            Policy::Optional => {}
            Policy::Require | Policy::Force => set.insert(number(map, feature.name)?),
            Policy::Disable | Policy::Forbid => set.remove(number(map, feature.name)?),
        }
    }
    Ok(set)
}

/// What a CPU names with a policy, its model's features among those required.
fn with_policy(map: &X86Map, cpu: &Definition, policy: Policy) -> Result<FeatureSet, Refused> {
    let mut set = match cpu.model {
        Some(name) if policy == Policy::Require => find(map, name)?.features,
        _ => FeatureSet::default(),
    };
    for feature in cpu.features.iter().filter(|feature| feature.policy == policy) {
        set.insert(number(map, feature.name)?);
    }
    Ok(set)
}

fn names(map: &X86Map, set: FeatureSet) -> Vec<&str> {
    map.names(set).collect()
}

/// Compares as libvirt does, `cpu` being a guest's or another host's.
pub(super) fn compare<'a>(
    map: &'a X86Map,
    host: &Definition<'a>,
    cpu: &Definition<'a>,
    trace: &mut Trace,
) -> Result<Comparison<'a>, Refused> {
    let incompatible = Comparison::plain(Compared::Incompatible);
    if let Some(arch) = cpu.arch.filter(|arch| !matches!(*arch, "x86_64" | "i686")) {
        trace.step(|| format!("a CPU of `{arch}` does not run on x86"));
        return Ok(incompatible);
    }
    if let Some(vendor) = cpu.vendor.filter(|vendor| host.vendor != Some(vendor)) {
        trace.step(|| format!("the vendor is to be `{vendor}`, and the host's is `{}`", host.vendor.unwrap_or("unknown")));
        return Ok(incompatible);
    }
    let has = features(map, host)?;
    let [force, require, optional, disable, forbid] =
        [Policy::Force, Policy::Require, Policy::Optional, Policy::Disable, Policy::Forbid].map(|policy| with_policy(map, cpu, policy));
    let (force, optional, disable) = (force?, optional?, disable?);
    let (require, forbid) = (require?.without(force).without(optional).without(disable), forbid?);
    trace.step(|| format!("the host has {} features, and {} are required", has.len(), require.len()));
    let forbidden = names(map, forbid.common(has));
    if !forbidden.is_empty() {
        trace.step(|| format!("the host has what is forbidden: {}", forbidden.join(", ")));
        return Ok(Comparison { forbidden, ..incompatible });
    }
    let missing = names(map, require.without(has));
    if !missing.is_empty() {
        trace.step(|| format!("the host lacks {}", missing.join(", ")));
        return Ok(Comparison { missing, ..incompatible });
    }
    let extra = has.without(optional).without(require).without(disable).without(force);
    if extra.is_empty() {
        return Ok(Comparison::plain(Compared::Identical));
    }
    if !cpu.is_host && cpu.matching == Matching::Strict {
        let extra = names(map, extra);
        trace.step(|| format!("`match='strict'`, and the host has more: {}", extra.join(", ")));
        return Ok(Comparison { extra, ..incompatible });
    }
    Ok(Comparison::plain(Compared::Superset))
}

/// Updates a guest's CPU; `host` is there where something in it depends on the host.
pub(super) fn update<'a>(
    map: &'a X86Map,
    guest: &mut Definition<'a>,
    host: Option<&Definition<'a>>,
    trace: &mut Trace,
) -> Result<(), Refused> {
    if let Some(host) = host {
        let has = features(map, host)?;
        for feature in guest.features.iter_mut().filter(|feature| feature.policy == Policy::Optional) {
            let there = has.has(number(map, feature.name)?);
            feature.policy = if there { Policy::Require } else { Policy::Disable };
            trace.step(|| match there {
                true => format!("`{}` is optional, and this host has it: required", feature.name),
                false => format!("`{}` is optional, and this host lacks it: disabled", feature.name),
            });
        }
        if guest.mode == CpuMode::HostModel || guest.matching == Matching::Minimum {
            take_host(guest, host, true, trace);
        }
    }
    let model = guest.model.ok_or_else(|| Refused("the CPU names no model".to_owned()))?;
    disable_removed(map, guest, find(map, model)?, trace);
    Ok(())
}

/// Disables by name what a later libvirt took out of the model.
pub(super) fn disable_removed<'a>(map: &'a X86Map, cpu: &mut Definition<'a>, model: &Model, trace: &mut Trace) {
    let before = cpu.features.len();
    cpu.disable_unnamed(map.names(model.removed));
    for feature in cpu.features.iter().skip(before) {
        trace.step(|| format!("`{}` was taken out of `{}`: disabled by name", feature.name, model.name));
    }
}

/// Names all that the model stands for.
pub(super) fn expand<'a>(map: &'a X86Map, cpu: &mut Definition<'a>) -> Result<(), Refused> {
    let Some(name) = cpu.model else { return Err(Refused("the CPU names no model".to_owned())) };
    let model = find(map, name)?;
    let own = std::mem::take(&mut cpu.features);
    map.names(model.features).for_each(|name| cpu.set(name, Policy::Require));
    let kept = |policy| cpu.is_host || matches!(policy, Policy::Require | Policy::Disable);
    let own: Vec<_> = own.into_iter().filter(|feature| kept(feature.policy)).collect();
    own.iter().for_each(|feature| cpu.set(feature.name, feature.policy));
    if !cpu.is_host {
        disable_removed(map, cpu, model, &mut Trace::off());
    }
    Ok(())
}

/// Whether a CPU has a feature.
pub(super) fn has_feature(map: &X86Map, cpu: &Definition, feature: &str) -> Result<bool, Refused> {
    let set = features(map, cpu)?;
    number(map, feature).map(|number| set.has(number))
}

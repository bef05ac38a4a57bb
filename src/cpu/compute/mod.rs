//! What libvirt computes with its CPU map: whether a CPU runs on a host, what a guest's CPU comes to there, what runs on several
//! hosts. Values in, values out, with the steps told to a [`Trace`].

mod arm;
mod baseline;
mod closest;
mod ppc64;
mod s390x;
mod values;
mod x86;

pub use values::{Arch, Baseline, Compared, Comparison, KnownModel, Refused};

use super::map::{CpuMap, FeatureSet};
use super::{CpuMode, Definition, Matching, Trace};
use crate::caps::Policy;
use crate::text::sort_by_key;

/// Compares `host` with `cpu`, a guest's or another host's.
///
/// # Errors
/// Where either names what the map does not know, or libvirt compares nothing of the kind.
pub fn compare<'a>(
    map: &'a CpuMap,
    arch: Arch,
    host: &Definition<'a>,
    cpu: &Definition<'a>,
    trace: &mut Trace,
) -> Result<Comparison<'a>, Refused> {
    let answer = match arch {
        Arch::S390x => {
            trace.step(|| "on s390x libvirt compares nothing and leaves it to QEMU".to_owned());
            Ok(Comparison::plain(Compared::Identical))
        }
        Arch::Arm if !cpu.is_host => {
            trace.step(|| "on Arm libvirt compares hosts only and leaves guests to QEMU".to_owned());
            Ok(Comparison::plain(Compared::Identical))
        }
        _ if host.model.is_none() => {
            trace.step(|| "the host's CPU is unknown".to_owned());
            Ok(Comparison::plain(Compared::Incompatible))
        }
        Arch::X86 => x86::compare(&map.x86, host, cpu, trace),
        Arch::Ppc64 => ppc64::compare(&map.ppc64, host, cpu, trace),
        Arch::Arm => Ok(arm::compare(host, cpu, trace)),
    }?;
    trace.step(|| match answer.result {
        Compared::Identical => "the host is the same CPU".to_owned(),
        Compared::Superset => "the host has all that, and more".to_owned(),
        Compared::Incompatible => "the host cannot run it".to_owned(),
    });
    Ok(answer)
}

/// Makes of a guest's CPU what it comes to on `host`: host-model and `match='minimum'` become the host's CPU, optional features
/// required or disabled, and features that were removed from the model are disabled.
///
/// # Errors
/// Where it names what the map does not know, or what this architecture does not take.
pub fn update<'a>(
    map: &'a CpuMap,
    arch: Arch,
    guest: &mut Definition<'a>,
    host: Option<&Definition<'a>>,
    trace: &mut Trace,
) -> Result<(), Refused> {
    let optional = guest.features.iter().any(|feature| feature.policy == Policy::Optional);
    let relative = match guest.mode {
        CpuMode::HostPassthrough | CpuMode::Maximum => {
            trace.step(|| format!("`{}` stays as it is", guest.mode.word()));
            return Ok(());
        }
        CpuMode::HostModel => true,
        CpuMode::Custom => guest.matching == Matching::Minimum || optional,
    };
    let needed = || host.ok_or_else(|| Refused("the host's CPU is unknown".to_owned()));
    match arch {
        Arch::X86 => x86::update(&map.x86, guest, if relative { Some(needed()?) } else { None }, trace),
        Arch::Ppc64 => {
            if guest.mode == CpuMode::Custom {
                guest.matching = Matching::Exact;
            }
            trace.step(|| "on ppc64 the model stays as it is named".to_owned());
            Ok(())
        }
        Arch::S390x if relative && guest.mode == CpuMode::Custom => Err(Refused(match guest.matching {
            Matching::Minimum => "s390x takes no `match='minimum'`".to_owned(),
            _ => "s390x takes no optional features".to_owned(),
        })),
        Arch::S390x | Arch::Arm if guest.mode == CpuMode::HostModel => {
            take_host(guest, needed()?, arch == Arch::S390x, trace);
            Ok(())
        }
        Arch::S390x | Arch::Arm => Ok(()),
    }
}

/// Makes host-model, or `match='minimum'`, the host's CPU.
fn take_host<'a>(guest: &mut Definition<'a>, host: &Definition<'a>, with_own_features: bool, trace: &mut Trace) {
    let own = std::mem::replace(&mut guest.features, host.features.clone());
    guest.model = host.model;
    trace.step(|| format!("the guest gets the host's `{}` with its {} features", host.model.unwrap_or_default(), host.features.len()));
    if with_own_features {
        own.iter().for_each(|feature| guest.set(feature.name, feature.policy));
        if !own.is_empty() {
            trace.step(|| format!("the guest's own {} features win over those of the host", own.len()));
        }
    }
    if guest.mode == CpuMode::HostModel {
        guest.vendor = host.vendor;
        guest.vendor_id = guest.vendor_id.or(host.vendor_id);
    }
    (guest.mode, guest.matching) = (CpuMode::Custom, Matching::Exact);
}

/// Turns a model that the hypervisor does not know into the closest one that it knows.
///
/// # Errors
/// Where `fallback='forbid'` keeps the model, or no other is close.
pub fn translate<'a>(
    map: &'a CpuMap,
    arch: Arch,
    cpu: &mut Definition<'a>,
    known: Option<&[KnownModel]>,
    trace: &mut Trace,
) -> Result<(), Refused> {
    let (Some(known), CpuMode::Custom, Some(model)) = (known, cpu.mode, cpu.model) else { return Ok(()) };
    if known.iter().any(|known| known.name == model) {
        trace.step(|| format!("the hypervisor knows `{model}`"));
        return Ok(());
    }
    if cpu.fallback_forbidden {
        return Err(Refused(format!("the hypervisor does not know `{model}`, and no other model may take its place")));
    }
    match arch {
        Arch::X86 => closest::translate(&map.x86, cpu, known, trace),
        _ => Err(Refused(format!("the hypervisor does not know `{model}`, and on this architecture no other takes its place"))),
    }
}

/// The CPU that runs on all of `cpus`: as much of it as they have in common.
///
/// # Errors
/// Where they have nothing in common, their vendors differ, or one names what the map does not know.
pub fn baseline<'a>(
    map: &'a CpuMap,
    arch: Arch,
    cpus: &[Definition<'a>],
    wanted: &Baseline,
    trace: &mut Trace,
) -> Result<Definition<'a>, Refused> {
    let Some(first) = cpus.first() else { return Err(Refused("no CPU is given".to_owned())) };
    if let Some(at) = cpus.iter().position(|cpu| cpu.model.is_none()) {
        return Err(Refused(format!("CPU {} names no model", at + 1)));
    }
    let mut common = match (arch, wanted.models) {
        (Arch::X86, _) => baseline::baseline(&map.x86, cpus, wanted, trace)?,
        (Arch::S390x, Some(_)) if wanted.expanded => {
            return Err(Refused("on s390x only QEMU names all that a model stands for".to_owned()));
        }
        (Arch::S390x, Some(known)) => s390x::baseline(cpus, known, trace)?,
        (Arch::S390x, None) => return Err(Refused("on s390x only QEMU computes what CPUs have in common".to_owned())),
        (_, Some(_)) => return Err(Refused("for a hypervisor libvirt computes that on x86 and s390x alone".to_owned())),
        (Arch::Ppc64, None) => ppc64::baseline(&map.ppc64, cpus)?,
        (Arch::Arm, None) => Definition { model: first.model, ..Definition::default() },
    };
    if wanted.expanded {
        expand(map, arch, &mut common, trace)?;
    }
    Ok(common)
}

/// Names all that the model stands for, in the order of the names.
///
/// # Errors
/// Where the map does not know the model.
pub fn expand<'a>(map: &'a CpuMap, arch: Arch, cpu: &mut Definition<'a>, trace: &mut Trace) -> Result<(), Refused> {
    if arch == Arch::X86 {
        x86::expand(&map.x86, cpu)?;
    }
    sort_by_key(&mut cpu.features, |feature| feature.name);
    trace.step(|| format!("with all that `{}` stands for these are {} features", cpu.model.unwrap_or_default(), cpu.features.len()));
    Ok(())
}

/// What a model stands for; those that were added to it or removed from it later are left out.
///
/// # Errors
/// Where the map does not know the model.
pub fn stands_for<'m>(map: &'m CpuMap, arch: Arch, model: &str) -> Result<Vec<&'m str>, Refused> {
    match arch {
        Arch::X86 => Ok(map.x86.names(x86::find(&map.x86, model)?.features).collect()),
        Arch::Ppc64 => ppc64::find(&map.ppc64, model).map(|_| Vec::new()),
        Arch::Arm if map.arm.models.iter().any(|(name, ..)| **name == *model) => Ok(Vec::new()),
        Arch::Arm | Arch::S390x => Err(Refused(format!("libvirt's map does not say what `{model}` stands for"))),
    }
}

/// The mode of the oldest of several ppc64 hosts, which the newer ones can run a guest in as well.
///
/// # Errors
/// Where one of them has no such modes.
pub fn mode_of_oldest(hosts: &[Definition]) -> Result<&'static str, Refused> {
    ppc64::mode_of_oldest(hosts)
}

/// What a static model of s390x stands for, which never changes; none where it is none that is known.
#[must_use]
pub fn of_static_model<'n>(name: &str) -> Option<Vec<&'n str>> {
    s390x::of_static(name)
}

/// All that a CPU has: on x86 a set of the map's features, elsewhere nothing that libvirt counts.
///
/// # Errors
/// Where it names what the map does not know.
pub fn feature_set(map: &CpuMap, arch: Arch, cpu: &Definition) -> Result<FeatureSet, Refused> {
    match arch {
        Arch::X86 => x86::features(&map.x86, cpu),
        _ => Ok(FeatureSet::default()),
    }
}

/// Whether a CPU has a feature.
///
/// # Errors
/// Where the map does not know either, or the architecture's CPUs are not asked for features.
pub fn has_feature(map: &CpuMap, arch: Arch, cpu: &Definition, feature: &str) -> Result<bool, Refused> {
    match arch {
        Arch::X86 => x86::has_feature(&map.x86, cpu, feature),
        _ => Err(Refused("libvirt asks only CPUs of x86 for features".to_owned())),
    }
}

/// The CPU without the features that no guest can migrate with.
#[must_use]
pub fn migratable<'a>(map: &CpuMap, arch: Arch, cpu: &Definition<'a>) -> Definition<'a> {
    let mut copy = cpu.clone();
    if arch == Arch::X86 {
        let stays =
            |name: &str| map.x86.number(name).and_then(|number| map.x86.features.get(number)).is_none_or(|feature| feature.migratable);
        copy.features.retain(|feature| stays(feature.name));
    }
    copy
}

/// Names a model as libvirt does now: ppc64 models had their revisions in their names up to 1.2.18.
pub fn convert_legacy(arch: Arch, cpu: &mut Definition) {
    if arch == Arch::Ppc64 {
        cpu.model = cpu.model.map(ppc64::current_name);
    }
}

#[cfg(test)]
mod tests;

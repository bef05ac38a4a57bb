//! The CPU that runs on all hosts.

use super::pairs::Side;
use crate::caps::{Custom, DomainCaps, HostCpu, HostModel, Policy, Usable};
use crate::cpu::map::CpuMap;
use crate::cpu::{
    Arch, Baseline, CpuMode, Definition, Driver, Family, KnownModel, Trace, baseline, feature_set, mode_of_oldest, of_static_model,
};
use crate::report::CommonCpu;
use crate::rules::{self, use_common_cpu};

/// What a host gives, by its domain capabilities.
struct Given<'a> {
    host: &'a str,
    caps: &'a DomainCaps,
    definition: &'a HostModel,
    custom: &'a Custom,
}

impl<'a> Given<'a> {
    fn of(side: &'a Side<'a>, arch: Arch) -> Option<Self> {
        let caps = side.facts.sources.domain_caps?.said;
        // on ppc64 libvirt tells the host's model without asking QEMU
        let told = |definition: &&HostModel| definition.probed() || arch == Arch::Ppc64;
        let offered = |definition: &&HostModel| definition.mode.answer().denied().is_none() && definition.model.is_some();
        let definition = caps.cpu.host_model.as_ref().filter(told).filter(offered)?;
        let custom = caps.cpu.custom.as_ref().filter(|custom| !custom.models.is_empty())?;
        Some(Self { host: &side.answer.host, caps, definition, custom })
    }
}

/// The CPU that runs on all of them, as an edit of the domain.
///
/// # Errors
/// Why there is none: one sentence.
pub(super) fn common(sides: &[Side], map: &CpuMap) -> Result<CommonCpu, String> {
    let first = sides.first().ok_or("no document of any host is loaded")?;
    let arch = arch(first)?;
    if arch == Arch::Arm {
        return Err(on_arm(sides));
    }
    let mut all: Vec<Given> = Vec::with_capacity(sides.len());
    for side in sides {
        let given = Given::of(side, arch).ok_or_else(|| format!("no document tells which CPU `{}` can give", side.answer.host))?;
        if !all.iter().any(|other| std::ptr::eq(other.caps, given.caps)) {
            all.push(given);
        }
    }
    let definitions: Vec<Definition> = all.iter().map(|given| Definition::of_host_model(given.definition)).collect();
    let found = match arch {
        Arch::X86 => on_x86(&all, &definitions, map)?,
        Arch::S390x => on_s390x(&all, &definitions, map)?,
        Arch::Ppc64 | Arch::Arm => on_ppc64(&definitions, map)?,
    };
    let x86 = if arch == Arch::X86 { Some(feature_set(map, arch, &found).map_err(|refused| refused.0)?) } else { None };
    let has = |name: &str| match (arch, x86) {
        (Arch::X86, Some(set)) => map.x86.number(name).is_some_and(|number| set.has(number)),
        (Arch::S390x, _) => has_on_s390x(&found, name),
        _ => true,
    };
    let features: Vec<(&str, Policy)> = found.features.iter().map(|feature| (feature.name, feature.policy)).collect();
    let model = found.model.ok_or("no model is known to all hosts")?;
    let cpu = rules::CommonCpu {
        mode: found.mode,
        model,
        vendor: found.vendor,
        features: &features,
        has: &has,
        unknown_refused: arch == Arch::S390x,
    };
    Ok(CommonCpu {
        model: model.to_owned(),
        vendor: found.vendor.map(str::to_owned),
        xml: found.xml(),
        fix: use_common_cpu(first.facts.subject.root, &cpu),
        features: features.iter().map(|(name, policy)| ((*name).to_owned(), *policy)).collect(),
    })
}

/// The architecture of the domain, by which all documents were chosen.
fn arch(side: &Side) -> Result<Arch, String> {
    let facts = &side.facts;
    match facts.cpu.request.family {
        Family::X86 => Ok(Arch::X86),
        Family::S390x => Ok(Arch::S390x),
        Family::Ppc64 => Ok(Arch::Ppc64),
        Family::Other => {
            let of_caps = || Some(facts.sources.domain_caps?.said.arch.as_ref()?.value.as_str());
            let name = facts.subject.arch().or_else(of_caps).ok_or("no document tells the architecture")?;
            Arch::of(name).map_err(|refused| refused.0)
        }
    }
}

fn on_x86<'a>(all: &[Given<'a>], definitions: &[Definition<'a>], map: &'a CpuMap) -> Result<Definition<'a>, String> {
    let models = known_to_all(all);
    let wanted = Baseline { models: Some(&models), migratable: true, ..Baseline::default() };
    let mut found = baseline(map, Arch::X86, definitions, &wanted, &mut Trace::off()).map_err(|refused| refused.0)?;
    let model = found.model.ok_or("no model is known to all hosts")?;
    let blockers = all.iter().filter_map(|given| given.custom.model(model)).flat_map(|model| &model.blockers);
    found.disable_unnamed(blockers.map(|blocker| blocker.value.as_str()));
    found.fallback_forbidden = true;
    Ok(found)
}

fn on_s390x<'a>(all: &[Given<'a>], definitions: &[Definition<'a>], map: &'a CpuMap) -> Result<Definition<'a>, String> {
    let of_hosts: Vec<KnownModel> = definitions.iter().map(|host| KnownModel::named(host.model.unwrap_or_default())).collect();
    let wanted = Baseline { models: Some(&of_hosts), ..Baseline::default() };
    let mut found = baseline(map, Arch::S390x, definitions, &wanted, &mut Trace::off()).map_err(|refused| refused.0)?;
    let model = found.model.unwrap_or_default();
    let unusable = |given: &&Given| given.custom.model(model).is_none_or(|model| model.usable.value == Usable::No);
    if let Some(given) = all.iter().find(unusable) {
        return Err(format!("they have `{model}` in common, and `{}` does not list it as usable", given.host));
    }
    found.fallback_forbidden = true;
    Ok(found)
}

fn has_on_s390x(cpu: &Definition, name: &str) -> bool {
    let of_model = || of_static_model(cpu.model.unwrap_or_default()).is_some_and(|names| names.contains(&name));
    cpu.policy(name).map_or_else(of_model, |policy| policy == Policy::Require)
}

/// The model that all are of; else host-model in the mode of the oldest.
fn on_ppc64<'a>(definitions: &[Definition<'a>], map: &'a CpuMap) -> Result<Definition<'a>, String> {
    if definitions.iter().all(|host| host.model == definitions.first().and_then(|first| first.model)) {
        return baseline(map, Arch::Ppc64, definitions, &Baseline::default(), &mut Trace::off()).map_err(|refused| refused.0);
    }
    let mode = mode_of_oldest(definitions).map_err(|refused| refused.0)?;
    Ok(Definition { mode: CpuMode::HostModel, model: Some(mode), ..Definition::default() })
}

/// Why there is none on Arm, where libvirt compares hosts by vendor and model, and QEMU hands out the host's CPU as it is.
fn on_arm(sides: &[Side]) -> String {
    if sides.iter().any(|side| side.facts.cpu.request.driver != Driver::Kvm) {
        return "on Arm libvirt computes none for emulated guests".to_owned();
    }
    let mut first: Option<(&str, &HostCpu)> = None;
    for side in sides {
        let Some(own) = side.facts.sources.host_caps.and_then(|caps| caps.said.cpu.as_ref()).filter(|cpu| cpu.model.is_some()) else {
            continue;
        };
        match first {
            None => first = Some((&side.answer.host, own)),
            Some((host, other)) if named(own) != named(other) => {
                let (own, other, there) = (named(own), named(other), &side.answer.host);
                return format!(
                    "on Arm a guest gets the CPU of its host as it is, and that of `{host}` is `{other}`, that of `{there}` `{own}`"
                );
            }
            Some(_) => {}
        }
    }
    "on Arm a guest gets the CPU of its host as it is, and no document tells whether hosts are alike in everything".to_owned()
}

/// Vendor and model, by which libvirt compares hosts of Arm.
fn named(cpu: &HostCpu) -> String {
    let mut name = String::new();
    for part in [&cpu.vendor, &cpu.model].into_iter().flatten() {
        name += if name.is_empty() { "" } else { " " };
        name += &part.value;
    }
    name
}

/// The models that every host knows by name. Hosts list them in the same order, mostly, so that each is looked for where the one
/// before it was found.
fn known_to_all<'a>(all: &[Given<'a>]) -> Vec<KnownModel<'a>> {
    let listed = |custom: &'a Custom| custom.models.iter().map(|model| model.name.value.as_str());
    let mut names: Vec<&str> = all.first().into_iter().flat_map(|given| listed(given.custom)).collect();
    for given in all.iter().skip(1) {
        let mut next = given.custom.models.iter().peekable();
        names.retain(|name| match next.next_if(|model| model.name.value == *name) {
            Some(_) => true,
            None => {
                let known = given.custom.model(name).is_some();
                if known {
                    next.by_ref().find(|model| model.name.value == *name);
                }
                known
            }
        });
    }
    names.into_iter().map(KnownModel::named).collect()
}

//! The CPU that runs on all hosts.

use super::pairs::Side;
use crate::caps::{Custom, DomainCaps, HostModel, Policy};
use crate::cpu::map::CpuMap;
use crate::cpu::{Arch, Baseline, Definition, Family, KnownModel, Trace, baseline, feature_set};
use crate::report::CommonCpu;
use crate::rules::{self, use_common_cpu};

/// What a host gives, by its domain capabilities.
struct Given<'a> {
    caps: &'a DomainCaps,
    definition: &'a HostModel,
    custom: &'a Custom,
}

impl<'a> Given<'a> {
    fn of(side: &Side<'a>) -> Option<Self> {
        let caps = side.facts.sources.domain_caps?.said;
        let probed = |definition: &&HostModel| definition.probed() && definition.mode.answer().denied().is_none();
        let definition = caps.cpu.host_model.as_ref().filter(probed).filter(|definition| definition.model.is_some())?;
        let custom = caps.cpu.custom.as_ref().filter(|custom| !custom.models.is_empty())?;
        Some(Self { caps, definition, custom })
    }
}

/// The CPU that runs on all of them, as an edit of the domain.
///
/// # Errors
/// Why there is none: one sentence.
pub(super) fn common(sides: &[Side], map: &CpuMap) -> Result<CommonCpu, String> {
    let first = sides.first().ok_or("no document of any host is loaded")?;
    if first.facts.cpu.request.family != Family::X86 {
        return Err("what CPUs have in common is computed for x86 alone".to_owned());
    }
    let mut all: Vec<Given> = Vec::with_capacity(sides.len());
    for side in sides {
        let given = Given::of(side).ok_or_else(|| format!("no document tells which CPU `{}` can give", side.answer.host))?;
        if !all.iter().any(|other| std::ptr::eq(other.caps, given.caps)) {
            all.push(given);
        }
    }
    let definitions: Vec<Definition> = all.iter().map(|given| Definition::of_host_model(given.definition)).collect();
    let models = known_to_all(&all);
    let wanted = Baseline { models: Some(&models), migratable: true, ..Baseline::default() };
    let mut found = baseline(map, Arch::X86, &definitions, &wanted, &mut Trace::off()).map_err(|refused| refused.0)?;
    let model = found.model.ok_or("no model is known to all hosts")?;
    let blockers = all.iter().filter_map(|given| given.custom.model(model)).flat_map(|model| &model.blockers);
    found.disable_unnamed(blockers.map(|blocker| blocker.value.as_str()));
    found.fallback_forbidden = true;
    let has = feature_set(map, Arch::X86, &found).map_err(|refused| refused.0)?;
    let features: Vec<(&str, Policy)> = found.features.iter().map(|feature| (feature.name, feature.policy)).collect();
    let has = |name: &str| map.x86.number(name).is_some_and(|number| has.has(number));
    let cpu = rules::CommonCpu { model, vendor: found.vendor, features: &features, has: &has };
    Ok(CommonCpu {
        model: model.to_owned(),
        vendor: found.vendor.map(str::to_owned),
        xml: found.xml(),
        fix: use_common_cpu(first.facts.subject.root, &cpu),
        features: features.into_iter().map(|(name, policy)| (name.to_owned(), policy)).collect(),
    })
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
    names.into_iter().map(|name| KnownModel { name, blockers: Vec::new() }).collect()
}

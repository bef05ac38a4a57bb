//! What several x86 CPUs have in common.

use super::closest::{Wanted, closest, written};
use super::{Baseline, Refused, x86};
use crate::cpu::map::{FeatureSet, X86Map};
use crate::cpu::{Definition, Trace};

/// The model and features that they share.
pub(super) fn baseline<'a>(
    map: &'a X86Map,
    cpus: &[Definition<'a>],
    wanted: &Baseline,
    trace: &mut Trace,
) -> Result<Definition<'a>, Refused> {
    let vendor = common_vendor(map, cpus)?;
    let mut common = FeatureSet::default();
    let mut names: Vec<&str> = Vec::new();
    for (at, cpu) in cpus.iter().enumerate() {
        let has = x86::features(map, cpu)?;
        common = if at == 0 { has } else { common.common(has) };
        names.extend(cpu.model.filter(|name| !names.contains(name)));
    }
    trace.step(|| format!("{} CPUs have {} features in common", cpus.len(), common.len()));
    if let Some(only) = wanted.features {
        common = common.common(only);
        trace.step(|| format!("{} of them the hypervisor can give", common.len()));
    }
    if common.is_empty() {
        return Err(Refused("the CPUs have nothing in common".to_owned()));
    }
    let sought = Wanted { features: common, vendor, signature: None, known: wanted.models, preferred: &names };
    let found = closest(map, &sought, trace)?;
    let mut features = written(map, &found);
    if wanted.migratable {
        let stays = |name: &str| map.number(name).and_then(|number| map.features.get(number)).is_none_or(|feature| feature.migratable);
        features.retain(|feature| stays(feature.name));
    }
    let named = cpus.iter().all(|cpu| cpu.vendor.is_some());
    Ok(Definition {
        model: Some(&found.model.name),
        fallback_forbidden: names == [&*found.model.name],
        vendor: map.vendor(vendor).filter(|_| named),
        features,
        ..Definition::default()
    })
}

/// The vendor of all, by its number: as they name it, or as their models have it.
fn common_vendor(map: &X86Map, cpus: &[Definition]) -> Result<Option<usize>, Refused> {
    let mut common: Option<usize> = None;
    for (at, cpu) in cpus.iter().enumerate() {
        let of_model = map.vendor(cpu.model.and_then(|name| map.model(name)).and_then(|model| model.vendor));
        // libvirt looks at the model of every CPU but the first
        let of_model = of_model.filter(|_| at > 0);
        if let (Some(own), Some(other)) = (cpu.vendor, of_model)
            && own != other
        {
            return Err(Refused(format!("a model of `{other}` is said to be of `{own}`")));
        }
        let Some(name) = cpu.vendor.or(of_model) else { continue };
        let number = map.vendors.iter().position(|vendor| *vendor.name == *name);
        let number = number.ok_or_else(|| Refused(format!("libvirt does not know the vendor `{name}`")))?;
        if common.is_some_and(|common| common != number) {
            return Err(Refused("the CPUs are of different vendors".to_owned()));
        }
        common = Some(number);
    }
    Ok(common)
}

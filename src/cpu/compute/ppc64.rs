//! ppc64: a CPU is a model, and a guest may run in the mode of an older one.

use super::{Compared, Comparison, Refused};
use crate::cpu::map::{Ppc64Map, Ppc64Model};
use crate::cpu::{CpuMode, Definition, Trace};

/// The model of that name.
pub(super) fn find<'m>(map: &'m Ppc64Map, name: &str) -> Result<&'m Ppc64Model, Refused> {
    let found = map.models.iter().find(|model| *model.name == *name);
    found.ok_or_else(|| Refused(format!("libvirt does not know the model `{name}`")))
}

/// The generation of a model whose name libvirt 1.2.18 and older wrote with its revision.
pub(super) fn current_name(name: &str) -> &str {
    match name {
        "POWER7_v2.1" | "POWER7_v2.3" | "POWER7+_v2.1" => "POWER7",
        "POWER8_v1.0" => "POWER8",
        _ => name,
    }
}

/// The generation in a name such as `POWER9`, where libvirt has a compatibility mode for it.
fn generation(map: &Ppc64Map, name: &str, prefix: &str) -> Option<u32> {
    let newest = map.models.iter().filter_map(|model| model.name.strip_prefix("POWER")?.parse().ok()).max().unwrap_or(0);
    name.strip_prefix(prefix)?.parse().ok().filter(|generation| (6..=newest).contains(generation))
}

pub(super) fn compare<'a>(
    map: &'a Ppc64Map,
    host: &Definition<'a>,
    cpu: &Definition<'a>,
    trace: &mut Trace,
) -> Result<Comparison<'a>, Refused> {
    let incompatible = Comparison::plain(Compared::Incompatible);
    if let Some(arch) = cpu.arch.filter(|arch| !matches!(*arch, "ppc64" | "ppc64le")) {
        trace.step(|| format!("a CPU of `{arch}` does not run on ppc64"));
        return Ok(incompatible);
    }
    if let Some(vendor) = cpu.vendor.filter(|vendor| host.vendor != Some(vendor)) {
        trace.step(|| format!("the vendor is to be `{vendor}`, and the host's is `{}`", host.vendor.unwrap_or("unknown")));
        return Ok(incompatible);
    }
    let own = find(map, host.model.unwrap_or_default())?;
    let named = || cpu.model.ok_or_else(|| Refused("the CPU names no model".to_owned()));
    let model = match cpu.mode {
        CpuMode::Custom => find(map, current_name(named()?))?,
        CpuMode::HostModel if !runs_in_mode(map, own, cpu.model, trace)? => return Ok(incompatible),
        _ => own,
    };
    if model.name != own.name {
        trace.step(|| format!("the host is a `{}`, not a `{}`", own.name, model.name));
        return Ok(incompatible);
    }
    Ok(Comparison::plain(Compared::Identical))
}

/// Whether the host can run a guest in a compatibility mode.
fn runs_in_mode(map: &Ppc64Map, host: &Ppc64Model, mode: Option<&str>, trace: &mut Trace) -> Result<bool, Refused> {
    let Some(mode) = mode else { return Ok(true) };
    let own = generation(map, &host.name, "POWER");
    let own = own.ok_or_else(|| Refused(format!("a `{}` has no compatibility modes", host.name)))?;
    let wanted = generation(map, mode, "power").ok_or_else(|| Refused(format!("there is no compatibility mode `{mode}`")))?;
    trace.step(|| format!("the host is of generation {own}, and the mode of generation {wanted}"));
    Ok(wanted <= own)
}

/// The models that have a compatibility mode, from the oldest, and that mode.
const MODES: &[(&str, &str)] = &[
    ("POWER6", "power6"),
    ("POWER7", "power7"),
    ("POWER8", "power8"),
    ("POWER9", "power9"),
    ("POWER10", "power10"),
    ("POWER11", "power11"),
];

/// The mode of the oldest of these hosts.
pub(super) fn mode_of_oldest(hosts: &[Definition]) -> Result<&'static str, Refused> {
    let mut oldest = MODES.len();
    for host in hosts {
        let name = host.model.unwrap_or_default();
        let own = MODES.iter().position(|(model, _)| *model == name);
        oldest = oldest.min(own.ok_or_else(|| Refused(format!("a `{name}` has no compatibility modes")))?);
    }
    MODES.get(oldest).map(|(_, mode)| *mode).ok_or_else(|| Refused("no host is given".to_owned()))
}

/// They must all be of one model.
pub(super) fn baseline<'a>(map: &'a Ppc64Map, cpus: &[Definition<'a>]) -> Result<Definition<'a>, Refused> {
    let model = find(map, cpus.first().and_then(|cpu| cpu.model).unwrap_or_default())?;
    let mut common: Option<&str> = None;
    for cpu in cpus {
        if cpu.model != Some(&*model.name) {
            return Err(Refused("the CPUs are of different models".to_owned()));
        }
        let Some(vendor) = cpu.vendor else { continue };
        if !map.vendors.iter().any(|known| **known == *vendor) {
            return Err(Refused(format!("libvirt does not know the vendor `{vendor}`")));
        }
        match (model.vendor.as_deref(), common) {
            (Some(own), _) if own != vendor => return Err(Refused(format!("a model of `{own}` is said to be of `{vendor}`"))),
            (None, Some(other)) if other != vendor => return Err(Refused("the CPUs are of different vendors".to_owned())),
            (None, _) => common = Some(vendor),
            _ => {}
        }
    }
    Ok(Definition { model: Some(&model.name), vendor: common, fallback_forbidden: true, ..Definition::default() })
}

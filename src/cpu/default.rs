//! No model: the hypervisor's default is filled in.

use super::{CheckLevel, Driver, Family, Resolved, Trace, custom, features, host_model};
use crate::caps::{Sources, Subject};

/// Fills it in. libvirt writes it into the definition with `check='none'`, since a default need not run everywhere.
pub(super) fn fill<'a>(cpu: &mut Resolved<'a>, subject: &Subject<'a>, sources: &Sources<'a>, trace: &mut Trace) {
    if cpu.request.family == Family::S390x && cpu.request.driver == Driver::Kvm {
        trace.step(|| "the default on s390x under KVM is host-model".to_owned());
        return host_model::resolve(cpu, sources, trace);
    }
    cpu.request.check = CheckLevel::None;
    let Some(model) = model(cpu.request.family, cpu.request.driver, subject, sources) else {
        trace.step(|| "the default of this hypervisor is in no document".to_owned());
        return features::own_features(cpu, sources, trace);
    };
    cpu.model = Some(model);
    cpu.listed = custom::listed(Some(model), sources);
    cpu.exact = cpu.listed.is_some();
    trace.step(|| format!("the default of this hypervisor is `{model}`"));
    custom::finish(cpu, sources, trace);
}

fn model(family: Family, driver: Driver, subject: &Subject, sources: &Sources) -> Option<&'static str> {
    let said = sources.domain_caps.map(|caps| caps.said);
    let word = |said: Option<&'_ crate::caps::Said<String>>| said.map(|said| said.value.clone());
    let machine = subject.machine().map(str::to_owned).or_else(|| word(said?.machine.as_ref())).unwrap_or_default();
    let virt = driver == Driver::Emulated && (machine == "virt" || machine.starts_with("virt-"));
    let arch = subject.arch().map(str::to_owned).or_else(|| word(said?.arch.as_ref())).unwrap_or_default();
    match (family, arch.as_str()) {
        (Family::X86, _) if machine.starts_with("isapc") => Some("486"),
        (Family::X86, _) => Some("qemu64"),
        (Family::S390x, _) => Some("qemu"),
        (_, "aarch64" | "armv7l") if virt => Some("cortex-a15"),
        (_, "riscv64") if virt => Some("rv64"),
        (_, "loongarch64") if virt => Some("la464"),
        _ => None,
    }
}

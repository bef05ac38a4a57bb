//! host-model, host-passthrough, maximum and custom, resolved as libvirt does at a start, from the host's documents.

use super::map::CpuMap;
use super::{
    CpuMode, Driver, Family, Matching, Origin, Request, Resolved, ResolvedFeature, Trace, custom, default, features, host_model, start,
};
use crate::caps::{CpuXml, Policy, Source, Sources, Subject};

/// The CPU that `subject` gets by what `sources` say, and by the host's own CPU map where it is loaded.
#[must_use]
pub fn resolve<'a>(subject: &Subject<'a>, sources: &Sources<'a>, own_map: Option<&'a CpuMap>, trace: &mut Trace) -> Resolved<'a> {
    let request = Request::of(subject, sources, own_map);
    let mut cpu = Resolved { asked: request.mode, mode: request.mode, vendor: request.vendor, request, ..Resolved::default() };
    trace.step(|| asked(&cpu.request));
    if cpu.request.driver == Driver::Other {
        trace.step(|| "the domain type is neither `kvm` nor `qemu`: nothing is known of its CPU".to_owned());
        return cpu;
    }
    match (updated(sources), cpu.request.mode) {
        (Some(updated), _) => from_updated(&mut cpu, updated, trace),
        (None, CpuMode::HostModel) => host_model::resolve(&mut cpu, sources, trace),
        (None, CpuMode::HostPassthrough | CpuMode::Maximum) => whole(&mut cpu, sources, trace),
        (None, CpuMode::Custom) if cpu.request.wants_default() => default::fill(&mut cpu, subject, sources, trace),
        (None, CpuMode::Custom) if cpu.request.matching == Matching::Minimum => {
            cpu.listed = custom::listed(cpu.request.model.map(|model| model.value), sources);
            host_model::resolve(&mut cpu, sources, trace);
        }
        (None, CpuMode::Custom) => custom::named(&mut cpu, sources, trace),
    }
    start::judge(&mut cpu, sources, trace);
    cpu
}

fn asked(request: &Request) -> String {
    match (request.node, request.mode, request.model) {
        (None, ..) => "the domain asks for no CPU".to_owned(),
        (_, CpuMode::Custom, None) => "the domain's `<cpu>` names no model".to_owned(),
        (_, CpuMode::Custom, Some(model)) => format!("the domain asks for the model `{}`", model.value),
        (_, mode, _) => format!("the domain asks for `{}`", mode.word()),
    }
}

fn updated<'a>(sources: &Sources<'a>) -> Option<Source<'a, CpuXml>> {
    sources.updated_cpu.filter(|updated| updated.model.is_some())
}

/// `dumpxml --update-cpu` printed it: that counts before every computation.
fn from_updated<'a>(cpu: &mut Resolved<'a>, updated: Source<'a, CpuXml>, trace: &mut Trace) {
    let said = updated.said;
    cpu.mode = CpuMode::Custom;
    cpu.model = said.model.as_ref().map(|model| model.value.as_str());
    cpu.vendor = said.vendor.as_ref().map(|vendor| vendor.value.as_str());
    let named: Vec<_> = cpu.request.features().map(|feature| feature.name).collect();
    cpu.features.list().extend(said.features.iter().map(|feature| ResolvedFeature {
        name: &feature.name.value,
        policy: Some(feature.policy),
        origin: if named.contains(&feature.name.value.as_str()) { Origin::Domain } else { Origin::HostModel },
        running: Some(!matches!(feature.policy, Policy::Disable | Policy::Forbid)),
        evidence: Some((updated.id, feature.name.span)),
    }));
    cpu.exact = true;
    trace.step(|| {
        format!("libvirt printed the CPU that a start takes: `{}`, {} features", cpu.model.unwrap_or_default(), cpu.features.iter().count())
    });
}

/// host-passthrough and maximum: the domain's features ride along.
fn whole<'a>(cpu: &mut Resolved<'a>, sources: &Sources<'a>, trace: &mut Trace) {
    let x86 = cpu.request.family == Family::X86;
    for asked in cpu.request.features() {
        let (policy, running) = match asked.policy {
            Policy::Require | Policy::Force => (Some(Policy::Require), None),
            Policy::Disable | Policy::Forbid => (Some(Policy::Disable), Some(false)),
            Policy::Optional => (None, None),
        };
        let policy = policy.filter(|_| !(x86 && super::names::NEVER_PASSED.contains(&asked.name)));
        cpu.features.push(ResolvedFeature { name: asked.name, policy, origin: Origin::Domain, running, evidence: None });
    }
    if cpu.request.family == Family::Other {
        features::vector_extension(cpu);
    }
    let Some(caps) = sources.domain_caps else {
        trace.step(|| "no domain capabilities that fit are loaded: whether that is supported is unknown".to_owned());
        return;
    };
    cpu.exact = cpu.mode.answer(&caps.said.cpu).is_yes();
    trace.step(|| match (cpu.exact, cpu.mode) {
        (false, mode) => format!("the document does not say that `{}` is supported", mode.word()),
        (true, CpuMode::Maximum) => "the guest gets all that the hypervisor can do, with the domain's own features".to_owned(),
        (true, _) => "the guest gets the host's CPU as it is, with the domain's own features".to_owned(),
    });
}

#[cfg(test)]
mod tests {
    use crate::cpu::{CpuMode, Origin, Startable};
    use crate::report::CpuReport;
    use crate::support::host;

    fn resolved(host_name: &str, domain_type: &str, os: &str, cpu: &str) -> CpuReport {
        let xml = format!("<domain type='{domain_type}'><name>a</name><os><type {os}>hvm</type></os>{cpu}</domain>");
        host(host_name).resolve_cpu(&xml, None).unwrap()
    }

    fn q35(host_name: &str, cpu: &str) -> CpuReport {
        let domain_type = if host_name.contains("kvm") { "kvm" } else { "qemu" };
        resolved(host_name, domain_type, "arch='x86_64' machine='q35'", cpu)
    }

    fn outline(cpu: &CpuReport) -> (CpuMode, Option<&str>, bool, Startable) {
        (cpu.summary.mode, cpu.summary.model.as_deref(), cpu.summary.exact, cpu.summary.startable)
    }

    /// Its policy, origin and state, in words.
    fn feature(cpu: &CpuReport, name: &str) -> String {
        let Some(feature) = cpu.features.iter().find(|feature| feature.name == name) else { return String::new() };
        let policy = feature.policy.map_or("unasked", crate::caps::Policy::word);
        let running = feature.running.map_or("unknown", |on| if on { "on" } else { "off" });
        format!("{policy} {} {running}", feature.origin.word())
    }

    #[test]
    fn host_model_becomes_the_listed_cpu_without_invtsc() {
        let cpu = q35("kvm-q35", "<cpu mode='host-model'/>");
        assert_eq!(outline(&cpu), (CpuMode::Custom, Some("EPYC-Genoa"), true, Startable::Yes));
        assert_eq!((cpu.summary.vendor.as_deref(), cpu.features.len()), (Some("AMD"), 73));
        assert_eq!(feature(&cpu, "invtsc"), "");
        assert_eq!(feature(&cpu, "avx2"), "disable host-model off");
        assert_eq!(feature(&cpu, "x2apic"), "require host-model on");
        assert_eq!(feature(&cpu, "topoext"), "unasked hypervisor on");
        assert_eq!(cpu.features.iter().filter(|feature| feature.evidence.is_none()).count(), 1);
        let emulated = q35("qemu-q35", "<cpu mode='host-model'/>");
        assert_eq!(outline(&emulated), (CpuMode::Custom, Some("EPYC"), true, Startable::Yes));
        assert_eq!(outline(&q35("9.0.0:kvm-q35", "<cpu mode='host-model'/>")).1, Some("kvm64"));
    }

    #[test]
    fn what_qemus_models_have_beyond_libvirts_comes_along() {
        let of = |host_name: &str, model: &str, name: &str| {
            feature(&q35(host_name, &format!("<cpu check='none'><model>{model}</model></cpu>")), name)
        };
        assert_eq!(of("kvm-q35", "Penryn", "vme"), "unasked hypervisor on");
        assert_eq!(of("qemu-q35", "Penryn", "vme"), "");
        assert_eq!(of("qemu-q35", "EPYC-IBPB", "monitor"), "disable removed off");
        assert_eq!(of("qemu-q35", "Westmere", "arat"), "unasked hypervisor on");
    }

    #[test]
    fn the_domains_features_win_over_those_of_the_host() {
        let cpu = q35(
            "kvm-q35",
            "<cpu mode='host-model'><feature name='avx2' policy='force'/><feature name='x2apic' policy='disable'/>\
             <feature name='invtsc'/><feature name='cmt' policy='disable'/></cpu>",
        );
        assert_eq!(feature(&cpu, "avx2"), "force domain off");
        assert_eq!(feature(&cpu, "x2apic"), "disable domain off");
        assert_eq!(feature(&cpu, "invtsc"), "require domain on");
        assert_eq!(feature(&cpu, "cmt"), "unasked domain unknown");
    }

    #[test]
    fn parts_go_with_the_whole() {
        let cpu = q35("qemu-q35", "<cpu mode='host-model'><feature name='svm' policy='disable'/></cpu>");
        assert_eq!(feature(&cpu, "npt"), "require host-model off");
        let intel = q35("qemu-q35", "<cpu><model>Nehalem</model><feature name='npt'/></cpu>");
        assert_eq!(feature(&intel, "npt"), "require domain unknown");
    }

    #[test]
    fn optional_becomes_what_the_host_has() {
        let optional = |name: &str| {
            let cpu = q35("kvm-q35", &format!("<cpu mode='host-model'><feature name='{name}' policy='optional'/></cpu>"));
            (feature(&cpu, name), cpu.summary.exact)
        };
        assert_eq!(optional("succor"), ("require domain on".to_owned(), true));
        assert_eq!(optional("sse4.1"), ("disable domain off".to_owned(), true));
        assert_eq!(optional("hle"), ("disable domain off".to_owned(), true));
        assert_eq!(optional("mmx"), ("require domain on".to_owned(), true));
        assert_eq!(optional("nosuchfeature"), ("optional domain unknown".to_owned(), false));
    }

    #[test]
    fn a_document_that_was_not_asked_of_qemu_is_not_exact() {
        let cpu = q35("kvm-q35+fallback-allow", "<cpu mode='host-model'/>");
        assert_eq!(outline(&cpu), (CpuMode::Custom, Some("EPYC-Genoa"), false, Startable::Unknown));
        assert_eq!(feature(&cpu, "x2apic"), "require host-model unknown");
    }

    #[test]
    fn whole_cpus_take_the_domains_features_along() {
        let cpu = q35(
            "kvm-q35",
            "<cpu mode='host-passthrough'><feature name='aes' policy='force'/><feature name='vmx' policy='forbid'/>\
             <feature name='avx' policy='optional'/></cpu>",
        );
        assert_eq!(outline(&cpu), (CpuMode::HostPassthrough, None, true, Startable::Unknown));
        assert_eq!(feature(&cpu, "aes"), "require domain unknown");
        assert_eq!(feature(&cpu, "vmx"), "disable domain off");
        assert_eq!(feature(&cpu, "avx"), "unasked domain unknown");
        assert_eq!(outline(&q35("qemu-q35", "<cpu mode='maximum'/>")).3, Startable::Yes);
        assert_eq!(outline(&q35("qemu-q35", "<cpu mode='host-passthrough'/>")).3, Startable::No);
    }

    #[test]
    fn minimum_takes_the_hosts_cpu() {
        let cpu = q35("qemu-q35", "<cpu match='minimum'><model>Nehalem</model><vendor>Intel</vendor></cpu>");
        assert_eq!(outline(&cpu), (CpuMode::Custom, Some("EPYC"), true, Startable::Yes));
        assert_eq!(cpu.summary.vendor.as_deref(), Some("Intel"));
    }

    #[test]
    fn without_a_model_the_default_is_filled_in() {
        for cpu in ["", "<cpu><topology sockets='1' cores='2' threads='1'/></cpu>"] {
            let cpu = q35("qemu-q35", cpu);
            assert_eq!(outline(&cpu), (CpuMode::Custom, Some("qemu64"), true, Startable::Yes));
            assert_eq!(feature(&cpu, "hypervisor"), "unasked hypervisor on");
        }
        let of = |host: &str, domain_type: &str, os: &str| resolved(host, domain_type, os, "").summary;
        assert_eq!(of("s390x", "qemu", "arch='s390x'").model.as_deref(), Some("qemu"));
        assert_eq!(of("aarch64", "qemu", "arch='aarch64' machine='virt'").model.as_deref(), Some("cortex-a15"));
        assert_eq!(of("ppc64", "qemu", "arch='ppc64' machine='pseries'").model, None);
        assert_eq!(of("none", "kvm", "arch='s390x'").mode, CpuMode::Custom);
    }

    #[test]
    fn architectures_without_host_model_do_not_start_with_it() {
        for (host, os) in [("aarch64", "arch='aarch64' machine='virt'"), ("s390x", "arch='s390x'"), ("ppc64", "arch='ppc64'")] {
            let cpu = resolved(host, "qemu", os, "<cpu mode='host-model'/>");
            assert_eq!(outline(&cpu), (CpuMode::HostModel, None, false, Startable::No), "{host}");
        }
    }

    #[test]
    fn what_libvirt_printed_counts_before_every_computation() {
        let mut workspace = host("kvm-q35");
        let printed = "<domain type='kvm'><name>a</name><cpu mode='custom' match='exact'><model fallback='forbid'>Nehalem</model>\
                       <feature policy='require' name='aes'/></cpu></domain>";
        workspace.add_document("updated.xml", printed.to_owned(), None).unwrap();
        let xml = "<domain type='kvm'><name>a</name><os><type arch='x86_64' machine='q35'>hvm</type></os><cpu mode='host-model'/></domain>";
        let cpu = workspace.resolve_cpu(xml, None).unwrap();
        assert_eq!(outline(&cpu), (CpuMode::Custom, Some("Nehalem"), true, Startable::Yes));
        assert_eq!(cpu.features.len(), 1);
        assert_eq!(cpu.features[0].origin, Origin::HostModel);
    }

    #[test]
    fn blockers_of_a_model_run_off() {
        let cpu = q35("qemu-q35", "<cpu><model>EPYC-Milan</model><feature name='pcid'/><feature name='ibrs' policy='disable'/></cpu>");
        assert_eq!(outline(&cpu), (CpuMode::Custom, Some("EPYC-Milan"), true, Startable::Yes));
        assert_eq!(feature(&cpu, "pcid"), "require domain off");
        assert_eq!(feature(&cpu, "ibrs"), "disable domain off");
        assert_eq!(feature(&cpu, "clzero"), "unasked model off");
    }

    #[test]
    fn another_driver_is_left_alone() {
        let cpu = resolved("kvm-q35", "xen", "arch='x86_64'", "<cpu mode='host-model'/>");
        assert_eq!(outline(&cpu), (CpuMode::HostModel, None, false, Startable::Unknown));
    }
}

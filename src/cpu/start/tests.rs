use crate::cpu::Startable::{self, No, Unknown, Yes};
use crate::support::host;

fn starts(host_name: &str, cpu: &str) -> (Startable, Vec<String>) {
    let domain_type = if host_name.contains("kvm") { "kvm" } else { "qemu" };
    let os = "<os><type arch='x86_64' machine='q35'>hvm</type></os>";
    let xml = format!("<domain type='{domain_type}'><name>a</name>{os}{cpu}</domain>");
    let summary = host(host_name).resolve_cpu(&xml, None).unwrap().summary;
    (summary.startable, summary.blockers)
}

#[track_caller]
fn expect(host_name: &str, cpu: &str, startable: Startable) {
    assert_eq!(starts(host_name, cpu).0, startable, "{host_name}: {cpu}");
}

#[test]
fn an_unknown_model_never_starts() {
    expect("qemu-q35", "<cpu><model>Foo-CPU</model></cpu>", No);
    expect("qemu-q35", "<cpu check='none'><model fallback='allow'>Foo-CPU</model></cpu>", No);
    expect("qemu-q35", "<cpu mode='host-model' check='none'><model>Foo-CPU</model></cpu>", Yes);
    expect("qemu-q35", "<cpu match='minimum' check='partial'><model>Foo-CPU</model></cpu>", No);
    expect("qemu-q35", "<cpu match='minimum'><model>Foo-CPU</model></cpu>", Yes);
}

#[test]
fn a_model_that_only_libvirt_knows_starts_unless_fallback_forbids() {
    expect("qemu-q35", "<cpu><model>cpu64-rhel6</model></cpu>", Yes);
    expect("qemu-q35", "<cpu><model fallback='forbid'>cpu64-rhel6</model></cpu>", No);
}

#[test]
fn an_unusable_model_starts_where_nothing_is_compared() {
    expect("qemu-q35", "<cpu><model>EPYC-Milan</model></cpu>", Yes);
    expect("kvm-q35", "<cpu check='none'><model>Icelake-Server</model></cpu>", Yes);
    expect("9.0.0:kvm-q35", "<cpu check='none'><model>Icelake-Server</model></cpu>", Yes);
}

#[test]
fn an_unusable_model_is_refused_where_the_documents_prove_it() {
    expect("qemu-q35", "<cpu check='partial'><model>EPYC-Milan</model></cpu>", No);
    expect("9.0.0:qemu-q35", "<cpu check='partial'><model>EPYC-Milan</model></cpu>", No);
    expect("kvm-q35", "<cpu><model>Icelake-Server</model></cpu>", No);
    expect("kvm-q35", "<cpu><model>Icelake-Server-v3</model></cpu>", No);
    let (_, blockers) = starts("kvm-q35", "<cpu><model>Opteron_G1-v1</model></cpu>");
    assert_eq!(blockers, ["pni"]);
}

#[test]
fn the_whole_host_may_have_what_kvm_does_not_offer() {
    expect("kvm-q35", "<cpu><model>Opteron_G1</model></cpu>", Yes);
    expect("kvm-q35+bare", "<cpu><model>Icelake-Server</model></cpu>", Unknown);
    expect("9.0.0:kvm-q35", "<cpu><model>Icelake-Server</model></cpu>", No);
    expect("9.0.0:kvm-q35+bare", "<cpu><model>Icelake-Server</model></cpu>", Unknown);
}

#[test]
fn disabled_blockers_are_no_obstacle() {
    expect("kvm-q35", "<cpu><model>Opteron_G1-v1</model><feature name='pni' policy='disable'/></cpu>", Yes);
    expect("kvm-q35", "<cpu><model>Opteron_G1-v1</model><feature name='pni' policy='forbid'/></cpu>", No);
}

#[test]
fn full_check_fails_for_what_qemu_adds() {
    expect("qemu-q35", "<cpu check='full'><model>qemu64</model></cpu>", No);
    expect("qemu-q35", "<cpu check='full'><model>Nehalem</model><feature name='hypervisor'/></cpu>", Unknown);
    expect("qemu-q35", "<cpu mode='host-model' check='full'/>", Yes);
    expect("kvm-q35", "<cpu mode='host-model' check='full'/>", No);
    expect("kvm-q35", "<cpu mode='host-model' check='full'><feature name='topoext' policy='disable'/></cpu>", Yes);
}

#[test]
fn features_may_stop_it() {
    expect("qemu-q35", "<cpu><model>qemu64</model><feature name='nosuchfeature' policy='disable'/></cpu>", No);
    expect("kvm-q35", "<cpu><model>486</model><feature name='x2apic' policy='forbid'/></cpu>", No);
    expect("qemu-q35", "<cpu><model>qemu64</model><feature name='la57' policy='forbid'/></cpu>", Yes);
    expect("qemu-q35", "<cpu mode='host-model'><feature name='nrip-save'/></cpu>", No);
    expect("qemu-q35", "<cpu mode='host-model' check='none'><feature name='nrip-save'/></cpu>", Yes);
    expect("kvm-q35", "<cpu mode='host-passthrough' check='partial'><feature name='x2apic' policy='forbid'/></cpu>", No);
}

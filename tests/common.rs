//! The CPU that runs on all hosts, and the edit that asks for it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, missing_docs)]

mod support;

use virtlens::Workspace;
use virtlens::cpu::Startable;
use virtlens::edit::apply;
use virtlens::report::{CommonCpu, Restart};

fn hosts(captures: &[&str]) -> Workspace {
    let mut workspace = Workspace::default();
    for (at, capture) in captures.iter().enumerate() {
        for document in support::host(capture).documents() {
            let host = format!("host{at}");
            workspace.add_document(&format!("{host}/{}", document.name), document.text.clone(), Some(&host)).unwrap();
        }
    }
    workspace
}

fn domain(kind: &str, cpu: &str) -> String {
    let os = "<os>\n    <type arch='x86_64' machine='q35'>hvm</type>\n  </os>";
    format!("<domain type='{kind}'>\n  <name>a</name>\n  <memory>1048576</memory>\n  <vcpu>2</vcpu>\n  {os}\n{cpu}</domain>\n")
}

/// The common CPU, and the domain that asks for it: which starts everywhere, moves wherever the machine is known, and changes nowhere.
#[track_caller]
fn used(captures: &[&str], xml: &str) -> (CommonCpu, String) {
    let workspace = hosts(captures);
    let common = workspace.hosts(xml, None).unwrap().common.unwrap();
    let fix = common.fix.clone().expect("a fix");
    let after = apply(xml, &fix.edits);
    let report = workspace.hosts(&after, None).unwrap();
    assert!(report.hosts.iter().all(|on| on.startable != Startable::No), "{after}\n{report:#?}");
    assert!(report.pairs.iter().all(|pair| pair.restart == Restart::Same && pair.missing.is_empty()), "{after}\n{report:#?}");
    assert_eq!(report.common.unwrap().fix, None, "{after}");
    (common, after)
}

const KVM: [&str; 2] = ["kvm-q35", "9.0.0:kvm-q35"];
const EMULATED: [&str; 2] = ["qemu-q35", "9.0.0:qemu-q35"];

#[test]
fn host_model_becomes_what_both_have() {
    for (kind, captures) in [("kvm", KVM), ("qemu", EMULATED)] {
        let xml = domain(kind, "  <cpu mode='host-model'/>\n");
        let (common, after) = used(&captures, &xml);
        assert!(common.xml.contains(&common.model) && after.contains(&format!(">{}</model>", common.model)));
        let (before, rest) = after.split_once("  <cpu").unwrap();
        assert_eq!(xml, format!("{before}  <cpu mode='host-model'/>\n{}", rest.split_once("</cpu>\n").unwrap().1));
    }
}

#[test]
fn a_domain_without_a_cpu_gets_one() {
    let (_, after) = used(&EMULATED, &domain("qemu", ""));
    assert!(after.contains("  </os>\n  <cpu mode='custom' match='exact'>\n    <model fallback='forbid'>"), "{after}");
}

#[test]
fn what_the_author_turned_off_stays_off_and_the_topology_stays() {
    let cpu = "  <cpu mode='host-passthrough' migratable='on' check='full'>\n    <topology sockets='1' cores='2' threads='1'/>\n    \
               <cache mode='passthrough'/>\n    <feature policy='disable' name='aes'/>\n    <feature policy='force' name='avx512f'/>\n    \
               <feature policy='optional' name='sse2'/>\n    <feature policy='forbid' name='rdtscp'/>\n  </cpu>\n";
    let (_, after) = used(&KVM, &domain("kvm", cpu));
    for kept in ["<topology sockets='1' cores='2' threads='1'/>", "<feature policy='disable' name='aes'/>", "policy='require' name='sse2'"]
    {
        assert!(after.contains(kept), "{after}");
    }
    for gone in ["migratable", "check=", "cache", "'force'", "'optional'", "'forbid'"] {
        assert!(!after.replace("fallback='forbid'", "").contains(gone), "{gone} in {after}");
    }
}

#[test]
fn a_model_with_another_vendor_makes_room() {
    let cpu = "  <cpu match='strict'>\n    <model>Nehalem</model>\n    <vendor>Intel</vendor>\n  </cpu>\n";
    let (_, after) = used(&KVM, &domain("kvm", cpu));
    assert!(!after.contains("Intel") && !after.contains("strict"), "{after}");
}

#[test]
fn why_there_is_none_is_told() {
    let none = |captures: &[&str], xml: &str| hosts(captures).hosts(xml, None).unwrap().common.unwrap_err();
    let xml = domain("kvm", "");
    assert_eq!(none(&[], &xml), "no document of any host is loaded");
    assert_eq!(none(&["kvm-q35", "aarch64"], &xml), "no document tells which CPU `host1` can give");
    assert_eq!(none(&["kvm-q35", "kvm-q35+fallback-allow"], &xml), "no document tells which CPU `host1` can give");
    let riscv64 = "<domain type='qemu'><os><type arch='riscv64' machine='virt'>hvm</type></os></domain>";
    assert_eq!(none(&["riscv64"], riscv64), "libvirt computes nothing for CPUs of `riscv64`");
}

//! The CPU that runs on all hosts, where they are no x86.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, missing_docs)]

mod support;

use virtlens::Workspace;
use virtlens::cpu::Startable;
use virtlens::edit::apply;
use virtlens::report::HostsReport;

/// Hosts `host0` and so on: the emulated capture as it reads under KVM, with that host-model, and models that are usable but those named.
fn hosts(capture: &str, definitions: &[&str], unusable: &str) -> Workspace {
    let mut workspace = Workspace::default();
    let captured = support::host(capture);
    let emulated = &captured.documents().iter().find(|document| document.name == "domcaps.xml").unwrap().text;
    for (at, definition) in definitions.iter().enumerate() {
        let mode = format!("<mode name='host-model' supported='yes'>{definition}</mode>");
        let mut blocker = false;
        let mut caps = String::new();
        for line in emulated.lines() {
            blocker |= line.contains("<blockers");
            if !blocker {
                let unusable = !unusable.is_empty() && line.contains(&format!(">{unusable}<"));
                caps += &if unusable { line.to_owned() } else { line.replace("usable='no'", "usable='yes'") };
                caps.push('\n');
            }
            blocker &= !line.contains("</blockers>");
        }
        let caps = caps.replace("<domain>qemu<", "<domain>kvm<").replace("<mode name='host-model' supported='no'/>", &mode);
        let host = format!("host{at}");
        workspace.add_document(&format!("{host}/domcaps.xml"), caps, Some(&host)).unwrap();
    }
    workspace
}

fn domain(arch: &str, machine: &str, cpu: &str) -> String {
    format!(
        "<domain type='kvm'>\n  <name>a</name>\n  <memory>1048576</memory>\n  <vcpu>8</vcpu>\n  <os>\n    <type arch='{arch}' machine='{machine}'>hvm</type>\n  \
         </os>\n{cpu}</domain>\n"
    )
}

/// A static model of s390x, as the documents of hosts define host-model.
fn defined(model: &str, required: &[&str], disabled: &[&str]) -> String {
    let with =
        |policy: &str, names: &[&str]| names.iter().map(|name| format!("<feature policy='{policy}' name='{name}'/>")).collect::<String>();
    format!("<model fallback='forbid'>{model}</model>{}{}", with("require", required), with("disable", disabled))
}

fn on_s390x(definitions: &[&str], cpu: &str, unusable: &str) -> HostsReport {
    hosts("s390x", definitions, unusable).hosts(&domain("s390x", "s390-ccw-virtio", cpu), None).unwrap()
}

/// The common CPU in short: `model +required -disabled`, or why there is none.
fn common(definitions: &[&str]) -> String {
    match on_s390x(definitions, "", "").common {
        Ok(cpu) => cpu.features.iter().fold(cpu.model, |out, (name, policy)| {
            let sign = if policy.word() == "require" { '+' } else { '-' };
            format!("{out} {sign}{name}")
        }),
        Err(why) => why,
    }
}

#[test]
fn s390x_hosts_of_one_model_share_what_both_name() {
    let (here, there) = (defined("gen15a-base", &["vx", "aen", "te"], &[]), defined("gen15a-base", &["te", "gs", "vx"], &[]));
    assert_eq!(common(&[&here, &there]), "gen15a-base +vx +te");
    assert_eq!(common(&[&here, &here]), "gen15a-base +vx +aen +te");
    assert_eq!(common(&[&here]), "gen15a-base +vx +aen +te");
}

/// What QEMU 7.2 answers to `query-cpu-model-baseline`.
#[test]
fn s390x_hosts_of_two_generations_share_the_older_model() {
    let (z14, z15) = (defined("z14-base", &["vx", "te"], &[]), defined("gen15a-base", &["vx", "csske", "vxeh2"], &[]));
    let z16 = defined("gen16a-base", &["vx", "vxeh2", "nnpa", "te"], &[]);
    assert_eq!(common(&[&z15, &z16]), "gen15a-base +vx +vxeh2");
    assert_eq!(common(&[&z14, &z15]), "z14-base +vx");
    assert_eq!(common(&[&z16, &z14]), "z14-base +vx +te -csske", "the newer one has it neither in its model nor by name");
    assert_eq!(common(&[&z16, &z15, &z14]), "z14-base +vx -csske");
}

#[test]
fn s390x_hosts_of_one_generation_share_what_qemu_finds_first() {
    let of = |model: &str| defined(model, &["vx"], &[]);
    assert_eq!(common(&[&of("gen15a-base"), &of("gen15b-base")]), "gen15b-base +vx");
    assert_eq!(common(&[&of("z14.2-base"), &of("z14ZR1-base")]), "z14-base +vx");
    assert_eq!(common(&[&of("z13.2-base"), &of("z13s-base")]), "z13s-base +vx");
}

#[test]
fn functions_that_a_host_has_disabled_stay_off() {
    let (whole, part) = (defined("gen16a-base", &["vx"], &[]), defined("gen16a-base", &["vx"], &["km-dea"]));
    assert_eq!(common(&[&whole, &part]), "gen16a-base +vx -km-dea");
    let without_tx = defined("gen16a-base", &["vx"], &["te"]);
    assert_eq!(common(&[&defined("gen16a-base", &["vx", "te"], &[]), &without_tx]), "gen16a-base +vx", "no model of it has `te`");
}

#[test]
fn what_only_qemu_knows_of_s390x_is_left_to_it() {
    let z15 = defined("gen15a-base", &["vx"], &[]);
    assert_eq!(common(&[&z15, &defined("gen99a-base", &[], &[])]), "only QEMU knows what `gen99a-base` stands for");
    assert_eq!(common(&[&z15, &defined("z14", &[], &[])]), "only QEMU knows what `z14` stands for");
    assert_eq!(
        common(&[&z15, &defined("gen16a-base", &["vx"], &["ptff-qsie"])]),
        "only QEMU knows what is left of a model without `ptff-qsie`"
    );
    let (old, cut) = (defined("z13-base", &[], &[]), defined("z14-base", &[], &["stfle"]));
    assert_eq!(common(&[&old, &cut]), "only QEMU knows what `z13-base` and `z14-base` have in common");
    let cut = defined("gen16a-base", &[], &["minste3"]);
    assert_eq!(common(&[&z15, &cut]), "only QEMU knows what `gen15a-base` and `gen16a-base` have in common");
    let z16 = defined("gen16a-base", &["vx"], &[]);
    let unusable = on_s390x(&[&z15, &z16], "", "gen15a-base").common.unwrap_err();
    assert_eq!(unusable, "they have `gen15a-base` in common, and `host0` does not list it as usable");
}

#[test]
fn the_edit_for_s390x_asks_for_it_and_moves_both_ways() {
    let (z15, z16) = (defined("gen15a-base", &["vx", "te"], &[]), defined("gen16a-base", &["vx", "nnpa"], &[]));
    let cpu =
        "  <cpu mode='host-model'>\n    <feature policy='require' name='te'/>\n    <feature policy='require' name='stfle'/>\n  </cpu>\n";
    let xml = domain("s390x", "s390-ccw-virtio", cpu);
    let workspace = hosts("s390x", &[&z15, &z16], "");
    let report = workspace.hosts(&xml, None).unwrap();
    let after = apply(&xml, &report.common.unwrap().fix.unwrap().edits);
    let asked = "  <cpu mode='custom'>\n    <model fallback='forbid'>gen15a-base</model>\n    <feature policy='require' name='vx'/>\n    \
                 <feature policy='require' name='stfle'/>\n  </cpu>\n";
    assert!(after.contains(asked), "{after}");
    assert!(!after.contains("'te'"), "a host may not know what it is to turn off: {after}");
    let report = workspace.hosts(&after, None).unwrap();
    assert!(report.hosts.iter().all(|on| on.startable != Startable::No), "{report:#?}");
    assert!(report.pairs.iter().all(|pair| pair.missing.is_empty() && pair.unknown_model.is_none()), "{report:#?}");
    assert_eq!(report.common.unwrap().fix, None, "{after}");
}

fn on_ppc64(models: &[&str], cpu: &str) -> (HostsReport, String) {
    let definitions: Vec<_> = models.iter().map(|model| format!("<model fallback='allow'>{model}</model>")).collect();
    let definitions: Vec<_> = definitions.iter().map(String::as_str).collect();
    let xml = domain("ppc64", "pseries", cpu);
    (hosts("ppc64", &definitions, "").hosts(&xml, None).unwrap(), xml)
}

#[test]
fn ppc64_hosts_of_one_model_share_it() {
    let (report, xml) = on_ppc64(&["POWER9", "POWER9"], "");
    let common = report.common.unwrap();
    assert_eq!((common.model.as_str(), common.features.len()), ("POWER9", 0));
    let after = apply(&xml, &common.fix.unwrap().edits);
    assert!(after.contains("<cpu mode='custom' match='exact'>\n    <model fallback='forbid'>POWER9</model>\n  </cpu>"), "{after}");
    let starts = |cpu: &str| on_ppc64(&["POWER9"], cpu).0.hosts[0].cpu.startable;
    assert_eq!(starts("  <cpu><model>POWER9</model></cpu>\n"), Startable::Yes);
    assert_eq!(starts("  <cpu><model>POWER8</model></cpu>\n"), Startable::Unknown);
    assert_eq!(starts("  <cpu check='none'><model>POWER8</model></cpu>\n"), Startable::Yes, "libvirt compares nothing");
    assert_eq!(starts("  <cpu><model>POWER9</model><vendor>Freescale</vendor></cpu>\n"), Startable::Unknown);
    assert_eq!(starts("  <cpu mode='host-model'><model>power8</model></cpu>\n"), Startable::Yes);
    assert_eq!(starts("  <cpu mode='host-model'><model>power10</model></cpu>\n"), Startable::No);
}

#[test]
fn newer_ppc64_hosts_run_in_the_mode_of_the_oldest() {
    let models = ["POWER10", "POWER8", "POWER9"];
    let (report, xml) = on_ppc64(&models, "");
    let common = report.common.unwrap();
    assert_eq!(common.xml, "<cpu mode='host-model'>\n  <model fallback='allow'>power8</model>\n</cpu>");
    let after = apply(&xml, &common.fix.unwrap().edits);
    assert!(after.contains("</os>\n  <cpu mode='host-model'>\n    <model>power8</model>\n  </cpu>\n"), "{after}");

    let cpu =
        "  <cpu mode='custom' match='exact'>\n    <model>POWER10</model>\n    <topology sockets='1' cores='2' threads='4'/>\n  </cpu>\n";
    let (report, xml) = on_ppc64(&models, cpu);
    let after = apply(&xml, &report.common.unwrap().fix.unwrap().edits);
    let mode = "  <cpu mode='host-model'>\n    <model>power8</model>\n    <topology sockets='1' cores='2' threads='4'/>\n  </cpu>\n";
    assert!(after.contains(mode), "{after}");
    let (report, _) = on_ppc64(&models, mode);
    assert!(report.hosts.iter().all(|on| on.cpu.startable == Startable::Yes && on.startable != Startable::No), "{report:#?}");
    assert_eq!(report.common.unwrap().fix, None);
}

#[test]
fn ppc64_hosts_without_modes_share_none() {
    let why = |models: &[&str]| on_ppc64(models, "").0.common.unwrap_err();
    assert_eq!(why(&["POWER9", "POWERPC_e6500"]), "a `POWERPC_e6500` has no compatibility modes");
    assert_eq!(why(&["POWER9", "POWER99"]), "a `POWER99` has no compatibility modes");
    let emulated = domain("ppc64", "pseries", "").replace("kvm", "qemu");
    let none = support::host("ppc64").hosts(&emulated, None).unwrap().common.unwrap_err();
    assert!(none.starts_with("no document tells which CPU `"), "{none}");
}

#[test]
fn on_arm_a_guest_gets_the_hosts_own_cpu() {
    let why = |kind: &str, hosts: &[(&str, &str)]| {
        let mut workspace = Workspace::default();
        for (at, (vendor, model)) in hosts.iter().enumerate() {
            let own = format!("<arch>aarch64</arch><model>{model}</model><vendor>{vendor}</vendor>");
            let text = format!("<capabilities><host><cpu>{own}</cpu></host></capabilities>");
            let host = format!("host{at}");
            workspace.add_document(&format!("{host}/capabilities.xml"), text, Some(&host)).unwrap();
        }
        let xml = domain("aarch64", "virt", "").replace("kvm", kind);
        workspace.hosts(&xml, None).unwrap().common.unwrap_err()
    };
    let (n1, kunpeng) = (("ARM", "Neoverse-N1"), ("HiSilicon", "Kunpeng-920"));
    let own = "on Arm a guest gets the CPU of its host as it is, and ";
    let different = format!("{own}that of `host0` is `ARM Neoverse-N1`, that of `host2` `HiSilicon Kunpeng-920`");
    assert_eq!(why("kvm", &[n1, n1, kunpeng]), different);
    assert_eq!(why("kvm", &[n1, n1]), format!("{own}no document tells whether hosts are alike in everything"));
    assert_eq!(why("qemu", &[n1, n1]), "on Arm libvirt computes none for emulated guests");
}

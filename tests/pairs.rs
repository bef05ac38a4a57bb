//! A running guest between two hosts: whether it migrates, and what changes when it starts again there.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, missing_docs)]

mod support;

use virtlens::Workspace;
use virtlens::cpu::Startable::{No, Unknown, Yes};
use virtlens::report::{Pair, Restart};

/// Hosts by name, each as one of the captures that tests go by; after `@` its libvirt and QEMU.
fn hosts(hosts: &[(&str, &str)]) -> Workspace {
    let mut workspace = Workspace::default();
    for (host, of) in hosts {
        let (capture, versions) = of.split_once('@').map_or((*of, None), |(capture, versions)| (capture, Some(versions)));
        for document in support::host(capture).documents() {
            let told = match versions {
                Some(versions) if document.name == "version.txt" => versions.to_owned(),
                // a host that has what the sentences are about
                Some(_) => document.text.replace("name='succor'", "name='vmx'"),
                None => document.text.clone(),
            };
            workspace.add_document(&format!("{host}/{}", document.name), told, Some(host)).unwrap();
        }
    }
    workspace
}

fn domain(cpu: &str, devices: &str) -> String {
    let os = "<os><type arch='x86_64' machine='q35'>hvm</type></os>";
    format!("<domain type='kvm'><name>a</name><memory>1048576</memory>{os}{cpu}<devices>{devices}</devices></domain>")
}

/// The way from the first host to the second.
fn way(from: &str, to: &str, xml: &str) -> Pair {
    let mut pairs = hosts(&[("here", from), ("there", to)]).hosts(xml, Some("here")).unwrap().pairs;
    assert_eq!(pairs.len(), 1);
    pairs.remove(0)
}

#[track_caller]
fn expect(pair: &Pair, migrates: virtlens::cpu::Startable, why: &str) {
    assert_eq!(pair.migrates, migrates, "{pair:?}");
    assert!(pair.why.as_deref().unwrap_or_default().contains(why), "{pair:?}");
}

const HOST_MODEL: &str = "<cpu mode='host-model'/>";

#[test]
fn between_equal_hosts_nothing_changes() {
    let pair = way("kvm-q35", "kvm-q35", &domain(HOST_MODEL, ""));
    assert_eq!((pair.migrates, &pair.why, pair.restart), (Yes, &None, Restart::Same));
    assert!(pair.missing.is_empty() && pair.gained.is_empty() && pair.lost.is_empty() && pair.caveats.is_empty());
    let s390x = "<domain type='kvm'><name>a</name><os><type arch='s390x' machine='s390-ccw-virtio'>hvm</type></os><cpu mode='host-model'/></domain>";
    let pair = way("s390x+kvm", "s390x+kvm", s390x);
    assert_eq!(pair.restart, Restart::Same, "{pair:?}");
}

#[test]
fn what_the_other_host_lacks_is_named() {
    let pair = way("9.0.0:kvm-q35", "kvm-q35", &domain(HOST_MODEL, ""));
    expect(&pair, No, "`there` lacks 5 features of what the guest has");
    assert!(pair.missing.contains(&"rdctl-no".to_owned()) && pair.lost.contains(&"rdctl-no".to_owned()), "{pair:?}");
    assert!(pair.restart == Restart::Changes && pair.gained.contains(&"erms".to_owned()), "{pair:?}");
    assert!(!pair.missing.iter().any(|name| pair.gained.contains(name)), "what it would gain is no obstacle: {pair:?}");
}

#[test]
fn a_model_that_both_can_give_moves_either_way() {
    let xml = domain("<cpu><model>Nehalem</model></cpu>", "").replace("type='kvm'", "type='qemu'");
    let pair = way("9.0.0:qemu-q35", "qemu-q35", &xml);
    assert_eq!((pair.migrates, pair.restart), (Yes, Restart::Same), "{pair:?}");
    expect(&way("qemu-q35", "9.0.0:qemu-q35", &xml), No, "`there` does not know the machine `pc-q35-11.1`");
    let sure = way("qemu-q35", "9.0.0:qemu-q35+bare", &xml);
    expect(&sure, Unknown, "no document tells whether `there` knows the guest's machine");
}

#[test]
fn a_model_must_be_known_by_its_name() {
    let pair = way("kvm-q35+bare", "9.0.0:kvm-q35+bare", &domain(HOST_MODEL, ""));
    expect(&pair, No, "`there` does not know the model `EPYC-Genoa`");
    assert_eq!((pair.unknown_model.as_deref(), pair.missing.len()), (Some("EPYC-Genoa"), 0));
}

#[test]
fn a_feature_that_is_off_is_not_missed() {
    let cpu = |policy: &str| domain(&format!("<cpu><model>Nehalem</model><feature name='la57' policy='{policy}'/></cpu>"), "");
    let emulated = |policy: &str| cpu(policy).replace("type='kvm'", "type='qemu'");
    let missing = |policy: &str| way("qemu-q35", "9.0.0:qemu-q35+bare", &emulated(policy)).missing;
    assert!(missing("disable").is_empty());
    assert_eq!(way("qemu-q35", "kvm-q35", &emulated("require")).migrates, Unknown);
}

#[test]
fn what_a_static_model_of_s390x_stands_for_is_not_missed() {
    let xml = |feature: &str| {
        let cpu = format!("<cpu><model>gen16a-base</model><feature name='te'/><feature name='{feature}'/></cpu>");
        let os = "<os><type arch='s390x' machine='s390-ccw-virtio'>hvm</type></os>";
        format!("<domain type='kvm'><name>a</name><memory>1048576</memory>{os}{cpu}</domain>")
    };
    let missing = |feature: &str| way("s390x+kvm", "s390x+kvm", &xml(feature)).missing;
    assert!(!missing("stfle").contains(&"stfle".to_owned()), "the model has it");
    assert!(!missing("pckmo-aes-128").contains(&"pckmo-aes-128".to_owned()), "a group may have it");
    assert!(missing("vx").contains(&"vx".to_owned()));
}

#[test]
fn whole_cpus_are_compared_with_nothing() {
    let pair = way("kvm-q35", "kvm-q35", &domain("<cpu mode='host-passthrough'/>", ""));
    expect(&pair, Unknown, "under `host-passthrough` nothing is compared");
    assert_eq!(pair.restart, Restart::Unknown);
    let held = domain("<cpu mode='host-passthrough' migratable='off'/>", "");
    expect(&way("kvm-q35", "kvm-q35", &held), No, "`invtsc` blocks migration");
    expect(&way("kvm-q35+bare", "kvm-q35", &held), Unknown, "nothing is compared");
}

#[test]
fn what_refuses_the_domain_refuses_the_guest() {
    let xml = domain(HOST_MODEL, "<graphics type='spice'/>");
    expect(&way("kvm-q35", "kvm-q35+without-spice", &xml), No, "`there` refuses it: ");
    expect(&way("kvm-q35+without-spice", "kvm-q35", &xml), No, "it does not run on `here`");
    expect(&way("kvm-q35", "aarch64", &xml), Unknown, "no domain capabilities of `there` fit");
}

#[test]
fn a_device_of_the_host_leaves_it_open() {
    let device = "<filesystem type='mount'><driver type='virtiofs'/><source dir='/a'/><target dir='b'/></filesystem>";
    let shared = "<memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking><os>";
    let pair = way("kvm-q35", "kvm-q35", &domain(HOST_MODEL, device).replace("<os>", shared));
    expect(&pair, Unknown, "whether a guest with `filesystem` migrates hangs on the device");
    assert_eq!(pair.restart, Restart::Same);
}

#[test]
fn versions_that_are_known_to_trip_are_told() {
    let xml = domain("<cpu mode='host-model'><feature name='vmx-ept' policy='disable'/></cpu>", "");
    let caveats = |from: &str, to: &str| way(&format!("kvm-q35@{from}"), &format!("kvm-q35@{to}"), &xml).caveats;
    let has = |from: &str, to: &str, word: &str| caveats(from, to).iter().any(|caveat| caveat.contains(word));
    assert!(has("9.9.0 8.1.0", "10.0.0 8.2.0", "9.10.0 to 10.1.0") && has("10.1.0 8.2.0", "9.0.0 7.2.0", "9.10.0 to 10.1.0"));
    assert!(has("9.9.0 8.1.0", "11.0.0 9.0.0", "before libvirt 10.5.0"));
    assert!(has("11.0.0 9.0.0", "10.2.0 9.0.0", "10.2.0 refuses"));
    assert_eq!(caveats("10.5.0 9.0.0", "11.10.0 10.1.0"), Vec::<&str>::new());
}

#[test]
fn a_feature_that_the_other_qemu_adds_may_be_refused() {
    let two = "<topology sockets='1' cores='2' threads='1'/>";
    let pair = |from: &str, to: &str, inner: &str| {
        let xml = domain(&format!("<cpu mode='host-model'>{inner}</cpu>"), "").replace("<memory>", "<vcpu>2</vcpu><memory>");
        way(&format!("kvm-q35@{from}"), &format!("kvm-q35@{to}"), &xml)
    };
    let extra = pair("11.0.0 9.0.0", "11.9.0 10.0.0", two);
    expect(
        &extra,
        Unknown,
        "`there` may refuse it: to a guest with several cores or threads in a socket QEMU from 10.0.0 on shows an extra `ht`",
    );
    assert_eq!(extra.caveats.len(), 1);
    let ht = format!("{two}<feature policy='require' name='ht'/>");
    for (from, to, inner) in [
        ("11.0.0 9.0.0", "11.10.0 10.0.0", two),
        ("11.0.0 9.0.0", "11.9.0 9.2.0", two),
        ("11.0.0 10.0.0", "11.9.0 10.0.0", two),
        ("11.0.0 9.0.0", "11.9.0 10.0.0", ""),
        ("11.0.0 9.0.0", "11.9.0 10.0.0", "<topology sockets='2' cores='1' threads='1'/>"),
        ("11.0.0 9.0.0", "11.9.0 10.0.0", &ht),
    ] {
        assert!(pair(from, to, inner).caveats.is_empty(), "{from} to {to}: {inner}");
    }
    assert_eq!(pair("11.0.0 9.0.0", "11.10.0 10.0.0", two).migrates, Yes);
}

#[test]
fn of_many_hosts_only_the_ways_from_one_are_told() {
    let names: Vec<String> = (0..=Workspace::PAIRED).map(|number| format!("host{number}")).collect();
    let many: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "kvm-q35")).collect();
    let xml = domain(HOST_MODEL, "");
    let workspace = hosts(&many);
    let all = many.len() * (many.len() - 1);
    let report = workspace.hosts(&xml, None).unwrap();
    assert_eq!((report.hosts.len(), report.pairs.len(), report.unpaired), (many.len(), 0, all));
    let report = workspace.hosts(&xml, Some("host3")).unwrap();
    assert_eq!((report.pairs.len(), report.unpaired), (many.len() - 1, all + 1 - many.len()));
    assert!(report.pairs.iter().all(|pair| pair.from == "host3" && pair.to != "host3"));
    let report = hosts(&many[1..]).hosts(&xml, None).unwrap();
    assert_eq!(report.unpaired, 0);
    assert!(workspace.hosts(&xml, Some("nowhere")).unwrap().pairs.is_empty());
}

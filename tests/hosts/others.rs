//! The documents beside the domain capabilities: what dumpxml printed, versions given, told and inferred.

use crate::choice::{HOST, chosen, document, domain, reasons};
use virtlens::caps::{Range, Subject, Version, Versions, choose};
use virtlens::text::Limits;

const UUID: &str = "c7a5fdbd-edaf-9455-926a-d65c16db1809";

fn printed(identity: &str, cpu: &str) -> String {
    format!("<domain type='kvm'>{identity}<os><type>hvm</type></os>{cpu}</domain>")
}

#[test]
fn what_dumpxml_printed_counts_for_the_same_domain_alone() {
    let uuid = format!("<name>a</name><uuid>{UUID}</uuid>");
    let plain = format!("<name>b</name><uuid>{}</uuid>", UUID.replace('-', "").to_uppercase());
    let other = format!("<name>a</name><uuid>{}</uuid>", UUID.replace("c7", "d8"));
    let (model, host_model) = ("<cpu mode='custom'><model>EPYC</model></cpu>", "<cpu mode='host-model'/>");
    for (asked, asked_cpu, said, said_cpu, used, reason) in [
        (uuid.as_str(), host_model, uuid.as_str(), model, true, "this domain, with the CPU it came to"),
        (&uuid, host_model, &plain, model, true, "this domain, with the CPU it came to"),
        (&uuid, host_model, &other, model, false, "another domain: its uuid differs"),
        ("<name>a</name>", host_model, &uuid, model, true, "this domain, with the CPU it came to"),
        ("<name>x</name>", host_model, &uuid, model, false, "another domain: its name differs, and not both have a uuid"),
        ("", host_model, "", model, false, "another domain: its name differs, and not both have a uuid"),
        (&uuid, "", &uuid, model, true, "this domain, with the CPU it came to"),
        (&uuid, host_model, &uuid, host_model, true, "this domain, with the CPU it came to"),
        (
            &uuid,
            host_model,
            &uuid,
            "<cpu mode='host-passthrough'/>",
            false,
            "this domain, but with CPU mode `host-passthrough` where `host-model` is asked for",
        ),
        (&uuid, "", &uuid, host_model, false, "this domain, but with CPU mode `host-model` where no CPU is asked for"),
        (&uuid, host_model, &uuid, "<cpu><topology sockets='1'/></cpu>", false, "this domain, but its `<cpu>` names no model"),
        (&uuid, host_model, &uuid, "", false, "this domain, but without a `<cpu>`"),
    ] {
        let documents = [document("dump.xml", "host", &printed(said, said_cpu))];
        let choice = chosen(&printed(asked, asked_cpu), &documents, None);
        assert_eq!((choice.updated_cpu.is_some(), choice.uses[0].0, reasons(&choice)[0]), (used, used, reason));
        assert!(!reasons(&choice)[0].to_lowercase().contains("c7a5"), "a uuid is shown");
    }
}

#[test]
fn of_one_kind_the_last_counts() {
    let documents = [
        document("c1.xml", "host", HOST),
        document("c2.xml", "host", HOST),
        document("v1", "host", "9.0.0 7.2.0"),
        document("v2", "host", "12.8.0 11.1.3"),
        document("cpu.xml", "host", "<cpu/>"),
    ];
    let choice = chosen(&domain("x86_64 kvm q35 -"), &documents, None);
    assert_eq!(choice.host_caps.map(|id| id.0), Some(1));
    assert_eq!(choice.versions, Versions { libvirt: Range::exactly(Version(12, 8, 0)), qemu: Range::exactly(Version(11, 1, 3)) });
    assert_eq!(
        reasons(&choice),
        [
            "`c2.xml`, added later, counts",
            "the capabilities of this host",
            "`v2`, added later, counts",
            "the versions of this host",
            "a CPU alone says nothing about this host"
        ]
    );
}

#[test]
fn given_versions_win_each_for_itself() {
    let documents = [document("v", "host", "12.8.0 11.1.3")];
    let text = domain("x86_64 kvm q35 -");
    let tree = virtlens::xml::read(&text, &Limits::default()).unwrap();
    let with = |given| choose(&Subject::of(tree.root()), &documents, None, given);
    let libvirt = Versions { libvirt: Range::exactly(Version(11, 3, 0)), qemu: Range::default() };
    assert_eq!(with(libvirt).versions, Versions { qemu: Range::exactly(Version(11, 1, 3)), ..libvirt });
    let both = Versions { qemu: Range::exactly(Version(10, 0, 0)), ..libvirt };
    assert_eq!(with(both).versions, both);
    assert_eq!(with(both).uses, [(false, "the versions were given".into())]);
}

#[test]
fn bounds_are_inferred_from_real_hosts() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hosts");
    let bounds = |host: &str, name: &str| {
        let path = folder.join(host).join(name);
        let documents = [document(name, "host", &std::fs::read_to_string(path).unwrap())];
        let Versions { libvirt, qemu } = chosen("<domain type='kvm'/>", &documents, None).versions;
        assert!(!libvirt.given && !qemu.given);
        (libvirt.least, libvirt.below, qemu.least)
    };
    let (new, old) = ("libvirt-12.8.0_qemu-11.1", "libvirt-9.0.0_qemu-7.2");
    assert_eq!(bounds(new, "x86_64-q35-kvm.xml"), (Some(Version(12, 1, 0)), None, Some(Version(11, 1, 0))));
    assert_eq!(bounds(new, "capabilities.xml"), (None, None, Some(Version(11, 1, 0))));
    assert_eq!(bounds(new, "riscv64-virt-qemu.xml"), (Some(Version(12, 1, 0)), None, None));
    assert_eq!(bounds(old, "x86_64-q35-kvm.xml"), (Some(Version(9, 0, 0)), Some(Version(10, 9, 0)), Some(Version(7, 2, 0))));
    assert_eq!(bounds(old, "riscv64-virt-qemu.xml"), (Some(Version(7, 1, 0)), None, None));
    assert_eq!(bounds(old, "capabilities.xml"), (None, None, Some(Version(7, 2, 0))));
}

#[test]
fn no_bound_contradicts_the_version_that_printed_the_document() {
    let text = std::fs::read_to_string(crate::shared("corpus/domaincaps/domaincaps.jsonl")).unwrap_or_default();
    for row in text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()) {
        let (file, libvirt) = (row["file"].as_str().unwrap(), Version::parse(row["libvirt"].as_str().unwrap()).unwrap());
        let documents = [document(file, "host", &std::fs::read_to_string(crate::shared("corpus").join(file)).unwrap())];
        let found = chosen("<domain type='kvm'/>", &documents, None).versions.libvirt;
        assert!(found.least.is_none_or(|least| least <= libvirt) && found.below.is_none_or(|below| libvirt < below), "{file}: {found:?}");
    }
}

//! What is offered and told at a place that is drawn into the XML as `|`.

use super::Item;
use crate::edit::apply;
use crate::finding::TextEdit;
use crate::support::host;

/// What is offered at the `|`: label and detail.
fn offered(host_name: &str, drawn: &str) -> Vec<(String, String)> {
    items(host_name, drawn).into_iter().map(|item| (item.label, item.detail)).collect()
}

fn items(host_name: &str, drawn: &str) -> Vec<Item> {
    let (before, after) = drawn.split_once('|').unwrap();
    host(host_name).complete(&format!("{before}{after}"), before.encode_utf16().count(), None).items
}

/// The text once that is put in, with `[…]` around the places to fill.
fn put(host_name: &str, drawn: &str, label: &str) -> String {
    let item = items(host_name, drawn).into_iter().find(|item| item.label == label).unwrap_or_else(|| panic!("no {label}"));
    let mut new = item.new_text.clone();
    for stop in item.stops.iter().rev() {
        new.insert(stop.end, ']');
        new.insert(stop.start, '[');
    }
    let edit = TextEdit { span: item.span, new_text: new.into() };
    apply(&drawn.replacen('|', "", 1), &[edit])
}

fn told(host_name: &str, drawn: &str) -> String {
    let (before, after) = drawn.split_once('|').unwrap();
    let told = host(host_name).hover(&format!("{before}{after}"), before.encode_utf16().count(), None);
    told.map(|told| told.hover.contents).unwrap_or_default()
}

/// `parts` in the devices of a domain that the host can run.
fn devices(parts: &str) -> String {
    let head = "<domain type='kvm'>\n  <name>alpha</name>\n  <os>\n    <type arch='x86_64' machine='q35'>hvm</type>\n  </os>";
    format!("{head}\n  <devices>\n    {parts}\n  </devices>\n</domain>\n")
}

fn labels(host_name: &str, drawn: &str) -> Vec<String> {
    offered(host_name, drawn).into_iter().map(|(label, _)| label).collect()
}

#[test]
fn required_children_come_first_and_single_ones_once() {
    let disk = |inside: &str| devices(&format!("<disk type='file'>{inside}</disk>"));
    let all = offered("none", &disk("|"));
    assert_eq!(all[0], ("target".to_owned(), "required".to_owned()));
    assert!(all[1..].iter().all(|(_, detail)| detail != "required"), "{all:?}");
    let rest = labels("none", &disk("<target dev='vda'/>|<serial>1</serial><iotune/>"));
    for gone in ["target", "serial", "throttlefilters"] {
        assert!(!rest.contains(&gone.to_owned()), "{gone}");
    }
}

#[test]
fn an_element_comes_with_its_required_parts() {
    let text = devices("<controller type='usb'/>\n    <|");
    assert!(
        put("none", &text, "interface")
            .contains("\n    <interface type='[network]'>\n      <source network='[]'/>\n    </interface>\n  </devices>")
    );
}

#[test]
fn quotes_and_indentation_are_those_of_the_text() {
    let text = "<domain type=\"kvm\">\r\n\t<devices>\r\n\t\t|\r\n\t</devices>\r\n</domain>";
    assert!(
        put("none", text, "rng")
            .contains("\t\t<rng model=\"[virtio]\">\r\n\t\t\t<backend model=\"[random]\">[]</backend>\r\n\t\t</rng>\r\n")
    );
}

#[test]
fn variants_follow_the_discriminator() {
    let source = |kind: &str| devices(&format!("<disk type='{kind}'><source |/></disk>"));
    assert_eq!(labels("none", &source("file"))[..2], ["file", "fdgroup"]);
    assert_eq!(labels("none", &source("block"))[..2], ["dev", "index"]);
    let undecided = labels("none", &source("fi"));
    assert!(["file", "dev", "pool"].iter().all(|name| undecided.contains(&(*name).to_owned())), "{undecided:?}");
}

#[test]
fn attributes_that_are_there_are_not_offered() {
    assert!(labels("none", &devices("<disk><readonly |/></disk>")).is_empty());
    let text = devices("<disk type='file'|/>");
    assert_eq!(labels("none", &text), ["device", "model", "snapshot"]);
    assert!(put("none", &text, "device").contains("<disk type='file' device='[disk]'/>"));
    assert!(put("none", &devices("<disk |type='file'/>"), "device").contains("<disk device='[disk]' type='file'/>"));
    assert!(put("none", &devices("<disk de|='cdrom'/>"), "device").contains("<disk device='cdrom'/>"));
}

#[test]
fn what_the_host_offers_comes_first_and_what_it_rules_out_last() {
    let bus = offered("kvm-q35", &devices("<disk type='file'><target dev='vda' bus='|'/></disk>"));
    assert_eq!(bus[0].0, "fdc");
    let (last, why) = bus.last().unwrap();
    assert_eq!((last.as_str(), why.as_str()), ("uml", "not offered by this host"));
    let model = "<domain type='kvm'><os><type arch='x86_64' machine='q35'>hvm</type></os><cpu><model>|</model></cpu></domain>";
    let models = offered("kvm-q35", model);
    assert!(models.iter().any(|(name, why)| name == "Icelake-Server" && why.contains("this host lacks")), "{models:?}");
    assert!(models[0].1.is_empty() || models[0].1.contains("stands for"), "{:?}", models[0]);
    let machines = offered("kvm-q35", "<domain type='kvm'><os><type machine='|'>hvm</type></os></domain>");
    assert_eq!(machines[0].0, "pc");
    assert!(machines.last().unwrap().1.contains("deprecated"), "{machines:?}");
}

#[test]
fn what_is_too_new_is_marked() {
    let parts = offered("9.0.0:qemu-q35", "<domain type='qemu'><features>|</features></domain>");
    let (last, why) = parts.last().unwrap();
    assert!(why.starts_with("came with libvirt"), "{last}: {why}");
    assert!(offered("none", "<domain><features>|</features></domain>").iter().all(|(_, why)| why.is_empty()));
}

#[test]
fn references_name_what_stands_in_the_domain() {
    let threads = "<domain type='kvm'><iothreads>2</iothreads><devices><disk><driver iothread='|'/></disk></devices></domain>";
    assert_eq!(labels("none", threads), ["1", "2"]);
    let bus = devices("<controller type='pci' index='3' model='pcie-root-port'/><rng><address type='pci' bus='|'/></rng>");
    assert_eq!(offered("none", &bus), [("0x03".to_owned(), "the controller `pci pcie-root-port`".to_owned())]);
    let cells = "<domain><cpu><numa><cell memory='1'/><cell memory='1'/></numa></cpu><numatune><memnode cellid='|'/></numatune></domain>";
    assert_eq!(labels("none", cells), ["0", "1"]);
}

#[test]
fn end_tags_close_what_is_open() {
    assert!(put("none", "<domain>\n  <os>\n  </|\n</domain>", "/os").contains("<os>\n  </os>\n"));
    assert!(put("none", "<domain>\n  <os>\n  <|\n</domain>", "/os").contains("<os>\n  </os>\n"));
    assert!(labels("none", "<domain>\n  <os>\n  |</domain>").contains(&"/os".to_owned()));
    assert!(!labels("none", "<domain>\n  <os>\n  |</os></domain>").contains(&"/os".to_owned()));
    assert!(put("none", "<domain><os></o|s></domain>", "/os").contains("</os></domain>"));
}

#[test]
fn what_is_not_closed_does_not_swallow_what_follows() {
    let text = devices("<disk type='file'>\n    <interface type='network'>\n      <source |/>\n    </interface>");
    assert_eq!(labels("none", &text)[0], "network");
    assert_eq!(labels("none", "<domain><vcpu>\n<os><boot dev='|'/></os></domain>"), ["hd", "cdrom", "fd", "network"]);
}

#[test]
fn namespaces_bring_their_declaration() {
    let text = "<domain type='kvm'>\n  |\n</domain>";
    assert!(
        put("none", text, "qemu:deprecation")
            .contains("<qemu:deprecation xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0' behavior='[none]'/>")
    );
    let bound =
        "<domain type='kvm' xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'>\n  <q:commandline>\n    |\n  </q:commandline>\n</domain>";
    assert!(put("none", bound, "q:arg").contains("\n    <q:arg value='[]'/>\n"));
}

#[test]
fn values_get_the_quotes_that_they_lack() {
    assert!(put("none", "<domain type=|></domain>", "kvm").contains("<domain type='kvm'>"));
    assert!(put("none", "<domain type='|></domain>", "kvm").contains("<domain type='kvm'>"));
    assert!(put("none", "<domain type='k|'></domain>", "kvm").contains("<domain type='kvm'>"));
}

#[test]
fn comments_and_unknown_parts_offer_nothing() {
    assert!(items("none", "<domain><!-- | --></domain>").is_empty());
    assert!(items("none", "<domain><metadata><a:b xmlns:a='urn:a' |/></metadata></domain>").is_empty());
    assert!(items("none", "<network>|</network>").is_empty());
    assert_eq!(labels("none", "|"), ["domain"]);
}

#[test]
fn an_element_is_told_with_what_it_needs_and_its_chapter() {
    assert_eq!(
        told("none", &devices("<di|sk type='file'/>")),
        "**`<disk>`** A hard disk, floppy disk or CD-ROM.\n\nIt needs `target`.\n\n\
         [libvirt's documentation](https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms)\n\n---\n\n\
         **error**: `disk` lacks its `target` (`structure-missing-element`)"
    );
    assert!(told("none", "<domain><name>a</na|me></domain>").starts_with("**`<name>`** The name"));
}

#[test]
fn a_value_is_told_with_what_the_host_says_of_it() {
    let text = devices("<disk type='file'><target dev='vda' bus='i|de'/></disk>");
    let contents = told("kvm-q35", &text);
    assert!(
        contents.starts_with("**`ide`** This host does not offer it, says `domcaps.xml`.\n\n**`bus`** of `<target>`: The bus"),
        "{contents}"
    );
    assert!(contents.contains("This host offers `fdc`, `scsi`, `virtio`") && contents.contains("(`disk-bus-unlisted`)"), "{contents}");
}

#[test]
fn attributes_are_told_and_gaps_are_not() {
    let contents = told("9.0.0:qemu-q35", "<domain type='qemu'><cpu deprecated_fea|tures='on'/></domain>");
    assert!(contents.contains("Since libvirt 11.0.0. It came with libvirt 11.0.0, this host has 9.0.0."), "{contents}");
    assert_eq!(told("none", "<domain> | </domain>"), "");
    assert_eq!(told("none", "<domain><!-- | --></domain>"), "");
}

#[test]
fn every_driver_has_its_own() {
    for (drivers, domain_type, parts) in [
        ("QEMU", "lxc", "<vcp|us/>"),
        ("Xen", "kvm", "<features><xe|n/></features>"),
        ("LXC", "kvm", "<id|map/>"),
        ("bhyve", "kvm", "<features><ms|rs/></features>"),
        ("VMware", "kvm", "<devices><interface type='vd|s'/></devices>"),
        ("VirtualBox", "xen", "<devices><graphics type='desk|top'/></devices>"),
        ("OpenVZ", "lxc", "<devices><filesystem><space_hard_|limit/></filesystem></devices>"),
        ("Virtuozzo", "lxc", "<devices><filesystem><driver type='pl|oop'/></filesystem></devices>"),
        ("QEMU and Cloud Hypervisor", "xen", "<launch|Security/>"),
        ("QEMU, VMware and Hyper-V", "xen", "<os><firm|ware/></os>"),
    ] {
        let contents = told("none", &format!("<domain type='{domain_type}'>{parts}</domain>"));
        let expected = format!(" For {drivers} alone. It is not for a domain of type {domain_type}.");
        assert!(contents.contains(&expected), "{parts}: {contents}");
    }
    let features = |domain_type: &str| offered("none", &format!("<domain type='{domain_type}'><features>|</features></domain>"));
    for (domain_type, label, against) in [("kvm", "msrs", true), ("bhyve", "msrs", false), ("bhyve", "kvm", true), ("xen", "hyperv", false)]
    {
        let (_, detail) = features(domain_type).into_iter().find(|(name, _)| name == label).unwrap();
        assert_eq!(detail == format!("not for a domain of type {domain_type}"), against, "{label}: {detail}");
    }
    let (first, last) = (features("lxc").swap_remove(0).1, features("lxc").pop().unwrap().1);
    assert_eq!((first.as_str(), last.as_str()), ("", "not for a domain of type lxc"));
}

#[test]
fn what_another_driver_has_is_marked() {
    let detail = |domain_type: &str, label: &str| {
        let text = format!("<domain type='{domain_type}'><devices/>|</domain>");
        offered("none", &text).into_iter().rposition(|(name, _)| name == label).map(|at| offered("none", &text).swap_remove(at).1)
    };
    assert_eq!(detail("kvm", "lxc:namespace").unwrap(), "not for a domain of type kvm");
    assert_eq!(detail("lxc", "lxc:namespace").unwrap(), "");
    assert_eq!(detail("test", "lxc:namespace").unwrap(), "");
    let namespace = "<domain type='kvm' xmlns:l='http://libvirt.org/schemas/domain/lxc/1.0'><l:name|space/></domain>";
    assert!(told("none", namespace).contains(" For LXC alone. It is not for a domain of type kvm."), "{}", told("none", namespace));
    assert!(told("none", &namespace.replacen("kvm", "lxc", 1)).contains(" For LXC alone.\n"));
}

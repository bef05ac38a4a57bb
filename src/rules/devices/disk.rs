//! `<disk>`: what it is, and on which bus.

use super::function;
use crate::caps::Version;
use crate::edit;
use crate::finding::{Effect, Phase, TextEdit};
use crate::rules::{Facts, Findings, Listed, Need, Place, Rule, When, Word, page};
use crate::xml::{Attr, Node};

const DOCS: &str = "https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms";
const ON: &[&str] = &["domain/devices/disk"];

/// The rules.
pub const RULES: &[Rule] = &[
    DEVICE.rule("disk-device-unlisted", page!("disk-device-unlisted.md"), ON, DOCS),
    BUS.rule("disk-bus-unlisted", page!("disk-bus-unlisted.md"), ON, DOCS),
    function("disk-bus-unfit", page!("disk-bus-unfit.md"), &[Need::DomainCapabilities], ON, unfit, DOCS),
    function("disk-serial-missing", page!("disk-serial-missing.md"), &[Need::DomainCapabilities], ON, serial, DOCS),
    function(
        "filesystem-handle-removed",
        page!("filesystem-handle-removed.md"),
        &[],
        &["domain/devices/filesystem/driver"],
        handle,
        FILESYSTEM,
    ),
];

const FILESYSTEM: &str = "https://libvirt.org/formatdomain.html#filesystems";

const DEVICE: Listed = Listed {
    place: Place::Attribute("device"),
    section: "devices/disk",
    list: "diskDevice",
    what: "disk device",
    // 9.0.0 refuses at start, 12.8.0 at define
    words: &[Word("floppy", When::DefineSince(Version(12, 8, 0)))],
    ..Listed::ROW
};

/// `fdc` comes and goes with `floppy`; `sd` is on no list.
const BUS: Listed = Listed {
    place: Place::Child("target", "bus"),
    section: "devices/disk",
    list: "bus",
    what: "disk bus",
    words: &[
        Word("ide", When::Define),
        Word("sata", When::Define),
        Word("usb", When::Define),
        Word("nvme", When::Define),
        Word("xen", When::Start),
        Word("uml", When::Start),
    ],
    default: ide,
    better: &["sata", "virtio", "scsi"],
    along: address,
    ..Listed::ROW
};

/// Without a bus, the name of the target decides.
fn ide(_: &Facts, disk: Node) -> Option<&'static str> {
    disk.child("target")?.value("dev").filter(|name| name.starts_with("hd")).map(|_| "ide")
}

/// An address belongs to the bus it was written for.
fn address(disk: Node) -> Vec<TextEdit> {
    disk.child("address").map(edit::remove).into_iter().collect()
}

fn bus(disk: Node) -> Option<Attr> {
    disk.child("target")?.attr("bus")
}

/// Buses that no list refuses, or that are listed for machines that cannot have them.
fn unfit(facts: &Facts, disk: Node, findings: &mut Findings) {
    let (Some(bus), Some(source)) = (bus(disk).filter(|_| facts.qemu()), facts.sources.domain_caps) else { return };
    let listed = source.said.list("devices/disk", "bus").is_some_and(|list| list.has(bus.value()));
    let floppy = disk.value("device") == Some("floppy");
    let span = bus.value_span();
    match bus.value() {
        "fdc" if !floppy => {
            findings.at(span, "only a `floppy` stands on the bus `fdc`");
        }
        "fdc" if listed && (facts.machine_is("microvm") || !facts.x86() && slotless(facts)) => {
            findings.at(span, "this machine has no floppy controller, although `fdc` is listed for it").phase(Phase::Start);
        }
        other if floppy && other != "fdc" => {
            findings.at(span, format!("a `floppy` stands on the bus `fdc` alone, not on `{other}`"));
        }
        "sata" if listed && facts.machine_is("microvm") => {
            let finding = findings.at(span, "this machine has no PCI bus for a SATA controller, although `sata` is listed for it");
            finding.fix("Use virtio", Effect::ChangesGuest, vec![edit::replace(span, "virtio")]);
        }
        "nvme" if listed && facts.arch() == Some("s390x") => {
            findings.at(span, "QEMU starts no NVMe disk on `s390x`, although `nvme` is listed for it").phase(Phase::Start);
        }
        "sd" => card(facts, span, findings),
        _ => {}
    }
}

/// Machines that were seen to have neither a card slot nor a floppy controller.
fn slotless(facts: &Facts) -> bool {
    ["virt", "s390-ccw-virtio", "pseries"].iter().any(|family| facts.machine_is(family))
}

/// `sd` is on no list, and there are boards with a card slot.
fn card(facts: &Facts, span: crate::text::Span, findings: &mut Findings) {
    let none = "has no slot for SD cards";
    if facts.machine_is("q35") || facts.machine_is("microvm") || slotless(facts) {
        findings.at(span, format!("this machine {none}")).phase(Phase::Start);
    } else if facts.x86() {
        findings.at(span, format!("a PC {none}")).phase(Phase::Start).likely();
    }
}

/// Without a controller of its own, an NVMe disk brings one, which is named by the disk's serial.
fn serial(facts: &Facts, disk: Node, findings: &mut Findings) {
    let Some(bus) = bus(disk).filter(|bus| bus.value() == "nvme" && facts.qemu()) else { return };
    let listed = facts.sources.domain_caps.and_then(|source| source.said.list("devices/disk", "bus")).is_some_and(|list| list.has("nvme"));
    let written = |node: Node| node.child("serial").is_some();
    let controller = |node: Node| node.value("type") == Some("nvme") && written(node);
    if listed && !written(disk) && !disk.parent().is_some_and(|devices| devices.children("controller").any(controller)) {
        findings.at(bus.value_span(), "an NVMe disk needs a `<serial>`, by which its controller is named");
    }
}

/// QEMU took it out in 4.0; libvirt lists it for longer.
fn handle(facts: &Facts, driver: Node, findings: &mut Findings) {
    let Some(kind) = driver.attr("type").filter(|kind| kind.value() == "handle" && facts.qemu()) else { return };
    let list = facts.sources.domain_caps.and_then(|source| source.said.list("devices/filesystem", "driverType"));
    if list.is_some_and(|list| list.has("handle")) && facts.sources.versions.qemu.at_least(Version(4, 0, 0)) == Some(true) {
        let finding = findings.at(kind.value_span(), "QEMU has no filesystem driver `handle` since 4.0, although libvirt lists it");
        finding.phase(Phase::Start).likely().fix("Use path", Effect::Safe, vec![edit::replace(kind.value_span(), "path")]);
    }
}

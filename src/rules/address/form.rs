//! Types of addresses that a device cannot have.
//!
//! Source: each row was tried on daemons of libvirt 9.0.0, 11.3.0 and 12.8.0 against every type of address; what they take there,
//! however odd, is not told.

use super::{fix_by_removal, number};
use crate::caps::Version;
use crate::finding::Phase;
use crate::rules::disk::bus_of;
use crate::rules::{Facts, Family, Findings, Kind, Placed};
use crate::xml::Node;

/// The types that a device takes; none at all where it has no place of its own.
type Forms = &'static [&'static str];

/// A type that the device cannot have, or the machine does not know.
pub fn check(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    for placed in &facts.whole.placed {
        let Some((form, message)) = placed.address.attr("type").zip(message(facts, placed)) else { continue };
        let finding = findings.at(form.value_span(), message);
        let late = match placed.form {
            "ccw" | "unassigned" => false,
            "virtio-serial" => (virtio(placed) || plugged(facts, placed)) && !portless(facts, placed),
            _ => virtio(placed),
        };
        if late {
            finding.phase(Phase::Start);
        }
        // define takes any but those that no device of the machine may have
        if placed.kind == Kind::Shmem && elsewhere(facts, placed).is_none() {
            finding.phase(Phase::Start);
        }
        // libvirt reads it as if it were one of a module, and what comes out may even start
        if placed.kind == Kind::Memory && forms(facts, placed).is_some_and(|(_, _, forms)| forms.contains(&"dimm")) {
            finding.phase(Phase::Start).likely();
        }
        fix_by_removal(finding, placed.address);
    }
}

/// Why its address cannot be of its type, if it cannot.
pub(super) fn message(facts: &Facts, placed: &Placed) -> Option<String> {
    match forms(facts, placed).filter(|_| !placed.form.is_empty()) {
        Some((what, name, forms)) if !forms.contains(&placed.form) => Some(unfit(what, name, forms, placed.form)),
        _ => elsewhere(facts, placed),
    }
}

/// True where libvirt refuses the very type of an address, which then takes no place; what it lets pass until start may still take one.
pub(super) fn refused(facts: &Facts, placed: &Placed) -> bool {
    let late = virtio(placed) || matches!(placed.kind, Kind::Shmem | Kind::Memory);
    !late && forms(facts, placed).is_some_and(|(_, _, forms)| !forms.contains(&placed.form))
}

fn unfit(what: &str, name: &str, forms: Forms, form: &str) -> String {
    let what = if name.is_empty() { what.to_owned() } else { format!("{what} `{name}`") };
    match forms {
        [] => format!("{what} has no address that could be set"),
        [first] => format!("{what} has an address of type `{first}`, not `{form}`"),
        [first, ..] => format!("{what} has an address of a type like `{first}`, not `{form}`"),
    }
}

/// What a device is, by a name of its own or an empty one, and which types it takes; none where libvirt takes any.
fn forms<'a>(facts: &Facts, placed: &Placed<'a>) -> Option<(&'static str, &'a str, Forms)> {
    let device = placed.device;
    let value = |name| device.value(name);
    let model = || device.child("model").and_then(|model| model.value("type").or_else(|| model.value("name")));
    let (what, forms): (&'static str, Forms) = match placed.kind {
        Kind::Disk => return disk(bus_of(device)).filter(|(_, bus, _)| *bus != "virtio" || judged(facts)),
        Kind::Hostdev if value("mode") != Some("capabilities") => hostdev(value("type")?, value("model"))?,
        Kind::Interface if value("type") == Some("hostdev") => ("a PCI device of the host", &["pci"]),
        Kind::Input if value("bus") == Some("usb") => ("a USB device", &["usb"]),
        Kind::Redirdev => ("a redirected USB device", &["usb"]),
        Kind::Smartcard => ("a smartcard", &["ccid"]),
        Kind::Serial => serial(facts, device.child("target").and_then(|target| target.value("type")))?,
        Kind::Watchdog => match value("model")? {
            "i6300esb" => ("this watchdog", &["pci"]),
            "ib700" | "diag288" | "itco" => ("this watchdog", &[]),
            _ => return None,
        },
        Kind::Panic => panic(facts, value("model"))?,
        Kind::Shmem => ("shared memory", &["pci"]),
        Kind::Pstore if knows(facts) => ("a persistent store", &["pci"]),
        Kind::Video if model() == Some("ramfb") => ("a `ramfb` display", &[]),
        Kind::Iommu => match value("model")? {
            "intel" | "smmuv3" => ("this IOMMU", &[]),
            "amd" => ("this IOMMU", &["pci"]),
            "virtio" => ("a `virtio` IOMMU", &["pci"]),
            _ => return None,
        },
        Kind::Memory => match value("model")? {
            "dimm" | "nvdimm" => ("a memory module", &["dimm"]),
            "virtio-pmem" | "virtio-mem" => ("a virtio memory device", &["pci", "ccw"]),
            _ => return None,
        },
        _ if virtio(placed) => return of_virtio(facts, placed),
        _ => return None,
    };
    Some((what, "", forms))
}

/// Devices that define lets stand anywhere and that QEMU does not.
fn virtio(placed: &Placed) -> bool {
    let value = |name| placed.device.value(name);
    let model = || placed.device.child("model").and_then(|model| model.value("type"));
    match placed.kind {
        Kind::Rng | Kind::Vsock => true,
        Kind::Memballoon => value("model") != Some("none"),
        Kind::Interface => value("type") != Some("hostdev") && model() == Some("virtio"),
        Kind::Input => value("bus") == Some("virtio"),
        Kind::Controller => value("type") == Some("scsi") && value("model") == Some("virtio-scsi"),
        _ => false,
    }
}

/// `virtio-mmio` is a bus of few machines; what libvirt says of `ccw` and the like it says at define.
fn of_virtio<'a>(facts: &Facts, placed: &Placed<'a>) -> Option<(&'static str, &'a str, Forms)> {
    const ANY: Forms = &["pci", "ccw", "virtio-mmio", "unassigned"];
    const NO_MMIO: Forms = &["pci", "ccw", "unassigned"];
    let bare = facts.board.is_some_and(|board| matches!(board.family, Family::I440fx | Family::Q35 | Family::Pseries | Family::S390Ccw));
    Some(("the virtio device", placed.device.name(), if bare { NO_MMIO } else { ANY }))
}

/// Of a virtio disk libvirt looked at the type when it gave out places on PCI, which it does not on every machine; 12.8.0 always looks.
fn judged(facts: &Facts) -> bool {
    facts.x86() || facts.board.is_some_and(|board| board.pci) || facts.since(Version(12, 8, 0))
}

fn disk(bus: &str) -> Option<(&'static str, &str, Forms)> {
    let forms: Forms = match bus {
        "ide" | "fdc" | "scsi" | "sata" | "nvme" => &["drive"],
        "usb" => &["usb"],
        "virtio" => &["pci", "ccw", "virtio-mmio"],
        _ => return None,
    };
    Some(("a disk on the bus", bus, forms))
}

fn hostdev(kind: &str, model: Option<&str>) -> Option<(&'static str, Forms)> {
    Some(match (kind, model) {
        ("pci", _) => ("a PCI device of the host", &["pci", "unassigned"]),
        ("scsi", _) => ("a SCSI device of the host", &["drive"]),
        ("scsi_host", _) => ("a SCSI host adapter", &["pci", "ccw"]),
        ("usb", _) => ("a USB device of the host", &["usb"]),
        ("mdev", Some("vfio-pci")) => ("a mediated device of model `vfio-pci`", &["pci"]),
        ("mdev", Some("vfio-ccw")) => ("a mediated device of model `vfio-ccw`", &["ccw"]),
        _ => return None,
    })
}

fn serial(facts: &Facts, target: Option<&str>) -> Option<(&'static str, Forms)> {
    Some(match target {
        Some("isa-serial" | "isa-debug") => ("a serial port on ISA", &["isa"]),
        None if facts.x86() => ("a serial port on ISA", &["isa"]),
        Some("pci-serial") => ("a serial port on PCI", &["pci"]),
        Some("usb-serial") => ("a serial port on USB", &["usb"]),
        Some("spapr-vio-serial") => ("a serial port on spapr-vio", &["spapr-vio"]),
        Some("system-serial" | "sclp-serial") => ("a serial port of the machine", &[]),
        _ => return None,
    })
}

fn panic(facts: &Facts, model: Option<&str>) -> Option<(&'static str, Forms)> {
    let default = match facts.board?.family {
        Family::Pseries => "pseries",
        Family::S390Ccw => "s390",
        Family::I440fx | Family::Q35 => "isa",
        _ => "",
    };
    Some(match model.unwrap_or(default) {
        "isa" => ("this panic device", &["isa"]),
        "pvpanic" => ("this panic device", &["pci"]),
        "hyperv" | "pseries" | "s390" => ("this panic device", &[]),
        _ => return None,
    })
}

/// Types that this machine or any device of this kind does not have.
fn elsewhere(facts: &Facts, placed: &Placed) -> Option<String> {
    // there libvirt puts its own address in place of the one written, or does not look
    // 9.0.0 passes these over, 11.3.0 and 12.8.0 look
    let new = matches!(placed.kind, Kind::Crypto | Kind::Pstore) && !knows(facts);
    let sata = || placed.kind == Kind::Controller && placed.device.value("type") == Some("sata");
    if new || matches!(placed.kind, Kind::Hub | Kind::Channel | Kind::Nvram | Kind::Tpm | Kind::Other) || sata() {
        return None;
    }
    match placed.form {
        "ccw" if facts.board?.family != Family::S390Ccw => Some("only the machine `s390-ccw-virtio` has addresses of type `ccw`".into()),
        "unassigned" if placed.kind != Kind::Hostdev => Some("only a device of the host can stay without an address in the guest".into()),
        "virtio-serial" if placed.kind != Kind::Console && (portless(facts, placed) || plugged(facts, placed)) => {
            Some("only a channel or a console of type `virtio` has an address of type `virtio-serial`".into())
        }
        _ => None,
    }
}

/// Whether the libvirt is one that was seen to know what 9.0.0 does not.
fn knows(facts: &Facts) -> bool {
    facts.since(Version(11, 3, 0))
}

/// True where the port of a virtio-serial controller is asked for, and there is none at all. Port 0 is one for libvirt to choose, and it
/// chooses for channels and consoles alone, for which it adds a controller.
fn portless(facts: &Facts, placed: &Placed) -> bool {
    let brings = |device: Node| device.child("target").and_then(|target| target.value("type")) == Some("virtio");
    number(placed.address, "port") != Some(0)
        && facts.whole.controllers("virtio-serial").next().is_none()
        && !facts.whole.all(Kind::Channel).chain(facts.whole.all(Kind::Console)).any(brings)
}

/// Devices of which define does not look at the type, and that QEMU does not find where it says.
fn plugged(facts: &Facts, placed: &Placed) -> bool {
    matches!(placed.kind, Kind::Sound | Kind::Video | Kind::Interface | Kind::Filesystem) && forms(facts, placed).is_none()
}

#[cfg(test)]
mod tests;

//! Options that go with some buses or devices alone.
//!
//! Source: libvirt 9.0.0, `virDomainDiskDefValidate`, `qemuValidateDomainDeviceDefDiskFrontend`; each row was tried on daemons of 9.0.0,
//! 11.3.0 and 12.8.0.

use super::{Disk, Facts, Findings, Node, without, without_element};
use crate::caps::Version;
use crate::xml::Attr;

/// Where an option stands.
enum At {
    /// An attribute of the disk, its driver or its target.
    Own(&'static str),
    Driver(&'static str),
    Target(&'static str),
    /// A child of the disk.
    Child(&'static str),
}

/// An option, the buses and the devices that have it (none: all), values that always pass, and since when and how long the row holds for
/// sure.
struct Row {
    at: At,
    buses: &'static [&'static str],
    devices: &'static [&'static str],
    passes: &'static [&'static str],
    since: Option<Version>,
    until: Option<Version>,
}

const ROW: Row = Row { at: At::Own(""), buses: &[], devices: &[], passes: &[], since: None, until: None };
const VIRTIO: &[&str] = &["virtio"];
const REMOVABLE: &[&str] = &["cdrom", "floppy"];
/// Characters of a product that SCSI has room for.
const PRODUCT: usize = 16;
/// 9.0.0 refused, 11.3.0 accepts.
const SEEN: Option<Version> = Some(Version(9, 0, 1));

const fn of_virtio(name: &'static str) -> Row {
    Row { at: At::Driver(name), buses: VIRTIO, ..ROW }
}

const ROWS: &[Row] = &[
    of_virtio("queues"),
    Row { since: Some(Version(11, 3, 0)), ..of_virtio("queue_size") },
    of_virtio("event_idx"),
    of_virtio("ioeventfd"),
    Row { at: At::Own("model"), buses: VIRTIO, ..ROW },
    Row { at: At::Target("removable"), buses: &["usb", "scsi"], ..ROW },
    // the news of 9.6.0
    Row { at: At::Target("removable"), buses: &["usb"], until: Some(Version(9, 6, 0)), ..ROW },
    // the documentation
    Row { at: At::Target("dpofua"), buses: &["scsi"], since: Some(Version(11, 10, 0)), ..ROW },
    Row { at: At::Target("rotation_rate"), buses: &["scsi", "ide", "sata"], devices: &["disk"], passes: &["0"], ..ROW },
    Row { at: At::Target("tray"), devices: REMOVABLE, passes: &["closed"], ..ROW },
    // define takes it on `sd` too
    Row { at: At::Child("acpi"), buses: &["virtio", "sd"], ..ROW },
    Row { at: At::Child("wwn"), buses: &["ide", "scsi"], devices: &["disk", "cdrom", "floppy"], ..ROW },
    Row { at: At::Child("blockio"), devices: &["disk", "cdrom", "floppy"], since: Some(Version(12, 8, 0)), ..ROW },
    Row { at: At::Child("vendor"), buses: &["scsi"], devices: &["disk", "cdrom", "floppy"], ..ROW },
    Row { at: At::Child("product"), buses: &["scsi", "ide", "sata"], devices: &["disk", "cdrom", "floppy"], ..ROW },
    Row { at: At::Child("product"), buses: &["scsi"], until: SEEN, ..ROW },
];

/// An option that the bus, or the device, does not have.
pub fn check(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    for disk in &facts.whole.disks {
        let mut told = "";
        for row in ROWS {
            let (name, unfit) = row.judge(facts, disk);
            if name != told && unfit {
                told = name;
                row.tell(disk, findings);
            }
        }
        others(facts, disk, findings);
    }
}

impl Row {
    fn attr<'a>(&self, disk: &Disk<'a>) -> Option<(Node<'a>, Attr<'a>)> {
        let (node, name) = match self.at {
            At::Own(name) => (disk.node, name),
            At::Driver(name) => (disk.driver?, name),
            At::Target(name) => (disk.target?, name),
            At::Child(_) => return None,
        };
        Some((node, node.attr(name)?))
    }

    fn name(&self) -> &'static str {
        match self.at {
            At::Own(name) | At::Driver(name) | At::Target(name) | At::Child(name) => name,
        }
    }

    fn judge(&self, facts: &Facts, disk: &Disk) -> (&'static str, bool) {
        let fits = |list: &[&str], own: &str| list.is_empty() || list.contains(&own);
        if fits(self.buses, disk.bus) && fits(self.devices, disk.device) {
            return (self.name(), false);
        }
        let written = match self.at {
            At::Child(name) => disk.node.child(name).is_some(),
            _ => self.attr(disk).is_some_and(|(_, attr)| !self.passes.contains(&attr.value())),
        };
        let begun = || self.since.is_none_or(|version| facts.since(version));
        let holds = || self.until.is_none_or(|version| facts.before(version));
        (self.name(), written && begun() && holds())
    }

    fn tell(&self, disk: &Disk, findings: &mut Findings) {
        let of_bus = !self.buses.is_empty() && !self.buses.contains(&disk.bus);
        let (what, own, list) = if of_bus { ("bus", disk.bus, self.buses) } else { ("device", disk.device, self.devices) };
        let list: Vec<_> = list.iter().map(|word| format!("`{word}`")).collect();
        let message = format!("`{}` goes with the {what} {} alone, not with `{own}`", self.name(), list.join(", "));
        match self.attr(disk) {
            Some((node, attr)) => without(findings.at(attr.name_span(), message), node, &attr),
            None => {
                let Some(child) = disk.node.child(self.name()) else { return };
                without_element(findings.at(child.name_span(), message), child);
            }
        }
    }
}

/// What hangs on more than the bus or the device.
fn others(facts: &Facts, disk: &Disk, findings: &mut Findings) {
    if let Some(geometry) =
        disk.node.child("geometry").filter(|node| ["cyls", "heads", "secs"].iter().all(|name| node.attr(name).is_some()))
    {
        if matches!(disk.bus, "usb" | "sd") {
            without_element(findings.at(geometry.name_span(), format!("a disk on the bus `{}` has no geometry", disk.bus)), geometry);
        } else if let Some(trans) = geometry.attr("trans").filter(|_| disk.bus != "ide") {
            without(
                findings.at(trans.name_span(), format!("`trans` goes with the bus `ide` alone, not with `{}`", disk.bus)),
                geometry,
                &trans,
            );
        }
    }
    if let Some(serial) = disk.node.child("serial").filter(|_| disk.bus == "sd" || disk.bus == "scsi" && disk.device == "lun") {
        let what = if disk.bus == "sd" { "an SD card" } else { "a SCSI `lun`" };
        without_element(
            findings.at(serial.name_span(), format!("{what} has the serial number of the host's device, and no other")),
            serial,
        );
    }
    // 9.0.0 refused it on any bus but usb, 11.3.0 and 12.8.0 on scsi for these
    if let Some((target, attr)) = disk.target.and_then(|target| Some((target, target.attr("removable")?)))
        && (disk.bus == "scsi" && disk.device != "disk" && !facts.before(Version(9, 6, 0)))
    {
        let message = format!("on the bus `scsi` `removable` goes with a `disk` alone, not with a `{}`", disk.device);
        without(findings.at(attr.name_span(), message), target, &attr);
    }
    // tried on 11.3.0 and 12.8.0
    if let Some((driver, attr)) = disk.driver.and_then(|driver| Some((driver, driver.attr("discard_no_unref")?)))
        && driver.value("type").is_some_and(|format| format != "qcow2")
        && (attr.value() == "on" && facts.since(Version(11, 3, 0)))
    {
        without(findings.at(attr.name_span(), "`discard_no_unref` goes with the format `qcow2` alone"), driver, &attr);
    }
    // before 11.1.0 the schema says so
    let newer = !facts.before(Version(11, 1, 0));
    let long = disk.node.child("product").and_then(Node::text).filter(|name| disk.bus == "scsi" && name.value.len() > PRODUCT && newer);
    if let Some(name) = long {
        findings.at(name.span, format!("the product of a SCSI disk has up to {PRODUCT} characters, and this has {}", name.value.len()));
    }
    policy(disk, findings);
    copy_on_read(disk, findings);
    unfiltered(facts, disk, findings);
}

fn policy(disk: &Disk, findings: &mut Findings) {
    let Some((source, policy)) = disk.source.and_then(|source| Some((source, source.attr("startupPolicy")?))) else { return };
    if policy.value() == "requisite" && !REMOVABLE.contains(&disk.device) {
        let message = "`requisite` goes with a `cdrom` or a `floppy` alone: a disk is needed or not";
        without(findings.at(policy.value_span(), message), source, &policy);
    }
}

fn copy_on_read(disk: &Disk, findings: &mut Findings) {
    let Some((driver, attr)) = disk.driver.and_then(|driver| Some((driver, driver.attr("copy_on_read")?))) else { return };
    let why = match disk.device {
        _ if attr.value() != "on" => return,
        "cdrom" | "floppy" | "lun" => format!("a `{}`", disk.device),
        _ if disk.node.child("readonly").is_some() => "a disk that is read only".to_owned(),
        _ => return,
    };
    without(findings.at(attr.name_span(), format!("nothing is copied into {why}: `copy_on_read` does not go with it")), driver, &attr);
}

fn unfiltered(facts: &Facts, disk: &Disk, findings: &mut Findings) {
    let Some(attr) = disk.node.attr("sgio").filter(|attr| attr.value() == "unfiltered" && disk.device == "lun") else { return };
    // 9.0.0 says that it is gone; the kernel lost it in 5.19
    if facts.since(Version(9, 0, 0)) {
        without(findings.at(attr.value_span(), "no kernel hands out unfiltered SCSI commands any more"), disk.node, &attr);
    }
}

#[cfg(test)]
mod tests;

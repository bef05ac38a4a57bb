//! What is booted, in which order, and what the BIOS says meanwhile.

use super::DOCS;
use crate::caps::Version;
use crate::edit;
use crate::finding::{Effect, Phase};
use crate::rules::{Facts, Findings, Kind, Rule, page};
use crate::xml::{Attr, Node};

const HOST: &str = "https://libvirt.org/formatdomain.html#host-bootloader";

/// The rules.
pub const RULES: &[Rule] = &[
    Rule::define("boot-order-mixed", &["domain/os[boot]"], mixed, page!("boot-order-mixed.md"), DOCS),
    Rule::define("boot-order-duplicate", &["domain/devices"], duplicate, page!("boot-order-duplicate.md"), DOCS),
    Rule::define("bios-serial-unfit", &["domain/os/bios"], serial, page!("bios-serial-unfit.md"), DOCS),
    Rule::define("acpi-table-repeated", &["domain/os/acpi"], tables, page!("acpi-table-repeated.md"), DOCS),
    Rule::define("bootloader-unsupported", BOOTLOADER, bootloader, page!("bootloader-unsupported.md"), HOST),
    Rule::define("smbios-sysinfo-missing", &["domain/os/smbios"], sysinfo, page!("smbios-sysinfo-missing.md"), SYSINFO),
];

const BOOTLOADER: &[&str] = &["domain/bootloader", "domain/bootloader_args"];
const SYSINFO: &str = "https://libvirt.org/formatdomain.html#smbios-system-information";

/// The kinds of devices whose `<boot>` libvirt reads.
const BOOTABLE: &[Kind] = &[Kind::Disk, Kind::Filesystem, Kind::Interface, Kind::Hostdev, Kind::Redirdev];

/// Each `<boot order='…'>` of a device, with its order.
fn orders<'a>(facts: &Facts<'a>) -> impl Iterator<Item = (u32, Node<'a>, Attr<'a>)> {
    BOOTABLE.iter().flat_map(|kind| facts.whole.all(*kind)).filter_map(|device| {
        let boot = device.child("boot")?;
        let order = boot.attr("order")?;
        Some((order.value().trim().parse().ok()?, boot, order))
    })
}

fn mixed(facts: &Facts, os: Node, findings: &mut Findings) {
    let Some(boot) = os.child("boot").filter(|_| facts.qemu()) else { return };
    let Some((_, own, _)) = orders(facts).next() else { return };
    let finding = findings.at(boot.name_span(), "`<boot>` of `<os>` does not go with `<boot order='…'>` of a device");
    finding.related(own.name_span(), "a device with an order of its own");
    finding.fix("Boot by the order of the devices", Effect::ChangesGuest, os.children("boot").map(edit::remove).collect());
    let others = orders(facts).map(|(_, boot, _)| edit::remove(boot)).collect();
    finding.fix("Boot by the order of `<os>`", Effect::ChangesGuest, others);
}

fn duplicate(facts: &Facts, devices: Node, findings: &mut Findings) {
    if !facts.qemu() || facts.whole.devices != Some(devices) {
        return;
    }
    let mut seen: Vec<(u32, Attr)> = Vec::new();
    for (order, _, attr) in orders(facts) {
        if let Some((_, first)) = seen.iter().find(|(other, _)| *other == order) {
            let free = (1..).find(|free| orders(facts).all(|(other, ..)| other != *free)).unwrap_or(order);
            let finding = findings.at(attr.value_span(), format!("two devices cannot both be booted as number {order}"));
            finding.related(first.value_span(), "the other one");
            let edit = edit::replace(attr.value_span(), &free.to_string());
            finding.fix(format!("Boot it as number {free}"), Effect::ChangesGuest, vec![edit]);
        } else {
            seen.push((order, attr));
        }
    }
}

fn serial(facts: &Facts, bios: Node, findings: &mut Findings) {
    let Some(attr) = bios.attr("useserial").filter(|attr| attr.value() == "yes" && facts.qemu()) else { return };
    let Some(arch) = facts.arch() else { return };
    if facts.x86() && has_serial(facts) {
        return;
    }
    let message = match facts.x86() {
        true => "the BIOS needs a `<serial>` to write to".to_owned(),
        false => format!("only the BIOS of a PC writes to a serial port, this domain is `{arch}`"),
    };
    let finding = findings.at(attr.value_span(), message);
    if let Some(devices) = facts.whole.devices.filter(|_| facts.x86()) {
        finding.fix("Add a serial port", Effect::ChangesGuest, vec![edit::append_child(devices, "<serial type='pty'/>")]);
    }
    finding.fix("Remove `useserial`", Effect::ChangesGuest, vec![edit::remove_attribute(bios, &attr)]);
}

/// The first console of a PC is a serial port as well, unless it says otherwise.
fn has_serial(facts: &Facts) -> bool {
    let target = |console: Node| console.child("target").and_then(|target| target.value("type")).unwrap_or("serial") == "serial";
    facts.whole.all(Kind::Serial).len() > 0 || facts.whole.all(Kind::Console).next().is_some_and(target)
}

/// 11.2.0 reads several kinds, of which all but `raw` may stand once, and QEMU has no place for one: tried on 11.3.0 and 12.8.0.
fn tables(facts: &Facts, acpi: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    let old = facts.before(Version(11, 2, 0));
    if let Some(second) = acpi.children("table").nth(1).filter(|_| old) {
        let finding = findings.at(second.name_span(), "libvirt before 11.2.0 takes one ACPI table");
        finding.fix("Remove the second", Effect::ChangesGuest, vec![edit::remove(second)]);
        return;
    }
    let mut seen: Vec<Attr> = Vec::new();
    for table in acpi.children("table") {
        let Some(kind) = table.attr("type") else { continue };
        if let Some(first) = seen.iter().find(|first| first.value() == kind.value() && kind.value() != "raw") {
            let finding = findings.at(kind.value_span(), format!("there is an ACPI table of the type `{}` already", kind.value()));
            finding.related(first.value_span(), "the first one");
            finding.fix("Remove this one", Effect::ChangesGuest, vec![edit::remove(table)]);
        } else if kind.value() == "rawset" && !old {
            let finding = findings.at(kind.value_span(), "QEMU takes no ACPI table of the type `rawset`, Xen does");
            finding.fix("Use raw", Effect::ChangesGuest, vec![edit::replace(kind.value_span(), "raw")]);
        }
        seen.push(kind);
    }
}

fn bootloader(facts: &Facts, node: Node, findings: &mut Findings) {
    if facts.qemu() && (node.text().is_some() || node.name() == "bootloader") {
        let finding = findings.at(node.name_span(), format!("`<{}>` is for Xen, QEMU has no program on the host that boots", node.name()));
        finding.fix(format!("Remove `<{}>`", node.name()), Effect::Safe, vec![edit::remove(node)]);
    }
}

fn sysinfo(facts: &Facts, smbios: Node, findings: &mut Findings) {
    let Some(mode) = smbios.attr("mode").filter(|mode| mode.value() == "sysinfo" && facts.qemu()) else { return };
    if facts.subject.root.children("sysinfo").all(|sysinfo| sysinfo.value("type") != Some("smbios")) {
        let finding = findings.at(mode.value_span(), "no `<sysinfo type='smbios'>` says what the guest is to be shown").phase(Phase::Start);
        finding.fix("Use emulate", Effect::ChangesGuest, vec![edit::replace(mode.value_span(), "emulate")]);
    }
}

#[cfg(test)]
mod tests;

//! `<address type='drive'>`: places of disks and of SCSI devices of the host.
//!
//! Source: libvirt 9.0.0, `virDomainDiskDefAssignAddress`, `qemuValidateDomainDeviceDefAddressDrive`.

use std::cell::OnceCell;

use super::taken::{Space, Taken};
use super::{fix_by_removal, number};
use crate::finding::{Finding, Phase};
use crate::rules::disk::{bus_of, number_of};
use crate::rules::{Facts, Findings, Kind, Placed};
use crate::text::sort_by_key;
use crate::xml::Node;

/// A bus that disks share, and how many of each part it has.
struct Bus {
    name: &'static str,
    /// Disks on a bus, buses of a controller: by the name of its target a disk gets its place.
    units: u64,
    buses: u64,
    /// Attributes that must be zero.
    zero: &'static [&'static str],
}

const BUSES: &[Bus] = &[
    Bus { name: "scsi", units: 7, buses: 1, zero: &["bus"] },
    Bus { name: "ide", units: 2, buses: 2, zero: &["controller", "target"] },
    Bus { name: "sata", units: 6, buses: 1, zero: &["bus", "target"] },
    Bus { name: "fdc", units: 2, buses: 1, zero: &["controller", "bus", "target"] },
];

fn bus(name: &str) -> Option<(u64, &'static Bus)> {
    (0..).zip(BUSES).find(|(_, bus)| bus.name == name)
}

/// A part of an address that such a bus does not have.
pub fn check(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    let places = OnceCell::new();
    for placed in facts.whole.placed.iter().filter(|placed| placed.form == "drive") {
        let Some((_, bus)) = bus(of(placed)) else { continue };
        let beyond = |name: &&&str| number(placed.address, name).is_some_and(|number| number > 0);
        let Some(part) = bus.zero.iter().find(beyond).and_then(|name| placed.address.attr(name)) else { continue };
        let message = format!("the bus `{}` has no {} {}: there is one, number 0", bus.name, part.name(), part.value());
        mend(facts, placed, &places, findings.at(part.value_span(), message));
    }
    beyond(facts, findings);
    for placed in facts.whole.placed.iter().filter(|placed| placed.form == "drive") {
        limits(facts, placed, &places, findings);
    }
}

/// All places that are taken, in order; found out for the first fix that asks.
type Places<'f, 'a> = OnceCell<Vec<Taken<'f, 'a>>>;

fn mend<'f, 'a>(facts: &'f Facts<'a>, placed: &Placed, places: &Places<'f, 'a>, finding: &mut Finding) {
    let all = || {
        let mut list = Vec::new();
        taken(facts, &mut list);
        sort_by_key(&mut list, |one| one.key);
        list
    };
    if free_without(placed.device, places.get_or_init(all)) {
        fix_by_removal(finding, placed.address);
    }
}

/// Without its address a disk gets the place of its name, which something else may have; `all` stand in the order of their places.
pub(super) fn free_without(disk: Node, all: &[Taken]) -> bool {
    implied(disk).is_none_or(|key| all.binary_search_by(|one| one.key.cmp(&(Space::Drive, key))).is_err())
}

/// How far the numbers of a controller's places go; QEMU finds out.
fn limits<'f, 'a>(facts: &'f Facts<'a>, placed: &Placed, places: &Places<'f, 'a>, findings: &mut Findings) {
    let index = number(placed.address, "controller");
    let mut scsi = facts.whole.controllers("scsi").filter(|one| one.index.map(u64::from) == index);
    let model = scsi.next().and_then(|one| one.model);
    let rows: &[(&str, u64)] = match (of(placed), model) {
        ("sata", _) => &[("unit", 5)],
        ("ide", _) => &[("bus", 1), ("unit", 1)],
        ("fdc", _) => &[("unit", 1)],
        ("scsi", Some("virtio-scsi" | "virtio-transitional" | "virtio-non-transitional")) => &[("target", 255), ("unit", 16383)],
        ("scsi", Some("lsilogic")) => &[("target", 0), ("unit", 7)],
        ("scsi", None | Some("auto")) if facts.lsi_by_default() => &[("target", 0), ("unit", 7)],
        _ => return,
    };
    for (name, most) in rows {
        let Some(attr) = placed.address.attr(name).filter(|_| number(placed.address, name).is_some_and(|number| number > *most)) else {
            continue;
        };
        let message = format!("the {name} of such a controller goes from 0 to {most}, not to {}", attr.value());
        let finding = findings.at(attr.value_span(), message);
        mend(facts, placed, places, finding);
        // libvirt itself knows this one
        if *most > 0 {
            finding.phase(Phase::Start).likely();
        }
    }
}

/// A disk whose name implies a place that its bus does not have, such as a fifth on IDE.
fn beyond(facts: &Facts, findings: &mut Findings) {
    for disk in facts.whole.all(Kind::Disk).filter(|disk| disk.child("address").is_none()) {
        let Some((_, bus)) = bus(bus_of(disk)).filter(|(_, bus)| bus.zero.contains(&"controller")) else { continue };
        let Some(dev) = disk.child("target").and_then(|target| target.attr("dev")) else { continue };
        let room = bus.units * bus.buses;
        if number_of(dev.value()).is_some_and(|number| number >= room) {
            findings
                .at(dev.value_span(), format!("the bus `{}` has room for {room} disks, and `{}` is beyond them", bus.name, dev.value()));
        }
    }
}

/// The bus of a device with such an address; whatever is no disk is a SCSI device of the host.
fn of<'a>(placed: &Placed<'a>) -> &'a str {
    match placed.kind {
        Kind::Disk => bus_of(placed.device),
        Kind::Hostdev => "scsi",
        _ => "",
    }
}

/// The places of disks and SCSI devices of the host, those included that the name of a target implies.
pub(super) fn taken<'f, 'a>(facts: &'f Facts<'a>, list: &mut Vec<Taken<'f, 'a>>) {
    for placed in facts.whole.placed.iter().filter(|placed| placed.form == "drive") {
        let Some((at, _)) = bus(of(placed)) else { continue };
        let part = |name| number(placed.address, name).filter(|number| *number < 0xfff);
        let Some(((controller, bus), (target, unit))) = part("controller").zip(part("bus")).zip(part("target").zip(part("unit"))) else {
            continue;
        };
        let key = (Space::Drive, at << 48 | pack(controller, bus, target, unit));
        list.push(Taken { key, span: Some(placed.address.name_span()), placed: Some(placed) });
    }
    for disk in facts.whole.all(Kind::Disk).filter(|disk| disk.child("address").is_none()) {
        let Some((key, target)) = implied(disk).zip(disk.child("target")) else { continue };
        list.push(Taken { key: (Space::Drive, key), span: Some(target.name_span()), placed: None });
    }
}

fn pack(controller: u64, bus: u64, target: u64, unit: u64) -> u64 {
    controller << 36 | bus << 24 | target << 12 | unit
}

/// The place that a disk without an address gets by the name of its target.
fn implied(disk: Node) -> Option<u64> {
    let (at, bus) = bus(bus_of(disk)).filter(|_| disk.name() == "disk")?;
    let index = disk.child("target")?.value("dev").and_then(number_of).filter(|index| *index < 0xfff)?;
    let (rest, unit) = (index / bus.units, index % bus.units);
    Some(at << 48 | pack(rest / bus.buses, rest % bus.buses, 0, unit))
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["address-drive-unfit"];

    #[test]
    fn a_bus_has_only_so_many_parts() {
        let fixture = r#"
<disk type='file' device='disk'>
  <source file='/a'/>
  <target dev='sda' bus='sata'/>
  <address type='drive' controller='1' bus='1' target='0' unit='0'/>
                                            ^ error[address-drive-unfit]: the bus `sata` has no bus 1: there is one, number 0
                                            | fix: Let libvirt choose the address (changes guest)
</disk>
<disk type='file' device='disk'>
  <source file='/b'/>
  <target dev='sdb' bus='scsi'/>
  <address type='drive' controller='1' bus='0' target='0' unit='6'/>
</disk>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "address-drive-unfit", fixture);
        assert_eq!(mended, "- <address type='drive' controller='1' bus='1' target='0' unit='0'/>");
    }

    #[test]
    fn units_have_their_end() {
        let fixture = r#"
<controller type='scsi' index='0' model='lsilogic'/>
<disk type='file' device='disk'>
  <source file='/a'/>
  <target dev='sda' bus='sata'/>
  <address type='drive' controller='0' bus='0' target='0' unit='6'/>
                                                                ^ warning[address-drive-unfit]: the unit of such a controller goes from 0 to 5, not to 6
                                                                | fix: Let libvirt choose the address (changes guest)
</disk>
<disk type='file' device='disk'>
  <source file='/b'/>
  <target dev='sdb' bus='scsi'/>
  <address type='drive' controller='0' bus='0' target='1' unit='3'/>
                                                       ^ error[address-drive-unfit]: the target of such a controller goes from 0 to 0, not to 1
                                                       | fix: Let libvirt choose the address (changes guest)
</disk>
"#;
        assert_eq!(check_in("qemu-q35", "devices", CODES, fixture), ["start", "define"]);
    }

    #[test]
    fn ide_has_room_for_four() {
        let fixture = r#"
<disk type='file' device='disk'>
  <source file='/a'/>
  <target dev='hdd' bus='ide'/>
</disk>
<disk type='file' device='disk'>
  <source file='/b'/>
  <target dev='hde' bus='ide'/>
               ^^^ error[address-drive-unfit]: the bus `ide` has room for 4 disks, and `hde` is beyond them
</disk>
"#;
        check_in("qemu-pc", "devices", CODES, fixture);
    }
}

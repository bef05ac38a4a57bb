//! Two devices at one place, whatever kind of place that is.

use super::{drive, fix_by_removal, fixed, number, usb};
use crate::rules::{Facts, Family, Findings, Kind, Placed};
use crate::text::{Span, sort_by_key};
use crate::xml::Node;

/// A place that something takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Taken<'a> {
    /// The kind of place, and where it is among those.
    pub key: (Space, u64),
    /// Where the document says so; none where the machine itself takes it.
    pub span: Option<Span>,
    /// The address, where one is written.
    pub address: Option<Node<'a>>,
}

/// Kinds of places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Space {
    Pci,
    ZpciUid,
    ZpciFid,
    Ccw,
    SpaprVio,
    Usb,
    VirtioSerial,
    Drive,
}

/// libvirt reports the first it meets; here each but the first is told.
pub fn check(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    let own = facts.whole.placed.iter().filter(|placed| !of_serial(placed));
    let mut taken: Vec<Taken> = own.flat_map(|placed| places(facts, placed)).flatten().collect();
    drive::taken(facts, &mut taken);
    if taken.is_empty() {
        return;
    }
    fixed::taken(facts, &mut taken);
    sort_by_key(&mut taken, |one| (one.key, one.span));
    for same in taken.chunk_by(|a, b| a.key == b.key).filter(|same| same.len() > 1) {
        tell(same, &taken, findings);
    }
}

/// A console that only repeats a serial port.
fn of_serial(placed: &Placed) -> bool {
    let target = || placed.device.child("target").and_then(|target| target.value("type"));
    placed.kind == Kind::Console && matches!(target(), None | Some("serial"))
}

fn tell(same: &[Taken], all: &[Taken], findings: &mut Findings) {
    let Some((first, rest)) = same.split_first() else { return };
    for (one, span) in rest.iter().filter_map(|one| Some((one, one.span?))) {
        let by = if first.span.is_some() { "another device has" } else { "the machine itself takes" };
        let finding = findings.at(span, format!("{by} {}", name(one.key)));
        if let Some(other) = first.span {
            finding.related(other, "the first at this place");
        }
        if let Some(address) = one.address.filter(|address| free_without(*address, one.key.0, all)) {
            fix_by_removal(finding, address);
        }
    }
}

/// Without its address a disk gets the place of its name, which something else may have.
fn free_without(address: Node, space: Space, all: &[Taken]) -> bool {
    let implied = address.parent().filter(|_| space == Space::Drive).and_then(drive::implied);
    implied.is_none_or(|key| !all.iter().any(|one| one.key == (Space::Drive, key)))
}

fn name((space, at): (Space, u64)) -> String {
    match space {
        Space::Pci => {
            let part = |shift: u32, mask: u64| (at >> shift) & mask;
            format!("the PCI address `{:04x}:{:02x}:{:02x}.{}`", part(16, 0xffff), part(8, 0xff), part(3, 31), part(0, 7))
        }
        Space::ZpciUid => format!("the zPCI uid `{at:#06x}`"),
        Space::ZpciFid => format!("the zPCI fid `{at:#010x}`"),
        Space::Ccw => format!("the CCW address `{:x}.{:x}.{:04x}`", at >> 24, (at >> 16) & 0xff, at & 0xffff),
        Space::SpaprVio => format!("the spapr-vio register `{at:#x}`"),
        Space::Usb => format!("the USB port `{}` of bus {}", usb::written(at), at >> 32),
        Space::VirtioSerial => format!("port {} of the virtio-serial controller {}", at & 0xffff_ffff, at >> 32),
        Space::Drive => {
            let part = |shift: u32| (at >> shift) & 0xfff;
            format!("controller {}, bus {}, target {}, unit {}", part(36), part(24), part(12), part(0))
        }
    }
}

/// What an address takes: mostly one place, of zPCI up to three.
fn places<'a>(facts: &Facts, placed: &Placed<'a>) -> [Option<Taken<'a>>; 3] {
    let address = placed.address;
    let taken = |key| Taken { key, span: Some(address.name_span()), address: Some(address) };
    let mut out = [None; 3];
    if placed.form == "pci" {
        out = [placed.slot.map(|slot| (Space::Pci, slot.key())), zpci(placed, "uid", Space::ZpciUid), zpci(placed, "fid", Space::ZpciFid)];
    } else {
        out[0] = place(facts, placed);
    }
    out.map(|key| key.map(taken))
}

fn zpci(placed: &Placed, name: &str, space: Space) -> Option<(Space, u64)> {
    let zpci = placed.address.child("zpci")?;
    let id = number(zpci, name).filter(|_| zpci.attr(name).is_some())?;
    Some((space, id)).filter(|_| space == Space::ZpciFid || id > 0)
}

fn place(facts: &Facts, placed: &Placed) -> Option<(Space, u64)> {
    let read = |name| number(placed.address, name);
    let written = |name| read(name).filter(|_| placed.address.attr(name).is_some());
    let family = facts.board?.family;
    match placed.form {
        "ccw" if family == Family::S390Ccw => Some((Space::Ccw, written("cssid")? << 24 | written("ssid")? << 16 | written("devno")?)),
        "spapr-vio" if family == Family::Pseries => Some((Space::SpaprVio, written("reg")?)),
        "usb" => Some((Space::Usb, read("bus")? << 32 | u64::from(usb::path(placed.address.value("port")?)?))),
        "virtio-serial" => {
            let port = read("port").filter(|port| *port > 0)?;
            Some((Space::VirtioSerial, read("controller")? << 32 | port))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["address-duplicate"];

    #[test]
    fn two_devices_at_one_pci_address() {
        let fixture = r#"
<rng model='virtio'>
  <address type='pci' domain='0x0000' bus='0x00' slot='0x05' function='0x0'/>
</rng>
<memballoon model='virtio'>
  <address type='pci' slot='5'/>
   ^^^^^^^ error[address-duplicate]: another device has the PCI address `0000:00:05.0`
   | fix: Let libvirt choose the address (changes guest)
</memballoon>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "address-duplicate", fixture);
        assert_eq!(mended, "- <address type='pci' slot='5'/>");
    }

    #[test]
    fn what_is_chosen_by_libvirt_meets_nothing() {
        let fixture = r#"
<rng model='virtio'>
  <address type='pci' bus='0x00' slot='0x00'/>
</rng>
<memballoon model='virtio'>
  <address type='pci' bus='0x00' slot='0x00'/>
</memballoon>
<sound model='ich9'>
  <address type='pci' slot='4' function='0'/>
</sound>
<sound model='ich6'>
  <address type='pci' slot='4' function='1'/>
</sound>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
    }

    #[test]
    fn a_console_repeats_the_serial_port() {
        let fixture = r#"
<serial type='pty'>
  <target type='pci-serial' port='0'/>
  <address type='pci' slot='4'/>
</serial>
<console type='pty'>
  <target type='serial' port='0'/>
  <address type='pci' slot='4'/>
</console>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
    }

    #[test]
    fn the_chips_of_the_machine_have_their_places() {
        let fixture = r#"
<disk type='file' device='disk'>
  <source file='/a'/>
  <target dev='hda' bus='ide'/>
</disk>
<rng model='virtio'>
  <address type='pci' slot='1' function='1'/>
   ^^^^^^^ error[address-duplicate]: the machine itself takes the PCI address `0000:00:01.1`
   | fix: Let libvirt choose the address (changes guest)
</rng>
<memballoon model='virtio'>
  <address type='pci' slot='1' function='3'/>
   ^^^^^^^ error[address-duplicate]: the machine itself takes the PCI address `0000:00:01.3`
   | fix: Let libvirt choose the address (changes guest)
</memballoon>
"#;
        check_in("qemu-pc", "devices", CODES, fixture);
    }

    #[test]
    fn channel_paths_and_registers_are_taken_once() {
        let fixture = r#"
<rng model='virtio'>
  <address type='ccw' cssid='0xfe' ssid='0x0' devno='0x0001'/>
</rng>
<memballoon model='virtio'>
  <address type='ccw' cssid='0xfe' ssid='0x0' devno='0x0001'/>
   ^^^^^^^ error[address-duplicate]: another device has the CCW address `fe.0.0001`
   | fix: Let libvirt choose the address (changes guest)
</memballoon>
"#;
        check_in("s390x", "devices", CODES, fixture);
        let fixture = r#"
<nvram>
  <address type='spapr-vio' reg='0x4000'/>
</nvram>
<controller type='scsi' index='0'>
  <address type='spapr-vio' reg='0x4000'/>
</controller>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
    }

    #[test]
    fn a_disk_without_an_address_has_that_of_its_name() {
        let fixture = r#"
<disk type='file' device='disk'>
  <source file='/a'/>
  <target dev='sdb' bus='scsi'/>
   ^^^^^^ error[address-duplicate]: another device has controller 0, bus 0, target 0, unit 1
</disk>
<disk type='file' device='disk'>
  <source file='/b'/>
  <target dev='sda' bus='scsi'/>
  <address type='drive' controller='0' bus='0' target='0' unit='1'/>
   ^^^^^^^ error[address-duplicate]: another device has controller 0, bus 0, target 0, unit 1
   | fix: Let libvirt choose the address (changes guest)
</disk>
"#;
        let fixture =
            fixture.replacen("   ^^^^^^ error[address-duplicate]: another device has controller 0, bus 0, target 0, unit 1\n", "", 1);
        check_in("qemu-q35", "devices", CODES, &fixture);
    }

    #[test]
    fn scsi_devices_of_the_host_share_the_bus_with_disks() {
        let fixture = r#"
<disk type='file' device='disk'>
  <source file='/a'/>
  <target dev='sda' bus='scsi'/>
</disk>
<disk type='file' device='disk'>
  <source file='/b'/>
  <target dev='sdz' bus='sata'/>
  <address type='drive' controller='0' bus='0' target='0' unit='0'/>
</disk>
<hostdev mode='subsystem' type='scsi'>
  <source><adapter name='scsi_host0'/><address bus='0' target='0' unit='0'/></source>
  <address type='drive' controller='0' bus='0' target='0' unit='0'/>
   ^^^^^^^ error[address-duplicate]: another device has controller 0, bus 0, target 0, unit 0
   | fix: Let libvirt choose the address (changes guest)
</hostdev>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
    }
}

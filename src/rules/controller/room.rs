//! Room for PCI controllers, and PCI itself.
//!
//! Source: libvirt 9.0.0, `virDomainPCIAddressSetGrow`; the figures were tried on a daemon.

use super::{Controller, Effect, Facts, Family, Findings, Kind, Node, edit};
use crate::caps::Version;
use crate::rules::address::{Slot, pci};

/// libvirt adds a port for a device, and for these; for other controllers it adds nothing.
const ADDED_FOR: &[&str] = &["pcie-switch-upstream-port", "pci-root", "pcie-root"];

/// So many ports fit into a single slot, and are not worth counting.
const FEW: u32 = 8;

/// A PCI controller without an address for which there is no place.
pub fn check(facts: &Facts, _: Node, findings: &mut Findings) {
    if facts.board.is_none() {
        return;
    }
    let (mut ports, mut room) = (0, None);
    for controller in facts.whole.controllers("pci").filter(|one| one.node.child("address").is_none() && !one.usurps(facts.board)) {
        let Some(model) = controller.model.filter(|model| !ADDED_FOR.contains(model)) else { continue };
        let Some(own) = pci::model(model) else { continue };
        ports += u32::from(own.plug == pci::ROOT_PORT);
        let Some(message) = crowded(facts, controller, own, ports, &mut room) else { continue };
        let span = controller.node.attr("model").map_or(controller.node.name_span(), |attr| attr.value_span());
        findings.at(span, message);
        if own.plug == pci::ROOT_PORT {
            return;
        }
    }
}

/// Why there is no room, if there is none. Of what has room for some, ports alone are counted: eight fit into a slot.
fn crowded(facts: &Facts, controller: &Controller, own: &pci::Model, ports: u32, room: &mut Option<u32>) -> Option<String> {
    let name = own.name;
    let mut buses = buses(facts).filter(|(_, bus)| bus.takes & own.plug != 0);
    if name == "pci-bridge" {
        let index = controller.index?;
        let found = buses.any(|(at, bus)| at < index && !bus.name.starts_with("pcie-root") && bus.name != "pcie-switch-downstream-port");
        return (!found).then(|| format!("there is no controller with an index below {index} for this `{name}` to stand in"));
    }
    if own.plug != pci::ROOT_PORT {
        return buses.next().is_none().then(|| format!("there is no controller that takes a `{name}`, and libvirt adds none for it"));
    }
    let first = buses.next();
    if ports <= FEW && first.is_some() {
        return None;
    }
    let all = first.into_iter().chain(buses);
    let room = *room.get_or_insert_with(|| all.fold(0, |room, (at, bus)| room + slots(facts, at, bus) * 8));
    (ports > room).then(|| match room {
        0 => format!("there is no controller that takes a `{name}`, and libvirt adds none for it"),
        _ => format!("there is room for {room} controllers `{name}`, and this is the {ports}th"),
    })
}

/// The controllers there are, that of the machine included.
fn buses<'a>(facts: &'a Facts) -> impl Iterator<Item = (u32, &'static pci::Model)> + use<'a> {
    let written = || facts.whole.controllers("pci").filter(|one| !one.usurps(facts.board));
    let first = written().any(|one| one.index == Some(0));
    let own = facts.board.and_then(|board| board.root).filter(|_| !first).and_then(|root| pci::model(root.model()));
    let written = written().filter_map(|one| Some((one.index?, pci::model(one.model?)?)));
    own.map(|model| (0, model)).into_iter().chain(written)
}

/// The slots that a controller has left for ports: those of other ports count as free, since each takes eight.
fn slots(facts: &Facts, bus: u32, model: &pci::Model) -> u32 {
    let mut used = 0u32;
    for placed in facts.whole.placed.iter().filter(|placed| placed.device.value("model") != Some("pcie-root-port")) {
        match placed.slot.map(Slot::on) {
            Some((at, slot)) if u32::from(at) == bus => used |= 1 << slot,
            _ => {}
        }
    }
    let (first, last) = model.slots;
    (first..=last).filter(|slot| used >> slot & 1 == 0 && !(bus == 0 && own(facts, *slot))).count() as u32
}

/// Slots that the Q35 keeps: its bridges, and the first display.
fn own(facts: &Facts, slot: u8) -> bool {
    let none = |video: Node| video.child("model").is_some_and(|model| matches!(model.value("type"), Some("none" | "ramfb")));
    let display = || facts.whole.all(Kind::Video).next().is_some_and(|video| !none(video) && video.child("address").is_none());
    facts.board.is_some_and(|board| board.family == Family::Q35) && (slot == 0x1f || slot == 1 && display())
}

/// A device on PCI where the machine has none and none is written, and PCI that is written where there can be none.
pub fn absent(facts: &Facts, _: Node, findings: &mut Findings) {
    let Some(board) = facts.board.filter(|board| board.root.is_none()) else { return };
    let strict = facts.since(Version(12, 8, 0));
    let bare = board.is_pc() || strict && without_pci(facts, board);
    if let Some(first) = facts.whole.controllers("pci").next() {
        // 11.3.0 took one, 12.8.0 does not
        if bare && strict {
            let finding = findings.at(first.node.name_span(), "this machine has no PCI, and so no controller of it");
            finding.fix("Remove this controller", Effect::ChangesGuest, vec![edit::remove(first.node)]);
        }
    } else if bare {
        let mmio = facts.machine().is_some_and(|machine| machine.starts_with("vexpress"));
        for (kind, device) in facts.whole.devices().filter(|(kind, device)| wants_pci(*kind, *device)) {
            if mmio && of_virtio(kind, device) {
                continue;
            }
            let name = device.name();
            let what = match kind {
                Kind::Disk => "virtio disk".to_owned(),
                Kind::Video | Kind::Sound | Kind::Vsock | Kind::Shmem | Kind::Serial => format!("{name} device"),
                _ => name.to_owned(),
            };
            let article = if kind == Kind::Input || kind == Kind::Interface { "an" } else { "a" };
            findings.at(device.name_span(), format!("{article} {what} goes to PCI, and this machine has none"));
        }
        if board.is_pc() {
            implied(facts, findings);
        }
    }
}

/// Boards of ARM and RISC-V that libvirt knows to have no PCI. 9.0.0 and 11.3.0 let devices on them stand without a place, 12.8.0 does not;
/// it knows two families that have it.
fn without_pci(facts: &Facts, board: crate::rules::board::Board) -> bool {
    !board.pci && facts.machine().is_some_and(|machine| !machine.starts_with("realview-eb"))
}

/// What libvirt adds by itself goes there too.
fn implied(facts: &Facts, findings: &mut Findings) {
    let (Some(board), Some(devices)) = (facts.board, facts.whole.devices) else { return };
    // 9.0.0 and 11.3.0 add them, 12.8.0 does not
    let old = facts.before(Version(11, 3, 1));
    let balloon = board.balloon && facts.whole.all(Kind::Memballoon).next().is_none();
    let usb = board.usb && old && facts.whole.controllers("usb").next().is_none();
    let (what, none) = match () {
        () if balloon && old => ("memory balloon", "<memballoon model='none'/>"),
        () if usb => ("USB controller", "<controller type='usb' model='none'/>"),
        () => return,
    };
    let finding = findings.at(devices.name_span(), format!("libvirt adds a {what}, which goes to PCI, and this machine has none"));
    finding.fix(format!("Write that there is no {what}"), Effect::ChangesGuest, vec![edit::append_child(devices, none)]);
}

/// Devices that go to virtio-mmio where the machine has that alone, of those that [`wants_pci`] tells.
fn of_virtio(kind: Kind, device: Node) -> bool {
    match kind {
        Kind::Interface | Kind::Video => device.child("model").is_some_and(|model| model.value("type") == Some("virtio")),
        Kind::Controller => matches!(device.value("type"), Some("virtio-serial" | "scsi")),
        _ => matches!(kind, Kind::Disk | Kind::Memballoon | Kind::Rng | Kind::Input),
    }
}

/// Devices that have no other place than PCI, unless an address says so; each was tried on 9.0.0, 11.3.0 and 12.8.0.
fn wants_pci(kind: Kind, device: Node) -> bool {
    let form = device.child("address").and_then(|address| address.value("type"));
    if form.is_some_and(|form| form != "pci") {
        return false;
    }
    let model = device.value("model");
    let typed = |child| device.child(child).and_then(|child| child.value("type"));
    match kind {
        Kind::Video => matches!(typed("model"), Some("vga" | "cirrus" | "bochs" | "virtio")),
        Kind::Sound => matches!(model, Some("ich6" | "ich9" | "ac97" | "es1370")),
        Kind::Watchdog => model == Some("i6300esb"),
        Kind::Input => device.value("bus") == Some("virtio"),
        Kind::Serial => typed("target") == Some("pci-serial"),
        Kind::Filesystem => matches!(device.value("type"), None | Some("mount")),
        Kind::Vsock | Kind::Shmem => true,
        Kind::Disk => crate::rules::disk::bus_of(device) == "virtio",
        // boards have cards of their own beside these
        Kind::Interface => matches!(typed("model"), Some("virtio" | "e1000" | "e1000e" | "rtl8139" | "ne2k_pci" | "ne2k_isa")),
        Kind::Memballoon => model != Some("none"),
        Kind::Rng => true,
        Kind::Controller => match device.value("type") {
            Some("usb") => model != Some("none"),
            Some("virtio-serial" | "sata") => true,
            Some("scsi") => model != Some("ncr53c90"),
            _ => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests;

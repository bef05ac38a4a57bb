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
    let strict = facts.sources.versions.libvirt.at_least(Version(12, 8, 0)) == Some(true);
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
    let old = facts.sources.versions.libvirt.at_least(Version(11, 3, 1)) == Some(false);
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
mod tests {
    use crate::support::check_in;

    const CODES: &[&str] = &["controller-pci-no-room", "controller-pci-absent"];

    #[test]
    fn a_port_goes_to_pci_express() {
        let fixture = r#"
<controller type='pci' index='1' model='pcie-root-port'/>
                                        ^^^^^^^^^^^^^^ error[controller-pci-no-room]: there is no controller that takes a `pcie-root-port`, and libvirt adds none for it
<controller type='pci' index='2' model='pci-bridge'/>
"#;
        check_in("qemu-pc", "devices", CODES, fixture);
        let fixture = r#"
<controller type='pci' index='1' model='pcie-root-port'/>
<controller type='pci' index='2' model='pci-bridge'/>
                                        ^^^^^^^^^^ error[controller-pci-no-room]: there is no controller with an index below 2 for this `pci-bridge` to stand in
<controller type='pci' index='3' model='pcie-to-pci-bridge'/>
<controller type='pci' index='4' model='pci-bridge'/>
<controller type='pci' index='5' model='pcie-switch-downstream-port'/>
                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[controller-pci-no-room]: there is no controller that takes a `pcie-switch-downstream-port`, and libvirt adds none for it
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
    }

    #[test]
    fn ports_fill_the_root() {
        let ports = |count: u32| -> String {
            let port = |index| format!("<controller type='pci' index='{index}' model='pcie-root-port'/>\n");
            (1..=count).map(port).collect()
        };
        check_in("qemu-q35", "devices", CODES, &ports(240));
        let mark = "                                          ^^^^^^^^^^^^^^ error[controller-pci-no-room]: there is room for 240 controllers `pcie-root-port`, and this is the 241th\n";
        check_in("qemu-q35", "devices", CODES, &(ports(241) + mark));
    }

    #[test]
    fn what_libvirt_adds_goes_there_too() {
        let fixture = r#"
<domain type='qemu'>
  <os><type arch='x86_64' machine='isapc'>hvm</type></os>
  <devices>
   ^^^^^^^ error[controller-pci-absent]: libvirt adds a memory balloon, which goes to PCI, and this machine has none
   | fix: Write that there is no memory balloon (changes guest)
    <input type='mouse' bus='ps2'/>
  </devices>
</domain>
"#;
        crate::support::check("9.0.0:qemu-q35", CODES, fixture);
        let plain: Vec<_> = fixture.lines().filter(|line| !line.contains("^^^") && !line.contains("| fix")).collect();
        for host in ["none", "qemu-q35"] {
            crate::support::check(host, CODES, &plain.join("\n"));
        }
    }

    #[test]
    fn newer_ones_know_boards_without_pci() {
        let fixture = r#"
<domain type='qemu'>
  <os><type arch='aarch64' machine='realview-pbx-a9'>hvm</type></os>
  <devices>
    <controller type='usb'/>
     ^^^^^^^^^^ error[controller-pci-absent]: a controller goes to PCI, and this machine has none
    <memballoon model='virtio'/>
     ^^^^^^^^^^ error[controller-pci-absent]: a memballoon goes to PCI, and this machine has none
  </devices>
</domain>
"#;
        let plain =
            |fixture: &str| fixture.lines().filter(|line| !line.contains("^^^")).map(|line| format!("{line}\n")).collect::<String>();
        crate::support::check("aarch64", CODES, fixture);
        crate::support::check("9.0.0:aarch64", CODES, &plain(fixture));
        // these have places on virtio-mmio
        let mmio = fixture.replace("realview-pbx-a9", "vexpress-a15");
        let balloon = "     ^^^^^^^^^^ error[controller-pci-absent]: a memballoon goes to PCI, and this machine has none\n";
        crate::support::check("aarch64", CODES, &mmio.replace(balloon, ""));
        let card = "<interface type='user'><model type='lan9118'/></interface>\n  </devices>";
        crate::support::check("aarch64", CODES, &fixture.replace("  </devices>", card));
        crate::support::check("aarch64", CODES, &plain(fixture).replace("pbx-a9", "eb"));
    }

    #[test]
    fn many_devices_are_of_pci() {
        let fixture = r#"
<memballoon model='none'/>
<controller type='usb' model='none'/>
<video><model type='vga'/></video>
 ^^^^^ error[controller-pci-absent]: a video device goes to PCI, and this machine has none
<sound model='ich9'/>
 ^^^^^ error[controller-pci-absent]: a sound device goes to PCI, and this machine has none
<sound model='sb16'/>
<vsock model='virtio'><cid auto='yes'/></vsock>
 ^^^^^ error[controller-pci-absent]: a vsock device goes to PCI, and this machine has none
"#;
        check_in("x86_64-microvm-qemu", "devices", CODES, fixture);
        check_in("9.0.0:x86_64-microvm-qemu", "devices", CODES, fixture);
    }

    #[test]
    fn pci_is_not_to_be_added() {
        let fixture = r#"
<controller type='usb' model='none'/>
<controller type='pci' model='pci-root'/>
 ^^^^^^^^^^ error[controller-pci-absent]: this machine has no PCI, and so no controller of it
 | fix: Remove this controller (changes guest)
"#;
        check_in("x86_64-microvm-qemu", "devices", CODES, fixture);
        let plain: Vec<_> = fixture.lines().take(3).collect();
        check_in("9.0.0:x86_64-microvm-qemu", "devices", CODES, &plain.join("\n"));
    }

    #[test]
    fn some_machines_have_no_pci() {
        let fixture = r#"
<memballoon model='virtio'/>
 ^^^^^^^^^^ error[controller-pci-absent]: a memballoon goes to PCI, and this machine has none
<controller type='usb' model='none'/>
"#;
        check_in("x86_64-microvm-qemu", "devices", CODES, fixture);
        check_in("qemu-q35", "devices", CODES, fixture.lines().nth(1).unwrap());
    }
}

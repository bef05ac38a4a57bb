//! `<address type='usb'>`: buses, ports and the hubs between them.
//!
//! Source: libvirt 9.0.0, `virDomainUSBAddressControllerModelToPorts`, `virDomainUSBAddressFindPort`.

use super::{fix_by_removal, number};
use crate::caps::Version;
use crate::finding::Phase;
use crate::rules::devices::usb::refused;
use crate::rules::disk::bus_of;
use crate::rules::{Controller, Facts, Family, Findings, Kind, Placed, unsigned};
use crate::xml::Node;

/// Ports of a virtio-serial controller that says nothing of them.
const SERIAL: u32 = 31;

/// Devices whose place on USB libvirt looks at: 9.0.0, `virDomainUSBDeviceDefForeach`. Any other may say one and goes without.
pub(super) fn on_usb(placed: &Placed) -> bool {
    let value = |name| placed.device.value(name);
    let child = |name, attr| placed.device.child(name).and_then(|child| child.value(attr));
    match placed.kind {
        Kind::Hub | Kind::Hostdev => value("type") == Some("usb"),
        Kind::Disk => bus_of(placed.device) == "usb",
        Kind::Controller => value("type") == Some("ccid"),
        Kind::Input => value("bus").map_or(value("type") == Some("tablet"), |bus| bus == "usb"),
        Kind::Serial => child("target", "type") == Some("usb-serial"),
        Kind::Sound => value("model") == Some("usb"),
        Kind::Redirdev => value("bus").is_none_or(|bus| bus == "usb"),
        Kind::Interface => child("model", "type") == Some("usb-net"),
        _ => false,
    }
}

/// Up to 9.0.0 libvirt leaves a network card on USB to QEMU.
pub(super) fn left_to_qemu(facts: &Facts, device: Node) -> bool {
    device.name() == "interface" && facts.sources.versions.libvirt.at_least(Version(9, 0, 1)) == Some(false)
}

/// Ports of a hub.
const HUB: u32 = 8;

/// `1.2.3` as bytes from the top, up to four; none for zero and for what is no path.
pub(super) fn path(port: &str) -> Option<u32> {
    let mut out = 0;
    for (at, part) in port.split('.').enumerate() {
        let number = part.parse::<u8>().ok().filter(|number| *number > 0 && at < 4)?;
        out |= u32::from(number) << (24 - 8 * at);
    }
    Some(out)
}

/// A path as it is written.
pub(super) fn written(path: u64) -> String {
    let ports = [24, 16, 8, 0].map(|shift| (path >> shift) & 0xff);
    ports.iter().take_while(|port| **port > 0).map(u64::to_string).collect::<Vec<_>>().join(".")
}

/// How many ports a controller has; zero for a companion, whose ports are those of its master.
fn ports(facts: &Facts, controller: &Controller) -> Option<u32> {
    let asked = || controller.node.value("ports").map_or(Some(4), unsigned);
    match controller.model {
        Some("piix3-uhci" | "piix4-uhci" | "vt82c686b-uhci") => Some(2),
        Some("ehci" | "ich9-ehci1") => Some(6),
        Some("ich9-uhci1" | "ich9-uhci2" | "ich9-uhci3" | "none") => Some(0),
        Some("pci-ohci") => Some(3),
        Some("nec-xhci" | "qemu-xhci") => asked(),
        None if facts.x86() => Some(2),
        // libvirt 9.0.0, `qemuDomainControllerDefPostParse`
        None if matches!(facts.arch(), Some("aarch64" | "ppc64")) => asked(),
        _ => None,
    }
}

/// The ports of a bus; none where they are not known, zero where there is no such bus.
fn of_bus(facts: &Facts, bus: u64) -> Option<u32> {
    let mut any = false;
    let mut most = 0;
    for controller in facts.whole.controllers("usb") {
        any = true;
        if u64::from(controller.index?) == bus {
            most = most.max(ports(facts, controller)?);
        }
    }
    match facts.board?.family {
        Family::I440fx if !any && bus == 0 => Some(2),
        Family::Q35 if !any && bus == 0 => Some(4),
        // elsewhere what is added hangs on QEMU, and on s390x nothing is
        _ if any && most > 0 => Some(most),
        _ if bus > 0 => Some(0),
        _ => None,
    }
}

/// A port that is not there.
pub fn check(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    // without any USB `usb-controller-missing` tells
    if refused(facts).is_none() {
        facts.whole.placed.iter().filter(|placed| placed.form == "usb" && on_usb(placed)).for_each(|placed| port(facts, placed, findings));
    }
    serial(facts, findings);
}

fn port(facts: &Facts, placed: &Placed, findings: &mut Findings) {
    let Some(bus) = number(placed.address, "bus") else { return };
    let Some(ports) = of_bus(facts, bus) else { return };
    let port = placed.address.attr("port");
    let (span, message) = if ports == 0 {
        let span = placed.address.attr("bus").map_or(placed.address.name_span(), |bus| bus.value_span());
        (span, format!("there is no USB controller with the index {bus}"))
    } else {
        let Some((port, path)) = port.and_then(|port| Some((port, path(port.value())?))) else { return };
        let Some(message) = missing(facts, bus, path, ports) else { return };
        (port.value_span(), message)
    };
    let finding = findings.at(span, message);
    // without one of its own it would have no place at all
    if left_to_qemu(facts, placed.device) {
        finding.phase(Phase::Start);
    } else {
        fix_by_removal(finding, placed.address);
    }
}

/// A port of a virtio-serial controller; a controller that is not written gets added, with as many as there can be.
fn serial(facts: &Facts, findings: &mut Findings) {
    for placed in facts.whole.placed.iter().filter(|placed| placed.form == "virtio-serial") {
        let Some((index, port)) = number(placed.address, "controller").zip(number(placed.address, "port")) else { continue };
        let mut own = facts.whole.controllers("virtio-serial").filter(|one| one.index.map(u64::from) == Some(index));
        let ports = own.next().and_then(|one| one.node.value("ports")).map_or(Some(SERIAL), unsigned);
        let Some(ports) = ports.filter(|ports| u64::from(*ports) <= port) else { continue };
        let span = placed.address.attr("port").map_or(placed.address.name_span(), |port| port.value_span());
        let message = format!("the virtio-serial controller {index} has {ports} ports, numbered from 0, and not {port}");
        fix_by_removal(findings.at(span, message), placed.address);
    }
}

/// What on the way to a port is not there.
fn missing(facts: &Facts, bus: u64, path: u32, ports: u32) -> Option<String> {
    let hub = |at: u32| {
        let here = |placed: &Placed| placed.kind == Kind::Hub && placed.form == "usb" && number(placed.address, "bus") == Some(bus);
        facts.whole.placed.iter().any(|placed| here(placed) && placed.address.value("port").and_then(self::path) == Some(at))
    };
    let mut room = ports;
    for shift in [24, 16, 8, 0] {
        let (port, way) = (path >> shift & 0xff, path >> shift << shift);
        let last = way == path;
        if port > room {
            return Some(format!("there is no port `{}` on USB bus {bus}: there are {room} at that place", written(way.into())));
        }
        if last {
            return None;
        }
        if !hub(way) {
            return Some(format!("there is no hub at port `{}` of USB bus {bus}", written(way.into())));
        }
        room = HUB;
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["address-port-missing", "address-duplicate"];

    #[test]
    fn ports_have_numbers_up_to_those_of_the_controller() {
        let fixture = r#"
<controller type='usb' index='0' model='piix3-uhci'/>
<hub type='usb'>
  <address type='usb' bus='0' port='1'/>
</hub>
<input type='mouse' bus='usb'>
  <address type='usb' bus='0' port='1.8'/>
</input>
<input type='tablet' bus='usb'>
  <address type='usb' bus='0' port='1.9'/>
                                    ^^^ error[address-port-missing]: there is no port `1.9` on USB bus 0: there are 8 at that place
                                    | fix: Let libvirt choose the address (changes guest)
</input>
<input type='keyboard' bus='usb'>
  <address type='usb' bus='0' port='2.1'/>
                                    ^^^ error[address-port-missing]: there is no hub at port `2` of USB bus 0
                                    | fix: Let libvirt choose the address (changes guest)
</input>
<sound model='usb'>
  <address type='usb' bus='3' port='1'/>
                           ^ error[address-port-missing]: there is no USB controller with the index 3
                           | fix: Let libvirt choose the address (changes guest)
</sound>
"#;
        check_in("qemu-pc", "devices", CODES, fixture);
        let mended = mended_in("qemu-pc", "devices", "address-port-missing", fixture);
        assert_eq!(mended, "- <address type='usb' bus='0' port='1.9'/>");
    }

    #[test]
    fn channels_have_numbered_ports_too() {
        let fixture = r#"
<controller type='virtio-serial' index='0' ports='2'/>
<channel type='pty'>
  <target type='virtio' name='a'/>
  <address type='virtio-serial' controller='0' bus='0' port='2'/>
                                                             ^ error[address-port-missing]: the virtio-serial controller 0 has 2 ports, numbered from 0, and not 2
                                                             | fix: Let libvirt choose the address (changes guest)
</channel>
<channel type='pty'>
  <target type='virtio' name='b'/>
  <address type='virtio-serial' controller='1' bus='0' port='30'/>
</channel>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
    }

    #[test]
    fn a_hub_takes_its_port() {
        let fixture = r#"
<hub type='usb'>
  <address type='usb' bus='0' port='1'/>
</hub>
<input type='mouse' bus='usb'>
  <address type='usb' bus='0' port='1'/>
   ^^^^^^^ error[address-duplicate]: another device has the USB port `1` of bus 0
   | fix: Let libvirt choose the address (changes guest)
</input>
"#;
        check_in("qemu-pc", "devices", CODES, fixture);
    }

    #[test]
    fn a_bus_needs_its_controller_even_without_a_port() {
        let fixture = r#"
<controller type='usb' index='0' model='qemu-xhci'/>
<input type='tablet' bus='usb'>
  <address type='usb' bus='1'/>
                           ^ error[address-port-missing]: there is no USB controller with the index 1
                           | fix: Let libvirt choose the address (changes guest)
</input>
<hub type='usb'>
  <address type='usb' bus='0'/>
</hub>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
    }

    #[test]
    fn without_any_usb_the_controller_alone_is_told_of() {
        let codes = &["address-port-missing", "usb-controller-missing"];
        let fixture = r#"
<input type='tablet' bus='usb'>
                          ^^^ error[usb-controller-missing]: a USB device needs a USB controller, and libvirt adds none to this machine
                          | fix: Use a controller of model qemu-xhci (changes guest)
  <address type='usb' bus='1' port='1'/>
</input>
"#;
        check_in("9.0.0:s390x", "devices", codes, fixture);
    }

    #[test]
    fn what_is_not_on_usb_takes_no_port() {
        let fixture = r#"
<input type='tablet' bus='usb'>
  <address type='usb' bus='0' port='1'/>
</input>
<video>
  <model type='vga'/>
  <address type='usb' bus='0' port='1'/>
</video>
<sound model='ich9'>
  <address type='usb' bus='4' port='1'/>
</sound>
"#;
        check_in("9.0.0:qemu-q35", "devices", CODES, fixture);
    }

    #[test]
    fn old_ones_leave_a_network_card_to_qemu() {
        let fixture = r#"
<input type='tablet' bus='usb'>
  <address type='usb' bus='0' port='1'/>
</input>
<interface type='user'>
  <model type='usb-net'/>
  <address type='usb' bus='0' port='1'/>
   ^^^^^^^ error[address-duplicate]: another device has the USB port `1` of bus 0
</interface>
<interface type='user'>
  <model type='usb-net'/>
  <address type='usb' bus='4' port='1'/>
                           ^ error[address-port-missing]: there is no USB controller with the index 4
                        </interface>
"#;
        assert_eq!(check_in("9.0.0:qemu-q35", "devices", CODES, fixture), ["start", "start"]);
    }
}

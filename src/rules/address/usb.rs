//! `<address type='usb'>`: buses, ports and the hubs between them.
//!
//! Source: libvirt 9.0.0, `virDomainUSBAddressControllerModelToPorts`, `virDomainUSBAddressFindPort`.

use super::{fix_by_removal, number};
use crate::rules::{Controller, Facts, Family, Findings, Kind, Placed, unsigned};
use crate::xml::Node;

/// Ports of a virtio-serial controller that says nothing of them.
const SERIAL: u32 = 31;

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
    for placed in facts.whole.placed.iter().filter(|placed| placed.form == "usb") {
        let Some(bus) = number(placed.address, "bus") else { continue };
        let Some(ports) = of_bus(facts, bus) else { continue };
        let Some(port) = placed.address.attr("port") else { continue };
        let Some(path) = path(port.value()) else { continue };
        if ports == 0 {
            let span = placed.address.attr("bus").map_or(placed.address.name_span(), |bus| bus.value_span());
            fix_by_removal(findings.at(span, format!("there is no USB controller with the index {bus}")), placed.address);
        } else if let Some(message) = missing(facts, bus, path, ports) {
            fix_by_removal(findings.at(port.value_span(), message), placed.address);
        }
    }
    serial(facts, findings);
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
}

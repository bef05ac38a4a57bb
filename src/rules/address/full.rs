//! Devices for which no port is left.
//!
//! Source: libvirt 9.0.0, `qemuDomainAssignUSBAddresses`: first what has a port gets it, then hubs the lowest that is free, then all else.
//! It adds as many hubs as devices need, but none of them helps where each port is taken before; `qemuDomainAssignVirtioSerialAddresses`.
//! Both were tried on a daemon.

use super::usb::{Buses, Ports, in_order, on, on_usb, path, place};
use super::{fix_by_removal, number};
use crate::caps::Version;
use crate::edit;
use crate::finding::Effect;
use crate::rules::devices::usb::refused;
use crate::rules::{Facts, Findings, Kind, Placed};
use crate::text::sort_by_key;
use crate::xml::Node;

/// A device without a port, where each is taken by address.
pub fn check(facts: &Facts, _: Node, findings: &mut Findings) {
    if facts.qemu() {
        if refused(facts).is_none() {
            usb(facts, findings);
        }
        serial(facts, findings);
    }
}

fn usb(facts: &Facts, findings: &mut Findings) {
    if facts.whole.placed.iter().all(|placed| placed.form != "usb") {
        return;
    }
    let mut waiting: Vec<Node> =
        facts.whole.devices().filter(|(kind, device)| waits(facts, *kind, *device)).map(|(_, device)| device).collect();
    let Some(buses) = Buses::of(facts).filter(|_| !waiting.is_empty()) else { return };
    let Some((all, taken)) = buses.all().zip(taken(facts, &buses)) else { return };
    let of = |bus: u64| all.binary_search_by(|(own, _)| own.cmp(&bus)).ok().and_then(|at| Some(all.get(at)?.1)).unwrap_or(0);
    let full = |bus: u64| on(&taken, bus).len() >= of(bus);
    // of a bus that is not there `address-port-missing` tells
    waiting.retain(|device| asked(*device).is_none_or(|bus| of(bus) > 0));
    let Some(first) = waiting.iter().min_by_key(|device| device.span()) else { return };
    if all.iter().all(|(bus, _)| full(*bus)) && !taken.is_empty() {
        let message = format!("each of the {} USB ports is taken by an address, and none is left for this one", taken.len());
        let finding = findings.at(first.name_span(), message);
        if let Some(devices) = facts.whole.devices {
            let controller = format!("<controller type='usb' index='{}' model='qemu-xhci'/>", facts.whole.free_index("usb"));
            finding.fix("Add a USB controller", Effect::ChangesGuest, vec![edit::append_child(devices, &controller)]);
        }
        return;
    }
    for (address, bus) in waiting.iter().filter_map(|device| device.child("address").zip(asked(*device))) {
        if full(bus) {
            let span = address.attr("bus").map_or(address.name_span(), |bus| bus.value_span());
            let message = format!("each of the {} ports of USB bus {bus} is taken by an address", of(bus));
            fix_by_removal(findings.at(span, message), address);
        }
    }
}

/// The bus on which a device is to get its port.
fn asked(device: Node) -> Option<u64> {
    number(device.child("address").filter(|address| address.value("type") == Some("usb"))?, "bus")
}

/// True for a device to which libvirt gives a port; for a smartcard it adds a reader, which is on USB.
fn waits(facts: &Facts, kind: Kind, device: Node) -> bool {
    if kind == Kind::Smartcard {
        return facts.whole.controllers("ccid").next().is_none();
    }
    let without = match device.child("address") {
        Some(address) => address.value("type") == Some("usb") && matches!(address.value("port"), None | Some("0")),
        None => true,
    };
    without && on_usb(kind, device) && looked_at(facts, kind)
}

/// libvirt gives a network card its port since 9.0.1.
fn looked_at(facts: &Facts, kind: Kind) -> bool {
    kind != Kind::Interface || facts.since(Version(9, 0, 1))
}

/// The ports that are taken by address; none where one of them is not there.
fn taken(facts: &Facts, buses: &Buses) -> Option<Vec<u64>> {
    let placed = facts.whole.placed.iter().filter(|placed| placed.form == "usb" && on_usb(placed.kind, placed.device));
    let places = placed.filter(|placed| looked_at(facts, placed.kind));
    let places = places.filter_map(|placed| number(placed.address, "bus").zip(placed.address.value("port").and_then(path)));
    let there = |bus, path| buses.ports(bus).is_some_and(|ports| ports > 0) && buses.missing(bus, path).is_none();
    let all: Option<Vec<u64>> = places.map(|(bus, path)| place(bus, path.into()).filter(|_| there(bus, path))).collect();
    all.map(|all| in_order(all.into_iter()))
}

/// Channels that ask for a controller: of its ports, those from 1 on.
fn serial(facts: &Facts, findings: &mut Findings) {
    let own = || facts.whole.placed.iter().filter(|placed| placed.form == "virtio-serial");
    let said = |placed: &Placed| number(placed.address, "controller").zip(number(placed.address, "port"));
    let asks = |placed| Some((said(placed).filter(|(_, port)| *port == 0 && placed.kind == Kind::Channel)?.0, placed.address));
    let mut asking: Vec<(u64, Node)> = own().filter_map(asks).collect();
    if asking.is_empty() {
        return;
    }
    sort_by_key(&mut asking, |(index, _)| *index);
    let taken = in_order(own().filter_map(said).filter(|(_, port)| *port > 0).filter_map(|(index, port)| place(index, port)));
    let all = Ports::serial(facts);
    for same in asking.chunk_by(|one, other| one.0 == other.0) {
        let Some((index, ports)) = same.first().and_then(|(index, _)| Some((*index, all.of_serial(*index)?))) else { continue };
        let there = on(&taken, index).iter().filter(|place| **place & 0xffff_ffff < u64::from(ports)).count();
        for (_, address) in same.iter().skip((ports as usize).saturating_sub(1 + there)) {
            let message = format!("the virtio-serial controller {index} has {ports} ports, and none from 1 on is left for this channel");
            fix_by_removal(findings.at(address.name_span(), message), *address);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["address-ports-full", "address-port-missing", "address-duplicate"];

    #[test]
    fn where_each_port_is_taken_no_hub_helps() {
        let fixture = r#"
<controller type='usb' index='0' model='piix3-uhci'/>
<input type='tablet' bus='usb'>
  <address type='usb' bus='0' port='1'/>
</input>
<redirdev bus='usb' type='spicevmc'/>
 ^^^^^^^^ error[address-ports-full]: each of the 2 USB ports is taken by an address, and none is left for this one
 | fix: Add a USB controller (changes guest)
<input type='mouse' bus='usb'>
  <address type='usb' bus='0' port='2'/>
</input>
<hub type='usb'/>
"#;
        check_in("qemu-pc", "devices", CODES, fixture);
        let mended = mended_in("qemu-pc", "devices", "address-ports-full", fixture);
        assert_eq!(mended, "+ <controller type='usb' index='1' model='qemu-xhci'/>");
    }

    #[test]
    fn a_hub_that_has_its_place_gives_more() {
        let port = |port: &str| format!("<input type='tablet' bus='usb'><address type='usb' bus='0' port='{port}'/></input>\n");
        let hub = "<hub type='usb'><address type='usb' bus='0' port='1'/></hub>\n<sound model='usb'/>\n";
        check_in("qemu-pc", "devices", CODES, &(port("2") + hub));
        let full: String = (1..=8).map(|number| port(&format!("1.{number}"))).collect();
        let mark = " ^^^^^ error[address-ports-full]: each of the 10 USB ports is taken by an address, and none is left for this one\n | fix: Add a USB controller (changes guest)\n";
        check_in("qemu-pc", "devices", CODES, &(full + &port("2") + hub + mark));
    }

    #[test]
    fn a_bus_may_be_full_alone() {
        let fixture = r#"
<controller type='usb' index='0' model='piix3-uhci'/>
<controller type='usb' index='1' model='qemu-xhci'/>
<input type='tablet' bus='usb'>
  <address type='usb' bus='0' port='1'/>
</input>
<input type='mouse' bus='usb'>
  <address type='usb' bus='0' port='2'/>
</input>
<input type='keyboard' bus='usb'>
  <address type='usb' bus='0'/>
                           ^ error[address-ports-full]: each of the 2 ports of USB bus 0 is taken by an address
                           | fix: Let libvirt choose the address (changes guest)
</input>
<sound model='usb'/>
"#;
        check_in("qemu-pc", "devices", CODES, fixture);
        assert_eq!(mended_in("qemu-pc", "devices", "address-ports-full", fixture), "- <address type='usb' bus='0'/>");
    }

    #[test]
    fn the_reader_of_a_smartcard_takes_a_port() {
        let taken: String =
            (1..=4).map(|port| format!("<input type='tablet' bus='usb'><address type='usb' bus='0' port='{port}'/></input>\n")).collect();
        let card = "<smartcard mode='host'/>\n";
        let mark = " ^^^^^^^^^ error[address-ports-full]: each of the 4 USB ports is taken by an address, and none is left for this one\n | fix: Add a USB controller (changes guest)\n";
        check_in("qemu-q35", "devices", CODES, &format!("{taken}{card}{mark}"));
        check_in("qemu-q35", "devices", CODES, &taken);
    }

    #[test]
    fn port_0_is_for_no_channel() {
        let fixture = r#"
<controller type='virtio-serial' index='0' ports='3'/>
<channel type='pty'>
  <target type='virtio' name='a'/>
  <address type='virtio-serial' controller='0' bus='0' port='2'/>
</channel>
<channel type='pty'>
  <target type='virtio' name='b'/>
  <address type='virtio-serial' controller='0' bus='0'/>
</channel>
<channel type='pty'>
  <target type='virtio' name='c'/>
  <address type='virtio-serial' controller='0' bus='0' port='0'/>
   ^^^^^^^ error[address-ports-full]: the virtio-serial controller 0 has 3 ports, and none from 1 on is left for this channel
   | fix: Let libvirt choose the address (changes guest)
</channel>
<channel type='pty'>
  <target type='virtio' name='d'/>
  <address type='virtio-serial' controller='1' bus='0'/>
</channel>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "address-ports-full", fixture);
        assert_eq!(mended, "- <address type='virtio-serial' controller='0' bus='0' port='0'/>");
    }
}

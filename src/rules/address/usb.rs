//! `<address type='usb'>`: buses, ports and the hubs between them.
//!
//! Source: libvirt 9.0.0, `virDomainUSBAddressControllerModelToPorts`, `virDomainUSBAddressFindPort`.

use super::{fix_by_removal, form, number};
use crate::caps::Version;
use crate::finding::Phase;
use crate::rules::devices::usb::refused;
use crate::rules::disk::bus_of;
use crate::rules::{Controller, Facts, Family, Findings, Kind, Placed, unsigned};
use crate::text::{sort_by, sort_by_key};
use crate::xml::Node;

/// Ports of a virtio-serial controller that says nothing of them.
const SERIAL: u32 = 31;

/// Devices whose place on USB libvirt looks at: 9.0.0, `virDomainUSBDeviceDefForeach`. Any other may say one and goes without.
pub(super) fn on_usb(kind: Kind, device: Node) -> bool {
    let value = |name| device.value(name);
    let child = |name, attr| device.child(name).and_then(|child| child.value(attr));
    match kind {
        Kind::Hub | Kind::Hostdev => value("type") == Some("usb"),
        Kind::Disk => bus_of(device) == "usb",
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
    device.name() == "interface" && facts.before(Version(9, 0, 1))
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

/// A port as one number: lists of numbers are all that is needed to look for one.
pub(super) fn place(controller: u64, port: u64) -> Option<u64> {
    (controller <= u64::from(u32::MAX) && port <= u64::from(u32::MAX)).then_some(controller << 32 | port)
}

/// Ports in order, each once.
pub(super) fn in_order(places: impl Iterator<Item = u64>) -> Vec<u64> {
    let mut places: Vec<u64> = places.collect();
    sort_by(&mut places, Ord::cmp);
    places.dedup();
    places
}

/// Those of one controller.
pub(super) fn on(places: &[u64], controller: u64) -> &[u64] {
    let before = |places: &[u64], controller: u64| places.partition_point(|place| place >> 32 < controller);
    places.get(before(places, controller)..before(places, controller + 1)).unwrap_or(&[])
}

/// How many ports the controllers of a type have, by index; none where that is not known.
pub(super) struct Ports(Vec<(u64, Option<u32>)>);

impl Ports {
    fn of(facts: &Facts, kind: &'static str, ports: &dyn Fn(&Controller) -> Option<u32>) -> Self {
        let read = |one: &Controller| Some((u64::from(one.index?), ports(one)));
        let mut list: Vec<_> = facts.whole.controllers(kind).filter_map(read).collect();
        sort_by_key(&mut list, |(index, _)| *index);
        // a USB controller and its companions have one
        list.dedup_by(|next, first| {
            let same = next.0 == first.0;
            if same {
                first.1 = first.1.zip(next.1).map(|(one, other)| one.max(other));
            }
            same
        });
        Self(list)
    }

    /// Those of virtio-serial.
    pub fn serial(facts: &Facts) -> Self {
        Self::of(facts, "virtio-serial", &|one| one.node.value("ports").map_or(Some(SERIAL), unsigned))
    }

    /// Those of one; a controller that is not written gets added, with as many as there can be.
    pub fn of_serial(&self, index: u64) -> Option<u32> {
        self.get(index).unwrap_or(Some(SERIAL))
    }

    fn get(&self, index: u64) -> Option<Option<u32>> {
        let at = self.0.binary_search_by(|(own, _)| own.cmp(&index)).ok()?;
        self.0.get(at).map(|(_, ports)| *ports)
    }
}

/// The USB buses of a domain, and the hubs on them.
pub(super) struct Buses {
    written: Ports,
    /// The ports of the one that libvirt adds where no controller is written.
    added: Option<u32>,
    hubs: Vec<u64>,
}

impl Buses {
    /// None where nothing is known of them.
    pub fn of(facts: &Facts) -> Option<Self> {
        let family = facts.board?.family;
        if facts.whole.controllers("usb").any(|one| one.index.is_none()) {
            return None;
        }
        let written = Ports::of(facts, "usb", &|one| ports(facts, one));
        let added = match family {
            Family::I440fx if written.0.is_empty() => Some(2),
            Family::Q35 if written.0.is_empty() => Some(4),
            // elsewhere what is added hangs on QEMU, and on s390x nothing is
            _ => None,
        };
        let hubs = facts.whole.placed.iter().filter(|placed| placed.kind == Kind::Hub && placed.form == "usb");
        let at = |hub: &Placed| place(number(hub.address, "bus")?, path(hub.address.value("port")?)?.into());
        Some(Self { written, added, hubs: in_order(hubs.filter_map(at)) })
    }

    /// The ports of a bus; none where they are not known, zero where there is no such bus.
    pub fn ports(&self, bus: u64) -> Option<u32> {
        match self.written.get(bus) {
            Some(None) => None,
            Some(Some(ports)) if ports > 0 => Some(ports),
            _ if bus == 0 => self.added,
            _ => Some(0),
        }
    }

    /// What on the way to a port is not there.
    pub fn missing(&self, bus: u64, path: u32) -> Option<String> {
        let mut room = self.ports(bus)?;
        for shift in [24, 16, 8, 0] {
            let (port, way) = (path >> shift & 0xff, path >> shift << shift);
            let last = way == path;
            if port > room {
                return Some(format!("there is no port `{}` on USB bus {bus}: there are {room} at that place", written(way.into())));
            }
            if last {
                return None;
            }
            if place(bus, way.into()).is_none_or(|hub| self.hubs.binary_search(&hub).is_err()) {
                return Some(format!("there is no hub at port `{}` of USB bus {bus}", written(way.into())));
            }
            room = HUB;
        }
        None
    }

    /// The buses in order, each with all its ports, those of hubs included; none where those of one are not known.
    pub fn all(&self) -> Option<Vec<(u64, usize)>> {
        let first = (self.written.get(0).is_none()).then_some(0);
        let buses = first.into_iter().chain(self.written.0.iter().map(|(bus, _)| *bus));
        // behind the fourth port of a path there is none
        let hubs = |bus| on(&self.hubs, bus).iter().filter(|hub| **hub & 0xff == 0).count();
        buses.map(|bus| Some((bus, self.ports(bus)? as usize + hubs(bus) * HUB as usize))).collect()
    }
}

/// A port that is not there.
pub fn check(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    // without any USB `usb-controller-missing` tells
    if let Some(buses) = Buses::of(facts).filter(|_| refused(facts).is_none()) {
        let own = facts.whole.placed.iter().filter(|placed| placed.form == "usb" && on_usb(placed.kind, placed.device));
        own.for_each(|placed| port(facts, &buses, placed, findings));
    }
    serial(facts, findings);
}

fn port(facts: &Facts, buses: &Buses, placed: &Placed, findings: &mut Findings) {
    let Some(bus) = number(placed.address, "bus") else { return };
    let Some(ports) = buses.ports(bus) else { return };
    let port = placed.address.attr("port");
    let (span, message) = if ports == 0 {
        let span = placed.address.attr("bus").map_or(placed.address.name_span(), |bus| bus.value_span());
        (span, format!("there is no USB controller with the index {bus}"))
    } else {
        let Some((port, path)) = port.and_then(|port| Some((port, path(port.value())?))) else { return };
        let Some(message) = buses.missing(bus, path) else { return };
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

/// A port of a virtio-serial controller.
fn serial(facts: &Facts, findings: &mut Findings) {
    // of other devices than channels and consoles their kind of address is at fault
    let own = facts.whole.placed.iter().filter(|placed| placed.form == "virtio-serial" && form::message(facts, placed).is_none());
    let all = Ports::serial(facts);
    for placed in own {
        let Some((index, port)) = number(placed.address, "controller").zip(number(placed.address, "port")) else { continue };
        let Some(ports) = all.of_serial(index).filter(|ports| u64::from(*ports) <= port) else { continue };
        let span = placed.address.attr("port").map_or(placed.address.name_span(), |port| port.value_span());
        let message = format!("the virtio-serial controller {index} has {ports} ports, numbered from 0, and not {port}");
        fix_by_removal(findings.at(span, message), placed.address);
    }
}

#[cfg(test)]
mod tests;

//! Two devices at one place, whatever kind of place that is.

use super::taken::{Space, Taken};
use super::{drive, fix_by_removal, fixed, form, number, usb};
use crate::finding::Phase;
use crate::rules::{Facts, Family, Findings, Kind, Placed};
use crate::text::sort_by_key;
use crate::xml::Node;

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
        // an address whose type is told to be at fault takes no place
        let refused = |one: &&Taken| one.placed.is_some_and(|placed| form::refused(facts, placed));
        let placed: Vec<Taken> = same.iter().filter(|one| !refused(one)).copied().collect();
        tell(facts, &placed, &taken, findings);
    }
}

/// A console that only repeats a serial port.
fn of_serial(placed: &Placed) -> bool {
    let target = || placed.device.child("target").and_then(|target| target.value("type"));
    placed.kind == Kind::Console && matches!(target(), None | Some("serial"))
}

fn tell(facts: &Facts, same: &[Taken], all: &[Taken], findings: &mut Findings) {
    let Some((first, rest)) = same.split_first() else { return };
    for (one, span) in rest.iter().filter_map(|one| Some((one, one.span?))) {
        let by = if first.span.is_some() { "another device has" } else { "the machine itself takes" };
        let finding = findings.at(span, format!("{by} {}", name(one.key)));
        if let Some(other) = first.span {
            finding.related(other, "the first at this place");
        }
        let card = |taken: &Taken| taken.placed.is_some_and(|placed| usb::left_to_qemu(facts, placed.device));
        if one.key.0 == Space::Usb && (card(first) || card(one)) {
            finding.phase(Phase::Start);
        }
        if let Some(placed) = one.placed.filter(|_| !card(one))
            && (one.key.0 != Space::Drive || drive::free_without(placed.device, all))
        {
            fix_by_removal(finding, placed.address);
        }
    }
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
fn places<'f, 'a>(facts: &Facts, placed: &'f Placed<'a>) -> [Option<Taken<'f, 'a>>; 3] {
    let taken = |key| Taken { key, span: Some(placed.address.name_span()), placed: Some(placed) };
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
        "usb" if usb::on_usb(placed.kind, placed.device) => {
            Some((Space::Usb, usb::place(read("bus")?, usb::path(placed.address.value("port")?)?.into())?))
        }
        "virtio-serial" => {
            let port = read("port").filter(|port| *port > 0)?;
            Some((Space::VirtioSerial, usb::place(read("controller")?, port)?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;

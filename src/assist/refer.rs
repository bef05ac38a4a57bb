//! What an attribute, or a text, may name in the same document.

use super::model::Level;
use crate::xml::Outline;

/// Where a name stands: the element around, the element, its attribute; an empty one stands for any, an empty attribute for the text.
type Spot = (&'static str, &'static str, &'static str);

/// What names something, and where that says what it is called.
const NAMES: &[(Spot, Spot)] = &[
    (("", "driver", "iothread"), IO_THREAD),
    (("iothreads", "iothread", "id"), IO_THREAD),
    (("cputune", "iothreadpin", "iothread"), IO_THREAD),
    (("cputune", "iothreadsched", "iothreads"), IO_THREAD),
    (("numatune", "memnode", "cellid"), CELL),
    (("distances", "sibling", "id"), CELL),
    (("interconnects", "", "initiator"), CELL),
    (("interconnects", "", "target"), CELL),
    (("target", "node", ""), CELL),
    (("", "audio", "id"), ("devices", "audio", "id")),
    (("throttlefilters", "throttlefilter", "group"), ("throttlegroup", "group_name", "")),
    (("", "device", "alias"), ("", "alias", "name")),
];

const IO_THREAD: Spot = ("iothreadids", "iothread", "id");
const CELL: Spot = ("numa", "cell", "id");

/// The kinds of controllers that an address of a type names by the index, and whether that is written with `0x`.
const BUSES: &[(&str, &str, &[&str], bool)] = &[
    ("pci", "bus", &["pci"], true),
    ("usb", "bus", &["usb"], false),
    ("drive", "controller", &["ide", "sata", "scsi", "fdc", "nvme"], false),
    ("virtio-serial", "controller", &["virtio-serial"], false),
    ("ccid", "controller", &["ccid"], false),
];

/// What the attribute of the innermost of `levels`, or its text where none is named, may name: the value, and what that is.
pub fn refer(outline: &Outline, levels: &[Level], attr: Option<&str>) -> Vec<(String, String)> {
    let [.., around, level] = levels else { return Vec::new() };
    let (around, name, attr) = (outline.name(around.at), outline.name(level.at), attr.unwrap_or(""));
    if name == "address" {
        return buses(outline, level.at, attr);
    }
    if (name, attr) == ("vcpupin", "vcpu") {
        return counted(outline, "vcpu", 0);
    }
    let fits = |spot: &Spot| (spot.0.is_empty() || spot.0 == around) && (spot.1.is_empty() || spot.1 == name) && spot.2 == attr;
    let Some((_, of)) = NAMES.iter().find(|(spot, _)| fits(spot)) else { return Vec::new() };
    let mut out = names(outline, *of, level.at);
    if out.is_empty() && *of == IO_THREAD {
        out = counted(outline, "iothreads", 1);
    }
    out
}

/// What the elements of a spot are called, save `own`; those of NUMA cells without an id are their turns.
fn names(outline: &Outline, (around, name, attr): Spot, own: usize) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    let parent = |at: usize| outline.get(at).and_then(|element| element.parent);
    let there = outline.named(name).filter(|at| around.is_empty() || parent(*at).is_some_and(|parent| outline.name(parent) == around));
    for (turn, at) in there.enumerate().filter(|(_, at)| *at != own) {
        let said = if attr.is_empty() { Some(outline.content(at)) } else { outline.value(at, attr) };
        let value = said.map(str::to_owned).or_else(|| (name == "cell").then(|| turn.to_string())).unwrap_or_default();
        if !value.is_empty() && !out.iter().any(|(known, _)| *known == value) {
            let of = if name == "alias" { parent(at).map_or("", |parent| outline.name(parent)) } else { name };
            out.push((value, format!("a `{of}` of this domain")));
        }
    }
    out
}

/// The numbers that the text of the domain's element of that name counts.
fn counted(outline: &Outline, name: &str, from: u32) -> Vec<(String, String)> {
    let count = outline.get(0).and_then(|_| outline.descend(0, &[name])).and_then(|at| outline.content(at).parse::<u32>().ok());
    (from..from + count.unwrap_or(0).min(256)).map(|number| (number.to_string(), String::new())).collect()
}

/// The indices of the controllers that an address may name.
fn buses(outline: &Outline, address: usize, attr: &str) -> Vec<(String, String)> {
    let kind = outline.value(address, "type").unwrap_or("");
    let Some((.., kinds, hex)) = BUSES.iter().find(|(of, name, ..)| *of == kind && *name == attr) else { return Vec::new() };
    let mut out: Vec<(String, String)> = Vec::new();
    for at in outline.named("controller").filter(|at| outline.value(*at, "type").is_some_and(|kind| kinds.contains(&kind))) {
        let Some(index) = outline.value(at, "index").and_then(|index| index.parse::<u32>().ok()) else { continue };
        let value = if *hex { format!("0x{index:02x}") } else { index.to_string() };
        if !out.iter().any(|(known, _)| *known == value) {
            let words = [outline.value(at, "type"), outline.value(at, "model")].map(|word| word.unwrap_or(""));
            out.push((value, format!("the controller `{}`", words.join(" ").trim())));
        }
    }
    out
}

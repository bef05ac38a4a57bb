//! `<memory>` among the devices: modules that are plugged in.

use super::{function, rows};
use crate::caps::Version;
use crate::edit;
use crate::finding::Effect;
use crate::rules::host::size;
use crate::rules::{Facts, Findings, Kind, Mend, Refused, Rule, any_base, page, unsigned};
use crate::text::sort_by_key;
use crate::xml::{Attr, Node, Text};

const DOCS: &str = "https://libvirt.org/formatdomain.html#memory-devices";
const ON: &[&str] = &["domain/devices/memory"];

/// The rules.
pub const RULES: &[Rule] = &[
    function("memory-device-without-room", page!("memory-device-without-room.md"), &[], &["domain[devices/memory]"], room, DOCS),
    function("memory-device-node-unfit", page!("memory-device-node-unfit.md"), &[], &["domain/devices/memory/target"], node, DOCS),
    function("memory-device-slot-unfit", page!("memory-device-slot-unfit.md"), &[], &["domain[devices/memory]"], slots, DOCS),
    rows("memory-device-option-unfit", page!("memory-device-option-unfit.md"), OPTION, OPTIONS, DOCS),
    function("memory-device-source-missing", page!("memory-device-source-missing.md"), &[], ON, source, DOCS),
    function("memory-device-size-unfit", page!("memory-device-size-unfit.md"), &[], &["domain/devices/memory/target"], sizes, DOCS),
    function("memory-device-overlap", page!("memory-device-overlap.md"), &[], &["domain[devices/memory]"], overlap, DOCS),
];

const OPTIONS: &[&str] = &["domain/devices/memory", "domain/devices/memory/uuid"];

/// The model of the module that a part of it belongs to.
fn model(part: Node<'_>) -> &str {
    part.parent().and_then(|memory| memory.value("model")).unwrap_or_default()
}

/// Modules that are plugged in; enclaves are there from the beginning.
fn modules<'a, 'f>(facts: &'f Facts<'a>) -> impl Iterator<Item = Node<'a>> + Clone + use<'a, 'f> {
    facts.whole.all(Kind::Memory).filter(|memory| matches!(memory.value("model"), Some("dimm" | "nvdimm" | "virtio-mem" | "virtio-pmem")))
}

/// The size of the first descendant of that name.
fn part<'a>(target: Node<'a>, path: &[&str]) -> Option<(Text<'a>, u64)> {
    size::of_text(target.descend(path)?)
}

/// Whether the room is large enough is asked where it is told of.
fn room(facts: &Facts, _: Node, findings: &mut Findings) {
    if facts.whole.max_memory.is_some() || !facts.qemu() {
        return;
    }
    if let Some(memory) = modules(facts).next() {
        findings.at(memory.name_span(), "a module needs room to be plugged in, and `<maxMemory>` is missing");
    }
}

fn node(facts: &Facts, target: Node, findings: &mut Findings) {
    let cells = facts.whole.cells.len();
    if !facts.qemu() || facts.whole.max_memory.is_none() || cells == 0 {
        return;
    }
    let named = target.child("node").and_then(|node| Some((node, node.text()?)));
    match (model(target), named) {
        ("virtio-pmem", Some((node, _))) => {
            let finding = findings.at(node.name_span(), "a module of model `virtio-pmem` belongs to no NUMA cell");
            finding.fix("Remove `<node>`", Effect::Safe, vec![edit::remove(node)]);
        }
        ("dimm" | "nvdimm" | "virtio-mem", None) => {
            let finding =
                findings.at(target.name_span(), "the guest has NUMA cells, and `<node>` does not say to which the module belongs");
            finding.fix("Use node 0", Effect::ChangesGuest, vec![edit::append_child(target, "<node>0</node>")]);
        }
        ("dimm" | "nvdimm" | "virtio-mem", Some((_, text))) if unsigned(text.value).is_some_and(|node| node as usize >= cells) => {
            findings.at(text.span, format!("the guest has {cells} NUMA cells, and the number {} is none of them", text.value));
        }
        _ => {}
    }
}

fn dimm(memory: Node) -> bool {
    matches!(memory.value("model"), Some("dimm" | "nvdimm"))
}

/// Slots are a matter of modules that ACPI tells of; before 9.5.0, say its news, libvirt counted one for each module.
fn slots(facts: &Facts, _: Node, findings: &mut Findings) {
    let Some(most) = facts.whole.max_memory.filter(|_| facts.qemu()) else { return };
    let dimms = || modules(facts).filter(|memory| dimm(*memory));
    let old = facts.before(Version(9, 5, 0));
    let Some(slots) = most.attr("slots") else {
        // an old one refuses a maximum without slots as such; tried on 9.0.0, 11.3.0, 12.8.0
        if let Some(memory) = dimms().next().filter(|_| !old) {
            findings.at(memory.name_span(), "a module of this model needs a slot, and `<maxMemory>` says nothing of `slots`");
        }
        return;
    };
    let Some(count) = unsigned(slots.value()) else { return };
    let plugged = if old { modules(facts).count() } else { dimms().count() };
    if plugged > count as usize {
        findings.at(slots.value_span(), format!("there are {plugged} modules for {count} slots"));
        return;
    }
    let attrs = |name: &'static str| {
        dimms().filter_map(move |memory| memory.child("address").filter(|address| address.value("type") == Some("dimm"))?.attr(name))
    };
    for slot in attrs("slot").filter(|slot| any_base(slot.value()).is_some_and(|slot| slot >= u64::from(count))) {
        findings.at(slot.value_span(), format!("there are {count} slots, and {} is none of them", slot.value()));
    }
    let placed = dimms().filter_map(|memory| memory.child("address")).filter(|address| address.value("type") == Some("dimm"));
    for address in placed.filter(|address| address.attr("slot").is_none()) {
        findings.at(address.name_span(), "the place of a module of this model is a slot, and `slot` is missing");
    }
    for name in ["slot", "base"] {
        // 0 for a base leaves it to QEMU
        let said = |(number, _): &(u64, Attr)| name == "slot" || *number > 0;
        let mut taken: Vec<_> = attrs(name).filter_map(|attr| Some((any_base(attr.value())?, attr))).filter(said).collect();
        sort_by_key(&mut taken, |(number, attr)| (*number, attr.value_span().start));
        for pair in taken.windows(2) {
            if let [(one, first), (other, second)] = pair
                && one == other
            {
                let message = format!("another module is at the {name} {} already", second.value());
                findings.at(second.value_span(), message).related(first.value_span(), "the first one");
            }
        }
    }
}

const OPTION: &[Refused] = &[
    Refused {
        attr: "model",
        when: |facts, _, model| matches!(model, "dimm" | "nvdimm") && facts.arch() == Some("s390x"),
        why: "IBM Z has no modules of model `{}`: use `virtio-mem`",
        mend: Mend::No,
    },
    Refused {
        attr: "model",
        when: |facts, _, model| model == "virtio-mem" && facts.arch().is_some_and(|arch| arch.starts_with("ppc")),
        why: "POWER has no modules of model `{}`: use `dimm`",
        mend: Mend::No,
    },
    Refused {
        attr: "model",
        when: |facts, memory, model| {
            let placed = memory.child("address").is_some();
            model == "virtio-mem" && !placed && facts.arch() == Some("s390x") && facts.before(Version(11, 1, 0))
        },
        why: "libvirt before 11.1.0 has no module of model `{}` for IBM Z",
        mend: Mend::No,
    },
    Refused {
        attr: "model",
        when: |facts, _, model| {
            let without = |arch: &str| matches!(arch, "aarch64" | "s390x") || arch.starts_with("ppc64");
            model == "virtio-pmem" && facts.arch().is_some_and(without)
        },
        // tried with QEMU 7.2, 10.0, 11.1
        why: "QEMU has no module of model `{}` on this architecture",
        mend: Mend::No,
    },
    Refused {
        attr: "discard",
        when: |_, memory, on| on == "yes" && matches!(memory.value("model"), Some("nvdimm" | "virtio-pmem")),
        why: "the content of this module is kept, and cannot be discarded",
        mend: Mend::Set("no"),
    },
    Refused {
        attr: "access",
        when: |_, memory, access| access == "private" && memory.value("model") == Some("virtio-pmem"),
        why: "a module of model `virtio-pmem` writes to its file, and so is shared",
        mend: Mend::Set("shared"),
    },
    Refused {
        attr: "",
        when: |facts, node, _| {
            node.name() == "uuid" && model(node) == "nvdimm" && facts.arch().is_some_and(|arch| !arch.starts_with("ppc64"))
        },
        why: "only on POWER a module has a UUID",
        mend: Mend::Remove,
    },
];

fn source(facts: &Facts, memory: Node, findings: &mut Findings) {
    let Some(model) = memory.attr("model").filter(|model| matches!(model.value(), "nvdimm" | "virtio-pmem") && facts.qemu()) else {
        return;
    };
    let source = memory.child("source");
    if source.and_then(|source| source.child("path")).is_none() {
        let span = source.map_or(model.value_span(), Node::name_span);
        findings
            .at(span, format!("a module of model `{}` keeps its content in a file, and `<path>` in `<source>` is missing", model.value()));
    }
    if model.value() == "nvdimm"
        && facts.arch().is_some_and(|arch| arch.starts_with("ppc64"))
        && memory.descend(&["target", "label"]).is_none()
    {
        let span = memory.child("target").unwrap_or(memory).name_span();
        findings.at(span, "on POWER an NVDIMM needs a label, and `<label>` with its `<size>` is missing");
    }
}

fn sizes(facts: &Facts, target: Node, findings: &mut Findings) {
    aligned(facts, target, findings);
    let Some((_, whole)) = part(target, &["size"]).filter(|_| facts.qemu()) else { return };
    match model(target) {
        "nvdimm" => {
            let Some((text, label)) = part(target, &["label", "size"]) else { return };
            let ppc = facts.arch().is_some_and(|arch| arch.starts_with("ppc64"));
            let message = match () {
                () if label < 128 => "the label of an NVDIMM has at least 128 KiB".to_owned(),
                () if label >= whole => format!("the label leaves nothing of the {} of the module", size::written(whole)),
                () if ppc && whole - label < 256 << 10 => "on POWER an NVDIMM has at least 256 MiB beside its label".to_owned(),
                () => return,
            };
            findings.at(text.span, message);
        }
        "virtio-mem" => virtio_mem(facts, target, whole, findings),
        _ => {}
    }
}

/// The smallest block is a huge page of the host's: 2 MiB on a PC.
fn virtio_mem(facts: &Facts, target: Node, whole: u64, findings: &mut Findings) {
    let Some((text, block)) = part(target, &["block"]) else {
        findings.at(target.name_span(), "a module of model `virtio-mem` grows by blocks, and `<block>` is missing");
        return;
    };
    if !block.is_power_of_two() {
        findings.at(text.span, format!("a block has a power of two, and {} is none", size::written(block)));
        return;
    }
    if block < 2048 && facts.x86() {
        findings.at(text.span, format!("a block has at least 2 MiB, a huge page of the host's, and this has {}", size::written(block)));
        return;
    }
    let Some((text, asked)) = part(target, &["requested"]) else { return };
    if asked > whole {
        findings.at(text.span, format!("more is requested than the {} of the module", size::written(whole)));
    } else if !asked.is_multiple_of(block) {
        findings.at(text.span, format!("memory is requested by whole blocks of {}", size::written(block)));
    }
}

/// Where a module begins in the guest's memory, where that is written; 0 leaves it to QEMU.
fn base<'a>(memory: Node<'a>) -> Option<(u64, Attr<'a>)> {
    let address = match dimm(memory) {
        true => memory.child("address"),
        false => memory.descend(&["target", "address"]),
    };
    let base = address?.attr("base")?;
    any_base(base.value()).filter(|start| *start > 0).map(|start| (start, base))
}

/// libvirt compares them since 9.8.0, say its news: tried on 9.0.0, 11.3.0, 12.8.0.
fn overlap(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() || !facts.since(Version(9, 8, 0)) {
        return;
    }
    let place = |memory: Node<'_>| {
        let (start, base) = base(memory)?;
        let size = part(memory, &["target", "size"])?.1.checked_mul(1024)?;
        Some((start, start.checked_add(size)?, base.value_span(), dimm(memory)))
    };
    let mut places: Vec<_> = modules(facts).filter_map(place).collect();
    sort_by_key(&mut places, |(start, end, span, _)| (*start, *end, span.start));
    for pair in places.windows(2) {
        // two of one base have a message of their own where they have slots
        if let [(first, end, one, has), (start, _, other, slot)] = pair
            && start < end
            && !(first == start && *has && *slot)
        {
            findings
                .at(*other, format!("this module begins at {start:#x}, and another one ends at {end:#x}"))
                .related(*one, "the other one");
        }
    }
}

/// The base of a module that is read by blocks or pages is at one: tried on 11.3.0 and 12.8.0, since 9.8.0 by the news.
fn aligned(facts: &Facts, target: Node, findings: &mut Findings) {
    let Some((start, base)) = target.parent().and_then(base).filter(|_| facts.qemu()) else { return };
    let block = match model(target) {
        "virtio-mem" => part(target, &["block"]).and_then(|(_, block)| block.checked_mul(1024)),
        "virtio-pmem" => Some(4096),
        _ => None,
    };
    let since = facts.since(Version(9, 8, 0));
    if let Some(block) = block.filter(|block| since && *block > 0 && !start.is_multiple_of(*block)) {
        findings.at(base.value_span(), format!("the module begins at no multiple of {}", size::written(block / 1024)));
    }
}

#[cfg(test)]
mod tests;

//! `<interface>`: what its type and its model allow.

use super::{function, rows};
use crate::caps::Version;
use crate::edit;
use crate::finding::Effect;
use crate::rules::{Facts, Family, Findings, Mend, Refused, Rule, page, unsigned};
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#network-interfaces";
const ON: &[&str] = &["domain/devices/interface"];

/// The rules.
pub const RULES: &[Rule] = &[
    function("interface-source-missing", page!("interface-source-missing.md"), &[], ON, source, DOCS),
    rows("interface-model-homeless", page!("interface-model-homeless.md"), HOMELESS, &["domain/devices/interface/model"], DOCS),
    function("interface-model-unfit", page!("interface-model-unfit.md"), &[], ON, model, DOCS),
    rows("interface-option-unfit", page!("interface-option-unfit.md"), OPTION, OPTIONS, DOCS),
    rows("interface-queue-size-bad", page!("interface-queue-size-bad.md"), QUEUE, &["domain/devices/interface/driver"], DOCS),
    rows("interface-teaming-unfit", page!("interface-teaming-unfit.md"), TEAMING, &["domain/devices/interface/teaming"], DOCS),
];

const OPTIONS: &[&str] = &[
    "domain/devices/interface/target",
    "domain/devices/interface/port",
    "domain/devices/interface/mtu",
    "domain/devices/interface/coalesce/rx/frames",
];

/// The type; `user` where none is written.
pub fn kind(interface: Node<'_>) -> &str {
    interface.value("type").unwrap_or("user")
}

/// Whether the guest sees a virtio device; none where that hangs on QEMU.
pub fn virtio(facts: &Facts, interface: Node) -> Option<bool> {
    if let Some(model) = interface.child("model").and_then(|model| model.value("type")) {
        return Some(matches!(model, "virtio" | "virtio-transitional" | "virtio-non-transitional"));
    }
    match (kind(interface), facts.board?.family) {
        ("vdpa", _) => Some(true),
        ("hostdev", _) => Some(false),
        (_, Family::I440fx | Family::Q35 | Family::Isapc) => Some(false),
        (_, Family::ArmVirt | Family::RiscvVirt | Family::S390Ccw | Family::LoongArchVirt) => Some(true),
        _ => None,
    }
}

/// The schema lets it go without.
fn source(facts: &Facts, interface: Node, findings: &mut Findings) {
    let Some(kind) = interface.attr("type").filter(|_| facts.qemu() && interface.child("source").is_none()) else { return };
    if kind.value() == "bridge" {
        findings.at(kind.value_span(), format!("an interface of type `{}` needs a `<source>`, and has none", kind.value()));
    }
}

fn model(facts: &Facts, interface: Node, findings: &mut Findings) {
    let kind = kind(interface);
    if !matches!(kind, "vhostuser" | "vdpa") || !facts.qemu() {
        return;
    }
    let written = interface.child("model").and_then(|model| Some((model, model.attr("type")?)));
    let wrong = match (kind, written) {
        ("vdpa", Some((_, model))) => model.value() != "virtio",
        // since some version the default is virtio
        (_, None) => facts.before(Version(9, 0, 1)) && virtio(facts, interface) == Some(false),
        _ => virtio(facts, interface) == Some(false),
    };
    if !wrong {
        return;
    }
    let (span, edit) = match written {
        Some((_, model)) => (model.value_span(), edit::replace(model.value_span(), "virtio")),
        None => (
            interface.attr("type").map_or(interface.name_span(), |kind| kind.value_span()),
            edit::append_child(interface, "<model type='virtio'/>"),
        ),
    };
    let message = format!("an interface of type `{kind}` has a guest's side of model `virtio`, and this has another");
    findings.at(span, message).fix("Use virtio", Effect::ChangesGuest, vec![edit]);
}

/// 9.0.0 knows that it is on USB only where its address says so, and finds no place for it elsewhere.
const HOMELESS: &[Refused] = &[Refused {
    attr: "type",
    when: |facts, model, kind| {
        // another place, however unfit, is one to libvirt
        let placed = model.parent().and_then(|interface| interface.child("address")).is_some_and(|address| address.attr("type").is_some());
        kind == "usb-net" && !placed && facts.before(Version(9, 0, 1))
    },
    why: "this libvirt finds no place for `{}`, unless it has an `<address type='usb' …>`",
    mend: Mend::Set("virtio"),
}];

/// The interface around an element in it.
fn around<'a>(node: Node<'a>) -> Option<Node<'a>> {
    std::iter::successors(node.parent(), |node| node.parent()).find(|node| node.name() == "interface")
}

fn of(node: Node<'_>) -> &str {
    around(node).map_or("", kind)
}

const OPTION: &[Refused] = &[
    Refused {
        attr: "managed",
        when: |_, target, managed| managed == "no" && !matches!(of(target), "" | "ethernet"),
        why: "only an interface of type `ethernet` takes a device that is there already",
        mend: Mend::Remove,
    },
    Refused {
        attr: "isolated",
        when: |_, port, isolated| isolated == "yes" && !matches!(of(port), "" | "network" | "bridge"),
        why: "only ports of a bridge are isolated: interfaces of type `network` or `bridge`",
        mend: Mend::Set("no"),
    },
    Refused {
        attr: "isolated",
        when: |_, port, isolated| {
            isolated == "yes"
                && around(port).and_then(|interface| interface.child("virtualport")).is_some_and(|port| port.attr("type").is_some())
        },
        why: "only ports of a Linux bridge are isolated, and this has a `<virtualport>`",
        mend: Mend::Set("no"),
    },
    Refused {
        attr: "size",
        when: |facts, mtu, size| {
            let passt = || {
                around(mtu).and_then(|interface| interface.child("backend")).is_some_and(|backend| backend.value("type") == Some("passt"))
            };
            let ways = match of(mtu) {
                "" | "network" | "bridge" | "ethernet" | "vhostuser" => true,
                "user" => passt(),
                "direct" | "vdpa" | "hostdev" => !facts.before(Version(11, 3, 1)),
                _ => false,
            };
            !ways && unsigned(size).is_some_and(|size| size > 0)
        },
        why: "the MTU of {} bytes cannot be set for an interface of this type: the host's side is not libvirt's",
        mend: Mend::No,
    },
    Refused {
        attr: "max",
        when: |facts, frames, _| {
            let newer = !facts.before(Version(11, 3, 1));
            !matches!(of(frames), "" | "network" | "bridge") && (of(frames) != "ethernet" || !newer)
        },
        why: "interrupts are coalesced for interfaces of type `network` and `bridge` alone",
        mend: Mend::Remove,
    },
];

const QUEUE: &[Refused] = &[
    Refused { attr: "rx_queue_size", when: crooked, why: "the size of a queue is a power of two, {} is none", mend: Mend::Remove },
    Refused { attr: "tx_queue_size", when: crooked, why: "the size of a queue is a power of two, {} is none", mend: Mend::Remove },
];

fn crooked(facts: &Facts, driver: Node, size: &str) -> bool {
    let judged = driver.parent().is_some_and(|interface| kind(interface) != "hostdev" && virtio(facts, interface) == Some(true));
    judged && unsigned(size).is_some_and(|size| size > 0 && !size.is_power_of_two())
}

const TEAMING: &[Refused] = &[
    Refused {
        attr: "type",
        when: |facts, teaming, kind| kind == "persistent" && teaming.parent().and_then(|interface| virtio(facts, interface)) == Some(false),
        why: "the `{}` half of a team is a `virtio` interface, and this is of another model",
        mend: Mend::No,
    },
    Refused {
        attr: "type",
        when: |_, teaming, kind| kind == "transient" && !matches!(of(teaming), "hostdev" | "network"),
        why: "the `{}` half of a team is a device of the host: type `hostdev`, or `network` with a pool of them",
        mend: Mend::No,
    },
];

#[cfg(test)]
mod tests;

//! `<interface>`: addresses, virtual ports, VLAN tags and bandwidth.

use super::interface_way::kind;
use super::{function, rows};
use crate::rules::{Facts, Findings, Mend, Refused, Rule, page, unsigned};
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#network-interfaces";

/// The rules.
pub const RULES: &[Rule] = &[
    rows(
        "interface-ip-unfit",
        page!("interface-ip-unfit.md"),
        IP,
        &["domain/devices/interface/ip", "domain/devices/interface/route"],
        DOCS,
    ),
    function("virtualport-incomplete", page!("virtualport-incomplete.md"), &[], &["domain/devices/interface/virtualport"], port, DOCS),
    rows("vlan-native-repeated", page!("vlan-native-repeated.md"), NATIVE, &["domain/devices/interface/vlan/tag"], DOCS),
    rows("bandwidth-unfit", page!("bandwidth-unfit.md"), BANDWIDTH, SIDES, "https://libvirt.org/formatdomain.html#quality-of-service"),
];

const SIDES: &[&str] = &["domain/devices/interface/bandwidth/inbound", "domain/devices/interface/bandwidth/outbound"];

/// True where QEMU or passt makes the guest's network.
fn user(node: Node) -> bool {
    let passt = |interface: Node| interface.child("backend").is_some_and(|backend| backend.value("type") == Some("passt"));
    node.parent().is_some_and(|interface| kind(interface) == "user" || kind(interface) == "vhostuser" && passt(interface))
}

/// The family of an `<ip>`: the one written, else that of the address.
fn six(ip: Node) -> bool {
    match ip.value("family") {
        Some(family) if matches!(family, "ipv4" | "ipv6") => family == "ipv6",
        _ => ip.value("address").is_some_and(|address| address.contains(':')),
    }
}

const IP: &[Refused] = &[
    Refused {
        attr: "",
        when: |_, node, _| node.name() == "route",
        why: "libvirt tells no guest its routes: QEMU knows none",
        mend: Mend::Remove,
    },
    Refused {
        attr: "",
        when: |_, node, _| !user(node),
        why: "QEMU gives addresses to the guest in an interface of type `user` alone; here the guest's network does",
        mend: Mend::Remove,
    },
    Refused {
        attr: "address",
        when: |_, ip, address| six(ip) != address.contains(':'),
        why: "`{}` is no address of this family",
        mend: Mend::No,
    },
    Refused { attr: "peer", when: |_, _, _| true, why: "QEMU gives no address to the other end", mend: Mend::Remove },
    Refused {
        attr: "prefix",
        when: |_, ip, prefix| !six(ip) && unsigned(prefix).is_some_and(|prefix| prefix > 0 && !(4..=27).contains(&prefix)),
        why: "QEMU's own network has a prefix of 4 to 27, not {}",
        mend: Mend::Set("24"),
    },
    Refused {
        attr: "prefix",
        when: |_, ip, prefix| six(ip) && unsigned(prefix).is_some_and(|prefix| prefix > 0 && prefix != 64),
        why: "QEMU's own network has an IPv6 prefix of 64, not {}",
        mend: Mend::Set("64"),
    },
    Refused {
        attr: "",
        when: |_, ip, _| {
            let Some(interface) = ip.parent() else { return false };
            interface.children("ip").take_while(|other| *other != ip).any(|other| six(other) == six(ip))
        },
        why: "the guest gets one address of a family, and this is a second",
        mend: Mend::Remove,
    },
];

/// What each kind of port must say; where libvirt's own network has a profile, that may say it.
fn port(facts: &Facts, node: Node, findings: &mut Findings) {
    let strict = node.parent().is_some_and(|interface| matches!(kind(interface), "bridge" | "direct" | "hostdev"));
    if !strict || !facts.qemu() {
        return;
    }
    let Some(kind) = node.attr("type") else {
        findings.at(node.name_span(), "the `type` of this port is missing: only a network of libvirt's knows it without");
        return;
    };
    let asked: &[&str] = match kind.value() {
        "802.1Qbg" => &["managerid", "typeid", "typeidversion"],
        "802.1Qbh" => &["profileid"],
        _ => &[],
    };
    let parameters = node.child("parameters");
    let lacks = |name: &&&str| parameters.is_none_or(|parameters| parameters.value(name).is_none_or(str::is_empty));
    if let Some(name) = asked.iter().find(lacks) {
        let span = parameters.map_or(kind.value_span(), Node::name_span);
        findings.at(span, format!("a port of type `{}` needs `{name}` in `<parameters>`", kind.value()));
    }
}

const NATIVE: &[Refused] = &[Refused {
    attr: "nativeMode",
    when: |_, tag, _| {
        let before = tag.parent().into_iter().flat_map(|vlan| vlan.children("tag"));
        before.take_while(|other| *other != tag).any(|other| other.attr("nativeMode").is_some())
    },
    why: "one VLAN of an interface is the native one, and another is already",
    mend: Mend::Remove,
}];

const BANDWIDTH: &[Refused] = &[
    Refused {
        attr: "floor",
        when: |_, node, _| node.name() == "outbound",
        why: "only `<inbound>` has a floor of {} KiB/s",
        mend: Mend::Remove,
    },
    Refused {
        attr: "floor",
        when: |_, node, _| node.parent().and_then(Node::parent).is_some_and(|interface| kind(interface) != "network"),
        why: "only a network of libvirt's can guarantee {} KiB/s, and this interface is of another type",
        mend: Mend::Remove,
    },
    Refused { attr: "peak", when: lacks_average, why: "a peak of {} KiB/s needs an `average` beside it", mend: Mend::Remove },
    Refused { attr: "burst", when: lacks_average, why: "a burst of {} KiB needs an `average` beside it", mend: Mend::Remove },
    Refused {
        attr: "",
        when: |_, node, _| node.attr("average").is_none() && node.attr("floor").is_none(),
        why: "this limit has neither an `average` nor a `floor`",
        mend: Mend::Remove,
    },
];

fn lacks_average(_: &Facts, node: Node, _: &str) -> bool {
    node.attr("average").is_none()
}

#[cfg(test)]
mod tests;

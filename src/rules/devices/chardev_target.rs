//! The guest's side of character devices: ports, consoles, channels.

use super::{function, rows};
use crate::edit;
use crate::finding::{Effect, Phase};
use crate::rules::{Facts, Family, Findings, Kind, Mend, Refused, Rule, page, unsigned};
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#consoles-serial-parallel-channel-devices";
const PORTS: &[&str] = &["domain/devices/serial/target", "domain/devices/parallel/target", "domain/devices/console/target"];

/// The rules.
pub const RULES: &[Rule] = &[
    function("serial-target-unfit", page!("serial-target-unfit.md"), &[], &["domain/devices/serial/target"], serial, DOCS),
    function("serial-model-unfit", page!("serial-model-unfit.md"), &[], &["domain/devices/serial/target/model"], model, DOCS),
    function("serial-port-unfit", page!("serial-port-unfit.md"), &[], &["domain[devices/serial]"], ports, DOCS),
    rows("console-target-unfit", page!("console-target-unfit.md"), CONSOLE, &["domain/devices/console/target"], DOCS),
    rows("parallel-unsupported", page!("parallel-unsupported.md"), PARALLEL, &["domain/devices/parallel"], DOCS),
    rows("guestfwd-address-bad", page!("guestfwd-address-bad.md"), FORWARD, &["domain/devices/channel/target"], DOCS),
    rows("chardev-port-bad", page!("chardev-port-bad.md"), PORT, PORTS, DOCS),
];

/// Where a serial port of that type, or model, is at home; none for one that goes anywhere.
fn home(facts: &Facts, word: &str) -> Option<(bool, &'static str)> {
    let arch = facts.arch()?;
    let arm = arch.starts_with("arm") || arch.starts_with("aarch");
    Some(match word {
        "isa-debug" | "isa-debugcon" => (facts.x86(), "a PC"),
        "spapr-vio-serial" | "spapr-vty" => (facts.board?.family == Family::Pseries, "a machine `pseries`"),
        "sclp-serial" | "sclpconsole" | "sclplmconsole" => (arch.starts_with("s390"), "IBM Z"),
        "pl011" => (arm, "ARM"),
        "16550a" => (!(facts.x86() || arm || arch.starts_with("ppc") || arch.starts_with("s390")), "RISC-V"),
        _ => return None,
    })
}

fn serial(facts: &Facts, target: Node, findings: &mut Findings) {
    let Some(kind) = target.attr("type").filter(|_| facts.qemu()) else { return };
    if let Some((false, home)) = home(facts, kind.value()) {
        let message = format!("a serial port of type `{}` is part of {home}, and this domain is another machine", kind.value());
        findings.at(kind.value_span(), message).fix("Let libvirt choose the type", Effect::ChangesGuest, vec![edit::remove(target)]);
    }
}

/// The type that a port has: the one written, but for `isa-serial`, which stands for what is usual on the machine.
fn kind<'a>(facts: &Facts, target: Node<'a>) -> Option<&'a str> {
    match target.value("type") {
        Some(kind) if kind != "isa-serial" => Some(kind),
        _ => Some(match facts.board?.family {
            Family::I440fx | Family::Q35 | Family::Isapc | Family::Microvm => "isa-serial",
            Family::Pseries => "spapr-vio-serial",
            Family::ArmVirt | Family::RiscvVirt => "system-serial",
            Family::S390Ccw => "sclp-serial",
            Family::LoongArchVirt | Family::Other => return None,
        }),
    }
}

fn model(facts: &Facts, node: Node, findings: &mut Findings) {
    let (Some(model), Some(target)) = (node.attr("name").filter(|_| facts.qemu()), node.parent()) else { return };
    let asked = match model.value() {
        "isa-serial" => "isa-serial",
        "usb-serial" => "usb-serial",
        "pci-serial" => "pci-serial",
        "spapr-vty" => "spapr-vio-serial",
        "pl011" | "16550a" => "system-serial",
        "sclpconsole" | "sclplmconsole" => "sclp-serial",
        "isa-debugcon" => "isa-debug",
        _ => return,
    };
    let message = match (kind(facts, target), home(facts, model.value())) {
        (Some(kind), _) if kind != asked => format!("the model `{}` is of type `{asked}`, this serial port is `{kind}`", model.value()),
        (Some(_), Some((false, home))) if home_fits(facts, target) => {
            format!("the model `{}` is part of {home}, and this domain is another machine", model.value())
        }
        _ => return,
    };
    findings.at(model.value_span(), message).fix("Let libvirt choose the model", Effect::ChangesGuest, vec![edit::remove(node)]);
}

/// Whether the type is told of itself.
fn home_fits(facts: &Facts, target: Node) -> bool {
    target.value("type").and_then(|kind| home(facts, kind)).is_none_or(|(fits, _)| fits)
}

/// A PC has four. Of those without a type define counts none.
fn ports(facts: &Facts, _: Node, findings: &mut Findings) {
    let all = facts.whole.all(Kind::Serial);
    if !facts.x86() || !facts.qemu() {
        return;
    }
    let isa = all.filter_map(|serial| serial.child("target")).filter(|target| target.value("type") == Some("isa-serial"));
    let mut taken = [false; 4];
    for target in isa.clone() {
        let Some((port, number)) = target.attr("port").and_then(|port| Some((port, unsigned(port.value())?))) else { continue };
        let message = match taken.get_mut(number as usize) {
            Some(taken) if *taken => format!("another serial port has the number {number} already"),
            Some(taken) => {
                *taken = true;
                continue;
            }
            None => format!("a PC has the serial ports 0 to 3, and {number} is none of them"),
        };
        findings.at(port.value_span(), message).fix(
            "Let libvirt choose the number",
            Effect::ChangesGuest,
            vec![edit::remove_attribute(target, &port)],
        );
    }
    for target in isa.skip(4).filter(|target| target.attr("port").is_none()) {
        findings.at(target.name_span(), "a PC has four serial ports, and this would be one more");
    }
    let untyped = |serial: &Node| serial.child("target").is_none_or(|target| target.attr("type").is_none());
    for serial in facts.whole.all(Kind::Serial).filter(untyped).skip(4) {
        findings.at(serial.name_span(), "a PC has four serial ports, and this would be one more").phase(Phase::Start);
    }
}

const CONSOLE: &[Refused] = &[
    Refused {
        attr: "type",
        when: |_, _, kind| matches!(kind, "xen" | "lxc" | "openvz" | "uml"),
        why: "a console of type `{}` belongs to another hypervisor",
        mend: Mend::Set("serial"),
    },
    Refused {
        attr: "type",
        when: |facts, _, kind| matches!(kind, "sclp" | "sclplm") && facts.arch().is_some_and(|arch| !arch.starts_with("s390")),
        why: "a console of type `{}` is part of IBM Z, and this domain is another machine",
        mend: Mend::Set("serial"),
    },
];

const PARALLEL: &[Refused] = &[Refused {
    attr: "",
    when: |facts, _, _| matches!(facts.board.map(|board| board.family), Some(Family::Pseries | Family::S390Ccw)),
    why: "this machine has no parallel ports",
    mend: Mend::Remove,
}];

const FORWARD: &[Refused] = &[Refused {
    attr: "address",
    when: |_, target, address| {
        target.value("type") == Some("guestfwd") && address.contains(|letter: char| letter == ':' || letter.is_alphabetic())
    },
    why: "`{}` is no IPv4 address, and no other is forwarded",
    mend: Mend::No,
}];

const PORT: &[Refused] = &[Refused {
    attr: "port",
    when: |_, _, port| !port.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b' ' | b'-' | b'+')),
    why: "`{}` is no number of a port",
    mend: Mend::Remove,
}];

#[cfg(test)]
mod tests;

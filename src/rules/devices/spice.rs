//! Devices that speak through SPICE, which need SPICE graphics.

use super::function;
use crate::edit;
use crate::finding::Effect;
use crate::rules::{Facts, Findings, Rule, page};
use crate::xml::{Attr, Node};

const DOCS: &str = "https://libvirt.org/formatdomain.html#graphical-framebuffers";

/// The rules.
pub const RULES: &[Rule] = &[
    function("spice-graphics-missing", page!("spice-graphics-missing.md"), &[], &["domain/devices"], missing, DOCS),
    function("spicevmc-without-channel", page!("spicevmc-without-channel.md"), &[], LINES, line, DOCS),
];

const LINES: &[&str] = &["domain/devices/console", "domain/devices/serial", "domain/devices/parallel"];

/// libvirt takes the agent's data through a virtio channel alone.
fn line(facts: &Facts, node: Node, findings: &mut Findings) {
    if let Some(kind) = node.attr("type").filter(|kind| kind.value() == "spicevmc" && facts.qemu()) {
        findings.at(kind.value_span(), format!("`spicevmc` serves a `<channel>`, not a `<{}>`", node.name()));
    }
}

/// Where a device says that it speaks through SPICE.
pub fn speaks(device: Node) -> Option<Attr> {
    let (kind, words): (_, &[&str]) = match device.name() {
        "audio" => (device.attr("type"), &["spice"]),
        "channel" | "redirdev" | "smartcard" => (device.attr("type"), &["spicevmc", "spiceport"]),
        "serial" | "parallel" | "console" => (device.attr("type"), &["spiceport"]),
        "rng" => (device.child("backend").and_then(|backend| backend.attr("type")), &["spicevmc", "spiceport"]),
        _ => return None,
    };
    kind.filter(|kind| words.contains(&kind.value()))
}

/// One pass over the devices, however many of them speak.
fn missing(facts: &Facts, devices: Node, findings: &mut Findings) {
    if !facts.qemu() || devices.children("graphics").any(|graphics| graphics.value("type") == Some("spice")) {
        return;
    }
    for device in devices.elements().filter(|device| device.namespace().is_none()) {
        if let Some(kind) = speaks(device) {
            findings.at(kind.value_span(), format!("`{}` needs `<graphics type='spice'>`, which this domain lacks", kind.value())).fix(
                format!("Remove this {}", device.name()),
                Effect::ChangesGuest,
                vec![edit::remove(device)],
            );
        }
    }
}

//! Transitional virtio devices, which exist on PCI alone.

use super::function;
use crate::edit;
use crate::finding::{Effect, Phase};
use crate::rules::{Facts, Findings, Rule, page};
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#virtio-transitional-devices";

const ON: &[&str] = &[
    "domain/devices/disk",
    "domain/devices/rng",
    "domain/devices/interface/model",
    "domain/devices/memballoon",
    "domain/devices/vsock",
    "domain/devices/filesystem",
    "domain/devices/controller",
];

/// The rules.
pub const RULES: &[Rule] = &[function("virtio-model-unfit", page!("virtio-model-unfit.md"), &[], ON, transitional, DOCS)];

/// libvirt takes the word; QEMU has no such device for channel I/O.
fn transitional(facts: &Facts, node: Node, findings: &mut Findings) {
    let name = if node.name() == "model" { "type" } else { "model" };
    let Some(model) = node.attr(name).filter(|model| matches!(model.value(), "virtio-transitional" | "virtio-non-transitional")) else {
        return;
    };
    let device = if node.name() == "model" { node.parent().unwrap_or(node) } else { node };
    let pci = device.child("address").is_some_and(|address| address.value("type") == Some("pci"));
    if facts.qemu() && facts.arch() == Some("s390x") && !pci {
        findings
            .at(model.value_span(), format!("`{}` is a device of PCI, and on `s390x` the guest's is of channel I/O", model.value()))
            .phase(Phase::Start)
            .fix("Use virtio", Effect::ChangesGuest, vec![edit::replace(model.value_span(), "virtio")]);
    }
}

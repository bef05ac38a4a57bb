//! Transitional virtio devices, which exist on PCI alone.

use super::function;
use crate::edit;
use crate::finding::{Effect, Phase};
use crate::rules::{Facts, Findings, Rule, page};
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#virtio-transitional-devices";

const ON: &[&str] = &[
    "domain/devices/disk[@model]",
    "domain/devices/rng[@model]",
    "domain/devices/interface/model",
    "domain/devices/memballoon[@model]",
    "domain/devices/vsock[@model]",
    "domain/devices/filesystem[@model]",
    "domain/devices/controller[@model]",
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

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["virtio-model-unfit"];

    #[test]
    fn channel_devices_know_no_transition() {
        let fixture = r#"
<disk type='file' device='disk' model='virtio-transitional'>
                                       ^^^^^^^^^^^^^^^^^^^ error[virtio-model-unfit]: `virtio-transitional` is a device of PCI, and on `s390x` the guest's is of channel I/O
                                       | fix: Use virtio (changes guest)
  <target dev='vda' bus='virtio'/>
</disk>
"#;
        assert_eq!(check_in("s390x", "devices", CODES, fixture), ["start"]);
        let mended = mended_in("s390x", "devices", "virtio-model-unfit", fixture);
        assert_eq!(
            mended,
            "- <disk type='file' device='disk' model='virtio-transitional'>\n+ <disk type='file' device='disk' model='virtio'>"
        );
    }

    #[test]
    fn interfaces_say_it_in_their_model() {
        let fixture = r#"
<interface type='user'>
  <model type='virtio-non-transitional'/>
               ^^^^^^^^^^^^^^^^^^^^^^^ error[virtio-model-unfit]: `virtio-non-transitional` is a device of PCI, and on `s390x` the guest's is of channel I/O
               | fix: Use virtio (changes guest)
</interface>
"#;
        assert_eq!(check_in("s390x", "devices", CODES, fixture), ["start"]);
    }

    #[test]
    fn on_pci_they_are_fine() {
        let fixture = r#"
<rng model='virtio-transitional'>
  <address type='pci'/>
</rng>
"#;
        check_in("s390x", "devices", CODES, fixture);
    }

    #[test]
    fn so_they_are_on_a_pc() {
        let fixture = "<rng model='virtio-transitional'/>";
        check_in("qemu-q35", "devices", CODES, fixture);
    }
}

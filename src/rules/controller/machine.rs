//! Controllers that this machine, or QEMU, does not have.
//!
//! Source: libvirt 9.0.0, `qemuDomainControllerDefPostParse`, `qemuValidateCheckSCSIControllerModel`,
//! `qemuValidateDomainDeviceDefControllerIDE`.

use super::{Board, Controller, Effect, Facts, Family, Findings, Node, edit, index_span};

/// A controller of another machine or hypervisor.
pub fn check(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    for controller in &facts.whole.controllers {
        let Some(message) = unfit(facts, controller) else { continue };
        let span = match controller.node.attr("model") {
            Some(model) if controller.kind != "ide" => model.value_span(),
            _ if matches!(controller.kind, "xenbus" | "isa") => controller.node.name_span(),
            _ if controller.kind == "ide" && facts.ide() == Some(false) => {
                controller.node.attr("type").map_or(controller.node.name_span(), |kind| kind.value_span())
            }
            _ => index_span(controller),
        };
        let finding = findings.at(span, message);
        finding.fix("Remove this controller", Effect::ChangesGuest, vec![edit::remove(controller.node)]);
    }
}

fn unfit(facts: &Facts, controller: &Controller) -> Option<String> {
    let family = facts.board.map(|board: Board| board.family);
    match (controller.kind, controller.model.unwrap_or_default()) {
        ("pci", "pci-expander-bus") if !matches!(family?, Family::I440fx) => {
            Some("only the machine `pc` takes a `pci-expander-bus`".to_owned())
        }
        ("pci", "pcie-expander-bus") if !matches!(family?, Family::Q35 | Family::ArmVirt) => {
            Some("only the machine `q35`, and `virt` on ARM, take a `pcie-expander-bus`".to_owned())
        }
        ("usb", model @ ("qusb1" | "qusb2")) => Some(format!("`{model}` is a USB controller of Xen")),
        ("xenbus" | "isa", _) => Some(format!("QEMU has no controller of type `{}`", controller.kind)),
        ("scsi", "buslogic") => Some("QEMU has no SCSI controller of model `buslogic`".to_owned()),
        ("scsi", "ncr53c90") if facts.x86() => Some("`ncr53c90` is built into other machines, and no PC has it".to_owned()),
        ("ide", _) if facts.ide()? => (controller.index? > 0).then(|| "this machine has one IDE controller, with the index 0".to_owned()),
        // where the buses are listed, `controller-bus-unlisted` tells
        ("ide", _) if !facts.buses_listed() => Some("this machine has no IDE controller".to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["controller-machine-unfit"];

    #[test]
    fn expander_buses_belong_to_a_machine() {
        let fixture = r#"
<controller type='pci' index='1' model='pcie-expander-bus'/>
                                        ^^^^^^^^^^^^^^^^^ error[controller-machine-unfit]: only the machine `q35`, and `virt` on ARM, take a `pcie-expander-bus`
                                        | fix: Remove this controller (changes guest)
<controller type='pci' index='2' model='pci-expander-bus'/>
<controller type='ide' index='1'/>
                              ^ error[controller-machine-unfit]: this machine has one IDE controller, with the index 0
                              | fix: Remove this controller (changes guest)
"#;
        check_in("qemu-pc", "devices", CODES, fixture);
        let mended = mended_in("qemu-pc", "devices", "controller-machine-unfit", fixture);
        assert_eq!(mended, "- <controller type='pci' index='1' model='pcie-expander-bus'/>");
        check_in("qemu-q35", "devices", CODES, "<controller type='pci' index='1' model='pcie-expander-bus'/>");
    }

    #[test]
    fn few_machines_have_ide() {
        let fixture = r#"
<controller type='ide' index='0'>
                  ^^^ error[controller-machine-unfit]: this machine has no IDE controller
                  | fix: Remove this controller (changes guest)
  <address type='pci' domain='0x0000' bus='0x00' slot='0x01' function='0x1'/>
</controller>
"#;
        check_in("none", "devices", &["controller-machine-unfit", "address-pci-fixed"], fixture);
        check_in("qemu-q35", "devices", CODES, "<controller type='ide' index='0'/>");
    }

    #[test]
    fn models_of_other_hypervisors() {
        let fixture = r#"
<controller type='xenbus' index='0'/>
 ^^^^^^^^^^ error[controller-machine-unfit]: QEMU has no controller of type `xenbus`
 | fix: Remove this controller (changes guest)
<controller type='scsi' index='0' model='buslogic'/>
                                         ^^^^^^^^ error[controller-machine-unfit]: QEMU has no SCSI controller of model `buslogic`
                                         | fix: Remove this controller (changes guest)
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
    }
}

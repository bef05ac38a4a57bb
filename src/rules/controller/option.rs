//! Options of a controller that its model does not have.
//!
//! Source: libvirt 9.0.0, `qemuValidateDomainDeviceDefControllerPCI`, `qemuValidateDomainDeviceDefControllerAttributes`.

use super::{Controller, Effect, Facts, Family, Findings, Node, edit};
use crate::finding::TextEdit;
use crate::text::Span;

const PORTS: &[&str] = &["pcie-root-port", "pcie-switch-downstream-port"];
const EXPANDERS: &[&str] = &["pci-expander-bus", "pcie-expander-bus"];
const VIRTIO: &[&str] = &["virtio-scsi", "virtio-transitional", "virtio-non-transitional"];

/// Attributes of `<target>`, and the models that have them; on pSeries a `pci-root` has some too.
const TARGET: &[(&str, &[&str])] = &[
    ("chassisNr", &["pci-bridge"]),
    ("chassis", PORTS),
    ("port", PORTS),
    ("busNr", EXPANDERS),
    ("index", &[]),
    ("hotplug", &["pci-root", "pcie-root-port", "pcie-switch-downstream-port"]),
];

/// Attributes of `<driver>` that a virtio SCSI controller has alone.
const DRIVER: &[&str] = &["queues", "cmd_per_lun", "max_sectors", "ioeventfd", "iothread"];

/// The device of QEMU that stands for a model.
const DEVICES: &[(&str, &[&str])] = &[
    ("pci-bridge", &["pci-bridge"]),
    ("dmi-to-pci-bridge", &["i82801b11-bridge"]),
    ("pcie-root-port", &["pcie-root-port", "ioh3420"]),
    ("pcie-switch-upstream-port", &["x3130-upstream"]),
    ("pcie-switch-downstream-port", &["xio3130-downstream"]),
    ("pci-expander-bus", &["pxb"]),
    ("pcie-expander-bus", &["pxb-pcie"]),
    ("pcie-to-pci-bridge", &["pcie-pci-bridge"]),
];

/// What a controller says that its model cannot have.
pub fn check(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    for controller in &facts.whole.controllers {
        match controller.model {
            Some(model) if controller.kind == "pci" => {
                target(facts, controller, model, findings);
                device(facts, controller, model, findings);
                hole(facts, controller, model, findings);
            }
            _ => {}
        }
        driver(facts, controller, findings);
    }
}

fn tell(findings: &mut Findings, span: Span, what: &str, model: &str, remove: TextEdit) {
    let finding = findings.at(span, format!("a `{model}` has no `{what}`"));
    finding.fix(format!("Remove `{what}`"), Effect::ChangesGuest, vec![remove]);
}

/// True for a `pci-root` on pSeries, or where the machine is not known.
fn host_bridge(facts: &Facts, model: &str) -> bool {
    model == "pci-root" && facts.board.is_none_or(|board| board.family == Family::Pseries)
}

fn target(facts: &Facts, controller: &Controller, model: &str, findings: &mut Findings) {
    let Some(target) = controller.node.child("target") else { return };
    for (name, models) in TARGET {
        let Some(attr) = target.attr(name) else { continue };
        let has = models.contains(&model) || *name == "index" && host_bridge(facts, model);
        if !has {
            tell(findings, attr.name_span(), name, model, edit::remove_attribute(target, &attr));
        }
    }
    let bridge = host_bridge(facts, model) && controller.index != Some(0);
    if let Some(node) = target.child("node").filter(|_| !EXPANDERS.contains(&model) && !bridge) {
        tell(findings, node.name_span(), "node", model, edit::remove(node));
    }
}

fn device(facts: &Facts, controller: &Controller, model: &str, findings: &mut Findings) {
    let Some(element) = controller.node.child("model") else { return };
    let Some(name) = element.attr("name") else { return };
    let fits = match DEVICES.iter().find(|(own, _)| *own == model) {
        Some((_, names)) => names.contains(&name.value()),
        None => host_bridge(facts, model) && name.value() == "spapr-pci-host-bridge",
    };
    if !fits {
        let message = format!("QEMU's device `{}` is no `{model}`", name.value());
        findings.at(name.value_span(), message).fix("Let libvirt choose the device", Effect::Safe, vec![edit::remove(element)]);
    }
}

fn hole(facts: &Facts, controller: &Controller, model: &str, findings: &mut Findings) {
    let own = match facts.board.map(|board| board.family) {
        Some(Family::I440fx) => "pci-root",
        Some(Family::Q35) => "pcie-root",
        _ => "",
    };
    let Some(hole) = controller.node.child("pcihole64").filter(|_| facts.board.is_some() && model.ends_with("-root") && model != own)
    else {
        return;
    };
    let finding = findings.at(hole.name_span(), "only a PC lets the room for PCI devices above 4 GiB be set");
    finding.fix("Remove `pcihole64`", Effect::ChangesGuest, vec![edit::remove(hole)]);
}

/// A SCSI controller without a model is of virtio where QEMU has no other.
fn driver(facts: &Facts, controller: &Controller, findings: &mut Findings) {
    let Some(driver) = controller.node.child("driver") else { return };
    let virtio = match controller.model {
        None | Some("auto") => !facts.lsi_by_default(),
        Some(model) => VIRTIO.contains(&model),
    };
    if controller.kind == "scsi" && virtio {
        return;
    }
    for attr in driver.attrs().filter(|attr| DRIVER.contains(&attr.name()) && !matches!(attr.value(), "0" | "default")) {
        let message = format!("only a SCSI controller of model `virtio-scsi` has `{}`", attr.name());
        let finding = findings.at(attr.name_span(), message);
        finding.fix(format!("Remove `{}`", attr.name()), Effect::Safe, vec![edit::remove_attribute(driver, &attr)]);
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["controller-option-unfit"];

    #[test]
    fn a_target_says_what_its_model_has() {
        let fixture = r#"
<controller type='pci' index='1' model='pcie-root-port'>
  <model name='pcie-root-port'/>
  <target chassis='1' port='0x10' busNr='3'/>
                                  ^^^^^ error[controller-option-unfit]: a `pcie-root-port` has no `busNr`
                                  | fix: Remove `busNr` (changes guest)
</controller>
<controller type='pci' index='2' model='pcie-to-pci-bridge'>
  <model name='pxb'/>
               ^^^ error[controller-option-unfit]: QEMU's device `pxb` is no `pcie-to-pci-bridge`
               | fix: Let libvirt choose the device
  <target hotplug='off'/>
          ^^^^^^^ error[controller-option-unfit]: a `pcie-to-pci-bridge` has no `hotplug`
          | fix: Remove `hotplug` (changes guest)
</controller>
<controller type='pci' index='3' model='pcie-expander-bus'>
  <target busNr='180'><node>0</node></target>
</controller>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "controller-option-unfit", fixture);
        assert!(mended.ends_with("+ <target chassis='1' port='0x10'/>"), "{mended}");
    }

    #[test]
    fn host_bridges_of_pseries_have_more() {
        let fixture = "<controller type='pci' index='1' model='pci-root'><target index='1'><node>0</node></target></controller>";
        check_in("ppc64", "devices", CODES, fixture);
        let fixture = r#"
<controller type='pci' index='0' model='pci-root'>
  <pcihole64 unit='KiB'>1048576</pcihole64>
   ^^^^^^^^^ error[controller-option-unfit]: only a PC lets the room for PCI devices above 4 GiB be set
   | fix: Remove `pcihole64` (changes guest)
</controller>
"#;
        check_in("ppc64", "devices", CODES, fixture);
        let mended = mended_in("ppc64", "devices", "controller-option-unfit", fixture);
        assert_eq!(mended, "- <pcihole64 unit='KiB'>1048576</pcihole64>");
    }

    #[test]
    fn queues_are_of_virtio() {
        let fixture = r#"
<controller type='scsi' index='0' model='virtio-scsi'>
  <driver queues='4' iothread='1'/>
</controller>
<controller type='sata' index='0'>
  <driver queues='4'/>
          ^^^^^^ error[controller-option-unfit]: only a SCSI controller of model `virtio-scsi` has `queues`
          | fix: Remove `queues`
</controller>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "controller-option-unfit", fixture);
        assert_eq!(mended, "- <driver queues='4'/>\n+ <driver/>");
    }
}

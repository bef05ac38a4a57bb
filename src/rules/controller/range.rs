//! Numbers of a controller that it cannot have, and those that name what is not there.
//!
//! Source: libvirt 9.0.0, `virDomainControllerDefValidate`, `qemuDomainControllerDefPostParse`.

use super::{Attr, Controller, Effect, Facts, Family, Findings, Node, any_base, edit, unsigned};

/// Attributes of a PCI controller's `<target>`, and how far they go.
const TARGET: &[(&str, u64, u64)] = &[("chassisNr", 1, 255), ("chassis", 0, 255), ("port", 0, 255), ("busNr", 1, 254), ("index", 0, 30)];

/// Ports of an xHCI controller.
const XHCI: u64 = 15;

/// The greatest index of a PCI controller.
const LAST: u64 = 255;

/// A number out of range.
pub fn check(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    for controller in &facts.whole.controllers {
        if controller.kind == "pci" {
            controller
                .node
                .attr("index")
                .into_iter()
                .for_each(|index| within(findings, format_args!("the index of a PCI controller"), &index, 0, LAST));
            if let Some(target) = controller.node.child("target") {
                pci(facts, controller, target, findings);
            }
        } else if matches!(controller.model, Some("qemu-xhci" | "nec-xhci")) {
            let model = controller.model.unwrap_or_default();
            let ports = controller.node.attr("ports");
            ports.into_iter().for_each(|ports| within(findings, format_args!("the number of ports of `{model}`"), &ports, 0, XHCI));
        }
    }
}

fn within(findings: &mut Findings, what: std::fmt::Arguments, attr: &Attr, least: u64, most: u64) {
    if any_base(attr.value()).is_none_or(|number| (least..=most).contains(&number)) {
        return;
    }
    let finding = findings.at(attr.value_span(), format!("{what} goes from {least} to {most}, not to {}", attr.value()));
    if any_base(attr.value()).is_some_and(|number| number > most) {
        finding.fix(format!("Use {most}"), Effect::ChangesGuest, vec![edit::replace(attr.value_span(), &most.to_string())]);
    }
}

fn pci(facts: &Facts, controller: &Controller, target: Node, findings: &mut Findings) {
    for (name, least, most) in TARGET {
        if let Some(attr) = target.attr(name) {
            within(findings, format_args!("`{name}`"), &attr, *least, *most);
        }
    }
    let pseries = facts.board.is_some_and(|board| board.family == Family::Pseries);
    let Some((attr, index)) = target.attr("index").zip(controller.index).filter(|_| pseries) else { return };
    let own = any_base(attr.value()).filter(|own| *own <= 30);
    if own.is_some_and(|own| (own == 0) != (index == 0)) {
        let finding = findings.at(attr.value_span(), "the controller with the index 0 has the target index 0, and no other has it");
        finding.fix("Let libvirt choose the target index", Effect::ChangesGuest, vec![edit::remove_attribute(target, &attr)]);
    }
}

/// Numbers that QEMU gives out once: the chassis of a port, and the bus of an expander; without one libvirt takes the index.
pub fn twice(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    let mut seen: Vec<(&str, u64)> = Vec::new();
    for controller in facts.whole.controllers("pci") {
        let name = match controller.model {
            Some("pcie-root-port" | "pcie-switch-downstream-port") => "chassis",
            Some("pci-expander-bus" | "pcie-expander-bus") => "busNr",
            _ => continue,
        };
        let attr = controller.node.child("target").and_then(|target| target.attr(name));
        let implied = controller.index.filter(|_| name == "chassis").map(u64::from);
        let Some(number) = attr.map_or(implied, |attr| any_base(attr.value())) else { continue };
        if !seen.contains(&(name, number)) {
            seen.push((name, number));
            continue;
        }
        let span = attr.map_or(controller.node.name_span(), |attr| attr.value_span());
        let finding = findings.at(span, format!("two controllers have the `{name}` {number}, which QEMU gives out once"));
        if let Some((attr, target)) = attr.zip(controller.node.child("target")) {
            let edits = vec![edit::remove_attribute(target, &attr)];
            finding.fix(format!("Let libvirt choose the {name}"), Effect::ChangesGuest, edits);
        }
    }
}

/// Expander buses without a number: libvirt counts down from the lowest there is, two for each, and 0 is the root's.
///
/// Source: libvirt 9.0.0, `qemuDomainAddressFindNewBusNr`; tried on a daemon with each number up to 6.
pub fn spare(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    let expander = |one: &&Controller| matches!(one.model, Some("pci-expander-bus" | "pcie-expander-bus"));
    let expanders = || facts.whole.controllers("pci").filter(expander);
    let Some(lowest) = expanders().filter_map(number).filter_map(any_base).min() else { return };
    let room = usize::try_from(lowest.saturating_sub(1) / 2).unwrap_or(usize::MAX);
    for one in expanders().filter(|one| number(one).is_none()).skip(room) {
        let span = one.node.attr("model").map_or(one.node.name_span(), |model| model.value_span());
        findings.at(span, format!("an expander bus without `busNr` gets one below the lowest, which is {lowest}, and there is none left"));
    }
}

fn number<'a>(expander: &Controller<'a>) -> Option<&'a str> {
    expander.node.child("target")?.value("busNr")
}

/// A NUMA node or an I/O thread that the domain does not have.
pub fn references(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    for controller in &facts.whole.controllers {
        if let Some(node) = controller.node.child("target").and_then(|target| target.child("node")).and_then(Node::text) {
            let cells = facts.whole.cells.len();
            let has =
                controller.model.is_some_and(|model| model.ends_with("expander-bus") || model == "pci-root" && controller.index != Some(0));
            if has && unsigned(node.value).is_some_and(|node| node as usize >= cells) {
                findings.at(node.span, format!("the guest has no NUMA node {}: `<cpu>` lists {cells}", node.value));
            }
        }
        let Some(driver) = controller.node.child("driver").filter(|_| controller.kind == "scsi") else { continue };
        let Some(thread) = driver.attr("iothread") else { continue };
        if unsigned(thread.value()).is_some_and(|id| id > 0 && !facts.whole.has_thread(id)) {
            let finding = findings.at(thread.value_span(), format!("the domain has no I/O thread {}", thread.value()));
            finding.fix("Do without a thread of its own", Effect::Safe, vec![edit::remove_attribute(driver, &thread)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] =
        &["controller-number-out-of-range", "controller-reference-missing", "controller-number-duplicate", "controller-bus-number-missing"];

    #[test]
    fn bus_numbers_go_down_in_twos() {
        let fixture = r#"
<controller type='pci' index='1' model='pcie-expander-bus'><target busNr='4'/></controller>
<controller type='pci' index='2' model='pcie-expander-bus'/>
<controller type='pci' index='3' model='pcie-expander-bus'/>
                                        ^^^^^^^^^^^^^^^^^ error[controller-bus-number-missing]: an expander bus without `busNr` gets one below the lowest, which is 4, and there is none left
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let plenty = "<controller type='pci' index='1' model='pci-expander-bus'><target busNr='3'/></controller>
<controller type='pci' index='2' model='pci-expander-bus'/>";
        check_in("qemu-pc", "devices", CODES, plenty);
        check_in("qemu-q35", "devices", CODES, "<controller type='pci' index='1' model='pcie-expander-bus'/>");
    }

    #[test]
    fn a_chassis_is_given_out_once() {
        let fixture = r#"
<controller type='pci' index='1' model='pcie-root-port'/>
<controller type='pci' index='2' model='pcie-root-port'>
  <target chassis='1' port='0x10'/>
                   ^ error[controller-number-duplicate]: two controllers have the `chassis` 1, which QEMU gives out once
                   | fix: Let libvirt choose the chassis (changes guest)
</controller>
<controller type='pci' index='3' model='pcie-expander-bus'><target busNr='180'/></controller>
<controller type='pci' index='4' model='pcie-expander-bus'><target busNr='200'/></controller>
"#;
        assert_eq!(check_in("qemu-q35", "devices", CODES, fixture), ["start"]);
        let mended = mended_in("qemu-q35", "devices", "controller-number-duplicate", fixture);
        assert_eq!(mended, "- <target chassis='1' port='0x10'/>\n+ <target port='0x10'/>");
    }

    #[test]
    fn numbers_have_their_ends() {
        let fixture = r#"
<controller type='usb' index='0' model='qemu-xhci' ports='16'/>
                                                          ^^ error[controller-number-out-of-range]: the number of ports of `qemu-xhci` goes from 0 to 15, not to 16
                                                          | fix: Use 15 (changes guest)
<controller type='pci' index='1' model='pcie-root-port'>
  <target chassis='1' port='0x10'/>
</controller>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "controller-number-out-of-range", fixture);
        assert!(mended.ends_with("ports='15'/>"), "{mended}");
        let fixture = r#"
<controller type='pci' index='1' model='pci-root'>
  <target index='0'/>
                 ^ error[controller-number-out-of-range]: the controller with the index 0 has the target index 0, and no other has it
                 | fix: Let libvirt choose the target index (changes guest)
</controller>
<controller type='pci' index='2' model='pci-root'>
  <target index='2'/>
</controller>
"#;
        check_in("ppc64", "devices", CODES, fixture);
        let mended = mended_in("ppc64", "devices", "controller-number-out-of-range", fixture);
        assert_eq!(mended, "- <target index='0'/>\n+ <target/>");
    }

    #[test]
    fn nodes_and_threads_must_be_there() {
        let fixture = r#"
<controller type='pci' index='1' model='pcie-expander-bus'>
  <target busNr='180'><node>1</node></target>
                            ^ error[controller-reference-missing]: the guest has no NUMA node 1: `<cpu>` lists 0
</controller>
<controller type='scsi' index='0' model='virtio-scsi'>
  <driver iothread='2'/>
                    ^ error[controller-reference-missing]: the domain has no I/O thread 2
                    | fix: Do without a thread of its own
</controller>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let whole = r#"
<domain type='qemu'>
  <iothreads>2</iothreads>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <devices>
    <controller type='scsi' index='0' model='virtio-scsi'><driver iothread='2'/></controller>
  </devices>
</domain>
"#;
        crate::support::check("qemu-q35", CODES, whole);
    }

    #[test]
    fn without_the_thread_the_controller_stays() {
        let fixture = r#"
<controller type='scsi' index='0' model='virtio-scsi'>
  <driver iothread='2'/>
</controller>
"#;
        let mended = mended_in("qemu-q35", "devices", "controller-reference-missing", fixture);
        assert_eq!(mended, "- <driver iothread='2'/>\n+ <driver/>");
    }
}

//! The PCI controller with index 0: the machine's own, and no other.

use super::{Board, Controller, Effect, Facts, Family, Findings, Node, edit, index_span};
use crate::rules::Root;

/// A root that is not the machine's, at another index or with an address; or another controller in its place.
pub fn check(facts: &Facts, _: Node, findings: &mut Findings) {
    let Some(board) = facts.board else { return };
    for controller in facts.whole.controllers("pci") {
        let Some(model) = controller.model else { continue };
        let root = controller.is_root();
        match controller.index {
            Some(0) => first(facts, board, controller, model, findings),
            Some(_) if root && board.family != Family::Pseries => elsewhere(controller, model, findings),
            _ => {}
        }
        if let Some(address) = controller.node.child("address").filter(|_| root) {
            let message = format!("`{model}` is where PCI begins: it has no address of its own");
            let finding = findings.at(address.name_span(), message);
            finding.fix("Remove the address", Effect::Safe, vec![edit::remove(address)]);
        }
    }
}

fn first(facts: &Facts, board: Board, controller: &Controller, model: &str, findings: &mut Findings) {
    let Some(own) = board.root.map(Root::model).filter(|own| *own != model) else { return };
    let written = controller.node.attr("index").is_some();
    let root = controller.is_root();
    let span = match controller.node.attr("model") {
        Some(attr) if root => attr.value_span(),
        _ => index_span(controller),
    };
    let message = match (root, written) {
        (true, _) => ["this machine begins with `", own, "`, not with `", model, "`"].concat(),
        (false, true) => format!("the index 0 belongs to the machine's `{own}`, not to a `{model}`"),
        (false, false) => format!("without an index this `{model}` gets 0, which belongs to the machine's `{own}`"),
    };
    let finding = findings.at(span, message);
    if root {
        finding.fix(["Use ", own].concat(), Effect::ChangesGuest, vec![edit::set_attribute(controller.node, "model", own)]);
    } else {
        let free = facts.whole.free_index("pci").to_string();
        let edits = vec![edit::set_attribute(controller.node, "index", &free)];
        finding.fix(format!("Use the index {free}"), Effect::ChangesGuest, edits);
    }
}

fn elsewhere(controller: &Controller, model: &str, findings: &mut Findings) {
    let finding = findings.at(index_span(controller), format!("there is one `{model}`, and its index is 0"));
    finding.fix("Remove this controller", Effect::ChangesGuest, vec![edit::remove(controller.node)]);
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["controller-root-wrong"];

    #[test]
    fn the_first_is_the_machines_own() {
        let fixture = r#"
<controller type='pci' index='0' model='pcie-root'/>
                                        ^^^^^^^^^ error[controller-root-wrong]: this machine begins with `pci-root`, not with `pcie-root`
                                        | fix: Use pci-root (changes guest)
"#;
        check_in("qemu-pc", "devices", CODES, fixture);
        let mended = mended_in("qemu-pc", "devices", "controller-root-wrong", fixture);
        let before = "- <controller type='pci' index='0' model='pcie-root'/>";
        assert_eq!(mended, format!("{before}\n+ <controller type='pci' index='0' model='pci-root'/>"));
        check_in("qemu-q35", "devices", CODES, "<controller type='pci' index='0' model='pcie-root'/>");
    }

    #[test]
    fn another_without_an_index_takes_its_place() {
        let fixture = r#"
<controller type='pci' model='pcie-root-port'/>
 ^^^^^^^^^^ error[controller-root-wrong]: without an index this `pcie-root-port` gets 0, which belongs to the machine's `pcie-root`
 | fix: Use the index 1 (changes guest)
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "controller-root-wrong", fixture);
        let before = "- <controller type='pci' model='pcie-root-port'/>";
        assert_eq!(mended, format!("{before}\n+ <controller type='pci' model='pcie-root-port' index='1'/>"));
    }

    #[test]
    fn another_in_its_place_is_one_fault() {
        let codes = &["controller-root-wrong", "controller-pci-no-room", "address-pci-unfit"];
        let fixture = r#"
<controller type='pci' index='0' model='pcie-root-port'/>
                              ^ error[controller-root-wrong]: the index 0 belongs to the machine's `pcie-root`, not to a `pcie-root-port`
                              | fix: Use the index 2 (changes guest)
<controller type='pci' index='1' model='pcie-root-port'/>
<sound model='ich9'>
  <address type='pci' bus='0' slot='3'/>
</sound>
"#;
        check_in("qemu-q35", "devices", codes, fixture);
        let bridge = r#"
<controller type='pci' index='0' model='pci-bridge'/>
                              ^ error[controller-root-wrong]: the index 0 belongs to the machine's `pci-root`, not to a `pci-bridge`
                              | fix: Use the index 1 (changes guest)
"#;
        check_in("qemu-pc", "devices", codes, bridge);
    }

    #[test]
    fn there_is_one_without_an_address() {
        let fixture = r#"
<controller type='pci' index='0' model='pcie-root'>
  <address type='pci' slot='2'/>
   ^^^^^^^ error[controller-root-wrong]: `pcie-root` is where PCI begins: it has no address of its own
   | fix: Remove the address
</controller>
<controller type='pci' index='1' model='pcie-root'/>
                              ^ error[controller-root-wrong]: there is one `pcie-root`, and its index is 0
                              | fix: Remove this controller (changes guest)
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        check_in("ppc64", "devices", CODES, "<controller type='pci' index='1' model='pci-root'/>");
    }
}

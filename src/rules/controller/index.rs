//! Two controllers of one type with one index.

use std::collections::BTreeMap;

use super::{Effect, Facts, Findings, Node, edit, free_index, index_span};
use crate::rules::Controller;

/// USB companions share the index of their master; of those that have ports of their own there is one at an index.
pub fn check(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    let (mut firsts, mut free) = (BTreeMap::new(), BTreeMap::new());
    for controller in facts.whole.controllers.iter().filter(|one| counts(one)) {
        let Some(index) = controller.index else { continue };
        let first = *firsts.entry((controller.kind, index)).or_insert(controller);
        if first.node == controller.node {
            continue;
        }
        let finding = findings.at(index_span(controller), format!("two `{}` controllers have the index {index}", controller.kind));
        finding.related(index_span(first), "the first of them");
        if single(controller) {
            finding.fix("Remove this controller", Effect::ChangesGuest, vec![edit::remove(controller.node)]);
        } else {
            let free = free.entry(controller.kind).or_insert_with(|| free_index(facts, controller.kind).to_string());
            finding.fix(format!("Use the index {free}"), Effect::ChangesGuest, vec![edit::set_attribute(controller.node, "index", free)]);
        }
    }
}

/// What there is one of: the root of PCI, and the controllers of a chipset.
fn single(controller: &Controller) -> bool {
    let root = controller.model.is_some_and(|model| model.ends_with("-root"));
    root || matches!(controller.kind, "ide" | "fdc" | "isa" | "ccid")
}

fn counts(controller: &Controller) -> bool {
    let companion = matches!(controller.model, Some("ich9-uhci1" | "ich9-uhci2" | "ich9-uhci3"));
    controller.index.is_some() && (controller.kind != "usb" || !companion && controller.model != Some("none"))
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["controller-index-duplicate"];

    #[test]
    fn of_some_there_is_one() {
        let fixture = r#"
<controller type='ide' index='0'/>
<controller type='ide' index='0'/>
                              ^ error[controller-index-duplicate]: two `ide` controllers have the index 0
                              | fix: Remove this controller (changes guest)
"#;
        check_in("qemu-pc", "devices", CODES, fixture);
        let mended = mended_in("qemu-pc", "devices", "controller-index-duplicate", fixture);
        assert_eq!(mended, "- <controller type='ide' index='0'/>");
    }

    #[test]
    fn an_index_stands_for_one_controller() {
        let fixture = r#"
<controller type='scsi' index='0' model='virtio-scsi'/>
<controller type='scsi' index='0' model='lsilogic'/>
                               ^ error[controller-index-duplicate]: two `scsi` controllers have the index 0
                               | fix: Use the index 1 (changes guest)
<controller type='sata' index='0'/>
<controller type='usb' index='0' model='ich9-ehci1'/>
<controller type='usb' index='0' model='ich9-uhci1'><master startport='0'/></controller>
<controller type='usb' index='0' model='qemu-xhci'/>
                              ^ error[controller-index-duplicate]: two `usb` controllers have the index 0
                              | fix: Use the index 1 (changes guest)
<controller type='pci' model='pcie-root'/>
<controller type='pci' model='pcie-root-port'/>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "controller-index-duplicate", fixture);
        let before = "- <controller type='scsi' index='0' model='lsilogic'/>";
        assert_eq!(mended, format!("{before}\n+ <controller type='scsi' index='1' model='lsilogic'/>"));
    }
}

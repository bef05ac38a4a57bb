//! Two controllers of one type with one index.

use super::{Effect, Facts, Findings, Node, edit, index_span};
use crate::rules::Controller;
use crate::text::firsts;

/// USB companions share the index of their master; of those that have ports of their own there is one at an index.
pub fn check(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    let list: Vec<&Controller> = facts.whole.controllers.iter().filter(|one| counts(one)).collect();
    if list.len() < 2 {
        return;
    }
    let firsts = firsts(&list, |one, other| (one.kind, one.index).cmp(&(other.kind, other.index)));
    let mut free: Option<(&str, u32)> = None;
    for (controller, first) in list.iter().zip(firsts) {
        let Some((first, index)) = list.get(first).zip(controller.index).filter(|(first, _)| first.node != controller.node) else {
            continue;
        };
        let finding = findings.at(index_span(controller), format!("two `{}` controllers have the index {index}", controller.kind));
        finding.related(index_span(first), "the first of them");
        if single(controller) {
            finding.fix("Remove this controller", Effect::ChangesGuest, vec![edit::remove(controller.node)]);
        } else {
            let known = free.filter(|(kind, _)| *kind == controller.kind);
            let (_, free) = *free.insert(known.unwrap_or_else(|| (controller.kind, facts.whole.free_index(controller.kind))));
            finding.fix(
                format!("Use the index {free}"),
                Effect::ChangesGuest,
                vec![edit::set_attribute(controller.node, "index", &free.to_string())],
            );
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

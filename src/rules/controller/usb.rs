//! USB controllers that need another, or forbid any.

use super::{Effect, Facts, Findings, Node, edit};

const COMPANIONS: [&str; 3] = ["ich9-uhci1", "ich9-uhci2", "ich9-uhci3"];

/// Companions alone: without the controller whose ports they share.
pub fn master(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    let mut list = facts.whole.controllers("usb");
    let alone = |node: Node, model: Option<&str>| node.child("master").is_some() || model.is_some_and(|model| COMPANIONS.contains(&model));
    let Some(first) = list.next().filter(|one| alone(one.node, one.model)) else { return };
    if !list.all(|one| alone(one.node, one.model)) {
        return;
    }
    let span = first.node.attr("model").map_or(first.node.name_span(), |model| model.value_span());
    let finding = findings.at(span, "a companion controller shares the ports of a master, and no master is written");
    if let (Some(devices), Some(index)) = (facts.whole.devices, first.index) {
        let master = format!("<controller type='usb' index='{index}' model='ich9-ehci1'/>");
        finding.fix("Add the master", Effect::ChangesGuest, vec![edit::append_child(devices, &master)]);
    }
}

/// A controller beside one of model `none`, which says that there is no USB.
pub fn forbidden(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() || facts.whole.controllers("usb").nth(1).is_none() {
        return;
    }
    let Some(none) = facts.whole.controllers("usb").find(|one| one.model == Some("none")) else { return };
    let span = none.node.attr("model").map_or(none.node.name_span(), |model| model.value_span());
    let finding = findings.at(span, "`none` says that the guest has no USB, and there is another USB controller");
    if let Some(other) = facts.whole.controllers("usb").find(|one| one.node != none.node) {
        finding.related(other.node.name_span(), "the other one");
    }
    finding.fix("Remove the one of model none", Effect::ChangesGuest, vec![edit::remove(none.node)]);
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["controller-usb-master-missing", "controller-usb-forbidden"];

    #[test]
    fn companions_need_their_master() {
        let fixture = r#"
<controller type='usb' index='0' model='ich9-uhci1'>
                                        ^^^^^^^^^^ error[controller-usb-master-missing]: a companion controller shares the ports of a master, and no master is written
                                        | fix: Add the master (changes guest)
  <master startport='0'/>
</controller>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "controller-usb-master-missing", fixture);
        assert_eq!(mended, "+ <controller type='usb' index='0' model='ich9-ehci1'/>");
        let fixture = r#"
<controller type='usb' index='0' model='ich9-uhci1'/>
<controller type='usb' index='0' model='ich9-ehci1'/>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
    }

    #[test]
    fn none_is_none() {
        let fixture = r#"
<controller type='usb' index='0' model='qemu-xhci'/>
<controller type='usb' index='1' model='none'/>
                                        ^^^^ error[controller-usb-forbidden]: `none` says that the guest has no USB, and there is another USB controller
                                        | fix: Remove the one of model none (changes guest)
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "controller-usb-forbidden", fixture);
        assert_eq!(mended, "- <controller type='usb' index='1' model='none'/>");
        check_in("qemu-q35", "devices", CODES, "<controller type='usb' model='none'/>");
    }
}

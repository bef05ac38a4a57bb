//! Functions of one PCI slot.

use super::Slot;
use crate::edit;
use crate::finding::Effect;
use crate::rules::{Facts, Findings};
use crate::xml::Node;

/// Function 0 that says it is alone, and another beside it. Where nothing is said, libvirt says it.
pub fn check(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    for placed in &facts.whole.placed {
        let Some(attr) = placed.address.attr("multifunction").filter(|attr| attr.value() == "off") else { continue };
        let Some(first) = placed.slot.filter(|slot| slot.function == 0) else { continue };
        let beside = |slot: &Slot| *slot == Slot { function: slot.function, ..first } && slot.function > 0;
        let other = facts.whole.placed.iter().find(|other| other.slot.as_ref().is_some_and(beside));
        let Some(other) = other else { continue };
        let finding =
            findings.at(attr.value_span(), "another device stands at a function of this slot, and function 0 says that it is alone");
        finding.related(other.address.name_span(), "the other device");
        finding.fix("Allow several functions", Effect::ChangesGuest, vec![edit::replace(attr.value_span(), "on")]);
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["address-function-alone"];

    #[test]
    fn function_0_lets_others_be() {
        let fixture = r#"
<sound model='ich9'>
  <address type='pci' slot='4' function='0' multifunction='off'/>
                                                           ^^^ error[address-function-alone]: another device stands at a function of this slot, and function 0 says that it is alone
                                                           | fix: Allow several functions (changes guest)
</sound>
<sound model='ich6'>
  <address type='pci' slot='4' function='1'/>
</sound>
<memballoon model='virtio'>
  <address type='pci' slot='5' function='0' multifunction='off'/>
</memballoon>
"#;
        assert_eq!(check_in("qemu-q35", "devices", CODES, fixture), ["start"]);
        let mended = mended_in("qemu-q35", "devices", "address-function-alone", fixture);
        assert!(mended.ends_with("multifunction='on'/>"), "{mended}");
    }
}

//! Network cards that are none.

use super::function;
use crate::caps::Version;
use crate::edit;
use crate::finding::{Effect, Phase};
use crate::rules::{Facts, Findings, Rule, page};
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#setting-the-nic-model";

/// The rules.
pub const RULES: &[Rule] = &[Rule {
    phase: Phase::Start,
    ..function("interface-model-unknown", page!("interface-model-unknown.md"), &[], &["domain/devices/interface/model"], card, DOCS)
}];

/// Network cards of QEMU 7.2's emulators, what libvirt calls otherwise, and what other hypervisors have, a space around each; newer
/// ones may have more.
const CARDS: &str = " virtio virtio-transitional virtio-non-transitional virtio-net-pci virtio-net-pci-transitional \
    virtio-net-pci-non-transitional virtio-net-ccw virtio-net-device e1000 e1000-82540em e1000-82544gc \
    e1000-82545em e1000e igb rtl8139 ne2k_pci ne2k_isa pcnet tulip vmxnet3 rocker sungem sunhme lance usb-net \
    spapr-vlan i82550 i82551 i82557a i82557b i82557c i82558a i82558b i82559a i82559b i82559c i82559er i82562 \
    i82801 pvrdma lan9118 smc91c111 netfront vlance vmxnet vmxnet2 Am79C970A Am79C973 82540EM 82545EM 82543GC ";

/// Whether it is one of them; a name holds no space.
fn known(name: &str) -> bool {
    CARDS.split(' ').any(|card| card == name)
}

/// libvirt passes any name on, since boards have cards that QEMU does not list.
fn card(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(model) = node.attr("type").filter(|model| facts.qemu() && !known(model.value())) else { return };
    if facts.board.is_none_or(|board| board.root.is_none()) {
        return;
    }
    let finding = findings.at(model.value_span(), format!("QEMU has no network card `{}`", model.value()));
    if facts.sources.versions.qemu.at_least(Version(8, 0, 0)) != Some(false) {
        finding.likely();
    }
    finding.fix("Use virtio", Effect::ChangesGuest, vec![edit::replace(model.value_span(), "virtio")]);
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    #[test]
    fn a_card_that_is_none() {
        let fixture = r#"
<interface type='user'>
  <model type='virtio-net'/>
               ^^^^^^^^^^ error[interface-model-unknown]: QEMU has no network card `virtio-net`
               | fix: Use virtio (changes guest)
</interface>
<interface type='user'>
  <model type='e1000e'/>
</interface>
"#;
        check_in("9.0.0:kvm-q35", "devices", &["interface-model-unknown"], fixture);
        let mended = mended_in("9.0.0:kvm-q35", "devices", "interface-model-unknown", fixture);
        assert_eq!(mended, "- <model type='virtio-net'/>\n+ <model type='virtio'/>");
    }

    #[test]
    fn a_newer_qemu_may_have_it() {
        let fixture = r#"
<interface type='user'>
  <model type='virtio-net'/>
               ^^^^^^^^^^ warning[interface-model-unknown]: QEMU has no network card `virtio-net`
               | fix: Use virtio (changes guest)
</interface>
"#;
        check_in("kvm-q35", "devices", &["interface-model-unknown"], fixture);
    }
}

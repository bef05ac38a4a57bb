//! `<controller>`s of buses that the machine does not have.

use super::function;
use crate::edit;
use crate::finding::Effect;
use crate::rules::{Facts, Findings, Need, Rule, offer, page};
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#controllers";
const NEEDS: &[Need] = &[Need::DomainCapabilities];

/// The rules.
pub const RULES: &[Rule] =
    &[function("controller-bus-unlisted", page!("controller-bus-unlisted.md"), NEEDS, &["domain/devices/controller"], bus, DOCS)];

/// libvirt asks the same of a controller as of a disk on its bus, whether or not there is one.
fn bus(facts: &Facts, controller: Node, findings: &mut Findings) {
    let Some(kind) = controller.attr("type").filter(|kind| matches!(kind.value(), "ide" | "sata") && facts.qemu()) else { return };
    let Some(source) = facts.sources.domain_caps else { return };
    if let Some(list) = source.said.list("devices/disk", "bus").filter(|list| !list.has(kind.value())) {
        findings
            .at(kind.value_span(), ["this host offers no controller for the disk bus `", kind.value(), "`"].concat())
            .evidence(source.id, list.span, offer(list))
            .fix("Remove this controller", Effect::ChangesGuest, vec![edit::remove(controller)]);
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["controller-bus-unlisted"];

    #[test]
    fn a_controller_of_a_bus_that_the_machine_lacks_is_refused() {
        let fixture = r#"
<controller type='ide' index='0'/>
                  ^^^ error[controller-bus-unlisted]: this host offers no controller for the disk bus `ide`
                  | domcaps.xml: offered: `fdc`, `scsi`, `virtio`, `usb`, `sata`, `nvme`
                  | fix: Remove this controller (changes guest)
<controller type='sata' index='0'/>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "controller-bus-unlisted", fixture);
        assert_eq!(mended, "- <controller type='ide' index='0'/>");
    }

    #[test]
    fn on_its_machine_it_is_fine() {
        let fixture = r#"
<controller type='ide' index='0'/>
<controller type='virtio-serial' index='0'/>
"#;
        check_in("qemu-pc", "devices", CODES, fixture);
    }
}

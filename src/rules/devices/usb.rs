//! USB devices, which need a controller.

use super::function;
use crate::caps::Version;
use crate::edit;
use crate::finding::Effect;
use crate::rules::{Facts, Family, Findings, Rule, page};
use crate::text::Span;
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#controllers";

/// The rules.
pub const RULES: &[Rule] =
    &[function("usb-controller-missing", page!("usb-controller-missing.md"), &[], &["domain/devices"], missing, DOCS)];

/// On machines that mostly have USB libvirt adds a controller, unless one of model `none` forbids it: that one, or nothing where none is
/// added; none where there is USB.
pub fn refused<'a>(facts: &Facts<'a>) -> Option<Option<Node<'a>>> {
    let old = facts.before(Version(9, 0, 1));
    let without = || facts.board.is_some_and(|board| !board.usb && (old || board.family == Family::S390Ccw));
    match facts.whole.controllers("usb").next() {
        None => without().then_some(None),
        Some(first) => (first.model == Some("none")).then_some(Some(first.node)),
    }
}

fn missing(facts: &Facts, devices: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    let (fix, why) = match refused(facts) {
        Some(None) => (edit::append_child(devices, "<controller type='usb' model='qemu-xhci'/>"), "libvirt adds none to this machine"),
        Some(Some(first)) => (edit::set_attribute(first, "model", "qemu-xhci"), "the one of model `none` forbids it"),
        None => return,
    };
    let mut users = devices.elements().filter_map(|device| place(facts, device));
    let Some(first) = users.next() else { return };
    let finding = findings.at(first, format!("a USB device needs a USB controller, and {why}"));
    users.for_each(|other| {
        finding.related(other, "another USB device");
    });
    finding.fix("Use a controller of model qemu-xhci", Effect::ChangesGuest, vec![fix]);
}

/// Where a device says that it is on USB; a disk whose bus the host does not offer is told of elsewhere.
fn place(facts: &Facts, device: Node) -> Option<Span> {
    let bus = |node: Node| node.attr("bus").filter(|bus| bus.value() == "usb").map(|bus| bus.value_span());
    match device.name() {
        "disk" => {
            let list = facts.sources.domain_caps.and_then(|source| source.said.list("devices/disk", "bus"));
            device.child("target").and_then(bus).filter(|_| list.is_none_or(|list| list.has("usb")))
        }
        "input" => bus(device),
        "serial" => device
            .child("target")
            .and_then(|target| target.attr("type"))
            .filter(|kind| kind.value() == "usb-serial")
            .map(|kind| kind.value_span()),
        "smartcard" => Some(device.name_span()),
        "hub" => device.attr("type").map(|kind| kind.value_span()),
        "sound" => device.attr("model").filter(|model| model.value() == "usb").map(|model| model.value_span()),
        "hostdev" => device.attr("type").filter(|kind| kind.value() == "usb").map(|kind| kind.value_span()),
        "redirdev" => Some(device.name_span()).filter(|_| !denied(facts)),
        _ => None,
    }
}

fn denied(facts: &Facts) -> bool {
    facts.sources.domain_caps.is_some_and(|source| source.said.supported("devices/redirdev").denied().is_some())
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["usb-controller-missing"];

    #[test]
    fn s390x_gets_no_controller_by_itself() {
        let fixture = r#"
<input type='tablet' bus='usb'/>
                          ^^^ error[usb-controller-missing]: a USB device needs a USB controller, and libvirt adds none to this machine
                          | fix: Use a controller of model qemu-xhci (changes guest)
<redirdev bus='usb' type='pty'/>
"#;
        check_in("s390x", "devices", CODES, fixture);
        let mended = mended_in("s390x", "devices", "usb-controller-missing", fixture);
        assert_eq!(mended, "+ <controller type='usb' model='qemu-xhci'/>");
    }

    #[test]
    fn none_forbids_it() {
        let fixture = r#"
<controller type='usb' model='none'/>
<hub type='usb'/>
           ^^^ error[usb-controller-missing]: a USB device needs a USB controller, and the one of model `none` forbids it
           | fix: Use a controller of model qemu-xhci (changes guest)
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "usb-controller-missing", fixture);
        assert_eq!(mended, "- <controller type='usb' model='none'/>\n+ <controller type='usb' model='qemu-xhci'/>");
    }

    #[test]
    fn elsewhere_libvirt_adds_one() {
        let fixture = "<input type='tablet' bus='usb'/>";
        check_in("qemu-q35", "devices", CODES, fixture);
    }

    #[test]
    fn a_bus_that_is_not_offered_is_told_of_elsewhere() {
        let fixture = r#"
<disk type='file' device='disk'>
  <target dev='sda' bus='usb'/>
</disk>
"#;
        check_in("9.0.0:s390x", "devices", CODES, fixture);
    }
}

//! NVMe disks, whose controllers need a serial number.

use super::disk::bus;
use super::function;
use crate::edit;
use crate::finding::Effect;
use crate::rules::{Facts, Findings, Need, Rule, page};
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms";
const NEEDS: &[Need] = &[Need::DomainCapabilities];

/// The rules.
pub const RULES: &[Rule] =
    &[function("disk-serial-missing", page!("disk-serial-missing.md"), NEEDS, &["domain/devices/disk"], serial, DOCS)];

/// Without a controller of its own, an NVMe disk brings one, which is named by the disk's serial.
fn serial(facts: &Facts, disk: Node, findings: &mut Findings) {
    let Some(bus) = bus(disk).filter(|bus| bus.value() == "nvme" && facts.qemu()) else { return };
    let listed = facts.sources.domain_caps.and_then(|source| source.said.list("devices/disk", "bus")).is_some_and(|list| list.has("nvme"));
    let written = |node: Node| node.child("serial").is_some();
    let controller = |node: Node| node.value("type") == Some("nvme") && written(node);
    if listed && !written(disk) && !disk.parent().is_some_and(|devices| devices.children("controller").any(controller)) {
        let finding = findings.at(bus.value_span(), "an NVMe disk needs a `<serial>`, by which its controller is named");
        if let Some(name) = disk.child("target").and_then(|target| target.value("dev")) {
            let edit = edit::append_child(disk, &format!("<serial>{}</serial>", edit::escape(name)));
            finding.fix(format!("Use the serial {name}"), Effect::ChangesGuest, vec![edit]);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["disk-serial-missing"];

    #[test]
    fn nvme_needs_a_serial() {
        let fixture = r#"
<disk type='file' device='disk'>
  <target dev='nvme0n1' bus='nvme'/>
                             ^^^^ error[disk-serial-missing]: an NVMe disk needs a `<serial>`, by which its controller is named
                             | fix: Use the serial nvme0n1 (changes guest)
</disk>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "disk-serial-missing", fixture);
        assert_eq!(mended, "+ <serial>nvme0n1</serial>");
    }

    #[test]
    fn a_controller_may_have_it() {
        let fixture = r#"
<disk type='file' device='disk'>
  <target dev='nvme0n1' bus='nvme'/>
</disk>
<controller type='nvme'><serial>a</serial></controller>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
    }
}

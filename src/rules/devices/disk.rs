//! `<disk>`: what it is, and on which bus.

use super::function;
use crate::caps::Version;
use crate::edit;
use crate::finding::{Effect, Phase, TextEdit};
use crate::rules::{Facts, Findings, Listed, Need, Place, Rule, When, Word, page};
use crate::xml::{Attr, Node};

const DOCS: &str = "https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms";
const ON: &[&str] = &["domain/devices/disk"];

/// The rules.
pub const RULES: &[Rule] = &[
    DEVICE.rule("disk-device-unlisted", page!("disk-device-unlisted.md"), ON, DOCS),
    BUS.rule("disk-bus-unlisted", page!("disk-bus-unlisted.md"), ON, DOCS),
    function("disk-bus-unfit", page!("disk-bus-unfit.md"), &[Need::DomainCapabilities], ON, unfit, DOCS),
];

const DEVICE: Listed = Listed {
    place: Place::Attribute("device"),
    section: "devices/disk",
    list: "diskDevice",
    what: "disk device",
    // 9.0.0 refuses at start, 12.8.0 at define
    words: &[Word("floppy", When::DefineSince(Version(12, 8, 0)))],
    ..Listed::ROW
};

/// `fdc` comes and goes with `floppy`; `sd` is on no list.
const BUS: Listed = Listed {
    place: Place::Child("target", "bus"),
    section: "devices/disk",
    list: "bus",
    what: "disk bus",
    words: &[
        Word("ide", When::Define),
        Word("sata", When::Define),
        Word("usb", When::Define),
        Word("nvme", When::Define),
        Word("xen", When::Start),
        Word("uml", When::Start),
    ],
    default: ide,
    // a virtio disk cannot be a CD drive
    better: &["sata", "scsi", "virtio"],
    along: address,
    ..Listed::ROW
};

/// Without a bus, the name of the target decides.
fn ide(_: &Facts, disk: Node) -> Option<&'static str> {
    disk.child("target")?.value("dev").filter(|name| name.starts_with("hd")).map(|_| "ide")
}

/// An address belongs to the bus it was written for.
fn address(disk: Node) -> Vec<TextEdit> {
    disk.child("address").map(edit::remove).into_iter().collect()
}

/// Where a disk says its bus.
pub fn bus(disk: Node) -> Option<Attr> {
    disk.child("target")?.attr("bus")
}

/// Buses that no list refuses, or that are listed for machines that cannot have them.
fn unfit(facts: &Facts, disk: Node, findings: &mut Findings) {
    let (Some(bus), Some(source)) = (bus(disk).filter(|_| facts.qemu()), facts.sources.domain_caps) else { return };
    let listed = source.said.list("devices/disk", "bus").is_some_and(|list| list.has(bus.value()));
    let floppy = disk.value("device") == Some("floppy");
    let span = bus.value_span();
    match bus.value() {
        "fdc" if !floppy => {
            findings.at(span, "only a `floppy` stands on the bus `fdc`");
        }
        "fdc" if listed && (facts.machine_is("microvm") || !facts.x86() && slotless(facts)) => {
            findings.at(span, "this machine has no floppy controller, although `fdc` is listed for it").phase(Phase::Start);
        }
        other if floppy && other != "fdc" => {
            findings.at(span, format!("a `floppy` stands on the bus `fdc` alone, not on `{other}`"));
        }
        "sata" if listed && facts.machine_is("microvm") => {
            let finding = findings.at(span, "this machine has no PCI bus for a SATA controller, although `sata` is listed for it");
            finding.fix("Use virtio", Effect::ChangesGuest, vec![edit::replace(span, "virtio")]);
        }
        "nvme" if listed && facts.arch() == Some("s390x") => {
            findings.at(span, "QEMU starts no NVMe disk on `s390x`, although `nvme` is listed for it").phase(Phase::Start);
        }
        "sd" => card(facts, span, findings),
        _ => {}
    }
}

/// Machines that were seen to have neither a card slot nor a floppy controller.
fn slotless(facts: &Facts) -> bool {
    ["virt", "s390-ccw-virtio", "pseries"].iter().any(|family| facts.machine_is(family))
}

/// `sd` is on no list, and there are boards with a card slot.
fn card(facts: &Facts, span: crate::text::Span, findings: &mut Findings) {
    let none = "has no slot for SD cards";
    if facts.machine_is("q35") || facts.machine_is("microvm") || slotless(facts) {
        findings.at(span, format!("this machine {none}")).phase(Phase::Start);
    } else if facts.x86() {
        findings.at(span, format!("a PC {none}")).phase(Phase::Start).likely();
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["disk-device-unlisted", "disk-bus-unlisted", "disk-bus-unfit"];

    #[test]
    fn a_machine_without_floppies_refuses_at_define() {
        let fixture = r#"
<disk type='file' device='floppy'>
                          ^^^^^^ error[disk-device-unlisted]: this host offers no disk device `floppy`
                          | domcaps.xml: offered: `disk`, `cdrom`, `lun`
  <target dev='fda' bus='fdc'/>
</disk>
"#;
        check_in("aarch64", "devices", CODES, fixture);
    }

    #[test]
    fn up_to_9_0_0_it_refuses_at_start() {
        let fixture = r#"
<disk type='file' device='floppy'>
  <target dev='fda' bus='fdc'/>
                         ^^^ error[disk-bus-unfit]: this machine has no floppy controller, although `fdc` is listed for it
</disk>
"#;
        assert_eq!(check_in("9.0.0:aarch64", "devices", CODES, fixture), ["start"]);
    }

    #[test]
    fn a_pc_has_floppies() {
        let fixture = r#"
<disk type='file' device='floppy'>
  <target dev='fda' bus='fdc'/>
</disk>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
    }

    #[test]
    fn a_bus_that_the_machine_lacks_is_refused() {
        let fixture = r#"
<disk type='file' device='disk'>
  <target dev='hda' bus='ide'/>
                         ^^^ error[disk-bus-unlisted]: this host offers no disk bus `ide`
                         | domcaps.xml: offered: `fdc`, `scsi`, `virtio`, `usb`, `sata`, `nvme`
                         | fix: Use sata (changes guest)
  <address type='drive' controller='0' bus='0' target='0' unit='0'/>
</disk>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "disk-bus-unlisted", fixture);
        assert_eq!(
            mended,
            "- <target dev='hda' bus='ide'/>\n- <address type='drive' controller='0' bus='0' target='0' unit='0'/>\n+ <target dev='hda' bus='sata'/>"
        );
    }

    #[test]
    fn without_a_bus_the_name_of_the_target_decides() {
        let fixture = r#"
<disk type='file' device='cdrom'>
  <target dev='hdc'/>
   ^^^^^^ error[disk-bus-unlisted]: no disk bus is written, which means `ide`, and this host does not offer that
   | domcaps.xml: offered: `fdc`, `scsi`, `virtio`, `usb`, `sata`, `nvme`
   | fix: Use sata (changes guest)
</disk>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "disk-bus-unlisted", fixture);
        assert_eq!(mended, "- <target dev='hdc'/>\n+ <target dev='hdc' bus='sata'/>");
    }

    #[test]
    fn buses_of_other_hypervisors_fail_at_start() {
        let fixture = r#"
<disk type='file' device='disk'>
  <target dev='xvda' bus='xen'/>
                          ^^^ error[disk-bus-unlisted]: this host offers no disk bus `xen`
                          | domcaps.xml: offered: `fdc`, `scsi`, `virtio`, `usb`, `sata`, `nvme`
                          | fix: Use sata (changes guest)
</disk>
"#;
        assert_eq!(check_in("qemu-q35", "devices", CODES, fixture), ["start"]);
    }

    #[test]
    fn only_floppies_stand_on_fdc() {
        let fixture = r#"
<disk type='file' device='disk'>
  <target dev='fda' bus='fdc'/>
                         ^^^ error[disk-bus-unfit]: only a `floppy` stands on the bus `fdc`
</disk>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
    }

    #[test]
    fn floppies_stand_on_nothing_else() {
        let fixture = r#"
<disk type='file' device='floppy'>
  <target dev='vda' bus='virtio'/>
                         ^^^^^^ error[disk-bus-unfit]: a `floppy` stands on the bus `fdc` alone, not on `virtio`
</disk>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
    }

    #[test]
    fn microvm_has_no_sata() {
        let fixture = r#"
<disk type='file' device='disk'>
  <target dev='sda' bus='sata'/>
                         ^^^^ error[disk-bus-unfit]: this machine has no PCI bus for a SATA controller, although `sata` is listed for it
                         | fix: Use virtio (changes guest)
</disk>
"#;
        check_in("x86_64-microvm-qemu", "devices", CODES, fixture);
        let mended = mended_in("x86_64-microvm-qemu", "devices", "disk-bus-unfit", fixture);
        assert_eq!(mended, "- <target dev='sda' bus='sata'/>\n+ <target dev='sda' bus='virtio'/>");
    }

    #[test]
    fn cards_need_a_slot() {
        let fixture = r#"
<disk type='file' device='disk'>
  <target dev='sda' bus='sd'/>
                         ^^ error[disk-bus-unfit]: this machine has no slot for SD cards
</disk>
"#;
        assert_eq!(check_in("qemu-q35", "devices", CODES, fixture), ["start"]);
    }

    #[test]
    fn on_pc_that_is_only_likely() {
        let fixture = r#"
<disk type='file' device='disk'>
  <target dev='sda' bus='sd'/>
                         ^^ warning[disk-bus-unfit]: a PC has no slot for SD cards
</disk>
"#;
        assert_eq!(check_in("qemu-pc", "devices", CODES, fixture), ["start"]);
    }

    #[test]
    fn nvme_on_s390x_fails_at_start() {
        let fixture = r#"
<disk type='file' device='disk'>
  <target dev='nvme0n1' bus='nvme'/>
                             ^^^^ error[disk-bus-unfit]: QEMU starts no NVMe disk on `s390x`, although `nvme` is listed for it
  <serial>a</serial>
</disk>
"#;
        assert_eq!(check_in("s390x", "devices", CODES, fixture), ["start"]);
    }
}

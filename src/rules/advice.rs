//! What an expert would say of a domain that works.

use super::{Facts, Findings, Kind, Look, Rule, page};
use crate::edit;
use crate::finding::{Effect, Severity};
use crate::xml::Node;

const DISKS: &str = "https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms";
const CARDS: &str = "https://libvirt.org/formatdomain.html#setting-the-nic-model";
const RANDOM: &str = "https://libvirt.org/formatdomain.html#random-number-generator-device";
const BALLOON: &str = "https://libvirt.org/formatdomain.html#memory-balloon-device";

/// The rules.
pub const RULES: &[Rule] = &[
    advice("interface-model-emulated", page!("advice/interface-model-emulated.md"), &["domain/devices/interface"], emulated, CARDS),
    advice("memballoon-pinned", page!("advice/memballoon-pinned.md"), &["domain/devices/memballoon"], pinned, BALLOON),
    advice("rng-missing", page!("advice/rng-missing.md"), &["domain/devices"], random, RANDOM),
    advice("disk-format-missing", page!("advice/disk-format-missing.md"), &["domain/devices/disk"], format_missing, DISKS),
    advice("disk-cache-unsafe", page!("advice/disk-cache-unsafe.md"), &["domain/devices/disk/driver"], cache, DISKS),
];

const fn advice(code: &'static str, page: &'static str, on: &'static [&'static str], look: Look, docs: &'static str) -> Rule {
    Rule::define(code, on, look, page, docs).advise()
}

/// Cards of real hardware, which QEMU plays register by register; on a PC one of them is the default.
fn emulated(facts: &Facts, interface: Node, findings: &mut Findings) {
    if matches!(interface.value("type"), Some("hostdev" | "vdpa" | "vhostuser")) || !facts.qemu() {
        return;
    }
    let written = interface.child("model").and_then(|model| model.attr("type"));
    let (span, name, edit) = match written {
        Some(model) if matches!(model.value(), "e1000" | "rtl8139" | "pcnet" | "ne2k_pci") => {
            (model.value_span(), model.value(), edit::replace(model.value_span(), "virtio"))
        }
        None if interface.child("model").is_none() && facts.board.is_some_and(|board| board.is_pc()) => {
            (interface.name_span(), "rtl8139", edit::append_child(interface, "<model type='virtio'/>"))
        }
        _ => return,
    };
    let message = match written {
        Some(_) => {
            format!("each packet through an emulated `{name}` stops the guest; `virtio` is made for guests, and needs its driver there")
        }
        None => format!("no model is written, and a PC gets an emulated `{name}`, which is slow; `virtio` is made for guests"),
    };
    findings.at(span, message).fix("Use virtio", Effect::ChangesGuest, vec![edit]);
}

/// VFIO keeps all of the guest's memory in place, since the device reads and writes it by itself.
fn pinned(facts: &Facts, balloon: Node, findings: &mut Findings) {
    let Some(model) = balloon.attr("model").filter(|model| model.value().starts_with("virtio") && facts.qemu()) else { return };
    let through_vfio = |device: &Node| matches!(device.value("type"), Some("pci" | "mdev"));
    if let Some(device) = facts.whole.all(Kind::Hostdev).find(through_vfio) {
        findings
            .at(model.value_span(), "a device of the host keeps the guest's memory in place, so that the balloon gives none back")
            .related(device.name_span(), "this device")
            .fix("Use none", Effect::ChangesGuest, vec![edit::replace(model.value_span(), "none")]);
    }
}

/// Only for guests that are meant to be used: accelerated, and with a disk.
fn random(facts: &Facts, devices: Node, findings: &mut Findings) {
    let real = facts.subject.domain_type() == Some("kvm") && facts.whole.all(Kind::Disk).len() > 0;
    if !real || facts.whole.all(Kind::Rng).len() > 0 || facts.board.is_none_or(|board| board.root.is_none()) {
        return;
    }
    let device = "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>";
    findings
        .at(devices.name_span(), "the guest has no source of random numbers but itself: an `<rng>` gives it the host's")
        .severity(Severity::Hint)
        .fix("Add an rng", Effect::ChangesGuest, vec![edit::append_child(devices, device)]);
}

/// Names that tell another format than raw.
const NAMES: &[(&str, &str)] =
    &[(".qcow2", "qcow2"), (".qcow", "qcow"), (".qed", "qed"), (".vmdk", "vmdk"), (".vdi", "vdi"), (".vhdx", "vhdx")];

/// libvirt does not look into images, since a guest could write what it finds there.
fn format_missing(facts: &Facts, disk: Node, findings: &mut Findings) {
    let driver = disk.child("driver");
    if driver.is_some_and(|driver| driver.attr("type").is_some()) || !facts.qemu() {
        return;
    }
    let Some(file) = disk.child("source").and_then(|source| source.attr("file")) else { return };
    let Some((_, format)) = NAMES.iter().find(|(ending, _)| file.value().ends_with(ending)) else { return };
    let edit = match driver {
        Some(driver) => edit::set_attribute(driver, "type", format),
        None => edit::append_child(disk, &format!("<driver name='qemu' type='{format}'/>")),
    };
    findings
        .at(file.value_span(), format!("no format is written, which means `raw`, and the name of this image ends like one of `{format}`"))
        .severity(Severity::Warning)
        .likely()
        .fix(format!("Use {format}"), Effect::ChangesGuest, vec![edit]);
}

fn cache(facts: &Facts, driver: Node, findings: &mut Findings) {
    if let Some(cache) = driver.attr("cache").filter(|cache| cache.value() == "unsafe" && facts.qemu()) {
        findings
            .at(
                cache.value_span(),
                "with `unsafe` nothing that the guest saves is sure to be on the disk: a crash of the host may cost all of it",
            )
            .fix("Let QEMU choose", Effect::Safe, vec![edit::remove_attribute(driver, &cache)]);
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    #[test]
    fn a_disk_whose_writes_may_never_arrive() {
        let fixture = r#"
<disk type='file' device='disk'>
  <driver name='qemu' type='qcow2' cache='unsafe'/>
                                          ^^^^^^ info[disk-cache-unsafe]: with `unsafe` nothing that the guest saves is sure to be on the disk: a crash of the host may cost all of it
                                          | fix: Let QEMU choose
  <source file='/srv/alpha.qcow2'/>
  <target dev='vda' bus='virtio'/>
</disk>
"#;
        assert_eq!(check_in("kvm-q35", "devices", &["disk-cache-unsafe"], fixture), ["advice"]);
        let mended = mended_in("kvm-q35", "devices", "disk-cache-unsafe", fixture);
        assert_eq!(mended, "- <driver name='qemu' type='qcow2' cache='unsafe'/>\n+ <driver name='qemu' type='qcow2'/>");
    }

    #[test]
    fn it_is_fine_without_a_disk_whose_writes_may_never_arrive() {
        let fixture = r#"
<disk type='file' device='disk'>
  <driver name='qemu' type='qcow2' cache='none'/>
  <source file='/srv/alpha.qcow2'/>
  <target dev='vda' bus='virtio'/>
</disk>
"#;
        check_in("kvm-q35", "devices", &["disk-cache-unsafe"], fixture);
    }

    #[test]
    fn an_image_without_its_format() {
        let fixture = r#"
<disk type='file' device='disk'>
  <source file='/srv/alpha.qcow2'/>
                ^^^^^^^^^^^^^^^^ warning[disk-format-missing]: no format is written, which means `raw`, and the name of this image ends like one of `qcow2`
                | fix: Use qcow2 (changes guest)
  <target dev='vda' bus='virtio'/>
</disk>
"#;
        assert_eq!(check_in("kvm-q35", "devices", &["disk-format-missing"], fixture), ["advice"]);
        let mended = mended_in("kvm-q35", "devices", "disk-format-missing", fixture);
        assert_eq!(mended, "+ <driver name='qemu' type='qcow2'/>");
    }

    #[test]
    fn it_is_fine_without_an_image_without_its_format() {
        let fixture = r#"
<disk type='file' device='disk'>
  <driver name='qemu' type='qcow2'/>
  <source file='/srv/alpha.qcow2'/>
  <target dev='vda' bus='virtio'/>
</disk>
"#;
        check_in("kvm-q35", "devices", &["disk-format-missing"], fixture);
    }

    #[test]
    fn a_network_card_that_is_slow_to_emulate() {
        let fixture = r#"
<interface type='network'>
  <source network='default'/>
  <model type='rtl8139'/>
               ^^^^^^^ info[interface-model-emulated]: each packet through an emulated `rtl8139` stops the guest; `virtio` is made for guests, and needs its driver there
               | fix: Use virtio (changes guest)
</interface>
"#;
        assert_eq!(check_in("kvm-q35", "devices", &["interface-model-emulated"], fixture), ["advice"]);
        let mended = mended_in("kvm-q35", "devices", "interface-model-emulated", fixture);
        assert_eq!(mended, "- <model type='rtl8139'/>\n+ <model type='virtio'/>");
    }

    #[test]
    fn it_is_fine_without_a_network_card_that_is_slow_to_emulate() {
        let fixture = r#"
<interface type='network'>
  <source network='default'/>
  <model type='virtio'/>
</interface>
"#;
        check_in("kvm-q35", "devices", &["interface-model-emulated"], fixture);
    }

    #[test]
    fn a_balloon_that_cannot_give_memory_back() {
        let fixture = r#"
<hostdev mode='subsystem' type='pci'>
  <source>
    <address domain='0' bus='6' slot='18' function='5'/>
  </source>
</hostdev>
<memballoon model='virtio'/>
                   ^^^^^^ info[memballoon-pinned]: a device of the host keeps the guest's memory in place, so that the balloon gives none back
                   | fix: Use none (changes guest)
"#;
        assert_eq!(check_in("kvm-q35", "devices", &["memballoon-pinned"], fixture), ["advice"]);
        let mended = mended_in("kvm-q35", "devices", "memballoon-pinned", fixture);
        assert_eq!(mended, "- <memballoon model='virtio'/>\n+ <memballoon model='none'/>");
    }

    #[test]
    fn it_is_fine_without_a_balloon_that_cannot_give_memory_back() {
        let fixture = r#"
<hostdev mode='subsystem' type='pci'>
  <source>
    <address domain='0' bus='6' slot='18' function='5'/>
  </source>
</hostdev>
<memballoon model='none'/>
"#;
        check_in("kvm-q35", "devices", &["memballoon-pinned"], fixture);
    }

    #[test]
    fn a_guest_without_a_source_of_random_numbers() {
        let fixture = r#"
<devices>
 ^^^^^^^ hint[rng-missing]: the guest has no source of random numbers but itself: an `<rng>` gives it the host's
 | fix: Add an rng (changes guest)
  <disk type='file' device='disk'>
    <driver name='qemu' type='qcow2'/>
    <source file='/srv/alpha.qcow2'/>
    <target dev='vda' bus='virtio'/>
  </disk>
</devices>
"#;
        assert_eq!(check_in("kvm-q35", "", &["rng-missing"], fixture), ["advice"]);
        let mended = mended_in("kvm-q35", "", "rng-missing", fixture);
        assert_eq!(mended, "+ <rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>");
    }

    #[test]
    fn it_is_fine_without_a_guest_without_a_source_of_random_numbers() {
        let fixture = r#"
<disk type='file' device='disk'>
  <driver name='qemu' type='qcow2'/>
  <source file='/srv/alpha.qcow2'/>
  <target dev='vda' bus='virtio'/>
</disk>
<rng model='virtio'>
  <backend model='random'>/dev/urandom</backend>
</rng>
"#;
        check_in("kvm-q35", "devices", &["rng-missing"], fixture);
    }

    #[test]
    fn a_pc_has_an_emulated_card_by_itself() {
        let fixture = r#"
<interface type='user'/>
 ^^^^^^^^^ info[interface-model-emulated]: no model is written, and a PC gets an emulated `rtl8139`, which is slow; `virtio` is made for guests
 | fix: Use virtio (changes guest)
"#;
        assert_eq!(check_in("kvm-q35", "devices", &["interface-model-emulated"], fixture), ["advice"]);
        let mended = mended_in("kvm-q35", "devices", "interface-model-emulated", fixture);
        assert_eq!(mended, "- <interface type='user'/>\n+ <interface type='user'>\n+ <model type='virtio'/>\n+ </interface>");
    }

    #[test]
    fn other_machines_have_virtio() {
        check_in("aarch64", "devices", &["interface-model-emulated"], "<interface type='user'/>");
    }
}

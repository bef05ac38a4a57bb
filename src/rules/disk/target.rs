//! Names of targets.

use std::collections::BTreeMap;

use super::{Effect, Facts, Findings, Node, edit, number_of};
use crate::caps::Version;

/// Two disks of one name.
pub fn duplicate(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    let mut known = BTreeMap::new();
    for disk in facts.whole.disks.iter().filter(|disk| !disk.dev.is_empty()) {
        let first = *known.entry(plain(disk.dev)).or_insert(disk);
        if std::ptr::eq(first, disk) {
            continue;
        }
        let Some(attr) = disk.target.and_then(|target| target.attr("dev")) else { continue };
        let finding = findings.at(attr.value_span(), format!("two disks have the target `{}`", disk.dev));
        if let Some(other) = first.target.and_then(|target| target.attr("dev")) {
            finding.related(other.value_span(), "the first of them");
        }
        let free = matches!(disk.bus, "virtio" | "usb").then(|| free(facts, disk.dev)).flatten();
        if let Some(name) = free {
            finding.fix(format!("Use {name}"), Effect::ChangesGuest, vec![edit::replace(attr.value_span(), &name)]);
        }
    }
}

/// libvirt passes over a prefix that old versions of Xen wrote.
fn plain(dev: &str) -> &str {
    dev.strip_prefix("ioemu:").unwrap_or(dev)
}

/// The first name of that kind that no disk has; not where it would imply another's place.
fn free(facts: &Facts, dev: &str) -> Option<String> {
    let prefix = dev.get(..2).filter(|prefix| matches!(*prefix, "vd" | "sd"))?;
    let name = |letter: u8| format!("{prefix}{}", char::from(letter));
    (b'a'..=b'z').map(name).find(|name| !facts.whole.disks.iter().any(|disk| disk.dev == name))
}

/// A name that no disk can have. What the schema says of it is not said again.
pub fn invalid(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    for disk in &facts.whole.disks {
        let Some(attr) = disk.target.and_then(|target| target.attr("dev")) else { continue };
        let dev = plain(disk.dev);
        let floppy = dev.starts_with("fd");
        let known = ["fd", "hd", "sd", "vd", "xvd", "ubd"].iter().any(|prefix| dev.starts_with(prefix));
        let message = match disk.device {
            "floppy" if known && !floppy => format!("a floppy is named `fda` or `fdb`, not `{dev}`"),
            "disk" | "lun" if floppy => format!("`{dev}` is the name of a floppy: a disk is named like `vda`, `sda` or `hda`"),
            _ if known && number_of(dev).is_none() => {
                format!("`{dev}` is no name of a disk: behind the first letters come lower case letters alone")
            }
            _ if known && dev.ends_with(|c: char| c.is_ascii_digit()) => format!("`{dev}` names a partition, and a target is a whole disk"),
            _ if dev.starts_with("nvme") && old(facts) => format!("`{dev}` is no name of a disk for this libvirt"),
            _ => continue,
        };
        let finding = findings.at(attr.value_span(), message);
        let whole = dev.trim_end_matches(|c: char| c.is_ascii_digit());
        if known && whole != dev && number_of(whole).is_some() && !facts.whole.disks.iter().any(|one| one.dev == whole) {
            finding.fix(format!("Use {whole}"), Effect::ChangesGuest, vec![edit::replace(attr.value_span(), whole)]);
        }
    }
}

/// 9.0.0 refuses names of NVMe disks, 12.8.0 takes them.
fn old(facts: &Facts) -> bool {
    facts.before(Version(9, 1, 0))
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["disk-target-duplicate", "disk-target-invalid"];

    #[test]
    fn a_target_is_one_disk() {
        let fixture = r#"
<disk type='file' device='disk'><source file='/a'/><target dev='vda' bus='virtio'/></disk>
<disk type='file' device='disk'><source file='/b'/><target dev='vda' bus='virtio'/></disk>
                                                                ^^^ error[disk-target-duplicate]: two disks have the target `vda`
                                                                | fix: Use vdb (changes guest)
<disk type='file' device='disk'><source file='/c'/><target dev='sda' bus='sata'/></disk>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "disk-target-duplicate", fixture);
        assert!(mended.ends_with("<target dev='vdb' bus='virtio'/></disk>"), "{mended}");
    }

    #[test]
    fn a_target_is_a_whole_disk() {
        let fixture = r#"
<disk type='file' device='disk'><source file='/a'/><target dev='vda1' bus='virtio'/></disk>
                                                                ^^^^ error[disk-target-invalid]: `vda1` names a partition, and a target is a whole disk
                                                                | fix: Use vda (changes guest)
<disk type='file' device='disk'><source file='/a'/><target dev='vdA' bus='virtio'/></disk>
                                                                ^^^ error[disk-target-invalid]: `vdA` is no name of a disk: behind the first letters come lower case letters alone
<disk type='file' device='disk'><source file='/a'/><target dev='fda' bus='virtio'/></disk>
                                                                ^^^ error[disk-target-invalid]: `fda` is the name of a floppy: a disk is named like `vda`, `sda` or `hda`
<disk type='file' device='disk'><source file='/a'/><target dev='vdaa' bus='virtio'/></disk>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "disk-target-invalid", fixture);
        assert!(mended.ends_with("<target dev='vda' bus='virtio'/></disk>"), "{mended}");
    }

    #[test]
    fn names_of_nvme_are_newer() {
        let fixture = r#"
<disk type='file' device='disk'><source file='/a'/><target dev='nvme0n1' bus='virtio'/></disk>
                                                                ^^^^^^^ error[disk-target-invalid]: `nvme0n1` is no name of a disk for this libvirt
"#;
        check_in("9.0.0:qemu-q35", "devices", CODES, fixture);
        check_in("qemu-q35", "devices", CODES, fixture.lines().nth(1).unwrap());
    }
}

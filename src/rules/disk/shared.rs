//! Disks that several guests write to.

use std::collections::BTreeMap;

use super::{Attr, Disk, Effect, Facts, Findings, Node, edit};

/// Only a raw image bears two writers.
pub fn check(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    for disk in &facts.whole.disks {
        let Some(format) = disk.driver.and_then(|driver| driver.attr("type")).filter(|format| format.value() != "raw") else { continue };
        let read_only = disk.device == "cdrom" || disk.node.child("readonly").is_some();
        let Some(shareable) = disk.node.child("shareable").filter(|_| !read_only) else { continue };
        let finding =
            findings.at(format.value_span(), format!("a disk that guests share is `raw`: two writers destroy a `{}`", format.value()));
        finding.related(shareable.name_span(), "shared here");
        finding.fix("Do not share it", Effect::ChangesGuest, vec![edit::remove(shareable)]);
    }
}

/// Two disks of one image: QEMU locks it for the first that writes, unless both share it.
pub fn twice(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    let mut known: BTreeMap<&str, Vec<&Disk>> = BTreeMap::new();
    for disk in &facts.whole.disks {
        let Some(path) = path(disk).filter(|path| !path.value().is_empty()) else { continue };
        let same = known.entry(path.value()).or_default();
        let first = same.iter().find(|other| !together(disk, other)).copied();
        same.push(disk);
        let Some(first) = first else { continue };
        let finding = findings.at(path.value_span(), "another disk has this image: QEMU locks it for one of them");
        if let Some(other) = self::path(first) {
            finding.related(other.value_span(), "the first disk of it");
        }
        // a device may be handed out without a lock
        if disk.kind == "block" {
            finding.likely();
        }
    }
}

fn path<'a>(disk: &Disk<'a>) -> Option<Attr<'a>> {
    match disk.kind {
        "file" => disk.source?.attr("file"),
        "block" => disk.source?.attr("dev"),
        _ => None,
    }
}

/// True where both only read it, or both share it.
fn together(one: &Disk, other: &Disk) -> bool {
    let reads = |disk: &Disk| disk.device == "cdrom" || disk.node.child("readonly").is_some();
    let shares = |disk: &Disk| disk.node.child("shareable").is_some();
    reads(one) && reads(other) || shares(one) && shares(other)
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["disk-shareable-format", "disk-source-twice"];

    #[test]
    fn an_image_is_of_one_disk() {
        let fixture = r#"
<disk type='file' device='disk'><source file='/a'/><target dev='vda' bus='virtio'/></disk>
<disk type='file' device='disk'><source file='/a'/><target dev='vdb' bus='virtio'/></disk>
                                              ^^ error[disk-source-twice]: another disk has this image: QEMU locks it for one of them
<disk type='block' device='disk'><source dev='/dev/b'/><target dev='vdc' bus='virtio'/><readonly/></disk>
<disk type='block' device='disk'><source dev='/dev/b'/><target dev='vdd' bus='virtio'/></disk>
                                              ^^^^^^ warning[disk-source-twice]: another disk has this image: QEMU locks it for one of them
<disk type='file' device='cdrom'><source file='/c'/><target dev='sda' bus='sata'/></disk>
<disk type='file' device='cdrom'><source file='/c'/><target dev='sdb' bus='sata'/></disk>
"#;
        assert_eq!(check_in("qemu-q35", "devices", CODES, fixture), ["start", "start"]);
    }

    #[test]
    fn two_writers_need_raw() {
        let fixture = r#"
<disk type='file' device='disk'>
  <driver name='qemu' type='qcow2'/>
                            ^^^^^ error[disk-shareable-format]: a disk that guests share is `raw`: two writers destroy a `qcow2`
                            | fix: Do not share it (changes guest)
  <source file='/a'/>
  <target dev='vda' bus='virtio'/>
  <shareable/>
</disk>
<disk type='file' device='disk'>
  <driver name='qemu' type='qcow2'/>
  <source file='/b'/>
  <target dev='vdb' bus='virtio'/>
  <readonly/>
  <shareable/>
</disk>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "disk-shareable-format", fixture);
        assert_eq!(mended, "- <shareable/>");
    }
}

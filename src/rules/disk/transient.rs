//! `<transient>`: disks whose changes are dropped at the end.
//!
//! Source: libvirt 9.0.0, `qemuValidateDomainDeviceDefDiskTransient`.

use super::{Disk, Facts, Findings, Node, without, without_element};

/// A disk whose changes QEMU cannot keep apart.
pub fn check(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    for disk in &facts.whole.disks {
        let Some(transient) = disk.node.child("transient").filter(|_| disk.kind != "vhostuser") else { continue };
        if let Some(why) = unfit(disk) {
            without_element(
                findings.at(transient.name_span(), format!("a transient disk is a file that the guest writes to, not {why}")),
                transient,
            );
            continue;
        }
        let shared = transient.attr("shareBacking").filter(|shared| shared.value() == "yes");
        if let Some(shared) = shared.filter(|_| !matches!(disk.bus, "usb" | "virtio" | "scsi")) {
            let message = format!("`shareBacking` needs a bus into which a disk can be plugged later, not `{}`", disk.bus);
            without(findings.at(shared.name_span(), message), transient, &shared);
        }
    }
}

fn unfit(disk: &Disk) -> Option<String> {
    match disk.device {
        "disk" if disk.node.child("readonly").is_some() => Some("one that is read only".to_owned()),
        "disk" if disk.kind == "file" => None,
        "disk" => Some(format!("one of type `{}`", disk.kind)),
        other => Some(format!("a `{other}`")),
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["disk-transient-unfit"];

    #[test]
    fn only_a_file_is_kept_apart() {
        let fixture = r#"
<disk type='block' device='disk'>
  <source dev='/dev/a'/>
  <target dev='vda' bus='virtio'/>
  <transient/>
   ^^^^^^^^^ error[disk-transient-unfit]: a transient disk is a file that the guest writes to, not one of type `block`
   | fix: Remove `<transient>` (changes guest)
</disk>
<disk type='file' device='disk'>
  <source file='/a'/>
  <target dev='sda' bus='sata'/>
  <transient shareBacking='yes'/>
             ^^^^^^^^^^^^ error[disk-transient-unfit]: `shareBacking` needs a bus into which a disk can be plugged later, not `sata`
             | fix: Remove `shareBacking` (changes guest)
</disk>
<disk type='file' device='disk'>
  <source file='/b'/>
  <target dev='vdb' bus='virtio'/>
  <transient shareBacking='yes'/>
</disk>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "disk-transient-unfit", fixture);
        assert_eq!(mended, "- <transient/>");
    }
}

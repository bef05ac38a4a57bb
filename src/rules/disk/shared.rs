//! Disks that several guests write to.

use super::{Effect, Facts, Findings, Node, edit};

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

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["disk-shareable-format"];

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

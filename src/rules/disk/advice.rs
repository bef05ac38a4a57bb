//! What works and should be known.

use super::{Effect, Facts, Findings, Node, edit};

/// A cache that ignores the guest's flushes.
pub fn unsafe_cache(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    for disk in &facts.whole.disks {
        let read_only = disk.device == "cdrom" || disk.node.child("readonly").is_some() || disk.node.child("transient").is_some();
        let cache = disk.driver.and_then(|driver| driver.attr("cache")).filter(|cache| cache.value() == "unsafe" && !read_only);
        let Some(cache) = cache else { continue };
        let finding = findings.at(cache.value_span(), "the guest is told that its data are on the disk before they are");
        finding.fix("Use writeback", Effect::Safe, vec![edit::replace(cache.value_span(), "writeback")]);
    }
}

/// An image whose name says that it has a format, and nothing else says so.
pub fn unsaid(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    for disk in facts.whole.disks.iter().filter(|disk| disk.kind == "file" && disk.format().is_none()) {
        let Some(path) = disk.source.and_then(|source| source.attr("file")) else { continue };
        let Some(format) = ["qcow2", "vmdk", "vdi", "vhdx", "qed"].iter().find(|format| ends(path.value(), format)) else { continue };
        let span = disk.driver.unwrap_or(disk.node).name_span();
        let finding = findings.at(span, format!("no format is written, which means `raw`, and the image is named as a `{format}`"));
        let put = match disk.driver {
            Some(driver) => edit::set_attribute(driver, "type", format),
            None => edit::append_child(disk.node, &format!("<driver name='qemu' type='{format}'/>")),
        };
        finding.fix(format!("Use {format}"), Effect::ChangesGuest, vec![put]);
    }
}

fn ends(path: &str, format: &str) -> bool {
    path.strip_suffix(format).is_some_and(|rest| rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["disk-cache-unsafe", "disk-format-unsaid"];

    #[test]
    fn unsafe_is_said_so() {
        let fixture = r#"
<disk type='file' device='disk'>
  <driver name='qemu' type='raw' cache='unsafe'/>
                                        ^^^^^^ info[disk-cache-unsafe]: the guest is told that its data are on the disk before they are
                                        | fix: Use writeback
  <source file='/a'/>
  <target dev='vda' bus='virtio'/>
</disk>
<disk type='file' device='cdrom'>
  <driver name='qemu' type='raw' cache='unsafe'/>
  <source file='/b'/>
  <target dev='sda' bus='sata'/>
</disk>
"#;
        assert_eq!(check_in("qemu-q35", "devices", CODES, fixture), ["advice"]);
        let mended = mended_in("qemu-q35", "devices", "disk-cache-unsafe", fixture);
        assert!(mended.ends_with("cache='writeback'/>"), "{mended}");
    }

    #[test]
    fn the_name_of_an_image_tells_its_format() {
        let fixture = r#"
<disk type='file' device='disk'>
 ^^^^ warning[disk-format-unsaid]: no format is written, which means `raw`, and the image is named as a `qcow2`
 | fix: Use qcow2 (changes guest)
  <source file='/a.qcow2'/>
  <target dev='vda' bus='virtio'/>
</disk>
<disk type='file' device='disk'>
  <driver name='qemu' type='raw'/>
  <source file='/b.qcow2'/>
  <target dev='vdb' bus='virtio'/>
</disk>
<disk type='file' device='disk'>
  <source file='/c.img'/>
  <target dev='vdc' bus='virtio'/>
</disk>
"#;
        assert_eq!(check_in("qemu-q35", "devices", CODES, fixture), ["advice"]);
        let mended = mended_in("qemu-q35", "devices", "disk-format-unsaid", fixture);
        assert_eq!(mended, "+ <driver name='qemu' type='qcow2'/>");
    }
}

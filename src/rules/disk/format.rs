//! Formats that QEMU, or a kind of source, does not have.
//!
//! Source: libvirt 9.0.0, `qemuDomainValidateStorageSource`.

use super::{Disk, Effect, Facts, Findings, Node, edit, without_element};
use crate::xml::Attr;

/// Formats of disks and of what backs them.
pub fn check(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    for disk in &facts.whole.disks {
        if let Some(driver) = disk.driver {
            driver.attr("type").into_iter().for_each(|format| one(disk.kind, &format, findings));
            self::driver(disk, driver, findings);
        }
        if disk.kind == "dir" && disk.format().is_none() && disk.source.is_some() {
            directory(disk, findings);
        }
        let mut layer = disk.node;
        while let Some(next) = layer.child("backingStore") {
            let format = next.child("format").and_then(|format| format.attr("type"));
            format.into_iter().for_each(|format| one(next.value("type").unwrap_or("file"), &format, findings));
            layer = next;
        }
    }
}

fn one(kind: &str, format: &Attr, findings: &mut Findings) {
    let (message, better) = match format.value() {
        "cow" => ("QEMU reads no `cow` any more".to_owned(), None),
        "iso" => ("the image of a CD is `raw` to QEMU: it knows no format `iso`".to_owned(), Some("raw")),
        "dir" if kind == "dir" => ("a directory is shown to the guest as `fat`, not as `dir`".to_owned(), Some("fat")),
        "dir" => ("`dir` is a type of disk, no format of one".to_owned(), None),
        "fat" if !matches!(kind, "dir" | "volume") => ("`fat` is the format of a directory alone".to_owned(), Some("raw")),
        "fat" => return,
        other if kind == "dir" => (format!("a directory is shown to the guest as `fat`, not as `{other}`"), Some("fat")),
        _ => return,
    };
    let finding = findings.at(format.value_span(), message);
    if let Some(better) = better {
        finding.fix(format!("Use {better}"), Effect::ChangesGuest, vec![edit::replace(format.value_span(), better)]);
    }
}

/// Without a format libvirt takes `raw`.
fn directory(disk: &Disk, findings: &mut Findings) {
    let span = disk.node.attr("type").map_or(disk.node.name_span(), |attr| attr.value_span());
    let finding = findings.at(span, "no format is written, which means `raw`, and a directory is shown to the guest as `fat`");
    let put = match disk.driver {
        Some(driver) => edit::set_attribute(driver, "type", "fat"),
        None => edit::append_child(disk.node, "<driver name='qemu' type='fat'/>"),
    };
    finding.fix("Use fat", Effect::ChangesGuest, vec![put]);
}

/// The driver's name, and what goes with qcow2 alone.
fn driver(disk: &Disk, driver: Node, findings: &mut Findings) {
    if let Some(name) = driver.attr("name").filter(|name| name.value() != "qemu" && disk.kind != "vhostuser") {
        let finding = findings.at(name.value_span(), format!("the driver `{}` is of another hypervisor", name.value()));
        finding.fix("Use qemu", Effect::Safe, vec![edit::replace(name.value_span(), "qemu")]);
    }
    let Some(cache) = driver.child("metadata_cache").filter(|_| disk.format() != Some("qcow2")) else { return };
    let own = disk.format().unwrap_or("raw");
    without_element(findings.at(cache.name_span(), format!("`metadata_cache` goes with `qcow2` alone, not with `{own}`")), cache);
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["disk-format-unfit"];

    #[test]
    fn some_formats_are_none() {
        let fixture = r#"
<disk type='file' device='cdrom'>
  <driver name='qemu' type='iso'/>
                            ^^^ error[disk-format-unfit]: the image of a CD is `raw` to QEMU: it knows no format `iso`
                            | fix: Use raw (changes guest)
  <source file='/a'/>
  <target dev='sda' bus='sata'/>
</disk>
<disk type='file' device='disk'>
  <driver name='qemu' type='qcow2'/>
  <source file='/a'/>
  <backingStore type='file'>
    <format type='cow'/>
                  ^^^ error[disk-format-unfit]: QEMU reads no `cow` any more
    <source file='/b'/>
  </backingStore>
  <target dev='vda' bus='virtio'/>
</disk>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "disk-format-unfit", fixture);
        assert_eq!(mended, "- <driver name='qemu' type='iso'/>\n+ <driver name='qemu' type='raw'/>");
    }

    #[test]
    fn a_directory_is_fat() {
        let fixture = r#"
<disk type='dir' device='disk'>
            ^^^ error[disk-format-unfit]: no format is written, which means `raw`, and a directory is shown to the guest as `fat`
            | fix: Use fat (changes guest)
  <source dir='/a'/>
  <target dev='vda' bus='virtio'/>
  <readonly/>
</disk>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "disk-format-unfit", fixture);
        assert_eq!(mended, "+ <driver name='qemu' type='fat'/>");
    }

    #[test]
    fn the_driver_is_qemu() {
        let fixture = r#"
<disk type='file' device='disk'>
  <driver name='file' type='raw'>
                ^^^^ error[disk-format-unfit]: the driver `file` is of another hypervisor
                | fix: Use qemu
    <metadata_cache><max_size unit='KiB'>1</max_size></metadata_cache>
     ^^^^^^^^^^^^^^ error[disk-format-unfit]: `metadata_cache` goes with `qcow2` alone, not with `raw`
     | fix: Remove `<metadata_cache>` (changes guest)
  </driver>
  <source file='/a'/>
  <target dev='vda' bus='virtio'/>
</disk>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
    }
}

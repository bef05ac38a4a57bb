//! Disks of type `vhostuser`: another program serves them, and QEMU has no say.
//!
//! Source: libvirt 9.0.0, `virDomainDiskVhostUserValidate`; `virStorageSourceNVMeDef` for the namespace.

use super::{Disk, Facts, Findings, Node, without, without_element};

/// Attributes of the driver that say what QEMU would do.
const DRIVER: &[&str] =
    &["cache", "error_policy", "rerror_policy", "io", "ioeventfd", "copy_on_read", "discard", "iothread", "detect_zeroes"];

/// Children of the disk that do.
const CHILDREN: &[&str] = &[
    "iotune",
    "backingStore",
    "encryption",
    "readonly",
    "shareable",
    "transient",
    "serial",
    "wwn",
    "vendor",
    "product",
    "auth",
    "geometry",
    "blockio",
];

/// What such a disk cannot have; and the namespace of an NVMe disk, which is a place of the host too.
pub fn check(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    for disk in &facts.whole.disks {
        match disk.kind {
            "vhostuser" => one(disk, findings),
            "nvme" => {
                let Some(space) = disk.source.and_then(|source| source.attr("namespace")) else { continue };
                if space.value().parse() == Ok(0u64) {
                    findings.at(space.value_span(), "namespaces of an NVMe disk are counted from 1");
                }
            }
            _ => {}
        }
    }
}

fn one(disk: &Disk, findings: &mut Findings) {
    if disk.bus != "virtio" {
        let target = disk.target.unwrap_or(disk.node);
        let span = target.attr("bus").map_or(target.name_span(), |bus| bus.value_span());
        findings.at(span, format!("a disk of type `vhostuser` stands on the bus `virtio`, not on `{}`", disk.bus));
        return;
    }
    let whose = "another program serves this disk";
    if let Some(snapshot) = disk.node.attr("snapshot").filter(|snapshot| snapshot.value() != "no") {
        without(findings.at(snapshot.value_span(), format!("{whose}: QEMU takes no snapshot of it")), disk.node, &snapshot);
    }
    if let Some(driver) = disk.driver {
        for attr in driver.attrs().filter(|attr| DRIVER.contains(&attr.name()) && attr.value() != "default") {
            without(findings.at(attr.name_span(), format!("{whose}: QEMU has no `{}` for it", attr.name())), driver, &attr);
        }
    }
    for child in disk.node.elements().filter(|child| CHILDREN.contains(&child.name())) {
        without_element(findings.at(child.name_span(), format!("{whose}: QEMU has no `{}` for it", child.name())), child);
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["disk-vhostuser-unfit"];

    #[test]
    fn another_program_serves_it() {
        let fixture = r#"
<disk type='vhostuser' device='disk'>
  <driver name='qemu' type='raw' cache='none'/>
                                 ^^^^^ error[disk-vhostuser-unfit]: another program serves this disk: QEMU has no `cache` for it
                                 | fix: Remove `cache` (changes guest)
  <source type='unix' path='/x'/>
  <target dev='vda' bus='virtio'/>
  <serial>a</serial>
   ^^^^^^ error[disk-vhostuser-unfit]: another program serves this disk: QEMU has no `serial` for it
   | fix: Remove `<serial>` (changes guest)
</disk>
<disk type='vhostuser' device='disk'>
  <source type='unix' path='/x'/>
  <target dev='sda' bus='sata'/>
                         ^^^^ error[disk-vhostuser-unfit]: a disk of type `vhostuser` stands on the bus `virtio`, not on `sata`
</disk>
<disk type='nvme' device='disk'>
  <source type='pci' managed='yes' namespace='0'>
                                              ^ error[disk-vhostuser-unfit]: namespaces of an NVMe disk are counted from 1
    <address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>
  </source>
  <target dev='vdb' bus='virtio'/>
</disk>
<disk type='vhostuser' device='disk'>
  <driver name='qemu' type='raw' queues='2'/>
  <source type='unix' path='/x'/>
  <target dev='vdc' bus='virtio'/>
</disk>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "disk-vhostuser-unfit", fixture);
        let driver = "<driver name='qemu' type='raw'";
        assert_eq!(mended, format!("- {driver} cache='none'/>\n+ {driver}/>"));
    }
}

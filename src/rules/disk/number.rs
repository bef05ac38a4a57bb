//! Numbers of a disk that QEMU does not take; libvirt hands them on.
//!
//! Source: each was tried with QEMU 7.2.

use super::{Effect, Facts, Findings, Node, edit};
use crate::rules::unsigned;
use crate::xml::Attr;

/// Entries of a queue, and queues, at most.
const QUEUE: u32 = 1024;
/// Bytes of a block, from and to.
const BLOCK: (u32, u32) = (512, 2 << 20);
/// Parts of a geometry, at most.
const GEOMETRY: &[(&str, u32)] = &[("cyls", 65535), ("heads", 255), ("secs", 255)];

/// A number out of range.
pub fn check(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    for disk in &facts.whole.disks {
        if let Some(driver) = disk.driver.filter(|_| disk.bus == "virtio") {
            if let Some((size, number)) =
                read(driver, "queue_size").filter(|(_, size)| *size < 4 || *size > QUEUE || !size.is_power_of_two())
            {
                let message = format!("a queue has 4, 8, 16 … or {QUEUE} entries, not {number}");
                findings.at(size.value_span(), message).fix("Use 256", Effect::ChangesGuest, vec![edit::replace(size.value_span(), "256")]);
            }
            above(driver, "queues", QUEUE, findings);
        }
        if let Some(blocks) = disk.node.child("blockio") {
            self::blocks(blocks, findings);
        }
        if let Some(geometry) = disk.node.child("geometry") {
            GEOMETRY.iter().for_each(|(name, most)| above(geometry, name, *most, findings));
        }
        if let Some(target) = disk.target {
            above(target, "rotation_rate", 65535, findings);
        }
    }
}

/// An attribute that is a number above zero, which stands for nothing.
fn read<'a>(node: Node<'a>, name: &str) -> Option<(Attr<'a>, u32)> {
    let attr = node.attr(name)?;
    Some((attr, unsigned(attr.value()).filter(|number| *number > 0)?))
}

fn above(node: Node, name: &str, most: u32, findings: &mut Findings) {
    let Some((attr, number)) = read(node, name).filter(|(_, number)| *number > most) else { return };
    let finding = findings.at(attr.value_span(), format!("QEMU takes a `{name}` up to {most}, not {number}"));
    finding.fix(format!("Use {most}"), Effect::ChangesGuest, vec![edit::replace(attr.value_span(), &most.to_string())]);
}

fn blocks(node: Node, findings: &mut Findings) {
    let (logical, physical) = (read(node, "logical_block_size"), read(node, "physical_block_size"));
    for (attr, size) in logical.iter().chain(&physical) {
        if *size < BLOCK.0 || *size > BLOCK.1 || !size.is_power_of_two() {
            let message = format!("a block has 512, 1024 … or {} bytes, not {size}", BLOCK.1);
            findings.at(attr.value_span(), message).fix("Use 4096", Effect::ChangesGuest, vec![edit::replace(attr.value_span(), "4096")]);
            return;
        }
    }
    let Some((attr, logical)) = logical else { return };
    if logical > physical.map_or(BLOCK.0, |(_, size)| size) {
        let finding = findings.at(attr.value_span(), format!("a logical block of {logical} bytes is larger than a physical one"));
        let put = edit::set_attribute(node, "physical_block_size", &logical.to_string());
        finding.fix(format!("Use {logical} for both"), Effect::ChangesGuest, vec![put]);
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["disk-number-out-of-range"];

    #[test]
    fn numbers_have_their_ends() {
        let fixture = r#"
<disk type='file' device='disk'>
  <driver name='qemu' type='raw' queue_size='100'/>
                                             ^^^ error[disk-number-out-of-range]: a queue has 4, 8, 16 … or 1024 entries, not 100
                                             | fix: Use 256 (changes guest)
  <source file='/a'/>
  <target dev='vda' bus='virtio'/>
  <blockio logical_block_size='4096'/>
                               ^^^^ error[disk-number-out-of-range]: a logical block of 4096 bytes is larger than a physical one
                               | fix: Use 4096 for both (changes guest)
  <geometry cyls='70000' heads='16' secs='63'/>
                  ^^^^^ error[disk-number-out-of-range]: QEMU takes a `cyls` up to 65535, not 70000
                  | fix: Use 65535 (changes guest)
</disk>
<disk type='file' device='disk'>
  <driver name='qemu' type='raw' queue_size='256' queues='4'/>
  <source file='/b'/>
  <target dev='vdb' bus='virtio'/>
  <blockio logical_block_size='512' physical_block_size='4096'/>
</disk>
"#;
        assert_eq!(check_in("qemu-q35", "devices", CODES, fixture), ["start", "start", "start"]);
        let mended = mended_in("qemu-q35", "devices", "disk-number-out-of-range", fixture);
        assert!(mended.ends_with("queue_size='256'/>"), "{mended}");
    }

    #[test]
    fn a_block_is_a_power_of_two() {
        let fixture = r#"
<disk type='file' device='disk'>
  <source file='/a'/>
  <target dev='sda' bus='sata'/>
  <blockio logical_block_size='1000'/>
                               ^^^^ error[disk-number-out-of-range]: a block has 512, 1024 … or 2097152 bytes, not 1000
                               | fix: Use 4096 (changes guest)
</disk>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
    }
}

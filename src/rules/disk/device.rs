//! Kinds of disks that a bus, or a source, does not carry.
//!
//! Source: libvirt 9.0.0, `virDomainDiskDefSourceLUNValidate`, `qemuValidateDomainDeviceDefDiskFrontend`.

use super::{Disk, Effect, Facts, Findings, Node, edit, without_element};
use crate::caps::Version;
use crate::finding::{Finding, TextEdit};
use crate::rules::Family;
use crate::text::Span;

/// A CD on virtio, a lun that is none.
pub fn check(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    for disk in &facts.whole.disks {
        match disk.device {
            "cdrom" if matches!(disk.bus, "virtio" | "sd") => cdrom(facts, disk, findings),
            "lun" => lun(facts, disk, findings),
            _ => {}
        }
        if let Some(held) = disk.source.and_then(|source| source.child("reservations")).filter(|_| disk.device != "lun") {
            let message = format!("reservations go with the device `lun` alone, not with `{}`", disk.device);
            without_element(findings.at(held.name_span(), message), held);
        }
    }
}

/// The token that says the bus.
fn bus_span(disk: &Disk) -> Span {
    let target = disk.target.unwrap_or(disk.node);
    target.attr("bus").map_or(target.name_span(), |bus| bus.value_span())
}

fn cdrom(facts: &Facts, disk: &Disk, findings: &mut Findings) {
    let finding = findings.at(bus_span(disk), format!("a `cdrom` has a tray, and the bus `{}` has none", disk.bus));
    offer_bus(facts, disk, finding);
}

/// Offers the bus that carries any kind of disk on this machine.
fn offer_bus(facts: &Facts, disk: &Disk, finding: &mut Finding) {
    let better = match facts.board.map(|board| board.family) {
        Some(Family::I440fx) => "ide",
        Some(Family::Q35) => "sata",
        Some(Family::ArmVirt | Family::Pseries | Family::S390Ccw | Family::RiscvVirt) => "scsi",
        _ => return,
    };
    let Some(target) = disk.target else { return };
    let mut edits: Vec<TextEdit> = disk.node.child("address").map(edit::remove).into_iter().collect();
    edits.push(edit::set_attribute(target, "bus", better));
    let name = free_name(facts, if better == "ide" { "hd" } else { "sd" });
    if let Some((attr, name)) = target.attr("dev").zip(name) {
        edits.push(edit::replace(attr.value_span(), &name));
    }
    finding.fix(format!("Use {better}"), Effect::ChangesGuest, edits);
}

/// A disk on IDE where the machine has none, and no list says so.
pub fn ide(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() || facts.buses_listed() || facts.ide() != Some(false) {
        return;
    }
    // a floppy and a lun are on the wrong bus anyway
    for disk in facts.whole.disks.iter().filter(|disk| disk.bus == "ide" && matches!(disk.device, "disk" | "cdrom")) {
        let Some(target) = disk.target else { continue };
        let message = match target.attr("bus") {
            Some(_) => "this machine has no IDE controller",
            // any other name is at fault itself
            None if disk.dev.starts_with("hd") => {
                "no bus is written, which means `ide` for such a name, and this machine has no IDE controller"
            }
            None => continue,
        };
        offer_bus(facts, disk, findings.at(bus_span(disk), message));
    }
}

/// A name that no disk has, and whose place none has either.
fn free_name(facts: &Facts, prefix: &str) -> Option<String> {
    let same = |letter: u8| facts.whole.disks.iter().any(|disk| disk.dev.ends_with(char::from(letter)) && disk.dev.len() <= 3);
    (b'a'..=b'd').find(|letter| !same(*letter)).map(|letter| format!("{prefix}{}", char::from(letter)))
}

fn lun(facts: &Facts, disk: &Disk, findings: &mut Findings) {
    // QEMU 7.2 has it, 10.0 does not
    let gone = disk.bus == "virtio" && facts.sources.versions.qemu.at_least(Version(10, 0, 0)) == Some(true);
    if gone || !matches!(disk.bus, "virtio" | "scsi") {
        findings.at(bus_span(disk), format!("a `lun` stands on the bus `scsi`, not on `{}`", disk.bus));
    } else if let Some(protocol) = disk.protocol().filter(|protocol| *protocol != "iscsi") {
        let span = disk.source.and_then(|source| source.attr("protocol")).map_or(disk.node.name_span(), |attr| attr.value_span());
        findings.at(span, format!("a `lun` on the network comes by `iscsi`, not by `{protocol}`"));
    } else if let Some(format) =
        disk.driver.and_then(|driver| driver.attr("type")).filter(|format| !matches!(format.value(), "raw" | "none"))
    {
        let finding =
            findings.at(format.value_span(), format!("a `lun` is handed out as it is: its format is `raw`, not `{}`", format.value()));
        finding.fix("Use raw", Effect::ChangesGuest, vec![edit::replace(format.value_span(), "raw")]);
    } else if let Some(part) = disk.source.and_then(|source| source.child("slices").or_else(|| source.child("encryption"))) {
        without_element(findings.at(part.name_span(), format!("a `lun` is handed out as it is, without `{}`", part.name())), part);
    }
}

/// A read-only disk where the bus has none, a directory that may be written to.
pub fn readonly(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    for disk in facts.whole.disks.iter().filter(|disk| disk.device == "disk") {
        let readonly = disk.node.child("readonly");
        match readonly {
            Some(readonly) if matches!(disk.bus, "ide" | "sata") => {
                let message = format!("a disk on the bus `{}` cannot be read only: use another bus, or a `cdrom`", disk.bus);
                without_element(findings.at(readonly.name_span(), message), readonly);
            }
            None if disk.kind == "dir" => {
                let span = disk.node.attr("type").map_or(disk.node.name_span(), |attr| attr.value_span());
                let finding = findings.at(span, "a directory is shown to the guest read only, and this disk may be written to");
                finding.fix("Make it read only", Effect::ChangesGuest, vec![edit::append_child(disk.node, "<readonly/>")]);
            }
            _ => {}
        }
    }
}

/// A disk of which nothing is; drives whose media are changed may be empty.
pub fn source(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    for disk in facts.whole.disks.iter().filter(|disk| matches!(disk.device, "disk" | "lun") && disk.target.is_some()) {
        let path = match disk.kind {
            "file" => "file",
            "block" => "dev",
            "dir" => "dir",
            _ => continue,
        };
        // an empty path, or one that is missing from the element, is told of by the structure
        if disk.source.is_none() || disk.source.is_some_and(|source| source.attr(path).is_none() && source.attr("fdgroup").is_none()) {
            let span = disk.source.unwrap_or(disk.node).name_span();
            findings.at(span, format!("this `{}` has no source: only the media of a `cdrom` or a `floppy` may be missing", disk.device));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["disk-device-unfit", "disk-readonly-unfit", "disk-source-missing", "disk-ide-absent"];

    #[test]
    fn few_machines_have_ide() {
        let fixture = r#"
<disk type='file' device='disk'>
  <source file='/a'/>
  <target dev='hda' bus='ide'/>
                         ^^^ error[disk-ide-absent]: this machine has no IDE controller
                         | fix: Use sata (changes guest)
  <address type='drive' controller='0' bus='0' target='0' unit='0'/>
</disk>
<disk type='file' device='cdrom'>
  <target dev='hdc'/>
   ^^^^^^ error[disk-ide-absent]: no bus is written, which means `ide` for such a name, and this machine has no IDE controller
   | fix: Use sata (changes guest)
</disk>
"#;
        check_in("none", "devices", CODES, fixture);
        let mended = mended_in("none", "devices", "disk-ide-absent", fixture);
        assert!(mended.ends_with("+ <target dev='sdb' bus='sata'/>"), "{mended}");
        let unmarked: String = fixture.lines().filter(|line| !line.contains("^^") && !line.contains("| fix")).collect();
        // a list of buses tells itself
        check_in("qemu-q35", "devices", CODES, &unmarked);
        for (arch, machine) in [("x86_64", ""), ("x86_64", "machine='pc'"), ("ppc64", "machine='g3beige'"), ("mips", "machine='malta'")] {
            let domain =
                format!("<domain type='qemu'><os><type arch='{arch}' {machine}>hvm</type></os><devices>{unmarked}</devices></domain>");
            check_in("none", "devices", CODES, &domain);
        }
    }

    #[test]
    fn an_architecture_without_ide_needs_no_machine() {
        let fixture = r#"
<domain type='qemu'>
  <os><type arch='alpha'>hvm</type></os>
  <devices>
    <disk type='file' device='disk'>
      <source file='/a'/>
      <target dev='hda' bus='ide'/>
                             ^^^ error[disk-ide-absent]: this machine has no IDE controller
    </disk>
  </devices>
</domain>
"#;
        check_in("none", "devices", CODES, fixture);
    }

    #[test]
    fn a_cdrom_is_not_on_virtio() {
        let fixture = r#"
<disk type='file' device='cdrom'>
  <source file='/a'/>
  <target dev='vda' bus='virtio'/>
                         ^^^^^^ error[disk-device-unfit]: a `cdrom` has a tray, and the bus `virtio` has none
                         | fix: Use sata (changes guest)
  <address type='pci' slot='7'/>
</disk>
<disk type='file' device='cdrom'>
  <target dev='sdc' bus='sata'/>
  <readonly/>
</disk>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "disk-device-unfit", fixture);
        assert_eq!(mended, "- <target dev='vda' bus='virtio'/>\n- <address type='pci' slot='7'/>\n+ <target dev='sdb' bus='sata'/>");
    }

    #[test]
    fn a_lun_is_a_device_as_it_is() {
        let fixture = r#"
<disk type='block' device='lun'>
  <driver name='qemu' type='qcow2'/>
                            ^^^^^ error[disk-device-unfit]: a `lun` is handed out as it is: its format is `raw`, not `qcow2`
                            | fix: Use raw (changes guest)
  <source dev='/dev/a'/>
  <target dev='sda' bus='scsi'/>
</disk>
<disk type='block' device='lun'>
  <source dev='/dev/b'/>
  <target dev='sdb' bus='sata'/>
                         ^^^^ error[disk-device-unfit]: a `lun` stands on the bus `scsi`, not on `sata`
</disk>
<disk type='network' device='lun'>
  <source protocol='rbd' name='a/b'/>
                    ^^^ error[disk-device-unfit]: a `lun` on the network comes by `iscsi`, not by `rbd`
  <target dev='sdc' bus='scsi'/>
</disk>
<disk type='block' device='disk'>
  <source dev='/dev/c'><reservations managed='yes'/></source>
                        ^^^^^^^^^^^^ error[disk-device-unfit]: reservations go with the device `lun` alone, not with `disk`
                        | fix: Remove `<reservations>` (changes guest)
  <target dev='sdd' bus='scsi'/>
</disk>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "disk-device-unfit", fixture);
        assert_eq!(mended, "- <driver name='qemu' type='qcow2'/>\n+ <driver name='qemu' type='raw'/>");
    }

    #[test]
    fn ide_and_sata_have_no_read_only_disks() {
        let fixture = r#"
<disk type='file' device='disk'>
  <source file='/a'/>
  <target dev='sda' bus='sata'/>
  <readonly/>
   ^^^^^^^^ error[disk-readonly-unfit]: a disk on the bus `sata` cannot be read only: use another bus, or a `cdrom`
   | fix: Remove `<readonly>` (changes guest)
</disk>
<disk type='file' device='disk'>
  <source file='/b'/>
  <target dev='vda' bus='virtio'/>
  <readonly/>
</disk>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "disk-readonly-unfit", fixture);
        assert_eq!(mended, "- <readonly/>");
        let fixture = r#"
<disk type='dir' device='disk'>
            ^^^ error[disk-readonly-unfit]: a directory is shown to the guest read only, and this disk may be written to
            | fix: Make it read only (changes guest)
  <driver name='qemu' type='fat'/>
  <source dir='/a'/>
  <target dev='vda' bus='virtio'/>
</disk>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "disk-readonly-unfit", fixture);
        assert_eq!(mended, "+ <readonly/>");
    }

    #[test]
    fn only_media_may_be_missing() {
        let fixture = r#"
<disk type='file' device='disk'>
 ^^^^ error[disk-source-missing]: this `disk` has no source: only the media of a `cdrom` or a `floppy` may be missing
  <target dev='vda' bus='virtio'/>
</disk>
<disk type='file' device='cdrom'>
  <target dev='sda' bus='sata'/>
</disk>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
    }
}

use crate::support::{check_in, mended_in};

const CODES: &[&str] = &["disk-option-unfit"];

#[test]
fn queues_are_of_virtio() {
    let fixture = r#"
<disk type='file' device='disk'>
  <driver name='qemu' type='raw' queues='4'/>
                                 ^^^^^^ error[disk-option-unfit]: `queues` goes with the bus `virtio` alone, not with `sata`
                                 | fix: Remove `queues` (changes guest)
  <source file='/a'/>
  <target dev='sda' bus='sata' removable='on'/>
                               ^^^^^^^^^ error[disk-option-unfit]: `removable` goes with the bus `usb`, `scsi` alone, not with `sata`
                               | fix: Remove `removable` (changes guest)
</disk>
<disk type='file' device='disk'>
  <driver name='qemu' type='raw' queues='4'/>
  <source file='/a'/>
  <target dev='vda' bus='virtio'/>
</disk>
"#;
    check_in("9.0.0:qemu-q35", "devices", CODES, fixture);
    check_in("qemu-q35", "devices", CODES, fixture);
    let mended = mended_in("qemu-q35", "devices", "disk-option-unfit", fixture);
    assert_eq!(mended, "- <driver name='qemu' type='raw' queues='4'/>\n+ <driver name='qemu' type='raw'/>");
}

#[test]
fn newer_ones_ask_more_and_less() {
    let fixture = r#"
<disk type='file' device='disk'>
  <driver name='qemu' type='raw' queue_size='128' discard_no_unref='on'/>
                                 ^^^^^^^^^^ error[disk-option-unfit]: `queue_size` goes with the bus `virtio` alone, not with `sata`
                                 | fix: Remove `queue_size` (changes guest)
                                                  ^^^^^^^^^^^^^^^^ error[disk-option-unfit]: `discard_no_unref` goes with the format `qcow2` alone
                                                  | fix: Remove `discard_no_unref` (changes guest)
  <source file='/a'/>
  <target dev='sda' bus='sata' dpofua='on'/>
                               ^^^^^^ error[disk-option-unfit]: `dpofua` goes with the bus `scsi` alone, not with `sata`
                               | fix: Remove `dpofua` (changes guest)
  <wwn>5000c50015ea71aa</wwn>
   ^^^ error[disk-option-unfit]: `wwn` goes with the bus `ide`, `scsi` alone, not with `sata`
   | fix: Remove `<wwn>` (changes guest)
</disk>
<disk type='file' device='disk'>
  <source file='/b'/>
  <target dev='sdb' bus='scsi' removable='on'/>
</disk>
<disk type='file' device='cdrom'>
  <target dev='sdc' bus='scsi' removable='on'/>
                               ^^^^^^^^^ error[disk-option-unfit]: on the bus `scsi` `removable` goes with a `disk` alone, not with a `cdrom`
                               | fix: Remove `removable` (changes guest)
</disk>
"#;
    check_in("qemu-q35", "devices", CODES, fixture);
    let fixture = r#"
<disk type='file' device='disk'>
  <driver name='qemu' type='raw' queue_size='128' discard_no_unref='on'/>
  <source file='/b'/>
  <target dev='sdb' bus='scsi' removable='on'/>
                               ^^^^^^^^^ error[disk-option-unfit]: `removable` goes with the bus `usb` alone, not with `scsi`
                               | fix: Remove `removable` (changes guest)
</disk>
"#;
    check_in("9.0.0:qemu-q35", "devices", CODES, fixture);
}

#[test]
fn a_device_of_the_host_has_its_own_blocks() {
    let fixture = r#"
<disk type='block' device='lun'>
  <source dev='/dev/sdx'/>
  <target dev='sda' bus='scsi'/>
  <blockio logical_block_size='512'/>
   ^^^^^^^ error[disk-option-unfit]: `blockio` goes with the device `disk`, `cdrom`, `floppy` alone, not with `lun`
   | fix: Remove `<blockio>` (changes guest)
</disk>
"#;
    check_in("qemu-q35", "devices", CODES, fixture);
    check_in(
        "9.0.0:qemu-q35",
        "devices",
        CODES,
        &fixture
            .lines()
            .filter(|line| !line.contains("^^^") && !line.contains("| fix"))
            .map(|line| format!("{line}\n"))
            .collect::<String>(),
    );
}

#[test]
fn names_are_of_scsi() {
    let fixture = r#"
<disk type='file' device='disk'>
  <source file='/a'/>
  <target dev='vda' bus='virtio'/>
  <vendor>A</vendor>
   ^^^^^^ error[disk-option-unfit]: `vendor` goes with the bus `scsi` alone, not with `virtio`
   | fix: Remove `<vendor>` (changes guest)
</disk>
<disk type='file' device='disk'>
  <source file='/a'/>
  <target dev='sda' bus='sata'/>
  <wwn>5000c50015ea71aa</wwn>
   ^^^ error[disk-option-unfit]: `wwn` goes with the bus `ide`, `scsi` alone, not with `sata`
   | fix: Remove `<wwn>` (changes guest)
</disk>
"#;
    check_in("9.0.0:qemu-q35", "devices", CODES, fixture);
    let mended = mended_in("9.0.0:qemu-q35", "devices", "disk-option-unfit", fixture);
    assert_eq!(mended, "- <vendor>A</vendor>");
}

#[test]
fn a_product_is_short() {
    let fixture = r#"
<disk type='file' device='disk'>
  <source file='/a'/>
  <target dev='sda' bus='scsi'/>
  <product>ABCDEFGHABCDEFGHI</product>
           ^^^^^^^^^^^^^^^^^ error[disk-option-unfit]: the product of a SCSI disk has up to 16 characters, and this has 17
</disk>
"#;
    check_in("qemu-q35", "devices", CODES, fixture);
}

#[test]
fn a_cdrom_is_not_copied_into() {
    let fixture = r#"
<disk type='file' device='cdrom'>
  <driver name='qemu' type='raw' copy_on_read='on'/>
                                 ^^^^^^^^^^^^ error[disk-option-unfit]: nothing is copied into a `cdrom`: `copy_on_read` does not go with it
                                 | fix: Remove `copy_on_read` (changes guest)
  <source file='/a' startupPolicy='requisite'/>
  <target dev='sda' bus='sata' tray='open'/>
</disk>
<disk type='file' device='disk'>
  <source file='/a' startupPolicy='requisite'/>
                                   ^^^^^^^^^ error[disk-option-unfit]: `requisite` goes with a `cdrom` or a `floppy` alone: a disk is needed or not
                                   | fix: Remove `startupPolicy` (changes guest)
  <target dev='vda' bus='virtio' tray='open'/>
                                 ^^^^ error[disk-option-unfit]: `tray` goes with the device `cdrom`, `floppy` alone, not with `disk`
                                 | fix: Remove `tray` (changes guest)
  <geometry cyls='1' heads='2' secs='3' trans='lba'/>
                                        ^^^^^ error[disk-option-unfit]: `trans` goes with the bus `ide` alone, not with `virtio`
                                        | fix: Remove `trans` (changes guest)
</disk>
"#;
    check_in("qemu-q35", "devices", CODES, fixture);
}

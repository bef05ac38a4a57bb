use crate::support::{check_in, mended_in};

const CODES: &[&str] = &[
    "boot-order-mixed",
    "boot-order-duplicate",
    "bios-serial-unfit",
    "acpi-table-repeated",
    "bootloader-unsupported",
    "smbios-sysinfo-missing",
];

#[test]
fn there_is_one_order() {
    let fixture = r#"
<domain type='qemu'>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <boot dev='hd'/>
     ^^^^ error[boot-order-mixed]: `<boot>` of `<os>` does not go with `<boot order='…'>` of a device
     | fix: Boot by the order of the devices (changes guest)
     | fix: Boot by the order of `<os>` (changes guest)
    <boot dev='cdrom'/>
  </os>
  <devices>
    <interface type='user'>
      <boot order='1'/>
    </interface>
  </devices>
</domain>
"#;
    check_in("qemu-q35", "", CODES, fixture);
    assert_eq!(mended_in("qemu-q35", "", "boot-order-mixed", fixture), "- <boot dev='hd'/>\n- <boot dev='cdrom'/>");
}

#[test]
fn each_number_is_for_one_device() {
    let fixture = r#"
<interface type='user'>
  <boot order='1'/>
               ^ error[boot-order-duplicate]: two devices cannot both be booted as number 1
               | fix: Boot it as number 3 (changes guest)
</interface>
<disk type='file'>
  <boot order='1'/>
</disk>
<disk type='file'>
  <boot order='2'/>
</disk>
"#;
    check_in("qemu-q35", "devices", CODES, fixture);
    assert_eq!(mended_in("qemu-q35", "devices", "boot-order-duplicate", fixture), "- <boot order='1'/>\n+ <boot order='3'/>");
}

#[test]
fn the_bios_writes_to_a_serial_port() {
    let fixture = r#"
<domain type='qemu'>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <bios useserial='yes'/>
                     ^^^ error[bios-serial-unfit]: the BIOS needs a `<serial>` to write to
                     | fix: Add a serial port (changes guest)
                     | fix: Remove `useserial` (changes guest)
  </os>
  <devices>
    <console type='pty'>
      <target type='virtio'/>
    </console>
  </devices>
</domain>
"#;
    check_in("qemu-q35", "", CODES, fixture);
    assert_eq!(mended_in("qemu-q35", "", "bios-serial-unfit", fixture), "+ <serial type='pty'/>");
}

#[test]
fn other_architectures_have_no_such_bios() {
    let fixture = r#"
<domain type='qemu'>
  <os>
    <type arch='aarch64' machine='virt'>hvm</type>
    <bios useserial='yes'/>
                     ^^^ error[bios-serial-unfit]: only the BIOS of a PC writes to a serial port, this domain is `aarch64`
                     | fix: Remove `useserial` (changes guest)
  </os>
  <devices>
    <serial type='pty'/>
  </devices>
</domain>
"#;
    check_in("aarch64", "", CODES, fixture);
}

#[test]
fn the_first_console_is_a_serial_port() {
    let fixture = "<domain type='qemu'>\n  <os>\n    <type arch='x86_64' machine='q35'>hvm</type>\n    <bios useserial='yes'/>\n  </os>\n  <devices>\n    <console type='pty'/>\n  </devices>\n</domain>";
    check_in("qemu-q35", "", CODES, fixture);
}

#[test]
fn before_11_2_0_there_is_one_table() {
    let fixture = r#"
<domain type='qemu'>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <acpi>
      <table type='slic'>/opt/a</table>
      <table type='slic'>/opt/b</table>
       ^^^^^ error[acpi-table-repeated]: libvirt before 11.2.0 takes one ACPI table
       | fix: Remove the second (changes guest)
    </acpi>
  </os>
</domain>
"#;
    check_in("9.0.0:qemu-q35", "", CODES, fixture);
    assert_eq!(mended_in("9.0.0:qemu-q35", "", "acpi-table-repeated", fixture), "- <table type='slic'>/opt/b</table>");
}

#[test]
fn since_then_there_is_one_of_each_type() {
    let fixture = r#"
<domain type='qemu'>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <acpi>
      <table type='slic'>/opt/a</table>
      <table type='raw'>/opt/b</table>
      <table type='raw'>/opt/b</table>
      <table type='slic'>/opt/c</table>
                   ^^^^ error[acpi-table-repeated]: there is an ACPI table of the type `slic` already
                   | fix: Remove this one (changes guest)
      <table type='rawset'>/opt/d</table>
                   ^^^^^^ error[acpi-table-repeated]: QEMU takes no ACPI table of the type `rawset`, Xen does
                   | fix: Use raw (changes guest)
    </acpi>
  </os>
</domain>
"#;
    check_in("qemu-q35", "", CODES, fixture);
    mended_in("qemu-q35", "", "acpi-table-repeated", fixture);
}

#[test]
fn a_bootloader_is_for_xen() {
    let fixture = r#"
<bootloader>/usr/bin/pygrub</bootloader>
 ^^^^^^^^^^ error[bootloader-unsupported]: `<bootloader>` is for Xen, QEMU has no program on the host that boots
 | fix: Remove `<bootloader>`
"#;
    check_in("qemu-q35", "", CODES, fixture);
    let mended = mended_in("qemu-q35", "", "bootloader-unsupported", fixture);
    assert_eq!(mended, "- <bootloader>/usr/bin/pygrub</bootloader>");
}

#[test]
fn what_is_shown_must_be_said() {
    let fixture = r#"
<domain type='qemu'>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <smbios mode='sysinfo'/>
                  ^^^^^^^ error[smbios-sysinfo-missing]: no `<sysinfo type='smbios'>` says what the guest is to be shown
                  | fix: Use emulate (changes guest)
  </os>
</domain>
"#;
    assert_eq!(check_in("qemu-q35", "", CODES, fixture), ["start"]);
    let mended = mended_in("qemu-q35", "", "smbios-sysinfo-missing", fixture);
    assert_eq!(mended, "- <smbios mode='sysinfo'/>\n+ <smbios mode='emulate'/>");
}

use crate::support::{check_in, mended_in};

const CODES: &[&str] = &["address-duplicate"];

#[test]
fn two_devices_at_one_pci_address() {
    let fixture = r#"
<rng model='virtio'>
  <address type='pci' domain='0x0000' bus='0x00' slot='0x05' function='0x0'/>
</rng>
<memballoon model='virtio'>
  <address type='pci' slot='5'/>
   ^^^^^^^ error[address-duplicate]: another device has the PCI address `0000:00:05.0`
   | fix: Let libvirt choose the address (changes guest)
</memballoon>
"#;
    check_in("qemu-q35", "devices", CODES, fixture);
    let mended = mended_in("qemu-q35", "devices", "address-duplicate", fixture);
    assert_eq!(mended, "- <address type='pci' slot='5'/>");
}

#[test]
fn what_is_chosen_by_libvirt_meets_nothing() {
    let fixture = r#"
<rng model='virtio'>
  <address type='pci' bus='0x00' slot='0x00'/>
</rng>
<memballoon model='virtio'>
  <address type='pci' bus='0x00' slot='0x00'/>
</memballoon>
<vsock model='virtio'>
  <address type='pci' bus='0x00' slot='0x00' function='0x1'/>
</vsock>
<controller type='scsi' index='0' model='virtio-scsi'>
  <address type='pci' bus='0x00' slot='0x00' function='0x1'/>
</controller>
<sound model='ich9'>
  <address type='pci' slot='4' function='0'/>
</sound>
<sound model='ich6'>
  <address type='pci' slot='4' function='1'/>
</sound>
"#;
    check_in("qemu-q35", "devices", &["address-duplicate", "address-pci-unfit"], fixture);
}

#[test]
fn a_console_repeats_the_serial_port() {
    let fixture = r#"
<serial type='pty'>
  <target type='pci-serial' port='0'/>
  <address type='pci' slot='4'/>
</serial>
<console type='pty'>
  <target type='serial' port='0'/>
  <address type='pci' slot='4'/>
</console>
"#;
    check_in("qemu-q35", "devices", CODES, fixture);
}

#[test]
fn the_chips_of_the_machine_have_their_places() {
    let fixture = r#"
<disk type='file' device='disk'>
  <source file='/a'/>
  <target dev='hda' bus='ide'/>
</disk>
<rng model='virtio'>
  <address type='pci' slot='1' function='1'/>
   ^^^^^^^ error[address-duplicate]: the machine itself takes the PCI address `0000:00:01.1`
   | fix: Let libvirt choose the address (changes guest)
</rng>
<memballoon model='virtio'>
  <address type='pci' slot='1' function='3'/>
   ^^^^^^^ error[address-duplicate]: the machine itself takes the PCI address `0000:00:01.3`
   | fix: Let libvirt choose the address (changes guest)
</memballoon>
"#;
    check_in("qemu-pc", "devices", CODES, fixture);
}

#[test]
fn channel_paths_and_registers_are_taken_once() {
    let fixture = r#"
<rng model='virtio'>
  <address type='ccw' cssid='0xfe' ssid='0x0' devno='0x0001'/>
</rng>
<memballoon model='virtio'>
  <address type='ccw' cssid='0xfe' ssid='0x0' devno='0x0001'/>
   ^^^^^^^ error[address-duplicate]: another device has the CCW address `fe.0.0001`
   | fix: Let libvirt choose the address (changes guest)
</memballoon>
"#;
    check_in("s390x", "devices", CODES, fixture);
    let fixture = r#"
<nvram>
  <address type='spapr-vio' reg='0x4000'/>
</nvram>
<controller type='scsi' index='0'>
  <address type='spapr-vio' reg='0x4000'/>
</controller>
"#;
    check_in("qemu-q35", "devices", CODES, fixture);
}

#[test]
fn a_disk_without_an_address_has_that_of_its_name() {
    let fixture = r#"
<disk type='file' device='disk'>
  <source file='/a'/>
  <target dev='sdb' bus='scsi'/>
   ^^^^^^ error[address-duplicate]: another device has controller 0, bus 0, target 0, unit 1
</disk>
<disk type='file' device='disk'>
  <source file='/b'/>
  <target dev='sda' bus='scsi'/>
  <address type='drive' controller='0' bus='0' target='0' unit='1'/>
   ^^^^^^^ error[address-duplicate]: another device has controller 0, bus 0, target 0, unit 1
   | fix: Let libvirt choose the address (changes guest)
</disk>
"#;
    let fixture = fixture.replacen("   ^^^^^^ error[address-duplicate]: another device has controller 0, bus 0, target 0, unit 1\n", "", 1);
    check_in("qemu-q35", "devices", CODES, &fixture);
}

#[test]
fn scsi_devices_of_the_host_share_the_bus_with_disks() {
    let fixture = r#"
<disk type='file' device='disk'>
  <source file='/a'/>
  <target dev='sda' bus='scsi'/>
</disk>
<disk type='file' device='disk'>
  <source file='/b'/>
  <target dev='sdz' bus='sata'/>
  <address type='drive' controller='0' bus='0' target='0' unit='0'/>
</disk>
<hostdev mode='subsystem' type='scsi'>
  <source><adapter name='scsi_host0'/><address bus='0' target='0' unit='0'/></source>
  <address type='drive' controller='0' bus='0' target='0' unit='0'/>
   ^^^^^^^ error[address-duplicate]: another device has controller 0, bus 0, target 0, unit 0
   | fix: Let libvirt choose the address (changes guest)
</hostdev>
"#;
    check_in("qemu-q35", "devices", CODES, fixture);
}

#[test]
fn an_address_of_the_wrong_type_takes_no_place() {
    let fixture = r#"
<rng model='virtio'>
  <address type='pci' slot='7'/>
</rng>
<disk type='file' device='disk'>
  <source file='/a'/>
  <target dev='sda' bus='usb'/>
  <address type='pci' slot='7'/>
                 ^^^ error[address-type-unfit]: a disk on the bus `usb` has an address of type `usb`, not `pci`
                 | fix: Let libvirt choose the address (changes guest)
</disk>
<disk type='file' device='disk'>
  <source file='/b'/>
  <target dev='sdb' bus='sata'/>
  <address type='pci' bus='7' slot='7'/>
                 ^^^ error[address-type-unfit]: a disk on the bus `sata` has an address of type `drive`, not `pci`
                 | fix: Let libvirt choose the address (changes guest)
</disk>
"#;
    check_in("qemu-q35", "devices", &["address-duplicate", "address-type-unfit", "address-pci-unfit"], fixture);
}

#[test]
fn pseries_has_places_of_its_own() {
    let devices = "<rng model='virtio'><address type='pci' slot='17'/></rng><serial type='pty'><address type='pci' slot='17'/></serial>
        <controller type='scsi' index='0'><address type='pci' slot='17'/></controller><nvram><address type='pci' slot='17'/></nvram>
        <console type='pty'><address type='unassigned'/></console>
        <interface type='user'><model type='spapr-vlan'/><address type='pci' slot='17'/></interface>";
    check_in("ppc64", "devices", &["address-duplicate", "address-type-unfit"], devices);
    let fixture = r#"
<nvram>
  <address type='spapr-vio' reg='0x4000'/>
</nvram>
<controller type='scsi' index='0'>
  <address type='spapr-vio' reg='0x4000'/>
   ^^^^^^^ error[address-duplicate]: another device has the spapr-vio register `0x4000`
   | fix: Let libvirt choose the address (changes guest)
</controller>
"#;
    check_in("ppc64", "devices", &["address-duplicate", "address-type-unfit"], fixture);
}

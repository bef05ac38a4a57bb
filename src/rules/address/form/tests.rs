use crate::support::{check_in, mended_in};

const CODES: &[&str] = &["address-type-unfit"];

#[test]
fn a_bus_has_its_own_type_of_address() {
    let fixture = r#"
<disk type='file' device='disk'>
  <source file='/a'/>
  <target dev='sda' bus='scsi'/>
  <address type='pci' slot='7'/>
                 ^^^ error[address-type-unfit]: a disk on the bus `scsi` has an address of type `drive`, not `pci`
                 | fix: Let libvirt choose the address (changes guest)
</disk>
<disk type='file' device='disk'>
  <source file='/b'/>
  <target dev='vda' bus='virtio'/>
  <address type='pci' slot='8'/>
</disk>
"#;
    check_in("qemu-q35", "devices", CODES, fixture);
    let mended = mended_in("qemu-q35", "devices", "address-type-unfit", fixture);
    assert_eq!(mended, "- <address type='pci' slot='7'/>");
}

#[test]
fn devices_of_the_board_have_none() {
    let fixture = r#"
<watchdog model='ib700'>
  <address type='isa' iobase='0x505'/>
                 ^^^ error[address-type-unfit]: this watchdog has no address that could be set
                 | fix: Let libvirt choose the address (changes guest)
</watchdog>
<panic model='isa'>
  <address type='isa' iobase='0x505'/>
</panic>
<hostdev mode='subsystem' type='mdev' model='vfio-ccw'>
  <source><address uuid='53764d0e-85a0-42b4-af5c-2046b460b1dc'/></source>
  <address type='pci' slot='9'/>
                 ^^^ error[address-type-unfit]: a mediated device of model `vfio-ccw` has an address of type `ccw`, not `pci`
                 | fix: Let libvirt choose the address (changes guest)
</hostdev>
"#;
    check_in("qemu-q35", "devices", CODES, fixture);
}

#[test]
fn some_types_belong_to_one_machine_or_kind_of_device() {
    let fixture = r#"
<rng model='virtio'>
  <backend model='random'>/dev/urandom</backend>
  <address type='ccw' cssid='0xfe' ssid='0x0' devno='0x0000'/>
                 ^^^ error[address-type-unfit]: only the machine `s390-ccw-virtio` has addresses of type `ccw`
                 | fix: Let libvirt choose the address (changes guest)
</rng>
<memballoon model='virtio'>
  <address type='unassigned'/>
                 ^^^^^^^^^^ error[address-type-unfit]: only a device of the host can stay without an address in the guest
                 | fix: Let libvirt choose the address (changes guest)
</memballoon>
"#;
    check_in("qemu-q35", "devices", CODES, fixture);
    let fixture = "<rng model='virtio'><address type='ccw' cssid='0xfe' ssid='0x0' devno='0x0000'/></rng>";
    check_in("s390x", "devices", CODES, fixture);
}

#[test]
fn where_there_is_no_pci_nobody_looks() {
    let disk = "<disk type='file' device='disk'><source file='/a'/><target dev='vda' bus='virtio'/><address type='isa'/></disk>";
    for (arch, machine) in [("aarch64", ""), ("armv7l", "machine='vexpress-a9'")] {
        let domain = format!("<domain type='qemu'><os><type arch='{arch}' {machine}>hvm</type></os><devices>{disk}</devices></domain>");
        check_in("none", "devices", CODES, &domain);
    }
    let port = "<controller type='ccid' index='0'><address type='virtio-serial' controller='1' bus='0' port='0'/></controller>";
    check_in("qemu-q35", "devices", CODES, port);
}

#[test]
fn virtio_has_few_places() {
    let fixture = r#"
<interface type='user'>
  <model type='virtio'/>
  <address type='usb' bus='0' port='1'/>
                 ^^^ error[address-type-unfit]: the virtio device `interface` has an address of a type like `pci`, not `usb`
                 | fix: Let libvirt choose the address (changes guest)
</interface>
<memballoon model='virtio'>
  <address type='virtio-mmio'/>
                 ^^^^^^^^^^^ error[address-type-unfit]: the virtio device `memballoon` has an address of a type like `pci`, not `virtio-mmio`
                 | fix: Let libvirt choose the address (changes guest)
</memballoon>
"#;
    assert_eq!(check_in("qemu-q35", "devices", CODES, fixture), ["start", "start"]);
    check_in("aarch64", "devices", CODES, "<memballoon model='virtio'><address type='virtio-mmio'/></memballoon>");
}

#[test]
fn a_port_of_virtio_serial_is_for_channels() {
    let fixture = r#"
<controller type='virtio-serial' index='0'/>
<rng model='virtio'>
  <backend model='random'>/dev/random</backend>
  <address type='virtio-serial' controller='0' bus='0' port='40'/>
                 ^^^^^^^^^^^^^ error[address-type-unfit]: the virtio device `rng` has an address of a type like `pci`, not `virtio-serial`
                 | fix: Let libvirt choose the address (changes guest)
</rng>
<sound model='ich9'>
  <address type='virtio-serial' controller='0' bus='0' port='2'/>
                 ^^^^^^^^^^^^^ error[address-type-unfit]: only a channel or a console of type `virtio` has an address of type `virtio-serial`
                 | fix: Let libvirt choose the address (changes guest)
</sound>
<input type='mouse' bus='ps2'>
  <address type='virtio-serial' controller='0' bus='0' port='3'/>
</input>
"#;
    let codes = &["address-type-unfit", "address-port-missing"];
    assert_eq!(check_in("qemu-q35", "devices", codes, fixture), ["start", "start"]);
    let without = fixture.replace("<controller type='virtio-serial' index='0'/>\n", "");
    let mark = "                 ^^^^^^^^^^^^^ error[address-type-unfit]: only a channel or a console of type `virtio` has an address of type `virtio-serial`
                 | fix: Let libvirt choose the address (changes guest)\n";
    let phases = check_in("qemu-q35", "devices", codes, &without.replace("</input>", &format!("{mark}</input>")));
    assert_eq!(phases, ["define"; 3]);
    let channel = "<channel type='unix'><target type='virtio' name='a'/></channel>\n";
    assert_eq!(check_in("qemu-q35", "devices", codes, &format!("{channel}{}", without.trim_start())), ["start", "start"]);
}

#[test]
fn shared_memory_is_checked_at_the_start() {
    let fixture = r#"
<shmem name='a'>
  <model type='ivshmem-plain'/>
  <size unit='M'>4</size>
  <address type='isa' iobase='0x505'/>
                 ^^^ error[address-type-unfit]: shared memory has an address of type `pci`, not `isa`
                 | fix: Let libvirt choose the address (changes guest)
</shmem>
"#;
    for host in ["9.0.0:qemu-q35", "qemu-q35"] {
        assert_eq!(check_in(host, "devices", CODES, fixture), ["start"]);
        let elsewhere = fixture.replace("isa' iobase='0x505'", "ccw'").replace("`isa`", "`ccw`");
        assert_eq!(check_in(host, "devices", CODES, &elsewhere), ["define"]);
    }
}

#[test]
fn on_a_board_without_pci_newer_ones_look_at_a_virtio_disk() {
    let fixture = r#"
<domain type='qemu'>
  <os><type arch='armv7l' machine='vexpress-a9'>hvm</type></os>
  <devices>
    <disk type='file' device='disk'>
      <source file='/a'/>
      <target dev='vda' bus='virtio'/>
      <address type='isa'/>
                     ^^^ error[address-type-unfit]: a disk on the bus `virtio` has an address of a type like `pci`, not `isa`
                     | fix: Let libvirt choose the address (changes guest)
    </disk>
  </devices>
</domain>
"#;
    check_in("armv7l", "", CODES, fixture);
    let plain: Vec<_> = fixture.lines().filter(|line| !line.contains("^^^") && !line.contains("| fix")).collect();
    check_in("9.0.0:armv7l", "", CODES, &plain.join("\n"));
}

#[test]
fn devices_of_newer_ones_have_their_types() {
    let fixture = r#"
<disk type='file' device='disk'>
  <source file='/a'/>
  <target dev='nvme0n1' bus='nvme'/>
  <serial>a</serial>
  <address type='pci' bus='0x04'/>
                 ^^^ error[address-type-unfit]: a disk on the bus `nvme` has an address of type `drive`, not `pci`
                 | fix: Let libvirt choose the address (changes guest)
</disk>
<iommu model='amd'>
  <address type='isa'/>
                 ^^^ error[address-type-unfit]: this IOMMU has an address of type `pci`, not `isa`
                 | fix: Let libvirt choose the address (changes guest)
</iommu>
<crypto model='virtio' type='qemu'>
  <backend model='builtin'/>
  <address type='unassigned'/>
                 ^^^^^^^^^^ error[address-type-unfit]: only a device of the host can stay without an address in the guest
                 | fix: Let libvirt choose the address (changes guest)
</crypto>
<pstore backend='acpi-erst'>
  <path>/a</path>
  <size unit='KiB'>64</size>
  <address type='isa'/>
                 ^^^ error[address-type-unfit]: a persistent store has an address of type `pci`, not `isa`
                 | fix: Let libvirt choose the address (changes guest)
</pstore>
<controller type='sata' index='0'>
  <address type='unassigned'/>
</controller>
"#;
    check_in("qemu-q35", "devices", CODES, fixture);
}

//! What beside the address tells how the guest finds a device: boot order, ROM, ACPI index.

use super::rows;
use crate::rules::{Mend, Refused, Rule, page};
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#device-addresses";

/// The rules.
pub const RULES: &[Rule] = &[
    rows("boot-order-unfit", page!("boot-order-unfit.md"), BOOT, &["domain/devices/hostdev/boot", "domain/devices/filesystem/boot"], DOCS),
    rows("rom-unfit", page!("rom-unfit.md"), ROM, &["domain/devices/hostdev/rom", "domain/devices/interface/rom"], DOCS),
    rows("acpi-index-unfit", page!("acpi-index-unfit.md"), ACPI, &["domain/devices/interface/acpi", "domain/devices/hostdev/acpi"], DOCS),
];

const BOOT: &[Refused] = &[
    Refused {
        attr: "",
        when: |_, boot, _| boot.parent().is_some_and(|device| device.value("type") == Some("scsi_host")),
        why: "no guest boots from a vhost-scsi device",
        mend: Mend::Remove,
    },
    Refused {
        attr: "",
        when: |_, boot, _| {
            let mdev = |device: Node| device.value("type") == Some("mdev") && matches!(device.value("model"), Some("vfio-pci" | "vfio-ap"));
            boot.parent().is_some_and(mdev)
        },
        why: "no guest boots from a mediated device of this model",
        mend: Mend::Remove,
    },
    Refused {
        attr: "",
        when: |_, boot, _| {
            let virtiofs = |device: Node| device.child("driver").is_some_and(|driver| driver.value("type") == Some("virtiofs"));
            boot.parent().is_some_and(|device| device.name() == "filesystem" && !virtiofs(device))
        },
        why: "a guest boots from a shared folder through `virtiofs` alone",
        mend: Mend::Remove,
    },
];

const ROM: &[Refused] = &[
    Refused {
        attr: "enabled",
        when: |_, rom, on| on == "no" && (rom.attr("bar").is_some() || rom.attr("file").is_some()),
        why: "the ROM is switched off, and yet tuned",
        mend: Mend::Remove,
    },
    Refused {
        attr: "",
        when: |_, rom, _| {
            rom.parent()
                .and_then(|device| device.child("address"))
                .and_then(|address| address.value("type"))
                .is_some_and(|kind| !matches!(kind, "pci" | "unassigned"))
        },
        why: "only a PCI device has a ROM, and the address of this one is of another type",
        mend: Mend::Remove,
    },
];

const ACPI: &[Refused] = &[
    Refused { attr: "index", when: |_, _, index| index.trim() == "0", why: "ACPI indexes begin at 1, this is {}", mend: Mend::No },
    Refused {
        attr: "index",
        when: |_, acpi, _| {
            acpi.parent()
                .and_then(|device| device.child("address"))
                .and_then(|address| address.value("type"))
                .is_some_and(|kind| kind != "pci")
        },
        why: "only a PCI device has an ACPI index, and the address of this one is of another type",
        mend: Mend::Remove,
    },
];

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    #[test]
    fn booting_from_a_device_that_nothing_boots_from() {
        let fixture = r#"
<filesystem type='mount'>
  <source dir='/srv/share'/>
  <target dir='share'/>
  <boot order='1'/>
   ^^^^ error[boot-order-unfit]: a guest boots from a shared folder through `virtiofs` alone
   | fix: Remove `<boot>` (changes guest)
</filesystem>
"#;
        check_in("kvm-q35", "devices", &["boot-order-unfit"], fixture);
        let mended = mended_in("kvm-q35", "devices", "boot-order-unfit", fixture);
        assert_eq!(mended, "- <boot order='1'/>");
    }

    #[test]
    fn no_guest_boots_from_what_the_host_shares_by_halves() {
        let fixture = r#"
<hostdev mode='subsystem' type='scsi_host'>
  <source protocol='vhost' wwpn='naa.5123456789abcde0'/>
  <boot order='1'/>
   ^^^^ error[boot-order-unfit]: no guest boots from a vhost-scsi device
   | fix: Remove `<boot>` (changes guest)
</hostdev>
<hostdev mode='subsystem' type='mdev' model='vfio-pci'>
  <source>
    <address uuid='53764d0e-85a0-42b4-af5c-2046b460b1dc'/>
  </source>
  <boot order='2'/>
   ^^^^ error[boot-order-unfit]: no guest boots from a mediated device of this model
   | fix: Remove `<boot>` (changes guest)
</hostdev>
"#;
        check_in("kvm-q35", "devices", &["boot-order-unfit"], fixture);
    }

    #[test]
    fn a_rom_that_is_off_or_not_there() {
        let fixture = r#"
<interface type='user'>
  <rom enabled='no' file='/usr/share/qemu/efi-virtio.rom'/>
                ^^ error[rom-unfit]: the ROM is switched off, and yet tuned
                | fix: Remove `enabled` (changes guest)
</interface>
"#;
        check_in("kvm-q35", "devices", &["rom-unfit"], fixture);
        let mended = mended_in("kvm-q35", "devices", "rom-unfit", fixture);
        assert_eq!(mended, "- <rom enabled='no' file='/usr/share/qemu/efi-virtio.rom'/>\n+ <rom file='/usr/share/qemu/efi-virtio.rom'/>");
    }

    #[test]
    fn usb_devices_have_no_rom() {
        let fixture = r#"
<hostdev mode='subsystem' type='usb'>
  <source>
    <address bus='1' device='2'/>
  </source>
  <rom bar='on'/>
   ^^^ error[rom-unfit]: only a PCI device has a ROM, and the address of this one is of another type
   | fix: Remove `<rom>` (changes guest)
  <address type='usb' bus='0' port='1'/>
</hostdev>
"#;
        check_in("kvm-q35", "devices", &["rom-unfit"], fixture);
    }

    #[test]
    fn an_acpi_index_for_a_device_that_has_none() {
        let fixture = r#"
<interface type='user'>
  <acpi index='0'/>
               ^ error[acpi-index-unfit]: ACPI indexes begin at 1, this is 0
</interface>
"#;
        check_in("kvm-q35", "devices", &["acpi-index-unfit"], fixture);
    }

    #[test]
    fn other_buses_have_no_acpi_index() {
        let fixture = r#"
<interface type='user'>
  <model type='usb-net'/>
  <acpi index='3'/>
               ^ error[acpi-index-unfit]: only a PCI device has an ACPI index, and the address of this one is of another type
               | fix: Remove `index` (changes guest)
  <address type='usb' bus='0' port='2'/>
</interface>
"#;
        check_in("kvm-q35", "devices", &["acpi-index-unfit"], fixture);
    }

    #[test]
    fn it_is_fine_without_booting_from_a_device_that_nothing_boots_from() {
        let fixture = r#"
<filesystem type='mount'>
  <source dir='/srv/share'/>
  <target dir='share'/>
</filesystem>
"#;
        check_in("kvm-q35", "devices", &["boot-order-unfit"], fixture);
    }

    #[test]
    fn it_is_fine_without_a_rom_that_is_off_or_not_there() {
        let fixture = r#"
<interface type='user'>
  <rom enabled='no'/>
</interface>
"#;
        check_in("kvm-q35", "devices", &["rom-unfit"], fixture);
    }

    #[test]
    fn it_is_fine_without_an_acpi_index_for_a_device_that_has_none() {
        let fixture = r#"
<interface type='user'>
  <acpi index='1'/>
</interface>
"#;
        check_in("kvm-q35", "devices", &["acpi-index-unfit"], fixture);
    }
}

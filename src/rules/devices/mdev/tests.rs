use crate::support::{check_in, mended_in};

#[test]
fn an_option_that_a_device_of_the_host_does_not_have() {
    let fixture = r#"
<hostdev mode='subsystem' type='pci'>
  <source startupPolicy='optional'>
                         ^^^^^^^^ error[hostdev-option-unfit]: only a USB device may be missing at a start: `startupPolicy` is for `usb`
                         | fix: Remove `startupPolicy` (changes guest)
    <address domain='0' bus='6' slot='18' function='5'/>
  </source>
</hostdev>
"#;
    check_in("kvm-q35", "devices", &["hostdev-option-unfit"], fixture);
    let mended = mended_in("kvm-q35", "devices", "hostdev-option-unfit", fixture);
    assert_eq!(mended, "- <source startupPolicy='optional'>\n+ <source>");
}

#[test]
fn other_options_are_refused_too() {
    let fixture = r#"
<hostdev mode='subsystem' type='scsi' sgio='unfiltered'>
                                            ^^^^^^^^^^ error[hostdev-option-unfit]: libvirt no longer lets every SCSI command through: `unfiltered` is gone
                                            | fix: Remove `sgio` (changes guest)
  <source>
    <adapter name='scsi_host0'/>
    <address bus='0' target='0' unit='0'/>
  </source>
</hostdev>
<hostdev mode='subsystem' type='pci'>
  <source writeFiltering='no'>
                          ^^ error[hostdev-option-unfit]: QEMU cannot let the guest write freely to the configuration of a PCI device; Xen can
                          | fix: Remove `writeFiltering` (changes guest)
    <address domain='0' bus='6' slot='18' function='5'/>
  </source>
</hostdev>
<hostdev mode='subsystem' type='usb'>
  <source>
    <vendor id='0x0000'/>
                ^^^^^^ error[hostdev-option-unfit]: no vendor of USB devices has the number 0x0000
    <product id='0x1'/>
  </source>
</hostdev>
"#;
    check_in("kvm-q35", "devices", &["hostdev-option-unfit"], fixture);
}

#[test]
fn a_secret_of_another_kind() {
    let fixture = r#"
<hostdev mode='subsystem' type='scsi'>
  <source protocol='iscsi' name='iqn.1992-01.com.example:storage/1'>
    <host name='example.org' port='3260'/>
    <auth username='alpha'>
      <secret type='ceph' usage='libvirtiscsi'/>
                    ^^^^ error[hostdev-secret-unfit]: an iSCSI device takes a secret of type `iscsi`, not `ceph`
                    | fix: Use iscsi (changes guest)
    </auth>
  </source>
</hostdev>
"#;
    check_in("kvm-q35", "devices", &["hostdev-secret-unfit"], fixture);
    let mended = mended_in("kvm-q35", "devices", "hostdev-secret-unfit", fixture);
    assert_eq!(mended, "- <secret type='ceph' usage='libvirtiscsi'/>\n+ <secret type='iscsi' usage='libvirtiscsi'/>");
}

#[test]
fn a_device_of_the_host_as_the_persistent_half_of_a_team() {
    let fixture = r#"
<hostdev mode='subsystem' type='pci'>
  <source>
    <address domain='0' bus='6' slot='18' function='5'/>
  </source>
  <teaming type='persistent'/>
                 ^^^^^^^^^^ error[hostdev-teaming-unfit]: a device of the host is the transient half of a team, never the persistent one
</hostdev>
"#;
    check_in("kvm-q35", "devices", &["hostdev-teaming-unfit"], fixture);
}

#[test]
fn a_mediated_device_of_ibm_z_on_another_machine() {
    let fixture = r#"
<hostdev mode='subsystem' type='mdev' model='vfio-ap'>
                                             ^^^^^^^ error[mdev-model-unfit]: `vfio-ap` is a device of IBM Z, and this domain is of another architecture
  <source>
    <address uuid='c2177883-f1bb-47f0-914d-32a22e3a8804'/>
  </source>
</hostdev>
"#;
    check_in("kvm-q35", "devices", &["mdev-model-unfit"], fixture);
}

#[test]
fn a_gpu_with_a_display_and_no_graphics() {
    let fixture = r#"
<hostdev mode='subsystem' type='mdev' model='vfio-pci' display='on'>
                                                                ^^ error[mdev-display-without-graphics]: the display of a mediated device is shown through `<graphics>`, and this domain has none
                                                                | fix: Use off (changes guest)
  <source>
    <address uuid='c2177883-f1bb-47f0-914d-32a22e3a8804'/>
  </source>
</hostdev>
"#;
    check_in("kvm-q35", "devices", &["mdev-display-without-graphics"], fixture);
    let mended = mended_in("kvm-q35", "devices", "mdev-display-without-graphics", fixture);
    assert_eq!(
        mended,
        "- <hostdev mode='subsystem' type='mdev' model='vfio-pci' display='on'>\n+ <hostdev mode='subsystem' type='mdev' model='vfio-pci' display='off'>"
    );
}

#[test]
fn a_second_mediated_device_where_one_is_all() {
    let fixture = r#"
<graphics type='vnc'/>
<hostdev mode='subsystem' type='mdev' model='vfio-pci' display='on' ramfb='on'>
  <source>
    <address uuid='c2177883-f1bb-47f0-914d-32a22e3a8804'/>
  </source>
</hostdev>
<hostdev mode='subsystem' type='mdev' model='vfio-pci' display='on' ramfb='on'>
                                                                           ^^ error[mdev-repeated]: another mediated device has the boot display `ramfb` already
                                                                           | fix: Remove `ramfb` (changes guest)
  <source>
    <address uuid='c2177883-f1bb-47f0-914d-32a22e3a8805'/>
  </source>
</hostdev>
"#;
    check_in("kvm-q35", "devices", &["mdev-repeated"], fixture);
    let mended = mended_in("kvm-q35", "devices", "mdev-repeated", fixture);
    assert_eq!(
        mended,
        "- <hostdev mode='subsystem' type='mdev' model='vfio-pci' display='on' ramfb='on'>\n+ <hostdev mode='subsystem' type='mdev' model='vfio-pci' display='on'>"
    );
}

#[test]
fn there_is_one_matrix() {
    let fixture = r#"
<hostdev mode='subsystem' type='mdev' model='vfio-ap'>
  <source>
    <address uuid='c2177883-f1bb-47f0-914d-32a22e3a8804'/>
  </source>
</hostdev>
<hostdev mode='subsystem' type='mdev' model='vfio-ap'>
                                             ^^^^^^^ error[mdev-repeated]: another device of model `vfio-ap` is there already, and a guest has one
                                             | fix: Remove this device (changes guest)
  <source>
    <address uuid='c2177883-f1bb-47f0-914d-32a22e3a8805'/>
  </source>
</hostdev>
"#;
    check_in("s390x", "devices", &["mdev-repeated"], fixture);
}

#[test]
fn it_is_fine_without_an_option_that_a_device_of_the_host_does_not_have() {
    let fixture = r#"
<hostdev mode='subsystem' type='usb'>
  <source startupPolicy='optional'>
    <vendor id='0x1234'/>
    <product id='0xbeef'/>
  </source>
</hostdev>
"#;
    check_in("kvm-q35", "devices", &["hostdev-option-unfit"], fixture);
}

#[test]
fn it_is_fine_without_a_secret_of_another_kind() {
    let fixture = r#"
<hostdev mode='subsystem' type='scsi'>
  <source protocol='iscsi' name='iqn.1992-01.com.example:storage/1'>
    <host name='example.org' port='3260'/>
    <auth username='alpha'>
      <secret type='iscsi' usage='libvirtiscsi'/>
    </auth>
  </source>
</hostdev>
"#;
    check_in("kvm-q35", "devices", &["hostdev-secret-unfit"], fixture);
}

#[test]
fn it_is_fine_without_a_device_of_the_host_as_the_persistent_half_of_a_team() {
    let fixture = r#"
<hostdev mode='subsystem' type='pci'>
  <source>
    <address domain='0' bus='6' slot='18' function='5'/>
  </source>
  <teaming type='transient' persistent='ua-backup'/>
</hostdev>
"#;
    check_in("kvm-q35", "devices", &["hostdev-teaming-unfit"], fixture);
}

#[test]
fn it_is_fine_without_a_mediated_device_of_ibm_z_on_another_machine() {
    let fixture = r#"
<hostdev mode='subsystem' type='mdev' model='vfio-pci'>
  <source>
    <address uuid='c2177883-f1bb-47f0-914d-32a22e3a8804'/>
  </source>
</hostdev>
"#;
    check_in("kvm-q35", "devices", &["mdev-model-unfit"], fixture);
}

#[test]
fn it_is_fine_without_a_gpu_with_a_display_and_no_graphics() {
    let fixture = r#"
<hostdev mode='subsystem' type='mdev' model='vfio-pci' display='on'>
  <source>
    <address uuid='c2177883-f1bb-47f0-914d-32a22e3a8804'/>
  </source>
</hostdev>
<graphics type='vnc'/>
"#;
    check_in("kvm-q35", "devices", &["mdev-display-without-graphics"], fixture);
}

#[test]
fn it_is_fine_without_a_second_mediated_device_where_one_is_all() {
    let fixture = r#"
<graphics type='vnc'/>
<hostdev mode='subsystem' type='mdev' model='vfio-pci' display='on' ramfb='on'>
  <source>
    <address uuid='c2177883-f1bb-47f0-914d-32a22e3a8804'/>
  </source>
</hostdev>
<hostdev mode='subsystem' type='mdev' model='vfio-pci' display='on'>
  <source>
    <address uuid='c2177883-f1bb-47f0-914d-32a22e3a8805'/>
  </source>
</hostdev>
"#;
    check_in("kvm-q35", "devices", &["mdev-repeated"], fixture);
}

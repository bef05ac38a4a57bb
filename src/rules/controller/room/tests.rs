use crate::support::check_in;

const CODES: &[&str] = &["controller-pci-no-room", "controller-pci-absent"];

#[test]
fn a_port_goes_to_pci_express() {
    let fixture = r#"
<controller type='pci' index='1' model='pcie-root-port'/>
                                        ^^^^^^^^^^^^^^ error[controller-pci-no-room]: there is no controller that takes a `pcie-root-port`, and libvirt adds none for it
<controller type='pci' index='2' model='pci-bridge'/>
"#;
    check_in("qemu-pc", "devices", CODES, fixture);
    let fixture = r#"
<controller type='pci' index='1' model='pcie-root-port'/>
<controller type='pci' index='2' model='pci-bridge'/>
                                        ^^^^^^^^^^ error[controller-pci-no-room]: there is no controller with an index below 2 for this `pci-bridge` to stand in
<controller type='pci' index='3' model='pcie-to-pci-bridge'/>
<controller type='pci' index='4' model='pci-bridge'/>
<controller type='pci' index='5' model='pcie-switch-downstream-port'/>
                                        ^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[controller-pci-no-room]: there is no controller that takes a `pcie-switch-downstream-port`, and libvirt adds none for it
"#;
    check_in("qemu-q35", "devices", CODES, fixture);
}

#[test]
fn ports_fill_the_root() {
    let ports = |count: u32| -> String {
        let port = |index| format!("<controller type='pci' index='{index}' model='pcie-root-port'/>\n");
        (1..=count).map(port).collect()
    };
    check_in("qemu-q35", "devices", CODES, &ports(240));
    let mark = "                                          ^^^^^^^^^^^^^^ error[controller-pci-no-room]: there is room for 240 controllers `pcie-root-port`, and this is the 241th\n";
    check_in("qemu-q35", "devices", CODES, &(ports(241) + mark));
}

#[test]
fn what_libvirt_adds_goes_there_too() {
    let fixture = r#"
<domain type='qemu'>
  <os><type arch='x86_64' machine='isapc'>hvm</type></os>
  <devices>
   ^^^^^^^ error[controller-pci-absent]: libvirt adds a memory balloon, which goes to PCI, and this machine has none
   | fix: Write that there is no memory balloon (changes guest)
    <input type='mouse' bus='ps2'/>
  </devices>
</domain>
"#;
    crate::support::check("9.0.0:qemu-q35", CODES, fixture);
    let plain: Vec<_> = fixture.lines().filter(|line| !line.contains("^^^") && !line.contains("| fix")).collect();
    for host in ["none", "qemu-q35"] {
        crate::support::check(host, CODES, &plain.join("\n"));
    }
}

#[test]
fn newer_ones_know_boards_without_pci() {
    let fixture = r#"
<domain type='qemu'>
  <os><type arch='aarch64' machine='realview-pbx-a9'>hvm</type></os>
  <devices>
    <controller type='usb'/>
     ^^^^^^^^^^ error[controller-pci-absent]: a controller goes to PCI, and this machine has none
    <memballoon model='virtio'/>
     ^^^^^^^^^^ error[controller-pci-absent]: a memballoon goes to PCI, and this machine has none
  </devices>
</domain>
"#;
    let plain = |fixture: &str| fixture.lines().filter(|line| !line.contains("^^^")).map(|line| format!("{line}\n")).collect::<String>();
    crate::support::check("aarch64", CODES, fixture);
    crate::support::check("9.0.0:aarch64", CODES, &plain(fixture));
    // these have places on virtio-mmio
    let mmio = fixture.replace("realview-pbx-a9", "vexpress-a15");
    let balloon = "     ^^^^^^^^^^ error[controller-pci-absent]: a memballoon goes to PCI, and this machine has none\n";
    crate::support::check("aarch64", CODES, &mmio.replace(balloon, ""));
    let card = "<interface type='user'><model type='lan9118'/></interface>\n  </devices>";
    crate::support::check("aarch64", CODES, &fixture.replace("  </devices>", card));
    crate::support::check("aarch64", CODES, &plain(fixture).replace("pbx-a9", "eb"));
}

#[test]
fn many_devices_are_of_pci() {
    let fixture = r#"
<memballoon model='none'/>
<controller type='usb' model='none'/>
<video><model type='vga'/></video>
 ^^^^^ error[controller-pci-absent]: a video device goes to PCI, and this machine has none
<sound model='ich9'/>
 ^^^^^ error[controller-pci-absent]: a sound device goes to PCI, and this machine has none
<sound model='sb16'/>
<vsock model='virtio'><cid auto='yes'/></vsock>
 ^^^^^ error[controller-pci-absent]: a vsock device goes to PCI, and this machine has none
"#;
    check_in("x86_64-microvm-qemu", "devices", CODES, fixture);
    check_in("9.0.0:x86_64-microvm-qemu", "devices", CODES, fixture);
}

#[test]
fn pci_is_not_to_be_added() {
    let fixture = r#"
<controller type='usb' model='none'/>
<controller type='pci' model='pci-root'/>
 ^^^^^^^^^^ error[controller-pci-absent]: this machine has no PCI, and so no controller of it
 | fix: Remove this controller (changes guest)
"#;
    check_in("x86_64-microvm-qemu", "devices", CODES, fixture);
    let plain: Vec<_> = fixture.lines().take(3).collect();
    check_in("9.0.0:x86_64-microvm-qemu", "devices", CODES, &plain.join("\n"));
}

#[test]
fn some_machines_have_no_pci() {
    let fixture = r#"
<memballoon model='virtio'/>
 ^^^^^^^^^^ error[controller-pci-absent]: a memballoon goes to PCI, and this machine has none
<controller type='usb' model='none'/>
"#;
    check_in("x86_64-microvm-qemu", "devices", CODES, fixture);
    check_in("qemu-q35", "devices", CODES, fixture.lines().nth(1).unwrap());
}

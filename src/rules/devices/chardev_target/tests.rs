use crate::support::{check_in, mended_in};

#[test]
fn a_serial_port_of_another_machine() {
    let fixture = r#"
<serial type='pty'>
  <target type='sclp-serial'/>
                ^^^^^^^^^^^ error[serial-target-unfit]: a serial port of type `sclp-serial` is part of IBM Z, and this domain is another machine
                | fix: Let libvirt choose the type (changes guest)
</serial>
"#;
    check_in("kvm-q35", "devices", &["serial-target-unfit"], fixture);
    let mended = mended_in("kvm-q35", "devices", "serial-target-unfit", fixture);
    assert_eq!(mended, "- <target type='sclp-serial'/>");
}

#[test]
fn a_serial_port_whose_model_and_type_differ() {
    let fixture = r#"
<serial type='pty'>
  <target type='isa-serial' port='0'>
    <model name='usb-serial'/>
                 ^^^^^^^^^^ error[serial-model-unfit]: the model `usb-serial` is of type `usb-serial`, this serial port is `isa-serial`
                 | fix: Let libvirt choose the model (changes guest)
  </target>
</serial>
"#;
    check_in("kvm-q35", "devices", &["serial-model-unfit"], fixture);
    let mended = mended_in("kvm-q35", "devices", "serial-model-unfit", fixture);
    assert_eq!(mended, "- <model name='usb-serial'/>");
}

#[test]
fn a_model_belongs_to_its_machine() {
    let fixture = r#"
<serial type='pty'>
  <target type='system-serial'>
    <model name='16550a'/>
                 ^^^^^^ error[serial-model-unfit]: the model `16550a` is part of RISC-V, and this domain is another machine
                 | fix: Let libvirt choose the model (changes guest)
  </target>
</serial>
<serial type='pty'>
  <target type='isa-serial'>
    <model name='isa-serial'/>
                 ^^^^^^^^^^ error[serial-model-unfit]: the model `isa-serial` is of type `isa-serial`, this serial port is `system-serial`
                 | fix: Let libvirt choose the model (changes guest)
  </target>
</serial>
<serial type='pty'>
  <target type='system-serial'>
    <model name='pl011'/>
  </target>
</serial>
"#;
    check_in("aarch64", "devices", &["serial-model-unfit"], fixture);
}

#[test]
fn more_serial_ports_than_a_pc_has() {
    let fixture = r#"
<serial type='pty'>
  <target type='isa-serial' port='0'/>
</serial>
<serial type='pty'>
  <target type='isa-serial' port='0'/>
                                  ^ error[serial-port-unfit]: another serial port has the number 0 already
                                  | fix: Let libvirt choose the number (changes guest)
</serial>
"#;
    check_in("kvm-q35", "devices", &["serial-port-unfit"], fixture);
    let mended = mended_in("kvm-q35", "devices", "serial-port-unfit", fixture);
    assert_eq!(mended, "- <target type='isa-serial' port='0'/>\n+ <target type='isa-serial'/>");
}

#[test]
fn there_are_four_of_them() {
    let fixture = r#"
<serial type='pty'>
  <target type='isa-serial' port='4'/>
                                  ^ error[serial-port-unfit]: a PC has the serial ports 0 to 3, and 4 is none of them
                                  | fix: Let libvirt choose the number (changes guest)
</serial>
<serial type='pty'>
  <target type='isa-serial'/>
</serial>
<serial type='pty'>
  <target type='isa-serial'/>
</serial>
<serial type='pty'>
  <target type='isa-serial'/>
</serial>
<serial type='pty'>
  <target type='isa-serial'/>
   ^^^^^^ error[serial-port-unfit]: a PC has four serial ports, and this would be one more
</serial>
"#;
    check_in("kvm-q35", "devices", &["serial-port-unfit"], fixture);
}

#[test]
fn a_console_of_another_hypervisor_or_machine() {
    let fixture = r#"
<console type='pty'>
  <target type='xen' port='0'/>
                ^^^ error[console-target-unfit]: a console of type `xen` belongs to another hypervisor
                | fix: Use serial (changes guest)
</console>
"#;
    check_in("kvm-q35", "devices", &["console-target-unfit"], fixture);
    let mended = mended_in("kvm-q35", "devices", "console-target-unfit", fixture);
    assert_eq!(mended, "- <target type='xen' port='0'/>\n+ <target type='serial' port='0'/>");
}

#[test]
fn consoles_of_z_stay_there() {
    let fixture = r#"
<console type='pty'>
  <target type='sclp' port='0'/>
                ^^^^ error[console-target-unfit]: a console of type `sclp` is part of IBM Z, and this domain is another machine
                | fix: Use serial (changes guest)
</console>
<console type='pty'>
  <target type='virtio' port='1'/>
</console>
"#;
    check_in("kvm-q35", "devices", &["console-target-unfit"], fixture);
}

#[test]
fn a_parallel_port_on_a_machine_that_has_none() {
    let fixture = r#"
<parallel type='pty'/>
 ^^^^^^^^ error[parallel-unsupported]: this machine has no parallel ports
 | fix: Remove `<parallel>` (changes guest)
"#;
    check_in("ppc64", "devices", &["parallel-unsupported"], fixture);
    let mended = mended_in("ppc64", "devices", "parallel-unsupported", fixture);
    assert_eq!(mended, "- <parallel type='pty'/>");
}

#[test]
fn a_forwarded_address_that_is_not_ipv4() {
    let fixture = r#"
<channel type='pty'>
  <target type='guestfwd' address='gateway.example' port='4600'/>
                                   ^^^^^^^^^^^^^^^ error[guestfwd-address-bad]: `gateway.example` is no IPv4 address, and no other is forwarded
</channel>
"#;
    check_in("kvm-q35", "devices", &["guestfwd-address-bad"], fixture);
}

#[test]
fn a_port_number_that_is_no_number() {
    let fixture = r#"
<serial type='pty'>
  <target port='first'/>
                ^^^^^ error[chardev-port-bad]: `first` is no number of a port
                | fix: Remove `port` (changes guest)
</serial>
"#;
    check_in("kvm-q35", "devices", &["chardev-port-bad"], fixture);
    let mended = mended_in("kvm-q35", "devices", "chardev-port-bad", fixture);
    assert_eq!(mended, "- <target port='first'/>\n+ <target/>");
}

#[test]
fn it_is_fine_without_a_serial_port_of_another_machine() {
    let fixture = r#"
<serial type='pty'>
  <target type='isa-serial'/>
</serial>
"#;
    check_in("kvm-q35", "devices", &["serial-target-unfit"], fixture);
}

#[test]
fn it_is_fine_without_a_serial_port_whose_model_and_type_differ() {
    let fixture = r#"
<serial type='pty'>
  <target type='usb-serial' port='0'>
    <model name='usb-serial'/>
  </target>
</serial>
"#;
    check_in("kvm-q35", "devices", &["serial-model-unfit"], fixture);
}

#[test]
fn it_is_fine_without_more_serial_ports_than_a_pc_has() {
    let fixture = r#"
<serial type='pty'>
  <target type='isa-serial' port='0'/>
</serial>
<serial type='pty'>
  <target type='isa-serial' port='1'/>
</serial>
"#;
    check_in("kvm-q35", "devices", &["serial-port-unfit"], fixture);
}

#[test]
fn it_is_fine_without_a_console_of_another_hypervisor_or_machine() {
    let fixture = r#"
<console type='pty'>
  <target type='serial' port='0'/>
</console>
"#;
    check_in("kvm-q35", "devices", &["console-target-unfit"], fixture);
}

#[test]
fn it_is_fine_without_a_parallel_port_on_a_machine_that_has_none() {
    let fixture = r#"
<parallel type='pty'/>
"#;
    check_in("kvm-q35", "devices", &["parallel-unsupported"], fixture);
}

#[test]
fn it_is_fine_without_a_forwarded_address_that_is_not_ipv4() {
    let fixture = r#"
<channel type='pty'>
  <target type='guestfwd' address='10.0.2.1' port='4600'/>
</channel>
"#;
    check_in("kvm-q35", "devices", &["guestfwd-address-bad"], fixture);
}

#[test]
fn it_is_fine_without_a_port_number_that_is_no_number() {
    let fixture = r#"
<serial type='pty'>
  <target port='0'/>
</serial>
"#;
    check_in("kvm-q35", "devices", &["chardev-port-bad"], fixture);
}

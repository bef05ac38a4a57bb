use crate::support::{check_in, mended_in};

const CODES: &[&str] = &["address-port-missing", "address-duplicate"];

#[test]
fn ports_have_numbers_up_to_those_of_the_controller() {
    let fixture = r#"
<controller type='usb' index='0' model='piix3-uhci'/>
<hub type='usb'>
  <address type='usb' bus='0' port='1'/>
</hub>
<input type='mouse' bus='usb'>
  <address type='usb' bus='0' port='1.8'/>
</input>
<input type='tablet' bus='usb'>
  <address type='usb' bus='0' port='1.9'/>
                                    ^^^ error[address-port-missing]: there is no port `1.9` on USB bus 0: there are 8 at that place
                                    | fix: Let libvirt choose the address (changes guest)
</input>
<input type='keyboard' bus='usb'>
  <address type='usb' bus='0' port='2.1'/>
                                    ^^^ error[address-port-missing]: there is no hub at port `2` of USB bus 0
                                    | fix: Let libvirt choose the address (changes guest)
</input>
<sound model='usb'>
  <address type='usb' bus='3' port='1'/>
                           ^ error[address-port-missing]: there is no USB controller with the index 3
                           | fix: Let libvirt choose the address (changes guest)
</sound>
"#;
    check_in("qemu-pc", "devices", CODES, fixture);
    let mended = mended_in("qemu-pc", "devices", "address-port-missing", fixture);
    assert_eq!(mended, "- <address type='usb' bus='0' port='1.9'/>");
}

#[test]
fn channels_have_numbered_ports_too() {
    let fixture = r#"
<controller type='virtio-serial' index='0' ports='2'/>
<channel type='pty'>
  <target type='virtio' name='a'/>
  <address type='virtio-serial' controller='0' bus='0' port='2'/>
                                                             ^ error[address-port-missing]: the virtio-serial controller 0 has 2 ports, numbered from 0, and not 2
                                                             | fix: Let libvirt choose the address (changes guest)
</channel>
<channel type='pty'>
  <target type='virtio' name='b'/>
  <address type='virtio-serial' controller='1' bus='0' port='30'/>
</channel>
"#;
    check_in("qemu-q35", "devices", CODES, fixture);
}

#[test]
fn a_hub_takes_its_port() {
    let fixture = r#"
<hub type='usb'>
  <address type='usb' bus='0' port='1'/>
</hub>
<input type='mouse' bus='usb'>
  <address type='usb' bus='0' port='1'/>
   ^^^^^^^ error[address-duplicate]: another device has the USB port `1` of bus 0
   | fix: Let libvirt choose the address (changes guest)
</input>
"#;
    check_in("qemu-pc", "devices", CODES, fixture);
}

#[test]
fn a_bus_needs_its_controller_even_without_a_port() {
    let fixture = r#"
<controller type='usb' index='0' model='qemu-xhci'/>
<input type='tablet' bus='usb'>
  <address type='usb' bus='1'/>
                           ^ error[address-port-missing]: there is no USB controller with the index 1
                           | fix: Let libvirt choose the address (changes guest)
</input>
<hub type='usb'>
  <address type='usb' bus='0'/>
</hub>
"#;
    check_in("qemu-q35", "devices", CODES, fixture);
}

#[test]
fn without_any_usb_the_controller_alone_is_told_of() {
    let codes = &["address-port-missing", "usb-controller-missing"];
    let fixture = r#"
<input type='tablet' bus='usb'>
                          ^^^ error[usb-controller-missing]: a USB device needs a USB controller, and libvirt adds none to this machine
                          | fix: Use a controller of model qemu-xhci (changes guest)
  <address type='usb' bus='1' port='1'/>
</input>
"#;
    check_in("9.0.0:s390x", "devices", codes, fixture);
}

#[test]
fn what_is_not_on_usb_takes_no_port() {
    let fixture = r#"
<input type='tablet' bus='usb'>
  <address type='usb' bus='0' port='1'/>
</input>
<video>
  <model type='vga'/>
  <address type='usb' bus='0' port='1'/>
</video>
<sound model='ich9'>
  <address type='usb' bus='4' port='1'/>
</sound>
"#;
    check_in("9.0.0:qemu-q35", "devices", CODES, fixture);
}

#[test]
fn old_ones_leave_a_network_card_to_qemu() {
    let fixture = r#"
<input type='tablet' bus='usb'>
  <address type='usb' bus='0' port='1'/>
</input>
<interface type='user'>
  <model type='usb-net'/>
  <address type='usb' bus='0' port='1'/>
   ^^^^^^^ error[address-duplicate]: another device has the USB port `1` of bus 0
</interface>
<interface type='user'>
  <model type='usb-net'/>
  <address type='usb' bus='4' port='1'/>
                           ^ error[address-port-missing]: there is no USB controller with the index 4
                        </interface>
"#;
    assert_eq!(check_in("9.0.0:qemu-q35", "devices", CODES, fixture), ["start", "start"]);
}

use crate::support::{check_in, mended_in};

#[test]
fn a_character_device_without_its_source() {
    let fixture = r#"
<serial type='file'/>
              ^^^^ error[chardev-source-missing]: type `file` needs a `<source>` that says `path`
"#;
    check_in("kvm-q35", "devices", &["chardev-source-missing"], fixture);
}

#[test]
fn each_type_needs_its_own() {
    let fixture = r#"
<graphics type='spice'/>
<channel type='unix'>
  <target type='virtio' name='org.example.0'/>
</channel>
<channel type='unix'>
               ^^^^ error[chardev-source-missing]: type `unix` needs a `<source>` that says `path`
  <target type='guestfwd' address='10.0.2.1' port='4600'/>
</channel>
<serial type='tcp'>
  <source mode='connect' host='192.0.2.1'/>
   ^^^^^^ error[chardev-source-missing]: type `tcp` needs a `<source>` that says `service`
</serial>
<serial type='udp'>
              ^^^ error[chardev-source-missing]: type `udp` needs a `<source>` with mode `connect` that says `service`
  <source mode='bind' host='192.0.2.1' service='1'/>
</serial>
<serial type='spiceport'/>
              ^^^^^^^^^ error[chardev-source-missing]: type `spiceport` needs a `<source>` that says `channel`
<console type='pty'/>
<redirdev bus='usb' type='dbus'/>
<rng model='virtio'>
  <backend model='egd' type='unix'/>
                             ^^^^ error[chardev-source-missing]: type `unix` needs a `<source>` that says `path`
</rng>
<parallel type='nmdm'>
  <source master='/dev/nmdm0A'/>
   ^^^^^^ error[chardev-source-missing]: a null modem has two ends, `master` and `slave`, and one is missing
</parallel>
"#;
    check_in("kvm-q35", "devices", &["chardev-source-missing"], fixture);
}

#[test]
fn more_sources_than_a_character_device_has() {
    let fixture = r#"
<serial type='file'>
  <source path='/var/log/one.log'/>
  <source path='/var/log/two.log'/>
   ^^^^^^ error[chardev-source-repeated]: a character device of this type has at most 1 `<source>`
   | fix: Remove this source (changes guest)
</serial>
"#;
    check_in("kvm-q35", "devices", &["chardev-source-repeated"], fixture);
    let mended = mended_in("kvm-q35", "devices", "chardev-source-repeated", fixture);
    assert_eq!(mended, "- <source path='/var/log/two.log'/>");
}

#[test]
fn packets_have_two_sources() {
    let fixture = r#"
<serial type='udp'>
  <source mode='bind' host='127.0.0.1' service='1'/>
  <source mode='connect' host='127.0.0.1' service='2'/>
</serial>
"#;
    check_in("kvm-q35", "devices", &["chardev-source-repeated"], fixture);
}

#[test]
fn a_channel_name_with_odd_letters() {
    let fixture = r#"
<graphics type='spice'/>
<serial type='spiceport'>
  <source channel='org/example/log'/>
                   ^^^^^^^^^^^^^^^ error[chardev-channel-name-bad]: the name of a channel is made of letters, digits, `_`, `-` and `.` alone
</serial>
"#;
    check_in("kvm-q35", "devices", &["chardev-channel-name-bad"], fixture);
}

#[test]
fn a_protocol_that_qemu_does_not_speak() {
    let fixture = r#"
<serial type='tcp'>
  <source mode='connect' host='192.0.2.1' service='2445'/>
  <protocol type='tls'/>
                  ^^^ error[chardev-protocol-unfit]: QEMU speaks no `tls`: it encrypts by `tls='yes'` of the `<source>`
                  | fix: Use raw (changes guest)
</serial>
"#;
    assert_eq!(check_in("kvm-q35", "devices", &["chardev-protocol-unfit"], fixture), ["define"]);
    let channel = fixture.replace("serial", "channel").replace("</channel>", "<target type='virtio' name='a'/></channel>");
    check_in("kvm-q35", "devices", &["chardev-protocol-unfit"], &channel);
    let mended = mended_in("kvm-q35", "devices", "chardev-protocol-unfit", fixture);
    assert_eq!(mended, "- <protocol type='tls'/>\n+ <protocol type='raw'/>");
}

#[test]
fn a_connection_that_cannot_be_made_again() {
    let fixture = r#"
<serial type='tcp'>
  <source mode='bind' host='127.0.0.1' service='2445'>
    <reconnect enabled='yes' timeout='10'/>
                        ^^^ error[chardev-reconnect-unfit]: the host's side waits here for others: it cannot reconnect
                        | fix: Do without reconnecting
  </source>
</serial>
"#;
    check_in("kvm-q35", "devices", &["chardev-reconnect-unfit"], fixture);
    let mended = mended_in("kvm-q35", "devices", "chardev-reconnect-unfit", fixture);
    assert_eq!(mended, "- <reconnect enabled='yes' timeout='10'/>");
}

#[test]
fn a_second_must_pass() {
    let fixture = r#"
<serial type='tcp'>
  <source mode='connect' host='127.0.0.1' service='2445'>
    <reconnect enabled='yes' timeout='0'/>
                                      ^ error[chardev-reconnect-unfit]: a connection is made again after some seconds, at least 1
                                      | fix: Do without reconnecting
  </source>
</serial>
<channel type='unix'>
  <source mode='connect' path='/var/lib/libvirt/qemu/channel/target/domain-1-alpha/org.example.0'>
    <reconnect enabled='yes' timeout='10'/>
                        ^^^ error[chardev-reconnect-unfit]: the host's side waits here for others: it cannot reconnect
                        | fix: Do without reconnecting
  </source>
  <target type='virtio' name='org.example.0'/>
</channel>
<interface type='vhostuser'>
  <source type='unix' path='/run/vswitch/port1' mode='server'>
    <reconnect enabled='yes' timeout='10'/>
                        ^^^ error[chardev-reconnect-unfit]: the host's side waits here for others: it cannot reconnect
                        | fix: Do without reconnecting
  </source>
  <model type='virtio'/>
</interface>
"#;
    check_in("kvm-q35", "devices", &["chardev-reconnect-unfit"], fixture);
}

#[test]
fn it_is_fine_without_a_character_device_without_its_source() {
    let fixture = r#"
<serial type='file'>
  <source path='/var/log/libvirt/alpha-serial.log'/>
</serial>
"#;
    check_in("kvm-q35", "devices", &["chardev-source-missing"], fixture);
}

#[test]
fn it_is_fine_without_more_sources_than_a_character_device_has() {
    let fixture = r#"
<serial type='file'>
  <source path='/var/log/one.log'/>
  <log file='/var/log/two.log'/>
</serial>
"#;
    check_in("kvm-q35", "devices", &["chardev-source-repeated"], fixture);
}

#[test]
fn it_is_fine_without_a_channel_name_with_odd_letters() {
    let fixture = r#"
<graphics type='spice'/>
<serial type='spiceport'>
  <source channel='org.example.log'/>
</serial>
"#;
    check_in("kvm-q35", "devices", &["chardev-channel-name-bad"], fixture);
}

#[test]
fn it_is_fine_without_a_protocol_that_qemu_does_not_speak() {
    let fixture = r#"
<serial type='tcp'>
  <source mode='connect' host='192.0.2.1' service='2445' tls='yes'/>
  <protocol type='raw'/>
</serial>
"#;
    check_in("kvm-q35", "devices", &["chardev-protocol-unfit"], fixture);
}

#[test]
fn it_is_fine_without_a_connection_that_cannot_be_made_again() {
    let fixture = r#"
<serial type='tcp'>
  <source mode='connect' host='127.0.0.1' service='2445'>
    <reconnect enabled='yes' timeout='10'/>
  </source>
</serial>
"#;
    check_in("kvm-q35", "devices", &["chardev-reconnect-unfit"], fixture);
}

#[test]
fn the_type_of_a_smartcard_is_read_where_it_is_passed_through() {
    let fixture = r#"
<smartcard mode='host' type='tcp'/>
<smartcard mode='passthrough' type='tcp'/>
                                    ^^^ error[chardev-source-missing]: type `tcp` needs a `<source>` that says `host`
"#;
    check_in("kvm-q35", "devices", &["chardev-source-missing"], fixture);
}

#[test]
fn a_path_does_not_begin_at_home() {
    let fixture = r#"
<serial type='file'>
  <source path='~/console.log'/>
                ^^^^^^^^^^^^^ warning[chardev-path-home]: `~` is no home directory here: `~/console.log` is taken as it is
</serial>
<channel type='unix'>
  <source mode='bind' path='/run/a~'/>
  <target type='virtio' name='a'/>
</channel>
<console type='pty'>
  <source path='~/a'/>
</console>
"#;
    assert_eq!(check_in("none", "devices", &["chardev-path-home"], fixture), ["start"]);
}

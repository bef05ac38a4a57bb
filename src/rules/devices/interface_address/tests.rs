use crate::support::{check_in, mended_in};

#[test]
fn an_address_that_the_guest_cannot_be_given() {
    let fixture = r#"
<interface type='bridge'>
  <source bridge='br0'/>
  <ip address='192.0.2.7' prefix='24'/>
   ^^ error[interface-ip-unfit]: QEMU gives addresses to the guest in an interface of type `user` alone; here the guest's network does
   | fix: Remove `<ip>` (changes guest)
</interface>
"#;
    check_in("kvm-q35", "devices", &["interface-ip-unfit"], fixture);
    let mended = mended_in("kvm-q35", "devices", "interface-ip-unfit", fixture);
    assert_eq!(mended, "- <ip address='192.0.2.7' prefix='24'/>");
}

#[test]
fn addresses_of_its_own_network_have_limits() {
    let fixture = r#"
<interface type='user'>
  <ip family='ipv4' address='172.17.2.0' prefix='28'/>
                                                 ^^ error[interface-ip-unfit]: QEMU's own network has a prefix of 4 to 27, not 28
                                                 | fix: Use 24 (changes guest)
  <ip family='ipv6' address='2001:db8::1' prefix='63'/>
                                                  ^^ error[interface-ip-unfit]: QEMU's own network has an IPv6 prefix of 64, not 63
                                                  | fix: Use 64 (changes guest)
  <ip family='ipv4' address='172.17.3.0' prefix='24'/>
   ^^ error[interface-ip-unfit]: the guest gets one address of a family, and this is a second
   | fix: Remove `<ip>` (changes guest)
  <route family='ipv4' address='0.0.0.0' gateway='172.17.2.1'/>
   ^^^^^ error[interface-ip-unfit]: libvirt tells no guest its routes: QEMU knows none
   | fix: Remove `<route>` (changes guest)
</interface>
<interface type='user'>
  <ip family='ipv4' address='2001:db8::1' prefix='24'/>
                             ^^^^^^^^^^^ error[interface-ip-unfit]: `2001:db8::1` is no address of this family
</interface>
<interface type='user'>
  <ip family='ipv4' address='172.17.2.0' peer='172.17.2.9'/>
                                               ^^^^^^^^^^ error[interface-ip-unfit]: QEMU gives no address to the other end
                                               | fix: Remove `peer` (changes guest)
</interface>
"#;
    check_in("kvm-q35", "devices", &["interface-ip-unfit"], fixture);
}

#[test]
fn a_virtual_port_that_lacks_a_parameter() {
    let fixture = r#"
<interface type='direct'>
  <source dev='eth0' mode='vepa'/>
  <virtualport type='802.1Qbh'/>
                     ^^^^^^^^ error[virtualport-incomplete]: a port of type `802.1Qbh` needs `profileid` in `<parameters>`
</interface>
"#;
    check_in("kvm-q35", "devices", &["virtualport-incomplete"], fixture);
}

#[test]
fn a_type_is_needed_first() {
    let fixture = r#"
<interface type='bridge'>
  <source bridge='br0'/>
  <virtualport>
   ^^^^^^^^^^^ error[virtualport-incomplete]: the `type` of this port is missing: only a network of libvirt's knows it without
    <parameters profileid='finance'/>
  </virtualport>
</interface>
<interface type='direct'>
  <source dev='eth0'/>
  <virtualport type='802.1Qbg'>
    <parameters managerid='11'/>
     ^^^^^^^^^^ error[virtualport-incomplete]: a port of type `802.1Qbg` needs `typeid` in `<parameters>`
  </virtualport>
</interface>
"#;
    check_in("kvm-q35", "devices", &["virtualport-incomplete"], fixture);
}

#[test]
fn two_native_vlans() {
    let fixture = r#"
<interface type='bridge'>
  <source bridge='ovs0'/>
  <virtualport type='openvswitch'/>
  <vlan trunk='yes'>
    <tag id='42' nativeMode='untagged'/>
    <tag id='47' nativeMode='untagged'/>
                             ^^^^^^^^ error[vlan-native-repeated]: one VLAN of an interface is the native one, and another is already
                             | fix: Remove `nativeMode` (changes guest)
  </vlan>
</interface>
"#;
    check_in("kvm-q35", "devices", &["vlan-native-repeated"], fixture);
    let mended = mended_in("kvm-q35", "devices", "vlan-native-repeated", fixture);
    assert_eq!(mended, "- <tag id='47' nativeMode='untagged'/>\n+ <tag id='47'/>");
}

#[test]
fn a_bandwidth_limit_that_libvirt_cannot_set() {
    let fixture = r#"
<interface type='bridge'>
  <source bridge='br0'/>
  <bandwidth>
    <inbound average='1000' floor='200'/>
                                   ^^^ error[bandwidth-unfit]: only a network of libvirt's can guarantee 200 KiB/s, and this interface is of another type
                                   | fix: Remove `floor` (changes guest)
  </bandwidth>
</interface>
"#;
    check_in("kvm-q35", "devices", &["bandwidth-unfit"], fixture);
    let mended = mended_in("kvm-q35", "devices", "bandwidth-unfit", fixture);
    assert_eq!(mended, "- <inbound average='1000' floor='200'/>\n+ <inbound average='1000'/>");
}

#[test]
fn each_limit_has_its_partner() {
    let fixture = r#"
<interface type='network'>
  <source network='default'/>
  <bandwidth>
    <inbound peak='1000' floor='2'/>
                   ^^^^ error[bandwidth-unfit]: a peak of 1000 KiB/s needs an `average` beside it
                   | fix: Remove `peak` (changes guest)
    <outbound average='1000' floor='200'/>
                                    ^^^ error[bandwidth-unfit]: only `<inbound>` has a floor of 200 KiB/s
                                    | fix: Remove `floor` (changes guest)
  </bandwidth>
</interface>
<interface type='network'>
  <source network='default'/>
  <bandwidth>
    <inbound/>
     ^^^^^^^ error[bandwidth-unfit]: this limit has neither an `average` nor a `floor`
     | fix: Remove `<inbound>` (changes guest)
  </bandwidth>
</interface>
"#;
    check_in("kvm-q35", "devices", &["bandwidth-unfit"], fixture);
}

#[test]
fn it_is_fine_without_an_address_that_the_guest_cannot_be_given() {
    let fixture = r#"
<interface type='user'>
  <ip family='ipv4' address='172.17.2.0' prefix='24'/>
</interface>
"#;
    check_in("kvm-q35", "devices", &["interface-ip-unfit"], fixture);
}

#[test]
fn it_is_fine_without_a_virtual_port_that_lacks_a_parameter() {
    let fixture = r#"
<interface type='direct'>
  <source dev='eth0' mode='vepa'/>
  <virtualport type='802.1Qbh'>
    <parameters profileid='finance'/>
  </virtualport>
</interface>
"#;
    check_in("kvm-q35", "devices", &["virtualport-incomplete"], fixture);
}

#[test]
fn it_is_fine_without_two_native_vlans() {
    let fixture = r#"
<interface type='bridge'>
  <source bridge='ovs0'/>
  <virtualport type='openvswitch'/>
  <vlan trunk='yes'>
    <tag id='42' nativeMode='untagged'/>
    <tag id='47'/>
  </vlan>
</interface>
"#;
    check_in("kvm-q35", "devices", &["vlan-native-repeated"], fixture);
}

#[test]
fn it_is_fine_without_a_bandwidth_limit_that_libvirt_cannot_set() {
    let fixture = r#"
<interface type='network'>
  <source network='default'/>
  <bandwidth>
    <inbound average='1000' floor='200'/>
  </bandwidth>
</interface>
"#;
    check_in("kvm-q35", "devices", &["bandwidth-unfit"], fixture);
}

use crate::support::{check_in, mended_in};

#[test]
fn an_interface_without_its_source() {
    let fixture = r#"
<interface type='bridge'>
                 ^^^^^^ error[interface-source-missing]: an interface of type `bridge` needs a `<source>`, and has none
  <model type='virtio'/>
</interface>
"#;
    check_in("kvm-q35", "devices", &["interface-source-missing"], fixture);
}

#[test]
fn an_interface_that_needs_virtio() {
    let fixture = r#"
<memoryBacking>
  <source type='memfd'/>
  <access mode='shared'/>
</memoryBacking>
<devices>
<interface type='vhostuser'>
  <source type='unix' path='/run/vswitch/port1' mode='client'/>
  <model type='e1000'/>
               ^^^^^ error[interface-model-unfit]: an interface of type `vhostuser` has a guest's side of model `virtio`, and this has another
               | fix: Use virtio (changes guest)
</interface>
</devices>
"#;
    check_in("kvm-q35", "", &["interface-model-unfit"], fixture);
    let mended = mended_in("kvm-q35", "", "interface-model-unfit", fixture);
    assert_eq!(mended, "- <model type='e1000'/>\n+ <model type='virtio'/>");
}

#[test]
fn no_model_is_rtl8139_on_a_pc() {
    let fixture = r#"
<interface type='vhostuser'>
                 ^^^^^^^^^ error[interface-model-unfit]: an interface of type `vhostuser` has a guest's side of model `virtio`, and this has another
                 | fix: Use virtio (changes guest)
  <source type='unix' path='/run/vswitch/port1' mode='client'/>
</interface>
<interface type='vdpa'>
  <source dev='/dev/vhost-vdpa-0'/>
  <model type='virtio-transitional'/>
               ^^^^^^^^^^^^^^^^^^^ error[interface-model-unfit]: an interface of type `vdpa` has a guest's side of model `virtio`, and this has another
               | fix: Use virtio (changes guest)
</interface>
"#;
    check_in("9.0.0:kvm-q35", "devices", &["interface-model-unfit"], fixture);
}

#[test]
fn an_option_that_this_type_of_interface_does_not_have() {
    let fixture = r#"
<interface type='user'>
  <mtu size='1400'/>
             ^^^^ error[interface-option-unfit]: the MTU of 1400 bytes cannot be set for an interface of this type: the host's side is not libvirt's
</interface>
"#;
    check_in("kvm-q35", "devices", &["interface-option-unfit"], fixture);
}

#[test]
fn each_option_has_its_types() {
    let fixture = r#"
<interface type='bridge'>
  <source bridge='br0'/>
  <target dev='tap7' managed='no'/>
                              ^^ error[interface-option-unfit]: only an interface of type `ethernet` takes a device that is there already
                              | fix: Remove `managed` (changes guest)
</interface>
<interface type='direct'>
  <source dev='eth0' mode='bridge'/>
  <port isolated='yes'/>
                  ^^^ error[interface-option-unfit]: only ports of a bridge are isolated: interfaces of type `network` or `bridge`
                  | fix: Use no (changes guest)
</interface>
<interface type='bridge'>
  <source bridge='br0'/>
  <virtualport type='openvswitch'/>
  <port isolated='yes'/>
                  ^^^ error[interface-option-unfit]: only ports of a Linux bridge are isolated, and this has a `<virtualport>`
                  | fix: Use no (changes guest)
</interface>
<interface type='user'>
  <coalesce>
    <rx>
      <frames max='5'/>
                   ^ error[interface-option-unfit]: interrupts are coalesced for interfaces of type `network` and `bridge` alone
                   | fix: Remove `max` (changes guest)
    </rx>
  </coalesce>
</interface>
"#;
    check_in("kvm-q35", "devices", &["interface-option-unfit"], fixture);
}

#[test]
fn a_queue_size_that_is_no_power_of_two() {
    let fixture = r#"
<interface type='user'>
  <model type='virtio'/>
  <driver rx_queue_size='300'/>
                         ^^^ error[interface-queue-size-bad]: the size of a queue is a power of two, 300 is none
                         | fix: Remove `rx_queue_size` (changes guest)
</interface>
"#;
    check_in("kvm-q35", "devices", &["interface-queue-size-bad"], fixture);
    let mended = mended_in("kvm-q35", "devices", "interface-queue-size-bad", fixture);
    assert_eq!(mended, "- <driver rx_queue_size='300'/>\n+ <driver/>");
}

#[test]
fn half_of_a_team_that_cannot_be_one() {
    let fixture = r#"
<interface type='network'>
  <source network='default'/>
  <model type='e1000'/>
  <teaming type='persistent'/>
                 ^^^^^^^^^^ error[interface-teaming-unfit]: the `persistent` half of a team is a `virtio` interface, and this is of another model
</interface>
"#;
    check_in("kvm-q35", "devices", &["interface-teaming-unfit"], fixture);
}

#[test]
fn the_transient_half_is_of_the_host() {
    let fixture = r#"
<interface type='bridge'>
  <source bridge='br0'/>
  <model type='virtio'/>
  <teaming type='transient' persistent='ua-first'/>
                 ^^^^^^^^^ error[interface-teaming-unfit]: the `transient` half of a team is a device of the host: type `hostdev`, or `network` with a pool of them
</interface>
"#;
    check_in("kvm-q35", "devices", &["interface-teaming-unfit"], fixture);
}

#[test]
fn it_is_fine_without_an_interface_without_its_source() {
    let fixture = r#"
<interface type='bridge'>
  <source bridge='br0'/>
  <model type='virtio'/>
</interface>
"#;
    check_in("kvm-q35", "devices", &["interface-source-missing"], fixture);
}

#[test]
fn it_is_fine_without_an_interface_that_needs_virtio() {
    let fixture = r#"
<memoryBacking>
  <source type='memfd'/>
  <access mode='shared'/>
</memoryBacking>
<devices>
<interface type='vhostuser'>
  <source type='unix' path='/run/vswitch/port1' mode='client'/>
  <model type='virtio'/>
</interface>
</devices>
"#;
    check_in("kvm-q35", "", &["interface-model-unfit"], fixture);
}

#[test]
fn it_is_fine_without_an_option_that_this_type_of_interface_does_not_have() {
    let fixture = r#"
<interface type='bridge'>
  <source bridge='br0'/>
  <mtu size='1400'/>
</interface>
"#;
    check_in("kvm-q35", "devices", &["interface-option-unfit"], fixture);
}

#[test]
fn it_is_fine_without_a_queue_size_that_is_no_power_of_two() {
    let fixture = r#"
<interface type='user'>
  <model type='virtio'/>
  <driver rx_queue_size='512'/>
</interface>
"#;
    check_in("kvm-q35", "devices", &["interface-queue-size-bad"], fixture);
}

#[test]
fn it_is_fine_without_half_of_a_team_that_cannot_be_one() {
    let fixture = r#"
<interface type='network'>
  <source network='default'/>
  <model type='virtio'/>
  <teaming type='persistent'/>
</interface>
"#;
    check_in("kvm-q35", "devices", &["interface-teaming-unfit"], fixture);
}

#[test]
fn a_card_on_usb_had_to_say_so() {
    let fixture = r#"
<interface type='user'>
  <model type='usb-net'/>
               ^^^^^^^ error[interface-model-homeless]: this libvirt finds no place for `usb-net`, unless it has an `<address type='usb' …>`
               | fix: Use virtio (changes guest)
</interface>
<interface type='user'>
  <model type='usb-net'/>
  <address type='usb' bus='0' port='2'/>
</interface>
"#;
    check_in("9.0.0:kvm-q35", "devices", &["interface-model-homeless"], fixture);
    let mended = mended_in("9.0.0:kvm-q35", "devices", "interface-model-homeless", fixture);
    assert_eq!(mended, "- <model type='usb-net'/>\n+ <model type='virtio'/>");
}

#[test]
fn newer_ones_know_that_it_is_on_usb() {
    check_in("kvm-q35", "devices", &["interface-model-homeless"], "<interface type='user'>\n<model type='usb-net'/>\n</interface>");
}

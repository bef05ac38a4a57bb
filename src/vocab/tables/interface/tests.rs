//! Tests of interfaces.

use crate::support::{check, codes};

const GENERAL: &str = "<name>a</name><memory>1</memory><os><type>hvm</type></os>";

#[test]
fn every_type_of_interface_passes() {
    let id = "09b11c53-8b5c-4eeb-8f00-d84eaa0aaa4f";
    let valid = [
        "type='network'><source network='default' portgroup='a' bridge='virbr0'/><virtualport><parameters profileid='x'/></virtualport>",
        "type='bridge'><source bridge='br0' network='default'/><virtualport type='openvswitch'/><vlan><tag id='42'/></vlan>",
        &format!("type='bridge'><virtualport type='midonet'><parameters interfaceid='{id}'/></virtualport>"),
        "type='ethernet'><source><ip address='192.0.2.1' prefix='24'/><route gateway='192.0.2.2'/></source><target dev='a' managed='no'/>",
        "type='user'><source dev='eth0'/><backend type='passt'/><portForward proto='tcp'><range start='22' to='2022'/></portForward>",
        "type='direct'><source dev='eth0' mode='vepa'/><virtualport type='802.1Qbg'><parameters managerid='11'/></virtualport>",
        "type='hostdev' managed='yes'><source><address type='pci' bus='0x03' slot='0x07'/></source><driver name='vfio'/>",
        "type='hostdev'><source><vendor id='0x1'/><product id='0x2'/><address bus='1' port='2.1'/></source>",
        "type='vhostuser'><source type='unix' path='/a' mode='client'><reconnect enabled='yes'/></source><driver queues='2'/>",
        "type='vdpa'><source dev='/dev/vhost-vdpa-0'/>",
        "type='internal'><source name='a'/>",
        "type='mcast'><source address='230.0.0.1' port='5558'/>",
        "type='server'><source port='5558'/>",
        "type='udp'><source address='192.0.2.1' port='1'><local address='192.0.2.2' port='2'/></source>",
        "type='null'><mac address='52:54:00:00:00:01'/><model type='a-card-of-tomorrow'/>",
        &format!("type='vds'><source switchid='{id}' portid='6' portgroupid='pg-4321'/>"),
    ];
    for interface in valid {
        let xml = format!("<domain type='kvm'>{GENERAL}<devices><interface {interface}</interface></devices></domain>");
        let found: Vec<_> = codes("none", &xml).into_iter().filter(|code| code.starts_with("structure-")).collect();
        assert!(found.is_empty(), "{interface}: {found:?}");
    }
}

const FAULTS: &[&str] = &[
    "structure-bad-text",
    "structure-bad-value",
    "structure-misplaced-element",
    "structure-missing-attribute",
    "structure-missing-element",
    "structure-unknown-attribute",
];

#[test]
fn slips_are_found_at_their_token() {
    check(
        "none",
        FAULTS,
        "
<domain type='kvm'>
  <name>a</name><memory>1</memory><os><type>hvm</type></os>
  <devices>
    <interface type='bridge'>
      <mac address='53:54:00:00:00:01'/>
                    ^^^^^^^^^^^^^^^^^ error[structure-bad-value]: `53:54:00:00:00:01` is no `address` of `mac`; expected a unicast MAC address, its second digit even such as `52:54:00:6b:3c:58`
      <source network='default'/>
       ^^^^^^ error[structure-missing-attribute]: `source` lacks the attribute `bridge`
      <driver name='vhots' queues='0'/>
                    ^^^^^ error[structure-bad-value]: `vhots` is no `name` of `driver`: did you mean `vhost`?
                    | fix: Write vhost
                                   ^ error[structure-bad-value]: `0` is no `queues` of `driver`; expected a number from 1
    </interface>
    <interface type='network'>
      <source network='default' mode='vepa'/>
                                ^^^^ error[structure-unknown-attribute]: `source` has no attribute `mode`: without validation libvirt drops it
                                | fix: Remove mode
      <vlan/>
       ^^^^ error[structure-missing-element]: `vlan` lacks its `tag`
      <link state='off'/>
                   ^^^ error[structure-bad-value]: `off` is no `state` of `link`; expected `up`, `down`
      <mtu/>
       ^^^ error[structure-missing-attribute]: `mtu` lacks the attribute `size`
      <portForward proto='icmp'/>
                          ^^^^ error[structure-bad-value]: `icmp` is no `proto` of `portForward`; expected `tcp`, `udp`
    </interface>
  </devices>
</domain>
",
    );
}

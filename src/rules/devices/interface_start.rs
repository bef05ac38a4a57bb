//! `<interface>`: what is asked for when it is set up, so that define takes it and a start does not.

use super::function;
use super::interface_way::{kind, virtio};
use crate::caps::Version;
use crate::finding::Phase;
use crate::rules::{Facts, Findings, Mend, Refused, Rule, page, refused, unsigned};
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#network-interfaces";

/// The rules.
pub const RULES: &[Rule] =
    &[Rule { phase: Phase::Start, ..function("interface-setup-unfit", page!("interface-setup-unfit.md"), &[], ON, setup, DOCS) }];

const ON: &[&str] = &[
    "domain/devices/interface/vlan",
    "domain/devices/interface/driver",
    "domain/devices/interface/filterref",
    "domain/devices/interface/script",
    "domain/devices/interface/bandwidth",
    "domain/devices/interface/backend",
];

/// 12.8.0 asks for tags at define, 9.0.0 and 11.3.0 did not.
fn strict(facts: &Facts) -> bool {
    facts.since(Version(12, 8, 0))
}

fn setup(facts: &Facts, node: Node, findings: &mut Findings) {
    if let Some(finding) = refused(SETUP, facts, node, findings).filter(|_| node.name() == "vlan" && strict(facts)) {
        finding.phase(Phase::Define);
    }
}

const SETUP: &[Refused] = &[
    Refused {
        attr: "",
        when: |facts, node, _| node.name() == "vlan" && !tagged(facts, node),
        why: "nothing on the host's side of an interface of this type adds VLAN tags",
        mend: Mend::Remove,
    },
    Refused {
        attr: "queues",
        when: |facts, node, queues| {
            let single = matches!(of(node), "user" | "server" | "client" | "mcast" | "udp" | "null");
            single
                && node.parent().and_then(|interface| virtio(facts, interface)) == Some(true)
                && unsigned(queues).is_some_and(|queues| queues > 1)
        },
        why: "an interface of this type has one queue, not {}",
        mend: Mend::Remove,
    },
    Refused {
        attr: "",
        when: |_, node, _| node.name() == "filterref" && of(node) == "bridge" && port(node),
        why: "packets are filtered on a Linux bridge, and this interface has a `<virtualport>`",
        mend: Mend::Remove,
    },
    Refused {
        attr: "",
        when: |_, node, _| node.name() == "script" && !matches!(of(node), "ethernet" | "network"),
        why: "a script sets up interfaces of type `ethernet`, and this is another",
        mend: Mend::Remove,
    },
    Refused {
        attr: "",
        when: |_, node, _| node.name() == "bandwidth" && of(node) == "hostdev",
        why: "the traffic of a device of the host does not pass the host, which so cannot limit it",
        mend: Mend::Remove,
    },
    Refused {
        attr: "tap",
        when: |_, node, _| node.name() == "backend" && !matches!(of(node), "network" | "bridge" | "ethernet"),
        why: "an interface of this type has no tap device",
        mend: Mend::Remove,
    },
];

fn of(node: Node<'_>) -> &str {
    node.parent().map_or("network", kind)
}

/// Whether it has a port of another switch than the kernel's.
fn port(node: Node) -> bool {
    node.parent().and_then(|interface| interface.child("virtualport")).is_some_and(|port| port.attr("type").is_some())
}

/// Whether somebody adds tags: a network card, Open vSwitch, and since 11.0.0 the kernel's bridge (the news of it).
fn tagged(facts: &Facts, vlan: Node) -> bool {
    let source = vlan.parent().and_then(|interface| interface.child("source"));
    match of(vlan) {
        "user" | "vhostuser" | "vdpa" | "server" | "client" | "mcast" | "udp" | "null" => false,
        "ethernet" | "internal" => !strict(facts),
        "direct" => source.is_some_and(|source| source.value("mode") == Some("passthrough")),
        "bridge" => port(vlan) || !facts.before(Version(11, 0, 0)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    #[test]
    fn an_interface_that_cannot_be_set_up_so() {
        let fixture = r#"
<interface type='user'>
  <vlan>
   ^^^^ error[interface-setup-unfit]: nothing on the host's side of an interface of this type adds VLAN tags
   | fix: Remove `<vlan>` (changes guest)
    <tag id='42'/>
  </vlan>
</interface>
"#;
        assert_eq!(check_in("kvm-q35", "devices", &["interface-setup-unfit"], fixture), ["define"]);
        assert_eq!(check_in("9.0.0:kvm-q35", "devices", &["interface-setup-unfit"], fixture), ["start"]);
        check_in("kvm-q35", "devices", &["interface-setup-unfit"], &fixture.replace("'user'", "'ethernet'"));
        let mended = mended_in("kvm-q35", "devices", "interface-setup-unfit", fixture);
        assert_eq!(mended, "- <vlan>\n- <tag id='42'/>\n- </vlan>");
    }

    #[test]
    fn each_needs_its_type() {
        let fixture = r#"
<interface type='user'>
  <model type='virtio'/>
  <driver queues='4'/>
                  ^ error[interface-setup-unfit]: an interface of this type has one queue, not 4
                  | fix: Remove `queues` (changes guest)
</interface>
<interface type='bridge'>
  <source bridge='ovs0'/>
  <virtualport type='openvswitch'/>
  <filterref filter='clean-traffic'/>
   ^^^^^^^^^ error[interface-setup-unfit]: packets are filtered on a Linux bridge, and this interface has a `<virtualport>`
   | fix: Remove `<filterref>` (changes guest)
</interface>
<interface type='user'>
  <script path='/etc/qemu-ifup'/>
   ^^^^^^ error[interface-setup-unfit]: a script sets up interfaces of type `ethernet`, and this is another
   | fix: Remove `<script>` (changes guest)
</interface>
<interface type='user'>
  <backend tap='/dev/net/tun'/>
                ^^^^^^^^^^^^ error[interface-setup-unfit]: an interface of this type has no tap device
                | fix: Remove `tap` (changes guest)
</interface>
"#;
        check_in("kvm-q35", "devices", &["interface-setup-unfit"], fixture);
    }

    #[test]
    fn it_is_fine_without_an_interface_that_cannot_be_set_up_so() {
        let fixture = r#"
<interface type='bridge'>
  <source bridge='ovs0'/>
  <virtualport type='openvswitch'/>
  <vlan>
    <tag id='42'/>
  </vlan>
</interface>
"#;
        check_in("kvm-q35", "devices", &["interface-setup-unfit"], fixture);
    }
}

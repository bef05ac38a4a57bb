//! Network interfaces.

use super::common::{ACPI_INDEX, ADDRESS, ALIAS, BOOT, PCI_PLACE, RECONNECT, ROM, VIRTIO};
use super::hostdev::{ASSIGNMENT, USB_BUS_ADDRESS, USB_PRODUCT, USB_VENDOR};
use super::network::{BANDWIDTH, FILTER_REF, IP_SETUP, MTU, PORT_OPTIONS, TEAMING, VIRTUAL_PORT, VLAN};
use super::pattern::{
    ABSOLUTE_PATH, DEVICE_NAME, DNS_NAME, IP, IPV4, LINE, ON_OFF, PATH, PORT, POSITIVE, U32, UNICAST_MAC, USB_ADDRESS, UUID, YES_NO, of,
    pattern,
};
use super::value::{Value, means, word};
use super::{Attr, Body, Child, EMPTY, Element, any, by_attr, case, element, maybe, once, optional, required};

/// `<interface>`.
pub static INTERFACE: Element = element("interface", "a network interface of the guest", "network-interfaces")
    .attrs(&[
        required("type", &TYPES, "what it is connected to"),
        optional("trustGuestRxFilters", &YES_NO, "whether the host follows the guest's changes of MAC and receive filters").since(1, 2, 10),
    ])
    .children(OPTIONS)
    .also(&[&IP_SETUP])
    .variants(&[by_attr(
        "type",
        &[
            case(&["network"], EMPTY.children(&[once(&NETWORK), maybe(&VIRTUAL_PORT)])),
            case(&["bridge"], EMPTY.children(&[maybe(&BRIDGE), maybe(&VIRTUAL_PORT)])),
            case(&["ethernet"], EMPTY.children(&[maybe(&ETHERNET)])),
            case(&["user"], EMPTY.children(&[maybe(&USER)])),
            case(&["direct"], EMPTY.children(&[once(&DIRECT), maybe(&VIRTUAL_PORT)])),
            case(&["hostdev"], EMPTY.attrs(&[MANAGED]).children(&[once(&HOSTDEV), maybe(&VIRTUAL_PORT)])),
            case(&["vhostuser"], EMPTY.children(&[maybe(&VHOST_USER)])),
            case(&["vdpa"], EMPTY.children(&[once(&VDPA)])),
            case(&["internal"], EMPTY.children(&[once(&INTERNAL)])),
            case(&["mcast", "client"], EMPTY.children(&[once(&PEER)])),
            case(&["server"], EMPTY.children(&[once(&LISTENER)])),
            case(&["udp"], EMPTY.children(&[once(&UDP)])),
            case(&["vds"], EMPTY.children(&[once(&VDS)])),
        ],
    )]);

static TYPES: Value = Value::Words(&[
    means("network", "a virtual network of libvirt's"),
    means("bridge", "a bridge of the host"),
    means("ethernet", "a tap or veth device of the host, set up by itself or by a script"),
    means("user", "the host's network, through a process that needs no privileges"),
    means("direct", "a device of the host, through macvtap"),
    means("hostdev", "a network device of the host, given to the guest").since(0, 9, 11),
    means("vhostuser", "another process, through a socket and shared memory").since(1, 2, 7),
    means("vdpa", "a vDPA device of the host").since(6, 9, 0),
    means("internal", "a network inside the hypervisor"),
    means("mcast", "other guests, through a multicast group"),
    means("server", "other guests, as the server of a TCP tunnel"),
    means("client", "other guests, as a client of a TCP tunnel"),
    means("udp", "another guest, through a UDP tunnel").since(1, 2, 20),
    means("null", "nothing").since(8, 7, 0),
    means("vds", "a distributed switch of VMware's").since(8, 7, 0),
]);

const MANAGED: Attr = optional("managed", &YES_NO, "whether libvirt takes the device from the host and gives it back");

static OPTIONS: &[Child] = &[
    maybe(&MAC),
    maybe(&MODEL),
    maybe(&DRIVER),
    maybe(&BACKEND),
    maybe(&BACKEND_DOMAIN),
    maybe(&TARGET),
    maybe(&GUEST),
    maybe(&SCRIPT),
    maybe(&DOWN_SCRIPT),
    maybe(&LINK),
    maybe(&MTU),
    maybe(&COALESCE),
    maybe(&TUNE),
    maybe(&BANDWIDTH),
    maybe(&VLAN),
    maybe(&PORT_OPTIONS),
    maybe(&FILTER_REF),
    maybe(&TEAMING),
    any(&PORT_FORWARD),
    maybe(&BOOT),
    maybe(&ROM),
    maybe(&ACPI_INDEX),
    maybe(&ALIAS),
    maybe(&ADDRESS),
];

const fn source(about: &'static str, chapter: &'static str) -> Element {
    element("source", about, chapter)
}

static NETWORK: Element = source("the network", "virtual-network").attrs(OF_NETWORK).forms(&[EMPTY, EMPTY.attrs(OF_BRIDGE)]);

static BRIDGE: Element = source("the bridge", "bridge-to-lan").attrs(OF_BRIDGE).forms(&[EMPTY, EMPTY.attrs(OF_NETWORK)]);

static OF_NETWORK: &[Attr] = &[
    required("network", &Value::Any, "the network's name"),
    optional("portgroup", &DEVICE_NAME, "the port group of the network").since(0, 9, 4),
    optional("portid", &UUID, "written by libvirt: the port while it runs").since(5, 1, 0),
];

static OF_BRIDGE: &[Attr] = &[
    required("bridge", &BRIDGE_NAME, "the bridge's name"),
    optional("macTableManager", &MAC_TABLE_MANAGERS, "who keeps the bridge's table of MAC addresses"),
];

static BRIDGE_NAME: Value = pattern("a name of a bridge", "br0", |text| text.is_empty() || of(text, b"_.-\\:/ "));
static MAC_TABLE_MANAGERS: Value =
    Value::Words(&[means("kernel", "the bridge learns by flooding"), means("libvirt", "libvirt enters and removes them")]);

static ETHERNET: Element =
    source("addresses and routes for the host's side of the interface", "generic-ethernet-connection").also(&[&IP_SETUP]);

static USER: Element = source("the interface of the host whose routes and addresses passt takes", "userspace-slirp-or-passt-connection")
    .attrs(&[required("dev", &DEVICE_NAME, "the interface of the host").since(9, 0, 0)]);

static DIRECT: Element = source("the device of the host", "direct-attachment-to-physical-interface")
    .attrs(&[
        required("dev", &DEVICE_NAME, "the interface of the host"),
        optional("mode", &DIRECT_MODES, "how packets between guests travel"),
    ])
    .forms(&[EMPTY, EMPTY.attrs(OF_NETWORK)]);

static DIRECT_MODES: Value = Value::Words(&[
    means("vepa", "through the switch outside; the default"),
    means("bridge", "straight from one to the other"),
    means("private", "not at all, but through a router"),
    means("passthrough", "the device is the guest's alone").since(0, 9, 2),
]);

static HOSTDEV: Element = source("the device of the host", "pci-passthrough")
    .attrs(&[optional("missing", &YES_NO, "written by libvirt: whether the device is gone")])
    .forms(&[EMPTY.children(&[once(&HOST_ADDRESS)]), EMPTY.children(&[once(&USB_VENDOR), once(&USB_PRODUCT), maybe(&USB_BUS_ADDRESS)])]);

static HOST_ADDRESS: Element = element("address", "its place on the host", "pci-passthrough")
    .attrs(&[required("type", &HOST_BUSES, "the kind of bus")])
    .variants(&[by_attr(
        "type",
        &[
            case(&["pci"], EMPTY.attrs(PCI_PLACE)),
            case(
                &["usb"],
                EMPTY.attrs(&[required("bus", &USB_ADDRESS, "the bus"), required("device", &USB_ADDRESS, "the device on the bus")]),
            ),
        ],
    )]);

static HOST_BUSES: Value = Value::Words(&[word("pci"), word("usb")]);

static VHOST_USER: Element = source("the socket that the other process is reached by", "vhost-user-interface")
    .attrs(&[
        optional("type", &UNIX, "the kind of channel"),
        optional("path", &ABSOLUTE_PATH, "the socket"),
        optional("mode", &SOCKET_MODES, "who of the two listens"),
        optional("dev", &DEVICE_NAME, "the interface of the host for passt").since(11, 1, 0),
    ])
    .children(&[maybe(&RECONNECT)]);

static UNIX: Value = Value::Words(&[word("unix")]);
static SOCKET_MODES: Value = Value::Words(&[means("server", "the guest's process listens"), means("client", "the other process listens")]);

static VDPA: Element =
    source("the device of the host", "vdpa-devices").attrs(&[required("dev", &DEVICE_NAME, "its file, such as `/dev/vhost-vdpa-0`")]);

static INTERNAL: Element = source("the network", "network-interfaces").attrs(&[required("name", &DEVICE_NAME, "its name")]);

static PEER: Element = source("the group, or the server", "multicast-tunnel").attrs(&[TO_ADDRESS, TO_PORT]);

static LISTENER: Element = source("where it listens", "tcp-tunnel")
    .attrs(&[optional("address", &IPV4, "the address; all of the host where it is missing"), required("port", &PORT, "the port")]);

static UDP: Element = source("where packets are sent to", "udp-unicast-tunnel").attrs(&[TO_ADDRESS, TO_PORT]).children(&[once(&UDP_LOCAL)]);

static UDP_LOCAL: Element = element("local", "where packets are sent from", "udp-unicast-tunnel").attrs(&[TO_ADDRESS, TO_PORT]);

const TO_ADDRESS: Attr = required("address", &IPV4, "the address");
const TO_PORT: Attr = required("port", &PORT, "the port");

static VDS: Element = source("the switch and its port", "vmware-distributed-switch").attrs(&[
    required("switchid", &UUID, "the switch"),
    optional("portid", &LONG, "the port"),
    optional("portgroupid", &Value::Any, "the port group"),
    optional("connectionid", &LONG, "the connection"),
]);

static LONG: Value = pattern("a whole number of 64 bits, negative or not", "12345", |text| text.parse::<i64>().is_ok());

static MAC: Element = element("mac", "its MAC address; libvirt makes one up where it is missing", "network-interfaces").attrs(&[
    required("address", &UNICAST_MAC, "the address"),
    optional("type", &MAC_TYPES, "for VMware: whether an address of its range is kept").since(6, 6, 0),
    optional("check", &YES_NO, "for VMware: whether it makes sure that the address is of its range"),
    optional("currentAddress", &UNICAST_MAC, "written by libvirt: the address that the guest has set"),
]);

static MAC_TYPES: Value = Value::Words(&[word("generated"), word("static")]);

static MODEL: Element = element("model", "the model of the card", "setting-the-nic-model").attrs(&[required(
    "type",
    &MODELS,
    "the model, of those that the hypervisor has",
)]);

static MODELS: Value = Value::Either(&[&KNOWN_MODELS, &OTHER_MODELS]);
static KNOWN_MODELS: Value = Value::Words(&[
    means("virtio", "virtio, transitional or not by the machine"),
    means("virtio-transitional", "virtio of both kinds, on conventional PCI").since(5, 2, 0),
    means("virtio-non-transitional", "virtio 1.0 alone").since(5, 2, 0),
    means("e1000", "Intel 82540EM"),
    means("e1000e", "Intel 82574L, on PCI Express"),
    means("igb", "Intel 82576, on PCI Express"),
    means("rtl8139", "Realtek, 100 Mbit/s"),
    means("pcnet", "AMD PCnet"),
    means("ne2k_pci", "NE2000 on PCI"),
    means("ne2k_isa", "NE2000 on ISA"),
    means("i82551", "Intel, 100 Mbit/s"),
    means("i82557b", "Intel, 100 Mbit/s"),
    means("i82559er", "Intel, 100 Mbit/s"),
    means("usb-net", "on USB"),
    means("vmxnet3", "VMware, paravirtual"),
    means("vmxnet2", "VMware, paravirtual"),
    means("vmxnet", "VMware, paravirtual"),
    means("vlance", "VMware, AMD PCnet"),
    means("netfront", "Xen, paravirtual"),
    means("spapr-vlan", "the virtual bus of pSeries"),
]);
static OTHER_MODELS: Value = pattern("a name of letters, digits, `-`, `_`", "virtio", |text| of(text, b"-_"));

static DRIVER: Element = element("driver", "how the card works", "setting-nic-driver-specific-options").forms(&[EMULATION, ASSIGNMENT]);

static EMULATION: Body = EMPTY
    .attrs(&[
        optional("name", &DRIVERS, "who moves the packets").since(0, 8, 8),
        optional("queues", &POSITIVE, "how many pairs of queues").since(1, 0, 6),
        optional("rx_queue_size", &POSITIVE, "how many buffers a receive queue has: 256, 512 or 1024 with QEMU").since(2, 3, 0),
        optional("tx_queue_size", &POSITIVE, "how many buffers a transmit queue has").since(3, 7, 0),
        optional("txmode", &TX_MODES, "what is done with packets where the transmit buffer is full"),
        optional("ioeventfd", &ON_OFF, "whether a thread apart handles its I/O").since(0, 9, 3),
        optional("event_idx", &ON_OFF, "fewer interrupts and exits").since(0, 9, 5),
        optional("rss", &ON_OFF, "whether packets are spread over the queues by their hash").since(8, 3, 0),
        optional("rss_hash_report", &ON_OFF, "whether the guest is told the hash of each packet").since(8, 3, 0),
    ])
    .children(&[maybe(&HOST_OFFLOADS), maybe(&GUEST_OFFLOADS)])
    .also(&[&VIRTIO_OPTIONS]);

static VIRTIO_OPTIONS: Body = EMPTY.attrs(VIRTIO);

static DRIVERS: Value = Value::Words(&[means("qemu", "QEMU itself"), means("vhost", "the host's kernel; the default where it can")]);
static TX_MODES: Value = Value::Words(&[means("iothread", "left to a thread"), means("timer", "tried again after a time")]);

static HOST_OFFLOADS: Element =
    element("host", "what the host's side does in place of the guest", "setting-nic-driver-specific-options").since(1, 2, 9).attrs(&[
        CSUM,
        optional("gso", &ON_OFF, "segmentation of any kind"),
        TSO4,
        TSO6,
        ECN,
        UFO,
        optional("mrg_rxbuf", &ON_OFF, "packets that take several receive buffers").since(1, 2, 13),
    ]);

static GUEST_OFFLOADS: Element = element("guest", "what the guest's side may be spared", "setting-nic-driver-specific-options")
    .since(1, 2, 9)
    .attrs(&[CSUM, TSO4, TSO6, ECN, UFO]);

const CSUM: Attr = optional("csum", &ON_OFF, "checksums");
const TSO4: Attr = optional("tso4", &ON_OFF, "segmentation of TCP over IPv4");
const TSO6: Attr = optional("tso6", &ON_OFF, "segmentation of TCP over IPv6");
const ECN: Attr = optional("ecn", &ON_OFF, "segmentation with congestion notification");
const UFO: Attr = optional("ufo", &ON_OFF, "fragmentation of UDP");

static BACKEND: Element =
    element("backend", "what the host's side of it is made of", "setting-network-backend-specific-options").since(1, 2, 9).attrs(&[
        optional("type", &BACKENDS, "what connects a `user` interface").since(9, 0, 0),
        optional("tap", &ABSOLUTE_PATH, "the tun/tap device, instead of /dev/net/tun"),
        optional("vhost", &ABSOLUTE_PATH, "the vhost device, instead of /dev/vhost-net"),
        optional("logFile", &ABSOLUTE_PATH, "where passt writes its log").since(9, 0, 0),
        optional("hostname", &DNS_NAME, "the name that passt's DHCP gives the guest"),
        optional("fqdn", &DNS_NAME, "the full name that passt's DHCP gives the guest"),
    ]);

static BACKENDS: Value = Value::Words(&[means("default", "the hypervisor's own: SLIRP"), means("passt", "passt").since(9, 0, 0)]);

static BACKEND_DOMAIN: Element =
    element("backenddomain", "the domain that has the other end, for Xen", "setting-up-a-network-backend-in-a-driver-domain")
        .since(1, 2, 13)
        .attrs(&[required("name", &LINE, "its name")]);

static TARGET: Element = element("target", "the interface's device on the host", "overriding-the-target-element").attrs(&[
    required("dev", &DEVICE_NAME, "its name; `vnet`, `vif`, `macvtap`, `macvlan` begin names of libvirt's own"),
    optional("managed", &YES_NO, "`no` leaves a device that is there as it is").since(5, 7, 0),
]);

static GUEST: Element = element("guest", "the interface inside a container", "overriding-the-target-element").since(1, 2, 7).attrs(&[
    optional("dev", &DEVICE_NAME, "the name it shall have"),
    optional("actual", &DEVICE_NAME, "written by libvirt: the name it has"),
]);

static SCRIPT: Element = element("script", "run when the device is made", "generic-ethernet-connection").attrs(&[SCRIPT_PATH]);
static DOWN_SCRIPT: Element =
    element("downscript", "run when the device is gone", "generic-ethernet-connection").since(6, 4, 0).attrs(&[SCRIPT_PATH]);

const SCRIPT_PATH: Attr = required("path", &PATH, "the script");

static LINK: Element = element("link", "the cable", "modifying-virtual-link-state").since(0, 9, 5).attrs(&[required(
    "state",
    &LINK_STATES,
    "whether it is plugged in",
)]);

static LINK_STATES: Value = Value::Words(&[word("up"), word("down")]);

static COALESCE: Element =
    element("coalesce", "how many packets make an interrupt", "coalesce-settings").since(3, 3, 0).children(&[maybe(&COALESCE_RX)]);
static COALESCE_RX: Element = element("rx", "of received packets", "coalesce-settings").children(&[maybe(&COALESCE_FRAMES)]);
static COALESCE_FRAMES: Element =
    element("frames", "by their number", "coalesce-settings").attrs(&[optional("max", &U32, "at most so many")]);

static TUNE: Element =
    element("tune", "sizes of the host's device", "setting-network-backend-specific-options").children(&[maybe(&SEND_BUFFER)]);
static SEND_BUFFER: Element =
    element("sndbuf", "the send buffer of the tap device, in bytes", "setting-network-backend-specific-options").text(&U32);

static PORT_FORWARD: Element =
    element("portForward", "traffic to the host that passt passes on to the guest", "userspace-slirp-or-passt-connection")
        .since(9, 0, 0)
        .attrs(&[
            required("proto", &PROTOCOLS, "the protocol"),
            optional("address", &IP, "the host's address it comes to; any where it is missing"),
            optional("dev", &DEVICE_NAME, "the host's interface it comes to"),
        ])
        .children(&[any(&PORT_RANGE)]);

static PROTOCOLS: Value = Value::Words(&[word("tcp"), word("udp")]);

static PORT_RANGE: Element = element("range", "ports to pass on; none given: all of them", "userspace-slirp-or-passt-connection").attrs(&[
    required("start", &PORT, "the first"),
    optional("end", &PORT, "the last; the first where it is missing"),
    optional("to", &PORT, "what the first becomes in the guest"),
    optional("exclude", &YES_NO, "`yes` keeps these from being passed on"),
]);

#[cfg(test)]
mod tests {
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
                    ^^^^^^^^^^^^^^^^^ error[structure-bad-value]: `53:54:00:00:00:01` is no `address` of `mac`: a unicast MAC address, its second digit even such as `52:54:00:6b:3c:58` would be
      <source network='default'/>
       ^^^^^^ error[structure-missing-attribute]: `source` lacks the attribute `bridge`
      <driver name='vhots' queues='0'/>
                    ^^^^^ error[structure-bad-value]: `vhots` is no `name` of `driver`: did you mean `vhost`?
                    | fix: Write vhost
                                   ^ error[structure-bad-value]: `0` is no `queues` of `driver`: a number from 1 would be
    </interface>
    <interface type='network'>
      <source network='default' mode='vepa'/>
                                ^^^^ error[structure-unknown-attribute]: `source` has no attribute `mode`: without validation libvirt drops it
                                | fix: Remove mode
      <vlan/>
       ^^^^ error[structure-missing-element]: `vlan` lacks its `tag`
      <link state='off'/>
                   ^^^ error[structure-bad-value]: `off` is no `state` of `link`: `up`, `down` would be
      <mtu/>
       ^^^ error[structure-missing-attribute]: `mtu` lacks the attribute `size`
      <portForward proto='icmp'/>
                          ^^^^ error[structure-bad-value]: `icmp` is no `proto` of `portForward`: `tcp`, `udp` would be
    </interface>
  </devices>
</domain>
",
        );
    }
}

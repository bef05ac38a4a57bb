//! What an interface is connected to: its `source`, for each type.

use super::super::common::{PCI_PLACE, RECONNECT};
use super::super::hostdev::{USB_BUS_ADDRESS, USB_PRODUCT, USB_VENDOR};
use super::super::network::IP_SETUP;
use super::super::pattern::{ABSOLUTE_PATH, BRIDGE_NAME, DEVICE_NAME, IPV4, LONG, PORT, USB_ADDRESS, UUID, YES_NO};
use super::super::value::{Value, means, word};
use super::super::{Attr, Drivers, EMPTY, Element, by_attr, case, element, maybe, once, optional, required};

const fn source(about: &'static str, chapter: &'static str) -> Element {
    element("source", about, chapter)
}

/// `<source>`: a virtual network.
pub static NETWORK: Element = source("the network", "virtual-network").attrs(OF_NETWORK).forms(&[EMPTY, EMPTY.attrs(OF_BRIDGE)]);

/// `<source>`: a bridge of the host.
pub static BRIDGE: Element = source("the bridge", "bridge-to-lan").attrs(OF_BRIDGE).forms(&[EMPTY, EMPTY.attrs(OF_NETWORK)]);

static OF_NETWORK: &[Attr] = &[
    required("network", &Value::Any, "the network's name"),
    optional("portgroup", &DEVICE_NAME, "the port group of the network").since(0, 9, 4),
    optional("portid", &UUID, "written by libvirt: the port while it runs").since(5, 1, 0),
];

static OF_BRIDGE: &[Attr] = &[
    required("bridge", &BRIDGE_NAME, "the bridge's name"),
    optional("macTableManager", &MAC_TABLE_MANAGERS, "who keeps the bridge's table of MAC addresses"),
];

static MAC_TABLE_MANAGERS: Value =
    Value::Words(&[means("kernel", "the bridge learns by flooding"), means("libvirt", "libvirt enters and removes them")]);

/// `<source>`: the host's side of a device.
pub static ETHERNET: Element =
    source("addresses and routes for the host's side of the interface", "generic-ethernet-connection").since(2, 1, 0).also(&[&IP_SETUP]);

/// `<source>`: passt's way out.
pub static USER: Element = source(
    "the interface of the host whose routes and addresses passt takes",
    "userspace-slirp-or-passt-connection",
)
.attrs(&[required("dev", &DEVICE_NAME, "the interface of the host").since(9, 0, 0).only(Drivers::QEMU)]);

/// `<source>`: a device of the host under macvtap.
pub static DIRECT: Element = source("the device of the host", "direct-attachment-to-physical-interface")
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

/// `<source>`: a device of the host, given away.
pub static HOSTDEV: Element = source("the device of the host", "pci-passthrough")
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

/// `<source>`: a socket of another process.
pub static VHOST_USER: Element = source("the socket that the other process is reached by", "vhost-user-interface")
    .forms(&[
        EMPTY.attrs(&[
            required("type", &UNIX, "the kind of channel"),
            required("path", &ABSOLUTE_PATH, "the socket"),
            required("mode", &SOCKET_MODES, "who of the two listens"),
        ]),
        EMPTY.since(11, 1, 0).attrs(&[
            optional("type", &UNIX, "the kind of channel"),
            optional("path", &ABSOLUTE_PATH, "the socket"),
            optional("mode", &SOCKET_MODES, "who of the two listens"),
            optional("dev", &DEVICE_NAME, "the interface of the host for passt"),
        ]),
    ])
    .children(&[maybe(&CONNECTED_AGAIN)]);

static CONNECTED_AGAIN: Element = RECONNECT.since(4, 1, 0);

static UNIX: Value = Value::Words(&[word("unix")]);
static SOCKET_MODES: Value = Value::Words(&[means("server", "the guest's process listens"), means("client", "the other process listens")]);

/// `<source>`: a vDPA device.
pub static VDPA: Element =
    source("the device of the host", "vdpa-devices").attrs(&[required("dev", &DEVICE_NAME, "its file, such as `/dev/vhost-vdpa-0`")]);

/// `<source>`: a network inside the hypervisor.
pub static INTERNAL: Element = source("the network", "network-interfaces").attrs(&[required("name", &DEVICE_NAME, "its name")]);

/// `<source>`: a multicast group or a server.
pub static PEER: Element = source("the group, or the server", "multicast-tunnel").attrs(&[TO_ADDRESS, TO_PORT]);

/// `<source>`: where a server listens.
pub static LISTENER: Element = source("where it listens", "tcp-tunnel")
    .attrs(&[optional("address", &IPV4, "the address; all of the host where it is missing"), required("port", &PORT, "the port")]);

/// `<source>`: the ends of a UDP tunnel.
pub static UDP: Element =
    source("where packets are sent to", "udp-unicast-tunnel").attrs(&[TO_ADDRESS, TO_PORT]).children(&[once(&UDP_LOCAL)]);

static UDP_LOCAL: Element = element("local", "where packets are sent from", "udp-unicast-tunnel").attrs(&[TO_ADDRESS, TO_PORT]);

const TO_ADDRESS: Attr = required("address", &IPV4, "the address");
const TO_PORT: Attr = required("port", &PORT, "the port");

/// `<source>`: a distributed switch of VMware's.
pub static VDS: Element = source("the switch and its port", "vmware-distributed-switch").attrs(&[
    required("switchid", &UUID, "the switch"),
    optional("portid", &LONG, "the port"),
    optional("portgroupid", &Value::Any, "the port group"),
    optional("connectionid", &LONG, "the connection"),
]);

//! Network interfaces.

mod card;
mod source;

use super::common::{ACPI_INDEX, ADDRESS, ALIAS, BOOT, ROM};
use super::network::{BANDWIDTH, FILTER_REF, IP_SETUP, MTU, PORT_OPTIONS, TEAMING, VIRTUAL_PORT, VLAN};
use super::pattern::{ABSOLUTE_PATH, DEVICE_NAME, DNS_NAME, IP, LINE, PATH, PORT, U32, UNICAST_MAC, YES_NO};
use super::value::{Value, means, word};
use super::{Attr, Child, Drivers, EMPTY, Element, any, by_attr, case, element, maybe, once, optional, required};
use card::{DRIVER, MODEL};
use source::{BRIDGE, DIRECT, ETHERNET, HOSTDEV, INTERNAL, LISTENER, NETWORK, PEER, UDP, USER, VDPA, VDS, VHOST_USER};

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
            case(&["vhostuser"], EMPTY.forms(&[EMPTY.children(&[once(&VHOST_USER)]), EMPTY.since(11, 1, 0)])),
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
    means("direct", "a device of the host, through macvtap").only(Drivers::QEMU.and(Drivers::LXC)),
    means("hostdev", "a network device of the host, given to the guest").since(0, 9, 11),
    means("vhostuser", "another process, through a socket and shared memory")
        .since(1, 2, 7)
        .only(Drivers::QEMU.and(Drivers::CLOUD_HYPERVISOR)),
    means("vdpa", "a vDPA device of the host").since(6, 9, 0).only(Drivers::QEMU),
    means("internal", "a network inside the hypervisor"),
    means("mcast", "other guests, through a multicast group"),
    means("server", "other guests, as the server of a TCP tunnel"),
    means("client", "other guests, as a client of a TCP tunnel"),
    means("udp", "another guest, through a UDP tunnel").since(1, 2, 20).only(Drivers::QEMU),
    means("null", "nothing").since(8, 7, 0),
    means("vds", "a distributed switch of VMware's").since(8, 7, 0).only(Drivers::VMWARE),
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

static MAC: Element = element("mac", "its MAC address; libvirt makes one up where it is missing", "network-interfaces").attrs(&[
    required("address", &UNICAST_MAC, "the address"),
    optional("type", &MAC_TYPES, "whether an address of VMware's range is kept").since(6, 6, 0).only(Drivers::VMWARE),
    optional("check", &YES_NO, "whether VMware makes sure that the address is of its range").only(Drivers::VMWARE),
    optional("currentAddress", &UNICAST_MAC, "written by libvirt: the address that the guest has set").since(11, 2, 0).only(Drivers::QEMU),
]);

static MAC_TYPES: Value = Value::Words(&[word("generated"), word("static")]);

static BACKEND: Element =
    element("backend", "what the host's side of it is made of", "setting-network-backend-specific-options").since(1, 2, 9).attrs(&[
        optional("type", &BACKENDS, "what connects a `user` interface").since(9, 0, 0),
        optional("tap", &ABSOLUTE_PATH, "the tun/tap device, instead of /dev/net/tun"),
        optional("vhost", &ABSOLUTE_PATH, "the vhost device, instead of /dev/vhost-net"),
        optional("logFile", &ABSOLUTE_PATH, "where passt writes its log").since(9, 0, 0).only(Drivers::QEMU),
        optional("hostname", &DNS_NAME, "the name that passt's DHCP gives the guest").since(11, 8, 0).only(Drivers::QEMU),
        optional("fqdn", &DNS_NAME, "the full name that passt's DHCP gives the guest").since(11, 8, 0).only(Drivers::QEMU),
    ]);

static BACKENDS: Value = Value::Words(&[
    means("default", "the hypervisor's own: SLIRP").since(9, 1, 0),
    means("passt", "passt").since(9, 0, 0).only(Drivers::QEMU),
]);

static BACKEND_DOMAIN: Element =
    element("backenddomain", "the domain that has the other end", "setting-up-a-network-backend-in-a-driver-domain")
        .since(1, 2, 13)
        .only(Drivers::XEN)
        .attrs(&[required("name", &LINE, "its name")]);

static TARGET: Element = element("target", "the interface's device on the host", "overriding-the-target-element").attrs(&[
    required("dev", &DEVICE_NAME, "its name; `vnet`, `vif`, `macvtap`, `macvlan` begin names of libvirt's own"),
    optional("managed", &YES_NO, "`no` leaves a device that is there as it is").since(5, 7, 0),
]);

static GUEST: Element = element("guest", "the interface inside a container", "overriding-the-target-element")
    .since(1, 2, 7)
    .only(Drivers::LXC.and(Drivers::OPENVZ))
    .attrs(&[
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
        .only(Drivers::QEMU)
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
mod tests;

//! What networks and interfaces share: switches, rates, VLANs, addresses and routes, filters.

use super::pattern::{ALIAS_NAME, BYTE, FILTER_NAME, FILTER_VALUE, FILTER_VARIABLE, IP, IPV4, PORT_PROFILE, U16, U24, U32, UUID, YES_NO};
use super::value::{Value, means, word};
use super::{Attr, Body, Drivers, EMPTY, Element, any, by_attr, case, element, maybe, once, optional, required, some};

/// `<virtualport>`.
pub static VIRTUAL_PORT: Element = element("virtualport", "what the switch is told about the port", "virtual-network")
    .attrs(&[optional("type", &SWITCHES, "the kind of switch; may come from the network or its port group")])
    .variants(&[by_attr(
        "type",
        &[
            case(&["802.1Qbg"], EMPTY.children(&[maybe(&QBG)])),
            case(&["802.1Qbh"], EMPTY.children(&[maybe(&QBH)])),
            case(&["openvswitch"], EMPTY.children(&[maybe(&OPEN_VSWITCH)])),
            case(&["midonet"], EMPTY.children(&[once(&MIDONET)])),
        ],
    )
    .absent(&ANY_SWITCH)]);

static SWITCHES: Value = Value::Words(&[
    means("802.1Qbg", "VEPA, by a VSI"),
    means("802.1Qbh", "VN-Link, by a port profile"),
    means("openvswitch", "Open vSwitch").since(0, 9, 11),
    means("midonet", "MidoNet").since(1, 2, 13),
]);

const fn parameters() -> Element {
    element("parameters", "what the switch knows the port by", "direct-attachment-to-physical-interface")
}

static QBG: Element = parameters().attrs(&[MANAGER_ID, TYPE_ID, TYPE_ID_VERSION, INSTANCE_ID]);
static QBH: Element = parameters().attrs(&[PROFILE_ID]);
static OPEN_VSWITCH: Element = parameters().attrs(&[PROFILE_ID, INTERFACE_ID]);
static MIDONET: Element = parameters().attrs(&[required("interfaceid", &UUID, "the port of the virtual topology")]);
static ANY_SWITCH: Body = EMPTY.since(0, 10, 0).children(&[maybe(&ANY_PARAMETERS)]);
static ANY_PARAMETERS: Element = parameters().attrs(&[MANAGER_ID, TYPE_ID, TYPE_ID_VERSION, INSTANCE_ID, PROFILE_ID, INTERFACE_ID]);

const MANAGER_ID: Attr = optional("managerid", &BYTE, "the database of VSI types, not 0");
const TYPE_ID: Attr = optional("typeid", &U24, "the VSI type");
const TYPE_ID_VERSION: Attr = optional("typeidversion", &BYTE, "the version of the VSI type");
const INSTANCE_ID: Attr = optional("instanceid", &UUID, "the VSI of this interface");
const PROFILE_ID: Attr = optional("profileid", &PORT_PROFILE, "the port profile");
const INTERFACE_ID: Attr = optional("interfaceid", &UUID, "the interface, as Open vSwitch knows it; made up where it is missing");

/// `<bandwidth>`.
pub static BANDWIDTH: Element = element("bandwidth", "how fast traffic may be", "quality-of-service")
    .since(0, 9, 4)
    .attrs(&[optional("classID", &CLASS, "written by libvirt: the class of its traffic on the bridge")])
    .children(&[maybe(&INBOUND), maybe(&OUTBOUND)]);

static INBOUND: Element = element("inbound", "traffic to the guest", "quality-of-service").attrs(RATES);
static OUTBOUND: Element = element("outbound", "traffic from the guest", "quality-of-service").attrs(RATES);

static RATES: &[Attr] = &[
    optional("average", &SPEED, "the rate in the long run, in KiB a second"),
    optional("peak", &SPEED, "the rate of a burst, in KiB a second"),
    optional("floor", &SPEED, "the least rate that is kept for it, in KiB a second; for inbound alone").since(1, 0, 1),
    optional("burst", &BURST, "how much may pass at the peak rate, in KiB"),
];

static SPEED: Value = Value::Number(1, 18_014_398_509_481_984);
static BURST: Value = Value::Number(1, 4_294_967_295);
static CLASS: Value = Value::Number(1, u64::MAX);

/// `<vlan>`.
pub static VLAN: Element =
    element("vlan", "the VLANs of the guest's traffic, which the guest does not see", "setting-vlan-tag-on-supported-network-types-only")
        .since(0, 10, 0)
        .attrs(&[optional("trunk", &TRUNK, "trunking, even of a single tag")])
        .children(&[some(&TAG)]);

static TRUNK: Value = Value::Words(&[word("yes")]);

static TAG: Element = element("tag", "one VLAN", "setting-vlan-tag-on-supported-network-types-only").attrs(&[
    required("id", &VLAN_ID, "its number"),
    optional("nativeMode", &NATIVE_MODES, "makes it the native VLAN of an Open vSwitch trunk").since(1, 1, 0),
]);

static VLAN_ID: Value = Value::Number(0, 4095);
static NATIVE_MODES: Value =
    Value::Words(&[means("tagged", "its traffic carries the tag"), means("untagged", "its traffic carries no tag")]);

/// `<port>` of an interface.
pub static PORT_OPTIONS: Element = element("port", "the port of the bridge", "isolating-guests-network-traffic-from-each-other")
    .since(6, 1, 0)
    .attrs(&[optional("isolated", &YES_NO, "kept from the other isolated ports of the bridge")]);

/// `<mtu>`.
pub static MTU: Element =
    element("mtu", "the largest packet of the link", "mtu-configuration").since(3, 1, 0).attrs(&[required("size", &U16, "in bytes")]);

/// Addresses and routes of an interface, in the guest or on the host.
pub static IP_SETUP: Body = EMPTY.children(&[any(&IP_ADDRESS), any(&ROUTE)]);

static IP_ADDRESS: Element = element("ip", "an address for the interface to have", "ip-configuration").since(1, 2, 12).attrs(&[
    required("address", &IP, "the address"),
    optional("family", &FAMILIES, "the family of the address"),
    optional("prefix", &PREFIX, "how many bits of it name the network"),
    optional("peer", &IP, "the other end of a point-to-point link").since(2, 1, 0),
]);

static ROUTE: Element = element("route", "a route of the interface", "ip-configuration")
    .since(1, 2, 12)
    .attrs(&[
        optional("family", &FAMILIES, "the family of the addresses"),
        optional("address", &IP, "the network it leads to"),
        required("gateway", &IP, "the router it goes through"),
        optional("metric", &U32, "its cost: the lower is taken"),
    ])
    .forms(&[
        EMPTY.attrs(&[optional("prefix", &PREFIX, "how many bits of the address name the network")]),
        EMPTY.attrs(&[optional("netmask", &IPV4, "the same as a mask, of IPv4")]),
    ]);

static FAMILIES: Value = Value::Words(&[word("ipv4"), word("ipv6")]);
static PREFIX: Value = Value::Number(0, 128);

/// `<filterref>`.
pub static FILTER_REF: Element = element("filterref", "a network filter for the interface's traffic", "traffic-filtering-with-nwfilter")
    .only(Drivers::QEMU.and(Drivers::LXC).and(Drivers::CLOUD_HYPERVISOR))
    .attrs(&[required("filter", &FILTER_NAME, "the filter")])
    .children(&[any(&FILTER_PARAMETER)]);

static FILTER_PARAMETER: Element = element("parameter", "a variable of the filter", "traffic-filtering-with-nwfilter")
    .attrs(&[required("name", &FILTER_VARIABLE, "the variable"), required("value", &FILTER_VALUE, "what it says; again for a list")]);

/// `<teaming>` of an interface.
pub static TEAMING: Element = teaming().since(6, 1, 0).also(&[&TEAM]);
/// `<teaming>` of a host device.
pub static HOSTDEV_TEAMING: Element = teaming().since(7, 1, 0).also(&[&TEAM]);

const fn teaming() -> Element {
    element("teaming", "makes it one of a pair, of which the guest sees a single interface", "teaming-a-virtio-hostdev-nic-pair")
        .only(Drivers::QEMU)
}

static TEAM: Body = EMPTY.attrs(&[required("type", &TEAM_ROLES, "its role in the pair")]).variants(&[by_attr(
    "type",
    &[case(&["transient"], EMPTY.attrs(&[required("persistent", &ALIAS_NAME, "the alias of the other of the pair")]))],
)]);

static TEAM_ROLES: Value =
    Value::Words(&[means("persistent", "always there"), means("transient", "unplugged for a migration, and plugged in again")]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_filters_are_xml_names() {
        for (name, fits) in [("clean-traffic", true), ("_x.1", true), ("1x", false), ("a:b", false), ("", false), ("façade", true)] {
            assert_eq!(FILTER_NAME.fits(name), fits, "{name}");
        }
    }
}

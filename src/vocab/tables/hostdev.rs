//! Devices of the host that are given to the guest.

use super::common::{ACPI_INDEX, ADDRESS, ALIAS, BOOT, PCI_PLACE, ROM, VIRTIO_MODELS};
use super::disk::AUTH_SECRET;
use super::network::{HOSTDEV_TEAMING, IP_SETUP};
use super::pattern::{
    ABSOLUTE_PATH, DEVICE_NAME, GENERIC_NAME, NAA, ON_OFF, PORT, POSITIVE, SCSI_TARGET, SCSI_UNIT, TWO_DIGITS, USB_ADDRESS, USB_ID,
    USB_PORT, UUID, WWN, YES_NO,
};
use super::value::{Value, means, word};
use super::{Attr, Body, Drivers, EMPTY, Element, by_attr, case, element, maybe, once, optional, required, some};

const CHAPTER: &str = "usb-pci-scsi-devices";
const CONTAINERS: &str = "block-character-devices";

/// `<hostdev>`.
pub static HOSTDEV: Element = element("hostdev", "a device of the host, given to the guest", "host-device-assignment")
    .attrs(&[optional("mode", &MODES, "whether the guest gets the device or, in a container, the right to it")])
    .children(&[maybe(&BOOT), maybe(&ROM), maybe(&READ_ONLY), maybe(&SHAREABLE), maybe(&ACPI_INDEX), maybe(&ALIAS), maybe(&ADDRESS)])
    .variants(&[by_attr("mode", &[case(&["subsystem"], SUBSYSTEM), case(&["capabilities"], CAPABILITIES)]).absent(&SUBSYSTEM)]);

static MODES: Value = Value::Words(&[
    means("subsystem", "a device of a bus; the default"),
    means("capabilities", "a device file or an interface").since(1, 0, 1).only(Drivers::LXC),
]);

static READ_ONLY: Element = element("readonly", "the guest may not write to it; for SCSI", CHAPTER).since(1, 0, 6).only(Drivers::QEMU);
static SHAREABLE: Element = element("shareable", "other domains may have it too; for SCSI", CHAPTER).since(1, 0, 6);

static SUBSYSTEM: Body = EMPTY
    .attrs(&[
        required("type", &SUBSYSTEMS, "the kind of device"),
        optional("managed", &YES_NO, "whether libvirt takes a PCI device from the host and gives it back"),
    ])
    .variants(&[by_attr(
        "type",
        &[
            case(&["pci"], EMPTY.attrs(PCI_SCREEN).children(&[once(&PCI), maybe(&DRIVER), maybe(&HOSTDEV_TEAMING)])),
            case(&["usb"], EMPTY.children(&[once(&USB)])),
            case(&["scsi"], EMPTY.attrs(SCSI_ACCESS).children(&[once(&SCSI)])),
            case(&["scsi_host"], EMPTY.attrs(&[VHOST_MODEL]).children(&[once(&SCSI_HOST)])),
            case(&["mdev"], EMPTY.attrs(&[MDEV_MODEL]).also(&[&EMPTY.attrs(MDEV_SCREEN)]).children(&[once(&MDEV)])),
        ],
    )]);

static SUBSYSTEMS: Value = Value::Words(&[
    means("pci", "a PCI device"),
    means("usb", "a USB device"),
    means("scsi", "a SCSI device").since(1, 0, 6).only(Drivers::QEMU),
    means("scsi_host", "all that a vhost-scsi target shows").since(2, 5, 0),
    means("mdev", "a mediated device: a share of a device").since(3, 2, 0),
]);

const DISPLAY: Attr = optional("display", &ON_OFF, "whether its screen is shown by the guest's graphics");
const RAMFB: Attr = optional("ramfb", &ON_OFF, "whether a framebuffer in memory stands in while the guest boots");
static MDEV_SCREEN: &[Attr] = &[DISPLAY.since(4, 6, 0).only(Drivers::QEMU), RAMFB.since(5, 10, 0)];
static PCI_SCREEN: &[Attr] = &[DISPLAY.since(10, 3, 0), RAMFB.since(10, 3, 0)];

static SCSI_ACCESS: &[Attr] = &[
    optional("sgio", &FILTERING, "whether SG_IO commands are filtered"),
    optional("rawio", &YES_NO, "whether the guest's process may do raw I/O").since(1, 2, 9),
];

static FILTERING: Value = Value::Words(&[word("filtered"), word("unfiltered")]);

const VHOST_MODEL: Attr = optional("model", &VIRTIO_MODELS, "how the guest sees it").since(5, 2, 0);
const MDEV_MODEL: Attr = required("model", &MDEV_MODELS, "the interface of the host's driver");

static MDEV_MODELS: Value = Value::Words(&[
    means("vfio-pci", "the guest sees a PCI device"),
    means("vfio-ccw", "the guest sees a channel device of s390").since(4, 4, 0),
    means("vfio-ap", "the guest sees crypto processors of s390").since(4, 9, 0),
]);

/// `<driver>` of a device that the host gives away.
pub static DRIVER: Element = Element { body: ASSIGNMENT, ..element("driver", "how the device is given to the guest", CHAPTER) };

/// What `driver` may say of such a device.
pub static ASSIGNMENT: Body = EMPTY.attrs(&[
    optional("name", &DRIVERS, "who gives it").since(1, 0, 5),
    optional("model", &GENERIC_NAME, "the host's driver to bind it to").since(10, 0, 0).only(Drivers::QEMU),
    optional("iommufd", &YES_NO, "whether it is given through IOMMUFD").since(12, 1, 0).only(Drivers::QEMU),
]);

static DRIVERS: Value = Value::Words(&[
    means("vfio", "VFIO, the only one of today's kernels").only(Drivers::QEMU.and(Drivers::CLOUD_HYPERVISOR)),
    means("kvm", "KVM itself; of old kernels").only(Drivers::QEMU),
    means("xen", "Xen").only(Drivers::XEN),
]);

static PCI: Element = element("source", "the device on the host", CHAPTER)
    .attrs(&[
        STARTUP_POLICY,
        optional("writeFiltering", &YES_NO, "`no` lets the guest write to all of the configuration space")
            .since(6, 8, 0)
            .only(Drivers::XEN),
    ])
    .children(&[once(&PCI_ADDRESS)]);

/// `<address>` of a PCI device of the host.
static PCI_ADDRESS: Element = element("address", "its PCI address on the host", CHAPTER).attrs(PCI_PLACE);

const STARTUP_POLICY: Attr = optional("startupPolicy", &STARTUP_POLICIES, "what to do where the device is missing").since(1, 0, 0);

static STARTUP_POLICIES: Value = Value::Words(&[
    means("mandatory", "fail; the default"),
    means("requisite", "fail at a start, drop it at a migration, restore or revert"),
    means("optional", "drop it"),
]);

static USB: Element = element("source", "the device on the host", CHAPTER)
    .attrs(&[STARTUP_POLICY, optional("guestReset", &GUEST_RESETS, "whether the guest may reset it").since(8, 6, 0)])
    .forms(&[EMPTY.children(&[once(&USB_VENDOR), once(&USB_PRODUCT), maybe(&USB_BUS_ADDRESS)]), EMPTY.children(&[once(&USB_BUS_ADDRESS)])]);

static GUEST_RESETS: Value =
    Value::Words(&[means("off", "never"), means("uninitialized", "while it is not initialized"), means("on", "always")]);

/// `<vendor>` of a USB device of the host.
pub static USB_VENDOR: Element = element("vendor", "who made it", CHAPTER).attrs(&[required("id", &USB_ID, "the vendor's number")]);
/// `<product>` of a USB device of the host.
pub static USB_PRODUCT: Element = element("product", "what it is", CHAPTER).attrs(&[required("id", &USB_ID, "the product's number")]);
/// `<address>` of a USB device of the host.
pub static USB_BUS_ADDRESS: Element =
    element("address", "its place on the host's USB", CHAPTER).attrs(&[required("bus", &USB_ADDRESS, "the bus")]).forms(&[
        EMPTY.attrs(&[required("device", &USB_ADDRESS, "the device on the bus; another after it is plugged in again")]),
        EMPTY.attrs(&[required("port", &USB_PORT, "the port, those of hubs before it").since(9, 1, 0)]),
    ]);

static SCSI: Element = element("source", "the device on the host, or on an iSCSI target", CHAPTER)
    .attrs(&[optional("protocol", &SCSI_PROTOCOLS, "where it is").since(1, 2, 8)])
    .variants(&[by_attr("protocol", &[case(&["adapter"], LOCAL_SCSI), case(&["iscsi"], ISCSI)]).absent(&LOCAL_SCSI)]);

static SCSI_PROTOCOLS: Value = Value::Words(&[means("adapter", "on the host; the default"), means("iscsi", "on an iSCSI target")]);

static LOCAL_SCSI: Body = EMPTY.children(&[once(&ADAPTER), once(&SCSI_ADDRESS)]);

static ADAPTER: Element = element("adapter", "the host's adapter that it is behind", CHAPTER)
    .attrs(&[optional("type", &ADAPTERS, "the kind of adapter")])
    .variants(&[by_attr("type", &[case(&["scsi_host"], SCSI_ADAPTER), case(&["fc_host"], FIBRE_ADAPTER)]).absent(&SCSI_ADAPTER)]);

static ADAPTERS: Value = Value::Words(&[means("scsi_host", "a SCSI host; the default"), means("fc_host", "a Fibre Channel host")]);

static SCSI_ADAPTER: Body = EMPTY
    .forms(&[EMPTY.attrs(&[required("name", &Value::Any, "its name, such as `scsi_host0`")]), EMPTY.children(&[once(&PARENT_ADDRESS)])]);

static PARENT_ADDRESS: Element = element("parentaddr", "the adapter by its place, which stays", CHAPTER)
    .attrs(&[optional("unique_id", &POSITIVE, "which of those at that place")])
    .children(&[once(&PCI_ADDRESS)]);

static FIBRE_ADAPTER: Body = EMPTY.attrs(&[
    optional("parent", &Value::Any, "the adapter it is a virtual one of"),
    optional("managed", &YES_NO, "whether libvirt removes it in the end"),
    optional("parent_wwnn", &WWN, "the parent by its node"),
    optional("parent_wwpn", &WWN, "the parent by its port"),
    optional("parent_fabric_wwn", &WWN, "the parent by its fabric"),
    required("wwnn", &WWN, "its node name"),
    required("wwpn", &WWN, "its port name"),
]);

static SCSI_ADDRESS: Element = element("address", "its place behind the adapter", CHAPTER).attrs(&[
    required("bus", &TWO_DIGITS, "the bus"),
    required("target", &SCSI_TARGET, "the target on the bus"),
    required("unit", &SCSI_UNIT, "the unit of the target"),
]);

static ISCSI: Body = EMPTY.attrs(&[required("name", &Value::Any, "the target's name and the unit after a `/`")]).children(&[
    some(&ISCSI_HOST),
    maybe(&AUTH),
    maybe(&INITIATOR),
]);

static ISCSI_HOST: Element = element("host", "where the target is", CHAPTER)
    .attrs(&[required("name", &Value::Any, "its name or address"), optional("port", &PORT, "its port; 3260 where it is missing")]);

static AUTH: Element = element("auth", "who the host is to the target", CHAPTER)
    .attrs(&[required("username", &GENERIC_NAME, "the name")])
    .children(&[once(&AUTH_SECRET)]);

static INITIATOR: Element = element("initiator", "who asks the target", CHAPTER).since(6, 7, 0).children(&[once(&INITIATOR_NAME)]);
static INITIATOR_NAME: Element = element("iqn", "its name", CHAPTER).attrs(&[required("name", &Value::Any, "an iSCSI qualified name")]);

static SCSI_HOST: Element = element("source", "the target on the host", CHAPTER)
    .attrs(&[required("protocol", &VHOST, "how it is reached"), required("wwpn", &NAA, "its world-wide name")]);

static VHOST: Value = Value::Words(&[word("vhost")]);

static MDEV: Element = element("source", "the mediated device on the host", CHAPTER).children(&[once(&MDEV_ADDRESS)]);
static MDEV_ADDRESS: Element = element("address", "which one it is", CHAPTER).attrs(&[required("uuid", &UUID, "its UUID")]);

static CAPABILITIES: Body = EMPTY.attrs(&[required("type", &CAPABILITY_TYPES, "the kind of device")]).variants(&[by_attr(
    "type",
    &[
        case(&["storage"], EMPTY.children(&[once(&STORAGE)])),
        case(&["misc"], EMPTY.children(&[once(&MISC)])),
        case(&["net"], EMPTY.children(&[once(&NET)]).also(&[&IP_SETUP])),
    ],
)]);

static CAPABILITY_TYPES: Value =
    Value::Words(&[means("storage", "a block device"), means("misc", "a character device"), means("net", "an interface")]);

static STORAGE: Element = element("source", "the device on the host", CONTAINERS).children(&[once(&BLOCK)]);
static BLOCK: Element = element("block", "its file", CONTAINERS).text(&ABSOLUTE_PATH);
static MISC: Element = element("source", "the device on the host", CONTAINERS).children(&[once(&CHAR)]);
static CHAR: Element = element("char", "its file", CONTAINERS).text(&ABSOLUTE_PATH);
static NET: Element = element("source", "the interface of the host", CONTAINERS).children(&[once(&NET_INTERFACE)]);
static NET_INTERFACE: Element = element("interface", "its name", CONTAINERS).text(&DEVICE_NAME);

#[cfg(test)]
mod tests {
    use crate::support::{check, codes};

    const GENERAL: &str = "<name>a</name><memory>1</memory><os><type>hvm</type></os>";

    #[test]
    fn every_kind_of_device_passes() {
        let valid = [
            "mode='subsystem' type='pci' managed='yes'><source><address bus='0x06' slot='0x02'/></source><driver name='vfio'/><rom bar='on'/>",
            "type='usb'><source startupPolicy='optional' guestReset='off'><vendor id='0x1234'/><product id='0xbeef'/></source>",
            "type='usb'><source><address bus='1' device='2'/></source><boot order='1'/>",
            "type='scsi' sgio='filtered'><source><adapter name='scsi_host0'/><address bus='0' target='0' unit='0'/></source><readonly/>",
            "type='scsi'><source protocol='iscsi' name='iqn.2014-08.example:a/1'><host name='host.example' port='3260'/></source><shareable/>",
            "type='scsi_host' model='virtio'><source protocol='vhost' wwpn='naa.50014057667280d8'/>",
            "type='mdev' model='vfio-pci' display='on'><source><address uuid='c2177883-f1bb-47f0-914d-32a22e3a8804'/></source>",
            "mode='capabilities' type='storage'><source><block>/dev/sdf1</block></source>",
            "mode='capabilities' type='misc'><source><char>/dev/input/event3</char></source>",
            "mode='capabilities' type='net'><source><interface>eth0</interface></source><ip address='192.0.2.6' prefix='24'/>",
        ];
        for hostdev in valid {
            let xml = format!("<domain type='kvm'>{GENERAL}<devices><hostdev {hostdev}</hostdev></devices></domain>");
            let found: Vec<_> = codes("none", &xml).into_iter().filter(|code| code.starts_with("structure-")).collect();
            assert!(found.is_empty(), "{hostdev}: {found:?}");
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
    <hostdev mode='subsystem' type='pci' managed='true'>
                                                  ^^^^ error[structure-bad-value]: `true` is no `managed` of `hostdev`; expected `yes`, `no`
      <source><address bus='06' slot='0x20' type='pci'/></source>
                                      ^^^^ error[structure-bad-value]: `0x20` is no `slot` of `address`; expected a PCI slot from 0x00 to 0x1f such as `0x02`
                                            ^^^^ error[structure-unknown-attribute]: `address` has no attribute `type`: without validation libvirt drops it
                                            | fix: Remove type
    </hostdev>
    <hostdev mode='subsystem' type='mdev'>
     ^^^^^^^ error[structure-missing-attribute]: `hostdev` lacks the attribute `model`
      <source><address uuid='c2177883'/></source>
                             ^^^^^^^^ error[structure-bad-value]: this is no `uuid` of `address`; expected a UUID such as `c7a5fdbd-edaf-9455-926a-d65c16db1809`
      <driver name='vfio'/>
       ^^^^^^ error[structure-misplaced-element]: `driver` does not go with this kind of `hostdev`
    </hostdev>
    <hostdev mode='capabilities' type='usb'>
                                       ^^^ error[structure-bad-value]: `usb` is no `type` of `hostdev`; expected `storage`, `misc`, `net`
      <source><block>sdf1</block></source>
    </hostdev>
    <hostdev mode='capabilities' type='storage'>
      <source><block>sdf1</block></source>
                     ^^^^ error[structure-bad-text]: `sdf1` is no text of `block`; expected an absolute path such as `/var/lib/libvirt/images/alpha.qcow2`
    </hostdev>
  </devices>
</domain>
",
        );
    }
}

//! What several devices share: aliases, addresses, the boot order, ROMs, options of virtio, labels.

use super::pattern::{
    ABSOLUTE_PATH, ALIAS_NAME, BYTE, CCW_CSSID, CCW_DEVNO, CCW_SSID, CPU_SET, DRIVE_UNIT, DWORD, HEX, ISA_IOBASE, ISA_IRQ, LOADPARM,
    ON_OFF, PCI_FUNCTION, PCI_SLOT, POSITIVE, REGISTER, TWO_DIGITS, U32, U64, UNIT, USB_ADDRESS, USB_PORT, WORD, YES_NO,
};
use super::value::{Value, means, word};
use super::{Attr, Body, Child, Drivers, EMPTY, Element, any, by_attr, case, element, maybe, optional, required, some};

/// An amount with a unit, such as `<size unit='MiB'>`.
#[must_use]
pub const fn scaled(name: &'static str, about: &'static str, chapter: &'static str) -> Element {
    element(name, about, chapter).attrs(UNIT_ATTR).text(&U64)
}

static UNIT_ATTR: &[Attr] = &[optional("unit", &UNIT, "the unit of the amount").since(0, 9, 11)];

/// What nearly every device has: a name and a place.
pub static DEVICE: &[Child] = &[maybe(&ALIAS), maybe(&ADDRESS)];
/// The same as a part to share.
pub static NAME_AND_PLACE: Body = EMPTY.children(DEVICE);

/// `<alias>`.
pub static ALIAS: Element = element("alias", "the name of the device, kept where it begins with `ua-`", "devices").attrs(&[required(
    "name",
    &ALIAS_NAME,
    "the name",
)]);

/// `<boot>` of a device.
pub static BOOT: Element = element("boot", "the device's turn at booting, instead of the order of `os`", "hard-drives-floppy-disks-cdroms")
    .attrs(&[
        required("order", &POSITIVE, "its turn: 1 is first"),
        optional("loadparm", &LOADPARM, "what an s390 guest may read to choose its boot entry").since(3, 5, 0),
    ]);

/// `<rom>` of a PCI device.
pub static ROM: Element =
    element("rom", "how the device's ROM is shown to the guest", "interface-rom-bios-configuration").only(Drivers::QEMU).attrs(&[
        optional("enabled", &YES_NO, "whether there is a ROM at all").since(4, 3, 0),
        optional("bar", &ON_OFF, "whether it is seen in the guest's memory map").since(0, 9, 7),
        optional("file", &ABSOLUTE_PATH, "a file of the host to show as the ROM").since(0, 9, 10),
    ]);

/// `<acpi>` of a device.
pub static ACPI_INDEX: Element = element("acpi", "what ACPI tells about the device", "network-interfaces").since(7, 3, 0).attrs(&[
    optional("index", &U32, "the number by which the guest may name it"),
    optional("nodeset", &CPU_SET, "the NUMA nodes it belongs to").since(11, 8, 0).only(Drivers::QEMU),
]);

/// Attributes of the `driver` of every virtio device.
pub static VIRTIO: &[Attr] = &[
    optional("iommu", &ON_OFF, "whether the device works through an emulated IOMMU").since(3, 5, 0).only(Drivers::QEMU),
    optional("ats", &ON_OFF, "address translation services, for IOMMUs with a device cache").since(3, 5, 0).only(Drivers::QEMU),
    optional("packed", &ON_OFF, "packed queues instead of split ones").since(6, 3, 0).only(Drivers::QEMU),
    optional("page_per_vq", &ON_OFF, "a page of its own for each queue's notifications").since(7, 9, 0).only(Drivers::QEMU),
];

/// The models of virtio on PCI.
pub static VIRTIO_MODELS: Value = Value::Words(&[
    means("virtio", "libvirt chooses by the machine"),
    means("virtio-transitional", "for virtio 0.9 and 1.0, on conventional PCI").since(5, 2, 0),
    means("virtio-non-transitional", "for virtio 1.0 alone").since(5, 2, 0),
]);

/// `<seclabel>` of one source.
pub static DEVICE_SECLABEL: Element = element("seclabel", "how this source is labelled, unlike the others", "security-label")
    .since(0, 9, 9)
    .attrs(&[
        optional("model", &Value::Any, "the security model it is for"),
        optional("labelskip", &YES, "written by libvirt: its file system knows no labels").since(1, 1, 2),
    ])
    .variants(&[by_attr("labelskip", &[case(&["yes"], EMPTY)]).absent(&RELABEL)]);

static YES: Value = Value::Words(&[word("yes")]);

static RELABEL: Body = EMPTY.attrs(&[optional("relabel", &YES_NO, "`no` leaves its labels alone")]).variants(&[by_attr(
    "relabel",
    &[case(&["yes"], OWN_LABEL), case(&["no"], EMPTY)],
)
.absent(&OWN_LABEL)]);

static OWN_LABEL: Body = EMPTY.children(&[some(&LABEL)]);

/// `<label>` of a security label.
pub static LABEL: Element = element("label", "the label, as the model writes it", "security-label").text(&Value::Any);

/// `<reconnect>` of a socket.
pub static RECONNECT: Element = element("reconnect", "whether a lost connection is made again", "tcp-client-server").forms(&[
    EMPTY.attrs(&[required("enabled", &YES_NO, "whether it is tried"), optional("timeout", &U32, "seconds between two tries")]),
    EMPTY.attrs(&[required("delay", &U32, "seconds in which a request waits for it").since(9, 2, 0).only(Drivers::QEMU)]),
]);

/// `<iothreads>` of a `driver`: which queues are worked by which threads.
pub static IOTHREADS: Element = element("iothreads", "the IO threads that work for the device", "hard-drives-floppy-disks-cdroms")
    .since(10, 0, 0)
    .only(Drivers::QEMU)
    .children(&[some(&IOTHREAD)]);

static IOTHREAD: Element = element("iothread", "a thread and its queues", "hard-drives-floppy-disks-cdroms")
    .attrs(&[required("id", &U32, "the thread, of `iothreadids`")])
    .children(&[any(&QUEUE)]);

static QUEUE: Element =
    element("queue", "a queue of the device", "hard-drives-floppy-disks-cdroms").attrs(&[required("id", &U32, "its number from 0")]);

/// `<address>` of a device.
pub static ADDRESS: Element = element("address", "the device's place on a bus", "device-addresses")
    .attrs(&[required("type", &ADDRESS_TYPES, "the kind of bus")])
    .variants(&[by_attr(
        "type",
        &[
            case(&["pci"], EMPTY.attrs(PCI_PLACE).children(&[maybe(&ZPCI)])),
            case(&["drive"], EMPTY.attrs(DRIVE_PLACE)),
            case(&["virtio-serial"], EMPTY.attrs(VIRTIO_SERIAL_PLACE)),
            case(&["ccid"], EMPTY.attrs(CCID_PLACE)),
            case(&["usb"], EMPTY.attrs(USB_PLACE)),
            case(&["spapr-vio"], EMPTY.attrs(&[optional("reg", &REGISTER, "the address of its first register")])),
            case(&["ccw"], EMPTY.forms(&[EMPTY.attrs(CCW_PLACE), EMPTY])),
            case(&["isa"], EMPTY.attrs(ISA_PLACE)),
            case(&["dimm"], EMPTY.attrs(DIMM_PLACE)),
        ],
    )]);

static ADDRESS_TYPES: Value = Value::Words(&[
    means("pci", "PCI and PCI Express"),
    means("drive", "a bus of disks"),
    means("virtio-serial", "a port of a virtio-serial controller"),
    means("ccid", "a slot for a smart card"),
    means("usb", "a port of USB"),
    means("spapr-vio", "the virtual bus of pSeries").since(0, 9, 9),
    means("ccw", "the channels of s390").since(1, 0, 4),
    means("isa", "ISA").since(1, 2, 1),
    means("virtio-mmio", "virtio without PCI, for some ARM machines").since(1, 1, 3),
    means("dimm", "a slot for memory").since(1, 2, 14),
    means("unassigned", "kept by libvirt, not shown to the guest").since(6, 0, 0),
]);

/// A place on PCI.
pub static PCI_PLACE: &[Attr] = &[
    optional("domain", &DWORD, "the PCI domain; QEMU knows 0 alone"),
    optional("bus", &BYTE, "the bus: the index of its controller"),
    optional("slot", &PCI_SLOT, "the slot on the bus"),
    optional("function", &PCI_FUNCTION, "the function in the slot"),
    optional("multifunction", &ON_OFF, "`on` at function 0 where the slot has others").since(0, 9, 7),
];

static ZPCI: Element = element("zpci", "the identifiers of a PCI device on s390", "device-addresses")
    .since(4, 10, 0)
    .attrs(&[optional("uid", &WORD, "the user-defined identifier"), optional("fid", &DWORD, "the function identifier")]);

static DRIVE_PLACE: &[Attr] = &[
    optional("controller", &TWO_DIGITS, "the index of the controller"),
    optional("bus", &TWO_DIGITS, "the bus of the controller"),
    optional("target", &TWO_DIGITS, "the target on the bus").since(0, 9, 11),
    optional("unit", &DRIVE_UNIT, "the unit on the bus"),
];

static VIRTIO_SERIAL_PLACE: &[Attr] = &[
    required("controller", &TWO_DIGITS, "the index of the controller"),
    optional("bus", &TWO_DIGITS, "the bus of the controller"),
    optional("port", &TWO_DIGITS, "the port on the bus"),
];

static CCID_PLACE: &[Attr] =
    &[required("controller", &TWO_DIGITS, "the index of the controller"), optional("slot", &TWO_DIGITS, "the slot of the controller")];

static USB_PLACE: &[Attr] = &[
    required("bus", &USB_ADDRESS, "the bus: the index of its controller"),
    optional("port", &USB_PORT, "the port, those of hubs before it: `1.2`"),
];

static CCW_PLACE: &[Attr] = &[
    required("cssid", &CCW_CSSID, "the channel subsystem: 0xfe for virtio"),
    required("ssid", &CCW_SSID, "the subchannel set"),
    required("devno", &CCW_DEVNO, "the device number"),
];

static ISA_PLACE: &[Attr] = &[optional("iobase", &ISA_IOBASE, "its first port"), optional("irq", &ISA_IRQ, "its interrupt")];

static DIMM_PLACE: &[Attr] =
    &[optional("slot", &U32, "the slot"), optional("base", &HEX, "the address in the guest's memory where it begins")];

//! Controllers: the buses that devices are plugged into.

use super::common::{ACPI_INDEX, ADDRESS, ALIAS, IOTHREADS, VIRTIO, VIRTIO_MODELS, scaled};
use super::pattern::{BYTE, ON_OFF, SERIAL, U32, U64, USB_PORT};
use super::value::{Value, means, word};
use super::{Body, Drivers, EMPTY, Element, by_attr, case, element, maybe, optional, required};

const CHAPTER: &str = "controllers";

/// `<controller>`.
pub static CONTROLLER: Element = element("controller", "what devices are plugged into", CHAPTER)
    .attrs(&[
        required("type", &TYPES, "the kind of bus it gives"),
        optional("index", &U32, "its number among those of its type, to which addresses refer"),
    ])
    .children(&[maybe(&ALIAS), maybe(&ACPI_INDEX), maybe(&ADDRESS), maybe(&DRIVER)])
    .also(&[&NUMBERED])
    .variants(&[by_attr(
        "type",
        &[
            case(&["scsi"], EMPTY.attrs(&[optional("model", &SCSI_MODELS, "the model")])),
            case(
                &["usb"],
                EMPTY
                    .attrs(&[optional("model", &USB_MODELS, "the model"), optional("ports", &U32, "how many devices fit").since(1, 3, 5)])
                    .children(&[maybe(&MASTER)]),
            ),
            case(&["ide"], EMPTY.attrs(&[optional("model", &IDE_MODELS, "the model").since(3, 10, 0).only(Drivers::VIRTUALBOX)])),
            case(&["pci"], PCI),
            case(
                &["virtio-serial"],
                EMPTY.attrs(&[
                    optional("model", &VIRTIO_MODELS, "the model").since(5, 2, 0),
                    optional("ports", &U32, "how many devices fit"),
                    optional("vectors", &U32, "how many interrupts of its own it has"),
                ]),
            ),
            case(
                &["xenbus"],
                EMPTY.attrs(&[
                    optional("maxGrantFrames", &U32, "how much memory the guest may grant"),
                    optional("maxEventChannels", &U32, "how many event channels the guest may use").since(6, 3, 0),
                ]),
            ),
            case(&["nvme"], EMPTY.children(&[maybe(&NVME_SERIAL)])),
        ],
    )]);

static NUMBERED: Body = EMPTY.variants(&[by_attr("index", &[]).absent(&UNNUMBERED)]);
static UNNUMBERED: Body = EMPTY.since(1, 3, 5);

static TYPES: Value = Value::Words(&[
    word("pci").since(1, 0, 5),
    word("usb"),
    word("scsi"),
    word("virtio-serial"),
    word("sata"),
    word("ide"),
    means("fdc", "for floppy disks"),
    means("ccid", "for smart cards"),
    word("isa"),
    word("nvme").since(11, 5, 0),
    word("xenbus").since(5, 2, 0).only(Drivers::XEN),
]);

static SCSI_MODELS: Value = Value::Words(&[
    word("auto"),
    word("virtio-scsi"),
    word("virtio-transitional").since(5, 2, 0),
    word("virtio-non-transitional").since(5, 2, 0),
    word("lsilogic"),
    word("lsisas1068"),
    word("lsisas1078"),
    word("buslogic"),
    word("vmpvscsi"),
    means("ibmvscsi", "of pSeries"),
    means("ncr53c90", "built into a machine"),
    word("dc390"),
    word("am53c974"),
]);

static USB_MODELS: Value = Value::Words(&[
    means("none", "no USB at all").since(0, 10, 0),
    means("qemu-xhci", "USB 3").since(3, 3, 0),
    means("nec-xhci", "USB 3"),
    means("ich9-ehci1", "USB 2"),
    means("ich9-uhci1", "USB 1, the companion of `ich9-ehci1`"),
    means("ich9-uhci2", "USB 1, the companion of `ich9-ehci1`"),
    means("ich9-uhci3", "USB 1, the companion of `ich9-ehci1`"),
    means("ehci", "USB 2"),
    means("piix3-uhci", "USB 1"),
    means("piix4-uhci", "USB 1"),
    means("vt82c686b-uhci", "USB 1"),
    means("pci-ohci", "USB 1"),
    means("qusb1", "USB 1.1").only(Drivers::XEN),
    means("qusb2", "USB 2").only(Drivers::XEN),
]);

static IDE_MODELS: Value = Value::Words(&[word("piix3"), word("piix4"), word("ich6")]);

static MASTER: Element = element("master", "the controller that this one is the companion of", CHAPTER).attrs(&[required(
    "startport",
    &USB_PORT,
    "the first port of the master that is this one's too",
)]);

static NVME_SERIAL: Element = element("serial", "the serial number of the drive", CHAPTER).since(11, 5, 0).text(&SERIAL);

static SCSI_IOTHREADS: Element = IOTHREADS.since(11, 2, 0);
static DRIVER: Element = element("driver", "how the host works for the controller", CHAPTER)
    .attrs(&[
        optional("queues", &U32, "how many queues it has").since(1, 0, 5).only(Drivers::QEMU),
        optional("cmd_per_lun", &U32, "how many commands may wait for a device").since(1, 2, 7).only(Drivers::QEMU),
        optional("max_sectors", &U32, "how many sectors of 512 bytes a command may move").since(1, 2, 7).only(Drivers::QEMU),
        optional("ioeventfd", &ON_OFF, "whether a thread of its own takes the guest's orders").since(1, 2, 18),
        optional("iothread", &U32, "the IO thread that works for it").since(1, 3, 5).only(Drivers::QEMU),
    ])
    .also(&[&EMPTY.attrs(VIRTIO)])
    .children(&[maybe(&SCSI_IOTHREADS)]);

static PCI: Body = EMPTY
    .attrs(&[required("model", &PCI_MODELS, "the kind of PCI bus")])
    .children(&[maybe(&PCI_MODEL), maybe(&PCI_TARGET)])
    .variants(&[by_attr("model", &[case(&["pci-root", "pcie-root"], EMPTY.children(&[maybe(&HOLE)]))])]);

static PCI_MODELS: Value = Value::Words(&[
    means("pci-root", "the bus that machines with PCI begin with"),
    means("pcie-root", "the bus that machines with PCI Express begin with").since(1, 1, 2),
    means("pcie-root-port", "a port for one device, into which one may plug it later").since(1, 2, 19),
    means("pcie-to-pci-bridge", "conventional PCI on PCI Express").since(4, 3, 0),
    means("pci-bridge", "more conventional PCI on conventional PCI"),
    means("dmi-to-pci-bridge", "conventional PCI on PCI Express, without plugging in later").since(1, 1, 2),
    means("pcie-switch-upstream-port", "the upper side of a switch").since(1, 2, 19),
    means("pcie-switch-downstream-port", "a port of a switch").since(1, 2, 19),
    means("pci-expander-bus", "a further bus beside `pci-root`, for a NUMA node").since(1, 3, 4),
    means("pcie-expander-bus", "a further bus beside `pcie-root`, for a NUMA node").since(1, 3, 4),
]);

static HOLE: Element =
    scaled("pcihole64", "how much room above 4 GiB is for PCI devices; 0 for none", CHAPTER).since(1, 1, 2).only(Drivers::QEMU);

static PCI_MODEL: Element = element("model", "the device of QEMU; libvirt writes it itself", CHAPTER)
    .since(1, 2, 19)
    .only(Drivers::QEMU)
    .attrs(&[required("name", &PCI_DEVICES, "its name")]);

static PCI_DEVICES: Value = Value::Words(&[
    word("pcie-root-port").since(3, 2, 0),
    word("ioh3420"),
    word("pcie-pci-bridge"),
    word("pci-bridge"),
    word("i82801b11-bridge"),
    word("x3130-upstream"),
    word("xio3130-downstream"),
    word("pxb"),
    word("pxb-pcie"),
    word("spapr-pci-host-bridge"),
]);

static PCI_TARGET: Element = element("target", "what the guest sees of the bus; libvirt writes it itself", CHAPTER)
    .since(1, 2, 19)
    .only(Drivers::QEMU)
    .attrs(&[
        optional("chassisNr", &BYTE, "the number of the chassis, of a `pci-bridge`"),
        optional("chassis", &BYTE, "the chassis, of a port"),
        optional("port", &BYTE, "the port, of a port"),
        optional("busNr", &BYTE, "the number of the bus, of an expander bus"),
        optional("index", &BYTE, "the order of a `pci-root`, for pSeries").since(3, 6, 0),
        optional("hotplug", &ON_OFF, "whether one may plug something in later").since(6, 3, 0),
        optional("memReserve", &U64, "how much memory space is kept for what is plugged in, in KiB").since(10, 3, 0),
    ])
    .children(&[maybe(&NODE)]);

static NODE: Element = element("node", "the NUMA node that the bus belongs to", CHAPTER).text(&U32);

#[cfg(test)]
mod tests {
    use super::super::domain::faults;

    fn of_controller(rest: &str) -> Vec<&'static str> {
        faults(&format!("<devices><controller {rest}</devices>"))
    }

    #[test]
    fn every_kind_of_controller() {
        for rest in [
            "type='fdc'/>",
            "type='scsi' model='virtio-scsi'><driver queues='4' iommu='on'/></controller>",
            "type='usb' model='ich9-uhci1' index='0'><master startport='0'/></controller>",
            "type='ide' model='piix4'/>",
            "type='pci' model='pcie-root'><pcihole64 unit='GiB'>1</pcihole64></controller>",
            "type='pci' model='pcie-expander-bus'><target busNr='180'/></controller>",
            "type='pci' model='pci-root'><target><node>1</node></target><model name='spapr-pci-host-bridge'/></controller>",
            "type='virtio-serial' model='virtio' ports='16' vectors='4'/>",
            "type='xenbus' maxGrantFrames='1' maxEventChannels='2'/>",
            "type='nvme'><serial>A B</serial></controller>",
        ] {
            assert!(of_controller(rest).is_empty(), "{rest}: {:?}", of_controller(rest));
        }
    }

    #[test]
    fn what_does_not_go_with_a_controller() {
        assert_eq!(of_controller("type='pci'/>"), ["structure-missing-attribute"]);
        assert_eq!(of_controller("type='pci' model='pcie-port'/>"), ["structure-bad-value"]);
        assert_eq!(of_controller("type='pci' model='pci-bridge'><pcihole64>0</pcihole64></controller>"), ["structure-misplaced-element"]);
        assert_eq!(of_controller("type='sata' model='ich6'/>"), ["structure-unknown-attribute"]);
        assert_eq!(of_controller("type='usb' model='xhci'/>"), ["structure-bad-value"]);
        assert_eq!(of_controller("index='0'/>"), ["structure-missing-attribute"]);
    }
}

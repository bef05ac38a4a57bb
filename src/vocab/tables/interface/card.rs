//! The card that the guest sees, and how it works.

use super::super::common::VIRTIO;
use super::super::hostdev::ASSIGNMENT;
use super::super::pattern::{CARD_MODEL, ON_OFF, POSITIVE};
use super::super::value::{Value, means};
use super::super::{Attr, Body, Drivers, EMPTY, Element, element, maybe, optional, required};

/// `<model>` of an interface.
pub static MODEL: Element = element("model", "the model of the card", "setting-the-nic-model").attrs(&[required(
    "type",
    &MODELS,
    "the model, of those that the hypervisor has",
)]);

static MODELS: Value = Value::Either(&[&KNOWN_MODELS, &CARD_MODEL]);
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
    means("vmxnet2", "paravirtual").only(Drivers::VMWARE),
    means("vmxnet", "paravirtual").only(Drivers::VMWARE),
    means("vlance", "AMD PCnet").only(Drivers::VMWARE),
    means("netfront", "paravirtual").only(Drivers::XEN),
    means("spapr-vlan", "the virtual bus of pSeries"),
]);

/// `<driver>` of an interface.
pub static DRIVER: Element = element("driver", "how the card works", "setting-nic-driver-specific-options").forms(&[EMULATION, ASSIGNMENT]);

static EMULATION: Body = EMPTY
    .attrs(&[
        optional("name", &DRIVERS, "who moves the packets").since(0, 8, 8),
        optional("queues", &POSITIVE, "how many pairs of queues").since(1, 0, 6).only(Drivers::QEMU),
        optional("rx_queue_size", &POSITIVE, "how many buffers a receive queue has: 256, 512 or 1024 with QEMU")
            .since(2, 3, 0)
            .only(Drivers::QEMU),
        optional("tx_queue_size", &POSITIVE, "how many buffers a transmit queue has").since(3, 7, 0).only(Drivers::QEMU),
        optional("txmode", &TX_MODES, "what is done with packets where the transmit buffer is full").only(Drivers::QEMU),
        optional("ioeventfd", &ON_OFF, "whether a thread apart handles its I/O").since(0, 9, 3).only(Drivers::QEMU),
        optional("event_idx", &ON_OFF, "fewer interrupts and exits").since(0, 9, 5).only(Drivers::QEMU),
        optional("rss", &ON_OFF, "whether packets are spread over the queues by their hash").since(8, 3, 0).only(Drivers::QEMU),
        optional("rss_hash_report", &ON_OFF, "whether the guest is told the hash of each packet").since(8, 3, 0).only(Drivers::QEMU),
    ])
    .children(&[maybe(&HOST_OFFLOADS), maybe(&GUEST_OFFLOADS)])
    .also(&[&VIRTIO_OPTIONS]);

static VIRTIO_OPTIONS: Body = EMPTY.attrs(VIRTIO);

static DRIVERS: Value = Value::Words(&[
    means("qemu", "QEMU itself").only(Drivers::QEMU),
    means("vhost", "the host's kernel; the default where it can").only(Drivers::QEMU),
]);
static TX_MODES: Value = Value::Words(&[means("iothread", "left to a thread"), means("timer", "tried again after a time")]);

static HOST_OFFLOADS: Element = element("host", "what the host's side does in place of the guest", "setting-nic-driver-specific-options")
    .since(1, 2, 9)
    .only(Drivers::QEMU)
    .attrs(&[
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
    .only(Drivers::QEMU)
    .attrs(&[CSUM, TSO4, TSO6, ECN, UFO]);

const CSUM: Attr = optional("csum", &ON_OFF, "checksums");
const TSO4: Attr = optional("tso4", &ON_OFF, "segmentation of TCP over IPv4");
const TSO6: Attr = optional("tso6", &ON_OFF, "segmentation of TCP over IPv6");
const ECN: Attr = optional("ecn", &ON_OFF, "segmentation with congestion notification");
const UFO: Attr = optional("ufo", &ON_OFF, "fragmentation of UDP");

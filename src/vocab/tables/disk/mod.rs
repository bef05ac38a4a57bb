//! Disks, floppy disks and CD-ROMs, and the leases of lock managers.

mod driver;
mod network;
mod secret;
mod source;
mod tune;

use super::common::{ACPI_INDEX, ADDRESS, ALIAS, BOOT, VIRTIO_MODELS};
use super::pattern::{
    ABSOLUTE_PATH, DISK_DEVICE, INTEGER, LINE, ON_OFF, POSITIVE, PRODUCT_NAME, SCSI_PRODUCT, SCSI_VENDOR, SERIAL, U32, WWN, YES_NO,
};
use super::value::{Value, means, word};
use super::{Attr, Body, Drivers, EMPTY, Element, by_attr, case, element, maybe, once, optional, required};
use driver::DRIVER;
use source::{BACKING_STORE, FORMAT, SOURCE_FILE};
use tune::{IOTUNE, THROTTLE_FILTERS};

pub use driver::STORAGE_FORMATS;
pub use secret::{AUTH, AUTH_SECRET, ENCRYPTION};
pub use source::{DISK_TYPES, SOURCES};
pub use tune::THROTTLE_GROUPS;

const DISKS: &str = "hard-drives-floppy-disks-cdroms";

/// `<disk>`.
pub static DISK: Element = element("disk", "a hard disk, floppy disk or CD-ROM", DISKS)
    .attrs(&[
        optional("device", &DEVICES, "what the guest sees: a disk where it is not said"),
        optional("model", &MODELS, "the model, where the bus leaves a choice").since(5, 2, 0),
        optional("snapshot", &SNAPSHOT, "what a snapshot of the domain does with it").since(0, 9, 5),
    ])
    .variants(&[by_attr("device", &[case(&["lun"], PASSED_LUN), case(&["disk", "cdrom", "floppy"], ANY_TYPE)]).absent(&ANY_TYPE)])
    .children(&[
        maybe(&DRIVER),
        maybe(&MIRROR),
        maybe(&AUTH),
        once(&TARGET),
        maybe(&BOOT),
        maybe(&BACKEND_DOMAIN),
        maybe(&READ_ONLY),
        maybe(&SHAREABLE),
        maybe(&TRANSIENT),
        maybe(&DISK_SERIAL),
        maybe(&ENCRYPTION),
        maybe(&ALIAS),
        maybe(&ACPI_INDEX),
        maybe(&ADDRESS),
        maybe(&GEOMETRY),
        maybe(&BLOCK_IO),
        maybe(&WORLD_WIDE_NAME),
        maybe(&VENDOR),
        maybe(&PRODUCT),
        maybe(&BACKING_STORE),
    ])
    .forms(&[EMPTY.children(&[maybe(&IOTUNE)]), EMPTY.children(&[once(&THROTTLE_FILTERS)])]);

static DEVICES: Value = Value::Words(&[
    word("disk"),
    word("cdrom"),
    word("floppy"),
    means("lun", "a disk of the host that takes SCSI commands of the guest").since(0, 9, 10),
]);

static ANY_TYPE: Body =
    EMPTY.attrs(&[optional("type", &DISK_TYPES, "the kind of its source: a file where it is not said")]).also(&[&SOURCES]);

static PASSED_LUN: Body = EMPTY
    .attrs(&[
        required("type", &LUN_TYPES, "the kind of its source"),
        optional("rawio", &YES_NO, "whether the emulator gets the raw I/O capability").since(0, 9, 10),
        optional("sgio", &SGIO, "whether SCSI commands of an unprivileged guest are filtered").since(1, 0, 2),
    ])
    .also(&[&SOURCES]);

static LUN_TYPES: Value = Value::Words(&[word("block"), word("network"), word("volume").since(1, 0, 5)]);
static SGIO: Value = Value::Words(&[word("filtered"), word("unfiltered")]);

static MODELS: Value = Value::Either(&[&VIRTIO_MODELS, &USB_MODELS]);
static USB_MODELS: Value =
    Value::Words(&[word("usb-storage").since(11, 5, 0).only(Drivers::QEMU), word("usb-bot").since(11, 5, 0).only(Drivers::QEMU)]);

static SNAPSHOT: Value = Value::Words(&[
    means("no", "it takes no part"),
    means("internal", "kept in the image"),
    means("external", "kept in a file of its own"),
    means("manual", "made by other means").since(8, 2, 0),
]);

static MIRROR: Element = element("mirror", "written by libvirt: where a running job copies the disk to", DISKS)
    .since(0, 9, 12)
    .attrs(&[optional("ready", &MIRROR_READY, "how far the job is")])
    .children(&[maybe(&BACKING_STORE)])
    .forms(&[
        EMPTY
            .attrs(&[
                required("job", &MIRROR_JOBS, "what began it").since(1, 2, 7),
                optional("type", &DISK_TYPES, "the kind of its source: a file where it is not said"),
            ])
            .children(&[maybe(&FORMAT)])
            .also(&[&SOURCES]),
        EMPTY
            .attrs(&[
                required("file", &ABSOLUTE_PATH, "the file, for old clients"),
                optional("format", &STORAGE_FORMATS, "the format of the file, for old clients"),
                optional("job", &COPY, "what began it").since(1, 2, 7),
                optional("type", &FILE, "the kind of its source"),
            ])
            .children(&[maybe(&SOURCE_FILE), maybe(&FORMAT)]),
    ]);

static MIRROR_READY: Value = Value::Words(&[
    means("yes", "both are the same"),
    means("abort", "it is being given up").since(1, 2, 7),
    means("pivot", "the copy is taking over").since(1, 2, 7),
]);
static MIRROR_JOBS: Value = Value::Words(&[word("copy"), word("active-commit")]);
static COPY: Value = Value::Words(&[word("copy")]);
static FILE: Value = Value::Words(&[word("file")]);

static TARGET: Element = element("target", "how the guest sees the disk", DISKS).attrs(&[
    required("dev", &DISK_DEVICE, "a name, by which disks are ordered; the guest may choose another"),
    optional("bus", &BUSES, "the bus; without it the name tells it"),
    optional("tray", &TRAY, "the tray of a CD-ROM or floppy drive").since(0, 9, 11),
    optional("removable", &ON_OFF, "whether a USB disk is marked as removable").since(1, 1, 3),
    optional("rotation_rate", &POSITIVE, "turns a minute; 1 for none").since(7, 3, 0),
    optional("dpofua", &ON_OFF, "whether the disk offers to write through its cache").since(11, 10, 0).only(Drivers::QEMU),
]);

static BUSES: Value = Value::Words(&[
    word("ide"),
    word("fdc"),
    word("scsi"),
    word("virtio"),
    word("xen").only(Drivers::XEN),
    word("usb"),
    means("uml", "of old; used no more"),
    word("sata").since(0, 9, 7),
    word("sd").since(1, 1, 2),
    word("nvme").since(11, 5, 0),
]);
static TRAY: Value = Value::Words(&[word("open"), word("closed")]);

static BACKEND_DOMAIN: Element = element("backenddomain", "the domain that drives the disk", DISKS)
    .since(1, 2, 13)
    .only(Drivers::XEN)
    .attrs(&[required("name", &LINE, "its name")]);

static READ_ONLY: Element = element("readonly", "the guest may not write", DISKS);
static SHAREABLE: Element = element("shareable", "several domains use it at the same time", DISKS);
static TRANSIENT: Element = element("transient", "what the guest writes is gone when it ends", DISKS)
    .since(0, 9, 5)
    .only(Drivers::QEMU.and(Drivers::VMWARE))
    .attrs(&[optional("shareBacking", &YES_NO, "whether several running domains share the image").since(7, 4, 0)]);

static DISK_SERIAL: Element = element("serial", "the serial number of the disk", DISKS).text(&SERIAL);
static WORLD_WIDE_NAME: Element = element("wwn", "the world-wide name of the disk", DISKS).since(0, 10, 1).text(&WWN);
static VENDOR: Element = element("vendor", "the vendor of the disk, as SCSI tells it", DISKS).since(1, 0, 1).text(&SCSI_VENDOR);
static PRODUCT: Element = element("product", "the product of the disk, as SCSI tells it", DISKS)
    .since(1, 0, 1)
    .forms(&[EMPTY.text(&SCSI_PRODUCT), EMPTY.since(11, 1, 0).text(&PRODUCT_NAME)]);

static GEOMETRY: Element = element("geometry", "the geometry that the disk tells of itself", DISKS).since(0, 10, 0).attrs(&[
    required("cyls", &INTEGER, "cylinders"),
    required("heads", &INTEGER, "heads"),
    required("secs", &INTEGER, "sectors of a track"),
    optional("trans", &TRANSLATIONS, "how the BIOS translates it"),
]);
static TRANSLATIONS: Value = Value::Words(&[word("auto"), word("none"), word("lba")]);

static BLOCK_IO: Element =
    element("blockio", "the sizes of blocks that the disk tells of itself", DISKS).since(0, 10, 2).only(Drivers::QEMU).attrs(&[
        optional("logical_block_size", &INTEGER, "the smallest amount that is read or written, in bytes"),
        optional("physical_block_size", &INTEGER, "the size of a sector of the hardware, in bytes"),
        optional("discard_granularity", &INTEGER, "the smallest amount that is discarded, in bytes").since(9, 1, 0),
    ]);

/// `<lease>` of a lock manager.
pub static LEASE: Element = element("lease", "a lease that the domain must get before it starts", LEASES).children(&[
    once(&LOCK_SPACE),
    once(&LOCK_KEY),
    once(&LOCK_TARGET),
]);

const LEASES: &str = "device-leases";

static LOCK_SPACE: Element = element("lockspace", "the lock space that the key is in", LEASES).text(&Value::Any);
static LOCK_KEY: Element = element("key", "the key of the lease", LEASES).text(&Value::Any);
static LOCK_TARGET: Element = element("target", "the file of the lock space", LEASES).attrs(LOCK_PLACE);
static LOCK_PLACE: &[Attr] = &[required("path", &Value::Any, "the file"), optional("offset", &U32, "where in the file the lease stands")];

#[cfg(test)]
mod tests;

//! Where a disk's contents are, and what they build on.

use super::super::common::{DEVICE_SECLABEL, PCI_PLACE, RECONNECT};
use super::super::pattern::{ABSOLUTE_PATH, DEVICE_NAME, DWORD, NAME, POSITIVE, U32, VMWARE_PATH, VOLUME, YES_NO};
use super::super::value::{Value, means, word};
use super::super::{Body, Drivers, EMPTY, Element, any, by_attr, case, element, maybe, once, optional, required};
use super::DISKS;
use super::driver::{METADATA_CACHE, STORAGE_FORMATS};
use super::network::SOURCE_NETWORK;
use super::secret::SOURCE_ENCRYPTION;

/// The kinds of sources.
pub static DISK_TYPES: Value = Value::Words(&[
    means("file", "a file of the host"),
    means("block", "a block device of the host"),
    means("dir", "a folder of the host, as a FAT disk"),
    means("network", "a server"),
    means("volume", "a volume of a storage pool of libvirt's").since(1, 0, 5),
    means("nvme", "a namespace of an NVMe drive of the host").since(6, 0, 0),
    means("vhostuser", "another process, by vhost-user").since(7, 1, 0),
    means("vhostvdpa", "a vDPA device of the host").since(9, 8, 0).only(Drivers::QEMU),
    means("ctl", "a LUN of FreeBSD's CTL").since(12, 0, 0).only(Drivers::BHYVE),
]);

/// The `<source>` that goes with each `type` of the element around it.
pub static SOURCES: Body = EMPTY.variants(&[by_attr(
    "type",
    &[
        case(&["file"], FILE),
        case(&["block"], EMPTY.children(&[maybe(&SOURCE_BLOCK)])),
        case(&["dir"], EMPTY.children(&[maybe(&SOURCE_FOLDER)])),
        case(&["network"], EMPTY.children(&[once(&SOURCE_NETWORK)])),
        case(&["volume"], EMPTY.children(&[maybe(&SOURCE_VOLUME)])),
        case(&["nvme"], EMPTY.children(&[maybe(&SOURCE_NVME)])),
        case(&["vhostuser"], EMPTY.children(&[once(&SOURCE_VHOST_USER)])),
        case(&["vhostvdpa"], EMPTY.children(&[once(&SOURCE_VHOST_VDPA)])),
        case(&["ctl"], EMPTY.children(&[once(&SOURCE_CTL)])),
    ],
)
.absent(&FILE)]);

static FILE: Body = EMPTY.children(&[maybe(&SOURCE_FILE)]);

/// `<source>` of `type='file'`.
pub static SOURCE_FILE: Element = element("source", "the file that holds the disk", DISKS)
    .forms(&[
        EMPTY.attrs(&[optional("file", &FILES, "the file; without it the drive is empty")]),
        EMPTY.attrs(&[
            required("file", &FILES, "the file, as it is written into images"),
            required("fdgroup", &Value::Any, "the name of the group of open files to use instead").since(9, 0, 0),
        ]),
    ])
    .children(&[any(&DEVICE_SECLABEL)])
    .also(&[&EVERY_SOURCE, &HOST_SOURCE]);
static FILES: Value = Value::Either(&[&ABSOLUTE_PATH, &VMWARE_PATH]);

static SOURCE_BLOCK: Element = element("source", "the block device that is the disk", DISKS)
    .attrs(&[optional("dev", &BLOCK_DEVICES, "the device; without it the drive is empty")])
    .children(&[maybe(&RESERVATIONS), any(&DEVICE_SECLABEL)])
    .also(&[&EVERY_SOURCE, &HOST_SOURCE]);
static BLOCK_DEVICES: Value = Value::Either(&[&ABSOLUTE_PATH, &DEVICE_NAME]);

static SOURCE_FOLDER: Element = element("source", "the folder that is the disk", DISKS)
    .attrs(&[required("dir", &ABSOLUTE_PATH, "the folder")])
    .also(&[&EVERY_SOURCE, &HOST_SOURCE]);

static SOURCE_VOLUME: Element = element("source", "the volume that is the disk", DISKS)
    .attrs(&[
        required("pool", &NAME, "the storage pool"),
        required("volume", &VOLUME, "the volume in it"),
        optional("mode", &VOLUME_MODES, "how a LUN of an iSCSI pool is reached").since(1, 1, 1),
    ])
    .children(&[any(&DEVICE_SECLABEL)])
    .also(&[&EVERY_SOURCE, &HOST_SOURCE]);
static VOLUME_MODES: Value = Value::Words(&[means("host", "by its device on the host"), means("direct", "by iSCSI itself")]);

static SOURCE_NVME: Element = element("source", "the NVMe namespace that is the disk", DISKS)
    .attrs(&[
        required("type", &PCI, "how the drive is named"),
        required("namespace", &DWORD, "the namespace, from 1 on"),
        optional("managed", &YES_NO, "whether libvirt takes the drive from the host and gives it back"),
    ])
    .children(&[once(&NVME_ADDRESS)])
    .also(&[&EVERY_SOURCE, &HOST_SOURCE]);
static PCI: Value = Value::Words(&[word("pci")]);
static NVME_ADDRESS: Element = element("address", "the place of the drive on the host's PCI", DISKS).attrs(PCI_PLACE);

static SOURCE_VHOST_USER: Element = element("source", "the process that is the disk", DISKS)
    .attrs(&[required("type", &UNIX, "how it is reached"), required("path", &ABSOLUTE_PATH, "its socket")])
    .children(&[maybe(&RECONNECT)]);
static UNIX: Value = Value::Words(&[word("unix")]);

static SOURCE_VHOST_VDPA: Element =
    element("source", "the vDPA device that is the disk", DISKS).attrs(&[required("dev", &ABSOLUTE_PATH, "the device")]);

static SOURCE_CTL: Element = element("source", "the LUN that is the disk", DISKS).attrs(&[required("dev", &ABSOLUTE_PATH, "the device")]);

/// What nearly every source may say.
pub static EVERY_SOURCE: Body = EMPTY
    .attrs(&[optional("index", &POSITIVE, "written by libvirt: its number in the chain")])
    .children(&[maybe(&SLICES), maybe(&DATA_STORE)]);

/// What sources of the host may say.
static HOST_SOURCE: Body = EMPTY
    .attrs(&[optional("startupPolicy", &STARTUP, "what follows where the source is missing").since(0, 9, 7)])
    .children(&[maybe(&SOURCE_ENCRYPTION)]);

static STARTUP: Value = Value::Words(&[
    means("mandatory", "the domain fails"),
    means("requisite", "a start fails; else it is dropped"),
    means("optional", "it is dropped at a start"),
]);

static SLICES: Element = element("slices", "a part of the source that holds the image", DISKS).since(6, 1, 0).children(&[once(&SLICE)]);
static SLICE: Element = element("slice", "the part", DISKS).attrs(&[
    required("type", &STORAGE, "what it is a part of"),
    required("offset", &U32, "where it begins, in bytes"),
    required("size", &POSITIVE, "how long it is, in bytes"),
]);
static STORAGE: Value = Value::Words(&[word("storage")]);

static DATA_STORE: Element = element("dataStore", "the source of the contents, where the image holds tables alone", DISKS)
    .since(10, 10, 0)
    .attrs(&[optional("type", &DISK_TYPES, "the kind of the source: a file where it is not said")])
    .children(&[once(&FORMAT)])
    .also(&[&SOURCES]);

static RESERVATIONS: Element = element("reservations", "persistent reservations of SCSI", DISKS)
    .since(4, 4, 0)
    .only(Drivers::QEMU)
    .attrs(&[
        optional("managed", &YES_NO, "whether libvirt runs the helper"),
        optional("migration", &YES_NO, "whether reservations move with the domain").since(12, 1, 0),
    ])
    .children(&[maybe(&HELPER)]);
static HELPER: Element = element("source", "the helper, where libvirt does not run it", DISKS)
    .attrs(&[
        required("type", &UNIX, "how it is reached"),
        required("path", &ABSOLUTE_PATH, "its socket"),
        required("mode", &SOCKET_MODES, "the part that the emulator takes: `client`"),
    ])
    .children(&[maybe(&RECONNECT)]);
static SOCKET_MODES: Value = Value::Words(&[word("client"), word("server")]);

/// `<backingStore>`; an empty one ends the chain.
pub static BACKING_STORE: Element =
    element("backingStore", "what the image builds on; empty where that is nothing", DISKS).since(1, 2, 4).forms(&[
        EMPTY
            .attrs(&[
                optional("type", &DISK_TYPES, "the kind of its source: a file where it is not said"),
                optional("index", &POSITIVE, "written by libvirt: its number in the chain"),
            ])
            .children(&[once(&FORMAT), maybe(&BACKING_STORE)])
            .also(&[&SOURCES]),
        EMPTY,
    ]);

/// `<format>` of a source.
pub static FORMAT: Element = element("format", "the format of the image", DISKS)
    .attrs(&[required("type", &STORAGE_FORMATS, "its name")])
    .children(&[maybe(&METADATA_CACHE)]);

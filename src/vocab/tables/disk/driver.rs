//! The driver of a disk.

use super::super::common::{IOTHREADS, VIRTIO, scaled};
use super::super::pattern::{GENERIC_NAME, ON_OFF, POSITIVE, U32, U64};
use super::super::value::{Value, means, word};
use super::super::{Drivers, EMPTY, Element, any, element, maybe, optional, required, some};
use super::DISKS;

/// `<driver>` of a disk.
pub static DRIVER: Element = element("driver", "how the host treats the source", DISKS)
    .attrs(&[
        optional("name", &NAMES, "the driver"),
        optional("type", &TYPES, "the format of the image, to be written always"),
        optional("cache", &CACHE, "how the host caches"),
        optional("error_policy", &ON_ERROR, "what follows an error"),
        optional("rerror_policy", &ON_READ_ERROR, "what follows an error of reading").since(0, 9, 7),
        optional("io", &IO, "how the emulator reads and writes").only(Drivers::QEMU),
        optional("ioeventfd", &ON_OFF, "whether a thread of its own takes the guest's orders").since(0, 9, 3).only(Drivers::QEMU),
        optional("event_idx", &ON_OFF, "whether interrupts are held back").since(0, 9, 5).only(Drivers::QEMU),
        optional("copy_on_read", &ON_OFF, "whether what is read of a backing file is kept in the image")
            .since(0, 9, 10)
            .only(Drivers::QEMU),
        optional("discard", &DISCARD, "what becomes of discards of the guest").since(1, 0, 6).only(Drivers::QEMU.and(Drivers::XEN)),
        optional("iothread", &U32, "the IO thread that works for the disk").since(1, 2, 8).only(Drivers::QEMU),
        optional("detect_zeroes", &DETECT_ZEROES, "whether written zeros are noticed").since(2, 0, 0),
        optional("discard_no_unref", &ON_OFF, "whether clusters of qcow2 that are discarded stay where they are")
            .since(9, 5, 0)
            .only(Drivers::QEMU),
        optional("queues", &POSITIVE, "how many queues virtio-blk has").since(3, 9, 0),
        optional("queue_size", &POSITIVE, "how long each queue is").since(7, 8, 0),
    ])
    .also(&[&EMPTY.attrs(VIRTIO)])
    .children(&[maybe(&METADATA_CACHE), maybe(&IOTHREADS), maybe(&STATISTICS)]);

static NAMES: Value = Value::Either(&[&USUAL, &GENERIC_NAME]);
static USUAL: Value = Value::Words(&[
    word("qemu"),
    word("tap").only(Drivers::XEN),
    word("tap2").only(Drivers::XEN),
    word("phy").only(Drivers::XEN),
    word("file").only(Drivers::XEN.and(Drivers::BHYVE)),
]);

/// The formats of images.
pub static STORAGE_FORMATS: Value = Value::Words(&[
    word("raw"),
    word("qcow2"),
    word("qcow"),
    word("qed"),
    word("vmdk"),
    word("vdi"),
    word("vpc"),
    word("vhd"),
    word("luks"),
    word("ploop"),
    word("iso"),
    word("dmg"),
    word("fat"),
    word("dir"),
    word("cow"),
    word("bochs"),
    word("cloop"),
]);

static TYPES: Value = Value::Either(&[&STORAGE_FORMATS, &AIO]);
static AIO: Value = Value::Words(&[means("aio", "of old, for `raw`").only(Drivers::XEN)]);

static CACHE: Value = Value::Words(&[
    word("default"),
    means("none", "past the cache of the host"),
    means("writeback", "through the cache of the host, flushed when the guest asks"),
    means("writethrough", "through the cache of the host, every write flushed"),
    means("directsync", "past the cache of the host, every write flushed").since(0, 9, 5),
    means("unsafe", "through the cache of the host, flushes of the guest ignored").since(0, 9, 7),
]);

static ON_ERROR: Value = Value::Words(&[
    means("stop", "the domain pauses"),
    means("report", "the guest is told").since(0, 9, 7),
    means("ignore", "nothing"),
    means("enospace", "the domain pauses where there is no room left"),
]);
static ON_READ_ERROR: Value =
    Value::Words(&[means("stop", "the domain pauses"), means("report", "the guest is told"), means("ignore", "nothing")]);

static IO: Value = Value::Words(&[
    word("threads"),
    means("native", "with the host's asynchronous I/O"),
    means("io_uring", "with Linux's io_uring").since(6, 3, 0),
]);
static DISCARD: Value = Value::Words(&[means("unmap", "passed on"), means("ignore", "dropped")]);
static DETECT_ZEROES: Value = Value::Words(&[word("off"), word("on"), means("unmap", "and discarded, where discards are passed on")]);

/// `<metadata_cache>` of an image.
pub static METADATA_CACHE: Element = element("metadata_cache", "the cache of the image's own tables", DISKS)
    .since(7, 0, 0)
    .only(Drivers::QEMU)
    .children(&[maybe(&MAX_SIZE)]);
static MAX_SIZE: Element = scaled("max_size", "the most it may hold", DISKS);

static STATISTICS: Element = element("statistics", "what is counted about the disk's work", DISKS)
    .since(11, 9, 0)
    .only(Drivers::QEMU)
    .children(&[any(&STATISTIC), any(&HISTOGRAM)]);
static STATISTIC: Element =
    element("statistic", "counters over a time", DISKS).attrs(&[required("interval", &U32, "the time, in seconds")]);
static HISTOGRAM: Element = element("latency-histogram", "how often the disk took how long", DISKS)
    .since(12, 1, 0)
    .attrs(&[optional("type", &OPERATIONS, "the work it is about: all where it is not said")])
    .children(&[some(&BIN)]);
static OPERATIONS: Value = Value::Words(&[word("read"), word("write"), word("zone"), word("flush")]);
static BIN: Element = element("bin", "a range of times", DISKS).attrs(&[required("start", &U64, "where it begins, in nanoseconds")]);

//! Limits of throughput, of one disk or of a group of disks.

use super::super::pattern::U64;
use super::super::value::Value;
use super::super::{Body, Drivers, EMPTY, Element, any, element, maybe, once, required};
use super::DISKS;

/// `<iotune>`.
pub static IOTUNE: Element =
    element("iotune", "limits of the disk's throughput", DISKS).since(0, 9, 8).only(Drivers::QEMU).also(&[&LIMITS]);

/// `<throttlegroups>` of the domain.
pub static THROTTLE_GROUPS: Element = element("throttlegroups", "limits of throughput that disks may share", DISKS)
    .since(11, 2, 0)
    .only(Drivers::QEMU)
    .children(&[any(&THROTTLE_GROUP)]);

static THROTTLE_GROUP: Element = element("throttlegroup", "a group of limits", DISKS).also(&[&LIMITS]);

/// `<throttlefilters>` of a disk.
pub static THROTTLE_FILTERS: Element = element("throttlefilters", "the groups of limits that count for the disk, in order", DISKS)
    .since(11, 2, 0)
    .only(Drivers::QEMU)
    .children(&[any(&THROTTLE_FILTER)]);

static THROTTLE_FILTER: Element =
    element("throttlefilter", "a group of limits", DISKS).attrs(&[required("group", &Value::Any, "the `group_name` of the group")]);

/// Of every limit there is one for all, or one each for reading and writing.
static LIMITS: Body = EMPTY.children(&[maybe(&SIZE), maybe(&GROUP)]).also(&[
    &BYTES,
    &OPERATIONS,
    &BYTES_BURST,
    &OPERATIONS_BURST,
    &BYTES_LENGTH,
    &OPERATIONS_LENGTH,
]);

static SIZE: Element = amount("size_iops_sec", "how many bytes count as one operation").since(1, 2, 11);
static GROUP: Element = element("group_name", "a name: disks that share it share the limits", DISKS).since(3, 0, 0).text(&Value::Any);

const fn amount(name: &'static str, about: &'static str) -> Element {
    element(name, about, DISKS).text(&U64)
}

static BYTES: Body = EMPTY.forms(&[
    EMPTY.children(&[maybe(&amount("read_bytes_sec", "bytes read a second")), maybe(&amount("write_bytes_sec", "bytes written a second"))]),
    EMPTY.children(&[once(&amount("total_bytes_sec", "bytes read and written a second"))]),
]);

static OPERATIONS: Body = EMPTY.forms(&[
    EMPTY.children(&[maybe(&amount("read_iops_sec", "reads a second")), maybe(&amount("write_iops_sec", "writes a second"))]),
    EMPTY.children(&[once(&amount("total_iops_sec", "reads and writes a second"))]),
]);

static BYTES_BURST: Body = EMPTY.forms(&[
    EMPTY.children(&[
        maybe(&amount("read_bytes_sec_max", "bytes read a second, in a burst").since(1, 2, 11)),
        maybe(&amount("write_bytes_sec_max", "bytes written a second, in a burst").since(1, 2, 11)),
    ]),
    EMPTY.children(&[once(&amount("total_bytes_sec_max", "bytes read and written a second, in a burst").since(1, 2, 11))]),
]);

static OPERATIONS_BURST: Body = EMPTY.forms(&[
    EMPTY.children(&[
        maybe(&amount("read_iops_sec_max", "reads a second, in a burst").since(1, 2, 11)),
        maybe(&amount("write_iops_sec_max", "writes a second, in a burst").since(1, 2, 11)),
    ]),
    EMPTY.children(&[once(&amount("total_iops_sec_max", "reads and writes a second, in a burst").since(1, 2, 11))]),
]);

static BYTES_LENGTH: Body = EMPTY.forms(&[
    EMPTY.children(&[
        maybe(&amount("read_bytes_sec_max_length", "seconds that a burst of `read_bytes_sec_max` may last").since(2, 4, 0)),
        maybe(&amount("write_bytes_sec_max_length", "seconds that a burst of `write_bytes_sec_max` may last").since(2, 4, 0)),
    ]),
    EMPTY.children(&[once(&amount("total_bytes_sec_max_length", "seconds that a burst of `total_bytes_sec_max` may last").since(2, 4, 0))]),
]);

static OPERATIONS_LENGTH: Body = EMPTY.forms(&[
    EMPTY.children(&[
        maybe(&amount("read_iops_sec_max_length", "seconds that a burst of `read_iops_sec_max` may last").since(2, 4, 0)),
        maybe(&amount("write_iops_sec_max_length", "seconds that a burst of `write_iops_sec_max` may last").since(2, 4, 0)),
    ]),
    EMPTY.children(&[once(&amount("total_iops_sec_max_length", "seconds that a burst of `total_iops_sec_max` may last").since(2, 4, 0))]),
]);

//! Values that disks alone have.

use super::super::value::Value;
use super::{digits, of, pattern};

/// A name of a volume.
pub static VOLUME: Value =
    pattern("a name of a volume", "alpha.qcow2", |text| !text.is_empty() && !text.contains('/') && text != "." && text != "..");
/// A name of a disk in the guest.
pub static DISK_DEVICE: Value = pattern("a device name", "vda", |text| {
    let name = text.strip_prefix("ioemu:").unwrap_or(text);
    let rest = ["fd", "hd", "sd", "vd", "xvd", "ubd"].iter().find_map(|prefix| name.strip_prefix(prefix));
    rest.is_some_and(|rest| of(rest, b"_")) || nvme_namespace(text)
});
/// A name of a cookie of HTTP.
pub static COOKIE_NAME: Value = pattern("a name of a cookie", "session", |text| of(text, b"!#$%&'*+-.^_`|~"));
/// A value of a cookie of HTTP, in quotes or not.
pub static COOKIE_VALUE: Value = pattern("a value of a cookie", "abc", |text| {
    let text = text.strip_prefix('"').unwrap_or(text);
    of(text.strip_suffix('"').unwrap_or(text), b"!#$%&'()*+-./:>=<?@^_`[]|~")
});
/// A vendor of a disk, as SCSI tells it.
pub static SCSI_VENDOR: Value = pattern("up to 8 printable characters", "SEAGATE", |text| printable(text, 8));
/// A product of a disk, as SCSI tells it.
pub static SCSI_PRODUCT: Value = pattern("up to 16 printable characters", "ST3567807GD", |text| printable(text, 16));
/// A product of a disk of any bus.
pub static PRODUCT_NAME: Value = pattern("up to 40 printable characters", "ST3567807GD", |text| printable(text, 40));

fn printable(text: &str, most: usize) -> bool {
    text.len() <= most && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// `nvme0n1`, with a partition or not.
fn nvme_namespace(text: &str) -> bool {
    text.strip_prefix("nvme").and_then(|rest| rest.split_once('n')).is_some_and(|(controller, rest)| {
        let (namespace, partition) = rest.split_once('p').unwrap_or((rest, "1"));
        number(controller) && number(namespace) && number(partition)
    })
}

fn number(text: &str) -> bool {
    digits(text, usize::MAX)
}

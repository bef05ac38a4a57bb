//! Names, paths, and texts that are as free.

use super::super::value::Value;
use super::{of, pattern};

/// A UUID, with or without hyphens.
pub static UUID: Value = pattern("a UUID", "c7a5fdbd-edaf-9455-926a-d65c16db1809", |text| {
    let hyphen = |at: usize| text.len() == 36 && matches!(at, 8 | 13 | 18 | 23);
    let fits = |(at, byte): (usize, u8)| if hyphen(at) { byte == b'-' } else { byte.is_ascii_hexdigit() };
    matches!(text.len(), 32 | 36) && text.bytes().enumerate().all(fits)
});
/// A name without a slash.
pub static NAME: Value =
    pattern("a name without `/`", "alpha", |text| !text.is_empty() && text.bytes().all(|byte| !matches!(byte, b'/' | b'\n')));
/// A text of one line.
pub static LINE: Value = pattern("a text of one line", "alpha", |text| !text.is_empty() && !text.contains('\n'));
/// A name of letters, digits, `_`, `+` and `-`.
pub static GENERIC_NAME: Value = pattern("a name of letters, digits, `_`, `+`, `-`", "virtio", |text| of(text, b"_+-"));
/// A name of a device.
pub static DEVICE_NAME: Value = pattern("a name of a device", "eth0", |text| of(text, b"_.-\\:/"));
/// A name of an alias.
pub static ALIAS_NAME: Value = pattern("a name of letters, digits, `_`, `-`, `.`", "ua-disk1", |text| of(text, b"_-."));
/// A path.
pub static PATH: Value = pattern("a path", "/var/lib/libvirt/images/alpha.qcow2", |text| !text.is_empty());
/// An absolute path of a file.
pub static ABSOLUTE_PATH: Value = pattern("an absolute path", "/var/lib/libvirt/images/alpha.qcow2", |text| match text.as_bytes() {
    [b'/', _, ..] => true,
    [drive, b':', b'\\', _, ..] => drive.is_ascii_alphabetic(),
    _ => false,
});
/// An absolute path of a folder.
pub static ABSOLUTE_FOLDER: Value = pattern("an absolute path", "/srv", |text| text.starts_with('/'));
/// A path of a datastore of VMware's.
pub static VMWARE_PATH: Value = pattern("a datastore and a path", "[store] alpha/alpha.vmdk", |text| {
    text.strip_prefix('[')
        .and_then(|rest| rest.split_once("] "))
        .is_some_and(|(store, path)| !store.is_empty() && !store.contains(']') && !path.is_empty())
});
/// A boot entry of s390.
pub static LOADPARM: Value = pattern("up to 8 letters, digits, dots and spaces", "PROMPT", |text| text.len() <= 8 && of(text, b". \t\r\n"));
/// A serial number of a disk.
pub static SERIAL: Value = pattern("letters, digits, `_`, `.`, `+`, `-` and spaces", "WD-WMAP9A966149", |text| of(text, b"_.+- "));
/// A mark of traffic of Fibre Channel.
pub static APPID: Value = pattern("up to 128 printable characters", "my-guest", |text| {
    (1..=128).contains(&text.len()) && text.bytes().all(|byte| (0x20..=0x7e).contains(&byte))
});
/// A maker that Hyper-V tells.
pub static HYPERV_VENDOR: Value =
    pattern("up to 12 characters without a comma", "KVM Hv", |text| text.chars().count() <= 12 && !text.contains(','));
/// A name of a port profile.
pub static PORT_PROFILE: Value = pattern("a name of 39 characters at most", "finance", |text| text.chars().count() <= 39);
/// A name of a network filter.
pub static FILTER_NAME: Value =
    pattern("a name of letters, digits, `_`, `-`, `.` that begins with a letter or `_`", "clean-traffic", nc_name);
/// A variable of a network filter.
pub static FILTER_VARIABLE: Value = pattern("a name of letters, digits, `_`", "IP", |text| of(text, b"_"));
/// What a variable of a network filter says.
pub static FILTER_VALUE: Value = pattern("a text of letters, digits, `_`, `.`, `:`", "192.0.2.1", |text| of(text, b"_.:"));
/// A name of a bridge.
pub static BRIDGE_NAME: Value = pattern("a name of a bridge", "br0", |text| text.is_empty() || of(text, b"_.-\\:/ "));
/// A model of a network card.
pub static CARD_MODEL: Value = pattern("a name of letters, digits, `-`, `_`", "virtio", |text| of(text, b"-_"));
/// A variable of QEMU's environment.
pub static QEMU_VARIABLE: Value = pattern("letters, digits and `_`", "QEMU_AUDIO_DRV", |text| of(text, b"_"));
/// A variable of an environment.
pub static VARIABLE: Value = pattern("a name of letters, digits and `_`, no digit first", "MY_VARIABLE", |text| {
    of(text, b"_") && !text.starts_with(|first: char| first.is_ascii_digit())
});
/// A machine type.
pub static MACHINE: Value = pattern("a machine type", "q35", |text| of(text, b"_.-"));
/// A name of a profile of a TPM.
pub static TPM_PROFILE: Value = pattern("a name of letters, digits, `.`, `-`, `:`", "default-v1", |text| of(text, b".-:"));
/// A name of shared memory.
pub static SHMEM_NAME: Value = pattern("a name without `/`", "shared", |text| !text.contains('/'));
/// A maker of a CPU.
pub static CPU_VENDOR: Value =
    pattern("exactly 12 characters without a comma", "GenuineIntel", |text| text.chars().count() == 12 && !text.contains(','));
/// A time zone.
pub static TIMEZONE: Value = pattern("a time zone", "Europe/Paris", |text| of(text, b"_.+-/"));

fn nc_name(text: &str) -> bool {
    let begins = text.chars().next().is_some_and(|first| first == '_' || first.is_alphabetic());
    begins && text.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.') || !letter.is_ascii())
}

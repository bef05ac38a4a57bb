//! Values as libvirt reads them: every pattern of numbers, names, paths, addresses, and what else many chapters share.

mod address;
mod disk;
mod moment;
mod name;
mod number;

pub use address::*;
pub use disk::*;
pub use moment::*;
pub use name::*;
pub use number::*;

use super::value::{Pattern, Value, word};

/// Text of a pattern.
#[must_use]
pub const fn pattern(what: &'static str, example: &'static str, fits: fn(&str) -> bool) -> Value {
    Value::Pattern(Pattern { what, example, fits, understood: |_| false })
}

/// `yes` or `no`.
pub static YES_NO: Value = Value::Words(&[word("yes"), word("no")]);
/// `on` or `off`.
pub static ON_OFF: Value = Value::Words(&[word("on"), word("off")]);

/// A whole number of 16 bits.
pub static U16: Value = Value::Number(0, 65_535);
/// A whole number of 32 bits.
pub static U32: Value = Value::Number(0, 4_294_967_295);
/// A whole number of 64 bits.
pub static U64: Value = Value::Number(0, u64::MAX);
/// A whole number from 1 on.
pub static POSITIVE: Value = Value::Number(1, u64::MAX);

/// Every pattern: the tables are written with the places that they have here.
pub static LIST: &[&Value] = &[
    &INT,
    &HEX,
    &BYTE,
    &WORD,
    &U24,
    &DWORD,
    &INTEGER,
    &TWO_DIGITS,
    &DRIVE_UNIT,
    &CPU_SET,
    &UNIT,
    &LONG,
    &SCSI_TARGET,
    &SCSI_UNIT,
    &CREATE_MODE,
    &REGISTER,
    &DELTA,
    &PCI_SLOT,
    &PCI_FUNCTION,
    &MAC,
    &UNICAST_MAC,
    &MULTICAST_MAC,
    &IPV4,
    &IP,
    &IP_OR_NAME,
    &DNS_NAME,
    &PORT,
    &USB_ID,
    &USB_ADDRESS,
    &USB_CLASS,
    &USB_PORT,
    &USB_VERSION,
    &WWN,
    &CCW_CSSID,
    &CCW_SSID,
    &CCW_DEVNO,
    &ISA_IOBASE,
    &ISA_IRQ,
    &NAA,
    &UUID,
    &NAME,
    &LINE,
    &GENERIC_NAME,
    &DEVICE_NAME,
    &ALIAS_NAME,
    &PATH,
    &ABSOLUTE_PATH,
    &ABSOLUTE_FOLDER,
    &VMWARE_PATH,
    &LOADPARM,
    &SERIAL,
    &APPID,
    &HYPERV_VENDOR,
    &PORT_PROFILE,
    &FILTER_NAME,
    &FILTER_VARIABLE,
    &FILTER_VALUE,
    &BRIDGE_NAME,
    &CARD_MODEL,
    &QEMU_VARIABLE,
    &VARIABLE,
    &MACHINE,
    &TPM_PROFILE,
    &SHMEM_NAME,
    &CPU_VENDOR,
    &TIMEZONE,
    &VOLUME,
    &DISK_DEVICE,
    &COOKIE_NAME,
    &COOKIE_VALUE,
    &SCSI_VENDOR,
    &SCSI_PRODUCT,
    &PRODUCT_NAME,
    &DATE_TIME,
];

/// True for so many decimal digits at most, and one at least.
#[must_use]
pub fn digits(text: &str, most: usize) -> bool {
    text.len() <= most && decimal(text)
}

/// True for letters, digits and these others, and one at least.
#[must_use]
pub fn of(text: &str, others: &[u8]) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || others.contains(&byte))
}

/// True for up to that many hexadecimal digits, after `0x` or not.
#[must_use]
pub fn hex(text: &str, most: usize) -> bool {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    (1..=most).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// True for up to that many hexadecimal digits after `0x`.
#[must_use]
pub fn prefixed(text: &str, most: usize) -> bool {
    text.starts_with("0x") && hex(text, most)
}

/// True for a decimal number that is no larger.
#[must_use]
pub fn below(text: &str, most: u64) -> bool {
    number(text).is_some_and(|number| number <= most)
}

/// A decimal number of up to 64 bits.
#[must_use]
pub fn number(text: &str) -> Option<u64> {
    match text.len() {
        0 => None,
        // so many digits always fit
        1..=19 => text.bytes().try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u64::from(byte - b'0'))),
        _ => decimal(text).then(|| text.parse().ok())?,
    }
}

/// True for decimal digits, and one at least.
#[must_use]
pub fn decimal(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_values_take_what_libvirt_takes() {
        let fits: [(&Value, &str, bool); 36] = [
            (&UUID, "c7a5fdbdedaf9455926ad65c16db1809", true),
            (&UUID, "c7a5fdbd-edaf-9455-926a-d65c16db180g", false),
            (&UUID, "c7a5fdb-dedaf-9455-926a-d65c16db1809", false),
            (&MAC, "52:54:00:6b:3c:58", true),
            (&MAC, "52:54:0:6b:3c:58", false),
            (&UNICAST_MAC, "01:00:5e:00:00:01", false),
            (&MULTICAST_MAC, "01:00:5e:00:00:01", true),
            (&BYTE, "0x1f", true),
            (&BYTE, "1f", false),
            (&BYTE, "256", false),
            (&PCI_SLOT, "0x1f", true),
            (&PCI_SLOT, "0x20", false),
            (&PCI_SLOT, "31", true),
            (&PCI_SLOT, "32", false),
            (&PCI_FUNCTION, "0x00", false),
            (&PCI_FUNCTION, "7", true),
            (&UNIT, "KiB", true),
            (&UNIT, "bytes", true),
            (&UNIT, "mib", true),
            (&UNIT, "KiBs", false),
            (&CPU_SET, "0-3,^2,7", true),
            (&CPU_SET, "0-3,", false),
            (&CPU_SET, "1-^2", false),
            (&ABSOLUTE_PATH, "/", false),
            (&ABSOLUTE_PATH, "relative", false),
            (&ABSOLUTE_PATH, "C:\\x", true),
            (&USB_PORT, "1.2.3.4", true),
            (&USB_PORT, "1.2.3.4.5", false),
            (&WWN, "5000c50015ea71ad", true),
            (&CCW_CSSID, "0xff", false),
            (&PORT, "-1", true),
            (&PORT, "-2", false),
            (&U64, "18446744073709551615", true),
            (&U64, "18446744073709551616", false),
            (&INT, "-1", true),
            (&INT, "2147483648", false),
        ];
        for (value, text, fits) in fits {
            assert_eq!(value.fits(text), fits, "{text} for {value:?}");
        }
    }
}

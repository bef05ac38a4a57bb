//! Numbers.

use super::super::value::Value;
use super::{below, decimal, digits, hex, pattern, prefixed};

/// A whole number of 32 bits, negative or not.
pub static INT: Value = pattern("a whole number of 32 bits, negative or not", "-1", |text| text.parse::<i32>().is_ok());
/// A hexadecimal number, its `0x` left out or not.
pub static HEX: Value = pattern("a hexadecimal number", "0x1f", |text| {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
});
/// A number of 8 bits, decimal or after `0x`.
pub static BYTE: Value = pattern("a number from 0 to 255, or from 0x0 to 0xff", "0x1f", |text| prefixed(text, 2) || below(text, 255));
/// A number of 16 bits, decimal or hexadecimal.
pub static WORD: Value = pattern("a number of 16 bits", "0x1f4", |text| hex(text, 4) || below(text, 65_535));
/// A number of 24 bits, decimal or after `0x`.
pub static U24: Value = pattern("a number of 24 bits", "0x1f4000", |text| prefixed(text, 6) || below(text, 0xff_ffff));
/// A number of 32 bits, decimal or hexadecimal.
pub static DWORD: Value = pattern("a number of 32 bits", "0x1f4", |text| hex(text, 8) || below(text, 0xffff_ffff));
/// A whole number, negative or not.
pub static INTEGER: Value = pattern("a whole number", "512", |text| decimal(text.strip_prefix(['+', '-']).unwrap_or(text)));
/// A number of one or two digits: a controller, bus, target, port or slot.
pub static TWO_DIGITS: Value = pattern("a number of one or two digits", "0", |text| digits(text, 2));
/// A unit of a drive.
pub static DRIVE_UNIT: Value = pattern("a number of up to five digits", "0", |text| digits(text, 5));
/// A set of CPUs or nodes.
pub static CPU_SET: Value = pattern("a set of numbers", "0-3,^2", |text| text.split(',').all(set_part));
/// A unit of memory or storage.
pub static UNIT: Value = pattern("a unit such as KiB, MiB, GiB", "GiB", |text| {
    let is = |text: &str, words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    let scaled = text.strip_prefix(|c: char| "kmgtpe".contains(c.to_ascii_lowercase()));
    is(text, &["b", "byte", "bytes"]) || scaled.is_some_and(|rest| is(rest, &["", "b", "ib"]))
});
/// A whole number of 64 bits, negative or not.
pub static LONG: Value = pattern("a whole number of 64 bits, negative or not", "12345", |text| text.parse::<i64>().is_ok());
/// A target of a SCSI bus.
pub static SCSI_TARGET: Value = pattern("a number of up to 10 digits", "0", |text| digits(text, 10));
/// A unit of a SCSI target.
pub static SCSI_UNIT: Value = pattern("a number of up to 20 digits", "0", |text| digits(text, 20));
/// A mode of a file.
pub static CREATE_MODE: Value = pattern("a mode of up to three octal digits", "755", |text| {
    let short = text.len() <= 3 || (text.len() == 4 && text.starts_with('0'));
    short && !text.is_empty() && text.bytes().all(|byte| matches!(byte, b'0'..=b'7'))
});
/// An address of a register of pSeries.
pub static REGISTER: Value = pattern("a number of up to eight hexadecimal digits", "0x00003000", |text| hex(text, 8));
/// A number of seconds, with a sign or not.
pub static DELTA: Value = pattern("a number of seconds, with a sign or not", "-3600", |text| {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
});

fn set_part(part: &str) -> bool {
    match part.split_once('-') {
        Some((first, last)) => decimal(first) && decimal(last),
        None => decimal(part.strip_prefix('^').unwrap_or(part)),
    }
}

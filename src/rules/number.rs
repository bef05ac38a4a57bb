//! Numbers as libvirt reads them.

use crate::text::trimmed;

/// A number in decimal digits, with white space around it.
#[must_use]
pub fn unsigned(text: &str) -> Option<u32> {
    trimmed(text).parse().ok()
}

/// A number in C's notation, as addresses are written: `0x1f`, `31`, or with a leading zero octal digits.
#[must_use]
pub fn any_base(text: &str) -> Option<u64> {
    let text = trimmed(text);
    let hex = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    match hex {
        Some(digits) if !digits.starts_with('+') => u64::from_str_radix(digits, 16).ok(),
        Some(_) => None,
        None if text.len() > 1 && text.starts_with('0') => u64::from_str_radix(text, 8).ok(),
        None => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_addresses_may_have_any_base() {
        let numbers = ["0x1F", "31", "010", "0", " 0x0 "].map(any_base);
        assert_eq!(numbers, [Some(31), Some(31), Some(8), Some(0), Some(0)]);
        assert_eq!(["", "0x", "09", "-1", "0x+1", "x"].map(any_base), [None; 6]);
        assert_eq!([unsigned("12"), unsigned("0x1")], [Some(12), None]);
    }
}

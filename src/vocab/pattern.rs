//! Values that many chapters share: numbers, names, paths, addresses, as libvirt reads them.

use std::net::{Ipv4Addr, Ipv6Addr};

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
/// A PCI slot.
pub static PCI_SLOT: Value = pattern("a PCI slot from 0x00 to 0x1f", "0x02", |text| {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    let two = matches!(digits.as_bytes(), [b'0' | b'1', last] | [last] if last.is_ascii_hexdigit());
    two || below(text, 31)
});
/// A PCI function.
pub static PCI_FUNCTION: Value = Value::Pattern(Pattern {
    what: "a PCI function from 0x0 to 0x7",
    example: "0x0",
    fits: |text| matches!(text.strip_prefix("0x").unwrap_or(text).as_bytes(), [b'0'..=b'7']) || below(text, 7),
    // a number to libvirt, however many digits it has; the schema counts them
    understood: |text| matches!(text.strip_prefix("0x").map(|digits| digits.trim_start_matches('0').as_bytes()), Some([] | [b'1'..=b'7'])),
});

/// A UUID, with or without hyphens.
pub static UUID: Value = pattern("a UUID", "c7a5fdbd-edaf-9455-926a-d65c16db1809", |text| {
    let groups = || text.split('-').map(str::len);
    let hexadecimal = text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit());
    hexadecimal && (groups().eq([8, 4, 4, 4, 12]) || groups().eq([32]))
});
/// A MAC address.
pub static MAC: Value = pattern("a MAC address", "52:54:00:6b:3c:58", mac);
/// A MAC address of one interface.
pub static UNICAST_MAC: Value =
    pattern("a unicast MAC address, its second digit even", "52:54:00:6b:3c:58", |text| mac(text) && !odd(text));
/// A MAC address of a group.
pub static MULTICAST_MAC: Value =
    pattern("a multicast MAC address, its second digit odd", "01:00:5e:00:00:01", |text| mac(text) && odd(text));
/// An IPv4 address.
pub static IPV4: Value = pattern("an IPv4 address", "192.0.2.1", ipv4);
/// An IP address.
pub static IP: Value = pattern("an IP address", "192.0.2.1", |text| ipv4(text) || ipv6(text));
/// An IP address or a name of a host.
pub static IP_OR_NAME: Value = pattern("an IP address or a host name", "host.example", |text| ipv6(text) || dns_name(text));
/// A name of a host.
pub static DNS_NAME: Value = pattern("a host name", "host.example", dns_name);
/// A port, or -1.
pub static PORT: Value = pattern("a port from -1 to 65535", "5900", |text| text == "-1" || below(text, 65_535));

/// A name without a slash.
pub static NAME: Value = pattern("a name without `/`", "alpha", |text| !text.is_empty() && !text.contains(['/', '\n']));
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
/// A unit of memory or storage.
pub static UNIT: Value = pattern("a unit such as KiB, MiB, GiB", "GiB", |text| {
    let is = |text: &str, words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    let scaled = text.strip_prefix(|c: char| "kmgtpe".contains(c.to_ascii_lowercase()));
    is(text, &["b", "byte", "bytes"]) || scaled.is_some_and(|rest| is(rest, &["", "b", "ib"]))
});
/// A set of CPUs or nodes.
pub static CPU_SET: Value = pattern("a set of numbers", "0-3,^2", |text| text.split(',').all(set_part));

/// A USB vendor or product.
pub static USB_ID: Value = pattern("a number of four hexadecimal digits", "0x1234", |text| hex(text, 4));
/// A USB bus or device.
pub static USB_ADDRESS: Value = pattern("a number of up to three hexadecimal digits", "0x1a", |text| hex(text, 3));
/// A USB class.
pub static USB_CLASS: Value = pattern("a number of two hexadecimal digits", "0x08", |text| hex(text, 2));
/// A USB port, with the ports of hubs before it.
pub static USB_PORT: Value =
    pattern("a port, with those of hubs before it", "1.2", |text| text.split('.').count() <= 4 && text.split('.').all(|port| hex(port, 3)));
/// A USB version.
pub static USB_VERSION: Value = pattern("a version", "2.00", |text| {
    let digits = |part: &str| matches!(part.len(), 1 | 2) && decimal(part);
    text.split_once('.').is_some_and(|(major, minor)| digits(major) && digits(minor)) || (text.len() > 2 && text.len() < 6 && decimal(text))
});
/// A world-wide name.
pub static WWN: Value = pattern("a world-wide name of 16 hexadecimal digits", "0x5000c50015ea71ad", |text| {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
});
/// A channel subsystem of s390.
pub static CCW_CSSID: Value = pattern("a channel subsystem from 0x00 to 0xfe", "0xfe", |text| {
    (prefixed(text, 2) && !text.eq_ignore_ascii_case("0xff")) || below(text, 254)
});
/// A subchannel set of s390.
pub static CCW_SSID: Value =
    pattern("a subchannel set from 0x0 to 0x3", "0x0", |text| matches!(text.strip_prefix("0x").unwrap_or(text).as_bytes(), [b'0'..=b'3']));
/// A device number of s390.
pub static CCW_DEVNO: Value = pattern("a device number from 0x0 to 0xffff", "0x0001", |text| prefixed(text, 4) || below(text, 65_535));

/// A place of an ISA device.
pub static ISA_IOBASE: Value = pattern("a number of 16 bits after `0x`", "0x3f8", |text| prefixed(text, 4));
/// An interrupt of an ISA device.
pub static ISA_IRQ: Value = pattern("a hexadecimal digit after `0x`", "0x4", |text| prefixed(text, 1));
/// A number of one or two digits: a controller, bus, target, port or slot.
pub static TWO_DIGITS: Value = pattern("a number of one or two digits", "0", |text| digits(text, 2));
/// A unit of a drive.
pub static DRIVE_UNIT: Value = pattern("a number of up to five digits", "0", |text| digits(text, 5));
/// A boot entry of s390.
pub static LOADPARM: Value = pattern("up to 8 letters, digits, dots and spaces", "PROMPT", |text| text.len() <= 8 && of(text, b". \t\r\n"));
/// A serial number of a disk.
pub static SERIAL: Value = pattern("letters, digits, `_`, `.`, `+`, `-` and spaces", "WD-WMAP9A966149", |text| of(text, b"_.+- "));

/// A whole number, negative or not.
pub static INTEGER: Value = pattern("a whole number", "512", |text| decimal(text.strip_prefix(['+', '-']).unwrap_or(text)));

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
    decimal(text) && text.parse().is_ok_and(|number: u64| number <= most)
}

/// True for decimal digits, and one at least.
#[must_use]
pub fn decimal(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn mac(text: &str) -> bool {
    let pair = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.split(':').count() == 6 && text.split(':').all(pair)
}

/// True where the second digit is odd.
fn odd(text: &str) -> bool {
    text.chars().nth(1).and_then(|digit| digit.to_digit(16)).is_some_and(|digit| digit % 2 == 1)
}

fn ipv4(text: &str) -> bool {
    text.parse::<Ipv4Addr>().is_ok()
}

fn ipv6(text: &str) -> bool {
    text.parse::<Ipv6Addr>().is_ok()
}

fn dns_name(text: &str) -> bool {
    of(text, b".-")
}

fn set_part(part: &str) -> bool {
    match part.split_once('-') {
        Some((first, last)) => decimal(first) && decimal(last),
        None => decimal(part.strip_prefix('^').unwrap_or(part)),
    }
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

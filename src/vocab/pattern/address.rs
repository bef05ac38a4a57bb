//! Addresses: of devices on a bus, and of networks.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::super::value::{Pattern, Value};
use super::{below, decimal, hex, of, pattern, prefixed};

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
/// A world-wide name of a vhost target.
pub static NAA: Value = pattern("`naa.` and 16 hexadecimal digits", "naa.50014057667280d8", |text| {
    text.strip_prefix("naa.").is_some_and(|digits| digits.len() == 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
});

fn mac(text: &str) -> bool {
    let fits = |(at, byte): (usize, u8)| if at % 3 == 2 { byte == b':' } else { byte.is_ascii_hexdigit() };
    text.len() == 17 && text.bytes().enumerate().all(fits)
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

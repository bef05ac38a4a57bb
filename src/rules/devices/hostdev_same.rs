//! The same device of the host, handed out twice; and aliases given twice.

use super::function;
use crate::edit;
use crate::finding::Effect;
use crate::rules::{Facts, Findings, Kind, Rule, any_base, page};
use crate::text::sort_by_key;
use crate::xml::{Attr, Node};

/// The rules.
pub const RULES: &[Rule] = &[
    function(
        "hostdev-duplicate",
        page!("hostdev-duplicate.md"),
        &[],
        &["domain"],
        hostdevs,
        "https://libvirt.org/formatdomain.html#host-device-assignment",
    ),
    function("alias-duplicate", page!("alias-duplicate.md"), &[], &["domain"], aliases, "https://libvirt.org/formatdomain.html#devices"),
];

/// What tells one device of the host from another: a kind, numbers, names.
type Identity<'a> = (u8, [u64; 4], [&'a str; 3]);

fn hostdevs(facts: &Facts, _: Node, findings: &mut Findings) {
    let interfaces = facts.whole.all(Kind::Interface).filter(|interface| interface.value("type") == Some("hostdev"));
    let devices = || facts.whole.all(Kind::Hostdev).chain(interfaces.clone());
    if !facts.qemu() || devices().nth(1).is_none() {
        return;
    }
    let mut known: Vec<(Identity, Node)> = Vec::new();
    devices().for_each(|device| identities(device, |identity| known.push((identity, device))));
    sort_by_key(&mut known, |(identity, device)| (*identity, device.span().start));
    for pair in known.windows(2) {
        if let [(one, first), (other, second)] = pair
            && one == other
            && (one.0 != BY_MODEL || !located(*first))
        {
            findings.at(second.name_span(), "this device of the host is handed out already").related(first.name_span(), "here").fix(
                format!("Remove this {}", second.name()),
                Effect::ChangesGuest,
                vec![edit::remove(*second)],
            );
        }
    }
}

const BY_MODEL: u8 = 2;

/// Whether a USB device is told by the place where it is plugged in.
fn located(device: Node) -> bool {
    device.descend(&["source", "address"]).is_some()
}

/// A USB device has two, since one told by vendor and product covers one told by its place.
fn identities<'a>(device: Node<'a>, mut tell: impl FnMut(Identity<'a>)) {
    let Some(source) = device.child("source") else { return };
    let address = source.child("address");
    let number = |name: &str| address.map_or(Some(0), |address| address.value(name).map_or(Some(0), any_base));
    let numbers = |names: [&str; 4]| Some([number(names[0])?, number(names[1])?, number(names[2])?, number(names[3])?]);
    let kind = device.value("type").filter(|kind| *kind != "hostdev").or_else(|| address?.value("type"));
    match kind {
        Some("pci") => {
            if let (Some(numbers), Some(_)) = (numbers(["domain", "bus", "slot", "function"]), address) {
                tell((0, numbers, [""; 3]));
            }
        }
        Some("usb") => {
            if let Some(numbers) = numbers(["bus", "device", "", ""]).filter(|_| address.is_some()) {
                tell((1, numbers, [""; 3]));
            }
            let id = |name: &str| source.child(name).and_then(|node| any_base(node.value("id")?));
            if let (Some(vendor), Some(product)) = (id("vendor"), id("product")) {
                tell((BY_MODEL, [vendor, product, 0, 0], [""; 3]));
            }
        }
        Some("scsi") if source.value("protocol") == Some("iscsi") => {
            let host = |name: &str| source.child("host").and_then(|host| host.value(name)).unwrap_or_default();
            tell((3, [0; 4], [source.value("name").unwrap_or_default(), host("name"), host("port")]));
        }
        Some("scsi") => {
            let adapter = source.child("adapter").and_then(|adapter| adapter.value("name"));
            if let (Some(numbers), Some(adapter)) = (numbers(["bus", "target", "unit", ""]), adapter) {
                tell((4, numbers, [adapter, "", ""]));
            }
        }
        Some("scsi_host") => source.value("wwpn").into_iter().for_each(|name| tell((5, [0; 4], [name, "", ""]))),
        Some("mdev") => address.and_then(|address| address.value("uuid")).into_iter().for_each(|uuid| tell((6, [0; 4], [uuid, "", ""]))),
        _ => {}
    }
}

/// Only aliases of the author's own count: the others are libvirt's, and are read for nothing.
fn aliases(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    let mut known: Vec<Attr> = Vec::new();
    for (kind, alias) in &facts.whole.aliases {
        let target = || alias.parent().and_then(|device| device.child("target"));
        let serial = || target().is_none_or(|target| target.value("type").is_none_or(|kind| kind == "serial"));
        // the first serial port stands as a console too
        if *kind != Kind::Console || !serial() {
            known.extend(alias.attr("name").filter(|name| own(name.value())));
        }
    }
    sort_by_key(&mut known, |name| (name.value(), name.value_span().start));
    for pair in known.windows(2) {
        if let [one, other] = pair
            && one.value() == other.value()
        {
            findings
                .at(other.value_span(), format!("another device has the alias `{}` already", other.value()))
                .related(one.value_span(), "the first one");
        }
    }
}

fn own(name: &str) -> bool {
    name.starts_with("ua-") && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    #[test]
    fn a_device_of_the_host_is_handed_out_twice() {
        let fixture = r#"
<hostdev mode='subsystem' type='usb'>
  <source>
    <vendor id='0x1234'/>
    <product id='0xbeef'/>
  </source>
</hostdev>
<hostdev mode='subsystem' type='usb'>
 ^^^^^^^ error[hostdev-duplicate]: this device of the host is handed out already
 | fix: Remove this hostdev (changes guest)
  <source>
    <vendor id='0x1234'/>
    <product id='0xbeef'/>
  </source>
</hostdev>
"#;
        check_in("kvm-q35", "devices", &["hostdev-duplicate"], fixture);
        let mended = mended_in("kvm-q35", "devices", "hostdev-duplicate", fixture);
        assert_eq!(
            mended,
            "- <hostdev mode='subsystem' type='usb'>\n- <source>\n- <vendor id='0x1234'/>\n- <product id='0xbeef'/>\n- </source>\n- </hostdev>"
        );
    }

    #[test]
    fn each_kind_has_an_identity() {
        let fixture = r#"
<hostdev mode='subsystem' type='pci'>
  <source>
    <address domain='0' bus='6' slot='18' function='5'/>
  </source>
</hostdev>
<interface type='hostdev'>
 ^^^^^^^^^ error[hostdev-duplicate]: this device of the host is handed out already
 | fix: Remove this interface (changes guest)
  <source>
    <address type='pci' domain='0x0000' bus='0x06' slot='0x12' function='0x5'/>
  </source>
</interface>
<hostdev mode='subsystem' type='scsi'>
  <source>
    <adapter name='scsi_host0'/>
    <address bus='0' target='0' unit='0'/>
  </source>
</hostdev>
<hostdev mode='subsystem' type='scsi'>
 ^^^^^^^ error[hostdev-duplicate]: this device of the host is handed out already
 | fix: Remove this hostdev (changes guest)
  <source>
    <adapter name='scsi_host0'/>
    <address bus='0' target='0' unit='0'/>
  </source>
</hostdev>
"#;
        check_in("kvm-q35", "devices", &["hostdev-duplicate"], fixture);
    }

    #[test]
    fn targets_and_mediated_devices_have_one_too() {
        let fixture = r#"
<hostdev mode='subsystem' type='scsi'>
  <source protocol='iscsi' name='iqn.1992-01.com.example:storage/1'>
    <host name='example.org' port='3260'/>
  </source>
</hostdev>
<hostdev mode='subsystem' type='scsi'>
 ^^^^^^^ error[hostdev-duplicate]: this device of the host is handed out already
 | fix: Remove this hostdev (changes guest)
  <source protocol='iscsi' name='iqn.1992-01.com.example:storage/1'>
    <host name='example.org' port='3260'/>
  </source>
</hostdev>
<hostdev mode='subsystem' type='scsi_host'>
  <source protocol='vhost' wwpn='naa.5123456789abcde0'/>
</hostdev>
<hostdev mode='subsystem' type='scsi_host'>
 ^^^^^^^ error[hostdev-duplicate]: this device of the host is handed out already
 | fix: Remove this hostdev (changes guest)
  <source protocol='vhost' wwpn='naa.5123456789abcde0'/>
</hostdev>
<hostdev mode='subsystem' type='mdev' model='vfio-pci'>
  <source>
    <address uuid='53764d0e-85a0-42b4-af5c-2046b460b1dc'/>
  </source>
</hostdev>
<hostdev mode='subsystem' type='mdev' model='vfio-pci'>
 ^^^^^^^ error[hostdev-duplicate]: this device of the host is handed out already
 | fix: Remove this hostdev (changes guest)
  <source>
    <address uuid='53764d0e-85a0-42b4-af5c-2046b460b1dc'/>
  </source>
</hostdev>
"#;
        check_in("kvm-q35", "devices", &["hostdev-duplicate"], fixture);
    }

    #[test]
    fn two_devices_with_the_same_alias() {
        let fixture = r#"
<interface type='user'>
  <alias name='ua-first'/>
</interface>
<interface type='user'>
  <alias name='ua-first'/>
               ^^^^^^^^ error[alias-duplicate]: another device has the alias `ua-first` already
</interface>
"#;
        check_in("kvm-q35", "devices", &["alias-duplicate"], fixture);
    }

    #[test]
    fn it_is_fine_without_a_device_of_the_host_is_handed_out_twice() {
        let fixture = r#"
<hostdev mode='subsystem' type='usb'>
  <source>
    <vendor id='0x1234'/>
    <product id='0xbeef'/>
    <address bus='1' device='2'/>
  </source>
</hostdev>
<hostdev mode='subsystem' type='usb'>
  <source>
    <vendor id='0x1234'/>
    <product id='0xbeef'/>
    <address bus='1' device='3'/>
  </source>
</hostdev>
"#;
        check_in("kvm-q35", "devices", &["hostdev-duplicate"], fixture);
    }

    #[test]
    fn it_is_fine_without_two_devices_with_the_same_alias() {
        let fixture = r#"
<interface type='user'>
  <alias name='ua-first'/>
</interface>
<interface type='user'>
  <alias name='ua-second'/>
</interface>
"#;
        check_in("kvm-q35", "devices", &["alias-duplicate"], fixture);
    }
}

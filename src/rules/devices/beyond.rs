//! What libvirt passes on and QEMU does not take: the domain is defined, and does not start.
//!
//! Source: each was tried on libvirt 9.0.0 with QEMU 7.2; the limits are constants of QEMU's.

use super::{function, rows};
use crate::finding::Phase;
use crate::rules::{Facts, Findings, Kind, Mend, Refused, Rule, page, unsigned};
use crate::text::sort_by_key;
use crate::xml::{Attr, Node};

const DOCS: &str = "https://libvirt.org/formatdomain.html#devices";

/// The rules.
pub const RULES: &[Rule] = &[
    Rule { phase: Phase::Start, ..rows("device-value-beyond", page!("device-value-beyond.md"), VALUE, ON, DOCS) },
    Rule { phase: Phase::Start, ..function("guest-name-duplicate", page!("guest-name-duplicate.md"), &[], &["domain"], names, DOCS) },
];

const ON: &[&str] = &[
    "domain/devices/video/model",
    "domain/devices/interface/driver",
    "domain/devices/interface/acpi",
    "domain/devices/hostdev/acpi",
    "domain/devices/filesystem/target",
    "domain/devices/iommu/driver",
    "domain/devices/channel/target",
];

const VALUE: &[Refused] = &[
    Refused {
        attr: "heads",
        when: |_, model, heads| model.value("type") == Some("virtio") && unsigned(heads).is_some_and(|heads| heads > 16),
        why: "a `virtio` card has at most 16 heads, not {}",
        mend: Mend::Set("16"),
    },
    Refused {
        attr: "rx_queue_size",
        when: odd_queue,
        why: "a queue of a virtio interface has 256 to 1024 entries, not {}",
        mend: Mend::Set("1024"),
    },
    Refused {
        attr: "index",
        when: |_, _, index| unsigned(index).is_some_and(|index| index > 16383),
        why: "QEMU takes ACPI indexes up to 16383, and this is {}",
        mend: Mend::No,
    },
    Refused {
        attr: "dir",
        when: |_, target, tag| {
            let virtiofs =
                target.parent().and_then(|share| share.child("driver")).is_some_and(|driver| driver.value("type") == Some("virtiofs"));
            tag.len() > if virtiofs { 36 } else { 31 }
        },
        why: "`{}` is too long for the name of a shared folder: 31 bytes, with virtiofs 36",
        mend: Mend::No,
    },
    Refused {
        attr: "aw_bits",
        when: |_, driver, bits| {
            let intel = driver.parent().is_some_and(|iommu| iommu.value("model") == Some("intel"));
            intel && unsigned(bits).is_some_and(|bits| !matches!(bits, 0 | 39 | 48))
        },
        why: "the IOMMU has addresses of 39 or 48 bits, not {}",
        mend: Mend::Set("48"),
    },
    Refused {
        attr: "name",
        when: |_, target, name| {
            target.parent().is_some_and(|channel| channel.value("type") == Some("spicevmc")) && name != "com.redhat.spice.0"
        },
        why: "the agent of SPICE listens at `com.redhat.spice.0`, not at `{}`",
        mend: Mend::Set("com.redhat.spice.0"),
    },
];

/// Powers of two alone: the others are told at define.
fn odd_queue(facts: &Facts, driver: Node, size: &str) -> bool {
    let judged = driver.parent().is_some_and(|interface| super::interface_way::virtio(facts, interface) == Some(true));
    judged && unsigned(size).is_some_and(|size| size.is_power_of_two() && !(256..=1024).contains(&size))
}

/// Names and numbers by which the guest, or the host's side, tells devices from one another.
fn names(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    let channels = facts.whole.all(Kind::Channel);
    if channels.len() > 1 {
        let targets = channels.filter_map(|channel| channel.child("target"));
        same(targets.filter(|target| target.value("type") == Some("virtio")).filter_map(|target| target.attr("name")), "channel", findings);
    }
    let cards = facts.whole.all(Kind::Interface).chain(facts.whole.all(Kind::Hostdev));
    if cards.clone().nth(1).is_some() {
        same(cards.filter_map(|card| card.child("acpi")?.attr("index")), "ACPI index", findings);
    }
    let displays = facts.whole.all(Kind::Graphics);
    if displays.len() > 1 {
        let own = displays.filter(|graphics| graphics.value("autoport") != Some("yes"));
        same(own.filter_map(|graphics| graphics.attr("port")).filter(|port| !matches!(port.value(), "-1" | "0")), "port", findings);
    }
}

fn same<'a>(attrs: impl Iterator<Item = Attr<'a>>, what: &str, findings: &mut Findings) {
    let mut all: Vec<_> = attrs.collect();
    sort_by_key(&mut all, |attr| (attr.value(), attr.value_span().start));
    for pair in all.windows(2) {
        if let [one, other] = pair
            && one.value() == other.value()
        {
            let message = format!("another device has the {what} `{}` already", other.value());
            findings.at(other.value_span(), message).related(one.value_span(), "the first one");
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    #[test]
    fn a_value_that_qemu_does_not_take() {
        let fixture = r#"
<video>
  <model type='virtio' heads='20'/>
                              ^^ error[device-value-beyond]: a `virtio` card has at most 16 heads, not 20
                              | fix: Use 16 (changes guest)
</video>
"#;
        check_in("kvm-q35", "devices", &["device-value-beyond"], fixture);
        let mended = mended_in("kvm-q35", "devices", "device-value-beyond", fixture);
        assert_eq!(mended, "- <model type='virtio' heads='20'/>\n+ <model type='virtio' heads='16'/>");
    }

    #[test]
    fn qemu_has_limits_that_libvirt_does_not_know() {
        let fixture = r#"
<interface type='user'>
  <model type='virtio'/>
  <driver rx_queue_size='2048'/>
                         ^^^^ error[device-value-beyond]: a queue of a virtio interface has 256 to 1024 entries, not 2048
                         | fix: Use 1024 (changes guest)
</interface>
<interface type='user'>
  <acpi index='16384'/>
               ^^^^^ error[device-value-beyond]: QEMU takes ACPI indexes up to 16383, and this is 16384
</interface>
<filesystem type='mount'>
  <source dir='/srv/a'/>
  <target dir='a-name-that-is-longer-than-a-tag-can-be'/>
               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[device-value-beyond]: `a-name-that-is-longer-than-a-tag-can-be` is too long for the name of a shared folder: 31 bytes, with virtiofs 36
</filesystem>
<iommu model='intel'>
  <driver aw_bits='47'/>
                   ^^ error[device-value-beyond]: the IOMMU has addresses of 39 or 48 bits, not 47
                   | fix: Use 48 (changes guest)
</iommu>
<graphics type='spice'/>
<channel type='spicevmc'>
  <target type='virtio' name='org.example.0'/>
                              ^^^^^^^^^^^^^ error[device-value-beyond]: the agent of SPICE listens at `com.redhat.spice.0`, not at `org.example.0`
                              | fix: Use com.redhat.spice.0 (changes guest)
</channel>
"#;
        check_in("kvm-q35", "devices", &["device-value-beyond"], fixture);
    }

    #[test]
    fn two_devices_with_one_name_in_the_guest() {
        let fixture = r#"
<channel type='unix'>
  <target type='virtio' name='org.example.agent.0'/>
</channel>
<channel type='pty'>
  <target type='virtio' name='org.example.agent.0'/>
                              ^^^^^^^^^^^^^^^^^^^ error[guest-name-duplicate]: another device has the channel `org.example.agent.0` already
</channel>
"#;
        check_in("kvm-q35", "devices", &["guest-name-duplicate"], fixture);
    }

    #[test]
    fn ports_and_indexes_are_compared_too() {
        let fixture = r#"
<interface type='user'>
  <acpi index='3'/>
</interface>
<interface type='user'>
  <acpi index='3'/>
               ^ error[guest-name-duplicate]: another device has the ACPI index `3` already
</interface>
<graphics type='vnc' port='5999'/>
<graphics type='spice' port='5999'/>
                             ^^^^ error[guest-name-duplicate]: another device has the port `5999` already
"#;
        check_in("kvm-q35", "devices", &["guest-name-duplicate"], fixture);
    }

    #[test]
    fn it_is_fine_without_a_value_that_qemu_does_not_take() {
        let fixture = r#"
<video>
  <model type='virtio' heads='16'/>
</video>
"#;
        check_in("kvm-q35", "devices", &["device-value-beyond"], fixture);
    }

    #[test]
    fn it_is_fine_without_two_devices_with_one_name_in_the_guest() {
        let fixture = r#"
<channel type='unix'>
  <target type='virtio' name='org.example.agent.0'/>
</channel>
<channel type='pty'>
  <target type='virtio' name='org.example.agent.1'/>
</channel>
"#;
        check_in("kvm-q35", "devices", &["guest-name-duplicate"], fixture);
    }
}

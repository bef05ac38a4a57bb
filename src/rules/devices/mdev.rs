//! Mediated devices, and what else of the host is handed out by halves.

use super::{function, rows};
use crate::edit;
use crate::finding::Effect;
use crate::rules::{Facts, Findings, Kind, Mend, Refused, Rule, any_base, page};
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#usb-pci-scsi-devices";
const ON: &[&str] = &["domain/devices/hostdev"];

/// The rules.
pub const RULES: &[Rule] = &[
    rows(
        "hostdev-option-unfit",
        page!("hostdev-option-unfit.md"),
        OPTIONS,
        &[
            "domain/devices/hostdev",
            "domain/devices/hostdev/source",
            "domain/devices/hostdev/source/vendor",
            "domain/devices/hostdev/source/host",
        ],
        DOCS,
    ),
    rows("hostdev-secret-unfit", page!("hostdev-secret-unfit.md"), SECRET, &["domain/devices/hostdev/source/auth/secret"], DOCS),
    rows("hostdev-teaming-unfit", page!("hostdev-teaming-unfit.md"), TEAMING, &["domain/devices/hostdev/teaming"], DOCS),
    rows("mdev-model-unfit", page!("mdev-model-unfit.md"), MODEL, ON, DOCS),
    rows("mdev-display-without-graphics", page!("mdev-display-without-graphics.md"), DISPLAY, ON, DOCS),
    function("mdev-repeated", page!("mdev-repeated.md"), &[], &["domain[devices/hostdev[2]]"], repeated, DOCS),
];

const OPTIONS: &[Refused] = &[
    Refused {
        attr: "sgio",
        when: |_, _, sgio| sgio == "unfiltered",
        why: "libvirt no longer lets every SCSI command through: `{}` is gone",
        mend: Mend::Remove,
    },
    Refused {
        attr: "startupPolicy",
        when: |_, source, _| source.parent().and_then(|hostdev| hostdev.value("type")).is_some_and(|kind| kind != "usb"),
        why: "only a USB device may be missing at a start: `startupPolicy` is for `usb`",
        mend: Mend::Remove,
    },
    Refused {
        attr: "writeFiltering",
        when: |_, _, _| true,
        why: "QEMU cannot let the guest write freely to the configuration of a PCI device; Xen can",
        mend: Mend::Remove,
    },
    Refused { attr: "id", when: |_, _, id| any_base(id) == Some(0), why: "no vendor of USB devices has the number {}", mend: Mend::No },
    Refused {
        attr: "",
        when: |_, host, _| host.name() == "host" && host.parent().is_some_and(|source| source.child("host") != Some(host)),
        why: "an iSCSI device is reached through one host, and this is a second",
        mend: Mend::Remove,
    },
];

const SECRET: &[Refused] = &[Refused {
    attr: "type",
    when: |_, _, kind| matches!(kind, "ceph" | "volume" | "tls" | "vtpm"),
    why: "an iSCSI device takes a secret of type `iscsi`, not `{}`",
    mend: Mend::Set("iscsi"),
}];

const TEAMING: &[Refused] = &[Refused {
    attr: "type",
    when: |_, _, kind| kind == "persistent",
    why: "a device of the host is the transient half of a team, never the persistent one",
    mend: Mend::No,
}];

const MODEL: &[Refused] = &[Refused {
    attr: "model",
    when: |facts, _, model| matches!(model, "vfio-ccw" | "vfio-ap") && facts.arch().is_some_and(|arch| arch != "s390x"),
    why: "`{}` is a device of IBM Z, and this domain is of another architecture",
    mend: Mend::No,
}];

const DISPLAY: &[Refused] = &[Refused {
    attr: "display",
    when: |facts, hostdev, on| on == "on" && hostdev.value("model") == Some("vfio-pci") && facts.whole.all(Kind::Graphics).len() == 0,
    why: "the display of a mediated device is shown through `<graphics>`, and this domain has none",
    mend: Mend::Set("off"),
}];

/// Of some things there is but one.
fn repeated(facts: &Facts, _: Node, findings: &mut Findings) {
    let all = || facts.whole.all(Kind::Hostdev).filter(|hostdev| hostdev.value("type") == Some("mdev"));
    if !facts.qemu() || all().nth(1).is_none() {
        return;
    }
    for (name, value, why) in [
        ("ramfb", "on", "another mediated device has the boot display `ramfb` already"),
        ("model", "vfio-ap", "another device of model `vfio-ap` is there already, and a guest has one"),
    ] {
        for hostdev in all().filter(|hostdev| hostdev.value(name) == Some(value)).skip(1) {
            let Some(attr) = hostdev.attr(name) else { continue };
            let (title, mend) = match name {
                "ramfb" => ("Remove `ramfb`", edit::remove_attribute(hostdev, &attr)),
                _ => ("Remove this device", edit::remove(hostdev)),
            };
            findings.at(attr.value_span(), why).fix(title, Effect::ChangesGuest, vec![mend]);
        }
    }
}

#[cfg(test)]
mod tests;

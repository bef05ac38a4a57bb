//! Devices that a guest has once, and what else small ones cannot be.

use super::{function, rows};
use crate::caps::Version;
use crate::edit;
use crate::finding::Effect;
use crate::rules::{Facts, Family, Findings, Kind, Mend, Refused, Rule, page, unsigned};
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#devices";
const WATCHDOG: &str = "https://libvirt.org/formatdomain.html#watchdog-devices";

/// The rules.
pub const RULES: &[Rule] = &[
    function("device-repeated", page!("device-repeated.md"), &[], &["domain"], repeated, DOCS),
    rows("watchdog-model-unfit", page!("watchdog-model-unfit.md"), MODEL, &["domain/devices/watchdog"], WATCHDOG),
    function("watchdog-action-mixed", page!("watchdog-action-mixed.md"), &[], &["domain[devices/watchdog[2]]"], actions, WATCHDOG),
    rows(
        "vsock-cid-reserved",
        page!("vsock-cid-reserved.md"),
        CID,
        &["domain/devices/vsock/cid"],
        "https://libvirt.org/formatdomain.html#vsock",
    ),
    rows(
        "memballoon-model-unfit",
        page!("memballoon-model-unfit.md"),
        BALLOON,
        &["domain/devices/memballoon"],
        "https://libvirt.org/formatdomain.html#memory-balloon-device",
    ),
    rows(
        "smartcard-address-unfit",
        page!("smartcard-address-unfit.md"),
        SMARTCARD,
        &["domain/devices/smartcard/address"],
        "https://libvirt.org/formatdomain.html#smartcard-devices",
    ),
    rows(
        "nvram-unsupported",
        page!("nvram-unsupported.md"),
        NVRAM,
        &["domain/devices/nvram"],
        "https://libvirt.org/formatdomain.html#nvram-device",
    ),
];

/// What a device is, if it counts.
type What = fn(&Facts, Node) -> Option<&'static str>;

/// How many there may be, and whether those of one model count for themselves.
const ONCE: &[(Kind, What)] = &[
    (Kind::Watchdog, |facts, _| (facts.before(Version(9, 0, 1))).then_some("a watchdog")),
    (Kind::Iommu, |facts, _| (facts.before(Version(9, 0, 1))).then_some("an IOMMU")),
    (Kind::Redirfilter, |_, _| Some("a filter of redirections")),
    (Kind::Smartcard, |_, _| Some("a smart card")),
    (Kind::Tpm, |_, tpm| (tpm.value("model") != Some("spapr-tpm-proxy")).then_some("a TPM")),
    (Kind::Tpm, |_, tpm| (tpm.value("model") == Some("spapr-tpm-proxy")).then_some("a TPM proxy")),
    (Kind::Panic, |facts, panic| (model(facts, panic) == Some("isa")).then_some("a panic device `isa`")),
    (Kind::Panic, |facts, panic| (model(facts, panic) == Some("hyperv")).then_some("a panic device `hyperv`")),
    (Kind::Panic, |facts, panic| (model(facts, panic) == Some("s390")).then_some("a panic device `s390`")),
    (Kind::Panic, |facts, panic| (model(facts, panic) == Some("pseries")).then_some("a panic device `pseries`")),
    (Kind::Panic, |facts, panic| (model(facts, panic) == Some("pvpanic")).then_some("a panic device `pvpanic`")),
];

/// The model of a panic device, as libvirt sees it.
fn model<'a>(facts: &Facts, panic: Node<'a>) -> Option<&'a str> {
    panic.value("model").or_else(|| match facts.board?.family {
        Family::Pseries => Some("pseries"),
        Family::S390Ccw => Some("s390"),
        Family::I440fx | Family::Q35 => Some("isa"),
        _ => None,
    })
}

fn repeated(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    for (kind, what) in ONCE {
        let all = facts.whole.all(*kind);
        if all.len() < 2 {
            continue;
        }
        let mut own = all.filter_map(|node| Some((node, what(facts, node)?)));
        let Some((first, _)) = own.next() else { continue };
        for (node, what) in own {
            findings
                .at(node.name_span(), format!("there is {what} already, and a guest has one"))
                .related(first.name_span(), "the first one")
                .fix(format!("Remove this {}", node.name()), Effect::ChangesGuest, vec![edit::remove(node)]);
        }
    }
}

/// libvirt tells QEMU of one action for all.
fn actions(facts: &Facts, _: Node, findings: &mut Findings) {
    let mut all = facts.whole.all(Kind::Watchdog);
    if !facts.qemu() || !facts.since(Version(9, 0, 1)) {
        return;
    }
    let action = |node: Node| node.attr("action").map_or("reset", |action| action.value()).to_owned();
    let Some(first) = all.next() else { return };
    for other in all.filter(|other| action(*other) != action(first)) {
        let span = other.attr("action").map_or(other.name_span(), |action| action.value_span());
        findings
            .at(span, format!("all watchdogs of a guest do the same, and the first one does `{}`", action(first)))
            .related(first.name_span(), "the first one")
            .fix("Do the same", Effect::ChangesGuest, vec![edit::set_attribute(other, "action", &action(first))]);
    }
}

const MODEL: &[Refused] = &[
    Refused {
        attr: "model",
        when: |facts, _, model| model == "diag288" && facts.arch().is_some_and(|arch| !arch.starts_with("s390")),
        why: "the watchdog `{}` is part of IBM Z, and this domain is another machine",
        mend: Mend::Set("i6300esb"),
    },
    Refused {
        attr: "model",
        when: |facts, _, model| {
            let known = !facts.before(Version(9, 1, 0));
            model == "itco" && known && facts.board.is_some_and(|board| board.family != Family::Q35)
        },
        why: "the watchdog `{}` is part of a machine `q35`, and this domain is another",
        mend: Mend::Set("i6300esb"),
    },
    Refused {
        attr: "model",
        when: |facts, _, model| {
            model == "ib700" && facts.board.is_some_and(|board| board.family != Family::I440fx) && facts.since(Version(11, 3, 0))
        },
        why: "the watchdog `{}` is part of a machine `pc`, and this domain is another",
        mend: Mend::Set("i6300esb"),
    },
];

const CID: &[Refused] = &[Refused {
    attr: "address",
    when: |_, _, address| unsigned(address).is_some_and(|cid| cid < 3),
    why: "the context ids 0 to 2 are taken by the host and the hypervisor, so that a guest's begins at 3, not {}",
    mend: Mend::No,
}];

const BALLOON: &[Refused] = &[Refused {
    attr: "model",
    when: |_, _, model| model == "xen",
    why: "a balloon of model `{}` belongs to another hypervisor",
    mend: Mend::Set("virtio"),
}];

const SMARTCARD: &[Refused] = &[
    Refused {
        attr: "controller",
        when: not_zero,
        why: "QEMU has one reader for smart cards, with the number 0, not {}",
        mend: Mend::Set("0"),
    },
    Refused { attr: "slot", when: not_zero, why: "the reader has one slot, with the number 0, not {}", mend: Mend::Set("0") },
];

fn not_zero(_: &Facts, address: Node, number: &str) -> bool {
    address.value("type") == Some("ccid") && unsigned(number).is_some_and(|number| number != 0)
}

const NVRAM: &[Refused] = &[Refused {
    attr: "",
    when: |facts, _, _| facts.board.is_some_and(|board| board.family != Family::Pseries),
    why: "`<nvram>` among the devices is a chip of machines `pseries`; the variables of a UEFI are told in `<os>`",
    mend: Mend::Remove,
}];

#[cfg(test)]
mod tests;

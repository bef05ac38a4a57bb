//! `<disk>`: what libvirt asks of a disk beyond its form.

mod auth;
mod device;
mod encryption;
mod format;
mod label;
mod network;
mod number;
mod option;
mod shared;
mod target;
mod transient;
mod tune;
mod vhostuser;
mod view;

use super::{Facts, Findings, Look, Rule, page};
use crate::edit;
use crate::finding::{Effect, Finding, Phase};
use crate::xml::{Attr, Node};

pub use view::{Disk, bus_of, number_of};

const DOCS: &str = "https://libvirt.org/formatdomain.html#hard-drives-floppy-disks-cdroms";

/// The rules.
pub const RULES: &[Rule] = &[
    rule("disk-target-duplicate", page!("disk-target-duplicate.md"), target::duplicate),
    rule("disk-target-invalid", page!("disk-target-invalid.md"), target::invalid),
    rule("disk-option-unfit", page!("disk-option-unfit.md"), option::check),
    rule("disk-device-unfit", page!("disk-device-unfit.md"), device::check),
    rule("disk-ide-absent", page!("disk-ide-absent.md"), device::ide),
    rule("disk-readonly-unfit", page!("disk-readonly-unfit.md"), device::readonly),
    rule("disk-source-missing", page!("disk-source-missing.md"), device::source),
    rule("disk-format-unfit", page!("disk-format-unfit.md"), format::check),
    rule("disk-shareable-format", page!("disk-shareable-format.md"), shared::check),
    Rule { phase: Phase::Start, ..rule("disk-source-twice", page!("disk-source-twice.md"), shared::twice) },
    Rule { phase: Phase::Start, ..rule("disk-number-out-of-range", page!("disk-number-out-of-range.md"), number::check) },
    rule("disk-network-unfit", page!("disk-network-unfit.md"), network::check),
    rule("disk-auth-unfit", page!("disk-auth-unfit.md"), auth::check),
    rule("disk-encryption-unfit", page!("disk-encryption-unfit.md"), encryption::check),
    rule("disk-io-cache-unfit", page!("disk-io-cache-unfit.md"), tune::native),
    rule("disk-iothread-unfit", page!("disk-iothread-unfit.md"), tune::thread),
    rule("disk-iotune-unfit", page!("disk-iotune-unfit.md"), tune::limits),
    rule("disk-seclabel-unfit", page!("disk-seclabel-unfit.md"), label::check),
    rule("disk-transient-unfit", page!("disk-transient-unfit.md"), transient::check),
    rule("disk-vhostuser-unfit", page!("disk-vhostuser-unfit.md"), vhostuser::check),
];

/// A rule about the whole domain; libvirt refuses at define.
const fn rule(code: &'static str, page: &'static str, look: Look) -> Rule {
    Rule::define(code, &["domain[devices/disk]"], look, page, DOCS)
}

/// Offers to do without an attribute.
fn without(finding: &mut Finding, node: Node, attr: &Attr) {
    let edits = vec![edit::remove_attribute(node, attr)];
    finding.fix(format!("Remove `{}`", attr.name()), Effect::ChangesGuest, edits);
}

/// Offers to do without an element.
fn without_element(finding: &mut Finding, node: Node) {
    finding.fix(format!("Remove `<{}>`", node.name()), Effect::ChangesGuest, vec![edit::remove(node)]);
}

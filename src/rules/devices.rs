//! `<devices>`, a file for each kind.

pub mod chardev;
pub mod controller;
pub mod crypto;
pub mod disk;
pub mod display;
pub mod filesystem;
pub mod hostdev;
pub mod interface;
pub mod nvme;
pub mod panic;
pub mod redirdev;
pub mod rng;
pub mod spice;
pub mod tpm;
pub mod usb;
pub mod virtio;

use super::{Check, Facts, Findings, Need, Rule};
use crate::finding::{Phase, Severity};
use crate::xml::Node;

/// A rule that no table holds; libvirt refuses at define unless the check says otherwise.
const fn function(
    code: &'static str,
    page: &'static str,
    needs: &'static [Need],
    on: &'static [&'static str],
    check: fn(&Facts, Node, &mut Findings),
    docs: &'static str,
) -> Rule {
    Rule { code, severity: Severity::Error, phase: Phase::Define, needs, on, check: Check::Function(check), page, docs }
}

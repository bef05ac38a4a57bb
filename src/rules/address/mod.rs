//! `<address>` of devices: two at one place, places that are not there, and kinds of places that a device cannot have.

mod drive;
mod duplicate;
mod fixed;
mod form;
mod full;
mod function;
pub mod pci;
mod taken;
mod usb;
mod zpci;

use super::{Kind, Look, Placed, Rule, any_base, page};
use crate::edit;
use crate::finding::{Effect, Finding, Phase};
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#device-addresses";

/// The rules.
pub const RULES: &[Rule] = &[
    rule("address-duplicate", page!("address-duplicate.md"), duplicate::check),
    rule("address-type-unfit", page!("address-type-unfit.md"), form::check),
    rule("address-pci-unfit", page!("address-pci-unfit.md"), pci::check),
    rule("address-pci-fixed", page!("address-pci-fixed.md"), fixed::check),
    Rule { phase: Phase::Start, ..rule("address-function-alone", page!("address-function-alone.md"), function::check) },
    rule("address-zpci-invalid", page!("address-zpci-invalid.md"), zpci::check),
    rule("address-port-missing", page!("address-port-missing.md"), usb::check),
    rule("address-ports-full", page!("address-ports-full.md"), full::check),
    rule("address-drive-unfit", page!("address-drive-unfit.md"), drive::check),
];

/// A rule about the whole domain; libvirt refuses at define.
const fn rule(code: &'static str, page: &'static str, look: Look) -> Rule {
    Rule::define(code, &["domain"], look, page, DOCS)
}

/// A number of an address, zero where it is not written; none where it is no number, which is told elsewhere.
fn number(address: Node, name: &str) -> Option<u64> {
    address.value(name).map_or(Some(0), any_base)
}

/// Without an address libvirt finds a free one.
fn fix_by_removal(finding: &mut Finding, address: Node) {
    // a second one would take its place
    if address.parent().is_some_and(|device| device.children("address").nth(1).is_some()) {
        return;
    }
    finding.fix("Let libvirt choose the address", Effect::ChangesGuest, vec![edit::remove(address)]);
}

/// An address in whose place `pseries` has one of spapr-vio: libvirt 9.0.0, `qemuDomainAssignSpaprVIOAddresses`; tried on a daemon.
pub fn replaced(placed: &Placed) -> bool {
    let value = |name| placed.device.value(name);
    let child = |name| placed.device.child(name).and_then(|child| child.value("type"));
    placed.form != "spapr-vio"
        && match placed.kind {
            Kind::Serial => matches!(child("target"), None | Some("spapr-vio-serial")),
            Kind::Console => matches!(child("target"), None | Some("serial")),
            Kind::Controller => value("type") == Some("scsi") && matches!(value("model"), None | Some("auto" | "ibmvscsi")),
            Kind::Interface => child("model") == Some("spapr-vlan"),
            Kind::Tpm => value("model") != Some("spapr-tpm-proxy"),
            Kind::Nvram => true,
            _ => false,
        }
}

/// A place on PCI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    domain: u16,
    bus: u8,
    slot: u8,
    function: u8,
}

impl Slot {
    /// In domain and bus 0.
    const fn root(slot: u8, function: u8) -> Self {
        Self { domain: 0, bus: 0, slot, function }
    }

    /// What an `<address type='pci'>` says; none where libvirt chooses (all zero but for the function), or where a number is out of range.
    #[must_use]
    pub fn of(address: Node) -> Option<Self> {
        if address.value("type") != Some("pci") {
            return None;
        }
        let read = |name| number(address, name);
        let own = Self {
            domain: read("domain")?.try_into().ok()?,
            bus: read("bus")?.try_into().ok()?,
            slot: read("slot").filter(|slot| *slot < 32)?.try_into().ok()?,
            function: read("function").filter(|function| *function < 8)?.try_into().ok()?,
        };
        Some(own).filter(|own| (own.domain, own.bus, own.slot) != (0, 0, 0))
    }

    /// The bus and the slot on it.
    #[must_use]
    pub fn on(self) -> (u8, u8) {
        (self.bus, self.slot)
    }

    fn key(self) -> u64 {
        u64::from(self.domain) << 16 | u64::from(self.bus) << 8 | u64::from(self.slot) << 3 | u64::from(self.function)
    }
}

impl std::fmt::Display for Slot {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{:04x}:{:02x}:{:02x}.{}", self.domain, self.bus, self.slot, self.function)
    }
}

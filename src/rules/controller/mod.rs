//! `<controller>`: the tree that devices are plugged into.

mod index;
mod machine;
mod option;
mod range;
mod room;
mod root;
mod usb;

use super::{Board, Controller, Facts, Family, Findings, Kind, Look, Rule, any_base, page, unsigned};
use crate::edit;
use crate::finding::{Effect, Phase};
use crate::xml::{Attr, Node};

const DOCS: &str = "https://libvirt.org/formatdomain.html#controllers";

/// The rules.
pub const RULES: &[Rule] = &[
    rule("controller-index-duplicate", page!("controller-index-duplicate.md"), index::check),
    rule("controller-root-wrong", page!("controller-root-wrong.md"), root::check),
    rule("controller-option-unfit", page!("controller-option-unfit.md"), option::check),
    rule("controller-number-out-of-range", page!("controller-number-out-of-range.md"), range::check),
    Rule { phase: Phase::Start, ..rule("controller-number-duplicate", page!("controller-number-duplicate.md"), range::twice) },
    rule("controller-bus-number-missing", page!("controller-bus-number-missing.md"), range::spare),
    rule("controller-machine-unfit", page!("controller-machine-unfit.md"), machine::check),
    rule("controller-pci-no-room", page!("controller-pci-no-room.md"), room::check),
    rule("controller-pci-absent", page!("controller-pci-absent.md"), room::absent),
    rule("controller-usb-master-missing", page!("controller-usb-master-missing.md"), usb::master),
    rule("controller-usb-forbidden", page!("controller-usb-forbidden.md"), usb::forbidden),
    rule("controller-reference-missing", page!("controller-reference-missing.md"), range::references),
];

/// A rule about the whole domain; libvirt refuses at define.
const fn rule(code: &'static str, page: &'static str, look: Look) -> Rule {
    Rule::define(code, &["domain"], look, page, DOCS)
}

/// The token that says a controller's index, else its name.
fn index_span(controller: &Controller) -> crate::text::Span {
    let index: Option<Attr> = controller.node.attr("index");
    index.map_or(controller.node.name_span(), |index| index.value_span())
}

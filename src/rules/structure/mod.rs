//! What the vocabulary does not know, at the very token: one walk of the tree, driven by the tables.

mod fault;
mod kind;
mod meant;
mod parts;
mod spaces;
mod stray;
#[cfg(test)]
mod tests;
mod walk;

use super::{Check, Rule, page};
use crate::finding::{Phase, Severity};

pub use walk::check;

const DOCS: &str = "https://libvirt.org/formatdomain.html";

const fn table(code: &'static str, page: &'static str) -> Rule {
    Rule { code, severity: Severity::Error, phase: Phase::Schema, needs: &[], on: &[], check: Check::Table, page, docs: DOCS }
}

pub(super) const UNKNOWN_ELEMENT: Rule = table("structure-unknown-element", page!("structure-unknown-element.md"));
pub(super) const MISPLACED_ELEMENT: Rule = table("structure-misplaced-element", page!("structure-misplaced-element.md"));
pub(super) const MISSING_ELEMENT: Rule = table("structure-missing-element", page!("structure-missing-element.md"));
pub(super) const REPEATED_ELEMENT: Rule = table("structure-repeated-element", page!("structure-repeated-element.md"));
pub(super) const UNKNOWN_ATTRIBUTE: Rule = table("structure-unknown-attribute", page!("structure-unknown-attribute.md"));
pub(super) const MISSING_ATTRIBUTE: Rule = table("structure-missing-attribute", page!("structure-missing-attribute.md"));
pub(super) const BAD_VALUE: Rule = table("structure-bad-value", page!("structure-bad-value.md"));
pub(super) const BAD_TEXT: Rule = table("structure-bad-text", page!("structure-bad-text.md"));
pub(super) const STRAY_TEXT: Rule = table("structure-stray-text", page!("structure-stray-text.md"));
pub(super) const TOO_NEW: Rule = table("structure-too-new", page!("structure-too-new.md"));

/// The rules of the tables.
pub const RULES: &[Rule] = &[
    UNKNOWN_ELEMENT,
    MISPLACED_ELEMENT,
    MISSING_ELEMENT,
    REPEATED_ELEMENT,
    UNKNOWN_ATTRIBUTE,
    MISSING_ATTRIBUTE,
    BAD_VALUE,
    BAD_TEXT,
    STRAY_TEXT,
    TOO_NEW,
];

//! What libvirt refuses for itself, as data: an attribute or an element, when, and why.

use super::{Facts, Findings};
use crate::edit;
use crate::finding::{Effect, Finding};
use crate::xml::Node;

/// An attribute of an element, or the element, that is refused.
#[derive(Debug, Clone, Copy)]
pub struct Refused {
    /// The attribute at fault; empty for the element itself.
    pub attr: &'static str,
    /// Whether it is: asked with the value of the attribute, where there is one.
    pub when: fn(&Facts, Node, &str) -> bool,
    /// Why, for the message; `{}` stands for the value.
    pub why: &'static str,
    /// What mends it.
    pub mend: Mend,
}

/// The one edit that mends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mend {
    /// There is none.
    No,
    /// The attribute, or the element, goes.
    Remove,
    /// The attribute gets this value.
    Set(&'static str),
    /// Another attribute of the element gets that value.
    Also(&'static str, &'static str),
}

/// Tells of the first row that applies, as one fault gives one finding, and hands that over to be refined.
pub fn refused<'f>(rows: &[Refused], facts: &Facts, node: Node, findings: &'f mut Findings) -> Option<&'f mut Finding> {
    let row = rows.iter().find(|row| facts.qemu() && row.applies(facts, node))?;
    Some(row.tell(node, findings))
}

impl Refused {
    fn applies(&self, facts: &Facts, node: Node) -> bool {
        match node.value(self.attr) {
            Some(value) => (self.when)(facts, node, value),
            None => self.attr.is_empty() && (self.when)(facts, node, ""),
        }
    }

    fn tell<'f>(&self, node: Node, findings: &'f mut Findings) -> &'f mut Finding {
        let attr = node.attr(self.attr);
        let span = attr.map_or(node.name_span(), |attr| attr.value_span());
        let finding = findings.at(span, self.why.replacen("{}", attr.map_or("", |attr| attr.value()), 1));
        match (self.mend, attr) {
            (Mend::No, _) => finding,
            (Mend::Set(value), _) => {
                finding.fix(format!("Use {value}"), Effect::ChangesGuest, vec![edit::set_attribute(node, self.attr, value)])
            }
            (Mend::Also(name, value), _) => {
                finding.fix(format!("Write `{name}='{value}'`"), Effect::ChangesGuest, vec![edit::set_attribute(node, name, value)])
            }
            (Mend::Remove, Some(attr)) => {
                finding.fix(format!("Remove `{}`", self.attr), Effect::ChangesGuest, vec![edit::remove_attribute(node, &attr)])
            }
            (Mend::Remove, None) => finding.fix(format!("Remove `<{}>`", node.name()), Effect::ChangesGuest, vec![edit::remove(node)]),
        }
    }
}

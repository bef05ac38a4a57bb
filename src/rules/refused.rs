//! What libvirt refuses for itself, as data: an attribute or an element, when, and why.

use super::{Facts, Findings};
use crate::edit;
use crate::finding::Effect;
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

/// Tells of the first row that applies: one fault gives one finding.
pub fn refused(rows: &[Refused], facts: &Facts, node: Node, findings: &mut Findings) {
    if facts.qemu() {
        let _ = rows.iter().any(|row| row.check(facts, node, findings));
    }
}

impl Refused {
    fn check(&self, facts: &Facts, node: Node, findings: &mut Findings) -> bool {
        let attr = node.attr(self.attr);
        let value = match attr {
            Some(attr) => attr.value(),
            None if self.attr.is_empty() => "",
            None => return false,
        };
        if !(self.when)(facts, node, value) {
            return false;
        }
        let span = attr.map_or(node.name_span(), |attr| attr.value_span());
        let finding = findings.at(span, self.why.replacen("{}", value, 1));
        match (self.mend, attr) {
            (Mend::No, _) => return true,
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
        };
        true
    }
}

//! What a kind does not go with, told at the kind instead of at each part that does not fit it.

use super::super::Findings;
use super::parts::Parts;
use super::{BAD_VALUE, MISSING_ATTRIBUTE};
use crate::edit;
use crate::finding::Effect;
use crate::xml::Node;

/// Attributes of a source that only one kind of disk or filesystem has.
const SOURCE_KINDS: &[(&str, &str)] = &[("dev", "block"), ("file", "file"), ("dir", "dir"), ("protocol", "network"), ("pool", "volume")];

/// True where `node` does not go with the kind that it or its parent is of, which is told then.
pub fn of_another(node: Node, parts: &Parts, findings: &mut Findings) -> bool {
    match node.name() {
        "source" => source(node, parts, findings),
        "hyperv" => passthrough(node, findings),
        _ => false,
    }
}

/// A source whose attribute tells a kind that its parent does not.
fn source(node: Node, parts: &Parts, findings: &mut Findings) -> bool {
    let Some(parent) = node.parent().filter(|parent| parent.attr("type").is_none()) else { return false };
    let unknown = |attr: &&(&str, &str)| node.attr(attr.0).is_some() && parts.attr(attr.0).is_none();
    let Some((attr, kind)) = SOURCE_KINDS.iter().find(unknown).filter(|_| matches!(parent.name(), "disk" | "filesystem")) else {
        return false;
    };
    let name = parent.name();
    let message = format!("`{name}` lacks the attribute `type`: the source that goes without has no `{attr}`, that of `{kind}` has");
    findings.begin(&MISSING_ATTRIBUTE);
    let finding = findings.at(parent.name_span(), message);
    finding.fix(format!("Write type='{kind}'"), Effect::Safe, vec![edit::set_attribute(parent, "type", kind)]);
    true
}

/// All that the host has, and yet a list.
fn passthrough(node: Node, findings: &mut Findings) -> bool {
    let Some(mode) = node.attr("mode").filter(|mode| mode.value() == "passthrough") else { return false };
    let Some(first) = node.elements().next() else { return false };
    findings.begin(&BAD_VALUE);
    let finding = findings.at(mode.value_span(), "`passthrough` gives all that the host has, and goes without a list");
    finding.related(first.name_span(), "the list");
    finding.fix("Write custom", Effect::ChangesGuest, vec![edit::replace(mode.value_span(), "custom")]);
    finding.fix("Remove the list", Effect::Safe, node.elements().map(edit::remove).collect());
    true
}

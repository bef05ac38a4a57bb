//! Edits that put another CPU in the place of the one asked for, and leave the author's topology, cells and features as they stand.

use super::super::Facts;
use crate::caps::{Kept, Policy, Usable};
use crate::cpu::{CpuMode, Family, Origin, expanded, names};
use crate::edit::{indent_of, push_escaped, remove_attribute, replace, replace_raw, room, set_attribute};
use crate::finding::TextEdit;
use crate::text::Span;
use crate::xml::Node;

/// The custom CPU that host-model comes to, without `invtsc` and `<maxphysaddr>`; none where the document is not sure of it.
pub(super) fn resolved(facts: &Facts, node: Node) -> Option<Vec<TextEdit>> {
    let cpu = &facts.cpu;
    let sure = facts.sources.updated_cpu.is_some()
        || super::definition(facts).is_some_and(|(_, definition)| definition.probed() && !expanded(cpu.request.family, definition));
    let model = cpu.model.filter(|_| sure)?;
    let mut lines = Lines::of(inner_indent(node));
    push_model(lines.next(), node, model);
    if let Some(vendor) = cpu.vendor.filter(|_| node.child("vendor").is_none()) {
        let line = lines.next();
        line.push_str("<vendor>");
        push_escaped(line, vendor);
        line.push_str("</vendor>");
    }
    let own = cpu.features.iter().filter(|feature| feature.origin == Origin::HostModel);
    let own = own.map(|feature| (feature.policy.unwrap_or(Policy::Require), feature.name));
    // without a word of the domain about features, x86 takes those of the definition as they stand
    let taken = cpu.request.family == Family::X86 && facts.sources.updated_cpu.is_none() && cpu.request.features().next().is_none();
    let mut edits = match super::definition(facts).filter(|_| taken && node.child("model").is_none()) {
        Some((_, definition)) => with_kept(node, lines, &definition.lines, own),
        None => {
            lines.features(own);
            with_mode(node, CpuMode::Custom, lines)
        }
    };
    for asked in cpu.request.features().filter(|asked| asked.policy == Policy::Optional) {
        let came_to = cpu.features.find(asked.name).and_then(|feature| feature.policy);
        if let Some(policy) = came_to.filter(|policy| *policy != Policy::Optional) {
            edits.push(set_attribute(asked.node, "policy", policy.word()));
        }
    }
    Some(edits)
}

/// The model that the host's capabilities name, unless the hypervisor says that it does not run here.
pub(super) fn of_host(facts: &Facts, node: Node) -> Option<(String, Vec<TextEdit>)> {
    let model = facts.sources.host_caps?.said.cpu.as_ref()?.model.as_ref()?.value.as_str();
    let listed = facts.sources.domain_caps.and_then(|caps| caps.said.model(model));
    if listed.is_some_and(|listed| listed.usable.value == Usable::No) {
        return None;
    }
    let mut lines = Lines::of(inner_indent(node));
    push_model(lines.next(), node, model);
    Some((model.to_owned(), with_mode(node, CpuMode::Custom, lines)))
}

/// Lines that stand below each other with the same indentation, each after a line break.
pub(super) struct Lines {
    indent: String,
    pub(super) text: String,
}

impl Lines {
    pub(super) fn of(indent: String) -> Self {
        Self { indent, text: String::new() }
    }

    /// A new line, to be written.
    pub(super) fn next(&mut self) -> &mut String {
        begin_line(&mut self.text, &self.indent);
        &mut self.text
    }

    /// A line for each feature.
    pub(super) fn features<'n>(&mut self, features: impl Iterator<Item = (Policy, &'n str)>) {
        push_features(&mut self.text, &self.indent, features);
    }
}

fn begin_line(text: &mut String, indent: &str) {
    text.push('\n');
    text.push_str(indent);
}

fn push_features<'n>(text: &mut String, indent: &str, features: impl Iterator<Item = (Policy, &'n str)>) {
    for (policy, name) in features {
        begin_line(text, indent);
        text.push_str("<feature policy='");
        text.push_str(policy.word());
        text.push_str("' name='");
        push_escaped(text, name);
        text.push_str("'/>");
    }
}

/// The indentation of the children that `node` has or may get.
pub(super) fn inner_indent(node: Node) -> String {
    let own = node.elements().next().map(indent_of).filter(|indent| !indent.is_empty());
    own.map_or_else(|| [indent_of(node), "  "].concat(), str::to_owned)
}

pub(super) fn push_model(line: &mut String, node: Node, model: &str) {
    line.push_str("<model fallback='forbid'");
    if let Some(id) = node.child("model").and_then(|model| model.value("vendor_id")) {
        line.push_str(" vendor_id='");
        push_escaped(line, id);
        line.push('\'');
    }
    line.push('>');
    push_escaped(line, model);
    line.push_str("</model>");
}

/// The mode becomes another, and `lines` stand first in the element, in the place of a `<model>`.
pub(super) fn with_mode(node: Node, mode: CpuMode, lines: Lines) -> Vec<TextEdit> {
    let Lines { indent, mut text } = lines;
    let put = match node.child("model") {
        Some(model) => replace_raw(model.span(), text.split_off(1 + indent.len())),
        None => {
            let (span, before, after) = first_place(node);
            replace_raw(span, [before, &text, &after].concat())
        }
    };
    vec![set_attribute(node, "mode", mode.word()), put]
}

/// The mode becomes custom, and `lines` with those of the features stand first in the element, which has no `<model>`; put together
/// once a document.
fn with_kept<'n>(node: Node, lines: Lines, kept: &Kept, features: impl Iterator<Item = (Policy, &'n str)>) -> Vec<TextEdit> {
    let (span, before, after) = first_place(node);
    let Lines { indent, text } = lines;
    let whole = kept.text(&[before, &text].concat(), &after, |text| push_features(text, &indent, features));
    vec![set_attribute(node, "mode", CpuMode::Custom.word()), replace_raw(span, whole)]
}

/// Where lines stand that come first in an element, and what comes before and after them there.
fn first_place(node: Node) -> (Span, &'static str, String) {
    match node.content_span() {
        Some(content) if node.elements().next().is_some() => (Span::empty(content.start), "", String::new()),
        Some(content) => (content, "", ["\n", indent_of(node)].concat()),
        None => {
            let (span, after) = room(node);
            (span, ">", after)
        }
    }
}

/// host-model in the place of a custom CPU: no model, no `match`, no `check='full'`, the author's features.
pub(super) fn host_model(node: Node) -> Vec<TextEdit> {
    let mut edits = vec![match node.attr("mode") {
        Some(mode) => replace(mode.value_span(), "host-model"),
        None => replace_raw(Span::empty(node.name_span().end), " mode='host-model'"),
    }];
    // nothing is as strict as `full`, which QEMU's own additions to the host's CPU do not pass
    let full = node.attr("check").filter(|check| check.value() == "full");
    edits.extend(node.attr("match").into_iter().chain(full).map(|attr| remove_attribute(node, &attr)));
    edits.extend(node.elements().filter(|child| matches!(child.name(), "model" | "vendor")).map(crate::edit::remove));
    edits
}

/// The features are disabled: those that the domain names where they stand, the others after them.
pub(super) fn disabled(facts: &Facts, node: Node, names: &[&str]) -> Vec<TextEdit> {
    let mut edits = Vec::new();
    let last = node.children("feature").last().or_else(|| node.child("vendor")).or_else(|| node.child("model"));
    let mut new = Vec::new();
    for name in names {
        match facts.cpu.request.features().find(|feature| feature.name == *name) {
            Some(feature) => edits.push(set_attribute(feature.node, "policy", "disable")),
            None => new.push((Policy::Disable, *name)),
        }
    }
    if let Some(last) = last.filter(|_| !new.is_empty()) {
        let mut lines = Lines::of(indent_of(last).to_owned());
        lines.features(new.into_iter());
        edits.push(replace_raw(Span::empty(last.span().end), lines.text));
    }
    edits
}

/// A usable model of the same line, the one with the longest name in common.
pub(super) fn close_and_usable<'a>(facts: &Facts<'a>, name: &str) -> Option<&'a str> {
    let line = |name: &str| name.split(['-', '_']).next().unwrap_or_default().len();
    let common = |other: &str| name.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let models = &facts.sources.domain_caps?.said.cpu.custom.as_ref()?.models;
    let usable = models.iter().filter(|model| model.usable.value == Usable::Yes).map(|model| model.name.value.as_str());
    let close = usable.filter(|other| line(other) == line(name) && common(other) >= line(name));
    let plain = |other: &str| names::unversioned(other) == other;
    close.max_by_key(|other| (plain(other) == plain(name), common(other), std::cmp::Reverse(other.len())))
}

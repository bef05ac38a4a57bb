//! Edits that put a CPU which several hosts have in common in the place of the one asked for.

use super::pin::{Lines, inner_indent, push_model, with_mode};
use crate::caps::Policy;
use crate::cpu::CpuMode;
use crate::edit::{escape, indent_of, remove, remove_attribute, replace, replace_raw, set_attribute};
use crate::finding::{Effect, Fix, TextEdit};
use crate::text::Span;
use crate::xml::Node;

/// A CPU that is to be asked for.
pub struct CommonCpu<'a> {
    /// Custom, or on ppc64 host-model, of which the model is the mode.
    pub mode: CpuMode,
    /// Its model.
    pub model: &'a str,
    /// Its vendor.
    pub vendor: Option<&'a str>,
    /// What differs from the model.
    pub features: &'a [(&'a str, Policy)],
    /// Whether it has a feature, by the model or by name.
    pub has: &'a dyn Fn(&str) -> bool,
    /// True where a host may refuse even to turn off what it does not know by name.
    pub unknown_refused: bool,
}

/// The fix that asks for it; none where the domain does already, or cannot.
#[must_use]
pub fn use_common_cpu(domain: Node, cpu: &CommonCpu) -> Option<Fix> {
    let mut edits = match (domain.child("cpu"), domain.child("os")) {
        (Some(node), _) => in_place(node, cpu),
        (None, Some(os)) => vec![replace_raw(Span::empty(os.span().end), whole(os, cpu))],
        (None, None) => Vec::new(),
    };
    let source = domain.source();
    edits.retain(|edit| *edit.span.of(source) != *edit.new_text);
    (!edits.is_empty()).then(|| Fix::new("Use the CPU of all hosts", Effect::ChangesGuest, edits))
}

/// A `<cpu>` below the element after which it is put.
fn whole(after: Node, cpu: &CommonCpu) -> String {
    let indent = indent_of(after);
    let mut lines = Lines::of(format!("{indent}  "));
    add_model(&mut lines, after, cpu);
    add_vendor(&mut lines, cpu.vendor);
    lines.features(cpu.features.iter().map(|(name, policy)| (*policy, *name)));
    let matching = if cpu.mode == CpuMode::Custom { " match='exact'" } else { "" };
    format!("\n{indent}<cpu mode='{}'{matching}>{}\n{indent}</cpu>", cpu.mode.word(), lines.text)
}

fn in_place(node: Node, cpu: &CommonCpu) -> Vec<TextEdit> {
    let own_vendor = node.child("vendor");
    let same_vendor = own_vendor.is_some_and(|own| own.text().map(|text| text.value) == cpu.vendor);
    let named = |name: &str| node.children("feature").any(|feature| feature.value("name") == Some(name));
    let mut lines = Lines::of(inner_indent(node));
    add_model(&mut lines, node, cpu);
    add_vendor(&mut lines, cpu.vendor.filter(|_| !same_vendor));
    lines.features(cpu.features.iter().filter(|(name, _)| !named(name)).map(|(name, policy)| (*policy, *name)));
    let mut edits = with_mode(node, cpu.mode, lines);
    let custom = cpu.mode == CpuMode::Custom;
    let matching = node.attr("match").filter(|attr| !custom || attr.value() != "exact");
    edits.extend(matching.map(|attr| if custom { replace(attr.value_span(), "exact") } else { remove_attribute(node, &attr) }));
    let refused = [node.attr("migratable"), node.attr("check").filter(|attr| attr.value() == "full")];
    edits.extend(refused.into_iter().flatten().map(|attr| remove_attribute(node, &attr)));
    edits.extend(own_vendor.filter(|_| !same_vendor).map(remove));
    edits.extend(node.children("cache").filter(|cache| cache.value("mode") == Some("passthrough")).map(remove));
    edits.extend(node.children("feature").filter_map(|feature| own_feature(feature, cpu)));
    edits
}

/// What the author turned off stays off; what is asked for stays where the common CPU has it.
fn own_feature(feature: Node, cpu: &CommonCpu) -> Option<TextEdit> {
    let wanted = match feature.value("policy") {
        Some("disable") => return None,
        Some("forbid") => "disable",
        policy if (cpu.has)(feature.value("name")?) => {
            return (policy == Some("optional")).then(|| set_attribute(feature, "policy", "require"));
        }
        _ if cpu.unknown_refused && !cpu.features.iter().any(|(name, _)| feature.value("name") == Some(*name)) => {
            return Some(remove(feature));
        }
        _ => "disable",
    };
    Some(set_attribute(feature, "policy", wanted))
}

fn add_model(lines: &mut Lines, node: Node, cpu: &CommonCpu) {
    let line = lines.next();
    if cpu.mode == CpuMode::Custom {
        return push_model(line, node, cpu.model);
    }
    for part in ["<model>", cpu.model, "</model>"] {
        line.push_str(part);
    }
}

fn add_vendor(lines: &mut Lines, vendor: Option<&str>) {
    if let Some(vendor) = vendor {
        lines.next().push_str(&format!("<vendor>{}</vendor>", escape(vendor)));
    }
}

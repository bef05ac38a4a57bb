//! What was meant and what is expected, in words and in edits.

use super::parts::Parts;
use crate::edit;
use crate::finding::TextEdit;
use crate::text::{Span, nearest};
use crate::vocab::{Attr, Child, Element, Value, pattern};
use crate::xml::Node;

/// The name of the only attribute that has such a word, if it is one that tells.
pub fn by_value(value: &str, mut attrs: impl Iterator<Item = &'static Attr>) -> Option<&'static str> {
    let mut having = attrs.by_ref().filter(|attr| attr.value.word(value).is_some());
    let only = having.next().filter(|_| !matches!(value, "yes" | "no" | "on" | "off"))?;
    having.next().is_none().then_some(only.name)
}

/// Whether a value is a UUID, which no message tells.
pub fn is_uuid(value: &Value) -> bool {
    match value {
        Value::Pattern(_) => std::ptr::eq(value, &pattern::UUID),
        Value::Either(values) => values.iter().any(|value| is_uuid(value)),
        _ => false,
    }
}

/// Whether a path begins with what a shell alone replaces by a home directory: tried on libvirt 9.0.0, which looks for a file of that name.
pub fn homely(text: &str, values: &[&'static Value]) -> bool {
    let rest = text.strip_prefix('~').and_then(|rest| rest.get(rest.find('/')?..));
    rest.is_some_and(|path| values.iter().any(|value| value.fits(path)))
}

/// What a value should be, in words.
pub fn wanted(values: &[&'static Value]) -> String {
    let mut words: Vec<_> = values.iter().flat_map(|value| value.words()).map(|word| format!("`{}`", word.word)).collect();
    words.extend(values.iter().flat_map(|value| others(value)));
    let more = words.len().saturating_sub(12);
    words.truncate(12);
    let rest = if more > 0 { format!(" or {more} more") } else { String::new() };
    format!("expected {}{rest}", words.join(", "))
}

/// Those of a value that are not words.
fn others(value: &'static Value) -> Vec<String> {
    match value {
        Value::Number(least, u64::MAX) => vec![format!("a number from {least}")],
        Value::Number(least, most) => vec![format!("a number from {least} to {most}")],
        Value::Pattern(pattern) => vec![format!("{} such as `{}`", pattern.what, pattern.example)],
        Value::Either(values) => values.iter().flat_map(|value| others(value)).collect(),
        Value::Empty => vec!["nothing".to_owned()],
        Value::Words(_) | Value::Any => Vec::new(),
    }
}

/// What `child` was probably meant to be, and that name with its prefix: a near one of its namespace, or its own with the prefix of `node`.
pub fn meant(child: Node, node: Node, parts: &Parts) -> Option<(&'static Element, String)> {
    let known = || parts.children().map(Child::element);
    let same = || known().filter(|known| known.namespace == child.namespace());
    let prefix = |node: Node| node.qualified_name().split_once(':').map(|(prefix, _)| format!("{prefix}:")).unwrap_or_default();
    if let Some(near) = nearest(child.name(), same().map(|known| known.name)) {
        return Some((same().find(|known| known.name == near)?, format!("{}{near}", prefix(child))));
    }
    let with_prefix = child.namespace().is_none() && node.namespace().is_some();
    let known = known().find(|known| known.name == child.name() && known.namespace == node.namespace())?;
    with_prefix.then(|| (known, format!("{}{}", prefix(node), known.name)))
}

/// Both tags of an element, renamed.
pub fn rename(node: Node, name: &str) -> Vec<TextEdit> {
    let old = node.name_span();
    let mut edits = vec![edit::replace_raw(old, name)];
    if node.content_span().is_some() {
        let end = node.span().end - 1;
        let tag = Span::new(old.start, end).of(node.source());
        if let Some(at) = tag.rfind("</") {
            let start = old.start + at + 2;
            edits.push(edit::replace_raw(Span::new(start, start + old.end - old.start), name));
        }
    }
    edits
}

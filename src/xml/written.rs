//! How XML is written: what must be escaped, and how far a line is indented.

use super::Node;
use crate::text::Span;

/// `value` as it may stand between quotes or tags.
#[must_use]
pub fn escape(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            _ => out.push(c),
        }
    }
    out
}

/// The white space before `node` on its line; empty where something else stands there.
#[must_use]
pub fn indent_of<'a>(node: Node<'a>) -> &'a str {
    let before = Span::new(0, node.span().start).of(node.source());
    let line = before.rfind('\n').map_or(before, |at| before.get(at + 1..).unwrap_or(""));
    if line.trim().is_empty() { line } else { "" }
}

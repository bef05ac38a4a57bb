//! How XML is written: what must be escaped, and how far a line is indented.

use super::Node;
use crate::text::Span;

/// `value` as it may stand between quotes or tags.
#[must_use]
pub fn escape(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    push_escaped(&mut out, value);
    out
}

/// Adds `value` as it may stand between quotes or tags.
pub fn push_escaped(out: &mut String, value: &str) {
    let mut rest = value;
    // most are letters, which stand behind all of these
    while let Some(at) = rest.bytes().position(|byte| byte <= b'>' && matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'')) {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        let mut special = special.chars();
        out.push_str(match special.next() {
            Some('&') => "&amp;",
            Some('<') => "&lt;",
            Some('>') => "&gt;",
            Some('"') => "&quot;",
            _ => "&apos;",
        });
        rest = special.as_str();
    }
    out.push_str(rest);
}

/// The white space before `node` on its line; empty where something else stands there.
#[must_use]
pub fn indent_of<'a>(node: Node<'a>) -> &'a str {
    let before = Span::new(0, node.span().start).of(node.source());
    let line = before.rfind('\n').map_or(before, |at| before.get(at + 1..).unwrap_or(""));
    if line.trim().is_empty() { line } else { "" }
}

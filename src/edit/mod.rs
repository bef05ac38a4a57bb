//! Edits of the author's text: everything that is not named stays byte for byte.

use crate::finding::{TextEdit, Wording};
use crate::text::Span;
use crate::xml::{Attr, Node};

pub use crate::xml::{escape, indent_of, push_escaped};

/// Puts `value` in place of `span`, escaped.
#[must_use]
pub fn replace(span: Span, value: &str) -> TextEdit {
    TextEdit { span, new_text: escape(value).into() }
}

/// Puts raw XML in place of `span`.
#[must_use]
pub fn replace_raw(span: Span, xml: impl Into<Wording>) -> TextEdit {
    TextEdit { span, new_text: xml.into() }
}

/// Gives `node` the attribute, in place of the one it has or after its others.
#[must_use]
pub fn set_attribute(node: Node, name: &str, value: &str) -> TextEdit {
    match node.attr(name) {
        Some(attr) => replace(attr.value_span(), value),
        None => {
            let after = node.attrs().last().map_or(node.name_span().end, |last| last.span().end);
            replace_raw(Span::empty(after), format!(" {name}='{}'", escape(value)))
        }
    }
}

/// Takes an attribute away, with the space before it.
#[must_use]
pub fn remove_attribute(node: Node, attr: &Attr) -> TextEdit {
    let span = attr.span();
    let before = Span::new(node.span().start, span.start).of(node.source());
    let space = before.len() - before.trim_end().len();
    replace_raw(Span::new(span.start - space, span.end), "")
}

/// Takes an element away; with its line, where it has that to itself.
#[must_use]
pub fn remove(node: Node) -> TextEdit {
    let (span, text) = (node.span(), node.source());
    let before = Span::new(0, span.start).of(text);
    let after = Span::new(span.end, text.len()).of(text);
    let indent = before.len() - before.trim_end_matches([' ', '\t']).len();
    let own_line = before.trim_end_matches([' ', '\t']).ends_with('\n') && (after.starts_with('\n') || after.starts_with("\r\n"));
    if own_line {
        let newline = if after.starts_with('\r') { 2 } else { 1 };
        return replace_raw(Span::new(span.start - indent, span.end + newline), "");
    }
    replace_raw(span, "")
}

/// Where `<name/>` gets content, and what stands after it then; `>` stands before. Each line of it has its break before it.
#[must_use]
pub fn room(node: Node) -> (Span, String) {
    let span = node.span();
    let tag = span.of(node.source());
    let kept = tag.trim_end_matches('>').trim_end_matches('/').trim_end().len();
    (Span::new(span.start + kept, span.end), ["\n", indent_of(node), "</", node.qualified_name(), ">"].concat())
}

/// Puts raw XML into `node` as its last child, indented as its other children are.
#[must_use]
pub fn append_child(node: Node, xml: &str) -> TextEdit {
    let outer = indent_of(node);
    let Some(content) = node.content_span() else {
        let (span, after) = room(node);
        return replace_raw(span, [">\n", outer, "  ", xml, &after].concat());
    };
    match node.elements().last() {
        Some(last) => replace_raw(Span::empty(last.span().end), ["\n", indent_of(last), xml].concat()),
        None => replace_raw(content, ["\n", outer, "  ", xml, "\n", outer].concat()),
    }
}

/// The text after the edits, which are disjoint and in order; an edit that does not fit is left out.
#[must_use]
pub fn apply(text: &str, edits: &[TextEdit]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        if let Some(kept) = text.get(at..edit.span.start) {
            out.push_str(kept);
            out.push_str(&edit.new_text);
            at = edit.span.end;
        }
    }
    out.push_str(text.get(at..).unwrap_or(""));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::Document;

    fn edited(text: &str, make: impl Fn(Node) -> TextEdit) -> String {
        let document = Document::parse(text).unwrap();
        apply(text, &[make(document.root())])
    }

    #[test]
    fn an_attribute_is_set_in_place_or_after_the_others() {
        assert_eq!(edited("<a b='1' c=\"2\"/>", |n| set_attribute(n, "b", "x'y")), "<a b='x&apos;y' c=\"2\"/>");
        assert_eq!(edited("<a b='1'/>", |n| set_attribute(n, "d", "2")), "<a b='1' d='2'/>");
        assert_eq!(edited("<a/>", |n| set_attribute(n, "d", "2")), "<a d='2'/>");
    }

    #[test]
    fn an_attribute_goes_with_its_space() {
        assert_eq!(edited("<a b='1'\n   c='2'/>", |n| remove_attribute(n, &n.attr("c").unwrap())), "<a b='1'/>");
    }

    #[test]
    fn an_element_goes_with_its_line() {
        let first = |n: Node| remove(n.elements().next().unwrap());
        assert_eq!(edited("<a>\n  <b/>\n  <c/>\n</a>", first), "<a>\n  <c/>\n</a>");
        assert_eq!(edited("<a><b/><c/></a>", first), "<a><c/></a>");
    }

    #[test]
    fn a_child_is_appended_as_its_siblings_stand() {
        assert_eq!(edited("<a>\n    <b/>\n</a>", |n| append_child(n, "<c/>")), "<a>\n    <b/>\n    <c/>\n</a>");
        assert_eq!(edited("<a/>", |n| append_child(n, "<c/>")), "<a>\n  <c/>\n</a>");
        assert_eq!(edited("<a></a>", |n| append_child(n, "<c/>")), "<a>\n  <c/>\n</a>");
    }
}

//! The reader of all XML, by roxmltree: whose tree is taken over, and whose errors say what is wrong with a text.

use std::borrow::Cow;

use roxmltree::{Document, Node, StringStorage};

use super::tree::{Attribute, Element, NONE, Tree};
use crate::text::Span;

/// The tree of a text.
///
/// # Errors
/// The parser's, whose position must not leave this room: `syntax` finds the place.
pub(super) fn foreign(text: &str) -> Result<Tree<'_>, roxmltree::Error> {
    let document = Document::parse(text)?;
    let mut tree = Tree::default();
    // those around the element at hand, with their numbers
    let mut around: Vec<(Node, usize)> = Vec::new();
    for node in document.root_element().descendants().filter(Node::is_element) {
        while around.last().is_some_and(|(last, _)| Some(*last) != node.parent_element()) {
            around.pop();
        }
        let parent = around.last().map_or(NONE, |(_, number)| *number);
        let number = tree.open(parent, node.tag_name().name(), node.range().start);
        tree.attributes.extend(node.attributes().map(|attr| attribute(attr, text)));
        let end = tree.attributes.len();
        if let Some(element) = tree.elements.get_mut(number) {
            element.attributes.1 = end;
            fill(element, node, text);
        }
        around.push((node, number));
    }
    Ok(tree)
}

fn fill<'t>(element: &mut Element<'t>, node: Node<'_, 't>, text: &'t str) {
    element.namespace = node.tag_name().namespace().map(str::to_owned);
    element.span = node.range().into();
    element.content = content(node, text);
    element.text = said(node, element.content, text);
}

fn attribute<'t>(attr: roxmltree::Attribute<'_, 't>, text: &'t str) -> Attribute<'t> {
    let (span, value_span) = (Span::from(attr.range()), Span::from(attr.range_value()));
    Attribute {
        name: attr.name(),
        in_namespace: attr.namespace().is_some(),
        value: whole(attr.value_storage()),
        span,
        name_span: attr.range_qname().into(),
        // long white space around a `=` leads its count astray
        value_span: if text.get(value_span.start..value_span.end).is_some() { value_span } else { span },
    }
}

fn whole<'t>(storage: &StringStorage<'t>) -> Cow<'t, str> {
    match storage {
        StringStorage::Borrowed(text) => Cow::Borrowed(text),
        StringStorage::Owned(text) => Cow::Owned(text.to_string()),
    }
}

fn content(node: Node, text: &str) -> Option<Span> {
    let span = Span::from(node.range());
    let all = span.of(text);
    if all.ends_with("/>") && node.first_child().is_none() {
        return None;
    }
    let name_end = span.start + 1 + name_length(text, span.start + 1);
    let last_attr = node.attributes().next_back().map_or(name_end, |attr| attr.range().end);
    let open = text.get(last_attr..)?.find('>')? + last_attr + 1;
    let close = span.start + all.rfind("</")?;
    Some(Span::new(open, close))
}

/// How many bytes a name takes that begins at `start`.
pub(super) fn name_length(text: &str, start: usize) -> usize {
    let rest = text.as_bytes().get(start..).unwrap_or(&[]);
    rest.iter().position(|b| b.is_ascii_whitespace() || *b == b'>' || *b == b'/').unwrap_or(rest.len())
}

fn said<'t>(node: Node<'_, 't>, content: Option<Span>, text: &'t str) -> Option<(Cow<'t, str>, Span)> {
    let texts = node.children().filter(Node::is_text);
    let (node, value) = texts.filter_map(|node| Some((node, node.text_storage()?))).find(|(_, value)| !value.trim().is_empty())?;
    let raw = Span::from(node.range());
    let piece = raw.of(text);
    let start = raw.start + (piece.len() - piece.trim_start().len());
    let trimmed = Span::new(start, start + piece.trim().len());
    let value = match value {
        StringStorage::Borrowed(text) => Cow::Borrowed(text.trim()),
        StringStorage::Owned(text) => Cow::Owned(text.trim().to_owned()),
    };
    // a text joined from several pieces has the range of its first alone
    let span = if trimmed.of(text) == value { trimmed } else { content.unwrap_or(trimmed) };
    Some((value, span))
}

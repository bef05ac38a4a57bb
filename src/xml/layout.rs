//! roxmltree's tree, laid out flat.

use std::borrow::Cow;

use roxmltree::{NodeType, StringStorage};

use super::Document;
use crate::text::{Mark, Span, blank, trimmed};

/// Domains are nested so deep, and seldom deeper.
const USUAL_DEPTH: usize = 16;

/// No place: past the end of any list.
pub(super) const NOWHERE: usize = usize::MAX;

#[derive(Debug)]
pub(super) struct Element<'t> {
    /// None where there is a namespace.
    pub(super) mark: Mark,
    /// Its place in the order of the text, the root's being 0; the place in `elements` of the first that it holds, too.
    pub(super) at: usize,
    /// How many elements it holds, at any depth.
    pub(super) below: usize,
    /// The place of the element around it.
    pub(super) parent: usize,
    pub(super) name: &'t str,
    pub(super) span: Span,
    /// The places of its attributes.
    pub(super) attributes: Span,
    /// The place of its first text that is more than white space, or [`NOWHERE`].
    pub(super) text: usize,
    /// The place of its namespace, or [`NOWHERE`].
    pub(super) namespace: usize,
}

#[derive(Debug)]
pub(super) struct Attribute<'t> {
    /// None where there is a namespace.
    pub(super) mark: Mark,
    pub(super) name: &'t str,
    pub(super) value: StringStorage<'t>,
    pub(super) span: Span,
    pub(super) value_span: Span,
}

#[derive(Debug)]
pub(super) struct Words<'t> {
    pub(super) value: Cow<'t, str>,
    /// None where it is joined from several pieces.
    pub(super) span: Option<Span>,
}

/// Takes over all that rules ask for.
pub fn lay_out<'t>(tree: &roxmltree::Document<'t>) -> Document<'t> {
    let (source, node) = (tree.input_text(), tree.root_element());
    let mut nodes = node.descendants();
    // half of the nodes are indentation, for which attributes stand: two an element
    let room = nodes.len();
    let (mut attributes, mut namespaces) = (Vec::with_capacity(room), Vec::new());
    let root = element(node, 0, 0, source, &mut attributes, &mut namespaces);
    // of the elements few hold text
    let (elements, texts) = (Vec::with_capacity(room), Vec::with_capacity(room / 4));
    let mut document = Document { source, root, elements, attributes, texts, namespaces, depth: 1 };
    // the places and the ends of the elements around the node at hand
    let mut open = Vec::with_capacity(USUAL_DEPTH);
    open.push((0, node.range().end));
    nodes.next();
    for node in nodes {
        match node.node_type() {
            NodeType::Element => {
                let range = node.range();
                let parent = document.around(range.start, &mut open);
                let at = document.elements.len() + 1;
                open.push((at, range.end));
                document.depth = document.depth.max(open.len());
                document.elements.push(element(node, at, parent, source, &mut document.attributes, &mut document.namespaces));
            }
            NodeType::Text => {
                if let Some(words) = words(node, source) {
                    let at = document.around(node.range().start, &mut open);
                    document.say(at, words);
                }
            }
            _ => {}
        }
    }
    document.around(usize::MAX, &mut open);
    document
}

impl<'t> Document<'t> {
    /// The place of the element around what begins at `start`; those that end before are no longer open.
    fn around(&mut self, start: usize, open: &mut Vec<(usize, usize)>) -> usize {
        while let Some((at, _)) = open.pop_if(|(_, end)| *end <= start) {
            // all that it holds has come
            let below = self.elements.len() - at;
            self.at(at).into_iter().for_each(|element| element.below = below);
        }
        open.last().map_or(0, |(at, _)| *at)
    }

    fn at(&mut self, at: usize) -> Option<&mut Element<'t>> {
        match at.checked_sub(1) {
            None => Some(&mut self.root),
            Some(below) => self.elements.get_mut(below),
        }
    }

    /// The element there says so, unless it has said something before.
    fn say(&mut self, at: usize, words: Words<'t>) {
        let place = self.texts.len();
        if let Some(element) = self.at(at).filter(|element| element.text == NOWHERE) {
            element.text = place;
            self.texts.push(words);
        }
    }
}

#[inline(always)] // so that it is written where it stays, as its attributes are
fn element<'t>(
    node: roxmltree::Node<'_, 't>,
    at: usize,
    parent: usize,
    source: &str,
    attributes: &mut Vec<Attribute<'t>>,
    namespaces: &mut Vec<String>,
) -> Element<'t> {
    let name = node.tag_name();
    let first = attributes.len();
    for one in node.attributes() {
        attributes.push(attribute(one, source));
    }
    Element {
        mark: mark(name.name(), name.namespace(), source),
        at,
        below: 0,
        parent,
        name: name.name(),
        span: node.range().into(),
        attributes: Span::new(first, attributes.len()),
        text: NOWHERE,
        namespace: name.namespace().map_or(NOWHERE, |namespace| place(namespace, namespaces)),
    }
}

#[inline(always)]
fn attribute<'t>(attribute: roxmltree::Attribute<'_, 't>, source: &str) -> Attribute<'t> {
    Attribute {
        mark: mark(attribute.name(), attribute.namespace(), source),
        name: attribute.name(),
        value: attribute.value_storage().clone(),
        span: attribute.range().into(),
        value_span: attribute.range_value().into(),
    }
}

/// The mark of a name that is a part of `source`.
#[inline]
fn mark(name: &str, namespace: Option<&str>, source: &str) -> Mark {
    let from = source.as_bytes().get(part(name, source).start..).unwrap_or_default();
    if namespace.is_none() { Mark::of_first(name, from) } else { Mark::NONE }
}

/// Where a part of `source` stands.
fn part(part: &str, source: &str) -> Span {
    let start = part.as_ptr().addr() - source.as_ptr().addr();
    Span::new(start, start + part.len())
}

fn place(namespace: &str, namespaces: &mut Vec<String>) -> usize {
    namespaces.iter().position(|known| known == namespace).unwrap_or_else(|| {
        namespaces.push(namespace.to_owned());
        namespaces.len() - 1
    })
}

/// What a text says, where it is more than white space.
fn words<'t>(node: roxmltree::Node<'_, 't>, source: &'t str) -> Option<Words<'t>> {
    let said = node.text_storage()?;
    // most texts are indentation, which takes no Unicode to tell
    if blank(said.as_bytes()) {
        return None;
    }
    let words = match said {
        StringStorage::Borrowed(text) => {
            let value = trimmed(text);
            Words { value: Cow::Borrowed(value), span: Some(part(value, source)) }
        }
        // joined from several pieces, of which the node has the range of the first alone
        StringStorage::Owned(text) => Words { value: Cow::Owned(text.trim().to_owned()), span: None },
    };
    (!words.value.is_empty()).then_some(words)
}

//! roxmltree's tree, laid out flat.

use std::borrow::Cow;

use roxmltree::StringStorage;

use super::Document;
use crate::text::{Mark, Span, trimmed};

/// Bytes of text that an element or an attribute takes at the least, as domains are written: so much room is made at once.
const LENGTH: usize = 24;

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
    /// The place of its first text that is more than white space.
    pub(super) text: Option<usize>,
    /// The place of its namespace.
    pub(super) namespace: Option<usize>,
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
    let room = source.len() / LENGTH;
    let (mut attributes, mut namespaces) = (Vec::with_capacity(room), Vec::new());
    let root = element(node, 0, 0, &mut attributes, &mut namespaces);
    // of the elements few hold text
    let (elements, texts) = (Vec::with_capacity(room), Vec::with_capacity(room / 4));
    let mut document = Document { source, root, elements, attributes, texts, namespaces, depth: 1 };
    // the places and the ends of the elements around the node at hand
    let mut around = vec![(0, node.range().end)];
    for node in node.descendants().skip(1) {
        let start = node.range().start;
        while let Some((at, _)) = around.pop_if(|(_, end)| *end <= start) {
            document.close(at);
        }
        let parent = around.last().map_or(0, |(at, _)| *at);
        if node.is_element() {
            let at = document.elements.len() + 1;
            around.push((at, node.range().end));
            document.depth = document.depth.max(around.len());
            document.elements.push(element(node, at, parent, &mut document.attributes, &mut document.namespaces));
        } else if let Some(words) = words(node, source) {
            document.say(parent, words);
        }
    }
    while let Some((at, _)) = around.pop() {
        document.close(at);
    }
    document
}

impl<'t> Document<'t> {
    fn at(&mut self, at: usize) -> Option<&mut Element<'t>> {
        match at.checked_sub(1) {
            None => Some(&mut self.root),
            Some(below) => self.elements.get_mut(below),
        }
    }

    /// All that the element there holds has come.
    fn close(&mut self, at: usize) {
        let below = self.elements.len() - at;
        self.at(at).into_iter().for_each(|element| element.below = below);
    }

    /// The element there says so, unless it has said something before.
    fn say(&mut self, at: usize, words: Words<'t>) {
        let place = self.texts.len();
        if let Some(element) = self.at(at).filter(|element| element.text.is_none()) {
            element.text = Some(place);
            self.texts.push(words);
        }
    }
}

fn element<'t>(
    node: roxmltree::Node<'_, 't>,
    at: usize,
    parent: usize,
    attributes: &mut Vec<Attribute<'t>>,
    namespaces: &mut Vec<String>,
) -> Element<'t> {
    let name = node.tag_name();
    let first = attributes.len();
    attributes.extend(node.attributes().map(attribute));
    Element {
        mark: if name.namespace().is_none() { Mark::of(name.name()) } else { Mark::NONE },
        at,
        below: 0,
        parent,
        name: name.name(),
        span: node.range().into(),
        attributes: Span::new(first, attributes.len()),
        text: None,
        namespace: name.namespace().map(|namespace| place(namespace, namespaces)),
    }
}

fn attribute<'t>(attribute: roxmltree::Attribute<'_, 't>) -> Attribute<'t> {
    let name = attribute.name();
    Attribute {
        mark: if attribute.namespace().is_none() { Mark::of(name) } else { Mark::NONE },
        name,
        value: attribute.value_storage().clone(),
        span: attribute.range().into(),
        value_span: attribute.range_value().into(),
    }
}

fn place(namespace: &str, namespaces: &mut Vec<String>) -> usize {
    namespaces.iter().position(|known| known == namespace).unwrap_or_else(|| {
        namespaces.push(namespace.to_owned());
        namespaces.len() - 1
    })
}

/// The text of a node that is one, where it is more than white space.
fn words<'t>(node: roxmltree::Node<'_, 't>, source: &'t str) -> Option<Words<'t>> {
    let said = node.is_text().then(|| node.text_storage()).flatten()?;
    // most texts are indentation, which takes no Unicode to tell
    if said.bytes().all(|byte| byte.is_ascii_whitespace()) {
        return None;
    }
    let words = match said {
        StringStorage::Borrowed(text) => {
            let value = trimmed(text);
            let start = value.as_ptr().addr() - source.as_ptr().addr();
            Words { value: Cow::Borrowed(value), span: Some(Span::new(start, start + value.len())) }
        }
        // joined from several pieces, of which the node has the range of the first alone
        StringStorage::Owned(text) => Words { value: Cow::Owned(text.trim().to_owned()), span: None },
    };
    (!words.value.is_empty()).then_some(words)
}

//! Places of a domain from which one thing was taken.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use virtlens::vocab::{Body, Element, domain, further};
use virtlens::xml::{Document, Node};

/// What was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Element,
    Attribute,
    Value,
    Text,
}

/// A domain from which something was taken at a place.
pub struct Place {
    pub text: String,
    /// In bytes.
    pub at: usize,
    pub kind: Kind,
    pub taken: String,
    /// The element around it.
    pub around: String,
}

/// Numbers that look random and are the same each time.
pub struct Seed(pub u64);

impl Seed {
    pub fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most.max(1) as u64) as usize
    }
}

/// Every child, attribute and enumerated value of a domain, each taken away alone.
pub fn places(text: &str) -> Vec<Place> {
    let mut out = Vec::new();
    // libvirt reads no document of another encoding or with a document type
    if let Ok(document) = Document::parse(text) {
        enter(document.root(), &mut out);
    }
    out
}

fn enter(node: Node, out: &mut Vec<Place>) {
    let (text, name) = (node.source(), node.qualified_name());
    let mut add = |start: usize, end: usize, put: &str, kind: Kind, taken: &str| {
        let text = format!("{}{put}{}", &text[..start], &text[end..]);
        out.push(Place { text, at: start + put.len(), kind, taken: taken.to_owned(), around: name.to_owned() });
    };
    for attr in node.attrs() {
        if attr.name_span().of(text).contains(':') {
            continue;
        }
        add(attr.span().start, attr.span().end, "", Kind::Attribute, attr.name());
        if is_word(node.name(), Some(attr.name()), attr.value()) {
            add(attr.value_span().start, attr.value_span().end, "", Kind::Value, attr.value());
        }
    }
    if let Some(text) = node.text().filter(|text| is_word(node.name(), None, text.value)) {
        add(text.span.start, text.span.end, "", Kind::Text, text.value);
    }
    for (turn, child) in node.elements().enumerate() {
        let put = ["", "<", "<", child.name().get(..1).unwrap_or("")][turn % 4];
        let put = if put.len() == 1 && put != "<" { format!("<{put}") } else { put.to_owned() };
        add(child.span().start, child.span().end, &put, Kind::Element, child.qualified_name());
    }
    node.elements().filter(|child| child.name() != "metadata").for_each(|child| enter(child, out));
}

type Words = BTreeSet<(&'static str, Option<&'static str>, &'static str)>;

/// Whether the vocabulary has that word for an attribute, or for the text, of an element of that name.
fn is_word(element: &str, attr: Option<&str>, value: &str) -> bool {
    static WORDS: OnceLock<Words> = OnceLock::new();
    let words = WORDS.get_or_init(|| {
        let mut words = BTreeSet::new();
        gather(domain(), &domain().body, &mut BTreeSet::new(), &mut words);
        words
    });
    words.contains(&(element, attr, value.trim()))
}

fn gather(element: &'static Element, body: &'static Body, seen: &mut BTreeSet<usize>, words: &mut Words) {
    let attrs = body.attrs.iter().flat_map(|attr| attr.value.words().map(|word| (Some(attr.name), word.word)));
    let texts = body.text.into_iter().flat_map(|value| value.words()).map(|word| (None, word.word));
    words.extend(attrs.chain(texts).map(|(attr, word)| (element.name, attr, word)));
    for child in body.children {
        let child = child.element();
        if seen.insert(std::ptr::from_ref(child).addr()) {
            gather(child, &child.body, seen, words);
        }
    }
    further(body).for_each(|further| gather(element, further, seen, words));
}

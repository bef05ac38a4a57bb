//! The elements of a text, with the place of everything that has one.

use std::borrow::Cow;

use crate::text::Span;

/// No element.
pub(super) const NONE: usize = usize::MAX;

/// Elements and attributes in the order of the text; they name each other by their numbers.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tree<'t> {
    pub elements: Vec<Element<'t>>,
    pub attributes: Vec<Attribute<'t>>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Element<'t> {
    /// Without a prefix.
    pub name: &'t str,
    pub namespace: Option<String>,
    /// Both tags included.
    pub span: Span,
    /// Between them; none for `<name/>`.
    pub content: Option<Span>,
    pub parent: usize,
    pub first: usize,
    pub last: usize,
    pub next: usize,
    /// The first and the one after the last; declarations of namespaces are none.
    pub attributes: (usize, usize),
    /// The first text that is more than white space, without that around it.
    pub text: Option<(Cow<'t, str>, Span)>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Attribute<'t> {
    /// Without a prefix.
    pub name: &'t str,
    pub in_namespace: bool,
    pub value: Cow<'t, str>,
    /// Name, `=` and quoted value.
    pub span: Span,
    /// Prefix included.
    pub name_span: Span,
    /// Without the quotes.
    pub value_span: Span,
}

impl Element<'_> {
    /// What stands nowhere.
    pub const NOTHING: Self = Self {
        name: "",
        namespace: None,
        span: Span { start: 0, end: 0 },
        content: None,
        parent: NONE,
        first: NONE,
        last: NONE,
        next: NONE,
        attributes: (0, 0),
        text: None,
    };
}

impl<'t> Tree<'t> {
    /// Adds an element whose start tag begins at `start`, as the last child of `parent`, and answers its number.
    pub fn open(&mut self, parent: usize, name: &'t str, start: usize) -> usize {
        let at = self.elements.len();
        let before = self.elements.get_mut(parent).map_or(NONE, |parent| {
            parent.first = parent.first.min(at);
            std::mem::replace(&mut parent.last, at)
        });
        if let Some(before) = self.elements.get_mut(before) {
            before.next = at;
        }
        let attributes = (self.attributes.len(), self.attributes.len());
        self.elements.push(Element { name, span: Span::empty(start), parent, attributes, ..Element::NOTHING });
        at
    }
}

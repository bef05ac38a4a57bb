//! The tree, laid out flat, with a span for every name, value and text. Rules ask for children and attributes by name more often
//! than for anything else, so each has a mark that tells most others apart.

use super::layout::{Attribute, Element, Words, lay_out};
use crate::text::{Mark, Span};

/// A parsed text.
#[derive(Debug)]
pub struct Document<'t> {
    pub(super) source: &'t str,
    pub(super) root: Element<'t>,
    /// All below the root, in the order of the text.
    pub(super) elements: Vec<Element<'t>>,
    /// Those of one element side by side.
    pub(super) attributes: Vec<Attribute<'t>>,
    pub(super) texts: Vec<Words<'t>>,
    pub(super) namespaces: Vec<String>,
    /// How deep its elements are nested at the most.
    pub(super) depth: usize,
}

impl<'t> Document<'t> {
    /// Parses `text`; limits are no matter of its own (see [`read`](super::read)).
    ///
    /// # Errors
    /// The parser's, whose position must not leave this room: `syntax` finds the place.
    pub fn parse(text: &'t str) -> Result<Self, roxmltree::Error> {
        roxmltree::Document::parse(text).map(|tree| lay_out(&tree))
    }

    /// The outermost element.
    #[must_use]
    pub fn root(&self) -> Node<'_> {
        Node { document: self, element: &self.root }
    }

    /// The text it was parsed from.
    #[must_use]
    pub fn source(&self) -> &'t str {
        self.source
    }
}

/// An element.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    document: &'a Document<'a>,
    element: &'a Element<'a>,
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.element, other.element)
    }
}

impl Eq for Node<'_> {}

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{}> at {:?}", self.qualified_name(), self.span())
    }
}

impl<'a> Node<'a> {
    /// Its name without a prefix.
    #[must_use]
    pub fn name(self) -> &'a str {
        self.element.name
    }

    /// Whether it is libvirt's own of that name.
    #[inline(always)] // as `child` is
    #[must_use]
    pub fn named(self, name: &str) -> bool {
        self.is(Mark::of(name), name)
    }

    /// The same, where the mark of the name is known.
    #[inline]
    #[must_use]
    pub fn is(self, mark: Mark, name: &str) -> bool {
        self.element.mark.is(self.element.name, mark, name)
    }

    /// The mark of its name; that of none where it is not libvirt's own.
    #[must_use]
    pub fn mark(self) -> Mark {
        self.element.mark
    }

    /// Its namespace; none for libvirt's own elements.
    #[must_use]
    pub fn namespace(self) -> Option<&'a str> {
        self.document.namespaces.get(self.element.namespace).map(String::as_str)
    }

    /// Its name as written, with a prefix.
    #[must_use]
    pub fn qualified_name(self) -> &'a str {
        self.name_span().of(self.source())
    }

    /// Its name in the start tag.
    #[must_use]
    pub fn name_span(self) -> Span {
        let start = self.element.span.start + 1;
        let rest = self.source().as_bytes().get(start..).unwrap_or(&[]);
        let len = rest.iter().position(|b| b.is_ascii_whitespace() || *b == b'>' || *b == b'/').unwrap_or(rest.len());
        Span::new(start, start + len)
    }

    /// All of it, both tags included.
    #[must_use]
    pub fn span(self) -> Span {
        self.element.span
    }

    /// Between its tags; none for `<name/>`.
    #[must_use]
    pub fn content_span(self) -> Option<Span> {
        let span = self.span();
        let text = span.of(self.source());
        let last_attr = self.attrs().next_back().map_or(self.name_span().end, |attr| attr.span().end);
        let open = span.start + text.get(last_attr - span.start..)?.find('>')? + (last_attr - span.start) + 1;
        // an end tag holds no other `<`
        let close = span.start + text.rfind('<')?;
        (open <= close).then(|| Span::new(open, close))
    }

    /// The whole text it stands in.
    #[must_use]
    pub fn source(self) -> &'a str {
        self.document.source
    }

    /// The element around it.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        if self.element.at == 0 {
            return None;
        }
        let element = match self.element.parent.checked_sub(1) {
            None => &self.document.root,
            Some(below) => self.document.elements.get(below)?,
        };
        Some(Self { element, ..self })
    }

    /// Its child elements.
    #[must_use]
    pub fn elements(self) -> Elements<'a> {
        let Element { at, below, .. } = *self.element;
        Elements { document: self.document, rest: self.document.elements.get(at..at + below).unwrap_or(&[]) }
    }

    /// Its child elements of libvirt's own with that name.
    pub fn children<'n>(self, name: &'n str) -> impl Iterator<Item = Self> + use<'a, 'n> {
        let mark = Mark::of(name);
        self.elements().filter(move |child| child.is(mark, name))
    }

    /// The first child element with that name.
    #[inline(always)] // so that the mark of a name in the code is made when it is compiled
    #[must_use]
    pub fn child(self, name: &str) -> Option<Self> {
        self.marked_child(Mark::of(name), name)
    }

    #[inline(never)]
    fn marked_child(self, mark: Mark, name: &str) -> Option<Self> {
        self.elements().find(|child| child.is(mark, name))
    }

    /// The first element under it by these names, one a level.
    #[must_use]
    pub fn descend(self, path: &[&str]) -> Option<Self> {
        path.iter().try_fold(self, |node, name| node.child(name))
    }

    /// Its attribute without a namespace.
    #[must_use]
    pub fn attr(self, name: &str) -> Option<Attr<'a>> {
        let mark = Mark::of(name);
        let inner = self.attributes().iter().find(|attr| attr.mark.is(attr.name, mark, name))?;
        Some(Attr { inner, source: self.source() })
    }

    /// The value of that attribute, entities resolved.
    #[must_use]
    pub fn value(self, name: &str) -> Option<&'a str> {
        self.said(Mark::of(name), name)
    }

    /// The same, where the mark of the name is known.
    #[must_use]
    pub fn said(self, mark: Mark, name: &str) -> Option<&'a str> {
        self.attributes().iter().find(|attr| attr.mark.is(attr.name, mark, name)).map(|attr| attr.value.as_str())
    }

    /// Its attributes as written, declarations of namespaces left out.
    pub fn attrs(self) -> impl DoubleEndedIterator<Item = Attr<'a>> + use<'a> {
        let source = self.source();
        self.attributes().iter().map(move |inner| Attr { inner, source })
    }

    fn attributes(self) -> &'a [Attribute<'a>] {
        let Span { start, end } = self.element.attributes;
        self.document.attributes.get(start..end).unwrap_or(&[])
    }

    /// Its first text that is more than white space, without that around it.
    #[must_use]
    pub fn text(self) -> Option<Text<'a>> {
        let words = self.document.texts.get(self.element.text)?;
        let span = words.span.or_else(|| self.content_span()).unwrap_or_else(|| self.span());
        Some(Text { value: &words.value, span })
    }
}

/// The children of an element.
#[derive(Debug, Clone)]
pub struct Elements<'a> {
    document: &'a Document<'a>,
    rest: &'a [Element<'a>],
}

impl<'a> Iterator for Elements<'a> {
    type Item = Node<'a>;

    #[inline]
    fn next(&mut self) -> Option<Node<'a>> {
        let (element, rest) = self.rest.split_first()?;
        self.rest = rest.get(element.below..).unwrap_or(&[]);
        Some(Node { document: self.document, element })
    }
}

/// An attribute as it stands in a start tag.
#[derive(Debug, Clone, Copy)]
pub struct Attr<'a> {
    inner: &'a Attribute<'a>,
    source: &'a str,
}

impl<'a> Attr<'a> {
    /// Its name without a prefix.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.inner.name
    }

    /// The mark of its name; that of none where it has a namespace.
    #[must_use]
    pub fn mark(&self) -> Mark {
        self.inner.mark
    }

    /// Its value, entities resolved.
    #[must_use]
    pub fn value(&self) -> &'a str {
        self.inner.value.as_str()
    }

    /// Name, `=` and quoted value.
    #[must_use]
    pub fn span(&self) -> Span {
        self.inner.span
    }

    /// Its name, prefix included.
    #[must_use]
    pub fn name_span(&self) -> Span {
        let Span { start, .. } = self.inner.span;
        let rest = self.source.as_bytes().get(start..).unwrap_or(&[]);
        let len = rest.iter().position(|byte| *byte == b'=' || byte.is_ascii_whitespace()).unwrap_or(0);
        Span::new(start, start + len)
    }

    /// Its value without the quotes, entities unresolved.
    #[must_use]
    pub fn value_span(&self) -> Span {
        let span = self.inner.value_span;
        if self.source.get(span.start..span.end).is_some() { span } else { self.span() }
    }
}

/// The text of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text<'a> {
    /// Without the white space around it, entities resolved.
    pub value: &'a str,
    /// Where that stands.
    pub span: Span,
}

#[cfg(test)]
mod tests;

//! An XML text as a tree, with a span for every name, value and text.

use super::foreign::{foreign, name_length};
use super::plain::plain;
use super::tree::{Attribute, Element, Tree};
use crate::text::{Limits, Span};

/// A parsed text.
#[derive(Debug)]
pub struct Document<'t> {
    source: &'t str,
    tree: Tree<'t>,
}

impl<'t> Document<'t> {
    /// Parses `text` where it is plain and within the limits; that it is not says nothing else about it.
    #[must_use]
    pub fn plain(text: &'t str, limits: &Limits) -> Option<Self> {
        plain(text, limits).map(|tree| Self { source: text, tree })
    }

    /// Parses `text`; limits are looked for before (see [`exceeded`](super::exceeded)).
    ///
    /// # Errors
    /// The parser's, whose position must not leave this room: `syntax` finds the place.
    pub fn parse(text: &'t str) -> Result<Self, roxmltree::Error> {
        Ok(Self { source: text, tree: foreign(text)? })
    }

    /// The outermost element.
    #[must_use]
    pub fn root(&self) -> Node<'_> {
        Node { document: self, element: self.tree.elements.first().unwrap_or(&Element::NOTHING) }
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

    /// Its namespace; none for libvirt's own elements.
    #[must_use]
    pub fn namespace(self) -> Option<&'a str> {
        self.element.namespace.as_deref()
    }

    /// Its name as written, with a prefix.
    #[must_use]
    pub fn qualified_name(self) -> &'a str {
        self.name_span().of(self.source())
    }

    /// Its name in the start tag.
    #[must_use]
    pub fn name_span(self) -> Span {
        let start = self.span().start + 1;
        Span::new(start, start + name_length(self.source(), start))
    }

    /// All of it, both tags included.
    #[must_use]
    pub fn span(self) -> Span {
        self.element.span
    }

    /// Between its tags; none for `<name/>`.
    #[must_use]
    pub fn content_span(self) -> Option<Span> {
        self.element.content
    }

    /// The whole text it stands in.
    #[must_use]
    pub fn source(self) -> &'a str {
        self.document.source
    }

    /// The element of that number.
    fn numbered(self, number: usize) -> Option<Self> {
        Some(Self { element: self.document.tree.elements.get(number)?, ..self })
    }

    /// The element around it.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        self.numbered(self.element.parent)
    }

    /// Its child elements.
    pub fn elements(self) -> impl Iterator<Item = Self> + Clone + use<'a> {
        std::iter::successors(self.numbered(self.element.first), |child| child.numbered(child.element.next))
    }

    /// Its last child element.
    #[must_use]
    pub fn last_element(self) -> Option<Self> {
        self.numbered(self.element.last)
    }

    /// Its child elements of libvirt's own with that name.
    pub fn children<'n>(self, name: &'n str) -> impl Iterator<Item = Self> + use<'a, 'n> {
        self.elements().filter(move |child| child.name() == name && child.namespace().is_none())
    }

    /// The first child element with that name.
    #[must_use]
    pub fn child(self, name: &str) -> Option<Self> {
        self.children(name).next()
    }

    /// The first element under it by these names, one a level.
    #[must_use]
    pub fn descend(self, path: &[&str]) -> Option<Self> {
        path.iter().try_fold(self, |node, name| node.child(name))
    }

    /// Its attribute without a namespace.
    #[must_use]
    pub fn attr(self, name: &str) -> Option<Attr<'a>> {
        self.attrs().find(|attr| attr.0.name == name && !attr.0.in_namespace)
    }

    /// The value of that attribute, entities resolved.
    #[must_use]
    pub fn value(self, name: &str) -> Option<&'a str> {
        self.attr(name).map(|attr| attr.value())
    }

    /// Its attributes as written, declarations of namespaces left out.
    pub fn attrs(self) -> impl DoubleEndedIterator<Item = Attr<'a>> + use<'a> {
        let (first, end) = self.element.attributes;
        self.document.tree.attributes.get(first..end).unwrap_or(&[]).iter().map(Attr)
    }

    /// Its first text that is more than white space, without that around it.
    #[must_use]
    pub fn text(self) -> Option<Text<'a>> {
        self.element.text.as_ref().map(|(value, span)| Text { value, span: *span })
    }
}

/// An attribute as it stands in a start tag.
#[derive(Debug, Clone, Copy)]
pub struct Attr<'a>(&'a Attribute<'a>);

impl<'a> Attr<'a> {
    /// Its name without a prefix.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.0.name
    }

    /// Its value, entities resolved.
    #[must_use]
    pub fn value(&self) -> &'a str {
        &self.0.value
    }

    /// Name, `=` and quoted value.
    #[must_use]
    pub fn span(&self) -> Span {
        self.0.span
    }

    /// Its name, prefix included.
    #[must_use]
    pub fn name_span(&self) -> Span {
        self.0.name_span
    }

    /// Its value without the quotes, entities unresolved.
    #[must_use]
    pub fn value_span(&self) -> Span {
        self.0.value_span
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
mod tests {
    use super::*;

    #[test]
    fn names_values_and_texts_have_spans() {
        let text = "<a x = 'é&amp;1' y=\"2\"><b:c xmlns:b='u'>  t1 </b:c></a >";
        let document = Document::parse(text).unwrap();
        let root = document.root();
        assert_eq!(root.name_span().of(text), "a");
        let x = root.attr("x").unwrap();
        assert_eq!((x.name_span().of(text), x.value_span().of(text), x.value()), ("x", "é&amp;1", "é&1"));
        let child = root.elements().next().unwrap();
        assert_eq!((child.qualified_name(), child.name(), child.namespace()), ("b:c", "c", Some("u")));
        assert_eq!(child.text().map(|t| (t.value, t.span.of(text))), Some(("t1", "t1")));
        assert_eq!(root.content_span().unwrap().of(text), "<b:c xmlns:b='u'>  t1 </b:c>");
    }

    #[test]
    fn a_text_of_several_pieces_has_the_whole_content() {
        let text = "<a>x&lt;y<![CDATA[z]]>w</a>";
        let document = Document::parse(text).unwrap();
        assert_eq!(document.root().text().map(|t| (t.value, t.span.of(text))), Some(("x<yzw", "x&lt;y<![CDATA[z]]>w")));
    }

    #[test]
    fn an_empty_element_has_no_content() {
        let document = Document::parse("<a b='>'/>").unwrap();
        assert_eq!(document.root().content_span(), None);
        let text = "<a b='>'></a>";
        assert_eq!(Document::parse(text).unwrap().root().content_span(), Some(Span::empty(9)));
    }
}

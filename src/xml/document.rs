//! The tree, by roxmltree, with a span for every name, value and text.

use crate::text::Span;

/// A parsed text.
#[derive(Debug)]
pub struct Document<'t> {
    tree: roxmltree::Document<'t>,
}

impl<'t> Document<'t> {
    /// Parses `text`; limits are looked for before (see [`exceeded`](super::exceeded)).
    ///
    /// # Errors
    /// The parser's, whose position must not leave this room: `syntax` finds the place.
    pub fn parse(text: &'t str) -> Result<Self, roxmltree::Error> {
        Ok(Self { tree: roxmltree::Document::parse(text)? })
    }

    /// The outermost element.
    #[must_use]
    pub fn root(&self) -> Node<'_> {
        Node(self.tree.root_element())
    }

    /// The text it was parsed from.
    #[must_use]
    pub fn source(&self) -> &'t str {
        self.tree.input_text()
    }
}

/// An element.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Node<'a>(roxmltree::Node<'a, 'a>);

impl std::fmt::Debug for Node<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{}> at {:?}", self.qualified_name(), self.span())
    }
}

impl<'a> Node<'a> {
    /// Its name without a prefix.
    #[must_use]
    pub fn name(self) -> &'a str {
        self.0.tag_name().name()
    }

    /// Its namespace; none for libvirt's own elements.
    #[must_use]
    pub fn namespace(self) -> Option<&'a str> {
        self.0.tag_name().namespace()
    }

    /// Its name as written, with a prefix.
    #[must_use]
    pub fn qualified_name(self) -> &'a str {
        self.name_span().of(self.source())
    }

    /// Its name in the start tag.
    #[must_use]
    pub fn name_span(self) -> Span {
        let start = self.0.range().start + 1;
        let rest = self.source().as_bytes().get(start..).unwrap_or(&[]);
        let len = rest.iter().position(|b| b.is_ascii_whitespace() || *b == b'>' || *b == b'/').unwrap_or(rest.len());
        Span::new(start, start + len)
    }

    /// All of it, both tags included.
    #[must_use]
    pub fn span(self) -> Span {
        self.0.range().into()
    }

    /// Between its tags; none for `<name/>`.
    #[must_use]
    pub fn content_span(self) -> Option<Span> {
        let span = self.span();
        let text = span.of(self.source());
        if text.ends_with("/>") && self.0.first_child().is_none() {
            return None;
        }
        let last_attr = self.0.attributes().next_back().map_or(self.name_span().end, |attr| attr.range().end);
        let open = span.start + text.get(last_attr - span.start..)?.find('>')? + (last_attr - span.start) + 1;
        // an end tag holds no other `<`
        let close = span.start + text.rfind('<')?;
        Some(Span::new(open, close))
    }

    /// The whole text it stands in.
    #[must_use]
    pub fn source(self) -> &'a str {
        self.0.document().input_text()
    }

    /// The element around it.
    #[must_use]
    pub fn parent(self) -> Option<Self> {
        self.0.parent_element().map(Self)
    }

    /// Its child elements.
    pub fn elements(self) -> impl DoubleEndedIterator<Item = Self> + use<'a> {
        self.0.children().filter(roxmltree::Node::is_element).map(Self)
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
        self.0.attribute_node(name).map(|inner| Attr { inner, source: self.source() })
    }

    /// The value of that attribute, entities resolved.
    #[must_use]
    pub fn value(self, name: &str) -> Option<&'a str> {
        self.0.attribute(name)
    }

    /// Its attributes as written, declarations of namespaces left out.
    pub fn attrs(self) -> impl DoubleEndedIterator<Item = Attr<'a>> + use<'a> {
        let source = self.source();
        self.0.attributes().map(move |inner| Attr { inner, source })
    }

    /// Its first text that is more than white space, without that around it.
    #[must_use]
    pub fn text(self) -> Option<Text<'a>> {
        let texts = self.0.children().filter(roxmltree::Node::is_text);
        // most texts are indentation, which takes no Unicode to tell
        let said = texts.filter(|node| !node.text().is_none_or(|text| text.bytes().all(|byte| byte.is_ascii_whitespace())));
        let (node, value) = said.filter_map(|node| Some((node, node.text()?.trim()))).find(|(_, value)| !value.is_empty())?;
        let raw = Span::from(node.range());
        let piece = raw.of(self.source());
        let start = raw.start + (piece.len() - piece.trim_start().len());
        let trimmed = Span::new(start, start + piece.trim().len());
        // a text joined from several pieces has the range of its first alone
        let span = if trimmed.of(self.source()) == value { trimmed } else { self.content_span().unwrap_or(trimmed) };
        Some(Text { value, span })
    }
}

/// An attribute as it stands in a start tag.
#[derive(Debug, Clone, Copy)]
pub struct Attr<'a> {
    inner: roxmltree::Attribute<'a, 'a>,
    source: &'a str,
}

impl<'a> Attr<'a> {
    /// Its name without a prefix.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.inner.name()
    }

    /// Its value, entities resolved.
    #[must_use]
    pub fn value(&self) -> &'a str {
        self.inner.value()
    }

    /// Name, `=` and quoted value.
    #[must_use]
    pub fn span(&self) -> Span {
        self.inner.range().into()
    }

    /// Its name, prefix included.
    #[must_use]
    pub fn name_span(&self) -> Span {
        self.inner.range_qname().into()
    }

    /// Its value without the quotes, entities unresolved.
    #[must_use]
    pub fn value_span(&self) -> Span {
        let span = Span::from(self.inner.range_value());
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

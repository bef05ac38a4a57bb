//! The elements of a text, however broken: what is open where, and what stands beside it. Never fails.

use super::tag::{Written, attributes};
use super::tokens::{Kind, Token, tokens};
use crate::text::Span;

/// An element as far as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outlined {
    /// Its name in its start tag, prefix included.
    pub name: Span,
    /// Its start tag.
    pub tag: Span,
    /// Where its content ends: at its end tag, where that is missing at the tag that ends it.
    pub end: usize,
    /// The element around it.
    pub parent: Option<usize>,
    /// False where its end tag is missing.
    pub closed: bool,
    /// True for `<name/>`.
    pub empty: bool,
}

/// The elements of a text.
#[derive(Debug)]
pub struct Outline<'t> {
    /// The text.
    pub text: &'t str,
    elements: Vec<Outlined>,
}

impl<'t> Outline<'t> {
    /// Reads `text`. A start tag for which `counts` answers false begins no element; it is asked of every piece of markup.
    pub(super) fn read(text: &'t str, mut counts: impl FnMut(&Token) -> bool) -> Self {
        let mut elements: Vec<Outlined> = Vec::with_capacity(text.len() / 40 + 1);
        let mut open: Vec<usize> = Vec::new();
        for token in tokens(text) {
            let counts = counts(&token) && token.name.start < token.name.end;
            match token.kind {
                Kind::Open | Kind::Empty if counts => {
                    let (parent, empty) = (open.last().copied(), token.kind == Kind::Empty);
                    elements.push(Outlined { name: token.name, tag: token.span, end: token.span.end, parent, closed: empty, empty });
                    if !empty {
                        open.push(elements.len() - 1);
                    }
                }
                Kind::Close => close(text, &token, &mut open, &mut elements),
                _ => {}
            }
        }
        for at in open {
            elements.get_mut(at).into_iter().for_each(|element| element.end = text.len());
        }
        Self { text, elements }
    }

    /// The element of that number.
    #[must_use]
    pub fn get(&self, at: usize) -> Option<&Outlined> {
        self.elements.get(at)
    }

    /// The numbers of the elements whose content `at` is in, outermost first.
    pub fn around(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let inside = move |element: &Outlined| !element.empty && element.tag.end <= at && at <= element.end;
        let before = self.elements.iter().enumerate().take_while(move |(_, element)| element.tag.start < at);
        before.filter(move |(_, element)| inside(element)).map(|(at, _)| at)
    }

    /// The number of the element whose start tag begins at `start`.
    #[must_use]
    pub fn beginning_at(&self, start: usize) -> Option<usize> {
        let at = self.elements.partition_point(|element| element.tag.start < start);
        self.elements.get(at).filter(|element| element.tag.start == start).map(|_| at)
    }

    /// The numbers of the elements in an element, in order.
    pub fn children(&self, parent: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(self.child_after(parent, parent), move |at| self.child_after(parent, *at))
    }

    #[inline(never)]
    fn child_after(&self, parent: usize, at: usize) -> Option<usize> {
        let end = self.get(parent)?.end;
        let after = self.elements.get(at + 1..)?.iter().take_while(|element| element.tag.start < end);
        after.enumerate().find(|(_, element)| element.parent == Some(parent)).map(|(turn, _)| at + 1 + turn)
    }

    /// The numbers of all elements of that name, in order.
    pub fn named<'n>(&'n self, name: &'n str) -> impl Iterator<Item = usize> + 'n {
        self.elements.iter().enumerate().filter(move |(_, element)| element.name.of(self.text) == name).map(|(at, _)| at)
    }

    /// The first element under that one by these names, one a level.
    #[must_use]
    #[inline(never)]
    pub fn descend(&self, from: usize, path: &[&str]) -> Option<usize> {
        path.iter().try_fold(from, |at, name| self.children(at).find(|child| self.name(*child) == *name))
    }

    /// The name of an element, prefix included.
    #[must_use]
    pub fn name(&self, at: usize) -> &'t str {
        self.get(at).map_or("", |element| element.name.of(self.text))
    }

    /// The attributes of an element.
    pub fn attrs(&self, at: usize) -> impl Iterator<Item = Written> + use<'t> {
        let (tag, from) = self.get(at).map_or((Span::empty(0), 0), |element| (element.tag, element.name.end));
        attributes(self.text, tag, from)
    }

    /// The value of an attribute as it is written.
    #[must_use]
    #[inline(never)]
    pub fn value(&self, at: usize, name: &str) -> Option<&'t str> {
        self.attrs(at).find(|attr| attr.name.of(self.text) == name)?.value.map(|value| value.of(self.text).trim())
    }

    /// The text before the first markup in an element, without the white space around it.
    #[must_use]
    #[inline(never)]
    pub fn content(&self, at: usize) -> &'t str {
        let Some(element) = self.get(at) else { return "" };
        let content = Span::new(element.tag.end, element.end).of(self.text);
        content.split('<').next().unwrap_or("").trim()
    }
}

/// An end tag ends the innermost element of its name, and with it those inside; one that ends nothing is passed over.
fn close(text: &str, token: &Token, open: &mut Vec<usize>, elements: &mut [Outlined]) {
    let name = token.name.of(text);
    let named = |at: &usize| elements.get(*at).is_some_and(|element| element.name.of(text) == name);
    let Some(depth) = open.iter().rposition(named) else { return };
    for at in open.drain(depth..).rev().collect::<Vec<_>>() {
        if let Some(element) = elements.get_mut(at) {
            element.end = token.span.start;
            element.closed = element.name.of(text) == name;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> Vec<(&str, Option<usize>, bool)> {
        let outline = Outline::read(text, |_| true);
        outline.elements.iter().map(|element| (element.name.of(text), element.parent, element.closed)).collect()
    }

    #[test]
    fn elements_have_their_parents() {
        let text = "<a><b c='1'>t<d/></b><!-- <e> --><b/></a>";
        assert_eq!(shape(text), [("a", None, true), ("b", Some(0), true), ("d", Some(1), true), ("b", Some(0), true)]);
        let outline = Outline::read(text, |_| true);
        assert_eq!(outline.children(0).collect::<Vec<_>>(), [1, 3]);
        assert_eq!((outline.value(1, "c"), outline.content(1), outline.descend(0, &["b", "d"])), (Some("1"), "t", Some(2)));
    }

    #[test]
    fn what_is_not_closed_ends_where_that_around_it_does() {
        assert_eq!(shape("<a><b><c></a><d>"), [("a", None, true), ("b", Some(0), false), ("c", Some(1), false), ("d", None, false)]);
        assert_eq!(shape("<a></b><c/></a>"), [("a", None, true), ("c", Some(0), true)]);
        assert_eq!(shape("<a <b/></a>"), [("a", None, true), ("b", Some(0), true)]);
    }
}

//! The place at an offset of a text, however broken. Never fails.

use super::outline::Outline;
use super::tag::{Written, attributes};
use super::tokens::{Kind, Token};
use crate::text::Span;

/// What stands, or is being written, at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The name of an element, in its start tag or right after a `<`.
    Name {
        /// What there is of it.
        name: Span,
        /// True where nothing but the name is written yet.
        fresh: bool,
    },
    /// The name of an attribute, or where one may stand.
    Attribute {
        /// What there is of it.
        name: Span,
        /// True where its `=` is there too.
        written: bool,
    },
    /// The value of an attribute.
    Value {
        /// The attribute.
        attr: Written,
        /// Its value.
        value: Span,
    },
    /// The name of an element in its end tag.
    End {
        /// What there is of it.
        name: Span,
        /// True where its `>` is there too.
        complete: bool,
    },
    /// The content of an element, or what stands around the outermost one.
    Content {
        /// The text there, without the white space around it.
        text: Span,
    },
    /// A comment, an instruction and the like.
    Other,
}

/// A place with what stands around it.
#[derive(Debug)]
pub struct Cursor<'t> {
    /// The elements of the text. A name that is only begun begins none.
    pub outline: Outline<'t>,
    /// Where it is, in bytes.
    pub at: usize,
    /// What is there.
    pub place: Place,
    /// The elements around it, outermost first. In an end tag the last is the one that it ends.
    pub around: Vec<usize>,
    /// The element in whose start tag it is.
    pub own: Option<usize>,
}

impl<'t> Cursor<'t> {
    /// The place at the byte `at` of `text`; past its end and inside a character it is the next place before.
    #[must_use]
    pub fn new(text: &'t str, at: usize) -> Self {
        let at = text.floor_char_boundary(at);
        let (mut here, mut before) = (None, 0);
        let outline = Outline::read(text, |token| {
            if !inside(token, at) {
                before = if token.span.end <= at { token.span.end } else { before };
                return true;
            }
            here = Some(*token);
            token.complete || !matches!(place(text, token, at), Place::Name { fresh: true, .. })
        });
        let (from, place) = here.map_or_else(|| (at, content(text, before, at)), |token| (token.span.start, place(text, &token, at)));
        let around = outline.around(from).collect();
        let own = here.and_then(|token| outline.beginning_at(token.span.start));
        Self { outline, at, place, around, own }
    }

    /// The element that the place is in: that of its start tag, else the innermost around it.
    #[must_use]
    pub fn element(&self) -> Option<usize> {
        self.own.or_else(|| self.around.last().copied())
    }
}

/// Whether `at` is between the first and the last character of `token`; one that breaks off goes on to its end.
fn inside(token: &Token, at: usize) -> bool {
    token.span.start < at && (at < token.span.end || (at == token.span.end && !token.complete))
}

fn place(text: &str, token: &Token, at: usize) -> Place {
    match token.kind {
        Kind::Open | Kind::Empty => start_tag(text, token, at),
        Kind::Close if at <= token.name.end => Place::End { name: token.name, complete: token.complete },
        _ => Place::Other,
    }
}

fn start_tag(text: &str, token: &Token, at: usize) -> Place {
    let rest = Span::new(token.name.end, token.span.end).of(text);
    let bare = rest.trim_end_matches('>').trim_end_matches('/').trim().is_empty();
    if token.name.start == token.name.end && bare {
        return Place::Name { name: Span::new(token.name.start, at), fresh: true };
    }
    if at <= token.name.end {
        return Place::Name { name: token.name, fresh: bare && !token.complete };
    }
    if text.as_bytes().get(at - 1) == Some(&b'/') && token.complete && at + 1 == token.span.end {
        return Place::Other;
    }
    let attr = attributes(text, token.span, token.name.end).take_while(|attr| attr.name.start <= at).last();
    match attr {
        Some(attr) if at <= attr.name.end => Place::Attribute { name: attr.name, written: attr.value.is_some() },
        Some(attr @ Written { value: Some(value), .. }) if at <= value.end => {
            if at >= value.start {
                Place::Value { attr, value }
            } else {
                Place::Other
            }
        }
        _ => Place::Attribute { name: Span::empty(at), written: false },
    }
}

/// The text around `at` between the markup that ends at `start` and the next.
fn content(text: &str, start: usize, at: usize) -> Place {
    let end = text.get(at..).and_then(|after| after.find('<')).map_or(text.len(), |len| at + len);
    let run = Span::new(start, end).of(text);
    let word = run.trim();
    let first = start + (run.len() - run.trim_start().len());
    let span = Span::new(first, first + word.len());
    Place::Content { text: if (span.start..=span.end).contains(&at) && !word.is_empty() { span } else { Span::empty(at) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The place of the `|` in a text, with the elements around it and the one in whose tag it is.
    fn at(drawn: &str) -> String {
        let (before, after) = drawn.split_once('|').unwrap();
        let text = format!("{before}{after}");
        let cursor = Cursor::new(&text, before.len());
        let place = match cursor.place {
            Place::Name { name, fresh } => format!("{}name `{}`", if fresh { "fresh " } else { "" }, name.of(&text)),
            Place::Attribute { name, written } => format!("attribute `{}`{}", name.of(&text), if written { " =" } else { "" }),
            Place::Value { attr, value } => format!("value `{}` of {} {:?}", value.of(&text), attr.name.of(&text), attr.quotes),
            Place::End { name, complete } => format!("end `{}`{}", name.of(&text), if complete { " >" } else { "" }),
            Place::Content { text: span } => format!("content `{}`", span.of(&text)),
            Place::Other => "other".to_owned(),
        };
        let around: Vec<_> = cursor.around.iter().map(|at| cursor.outline.name(*at)).collect();
        let own = cursor.own.map(|at| format!(" of {}", cursor.outline.name(at))).unwrap_or_default();
        format!("{}: {place}{own}", around.join("/"))
    }

    #[test]
    fn names_that_are_begun_are_no_elements() {
        assert_eq!(at("<a>\n  <|\n  <b/>\n</a>"), "a: fresh name ``");
        assert_eq!(at("<a><b/><di|</a>"), "a: fresh name `di`");
        assert_eq!(at("<a><|></a>"), "a: fresh name ``");
        assert_eq!(at("<|"), ": fresh name ``");
    }

    #[test]
    fn names_that_stand_are() {
        assert_eq!(at("<a><b|c/></a>"), "a: name `bc` of bc");
        assert_eq!(at("<a><|b c='1'>d</b></a>"), "a: name `b` of b");
        assert_eq!(at("<a><b><|c x='1' <d/></b></a>"), "a/b: name `c` of c");
    }

    #[test]
    fn attributes_and_their_values() {
        assert_eq!(at("<a><b |/></a>"), "a: attribute `` of b");
        assert_eq!(at("<a><b |\n<c/></a>"), "a: attribute `` of b");
        assert_eq!(at("<a><b ty|pe='x' c=\"d\">"), "a: attribute `type` = of b");
        assert_eq!(at("<a><b ty|"), "a: attribute `ty` of b");
        assert_eq!(at("<a b='|'>"), ": value `` of b (true, true) of a");
        assert_eq!(at("<a b='|\n  <c/></a>"), ": value `` of b (true, false) of a");
        assert_eq!(at("<a b='|' c='d'>"), ": value `` of b (true, true) of a");
        assert_eq!(at("<a b='| c='d'>"), ": value `` of b (true, false) of a");
        assert_eq!(at("<a b=|/>"), ": value `` of b (false, false) of a");
        assert_eq!(at("<a b='1'|/>"), ": attribute `` of a");
        assert_eq!(at("<a b='1'/|>"), ": other of a");
    }

    #[test]
    fn contents_know_what_is_open() {
        assert_eq!(at("<a> <b>tex|t here </b></a>"), "a/b: content `text here`");
        assert_eq!(at("<a> <b/> | <c></a>"), "a: content ``");
        assert_eq!(at("<a><b></b>|</a>"), "a: content ``");
        assert_eq!(at("<a><b>|</b></a>"), "a/b: content ``");
        assert_eq!(at("<a><b> <c/>| </a>"), "a/b: content ``");
        assert_eq!(at("|"), ": content ``");
        assert_eq!(at("<a/>\n|"), ": content ``");
    }

    #[test]
    fn the_rest_is_told_apart() {
        assert_eq!(at("<a><b></|</a>"), "a/b: end ``");
        assert_eq!(at("<a><b></b|></a>"), "a/b: end `b` >");
        assert_eq!(at("<a><!-- | --></a>"), "a: other");
        assert_eq!(at("<?xml |?><a/>"), ": other");
    }
}

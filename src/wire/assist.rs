//! The shapes of the help while writing.

use serde::Serialize;

use super::Range;
use crate::assist::Item;
use crate::report::{Completions, HoverReport};
use crate::text::Span;

/// Something that may stand at a place.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Completion<'a> {
    label: &'a str,
    kind: &'static str,
    detail: &'a str,
    documentation: &'a str,
    range: Range,
    new_text: &'a str,
    stops: Vec<Stop>,
}

/// A place of a text that is to be filled, UTF-16.
#[derive(Debug, Serialize)]
struct Stop {
    from: u32,
    to: u32,
}

/// What is told of a token.
#[derive(Debug, Serialize)]
pub struct Hover<'a> {
    contents: &'a str,
    range: Range,
}

/// What may stand at a place, the best first.
#[must_use]
pub fn completions(found: &Completions) -> Vec<Completion<'_>> {
    // all stand in for the same few places
    let mut last: Option<(Span, Range)> = None;
    let mut range = |span: Span| match last {
        Some((known, range)) if known == span => range,
        _ => last.insert((span, Range::of(span, &found.lines))).1,
    };
    found.items.iter().map(|item| Completion::of(item, range(item.span))).collect()
}

impl<'a> Completion<'a> {
    fn of(item: &'a Item, range: Range) -> Self {
        Self {
            label: &item.label,
            kind: item.kind.word(),
            detail: &item.detail,
            documentation: &item.documentation,
            range,
            new_text: &item.new_text,
            stops: item.stops.iter().map(|stop| Stop::of(*stop, &item.new_text)).collect(),
        }
    }
}

impl Stop {
    fn of(span: Span, text: &str) -> Self {
        let units = |at: usize| {
            let before = text.get(..at).unwrap_or(text);
            u32::try_from(if before.is_ascii() { before.len() } else { before.encode_utf16().count() }).unwrap_or(u32::MAX)
        };
        Self { from: units(span.start), to: units(span.end) }
    }
}

impl<'a> Hover<'a> {
    /// Of what is told.
    #[must_use]
    pub fn of(told: &'a HoverReport) -> Self {
        Self { contents: &told.hover.contents, range: Range::of(told.hover.span, &told.lines) }
    }

    /// Its Markdown and its range.
    #[must_use]
    pub fn parts(&self) -> (&'a str, Range) {
        (self.contents, self.range)
    }
}

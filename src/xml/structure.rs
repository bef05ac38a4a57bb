//! The nesting of a text that is no XML: what is open, what closes nothing, what breaks off.

use super::codes::{BROKEN_TAG, STRAY_END, UNCLOSED, finding};
use super::tokens::{Kind, Token, tokens};
use crate::finding::{Effect, Finding, TextEdit};
use crate::text::{Span, nearest};

/// The first fault of the nesting, with the place at which a reader from the top notices it.
pub(super) fn structure(text: &str) -> Option<(usize, Finding)> {
    let mut open: Vec<Token> = Vec::new();
    for token in tokens(text) {
        if !token.complete {
            return Some((token.span.start, broken(text, &token)));
        }
        match token.kind {
            Kind::Open => open.push(token),
            Kind::Close => match open.last() {
                Some(last) if last.name.of(text) == token.name.of(text) => _ = open.pop(),
                _ => return Some((token.span.start, mismatch(text, &open, &token))),
            },
            _ => {}
        }
    }
    let last = open.last()?;
    let name = last.name.of(text);
    let mut found = finding(UNCLOSED, last.name, format!("`{name}` is never closed: the text ends before `</{name}>`"));
    found.related(Span::empty(text.trim_end().len()), "the text ends here");
    Some((text.len(), found))
}

fn broken(text: &str, token: &Token) -> Finding {
    let what = match token.kind {
        Kind::Comment => "this comment is never closed by `-->`",
        Kind::CData => "this CDATA section is never closed by `]]>`",
        Kind::Instruction => "this is never closed by `?>`",
        Kind::Doctype => "this declaration is never closed by `>`",
        _ if token.span.end == text.len() => "the text ends in the middle of this tag: it was cut off, or the `>` is missing",
        _ => "this tag breaks off before its `>`: a quote or the `>` is missing",
    };
    let span =
        if token.name.start < token.name.end { token.name } else { Span::new(token.span.start, (token.span.start + 4).min(text.len())) };
    finding(BROKEN_TAG, if text.is_char_boundary(span.end) { span } else { Span::new(token.span.start, token.span.start + 1) }, what)
}

/// An end tag that does not close the innermost element: either elements inside lack theirs, or it is a stray or misspelt one.
fn mismatch(text: &str, open: &[Token], close: &Token) -> Finding {
    let name = close.name.of(text);
    let Some(last) = open.last() else {
        return finding(STRAY_END, close.name, format!("`</{name}>` closes nothing: no element is open here"));
    };
    let inner = last.name.of(text);
    if open.iter().any(|token| token.name.of(text) == name) {
        let mut found = finding(UNCLOSED, last.name, format!("`{inner}` is not closed before `</{name}>`"));
        found.related(close.name, format!("here `</{inner}>` is still missing"));
        return found;
    }
    let mut found = finding(STRAY_END, close.name, format!("`</{name}>` stands where `</{inner}>` must"));
    found.related(last.name, format!("`{inner}` begins here"));
    // only a misspelt one is meant to close what is open; any other is one too many
    if nearest(name, std::iter::once(inner)).is_some() {
        found.fix(format!("Write </{inner}>"), Effect::Safe, vec![TextEdit { span: close.name, new_text: inner.into() }]);
    } else {
        found.fix(format!("Remove </{name}>"), Effect::Safe, vec![TextEdit { span: close.span, new_text: "".into() }]);
    }
    found
}

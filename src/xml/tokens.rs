//! The markup of a text, however broken: what limits and syntax errors are found with. Never fails.

use crate::text::Span;

/// What a piece of markup is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `<name …>`
    Open,
    /// `<name …/>`
    Empty,
    /// `</name>`
    Close,
    /// `<!-- … -->`
    Comment,
    /// `<![CDATA[ … ]]>`
    CData,
    /// `<? … ?>`
    Instruction,
    /// `<!DOCTYPE …`
    Doctype,
}

/// A piece of markup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// From its `<` to its `>`, or to where it breaks off.
    pub span: Span,
    /// The name of an element.
    pub name: Span,
    /// How many `=` with a quoted value stand in it.
    pub attributes: usize,
    /// False where the text ends, or the next `<` stands, before its end.
    pub complete: bool,
}

/// Walks the markup of `text` from the start.
pub fn tokens(text: &str) -> Tokens<'_> {
    Tokens { bytes: text.as_bytes(), at: 0 }
}

/// The iterator over the markup of a text.
pub struct Tokens<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let start = self.at + self.bytes.get(self.at..)?.iter().position(|byte| *byte == b'<')?;
        let rest = self.bytes.get(start..)?;
        let token = match rest {
            [b'<', b'!', b'-', b'-', ..] => self.until(start, 4, b"-->", Kind::Comment),
            [b'<', b'!', b'[', ..] => self.until(start, 3, b"]]>", Kind::CData),
            [b'<', b'!', ..] => self.doctype(start),
            [b'<', b'?', ..] => self.until(start, 2, b"?>", Kind::Instruction),
            [b'<', b'/', ..] => self.tag(start, 2, Kind::Close),
            _ => self.tag(start, 1, Kind::Open),
        };
        self.at = token.span.end.max(start + 1);
        Some(token)
    }
}

impl Tokens<'_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    fn until(&self, start: usize, skip: usize, end: &[u8], kind: Kind) -> Token {
        let rest = self.bytes.get(start + skip..).unwrap_or(&[]);
        let found = rest.windows(end.len()).position(|window| window == end);
        let stop = found.map_or(self.bytes.len(), |at| start + skip + at + end.len());
        Token { kind, span: Span::new(start, stop), name: Span::empty(start), attributes: 0, complete: found.is_some() }
    }

    /// A document type with its internal subset, brackets and quotes respected.
    fn doctype(&self, start: usize) -> Token {
        let (mut at, mut depth, mut quote) = (start + 2, 0_usize, None);
        while let Some(byte) = self.byte(at) {
            match (quote, byte) {
                (Some(open), _) if open == byte => quote = None,
                (Some(_), _) => {}
                (None, b'"' | b'\'') => quote = Some(byte),
                (None, b'[') => depth += 1,
                (None, b']') => depth = depth.saturating_sub(1),
                (None, b'>') if depth == 0 => break,
                _ => {}
            }
            at += 1;
        }
        let complete = at < self.bytes.len();
        Token {
            kind: Kind::Doctype,
            span: Span::new(start, (at + 1).min(self.bytes.len())),
            name: Span::empty(start),
            attributes: 0,
            complete,
        }
    }

    fn tag(&self, start: usize, skip: usize, kind: Kind) -> Token {
        let name_start = start + skip;
        let mut at = name_start;
        while self.byte(at).is_some_and(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'>' | b'/' | b'<' | b'=' | b'\'' | b'"')) {
            at += 1;
        }
        let name = Span::new(name_start, at);
        let mut attributes = 0;
        loop {
            match self.byte(at) {
                Some(b'>') => {
                    let kind = if kind == Kind::Open && self.byte(at - 1) == Some(b'/') { Kind::Empty } else { kind };
                    return Token { kind, span: Span::new(start, at + 1), name, attributes, complete: true };
                }
                Some(quote @ (b'"' | b'\'')) => {
                    attributes += 1;
                    let rest = self.bytes.get(at + 1..).unwrap_or(&[]);
                    // a value holds no `<`: there the quote was forgotten
                    match rest.iter().position(|byte| *byte == quote || *byte == b'<') {
                        Some(len) if rest.get(len) == Some(&quote) => at += len + 2,
                        Some(len) => return Token { kind, span: Span::new(start, at + 1 + len), name, attributes, complete: false },
                        None => return Token { kind, span: Span::new(start, self.bytes.len()), name, attributes, complete: false },
                    }
                }
                Some(b'<') | None => return Token { kind, span: Span::new(start, at), name, attributes, complete: false },
                Some(_) => at += 1,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> Vec<(Kind, &str, usize, bool)> {
        tokens(text).map(|t| (t.kind, t.name.of(text), t.attributes, t.complete)).collect()
    }

    #[test]
    fn markup_is_told_apart() {
        let text = "<?xml v?><!DOCTYPE a [<!ENTITY b '>'>]><a x='<' y='/>'><!-- <b> --><c d=\"1\"/><![CDATA[<e>]]></a>";
        use Kind::*;
        assert_eq!(
            shape(&text.replace("'<'", "'1'")),
            [
                (Instruction, "", 0, true),
                (Doctype, "", 0, true),
                (Open, "a", 2, true),
                (Comment, "", 0, true),
                (Empty, "c", 1, true),
                (CData, "", 0, true),
                (Close, "a", 0, true)
            ]
        );
    }

    #[test]
    fn a_tag_that_breaks_off_is_incomplete() {
        assert_eq!(shape("<a x='1"), [(Kind::Open, "a", 1, false)]);
        assert_eq!(shape("<a <b>"), [(Kind::Open, "a", 0, false), (Kind::Open, "b", 0, true)]);
        assert_eq!(shape("<a"), [(Kind::Open, "a", 0, false)]);
        assert_eq!(shape("<"), [(Kind::Open, "", 0, false)]);
    }
}

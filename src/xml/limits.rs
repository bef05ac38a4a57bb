//! Limits: a parser may need quadratic time for what exceeds them.

use super::tokens::{Kind, tokens};
use crate::text::{Limits, Span};

/// A limit that a text exceeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exceeded {
    /// The text has so many bytes.
    Bytes(usize),
    /// The element there is nested too deep.
    Depth(Span),
    /// The element there has too many attributes.
    Attributes(Span),
    /// The declaration there is one too many.
    Namespaces(Span),
}

/// Whether a text may exceed a limit that has to be looked for before it is parsed: true wherever that takes a second look. How deep
/// elements are nested costs the parser nothing, and is seen best in what it read.
#[must_use]
pub fn doubtful(text: &str, limits: &Limits) -> bool {
    let bytes = text.as_bytes();
    // an attribute takes five bytes at the least, and a declaration more: most texts are too short for that many
    if text.len() < limits.attributes.min(limits.namespaces).saturating_mul(5) {
        return text.len() > limits.bytes;
    }
    // in a tag with too many stands one of these pieces, whole
    let mut pieces = bytes.chunks_exact(limits.attributes.saturating_mul(2).max(1));
    text.len() > limits.bytes || !pieces.all(|piece| piece.contains(&b'<')) || pairs(bytes, *b"xm") > limits.namespaces
}

/// How often these two bytes stand side by side, counted in pieces short enough for a byte to hold the number: sixteen at once.
fn pairs(bytes: &[u8], [first, second]: [u8; 2]) -> usize {
    const PIECE: usize = 256;
    let after = bytes.get(1..).unwrap_or_default();
    let count = |(these, next): (&[u8], &[u8])| these.iter().zip(next).map(|(a, b)| u8::from(*a == first && *b == second)).sum::<u8>();
    bytes.chunks(PIECE).zip(after.chunks(PIECE)).map(|pair| usize::from(count(pair))).sum()
}

/// The first limit that `text` exceeds.
#[must_use]
pub fn exceeded(text: &str, limits: &Limits) -> Option<Exceeded> {
    if text.len() > limits.bytes {
        return Some(Exceeded::Bytes(text.len()));
    }
    if let Some((at, name)) = text.match_indices("xmlns").nth(limits.namespaces) {
        return Some(Exceeded::Namespaces(Span::new(at, at + name.len())));
    }
    let mut depth = 0_usize;
    for token in tokens(text) {
        if token.attributes > limits.attributes {
            return Some(Exceeded::Attributes(token.name));
        }
        match token.kind {
            Kind::Open => depth += 1,
            Kind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > limits.depth {
            return Some(Exceeded::Depth(token.name));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_is_found_at_its_element() {
        let limits = Limits { bytes: 10_000, depth: 3, attributes: 2, namespaces: 1, findings: 1 };
        assert_eq!(exceeded("<a><b><c></c></b></a>", &limits), None);
        assert_eq!(exceeded("<a><b><c><d/><e></e></c></b></a>", &limits), Some(Exceeded::Depth(Span::new(14, 15))));
        assert_eq!(exceeded("<a b='' c='' d=''/>", &limits), Some(Exceeded::Attributes(Span::new(1, 2))));
        assert_eq!(exceeded("<a xmlns:b=''><b xmlns='' c=''/></a>", &limits), Some(Exceeded::Namespaces(Span::new(17, 22))));
        assert_eq!(exceeded(&"x".repeat(10_001), &limits), Some(Exceeded::Bytes(10_001)));
    }

    #[test]
    fn whatever_exceeds_a_limit_of_the_parser_is_looked_at_twice() {
        let limits = Limits { bytes: 10_000, depth: 3, attributes: 20, namespaces: 3, findings: 1 };
        let many = |count: usize, text: &str| text.repeat(count);
        for before in 0..200 {
            let text = format!("<a{}><b{}/></a>", many(before, " "), many(21, " c=''"));
            assert!(doubtful(&text, &limits), "{text}");
            let text = format!("<a{}>{}</a>", many(before, " "), many(4, "<b xmlns=''/>"));
            assert!(doubtful(&text, &limits), "{text}");
        }
        assert!(doubtful(&many(10_001, "<"), &limits));
        assert!(!doubtful(&many(50, "<a b='' c='' d=''><xm/></a>").replacen("xm", "x", 47), &limits));
    }
}

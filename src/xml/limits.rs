//! Limits, looked for before parsing: a parser may need quadratic time, or the stack, for what exceeds them.

use super::tokens::{Kind, tokens};
use crate::text::{Limits, Span, count};

/// A limit that a text exceeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exceeded {
    /// The text has so many bytes.
    Bytes(usize),
    /// The element there is nested too deep.
    Depth(Span),
    /// The element there has too many attributes.
    Attributes(Span),
}

/// The first limit that `text` exceeds.
#[must_use]
pub fn exceeded(text: &str, limits: &Limits) -> Option<Exceeded> {
    if text.len() > limits.bytes {
        return Some(Exceeded::Bytes(text.len()));
    }
    // no element without a `<`, no attribute without a `=`: most texts are done with that
    let [elements, attributes] = count(text, [b'<', b'=']);
    if elements <= limits.depth && attributes <= limits.attributes {
        return None;
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
        let limits = Limits { bytes: 10_000, depth: 3, attributes: 2, findings: 1 };
        assert_eq!(exceeded("<a><b><c></c></b></a>", &limits), None);
        assert_eq!(exceeded("<a><b><c><d/><e></e></c></b></a>", &limits), Some(Exceeded::Depth(Span::new(14, 15))));
        assert_eq!(exceeded("<a b='' c='' d=''/>", &limits), Some(Exceeded::Attributes(Span::new(1, 2))));
        assert_eq!(exceeded(&"x".repeat(10_001), &limits), Some(Exceeded::Bytes(10_001)));
    }
}

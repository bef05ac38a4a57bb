//! The attributes of a start tag, however broken. Never fails.

use crate::text::Span;

/// An attribute as far as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Its name, prefix included.
    pub name: Span,
    /// Its value without quotes; none where no `=` follows the name.
    pub value: Option<Span>,
    /// Whether quotes stand around the value: the first, and the last.
    pub quotes: (bool, bool),
}

/// The attributes of the start tag that spans `tag`, whose name ends at `from`.
pub fn attributes(text: &str, tag: Span, from: usize) -> impl Iterator<Item = Written> {
    let mut scan = Scan { bytes: text.as_bytes().get(..tag.end).unwrap_or(&[]), at: from };
    std::iter::from_fn(move || scan.next())
}

struct Scan<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl Scan<'_> {
    #[inline(never)]
    fn next(&mut self) -> Option<Written> {
        loop {
            let from = self.at;
            let name = Span::new(from, self.skip(|byte| !ends_name(byte)));
            if name.start < name.end {
                return Some(self.value_of(name));
            }
            // what begins no attribute is passed over
            self.bytes.get(self.at).filter(|byte| **byte != b'<')?;
            self.at += 1;
        }
    }

    /// Moves on while `over` holds, and tells where that is.
    fn skip(&mut self, over: impl Fn(u8) -> bool) -> usize {
        while self.bytes.get(self.at).is_some_and(|byte| over(*byte)) {
            self.at += 1;
        }
        self.at
    }

    fn value_of(&mut self, name: Span) -> Written {
        self.skip(|byte| byte.is_ascii_whitespace());
        if self.bytes.get(self.at) != Some(&b'=') {
            self.at = name.end;
            return Written { name, value: None, quotes: (false, false) };
        }
        self.at += 1;
        let after = self.at;
        self.skip(|byte| byte == b' ' || byte == b'\t');
        match self.bytes.get(self.at) {
            Some(quote @ (b'"' | b'\'')) => {
                self.at += 1;
                let (value, closed) = self.quoted(*quote);
                self.at = value.end + usize::from(closed);
                Written { name, value: Some(value), quotes: (true, closed) }
            }
            _ => {
                self.at = after;
                let value = Span::new(after, self.skip(|byte| !ends_name(byte)));
                Written { name, value: Some(value), quotes: (false, false) }
            }
        }
    }

    /// The value behind a quote, and whether it ends with one.
    fn quoted(&self, quote: u8) -> (Span, bool) {
        let rest = self.bytes.get(self.at..).unwrap_or(&[]);
        let end = rest.iter().position(|byte| *byte == quote || *byte == b'<').unwrap_or(rest.len());
        let value = rest.get(..end).unwrap_or(&[]);
        if rest.get(end) == Some(&quote) && !is_next_one(value) {
            return (Span::new(self.at, self.at + end), true);
        }
        let end = value.iter().position(|byte| matches!(byte, b'\n' | b'\r' | b'>')).unwrap_or(end);
        let line = value.get(..end).unwrap_or(&[]);
        // `type=' device='`: the value ends where the name of the next attribute begins
        let end = if is_next_one(line) { line.iter().rposition(u8::is_ascii_whitespace).unwrap_or(end) } else { end };
        (Span::new(self.at, self.at + end), false)
    }
}

/// True for what reaches, a quote forgotten, into the next attribute: it ends in white space, a name and `=`.
fn is_next_one(value: &[u8]) -> bool {
    let Some((b'=', before)) = value.split_last() else { return false };
    let name = before.iter().rev().take_while(|byte| !ends_name(**byte)).count();
    name > 0 && before.len().checked_sub(name + 1).and_then(|at| before.get(at)).is_some_and(u8::is_ascii_whitespace)
}

/// True for what ends a name or an unquoted value.
pub(super) fn ends_name(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'=' | b'>' | b'<' | b'/' | b'\'' | b'"')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(tag: &str) -> Vec<(&str, Option<&str>, (bool, bool))> {
        let from = tag.find(' ').unwrap_or(tag.len());
        let list = attributes(tag, Span::new(0, tag.len()), from);
        list.map(|one| (one.name.of(tag), one.value.map(|value| value.of(tag)), one.quotes)).collect()
    }

    #[test]
    fn whole_attributes_are_read() {
        let both = (true, true);
        assert_eq!(read("<a b='1' c = \"x'>\"\n d='' />"), [("b", Some("1"), both), ("c", Some("x'>"), both), ("d", Some(""), both)]);
    }

    #[test]
    fn broken_ones_are_read_as_far_as_they_go() {
        assert_eq!(read("<a b c= d"), [("b", None, (false, false)), ("c", Some(""), (false, false)), ("d", None, (false, false))]);
        assert_eq!(read("<a b='1>\n "), [("b", Some("1"), (true, false))]);
        assert_eq!(read("<a b=' c='2'/>"), [("b", Some(""), (true, false)), ("c", Some("2"), (true, true))]);
        assert_eq!(read("<a b=1/>"), [("b", Some("1"), (false, false))]);
        assert_eq!(read("<a ='x' b='y'"), [("x", None, (false, false)), ("b", Some("y"), (true, true))]);
    }
}

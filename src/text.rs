//! Places in a text: byte spans inside, UTF-16 positions outside. Nothing else counts characters.

mod eight;
mod mark;
mod order;

pub use eight::blank;
pub use mark::{Mark, index, indexed};
pub use order::{firsts, sort_by, sort_by_key};

/// A half-open range of bytes of one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
}

impl Span {
    /// The range from `start` to `end`, in bytes.
    #[must_use]
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The empty range before the byte `at`.
    #[must_use]
    pub fn empty(at: usize) -> Self {
        Self { start: at, end: at }
    }

    /// The part of `text` it covers; empty where it does not fit.
    #[must_use]
    pub fn of<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start..self.end).unwrap_or("")
    }
}

impl From<std::ops::Range<usize>> for Span {
    fn from(range: std::ops::Range<usize>) -> Self {
        Self { start: range.start, end: range.end }
    }
}

/// A place as editors count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// UTF-16 code units from the start of the text.
    pub offset: usize,
    /// 1-based.
    pub line: usize,
    /// 1-based, in UTF-16 code units.
    pub column: usize,
}

/// Turns byte offsets of one text into UTF-16 positions.
///
/// Line breaks are LF, CR and CR LF, as editors have them.
#[derive(Debug, Clone)]
pub struct LineIndex {
    len: usize,
    /// Byte offsets at which lines begin; the first is 0.
    lines: Vec<usize>,
    /// For each [`STRETCH`] of bytes how many lines begin with its first byte or before.
    stretches: Vec<usize>,
    /// For each non-ASCII character: the byte after it, and how many bytes more than UTF-16 units all have taken so far.
    wide: Vec<(usize, usize)>,
}

impl LineIndex {
    /// Reads `text` once.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut lines = Vec::with_capacity(bytes.len() / 16 + 1);
        lines.push(0);
        let mut ascii = true;
        eight::unusual(bytes, |at| match bytes.get(at) {
            Some(b'\n') => lines.push(at + 1),
            Some(b'\r') if bytes.get(at + 1) != Some(&b'\n') => lines.push(at + 1),
            Some(0x80..) => ascii = false,
            _ => {}
        });
        let mut wide = Vec::new();
        if !ascii {
            let mut surplus = 0;
            for (at, c) in text.char_indices().filter(|(_, c)| !c.is_ascii()) {
                surplus += c.len_utf8() - c.len_utf16();
                wide.push((at + c.len_utf8(), surplus));
            }
        }
        let mut stretches = Vec::with_capacity(bytes.len() / STRETCH + 1);
        for (line, start) in lines.iter().enumerate() {
            while stretches.len() * STRETCH < *start {
                stretches.push(line);
            }
        }
        stretches.resize(bytes.len() / STRETCH + 1, lines.len());
        Self { len: bytes.len(), lines, stretches, wide }
    }

    /// The position of the byte offset `at`; an offset past the end counts as the end.
    #[must_use]
    pub fn position(&self, at: usize) -> Position {
        let at = at.min(self.len);
        let before = self.stretches.get(at / STRETCH).copied().unwrap_or(0);
        let line = before + self.lines.get(before..).unwrap_or_default().iter().take_while(|start| **start <= at).count();
        let start = self.lines.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let offset = self.utf16(at);
        Position { offset, line, column: offset - self.utf16(start) + 1 }
    }

    /// The byte of the UTF-16 code unit `offset`; between the two of a character one inside it, past the end the end.
    #[must_use]
    pub fn byte(&self, offset: usize) -> usize {
        let before = self.wide.partition_point(|(end, surplus)| end - surplus <= offset);
        let surplus = before.checked_sub(1).and_then(|last| self.wide.get(last)).map_or(0, |(_, surplus)| *surplus);
        offset.saturating_add(surplus).min(self.len)
    }

    fn utf16(&self, at: usize) -> usize {
        let before = self.wide.partition_point(|(end, _)| *end <= at);
        let surplus = before.checked_sub(1).and_then(|last| self.wide.get(last)).map_or(0, |(_, surplus)| *surplus);
        at - surplus
    }
}

/// So few bytes that few lines begin within them.
const STRETCH: usize = 128;

/// How much a text may hold before it is refused unread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a text. libvirt's protocol carries no longer string than 4 MiB.
    pub bytes: usize,
    /// Elements nested in each other. libxml2, by which libvirt reads, stops at 256.
    pub depth: usize,
    /// Attributes of one element; a parser compares them pair by pair.
    pub attributes: usize,
    /// Declarations of namespaces in the whole text: a parser may go through all of them for each.
    pub namespaces: usize,
    /// Findings of one report.
    pub findings: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 4 * 1024 * 1024, depth: 256, attributes: 1000, namespaces: 1000, findings: 200 }
    }
}

/// `count` things, the plural by an `s`.
#[must_use]
pub fn plural(count: usize, what: &str) -> String {
    [count.to_string().as_str(), " ", what, if count == 1 { "" } else { "s" }].concat()
}

/// `text` without the white space around it, of which most have none.
#[must_use]
pub fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [only] if only.is_ascii_graphic() => text,
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => text,
        _ => text.trim(),
    }
}

/// The place in `list` of the first that `is` what is wanted, looked for from `from` on and then before it. It becomes the new
/// `from`: who asks for one after another in the order of the list, or for the same again, finds each at once.
pub fn find_from<T>(list: &[T], from: &mut usize, is: impl Fn(&T) -> bool) -> Option<usize> {
    let (before, after) = list.split_at_checked(*from)?;
    let found = after.iter().position(&is).map(|at| at + *from).or_else(|| before.iter().position(&is))?;
    *from = found;
    Some(found)
}

/// The candidate that a misspelt `word` most likely means: by edit distance, letter case aside; none where none is near.
#[must_use]
pub fn nearest<'c>(word: &str, candidates: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let allowed = (word.len() / 3).clamp(1, 4);
    candidates
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(far, _)| *far <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// How many letters must be put in, taken out, replaced or swapped with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<u8>, Vec<u8>) = (a.to_ascii_lowercase().into_bytes(), b.to_ascii_lowercase().into_bytes());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], at: usize| row.get(at).copied().unwrap_or(usize::MAX / 2);
            let mut least = (at(&last, j) + usize::from(x != y)).min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                least = least.min(at(&before, j - 1) + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, at: usize) -> (usize, usize, usize) {
        let Position { offset, line, column } = LineIndex::new(text).position(at);
        (offset, line, column)
    }

    #[test]
    fn ascii_counts_bytes() {
        assert_eq!(place("ab\ncd", 0), (0, 1, 1));
        assert_eq!(place("ab\ncd", 3), (3, 2, 1));
        assert_eq!(place("ab\ncd", 5), (5, 2, 3));
        assert_eq!(place("ab\ncd", 99), (5, 2, 3));
    }

    #[test]
    fn a_byte_order_mark_is_three_bytes_and_one_unit() {
        assert_eq!(place("\u{feff}<a/>", 3), (1, 1, 2));
    }

    #[test]
    fn characters_outside_the_basic_plane_are_two_units() {
        assert_eq!(place("ä😀x\nö", 2), (1, 1, 2));
        assert_eq!(place("ä😀x\nö", 6), (3, 1, 4));
        assert_eq!(place("ä😀x\nö", 8), (5, 2, 1));
        assert_eq!(place("ä😀x\nö", 10), (6, 2, 2));
    }

    #[test]
    fn units_lead_back_to_bytes() {
        let text = "ä😀x\nö€";
        let lines = LineIndex::new(text);
        for (at, _) in text.char_indices() {
            assert_eq!(lines.byte(lines.position(at).offset), at);
        }
        assert_eq!((lines.byte(2), lines.byte(7), lines.byte(99)), (3, text.len(), text.len()));
    }

    #[test]
    fn lines_of_any_length_are_found() {
        let lengths = [0, 1, 2, 125, 0, 127, 128, 129, 0, 0, 300, 1, 256, 64, 0];
        let text: String = lengths.iter().map(|length| "x".repeat(*length) + "\n").collect();
        for (text, end) in [(text.as_str(), 0), (&text.repeat(3), 5), (&"\n".repeat(300), 0), (&"x".repeat(300), 9)] {
            let (mut line, mut column) = (1, 1);
            for (at, byte) in text.bytes().enumerate() {
                assert_eq!(place(text, at), (at, line, column));
                (line, column) = if byte == b'\n' { (line + 1, 1) } else { (line, column + 1) };
            }
            assert_eq!(place(text, text.len() + end), (text.len(), line, column));
        }
    }

    #[test]
    fn the_nearest_word_is_found_by_edit_distance() {
        let words = ["EPYC-Milan", "EPYC-Rome", "Nehalem"];
        assert_eq!(nearest("epyc-milan", words.into_iter()), Some("EPYC-Milan"));
        assert_eq!(nearest("Nehaelm", words.into_iter()), Some("Nehalem"));
        assert_eq!(nearest("Broadwell", words.into_iter()), None);
    }

    #[test]
    fn carriage_returns_break_lines_once() {
        assert_eq!(place("a\r\nb\rc", 3), (3, 2, 1));
        assert_eq!(place("a\r\nb\rc", 5), (5, 3, 1));
        assert_eq!(place("a\r\nb", 2), (2, 1, 3));
    }
}

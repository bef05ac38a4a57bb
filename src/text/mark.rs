//! Marks of names.

/// What stands for a name in comparisons: all of its letters where it has up to eight, else its length and seven of them. Equal names
/// have equal marks, other names of more than eight letters seldom do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark(u64);

/// The highest bit of each byte, which no letter of ASCII has.
const HIGH: u64 = 0x8080_8080_8080_8080;
/// The bits of the last byte that say how many letters are before it, where not all eight bytes are letters.
const SHORT: u64 = 0x80 << 56;
/// The same where the letters are not all.
const PART: u64 = 0xc0 << 56;

impl Mark {
    /// That of no name, or of one that cannot be told by its letters alone.
    pub const NONE: Self = Self(PART);

    /// The mark of a name.
    #[inline]
    #[must_use]
    pub const fn of(name: &str) -> Self {
        let bytes = name.as_bytes();
        let length = bytes.len() as u64;
        let letters = match (bytes, bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
            ([], ..) => return Self::NONE,
            (_, Some(first), Some(last)) => {
                let (first, last) = (u32::from_le_bytes(*first) as u64, u32::from_le_bytes(*last) as u64);
                // where they overlap, the letters are the same
                if length <= 8 { first | last << (8 * (length - 4)) } else { first | last >> 8 << 32 }
            }
            ([first], ..) => *first as u64,
            ([first, second, ..], ..) => {
                let last = match bytes {
                    [_, _, last] => *last as u64,
                    _ => 0,
                };
                *first as u64 | (*second as u64) << 8 | last << 16
            }
        };
        Self::of_letters(letters, length)
    }

    /// The mark of a name with which `text` begins: its letters are read at once, with those behind it.
    #[inline]
    #[must_use]
    pub fn of_first(name: &str, text: &[u8]) -> Self {
        let length = name.len();
        match text.first_chunk::<8>() {
            Some(letters) if matches!(length, 1..=8) => {
                Self::of_letters(u64::from_le_bytes(*letters) & (u64::MAX >> (64 - 8 * length)), length as u64)
            }
            _ => Self::of_long(name),
        }
    }

    /// Apart, so that the usual case is short enough to stand where it is asked for.
    #[cold]
    fn of_long(name: &str) -> Self {
        Self::of(name)
    }

    #[inline]
    const fn of_letters(letters: u64, length: u64) -> Self {
        if length > 8 || letters & HIGH != 0 {
            return Self(letters & !(0xff << 56) | PART | (length & 0x3f) << 56);
        }
        Self(if length < 8 { letters | SHORT | length << 56 } else { letters })
    }

    /// A place of so many, a power of two, the same for equal names: where an [`index`] begins to look.
    #[inline]
    const fn place(self, places: usize) -> usize {
        // the golden ratio spreads what differs in any letter over the highest bits
        (self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as usize & places.wrapping_sub(1)
    }

    /// Whether a name with this mark is `other`, whose mark is `mark`.
    #[inline]
    #[must_use]
    pub fn is(self, name: &str, mark: Self, other: &str) -> bool {
        self == mark && (self.0 & PART != PART || name == other)
    }
}

/// Tells where in a list of up to 255 names one may stand: holds the number of each, from 1 on, at the place that its mark gives or
/// behind that. Half of it is free at the least, so that few stand behind their places.
#[must_use]
pub fn index(marks: impl ExactSizeIterator<Item = Mark>) -> Vec<u8> {
    let mut index = vec![0; (2 * marks.len()).next_power_of_two()];
    for (mark, number) in marks.zip(1..) {
        let first = mark.place(index.len());
        let (before, behind) = index.split_at_mut(first);
        if let Some(free) = behind.iter_mut().chain(before).find(|free| **free == 0) {
            *free = number;
        }
    }
    index
}

/// Where in the list of that index a name with that mark may stand.
#[inline]
pub fn indexed(index: &[u8], mark: Mark) -> impl Iterator<Item = usize> {
    let behind = index.get(mark.place(index.len())..).unwrap_or(&[]).iter().chain(index);
    behind.map_while(|number| usize::from(*number).checked_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn up_to_eight_letters_a_mark_is_the_name() {
        let letters = ['a', 'b', '\u{7f}'];
        let mut names = vec![String::new()];
        for from in 0..3 {
            let longer: Vec<String> = names.iter().flat_map(|name| letters.iter().map(move |letter| format!("{name}{letter}"))).collect();
            names.extend(longer.into_iter().filter(|name| name.len() > from));
        }
        names.extend(
            ["graphics", "graphicr", "fraphics", "graqhics", "graphic", "features", "feature", "address", "sddress", "addres"]
                .map(str::to_owned),
        );
        names.sort();
        names.dedup();
        for one in &names {
            for behind in ["", "=", "='graphics'"] {
                assert_eq!(Mark::of_first(one, format!("{one}{behind}").as_bytes()), Mark::of(one), "{one}");
            }
            for other in &names {
                assert_eq!(Mark::of(one) == Mark::of(other), one == other, "{one} {other}");
                assert_eq!(Mark::of(one).is("", Mark::of(other), ""), one == other, "{one} {other}");
            }
        }
        assert_eq!(Mark::of(""), Mark::NONE);
        assert!(!Mark::NONE.is("disk", Mark::NONE, "disc"));
        assert_ne!(Mark::of("\0"), Mark::NONE);
    }

    #[test]
    fn an_index_finds_each_name_of_a_list() {
        let names: Vec<String> = (0..60).map(|at| format!("{}{at}", "n".repeat(at % 11))).collect();
        for names in (0..names.len()).map(|count| &names[..count]) {
            let index = index(names.iter().map(|name| Mark::of(name)));
            let find = |name: &str| indexed(&index, Mark::of(name)).find(|at| names[*at] == name);
            assert!(names.iter().enumerate().all(|(at, name)| find(name) == Some(at)), "{names:?}");
            assert_eq!(find("disk"), None);
        }
    }

    #[test]
    fn longer_names_and_others_than_ascii_are_compared() {
        let is = |one: &str, other: &str| Mark::of(one).is(one, Mark::of(other), other);
        assert!(is("interface", "interface") && is("n\u{e4}me", "n\u{e4}me"));
        for (one, other) in [
            ("interface", "intermace"),
            ("controller", "contraller"),
            ("n\u{e4}me", "n\u{e5}me"),
            ("\u{e4}\u{e4}\u{e4}\u{e4}", "\u{e4}\u{e4}\u{e5}\u{e4}"),
        ] {
            assert!(!is(one, other) && !is(other, one), "{one} {other}");
        }
    }
}

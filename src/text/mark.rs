//! Marks of names.

/// What tells most names apart without looking at them: the length and three of the letters. Equal names have equal marks, other
/// names seldom do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark(u32);

impl Mark {
    /// That of no name.
    pub const NONE: Self = Self(0);

    /// The mark of a name.
    #[inline]
    #[must_use]
    pub const fn of(name: &str) -> Self {
        let bytes = name.as_bytes();
        let (first, last) = match bytes {
            [] => return Self::NONE,
            [only] => (*only, *only),
            [first, .., last] => (*first, *last),
        };
        let middle = match bytes.split_at(bytes.len() / 2) {
            (_, [middle, ..]) => *middle,
            _ => last,
        };
        #[expect(clippy::cast_possible_truncation, reason = "the low byte of the length is enough")]
        let length = bytes.len() as u8;
        Self(u32::from_le_bytes([length, first, middle, last]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_tells_length_and_letters() {
        assert_eq!(Mark::of("disk"), Mark::of("disk"));
        for other in ["", "d", "disks", "dish", "fisk", "desk"] {
            let differs = other != "desk";
            assert_eq!(Mark::of("disk") != Mark::of(other), differs, "{other}");
        }
        assert_eq!(Mark::of(""), Mark::NONE);
        assert_ne!(Mark::of("\0"), Mark::NONE);
    }
}

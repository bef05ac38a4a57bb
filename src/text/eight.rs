//! The bytes of a text, eight at a time: what every text is asked before anything else must cost next to nothing.

const ONES: u64 = 0x0101_0101_0101_0101;
/// The highest bit of each byte: here the answers stand.
const HIGH: u64 = 0x80 * ONES;

/// The places of those bytes that are neither printable nor ASCII.
pub fn unusual(bytes: &[u8]) -> impl Iterator<Item = usize> + '_ {
    words(bytes).enumerate().flat_map(|(at, word)| places(control_or_wide(word)).map(move |place| 8 * at + place))
}

/// The last one is filled up with blanks.
fn words(bytes: &[u8]) -> impl Iterator<Item = u64> + '_ {
    let (whole, rest) = bytes.as_chunks::<8>();
    let mut last = [b' '; 8];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    whole.iter().copied().chain((!rest.is_empty()).then_some(last)).map(u64::from_le_bytes)
}

/// Marks the bytes below a blank, and those of characters that are not ASCII.
fn control_or_wide(word: u64) -> u64 {
    (!((word | HIGH) - ONES * u64::from(b' ')) | word) & HIGH
}

/// Which of the eight are marked.
fn places(mut marks: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = (marks != 0).then(|| marks.trailing_zeros() as usize / 8);
        marks &= marks.wrapping_sub(1);
        place
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_is_seen_wherever_it_stands() {
        for byte in 0..=255_u8 {
            for length in 0..20 {
                for at in 0..length {
                    let mut bytes = vec![b'a'; length];
                    bytes[at] = byte;
                    let expected = if (b' '..=0x7f).contains(&byte) { vec![] } else { vec![at] };
                    assert_eq!(unusual(&bytes).collect::<Vec<_>>(), expected, "{byte} at {at} of {length}");
                }
            }
        }
        assert_eq!(unusual("a\n\n\u{e4}\r\n{b}\t".as_bytes()).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6, 10]);
    }
}

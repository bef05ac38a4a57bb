//! The bytes of a text, eight at a time: what every text is asked before anything else must cost next to nothing.

const ONES: u64 = 0x0101_0101_0101_0101;
/// The highest bit of each byte: here the answers stand.
const HIGH: u64 = 0x80 * ONES;

/// Hands over the place of each byte that is neither printable nor ASCII.
pub fn unusual(bytes: &[u8], mut see: impl FnMut(usize)) {
    words(bytes).enumerate().for_each(|(at, word)| {
        let mut marks = control_or_wide(word);
        while marks != 0 {
            see(8 * at + marks.trailing_zeros() as usize / 8);
            marks &= marks - 1;
        }
    });
}

/// Whether no byte stands behind the blank: in a text of XML these are white space.
pub fn blank(bytes: &[u8]) -> bool {
    match (bytes.split_first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (Some((first, rest)), Some(last)) => {
            // what is left is looked at by whole words too: the last one overlaps
            let (whole, _) = rest.as_chunks::<8>();
            [first, last].into_iter().chain(whole).all(|word| behind_blank(u64::from_le_bytes(*word)) == 0)
        }
        _ => bytes.iter().all(|byte| *byte <= b' '),
    }
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

/// Marks the bytes above a blank.
fn behind_blank(word: u64) -> u64 {
    (((word & !HIGH) + ONES * u64::from(0x7f - b' ')) | word) & HIGH
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(bytes: &[u8]) -> Vec<usize> {
        let mut places = Vec::new();
        unusual(bytes, |at| places.push(at));
        places
    }

    #[test]
    fn each_byte_is_seen_wherever_it_stands() {
        for byte in 0..=255_u8 {
            for length in 0..20 {
                for at in 0..length {
                    let mut bytes = vec![b'a'; length];
                    bytes[at] = byte;
                    let expected = if (b' '..=0x7f).contains(&byte) { vec![] } else { vec![at] };
                    assert_eq!(seen(&bytes), expected, "{byte} at {at} of {length}");
                }
            }
        }
        assert_eq!(seen("a\n\n\u{e4}\r\n{b}\t".as_bytes()), [1, 2, 3, 4, 5, 6, 10]);
    }

    #[test]
    fn blank_is_what_holds_no_letter() {
        for byte in 0..=255_u8 {
            for length in 0..20 {
                assert!(blank(&vec![b'\n'; length]));
                for at in 0..length {
                    let mut bytes = vec![b' '; length];
                    bytes[at] = byte;
                    assert_eq!(blank(&bytes), byte <= b' ', "{byte} at {at} of {length}");
                }
            }
        }
    }
}

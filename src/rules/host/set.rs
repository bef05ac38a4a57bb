//! Sets of numbers as libvirt writes them: `0-3,^2,8`.

use std::fmt;

use crate::text::trimmed;

/// One more than the greatest number that libvirt takes in such a set.
const LIMIT: usize = 16384;

/// A set of host CPUs or NUMA nodes.
#[derive(Clone, Default)]
pub struct Set {
    /// 64 members each, as many as are needed.
    words: Vec<u64>,
}

impl Set {
    /// Reads a set, left to right, as libvirt does; none where the text is malformed or names nothing.
    pub fn parse(text: &str) -> Option<Self> {
        let mut set = Self::default();
        for part in text.split(',').map(trimmed) {
            if let Some(out) = part.strip_prefix('^') {
                set.remove(number(out)?);
                continue;
            }
            let (first, last) = match part.split_once('-') {
                Some((first, last)) => (number(first)?, number(last)?),
                None => (number(part)?, number(part)?),
            };
            if first > last {
                return None;
            }
            (first..=last).for_each(|member| set.insert(member));
        }
        (!set.is_empty()).then_some(set)
    }

    /// Adds `member`; one beyond the limit is left out.
    pub fn insert(&mut self, member: usize) {
        if member >= LIMIT {
            return;
        }
        let at = member / 64;
        if at >= self.words.len() {
            self.words.resize(at + 1, 0);
        }
        if let Some(word) = self.words.get_mut(at) {
            *word |= 1 << (member % 64);
        }
    }

    fn remove(&mut self, member: usize) {
        if let Some(word) = self.words.get_mut(member / 64) {
            *word &= !(1 << (member % 64));
        }
    }

    /// True where it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// True where every member of it is one of `other`.
    pub fn within(&self, other: &Self) -> bool {
        self.combined(other, |own, others| own & !others).all(|word| word == 0)
    }

    /// What of it is not in `other`.
    pub fn without(&self, other: &Self) -> Self {
        Self { words: self.combined(other, |own, others| own & !others).collect() }
    }

    /// What of it is in `other` as well.
    pub fn shared(&self, other: &Self) -> Self {
        Self { words: self.combined(other, |own, others| own & others).collect() }
    }

    /// How many members it has.
    pub fn len(&self) -> u32 {
        self.words.iter().map(|word| word.count_ones()).sum()
    }

    fn combined(&self, other: &Self, with: impl Fn(u64, u64) -> u64) -> impl Iterator<Item = u64> {
        let others = other.words.iter().copied().chain(std::iter::repeat(0));
        self.words.iter().zip(others).map(move |(own, others)| with(*own, others))
    }

    /// Its members, in order.
    pub fn members(&self) -> impl Iterator<Item = usize> {
        let of_word = |(at, word): (usize, &u64)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| left.trailing_zeros() as usize)?;
                left &= left - 1;
                Some(64 * at + bit)
            })
        };
        self.words.iter().enumerate().flat_map(of_word)
    }
}

impl FromIterator<u32> for Set {
    fn from_iter<T: IntoIterator<Item = u32>>(members: T) -> Self {
        let mut set = Self::default();
        members.into_iter().filter_map(|member| usize::try_from(member).ok()).for_each(|member| set.insert(member));
        set
    }
}

impl fmt::Display for Set {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut comma = "";
        let mut members = self.members().peekable();
        while let Some(first) = members.next() {
            let mut last = first;
            while members.next_if_eq(&(last + 1)).is_some() {
                last += 1;
            }
            if first == last {
                write!(f, "{comma}{first}")?
            } else {
                write!(f, "{comma}{first}-{last}")?
            }
            comma = ",";
        }
        Ok(())
    }
}

fn number(text: &str) -> Option<usize> {
    trimmed(text).parse().ok().filter(|number| *number < LIMIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        Set::parse(text).map(|set| set.to_string())
    }

    #[test]
    fn sets_are_read_left_to_right() {
        assert_eq!(read("0-3,^2,8").as_deref(), Some("0-1,3,8"));
        assert_eq!(read("^0,0-1").as_deref(), Some("0-1"));
        assert_eq!(read(" 4 - 5 , 63-64").as_deref(), Some("4-5,63-64"));
    }

    #[test]
    fn malformed_and_empty_ones_are_none() {
        for text in ["", "a", "3-1", "0-", "-1", "1,,2", "20000", "0-1,^0-1", "0,^0"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn sets_are_compared() {
        let set = |text| Set::parse(text).unwrap();
        assert!(set("0-1").within(&set("0-3")) && !set("0,200").within(&set("0-3")));
        assert_eq!(set("0-5").without(&set("0-3")).to_string(), "4-5");
        assert_eq!(set("0-5").shared(&set("4-9")).to_string(), "4-5");
        assert_eq!(set("0-5,100").len(), 7);
    }
}

//! Sets of numbers as libvirt writes them: `0-3,^2,8`.

use std::fmt;

/// One more than the greatest number that libvirt takes in such a set.
const LIMIT: usize = 16384;
const WORDS: usize = LIMIT / 64;

/// A set of host CPUs or NUMA nodes.
#[derive(Clone)]
pub struct Set {
    words: [u64; WORDS],
    /// Words that may hold something.
    used: usize,
}

impl Set {
    /// Nothing.
    pub fn new() -> Self {
        Self { words: [0; WORDS], used: 0 }
    }

    /// Reads a set, left to right, as libvirt does; none where the text is malformed or names nothing.
    pub fn parse(text: &str) -> Option<Self> {
        let mut set = Self::new();
        for part in text.split(',').map(str::trim) {
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
        if let Some(word) = self.words.get_mut(member / 64) {
            *word |= 1 << (member % 64);
            self.used = self.used.max(member / 64 + 1);
        }
    }

    fn remove(&mut self, member: usize) {
        if let Some(word) = self.words.get_mut(member / 64) {
            *word &= !(1 << (member % 64));
        }
    }

    /// True where it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.used_words().iter().all(|word| *word == 0)
    }

    /// True where every member of it is one of `other`.
    pub fn within(&self, other: &Self) -> bool {
        self.used_words().iter().zip(&other.words).all(|(own, others)| own & !others == 0)
    }

    /// What of it is not in `other`.
    pub fn without(&self, other: &Self) -> Self {
        self.combine(other, |own, others| own & !others)
    }

    /// What of it is in `other` as well.
    pub fn shared(&self, other: &Self) -> Self {
        self.combine(other, |own, others| own & others)
    }

    /// How many members it has.
    pub fn len(&self) -> u32 {
        self.used_words().iter().map(|word| word.count_ones()).sum()
    }

    fn used_words(&self) -> &[u64] {
        self.words.get(..self.used).unwrap_or(&[])
    }

    fn combine(&self, other: &Self, with: impl Fn(u64, u64) -> u64) -> Self {
        let mut out = self.clone();
        for (own, others) in out.words.iter_mut().zip(&other.words) {
            *own = with(*own, *others);
        }
        out
    }

    /// True where `member` is one of it.
    pub fn holds(&self, member: usize) -> bool {
        self.words.get(member / 64).is_some_and(|word| word >> (member % 64) & 1 == 1)
    }
}

impl FromIterator<u32> for Set {
    fn from_iter<T: IntoIterator<Item = u32>>(members: T) -> Self {
        let mut set = Self::new();
        members.into_iter().filter_map(|member| usize::try_from(member).ok()).for_each(|member| set.insert(member));
        set
    }
}

impl fmt::Display for Set {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = self.used * 64;
        let mut at = 0;
        let mut comma = "";
        while at < end {
            let run = (at..end).take_while(|member| self.holds(*member)).count();
            match run {
                0 => {}
                1 => write!(f, "{comma}{at}")?,
                _ => write!(f, "{comma}{at}-{}", at + run - 1)?,
            }
            if run > 0 {
                comma = ",";
            }
            at += run.max(1);
        }
        Ok(())
    }
}

fn number(text: &str) -> Option<usize> {
    text.trim().parse().ok().filter(|number| *number < LIMIT)
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

//! A set of features of a map, by their numbers.

/// Words of a set.
const WORDS: usize = 8;

/// A set of the features of one map, each by its number in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FeatureSet([u64; WORDS]);

impl FeatureSet {
    /// The most features that a map may have.
    pub const MOST: usize = WORDS * 64;

    /// Adds the feature of that number; one beyond [`MOST`](Self::MOST) is not kept.
    pub fn insert(&mut self, number: usize) {
        if let Some(word) = self.0.get_mut(number / 64) {
            *word |= 1 << (number % 64);
        }
    }

    /// Takes the feature of that number out.
    pub fn remove(&mut self, number: usize) {
        if let Some(word) = self.0.get_mut(number / 64) {
            *word &= !(1 << (number % 64));
        }
    }

    /// True where it holds the feature of that number.
    #[must_use]
    pub fn has(&self, number: usize) -> bool {
        self.0.get(number / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    /// What either holds.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        self.each(other, |a, b| a | b)
    }

    /// What both hold.
    #[must_use]
    pub fn common(self, other: Self) -> Self {
        self.each(other, |a, b| a & b)
    }

    /// What it holds and the other does not.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        self.each(other, |a, b| a & !b)
    }

    fn each(mut self, other: Self, join: impl Fn(u64, u64) -> u64) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(word, other)| *word = join(*word, other));
        self
    }

    /// True where it holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// How many it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// The numbers it holds, ascending.
    pub fn numbers(self) -> impl Iterator<Item = usize> {
        self.0.into_iter().enumerate().flat_map(|(at, word)| {
            let mut left = word;
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| left.trailing_zeros() as usize)?;
                left &= left - 1;
                Some(at * 64 + bit)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(numbers: &[usize]) -> FeatureSet {
        let mut set = FeatureSet::default();
        numbers.iter().for_each(|number| set.insert(*number));
        set
    }

    #[test]
    fn sets_join_and_part() {
        let (a, b) = (of(&[0, 63, 64, 400]), of(&[63, 65]));
        assert_eq!(a.with(b), of(&[0, 63, 64, 65, 400]));
        assert_eq!(a.common(b), of(&[63]));
        assert_eq!(a.without(b), of(&[0, 64, 400]));
        assert_eq!(a.numbers().collect::<Vec<_>>(), [0, 63, 64, 400]);
        assert_eq!((a.len(), a.has(64), a.has(65), a.is_empty()), (4, true, false, false));
    }

    #[test]
    fn what_does_not_fit_is_not_kept() {
        let mut set = of(&[FeatureSet::MOST, usize::MAX]);
        set.remove(FeatureSet::MOST);
        assert!(set.is_empty() && !set.has(FeatureSet::MOST));
    }
}

//! Whether a text is such a value, and which word it is.

use super::value::{Value, Word};
use crate::text::trimmed;

impl Value {
    /// Whether `text` is such a value.
    #[must_use]
    pub fn fits(&self, text: &str) -> bool {
        self.read(text).is_some()
    }

    /// None where `text` is no such value; else the word that it is, if it is one.
    #[must_use]
    pub fn read(&self, text: &str) -> Option<Option<&'static Word>> {
        let text = trimmed(text);
        let plain = |fits: bool| fits.then_some(None);
        match self {
            Self::Words(words) => words.iter().find(|word| word.word == text).map(Some),
            Self::Number(least, most) => plain(number(text).is_some_and(|number| (*least..=*most).contains(&number))),
            Self::Pattern(pattern) => plain((pattern.fits)(text)),
            Self::Either(values) => {
                let mut read = values.iter().filter_map(|value| value.read(text));
                let first = read.next()?;
                Some(first.or_else(|| read.find_map(|read| read)))
            }
            Self::Empty => plain(text.is_empty()),
            Self::Any => plain(true),
        }
    }

    /// Whether define without validation understands `text`, though it does not fit.
    #[must_use]
    pub fn understood(&self, text: &str) -> bool {
        match self {
            Self::Pattern(pattern) => (pattern.understood)(text.trim()),
            Self::Either(values) => values.iter().any(|value| value.understood(text)),
            // a plus before a number is nothing to libvirt, and wrong to the schema
            Self::Number(..) => text.trim().strip_prefix('+').is_some_and(|text| self.fits(text)),
            Self::Words(_) | Self::Empty | Self::Any => false,
        }
    }

    /// The word that `text` is, if it is one of these.
    #[must_use]
    pub fn word(&self, text: &str) -> Option<&'static Word> {
        self.read(text).flatten()
    }

    /// The words it may be, in order.
    pub fn words(&self) -> Box<dyn Iterator<Item = &'static Word>> {
        match self {
            Self::Words(words) => Box::new(words.iter()),
            Self::Either(values) => Box::new(values.iter().flat_map(|value| value.words())),
            Self::Number(..) | Self::Pattern(_) | Self::Empty | Self::Any => Box::new(std::iter::empty()),
        }
    }
}

fn number(text: &str) -> Option<u64> {
    let decimal = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    decimal.then(|| text.parse().ok())?
}

//! Whether a text is such a value, and which word it is.

use super::pattern::number;
use super::value::{Value, Word};
use crate::text::{Mark, trimmed};

impl Value {
    /// Whether `text` is such a value.
    #[must_use]
    pub fn fits(&self, text: &str) -> bool {
        self.read(text).is_some()
    }

    /// None where `text` is no such value; else the word that it is, if it is one.
    #[must_use]
    pub fn read(&self, text: &str) -> Option<Option<&'static Word>> {
        self.read_trimmed(trimmed(text))
    }

    /// The same of a text without white space around it.
    #[must_use]
    pub fn read_trimmed(&self, text: &str) -> Option<Option<&'static Word>> {
        let fits = match self {
            Self::Words(words) => return find(words, text).map(Some),
            Self::Number(least, most) => number(text).is_some_and(|number| (*least..=*most).contains(&number)),
            Self::Pattern(pattern) => (pattern.fits)(text),
            Self::Either(values) => return either(values, text),
            Self::Empty => text.is_empty(),
            Self::Any => true,
        };
        fits.then_some(None)
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

fn find(words: &'static [Word], text: &str) -> Option<&'static Word> {
    let mark = Mark::of(text);
    words.iter().find(|word| word.mark.is(word.word, mark, text))
}

/// A word goes before what is none.
fn either(values: &[&'static Value], text: &str) -> Option<Option<&'static Word>> {
    let mut read = None;
    for value in values {
        match value.read_trimmed(text) {
            None => {}
            Some(None) => read = Some(None),
            word => return word,
        }
    }
    read
}

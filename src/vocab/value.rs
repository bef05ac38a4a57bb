//! What an attribute or a text may say.

use crate::caps::Version;
use crate::text::trimmed;

/// What a value may be. White space around it does not count.
#[derive(Debug, Clone, Copy)]
pub enum Value {
    /// One of these words.
    Words(&'static [Word]),
    /// A whole number from the first to the second, decimal.
    Number(u64, u64),
    /// Text of a pattern.
    Pattern(Pattern),
    /// One of these.
    Either(&'static [&'static Value]),
    /// Nothing.
    Empty,
    /// Any text, an empty one included.
    Any,
}

/// A word that a value may be.
#[derive(Debug, Clone, Copy)]
pub struct Word {
    /// The word.
    pub word: &'static str,
    /// What it means, in one line; empty where it says so itself.
    pub about: &'static str,
    /// The version it came in, where that is after 0.9.0.
    pub since: Option<Version>,
}

/// A pattern of text.
#[derive(Debug, Clone, Copy)]
pub struct Pattern {
    /// What it is, in a message: `a UUID`.
    pub what: &'static str,
    /// An example of it.
    pub example: &'static str,
    /// Whether a text is one.
    pub fits: fn(&str) -> bool,
    /// Whether a text that is none is understood all the same where nothing validates.
    pub understood: fn(&str) -> bool,
}

/// A word that says what it means.
#[must_use]
pub const fn word(word: &'static str) -> Word {
    Word { word, about: "", since: None }
}

/// A word with its meaning.
#[must_use]
pub const fn means(word: &'static str, about: &'static str) -> Word {
    Word { word, about, since: None }
}

impl Word {
    /// Since that version of libvirt.
    #[must_use]
    pub const fn since(mut self, major: u16, minor: u16, micro: u16) -> Self {
        self.since = Some(Version(major, minor, micro));
        self
    }
}

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

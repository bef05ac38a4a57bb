//! What an attribute or a text may say.

use super::drivers::Drivers;
use crate::caps::Version;
use crate::text::Mark;

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
    /// That of the word.
    pub mark: Mark,
    /// The word.
    pub word: &'static str,
    /// What it means, in one line; empty where it says so itself.
    pub about: &'static str,
    /// The version it came in, where that is after 0.9.0.
    pub since: Option<Version>,
    /// The drivers that know it, of those of its attribute or element.
    pub only: Drivers,
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
    Word { mark: Mark::of(word), word, about: "", since: None, only: Drivers::ALL }
}

/// A word with its meaning.
#[must_use]
pub const fn means(word: &'static str, about: &'static str) -> Word {
    Word { mark: Mark::of(word), word, about, since: None, only: Drivers::ALL }
}

impl Word {
    /// Since that version of libvirt.
    #[must_use]
    pub const fn since(mut self, major: u16, minor: u16, micro: u16) -> Self {
        self.since = Some(Version(major, minor, micro));
        self
    }

    /// For these drivers alone.
    #[must_use]
    pub const fn only(mut self, drivers: Drivers) -> Self {
        self.only = drivers;
        self
    }
}

//! Words of a fixed set, such as codes and severities: most of what a report holds, and the same in each.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use crate::finding::Wording;

/// A text that may be such a word: then a serializer need not write it again.
#[derive(Debug, Clone, Copy)]
pub struct Word<'a> {
    text: &'a str,
    fixed: bool,
}

impl Word<'_> {
    /// The name of the newtype as which a word of a fixed set is written; its text lives as long as the program, or as the documents.
    pub const FIXED: &'static str = "Fixed";
    /// That of another text.
    pub const LOOSE: &'static str = "Loose";
}

impl<'a> Word<'a> {
    /// What it says.
    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    /// A text of one answer.
    pub(super) fn loose(text: &'a str) -> Self {
        Self { text, fixed: false }
    }

    /// A text that is kept with a document.
    pub(super) fn kept(text: &'a str) -> Self {
        Self { text, fixed: true }
    }

    /// A text of the program, or one of the answer.
    #[expect(clippy::ptr_arg, reason = "which of both it is decides")]
    pub(super) fn said(text: &'a Cow<'static, str>) -> Self {
        match text {
            Cow::Borrowed(text) => Self::from(*text),
            Cow::Owned(text) => Self::loose(text),
        }
    }

    /// A text that may be kept.
    pub(super) fn of(text: &'a Wording) -> Self {
        Self { text, fixed: matches!(text, Wording::Kept(_)) }
    }
}

impl From<&'static str> for Word<'_> {
    fn from(text: &'static str) -> Self {
        Self { text, fixed: true }
    }
}

impl Serialize for Word<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(if self.fixed { Self::FIXED } else { Self::LOOSE }, self.text)
    }
}

/// A list of words of a fixed set.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a>(pub &'a [&'static str]);

impl Serialize for Words<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(|word| Word::from(*word)))
    }
}

//! A value, and the place that says so.

use crate::text::Span;

/// A value of a document with the place that says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said<T> {
    /// The value.
    pub value: T,
    /// Where, in its document: an attribute's value without the quotes, or a text without the white space around it.
    pub span: Span,
}

impl<T> Said<T> {
    /// `value`, said at `span`.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}

/// What a document answers: what it does not state is unknown, never no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// It says yes, there.
    Yes(Span),
    /// It says no, there.
    No(Span),
    /// It says nothing.
    Unknown,
}

impl Answer {
    /// Where it says no.
    #[must_use]
    pub fn denied(self) -> Option<Span> {
        match self {
            Self::No(span) => Some(span),
            Self::Yes(_) | Self::Unknown => None,
        }
    }

    /// True where it says yes.
    #[must_use]
    pub fn is_yes(self) -> bool {
        matches!(self, Self::Yes(_))
    }
}

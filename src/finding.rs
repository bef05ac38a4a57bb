//! The words in which every room to the right speaks: a finding, how bad it is, when libvirt would speak, and how to mend it.

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;

use crate::text::{Span, sort_by_key};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// libvirt refuses, or drops what the author evidently meant.
    Error,
    /// It will probably not do what the author wants.
    Warning,
    /// Know this.
    Info,
    /// A remark that an editor may leave out.
    Hint,
}

impl Severity {
    /// Its word in reports and on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
            Self::Hint => "hint",
        }
    }

    /// The severity of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Error, Self::Warning, Self::Info, Self::Hint].into_iter().find(|severity| severity.word() == word)
    }
}

/// When libvirt itself would speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Not well-formed.
    Syntax,
    /// The schema objects, so `define --validate` refuses.
    Schema,
    /// `define` refuses.
    Define,
    /// `start` refuses or fails.
    Start,
    /// A migration is refused.
    Migrate,
    /// Accepted, then ignored or rewritten.
    Dropped,
    /// It works; know this.
    Advice,
}

impl Phase {
    /// Its word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::Schema => "schema",
            Self::Define => "define",
            Self::Start => "start",
            Self::Migrate => "migrate",
            Self::Dropped => "dropped",
            Self::Advice => "advice",
        }
    }
}

/// Whether the loaded documents decide it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Certainty {
    /// They do.
    Certain,
    /// Something that no document says may save it.
    Likely,
}

impl Certainty {
    /// Its word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Likely => "likely",
        }
    }
}

/// Another place of the domain that belongs to a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// Where, in the domain.
    pub span: Span,
    /// What is there.
    pub message: Cow<'static, str>,
}

/// Which of a workspace's documents: its place in the order of adding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DocumentId(pub usize);

/// Where a loaded document says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The document.
    pub document: DocumentId,
    /// Where, in that document.
    pub span: Span,
    /// What it says.
    pub message: Cow<'static, str>,
}

/// A replacement of one range of the domain's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEdit {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// By what, as raw XML.
    pub new_text: Wording,
}

/// A text of an answer.
#[derive(Debug, Clone, Eq)]
pub enum Wording {
    /// Made for it.
    Own(String),
    /// Kept until the documents change, as it is the same in most reports.
    Kept(Arc<str>),
}

impl Deref for Wording {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Own(text) => text,
            Self::Kept(text) => text,
        }
    }
}

impl PartialEq for Wording {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl<T: Into<String>> From<T> for Wording {
    fn from(text: T) -> Self {
        Self::Own(text.into())
    }
}

/// What a fix does to the guest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// The guest stays what it was meant to be.
    Safe,
    /// The guest sees other hardware.
    ChangesGuest,
}

impl Effect {
    /// Its word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::ChangesGuest => "changes-guest",
        }
    }
}

/// Edits of the author's text that mend a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// An imperative, such as "Use virtio".
    pub title: Cow<'static, str>,
    /// What it does to the guest.
    pub effect: Effect,
    /// Disjoint, in the order of their places.
    pub edits: Vec<TextEdit>,
}

impl Fix {
    /// By disjoint edits, whatever their order.
    #[must_use]
    pub fn new(title: impl Into<Cow<'static, str>>, effect: Effect, mut edits: Vec<TextEdit>) -> Self {
        sort_by_key(&mut edits, |edit| edit.span);
        Self { title: title.into(), effect, edits }
    }
}

/// One fault, told once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Stable, kebab case; one page each.
    pub code: &'static str,
    /// How bad.
    pub severity: Severity,
    /// When libvirt would speak.
    pub phase: Phase,
    /// Whether it is sure.
    pub certainty: Certainty,
    /// One sentence that names the values and says why.
    pub message: Cow<'static, str>,
    /// The very token at fault.
    pub span: Span,
    /// Other places of the domain.
    pub related: Vec<Related>,
    /// Places of the loaded documents.
    pub evidence: Vec<Evidence>,
    /// Ways to mend it, the best first.
    pub fixes: Vec<Fix>,
    /// The chapter of libvirt's documentation.
    pub docs: Cow<'static, str>,
}

impl Finding {
    /// True where it is about the guest's CPU: the codes of those begin so.
    #[must_use]
    pub fn is_about_cpu(&self) -> bool {
        self.code.starts_with("cpu-")
    }

    // Rules call these at hundreds of places: one copy of each keeps the module small.

    /// Adds another place of the domain.
    #[inline(never)]
    pub fn related(&mut self, span: Span, message: impl Into<Cow<'static, str>>) -> &mut Self {
        self.related.push(Related { span, message: message.into() });
        self
    }

    /// Adds the place of a loaded document that says so.
    #[inline(never)]
    pub fn evidence(&mut self, document: DocumentId, span: Span, message: impl Into<Cow<'static, str>>) -> &mut Self {
        self.evidence.push(Evidence { document, span, message: message.into() });
        self
    }

    /// Adds a way to mend it, by edits in any order.
    #[inline(never)]
    pub fn fix(&mut self, title: impl Into<Cow<'static, str>>, effect: Effect, edits: Vec<TextEdit>) -> &mut Self {
        self.fixes.push(Fix::new(title, effect, edits));
        self
    }

    /// Says that it speaks at another time than its rule does by default.
    pub fn phase(&mut self, phase: Phase) -> &mut Self {
        self.phase = phase;
        self
    }

    /// Says that it is better or worse than its rule is by default.
    pub fn severity(&mut self, severity: Severity) -> &mut Self {
        self.severity = severity;
        self
    }

    /// Says that something no document holds may save it: at most a warning.
    pub fn likely(&mut self) -> &mut Self {
        self.certainty = Certainty::Likely;
        self.severity = self.severity.max(Severity::Warning);
        self
    }
}

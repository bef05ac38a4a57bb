//! The shapes in which answers leave: JSON, a JavaScript object. Their keys are those of `types.d.ts`; a test holds them equal.

mod assist;
mod cpus;
mod hosts;
mod of;
mod word;

use serde::Serialize;

use crate::caps::{LoadError, Loaded};
use crate::finding::Finding;
use crate::text::{self, LineIndex, Span};

pub use assist::{Completion, Hover, completions};
pub use cpus::{CommonCpu, CpuComparison};
pub use hosts::Hosts;
pub use of::diagnostics;
pub use word::Word;
use word::Words;

/// A place, UTF-16.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Position {
    offset: u32,
    line: u32,
    column: u32,
}

/// A range, its end exclusive.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Range {
    start: Position,
    end: Position,
}

impl Range {
    /// The range of `span` in the text of `lines`.
    #[must_use]
    pub fn of(span: Span, lines: &LineIndex) -> Self {
        Self { start: lines.position(span.start).into(), end: lines.position(span.end).into() }
    }

    /// Line and column of its start, 1-based.
    #[must_use]
    pub fn start(&self) -> (u32, u32) {
        (self.start.line, self.start.column)
    }

    /// Line and column of its end, 1-based, exclusive.
    #[must_use]
    pub fn end(&self) -> (u32, u32) {
        (self.end.line, self.end.column)
    }
}

impl From<text::Position> for Position {
    fn from(position: text::Position) -> Self {
        // a text is at most some MiB, so that nothing is cut here
        let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Self { offset: small(position.offset), line: small(position.line), column: small(position.column) }
    }
}

/// A report.
#[derive(Debug, Serialize)]
pub struct Report<'a> {
    diagnostics: Vec<Diagnostic<'a>>,
    counts: Counts,
    skipped: Vec<Skipped<'a>>,
    documents: Vec<Document<'a>>,
    cpu: Option<Cpu<'a>>,
}

#[derive(Debug, Serialize)]
struct Counts {
    error: usize,
    warning: usize,
    info: usize,
    hint: usize,
}

/// A finding.
#[derive(Debug, Serialize)]
pub struct Diagnostic<'a> {
    code: Word<'a>,
    severity: Word<'a>,
    phase: Word<'a>,
    certainty: Word<'a>,
    message: Word<'a>,
    range: Range,
    related: Vec<Related<'a>>,
    evidence: Vec<Evidence<'a>>,
    fixes: Vec<Fix<'a>>,
    docs: Word<'a>,
}

#[derive(Debug, Serialize)]
struct Related<'a> {
    range: Range,
    message: Word<'a>,
}

#[derive(Debug, Serialize)]
struct Evidence<'a> {
    document: Word<'a>,
    range: Range,
    message: Word<'a>,
}

#[derive(Debug, Serialize)]
struct Fix<'a> {
    title: Word<'a>,
    effect: Word<'a>,
    edits: Vec<TextEdit<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TextEdit<'a> {
    range: Range,
    new_text: Word<'a>,
}

#[derive(Debug, Serialize)]
struct Skipped<'a> {
    needs: Word<'a>,
    codes: Words<'a>,
    message: Word<'a>,
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    name: Word<'a>,
    kind: Word<'a>,
    host: Word<'a>,
    used: bool,
    reason: Word<'a>,
}

#[derive(Debug, Serialize)]
struct Cpu<'a> {
    asked: Word<'a>,
    mode: Word<'a>,
    model: Option<&'a str>,
    vendor: Option<&'a str>,
    exact: bool,
    startable: Word<'a>,
    blockers: &'a [String],
    caveats: Words<'a>,
}

/// A resolved CPU with its features, trace and XML.
#[derive(Debug, Serialize)]
pub struct ResolvedCpu<'a> {
    #[serde(flatten)]
    summary: Cpu<'a>,
    features: Vec<Feature<'a>>,
    trace: &'a [String],
    xml: &'a str,
}

#[derive(Debug, Serialize)]
struct Feature<'a> {
    name: &'a str,
    policy: Option<&'static str>,
    origin: &'static str,
    running: Option<&'static str>,
    evidence: Option<Evidence<'a>>,
}

/// What adding a document answers.
#[derive(Debug, Serialize)]
pub struct Added<'a> {
    name: &'a str,
    kind: &'static str,
    host: &'a str,
    summary: String,
}

impl<'a> Added<'a> {
    /// Of the document just loaded.
    #[must_use]
    pub fn of(loaded: &'a Loaded) -> Self {
        Self { name: &loaded.name, kind: loaded.kind().word(), host: &loaded.host, summary: loaded.summary() }
    }
}

/// What could not be done.
#[derive(Debug, Serialize)]
pub struct Failure<'a> {
    code: &'a str,
    message: &'a str,
    document: Option<&'a str>,
    range: Option<Range>,
}

impl<'a> Failure<'a> {
    /// Of a document that was refused.
    #[must_use]
    pub fn document(name: &'a str, error: &'a LoadError) -> Self {
        let range = Some(Range { start: Position::from(error.start), end: Position::from(error.end) });
        Self { code: error.code, message: &error.message, document: Some(name), range }
    }

    /// Of a domain that is none.
    #[must_use]
    pub fn domain(finding: &'a Finding, text: &str) -> Self {
        let range = Some(Range::of(finding.span, &LineIndex::new(text)));
        Self { code: finding.code, message: &finding.message, document: None, range }
    }

    /// Of a question about CPUs; which of the texts is at fault, the message says.
    #[must_use]
    pub fn cpu(error: &'a crate::report::CpuError) -> Self {
        match error {
            crate::report::CpuError::Text(_, error) => Self { document: None, ..Self::document("", error) },
            crate::report::CpuError::Refused(refused, _) => Self { code: "cpu-refused", message: &refused.0, document: None, range: None },
        }
    }

    /// Of a call that makes no sense.
    #[must_use]
    pub fn usage(message: &'a str) -> Self {
        Self { code: "usage", message, document: None, range: None }
    }
}

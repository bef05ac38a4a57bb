//! Text where none belongs, told by its cause and once for each: comments without their marks, dots for what was left out, no-break
//! spaces.

use super::super::Findings;
use super::STRAY_TEXT;
use crate::edit;
use crate::finding::{Effect, Severity, TextEdit};
use crate::text::{Span, sort_by};
use crate::xml::Node;

/// What was found of it so far.
#[derive(Default)]
pub struct Stray {
    /// Texts that begin with `//`.
    comments: Vec<Span>,
    /// Texts that are `...`.
    dots: Vec<Span>,
}

impl Stray {
    /// The texts of an element that holds elements alone.
    pub fn add(&mut self, node: Node, findings: &mut Findings) {
        for span in texts(node) {
            let text = span.of(node.source());
            if text.starts_with("//") {
                self.comments.push(span);
            } else if text.starts_with("...") || text.starts_with('…') {
                self.dots.push(span);
            } else {
                findings.begin(&STRAY_TEXT);
                findings.at(first_line(span, text), format!("text has no place in `{}`", node.name()));
            }
        }
    }

    /// Tells what there was of each cause, and of no-break spaces.
    pub fn tell(self, source: &str, findings: &mut Findings) {
        let comments = |spans: &[Span]| spans.iter().flat_map(|span| commented(*span, source)).collect();
        let message = "`//` begins no comment in XML: libvirt passes over this text, the schema does not";
        group(self.comments, source, (Severity::Warning, message, "Make it a comment"), comments, findings);
        let removed = |spans: &[Span]| spans.iter().map(|span| edit::replace_raw(*span, "")).collect();
        let message = "`...` stands for what was left out: put it back, or take the dots away";
        group(self.dots, source, (Severity::Error, message, "Remove the dots"), removed, findings);
        let spaced = |spans: &[Span]| spans.iter().map(|span| edit::replace_raw(*span, " ")).collect();
        let message = "no-break spaces (U+00A0) indent: libvirt passes over them, the schema does not";
        group(no_break(source), source, (Severity::Warning, message, "Write spaces"), spaced, findings);
    }
}

/// One finding for all texts of a cause, at the first of them.
fn group(
    mut spans: Vec<Span>,
    source: &str,
    (severity, message, title): (Severity, &'static str, &'static str),
    edits: impl Fn(&[Span]) -> Vec<TextEdit>,
    findings: &mut Findings,
) {
    sort_by(&mut spans, Ord::cmp);
    let Some((first, others)) = spans.split_first() else { return };
    findings.begin(&STRAY_TEXT);
    let finding = findings.at(first_line(*first, first.of(source)), message).severity(severity);
    let same_line = |one: Span| Span::new(first.end, one.start).of(source).bytes().all(|byte| byte != b'\n');
    if let Some(second) = others.iter().find(|other| !same_line(**other)) {
        finding.related(first_line(*second, second.of(source)), format!("and {} more", others.len()));
    }
    finding.fix(title, Effect::Safe, edits(&spans));
}

/// The texts between the tags and comments of an element, without the white space around them.
fn texts(node: Node) -> Vec<Span> {
    let Some(content) = node.content_span() else { return Vec::new() };
    let mut found = Vec::new();
    let mut start = content.start;
    for end in node.elements().map(|child| child.span()).chain([Span::empty(content.end)]) {
        pieces(Span::new(start, end.start), node.source(), &mut found);
        start = end.end;
    }
    found
}

fn pieces(span: Span, source: &str, found: &mut Vec<Span>) {
    let text = span.of(source);
    let end = text.find("<!--").unwrap_or(text.len());
    let piece = text.get(..end).unwrap_or("");
    let at = span.start + piece.len() - piece.trim_start().len();
    if !piece.trim().is_empty() {
        found.push(Span::new(at, at + piece.trim().len()));
    }
    if let Some(after) = text.get(end..).and_then(|rest| rest.find("-->")) {
        pieces(Span::new(span.start + end + after + 3, span.end), source, found);
    }
}

fn first_line(span: Span, text: &str) -> Span {
    Span::new(span.start, span.start + text.lines().next().map_or(0, |line| line.trim_end().len()))
}

/// Each line of a text that begins with `//` as a comment of XML.
fn commented(span: Span, source: &str) -> Vec<TextEdit> {
    let text = span.of(source);
    let mut edits = Vec::new();
    let mut start = span.start;
    for line in text.split_inclusive('\n') {
        let said = line.trim();
        let at = start + line.len() - line.trim_start().len();
        if let Some(comment) = said.strip_prefix("//") {
            let inside = comment.trim().replace("--", "- -");
            edits.push(edit::replace_raw(Span::new(at, at + said.len()), format!("<!-- {inside} -->")));
        }
        start += line.len();
    }
    edits
}

/// The no-break spaces of indentation.
fn no_break(source: &str) -> Vec<Span> {
    if source.is_ascii() {
        return Vec::new();
    }
    let indents = |at: usize| {
        let blank = |c: char| c.is_ascii_whitespace() || c == '\u{a0}';
        let (before, after) = source.split_at_checked(at).unwrap_or_default();
        let line = before.trim_end_matches(|c| blank(c) && c != '\n');
        (line.ends_with(['\n', '>']) || line.is_empty()) && after.trim_start_matches(blank).starts_with('<')
    };
    source.match_indices('\u{a0}').map(|(at, _)| Span::new(at, at + '\u{a0}'.len_utf8())).filter(|span| indents(span.start)).collect()
}

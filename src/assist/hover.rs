//! What is known of what stands at a place.

use super::host::{Host, Offer, path};
use super::model::{Level, Model};
use super::tell;
use crate::finding::Finding;
use crate::text::Span;
use crate::vocab::{Attr, Element, Value};
use crate::xml::{Cursor, Place};

/// What is told of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// Markdown.
    pub contents: String,
    /// The token.
    pub span: Span,
}

/// What is known of the token at the place of `cursor`, then, after a rule, those of `findings` that are about it; none where nothing is.
#[must_use]
pub fn hover(cursor: &Cursor, host: &Host, findings: &[Finding]) -> Option<Hover> {
    let model = Model::new(cursor, false);
    let asked = Asked { cursor, host, model: &model };
    let mut paragraphs = Vec::new();
    let mut span = asked.token(&mut paragraphs);
    let known = paragraphs.len();
    for finding in findings.iter().filter(|finding| finding.span.start <= cursor.at && cursor.at <= finding.span.end) {
        span = span.or(Some(finding.span));
        if paragraphs.len() == known && known > 0 {
            paragraphs.push("---".to_owned());
        }
        paragraphs.push(asked.finding(finding));
    }
    let span = span.filter(|_| !paragraphs.is_empty())?;
    Some(Hover { contents: paragraphs.join("\n\n"), span })
}

struct Asked<'c, 't> {
    cursor: &'c Cursor<'t>,
    host: &'c Host<'c>,
    model: &'c Model<'c, 't>,
}

impl Asked<'_, '_> {
    /// Tells of the token, and where it is.
    fn token(&self, out: &mut Vec<String>) -> Option<Span> {
        let text = self.cursor.outline.text;
        let levels = self.model.levels(self.cursor.around.iter().copied().chain(self.cursor.own));
        match self.cursor.place {
            Place::Name { name, .. } if self.cursor.own.is_some() => self.element(&levels, name, out),
            Place::End { name, .. } => self.element(&levels, name, out),
            Place::Attribute { name, .. } if name.start < name.end => {
                self.attribute(&levels, name.of(text), out);
                (!out.is_empty()).then_some(name)
            }
            Place::Value { attr, value } if value.start < value.end => {
                let (name, level) = (attr.name.of(text), levels.last()?);
                let values: Vec<&'static Value> = self.model.parts(level).values(name).collect();
                self.value(&levels, Some(name), &values, value.of(text), out);
                self.attribute(&levels, name, out);
                (!out.is_empty()).then_some(value)
            }
            Place::Content { text: span } if span.start < span.end => {
                let level = levels.last()?;
                let values: Vec<&'static Value> = self.model.parts(level).texts().collect();
                self.value(&levels, None, &values, span.of(text), out);
                self.element(&levels, span, out)
            }
            _ => None,
        }
    }

    #[inline(never)]
    fn element(&self, levels: &[Level], span: Span, out: &mut Vec<String>) -> Option<Span> {
        let level = levels.last()?;
        let element: &'static Element = level.elements.first().copied()?;
        let mut told = format!("**`<{}>`** {}", self.cursor.outline.name(level.at), tell::element(element));
        told += &tell::sentence_against(self.host, element.since, element.only, self.model.domain_type());
        out.push(told);
        if let Some(document) = self.host.denies(&path(levels)) {
            out.push(format!("This host does not offer it, says {}.", tell::code(self.host.name(document))));
        }
        let parts = self.model.parts(level);
        let attrs = parts.required().map(|attr| attr.name);
        let needs = tell::codes(attrs.chain(parts.needed().map(|child| child.name)));
        if !needs.is_empty() {
            out.push(format!("It needs {needs}."));
        }
        let values: Vec<&'static Value> = parts.texts().collect();
        self.choice(levels, None, &values, "Its text is", out);
        out.push(tell::chapter(element));
        Some(span)
    }

    #[inline(never)]
    fn attribute(&self, levels: &[Level], name: &str, out: &mut Vec<String>) {
        let Some((level, element)) = levels.last().and_then(|level| Some((level, *level.elements.first()?))) else { return };
        let parts = self.model.parts(level);
        let known: Vec<&'static Attr> = parts.attrs().filter(|attr| attr.name == name).collect();
        let Some(first) = known.first() else { return };
        let required = if parts.required().any(|attr| attr.name == name) { " Required." } else { "" };
        let against = tell::sentence_against(self.host, first.since, first.only, self.model.domain_type());
        let of = self.cursor.outline.name(level.at);
        out.push(format!("**`{name}`** of `<{of}>`: {}{required}{against}", tell::attribute(first)));
        let values: Vec<&'static Value> = known.iter().map(|attr| attr.value).collect();
        self.choice(levels, Some(name), &values, "It is", out);
        out.push(tell::chapter(element));
    }

    /// What may be said, and what of it the host offers.
    #[inline(never)]
    fn choice(&self, levels: &[Level], attr: Option<&str>, values: &[&'static Value], what: &str, out: &mut Vec<String>) {
        let allowed = tell::allowed(values);
        if !allowed.is_empty() {
            out.push(format!("{what} {allowed}."));
        }
        let offers = self.offers(levels, attr, values);
        let offered: Vec<&Offer> = offers.iter().filter(|offer| offer.offered == Some(true)).collect();
        if let Some(first) = offered.first() {
            const MOST: usize = 12;
            let more = offered.len().saturating_sub(MOST);
            let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
            let words = tell::codes(offered.iter().take(MOST).map(|offer| offer.value));
            out.push(format!("This host offers {words}{rest}, says {}.", tell::code(self.host.name(first.document))));
        }
    }

    #[inline(never)]
    fn offers(&self, levels: &[Level], attr: Option<&str>, values: &[&'static Value]) -> Vec<Offer<'_>> {
        let words: Vec<&'static str> = values.iter().flat_map(|value| value.words()).map(|word| word.word).collect();
        self.host.offers(&path(levels), attr, &words)
    }

    /// What a value means, and whether the host offers it.
    #[inline(never)]
    fn value(&self, levels: &[Level], attr: Option<&str>, values: &[&'static Value], written: &str, out: &mut Vec<String>) {
        let written = written.trim();
        let word = values.iter().find_map(|value| value.word(written));
        let mut told = word.map(|word| tell::sentence(word.about)).unwrap_or_default();
        if let Some(word) = word {
            tell::since(&mut told, word.since);
            tell::only(&mut told, word.only);
            told += &tell::sentence_against(self.host, word.since, word.only, self.model.domain_type());
        }
        let offers = self.offers(levels, attr, values);
        if let Some(offer) = offers.iter().find(|offer| offer.value == written) {
            let verdict = match offer.offered {
                Some(true) => "This host offers it",
                Some(false) => "This host does not offer it",
                None => "This host knows it",
            };
            let note = if offer.note.is_empty() { String::new() } else { format!(": {}", offer.note) };
            let gap = if told.is_empty() { "" } else { " " };
            told += &format!("{gap}{verdict}{note}, says {}.", tell::code(self.host.name(offer.document)));
        }
        if !told.is_empty() {
            out.push(format!("**{}** {told}", tell::code(written)));
        }
    }

    #[inline(never)]
    fn finding(&self, finding: &Finding) -> String {
        let mut out = format!("**{}**: {} ({})", finding.severity.word(), finding.message, tell::code(finding.code));
        for evidence in &finding.evidence {
            out += &format!("\n\n{}: {}", tell::code(self.host.name(evidence.document)), evidence.message);
        }
        out
    }
}

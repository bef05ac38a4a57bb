//! What is put in: an element with its required parts, an attribute with a place for its value.

use super::host::Host;
use super::model::Model;
use crate::text::Span;
use crate::vocab::{Attr, Body, By, Child, Element, Value};
use crate::xml::push_escaped;

/// How deep required parts are written.
const DEPTH: usize = 5;

/// How the text around is written.
#[derive(Debug, Clone)]
pub struct Style<'t> {
    /// The white space before the line.
    pub indent: &'t str,
    /// What a level is indented by.
    pub unit: &'t str,
    /// What ends a line.
    pub line_end: &'static str,
    /// What stands around a value.
    pub quote: char,
}

impl<'t> Style<'t> {
    /// That of `text` at the byte `at`.
    #[inline(never)]
    pub fn of(model: &Model<'_, 't>, text: &'t str, at: usize) -> Self {
        let line = |at: usize| {
            let before = text.get(..at).unwrap_or("");
            let start = before.rfind('\n').map_or(0, |at| at + 1);
            let line = before.get(start..).unwrap_or("");
            line.get(..line.len() - line.trim_start().len()).unwrap_or("")
        };
        let depth = |at: Option<usize>| at.and_then(|at| model.outline().get(at)).map_or("", |element| line(element.tag.start));
        let child = model.outline().get(0).and_then(|_| model.outline().children(0).next());
        let unit = depth(child).strip_prefix(depth(Some(0))).filter(|unit| !unit.is_empty()).unwrap_or("  ");
        let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let quote = if text.bytes().find(|byte| matches!(byte, b'\'' | b'"')) == Some(b'"') { '"' } else { '\'' };
        Self { indent: line(at), unit, line_end, quote }
    }
}

/// A text to put in, and the places in it that are to be filled.
#[derive(Debug)]
pub struct Snippet<'s, 't> {
    /// The text.
    pub text: String,
    /// The places, in bytes of the text, in order.
    pub stops: Vec<Span>,
    host: &'s Host<'s>,
    style: &'s Style<'t>,
}

/// What an element must have.
#[derive(Default)]
struct Must {
    attrs: Vec<(&'static Attr, &'static str)>,
    children: Vec<&'static Element>,
    text: bool,
    /// Whether it may have attributes, children.
    bears: bool,
    holds: bool,
}

impl<'s, 't> Snippet<'s, 't> {
    /// An empty one.
    pub fn new(host: &'s Host<'s>, style: &'s Style<'t>) -> Self {
        Self { text: String::new(), stops: Vec::new(), host, style }
    }

    /// Adds an element without its `<`: its name as it is written, with what stands before its attributes, and its required parts.
    /// `around` is the path of the element around it.
    pub fn element(&mut self, element: &'static Element, name: &str, declared: &str, around: &str) {
        self.element_at(element, name, declared, around, 0);
    }

    #[inline(never)]
    fn element_at(&mut self, element: &'static Element, name: &str, declared: &str, around: &str, depth: usize) {
        let path = if around.is_empty() { element.name.to_owned() } else { format!("{around}/{}", element.name) };
        let mut must = Must::default();
        self.require(&element.body, &path, &mut must);
        self.text += name;
        self.text += declared;
        for (attr, word) in &must.attrs {
            self.text.push(' ');
            self.attribute(attr.name, word);
        }
        if depth < DEPTH && !must.children.is_empty() {
            self.text.push('>');
            let prefix = name.split_once(':').map_or(String::new(), |(prefix, _)| format!("{prefix}:"));
            for child in &must.children {
                self.line(depth + 1);
                self.text.push('<');
                let name = format!("{}{}", if child.namespace.is_some() { prefix.as_str() } else { "" }, child.name);
                self.element_at(child, &name, "", &path, depth + 1);
            }
            self.line(depth);
        } else if must.text {
            self.text.push('>');
            self.stop();
        } else if must.holds && !must.bears {
            self.text.push('>');
            self.line(depth + 1);
            self.stop();
            self.line(depth);
        } else {
            self.text += "/>";
            return;
        }
        self.text += "</";
        self.text += name;
        self.text.push('>');
    }

    /// Adds an attribute whose value is `word`, to be written over; an empty one is to be filled.
    #[inline(never)]
    pub fn attribute(&mut self, name: &str, word: &str) {
        self.text += name;
        self.text.push('=');
        self.quoted(word);
    }

    /// Adds a value in quotes, to be written over.
    #[inline(never)]
    pub fn quoted(&mut self, word: &str) {
        self.text.push(self.style.quote);
        let start = self.text.len();
        push_escaped(&mut self.text, word);
        self.stops.push(Span::new(start, self.text.len()));
        self.text.push(self.style.quote);
    }

    fn stop(&mut self) {
        self.stops.push(Span::empty(self.text.len()));
    }

    #[inline(never)]
    fn line(&mut self, depth: usize) {
        self.text += self.style.line_end;
        self.text += self.style.indent;
        for _ in 0..depth {
            self.text += self.style.unit;
        }
    }

    /// Gathers what a body requires, its discriminators set to the first word that the host has.
    #[inline(never)]
    fn require(&self, body: &'static Body, path: &str, must: &mut Must) {
        for attr in body.attrs.iter().filter(|attr| attr.required) {
            if !must.attrs.iter().any(|(known, _)| known.name == attr.name) {
                must.attrs.push((attr, self.word(path, attr)));
            }
        }
        let needed = |child: &&Child| child.least > 0;
        must.children.extend(body.children.iter().filter(needed).map(Child::element));
        must.bears |= !body.attrs.is_empty();
        must.holds |= !body.children.is_empty() || body.open;
        must.text |= body.text.is_some_and(|text| !matches!(text, Value::Empty));
        for shared in body.also {
            self.require(shared, path, must);
        }
        for variant in body.variants {
            let said = match variant.by {
                By::Attr(name) => must.attrs.iter().find(|(attr, _)| attr.name == name).map(|(_, word)| *word),
                By::ChildText(_) | By::Text => None,
            };
            let case = said.and_then(|said| variant.case(said));
            self.require(case.map_or(variant.absent, |case| &case.body), path, must);
        }
        // of several forms the one that asks for least
        if let Some(form) = body.forms.iter().min_by_key(|form| least(form)) {
            self.require(form, path, must);
        }
    }

    /// The first word of an attribute that the host offers, else the first that it does not deny; empty where it has no words.
    #[inline(never)]
    pub fn word(&self, path: &str, attr: &Attr) -> &'static str {
        let words: Vec<&'static str> = attr.value.words().map(|word| word.word).collect();
        if words.len() < 2 {
            return words.first().copied().unwrap_or("");
        }
        let offers = self.host.offers(path, Some(attr.name), &words);
        let said = |word: &str| offers.iter().find(|offer| offer.value == word).and_then(|offer| offer.offered);
        let best = words.iter().find(|word| said(word) == Some(true)).or_else(|| words.iter().find(|word| said(word).is_none()));
        best.or(words.first()).copied().unwrap_or("")
    }
}

/// How much a form asks for.
fn least(form: &Body) -> usize {
    form.attrs.iter().filter(|attr| attr.required).count() + form.children.iter().filter(|child| child.least > 0).count()
}

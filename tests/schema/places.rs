//! Where what may stand: every element, attribute and word, by its path.

use std::collections::{BTreeMap, HashSet};

use virtlens::caps::Version;
use virtlens::vocab::{Body, Element, Value, domain, further};

use super::grammar::{Grammar, Pattern};

/// Places by path, `domain/cpu/@mode=custom`; for those of the vocabulary the version that it names.
pub type Places = BTreeMap<String, Option<Version>>;

/// Those of a schema.
pub fn of_schema(grammar: &Grammar) -> Places {
    let mut walk = Schema { grammar, places: Places::new(), around: HashSet::new() };
    walk.enter(grammar.start(), "");
    walk.places
}

struct Schema<'a> {
    grammar: &'a Grammar,
    places: Places,
    /// The elements and references that are entered: a schema refers to itself.
    around: HashSet<*const Pattern>,
}

impl<'a> Schema<'a> {
    fn enter(&mut self, pattern: &'a Pattern, path: &str) {
        match pattern {
            Pattern::Group(parts) | Pattern::Interleave(parts) | Pattern::Choice(parts) => {
                parts.iter().for_each(|part| self.enter(part, path));
            }
            Pattern::Optional(part) | Pattern::ZeroOrMore(part) | Pattern::OneOrMore(part) => self.enter(part, path),
            Pattern::Ref(name) => self.once(self.grammar.define(name), path),
            Pattern::Element(Some(name), _, content) => {
                let path = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
                self.places.insert(path.clone(), None);
                self.once(content, &path);
            }
            Pattern::Attribute(Some(name), content) => {
                let path = format!("{path}/@{name}");
                self.places.insert(path.clone(), None);
                self.enter(content, &path);
            }
            Pattern::Value(word) => drop(self.places.insert(format!("{path}={word}"), None)),
            _ => {}
        }
    }

    fn once(&mut self, pattern: &'a Pattern, path: &str) {
        if self.around.insert(pattern) {
            self.enter(pattern, path);
            self.around.remove(&std::ptr::from_ref(pattern));
        }
    }
}

/// Those of the vocabulary.
pub fn of_vocabulary() -> Places {
    let mut places = Places::new();
    element(domain(), "", None, &mut Vec::new(), &mut places);
    places
}

fn element(element: &'static Element, above: &str, since: Option<Version>, around: &mut Vec<*const Element>, places: &mut Places) {
    let path = if above.is_empty() { element.name.to_owned() } else { format!("{above}/{}", element.name) };
    let since = later(since, element.since);
    note(places, path.clone(), since);
    // as deep as the schema is followed
    if !around.contains(&std::ptr::from_ref(element)) {
        around.push(element);
        body(&element.body, &path, since, around, places);
        around.pop();
    }
}

fn body(part: &'static Body, path: &str, since: Option<Version>, around: &mut Vec<*const Element>, places: &mut Places) {
    let since = later(since, part.since);
    for attr in part.attrs {
        let (path, since) = (format!("{path}/@{}", attr.name), later(since, attr.since));
        note(places, path.clone(), since);
        value(attr.value, &path, since, places);
    }
    part.text.into_iter().for_each(|text| value(text, path, since, places));
    part.children.iter().for_each(|child| element(child.element(), path, since, around, places));
    further(part).for_each(|further| body(further, path, since, around, places));
}

fn value(known: &'static Value, path: &str, since: Option<Version>, places: &mut Places) {
    known.words().for_each(|word| note(places, format!("{path}={}", word.word), later(since, word.since)));
}

/// What stands in something new is as new, at least.
fn later(one: Option<Version>, other: Option<Version>) -> Option<Version> {
    one.max(other)
}

/// Of several that share a path the oldest counts.
fn note(places: &mut Places, path: String, since: Option<Version>) {
    let known = places.entry(path).or_insert(since);
    *known = (*known).min(since);
}

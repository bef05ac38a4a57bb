//! Writes the tables down, in the form that `record` tells.

use std::collections::HashMap;

use super::caps::Version;
use super::drivers::Drivers;
use super::pattern;
use super::record::{self, END};
use super::tables::notation::{Attr, Body, Case, Child, Element, Variant};
use super::terms::{By, MANY};
use super::value::{Value, Word};

/// What is written of the tables, or why they cannot be.
pub fn text(domain: &'static Element) -> Result<String, String> {
    let mut lists = Lists { elements: vec![domain], parents: vec![Vec::new()], ..Lists::default() };
    let mut records = Vec::new();
    while let Some(element) = lists.elements.get(records.len()).copied() {
        let mut record = Record { own: records.len(), lists: &mut lists, out: String::new(), first: None };
        record.element(element).map_err(|fault| format!("`{}` of {}: {fault}", element.name, element.chapter))?;
        records.push(record.out);
    }
    let Lists { versions, chapters, values, parents, .. } = lists;
    let mut out = String::new();
    number(&mut out, versions.len())?;
    for part in versions.iter().flat_map(|version| [version.0, version.1, version.2]) {
        number(&mut out, part.into())?;
    }
    number(&mut out, chapters.len())?;
    chapters.iter().try_for_each(|chapter| line(&mut out, chapter))?;
    for records in [&values, &records] {
        number(&mut out, records.len())?;
        records.iter().try_for_each(|record| number(&mut out, record.len()))?;
    }
    out.extend(values);
    out.extend(records);
    let mut before = 0;
    for (first, others) in parents.iter().filter_map(|parents| parents.split_first()) {
        number(&mut out, others.len())?;
        number(&mut out, first - before)?;
        others.iter().try_for_each(|other| number(&mut out, *other))?;
        before = *first;
    }
    Ok(out)
}

fn number(out: &mut String, number: usize) -> Result<(), String> {
    out.push(u32::try_from(number).ok().and_then(char::from_u32).ok_or_else(|| format!("no character has the number {number}"))?);
    Ok(())
}

fn line(out: &mut String, text: &str) -> Result<(), String> {
    if text.contains(END) {
        return Err(format!("{text:?} is more than a line"));
    }
    out.push_str(text);
    out.push(END);
    Ok(())
}

/// The place of `one` in a list, which it is put into where it is not there.
fn place<T: PartialEq>(list: &mut Vec<T>, one: T) -> usize {
    let known = list.iter().position(|other| *other == one);
    known.unwrap_or_else(|| {
        list.push(one);
        list.len() - 1
    })
}

/// The sum of those bits that hold.
fn bits<const N: usize>(all: [(usize, bool); N]) -> usize {
    all.into_iter().filter(|(_, holds)| *holds).map(|(bit, _)| bit).sum()
}

/// What records name by its place.
#[derive(Default)]
struct Lists {
    versions: Vec<Version>,
    chapters: Vec<&'static str>,
    /// Records.
    values: Vec<String>,
    /// In the order in which their records are to be written.
    elements: Vec<&'static Element>,
    /// For each of these the places of those that may hold it.
    parents: Vec<Vec<usize>>,
    /// By their addresses.
    places: HashMap<*const Element, usize>,
}

/// One that is being written.
struct Record<'a> {
    /// The place of the element.
    own: usize,
    lists: &'a mut Lists,
    out: String,
    /// The place of the first element that is named here first.
    first: Option<usize>,
}

impl Record<'_> {
    fn number(&mut self, of: usize) -> Result<(), String> {
        number(&mut self.out, of)
    }

    fn line(&mut self, text: &str) -> Result<(), String> {
        line(&mut self.out, text)
    }

    fn list<T>(&mut self, list: &'static [T], one: impl Fn(&mut Self, &'static T) -> Result<(), String>) -> Result<(), String> {
        self.number(list.len())?;
        list.iter().try_for_each(|each| one(self, each))
    }

    fn words(&mut self, words: &'static [&'static str]) -> Result<(), String> {
        self.list(words, |record, word| record.line(word))
    }

    fn since(&mut self, since: Option<Version>) -> Result<(), String> {
        since.map_or(Ok(()), |since| {
            let place = place(&mut self.lists.versions, since);
            self.number(place)
        })
    }

    fn only(&mut self, only: Drivers) -> Result<(), String> {
        if only == Drivers::ALL { Ok(()) } else { self.number(only.bits()) }
    }

    fn element(&mut self, element: &'static Element) -> Result<(), String> {
        // what it holds is written first, since its head says whether any child is new
        self.body(&element.body)?;
        let body = std::mem::take(&mut self.out);
        self.number(bits([
            (record::element::SINCE, element.since.is_some()),
            (record::element::NAMESPACE, element.namespace.is_some()),
            (record::element::FIRST, self.first.is_some()),
            (record::element::ONLY, element.only != Drivers::ALL),
        ]))?;
        self.line(element.name)?;
        self.line(element.about)?;
        let chapter = place(&mut self.lists.chapters, element.chapter);
        self.number(chapter)?;
        self.since(element.since)?;
        self.only(element.only)?;
        element.namespace.map_or(Ok(()), |namespace| self.line(namespace))?;
        self.first.map_or(Ok(()), |first| self.number(first))?;
        self.out.push_str(&body);
        Ok(())
    }

    fn body(&mut self, body: &'static Body) -> Result<(), String> {
        self.number(bits([
            (record::body::ATTRS, !body.attrs.is_empty()),
            (record::body::CHILDREN, !body.children.is_empty()),
            (record::body::TEXT, body.text.is_some()),
            (record::body::VARIANTS, !body.variants.is_empty()),
            (record::body::FORMS, !body.forms.is_empty()),
            (record::body::ALSO, !body.also.is_empty()),
            (record::body::SINCE, body.since.is_some()),
            (record::body::OPEN, body.open),
        ]))?;
        if !body.attrs.is_empty() {
            self.list(body.attrs, Self::attr)?;
        }
        if !body.children.is_empty() {
            self.list(body.children, Self::child)?;
        }
        body.text.map_or(Ok(()), |text| self.value(text))?;
        if !body.variants.is_empty() {
            self.list(body.variants, Self::variant)?;
        }
        if !body.forms.is_empty() {
            self.list(body.forms, Self::body)?;
        }
        if !body.also.is_empty() {
            self.list(body.also, |record, shared| record.body(shared))?;
        }
        self.since(body.since)
    }

    fn attr(&mut self, attr: &'static Attr) -> Result<(), String> {
        self.number(bits([
            (record::attr::REQUIRED, attr.required),
            (record::attr::SINCE, attr.since.is_some()),
            (record::attr::ONLY, attr.only != Drivers::ALL),
        ]))?;
        self.line(attr.name)?;
        self.value(attr.value)?;
        self.line(attr.about)?;
        self.since(attr.since)?;
        self.only(attr.only)
    }

    fn child(&mut self, child: &'static Child) -> Result<(), String> {
        let in_full = child.least > 1 || !matches!(child.most, 1 | MANY);
        let next = self.lists.elements.len();
        let known = self.lists.places.get(&std::ptr::from_ref(child.element)).copied();
        self.number(bits([
            (record::child::NEEDED, child.least == 1),
            (record::child::MANY, child.most == MANY),
            (record::child::KNOWN, known.is_some()),
            (record::child::TIMES, in_full),
        ]))?;
        if in_full {
            self.number(child.least.into())?;
            self.number(child.most.into())?;
        }
        if let Some(place) = known {
            let parents = self.lists.parents.get_mut(place).filter(|parents| !parents.contains(&self.own));
            parents.into_iter().for_each(|parents| parents.push(self.own));
            return self.number(place);
        }
        self.lists.elements.push(child.element);
        self.lists.parents.push(vec![self.own]);
        self.lists.places.insert(child.element, next);
        self.first.get_or_insert(next);
        Ok(())
    }

    fn variant(&mut self, variant: &'static Variant) -> Result<(), String> {
        let (kind, name) = match variant.by {
            By::Attr(name) => (record::by::ATTR, Some(name)),
            By::ChildText(child) => (record::by::CHILD_TEXT, Some(child)),
            By::Text => (record::by::TEXT, None),
        };
        self.number(kind)?;
        name.map_or(Ok(()), |name| self.line(name))?;
        self.list(variant.cases, Self::case)?;
        self.body(variant.absent)
    }

    fn case(&mut self, case: &'static Case) -> Result<(), String> {
        self.words(case.when)?;
        self.body(&case.body)
    }

    /// The place of a value; those that say the same are one.
    fn value(&mut self, value: &'static Value) -> Result<(), String> {
        let known = pattern::LIST.iter().position(|known| std::ptr::eq(*known, value));
        let place = match known {
            Some(place) => place,
            None => {
                let outer = std::mem::take(&mut self.out);
                self.what(value)?;
                let record = std::mem::replace(&mut self.out, outer);
                pattern::LIST.len() + place(&mut self.lists.values, record)
            }
        };
        self.number(place)
    }

    fn what(&mut self, value: &'static Value) -> Result<(), String> {
        match value {
            Value::Words(words) => {
                self.number(record::value::WORDS)?;
                self.list(words, Self::word)
            }
            Value::Number(least, most) => {
                self.number(record::value::NUMBER)?;
                self.line(&least.to_string())?;
                self.line(&most.to_string())
            }
            Value::Pattern(pattern) => Err(format!("the pattern of {} is not in `pattern::LIST`", pattern.what)),
            Value::Either(values) => {
                self.number(record::value::EITHER)?;
                self.list(values, |record, value| record.value(value))
            }
            Value::Empty => self.number(record::value::EMPTY),
            Value::Any => self.number(record::value::ANY),
        }
    }

    fn word(&mut self, word: &'static Word) -> Result<(), String> {
        self.number(bits([
            (record::word::ABOUT, !word.about.is_empty()),
            (record::word::SINCE, word.since.is_some()),
            (record::word::ONLY, word.only != Drivers::ALL),
        ]))?;
        self.line(word.word)?;
        if !word.about.is_empty() {
            self.line(word.about)?;
        }
        self.since(word.since)?;
        self.only(word.only)
    }
}

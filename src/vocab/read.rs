//! Takes the text of the tables apart as it is asked: an element when it is met first, into what then stays for good. `record` tells
//! the form. A text that is broken, which a build does not write, gives empty elements.

use std::sync::OnceLock;

use super::record::{self, END};
use super::{Attr, Body, By, Case, Child, Drivers, EMPTY, Element, MANY, Needs, Said, Value, Variant, Word, pattern};
use crate::caps::Version;
use crate::text::{Mark, index};

const TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/vocabulary.txt"));

/// An element of the tables, which is read when it is asked for.
pub struct Entry {
    record: &'static str,
    read: OnceLock<&'static Element>,
}

static NOTHING: Entry = Entry::new("");

impl Entry {
    const fn new(record: &'static str) -> Self {
        Self { record, read: OnceLock::new() }
    }

    /// The one at that place; that of the domain is the first.
    pub fn at(place: usize) -> &'static Self {
        tables().elements.get(place).unwrap_or(&NOTHING)
    }

    /// The element.
    #[inline]
    pub fn element(&self) -> &'static Element {
        self.read.get_or_init(|| Box::leak(Box::new(Reader::new(self.record).element())))
    }

    /// Its mark and its name, for which nothing else of it is read.
    pub fn name(&self) -> (Mark, &'static str) {
        let mut reader = Reader::new(self.record);
        let (has, name) = (reader.number(), reader.text());
        (if has & record::element::NAMESPACE == 0 { Mark::of(name) } else { Mark::NONE }, name)
    }
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name().1)
    }
}

/// A value of the tables, which is read when it is asked for.
struct Held {
    record: &'static str,
    read: OnceLock<Value>,
}

/// What records name by its place.
struct Tables {
    versions: Vec<Version>,
    chapters: Vec<&'static str>,
    values: Vec<Held>,
    elements: Vec<Entry>,
    parents: &'static str,
}

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    TABLES.get_or_init(|| {
        let mut reader = Reader::new(TEXT);
        let versions = reader.all(|reader| Version(reader.small(), reader.small(), reader.small()));
        let chapters = reader.all(Reader::text);
        let (values, elements) = (reader.all(Reader::number), reader.all(Reader::number));
        let values = values.into_iter().map(|length| Held { record: reader.piece(length), read: OnceLock::new() }).collect();
        let elements = elements.into_iter().map(|length| Entry::new(reader.piece(length))).collect();
        Tables { versions, chapters, values, elements, parents: reader.left }
    })
}

/// Hands every element over with each that may hold it.
pub fn held(mut each: impl FnMut(&'static Entry, &'static Entry)) {
    let mut reader = Reader::new(tables().parents);
    let mut first = 0;
    for element in tables().elements.iter().skip(1) {
        let others = reader.number();
        first += reader.number();
        each(element, Entry::at(first));
        (0..others).for_each(|_| each(element, Entry::at(reader.number())));
    }
}

/// The value at that place: patterns come first.
fn value(place: usize) -> &'static Value {
    let held = match place.checked_sub(pattern::LIST.len()) {
        None => return pattern::LIST.get(place).copied().unwrap_or(&Value::Any),
        Some(place) => tables().values.get(place),
    };
    held.map_or(&Value::Any, |held| held.read.get_or_init(|| Reader::new(held.record).value()))
}

/// Reads one record.
struct Reader {
    left: &'static str,
    /// The place of the next element that no record before this one names.
    next: usize,
}

impl Reader {
    fn new(left: &'static str) -> Self {
        Self { left, next: 0 }
    }

    fn number(&mut self) -> usize {
        let mut left = self.left.chars();
        let number = left.next().map_or(0, |c| c as usize);
        self.left = left.as_str();
        number
    }

    fn small(&mut self) -> u16 {
        u16::try_from(self.number()).unwrap_or(0)
    }

    fn text(&mut self) -> &'static str {
        let (text, left) = self.left.split_once(END).unwrap_or_default();
        self.left = left;
        text
    }

    fn piece(&mut self, length: usize) -> &'static str {
        let (piece, left) = self.left.split_at_checked(length).unwrap_or_default();
        self.left = left;
        piece
    }

    fn all<T>(&mut self, mut one: impl FnMut(&mut Self) -> T) -> Vec<T> {
        (0..self.number()).map(|_| one(self)).collect()
    }

    fn list<T>(&mut self, one: impl FnMut(&mut Self) -> T) -> &'static [T] {
        self.all(one).leak()
    }

    fn only(&mut self, there: bool) -> Drivers {
        if there { Drivers::of_bits(self.number()) } else { Drivers::ALL }
    }

    fn since(&mut self, there: bool) -> Option<Version> {
        there.then(|| self.number()).and_then(|place| tables().versions.get(place)).copied()
    }

    fn element(&mut self) -> Element {
        let has = self.number();
        let (name, about, chapter) = (self.text(), self.text(), self.number());
        let since = self.since(has & record::element::SINCE > 0);
        let only = self.only(has & record::element::ONLY > 0);
        let namespace = (has & record::element::NAMESPACE > 0).then(|| self.text());
        if has & record::element::FIRST > 0 {
            self.next = self.number();
        }
        let mark = if namespace.is_none() { Mark::of(name) } else { Mark::NONE };
        let chapter = tables().chapters.get(chapter).copied().unwrap_or("");
        Element { mark, name, namespace, about, since, only, chapter, body: self.body() }
    }

    fn body(&mut self) -> Body {
        let has = self.number();
        let mut body = EMPTY;
        if has & record::body::ATTRS > 0 {
            body.attrs = self.list(Self::attr);
        }
        if has & record::body::CHILDREN > 0 {
            body.children = self.list(Self::child);
            body.index = index(body.children.iter().map(|child| child.mark)).leak();
        }
        if has & record::body::TEXT > 0 {
            body.text = Some(value(self.number()));
        }
        if has & record::body::VARIANTS > 0 {
            body.variants = self.list(Self::variant);
        }
        if has & record::body::FORMS > 0 {
            body.forms = self.list(Self::body);
        }
        if has & record::body::ALSO > 0 {
            body.also = self.list(Self::shared);
        }
        body.since = self.since(has & record::body::SINCE > 0);
        body.open = has & record::body::OPEN > 0;
        body.needs = Needs { attrs: places(body.attrs, |attr| attr.required), children: places(body.children, |child| child.least > 0) };
        body
    }

    fn shared(&mut self) -> &'static Body {
        Box::leak(Box::new(self.body()))
    }

    fn attr(&mut self) -> Attr {
        let has = self.number();
        let (name, place, about) = (self.text(), self.number(), self.text());
        let since = self.since(has & record::attr::SINCE > 0);
        let only = self.only(has & record::attr::ONLY > 0);
        Attr { mark: Mark::of(name), name, value: value(place), required: has & record::attr::REQUIRED > 0, about, since, only }
    }

    fn child(&mut self) -> Child {
        let has = self.number();
        let (mut least, mut most) = (u8::from(has & record::child::NEEDED > 0), if has & record::child::MANY > 0 { MANY } else { 1 });
        if has & record::child::TIMES > 0 {
            [least, most] = [self.number(), self.number()].map(|times| u8::try_from(times).unwrap_or(MANY));
        }
        let place = if has & record::child::KNOWN > 0 {
            self.number()
        } else {
            self.next += 1;
            self.next - 1
        };
        let entry = Entry::at(place);
        let (mark, name) = entry.name();
        Child { mark, name, entry, least, most }
    }

    fn variant(&mut self) -> Variant {
        let by = match self.number() {
            record::by::ATTR => By::Attr(self.text()),
            record::by::CHILD_TEXT => By::ChildText(self.text()),
            record::by::TEXT.. => By::Text,
        };
        let cases = self.list(Self::case);
        let said = |(case, one): (usize, &Case)| one.when.iter().map(move |value| Said { mark: Mark::of(value), value, case });
        let said: Vec<_> = cases.iter().enumerate().flat_map(said).collect();
        Variant { by, mark: by.mark(), cases, said: said.leak(), absent: self.shared() }
    }

    fn case(&mut self) -> Case {
        Case { when: self.list(Self::text), body: self.body() }
    }

    fn value(&mut self) -> Value {
        match self.number() {
            record::value::WORDS => Value::Words(self.list(Self::word)),
            record::value::NUMBER => {
                let [least, most] = [self.text(), self.text()].map(|number| number.parse().unwrap_or(0));
                Value::Number(least, most)
            }
            record::value::EITHER => Value::Either(self.list(|reader| value(reader.number()))),
            record::value::EMPTY => Value::Empty,
            record::value::ANY.. => Value::Any,
        }
    }

    fn word(&mut self) -> Word {
        let has = self.number();
        let word = self.text();
        let about = if has & record::word::ABOUT > 0 { self.text() } else { "" };
        let since = self.since(has & record::word::SINCE > 0);
        Word { mark: Mark::of(word), word, about, since, only: self.only(has & record::word::ONLY > 0) }
    }
}

/// A bit for the place of each that is needed; the build has lists of no more than 64.
fn places<T>(list: &[T], needed: impl Fn(&T) -> bool) -> u64 {
    list.iter().take(64).enumerate().fold(0, |bits, (place, one)| bits | u64::from(needed(one)) << place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_that_breaks_off_gives_what_it_has() {
        for entry in &tables().elements {
            for (at, _) in entry.record.char_indices().step_by(23) {
                let broken = Reader::new(entry.record.get(..at).unwrap_or_default()).element();
                assert!(entry.element().name.starts_with(broken.name), "{at} of {entry:?}");
            }
        }
        assert!(Entry::at(usize::MAX).element().body.attrs.is_empty());
    }
}

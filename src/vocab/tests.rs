//! What is read is what was written.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::tables::{self, notation};
use super::{Attr, Body, Child, Drivers, Element, Value, Variant, Word, domain, further, parents_of};

#[derive(Default)]
struct Compared {
    /// The elements read, by the addresses of those written, and the other way round.
    elements: HashMap<*const notation::Element, *const Element>,
    written: HashMap<*const Element, *const notation::Element>,
    left: Vec<(&'static notation::Element, &'static Element)>,
    attrs: usize,
}

#[test]
fn all_that_is_read_is_what_the_tables_say() {
    let mut compared = Compared::default();
    compared.element(&tables::DOMAIN, domain());
    while let Some((written, read)) = compared.left.pop() {
        assert_eq!(
            (written.mark, written.name, written.namespace, written.about, written.since, written.only, written.chapter),
            (read.mark, read.name, read.namespace, read.about, read.since, read.only, read.chapter)
        );
        compared.body(&written.body, &read.body);
    }
    assert!(compared.elements.len() > 500 && compared.attrs > 1000, "{} elements, {} attributes", compared.elements.len(), compared.attrs);
}

#[test]
fn every_element_names_those_that_may_hold_it() {
    fn enter(element: &'static Element, body: &'static Body, held: &mut BTreeMap<&str, BTreeSet<&str>>, left: &mut Vec<&'static Element>) {
        for child in body.children.iter().map(Child::element) {
            held.entry(child.name).or_default().extend(child.namespace.is_none().then_some(element.name));
            left.push(child);
        }
        further(body).for_each(|further| enter(element, further, held, left));
    }
    let (mut held, mut left, mut seen) = (BTreeMap::new(), vec![domain()], BTreeSet::new());
    while let Some(element) = left.pop() {
        if seen.insert(std::ptr::from_ref(element)) {
            enter(element, &element.body, &mut held, &mut left);
        }
    }
    assert!(held.len() > 300, "{}", held.len());
    held.into_iter().for_each(|(name, parents)| assert!(parents_of(name).eq(parents), "{name}"));
    assert_eq!(parents_of("gadget").next(), None);
}

#[test]
fn every_driver_has_something_that_few_others_have() {
    fn enter(body: &'static Body, only: &mut Vec<Drivers>, left: &mut Vec<&'static Element>) {
        let words = body.attrs.iter().map(|attr| attr.value).chain(body.text).flat_map(Value::words);
        only.extend(body.attrs.iter().map(|attr| attr.only).chain(words.map(|word| word.only)));
        left.extend(body.children.iter().map(Child::element));
        further(body).for_each(|further| enter(further, only, left));
    }
    let (mut only, mut left, mut seen) = (Vec::new(), vec![domain()], BTreeSet::new());
    while let Some(element) = left.pop() {
        if seen.insert(std::ptr::from_ref(element)) {
            only.push(element.only);
            enter(&element.body, &mut only, &mut left);
        }
    }
    only.retain(|only| only.names().count() <= 3);
    for driver in Drivers::ALL.names() {
        assert!(only.iter().any(|only| only.names().any(|name| name == driver)), "{driver}");
    }
}

/// Pairs of two lists as long as each other.
fn pairs<A, B>(written: &'static [A], read: &'static [B]) -> impl Iterator<Item = (&'static A, &'static B)> {
    assert_eq!(written.len(), read.len());
    written.iter().zip(read)
}

impl Compared {
    /// One written is one read, wherever it stands.
    fn element(&mut self, written: &'static notation::Element, read: &'static Element) {
        if self.elements.insert(written, read).is_none() {
            self.left.push((written, read));
        }
        self.written.entry(read).or_insert(written);
        let one = (self.elements.get(&std::ptr::from_ref(written)), self.written.get(&std::ptr::from_ref(read)));
        assert_eq!(one, (Some(&std::ptr::from_ref(read)), Some(&std::ptr::from_ref(written))), "{}", read.name);
    }

    fn body(&mut self, written: &'static notation::Body, read: &'static Body) {
        assert_eq!((written.since, written.open, written.needs), (read.since, read.open, read.needs));
        assert_eq!(written.text.is_some(), read.text.is_some());
        written.text.into_iter().zip(read.text).for_each(|(written, read)| value(written, read));
        pairs(written.attrs, read.attrs).for_each(|(written, read)| self.attr(written, read));
        let names: BTreeSet<_> = read.children.iter().map(|child| (child.name, child.element().namespace)).collect();
        assert_eq!(names.len(), read.children.len(), "{names:?}");
        for (place, child) in read.children.iter().enumerate().filter(|(_, child)| child.mark != crate::text::Mark::NONE) {
            assert_eq!(read.child(child.mark, child.name).map(|(place, _)| place), Some(place));
        }
        pairs(written.children, read.children).for_each(|(written, read)| self.child(written, read));
        pairs(written.variants, read.variants).for_each(|(written, read)| self.variant(written, read));
        pairs(written.forms, read.forms).for_each(|(written, read)| self.body(written, read));
        pairs(written.also, read.also).for_each(|(written, read)| self.body(written, read));
    }

    fn attr(&mut self, written: &'static Attr, read: &'static Attr) {
        self.attrs += 1;
        assert_eq!(
            (written.name, written.required, written.about, written.since, written.only),
            (read.name, read.required, read.about, read.since, read.only)
        );
        assert_eq!(written.mark, read.mark);
        value(written.value, read.value);
    }

    fn child(&mut self, written: &'static notation::Child, read: &'static Child) {
        assert_eq!((written.least, written.most), (read.least, read.most));
        assert_eq!((read.mark, read.name), (read.element().mark, read.element().name));
        assert_eq!(read.mark == crate::text::Mark::NONE, written.element.namespace.is_some());
        self.element(written.element, read.element());
    }

    fn variant(&mut self, written: &'static notation::Variant, read: &'static Variant) {
        assert_eq!((written.by, written.mark), (read.by, read.mark));
        let named = |value: &str| read.case(value).is_some_and(|case| case.when.contains(&value));
        for (written, read) in pairs(written.cases, read.cases) {
            assert_eq!(written.when, read.when);
            assert!(read.when.iter().all(|value| named(value)), "{:?}", read.when);
            self.body(&written.body, &read.body);
        }
        self.body(written.absent, read.absent);
    }
}

fn value(written: &'static Value, read: &'static Value) {
    match (written, read) {
        (Value::Pattern(_), _) => assert!(std::ptr::eq(written, read), "{written:?}"),
        (Value::Words(written), Value::Words(read)) => {
            let said = |word: &Word| (word.mark, word.word, word.about, word.since, word.only);
            assert!(written.iter().map(said).eq(read.iter().map(said)), "{written:?}");
        }
        (Value::Number(..), Value::Number(..)) | (Value::Empty, Value::Empty) | (Value::Any, Value::Any) => {
            assert_eq!(format!("{written:?}"), format!("{read:?}"));
        }
        (Value::Either(written), Value::Either(read)) => pairs(written, read).for_each(|(written, read)| value(written, read)),
        _ => panic!("{written:?} was read as {read:?}"),
    }
}

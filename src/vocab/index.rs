//! Where each element may stand, gathered from the tables once a process.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use super::{Body, DOMAIN, Element};

/// The names of the elements in which an element of libvirt's own with that name may stand.
pub fn parents_of(name: &str) -> impl Iterator<Item = &'static str> {
    index().get(name).into_iter().flatten().copied()
}

fn index() -> &'static BTreeMap<&'static str, BTreeSet<&'static str>> {
    static INDEX: OnceLock<BTreeMap<&'static str, BTreeSet<&'static str>>> = OnceLock::new();
    INDEX.get_or_init(|| {
        let mut index = BTreeMap::new();
        enter(&DOMAIN, &mut BTreeSet::new(), &mut index);
        index
    })
}

/// The tables refer to each other in circles, so each element is entered once.
fn enter(element: &'static Element, seen: &mut BTreeSet<usize>, index: &mut BTreeMap<&'static str, BTreeSet<&'static str>>) {
    if seen.insert(std::ptr::from_ref(element).addr()) {
        enter_body(element, &element.body, seen, index);
    }
}

fn enter_body(
    element: &'static Element,
    body: &'static Body,
    seen: &mut BTreeSet<usize>,
    index: &mut BTreeMap<&'static str, BTreeSet<&'static str>>,
) {
    for child in body.children {
        if child.element.namespace.is_none() {
            index.entry(child.element.name).or_default().insert(element.name);
        }
        enter(child.element, seen, index);
    }
    for further in further(body) {
        enter_body(element, further, seen, index);
    }
}

/// The bodies that one may add: those of its cases and forms, and those it shares with others.
pub fn further(body: &'static Body) -> impl Iterator<Item = &'static Body> {
    let cases = body.variants.iter().flat_map(|variant| variant.cases.iter().map(|case| &case.body).chain([variant.absent]));
    cases.chain(body.forms).chain(body.also.iter().copied())
}

//! The walk: every element against its table.

use super::fault::Faults;
use super::parts::Parts;
use super::spaces;
use crate::caps::Versions;
use crate::finding::Finding;
use crate::text::Span;
use crate::vocab::{Child, Element, MANY, domain};
use crate::xml::Node;

/// Every fault of the structure of a domain.
#[must_use]
pub fn check(root: Node, versions: &Versions) -> Vec<Finding> {
    let mut walk = Walk { faults: Faults::new(versions), parts: Parts::new(), there: Vec::with_capacity(32), left: Vec::with_capacity(64) };
    walk.left.push((root, domain()));
    while let Some((node, element)) = walk.left.pop() {
        walk.one(node, element);
        walk.faults.settle(element);
    }
    walk.faults.into_list(root.source())
}

struct Walk<'a> {
    faults: Faults,
    /// Those of the element at hand.
    parts: Parts,
    /// The children of the element at hand, as the table knows them.
    there: Vec<&'static Child>,
    /// Elements to look at, with their tables.
    left: Vec<(Node<'a>, &'static Element)>,
}

impl<'a> Walk<'a> {
    fn one(&mut self, node: Node<'a>, element: &'static Element) {
        self.parts.decide(element, node, false);
        if !attributes(node, element, &self.parts, &mut self.faults) {
            self.faults.forget();
            self.parts.decide(element, node, true);
            if self.faults.of_another_kind(node, &self.parts) {
                return;
            }
            attributes(node, element, &self.parts, &mut self.faults);
        }
        if node.name() == "hyperv" && self.faults.of_another_kind(node, &self.parts) {
            return;
        }
        self.faults.newer_element(node, element);
        self.faults.newer_form(node, &self.parts);
        texts(node, &self.parts, &mut self.faults);
        self.there.clear();
        for child in node.elements() {
            match self.parts.child(child) {
                Some(known) => {
                    self.left.push((child, known.element()));
                    self.there.push(known);
                }
                None if self.parts.open() => {}
                None => match self.parts.may_hold(child).as_slice() {
                    [] => self.faults.unknown_element(child, node, element, &self.parts),
                    // of one kind whatever its parent is
                    [only] => self.left.push((child, only)),
                    _ => {}
                },
            }
        }
        self.occurrences(node);
    }

    /// How often children stand, against how often they must and may.
    fn occurrences(&mut self, node: Node) {
        let times = |there: &[&'static Child], known: &Child| there.iter().filter(|other| other.same(known)).count();
        if self.parts.demanding() && !self.parts.undecided() {
            for known in self.parts.children().filter(|known| known.least > 0) {
                if times(&self.there, known) < usize::from(known.least) {
                    self.faults.missing_element(node, known, &self.parts);
                }
            }
        }
        for (before, known) in self.there.iter().enumerate().filter(|(_, known)| known.most != MANY) {
            let before = self.there.get(..before).unwrap_or(&[]);
            if times(before, known) == usize::from(known.most) {
                self.faults.repeated_element(node, known);
            }
        }
    }
}

/// False where there is one that the parts do not know.
fn attributes(node: Node, element: &'static Element, parts: &Parts, faults: &mut Faults) -> bool {
    let mut all = true;
    for attr in node.attrs() {
        match parts.known(&attr) {
            Some(known) => match known.value.read(attr.value()) {
                Some(word) => {
                    faults.newer_attribute(&attr, known, word);
                    if spaces::around(attr.value()) {
                        faults.spaced_value(&attr, known);
                    }
                }
                None => faults.bad_value(node, &attr, known),
            },
            None => {
                all = false;
                if !parts.may_have(attr.name()) {
                    faults.unknown_attribute(node, &attr, element, parts);
                }
            }
        }
    }
    if parts.demanding() {
        for known in parts.attrs().filter(|known| known.required && node.attr(known.name).is_none()) {
            faults.missing_attribute(node, known, parts);
        }
    }
    all
}

fn texts(node: Node, parts: &Parts, faults: &mut Faults) {
    let mut values = parts.texts().peekable();
    match node.text() {
        Some(_) if values.peek().is_none() && parts.may_hold_text() => {}
        Some(_) if values.peek().is_none() => faults.stray_text(node),
        Some(text) => match values.find_map(|value| Some((value, value.read(text.value)?))) {
            Some((known, word)) => {
                faults.newer_word(word, text.span);
                faults.spaced_text(node, text.span, known);
            }
            None => faults.bad_text(node, text.value, text.span, parts),
        },
        None if values.peek().is_some() && !values.any(|value| value.fits("")) => faults.bad_text(node, "", empty(node), parts),
        _ => {}
    }
}

/// Where an empty text is told: all of the element, its name where it holds others.
fn empty(node: Node) -> Span {
    if node.elements().next().is_none() { node.span() } else { node.name_span() }
}

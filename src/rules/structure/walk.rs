//! The walk: every element against its table.

use super::fault::Faults;
use super::parts::Parts;
use super::spaces;
use crate::caps::Versions;
use crate::finding::Finding;
use crate::text::{Mark, Span, trimmed};
use crate::vocab::{Child, Element, MANY, domain};
use crate::xml::Node;

const HYPERV: Mark = Mark::of("hyperv");

/// Every fault of the structure of a domain.
#[must_use]
pub fn check(root: Node, versions: &Versions) -> Vec<Finding> {
    let mut walk = Walk { faults: Faults::new(versions), parts: Parts::new(), left: Vec::with_capacity(64) };
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
    /// Elements to look at, with their tables.
    left: Vec<(Node<'a>, &'static Element)>,
}

impl<'a> Walk<'a> {
    fn one(&mut self, node: Node<'a>, element: &'static Element) {
        self.parts.decide(element, node, false);
        if !attributes(node, element, &self.parts, &mut self.faults) && !self.misspelt(node, element) {
            return;
        }
        if node.is(HYPERV, "hyperv") && self.faults.of_another_kind(node, &self.parts) {
            return;
        }
        self.faults.newer_element(node, element);
        self.faults.newer_form(node, &self.parts);
        texts(node, &self.parts, &mut self.faults);
        for child in node.elements() {
            match self.parts.meet_child(child) {
                Some(known) => self.left.push((child, known.element())),
                None if self.parts.open() => {}
                None => self.unknown(child, node, element),
            }
        }
        if !self.parts.has_children() {
            self.occurrences(node);
        }
    }

    /// Judges attributes of which one is not known; false where that tells all there is to say.
    #[cold]
    fn misspelt(&mut self, node: Node, element: &'static Element) -> bool {
        self.faults.forget();
        self.parts.decide(element, node, true);
        if self.faults.of_another_kind(node, &self.parts) {
            return false;
        }
        attributes(node, element, &self.parts, &mut self.faults);
        true
    }

    /// A child that is none of those known.
    #[cold]
    fn unknown(&mut self, child: Node<'a>, node: Node<'a>, element: &'static Element) {
        match self.parts.may_hold(child).as_slice() {
            [] => self.faults.unknown_element(child, node, element, &self.parts),
            // of one kind whatever its parent is
            [only] => self.left.push((child, only)),
            _ => {}
        }
    }

    /// How often children stand, against how often they must and may.
    #[cold]
    fn occurrences(&mut self, node: Node) {
        let there: Vec<_> = node.elements().filter_map(|child| self.parts.child(child)).collect();
        let times = |there: &[&'static Child], known: &Child| there.iter().filter(|other| other.same(known)).count();
        if !self.parts.undecided() {
            for known in self.parts.children().filter(|known| known.least > 0) {
                if times(&there, known) < usize::from(known.least) {
                    self.faults.missing_element(node, known, &self.parts);
                }
            }
        }
        for (before, known) in there.iter().enumerate().filter(|(_, known)| known.most != MANY) {
            let before = there.get(..before).unwrap_or(&[]);
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
        match parts.meet(&attr) {
            Some(known) => {
                let value = trimmed(attr.value());
                match known.value.read_trimmed(value) {
                    Some(word) => {
                        faults.newer_attribute(&attr, known, word);
                        if value.len() < attr.value().len() && spaces::around(attr.value()) {
                            faults.spaced_value(&attr, known);
                        }
                    }
                    None => faults.bad_value(node, &attr, known),
                }
            }
            None => {
                all = false;
                if !parts.may_have(attr.name()) {
                    faults.unknown_attribute(node, &attr, element, parts);
                }
            }
        }
    }
    if !parts.has_attrs() {
        missing(node, parts, faults);
    }
    all
}

/// Tells attributes that must be there and are not.
#[cold]
fn missing(node: Node, parts: &Parts, faults: &mut Faults) {
    for known in parts.attrs().filter(|known| known.required && node.attr(known.name).is_none()) {
        faults.missing_attribute(node, known, parts);
    }
}

fn texts(node: Node, parts: &Parts, faults: &mut Faults) {
    let mut values = parts.texts();
    match node.text() {
        None if !parts.has_text() => {}
        Some(_) if !parts.has_text() && parts.may_hold_text() => {}
        Some(_) if !parts.has_text() => faults.stray_text(node),
        Some(text) => match values.find_map(|value| Some((value, value.read(text.value)?))) {
            Some((known, word)) => {
                faults.newer_word(word, || text.span);
                if !spaces::tight(text.span, node.source()) {
                    faults.spaced_text(node, known);
                }
            }
            None => faults.bad_text(node, text.value, text.span, parts),
        },
        None if !values.any(|value| value.fits("")) => faults.bad_text(node, "", empty(node), parts),
        None => {}
    }
}

/// Where an empty text is told: all of the element, its name where it holds others.
fn empty(node: Node) -> Span {
    if node.elements().next().is_none() { node.span() } else { node.name_span() }
}

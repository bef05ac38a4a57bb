//! The walk: every element against its table.

use super::fault::Faults;
use super::parts::{Parts, count};
use crate::caps::Versions;
use crate::finding::Finding;
use crate::text::Span;
use crate::vocab::{Child, DOMAIN, Element, MANY};
use crate::xml::Node;

/// Every fault of the structure of a domain.
#[must_use]
pub fn check(root: Node, versions: &Versions) -> Vec<Finding> {
    let domain_type = root.value("type").unwrap_or("");
    let mut faults = Faults::new(versions);
    let mut left = vec![(root, &DOMAIN)];
    while let Some((node, element)) = left.pop() {
        one(node, element, domain_type, &mut faults, &mut left);
    }
    faults.into_list()
}

fn one<'a>(
    node: Node<'a>,
    element: &'static Element,
    domain_type: &str,
    faults: &mut Faults,
    left: &mut Vec<(Node<'a>, &'static Element)>,
) {
    let parts = Parts::of(element, node, domain_type);
    attributes(node, &parts, faults);
    texts(node, &parts, faults);
    let mut there: Vec<&'static Child> = Vec::new();
    for child in node.elements() {
        match parts.child(child) {
            Some(known) => {
                faults.newer_element(child, known.element);
                left.push((child, known.element));
                there.push(known);
            }
            None if parts.open() || parts.undecided => {}
            None => faults.unknown_element(child, node, element, &parts),
        }
    }
    for known in parts.children().filter(|known| known.least > 0 && !parts.undecided) {
        if count(node, known) < usize::from(known.least) {
            faults.missing_element(node, known, &parts);
        }
    }
    for (before, known) in there.iter().enumerate().filter(|(_, known)| known.most != MANY) {
        let times = there.iter().take(before).filter(|other| std::ptr::eq(**other, *known)).count();
        if times == usize::from(known.most) {
            faults.repeated_element(node, known);
        }
    }
}

fn attributes(node: Node, parts: &Parts, faults: &mut Faults) {
    for attr in node.attrs() {
        match parts.attr(attr.name()) {
            Some(known) if known.value.fits(attr.value()) => faults.newer_attribute(&attr, known),
            Some(known) => faults.bad_value(node, &attr, known),
            None if parts.open() || parts.undecided => {}
            None => faults.unknown_attribute(node, &attr, parts),
        }
    }
    for known in parts.attrs().filter(|known| known.required && node.attr(known.name).is_none()) {
        faults.missing_attribute(node, known, parts);
    }
}

fn texts(node: Node, parts: &Parts, faults: &mut Faults) {
    let mut values = parts.texts().peekable();
    match node.text() {
        Some(_) if parts.open() => {}
        Some(_) if values.peek().is_none() && parts.undecided => {}
        Some(text) if values.peek().is_none() => faults.stray_text(node, text),
        Some(text) if !values.any(|value| value.fits(text.value)) => faults.bad_text(node, text.value, text.span, parts),
        None if values.peek().is_some() && !values.any(|value| value.fits("")) => faults.bad_text(node, "", empty(node), parts),
        _ => {}
    }
}

/// Where an empty text is told: all of the element, its name where it holds others.
fn empty(node: Node) -> Span {
    if node.elements().next().is_none() { node.span() } else { node.name_span() }
}

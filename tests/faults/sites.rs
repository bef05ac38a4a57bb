//! What the vocabulary says of an element that stands in a document, whatever its kind.

use roxmltree::Node;
use virtlens::vocab::{Attr, Body, Child, Element, Value, domain, further};

/// The tables that an element may have: those of all kinds of its parents.
pub fn tables(node: Node) -> Vec<&'static Element> {
    let Some(parent) = node.parent_element() else { return vec![domain()] };
    let mut found: Vec<&'static Element> = Vec::new();
    for element in tables(parent).into_iter().flat_map(children).map(Child::element) {
        let same = element.name == node.tag_name().name() && element.namespace == node.tag_name().namespace();
        if same && !found.iter().any(|known| std::ptr::eq(*known, element)) {
            found.push(element);
        }
    }
    found
}

fn bodies(element: &'static Element) -> Vec<&'static Body> {
    let mut all = vec![&element.body];
    let mut at = 0;
    while let Some(body) = all.get(at).copied() {
        all.extend(further(body));
        at += 1;
    }
    all
}

/// The children of all kinds of an element.
pub fn children(element: &'static Element) -> Vec<&'static Child> {
    bodies(element).into_iter().flat_map(|body| body.children).collect()
}

/// The attributes of that name of all kinds of an element.
pub fn attrs(tables: &[&'static Element], name: &str) -> Vec<&'static Attr> {
    let all = tables.iter().flat_map(|table| bodies(table)).flat_map(|body| body.attrs);
    all.filter(|attr| attr.name == name).collect()
}

/// The texts of all kinds of an element.
pub fn texts(tables: &[&'static Element]) -> Vec<&'static Value> {
    tables.iter().flat_map(|table| bodies(table)).filter_map(|body| body.text).collect()
}

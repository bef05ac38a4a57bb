//! What every reader of a document needs: leaves, attributes and features with their places, and a list of what none of them took.

use super::{Feature, MaxPhysAddr, Policy, Said, Unread};
use crate::xml::{Attr, Node};
use std::str::FromStr;

/// Collects what no field holds.
#[derive(Debug, Default)]
pub(super) struct Rest(pub(super) Vec<Unread>);

impl Rest {
    /// The element as a whole.
    pub(super) fn element(&mut self, node: Node) {
        self.0.push(Unread { path: path_of(node), span: node.name_span() });
    }

    /// One attribute of `node`.
    pub(super) fn attr(&mut self, node: Node, attr: &Attr) {
        let name = attr.name_span().of(node.source());
        self.0.push(Unread { path: format!("{}/@{name}", path_of(node)), span: attr.span() });
    }

    /// A text where only elements belong.
    pub(super) fn stray_text(&mut self, node: Node) {
        if let Some(text) = node.text() {
            self.0.push(Unread { path: format!("{}/text()", path_of(node)), span: text.span });
        }
    }

    /// Everything in `node` but its text.
    pub(super) fn around_text(&mut self, node: Node) {
        self.attrs(node);
        self.elements(node);
    }

    /// All attributes of `node`.
    pub(super) fn attrs(&mut self, node: Node) {
        node.attrs().for_each(|attr| self.attr(node, &attr));
    }

    /// All child elements of `node`.
    pub(super) fn elements(&mut self, node: Node) {
        node.elements().for_each(|child| self.element(child));
    }
}

/// Element names from below the root, joined by `/`.
fn path_of(node: Node) -> String {
    match node.parent() {
        Some(parent) if parent.parent().is_some() => format!("{}/{}", path_of(parent), node.qualified_name()),
        Some(_) => node.qualified_name().to_owned(),
        None => String::new(),
    }
}

/// The name of a child element as libvirt knows it; empty for one of another namespace, which no reader takes.
pub(super) fn own_name<'a>(node: Node<'a>) -> &'a str {
    if node.namespace().is_none() { node.name() } else { "" }
}

/// The name of an attribute as written, so that no reader takes one of another namespace.
pub(super) fn attr_name<'a>(node: Node<'a>, attr: &Attr<'a>) -> &'a str {
    attr.name_span().of(node.source())
}

/// An attribute's value.
pub(super) fn said(attr: &Attr) -> Said<String> {
    Said::new(attr.value().to_owned(), attr.value_span())
}

/// The text of a leaf; the empty text at its name where there is none.
pub(super) fn said_text(node: Node) -> Said<String> {
    node.text().map_or_else(|| Said::new(String::new(), node.name_span()), |text| Said::new(text.value.to_owned(), text.span))
}

/// An attribute's value as a number; one that is none is left over.
pub(super) fn number<T: FromStr>(node: Node, attr: &Attr, rest: &mut Rest) -> Option<Said<T>> {
    let value = attr.value().parse().ok();
    if value.is_none() {
        rest.attr(node, attr);
    }
    value.map(|value| Said::new(value, attr.value_span()))
}

/// An attribute's value as `yes` or `no`; another word is left over.
pub(super) fn yes_no(node: Node, attr: &Attr, rest: &mut Rest) -> Option<Said<bool>> {
    let value = match attr.value() {
        "yes" => true,
        "no" => false,
        _ => {
            rest.attr(node, attr);
            return None;
        }
    };
    Some(Said::new(value, attr.value_span()))
}

/// Puts the text of a leaf into its field; a second one, and what else the leaf carries, is left over.
pub(super) fn put_text(slot: &mut Option<Said<String>>, node: Node, rest: &mut Rest) {
    if slot.is_some() {
        return rest.element(node);
    }
    rest.around_text(node);
    *slot = Some(said_text(node));
}

/// Every attribute and leaf of `node` by its path below, `path` put before: `@name`, `topology/@sockets`, `pae`.
pub(super) fn details(node: Node, path: &str, into: &mut Vec<(String, Said<String>)>) {
    let before = into.len();
    for attr in node.attrs() {
        into.push((joined(path, &format!("@{}", attr_name(node, &attr))), said(&attr)));
    }
    let leaf = node.elements().next().is_none();
    if node.text().is_some() || (leaf && into.len() == before) {
        into.push((path.to_owned(), said_text(node)));
    }
    for child in node.elements() {
        details(child, &joined(path, child.qualified_name()), into);
    }
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") }
}

/// A `<feature name=… policy=…>`; one without a name, or with a policy that no one knows, is left over.
pub(super) fn feature(node: Node, rest: &mut Rest) -> Option<Feature> {
    let policy = node.value("policy").map_or(Some(Policy::Require), Policy::from_word);
    let (Some(name), Some(policy)) = (node.attr("name"), policy) else {
        rest.element(node);
        return None;
    };
    node.attrs().filter(|attr| !matches!(attr_name(node, attr), "name" | "policy")).for_each(|attr| rest.attr(node, &attr));
    rest.stray_text(node);
    rest.elements(node);
    Some(Feature { name: said(&name), policy })
}

/// A `<maxphysaddr>`.
pub(super) fn maxphysaddr(node: Node, rest: &mut Rest) -> MaxPhysAddr {
    let mut out = MaxPhysAddr { span: node.name_span(), mode: None, bits: None, limit: None };
    for attr in node.attrs() {
        match attr_name(node, &attr) {
            "mode" => out.mode = Some(said(&attr)),
            "bits" => out.bits = number(node, &attr, rest),
            "limit" => out.limit = number(node, &attr, rest),
            _ => rest.attr(node, &attr),
        }
    }
    rest.stray_text(node);
    rest.elements(node);
    out
}

/// A size as `size` and `unit` say it, in KiB; none where it is no number, or the unit none that libvirt knows.
pub(super) fn kib(value: &str, unit: Option<&str>) -> Option<u64> {
    let value: u64 = value.trim().parse().ok()?;
    match unit.unwrap_or("KiB") {
        "b" | "bytes" => Some(value / 1024),
        "k" | "KiB" => Some(value),
        "M" | "MiB" => value.checked_mul(1024),
        "G" | "GiB" => value.checked_mul(1024 * 1024),
        "T" | "TiB" => value.checked_mul(1024 * 1024 * 1024),
        _ => None,
    }
}

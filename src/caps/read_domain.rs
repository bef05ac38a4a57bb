//! Reads a `<cpu>` alone, and of a `<domain>` what counts for another one.

use super::pieces::{Rest, attr_name, details, feature, maxphysaddr, own_name, put_text, said, said_text};
use super::{CpuXml, DomainXml, MapFile};
use crate::xml::{Node, Text};

impl CpuXml {
    /// Reads a `<cpu>`; nothing in it is an error.
    #[must_use]
    pub fn read(node: Node) -> Self {
        let (mut out, mut rest) = (Self { span: node.name_span(), whole: node.span(), ..Self::default() }, Rest::default());
        for attr in node.attrs() {
            match attr_name(node, &attr) {
                "mode" => out.mode = Some(said(&attr)),
                "match" => out.matching = Some(said(&attr)),
                "check" => out.check = Some(said(&attr)),
                name => out.details.push((format!("@{name}"), said(&attr))),
            }
        }
        rest.stray_text(node);
        for child in node.elements() {
            match own_name(child) {
                "arch" => put_text(&mut out.arch, child, &mut rest),
                "model" if out.model.is_none() && out.fallback.is_none() => model(child, &mut out, &mut rest),
                "vendor" => put_text(&mut out.vendor, child, &mut rest),
                "maxphysaddr" if out.maxphysaddr.is_none() => out.maxphysaddr = Some(maxphysaddr(child, &mut rest)),
                "feature" => out.features.extend(feature(child, &mut rest)),
                "" => rest.element(child),
                name => details(child, name, &mut out.details),
            }
        }
        out.unread = rest.0;
        out
    }
}

/// A `<model>`: without a name it still has a `fallback`.
fn model(node: Node, out: &mut CpuXml, rest: &mut Rest) {
    for attr in node.attrs() {
        match attr_name(node, &attr) {
            "fallback" => out.fallback = Some(said(&attr)),
            name => out.details.push((format!("model/@{name}"), said(&attr))),
        }
    }
    rest.elements(node);
    out.model = node.text().map(|_| said_text(node));
}

impl DomainXml {
    /// Reads a `<domain>`.
    #[must_use]
    pub fn read(root: Node) -> Self {
        let text = |name| root.child(name).and_then(Node::text).map(|Text { value, span }| super::Said::new(value.to_owned(), span));
        Self { name: text("name"), uuid: text("uuid"), cpu: root.child("cpu").map(CpuXml::read) }
    }
}

impl MapFile {
    /// Counts what a file of the map holds.
    #[must_use]
    pub fn read(root: Node) -> Self {
        let count = |name| root.children(name).count();
        Self { models: count("model"), features: count("feature"), vendors: count("vendor"), arches: count("arch") }
    }
}

/// The CPUs of a text, as `virsh cpu-compare` and `cpu-baseline` take them: a `<cpu>`, the host's of capabilities, the host-model
/// of domain capabilities, or every `<cpu>` of another element.
#[must_use]
pub fn cpus(root: Node) -> Vec<CpuXml> {
    let one = |node: Option<Node>| node.map(CpuXml::read).into_iter().collect();
    match root.name() {
        "cpu" => vec![CpuXml::read(root)],
        "capabilities" => one(root.descend(&["host", "cpu"])),
        "domainCapabilities" => {
            let modes = root.child("cpu").into_iter().flat_map(|cpu| cpu.children("mode"));
            one(modes.filter(|mode| mode.value("name") == Some("host-model")).last())
        }
        _ => root.elements().flat_map(cpus).collect(),
    }
}

//! Reads `<domainCapabilities>`: the CPU and the head into fields, whatever else it says into sections.

use super::pieces::{Rest, attr_name, details, feature, maxphysaddr, number, own_name, put_text, said, said_text, yes_no};
use super::{CpuModes, Custom, DomainCaps, EnumList, Feature, HostModel, Mode, Model, Policy, Said, Section, Usable};
use crate::text::Span;
use crate::xml::Node;

impl DomainCaps {
    /// Reads the outermost element of such a document; nothing in it is an error.
    #[must_use]
    pub fn read(root: Node) -> Self {
        let (mut out, mut rest) = (Self::default(), Rest::default());
        rest.attrs(root);
        rest.stray_text(root);
        for child in root.elements() {
            match own_name(child) {
                "path" => put_text(&mut out.path, child, &mut rest),
                "domain" => put_text(&mut out.domain, child, &mut rest),
                "machine" => put_text(&mut out.machine, child, &mut rest),
                "arch" => put_text(&mut out.arch, child, &mut rest),
                "vcpu" if out.vcpu_max.is_none() => out.vcpu_max = vcpu(child, &mut rest),
                "cpu" if out.cpu.span == Span::default() => out.cpu = modes(child, &mut rest),
                "" | "vcpu" | "cpu" => rest.element(child),
                name => section(child, name.to_owned(), &mut out.sections, &mut rest),
            }
        }
        out.unread = rest.0;
        out
    }
}

fn vcpu(node: Node, rest: &mut Rest) -> Option<Said<u32>> {
    let mut max = None;
    for attr in node.attrs() {
        match attr_name(node, &attr) {
            "max" => max = number(node, &attr, rest),
            _ => rest.attr(node, &attr),
        }
    }
    rest.stray_text(node);
    rest.elements(node);
    max
}

/// Whether an element says something of its own, rather than being a detail of the section it stands in.
fn is_section(node: Node) -> bool {
    node.attr("supported").is_some() || node.elements().any(|child| matches!(own_name(child), "enum" | "value") || is_section(child))
}

fn section(node: Node, path: String, into: &mut Vec<Section>, rest: &mut Rest) {
    let mut out = Section { path, span: node.name_span(), ..Section::default() };
    for attr in node.attrs() {
        match attr_name(node, &attr) {
            "supported" => out.supported = yes_no(node, &attr, rest),
            name => out.details.push((format!("@{name}"), said(&attr))),
        }
    }
    rest.stray_text(node);
    let mut deeper = Vec::new();
    for child in node.elements() {
        match own_name(child) {
            "enum" => out.enums.extend(enumeration(child, rest)),
            "value" => out.values.push(value(child, rest)),
            "" => rest.element(child),
            _ if is_section(child) => deeper.push(child),
            name => details(child, name, &mut out.details),
        }
    }
    let path = out.path.clone();
    let says = out.supported.is_some() || !out.enums.is_empty() || !out.values.is_empty() || !out.details.is_empty();
    if says || deeper.is_empty() {
        into.push(out);
    }
    for child in deeper {
        section(child, format!("{path}/{}", child.name()), into, rest);
    }
}

fn enumeration(node: Node, rest: &mut Rest) -> Option<EnumList> {
    let Some(name) = node.attr("name") else {
        rest.element(node);
        return None;
    };
    node.attrs().filter(|attr| attr_name(node, attr) != "name").for_each(|attr| rest.attr(node, &attr));
    rest.stray_text(node);
    let mut values = Vec::new();
    for child in node.elements() {
        match own_name(child) {
            "value" => values.push(value(child, rest)),
            _ => rest.element(child),
        }
    }
    Some(EnumList { name: name.value().to_owned(), span: name.value_span(), values })
}

fn value(node: Node, rest: &mut Rest) -> Said<String> {
    rest.around_text(node);
    said_text(node)
}

fn modes(node: Node, rest: &mut Rest) -> CpuModes {
    let mut out = CpuModes { span: node.name_span(), ..CpuModes::default() };
    rest.attrs(node);
    rest.stray_text(node);
    for child in node.elements() {
        match (own_name(child), child.value("name")) {
            ("mode", Some("host-passthrough")) if out.host_passthrough.is_none() => out.host_passthrough = Some(plain_mode(child, rest)),
            ("mode", Some("maximum")) if out.maximum.is_none() => out.maximum = Some(plain_mode(child, rest)),
            ("mode", Some("host-model")) if out.host_model.is_none() => out.host_model = Some(host_model(child, rest)),
            ("mode", Some("custom")) if out.custom.is_none() => out.custom = Some(custom(child, rest)),
            _ => rest.element(child),
        }
    }
    out
}

/// The attributes of a `<mode>`; its children are the caller's.
fn mode(node: Node, rest: &mut Rest) -> Mode {
    let mut out = Mode::default();
    for attr in node.attrs() {
        match attr_name(node, &attr) {
            "name" => out.span = attr.value_span(),
            "supported" => out.supported = yes_no(node, &attr, rest),
            _ => rest.attr(node, &attr),
        }
    }
    rest.stray_text(node);
    out
}

fn plain_mode(node: Node, rest: &mut Rest) -> Mode {
    let mut out = mode(node, rest);
    for child in node.elements() {
        match own_name(child) {
            "enum" => out.enums.extend(enumeration(child, rest)),
            _ => rest.element(child),
        }
    }
    out
}

fn host_model(node: Node, rest: &mut Rest) -> HostModel {
    let mut out = HostModel { mode: mode(node, rest), ..HostModel::default() };
    for child in node.elements() {
        match own_name(child) {
            "model" if out.model.is_none() => {
                for attr in child.attrs() {
                    match attr_name(child, &attr) {
                        "fallback" => out.fallback = Some(said(&attr)),
                        _ => rest.attr(child, &attr),
                    }
                }
                rest.elements(child);
                out.model = Some(said_text(child));
            }
            "vendor" => put_text(&mut out.vendor, child, rest),
            "maxphysaddr" if out.maxphysaddr.is_none() => out.maxphysaddr = Some(maxphysaddr(child, rest)),
            "feature" => out.features.extend(feature(child, rest)),
            "enum" => out.mode.enums.extend(enumeration(child, rest)),
            _ => rest.element(child),
        }
    }
    let basic = |feature: &Feature| feature.policy == Policy::Require && matches!(feature.name.value.as_str(), "fpu" | "lm" | "sse2");
    out.basic = out.features.iter().any(basic);
    let outer = |feature: &Feature| feature.policy == Policy::Require && Feature::of_outer_host(&feature.name.value);
    out.outer = out.features.iter().enumerate().filter(|(_, feature)| outer(feature)).map(|(at, _)| at).collect();
    out.invtsc = out.features.iter().any(|feature| feature.name.value == "invtsc");
    out
}

fn custom(node: Node, rest: &mut Rest) -> Custom {
    let mode = mode(node, rest);
    let mut models: Vec<Model> = Vec::new();
    let mut blockers = Vec::new();
    let mut enums = Vec::new();
    for child in node.elements() {
        match own_name(child) {
            "model" => models.extend(model(child, rest)),
            "blockers" => blockers.push(child),
            "enum" => enums.extend(enumeration(child, rest)),
            _ => rest.element(child),
        }
    }
    let mut out = Custom::new(Mode { enums, ..mode }, models);
    for child in blockers {
        match child.value("model").and_then(|name| out.position(name)).and_then(|at| out.models.get_mut(at)) {
            Some(model) => block(child, model, rest),
            None => rest.element(child),
        }
    }
    out
}

/// A `<model>` with a name; where it does not say whether it is usable, that is unknown.
fn model(node: Node, rest: &mut Rest) -> Option<Model> {
    let Some(name) = node.text() else {
        rest.element(node);
        return None;
    };
    let mut out = Model {
        name: Said::new(name.value.to_owned(), name.span),
        usable: Said::new(Usable::Unknown, node.name_span()),
        deprecated: None,
        vendor: None,
        canonical: None,
        blockers: Vec::new(),
    };
    for attr in node.attrs() {
        match (attr_name(node, &attr), attr.value()) {
            ("usable", "yes") => out.usable = Said::new(Usable::Yes, attr.value_span()),
            ("usable", "no") => out.usable = Said::new(Usable::No, attr.value_span()),
            ("usable", "unknown") => out.usable = Said::new(Usable::Unknown, attr.value_span()),
            ("deprecated", _) => out.deprecated = yes_no(node, &attr, rest),
            ("vendor", _) => out.vendor = Some(said(&attr)),
            ("canonical", _) => out.canonical = Some(said(&attr)),
            _ => rest.attr(node, &attr),
        }
    }
    rest.elements(node);
    Some(out)
}

/// `<blockers model=…>`, for the model of that name.
fn block(node: Node, model: &mut Model, rest: &mut Rest) {
    node.attrs().filter(|attr| attr_name(node, attr) != "model").for_each(|attr| rest.attr(node, &attr));
    rest.stray_text(node);
    for child in node.elements() {
        match (own_name(child), child.attr("name")) {
            ("feature", Some(name)) => {
                child.attrs().filter(|attr| attr_name(child, attr) != "name").for_each(|attr| rest.attr(child, &attr));
                rest.stray_text(child);
                rest.elements(child);
                model.blockers.push(said(&name));
            }
            _ => rest.element(child),
        }
    }
}

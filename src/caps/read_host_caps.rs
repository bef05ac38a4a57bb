//! Reads `<capabilities>`.

use super::pieces::{Rest, attr_name, details, feature, kib, maxphysaddr, number, own_name, put_text, said, said_text, yes_no};
use super::{Cell, Guest, GuestDomain, HostCaps, HostCpu, Machine, PageSize, Said, SecurityModel};
use crate::xml::Node;

impl HostCaps {
    /// Reads the outermost element of such a document; nothing in it is an error.
    #[must_use]
    pub fn read(root: Node) -> Self {
        let (mut out, mut rest) = (Self::default(), Rest::default());
        rest.attrs(root);
        rest.stray_text(root);
        for child in root.elements() {
            match own_name(child) {
                "host" => host(child, &mut out, &mut rest),
                "guest" => out.guests.push(guest(child, &mut rest)),
                _ => rest.element(child),
            }
        }
        out.unread = rest.0;
        out
    }
}

fn host(node: Node, out: &mut HostCaps, rest: &mut Rest) {
    rest.attrs(node);
    rest.stray_text(node);
    for child in node.elements() {
        match own_name(child) {
            "cpu" if out.cpu.is_none() => out.cpu = Some(cpu(child, rest)),
            "topology" => topology(child, out, rest),
            "secmodel" => out.security.extend(security(child, rest)),
            "" => rest.element(child),
            name => details(child, name, &mut out.details),
        }
    }
}

fn cpu(node: Node, rest: &mut Rest) -> HostCpu {
    let mut out = HostCpu { span: node.name_span(), ..HostCpu::default() };
    rest.attrs(node);
    rest.stray_text(node);
    for child in node.elements() {
        match own_name(child) {
            "arch" => put_text(&mut out.arch, child, rest),
            "model" => put_text(&mut out.model, child, rest),
            "vendor" => put_text(&mut out.vendor, child, rest),
            "maxphysaddr" if out.maxphysaddr.is_none() => out.maxphysaddr = Some(maxphysaddr(child, rest)),
            "feature" => out.features.extend(feature(child, rest)),
            "pages" => out.pages.extend(page_size(child, rest)),
            "" => rest.element(child),
            name => details(child, name, &mut out.details),
        }
    }
    out
}

/// A `<pages size=… unit=…>`, in a cell with a count as its text.
fn page_size(node: Node, rest: &mut Rest) -> Option<PageSize> {
    let size = node.attr("size");
    let Some((size, kib)) = size.and_then(|size| Some((size, kib(size.value(), node.value("unit"))?))) else {
        rest.element(node);
        return None;
    };
    node.attrs().filter(|attr| !matches!(attr_name(node, attr), "size" | "unit")).for_each(|attr| rest.attr(node, &attr));
    rest.elements(node);
    let count = node.text().and_then(|text| text.value.parse().ok());
    if count.is_none() {
        rest.stray_text(node);
    }
    Some(PageSize { kib: Said::new(kib, size.value_span()), count })
}

fn topology(node: Node, out: &mut HostCaps, rest: &mut Rest) {
    rest.attrs(node);
    rest.stray_text(node);
    for child in node.elements() {
        match own_name(child) {
            "cells" => {
                for attr in child.attrs() {
                    out.details.push((format!("topology/cells/@{}", attr_name(child, &attr)), said(&attr)));
                }
                rest.stray_text(child);
                for each in child.elements() {
                    match own_name(each) {
                        "cell" => out.cells.extend(cell(each, rest)),
                        _ => rest.element(each),
                    }
                }
            }
            "" => rest.element(child),
            name => details(child, &format!("topology/{name}"), &mut out.details),
        }
    }
}

fn cell(node: Node, rest: &mut Rest) -> Option<Cell> {
    let Some(id) = node.attr("id").and_then(|id| Some(Said::new(id.value().parse().ok()?, id.value_span()))) else {
        rest.element(node);
        return None;
    };
    let mut out = Cell { id, memory_kib: None, pages: Vec::new(), cpus: Vec::new(), details: Vec::new() };
    node.attrs().filter(|attr| attr_name(node, attr) != "id").for_each(|attr| rest.attr(node, &attr));
    rest.stray_text(node);
    for child in node.elements() {
        match own_name(child) {
            "memory" if out.memory_kib.is_none() => out.memory_kib = memory(child, rest),
            "pages" => out.pages.extend(page_size(child, rest)),
            "cpus" => cpus(child, &mut out, rest),
            "" => rest.element(child),
            name => details(child, name, &mut out.details),
        }
    }
    Some(out)
}

fn memory(node: Node, rest: &mut Rest) -> Option<Said<u64>> {
    let found = node.text().and_then(|text| Some(Said::new(kib(text.value, node.value("unit"))?, text.span)));
    if found.is_none() {
        rest.element(node);
        return None;
    }
    node.attrs().filter(|attr| attr_name(node, attr) != "unit").for_each(|attr| rest.attr(node, &attr));
    rest.elements(node);
    found
}

/// `<cpus>` of a cell: the numbers into their field, where each sits on the chip into the details.
fn cpus(node: Node, out: &mut Cell, rest: &mut Rest) {
    for attr in node.attrs() {
        out.details.push((format!("cpus/@{}", attr_name(node, &attr)), said(&attr)));
    }
    rest.stray_text(node);
    for child in node.elements() {
        if own_name(child) != "cpu" {
            rest.element(child);
            continue;
        }
        for attr in child.attrs() {
            match attr_name(child, &attr) {
                "id" => out.cpus.extend(number(child, &attr, rest)),
                name => out.details.push((format!("cpus/cpu/@{name}"), said(&attr))),
            }
        }
        rest.stray_text(child);
        rest.elements(child);
    }
}

fn security(node: Node, rest: &mut Rest) -> Option<SecurityModel> {
    let Some(model) = node.child("model") else {
        rest.element(node);
        return None;
    };
    let mut out = SecurityModel { model: said_text(model), doi: None, labels: Vec::new() };
    rest.attrs(node);
    rest.stray_text(node);
    for child in node.elements() {
        match (own_name(child), child.attr("type")) {
            ("model", _) if child == model => rest.around_text(child),
            ("doi", _) => put_text(&mut out.doi, child, rest),
            ("baselabel", Some(domain_type)) => {
                child.attrs().filter(|attr| attr_name(child, attr) != "type").for_each(|attr| rest.attr(child, &attr));
                rest.elements(child);
                out.labels.push((domain_type.value().to_owned(), said_text(child)));
            }
            _ => rest.element(child),
        }
    }
    Some(out)
}

fn guest(node: Node, rest: &mut Rest) -> Guest {
    let mut out = Guest::default();
    rest.attrs(node);
    rest.stray_text(node);
    for child in node.elements() {
        match own_name(child) {
            "os_type" => put_text(&mut out.os_type, child, rest),
            "arch" if out.arch.is_none() => arch(child, &mut out, rest),
            "features" => features(child, &mut out, rest),
            _ => rest.element(child),
        }
    }
    out
}

fn features(node: Node, out: &mut Guest, rest: &mut Rest) {
    rest.attrs(node);
    rest.stray_text(node);
    for child in node.elements() {
        details(child, child.qualified_name(), &mut out.features);
    }
}

fn arch(node: Node, out: &mut Guest, rest: &mut Rest) {
    for attr in node.attrs() {
        match attr_name(node, &attr) {
            "name" => out.arch = Some(said(&attr)),
            _ => rest.attr(node, &attr),
        }
    }
    rest.stray_text(node);
    for child in node.elements() {
        match own_name(child) {
            "wordsize" if out.word_size.is_none() => out.word_size = word_size(child, rest),
            "emulator" => put_text(&mut out.emulator, child, rest),
            "loader" => put_text(&mut out.loader, child, rest),
            "machine" => out.machines.extend(machine(child, rest)),
            "domain" => out.domains.extend(domain(child, rest)),
            _ => rest.element(child),
        }
    }
}

fn word_size(node: Node, rest: &mut Rest) -> Option<Said<u32>> {
    rest.around_text(node);
    let found = node.text().and_then(|text| Some(Said::new(text.value.parse().ok()?, text.span)));
    if found.is_none() {
        rest.element(node);
    }
    found
}

fn domain(node: Node, rest: &mut Rest) -> Option<GuestDomain> {
    let Some(domain_type) = node.attr("type") else {
        rest.element(node);
        return None;
    };
    let mut out = GuestDomain { domain_type: said(&domain_type), emulator: None, machines: Vec::new() };
    node.attrs().filter(|attr| attr_name(node, attr) != "type").for_each(|attr| rest.attr(node, &attr));
    rest.stray_text(node);
    for child in node.elements() {
        match own_name(child) {
            "emulator" => put_text(&mut out.emulator, child, rest),
            "machine" => out.machines.extend(machine(child, rest)),
            _ => rest.element(child),
        }
    }
    Some(out)
}

fn machine(node: Node, rest: &mut Rest) -> Option<Machine> {
    let Some(name) = node.text() else {
        rest.element(node);
        return None;
    };
    let mut out = Machine { name: Said::new(name.value.to_owned(), name.span), canonical: None, max_cpus: None, deprecated: None };
    for attr in node.attrs() {
        match attr_name(node, &attr) {
            "canonical" => out.canonical = Some(said(&attr)),
            "maxCpus" => out.max_cpus = number(node, &attr, rest),
            "deprecated" => out.deprecated = yes_no(node, &attr, rest),
            _ => rest.attr(node, &attr),
        }
    }
    rest.elements(node);
    Some(out)
}

//! Memory: where it comes from, and enclaves.

use super::host::size;
use super::{Check, Facts, Findings, Listed, Need, Rule, Supported, When, Word, page};
use crate::finding::{Phase, Severity};
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#memory-backing";
const DEVICES: &str = "https://libvirt.org/formatdomain.html#memory-devices";

/// The rules.
pub const RULES: &[Rule] = &[
    SOURCE.rule("memory-source-unlisted", page!("memory/memory-source-unlisted.md"), &["domain/memoryBacking/source"], DOCS),
    SGX.rule("sgx-unsupported", page!("memory/sgx-unsupported.md"), &["domain/devices/memory"], DEVICES),
    Rule {
        code: "sgx-section-too-large",
        severity: Severity::Error,
        phase: Phase::Define,
        needs: &[Need::DomainCapabilities],
        on: &["domain/devices/memory"],
        check: Check::Function(section),
        page: page!("memory/sgx-section-too-large.md"),
        docs: DEVICES,
    },
];

const SOURCE: Listed = Listed {
    section: "memoryBacking",
    list: "sourceType",
    what: "memory source",
    words: &[Word("memfd", When::Perhaps)],
    better: &["file"],
    ..Listed::ROW
};

const SGX: Supported = Supported {
    section: "features/sgx",
    what: "SGX enclaves",
    only: |_, memory| memory.value("model") == Some("sgx-epc"),
    binary_alone: true,
};

/// An enclave must fit into the section of the host's node that it names; one that names none, or several, into some section.
fn section(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(source) = facts.sources.domain_caps.filter(|_| facts.qemu() && node.value("model") == Some("sgx-epc")) else { return };
    let (Some(target), Some(sgx)) = (node.descend(&["target", "size"]), source.said.section("features/sgx")) else { return };
    let Some((text, asked)) = size::of_text(target) else { return };
    let wanted = node.descend(&["source", "nodemask"]).and_then(Node::text).and_then(|text| text.value.parse::<u64>().ok());
    let of = |name: &'static str| sgx.details.iter().filter(move |(path, _)| path == name).map(|(_, said)| said);
    let sections = of("sections/section/@node").zip(of("sections/section/@size")).zip(of("sections/section/@unit"));
    let largest = sections
        .filter(|((node, _), _)| wanted.is_none_or(|wanted| node.value.parse() == Ok(wanted)))
        .filter_map(|((_, size), unit)| Some((size::kib(&size.value, Some(&unit.value))?, size)))
        .max_by_key(|(size, _)| *size);
    if let Some((most, said)) = largest
        && asked > most
    {
        findings.at(text.span, format!("the enclave asks for {asked} KiB, the host's section has {most} KiB")).evidence(
            source.id,
            said.span,
            format!("{most} KiB"),
        );
    }
}

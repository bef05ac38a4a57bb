//! `<features>` and `<genid>`.

mod hyperv;

use super::{Check, Facts, Findings, Need, Rule, Supported, offer, page, switched_on};
use crate::caps::Version;
use crate::finding::{Phase, Severity};
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#hypervisor-features";
const GENERAL: &str = "https://libvirt.org/formatdomain.html#general-metadata";

pub use hyperv::RULES as HYPERV;

/// The rules.
pub const RULES: &[Rule] = &[
    GIC.rule("gic-unsupported", page!("features/gic-unsupported.md"), &["domain/features/gic"], DOCS),
    VMCOREINFO.rule("vmcoreinfo-unsupported", page!("features/vmcoreinfo-unsupported.md"), &["domain/features/vmcoreinfo"], DOCS),
    GENID.rule("genid-unsupported", page!("features/genid-unsupported.md"), &["domain/genid"], GENERAL),
    TEARDOWN.rule("async-teardown-unsupported", page!("features/async-teardown-unsupported.md"), &["domain/features/async-teardown"], DOCS),
    PS2.rule("ps2-unsupported", page!("features/ps2-unsupported.md"), &["domain/features/ps2"], DOCS),
    Rule {
        code: "ps2-needs-newer-qemu",
        severity: Severity::Error,
        phase: Phase::Define,
        needs: &[],
        on: &["domain/features/ps2"],
        check: Check::Function(ps2),
        page: page!("features/ps2-needs-newer-qemu.md"),
        docs: DOCS,
    },
    Rule {
        code: "gic-version-unlisted",
        severity: Severity::Warning,
        phase: Phase::Start,
        needs: &[Need::DomainCapabilities],
        on: &["domain/features/gic"],
        check: Check::Function(gic_version),
        page: page!("features/gic-version-unlisted.md"),
        docs: DOCS,
    },
];

const GIC: Supported = Supported {
    section: "features/gic",
    what: "a choice of the interrupt controller for this machine",
    // libvirt asks for the machine alone, and takes any version there
    only: |facts, _| !facts.arm_virt(),
    binary_alone: false,
};

const VMCOREINFO: Supported =
    Supported { section: "features/vmcoreinfo", what: "`vmcoreinfo`", only: |_, node| switched_on(node), binary_alone: true };

const GENID: Supported = Supported { section: "features/genid", what: "a generation id", only: |_, _| true, binary_alone: true };

const TEARDOWN: Supported = Supported {
    section: "features/async-teardown",
    what: "asynchronous teardown",
    only: |_, node| node.value("enabled").is_none_or(|enabled| enabled == "yes"),
    binary_alone: true,
};

const PS2: Supported =
    Supported { section: "features/ps2", what: "a switch for the PS/2 controller on this machine", only: |_, _| true, binary_alone: false };

/// Documents before libvirt 10.7.0 say nothing of it, but QEMU has it since 7.0.
fn ps2(facts: &Facts, node: Node, findings: &mut Findings) {
    let told = facts.sources.domain_caps.is_some_and(|source| source.said.section("features/ps2").is_some());
    if facts.qemu() && !told && facts.sources.versions.qemu.at_least(Version(7, 0, 0)) == Some(false) {
        findings.at(node.name_span(), "the switch for the PS/2 controller needs QEMU 7.0 or later");
    }
}

/// libvirt lets QEMU decide; `host` is never listed.
fn gic_version(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(version) = node.attr("version").filter(|version| matches!(version.value(), "2" | "3") && facts.qemu()) else { return };
    let Some(source) = facts.sources.domain_caps else { return };
    if let Some(list) = source.said.list("features/gic", "version").filter(|list| !list.has(version.value())) {
        let message = format!("this host offers no interrupt controller of version {}", version.value());
        findings.at(version.value_span(), message).evidence(source.id, list.span, offer(list)).likely();
    }
}

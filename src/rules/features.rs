//! `<features>` and `<genid>`.

pub mod home;
pub mod hyperv;
pub mod setting;

use super::{Check, Facts, Findings, Need, Rule, Supported, offer, page, switched_on};
use crate::caps::Version;
use crate::edit;
use crate::finding::{Effect, Phase, Severity};
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#hypervisor-features";
const GENERAL: &str = "https://libvirt.org/formatdomain.html#general-metadata";

/// The rules.
pub const RULES: &[Rule] = &[
    GIC.rule("gic-unsupported", page!("features/gic-unsupported.md"), &["domain/features/gic"], DOCS),
    VMCOREINFO.rule("vmcoreinfo-unsupported", page!("features/vmcoreinfo-unsupported.md"), &["domain/features/vmcoreinfo"], DOCS),
    GENID.rule("genid-unsupported", page!("features/genid-unsupported.md"), &["domain/genid"], GENERAL),
    TEARDOWN.rule("async-teardown-unsupported", page!("features/async-teardown-unsupported.md"), &["domain/features/async-teardown"], DOCS),
    PS2.rule("ps2-unsupported", page!("features/ps2-unsupported.md"), &["domain/features/ps2"], DOCS),
    Rule::define("ps2-needs-newer-qemu", &["domain/features/ps2"], ps2, page!("features/ps2-needs-newer-qemu.md"), DOCS),
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
        let finding = findings.at(version.value_span(), message).evidence(source.id, list.span, offer(list)).likely();
        if let Some(other) = list.values.first() {
            let edit = edit::replace(version.value_span(), &other.value);
            finding.fix(format!("Use version {}", other.value), Effect::ChangesGuest, vec![edit]);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &[
        "gic-unsupported",
        "vmcoreinfo-unsupported",
        "genid-unsupported",
        "async-teardown-unsupported",
        "ps2-unsupported",
        "ps2-needs-newer-qemu",
        "gic-version-unlisted",
    ];

    #[test]
    fn the_interrupt_controller_belongs_to_virt() {
        let fixture = r#"
<acpi/>
<gic version='2'/>
 ^^^ error[gic-unsupported]: this host does not support a choice of the interrupt controller for this machine
 | domcaps.xml: `features/gic` is not supported
 | fix: Remove `<gic>` (changes guest)
"#;
        check_in("qemu-q35", "features", CODES, fixture);
        let mended = mended_in("qemu-q35", "features", "gic-unsupported", fixture);
        assert_eq!(mended, "- <gic version='2'/>");
    }

    #[test]
    fn on_virt_libvirt_never_refuses() {
        let fixture = "<gic version='3'/>";
        check_in("aarch64+gic-denied", "features", CODES, fixture);
    }

    #[test]
    fn a_version_that_is_not_listed_may_fail() {
        let fixture = r#"
<gic version='3'/>
              ^ warning[gic-version-unlisted]: this host offers no interrupt controller of version 3
              | domcaps.xml: offered: `2`
              | fix: Use version 2 (changes guest)
"#;
        assert_eq!(check_in("aarch64+without-3", "features", CODES, fixture), ["start"]);
        let mended = mended_in("aarch64+without-3", "features", "gic-version-unlisted", fixture);
        assert_eq!(mended, "- <gic version='3'/>\n+ <gic version='2'/>");
    }

    #[test]
    fn host_is_never_listed() {
        let fixture = "<gic version='host'/>";
        check_in("aarch64+without-3", "features", CODES, fixture);
    }

    #[test]
    fn vmcoreinfo_is_refused_where_it_is_on() {
        let fixture = r#"
<vmcoreinfo/>
 ^^^^^^^^^^ error[vmcoreinfo-unsupported]: this host does not support `vmcoreinfo`
 | domcaps.xml: `features/vmcoreinfo` is not supported
 | fix: Remove `<vmcoreinfo>` (changes guest)
"#;
        check_in("s390x", "features", CODES, fixture);
        let mended = mended_in("s390x", "features", "vmcoreinfo-unsupported", fixture);
        assert_eq!(mended, "- <vmcoreinfo/>");
    }

    #[test]
    fn switched_off_it_passes() {
        let fixture = "<vmcoreinfo state='off'/>";
        check_in("s390x", "features", CODES, fixture);
    }

    #[test]
    fn a_generation_id_needs_its_device() {
        let fixture = r#"
<genid/>
 ^^^^^ error[genid-unsupported]: this host does not support a generation id
 | domcaps.xml: `features/genid` is not supported
 | fix: Remove `<genid>` (changes guest)
"#;
        check_in("s390x", "", CODES, fixture);
        let mended = mended_in("s390x", "", "genid-unsupported", fixture);
        assert_eq!(mended, "- <genid/>");
    }

    #[test]
    fn teardown_needs_qemu() {
        let fixture = r#"
<async-teardown enabled='yes'/>
 ^^^^^^^^^^^^^^ error[async-teardown-unsupported]: this host does not support asynchronous teardown
 | domcaps.xml: `features/async-teardown` is not supported
 | fix: Remove `<async-teardown>` (changes guest)
"#;
        check_in("qemu-q35+denied-async-teardown", "features", CODES, fixture);
        let mended = mended_in("qemu-q35+denied-async-teardown", "features", "async-teardown-unsupported", fixture);
        assert_eq!(mended, "- <async-teardown enabled='yes'/>");
    }

    #[test]
    fn teardown_that_is_off_needs_nothing() {
        let fixture = "<async-teardown enabled='no'/>";
        check_in("qemu-q35+denied-async-teardown", "features", CODES, fixture);
    }

    #[test]
    fn the_ps2_switch_is_refused_on_and_off() {
        let fixture = r#"
<ps2 state='on'/>
 ^^^ error[ps2-unsupported]: this host does not support a switch for the PS/2 controller on this machine
 | domcaps.xml: `features/ps2` is not supported
 | fix: Remove `<ps2>` (changes guest)
"#;
        check_in("aarch64", "features", CODES, fixture);
        let mended = mended_in("aarch64", "features", "ps2-unsupported", fixture);
        assert_eq!(mended, "- <ps2 state='on'/>");
    }

    #[test]
    fn on_a_pc_it_is_fine() {
        let fixture = "<ps2 state='off'/>";
        check_in("qemu-q35", "features", CODES, fixture);
    }
}

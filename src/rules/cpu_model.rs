//! The CPU that the guest gets: modes, models, and how sure the documents are of them.

mod common;
mod compared;
mod compat;
mod document;
mod feature;
mod host_model;
mod kinds;
mod mode;
mod model;
mod pin;
mod unlisted;
mod unset;
mod unusable;

pub use common::{CommonCpu, use_common_cpu};

use super::{Facts, Look, Need, Rule};
use crate::cpu::{CpuMode, Driver, Family};
use crate::finding::{Phase, Severity};
use crate::text::Span;
use crate::xml::Node;

/// The caveats and faults of the resolved CPU.
pub const RULES: &[Rule] = &[
    host_model::RESOLVED,
    host_model::UNPROBED,
    host_model::OLD,
    host_model::VARIES,
    compat::COMPAT,
    compat::COMPAT_REFUSED,
    kinds::NAMED,
    kinds::EMULATED,
    mode::UNSUPPORTED,
    mode::NEEDS_KVM,
    unusable::UNUSABLE,
    compared::MISSING,
    compared::STRICT,
    model::DEPRECATED,
    model::ALIAS,
    unlisted::UNLISTED,
    unset::DEFAULT,
    document::EXPANDED,
    document::UNFIT,
    document::UNSURE,
    feature::LEFT_OUT,
    feature::HOST_ONLY,
    feature::UNKNOWN,
];

const DOCS: &str = "https://libvirt.org/formatdomain.html#cpu-model-and-topology";

const fn on_cpu(code: &'static str, severity: Severity, phase: Phase, look: Look, page: &'static str) -> Rule {
    Rule { severity, phase, ..Rule::define(code, &["domain/cpu"], look, page, DOCS) }
}

const fn by_domain_caps(rule: Rule) -> Rule {
    Rule { needs: &[Need::DomainCapabilities], ..rule }
}

/// True where the QEMU driver runs the domain and host-model is asked for.
fn asks_host_model(facts: &Facts) -> bool {
    facts.cpu.request.driver != Driver::Other && facts.cpu.request.mode == CpuMode::HostModel
}

/// True where host-model comes to a model of its own.
fn resolves(family: Family) -> bool {
    matches!(family, Family::X86 | Family::S390x)
}

/// Where the mode is said: the attribute's value, else the element's name.
fn mode_span(node: Node) -> Span {
    node.attr("mode").map_or(node.name_span(), |mode| mode.value_span())
}

/// The document's word on host-model.
fn definition<'a>(facts: &Facts<'a>) -> Option<(crate::finding::DocumentId, &'a crate::caps::HostModel)> {
    let caps = facts.sources.domain_caps?;
    Some((caps.id, caps.said.cpu.host_model.as_ref()?))
}

/// True where the document offers host-model.
fn offers_host_model(facts: &Facts) -> bool {
    definition(facts).is_some_and(|(_, definition)| definition.mode.answer().is_yes())
}

/// True where the domain requires a feature that this host lacks: then no other model mends it.
fn lacks_required(facts: &Facts) -> bool {
    let off = |name: &str| facts.cpu.features.iter().any(|feature| feature.name == name && feature.running == Some(false));
    facts.cpu.request.features().any(|feature| feature.policy == crate::caps::Policy::Require && off(feature.name))
}

/// Names in backticks, the first few of them.
fn some(names: &[&str]) -> String {
    const SHOWN: usize = 5;
    let shown: Vec<_> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    //! Row by row: each caveat is shown once and stays silent once.

    use super::RULES;
    use crate::support::{codes, host};

    /// A caveat, a domain that shows it, and one that does not; each as host, type, architecture, machine, `<cpu>`.
    struct Row(u8, &'static str, Case, Case);
    type Case = (&'static str, &'static str, &'static str, &'static str, &'static str);

    const HOST_MODEL: &str = "<cpu mode='host-model'/>";
    const NEHALEM: &str = "<cpu><model>Nehalem</model></cpu>";
    const KVM: Case = ("kvm-q35", "kvm", "x86_64", "q35", HOST_MODEL);
    const QEMU: Case = ("qemu-q35", "qemu", "x86_64", "q35", NEHALEM);

    const fn kvm(cpu: &'static str) -> Case {
        ("kvm-q35", "kvm", "x86_64", "q35", cpu)
    }

    const fn qemu(cpu: &'static str) -> Case {
        ("qemu-q35", "qemu", "x86_64", "q35", cpu)
    }

    const fn ppc64(cpu: &'static str) -> Case {
        ("ppc64+kvm", "kvm", "ppc64", "pseries", cpu)
    }

    const fn on(host: &'static str, case: Case) -> Case {
        (host, case.1, case.2, case.3, case.4)
    }

    const ROWS: &[Row] = &[
        Row(1, "cpu-host-model-resolved", KVM, on("kvm-q35+fallback-allow", KVM)),
        Row(1, "cpu-host-model-resolved", ("s390x+kvm", "kvm", "s390x", "s390-ccw-virtio", HOST_MODEL), kvm(NEHALEM)),
        Row(2, "cpu-host-model-unprobed", on("kvm-q35+fallback-allow", KVM), KVM),
        Row(3, "cpu-host-model-old-versions", on("old", KVM), KVM),
        Row(4, "cpu-host-model-compat", ppc64(HOST_MODEL), KVM),
        Row(4, "cpu-compat-mode-refused", ppc64("<cpu mode='host-model'><model>power11</model></cpu>"), ppc64(HOST_MODEL)),
        Row(5, "cpu-host-model-named", kvm("<cpu mode='host-model'><model>Nehalem</model></cpu>"), KVM),
        Row(7, "cpu-host-model-emulated", qemu(HOST_MODEL), KVM),
        Row(7, "cpu-host-passthrough-emulated", on("none", qemu("<cpu mode='host-passthrough'/>")), on("none", KVM)),
        Row(8, "cpu-mode-unsupported", ("aarch64", "qemu", "aarch64", "virt", HOST_MODEL), KVM),
        Row(9, "cpu-host-model-varies", on("none", KVM), kvm("<cpu mode='host-passthrough'/>")),
        Row(15, "cpu-model-unusable", kvm("<cpu><model>Skylake-Server</model></cpu>"), QEMU),
        Row(
            15,
            "cpu-feature-missing",
            qemu("<cpu mode='host-model'><feature name='pcid'/></cpu>"),
            qemu("<cpu mode='host-model'><feature name='aes'/></cpu>"),
        ),
        Row(
            15,
            "cpu-match-strict",
            ("9.0.0:qemu-q35", "qemu", "x86_64", "q35", "<cpu match='strict' check='partial'><model>kvm64</model></cpu>"),
            qemu("<cpu match='strict' check='partial'><model>kvm64</model></cpu>"),
        ),
        Row(16, "cpu-model-unlisted", qemu("<cpu><model>nehalem</model></cpu>"), QEMU),
        Row(17, "cpu-model-deprecated", on("qemu-q35+deprecated", QEMU), QEMU),
        Row(17, "cpu-model-alias", QEMU, qemu("<cpu><model>Nehalem-v1</model></cpu>")),
        Row(18, "cpu-model-default", kvm(""), KVM),
        Row(20, "cpu-document-expanded", on("x86_64-q35-kvm.expand-cpu-features", KVM), KVM),
        Row(20, "cpu-document-expanded", on("x86_64-q35-kvm.supported-cpu-features", KVM), qemu(HOST_MODEL)),
        Row(21, "cpu-document-unfit", on("qemu-q35", ("", "qemu", "aarch64", "virt", "")), on("none", KVM)),
        Row(23, "cpu-feature-left-out", kvm("<cpu mode='host-model'><feature name='mbm_local'/></cpu>"), KVM),
        Row(24, "cpu-exact-unknown", ("kvm-q35+fallback-allow", "kvm", "x86_64", "q35", HOST_MODEL), KVM),
        Row(25, "cpu-feature-host-only", kvm("<cpu><model>kvm64</model><feature name='avx2'/></cpu>"), kvm(NEHALEM)),
        Row(29, "cpu-feature-unknown", qemu("<cpu><model>Nehalem</model><feature name='axs'/></cpu>"), QEMU),
    ];

    fn found((host, domain_type, arch, machine, cpu): Case) -> Vec<&'static str> {
        let os = format!("<os><type arch='{arch}' machine='{machine}'>hvm</type></os>");
        codes(host, &format!("<domain type='{domain_type}'><name>a</name><memory>524288</memory>{os}{cpu}</domain>"))
    }

    #[test]
    fn each_row_shows_and_stays_silent() {
        for Row(number, code, shows, silent) in ROWS {
            let (shown, kept) = (found(*shows), found(*silent));
            assert!(shown.contains(code), "row {number}: {code} is not shown by {shows:?}: {shown:?}");
            assert!(!kept.contains(code), "row {number}: {code} is shown by {silent:?}: {kept:?}");
        }
    }

    #[test]
    fn each_row_and_each_rule_is_here() {
        let rows: std::collections::BTreeSet<u8> = ROWS.iter().map(|row| row.0).collect();
        assert!(rows.into_iter().eq([1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 18, 20, 21, 23, 24, 25, 29]));
        for rule in RULES {
            assert!(ROWS.iter().any(|row| row.1 == rule.code), "{} has no row", rule.code);
        }
    }

    #[test]
    fn a_bare_host_model_with_its_documents_shows_two_lines() {
        assert_eq!(found(KVM), ["cpu-host-model-resolved", "cpu-host-model-varies"]);
    }

    #[test]
    fn other_drivers_are_left_alone() {
        for domain_type in ["xen", "lxc", "vmware", "hvf", "test"] {
            for cpu in ["", HOST_MODEL, "<cpu mode='host-passthrough'/>", "<cpu><model>Foo</model><feature name='cmt'/></cpu>"] {
                let os = "<os><type arch='x86_64' machine='q35'>hvm</type></os>";
                let xml = format!("<domain type='{domain_type}'><name>a</name>{os}{cpu}</domain>");
                let report = host("kvm-q35").check(&xml, None);
                let ours = report.findings.iter().find(|finding| RULES.iter().any(|rule| rule.code == finding.code));
                assert_eq!(ours, None, "{domain_type} {cpu}");
            }
        }
    }
}

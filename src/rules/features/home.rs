//! Features that exist on some architectures or machines alone, with one hypervisor, or with others.

use super::DOCS;
use crate::caps::Version;
use crate::edit;
use crate::finding::{Effect, Phase};
use crate::rules::host::size::of_text;
use crate::rules::{Facts, Family, Findings, Kind, Rule, page, switched_on};
use crate::xml::Node;

const ON: &[&str] = &["domain/features"];

/// The rules.
pub const RULES: &[Rule] = &[
    Rule::define("feature-foreign", ON, foreign, page!("feature-foreign.md"), DOCS),
    Rule::define("pmu-always-on", &["domain/features/pmu"], pmu, page!("pmu-always-on.md"), DOCS),
    Rule::define("tcg-with-kvm", &["domain/features/tcg"], tcg, page!("tcg-with-kvm.md"), DOCS),
    Rule::define("tseg-unfit", &["domain/features/smm/tseg"], tseg, page!("tseg-unfit.md"), DOCS),
    Rule::define("ps2-needed", &["domain/features/ps2"], ps2, page!("ps2-needed.md"), DOCS),
];

/// Where a feature exists.
#[derive(Clone, Copy)]
enum Home {
    X86,
    /// A PC with an ISA bus, as VMware's has.
    IsaPc,
    Pseries,
    ArmVirt,
    RiscvVirt,
    Acpi,
}

const HOMES: &[(&str, Home)] = &[
    ("ioapic", Home::X86),
    ("apic", Home::X86),
    ("pvspinlock", Home::X86),
    ("smm", Home::X86),
    ("vmport", Home::IsaPc),
    ("hpt", Home::Pseries),
    ("htm", Home::Pseries),
    ("nested-hv", Home::Pseries),
    ("ccf-assist", Home::Pseries),
    ("cfpc", Home::Pseries),
    ("sbbc", Home::Pseries),
    ("ibs", Home::Pseries),
    ("ras", Home::ArmVirt),
    ("aia", Home::RiscvVirt),
    ("acpi", Home::Acpi),
];

impl Home {
    fn name(self) -> &'static str {
        match self {
            Self::X86 => "PCs",
            Self::IsaPc => "the machines `pc`, `q35` and `isapc`",
            Self::Pseries => "the machine `pseries`",
            Self::ArmVirt => "the machine `virt` of ARM",
            Self::RiscvVirt => "the machine `virt` of RISC-V",
            Self::Acpi => "PCs and the machines `virt`",
        }
    }

    /// Whether the domain is at home; yes where that is not known.
    fn holds(self, facts: &Facts) -> bool {
        let family = |families: &[Family]| facts.board.is_none_or(|board| families.contains(&board.family));
        match self {
            Self::X86 => facts.arch().is_none() || facts.x86(),
            Self::IsaPc => family(&[Family::I440fx, Family::Q35, Family::Isapc]),
            Self::Pseries => family(&[Family::Pseries]),
            Self::ArmVirt => family(&[Family::ArmVirt]),
            Self::RiscvVirt => family(&[Family::RiscvVirt]),
            Self::Acpi => facts.arch().is_none() || facts.x86() || family(&[Family::ArmVirt, Family::RiscvVirt, Family::LoongArchVirt]),
        }
    }
}

/// Whether the element says anything: `<apic/>` and `<hpt/>` alone do not.
fn asks(facts: &Facts, feature: Node) -> bool {
    match feature.name() {
        "apic" => feature.attr("eoi").is_some(),
        "hpt" => feature.attr("resizing").is_some() || feature.child("maxpagesize").is_some(),
        "ioapic" => feature.attr("driver").is_some(),
        "smm" => switched_on(feature),
        "acpi" => asks_for_acpi(facts),
        _ => true,
    }
}

/// 9.0.0 takes ACPI everywhere and does nothing. Tried on each machine that 11.3.0 with QEMU 10.0 and 12.8.0 with 11.1 have; nothing dates
/// it, and libvirt's own tests of 11.3.0 take it with QEMU 7.
fn asks_for_acpi(facts: &Facts) -> bool {
    facts.since(Version(11, 3, 0)) && facts.sources.versions.qemu.at_least(Version(10, 0, 0)) == Some(true)
}

fn foreign(facts: &Facts, features: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    for feature in features.elements() {
        let Some((_, home)) = HOMES.iter().find(|(name, _)| *name == feature.name()) else { continue };
        if home.holds(facts) || !asks(facts, feature) {
            continue;
        }
        let (span, what, edit) = match feature.attr("eoi") {
            Some(eoi) => (eoi.name_span(), "eoi", edit::remove_attribute(feature, &eoi)),
            None => (feature.name_span(), feature.name(), edit::remove(feature)),
        };
        let here = facts.machine().or(facts.arch()).unwrap_or("another");
        let finding = findings.at(span, format!("`{what}` is for {}, this domain's machine is `{here}`", home.name()));
        // QEMU then knows no such property of the machine
        if what == "smm" {
            finding.phase(Phase::Start);
        }
        finding.fix(format!("Remove `{what}`"), Effect::ChangesGuest, vec![edit]);
    }
}

fn pmu(facts: &Facts, node: Node, findings: &mut Findings) {
    let ppc64 = facts.arch().is_some_and(|arch| arch.starts_with("ppc64"));
    if let Some(state) = node.attr("state").filter(|state| state.value() == "off" && ppc64 && facts.qemu()) {
        let finding = findings.at(state.value_span(), "POWER counts events always, and cannot be told not to");
        finding.fix("Remove `<pmu>`", Effect::Safe, vec![edit::remove(node)]);
    }
}

/// The cache of translated code.
fn tcg(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some((cache, (text, size))) = node.child("tb-cache").and_then(|cache| Some((cache, of_text(cache)?))) else { return };
    if size == 0 || !facts.qemu() {
        return;
    }
    if facts.subject.domain_type() != Some("qemu") {
        let finding = findings.at(node.name_span(), "nothing is translated under KVM, so that there is no cache of it to size");
        finding.fix("Remove `<tcg>`", Effect::Safe, vec![edit::remove(node)]);
    } else if size % 1024 != 0 {
        let finding = findings.at(text.span, "the cache of translated code is sized in whole MiB");
        let Some(whole) = size.checked_next_multiple_of(1024) else { return };
        let edits = match cache.attr("unit") {
            Some(unit) => vec![edit::replace(unit.value_span(), "MiB"), edit::replace(text.span, &(whole / 1024).to_string())],
            None => vec![edit::replace(text.span, &whole.to_string())],
        };
        finding.fix(format!("Use {} MiB", whole / 1024), Effect::ChangesGuest, edits);
    }
}

/// MiB where no unit is written, unlike elsewhere.
fn tseg(facts: &Facts, node: Node, findings: &mut Findings) {
    let on = node.parent().is_some_and(switched_on);
    let Some(text) = node.text().filter(|_| on && facts.qemu()) else { return };
    if facts.board.is_some_and(|board| board.family != Family::Q35) {
        let finding = findings.at(node.name_span(), "memory is set apart for SMM on the machine `q35` alone");
        finding.fix("Remove `<tseg>`", Effect::Safe, vec![edit::remove(node)]);
        return;
    }
    let unit = node.value("unit").filter(|unit| !unit.is_empty());
    // a size in bytes that is no whole KiB is no whole MiB either
    let whole = |kib: u64| kib.is_multiple_of(1024);
    let bytes = unit.is_some_and(|unit| unit.to_ascii_lowercase().starts_with('b'));
    let exact = !bytes || text.value.parse::<u64>().is_ok_and(|bytes| bytes % (1 << 20) == 0);
    let size = crate::rules::host::size::kib(text.value, unit.or(Some("MiB")));
    if size.is_some_and(|size| !whole(size) || !exact) {
        findings.at(text.span, "memory is set apart for SMM in whole MiB");
    }
}

/// What needs the controller that is switched off.
fn ps2(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(state) = node.attr("state").filter(|state| state.value() == "off" && facts.qemu()) else { return };
    let on = |finding: &mut crate::finding::Finding| {
        finding.related(state.span(), "it is switched off here");
        finding.fix("Switch it on", Effect::ChangesGuest, vec![edit::replace(state.value_span(), "on")]);
    };
    for input in facts.whole.all(Kind::Input) {
        if let Some(bus) = input.attr("bus").filter(|bus| bus.value() == "ps2") {
            on(findings.at(bus.value_span(), "a PS/2 device needs the PS/2 controller"));
        }
    }
    let vmport = facts.whole.features.and_then(|features| features.child("vmport"));
    if let Some(vmport) = vmport.filter(|vmport| switched_on(*vmport)) {
        on(findings.at(vmport.name_span(), "VMware's port needs the PS/2 controller"));
    }
}

#[cfg(test)]
mod tests;

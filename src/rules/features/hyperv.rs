//! `<hyperv>`: enlightenments for Windows.

use super::DOCS;
use crate::caps::Version;
use crate::edit;
use crate::finding::{Effect, Phase, Severity, TextEdit};
use crate::rules::{Check, Facts, Findings, Need, Rule, offer, page, switched_on};
use crate::xml::Node;

const ON: &[&str] = &["domain/features/hyperv"];

/// The rules.
pub const RULES: &[Rule] = &[
    Rule {
        code: "hyperv-foreign",
        severity: Severity::Error,
        phase: Phase::Define,
        needs: &[],
        on: ON,
        check: Check::Function(foreign),
        page: page!("hyperv-foreign.md"),
        docs: DOCS,
    },
    Rule {
        code: "hyperv-feature-unlisted",
        severity: Severity::Warning,
        phase: Phase::Start,
        needs: &[Need::DomainCapabilities],
        on: ON,
        check: Check::Function(unlisted),
        page: page!("hyperv-feature-unlisted.md"),
        docs: DOCS,
    },
    Rule {
        code: "hyperv-feature-alone",
        severity: Severity::Error,
        phase: Phase::Define,
        needs: &[],
        on: ON,
        check: Check::Function(alone),
        page: page!("hyperv-feature-alone.md"),
        docs: DOCS,
    },
];

fn on(hyperv: Node, name: &str) -> bool {
    hyperv.child(name).is_some_and(switched_on)
}

/// libvirt takes them on PCs and on ARM's `virt`, where QEMU then knows no such property.
fn foreign(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(arch) = facts.arch().filter(|_| facts.qemu() && !facts.x86()) else { return };
    if facts.machine().is_none() && (arch == "aarch64" || arch.starts_with("arm")) {
        return;
    }
    if !facts.arm_virt() {
        findings.at(node.name_span(), format!("enlightenments of Hyper-V exist on PCs, this domain is `{arch}`")).fix(
            "Remove `<hyperv>`",
            Effect::ChangesGuest,
            vec![edit::remove(node)],
        );
    } else if node.elements().any(|feature| feature.value("state") == Some("on")) {
        let message = format!("QEMU offers no enlightenments of Hyper-V on `{arch}`, although libvirt takes them");
        findings.at(node.name_span(), message).phase(Phase::Start).likely();
    }
}

/// Nothing is refused at define. KVM may lack what is not listed; of two, libvirt only warns.
fn unlisted(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(source) = facts.sources.domain_caps.filter(|_| facts.qemu()) else { return };
    if facts.subject.domain_type() == Some("qemu") {
        return emulated(facts, node, findings);
    }
    let Some(list) = source.said.list("features/hyperv", "features") else { return };
    for feature in node.elements().filter(|feature| feature.value("state") == Some("on")) {
        let name = feature.name();
        if KNOWN.split(' ').any(|known| known == name) && !list.has(name) {
            findings
                .at(feature.name_span(), format!("this host does not list `{name}` among the enlightenments that KVM offers"))
                .evidence(source.id, list.span, offer(list))
                .likely()
                .fix(format!("Switch {name} off"), Effect::ChangesGuest, vec![edit::set_attribute(feature, "state", "off")]);
        }
    }
}

/// Without KVM nearly all of them start. QEMU 7.2 was seen to refuse one, 11.1 no more.
fn emulated(facts: &Facts, node: Node, findings: &mut Findings) {
    let old = facts.sources.versions.qemu.at_least(Version(8, 0, 0)) == Some(false);
    if let Some(vpindex) = node.child("vpindex").filter(|vpindex| old && vpindex.value("state") == Some("on")) {
        findings.at(vpindex.name_span(), "QEMU 7.2 and earlier refuse `vpindex` without KVM").likely();
    }
}

/// What libvirt knows and KVM may lack.
const KNOWN: &str =
    "spinlocks vpindex runtime synic stimer reset vendor_id frequencies reenlightenment tlbflush ipi evmcs avic emsr_bitmap xmm_input";

/// Which builds on which, as QEMU's documentation of them says, and whether libvirt asks for it.
const CHAIN: &[(&str, &str, bool)] = &[
    ("synic", "vpindex", false),
    ("stimer", "vpindex", false),
    ("stimer", "synic", true),
    ("tlbflush", "vpindex", true),
    ("ipi", "vpindex", true),
    ("evmcs", "vapic", true),
];

/// libvirt asks since 11.9.0, say its news, and 12.0.0 asks for less: what 12.8.0 was seen to refuse, with KVM and without. The rest is
/// left to QEMU, which looks at them under KVM.
fn alone(facts: &Facts, node: Node, findings: &mut Findings) {
    if !facts.qemu() || !facts.x86() || node.value("mode") == Some("passthrough") {
        return;
    }
    let asks = facts.since(Version(11, 9, 0));
    let kvm = facts.subject.domain_type() == Some("kvm");
    for (name, needed, asked) in CHAIN {
        let refused = asks && *asked;
        let Some(feature) = node.child(name).filter(|feature| (refused || kvm) && switched_on(*feature) && !on(node, needed)) else {
            continue;
        };
        let finding = findings.at(feature.name_span(), format!("`{name}` needs `{needed}`"));
        if !refused {
            finding.phase(Phase::Start).likely();
        }
        finding.fix(format!("Switch {needed} on"), Effect::ChangesGuest, vec![with(node, needed)]);
    }
    let direct = node.child("tlbflush").filter(|flush| asks && switched_on(*flush)).and_then(|flush| flush.child("direct"));
    if let Some(direct) = direct.filter(|direct| switched_on(*direct) && !on(node, "vapic")) {
        let finding = findings.at(direct.name_span(), "`direct` needs `vapic`");
        finding.fix("Switch vapic on", Effect::ChangesGuest, vec![with(node, "vapic")]);
    }
    if let Some(stimer) = node.child("stimer").filter(|stimer| (asks || kvm) && switched_on(*stimer) && !clock(facts)) {
        let finding = findings.at(stimer.name_span(), "`stimer` needs the timer `hypervclock`");
        if !asks {
            finding.phase(Phase::Start).likely();
        }
        if let Some(clock) = facts.subject.root.child("clock").filter(|clock| timer(*clock).is_none()) {
            let edit = edit::append_child(clock, "<timer name='hypervclock' present='yes'/>");
            finding.fix("Add the timer hypervclock", Effect::ChangesGuest, vec![edit]);
        }
    }
}

/// Switches an enlightenment on.
fn with(hyperv: Node, name: &str) -> TextEdit {
    match hyperv.child(name) {
        Some(feature) => edit::set_attribute(feature, "state", "on"),
        None => edit::append_child(hyperv, &format!("<{name} state='on'/>")),
    }
}

fn clock(facts: &Facts) -> bool {
    let timer = facts.subject.root.child("clock").and_then(timer);
    timer.is_some_and(|timer| timer.value("present") != Some("no"))
}

fn timer(clock: Node) -> Option<Node> {
    clock.children("timer").find(|timer| timer.value("name") == Some("hypervclock"))
}

#[cfg(test)]
mod tests;

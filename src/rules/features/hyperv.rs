//! `<hyperv>`: enlightenments for Windows.

use super::DOCS;
use crate::caps::Version;
use crate::finding::{Phase, Severity};
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
    if !facts.arm_virt() {
        findings.at(node.name_span(), format!("enlightenments of Hyper-V exist on PCs, this domain is `{arch}`"));
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
        if !matches!(name, "relaxed" | "vapic") && KNOWN.contains(&name) && !list.has(name) {
            findings
                .at(feature.name_span(), format!("this host does not list `{name}` among the enlightenments that KVM offers"))
                .evidence(source.id, list.span, offer(list))
                .likely();
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

const KNOWN: &[&str] = &[
    "spinlocks",
    "vpindex",
    "runtime",
    "synic",
    "stimer",
    "reset",
    "vendor_id",
    "frequencies",
    "reenlightenment",
    "tlbflush",
    "ipi",
    "evmcs",
    "avic",
    "emsr_bitmap",
    "xmm_input",
];

/// Which needs which, as far as libvirt 12.8.0 was seen to refuse; it asks since 11.9.0.
fn alone(facts: &Facts, node: Node, findings: &mut Findings) {
    if !facts.qemu() || !facts.x86() || facts.sources.versions.libvirt.at_least(Version(11, 9, 0)) != Some(true) {
        return;
    }
    for (feature, needed) in [("evmcs", "vapic"), ("ipi", "vpindex")] {
        if let Some(feature) = node.child(feature).filter(|feature| switched_on(*feature) && !on(node, needed)) {
            findings.at(feature.name_span(), format!("`{}` needs `{needed}`", feature.name()));
        }
    }
    if let Some(stimer) = node.child("stimer").filter(|stimer| switched_on(*stimer) && !clock(facts)) {
        findings.at(stimer.name_span(), "`stimer` needs the timer `hypervclock`");
    }
}

fn clock(facts: &Facts) -> bool {
    let is_clock = |timer: Node| timer.value("name") == Some("hypervclock") && timer.value("present") != Some("no");
    facts.subject.root.child("clock").is_some_and(|clock| clock.children("timer").any(is_clock))
}

#[cfg(test)]
mod tests {
    use crate::support::check_in;

    const CODES: &[&str] = &["hyperv-foreign", "hyperv-feature-unlisted", "hyperv-feature-alone"];

    #[test]
    fn other_architectures_refuse_at_define() {
        let fixture = r#"
<hyperv>
 ^^^^^^ error[hyperv-foreign]: enlightenments of Hyper-V exist on PCs, this domain is `s390x`
  <relaxed state='off'/>
</hyperv>
"#;
        check_in("s390x", "features", CODES, fixture);
    }

    #[test]
    fn arm_fails_at_start_where_something_is_on() {
        let fixture = r#"
<hyperv>
 ^^^^^^ warning[hyperv-foreign]: QEMU offers no enlightenments of Hyper-V on `aarch64`, although libvirt takes them
  <relaxed state='on'/>
</hyperv>
"#;
        assert_eq!(check_in("aarch64", "features", CODES, fixture), ["start"]);
    }

    #[test]
    fn arm_with_nothing_on_is_fine() {
        let fixture = r#"
<hyperv>
  <relaxed state='off'/>
</hyperv>
"#;
        check_in("aarch64", "features", CODES, fixture);
    }

    #[test]
    fn kvm_may_lack_what_is_not_listed() {
        let fixture = r#"
<hyperv>
  <relaxed state='on'/>
  <vpindex state='on'/>
   ^^^^^^^ warning[hyperv-feature-unlisted]: this host does not list `vpindex` among the enlightenments that KVM offers
   | domcaps.xml: offered: `spinlocks`, `vendor_id`
  <reset state='off'/>
</hyperv>
"#;
        assert_eq!(check_in("kvm-q35", "features", CODES, fixture), ["start"]);
    }

    #[test]
    fn without_kvm_nearly_all_start() {
        let fixture = r#"
<hyperv>
  <vpindex state='on'/>
  <runtime state='on'/>
</hyperv>
"#;
        check_in("qemu-q35", "features", CODES, fixture);
    }

    #[test]
    fn without_kvm_an_old_qemu_refuses_one() {
        let fixture = r#"
<hyperv>
  <vpindex state='on'/>
   ^^^^^^^ warning[hyperv-feature-unlisted]: QEMU 7.2 and earlier refuse `vpindex` without KVM
  <runtime state='on'/>
</hyperv>
"#;
        assert_eq!(check_in("9.0.0:qemu-q35", "features", CODES, fixture), ["start"]);
    }

    #[test]
    fn some_need_others() {
        let fixture = r#"
<hyperv>
  <ipi state='on'/>
   ^^^ error[hyperv-feature-alone]: `ipi` needs `vpindex`
  <evmcs state='on'/>
   ^^^^^ error[hyperv-feature-alone]: `evmcs` needs `vapic`
  <stimer state='on'/>
   ^^^^^^ error[hyperv-feature-alone]: `stimer` needs the timer `hypervclock`
</hyperv>
"#;
        check_in("qemu-q35", "features", CODES, fixture);
    }

    #[test]
    fn before_11_9_0_libvirt_does_not_ask() {
        let fixture = r#"
<hyperv>
  <ipi state='on'/>
</hyperv>
"#;
        check_in("9.0.0:qemu-q35", "features", CODES, fixture);
    }

    #[test]
    fn together_they_are_fine() {
        let fixture = r#"
<clock offset='utc'>
  <timer name='hypervclock' present='yes'/>
</clock>
<features>
  <hyperv>
    <vapic state='on'/>
    <evmcs state='on'/>
    <stimer state='on'/>
  </hyperv>
</features>
"#;
        check_in("qemu-q35", "", CODES, fixture);
    }
}

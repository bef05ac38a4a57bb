//! `<hyperv>`: enlightenments for Windows.

use super::DOCS;
use crate::caps::Version;
use crate::edit;
use crate::finding::{Effect, Phase, Severity};
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

/// Which needs which, as far as libvirt 12.8.0 was seen to refuse; it asks since 11.9.0.
fn alone(facts: &Facts, node: Node, findings: &mut Findings) {
    if !facts.qemu() || !facts.x86() || facts.sources.versions.libvirt.at_least(Version(11, 9, 0)) != Some(true) {
        return;
    }
    for (feature, needed) in [("evmcs", "vapic"), ("ipi", "vpindex")] {
        if let Some(feature) = node.child(feature).filter(|feature| switched_on(*feature) && !on(node, needed)) {
            let edit = match node.child(needed) {
                Some(needed) => edit::set_attribute(needed, "state", "on"),
                None => edit::append_child(node, &format!("<{needed} state='on'/>")),
            };
            let finding = findings.at(feature.name_span(), format!("`{}` needs `{needed}`", feature.name()));
            finding.fix(format!("Switch {needed} on"), Effect::ChangesGuest, vec![edit]);
        }
    }
    if let Some(stimer) = node.child("stimer").filter(|stimer| switched_on(*stimer) && !clock(facts)) {
        let finding = findings.at(stimer.name_span(), "`stimer` needs the timer `hypervclock`");
        if let Some(clock) = facts.subject.root.child("clock").filter(|clock| timer(*clock).is_none()) {
            let edit = edit::append_child(clock, "<timer name='hypervclock' present='yes'/>");
            finding.fix("Add the timer hypervclock", Effect::ChangesGuest, vec![edit]);
        }
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
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["hyperv-foreign", "hyperv-feature-unlisted", "hyperv-feature-alone"];

    #[test]
    fn other_architectures_refuse_at_define() {
        let fixture = r#"
<hyperv>
 ^^^^^^ error[hyperv-foreign]: enlightenments of Hyper-V exist on PCs, this domain is `s390x`
 | fix: Remove `<hyperv>` (changes guest)
  <relaxed state='off'/>
</hyperv>
"#;
        check_in("s390x", "features", CODES, fixture);
        let mended = mended_in("s390x", "features", "hyperv-foreign", fixture);
        assert_eq!(mended, "- <hyperv>\n- <relaxed state='off'/>\n- </hyperv>");
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
   | fix: Switch vpindex off (changes guest)
  <reset state='off'/>
</hyperv>
"#;
        assert_eq!(check_in("kvm-q35", "features", CODES, fixture), ["start"]);
        let mended = mended_in("kvm-q35", "features", "hyperv-feature-unlisted", fixture);
        assert_eq!(mended, "- <vpindex state='on'/>\n+ <vpindex state='off'/>");
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
   | fix: Switch vpindex on (changes guest)
  <evmcs state='on'/>
   ^^^^^ error[hyperv-feature-alone]: `evmcs` needs `vapic`
   | fix: Switch vapic on (changes guest)
  <stimer state='on'/>
   ^^^^^^ error[hyperv-feature-alone]: `stimer` needs the timer `hypervclock`
</hyperv>
"#;
        check_in("qemu-q35", "features", CODES, fixture);
        let mended = mended_in("qemu-q35", "features", "hyperv-feature-alone", fixture);
        assert_eq!(mended, "+ <vpindex state='on'/>");
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

    #[test]
    fn some_need_a_timer() {
        let fixture = r#"
<clock offset='utc'/>
<features>
  <hyperv>
    <stimer state='on'/>
     ^^^^^^ error[hyperv-feature-alone]: `stimer` needs the timer `hypervclock`
     | fix: Add the timer hypervclock (changes guest)
  </hyperv>
</features>
"#;
        check_in("qemu-q35", "", CODES, fixture);
        let mended = mended_in("qemu-q35", "", "hyperv-feature-alone", fixture);
        assert_eq!(mended, "- <clock offset='utc'/>\n+ <clock offset='utc'>\n+ <timer name='hypervclock' present='yes'/>\n+ </clock>");
    }

    #[test]
    fn the_default_machine_of_arm_may_be_virt() {
        let fixture = r#"
<domain type='kvm'>
  <os><type arch='aarch64'>hvm</type></os>
  <features>
    <hyperv>
      <relaxed state='on'/>
    </hyperv>
  </features>
</domain>
"#;
        check_in("none", "", CODES, fixture);
    }
}

//! Features that do not come out as asked.

use super::super::{Facts, Findings, Look, Rule, page};
use super::DOCS;
use crate::caps::{Policy, Version};
use crate::cpu::map::x86_feature_names;
use crate::cpu::{CheckLevel, CpuMode, Driver, Family, Startable, Stop, document_names, names};
use crate::edit::{remove, replace, set_attribute};
use crate::finding::{Effect, Phase, Severity};
use crate::text::nearest;
use crate::xml::Node;

pub(super) const fn on_feature(code: &'static str, severity: Severity, phase: Phase, look: Look, page: &'static str) -> Rule {
    Rule { severity, phase, ..Rule::define(code, &["domain/cpu/feature"], look, page, DOCS) }
}

/// True for a domain of the QEMU driver on x86.
fn x86(facts: &Facts) -> bool {
    facts.cpu.request.family == Family::X86 && facts.cpu.request.driver != Driver::Other
}

pub const LEFT_OUT: Rule = on_feature("cpu-feature-left-out", Severity::Info, Phase::Dropped, left_out, page!("cpu-feature-left-out.md"));

fn left_out(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(name) = node.attr("name").filter(|name| x86(facts) && names::NEVER_PASSED.contains(&name.value())) else { return };
    let message = format!("libvirt never passes `{}` on to QEMU, whatever its policy", name.value());
    findings.at(name.value_span(), message).fix("Remove it", Effect::Safe, vec![remove(node)]);
}

pub const HOST_ONLY: Rule = Rule {
    needs: &[super::Need::DomainCapabilities, super::Need::Capabilities],
    ..on_feature("cpu-feature-host-only", Severity::Warning, Phase::Dropped, host_only, page!("cpu-feature-host-only.md"))
};

fn host_only(facts: &Facts, node: Node, findings: &mut Findings) {
    let request = &facts.cpu.request;
    let compared = request.mode == CpuMode::Custom && request.driver == Driver::Kvm && request.check == CheckLevel::Partial;
    let required = node.value("policy").is_none_or(|policy| policy == Policy::Require.word());
    let Some(name) = node.attr("name").filter(|_| x86(facts) && compared && required) else { return };
    let old = request.model.is_some_and(|model| names::compared_with_host(model.value)) || facts.before(Version(10, 9, 0));
    let Some(feature) = facts.cpu.features.find(name.value()) else { return };
    let Some((id, span)) = feature.evidence.filter(|_| old && feature.running == Some(false)) else { return };
    let Some(host) = facts.sources.host_caps else { return };
    let has = host.said.cpu.iter().flat_map(|cpu| &cpu.features).find(|feature| feature.name.value == name.value());
    let Some(has) = has else { return };
    let message = format!("the host's CPU has `{}`, but QEMU cannot give it: the check passes, and the guest runs without", name.value());
    let finding = findings.at(name.value_span(), message);
    finding.evidence(host.id, has.name.span, "the host's own CPU has it").evidence(id, span, "QEMU lacks it");
    finding.fix("Disable it", Effect::Safe, vec![set_attribute(node, "policy", "disable")]);
}

pub const UNKNOWN: Rule = on_feature("cpu-feature-unknown", Severity::Error, Phase::Start, unknown, page!("cpu-feature-unknown.md"));

fn unknown(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(name) = node.attr("name").filter(|name| x86(facts) && !facts.cpu.request.knows_feature(name.value())) else { return };
    let listed = facts.sources.domain_caps.is_some_and(|caps| document_names(caps.said, name.value()));
    if listed || name.value().is_empty() {
        return;
    }
    let certain = facts.cpu.startable == Startable::No && matches!(facts.cpu.stop, Some(Stop::FeatureUnknown(_)));
    let message = match certain {
        true => format!("libvirt does not know the CPU feature `{}`: the domain does not start", name.value()),
        false => format!("libvirt 12.8.0 does not know the CPU feature `{}`", name.value()),
    };
    let finding = findings.at(name.value_span(), message);
    if !certain {
        finding.likely();
    }
    if let Some(near) = nearest(name.value(), x86_feature_names()) {
        finding.fix(format!("Use `{near}`"), Effect::Safe, vec![replace(name.value_span(), near)]);
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check, codes, mended};

    #[test]
    fn a_feature_that_is_never_passed() {
        check(
            "kvm-q35",
            &["cpu-feature-left-out"],
            r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'>
  <feature policy='require' name='cmt'/>
                                  ^^^ info[cpu-feature-left-out]: libvirt never passes `cmt` on to QEMU, whatever its policy
                                  | fix: Remove it
</cpu>
</domain>",
        );
    }

    #[test]
    fn a_feature_that_is_passed() {
        assert!(
            !codes(
                "kvm-q35",
                r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'>
  <feature policy='require' name='aes'/>
</cpu>
</domain>"
            )
            .contains(&"cpu-feature-left-out")
        );
    }

    #[test]
    fn it_can_go() {
        assert_eq!(
            mended(
                "kvm-q35",
                "cpu-feature-left-out",
                "Remove it",
                r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model>486</model>
  <feature policy='disable' name='osxsave'/>
</cpu>
</domain>"
            ),
            r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model>486</model>
</cpu>
</domain>"
        );
    }

    #[test]
    fn a_feature_that_only_the_processor_has() {
        check(
            "kvm-q35",
            &["cpu-feature-host-only"],
            r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model>kvm64</model>
  <feature policy='require' name='avx2'/>
                                  ^^^^ warning[cpu-feature-host-only]: the host's CPU has `avx2`, but QEMU cannot give it: the check passes, and the guest runs without
                                  | capabilities.xml: the host's own CPU has it
                                  | domcaps.xml: QEMU lacks it
                                  | fix: Disable it
</cpu>
</domain>",
        );
    }

    #[test]
    fn a_versioned_model_is_not_compared() {
        assert!(
            !codes(
                "kvm-q35",
                r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model>kvm64-v1</model>
  <feature policy='require' name='avx2'/>
</cpu>
</domain>"
            )
            .contains(&"cpu-feature-host-only")
        );
    }

    #[test]
    fn a_feature_that_qemu_has() {
        assert!(
            !codes(
                "kvm-q35",
                r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model>kvm64</model>
  <feature policy='require' name='x2apic'/>
</cpu>
</domain>"
            )
            .contains(&"cpu-feature-host-only")
        );
    }

    #[test]
    fn it_can_be_disabled() {
        assert_eq!(
            mended(
                "kvm-q35",
                "cpu-feature-host-only",
                "Disable it",
                r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model>kvm64</model>
  <feature policy='require' name='avx2'/>
</cpu>
</domain>"
            ),
            r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model>kvm64</model>
  <feature policy='disable' name='avx2'/>
</cpu>
</domain>"
        );
    }

    #[test]
    fn a_feature_that_libvirt_does_not_know() {
        check(
            "kvm-q35",
            &["cpu-feature-unknown"],
            r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'>
  <feature policy='disable' name='avx51f'/>
                                  ^^^^^^ error[cpu-feature-unknown]: libvirt does not know the CPU feature `avx51f`: the domain does not start
                                  | fix: Use `avx512f`
</cpu>
</domain>",
        );
    }

    #[test]
    fn a_later_libvirt_may_know_it() {
        check(
            "none",
            &["cpu-feature-unknown"],
            r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'>
  <feature policy='require' name='nosuchfeature'/>
                                  ^^^^^^^^^^^^^ warning[cpu-feature-unknown]: libvirt 12.8.0 does not know the CPU feature `nosuchfeature`
</cpu>
</domain>",
        );
    }

    #[test]
    fn only_x86_is_judged() {
        assert!(
            !codes(
                "aarch64",
                r"<domain type='qemu'><name>alpha</name><os><type arch='aarch64' machine='virt'>hvm</type></os>
<cpu>
  <model>max</model>
  <feature policy='require' name='sve512'/>
</cpu>
</domain>"
            )
            .contains(&"cpu-feature-unknown")
        );
    }

    #[test]
    fn other_names_of_a_feature_are_known() {
        assert!(
            !codes(
                "kvm-q35",
                r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'>
  <feature policy='require' name='vmx-ept'/>
  <feature policy='require' name='lahf-lm'/>
</cpu>
</domain>"
            )
            .contains(&"cpu-feature-unknown")
        );
    }

    #[test]
    fn the_nearest_takes_its_place() {
        assert_eq!(
            mended(
                "kvm-q35",
                "cpu-feature-unknown",
                "Use `avx512f`",
                r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'>
  <feature policy='disable' name='avx51f'/>
</cpu>
</domain>"
            ),
            r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'>
  <feature policy='disable' name='avx512f'/>
</cpu>
</domain>"
        );
    }
}

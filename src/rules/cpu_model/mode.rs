//! Modes that are not supported here.

use super::super::{Facts, Findings, Rule, page};
use super::{by_domain_caps, mode_span, on_cpu};
use crate::cpu::{CpuMode, Driver};
use crate::edit::{remove, replace};
use crate::finding::{DocumentId, Effect, Finding, Phase, Severity, TextEdit};
use crate::text::Span;
use crate::xml::Node;

pub const UNSUPPORTED: Rule =
    by_domain_caps(on_cpu("cpu-mode-unsupported", Severity::Error, Phase::Start, unsupported, page!("cpu-mode-unsupported.md")));

fn unsupported(facts: &Facts, node: Node, findings: &mut Findings) {
    let request = &facts.cpu.request;
    if request.driver == Driver::Other || request.wants_default() {
        return;
    }
    let Some(caps) = facts.sources.domain_caps else { return };
    let Some(span) = request.mode.answer(&caps.said.cpu).denied() else { return };
    let mode = request.mode.word();
    let at = if node.attr("mode").is_some() { mode_span(node) } else { request.model.map_or(node.name_span(), |model| model.span) };
    let what = facts.subject.domain_type().unwrap_or_default();
    let finding = findings.at(at, format!("this hypervisor does not support the CPU mode `{mode}` for `{what}` domains"));
    if request.mode == CpuMode::Maximum {
        finding.phase(Phase::Define);
    }
    finding.evidence(caps.id, span, format!("`{mode}` is not supported"));
    alternatives(finding, facts, node);
}

/// host-passthrough under KVM, maximum under emulation, else host-model.
fn alternatives(finding: &mut Finding, facts: &Facts, node: Node) {
    let Some((caps, mode)) = facts.sources.domain_caps.zip(node.attr("mode")) else { return };
    let passthrough = facts.cpu.request.driver == Driver::Kvm;
    let whole = if passthrough { CpuMode::HostPassthrough } else { CpuMode::Maximum };
    let other = [whole, CpuMode::HostModel].into_iter().find(|mode| mode.answer(&caps.said.cpu).is_yes());
    if let Some(other) = other {
        let mut edits = vec![replace(mode.value_span(), other.word())];
        edits.extend(node.child("model").map(remove));
        finding.fix(format!("Use {}", other.word()), Effect::ChangesGuest, edits);
    }
    if facts.cpu.request.mode == CpuMode::HostPassthrough
        && let Some((edit, id, span)) = kvm(facts)
    {
        finding.evidence(id, span, "this host offers KVM for it");
        finding.fix("Run it under KVM", Effect::ChangesGuest, vec![edit]);
    }
}

/// The edit that runs an emulated domain under KVM, and where the host's capabilities offer that.
pub(super) fn kvm(facts: &Facts) -> Option<(TextEdit, DocumentId, Span)> {
    let attr = facts.subject.domain_type.filter(|attr| attr.value() == "qemu")?;
    let host = facts.sources.host_caps?;
    let arch = facts.subject.arch().or_else(|| Some(facts.sources.domain_caps?.said.arch.as_ref()?.value.as_str()))?;
    let of_arch = host.said.guests.iter().filter(|guest| guest.arch.as_ref().is_some_and(|said| said.value == arch));
    let domain = of_arch.flat_map(|guest| &guest.domains).find(|domain| domain.domain_type.value == "kvm")?;
    Some((replace(attr.value_span(), "kvm"), host.id, domain.domain_type.span))
}

pub const NEEDS_KVM: Rule =
    on_cpu("cpu-host-passthrough-emulated", Severity::Warning, Phase::Start, needs_kvm, page!("cpu-host-passthrough-emulated.md"))
        .at(&["domain/cpu[@mode='host-passthrough']"]);

fn needs_kvm(facts: &Facts, node: Node, findings: &mut Findings) {
    let request = &facts.cpu.request;
    let told = facts.sources.domain_caps.is_some_and(|caps| caps.said.cpu.host_passthrough.is_some());
    if told || request.driver != Driver::Emulated || request.mode != CpuMode::HostPassthrough {
        return;
    }
    let message = "host-passthrough needs KVM: a `qemu` domain is emulated and does not start with it";
    let finding = findings.at(mode_span(node), message);
    finding.likely().fix("Use maximum", Effect::ChangesGuest, vec![replace(mode_span(node), "maximum")]);
    if let Some((edit, id, span)) = kvm(facts) {
        finding.evidence(id, span, "this host offers KVM for it");
        finding.fix("Run it under KVM", Effect::ChangesGuest, vec![edit]);
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check, codes, mended};

    #[test]
    fn emulation_passes_nothing_through() {
        check(
            "qemu-q35",
            &["cpu-mode-unsupported"],
            r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-passthrough' check='none'/>
           ^^^^^^^^^^^^^^^^ error[cpu-mode-unsupported]: this hypervisor does not support the CPU mode `host-passthrough` for `qemu` domains
           | domcaps.xml: `host-passthrough` is not supported
           | capabilities.xml: this host offers KVM for it
           | fix: Use maximum (changes guest)
           | fix: Run it under KVM (changes guest)
</domain>",
        );
    }

    #[test]
    fn arm_has_no_host_model() {
        check(
            "aarch64",
            &["cpu-mode-unsupported"],
            r"<domain type='qemu'><name>alpha</name><os><type arch='aarch64' machine='virt'>hvm</type></os>
<cpu mode='host-model'/>
           ^^^^^^^^^^ error[cpu-mode-unsupported]: this hypervisor does not support the CPU mode `host-model` for `qemu` domains
           | domcaps.xml: `host-model` is not supported
           | fix: Use maximum (changes guest)
</domain>",
        );
    }

    #[test]
    fn custom_is_told_at_the_model() {
        check(
            "9.0.0:riscv64",
            &["cpu-mode-unsupported"],
            r"<domain type='qemu'><name>alpha</name><os><type arch='riscv64' machine='virt'>hvm</type></os>
<cpu>
  <model>rv64</model>
         ^^^^ error[cpu-mode-unsupported]: this hypervisor does not support the CPU mode `custom` for `qemu` domains
         | domcaps.xml: `custom` is not supported
</cpu>
</domain>",
        );
    }

    #[test]
    fn maximum_is_refused_at_define() {
        check(
            "ppc64",
            &["cpu-mode-unsupported"],
            r"<domain type='qemu'><name>alpha</name><os><type arch='ppc64' machine='pseries'>hvm</type></os>
<cpu mode='maximum'/>
           ^^^^^^^ error[cpu-mode-unsupported]: this hypervisor does not support the CPU mode `maximum` for `qemu` domains
           | domcaps.xml: `maximum` is not supported
</domain>",
        );
    }

    #[test]
    fn a_supported_mode_is_fine() {
        assert!(
            !codes(
                "qemu-q35",
                r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='maximum'/>
</domain>"
            )
            .contains(&"cpu-mode-unsupported")
        );
    }

    #[test]
    fn without_a_model_nothing_is_checked() {
        assert!(
            !codes(
                "9.0.0:riscv64",
                r"<domain type='qemu'><name>alpha</name><os><type arch='riscv64' machine='virt'>hvm</type></os>
<cpu>
  <topology sockets='1' cores='1' threads='1'/>
</cpu>
</domain>"
            )
            .contains(&"cpu-mode-unsupported")
        );
    }

    #[test]
    fn maximum_takes_its_place() {
        assert_eq!(
            mended(
                "aarch64",
                "cpu-mode-unsupported",
                "Use maximum",
                r"<domain type='qemu'><name>alpha</name><os><type arch='aarch64' machine='virt'>hvm</type></os>
<cpu mode='host-model'>
  <model>cortex-a57</model>
</cpu>
</domain>"
            ),
            r"<domain type='qemu'><name>alpha</name><os><type arch='aarch64' machine='virt'>hvm</type></os>
<cpu mode='maximum'>
</cpu>
</domain>"
        );
    }

    #[test]
    fn kvm_passes_through() {
        assert_eq!(
            mended(
                "qemu-q35",
                "cpu-mode-unsupported",
                "Run it under KVM",
                r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-passthrough'/>
</domain>"
            ),
            r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-passthrough'/>
</domain>"
        );
    }

    #[test]
    fn without_a_document_it_is_likely() {
        check(
            "none",
            &["cpu-host-passthrough-emulated"],
            r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-passthrough'/>
           ^^^^^^^^^^^^^^^^ warning[cpu-host-passthrough-emulated]: host-passthrough needs KVM: a `qemu` domain is emulated and does not start with it
           | fix: Use maximum (changes guest)
</domain>",
        );
    }

    #[test]
    fn with_a_document_that_speaks() {
        assert!(
            !codes(
                "qemu-q35",
                r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-passthrough'/>
</domain>"
            )
            .contains(&"cpu-host-passthrough-emulated")
        );
    }

    #[test]
    fn maximum_needs_no_kvm() {
        assert_eq!(
            mended(
                "none",
                "cpu-host-passthrough-emulated",
                "Use maximum",
                r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-passthrough'/>
</domain>"
            ),
            r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='maximum'/>
</domain>"
        );
    }

    #[test]
    fn kvm_is_there() {
        assert_eq!(
            mended(
                "qemu-q35+alone",
                "cpu-host-passthrough-emulated",
                "Run it under KVM",
                r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-passthrough'/>
</domain>"
            ),
            r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-passthrough'/>
</domain>"
        );
    }
}

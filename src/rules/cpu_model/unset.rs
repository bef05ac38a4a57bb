//! No CPU is asked for.

use super::super::{Check, Facts, Findings, Rule, page};
use super::{DOCS, offers_host_model, pin};
use crate::cpu::{Driver, Family};
use crate::edit::{indent_of, replace_raw};
use crate::finding::{Effect, Finding, Phase, Severity};
use crate::text::Span;
use crate::xml::Node;

pub const DEFAULT: Rule = Rule {
    code: "cpu-model-default",
    severity: Severity::Info,
    phase: Phase::Advice,
    needs: &[],
    on: &["domain"],
    check: Check::Function(default),
    page: page!("cpu-model-default.md"),
    docs: DOCS,
};

fn default(facts: &Facts, node: Node, findings: &mut Findings) {
    let cpu = &facts.cpu;
    if cpu.request.driver == Driver::Other || !cpu.request.wants_default() {
        return;
    }
    let Some(model) = cpu.model else { return };
    let host_model = cpu.request.family == Family::S390x && cpu.request.driver == Driver::Kvm;
    let message = match (cpu.request.family, model) {
        _ if host_model => format!("no CPU model is asked for: the guest gets host-model, here `{model}`"),
        (Family::X86, "qemu64") => {
            "no CPU model is asked for: the guest gets `qemu64`, on which recent distributions do not boot".to_owned()
        }
        _ => format!("no CPU model is asked for: the guest gets the default `{model}`"),
    };
    let span = cpu.request.node.map_or(node.name_span(), Node::name_span);
    let finding = findings.at(span, message);
    if let Some(listed) = cpu.listed {
        finding.evidence(listed.id, listed.said.name.span, "known here");
    }
    if offers_host_model(facts) && !host_model {
        use_host_model(finding, facts, node);
    }
}

fn use_host_model(finding: &mut Finding, facts: &Facts, node: Node) {
    let edits = match (facts.cpu.request.node, node.child("os")) {
        (Some(cpu), _) => pin::host_model(cpu),
        (None, Some(os)) => {
            let line = format!("\n{}<cpu mode='host-model'/>", indent_of(os));
            vec![replace_raw(Span::empty(os.span().end), line)]
        }
        (None, None) => return,
    };
    finding.fix("Use host-model", Effect::ChangesGuest, edits);
}

#[cfg(test)]
mod tests {
    use crate::support::{check, codes, mended};

    #[test]
    fn the_default_is_told_at_the_domain() {
        check(
            "kvm-q35",
            &["cpu-model-default"],
            r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
 ^^^^^^ info[cpu-model-default]: no CPU model is asked for: the guest gets `qemu64`, on which recent distributions do not boot
 | domcaps.xml: known here
 | fix: Use host-model (changes guest)
</domain>",
        );
    }

    #[test]
    fn it_is_told_at_a_cpu_without_a_model() {
        check(
            "qemu-q35",
            &["cpu-model-default"],
            r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='custom' match='exact'>
 ^^^ info[cpu-model-default]: no CPU model is asked for: the guest gets `qemu64`, on which recent distributions do not boot
 | domcaps.xml: known here
 | fix: Use host-model (changes guest)
  <topology sockets='1' cores='1' threads='1'/>
</cpu>
</domain>",
        );
    }

    #[test]
    fn arm_has_another() {
        check(
            "aarch64",
            &["cpu-model-default"],
            r"<domain type='qemu'><name>alpha</name><os><type arch='aarch64' machine='virt'>hvm</type></os>
 ^^^^^^ info[cpu-model-default]: no CPU model is asked for: the guest gets the default `cortex-a15`
 | domcaps.xml: known here
</domain>",
        );
    }

    #[test]
    fn s390x_has_host_model() {
        check(
            "s390x+kvm",
            &["cpu-model-default"],
            r"<domain type='kvm'><name>alpha</name><os><type arch='s390x' machine='s390-ccw-virtio'>hvm</type></os>
 ^^^^^^ info[cpu-model-default]: no CPU model is asked for: the guest gets host-model, here `gen16a-base`
</domain>",
        );
    }

    #[test]
    fn an_unknown_default_is_not_told() {
        assert!(
            !codes(
                "ppc64",
                r"<domain type='qemu'><name>alpha</name><os><type arch='ppc64' machine='pseries'>hvm</type></os>
</domain>"
            )
            .contains(&"cpu-model-default")
        );
    }

    #[test]
    fn a_mode_is_no_default() {
        assert!(
            !codes(
                "kvm-q35",
                r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'/>
</domain>"
            )
            .contains(&"cpu-model-default")
        );
    }

    #[test]
    fn host_model_is_put_in() {
        assert_eq!(
            mended(
                "kvm-q35",
                "cpu-model-default",
                "Use host-model",
                r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
</domain>"
            ),
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='host-model'/>
</domain>"
        );
    }

    #[test]
    fn host_model_takes_the_place_of_custom() {
        assert_eq!(
            mended(
                "qemu-q35",
                "cpu-model-default",
                "Use host-model",
                r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='custom' match='exact'>
  <topology sockets='1' cores='1' threads='1'/>
</cpu>
</domain>"
            ),
            r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'>
  <topology sockets='1' cores='1' threads='1'/>
</cpu>
</domain>"
        );
    }
}

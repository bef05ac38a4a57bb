//! `check`: what libvirt compares before and after the start.

use super::{Asked, Facts, Findings, Rule, kvm, on_cpu, required_by_host_model, x86};
use crate::caps::Version;
use crate::cpu::{CpuMode, Stop};
use crate::edit::remove_attribute;
use crate::finding::{Effect, Phase, Severity};
use crate::rules::page;
use crate::xml::{Attr, Node};

const SINCE: Version = Version(3, 2, 0);

pub const WRITTEN: Rule =
    on_cpu("cpu-check-written", Severity::Info, Phase::Advice, written, page!("cpu-check-written.md")).at(&["domain/cpu[@check]"]);

fn written(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(attr) = node.attr("check").filter(|attr| matches!(attr.value(), "none" | "partial")) else { return };
    let Some(asked) = Asked::of(facts, node) else { return };
    // on ppc64 host-model is the compatibility mode, for which `check` is another question
    if asked.mode != CpuMode::HostModel || !facts.qemu() || super::arch(facts).is_some_and(|arch| arch.starts_with("ppc64")) {
        return;
    }
    let default = if attr.value() == "partial" { " is the default and" } else { "" };
    let message = format!("`check='{}'`{default} does not stop the start where QEMU drops a feature it cannot do", attr.value());
    findings.at(attr.value_span(), message).fix("Remove `check`", Effect::Safe, vec![remove_attribute(node, &attr)]);
}

pub const FULL: Rule =
    on_cpu("cpu-check-full", Severity::Info, Phase::Advice, full, page!("cpu-check-full.md")).at(&["domain/cpu[@check]"]);

fn full(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(attr) = node.attr("check").filter(|attr| attr.value() == "full") else { return };
    let Some(asked) = Asked::of(facts, node) else { return };
    if asked.whole() || !facts.qemu() || x86(facts) == Some(false) || facts.before(SINCE) {
        return;
    }
    let exact = asked.mode == CpuMode::Custom && node.value("match") != Some("minimum");
    match asked.model() {
        Some(model) if exact && x86(facts) == Some(true) && asked.feature("hypervisor").is_none() => {
            refused(facts, node, &attr, model, findings);
        }
        _ if facts.cpu.stop == Some(Stop::Full) => {
            let added: Vec<String> = facts.cpu.added_by_model().map(|name| format!("`{name}`")).collect();
            let message = format!("`check='full'` refuses the start: QEMU adds {}, which the definition does not name", added.join(", "));
            let finding = findings.at(attr.value_span(), message).severity(Severity::Error).phase(Phase::Start);
            finding.fix("Remove `check`", Effect::Safe, vec![remove_attribute(node, &attr)]);
        }
        _ => {
            let message = "`check='full'` refuses the start wherever QEMU adds or drops a feature that the definition does not name";
            findings.at(attr.value_span(), message).fix("Remove `check`", Effect::Safe, vec![remove_attribute(node, &attr)]);
        }
    }
}

/// QEMU shows the `hypervisor` bit in every guest, and no model has it.
fn refused(facts: &Facts, node: Node, attr: &Attr, model: &str, findings: &mut Findings) {
    let added = required_by_host_model(facts, "hypervisor");
    let message =
        format!("`check='full'` refuses the start: QEMU adds `hypervisor`, which `{model}` does not have and the domain does not name");
    let finding = findings.at(attr.value_span(), message);
    finding.severity(Severity::Error).phase(Phase::Start);
    // under KVM the host's own CPU is needed besides to know what else QEMU adds
    if added.is_none() || (kvm(facts) && facts.sources.host_caps.is_none()) {
        finding.likely();
    }
    if let Some(feature) = added {
        finding.evidence(feature.id, feature.name.span, "QEMU gives `hypervisor` to the CPU it makes here");
    }
    finding.fix("Remove `check`", Effect::Safe, vec![remove_attribute(node, attr)]);
}

#[cfg(test)]
mod tests {
    use crate::support::{check, codes, fixed};

    #[test]
    fn what_qemus_model_adds_to_host_model_is_named() {
        check(
            "kvm-q35",
            &["cpu-check-full"],
            r"<domain type='kvm'><os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='host-model' check='full'/>
                                ^^^^ error[cpu-check-full]: `check='full'` refuses the start: QEMU adds `topoext`, which the definition does not name
                                | fix: Remove `check`
</domain>
",
        );
    }

    #[test]
    fn a_written_check_is_told_under_host_model() {
        let xml = "<domain type='kvm'>
  <cpu mode='host-model' check='partial'/>
</domain>
";
        check(
            "none",
            &["cpu-check-written"],
            r"<domain type='kvm'>
  <cpu mode='host-model' check='partial'/>
                                ^^^^^^^ info[cpu-check-written]: `check='partial'` is the default and does not stop the start where QEMU drops a feature it cannot do
                                | fix: Remove `check`
</domain>
",
        );
        assert_eq!(fixed("none", "cpu-check-written", xml), xml.replace(" check='partial'", ""));
        assert!(!codes("none", "<domain type='kvm'><cpu mode='host-model'/></domain>").contains(&"cpu-check-written"));
        assert!(!codes("none", &xml.replace("host-model", "host-passthrough")).contains(&"cpu-check-written"));
    }

    #[test]
    fn full_refuses_what_qemu_adds() {
        let xml = "<domain type='qemu'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu check='full'>
    <model>Nehalem</model>
  </cpu>
</domain>
";
        check(
            "9.0.0:qemu-q35",
            &["cpu-check-full"],
            r"<domain type='qemu'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu check='full'>
              ^^^^ error[cpu-check-full]: `check='full'` refuses the start: QEMU adds `hypervisor`, which `Nehalem` does not have and the domain does not name
              | domcaps.xml: QEMU gives `hypervisor` to the CPU it makes here
              | fix: Remove `check`
    <model>Nehalem</model>
  </cpu>
</domain>
",
        );
        assert_eq!(fixed("9.0.0:qemu-q35", "cpu-check-full", xml), xml.replace(" check='full'", ""));
        check(
            "none",
            &["cpu-check-full"],
            r"<domain type='qemu'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu check='full'>
              ^^^^ warning[cpu-check-full]: `check='full'` refuses the start: QEMU adds `hypervisor`, which `Nehalem` does not have and the domain does not name
              | fix: Remove `check`
    <model>Nehalem</model>
  </cpu>
</domain>
",
        );
        assert!(!codes("none", &xml.replace("full", "partial")).contains(&"cpu-check-full"));
    }

    #[test]
    fn full_is_only_told_where_the_definition_may_be_complete() {
        check(
            "9.0.0:qemu-q35",
            &["cpu-check-full"],
            r"<domain type='qemu'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu check='full'>
              ^^^^ info[cpu-check-full]: `check='full'` refuses the start wherever QEMU adds or drops a feature that the definition does not name
              | fix: Remove `check`
    <model>Nehalem</model>
    <feature policy='require' name='hypervisor'/>
  </cpu>
</domain>
",
        );
        check(
            "9.0.0:qemu-q35",
            &["cpu-check-full"],
            r"<domain type='qemu'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='host-model' check='full'/>
                                ^^^^ info[cpu-check-full]: `check='full'` refuses the start wherever QEMU adds or drops a feature that the definition does not name
                                | fix: Remove `check`
</domain>
",
        );
        check(
            "9.0.0:qemu-q35",
            &["cpu-check-full"],
            r"<domain type='qemu'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu match='minimum' check='full'>
                              ^^^^ info[cpu-check-full]: `check='full'` refuses the start wherever QEMU adds or drops a feature that the definition does not name
                              | fix: Remove `check`
    <model>Nehalem</model>
  </cpu>
</domain>
",
        );
    }
}

//! host-model where it means something else: with a name in it, and under emulation.

use super::super::{Facts, Findings, Rule, page};
use super::{asks_host_model, definition, mode_span, on_cpu};
use crate::caps::{Answer, Usable};
use crate::cpu::{CheckLevel, CpuMode, Driver, Family, Startable, Stop};
use crate::edit::{remove, replace};
use crate::finding::{Effect, Phase, Severity};
use crate::xml::Node;

pub const NAMED: Rule =
    on_cpu("cpu-host-model-named", Severity::Info, Phase::Dropped, named, page!("cpu-host-model-named.md")).at(&["domain/cpu[model]"]);

fn named(facts: &Facts, node: Node, findings: &mut Findings) {
    let request = &facts.cpu.request;
    let Some((model, element)) = request.model.zip(request.model_node) else { return };
    if !asks_host_model(facts) || request.family == Family::Ppc64 || facts.cpu.stop == Some(Stop::Mode) {
        return;
    }
    let listed = facts.sources.domain_caps.and_then(|caps| Some((caps.id, caps.said.model(model.value)?)));
    let unusable = listed.filter(|(_, listed)| listed.usable.value == Usable::No && request.check == CheckLevel::Partial);
    let name = model.value;
    let finding = if facts.cpu.stop == Some(Stop::ModelUnknown) {
        let certain = facts.cpu.startable == Startable::No;
        let refuses = if certain { "refuses" } else { "may refuse" };
        let message = format!("host-model takes no name, and libvirt {refuses} `{name}`, which it does not know");
        let finding = findings.at(model.span, message).severity(Severity::Error).phase(Phase::Start);
        if certain { finding } else { finding.likely() }
    } else if let Some((id, listed)) = unusable.filter(|_| request.family == Family::X86) {
        let message = format!("host-model takes no name, and libvirt may refuse `{name}`, which does not run on this host");
        let finding = findings.at(model.span, message);
        finding.likely().severity(Severity::Warning).phase(Phase::Start);
        finding.evidence(id, listed.usable.span, "not usable")
    } else {
        findings.at(model.span, format!("host-model takes no name: `{name}` is replaced by the host's CPU"))
    };
    finding.fix("Drop the name", Effect::Safe, vec![remove(element)]);
    let to_custom = vec![replace(mode_span(node), "custom")];
    finding.fix(format!("Use the model `{name}`"), Effect::ChangesGuest, to_custom);
}

pub const EMULATED: Rule = on_cpu("cpu-host-model-emulated", Severity::Info, Phase::Advice, emulated, page!("cpu-host-model-emulated.md"));

fn emulated(facts: &Facts, node: Node, findings: &mut Findings) {
    let cpu = &facts.cpu;
    if !asks_host_model(facts) || cpu.request.driver != Driver::Emulated || cpu.stop == Some(Stop::Mode) {
        return;
    }
    let best = cpu.model.map(|model| format!(", here `{model}`")).unwrap_or_default();
    let message = format!("under emulation the host's CPU plays no part: host-model is the best that QEMU can do{best}");
    let finding = findings.at(mode_span(node), message);
    if let Some((id, definition)) = definition(facts) {
        finding.evidence(id, definition.mode.span, "the best CPU of this emulator");
    }
    let maximum = facts.sources.domain_caps.map_or(Answer::Unknown, |caps| CpuMode::Maximum.answer(&caps.said.cpu));
    if maximum.is_yes() {
        finding.fix("Use maximum", Effect::ChangesGuest, vec![replace(mode_span(node), "maximum")]);
    }
    if let Some((edit, id, span)) = super::mode::kvm(facts) {
        finding.evidence(id, span, "this host offers KVM for it");
        finding.fix("Run it under KVM", Effect::ChangesGuest, vec![edit]);
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check, codes, mended};

    #[test]
    fn a_name_is_replaced() {
        check(
            "kvm-q35",
            &["cpu-host-model-named"],
            r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'>
  <model>486</model>
         ^^^ info[cpu-host-model-named]: host-model takes no name: `486` is replaced by the host's CPU
         | fix: Drop the name
         | fix: Use the model `486` (changes guest)
</cpu>
</domain>",
        );
    }

    #[test]
    fn an_unusable_name_may_be_refused() {
        check(
            "kvm-q35",
            &["cpu-host-model-named"],
            r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'>
  <model>Nehalem</model>
         ^^^^^^^ warning[cpu-host-model-named]: host-model takes no name, and libvirt may refuse `Nehalem`, which does not run on this host
         | domcaps.xml: not usable
         | fix: Drop the name
         | fix: Use the model `Nehalem` (changes guest)
</cpu>
</domain>",
        );
    }

    #[test]
    fn an_unknown_name_is_refused() {
        check(
            "kvm-q35",
            &["cpu-host-model-named"],
            r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'>
  <model>Nehalim</model>
         ^^^^^^^ error[cpu-host-model-named]: host-model takes no name, and libvirt refuses `Nehalim`, which it does not know
         | fix: Drop the name
         | fix: Use the model `Nehalim` (changes guest)
</cpu>
</domain>",
        );
    }

    #[test]
    fn without_a_version_it_is_likely() {
        check(
            "none",
            &["cpu-host-model-named"],
            r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'>
  <model>Nehalim</model>
         ^^^^^^^ warning[cpu-host-model-named]: host-model takes no name, and libvirt may refuse `Nehalim`, which it does not know
         | fix: Drop the name
         | fix: Use the model `Nehalim` (changes guest)
</cpu>
</domain>",
        );
    }

    #[test]
    fn a_nameless_model_is_no_name() {
        assert!(
            !codes(
                "kvm-q35",
                r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'>
  <model fallback='allow'/>
</cpu>
</domain>"
            )
            .contains(&"cpu-host-model-named")
        );
    }

    #[test]
    fn the_name_goes() {
        assert_eq!(
            mended(
                "kvm-q35",
                "cpu-host-model-named",
                "Drop the name",
                r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'>
  <model>486</model>
</cpu>
</domain>"
            ),
            r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'>
</cpu>
</domain>"
        );
    }

    #[test]
    fn the_name_counts_under_custom() {
        assert_eq!(
            mended(
                "kvm-q35",
                "cpu-host-model-named",
                "Use the model `486`",
                r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'>
  <model>486</model>
</cpu>
</domain>"
            ),
            r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='custom'>
  <model>486</model>
</cpu>
</domain>"
        );
    }

    #[test]
    fn under_emulation_there_are_better_ways() {
        check(
            "qemu-q35",
            &["cpu-host-model-emulated"],
            r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'/>
           ^^^^^^^^^^ info[cpu-host-model-emulated]: under emulation the host's CPU plays no part: host-model is the best that QEMU can do, here `EPYC`
           | domcaps.xml: the best CPU of this emulator
           | capabilities.xml: this host offers KVM for it
           | fix: Use maximum (changes guest)
           | fix: Run it under KVM (changes guest)
</domain>",
        );
    }

    #[test]
    fn where_there_is_no_host_model_the_mode_is_at_fault() {
        assert!(
            !codes(
                "aarch64",
                r"<domain type='qemu'><name>alpha</name><os><type arch='aarch64' machine='virt'>hvm</type></os>
<cpu mode='host-model'/>
</domain>"
            )
            .contains(&"cpu-host-model-emulated")
        );
    }

    #[test]
    fn maximum_is_more() {
        assert_eq!(
            mended(
                "qemu-q35",
                "cpu-host-model-emulated",
                "Use maximum",
                r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'/>
</domain>"
            ),
            r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='maximum'/>
</domain>"
        );
    }

    #[test]
    fn kvm_is_faster() {
        assert_eq!(
            mended(
                "qemu-q35",
                "cpu-host-model-emulated",
                "Run it under KVM",
                r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'/>
</domain>"
            ),
            r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'/>
</domain>"
        );
    }
}

//! A custom model that does not run here as it is.

use super::super::{Facts, Findings, Rule, page};
use super::model::listed;
use super::{by_domain_caps, lacks_required, offers_host_model, on_cpu, pin, some};
use crate::caps::{Policy, Usable};
use crate::cpu::{CheckLevel, Driver, Family, Matching, Startable, Stop, WholeHost, names, undisabled};
use crate::edit::replace;
use crate::finding::{Effect, Finding, Phase, Severity};
use crate::xml::{Node, Text};

pub const UNUSABLE: Rule = by_domain_caps(
    on_cpu("cpu-model-unusable", Severity::Error, Phase::Start, unusable, page!("cpu-model-unusable.md")).at(&["domain/cpu[model]"]),
);

fn unusable(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some((name, model)) = listed(facts) else { return };
    let cpu = &facts.cpu;
    let usable = model.said.usable.value != Usable::No && cpu.stop != Some(Stop::ModelUnusable);
    if usable || cpu.request.matching == Matching::Minimum || cpu.stop == Some(Stop::Mode) {
        return;
    }
    let listed = !model.said.blockers.is_empty();
    let missing = if listed { undisabled(&cpu.request, model.said) } else { cpu.blockers.clone() };
    let off = cpu.request.features().any(|feature| feature.policy == Policy::Disable);
    if missing.is_empty() && (listed || (off && cpu.startable == Startable::Yes)) {
        return;
    }
    let lacks = match missing.is_empty() {
        true => format!("`{}` is not usable on this host", name.value),
        false => format!("this host lacks {} of `{}`", some(&missing), name.value),
    };
    let x86 = cpu.request.family == Family::X86;
    let finding = match (cpu.request.check, cpu.startable) {
        (_, Startable::No) if cpu.stop == Some(Stop::ModelUnusable) => {
            let finding = findings.at(name.span, format!("{lacks}, so the domain does not start"));
            finding.severity(Severity::Error)
        }
        (CheckLevel::None, _) if x86 => {
            let finding = findings.at(name.span, format!("{lacks}: nothing is checked, so the guest starts without"));
            finding.severity(Severity::Warning).phase(Phase::Dropped)
        }
        (_, Startable::Yes) if x86 => {
            let finding = findings.at(name.span, format!("{lacks}: the processor has what is compared, so the guest starts without"));
            finding.severity(Severity::Warning).phase(Phase::Dropped)
        }
        _ => findings.at(name.span, format!("{lacks}, so the domain may not start")).likely(),
    };
    finding.evidence(model.id, model.said.usable.span, "not usable");
    whole_host(finding, facts, name.value, &missing);
    fixes(finding, facts, node, name, &missing);
}

/// Under KVM the comparison may be with all that the host's CPU has, so its capabilities count too.
fn whole_host(finding: &mut Finding, facts: &Facts, name: &str, missing: &[&str]) {
    let decided = finding.severity == Severity::Error && facts.cpu.request.driver == Driver::Kvm && names::compared_with_host(name);
    let host = facts.sources.host_caps.and_then(|host| Some((host.id, host.said.cpu.as_ref()?, WholeHost::of(&facts.sources)?)));
    if let Some((id, cpu, whole)) = host.filter(|_| decided) {
        let lacked: Vec<_> = missing.iter().copied().filter(|name| whole.lacks(name)).collect();
        finding.evidence(id, cpu.span, format!("the host's own CPU is without {}", some(&lacked)));
    }
}

fn fixes(finding: &mut Finding, facts: &Facts, node: Node, name: Text, missing: &[&str]) {
    if !missing.is_empty() {
        finding.fix("Disable what this host lacks", Effect::ChangesGuest, pin::disabled(facts, node, missing));
    }
    if lacks_required(facts) {
        return;
    }
    if let Some(close) = pin::close_and_usable(facts, name.value) {
        finding.fix(format!("Use `{close}`"), Effect::ChangesGuest, vec![replace(name.span, close)]);
    }
    if offers_host_model(facts) {
        finding.fix("Use host-model", Effect::ChangesGuest, pin::host_model(node));
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check, codes, mended};

    #[test]
    fn blockers_decide_for_a_versioned_model() {
        check(
            "kvm-q35",
            &["cpu-model-unusable"],
            r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model>Opteron_G1-v1</model>
         ^^^^^^^^^^^^^ error[cpu-model-unusable]: this host lacks `pni` of `Opteron_G1-v1`, so the domain does not start
         | domcaps.xml: not usable
         | fix: Disable what this host lacks (changes guest)
         | fix: Use host-model (changes guest)
</cpu>
</domain>",
        );
    }

    #[test]
    fn the_whole_host_decides_for_others() {
        check(
            "kvm-q35",
            &["cpu-model-unusable"],
            r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model>Skylake-Server</model>
         ^^^^^^^^^^^^^^ error[cpu-model-unusable]: this host lacks `abm`, `adx`, `aes`, `avx`, `avx2` and 32 more of `Skylake-Server`, so the domain does not start
         | domcaps.xml: not usable
         | capabilities.xml: the host's own CPU is without `hle`, `pku`, `rtm`
         | fix: Disable what this host lacks (changes guest)
         | fix: Use host-model (changes guest)
</cpu>
</domain>",
        );
    }

    #[test]
    fn the_emulator_decides_where_it_is_compared() {
        check(
            "qemu-q35",
            &["cpu-model-unusable"],
            r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu check='partial'>
  <model>Dhyana</model>
         ^^^^^^ error[cpu-model-unusable]: this host lacks `fxsr_opt`, `ibpb`, `misalignsse`, `nrip-save`, `osvw` and 2 more of `Dhyana`, so the domain does not start
         | domcaps.xml: not usable
         | fix: Disable what this host lacks (changes guest)
         | fix: Use host-model (changes guest)
</cpu>
</domain>",
        );
    }

    #[test]
    fn the_host_may_have_what_kvm_lacks() {
        check(
            "kvm-q35",
            &["cpu-model-unusable"],
            r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model>Opteron_G1</model>
         ^^^^^^^^^^ warning[cpu-model-unusable]: this host lacks `pni` of `Opteron_G1`: the processor has what is compared, so the guest starts without
         | domcaps.xml: not usable
         | fix: Disable what this host lacks (changes guest)
         | fix: Use host-model (changes guest)
</cpu>
</domain>",
        );
    }

    #[test]
    fn without_blockers_the_map_tells_what_is_missing() {
        check(
            "9.0.0:kvm-q35",
            &["cpu-model-unusable"],
            r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model>Skylake-Server</model>
         ^^^^^^^^^^^^^^ error[cpu-model-unusable]: this host lacks `hle`, `rtm` of `Skylake-Server`, so the domain does not start
         | domcaps.xml: not usable
         | fix: Disable what this host lacks (changes guest)
         | fix: Use host-model (changes guest)
</cpu>
</domain>",
        );
    }

    #[test]
    fn s390x_is_left_to_qemu() {
        check(
            "s390x",
            &["cpu-model-unusable"],
            r"<domain type='qemu'><name>alpha</name><os><type arch='s390x' machine='s390-ccw-virtio'>hvm</type></os>
<cpu>
  <model>z13</model>
         ^^^ warning[cpu-model-unusable]: this host lacks `asnlxr`, `bpb`, `cmm`, `cmpsceh`, `csske` and 123 more of `z13`, so the domain may not start
         | domcaps.xml: not usable
         | fix: Disable what this host lacks (changes guest)
</cpu>
</domain>",
        );
    }

    #[test]
    fn unchecked_it_starts_without() {
        check(
            "qemu-q35",
            &["cpu-model-unusable"],
            r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model>Dhyana</model>
         ^^^^^^ warning[cpu-model-unusable]: this host lacks `fxsr_opt`, `ibpb`, `misalignsse`, `nrip-save`, `osvw` and 2 more of `Dhyana`: nothing is checked, so the guest starts without
         | domcaps.xml: not usable
         | fix: Disable what this host lacks (changes guest)
         | fix: Use host-model (changes guest)
</cpu>
</domain>",
        );
    }

    #[test]
    fn a_usable_model_is_fine() {
        let os = "<os><type arch='x86_64' machine='q35'>hvm</type></os>";
        let xml = format!("<domain type='qemu'><name>alpha</name>{os}<cpu><model>Nehalem</model></cpu></domain>");
        assert!(!codes("qemu-q35", &xml).contains(&"cpu-model-unusable"));
    }

    #[test]
    fn what_is_missing_is_disabled() {
        assert_eq!(
            mended(
                "kvm-q35",
                "cpu-model-unusable",
                "Disable what this host lacks",
                r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model>Opteron_G1-v1</model>
</cpu>
</domain>"
            ),
            r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model>Opteron_G1-v1</model>
  <feature policy='disable' name='pni'/>
</cpu>
</domain>"
        );
    }

    #[test]
    fn what_is_named_is_disabled_in_its_place() {
        assert_eq!(
            mended(
                "kvm-q35",
                "cpu-model-unusable",
                "Disable what this host lacks",
                r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model>Opteron_G1-v1</model>
  <feature policy='require' name='pni'/>
  <topology sockets='1' cores='1' threads='1'/>
</cpu>
</domain>"
            ),
            r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model>Opteron_G1-v1</model>
  <feature policy='disable' name='pni'/>
  <topology sockets='1' cores='1' threads='1'/>
</cpu>
</domain>"
        );
    }

    #[test]
    fn host_model_takes_its_place() {
        assert_eq!(
            mended(
                "kvm-q35",
                "cpu-model-unusable",
                "Use host-model",
                r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='custom' match='exact'>
  <model>Skylake-Server</model>
  <feature policy='require' name='x2apic'/>
</cpu>
</domain>"
            ),
            r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'>
  <feature policy='require' name='x2apic'/>
</cpu>
</domain>"
        );
    }

    #[test]
    fn a_usable_one_of_its_line_takes_its_place() {
        assert_eq!(
            mended(
                "qemu-q35",
                "cpu-model-unusable",
                "Use `Westmere`",
                r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model>Westmere-IBRS</model>
</cpu>
</domain>"
            ),
            r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model>Westmere</model>
</cpu>
</domain>"
        );
    }
}

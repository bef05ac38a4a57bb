//! What host-model comes to here, and how long that holds.

use super::super::{Facts, Findings, Rule, page};
use super::{asks_host_model, by_domain_caps, definition, mode_span, on_cpu, pin, resolves};
use crate::caps::Version;
use crate::cpu::{CpuMode, Stop};
use crate::finding::{Effect, Finding, Phase, Severity};
use crate::text::plural;
use crate::xml::Node;

pub const RESOLVED: Rule =
    by_domain_caps(on_cpu("cpu-host-model-resolved", Severity::Info, Phase::Advice, resolved, page!("cpu-host-model-resolved.md")));

fn resolved(facts: &Facts, node: Node, findings: &mut Findings) {
    let cpu = &facts.cpu;
    let Some(model) = cpu.model.filter(|_| asks_host_model(facts) && cpu.mode == CpuMode::Custom) else { return };
    let changes = cpu.features.asked();
    let said = |end: &str| ["host-model comes to `", model, "` with ", &plural(changes, "feature change"), end].concat();
    if let Some(updated) = facts.sources.updated_cpu {
        let finding = findings.at(mode_span(node), said(", as libvirt itself printed"));
        finding.evidence(updated.id, updated.said.span, "the CPU that a start takes");
        pinned(finding, facts, node);
    } else if let Some((id, definition)) = definition(facts).filter(|(_, definition)| definition.probed()) {
        let reported = match (definition.invtsc, definition.maxphysaddr.is_some()) {
            (true, true) => "the CPU as reported; a start leaves out `invtsc` and `<maxphysaddr>`",
            (true, false) => "the CPU as reported; a start leaves out `invtsc`",
            (false, true) => "the CPU as reported; a start leaves out `<maxphysaddr>`",
            (false, false) => "the CPU as reported",
        };
        let finding = findings.at(mode_span(node), said(" on this host"));
        finding.evidence(id, definition.mode.span, reported);
        pinned(finding, facts, node);
    }
}

fn pinned(finding: &mut Finding, facts: &Facts, node: Node) {
    if let Some(edits) = pin::resolved(facts, node) {
        finding.fix("Pin this CPU", Effect::ChangesGuest, edits);
    }
}

pub const UNPROBED: Rule =
    by_domain_caps(on_cpu("cpu-host-model-unprobed", Severity::Warning, Phase::Advice, unprobed, page!("cpu-host-model-unprobed.md")));

fn unprobed(facts: &Facts, node: Node, findings: &mut Findings) {
    if !asks_host_model(facts) || !resolves(facts.cpu.request.family) || facts.sources.updated_cpu.is_some() {
        return;
    }
    let Some((id, definition)) = definition(facts) else { return };
    let Some(model) = &definition.model else { return };
    if definition.probed() || definition.mode.answer().denied().is_some() {
        return;
    }
    let message = format!("QEMU was not asked for this host's CPU: what the guest gets may differ from `{}`", model.value);
    let finding = findings.at(mode_span(node), message);
    let (span, says) = match &definition.fallback {
        Some(fallback) => (fallback.span, "`fallback='allow'`"),
        None => (model.span, "no `fallback`, which means allow"),
    };
    finding.evidence(id, span, says);
    use_the_hosts(finding, facts, node);
}

fn use_the_hosts(finding: &mut Finding, facts: &Facts, node: Node) {
    if let Some((model, edits)) = pin::of_host(facts, node) {
        finding.fix(format!("Use the model `{model}`"), Effect::ChangesGuest, edits);
    }
}

pub const OLD: Rule = on_cpu("cpu-host-model-old-versions", Severity::Warning, Phase::Advice, old, page!("cpu-host-model-old-versions.md"));

fn old(facts: &Facts, node: Node, findings: &mut Findings) {
    let versions = facts.sources.versions;
    let libvirt = versions.libvirt.at_least(Version(3, 2, 0)) == Some(false);
    let qemu = versions.qemu.at_least(Version(2, 9, 0)) == Some(false);
    let told = definition(facts).is_some_and(|(_, definition)| definition.model.is_some() || definition.mode.answer().denied().is_some());
    if !(libvirt || qemu) || told || !asks_host_model(facts) || !resolves(facts.cpu.request.family) {
        return;
    }
    let who = if libvirt { "libvirt before 3.2.0 does not ask QEMU" } else { "QEMU before 2.9.0 cannot be asked" };
    let finding = findings.at(mode_span(node), format!("{who} for the host's CPU: the guest's may differ from it"));
    use_the_hosts(finding, facts, node);
}

pub const VARIES: Rule = on_cpu("cpu-host-model-varies", Severity::Info, Phase::Advice, varies, page!("cpu-host-model-varies.md"));

// its remedy, to pin the CPU, is the fix of `cpu-host-model-resolved`, which stands beside it wherever the CPU is known
fn varies(facts: &Facts, node: Node, findings: &mut Findings) {
    if !asks_host_model(facts) || facts.cpu.stop == Some(Stop::Mode) {
        return;
    }
    let message = "the guest keeps this CPU while it runs and migrates; a start on another host, or after an update, may give it another";
    findings.at(mode_span(node), message);
}

#[cfg(test)]
mod tests {
    use crate::support::{check, codes, mended};

    #[test]
    fn emulated_it_is_the_best_of_the_emulator() {
        check(
            "qemu-q35",
            &["cpu-host-model-resolved"],
            r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'/>
           ^^^^^^^^^^ info[cpu-host-model-resolved]: host-model comes to `EPYC` with 36 feature changes on this host
           | domcaps.xml: the CPU as reported
           | fix: Pin this CPU (changes guest)
</domain>",
        );
    }

    #[test]
    fn both_lines_stand_at_the_mode() {
        check(
            "kvm-q35",
            &["cpu-host-model-resolved", "cpu-host-model-varies"],
            r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'/>
           ^^^^^^^^^^ info[cpu-host-model-resolved]: host-model comes to `EPYC-Genoa` with 72 feature changes on this host
           | domcaps.xml: the CPU as reported; a start leaves out `invtsc` and `<maxphysaddr>`
           | fix: Pin this CPU (changes guest)
           ^^^^^^^^^^ info[cpu-host-model-varies]: the guest keeps this CPU while it runs and migrates; a start on another host, or after an update, may give it another
</domain>",
        );
    }

    #[test]
    fn s390x_resolves_too() {
        check(
            "s390x+kvm",
            &["cpu-host-model-resolved"],
            r"<domain type='kvm'><name>alpha</name><os><type arch='s390x' machine='s390-ccw-virtio'>hvm</type></os>
<cpu mode='host-model'/>
           ^^^^^^^^^^ info[cpu-host-model-resolved]: host-model comes to `gen16a-base` with 2 feature changes on this host
           | domcaps.xml: the CPU as reported
           | fix: Pin this CPU (changes guest)
</domain>",
        );
    }

    #[test]
    fn pinning_writes_the_cpu_out() {
        assert_eq!(
            mended(
                "s390x+kvm",
                "cpu-host-model-resolved",
                "Pin this CPU",
                r"<domain type='kvm'><name>alpha</name><os><type arch='s390x' machine='s390-ccw-virtio'>hvm</type></os>
<cpu mode='host-model'/>
</domain>"
            ),
            r"<domain type='kvm'><name>alpha</name><os><type arch='s390x' machine='s390-ccw-virtio'>hvm</type></os>
<cpu mode='custom'>
  <model fallback='forbid'>gen16a-base</model>
  <feature policy='require' name='nnpa'/>
  <feature policy='disable' name='te'/>
</cpu>
</domain>"
        );
    }

    #[test]
    fn pinning_keeps_what_the_author_wrote() {
        assert_eq!(
            mended(
                "s390x+kvm",
                "cpu-host-model-resolved",
                "Pin this CPU",
                r"<domain type='kvm'><name>alpha</name><os><type arch='s390x' machine='s390-ccw-virtio'>hvm</type></os>
<cpu mode='host-model'>
  <model/>
  <!-- mine -->
  <feature policy='optional' name='te'/>
  <feature policy='disable' name='nnpa'/>
  <topology sockets='1' cores='1' threads='1'/>
</cpu>
</domain>"
            ),
            r"<domain type='kvm'><name>alpha</name><os><type arch='s390x' machine='s390-ccw-virtio'>hvm</type></os>
<cpu mode='custom'>
  <model fallback='forbid'>gen16a-base</model>
  <!-- mine -->
  <feature policy='disable' name='te'/>
  <feature policy='disable' name='nnpa'/>
  <topology sockets='1' cores='1' threads='1'/>
</cpu>
</domain>"
        );
    }

    #[test]
    fn a_guess_is_told_as_one() {
        check(
            "kvm-q35+fallback-allow",
            &["cpu-host-model-unprobed"],
            r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'/>
           ^^^^^^^^^^ warning[cpu-host-model-unprobed]: QEMU was not asked for this host's CPU: what the guest gets may differ from `EPYC-Genoa`
           | domcaps.xml: `fallback='allow'`
</domain>",
        );
    }

    #[test]
    fn a_guess_matters_to_nobody_else() {
        assert!(
            !codes(
                "kvm-q35+fallback-allow",
                r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model>Nehalem</model>
</cpu>
</domain>"
            )
            .contains(&"cpu-host-model-unprobed")
        );
    }

    #[test]
    fn the_hosts_model_is_offered_unless_unusable() {
        check(
            "9.0.0:qemu-q35+fallback-allow",
            &["cpu-host-model-unprobed"],
            r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'/>
           ^^^^^^^^^^ warning[cpu-host-model-unprobed]: QEMU was not asked for this host's CPU: what the guest gets may differ from `EPYC`
           | domcaps.xml: `fallback='allow'`
           | fix: Use the model `kvm64` (changes guest)
</domain>",
        );
    }

    #[test]
    fn the_hosts_model_takes_its_place() {
        assert_eq!(
            mended(
                "9.0.0:qemu-q35+fallback-allow",
                "cpu-host-model-unprobed",
                "Use the model `kvm64`",
                r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'>
  <model vendor_id='abcdefghijkl'/>
  <feature policy='require' name='aes'/>
</cpu>
</domain>"
            ),
            r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='custom'>
  <model fallback='forbid' vendor_id='abcdefghijkl'>kvm64</model>
  <feature policy='require' name='aes'/>
</cpu>
</domain>"
        );
    }

    #[test]
    fn old_versions_are_told() {
        check(
            "old",
            &["cpu-host-model-old-versions"],
            r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'/>
           ^^^^^^^^^^ warning[cpu-host-model-old-versions]: libvirt before 3.2.0 does not ask QEMU for the host's CPU: the guest's may differ from it
</domain>",
        );
    }

    #[test]
    fn a_document_knows_better_than_versions() {
        assert!(
            !codes(
                "kvm-q35",
                r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'/>
</domain>"
            )
            .contains(&"cpu-host-model-old-versions")
        );
    }
}

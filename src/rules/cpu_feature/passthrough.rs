//! The modes that pass a whole CPU: host-passthrough and maximum.

use super::{Asked, Facts, Findings, Rule, arch, in_host, in_host_model, kvm, on_cpu, x86};
use crate::caps::Answer;
use crate::cpu::CpuMode;
use crate::edit::{remove, remove_attribute, replace, set_attribute};
use crate::finding::{Effect, Phase, Severity, TextEdit};
use crate::rules::page;
use crate::text::Span;
use crate::xml::Node;

pub const HOST: Rule = on_cpu("cpu-host-passthrough", Severity::Info, Phase::Advice, host, page!("cpu-host-passthrough.md"))
    .at(&["domain/cpu[@mode='host-passthrough']"]);

fn host(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(mode) = node.attr("mode").filter(|mode| mode.value() == "host-passthrough") else { return };
    let caps = facts.sources.domain_caps;
    let offered = caps.and_then(|caps| caps.said.cpu.host_passthrough.as_ref());
    let denied = offered.is_some_and(|offered| offered.answer().denied().is_some());
    if Asked::of(facts, node).is_none() || !kvm(facts) || denied {
        return;
    }
    let message = "the guest gets this host's CPU as it is: it runs the same, and migrates, only where hardware and software are identical";
    let finding = findings.at(mode.value_span(), message);
    if let Some((caps, list)) = caps.zip(offered.and_then(|mode| mode.enums.iter().find(|list| list.name == "hostPassthroughMigratable"))) {
        let words: Vec<_> = list.values.iter().map(|said| format!("`{}`", said.value)).collect();
        finding.evidence(caps.id, list.span, format!("`migratable` may be {}", words.join(" or ")));
    }
    let host_model = caps.and_then(|caps| caps.said.cpu.host_model.as_ref()).map_or(Answer::Unknown, |model| model.mode.answer());
    if matches!(arch(facts), Some("x86_64" | "i686" | "s390x")) && host_model.denied().is_none() {
        finding.fix("Use host-model", Effect::ChangesGuest, to_host_model(node, mode.value_span()));
    }
}

/// With what host-model would refuse taken away.
fn to_host_model(node: Node, mode: Span) -> Vec<TextEdit> {
    let mut edits = vec![replace(mode, "host-model")];
    edits.extend(node.attr("migratable").map(|attr| remove_attribute(node, &attr)));
    edits.extend(node.children("cache").filter(|cache| cache.value("mode") == Some("passthrough")).map(remove));
    edits
}

pub const MAXIMUM: Rule =
    on_cpu("cpu-maximum", Severity::Info, Phase::Advice, maximum, page!("cpu-maximum.md")).at(&["domain/cpu[@mode='maximum']"]);

fn maximum(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(mode) = node.attr("mode").filter(|mode| mode.value() == "maximum") else { return };
    let caps = facts.sources.domain_caps;
    let offered = caps.and_then(|caps| caps.said.cpu.maximum.as_ref());
    let denied = offered.is_some_and(|offered| offered.answer().denied().is_some());
    if Asked::of(facts, node).is_none() || !facts.qemu() || denied {
        return;
    }
    let message = if kvm(facts) {
        "under KVM `maximum` is host-passthrough: this host's CPU as it is, to be had only where everything is identical"
    } else {
        "the guest gets all that this very QEMU can emulate: another version gives it another CPU"
    };
    let finding = findings.at(mode.value_span(), message);
    if let Some((caps, offered)) = caps.zip(offered) {
        finding.evidence(caps.id, offered.span, "this hypervisor offers the mode");
    }
}

pub const MIGRATABLE: Rule =
    on_cpu("cpu-migratable-unlisted", Severity::Error, Phase::Define, migratable, page!("cpu-migratable-unlisted.md"))
        .at(&["domain/cpu[@migratable]"]);

fn migratable(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(attr) = node.attr("migratable").filter(|attr| attr.value() == "on") else { return };
    if Asked::of(facts, node).is_none_or(|asked| asked.mode != CpuMode::HostPassthrough) || !facts.qemu() {
        return;
    }
    let Some(caps) = facts.sources.domain_caps else { return };
    let lists = caps.said.cpu.host_passthrough.as_ref().map_or(&[][..], |mode| &mode.enums);
    let Some(list) = lists.iter().find(|list| list.name == "hostPassthroughMigratable") else { return };
    if list.has("on") {
        return;
    }
    findings
        .at(attr.value_span(), "this QEMU cannot make host-passthrough migratable")
        .evidence(caps.id, list.span, "`on` is not offered")
        .fix("Remove `migratable`", Effect::Safe, vec![remove_attribute(node, &attr)]);
}

pub const INVTSC: Rule = on_cpu("cpu-invtsc-exposed", Severity::Info, Phase::Migrate, invtsc, page!("cpu-invtsc-exposed.md"));

fn invtsc(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(asked) = Asked::of(facts, node) else { return };
    let open = node.attr("migratable").filter(|attr| asked.whole() && attr.value() == "off");
    let named = asked.feature("invtsc").map(|feature| (feature, feature.attr("policy")));
    let word = named.map(|(_, policy)| policy.map_or("require", |policy| policy.value()));
    let required = named.filter(|_| matches!(word, Some("require" | "force")));
    if (open.is_none() && required.is_none()) || matches!(word, Some("disable" | "forbid")) || !exposed(facts) {
        return;
    }
    let message = "the guest's `invtsc` blocks migration, save and snapshots with memory";
    if let Some((feature, _)) = required {
        let span = feature.attr("name").map_or(feature.name_span(), |name| name.value_span());
        let edit = set_attribute(feature, "policy", "disable");
        findings.at(span, message).fix("Disable `invtsc`", Effect::ChangesGuest, vec![edit]);
    } else if let Some(open) = open {
        let message = format!("`migratable='off'` passes the host's `invtsc` on: {message}");
        let edit = replace(open.value_span(), "on");
        findings.at(open.value_span(), message).fix("Use migratable='on'", Effect::ChangesGuest, vec![edit]);
    }
}

/// Whether a guest here would see the feature, and be held by it.
fn exposed(facts: &Facts) -> bool {
    let host_known = facts.sources.host_caps.is_some_and(|caps| caps.said.cpu.is_some()) && facts.sources.domain_caps.is_some();
    let absent = || host_known && in_host(facts, "invtsc").is_none() && in_host_model(facts, "invtsc").is_none();
    let clock = facts.subject.root.child("clock");
    let timed = clock
        .is_some_and(|clock| clock.children("timer").any(|timer| timer.value("name") == Some("tsc") && timer.attr("frequency").is_some()));
    kvm(facts) && x86(facts) != Some(false) && !timed && !absent()
}

#[cfg(test)]
mod tests {
    use crate::support::{check, codes, fixed};

    fn domain(kind: &str, cpu: &str) -> String {
        format!(
            "<domain type='{kind}'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  {cpu}
</domain>
"
        )
    }

    #[test]
    fn the_hosts_own_cpu_is_to_be_had_there_only() {
        let xml = "<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='host-passthrough' check='none' migratable='on'>
    <cache mode='passthrough'/>
  </cpu>
</domain>
";
        check(
            "kvm-q35",
            &["cpu-host-passthrough"],
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='host-passthrough' check='none' migratable='on'>
             ^^^^^^^^^^^^^^^^ info[cpu-host-passthrough]: the guest gets this host's CPU as it is: it runs the same, and migrates, only where hardware and software are identical
             | domcaps.xml: `migratable` may be `on` or `off`
             | fix: Use host-model (changes guest)
    <cache mode='passthrough'/>
  </cpu>
</domain>
",
        );
        let rest = fixed("kvm-q35", "cpu-host-passthrough", xml);
        let expected = xml.replace("host-passthrough", "host-model").replace(" migratable='on'", "");
        assert_eq!(rest, expected.replace("    <cache mode='passthrough'/>\n", ""));
        assert!(!codes("kvm-q35", &rest).contains(&"cpu-host-passthrough"));
        assert!(!codes("qemu-q35", &domain("qemu", "<cpu mode='host-passthrough'/>")).contains(&"cpu-host-passthrough"));
    }

    #[test]
    fn maximum_is_what_the_hypervisor_can_do() {
        check(
            "kvm-q35",
            &["cpu-maximum"],
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='maximum'/>
             ^^^^^^^ info[cpu-maximum]: under KVM `maximum` is host-passthrough: this host's CPU as it is, to be had only where everything is identical
             | domcaps.xml: this hypervisor offers the mode
</domain>
",
        );
        check(
            "qemu-q35",
            &["cpu-maximum"],
            r"<domain type='qemu'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='maximum'/>
             ^^^^^^^ info[cpu-maximum]: the guest gets all that this very QEMU can emulate: another version gives it another CPU
             | domcaps.xml: this hypervisor offers the mode
</domain>
",
        );
        assert!(!codes("kvm-q35", &domain("kvm", "<cpu mode='host-model'/>")).contains(&"cpu-maximum"));
    }

    #[test]
    fn invtsc_holds_a_guest_where_it_is() {
        let open = domain("kvm", "<cpu mode='host-passthrough' migratable='off'/>");
        check(
            "kvm-q35",
            &["cpu-invtsc-exposed"],
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='host-passthrough' migratable='off'/>
                                           ^^^ info[cpu-invtsc-exposed]: `migratable='off'` passes the host's `invtsc` on: the guest's `invtsc` blocks migration, save and snapshots with memory
                                           | fix: Use migratable='on' (changes guest)
</domain>
",
        );
        assert_eq!(fixed("kvm-q35", "cpu-invtsc-exposed", &open), open.replace("off", "on"));
        let named = domain("kvm", "<cpu mode='maximum'><feature name='invtsc'/></cpu>");
        check(
            "kvm-q35",
            &["cpu-invtsc-exposed"],
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='maximum'><feature name='invtsc'/></cpu>
                                     ^^^^^^ info[cpu-invtsc-exposed]: the guest's `invtsc` blocks migration, save and snapshots with memory
                                     | fix: Disable `invtsc` (changes guest)
</domain>
",
        );
        let rest = fixed("kvm-q35", "cpu-invtsc-exposed", &named);
        assert_eq!(rest, named.replace("'invtsc'", "'invtsc' policy='disable'"));
        let timed = open.replace("</domain>", "<clock offset='utc'><timer name='tsc' frequency='2596126000'/></clock></domain>");
        let model = domain("kvm", "<cpu><model>EPYC</model><feature policy='require' name='invtsc'/></cpu>");
        assert!(codes("kvm-q35", &model).contains(&"cpu-invtsc-exposed"));
        for silent in [rest, timed, open.replace("'kvm'", "'qemu'"), open.replace("off", "on")] {
            assert!(!codes("kvm-q35", &silent).contains(&"cpu-invtsc-exposed"));
        }
    }

    #[test]
    fn a_host_that_cannot_make_it_migratable_refuses() {
        let xml = domain("kvm", "<cpu mode='host-passthrough' migratable='on'/>");
        check(
            "kvm-q35+unmigratable",
            &["cpu-migratable-unlisted"],
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='host-passthrough' migratable='on'/>
                                           ^^ error[cpu-migratable-unlisted]: this QEMU cannot make host-passthrough migratable
                                           | domcaps.xml: `on` is not offered
                                           | fix: Remove `migratable`
</domain>
",
        );
        let rest = fixed("kvm-q35+unmigratable", "cpu-migratable-unlisted", &xml);
        assert_eq!(rest, xml.replace(" migratable='on'", ""));
        assert!(!codes("kvm-q35+unmigratable", &rest).contains(&"cpu-migratable-unlisted"));
        for silent in ["kvm-q35", "none", "9.0.0:kvm-q35"] {
            assert!(!codes(silent, &xml).contains(&"cpu-migratable-unlisted"));
        }
    }
}

//! Features that are forced, optional or forbidden.

use super::{Asked, DOCS, Facts, Findings, Look, Rule, arch, in_host, in_host_model, required_by_host_model, x86};
use crate::caps::{Policy, Version};
use crate::cpu::{CpuMode, Startable, Stop};
use crate::edit::replace;
use crate::finding::{Effect, Finding, Phase, Severity};
use crate::rules::page;
use crate::xml::{Attr, Node};

const fn on_feature(code: &'static str, look: Look, page: &'static str) -> Rule {
    Rule::define(code, &["domain/cpu/feature"], look, page, DOCS).advise()
}

/// The `policy` attribute with that word, the feature's name and its CPU.
fn asked<'a>(facts: &Facts<'a>, node: Node<'a>, word: &str) -> Option<(Attr<'a>, &'a str, Asked<'a>)> {
    let policy = node.attr("policy").filter(|policy| policy.value() == word)?;
    let name = node.value("name").filter(|name| !name.is_empty())?;
    let asked = Asked::around(facts, node).filter(|_| facts.qemu())?;
    Some((policy, name, asked))
}

pub const FORCED: Rule = on_feature("cpu-feature-forced", forced, page!("cpu-feature-forced.md"));

fn forced(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some((policy, name, _)) = asked(facts, node, "force") else { return };
    let message = format!("`force` skips libvirt's check alone: QEMU still switches `{name}` off where the host lacks it");
    findings.at(policy.value_span(), message).fix("Use require", Effect::Safe, vec![replace(policy.value_span(), "require")]);
}

pub const OPTIONAL: Rule = on_feature("cpu-feature-optional", optional, page!("cpu-feature-optional.md"));

fn optional(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some((policy, name, asked)) = asked(facts, node, "optional") else { return };
    if asked.whole() {
        let message = format!("`optional` is ignored under `{}`: the guest has `{name}` where the host has it", asked.mode.word());
        findings.at(policy.value_span(), message).phase(Phase::Dropped);
    } else if arch(facts) == Some("s390x") {
        let message = format!("s390x takes `require` and `disable`: a domain with the optional feature `{name}` does not start");
        let finding = findings.at(policy.value_span(), message);
        finding.severity(Severity::Error).phase(Phase::Start);
        use_policy(finding, &policy, Policy::Require);
        use_policy(finding, &policy, Policy::Disable);
    } else if x86(facts) != Some(false) {
        tell_optional(facts, &policy, name, findings);
    }
}

fn use_policy(finding: &mut Finding, policy: &Attr, word: Policy) {
    finding.fix(format!("Use {}", word.word()), Effect::ChangesGuest, vec![replace(policy.value_span(), word.word())]);
}

fn tell_optional(facts: &Facts, policy: &Attr, name: &str, findings: &mut Findings) {
    let here = in_host_model(facts, name);
    let by_map = || facts.cpu.features.find(name).and_then(|feature| feature.running);
    let on = here.map(|feature| matches!(feature.policy, Policy::Require | Policy::Force)).or_else(by_map);
    let tail = match on {
        Some(true) => ": on here",
        Some(false) => ": off here",
        None => "",
    };
    let finding = findings.at(policy.value_span(), format!("each host decides at the start whether the guest has `{name}`{tail}"));
    if let Some(feature) = here {
        finding.evidence(feature.id, feature.name.span, format!("host-model says `{}`", feature.policy.word()));
    }
    use_policy(finding, policy, if on == Some(false) { Policy::Disable } else { Policy::Require });
}

pub const FORBIDDEN: Rule = on_feature("cpu-feature-forbidden", forbidden, page!("cpu-feature-forbidden.md"));

fn forbidden(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some((policy, name, asked)) = asked(facts, node, "forbid") else { return };
    let Some(check) = asked.check(facts) else { return };
    let refuses = asked.mode != CpuMode::Custom || asked.model().is_some();
    let finding = if check == "none" || !refuses {
        let message = format!("`forbid` only switches `{name}` off here, since `check` is `none`: no host is refused");
        findings.at(policy.value_span(), message)
    } else if let Some(feature) = required_by_host_model(facts, name) {
        let certain = decided(facts, name);
        let finding = refused(&policy, name, certain, findings);
        finding.evidence(feature.id, feature.name.span, "this host's CPU names it")
    } else if let Some(feature) = in_host(facts, name).filter(|_| check == "partial" && super::kvm(facts)) {
        // before 10.2.0 every partial check compares with the whole processor; since then it depends on the model
        let whole = !asked.whole() && x86(facts) == Some(true) && facts.before(Version(10, 2, 0));
        let compared = facts.cpu.stop == Some(Stop::Forbidden(name)) && facts.cpu.startable == Startable::No;
        let finding = refused(&policy, name, whole || compared, findings);
        finding.evidence(feature.id, feature.name.span, "the host's own CPU has it")
    } else if facts.cpu.stop == Some(Stop::Forbidden(name)) {
        refused(&policy, name, facts.cpu.startable == Startable::No, findings)
    } else {
        let message = format!("`forbid` refuses the start on every host whose CPU names `{name}`");
        findings.at(policy.value_span(), message)
    };
    finding.fix("Use disable", Effect::Safe, vec![replace(policy.value_span(), "disable")]);
}

fn refused<'f>(policy: &Attr, name: &str, certain: bool, findings: &'f mut Findings) -> &'f mut Finding {
    let probably = if certain { "" } else { "probably " };
    let message = format!("this host has the forbidden feature `{name}`: the domain {probably}does not start on it");
    let finding = findings.at(policy.value_span(), message);
    finding.severity(Severity::Error).phase(Phase::Start);
    if certain { finding } else { finding.likely() }
}

/// Whether the document's list is the one that the start compares: really looked at since 7.2.0, and printed in longer forms that hold
/// more, `--expand-cpu-features` (it names `fpu`) and, since 12.5.0, `--supported-cpu-features` (it adds what hangs on
/// `arch-capabilities`).
fn decided(facts: &Facts, name: &str) -> bool {
    let msr = name == "arch-capabilities" || name == "skip-l1dfl-vmentry" || name.ends_with("-no");
    x86(facts) == Some(true)
        && facts.since(Version(7, 2, 0))
        && (!msr || facts.before(Version(12, 5, 0)))
        && ["fpu", "lm", "sse2"].iter().all(|always| required_by_host_model(facts, always).is_none())
}

#[cfg(test)]
mod tests {
    use crate::support::{check, codes, fixed};

    #[test]
    fn a_forced_feature_may_still_be_off() {
        let xml = "<domain type='kvm'>
  <cpu mode='host-model'>
    <feature policy='force' name='pcid'/>
  </cpu>
</domain>
";
        check(
            "none",
            &["cpu-feature-forced"],
            r"<domain type='kvm'>
  <cpu mode='host-model'>
    <feature policy='force' name='pcid'/>
                     ^^^^^ info[cpu-feature-forced]: `force` skips libvirt's check alone: QEMU still switches `pcid` off where the host lacks it
                     | fix: Use require
  </cpu>
</domain>
",
        );
        let rest = fixed("none", "cpu-feature-forced", xml);
        assert_eq!(rest, xml.replace("force", "require"));
        assert!(!codes("none", &rest).contains(&"cpu-feature-forced"));
        assert!(!codes("none", &xml.replace("'kvm'", "'xen'")).contains(&"cpu-feature-forced"));
    }

    #[test]
    fn an_optional_feature_is_decided_by_the_host() {
        let xml = "<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='host-model'>
    <feature policy='optional' name='x2apic'/>
    <feature policy='optional' name='avx2'/>
    <feature policy='optional' name='nosuch'/>
  </cpu>
</domain>
";
        check(
            "kvm-q35",
            &["cpu-feature-optional"],
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='host-model'>
    <feature policy='optional' name='x2apic'/>
                     ^^^^^^^^ info[cpu-feature-optional]: each host decides at the start whether the guest has `x2apic`: on here
                     | domcaps.xml: host-model says `require`
                     | fix: Use require (changes guest)
    <feature policy='optional' name='avx2'/>
                     ^^^^^^^^ info[cpu-feature-optional]: each host decides at the start whether the guest has `avx2`: off here
                     | domcaps.xml: host-model says `disable`
                     | fix: Use disable (changes guest)
    <feature policy='optional' name='nosuch'/>
                     ^^^^^^^^ info[cpu-feature-optional]: each host decides at the start whether the guest has `nosuch`
                     | fix: Use require (changes guest)
  </cpu>
</domain>
",
        );
        assert_eq!(fixed("kvm-q35", "cpu-feature-optional", xml), xml.replace("'optional' name='x2apic'", "'require' name='x2apic'"));
        check(
            "none",
            &["cpu-feature-optional"],
            r"<domain type='kvm'>
  <os><type arch='x86_64'>hvm</type></os>
  <cpu mode='host-passthrough'>
    <feature policy='optional' name='avx2'/>
                     ^^^^^^^^ info[cpu-feature-optional]: `optional` is ignored under `host-passthrough`: the guest has `avx2` where the host has it
  </cpu>
</domain>
",
        );
        check(
            "none",
            &["cpu-feature-optional"],
            r"<domain type='kvm'>
  <os><type arch='s390x'>hvm</type></os>
  <cpu mode='host-model'>
    <feature policy='optional' name='vx'/>
                     ^^^^^^^^ error[cpu-feature-optional]: s390x takes `require` and `disable`: a domain with the optional feature `vx` does not start
                     | fix: Use require (changes guest)
                     | fix: Use disable (changes guest)
  </cpu>
</domain>
",
        );
        assert!(!codes("kvm-q35", &xml.replace("optional", "require")).contains(&"cpu-feature-optional"));
    }

    #[test]
    fn what_the_processor_has_is_certain_where_the_comparison_is() {
        check(
            "kvm-q35",
            &["cpu-feature-forbidden"],
            r"<domain type='kvm'><os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='host-model'>
    <feature policy='forbid' name='avx2'/>
                     ^^^^^^ error[cpu-feature-forbidden]: this host has the forbidden feature `avx2`: the domain does not start on it
                     | capabilities.xml: the host's own CPU has it
                     | fix: Use disable
  </cpu>
</domain>
",
        );
    }

    #[test]
    fn a_forbidden_feature_refuses_hosts_that_name_it() {
        let xml = "<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='host-model'>
    <feature policy='forbid' name='x2apic'/>
    <feature policy='forbid' name='avx2'/>
    <feature policy='forbid' name='tsa-l1-no'/>
    <feature policy='forbid' name='nosuch'/>
  </cpu>
</domain>
";
        check(
            "kvm-q35",
            &["cpu-feature-forbidden"],
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='host-model'>
    <feature policy='forbid' name='x2apic'/>
                     ^^^^^^ error[cpu-feature-forbidden]: this host has the forbidden feature `x2apic`: the domain does not start on it
                     | domcaps.xml: this host's CPU names it
                     | fix: Use disable
    <feature policy='forbid' name='avx2'/>
                     ^^^^^^ warning[cpu-feature-forbidden]: this host has the forbidden feature `avx2`: the domain probably does not start on it
                     | capabilities.xml: the host's own CPU has it
                     | fix: Use disable
    <feature policy='forbid' name='tsa-l1-no'/>
                     ^^^^^^ warning[cpu-feature-forbidden]: this host has the forbidden feature `tsa-l1-no`: the domain probably does not start on it
                     | domcaps.xml: this host's CPU names it
                     | fix: Use disable
    <feature policy='forbid' name='nosuch'/>
                     ^^^^^^ info[cpu-feature-forbidden]: `forbid` refuses the start on every host whose CPU names `nosuch`
                     | fix: Use disable
  </cpu>
</domain>
",
        );
        assert_eq!(fixed("kvm-q35", "cpu-feature-forbidden", xml), xml.replace("'forbid' name='x2apic'", "'disable' name='x2apic'"));
        check(
            "kvm-q35",
            &["cpu-feature-forbidden"],
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='host-passthrough'>
    <feature policy='forbid' name='x2apic'/>
                     ^^^^^^ info[cpu-feature-forbidden]: `forbid` only switches `x2apic` off here, since `check` is `none`: no host is refused
                     | fix: Use disable
  </cpu>
</domain>
",
        );
        assert!(!codes("kvm-q35", &xml.replace("forbid", "disable")).contains(&"cpu-feature-forbidden"));
    }

    #[test]
    fn the_old_comparison_sees_the_whole_processor() {
        check(
            "9.0.0:kvm-q35",
            &["cpu-feature-forbidden"],
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='host-model'>
    <feature policy='forbid' name='avx2'/>
                     ^^^^^^ error[cpu-feature-forbidden]: this host has the forbidden feature `avx2`: the domain does not start on it
                     | capabilities.xml: the host's own CPU has it
                     | fix: Use disable
  </cpu>
</domain>
",
        );
    }
}

//! `os/type/@machine`: unknown, deprecated, or too small for the vCPUs.

use super::offer::{Emulator, Offer};
use crate::caps::{Machine, age, family};
use crate::edit;
use crate::finding::{Effect, Phase, Severity};
use crate::rules::{Check, Facts, Findings, Need, Rule, page};
use crate::text::nearest as misspelt;
use crate::xml::{Attr, Node};

const DOCS: &str = "https://libvirt.org/formatdomain.html#bios-bootloader";

/// The rules of this file.
pub const RULES: &[Rule] = &[UNKNOWN, DEPRECATED, VCPU_LIMIT];

const UNKNOWN: Rule = Rule {
    code: "machine-unknown",
    severity: Severity::Error,
    phase: Phase::Define,
    needs: &[Need::Capabilities],
    on: &["domain/os/type"],
    check: Check::Function(unknown),
    page: page!("machine-unknown.md"),
    docs: DOCS,
};

const DEPRECATED: Rule = Rule {
    code: "machine-deprecated",
    severity: Severity::Info,
    phase: Phase::Advice,
    check: Check::Function(deprecated),
    page: page!("machine-deprecated.md"),
    ..UNKNOWN
};

const VCPU_LIMIT: Rule = Rule {
    code: "machine-vcpu-limit",
    on: &["domain/vcpu"],
    check: Check::Function(vcpu_limit),
    page: page!("machine-vcpu-limit.md"),
    docs: "https://libvirt.org/formatdomain.html#cpu-allocation",
    ..UNKNOWN
};

fn unknown(facts: &Facts, _: Node, findings: &mut Findings) {
    let Some((offer, attr, machines)) = asked(facts) else { return };
    let name = attr.value();
    let (Some(first), None) = (machines.first(), offer.machine) else { return };
    let emulator = offer.emulator(facts);
    if matches!(emulator, Emulator::Other(..)) {
        return;
    }
    let finding = findings.at(attr.value_span(), format!("the emulator of this host has no machine `{name}` for `{}`", offer.arch));
    if matches!(emulator, Emulator::Unknown(_) | Emulator::Missing(_)) {
        finding.likely();
    }
    let near = nearest(machines, name);
    let said = near.unwrap_or(first);
    let what = if near.is_some() { "the nearest machine" } else { "the first of its machines" };
    finding.evidence(offer.source.id, said.name.span, format!("{what}: {}", described(said)));
    let newest = find(machines, family(name));
    for other in near.into_iter().chain(newest.filter(|alias| near.is_none_or(|near| stands_for(alias) != stands_for(near)))) {
        let only_case = other.name.value.eq_ignore_ascii_case(name);
        let effect = if only_case { Effect::Safe } else { Effect::ChangesGuest };
        finding.fix(format!("Use {}", other.name.value), effect, vec![edit::replace(attr.value_span(), &other.name.value)]);
    }
}

fn deprecated(facts: &Facts, _: Node, findings: &mut Findings) {
    let Some((offer, attr, machines)) = asked(facts) else { return };
    let Some(machine) = offer.machine else { return };
    let Some(said) = machine.deprecated.as_ref().filter(|said| said.value) else { return };
    if offer.is_foreign(facts) {
        return;
    }
    let name = described(machine);
    let finding = findings.at(attr.value_span(), format!("{name} is deprecated: a later QEMU will not have it, and the guest not start"));
    finding.evidence(offer.source.id, said.span, format!("{name} is deprecated"));
    let lasting =
        || machines.iter().filter(|machine| machine.canonical.is_none() && !machine.deprecated.as_ref().is_some_and(|said| said.value));
    if let Some(next) = next_version(lasting(), stands_for(machine)) {
        finding.fix(format!("Use {}", next.name.value), Effect::ChangesGuest, vec![edit::replace(attr.value_span(), &next.name.value)]);
    }
}

/// Only where no domain capabilities fit, which say the same.
fn vcpu_limit(facts: &Facts, node: Node, findings: &mut Findings) {
    if facts.sources.domain_caps.is_some() {
        return;
    }
    let Some((offer, attr, _)) = asked(facts) else { return };
    let Some(limit) = offer.machine.and_then(|machine| machine.max_cpus.as_ref()) else { return };
    let Some(text) = node.text() else { return };
    if text.value.parse::<u32>().map_or(true, |asked| asked <= limit.value) || offer.is_foreign(facts) {
        return;
    }
    let (name, most) = (attr.value(), limit.value);
    findings
        .at(text.span, format!("the machine `{name}` takes {most} vCPUs at most, not {}", text.value))
        .evidence(offer.source.id, limit.span, format!("`{name}` takes {most}"))
        .fix(format!("Allow {most} vCPUs"), Effect::ChangesGuest, vec![edit::replace(text.span, &most.to_string())]);
}

/// The machine that a domain of the QEMU driver names, and those of the guest block.
fn asked<'a>(facts: &Facts<'a>) -> Option<(Offer<'a>, Attr<'a>, &'a [Machine])> {
    let attr = facts.subject.machine.filter(|_| super::qemu(facts))?;
    let offer = facts.offer?;
    let machines = offer.machines(facts.subject.domain_type());
    Some((offer, attr, machines))
}

fn find<'a>(machines: &'a [Machine], name: &str) -> Option<&'a Machine> {
    machines.iter().find(|machine| machine.name.value == name)
}

fn stands_for(machine: &Machine) -> &str {
    &machine.canonical.as_ref().unwrap_or(&machine.name).value
}

fn described(machine: &Machine) -> String {
    let name = &machine.name.value;
    match &machine.canonical {
        Some(canonical) => format!("`{name}`, which stands for `{}`,", canonical.value).trim_end_matches(',').to_owned(),
        None => format!("`{name}`"),
    }
}

/// The machine that most likely serves instead: the same in another case, the next version, the family's alias, a likely spelling.
fn nearest<'a>(machines: &'a [Machine], name: &str) -> Option<&'a Machine> {
    let same = || machines.iter().find(|machine| machine.name.value.eq_ignore_ascii_case(name));
    let spelling = || find(machines, misspelt(name, machines.iter().map(|machine| machine.name.value.as_str()))?);
    same().or_else(|| next_version(machines.iter(), name)).or_else(|| find(machines, family(name))).or_else(spelling)
}

/// The least version above that of `name` of the same machine, else the greatest one below.
fn next_version<'a>(machines: impl Iterator<Item = &'a Machine>, name: &str) -> Option<&'a Machine> {
    let (own, line) = (age(name), line(name)?);
    let mut others: Vec<_> = machines.map(|machine| (age(&machine.name.value), machine)).collect();
    others.retain(|(age, machine)| !age.is_empty() && self::line(&machine.name.value) == Some(line));
    let above = others.iter().filter(|(age, _)| *age > own).min_by(|(a, _), (b, _)| a.cmp(b));
    above.or_else(|| others.iter().max_by(|(a, _), (b, _)| a.cmp(b))).map(|(_, machine)| *machine)
}

/// A name up to its version: `pc-q35-`, `pc-q35-rhel`.
fn line(name: &str) -> Option<&str> {
    let last = name.rfind('-')?;
    let digit = name.get(last..)?.find(|c: char| c.is_ascii_digit())?;
    name.get(..last + digit)
}

#[cfg(test)]
mod tests {
    use crate::support::{check, codes, fixed};

    const ALL: &[&str] = &["machine-unknown", "machine-deprecated"];

    fn named(machine: &str) -> String {
        format!("<domain type='kvm'><os><type arch='x86_64' machine='{machine}'>hvm</type></os></domain>")
    }

    #[test]
    fn an_unknown_version_is_refused_with_the_nearest() {
        check(
            "9.0.0:kvm-q35",
            ALL,
            r"
<domain type='kvm'>
  <os>
    <type arch='x86_64' machine='pc-q35-9.2'>hvm</type>
                                 ^^^^^^^^^^ error[machine-unknown]: the emulator of this host has no machine `pc-q35-9.2` for `x86_64`
                                 | capabilities.xml: the nearest machine: `pc-q35-7.2`
                                 | fix: Use pc-q35-7.2 (changes guest)
  </os>
</domain>",
        );
    }

    #[test]
    fn the_machine_of_a_distribution_becomes_the_family() {
        check(
            "kvm-q35",
            ALL,
            r"
<domain type='kvm'>
  <os>
    <type arch='x86_64' machine='pc-q35-rhel9.4.0'>hvm</type>
                                 ^^^^^^^^^^^^^^^^ error[machine-unknown]: the emulator of this host has no machine `pc-q35-rhel9.4.0` for `x86_64`
                                 | capabilities.xml: the nearest machine: `q35`, which stands for `pc-q35-11.1`
                                 | fix: Use q35 (changes guest)
  </os>
</domain>",
        );
    }

    #[test]
    fn the_machine_of_another_architecture_has_no_nearest() {
        check(
            "kvm-q35",
            ALL,
            r"
<domain type='kvm'>
  <os>
    <type arch='x86_64' machine='s390-ccw-virtio'>hvm</type>
                                 ^^^^^^^^^^^^^^^ error[machine-unknown]: the emulator of this host has no machine `s390-ccw-virtio` for `x86_64`
                                 | capabilities.xml: the first of its machines: `pc-i440fx-11.1`
  </os>
</domain>",
        );
    }

    #[test]
    fn each_unknown_name_has_the_nearest() {
        let nearest =
            [("pc-q35-9.2.1", "pc-q35-10.0"), ("pc-q35-2.4", "pc-q35-5.2"), ("pc-1.0", "pc"), ("Q35", "q35"), ("micorvm", "microvm")];
        for (asked, expected) in nearest {
            let fixed = fixed("kvm-q35", "machine-unknown", &named(asked));
            assert_eq!(fixed, named(expected), "{asked}");
            assert!(!codes("kvm-q35", &fixed).contains(&"machine-unknown"));
        }
    }

    #[test]
    fn a_deprecated_version_is_told_with_the_next() {
        check(
            "kvm-q35",
            ALL,
            r"
<domain type='kvm'>
  <os>
    <type arch='x86_64' machine='pc-q35-7.2'>hvm</type>
                                 ^^^^^^^^^^ info[machine-deprecated]: `pc-q35-7.2` is deprecated: a later QEMU will not have it, and the guest not start
                                 | capabilities.xml: `pc-q35-7.2` is deprecated
                                 | fix: Use pc-q35-8.2 (changes guest)
  </os>
</domain>",
        );
        assert_eq!(fixed("kvm-q35", "machine-deprecated", &named("pc-q35-7.2")), named("pc-q35-8.2"));
        assert!(!codes("kvm-q35", &named("pc-q35-8.2")).contains(&"machine-deprecated"));
    }

    #[test]
    fn listed_machines_and_aliases_are_silent() {
        for machine in ["q35", "pc", "pc-q35-11.1", "microvm"] {
            let found = codes("kvm-q35", &named(machine));
            assert!(!found.iter().any(|code| code.starts_with("machine-")), "{machine}: {found:?}");
        }
    }

    #[test]
    fn the_limit_of_vcpus_speaks_where_no_domain_capabilities_fit() {
        let fixture = r"
<domain type='kvm'>
  <vcpu>300</vcpu>
        ^^^ error[machine-vcpu-limit]: the machine `pc` takes 255 vCPUs at most, not 300
        | capabilities.xml: `pc` takes 255
        | fix: Allow 255 vCPUs (changes guest)
  <os>
    <type arch='x86_64' machine='pc'>hvm</type>
  </os>
</domain>";
        check("kvm-pc+alone", &["machine-vcpu-limit"], fixture);
        let xml = named("pc").replace("<os>", "<vcpu>300</vcpu><os>");
        assert_eq!(fixed("kvm-pc+alone", "machine-vcpu-limit", &xml), xml.replace("300", "255"));
        assert!(!codes("kvm-pc+alone", &xml.replace("300", "255")).contains(&"machine-vcpu-limit"));
        assert!(!codes("kvm-pc", &xml).contains(&"machine-vcpu-limit"));
    }
}

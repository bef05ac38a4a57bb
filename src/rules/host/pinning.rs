//! Host CPUs that a domain pins its threads to.

use super::set::Set;
use crate::caps::{HostCaps, Said, Source};
use crate::edit;
use crate::finding::{Effect, Phase, Severity};
use crate::rules::{Check, Facts, Findings, Need, Rule, page};
use crate::xml::Node;

/// The rules of this file.
pub const RULES: &[Rule] = &[HOST_CPU_ABSENT];

const HOST_CPU_ABSENT: Rule = Rule {
    code: "pin-host-cpu-absent",
    severity: Severity::Error,
    phase: Phase::Start,
    needs: &[Need::Capabilities],
    on: &["domain/vcpu[@cpuset]", "domain/cputune"],
    check: Check::Function(host_cpu_absent),
    page: page!("pin-host-cpu-absent.md"),
    docs: "https://libvirt.org/formatdomain.html#cpu-tuning",
};

struct Host<'a> {
    source: Source<'a, HostCaps>,
    cpus: Set,
    last: &'a Said<u32>,
}

/// Takes `cputune` as a whole, so that the host's CPUs are gathered once.
fn host_cpu_absent(facts: &Facts, node: Node, findings: &mut Findings) {
    if node.name() == "vcpu" {
        // automatic placement takes no notice of it
        if node.value("placement") != Some("auto") {
            host(facts).into_iter().for_each(|host| judge(&host, node, facts.subject.root, findings));
        }
        return;
    }
    let mut pins = node.elements().filter(|pin| pin.attr("cpuset").is_some()).peekable();
    if pins.peek().is_some()
        && let Some(host) = host(facts)
    {
        pins.for_each(|pin| judge(&host, pin, facts.subject.root, findings));
    }
}

fn host<'a>(facts: &Facts<'a>) -> Option<Host<'a>> {
    let source = facts.sources.host_caps.filter(|_| super::qemu(facts))?;
    let all = || source.said.cells.iter().flat_map(|cell| &cell.cpus);
    Some(Host { source, cpus: all().map(|cpu| cpu.value).collect(), last: all().last()? })
}

/// Certain where none of the CPUs exists: then no thread can run. Of several, some kernels pass over those that are missing.
fn judge(host: &Host, node: Node, root: Node, findings: &mut Findings) {
    let Some(attr) = node.attr("cpuset") else { return };
    let Some(asked) = Set::parse(attr.value()) else { return };
    if asked.within(&host.cpus) || !is_used(root, node) {
        return;
    }
    let missing = asked.without(&host.cpus);
    let (s, verb) = if missing.len() == 1 { ("", "does") } else { ("s", "do") };
    let cpus = &host.cpus;
    let finding = findings.at(attr.value_span(), format!("host CPU{s} {missing} {verb} not exist: this host has {cpus}"));
    finding.evidence(host.source.id, host.last.span, format!("the host's CPUs: {cpus}"));
    let kept = asked.shared(cpus);
    if replaced(root, node) || !kept.is_empty() {
        finding.likely();
    }
    if !kept.is_empty() {
        finding.fix(
            format!("Pin to CPU{} {kept}", if kept.len() == 1 { "" } else { "s" }),
            Effect::Safe,
            vec![edit::replace(attr.value_span(), &kept.to_string())],
        );
    } else if node.name() == "vcpu" {
        finding.fix("Let the guest run on all CPUs", Effect::Safe, vec![edit::remove_attribute(node, &attr)]);
    } else {
        finding.fix("Let it run on all CPUs", Effect::Safe, vec![edit::remove(node)]);
    }
}

/// Whether other pins may stand for the `cpuset` of `vcpu`, so that nothing runs by it.
fn replaced(root: Node, node: Node) -> bool {
    node.name() == "vcpu" && root.descend(&["cputune", "emulatorpin"]).is_some()
}

/// A pin counts only where its thread is made: a vCPU that is plugged in, an I/O thread that exists.
fn is_used(root: Node, pin: Node) -> bool {
    match pin.name() {
        "vcpu" | "emulatorpin" => true,
        "vcpupin" => pin.value("vcpu").and_then(|id| id.trim().parse().ok()).is_some_and(|id| plugged_in(root, id)),
        "iothreadpin" => pin.value("iothread").and_then(|id| id.trim().parse().ok()).is_some_and(|id| io_thread(root, id)),
        _ => false,
    }
}

fn plugged_in(root: Node, id: u32) -> bool {
    let number = |text: &str| text.trim().parse::<u32>().ok();
    if let Some(vcpus) = root.child("vcpus") {
        return vcpus
            .children("vcpu")
            .find(|vcpu| vcpu.value("id").and_then(number) == Some(id))
            .is_some_and(|vcpu| vcpu.value("enabled") != Some("no"));
    }
    let Some(vcpu) = root.child("vcpu") else { return id == 0 };
    let current = vcpu.value("current").and_then(number).or_else(|| vcpu.text().and_then(|text| number(text.value)));
    current.is_some_and(|current| id < current)
}

fn io_thread(root: Node, id: u32) -> bool {
    let number = |text: &str| text.trim().parse::<u32>().ok();
    let listed =
        root.child("iothreadids").is_some_and(|ids| ids.children("iothread").any(|one| one.value("id").and_then(number) == Some(id)));
    let count = root.child("iothreads").and_then(Node::text).and_then(|text| number(text.value)).unwrap_or(0);
    listed || (1..=count).contains(&id)
}

#[cfg(test)]
mod tests {
    use crate::support::{check, codes, fixed};

    #[test]
    fn pins_to_cpus_that_are_not_there_fail_at_the_start() {
        check(
            "kvm-q35",
            &["pin-host-cpu-absent"],
            r"
<domain type='kvm'>
  <vcpu cpuset='0-7'>2</vcpu>
                ^^^ warning[pin-host-cpu-absent]: host CPUs 2-7 do not exist: this host has 0-1
                | capabilities.xml: the host's CPUs: 0-1
                | fix: Pin to CPUs 0-1
  <iothreads>1</iothreads>
  <cputune>
    <vcpupin vcpu='0' cpuset='4'/>
                              ^ error[pin-host-cpu-absent]: host CPU 4 does not exist: this host has 0-1
                              | capabilities.xml: the host's CPUs: 0-1
                              | fix: Let it run on all CPUs
    <vcpupin vcpu='1' cpuset='1-3,^2'/>
                              ^^^^^^ warning[pin-host-cpu-absent]: host CPU 3 does not exist: this host has 0-1
                              | capabilities.xml: the host's CPUs: 0-1
                              | fix: Pin to CPU 1
    <emulatorpin cpuset='6-7'/>
                         ^^^ error[pin-host-cpu-absent]: host CPUs 6-7 do not exist: this host has 0-1
                         | capabilities.xml: the host's CPUs: 0-1
                         | fix: Let it run on all CPUs
    <iothreadpin iothread='1' cpuset='8'/>
                                      ^ error[pin-host-cpu-absent]: host CPU 8 does not exist: this host has 0-1
                                      | capabilities.xml: the host's CPUs: 0-1
                                      | fix: Let it run on all CPUs
  </cputune>
</domain>",
        );
    }

    #[test]
    fn the_fix_keeps_the_cpus_that_exist() {
        let xml = "<domain type='kvm'><vcpu cpuset='0-7'>2</vcpu></domain>";
        let kept = fixed("kvm-q35", "pin-host-cpu-absent", xml);
        assert_eq!(kept, xml.replace("0-7", "0-1"));
        assert!(!codes("kvm-q35", &kept).contains(&"pin-host-cpu-absent"));
        let xml = "<domain type='kvm'><vcpu cpuset='7'>2</vcpu></domain>";
        assert_eq!(fixed("kvm-q35", "pin-host-cpu-absent", xml), xml.replace(" cpuset='7'", ""));
        let xml = "<domain type='kvm'><cputune><emulatorpin cpuset='7'/></cputune></domain>";
        assert_eq!(fixed("kvm-q35", "pin-host-cpu-absent", xml), xml.replace("<emulatorpin cpuset='7'/>", ""));
    }

    #[test]
    fn pins_that_no_thread_uses_are_silent() {
        for body in [
            "<vcpu placement='auto' cpuset='4'>1</vcpu>",
            "<vcpu>1</vcpu><cputune><vcpupin vcpu='5' cpuset='4'/></cputune>",
            "<vcpu current='1'>2</vcpu><cputune><vcpupin vcpu='1' cpuset='4'/></cputune>",
            "<vcpu>2</vcpu><vcpus><vcpu id='1' enabled='no'/></vcpus><cputune><vcpupin vcpu='1' cpuset='4'/></cputune>",
            "<vcpu>2</vcpu><cputune><vcpupin vcpu='1' cpuset='0-1'/><iothreadpin iothread='3' cpuset='9'/></cputune>",
        ] {
            assert!(!codes("kvm-q35", &format!("<domain type='kvm'>{body}</domain>")).contains(&"pin-host-cpu-absent"), "{body}");
        }
    }
}

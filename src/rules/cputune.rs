//! `<cputune>` and the I/O threads: shares of the host, pins and schedulers.

pub mod threads;

use super::host::set::Set;
use super::vcpu::topology::maximum;
use super::{Facts, Findings, Rule, page, unsigned};
use crate::caps::Version;
use crate::edit;
use crate::finding::{Effect, Phase};
use crate::text::sort_by_key;
use crate::xml::{Attr, Node};

const DOCS: &str = "https://libvirt.org/formatdomain.html#cpu-tuning";
const ON: &[&str] = &["domain/cputune"];

/// The rules.
pub const RULES: &[Rule] = &[
    Rule::define("cputune-out-of-range", SHARES, range, page!("cputune/cputune-out-of-range.md"), DOCS),
    Rule::define("pin-repeated", ON, repeated, page!("cputune/pin-repeated.md"), DOCS),
    Rule::define("pin-vcpu-absent", &["domain/cputune/vcpupin"], absent, page!("cputune/pin-vcpu-absent.md"), DOCS).warn(Phase::Dropped),
    Rule::define("scheduler-vcpu-absent", &["domain/cputune/vcpusched"], sched, page!("cputune/scheduler-vcpu-absent.md"), DOCS),
    Rule::define("scheduler-priority-invalid", SCHEDULERS, priority, page!("cputune/scheduler-priority-invalid.md"), DOCS)
        .warn(Phase::Start),
    Rule::define("scheduler-overlap", ON, overlap, page!("cputune/scheduler-overlap.md"), DOCS),
];

const SCHEDULERS: &[&str] = &["domain/cputune/vcpusched", "domain/cputune/iothreadsched", "domain/cputune/emulatorsched"];

/// What the structure leaves open.
const SHARES: &[&str] = &[
    "domain/cputune/shares",
    "domain/cputune/quota",
    "domain/cputune/global_quota",
    "domain/cputune/emulator_quota",
    "domain/cputune/iothread_quota",
];

/// Zero counts as nothing said. The shares are those of control groups of the first version; later libvirts leave them to the kernel.
fn range(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(text) = node.text() else { return };
    let Ok(number) = text.value.parse::<u64>() else { return };
    let (least, most) = match node.name() {
        "shares" if facts.before(Version(9, 0, 1)) => (2, 262_144),
        "shares" => return,
        // what is above is told by the structure
        _ => (1_000, u64::MAX),
    };
    if number == 0 || (least..=most).contains(&number) {
        return;
    }
    let nearest = number.clamp(least, most);
    let unit = if most == u64::MAX { " microseconds" } else { "" };
    let what = node.name();
    let message = if number < least { format!("`{what}` is at least {least}{unit}") } else { format!("`{what}` is at most {most}") };
    findings.at(text.span, message).fix(format!("Use {nearest}"), Effect::Safe, vec![edit::replace(text.span, &nearest.to_string())]);
}

/// The number that a pin is for.
fn pinned<'a>(pin: Node<'a>) -> Option<(Attr<'a>, u32)> {
    let attr = pin.attr(if pin.name() == "vcpupin" { "vcpu" } else { "iothread" })?;
    Some((attr, unsigned(attr.value())?))
}

/// Pins of vCPUs that there are not are passed over, however many.
fn repeated(facts: &Facts, cputune: Node, findings: &mut Findings) {
    for kind in ["vcpupin", "iothreadpin"] {
        let mut seen: Vec<(u32, Attr)> =
            cputune.children(kind).filter_map(|pin| pinned(pin).map(|(attr, number)| (number, attr))).collect();
        if seen.windows(2).all(|pair| matches!(pair, [(first, _), (second, _)] if first < second)) {
            continue;
        }
        let last = if kind == "vcpupin" { maximum(facts).unwrap_or(0) } else { u32::MAX };
        // the order of the document is kept among equals
        sort_by_key(&mut seen, |(number, _)| *number);
        for pair in seen.windows(2) {
            let [(first, earlier), (second, later)] = pair else { continue };
            if first == second && *first < last {
                let what = if kind == "vcpupin" { "vCPU" } else { "I/O thread" };
                findings.at(later.value_span(), format!("{what} {first} is pinned already")).related(earlier.value_span(), "the first pin");
            }
        }
    }
}

fn absent(facts: &Facts, pin: Node, findings: &mut Findings) {
    let (Some((attr, number)), Some(maximum)) = (pinned(pin), maximum(facts)) else { return };
    if number >= maximum && facts.qemu() {
        let message = format!("there is no vCPU {number}: of {maximum}, the last is {}; libvirt drops the pin", maximum.saturating_sub(1));
        findings.at(attr.value_span(), message).fix("Remove the pin", Effect::Safe, vec![edit::remove(pin)]);
    }
}

fn sched(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(maximum) = maximum(facts) else { return };
    let Some(attr) = node.attr("vcpus") else {
        findings.at(node.name_span(), "nothing says in `vcpus` whose scheduler this is");
        return;
    };
    let Some(asked) = Set::parse(attr.value()) else { return };
    let all: Set = (0..maximum).collect();
    if asked.within(&all) {
        return;
    }
    let message = format!("there is no vCPU {}: of {maximum}, the last is {}", asked.without(&all), maximum.saturating_sub(1));
    let finding = findings.at(attr.value_span(), message);
    let rest = asked.shared(&all);
    if rest.is_empty() {
        finding.fix("Remove it", Effect::Safe, vec![edit::remove(node)]);
    } else {
        finding.fix(format!("Use {rest}"), Effect::Safe, vec![edit::replace(attr.value_span(), &rest.to_string())]);
    }
}

/// The kernel's range, which libvirt looks at when it starts the domain.
fn priority(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(attr) = node.attr("priority").filter(|_| matches!(node.value("scheduler"), Some("fifo" | "rr")) && facts.qemu()) else {
        return;
    };
    let Some(priority) = unsigned(attr.value()).filter(|priority| !(1..=99).contains(priority)) else { return };
    let nearest = priority.clamp(1, 99);
    let finding = findings.at(attr.value_span(), format!("priorities go from 1 to 99, {priority} is none"));
    finding.fix(format!("Use {nearest}"), Effect::Safe, vec![edit::replace(attr.value_span(), &nearest.to_string())]);
}

fn overlap(_: &Facts, cputune: Node, findings: &mut Findings) {
    for (kind, name, what) in [("vcpusched", "vcpus", "vCPU"), ("iothreadsched", "iothreads", "I/O thread")] {
        if cputune.children(kind).nth(1).is_none() {
            continue;
        }
        let mut seen: Vec<(Attr, Set)> = Vec::new();
        for node in cputune.children(kind) {
            let Some((attr, set)) = node.attr(name).and_then(|attr| Some((attr, Set::parse(attr.value())?))) else { continue };
            if let Some((first, other)) = seen.iter().find(|(_, other)| !other.shared(&set).is_empty()) {
                let finding = findings.at(attr.value_span(), format!("{what} {} has a scheduler already", set.shared(other)));
                finding.related(first.value_span(), "the first");
                let rest = set.without(other);
                if !rest.is_empty() {
                    finding.fix(format!("Leave {rest}"), Effect::Safe, vec![edit::replace(attr.value_span(), &rest.to_string())]);
                }
            }
            seen.push((attr, set));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &[
        "cputune-out-of-range",
        "pin-repeated",
        "pin-vcpu-absent",
        "scheduler-vcpu-absent",
        "scheduler-priority-invalid",
        "scheduler-overlap",
    ];

    #[test]
    fn priorities_have_a_range() {
        let fixture = r#"
<cputune>
  <emulatorsched scheduler='rr' priority='200'/>
                                          ^^^ warning[scheduler-priority-invalid]: priorities go from 1 to 99, 200 is none
                                          | fix: Use 99
</cputune>
"#;
        assert_eq!(check_in("none", "", CODES, fixture), ["start"]);
        mended_in("none", "", "scheduler-priority-invalid", fixture);
        check_in("none", "", CODES, "<cputune>\n  <emulatorsched scheduler='rr' priority='99'/>\n</cputune>");
    }

    #[test]
    fn shares_have_bounds() {
        let fixture = r#"
<cputune>
  <shares>1</shares>
          ^ error[cputune-out-of-range]: `shares` is at least 2
          | fix: Use 2
  <quota>999</quota>
         ^^^ error[cputune-out-of-range]: `quota` is at least 1000 microseconds
         | fix: Use 1000
  <global_quota>-1</global_quota>
  <emulator_quota>0</emulator_quota>
</cputune>
"#;
        check_in("9.0.0:qemu-q35", "", CODES, fixture);
        mended_in("9.0.0:qemu-q35", "", "cputune-out-of-range", fixture);
        check_in("none", "", CODES, "<cputune>\n  <shares>1</shares>\n</cputune>");
    }

    #[test]
    fn a_thread_is_pinned_once() {
        let fixture = r#"
<vcpu>2</vcpu>
<cputune>
  <vcpupin vcpu='0' cpuset='0'/>
  <vcpupin vcpu='1' cpuset='1'/>
  <vcpupin vcpu='0' cpuset='2'/>
                 ^ error[pin-repeated]: vCPU 0 is pinned already
  <vcpupin vcpu='2' cpuset='2'/>
                 ^ warning[pin-vcpu-absent]: there is no vCPU 2: of 2, the last is 1; libvirt drops the pin
                 | fix: Remove the pin
  <vcpupin vcpu='2' cpuset='3'/>
                 ^ warning[pin-vcpu-absent]: there is no vCPU 2: of 2, the last is 1; libvirt drops the pin
                 | fix: Remove the pin
</cputune>
"#;
        check_in("none", "", CODES, fixture);
        assert_eq!(mended_in("none", "", "pin-vcpu-absent", fixture), "- <vcpupin vcpu='2' cpuset='2'/>");
        check_in(
            "none",
            "",
            CODES,
            "<vcpu>2</vcpu>\n<cputune>\n  <vcpupin vcpu='1' cpuset='1'/>\n  <vcpupin vcpu='0' cpuset='2'/>\n</cputune>",
        );
    }

    #[test]
    fn a_scheduler_is_for_vcpus_that_there_are() {
        let fixture = r#"
<vcpu>4</vcpu>
<cputune>
  <vcpusched vcpus='0-4' scheduler='batch'/>
                    ^^^ error[scheduler-vcpu-absent]: there is no vCPU 4: of 4, the last is 3
                    | fix: Use 0-3
  <vcpusched scheduler='idle'/>
   ^^^^^^^^^ error[scheduler-vcpu-absent]: nothing says in `vcpus` whose scheduler this is
</cputune>
"#;
        check_in("none", "", CODES, fixture);
        mended_in("none", "", "scheduler-vcpu-absent", fixture);
    }

    #[test]
    fn a_thread_has_one_scheduler() {
        let fixture = r#"
<vcpu>4</vcpu>
<cputune>
  <vcpusched vcpus='0' scheduler='fifo' priority='1'/>
  <vcpusched vcpus='0-1' scheduler='rr' priority='1'/>
                    ^^^ error[scheduler-overlap]: vCPU 0 has a scheduler already
                    | fix: Leave 1
</cputune>
"#;
        check_in("none", "", CODES, fixture);
        mended_in("none", "", "scheduler-overlap", fixture);
        let apart = "<vcpu>4</vcpu>\n<cputune>\n  <vcpusched vcpus='0-3,^2' scheduler='batch'/>\n  <vcpusched vcpus='2' scheduler='idle'/>\n</cputune>";
        check_in("none", "", CODES, apart);
    }
}

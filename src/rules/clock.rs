//! `<clock>` and its timers.

use super::{Facts, Family, Findings, Rule, page};
use crate::edit;
use crate::finding::Effect;
use crate::xml::{Attr, Node};

const DOCS: &str = "https://libvirt.org/formatdomain.html#time-keeping";
const TIMER: &[&str] = &["domain/clock/timer"];

/// The rules.
pub const RULES: &[Rule] = &[
    Rule::define("timer-unsupported", TIMER, unsupported, page!("clock/timer-unsupported.md"), DOCS),
    Rule::define("timer-setting-unfit", TIMER, setting, page!("clock/timer-setting-unfit.md"), DOCS),
    Rule::define("clock-offset-incomplete", &["domain/clock"], offset, page!("clock/clock-offset-incomplete.md"), DOCS),
];

/// Where QEMU has no such timer; those of PCs may be said to be absent.
fn unsupported(facts: &Facts, node: Node, findings: &mut Findings) {
    let (Some(name), Some(arch)) = (node.attr("name").filter(|_| facts.qemu()), facts.arch()) else { return };
    let present = node.value("present");
    let message = match name.value() {
        "platform" => "QEMU has no timer of the platform's own".to_owned(),
        "tsc" | "kvmclock" | "hypervclock" | "hpet" if !facts.x86() && present == Some("yes") => {
            format!("`{}` is a timer of PCs, this domain is `{arch}`", name.value())
        }
        "armvtimer" if facts.board.is_some_and(|board| board.family != Family::ArmVirt) => {
            "`armvtimer` is a timer of ARM's `virt` machine".to_owned()
        }
        "armvtimer" if facts.subject.domain_type() == Some("qemu") => "`armvtimer` can be set under KVM alone".to_owned(),
        "armvtimer" if present == Some("no") => "`armvtimer` is always there".to_owned(),
        _ => return,
    };
    findings.at(name.value_span(), message).fix("Remove it", Effect::ChangesGuest, vec![edit::remove(node)]);
}

/// What each timer can do with ticks that the guest missed, as far as libvirt asks.
fn ticks(facts: &Facts, timer: &str, policy: &str) -> bool {
    match timer {
        "kvmclock" | "hypervclock" => false,
        "rtc" => matches!(policy, "delay" | "catchup"),
        // KVM's, which is there or not with the emulator
        "pit" if policy == "catchup" => facts.x86() || facts.arch().is_none(),
        "pit" => policy != "merge",
        "armvtimer" => matches!(policy, "delay" | "discard"),
        _ => true,
    }
}

/// What the structure lets through, or the schema never saw.
fn setting(facts: &Facts, node: Node, findings: &mut Findings) {
    let (Some(timer), true) = (node.value("name"), facts.qemu()) else { return };
    let mut refuse = |attr: Attr, why: String| {
        let edit = edit::remove_attribute(node, &attr);
        findings.at(attr.value_span(), why).fix(format!("Remove `{}`", attr.name()), Effect::ChangesGuest, vec![edit]);
    };
    // told by the structure where the timer has no such attribute at all
    if let Some(policy) = node.attr("tickpolicy").filter(|policy| POLICIES.contains(&policy.value()))
        && !matches!(timer, "kvmclock" | "hypervclock")
        && !ticks(facts, timer, policy.value())
    {
        refuse(policy, format!("`{timer}` cannot `{}` ticks that the guest missed", policy.value()));
    }
    if let Some(track) = node.attr("track").filter(|track| timer == "rtc" && track.value() == "boot") {
        refuse(track, "QEMU's `rtc` does not follow the time since the start".to_owned());
    }
}

const POLICIES: &[&str] = &["delay", "catchup", "merge", "discard"];

/// The last second that libvirt can write as a date: the end of the year 9999.
const LAST: u64 = 253_402_300_799;

fn offset(facts: &Facts, clock: Node, findings: &mut Findings) {
    match clock.value("offset") {
        Some("timezone") if clock.attr("timezone").is_none() => {
            let offset = clock.attr("offset").map_or(clock.name_span(), |offset| offset.value_span());
            let finding = findings.at(offset, "nothing says in `timezone` which zone it is");
            finding.fix("Use the host's zone", Effect::ChangesGuest, vec![edit::set_attribute(clock, "offset", "localtime")]);
        }
        Some("absolute") if facts.qemu() => {
            if let Some(start) = clock.attr("start").filter(|start| start.value().parse::<u64>().is_ok_and(|second| second > LAST)) {
                findings.at(start.value_span(), format!("the clock can begin at {LAST}, the end of the year 9999, at the latest"));
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["timer-unsupported", "timer-setting-unfit", "clock-offset-incomplete"];

    #[test]
    fn timers_of_pcs_are_on_pcs() {
        let fixture = r#"
<timer name='kvmclock' present='yes'/>
             ^^^^^^^^ error[timer-unsupported]: `kvmclock` is a timer of PCs, this domain is `s390x`
             | fix: Remove it (changes guest)
<timer name='hpet' present='no'/>
<timer name='tsc'/>
"#;
        check_in("s390x", "clock", CODES, fixture);
        mended_in("s390x", "clock", "timer-unsupported", fixture);
        check_in("qemu-q35", "clock", CODES, "<timer name='hypervclock' present='yes'/>");
    }

    #[test]
    fn arm_has_its_own_under_kvm() {
        let fixture = r#"
<timer name='armvtimer'/>
             ^^^^^^^^^ error[timer-unsupported]: `armvtimer` can be set under KVM alone
             | fix: Remove it (changes guest)
<timer name='platform'/>
             ^^^^^^^^ error[timer-unsupported]: QEMU has no timer of the platform's own
             | fix: Remove it (changes guest)
"#;
        check_in("aarch64", "clock", CODES, fixture);
        let fixture = r#"
<timer name='armvtimer'/>
             ^^^^^^^^^ error[timer-unsupported]: `armvtimer` is a timer of ARM's `virt` machine
             | fix: Remove it (changes guest)
"#;
        check_in("kvm-q35", "clock", CODES, fixture);
    }

    #[test]
    fn ticks_are_made_up_as_each_timer_can() {
        let fixture = r#"
<timer name='rtc' tickpolicy='merge'/>
                              ^^^^^ error[timer-setting-unfit]: `rtc` cannot `merge` ticks that the guest missed
                              | fix: Remove `tickpolicy` (changes guest)
<timer name='rtc' track='boot'/>
                         ^^^^ error[timer-setting-unfit]: QEMU's `rtc` does not follow the time since the start
                         | fix: Remove `track` (changes guest)
<timer name='pit' tickpolicy='delay'/>
<timer name='rtc' tickpolicy='catchup' track='guest'/>
<timer name='hpet' tickpolicy='merge'/>
"#;
        check_in("qemu-q35", "clock", CODES, fixture);
        mended_in("qemu-q35", "clock", "timer-setting-unfit", fixture);
        let fixture = r#"
<timer name='pit' tickpolicy='catchup'/>
                              ^^^^^^^ error[timer-setting-unfit]: `pit` cannot `catchup` ticks that the guest missed
                              | fix: Remove `tickpolicy` (changes guest)
"#;
        check_in("s390x", "clock", CODES, fixture);
        check_in("qemu-q35", "clock", CODES, "<timer name='pit' tickpolicy='catchup'/>");
    }

    #[test]
    fn an_offset_says_from_what() {
        let fixture = r#"
<clock offset='timezone'/>
               ^^^^^^^^ error[clock-offset-incomplete]: nothing says in `timezone` which zone it is
               | fix: Use the host's zone (changes guest)
"#;
        check_in("none", "", CODES, fixture);
        mended_in("none", "", "clock-offset-incomplete", fixture);
        let fixture = r#"
<clock offset='absolute' start='253402300800'/>
                                ^^^^^^^^^^^^ error[clock-offset-incomplete]: the clock can begin at 253402300799, the end of the year 9999, at the latest
"#;
        check_in("none", "", CODES, fixture);
        check_in("none", "", CODES, "<clock offset='absolute' start='253402300799'/>");
    }
}

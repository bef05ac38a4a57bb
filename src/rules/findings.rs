//! Where rules put what they find.

use std::borrow::Cow;

use super::Rule;
use super::structure::{BAD_TEXT, BAD_VALUE};
use crate::finding::{Certainty, Finding, Phase, Severity};
use crate::text::{Span, sort_by_key};

/// Where rules put what they find.
#[derive(Debug)]
pub struct Findings {
    rule: Option<&'static Rule>,
    list: Vec<Finding>,
}

impl Findings {
    pub(crate) fn new() -> Self {
        Self { rule: None, list: Vec::new() }
    }

    pub(crate) fn begin(&mut self, rule: &'static Rule) {
        self.rule = Some(rule);
    }

    pub(crate) fn into_list(self) -> Vec<Finding> {
        self.list
    }

    /// Those after the first `before`.
    pub(crate) fn after(&mut self, before: usize) -> &mut [Finding] {
        self.list.get_mut(before..).unwrap_or_default()
    }

    /// Forgets all but the first `before`.
    pub(crate) fn forget_after(&mut self, before: usize) {
        self.list.truncate(before);
    }

    /// Adds a finding of the rule at work, and hands it over to be refined.
    #[inline(never)]
    pub fn at(&mut self, span: Span, message: impl Into<Cow<'static, str>>) -> &mut Finding {
        let (code, severity, phase, docs) =
            self.rule.map_or(("", Severity::Info, Phase::Advice, ""), |rule| (rule.code, rule.severity, rule.phase, rule.docs));
        self.list.push_mut(Finding {
            code,
            severity,
            phase,
            certainty: Certainty::Certain,
            message: message.into(),
            span,
            related: Vec::new(),
            evidence: Vec::new(),
            fixes: Vec::new(),
            docs: docs.into(),
        })
    }
}

/// One fault gives one finding: of a value that the structure refuses no rule tells again. Takes them in the order of their places.
#[must_use]
pub fn told_once(mut findings: Vec<Finding>) -> Vec<Finding> {
    if findings.iter().any(unreadable) {
        sort_by_key(&mut findings, |one| (one.span, !unreadable(one), one.code));
        findings.dedup_by(|next, first| {
            let again = unreadable(first) && at_one_place(first.span, next.span);
            if again {
                merge(first, next);
            }
            again
        });
    }
    findings
}

fn unreadable(finding: &Finding) -> bool {
    finding.severity == Severity::Error && [BAD_VALUE.code, BAD_TEXT.code].contains(&finding.code)
}

/// An empty value is told at its whole attribute.
fn at_one_place(first: Span, next: Span) -> bool {
    first == next || next.start == next.end && first.start < next.start && next.end < first.end
}

/// What the structure says stays, and takes over what documents say and, where it has none, a fix of that very token.
fn merge(first: &mut Finding, next: &mut Finding) {
    // what is told of the CPU names the codes of its findings
    if next.is_about_cpu() && next.severity == Severity::Error {
        std::mem::swap(first, next);
        first.phase(Phase::Schema);
    }
    let own = first.span;
    next.fixes.retain(|fix| fix.edits.iter().any(|edit| edit.span.start <= own.start && own.end <= edit.span.end));
    if first.fixes.is_empty() {
        first.fixes.append(&mut next.fixes);
    }
    first.evidence.append(&mut next.evidence);
}

#[cfg(test)]
mod tests {
    use crate::rules::all;
    use crate::support::check_in;

    #[test]
    fn a_value_that_cannot_be_read_is_told_once() {
        let codes: Vec<_> = all()
            .map(|rule| rule.code)
            .filter(|code| !matches!(*code, "cpu-model-default" | "memory-missing" | "structure-missing-element"))
            .collect();
        let fixture = r"
<controller type='pci' index='1' model='pcie-expander-bus'>
  <target busNr='256'/>
                 ^^^ error[structure-bad-value]: `256` is no `busNr` of `target`; expected a number from 0 to 255, or from 0x0 to 0xff such as `0x1f`
                 | fix: Use 254 (changes guest)
</controller>
<graphics type='egl-headless'/>
<graphics type=''/>
          ^^^^^^^ error[structure-bad-value]: `` is no `type` of `graphics`; expected `vnc`, `spice`, `sdl`, `rdp`, `desktop`, `egl-headless`, `dbus`
<rng model='virtio'>
  <backend model='random'>/dev/random</backend>
  <address type='pcx' slot='7'/>
                 ^^^ error[structure-bad-value]: `pcx` is no `type` of `address`: did you mean `pci`?
                 | fix: Write pci
</rng>";
        check_in("qemu-q35", "devices", &codes, fixture);
    }

    #[test]
    fn of_the_cpu_its_own_finding_stays() {
        let fixture = r"
<cpu>
  <model vendor_id='KVM'>qemu64</model>
                    ^^^ error[cpu-vendor-id-invalid]: `KVM` is 3 bytes long: a vendor id has exactly 12
                    | fix: Remove `vendor_id`
</cpu>";
        assert_eq!(check_in("none", "", &["structure-bad-value", "cpu-vendor-id-invalid"], fixture), ["schema"]);
    }
}

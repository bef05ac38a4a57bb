//! host-model on ppc64: the mode of an older processor.

use super::super::{Facts, Findings, Rule, page};
use super::{asks_host_model, definition, mode_span, on_cpu};
use crate::cpu::{CheckLevel, Family, Stop};
use crate::edit::replace;
use crate::finding::{DocumentId, Effect, Finding, Phase, Severity};
use crate::text::Span;
use crate::xml::Node;

pub const COMPAT: Rule = on_cpu("cpu-host-model-compat", Severity::Info, Phase::Advice, compat, page!("cpu-host-model-compat.md"));

fn compat(facts: &Facts, node: Node, findings: &mut Findings) {
    if !on_ppc64(facts) || refusal(facts).is_some() {
        return;
    }
    let finding = match facts.cpu.request.model {
        Some(model) => findings.at(model.span, format!("the guest runs in the mode of `{}`, whatever newer host it is on", model.value)),
        None => {
            let message = "on ppc64 host-model is the host's own mode; a `<model>` such as `power9` asks for that of an older one";
            findings.at(mode_span(node), message)
        }
    };
    with_host(finding, host_power(facts));
}

pub const COMPAT_REFUSED: Rule =
    on_cpu("cpu-compat-mode-refused", Severity::Error, Phase::Start, compat_refused, page!("cpu-compat-mode-refused.md"))
        .at(&["domain/cpu[model]"]);

fn compat_refused(facts: &Facts, _: Node, findings: &mut Findings) {
    let Some((model, refusal)) = facts.cpu.request.model.zip(refusal(facts)) else { return };
    match refusal {
        Refusal::NoMode => {
            let message = format!("`{}` is no compatibility mode of ppc64: these are `power6` to `power11`", model.value);
            findings.at(model.span, message).likely();
        }
        Refusal::OlderHost(newest) => {
            let message = format!("this host is a POWER{newest}, older than the mode `{}`: the domain does not start", model.value);
            let finding = findings.at(model.span, message);
            with_host(finding, host_power(facts));
            finding.fix(format!("Use power{newest}"), Effect::ChangesGuest, vec![replace(model.span, &format!("power{newest}"))]);
        }
    }
}

enum Refusal {
    NoMode,
    OlderHost(u32),
}

fn on_ppc64(facts: &Facts) -> bool {
    asks_host_model(facts) && facts.cpu.request.family == Family::Ppc64 && facts.cpu.stop != Some(Stop::Mode)
}

/// Why the mode is refused; `check='none'` lets every one pass.
fn refusal(facts: &Facts) -> Option<Refusal> {
    let request = &facts.cpu.request;
    let model = request.model.filter(|_| on_ppc64(facts) && request.check != CheckLevel::None)?;
    let Some(asked) = model.value.strip_prefix("power").and_then(generation) else { return Some(Refusal::NoMode) };
    host_power(facts).filter(|(newest, ..)| asked > *newest).map(|(newest, ..)| Refusal::OlderHost(newest))
}

fn generation(number: &str) -> Option<u32> {
    number.parse().ok().filter(|number| (6..=11).contains(number))
}

/// The host's generation, from either document.
fn host_power(facts: &Facts) -> Option<(u32, DocumentId, Span)> {
    let of = |model: &str| model.strip_prefix("POWER").and_then(generation);
    let defined = definition(facts).and_then(|(id, said)| said.model.as_ref().and_then(|model| Some((of(&model.value)?, id, model.span))));
    defined.or_else(|| {
        let host = facts.sources.host_caps?;
        let model = host.said.cpu.as_ref()?.model.as_ref()?;
        Some((of(&model.value)?, host.id, model.span))
    })
}

fn with_host(finding: &mut Finding, host: Option<(u32, DocumentId, Span)>) {
    if let Some((generation, id, span)) = host {
        finding.evidence(id, span, format!("the host is a POWER{generation}"));
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check, codes, mended};

    #[test]
    fn without_a_name_it_is_the_hosts_mode() {
        check(
            "ppc64+kvm",
            &["cpu-host-model-compat"],
            r"<domain type='kvm'><name>alpha</name><os><type arch='ppc64' machine='pseries'>hvm</type></os>
<cpu mode='host-model'/>
           ^^^^^^^^^^ info[cpu-host-model-compat]: on ppc64 host-model is the host's own mode; a `<model>` such as `power9` asks for that of an older one
           | domcaps.xml: the host is a POWER9
</domain>",
        );
    }

    #[test]
    fn a_name_is_a_mode() {
        check(
            "ppc64+kvm",
            &["cpu-host-model-compat"],
            r"<domain type='kvm'><name>alpha</name><os><type arch='ppc64' machine='pseries'>hvm</type></os>
<cpu mode='host-model'>
  <model>power8</model>
         ^^^^^^ info[cpu-host-model-compat]: the guest runs in the mode of `power8`, whatever newer host it is on
         | domcaps.xml: the host is a POWER9
</cpu>
</domain>",
        );
    }

    #[test]
    fn the_host_may_be_too_old_for_it() {
        check(
            "ppc64+kvm",
            &["cpu-host-model-compat", "cpu-compat-mode-refused"],
            r"<domain type='kvm'><name>alpha</name><os><type arch='ppc64' machine='pseries'>hvm</type></os>
<cpu mode='host-model'>
  <model>power11</model>
         ^^^^^^^ error[cpu-compat-mode-refused]: this host is a POWER9, older than the mode `power11`: the domain does not start
         | domcaps.xml: the host is a POWER9
         | fix: Use power9 (changes guest)
</cpu>
</domain>",
        );
    }

    #[test]
    fn some_names_are_no_mode() {
        check(
            "ppc64+kvm",
            &["cpu-compat-mode-refused"],
            r"<domain type='kvm'><name>alpha</name><os><type arch='ppc64' machine='pseries'>hvm</type></os>
<cpu mode='host-model'>
  <model>POWER8</model>
         ^^^^^^ warning[cpu-compat-mode-refused]: `POWER8` is no compatibility mode of ppc64: these are `power6` to `power11`
</cpu>
</domain>",
        );
    }

    #[test]
    fn unchecked_it_is_not_refused() {
        assert!(
            !codes(
                "ppc64+kvm",
                r"<domain type='kvm'><name>alpha</name><os><type arch='ppc64' machine='pseries'>hvm</type></os>
<cpu mode='host-model' check='none'>
  <model>power11</model>
</cpu>
</domain>"
            )
            .contains(&"cpu-compat-mode-refused")
        );
    }

    #[test]
    fn an_emulator_has_no_host_model_there() {
        assert!(
            !codes(
                "ppc64",
                r"<domain type='qemu'><name>alpha</name><os><type arch='ppc64' machine='pseries'>hvm</type></os>
<cpu mode='host-model'/>
</domain>"
            )
            .contains(&"cpu-host-model-compat")
        );
    }

    #[test]
    fn the_hosts_own_mode_takes_its_place() {
        assert_eq!(
            mended(
                "ppc64+kvm",
                "cpu-compat-mode-refused",
                "Use power9",
                r"<domain type='kvm'><name>alpha</name><os><type arch='ppc64' machine='pseries'>hvm</type></os>
<cpu mode='host-model'>
  <model>power11</model>
</cpu>
</domain>"
            ),
            r"<domain type='kvm'><name>alpha</name><os><type arch='ppc64' machine='pseries'>hvm</type></os>
<cpu mode='host-model'>
  <model>power9</model>
</cpu>
</domain>"
        );
    }
}

//! A host that is itself a guest.

use super::{Asked, Facts, Findings, Rule, in_host, kvm, on_cpu, x86};
use crate::caps::{Feature, Source};
use crate::cpu::CpuMode;
use crate::finding::{DocumentId, Phase, Severity};
use crate::rules::page;
use crate::text::Span;
use crate::xml::Node;

pub const RULE: Rule = on_cpu("cpu-nested-host", Severity::Hint, Phase::Start, nested, page!("cpu-nested-host.md"));

/// Told only where something is promised that the outer host may lack.
fn nested(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(mode) = node.attr("mode").filter(|mode| mode.value() == "host-model") else { return };
    let Some(asked) = Asked::of(facts, node).filter(|asked| asked.mode == CpuMode::HostModel) else { return };
    if !kvm(facts) || x86(facts) != Some(true) {
        return;
    }
    let Some(guest) = in_host(facts, "hypervisor") else { return };
    let Some(promise) = asked_for(&asked).or_else(|| listed(facts, &asked)) else { return };
    let message = format!("this host is itself a guest: the outer host may not keep what it promises with `{}`", promise.name);
    let finding = findings.at(mode.value_span(), message);
    finding.evidence(guest.id, guest.name.span, "the host's own CPU has `hypervisor`");
    match promise.place {
        Place::Domain(span) => finding.related(span, "asked for here"),
        Place::Document(id, span) => finding.evidence(id, span, "host-model promises it here"),
    };
}

struct Promise<'a> {
    name: &'a str,
    place: Place,
}

enum Place {
    Domain(Span),
    Document(DocumentId, Span),
}

fn asked_for<'a>(asked: &Asked<'a>) -> Option<Promise<'a>> {
    let wanted = asked.cpu.children("feature").find(|feature| {
        feature.value("name").is_some_and(Feature::of_outer_host) && !matches!(feature.value("policy"), Some("disable" | "forbid"))
    })?;
    let name = wanted.attr("name")?;
    Some(Promise { name: name.value(), place: Place::Domain(name.value_span()) })
}

fn listed<'a>(facts: &Facts<'a>, asked: &Asked) -> Option<Promise<'a>> {
    let caps = facts.sources.domain_caps?;
    let definition = caps.said.cpu.host_model.as_ref()?;
    let mut outer = definition.outer.iter().filter_map(|at| definition.features.get(*at)).map(|said| Source { id: caps.id, said });
    let promise = outer.find(|feature| asked.feature(&feature.name.value).is_none())?;
    Some(Promise { name: &promise.said.name.value, place: Place::Document(promise.id, promise.said.name.span) })
}

#[cfg(test)]
mod tests {
    use crate::support::{check, codes};

    fn domain(cpu: &str) -> String {
        format!(
            "<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  {cpu}
</domain>
"
        )
    }

    #[test]
    fn a_nested_host_may_promise_too_much() {
        check(
            "9.0.0:kvm-q35",
            &["cpu-nested-host"],
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='host-model'/>
             ^^^^^^^^^^ hint[cpu-nested-host]: this host is itself a guest: the outer host may not keep what it promises with `arch-capabilities`
             | capabilities.xml: the host's own CPU has `hypervisor`
             | domcaps.xml: host-model promises it here
</domain>
",
        );
        check(
            "kvm-q35",
            &["cpu-nested-host"],
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='host-model'><feature name='svm'/></cpu>
             ^^^^^^^^^^ hint[cpu-nested-host]: this host is itself a guest: the outer host may not keep what it promises with `svm`
             | capabilities.xml: the host's own CPU has `hypervisor`
</domain>
",
        );
        let disabled = "<cpu mode='host-model'><feature policy='disable' name='arch-capabilities'/></cpu>";
        assert!(!codes("9.0.0:kvm-q35", &domain(disabled)).contains(&"cpu-nested-host"));
        assert!(!codes("kvm-q35", &domain("<cpu mode='host-model'/>")).contains(&"cpu-nested-host"));
        assert!(!codes("9.0.0:kvm-q35+bare", &domain("<cpu mode='host-model'/>")).contains(&"cpu-nested-host"));
    }
}

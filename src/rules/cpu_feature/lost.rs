//! What libvirt takes off a `<cpu>` because its mode has no use for it.

use super::{Asked, Facts, Findings, Rule, on_cpu};
use crate::cpu::CpuMode;
use crate::edit::{remove, remove_attribute};
use crate::finding::{Effect, Phase, Severity};
use crate::rules::page;
use crate::xml::Node;

pub const MATCH: Rule =
    on_cpu("cpu-match-lost", Severity::Info, Phase::Dropped, match_lost, page!("cpu-match-lost.md")).at(&["domain/cpu[@match]"]);

fn match_lost(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(attr) = node.attr("match") else { return };
    let Some(asked) = Asked::of(facts, node) else { return };
    if asked.mode == CpuMode::Custom || !matches!(attr.value(), "exact" | "minimum" | "strict") {
        return;
    }
    let message = format!("`match='{}'` counts for a custom CPU only: under `{}` it is lost", attr.value(), asked.mode.word());
    let finding = findings.at(attr.name_span(), message);
    if attr.value() != "exact" {
        finding.severity(Severity::Warning);
    }
    finding.fix("Remove `match`", Effect::Safe, vec![remove_attribute(node, &attr)]);
}

pub const MODEL: Rule =
    on_cpu("cpu-model-lost", Severity::Info, Phase::Dropped, model_lost, page!("cpu-model-lost.md")).at(&["domain/cpu[model]"]);

fn model_lost(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(model) = node.child("model") else { return };
    let Some(asked) = Asked::of(facts, node).filter(Asked::whole) else { return };
    let mut lost = Vec::new();
    lost.extend(model.text().map(|name| format!("the model `{}`", name.value)));
    lost.extend(attribute(model, "fallback"));
    lost.extend(attribute(model, "vendor_id"));
    let vendor = node.child("vendor").filter(|_| model.text().is_some());
    let what = if lost.is_empty() { "an empty `<model>`".to_owned() } else { joined(&lost) };
    let message = format!("`{}` takes no model: {what} {} lost", asked.mode.word(), if lost.len() > 1 { "are" } else { "is" });
    let finding = findings.at(model.name_span(), message);
    let defaults = model.text().is_none() && model.value("fallback") != Some("forbid") && attribute(model, "vendor_id").is_none();
    if !defaults {
        finding.severity(Severity::Warning);
    }
    let mut edits = vec![remove(model)];
    if let Some(vendor) = vendor {
        finding.related(vendor.name_span(), "the vendor goes with it");
        edits.push(remove(vendor));
    }
    finding.fix("Remove `<model>`", Effect::Safe, edits);
}

fn joined(parts: &[String]) -> String {
    match parts {
        [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        parts => parts.concat(),
    }
}

fn attribute(model: Node, name: &str) -> Option<String> {
    model.value(name).filter(|value| !value.is_empty()).map(|value| format!("`{name}='{value}'`"))
}

pub const NAMELESS: Rule =
    on_cpu("cpu-model-nameless", Severity::Info, Phase::Dropped, nameless, page!("cpu-model-nameless.md")).at(&["domain/cpu[model]"]);

fn nameless(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(model) = node.child("model").filter(|model| model.text().is_none()) else { return };
    if Asked::of(facts, node).is_none_or(|asked| asked.mode != CpuMode::HostModel) {
        return;
    }
    let fallback = model.attr("fallback");
    let severity = if fallback.is_some_and(|attr| attr.value() == "forbid") { Severity::Warning } else { Severity::Info };
    if attribute(model, "vendor_id").is_some() {
        let Some(attr) = fallback else { return };
        let message = format!("`fallback='{}'` is lost: host-model names no model to fall back from", attr.value());
        findings.at(attr.name_span(), message).severity(severity).fix(
            "Remove `fallback`",
            Effect::Safe,
            vec![remove_attribute(model, &attr)],
        );
        return;
    }
    let with = fallback.map_or(String::new(), |attr| format!(", and so is its `fallback='{}'`", attr.value()));
    let message = format!("a `<model>` without a name is lost under host-model{with}");
    findings.at(model.name_span(), message).severity(severity).fix("Remove `<model>`", Effect::Safe, vec![remove(model)]);
}

#[cfg(test)]
mod tests {
    use crate::support::{check, codes, fixed};

    #[test]
    fn a_match_is_lost_where_nothing_is_matched() {
        let xml = "<domain type='kvm'>
  <cpu mode='host-model' match='strict'/>
</domain>
";
        check(
            "none",
            &["cpu-match-lost"],
            r"<domain type='kvm'>
  <cpu mode='host-model' match='strict'/>
                         ^^^^^ warning[cpu-match-lost]: `match='strict'` counts for a custom CPU only: under `host-model` it is lost
                         | fix: Remove `match`
</domain>
",
        );
        assert_eq!(fixed("none", "cpu-match-lost", xml), xml.replace(" match='strict'", ""));
        check(
            "none",
            &["cpu-match-lost"],
            r"<domain type='kvm'>
  <cpu mode='maximum' match='exact'/>
                      ^^^^^ info[cpu-match-lost]: `match='exact'` counts for a custom CPU only: under `maximum` it is lost
                      | fix: Remove `match`
</domain>
",
        );
        let custom = "<domain type='kvm'><cpu match='strict'><model>Nehalem</model></cpu></domain>";
        assert!(!codes("none", custom).contains(&"cpu-match-lost"));
    }

    #[test]
    fn a_model_is_lost_where_the_whole_cpu_is_passed() {
        let xml = "<domain type='kvm'>
  <cpu mode='host-passthrough'>
    <model fallback='forbid' vendor_id='GenuineIntel'>kvm64</model>
    <vendor>AMD</vendor>
    <topology sockets='1' cores='1' threads='1'/>
  </cpu>
</domain>
";
        check(
            "none",
            &["cpu-model-lost"],
            r"<domain type='kvm'>
  <cpu mode='host-passthrough'>
    <model fallback='forbid' vendor_id='GenuineIntel'>kvm64</model>
     ^^^^^ warning[cpu-model-lost]: `host-passthrough` takes no model: the model `kvm64`, `fallback='forbid'` and `vendor_id='GenuineIntel'` are lost
     | fix: Remove `<model>`
    <vendor>AMD</vendor>
    <topology sockets='1' cores='1' threads='1'/>
  </cpu>
</domain>
",
        );
        let rest = "<domain type='kvm'>
  <cpu mode='host-passthrough'>
    <topology sockets='1' cores='1' threads='1'/>
  </cpu>
</domain>
";
        assert_eq!(fixed("none", "cpu-model-lost", xml), rest);
        assert!(!codes("none", rest).contains(&"cpu-model-lost"));
        check(
            "none",
            &["cpu-model-lost"],
            r"<domain type='kvm'>
  <cpu mode='maximum'>
    <model fallback='allow'/>
     ^^^^^ info[cpu-model-lost]: `maximum` takes no model: `fallback='allow'` is lost
     | fix: Remove `<model>`
  </cpu>
</domain>
",
        );
    }

    #[test]
    fn a_nameless_model_is_lost_under_host_model() {
        let xml = "<domain type='kvm'>
  <cpu mode='host-model'>
    <model fallback='forbid'/>
  </cpu>
</domain>
";
        check(
            "none",
            &["cpu-model-nameless"],
            r"<domain type='kvm'>
  <cpu mode='host-model'>
    <model fallback='forbid'/>
     ^^^^^ warning[cpu-model-nameless]: a `<model>` without a name is lost under host-model, and so is its `fallback='forbid'`
     | fix: Remove `<model>`
  </cpu>
</domain>
",
        );
        assert_eq!(fixed("none", "cpu-model-nameless", xml), xml.replace("    <model fallback='forbid'/>\n", ""));
        let kept = "<domain type='kvm'>
  <cpu mode='host-model'>
    <model vendor_id='GenuineIntel' fallback='allow'/>
  </cpu>
</domain>
";
        check(
            "none",
            &["cpu-model-nameless"],
            r"<domain type='kvm'>
  <cpu mode='host-model'>
    <model vendor_id='GenuineIntel' fallback='allow'/>
                                    ^^^^^^^^ info[cpu-model-nameless]: `fallback='allow'` is lost: host-model names no model to fall back from
                                    | fix: Remove `fallback`
  </cpu>
</domain>
",
        );
        let rest = kept.replace(" fallback='allow'", "");
        assert_eq!(fixed("none", "cpu-model-nameless", kept), rest);
        assert!(!codes("none", &rest).contains(&"cpu-model-nameless"));
    }
}

//! What the comparison before a start refuses, beside an unusable model.

use super::super::{Facts, Findings, Need, Rule, page};
use super::feature::on_feature;
use super::{by_domain_caps, on_cpu, some};
use crate::caps::Policy;
use crate::cpu::{Startable, Stop};
use crate::edit::{replace, set_attribute};
use crate::finding::{Effect, Phase, Severity};
use crate::xml::Node;

pub const MISSING: Rule = Rule {
    needs: &[Need::DomainCapabilities],
    ..on_feature("cpu-feature-missing", Severity::Error, Phase::Start, missing, page!("cpu-feature-missing.md"))
};

fn missing(facts: &Facts, node: Node, findings: &mut Findings) {
    let cpu = &facts.cpu;
    let stops = matches!(cpu.stop, Some(Stop::FeatureMissing(_)));
    let required = node.value("policy").is_none_or(|policy| policy == Policy::Require.word());
    let Some(name) = node.attr("name").filter(|name| stops && required && cpu.blockers.contains(&name.value())) else { return };
    let finding = match cpu.startable {
        Startable::No => findings.at(name.value_span(), format!("this host lacks `{}`, so the domain does not start", name.value())),
        _ => findings.at(name.value_span(), format!("this host lacks `{}`, so the domain may not start", name.value())).likely(),
    };
    if let Some((id, span)) = cpu.features.find(name.value()).and_then(|feature| feature.evidence) {
        finding.evidence(id, span, "QEMU lacks it");
    }
    finding.fix("Make it optional", Effect::ChangesGuest, vec![set_attribute(node, "policy", "optional")]);
    finding.fix("Disable it", Effect::ChangesGuest, vec![set_attribute(node, "policy", "disable")]);
}

pub const STRICT: Rule = by_domain_caps(
    on_cpu("cpu-match-strict", Severity::Error, Phase::Start, strict, page!("cpu-match-strict.md")).at(&["domain/cpu[@match]"]),
);

fn strict(facts: &Facts, node: Node, findings: &mut Findings) {
    let cpu = &facts.cpu;
    let Some(matching) = node.attr("match").filter(|_| cpu.stop == Some(Stop::Strict)) else { return };
    let model = cpu.request.model.map(|model| model.value).unwrap_or_default();
    let more = format!("this host has {} beyond `{model}`, and `match='strict'` allows no more", some(&cpu.blockers));
    let finding = match cpu.startable {
        Startable::No => findings.at(matching.value_span(), format!("{more}: the domain does not start")),
        _ => findings.at(matching.value_span(), format!("{more}: the domain may not start")).likely(),
    };
    finding.fix("Use exact", Effect::Safe, vec![replace(matching.value_span(), "exact")]);
}

#[cfg(test)]
mod tests {
    use crate::support::{check, codes, mended};

    const OLD: &str = "9.0.0:qemu-q35";

    fn domain(cpu: &str) -> String {
        format!("<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>\n{cpu}\n</domain>")
    }

    #[test]
    fn a_required_feature_that_the_host_lacks() {
        check(
            OLD,
            &["cpu-feature-missing"],
            &domain(
                r"<cpu check='partial'>
  <model>Nehalem</model>
  <feature policy='require' name='pcid'/>
                                  ^^^^ error[cpu-feature-missing]: this host lacks `pcid`, so the domain does not start
                                  | fix: Make it optional (changes guest)
                                  | fix: Disable it (changes guest)
  <feature policy='require' name='aes'/>
</cpu>",
            ),
        );
    }

    #[test]
    fn host_model_is_compared_too() {
        let cpu = "<cpu mode='host-model'><feature policy='require' name='pcid'/></cpu>";
        assert!(codes("qemu-q35", &domain(cpu)).contains(&"cpu-feature-missing"));
        let unchecked = cpu.replace("'host-model'", "'host-model' check='none'");
        assert!(!codes("qemu-q35", &domain(&unchecked)).contains(&"cpu-feature-missing"));
        let forced = cpu.replace("require", "force");
        assert!(!codes("qemu-q35", &domain(&forced)).contains(&"cpu-feature-missing"));
    }

    #[test]
    fn it_can_go_or_depend_on_the_host() {
        let cpu = "<cpu check='partial'><model>Nehalem</model><feature name='pcid'/></cpu>";
        for (fix, policy) in [("Disable it", "disable"), ("Make it optional", "optional")] {
            let mended = mended(OLD, "cpu-feature-missing", fix, &domain(cpu));
            assert_eq!(mended, domain(&cpu.replace("name='pcid'", &format!("name='pcid' policy='{policy}'"))));
        }
    }

    #[test]
    fn a_strict_match_allows_no_more() {
        check(
            OLD,
            &["cpu-match-strict"],
            &domain(
                r"<cpu match='strict' check='partial'>
            ^^^^^^ error[cpu-match-strict]: this host has `pclmuldq`, `monitor`, `ssse3`, `fma`, `sse4.1` and 44 more beyond `kvm64`, and `match='strict'` allows no more: the domain does not start
            | fix: Use exact
  <model>kvm64</model>
</cpu>",
            ),
        );
    }

    #[test]
    fn a_usable_model_is_not_compared_any_more() {
        let cpu = "<cpu match='strict' check='partial'><model>kvm64</model></cpu>";
        assert!(!codes("qemu-q35", &domain(cpu)).contains(&"cpu-match-strict"));
        let mended = mended(OLD, "cpu-match-strict", "Use exact", &domain(cpu));
        assert_eq!(mended, domain(&cpu.replace("strict", "exact")));
    }
}

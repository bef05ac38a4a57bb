//! ARM's vectors: lengths, and the feature that they are lengths of.

use super::{Asked, Facts, Findings, Rule, on_cpu};
use crate::edit::{remove, replace};
use crate::finding::{Effect, Phase, Severity};
use crate::rules::page;
use crate::xml::Node;

pub const RULE: Rule =
    on_cpu("cpu-sve-disabled", Severity::Error, Phase::Define, disabled, page!("cpu-sve-disabled.md")).at(&["domain/cpu[feature]"]);

/// libvirt goes by the names, whatever the architecture and whether the lengths are to be on or off.
fn disabled(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(asked) = Asked::of(facts, node).filter(|_| facts.qemu()) else { return };
    let Some(policy) = asked.feature("sve").and_then(|sve| sve.attr("policy")) else { return };
    if !matches!(policy.value(), "disable" | "forbid") {
        return;
    }
    let is_length = |feature: &Node| feature.value("name").is_some_and(|name| name != "sve" && name.starts_with("sve"));
    let lengths: Vec<_> = node.children("feature").filter(is_length).collect();
    let Some(first) = lengths.first().and_then(|length| length.attr("name")) else { return };
    let finding = findings.at(policy.value_span(), format!("vectors are switched off, and `{}` says how long they are", first.value()));
    finding.related(first.value_span(), "the length");
    finding.fix("Switch vectors on", Effect::ChangesGuest, vec![replace(policy.value_span(), "require")]);
    finding.fix("Say no lengths", Effect::ChangesGuest, lengths.into_iter().map(remove).collect());
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["cpu-sve-disabled"];

    #[test]
    fn vectors_that_are_off_have_no_length() {
        let fixture = r#"
<cpu mode='custom'>
  <model>max</model>
  <feature policy='disable' name='sve'/>
                   ^^^^^^^ error[cpu-sve-disabled]: vectors are switched off, and `sve256` says how long they are
                   | fix: Switch vectors on (changes guest)
                   | fix: Say no lengths (changes guest)
  <feature policy='require' name='sve256'/>
</cpu>
"#;
        check_in("aarch64", "", CODES, fixture);
        mended_in("aarch64", "", "cpu-sve-disabled", fixture);
        check_in("aarch64", "", CODES, "<cpu>\n  <model>max</model>\n  <feature policy='disable' name='sve'/>\n</cpu>");
        check_in("aarch64", "", CODES, "<cpu>\n  <model>max</model>\n  <feature policy='require' name='sve256'/>\n</cpu>");
    }
}

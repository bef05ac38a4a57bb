//! What libvirt refuses in a `<cpu>` whatever the host: parts that lack their partner, and words in the wrong mode.

use super::{Asked, Facts, Findings, Rule, arch, on_cpu};
use crate::caps::Version;
use crate::cpu::CpuMode;
use crate::edit::{remove, remove_attribute, replace, set_attribute};
use crate::finding::{Effect, Phase, Severity};
use crate::rules::page;
use crate::text::sort_by_key;
use crate::xml::Node;

pub const VENDOR_ALONE: Rule =
    on_cpu("cpu-vendor-without-model", Severity::Error, Phase::Define, vendor_alone, page!("cpu-vendor-without-model.md"))
        .at(&["domain/cpu[vendor]"]);

fn vendor_alone(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some((vendor, text)) = node.child("vendor").and_then(|vendor| Some((vendor, vendor.text()?))) else { return };
    if Asked::of(facts, node).is_none_or(|asked| asked.model().is_some()) {
        return;
    }
    findings.at(vendor.name_span(), format!("the vendor `{}` needs a named `<model>` beside it", text.value)).fix(
        "Remove `<vendor>`",
        Effect::Safe,
        vec![remove(vendor)],
    );
}

pub const FEATURES_ALONE: Rule =
    on_cpu("cpu-features-without-model", Severity::Error, Phase::Define, features_alone, page!("cpu-features-without-model.md"))
        .at(&["domain/cpu[feature]"]);

fn features_alone(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(feature) = node.child("feature") else { return };
    if Asked::of(facts, node).is_none_or(|asked| asked.mode != CpuMode::Custom || asked.model().is_some()) {
        return;
    }
    let finding = findings.at(feature.name_span(), "a custom CPU with features needs a named `<model>` to change");
    if facts.qemu() && matches!(arch(facts), Some("x86_64" | "i686" | "s390x")) {
        finding.fix("Use host-model", Effect::ChangesGuest, vec![set_attribute(node, "mode", "host-model")]);
    }
}

pub const REPEATED: Rule =
    on_cpu("cpu-feature-repeated", Severity::Error, Phase::Define, repeated, page!("cpu-feature-repeated.md")).at(&["domain/cpu[feature]"]);

fn repeated(facts: &Facts, node: Node, findings: &mut Findings) {
    if node.children("feature").nth(1).is_none() || Asked::of(facts, node).is_none() {
        return;
    }
    let mut seen: Vec<_> = node.children("feature").filter_map(|feature| feature.value("name").map(|name| (name, feature))).collect();
    sort_by_key(&mut seen, |(name, _)| *name);
    let mut first = None;
    for (name, feature) in seen {
        match first {
            Some((same, earlier)) if same == name => tell_repeated(earlier, feature, name, findings),
            _ => first = Some((name, feature)),
        }
    }
}

fn tell_repeated(first: Node, second: Node, name: &str, findings: &mut Findings) {
    let (Some(earlier), Some(later)) = (first.attr("name"), second.attr("name")) else { return };
    findings.at(later.value_span(), format!("the feature `{name}` is named twice")).related(earlier.value_span(), "named here first").fix(
        "Remove the second",
        Effect::Safe,
        vec![remove(second)],
    );
}

pub const MIGRATABLE: Rule =
    on_cpu("cpu-migratable-misplaced", Severity::Error, Phase::Define, migratable, page!("cpu-migratable-misplaced.md"))
        .at(&["domain/cpu[@migratable]"]);

fn migratable(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(attr) = node.attr("migratable") else { return };
    let Some(asked) = Asked::of(facts, node) else { return };
    // below 6.5.0 nobody reads the attribute
    if asked.whole() || facts.before(Version(6, 5, 0)) {
        return;
    }
    let message = format!("`migratable` belongs to host-passthrough and maximum, not to `{}`", asked.mode.word());
    findings.at(attr.name_span(), message).fix("Remove `migratable`", Effect::Safe, vec![remove_attribute(node, &attr)]);
}

pub const MINIMUM: Rule =
    on_cpu("cpu-match-minimum", Severity::Error, Phase::Start, minimum, page!("cpu-match-minimum.md")).at(&["domain/cpu[@match]"]);

fn minimum(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(attr) = node.attr("match").filter(|attr| attr.value() == "minimum") else { return };
    let Some(asked) = Asked::of(facts, node) else { return };
    if asked.mode != CpuMode::Custom || asked.model().is_none() || !facts.qemu() || arch(facts) != Some("s390x") {
        return;
    }
    findings.at(attr.value_span(), "`match='minimum'` does not start on s390x, which knows exact CPUs only").fix(
        "Use exact",
        Effect::ChangesGuest,
        vec![replace(attr.value_span(), "exact")],
    );
}

#[cfg(test)]
mod tests {
    use crate::support::{check, codes, fixed};

    #[test]
    fn a_vendor_needs_a_model() {
        let xml = "<domain type='kvm'>
  <cpu mode='host-model'>
    <vendor>AMD</vendor>
  </cpu>
</domain>
";
        check(
            "none",
            &["cpu-vendor-without-model"],
            r"<domain type='kvm'>
  <cpu mode='host-model'>
    <vendor>AMD</vendor>
     ^^^^^^ error[cpu-vendor-without-model]: the vendor `AMD` needs a named `<model>` beside it
     | fix: Remove `<vendor>`
  </cpu>
</domain>
",
        );
        assert_eq!(fixed("none", "cpu-vendor-without-model", xml), xml.replace("    <vendor>AMD</vendor>\n", ""));
        for kept in ["<model>EPYC</model><vendor>AMD</vendor>", "<vendor/>"] {
            assert!(!codes("none", &format!("<domain type='kvm'><cpu>{kept}</cpu></domain>")).contains(&"cpu-vendor-without-model"));
        }
    }

    #[test]
    fn features_need_a_model_in_custom_mode() {
        let xml = "<domain type='kvm'>
  <os><type arch='x86_64'>hvm</type></os>
  <cpu match='exact'>
    <feature name='aes'/>
    <feature name='avx'/>
  </cpu>
</domain>
";
        check(
            "none",
            &["cpu-features-without-model"],
            r"<domain type='kvm'>
  <os><type arch='x86_64'>hvm</type></os>
  <cpu match='exact'>
    <feature name='aes'/>
     ^^^^^^^ error[cpu-features-without-model]: a custom CPU with features needs a named `<model>` to change
     | fix: Use host-model (changes guest)
    <feature name='avx'/>
  </cpu>
</domain>
",
        );
        let rest = fixed("none", "cpu-features-without-model", xml);
        assert_eq!(rest, xml.replace("match='exact'", "match='exact' mode='host-model'"));
        assert!(!codes("none", &rest).contains(&"cpu-features-without-model"));
    }

    #[test]
    fn a_feature_is_named_once() {
        let xml = "<domain type='kvm'>
  <cpu mode='host-model'>
    <feature name='aes' policy='require'/>
    <feature name='avx'/>
    <feature name='aes' policy='disable'/>
  </cpu>
</domain>
";
        check(
            "none",
            &["cpu-feature-repeated"],
            r"<domain type='kvm'>
  <cpu mode='host-model'>
    <feature name='aes' policy='require'/>
    <feature name='avx'/>
    <feature name='aes' policy='disable'/>
                   ^^^ error[cpu-feature-repeated]: the feature `aes` is named twice
                   | fix: Remove the second
  </cpu>
</domain>
",
        );
        let rest = fixed("none", "cpu-feature-repeated", xml);
        assert_eq!(rest, xml.replace("    <feature name='aes' policy='disable'/>\n", ""));
        assert!(!codes("none", &rest).contains(&"cpu-feature-repeated"));
    }

    #[test]
    fn migratable_belongs_to_the_modes_that_pass_a_whole_cpu() {
        let xml = "<domain type='kvm'>
  <cpu mode='host-model' migratable='on'/>
</domain>
";
        check(
            "none",
            &["cpu-migratable-misplaced"],
            r"<domain type='kvm'>
  <cpu mode='host-model' migratable='on'/>
                         ^^^^^^^^^^ error[cpu-migratable-misplaced]: `migratable` belongs to host-passthrough and maximum, not to `host-model`
                         | fix: Remove `migratable`
</domain>
",
        );
        assert_eq!(fixed("none", "cpu-migratable-misplaced", xml), xml.replace(" migratable='on'", ""));
        for mode in ["host-passthrough", "maximum"] {
            assert!(!codes("none", &xml.replace("host-model", mode)).contains(&"cpu-migratable-misplaced"));
        }
    }

    #[test]
    fn minimum_does_not_start_on_s390x() {
        let xml = "<domain type='kvm'>
  <os><type arch='s390x'>hvm</type></os>
  <cpu match='minimum'>
    <model>z13</model>
  </cpu>
</domain>
";
        check(
            "none",
            &["cpu-match-minimum"],
            r"<domain type='kvm'>
  <os><type arch='s390x'>hvm</type></os>
  <cpu match='minimum'>
              ^^^^^^^ error[cpu-match-minimum]: `match='minimum'` does not start on s390x, which knows exact CPUs only
              | fix: Use exact (changes guest)
    <model>z13</model>
  </cpu>
</domain>
",
        );
        let rest = fixed("none", "cpu-match-minimum", xml);
        assert_eq!(rest, xml.replace("minimum", "exact"));
        assert!(!codes("none", &rest).contains(&"cpu-match-minimum"));
        assert!(!codes("none", &xml.replace("s390x", "x86_64")).contains(&"cpu-match-minimum"));
    }
}

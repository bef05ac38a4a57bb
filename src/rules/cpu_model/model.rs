//! A custom model that is deprecated, or an alias of one of its versions.

use super::super::{Facts, Findings, Rule, page};
use super::{by_domain_caps, on_cpu};
use crate::caps::{Source, Usable};
use crate::cpu::{CpuMode, Driver};
use crate::edit::replace;
use crate::finding::{Effect, Phase, Severity};
use crate::xml::{Node, Text};

pub(super) type Listed<'a> = Source<'a, crate::caps::Model>;

/// The custom model that the domain names, as the document lists it.
pub(super) fn listed<'a>(facts: &Facts<'a>) -> Option<(Text<'a>, Listed<'a>)> {
    let request = &facts.cpu.request;
    let custom = request.mode == CpuMode::Custom && request.driver != Driver::Other;
    Some((request.model.filter(|_| custom)?, facts.cpu.listed?.0))
}

pub const DEPRECATED: Rule = by_domain_caps(
    on_cpu("cpu-model-deprecated", Severity::Warning, Phase::Advice, deprecated, page!("cpu-model-deprecated.md"))
        .at(&["domain/cpu[model]"]),
);

fn deprecated(facts: &Facts, _: Node, findings: &mut Findings) {
    let Some((name, model)) = listed(facts) else { return };
    let Some(said) = model.said.deprecated.as_ref().filter(|said| said.value) else { return };
    let finding = findings.at(name.span, format!("QEMU calls the model `{}` deprecated: an upgrade may take it away", name.value));
    finding.evidence(model.id, said.span, "deprecated");
}

pub const ALIAS: Rule =
    by_domain_caps(on_cpu("cpu-model-alias", Severity::Info, Phase::Advice, alias, page!("cpu-model-alias.md")).at(&["domain/cpu[model]"]));

fn alias(facts: &Facts, _: Node, findings: &mut Findings) {
    let Some((name, model)) = listed(facts) else { return };
    let Some(canonical) = &model.said.canonical else { return };
    let message = format!("`{}` stands for one version of the model, which this hypervisor calls `{}`", name.value, canonical.value);
    let finding = findings.at(name.span, message);
    finding.evidence(model.id, canonical.span, "its canonical name");
    // libvirt compares some unversioned models with the whole host CPU: such a one can start where its versions do not
    if model.said.usable.value == Usable::No {
        return;
    }
    finding.fix(format!("Use `{}`", canonical.value), Effect::ChangesGuest, vec![replace(name.span, &canonical.value)]);
}

#[cfg(test)]
mod tests {
    use crate::support::{check, codes, mended};

    #[test]
    fn a_deprecated_model_is_told() {
        check(
            "qemu-q35+deprecated",
            &["cpu-model-deprecated"],
            r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model>Nehalem</model>
         ^^^^^^^ warning[cpu-model-deprecated]: QEMU calls the model `Nehalem` deprecated: an upgrade may take it away
         | domcaps.xml: deprecated
</cpu>
</domain>",
        );
    }

    #[test]
    fn an_alias_is_told() {
        check(
            "qemu-q35",
            &["cpu-model-deprecated", "cpu-model-alias"],
            r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model>Nehalem</model>
         ^^^^^^^ info[cpu-model-alias]: `Nehalem` stands for one version of the model, which this hypervisor calls `Nehalem-v1`
         | domcaps.xml: its canonical name
         | fix: Use `Nehalem-v1` (changes guest)
</cpu>
</domain>",
        );
    }

    #[test]
    fn a_canonical_name_is_fine() {
        assert!(
            !codes(
                "qemu-q35",
                r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model>Nehalem-v1</model>
</cpu>
</domain>"
            )
            .contains(&"cpu-model-alias")
        );
    }

    #[test]
    fn the_canonical_name_takes_its_place() {
        assert_eq!(
            mended(
                "qemu-q35",
                "cpu-model-alias",
                "Use `Nehalem-v1`",
                r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model>Nehalem</model>
</cpu>
</domain>"
            ),
            r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model>Nehalem-v1</model>
</cpu>
</domain>"
        );
    }
}

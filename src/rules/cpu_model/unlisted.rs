//! A custom model that the hypervisor does not list.

use super::super::{Facts, Findings, Rule, page};
use super::{by_domain_caps, lacks_required, offers_host_model, on_cpu, pin};
use crate::caps::Usable;
use crate::cpu::{CheckLevel, CpuMode, Driver, Matching, Startable, Stop};
use crate::edit::replace;
use crate::finding::{Effect, Phase, Severity};
use crate::text::nearest;
use crate::xml::Node;

pub const UNLISTED: Rule = by_domain_caps(
    on_cpu("cpu-model-unlisted", Severity::Error, Phase::Start, unlisted, page!("cpu-model-unlisted.md")).at(&["domain/cpu[model]"]),
);

fn unlisted(facts: &Facts, node: Node, findings: &mut Findings) {
    let cpu = &facts.cpu;
    let request = &cpu.request;
    let custom = request.mode == CpuMode::Custom && request.driver != Driver::Other && cpu.listed.is_none() && cpu.stop != Some(Stop::Mode);
    let plays_no_part = request.matching == Matching::Minimum && request.check != CheckLevel::Partial;
    let Some(model) = request.model.filter(|_| custom && !plays_no_part) else { return };
    let Some(caps) = facts.sources.domain_caps else { return };
    let Some(list) = caps.said.cpu.custom.as_ref().filter(|list| !list.models.is_empty()) else { return };
    let name = model.value;
    let unknown = matches!(cpu.stop, Some(Stop::ModelUnknown | Stop::ModelUnlisted));
    let said = format!("this hypervisor does not know the model `{name}`");
    let finding = match (unknown, cpu.startable) {
        (true, Startable::No) if request.knows_model(name, facts.sources.versions.libvirt) && request.fallback_forbidden => {
            findings.at(model.span, format!("{said}, and `fallback='forbid'` lets no other take its place: the domain does not start"))
        }
        (true, Startable::No) => findings.at(model.span, format!("{said}: the domain does not start")),
        (true, _) => findings.at(model.span, format!("{said}, and libvirt 12.8.0 neither")).likely(),
        (false, _) => {
            let closest =
                cpu.model.map_or("the closest one that it knows".to_owned(), |model| format!("`{model}`, the closest that it knows,"));
            let finding = findings.at(model.span, format!("{said}: {closest} takes its place"));
            finding.severity(Severity::Info).phase(Phase::Advice)
        }
    };
    finding.evidence(caps.id, list.mode.span, format!("{} are listed, `{name}` is not", crate::text::plural(list.models.len(), "model")));
    let usable = || list.models.iter().filter(|listed| listed.usable.value != Usable::No).map(|listed| listed.name.value.as_str());
    let same = list.models.iter().map(|listed| listed.name.value.as_str()).find(|other| other.eq_ignore_ascii_case(name));
    if let Some(near) = same.or_else(|| nearest(name, usable())) {
        let effect = if unknown { Effect::Safe } else { Effect::ChangesGuest };
        finding.fix(format!("Use `{near}`"), effect, vec![replace(model.span, near)]);
    }
    if offers_host_model(facts) && !lacks_required(facts) {
        finding.fix("Use host-model", Effect::ChangesGuest, pin::host_model(node));
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check, codes, mended};

    #[test]
    fn letters_are_told_apart() {
        check(
            "kvm-q35",
            &["cpu-model-unlisted"],
            r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model>nehalem</model>
         ^^^^^^^ error[cpu-model-unlisted]: this hypervisor does not know the model `nehalem`: the domain does not start
         | domcaps.xml: 171 models are listed, `nehalem` is not
         | fix: Use `Nehalem`
         | fix: Use host-model (changes guest)
</cpu>
</domain>",
        );
    }

    #[test]
    fn nothing_is_near() {
        check(
            "kvm-q35+bare",
            &["cpu-model-unlisted"],
            r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model fallback='forbid'>Foo</model>
                           ^^^ error[cpu-model-unlisted]: this hypervisor does not know the model `Foo`: the domain does not start
                           | domcaps.xml: 171 models are listed, `Foo` is not
                           | fix: Use host-model (changes guest)
</cpu>
</domain>",
        );
    }

    #[test]
    fn other_architectures_translate_nothing() {
        check(
            "aarch64",
            &["cpu-model-unlisted"],
            r"<domain type='qemu'><name>alpha</name><os><type arch='aarch64' machine='virt'>hvm</type></os>
<cpu>
  <model>cortex-a51</model>
         ^^^^^^^^^^ error[cpu-model-unlisted]: this hypervisor does not know the model `cortex-a51`: the domain does not start
         | domcaps.xml: 36 models are listed, `cortex-a51` is not
         | fix: Use `cortex-a15`
</cpu>
</domain>",
        );
    }

    #[test]
    fn without_a_list_nothing_is_said() {
        assert!(
            !codes(
                "none",
                r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model>Foo</model>
</cpu>
</domain>"
            )
            .contains(&"cpu-model-unlisted")
        );
    }

    #[test]
    fn a_listed_model_is_fine() {
        assert!(
            !codes(
                "qemu-q35",
                r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model>Nehalem</model>
</cpu>
</domain>"
            )
            .contains(&"cpu-model-unlisted")
        );
    }

    #[test]
    fn a_model_that_libvirt_knows_is_translated() {
        check(
            "qemu-q35",
            &["cpu-model-unlisted"],
            r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model>cpu64-rhel6</model>
         ^^^^^^^^^^^ info[cpu-model-unlisted]: this hypervisor does not know the model `cpu64-rhel6`: `kvm64`, the closest that it knows, takes its place
         | domcaps.xml: 171 models are listed, `cpu64-rhel6` is not
         | fix: Use host-model (changes guest)
</cpu>
</domain>",
        );
    }

    #[test]
    fn fallback_may_forbid_that() {
        check(
            "qemu-q35",
            &["cpu-model-unlisted"],
            r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model fallback='forbid'>cpu64-rhel6</model>
                           ^^^^^^^^^^^ error[cpu-model-unlisted]: this hypervisor does not know the model `cpu64-rhel6`, and `fallback='forbid'` lets no other take its place: the domain does not start
                           | domcaps.xml: 171 models are listed, `cpu64-rhel6` is not
                           | fix: Use host-model (changes guest)
</cpu>
</domain>",
        );
    }

    #[test]
    fn the_nearest_takes_its_place() {
        assert_eq!(
            mended(
                "qemu-q35",
                "cpu-model-unlisted",
                "Use `Nehalem`",
                r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model>nehalem</model>
</cpu>
</domain>"
            ),
            r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model>Nehalem</model>
</cpu>
</domain>"
        );
    }

    #[test]
    fn host_model_takes_its_place() {
        assert_eq!(
            mended(
                "qemu-q35",
                "cpu-model-unlisted",
                "Use host-model",
                r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model>Foo</model>
  <topology sockets='1' cores='1' threads='1'/>
</cpu>
</domain>"
            ),
            r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'>
  <topology sockets='1' cores='1' threads='1'/>
</cpu>
</domain>"
        );
    }
}

//! How far the loaded documents can be trusted for the CPU.

use super::super::{Check, Facts, Findings, Rule, page};
use super::{by_domain_caps, definition, mode_span, on_cpu};
use crate::caps::{Feature, HostModel, Policy, Version};
use crate::cpu::{CpuMode, Driver, Family, Matching, Startable, expanded};
use crate::finding::{Phase, Severity};
use crate::xml::Node;

/// True where the CPU is taken from host-model's definition.
fn from_definition(facts: &Facts) -> bool {
    let request = &facts.cpu.request;
    let asked = request.mode == CpuMode::HostModel || (request.matching == Matching::Minimum && request.model.is_some());
    request.driver != Driver::Other && asked && facts.sources.updated_cpu.is_none()
}

pub const EXPANDED: Rule =
    by_domain_caps(on_cpu("cpu-document-expanded", Severity::Warning, Phase::Advice, told_too_much, page!("cpu-document-expanded.md")));

fn told_too_much(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some((id, definition)) = definition(facts).filter(|_| from_definition(facts)) else { return };
    let required = |name: &str| {
        let is = |feature: &&Feature| feature.policy == Policy::Require && feature.name.value == name;
        definition.features.iter().find(is).map(|feature| feature.name.span)
    };
    if expanded(facts.cpu.request.family, definition) {
        let message = "the document lists all features of host-model, not only the differences to its model: print it without `--expand-cpu-features`";
        let finding = findings.at(mode_span(node), message);
        if let Some(span) = ["fpu", "lm", "sse2"].into_iter().find_map(required) {
            finding.evidence(id, span, "a feature of every 64-bit model");
        }
    } else if let Some(span) = required("arch-capabilities").filter(|_| may_be_supported_form(facts, definition)) {
        let message = "the document may list features that a start does not take, as `--supported-cpu-features` prints them";
        findings.at(mode_span(node), message).likely().evidence(id, span, "QEMU since 10.1 does not take it on AMD");
    }
}

fn may_be_supported_form(facts: &Facts, definition: &HostModel) -> bool {
    let versions = facts.sources.versions;
    facts.cpu.request.family == Family::X86
        && definition.vendor.as_ref().is_some_and(|vendor| vendor.value == "AMD")
        && versions.libvirt.at_least(Version(12, 5, 0)) == Some(true)
        && versions.qemu.at_least(Version(10, 1, 0)) == Some(true)
}

pub const UNFIT: Rule = Rule {
    code: "cpu-document-unfit",
    severity: Severity::Info,
    phase: Phase::Advice,
    needs: &[],
    on: &["domain"],
    check: Check::Function(unfit),
    page: page!("cpu-document-unfit.md"),
    docs: "https://libvirt.org/formatdomaincaps.html",
};

fn unfit(facts: &Facts, node: Node, findings: &mut Findings) {
    if facts.sources.unfit.is_empty() || facts.cpu.request.driver == Driver::Other {
        return;
    }
    let none = match facts.sources.unfit.len() {
        1 => "the domain capabilities that are loaded do not fit this domain, so it is not checked against them".to_owned(),
        count => format!("none of the {count} domain capabilities that are loaded fits this domain, so it is not checked against them"),
    };
    let wanted = facts.sources.wanted.as_ref().map(|command| format!(": `{command}` prints the ones that do")).unwrap_or_default();
    let finding = findings.at(node.name_span(), none + &wanted);
    for caps in facts.sources.unfit.iter().take(3) {
        let said = caps.said;
        let wrong = [(&said.arch, facts.subject.arch()), (&said.domain, facts.subject.domain_type()), (&said.machine, None)];
        let differs = |(said, asked): &(&Option<crate::caps::Said<String>>, Option<&str>)| {
            said.as_ref().is_some_and(|said| asked.is_none_or(|asked| asked != said.value))
        };
        if let Some(said) = wrong.iter().find(|pair| differs(pair)).and_then(|(said, _)| said.as_ref()) {
            finding.evidence(caps.id, said.span, format!("these are for `{}`", said.value));
        }
    }
}

pub const UNSURE: Rule = by_domain_caps(on_cpu("cpu-exact-unknown", Severity::Info, Phase::Advice, unsure, page!("cpu-exact-unknown.md")));

fn unsure(facts: &Facts, node: Node, findings: &mut Findings) {
    let cpu = &facts.cpu;
    let request = &cpu.request;
    if cpu.exact || request.driver == Driver::Other || cpu.startable == Startable::No || facts.sources.updated_cpu.is_some() {
        return;
    }
    let open = cpu.features.iter().find(|feature| feature.policy == Some(Policy::Optional)).map(|feature| feature.name);
    let unprobed = definition(facts).is_some_and(|(_, definition)| definition.model.is_some() && !definition.probed());
    let why = match open {
        Some(name) => format!("no document tells whether this host has `{name}`"),
        None if from_definition(facts) && unprobed => "QEMU was not asked for the host's CPU".to_owned(),
        None if request.family == Family::S390x => {
            "libvirt's version, which is not known, decides whether deprecated features are on".to_owned()
        }
        None if from_definition(facts) && definition(facts).is_some() => "the document does not tell the differences".to_owned(),
        None => return,
    };
    let name = facts.subject.name.map_or("NAME", |name| name.value);
    let message = format!("{why}: `virsh dumpxml --inactive --update-cpu {name}` prints the CPU that a start takes");
    findings.at(mode_span(node), message);
}

#[cfg(test)]
mod tests {
    use crate::support::{check, codes, host};

    #[test]
    fn a_document_with_all_features_is_told() {
        check(
            "x86_64-q35-kvm.expand-cpu-features",
            &["cpu-document-expanded", "cpu-exact-unknown", "cpu-host-model-resolved"],
            r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'/>
           ^^^^^^^^^^ warning[cpu-document-expanded]: the document lists all features of host-model, not only the differences to its model: print it without `--expand-cpu-features`
           | domcaps.xml: a feature of every 64-bit model
           ^^^^^^^^^^ info[cpu-exact-unknown]: the document does not tell the differences: `virsh dumpxml --inactive --update-cpu alpha` prints the CPU that a start takes
           ^^^^^^^^^^ info[cpu-host-model-resolved]: host-model comes to `EPYC-Genoa` with 117 feature changes on this host
           | domcaps.xml: the CPU as reported; a start leaves out `invtsc` and `<maxphysaddr>`
</domain>",
        );
    }

    #[test]
    fn a_document_with_supported_ones_may_be_told() {
        check(
            "x86_64-q35-kvm.supported-cpu-features",
            &["cpu-document-expanded"],
            r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'/>
           ^^^^^^^^^^ warning[cpu-document-expanded]: the document may list features that a start does not take, as `--supported-cpu-features` prints them
           | domcaps.xml: QEMU since 10.1 does not take it on AMD
</domain>",
        );
    }

    #[test]
    fn a_plain_document_is_fine() {
        assert!(
            !codes(
                "kvm-q35",
                r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'/>
</domain>"
            )
            .contains(&"cpu-document-expanded")
        );
    }

    #[test]
    fn a_model_asks_nothing_of_it() {
        assert!(
            !codes(
                "x86_64-q35-kvm.expand-cpu-features",
                r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu>
  <model>486</model>
</cpu>
</domain>"
            )
            .contains(&"cpu-document-expanded")
        );
    }

    #[test]
    fn another_architecture_does_not_fit() {
        check(
            "qemu-q35",
            &["cpu-document-unfit"],
            r"<domain type='qemu'><name>alpha</name><os><type arch='aarch64' machine='virt'>hvm</type></os>
 ^^^^^^ info[cpu-document-unfit]: the domain capabilities that are loaded do not fit this domain, so it is not checked against them: `virsh domcapabilities --virttype qemu --arch aarch64 --machine virt` prints the ones that do
 | domcaps.xml: these are for `x86_64`
</domain>",
        );
    }

    #[test]
    fn another_type_does_not_fit() {
        check(
            "kvm-q35",
            &["cpu-document-unfit"],
            r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
 ^^^^^^ info[cpu-document-unfit]: the domain capabilities that are loaded do not fit this domain, so it is not checked against them: `virsh domcapabilities --virttype qemu --arch x86_64 --machine q35` prints the ones that do
 | domcaps.xml: these are for `kvm`
</domain>",
        );
    }

    #[test]
    fn nothing_loaded_is_no_misfit() {
        assert!(
            !codes(
                "none",
                r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
</domain>"
            )
            .contains(&"cpu-document-unfit")
        );
    }

    #[test]
    fn a_document_that_fits_is_fine() {
        assert!(
            !codes(
                "qemu-q35",
                r"<domain type='qemu'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
</domain>"
            )
            .contains(&"cpu-document-unfit")
        );
    }

    #[test]
    fn a_guess_is_not_exact() {
        check(
            "kvm-q35+fallback-allow",
            &["cpu-exact-unknown"],
            r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'/>
           ^^^^^^^^^^ info[cpu-exact-unknown]: QEMU was not asked for the host's CPU: `virsh dumpxml --inactive --update-cpu alpha` prints the CPU that a start takes
</domain>",
        );
    }

    #[test]
    fn an_optional_feature_may_be_unknown() {
        check(
            "aarch64",
            &["cpu-exact-unknown"],
            r"<domain type='qemu'><name>alpha</name><os><type arch='aarch64' machine='virt'>hvm</type></os>
<cpu>
 ^^^ info[cpu-exact-unknown]: no document tells whether this host has `pauth`: `virsh dumpxml --inactive --update-cpu alpha` prints the CPU that a start takes
  <model>max</model>
  <feature policy='optional' name='pauth'/>
</cpu>
</domain>",
        );
    }

    #[test]
    fn versions_decide_about_deprecated_features() {
        let mut workspace = host("9.0.0:s390x+kvm");
        assert!(workspace.remove_document("version.txt"));
        let xml = "<domain type='kvm'><name>a</name><os><type arch='s390x'>hvm</type></os><cpu mode='host-model'/></domain>";
        let report = workspace.check(xml, None);
        let unsure = report.findings.iter().find(|finding| finding.code == "cpu-exact-unknown").unwrap();
        assert!(unsure.message.starts_with("libvirt's version, which is not known"), "{}", unsure.message);
    }

    #[test]
    fn without_documents_nothing_is_said() {
        assert!(
            !codes(
                "none",
                r"<domain type='kvm'><name>alpha</name><os><type arch='x86_64' machine='q35'>hvm</type></os>
<cpu mode='host-model'/>
</domain>"
            )
            .contains(&"cpu-exact-unknown")
        );
    }
}

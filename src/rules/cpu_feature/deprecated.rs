//! `deprecated_features`.

use super::{Asked, Facts, Findings, Rule, arch, on_cpu, x86};
use crate::caps::Version;
use crate::edit::remove_attribute;
use crate::finding::{Effect, Phase, Severity};
use crate::rules::page;
use crate::xml::Node;

pub const RULE: Rule = on_cpu("cpu-deprecated-features", Severity::Info, Phase::Advice, deprecated, page!("cpu-deprecated-features.md"))
    .at(&["domain/cpu[@deprecated_features]"]);

fn deprecated(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(attr) = node.attr("deprecated_features").filter(|attr| matches!(attr.value(), "on" | "off")) else { return };
    if Asked::of(facts, node).is_none() || !facts.qemu() {
        return;
    }
    let finding = if facts.before(Version(11, 0, 0)) {
        let finding = findings.at(attr.name_span(), "libvirt reads `deprecated_features` from 11.0.0 on: before, it is lost");
        finding.severity(Severity::Warning).phase(Phase::Dropped)
    } else if x86(facts) == Some(true) {
        findings.at(attr.name_span(), "`deprecated_features` means something on s390x only").phase(Phase::Dropped)
    } else if arch(facts) != Some("s390x") {
        return;
    } else if facts.sources.versions.qemu.at_least(Version(8, 3, 0)) == Some(false) {
        let finding = findings.at(attr.name_span(), "this QEMU cannot tell which features are deprecated: the domain does not start");
        finding.severity(Severity::Error).phase(Phase::Start)
    } else {
        let what = if attr.value() == "off" { "goes without" } else { "keeps" };
        findings.at(attr.value_span(), format!("the guest {what} the features that QEMU calls deprecated"));
        return;
    };
    finding.fix("Remove `deprecated_features`", Effect::Safe, vec![remove_attribute(node, &attr)]);
}

#[cfg(test)]
mod tests {
    use crate::caps::Version;
    use crate::support::{check, codes, fixed, host_with};
    use crate::{Options, finding};

    #[test]
    fn deprecated_features_are_a_matter_of_s390x() {
        let xml = "<domain type='kvm'>
  <os><type arch='s390x'>hvm</type></os>
  <cpu mode='host-model' deprecated_features='off'/>
</domain>
";
        check(
            "none",
            &["cpu-deprecated-features"],
            r"<domain type='kvm'>
  <os><type arch='s390x'>hvm</type></os>
  <cpu mode='host-model' deprecated_features='off'/>
                                              ^^^ info[cpu-deprecated-features]: the guest goes without the features that QEMU calls deprecated
</domain>
",
        );
        check(
            "none",
            &["cpu-deprecated-features"],
            r"<domain type='kvm'>
  <os><type arch='x86_64'>hvm</type></os>
  <cpu mode='host-model' deprecated_features='off'/>
                         ^^^^^^^^^^^^^^^^^^^ info[cpu-deprecated-features]: `deprecated_features` means something on s390x only
                         | fix: Remove `deprecated_features`
</domain>
",
        );
        let old = xml.replace("'kvm'", "'qemu'");
        check(
            "9.0.0:s390x",
            &["cpu-deprecated-features"],
            r"<domain type='qemu'>
  <os><type arch='s390x'>hvm</type></os>
  <cpu mode='host-model' deprecated_features='off'/>
                         ^^^^^^^^^^^^^^^^^^^ warning[cpu-deprecated-features]: libvirt reads `deprecated_features` from 11.0.0 on: before, it is lost
                         | fix: Remove `deprecated_features`
</domain>
",
        );
        let rest = fixed("9.0.0:s390x", "cpu-deprecated-features", &old);
        assert_eq!(rest, old.replace(" deprecated_features='off'", ""));
        assert!(!codes("none", &rest).contains(&"cpu-deprecated-features"));
    }

    #[test]
    fn an_old_qemu_stops_the_start_on_s390x() {
        let options = Options { libvirt: Some(Version(11, 3, 0)), qemu: Some(Version(8, 2, 0)), ..Options::default() };
        let xml = "<domain type='kvm'><os><type arch='s390x'>hvm</type></os><cpu mode='host-model' deprecated_features='off'/></domain>";
        let report = host_with("none", options).check(xml, None);
        let found = report.findings.iter().find(|found| found.code == "cpu-deprecated-features").expect("told");
        assert_eq!((found.severity, found.phase), (finding::Severity::Error, finding::Phase::Start));
    }
}

//! Security labels: only of a model that the host runs.

use crate::caps::Version;
use crate::edit;
use crate::finding::{Effect, Phase, Severity};
use crate::rules::{Check, Facts, Findings, Need, Rule, page};
use crate::xml::Node;

/// The rules of this file.
pub const RULES: &[Rule] = &[MODEL_ABSENT];

const MODEL_ABSENT: Rule = Rule {
    code: "seclabel-model-absent",
    severity: Severity::Error,
    phase: Phase::Start,
    needs: &[Need::Capabilities],
    on: &[
        "domain/seclabel",
        "domain/devices/disk/source/seclabel",
        "domain/devices/serial/source/seclabel",
        "domain/devices/parallel/source/seclabel",
        "domain/devices/console/source/seclabel",
        "domain/devices/channel/source/seclabel",
    ],
    check: Check::Function(model_absent),
    page: page!("seclabel-model-absent.md"),
    docs: "https://libvirt.org/formatdomain.html#security-label",
};

fn model_absent(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(model) = node.attr("model") else { return };
    let Some(source) = facts.sources.host_caps.filter(|_| super::qemu(facts)) else { return };
    let offered = &source.said.security;
    let Some(first) = offered.first() else { return };
    // a model that is to be left alone need not be there, say the news of 12.3.0
    let left_alone = node.value("type") == Some("none") && !facts.before(Version(12, 3, 0));
    // `none` is always taken
    if left_alone || model.value() == "none" || offered.iter().any(|own| own.model.value == model.value()) {
        return;
    }
    let words: Vec<_> = offered.iter().map(|own| format!("`{}`", own.model.value)).collect();
    findings
        .at(model.value_span(), format!("this host does not run the security model `{}`", model.value()))
        .evidence(source.id, first.model.span, format!("security models: {}", words.join(", ")))
        .fix("Leave the label to the host", Effect::Safe, vec![edit::remove(node)]);
}

#[cfg(test)]
mod tests {
    use crate::support::{check, codes, fixed};

    #[test]
    fn a_model_that_the_host_does_not_run_is_refused_at_the_start() {
        check(
            "kvm-q35",
            &["seclabel-model-absent"],
            r"
<domain type='kvm'>
  <devices>
    <disk type='file'>
      <source file='/a.img'>
        <seclabel model='apparmor' relabel='no'/>
                         ^^^^^^^^ error[seclabel-model-absent]: this host does not run the security model `apparmor`
                         | capabilities.xml: security models: `none`, `dac`
                         | fix: Leave the label to the host
      </source>
    </disk>
  </devices>
  <seclabel type='dynamic' model='selinux' relabel='yes'/>
                                  ^^^^^^^ error[seclabel-model-absent]: this host does not run the security model `selinux`
                                  | capabilities.xml: security models: `none`, `dac`
                                  | fix: Leave the label to the host
</domain>",
        );
    }

    #[test]
    fn without_the_label_the_host_labels_by_its_own_model() {
        let xml = "<domain type='kvm'>\n  <name>a</name>\n  <seclabel type='dynamic' model='selinux'/>\n</domain>";
        assert_eq!(fixed("kvm-q35", "seclabel-model-absent", xml), "<domain type='kvm'>\n  <name>a</name>\n</domain>");
    }

    #[test]
    fn a_model_that_is_left_alone_has_to_be_there_before_12_3_0() {
        let xml = "<domain type='qemu'><seclabel type='none' model='selinux'/></domain>";
        assert!(codes("9.0.0:qemu-q35", xml).contains(&"seclabel-model-absent"));
        assert!(!codes("qemu-q35", xml).contains(&"seclabel-model-absent"));
    }

    #[test]
    fn models_of_the_host_are_silent() {
        for label in ["type='dynamic' model='dac'", "type='none' model='none'", "type='none'"] {
            assert!(!codes("kvm-q35", &format!("<domain type='kvm'><seclabel {label}/></domain>")).contains(&"seclabel-model-absent"));
        }
    }
}

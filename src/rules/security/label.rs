//! `<seclabel>`: labels of the host's security models.

use crate::edit;
use crate::finding::Effect;
use crate::rules::{Facts, Findings, Rule, page};
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#security-label";

/// The rules.
pub const RULES: &[Rule] = &[
    Rule::define("seclabel-repeated", LABELLED, repeated, page!("seclabel-repeated.md"), DOCS),
    Rule::define("seclabel-model-missing", &["domain[seclabel]"], model, page!("seclabel-model-missing.md"), DOCS),
];

/// What has labels: the domain, and files that are exceptions; each was tried on a daemon of 9.0.0.
const LABELLED: &[&str] = &[
    "domain[seclabel]",
    "domain/devices/disk/source[seclabel]",
    "domain/devices/serial/source[seclabel]",
    "domain/devices/parallel/source[seclabel]",
    "domain/devices/console/source[seclabel]",
    "domain/devices/channel/source[seclabel]",
];

fn repeated(_: &Facts, labelled: Node, findings: &mut Findings) {
    // libvirt reads the first source alone
    let first = labelled.parent().is_none_or(|parent| parent.child(labelled.name()) == Some(labelled));
    if !first || labelled.children("seclabel").nth(1).is_none() {
        return;
    }
    let mut seen: Vec<(&str, Node)> = Vec::new();
    for label in labelled.children("seclabel") {
        let Some(model) = label.attr("model") else { continue };
        if let Some((_, first)) = seen.iter().find(|(other, _)| *other == model.value()) {
            let finding = findings.at(model.value_span(), format!("there is a label for `{}` already", model.value()));
            finding.related(first.name_span(), "the first");
            finding.fix("Remove the second", Effect::Safe, vec![edit::remove(label)]);
        }
        seen.push((model.value(), label));
    }
}

/// Alone, a label that leaves all to libvirt is that of the host's first model.
fn model(_: &Facts, domain: Node, findings: &mut Findings) {
    let several = domain.children("seclabel").nth(1).is_some();
    for label in domain.children("seclabel").filter(|label| label.attr("model").is_none()) {
        let own = label.value("type") == Some("static") || (label.value("type") != Some("none") && label.child("baselabel").is_some());
        let why = match (several, own) {
            (true, _) => "of several labels each names its `model`",
            (_, true) => "a label of the author's own names its `model`",
            _ => continue,
        };
        findings.at(label.name_span(), why);
        return;
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["seclabel-repeated", "seclabel-model-missing"];

    #[test]
    fn a_model_has_one_label() {
        let fixture = r#"
<seclabel model='dac'/>
<seclabel model='selinux'/>
<seclabel model='dac'/>
                 ^^^ error[seclabel-repeated]: there is a label for `dac` already
                 | fix: Remove the second
"#;
        check_in("none", "", CODES, fixture);
        mended_in("none", "", "seclabel-repeated", fixture);
    }

    #[test]
    fn a_file_has_one_exception_of_a_model() {
        let fixture = r#"
<disk type='file' device='disk'>
  <source file='/a'>
    <seclabel model='dac' relabel='no'/>
    <seclabel model='selinux' relabel='no'/>
    <seclabel model='dac' relabel='no'/>
                     ^^^ error[seclabel-repeated]: there is a label for `dac` already
                     | fix: Remove the second
  </source>
  <target dev='vda' bus='virtio'/>
</disk>
"#;
        check_in("none", "devices", CODES, fixture);
    }

    #[test]
    fn several_labels_name_their_models() {
        let fixture = r#"
<seclabel type='none'/>
 ^^^^^^^^ error[seclabel-model-missing]: of several labels each names its `model`
<seclabel model='dac'/>
"#;
        check_in("none", "", CODES, fixture);
    }

    #[test]
    fn an_own_label_names_its_model() {
        let fixture = r#"
<seclabel type='static'>
 ^^^^^^^^ error[seclabel-model-missing]: a label of the author's own names its `model`
  <label>+0:+0</label>
</seclabel>
"#;
        check_in("none", "", CODES, fixture);
        check_in("none", "", CODES, "<seclabel type='none'/>");
        check_in("none", "", CODES, "<seclabel type='dynamic'/>");
    }
}

//! `<loader>`: the firmware by its path.

use super::{CHOSEN_AT_DEFINE, function, offered_firmware};
use crate::edit;
use crate::finding::{Effect, Phase};
use crate::rules::{Facts, Findings, Rule, When, offer, page, speak};
use crate::xml::Node;

const ON: &[&str] = &["domain/os/loader"];

/// The rules.
pub const RULES: &[Rule] = &[
    function("loader-secure-unlisted", page!("loader-secure-unlisted.md"), ON, secure),
    function("loader-unlisted", page!("loader-unlisted.md"), ON, unknown),
];

fn secure(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(secure) = node.attr("secure").filter(|secure| secure.value() == "yes" && facts.qemu()) else { return };
    let Some(source) = facts.sources.domain_caps else { return };
    let Some(list) = source.said.list("os/loader", "secure").filter(|list| !list.has("yes")) else { return };
    let able = facts.machine_is("q35") && facts.arch() == Some("x86_64");
    if able && offered_firmware(facts, node).is_none() {
        return;
    }
    let message = if able {
        "this host offers no firmware with a secure loader".to_owned()
    } else {
        format!("a secure loader needs the `q35` machine of `x86_64`, this is `{}`", facts.machine().unwrap_or("another"))
    };
    let finding = findings.at(secure.value_span(), message).evidence(source.id, list.span, offer(list));
    speak(finding, if able { When::DefineSince(CHOSEN_AT_DEFINE) } else { When::Define }, facts);
    finding.fix("Do not ask for a secure loader", Effect::ChangesGuest, vec![edit::remove_attribute(node, &secure)]);
}

/// No list refuses a loader; but one that stands beside known ones and is not among them has probably gone, and a flash
/// image that libvirt does not know has no template for its variables.
fn unknown(facts: &Facts, node: Node, findings: &mut Findings) {
    let (Some(path), Some(source)) = (node.text(), facts.sources.domain_caps) else { return };
    let Some(section) = source.said.section("os/loader").filter(|section| facts.qemu() && !section.values.is_empty()) else { return };
    if section.values.iter().any(|known| known.value == path.value) {
        return;
    }
    let folder = path.value.rsplit_once('/').map_or("", |(folder, _)| folder);
    let neighbour = section.values.iter().find(|known| known.value.rsplit_once('/').is_some_and(|(known, _)| known == folder));
    let nvram = node.parent().and_then(|os| os.child("nvram"));
    let template = nvram.is_some_and(|nvram| nvram.attr("template").is_some());
    let flash = node.value("type") == Some("pflash") && node.value("stateless") != Some("yes") && !template;
    let message = match (neighbour, flash) {
        (Some(known), _) => format!("this host knows `{}` and other loaders in that folder, but not this one", known.value),
        (None, true) => "this host does not know the loader, and no `<nvram template='…'>` says where its variables come from".to_owned(),
        (None, false) => return,
    };
    let known = section.values.first().map_or(section.span, |first| first.span);
    findings.at(path.span, message).evidence(source.id, known, "the loaders that the host knows").phase(Phase::Start).likely();
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["loader-secure-unlisted", "loader-unlisted"];

    #[test]
    fn a_secure_loader_needs_q35() {
        let fixture = r#"
<domain type='qemu'>
  <os>
    <type arch='x86_64' machine='pc'>hvm</type>
    <loader secure='yes' type='rom'>/usr/share/seabios/bios.bin</loader>
                    ^^^ error[loader-secure-unlisted]: a secure loader needs the `q35` machine of `x86_64`, this is `pc-i440fx-11.1`
                    | domcaps.xml: offered: `no`
                    | fix: Do not ask for a secure loader (changes guest)
  </os>
</domain>
"#;
        check_in("qemu-pc", "", CODES, fixture);
        let mended = mended_in("qemu-pc", "", "loader-secure-unlisted", fixture);
        assert_eq!(
            mended,
            "- <loader secure='yes' type='rom'>/usr/share/seabios/bios.bin</loader>\n+ <loader type='rom'>/usr/share/seabios/bios.bin</loader>"
        );
    }

    #[test]
    fn on_q35_it_is_fine() {
        let fixture = r#"
<domain type='qemu'>
  <os firmware='efi'>
    <type arch='x86_64' machine='q35'>hvm</type>
    <loader secure='yes'/>
  </os>
</domain>
"#;
        check_in("qemu-q35", "", CODES, fixture);
    }

    #[test]
    fn a_loader_beside_known_ones_has_probably_gone() {
        let fixture = r#"
<domain type='qemu'>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <loader type='rom'>/usr/share/OVMF/OVMF_GONE.fd</loader>
                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ warning[loader-unlisted]: this host knows `/usr/share/OVMF/OVMF_CODE_4M.ms.fd` and other loaders in that folder, but not this one
                       | domcaps.xml: the loaders that the host knows
  </os>
</domain>
"#;
        assert_eq!(check_in("qemu-q35", "", CODES, fixture), ["start"]);
    }

    #[test]
    fn an_unknown_flash_image_needs_a_template() {
        let fixture = r#"
<domain type='qemu'>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <loader type='pflash'>/opt/fw.fd</loader>
                          ^^^^^^^^^^ warning[loader-unlisted]: this host does not know the loader, and no `<nvram template='…'>` says where its variables come from
                          | domcaps.xml: the loaders that the host knows
  </os>
</domain>
"#;
        assert_eq!(check_in("qemu-q35", "", CODES, fixture), ["start"]);
    }

    #[test]
    fn other_loaders_are_the_author_s_affair() {
        let fixture = r#"
<domain type='qemu'>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <loader type='pflash'>/opt/fw.fd</loader>
    <nvram template='/opt/vars.fd'/>
  </os>
</domain>
"#;
        check_in("qemu-q35", "", CODES, fixture);
    }
}

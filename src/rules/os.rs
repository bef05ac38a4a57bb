//! `<os>`: firmware, its features, its loader, where it keeps variables.

pub mod boot;
pub mod chosen;
pub mod loader;
pub mod uefi;

use super::{Facts, Findings, Listed, Look, Need, Place, Rule, Supported, When, Word, offer, page, speak};
use crate::caps::Version;
use crate::edit;
use crate::finding::{Effect, Phase};
use crate::xml::{Attr, Node};

const DOCS: &str = "https://libvirt.org/formatdomain.html#bios-bootloader";

/// libvirt chooses the firmware at define since then, before at start.
const CHOSEN_AT_DEFINE: Version = Version(9, 2, 0);

/// The rules.
pub const RULES: &[Rule] = &[
    FIRMWARE.rule("firmware-unavailable", page!("os/firmware-unavailable.md"), &["domain/os"], DOCS),
    VARSTORE.rule("varstore-unsupported", page!("os/varstore-unsupported.md"), &["domain/os/varstore"], DOCS),
    function("firmware-feature-unlisted", page!("os/firmware-feature-unlisted.md"), &["domain/os/firmware/feature"], feature),
];

const fn function(code: &'static str, page: &'static str, on: &'static [&'static str], look: Look) -> Rule {
    Rule { needs: &[Need::DomainCapabilities], ..Rule::define(code, on, look, page, DOCS) }
}

const FIRMWARE: Listed = Listed {
    place: Place::Attribute("firmware"),
    section: "os",
    list: "firmware",
    what: "firmware",
    words: &[Word("efi", When::DefineSince(CHOSEN_AT_DEFINE)), Word("bios", When::DefineSince(CHOSEN_AT_DEFINE))],
    // with a path beside it, nothing may be left to choose
    only: |_, os| os.child("loader").and_then(Node::text).is_none(),
    ..Listed::ROW
};

const VARSTORE: Supported = Supported {
    section: "os/varstore",
    what: "firmware that keeps its variables in a `<varstore>`",
    // beside a loader, libvirt takes the author's word for it
    only: |_, varstore| varstore.parent().is_some_and(|os| os.attr("firmware").is_some()),
    binary_alone: false,
};

/// `os/@firmware`, where the host offers it.
fn offered_firmware<'a>(facts: &Facts, inside: Node<'a>) -> Option<Attr<'a>> {
    let firmware = inside.parent()?.attr("firmware")?;
    let listed = facts.sources.domain_caps?.said.list("os", "firmware")?.has(firmware.value());
    listed.then_some(firmware)
}

/// A host without the firmware has none of its features either: that is told of the firmware.
fn feature(facts: &Facts, node: Node, findings: &mut Findings) {
    let (Some(name), Some(enabled), Some(source)) = (node.attr("name"), node.attr("enabled"), facts.sources.domain_caps) else { return };
    let list = match name.value() {
        "secure-boot" => "secureBoot",
        "enrolled-keys" => "enrolledKeys",
        _ => return,
    };
    if !facts.qemu() || !matches!(enabled.value(), "yes" | "no") || node.parent().and_then(|node| offered_firmware(facts, node)).is_none() {
        return;
    }
    let message = format!("this host offers no firmware with `{}` at `{}`", name.value(), enabled.value());
    match source.said.list("os/firmwareFeatures", list) {
        Some(list) if list.has(enabled.value()) => {}
        Some(list) => {
            let finding = findings.at(enabled.value_span(), message).evidence(source.id, list.span, offer(list));
            speak(finding, When::DefineSince(CHOSEN_AT_DEFINE), facts);
            if let Some(other) = list.values.first() {
                let edit = edit::replace(enabled.value_span(), &other.value);
                finding.fix(format!("Use {}", other.value), Effect::ChangesGuest, vec![edit]);
            }
        }
        // before libvirt 12.1.0, the only Secure Boot of a PC is the one of a secure loader
        None => {
            let Some(secure) = source.said.list("os/loader", "secure").filter(|secure| !secure.has("yes")) else { return };
            if enabled.value() == "yes" && facts.x86() {
                let finding = findings.at(enabled.value_span(), message).evidence(source.id, secure.span, offer(secure)).likely();
                finding.phase(Phase::Start);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["firmware-unavailable", "varstore-unsupported", "firmware-feature-unlisted"];

    #[test]
    fn firmware_that_is_not_installed_is_refused_at_define() {
        let fixture = r#"
<domain type='qemu'>
  <os firmware='efi'><type arch='riscv64' machine='virt'>hvm</type></os>
                ^^^ error[firmware-unavailable]: this host offers no firmware `efi`
                | domcaps.xml: nothing is offered
</domain>
"#;
        check_in("riscv64", "", CODES, fixture);
    }

    #[test]
    fn before_9_2_0_it_is_refused_at_start() {
        let fixture = r#"
<domain type='qemu'>
  <os firmware='efi'><type arch='riscv64' machine='virt'>hvm</type></os>
                ^^^ error[firmware-unavailable]: this host offers no firmware `efi`
                | domcaps.xml: nothing is offered
</domain>
"#;
        assert_eq!(check_in("9.0.0:riscv64", "", CODES, fixture), ["start"]);
    }

    #[test]
    fn firmware_that_is_installed_or_named_by_its_path_is_fine() {
        let fixture = r#"
<domain type='qemu'>
  <os firmware='efi'><type arch='x86_64' machine='q35'>hvm</type></os>
</domain>
"#;
        check_in("qemu-q35", "", CODES, fixture);
    }

    #[test]
    fn a_feature_that_no_firmware_has_is_refused() {
        let fixture = r#"
<domain type='qemu'>
  <os firmware='efi'>
    <type arch='x86_64' machine='pc'>hvm</type>
    <firmware>
      <feature enabled='yes' name='secure-boot'/>
                        ^^^ error[firmware-feature-unlisted]: this host offers no firmware with `secure-boot` at `yes`
                        | domcaps.xml: offered: `no`
                        | fix: Use no (changes guest)
      <feature enabled='no' name='enrolled-keys'/>
    </firmware>
  </os>
</domain>
"#;
        check_in("qemu-pc", "", CODES, fixture);
        let mended = mended_in("qemu-pc", "", "firmware-feature-unlisted", fixture);
        assert_eq!(mended, "- <feature enabled='yes' name='secure-boot'/>\n+ <feature enabled='no' name='secure-boot'/>");
    }

    #[test]
    fn without_a_list_the_secure_loaders_tell() {
        let fixture = r#"
<domain type='qemu'>
  <os firmware='efi'>
    <type arch='x86_64' machine='pc'>hvm</type>
    <firmware>
      <feature enabled='yes' name='secure-boot'/>
                        ^^^ warning[firmware-feature-unlisted]: this host offers no firmware with `secure-boot` at `yes`
                        | domcaps.xml: offered: `no`
    </firmware>
  </os>
</domain>
"#;
        assert_eq!(check_in("9.0.0:qemu-pc", "", CODES, fixture), ["start"]);
    }

    #[test]
    fn a_variable_store_needs_its_firmware() {
        let fixture = r#"
<domain type='qemu'>
  <os firmware='efi'>
    <type arch='x86_64' machine='q35'>hvm</type>
    <varstore/>
     ^^^^^^^^ error[varstore-unsupported]: this host does not support firmware that keeps its variables in a `<varstore>`
     | domcaps.xml: `os/varstore` is not supported
     | fix: Remove `<varstore>` (changes guest)
  </os>
</domain>
"#;
        check_in("qemu-q35", "", CODES, fixture);
        let mended = mended_in("qemu-q35", "", "varstore-unsupported", fixture);
        assert_eq!(mended, "- <varstore/>");
    }

    #[test]
    fn beside_a_loader_the_author_is_believed() {
        let fixture = r#"
<domain type='qemu'>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <loader type='rom'>/opt/fw.fd</loader>
    <varstore/>
  </os>
</domain>
"#;
        check_in("qemu-q35", "", CODES, fixture);
    }
}

//! UEFI: what it needs of the machine's features, and what needs it.

use super::DOCS;
use crate::caps::Version;
use crate::edit;
use crate::finding::{Effect, TextEdit};
use crate::rules::{Facts, Findings, Rule, page, switched_on};
use crate::xml::Node;

/// The rules.
pub const RULES: &[Rule] = &[
    Rule::define("uefi-without-acpi", &["domain/os"], uefi, page!("uefi-without-acpi.md"), DOCS),
    Rule::define("acpi-without-uefi", &["domain/features/acpi"], acpi, page!("acpi-without-uefi.md"), DOCS),
    Rule::define("secure-boot-without-smm", &["domain/os/loader"], secure, page!("secure-boot-without-smm.md"), DOCS),
];

/// What says that the firmware is a UEFI.
fn asked(os: Node) -> Option<crate::text::Span> {
    let efi = os.attr("firmware").filter(|firmware| firmware.value() == "efi").map(|firmware| firmware.value_span());
    let flash = || os.child("loader")?.attr("type").filter(|kind| kind.value() == "pflash").map(|kind| kind.value_span());
    efi.or_else(flash)
}

fn uefi(facts: &Facts, os: Node, findings: &mut Findings) {
    if !facts.qemu() || !facts.x86() || feature(facts, "acpi").is_some() {
        return;
    }
    if let Some(span) = asked(os) {
        let finding = findings.at(span, "UEFI needs `<acpi/>` on this architecture");
        finding.fix("Add `<acpi/>`", Effect::ChangesGuest, vec![with_feature(facts, os, "<acpi/>")]);
    }
}

/// aarch64 alone: other architectures take ACPI without UEFI, and do nothing with it.
fn acpi(facts: &Facts, acpi: Node, findings: &mut Findings) {
    let Some(os) = facts.whole.os.filter(|os| facts.qemu() && facts.arch() == Some("aarch64") && asked(*os).is_none()) else { return };
    let finding = findings.at(acpi.name_span(), "ACPI needs UEFI on this architecture");
    if os.attr("firmware").is_none() && os.child("loader").is_none() {
        finding.fix("Use efi", Effect::ChangesGuest, vec![edit::set_attribute(os, "firmware", "efi")]);
    }
    finding.fix("Remove `<acpi>`", Effect::ChangesGuest, vec![edit::remove(acpi)]);
}

/// Where libvirt chooses the firmware, it switches SMM on by itself.
fn secure(facts: &Facts, loader: Node, findings: &mut Findings) {
    let Some(secure) = loader.attr("secure").filter(|secure| secure.value() == "yes") else { return };
    let Some(os) = loader.parent().filter(|os| os.attr("firmware").is_none() && os.child("varstore").is_none()) else { return };
    let able = facts.machine_is("q35") && facts.arch() == Some("x86_64");
    let smm = feature(facts, "smm");
    if !facts.qemu() || !able || smm.is_some_and(switched_on) {
        return;
    }
    let edit = match smm {
        Some(smm) => edit::set_attribute(smm, "state", "on"),
        None => with_feature(facts, os, "<smm state='on'/>"),
    };
    let finding = findings.at(secure.value_span(), "a secure loader needs `<smm state='on'/>`");
    // 9.0.0 never switches it on, 11.3.0 and 12.8.0 do for an image that they know, unless it is switched off; and since
    // 12.1.0 there are images that do without, which are no flash
    let open = smm.is_none() || loader.value("type") != Some("pflash");
    if open && !facts.before(Version(9, 0, 1)) {
        finding.likely();
    }
    finding.fix("Switch SMM on", Effect::ChangesGuest, vec![edit]);
}

fn feature<'a>(facts: &Facts<'a>, name: &str) -> Option<Node<'a>> {
    facts.whole.features?.child(name)
}

/// The edits that let libvirt choose a UEFI firmware, with what that needs.
pub(super) fn chosen(facts: &Facts, os: Node) -> Vec<TextEdit> {
    let mut edits = vec![edit::set_attribute(os, "firmware", "efi")];
    if facts.x86() && feature(facts, "acpi").is_none() {
        edits.push(with_feature(facts, os, "<acpi/>"));
    }
    edits
}

/// Puts `xml` into `<features>`, which is made where there is none.
fn with_feature(facts: &Facts, os: Node, xml: &str) -> TextEdit {
    match facts.whole.features {
        Some(features) => edit::append_child(features, xml),
        None => {
            let indent = edit::indent_of(os);
            edit::replace_raw(
                crate::text::Span::empty(os.span().end),
                format!("\n{indent}<features>\n{indent}  {xml}\n{indent}</features>"),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["uefi-without-acpi", "acpi-without-uefi", "secure-boot-without-smm"];

    #[test]
    fn a_pc_needs_acpi_for_uefi() {
        let fixture = r#"
<domain type='qemu'>
  <os firmware='efi'>
                ^^^ error[uefi-without-acpi]: UEFI needs `<acpi/>` on this architecture
                | fix: Add `<acpi/>` (changes guest)
    <type arch='x86_64' machine='q35'>hvm</type>
  </os>
</domain>
"#;
        check_in("qemu-q35", "", CODES, fixture);
        let mended = mended_in("qemu-q35", "", "uefi-without-acpi", fixture);
        assert_eq!(mended, "+ <features>\n+ <acpi/>\n+ </features>");
    }

    #[test]
    fn a_flash_image_is_uefi_too() {
        let fixture = r#"
<domain type='qemu'>
  <os>
    <type arch='x86_64' machine='pc'>hvm</type>
    <loader type='pflash'>/opt/fw.fd</loader>
                  ^^^^^^ error[uefi-without-acpi]: UEFI needs `<acpi/>` on this architecture
                  | fix: Add `<acpi/>` (changes guest)
  </os>
  <features>
    <pae/>
  </features>
</domain>
"#;
        check_in("qemu-pc", "", CODES, fixture);
        assert_eq!(mended_in("qemu-pc", "", "uefi-without-acpi", fixture), "+ <acpi/>");
    }

    #[test]
    fn aarch64_needs_uefi_for_acpi() {
        let fixture = r#"
<domain type='qemu'>
  <os><type arch='aarch64' machine='virt'>hvm</type></os>
  <features>
    <acpi/>
     ^^^^ error[acpi-without-uefi]: ACPI needs UEFI on this architecture
     | fix: Use efi (changes guest)
     | fix: Remove `<acpi>` (changes guest)
  </features>
</domain>
"#;
        check_in("aarch64", "", CODES, fixture);
        let mended = mended_in("aarch64", "", "acpi-without-uefi", fixture);
        assert_eq!(
            mended,
            "- <os><type arch='aarch64' machine='virt'>hvm</type></os>\n+ <os firmware='efi'><type arch='aarch64' machine='virt'>hvm</type></os>"
        );
    }

    #[test]
    fn other_architectures_do_not_care() {
        for (host, arch) in [("armv7l", "armv7l"), ("riscv64", "riscv64"), ("ppc64", "ppc64")] {
            let machine = if arch == "ppc64" { "pseries" } else { "virt" };
            let fixture = format!(
                "<domain type='qemu'>\n  <os><type arch='{arch}' machine='{machine}'>hvm</type></os>\n  <features>\n    <acpi/>\n  </features>\n</domain>"
            );
            check_in(host, "", CODES, &fixture);
        }
    }

    #[test]
    fn a_secure_loader_needs_smm() {
        let fixture = r#"
<domain type='qemu'>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <loader secure='yes' type='pflash' readonly='yes'>/opt/fw.fd</loader>
                    ^^^ error[secure-boot-without-smm]: a secure loader needs `<smm state='on'/>`
                    | fix: Switch SMM on (changes guest)
  </os>
  <features>
    <acpi/>
    <smm state='off'/>
  </features>
</domain>
"#;
        check_in("9.0.0:qemu-q35", "", CODES, fixture);
        check_in("qemu-q35", "", CODES, fixture);
        // libvirt may know the image, and then switches it on
        let open = fixture.replace("    <smm state='off'/>\n", "");
        check_in("9.0.0:qemu-q35", "", CODES, &open);
        check_in("qemu-q35", "", CODES, &open.replace("error[", "warning["));
        let mended = mended_in("qemu-q35", "", "secure-boot-without-smm", fixture);
        assert_eq!(mended, "- <smm state='off'/>\n+ <smm state='on'/>");
    }

    #[test]
    fn where_libvirt_chooses_it_switches_smm_on() {
        let fixture = r#"
<domain type='qemu'>
  <os firmware='efi'>
    <type arch='x86_64' machine='q35'>hvm</type>
    <loader secure='yes'/>
  </os>
  <features>
    <acpi/>
  </features>
</domain>
"#;
        check_in("qemu-q35", "", CODES, fixture);
    }
}

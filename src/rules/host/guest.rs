//! Architecture, domain type and os type: what a host can run at all.

use super::offer::{Emulator, Offer, is};
use crate::caps::Guest;
use crate::edit;
use crate::finding::{Effect, Phase, Severity};
use crate::rules::{Check, Facts, Findings, Need, Rule, page};
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#operating-system-booting";

/// The rules of this file.
pub const RULES: &[Rule] = &[ARCH_ABSENT, OS_TYPE_ABSENT, TYPE_ABSENT];

const ARCH_ABSENT: Rule = Rule {
    code: "guest-arch-absent",
    severity: Severity::Error,
    phase: Phase::Define,
    needs: &[Need::Capabilities],
    on: &["domain/os/type"],
    check: Check::Function(arch_absent),
    page: page!("guest-arch-absent.md"),
    docs: DOCS,
};

const OS_TYPE_ABSENT: Rule =
    Rule { code: "guest-os-type-absent", check: Check::Function(os_type_absent), page: page!("guest-os-type-absent.md"), ..ARCH_ABSENT };

const TYPE_ABSENT: Rule = Rule {
    code: "guest-type-absent",
    on: &["domain"],
    check: Check::Function(type_absent),
    page: page!("guest-type-absent.md"),
    docs: "https://libvirt.org/formatdomain.html#element-and-attribute-overview",
    ..ARCH_ABSENT
};

fn arch_absent(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(attr) = node.attr("arch") else { return };
    let Some(offer) = facts.offer else { return };
    if offer.guest.is_some() {
        return;
    }
    let emulator = offer.emulator(facts);
    if matches!(emulator, Emulator::Fits) {
        return;
    }
    let guests = &offer.source.said.guests;
    let offered = words(guests.iter().filter_map(|guest| guest.arch.as_ref()).map(|said| said.value.as_str()));
    let finding = findings.at(attr.value_span(), format!("this host has no emulator for the architecture `{}`", offer.arch));
    if let Some(said) = guests.iter().find_map(|guest| guest.arch.as_ref()) {
        finding.evidence(offer.source.id, said.span, format!("architectures offered: {offered}"));
    }
    match emulator {
        Emulator::Unknown(_) => _ = finding.likely(),
        Emulator::Other(named, said) => _ = finding.related(named.span, format!("this one emulates `{}`", said.value)),
        Emulator::Default | Emulator::Fits | Emulator::Missing(_) => {}
    }
    if let Some(meant) = misspelt(guests, offer.arch) {
        finding.fix(format!("Use {meant}"), Effect::Safe, vec![edit::replace(attr.value_span(), meant)]);
    }
}

/// The offered architecture that is written almost so: `x86-64`, `amd64`.
fn misspelt<'a>(guests: &'a [Guest], arch: &str) -> Option<&'a str> {
    let plain = |word: &str| word.to_ascii_lowercase().replace('-', "_");
    let meant = match plain(arch).as_str() {
        "amd64" | "x64" | "x86_64" => "x86_64".to_owned(),
        "arm64" => "aarch64".to_owned(),
        "i386" | "i486" | "i586" | "x86" => "i686".to_owned(),
        other => other.to_owned(),
    };
    guests.iter().filter_map(|guest| guest.arch.as_ref()).map(|said| said.value.as_str()).find(|offered| *offered == meant)
}

fn os_type_absent(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(text) = node.text() else { return };
    let Some(offer) = facts.offer else { return };
    let guests = &offer.source.said.guests;
    if offer.guest.is_none() || guests.iter().any(|guest| guest.os_type.is_none() || is(guest.os_type.as_ref(), text.value)) {
        return;
    }
    let offered = words(guests.iter().filter_map(|guest| guest.os_type.as_ref()).map(|said| said.value.as_str()));
    let finding = findings.at(text.span, format!("this host runs no guests of the os type `{}`", text.value));
    if !super::qemu(facts) {
        finding.likely();
    }
    if let Some(said) = guests.iter().find_map(|guest| guest.os_type.as_ref()) {
        finding.evidence(offer.source.id, said.span, format!("os types offered: {offered}"));
        if super::qemu(facts) && said.value == "hvm" {
            finding.fix("Use hvm", Effect::Safe, vec![edit::replace(text.span, "hvm")]);
        }
    }
}

fn type_absent(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(attr) = facts.subject.domain_type else { return };
    let Some(offer) = facts.offer else { return };
    let Some(guest) = offer.guest else { return };
    if guest.domains.is_empty() || offer.domain(attr.value()).is_some() {
        return;
    }
    let emulator = offer.emulator(facts);
    if matches!(emulator, Emulator::Other(..)) {
        return;
    }
    let offered = words(guest.domains.iter().map(|domain| domain.domain_type.value.as_str()));
    let finding = findings.at(attr.value_span(), type_message(&offer, attr.value(), &offered));
    if let Some(first) = guest.domains.first() {
        finding.evidence(offer.source.id, first.domain_type.span, format!("domain types for `{}`: {offered}", offer.arch));
    }
    if matches!(emulator, Emulator::Unknown(_) | Emulator::Missing(_)) || !super::qemu(facts) {
        finding.likely();
    }
    if matches!(attr.value(), "kvm" | "hvf") && offer.domain("qemu").is_some() {
        finding.fix(
            "Emulate the guest without hardware virtualisation",
            Effect::ChangesGuest,
            vec![edit::set_attribute(node, "type", "qemu")],
        );
    }
}

fn type_message(offer: &Offer, asked: &str, offered: &str) -> String {
    let arch = offer.arch;
    let somewhere = offer.source.said.guests.iter().flat_map(|guest| &guest.domains).any(|domain| domain.domain_type.value == asked);
    match asked {
        "kvm" if somewhere => format!("this host has no KVM for `{arch}`, only {offered}"),
        "kvm" => format!("this host has no KVM: for `{arch}` it offers {offered}"),
        _ => format!("this host does not offer the domain type `{asked}` for `{arch}`, only {offered}"),
    }
}

/// Words in backticks, each once.
fn words<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut seen: Vec<&str> = Vec::new();
    words.for_each(|word| {
        if !seen.contains(&word) {
            seen.push(word);
        }
    });
    seen.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use crate::finding::Severity;
    use crate::support::{check, codes, fixed};

    #[test]
    fn an_architecture_without_emulator_is_refused_at_define() {
        check(
            "9.0.0:qemu-q35",
            &["guest-arch-absent"],
            r"
<domain type='qemu'>
  <os>
    <type arch='loongarch64' machine='virt'>hvm</type>
                ^^^^^^^^^^^ error[guest-arch-absent]: this host has no emulator for the architecture `loongarch64`
                | capabilities.xml: architectures offered: `alpha`, `armv6l`, `armv7l`, `aarch64`, `cris`, `i686`, `m68k`, `microblaze`, `microblazeel`, `mips`, `mipsel`, `mips64`, `mips64el`, `ppc`, `ppc64`, `ppc64le`, `riscv32`, `riscv64`, `s390x`, `sh4`, `sh4eb`, `x86_64`, `xtensa`, `xtensaeb`
  </os>
</domain>",
        );
    }

    #[test]
    fn with_an_emulator_of_its_own_it_is_likely() {
        check(
            "kvm-q35",
            &["guest-arch-absent"],
            r"
<domain type='qemu'>
  <os>
    <type arch='ia64' machine='pc'>hvm</type>
                ^^^^ warning[guest-arch-absent]: this host has no emulator for the architecture `ia64`
                | capabilities.xml: architectures offered: `alpha`, `armv6l`, `armv7l`, `aarch64`, `i686`, `loongarch64`, `m68k`, `microblaze`, `mips`, `mipsel`, `mips64`, `mips64el`, `ppc`, `ppc64`, `ppc64le`, `riscv32`, `riscv64`, `s390x`, `sh4`, `sh4eb`, `x86_64`, `xtensa`, `xtensaeb`
  </os>
  <devices>
    <emulator>/opt/qemu/bin/qemu-system-x86_64</emulator>
  </devices>
</domain>",
        );
    }

    #[test]
    fn with_one_that_libvirt_would_have_found_it_is_certain() {
        let xml = "<domain type='qemu'><os><type arch='loongarch64'>hvm</type></os><devices><emulator>/usr/bin/qemu-system-loongarch64</emulator></devices></domain>";
        let report = crate::support::host("9.0.0:qemu-q35").check(xml, None);
        let shown: Vec<_> = report.findings.iter().map(|finding| (finding.code, finding.severity)).collect();
        assert!(shown.contains(&("guest-arch-absent", Severity::Error)), "{shown:?}");
        assert!(!shown.iter().any(|(code, _)| code.starts_with("emulator-")), "{shown:?}");
    }

    #[test]
    fn a_misspelt_architecture_is_put_right() {
        let xml = "<domain type='qemu'><os><type arch='amd64'>hvm</type></os></domain>";
        assert_eq!(fixed("kvm-q35", "structure-bad-value", xml), xml.replace("amd64", "x86_64"));
        assert!(!codes("kvm-q35", &xml.replace("amd64", "x86_64")).contains(&"guest-arch-absent"));
    }

    #[test]
    fn offered_guests_are_silent() {
        for (kind, arch) in [("kvm", "x86_64"), ("kvm", "i686"), ("qemu", "aarch64"), ("qemu", "s390x")] {
            let xml = format!("<domain type='{kind}'><os><type arch='{arch}'>hvm</type></os></domain>");
            let found = codes("kvm-q35", &xml);
            assert!(!found.iter().any(|code| code.starts_with("guest-")), "{arch}: {found:?}");
        }
        assert!(!codes("kvm-q35", "<domain type='kvm'><os><type>hvm</type></os></domain>").contains(&"guest-type-absent"));
    }

    #[test]
    fn another_os_type_is_refused_at_define() {
        check(
            "qemu-q35",
            &["guest-os-type-absent"],
            r"
<domain type='kvm'>
  <os>
    <type arch='x86_64' machine='q35'>xen</type>
                                      ^^^ error[guest-os-type-absent]: this host runs no guests of the os type `xen`
                                      | capabilities.xml: os types offered: `hvm`
                                      | fix: Use hvm
  </os>
</domain>",
        );
        let xml = "<domain type='kvm'><os><type arch='x86_64'>xen</type></os></domain>";
        assert_eq!(fixed("kvm-q35", "guest-os-type-absent", xml), xml.replace("xen", "hvm"));
        assert!(!codes("kvm-q35", &xml.replace("xen", "hvm")).contains(&"guest-os-type-absent"));
    }

    #[test]
    fn kvm_is_missed_on_a_host_without_it() {
        check(
            "qemu-q35+no-kvm",
            &["guest-type-absent"],
            r"
<domain type='kvm'>
              ^^^ error[guest-type-absent]: this host has no KVM: for `x86_64` it offers `qemu`
              | capabilities.xml: domain types for `x86_64`: `qemu`
              | fix: Emulate the guest without hardware virtualisation (changes guest)
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
  </os>
</domain>",
        );
        let xml = "<domain type='kvm'><os><type arch='x86_64'>hvm</type></os></domain>";
        assert_eq!(fixed("qemu-q35+no-kvm", "guest-type-absent", xml), xml.replace("kvm", "qemu"));
        assert!(!codes("qemu-q35+no-kvm", &xml.replace("kvm", "qemu")).contains(&"guest-type-absent"));
    }

    #[test]
    fn kvm_is_missed_for_a_foreign_architecture() {
        check(
            "aarch64",
            &["guest-type-absent"],
            r"
<domain type='kvm'>
              ^^^ error[guest-type-absent]: this host has no KVM for `aarch64`, only `qemu`
              | capabilities.xml: domain types for `aarch64`: `qemu`
              | fix: Emulate the guest without hardware virtualisation (changes guest)
  <os>
    <type arch='aarch64' machine='virt'>hvm</type>
  </os>
</domain>",
        );
    }

    #[test]
    fn a_type_of_another_driver_is_only_likely_absent() {
        check(
            "qemu-q35",
            &["guest-type-absent"],
            r"
<domain type='xen'>
              ^^^ warning[guest-type-absent]: this host does not offer the domain type `xen` for `x86_64`, only `qemu`, `kvm`
              | capabilities.xml: domain types for `x86_64`: `qemu`, `kvm`
  <os>
    <type arch='x86_64' machine='xenfv'>hvm</type>
  </os>
</domain>",
        );
    }
}

//! `devices/emulator`: a binary that the host's capabilities know, or not.

use super::offer::{Emulator, Offer};
use crate::edit;
use crate::finding::{Effect, Finding, Phase, Severity};
use crate::rules::{Check, Facts, Findings, Need, Rule, page};
use crate::text::Span;
use crate::xml::Node;

/// The rules of this file.
pub const RULES: &[Rule] = &[UNLISTED, OTHER_ARCH];

const UNLISTED: Rule = Rule {
    code: "emulator-unlisted",
    severity: Severity::Error,
    phase: Phase::Define,
    needs: &[Need::Capabilities],
    on: &["domain/devices/emulator"],
    check: Check::Function(unlisted),
    page: page!("emulator-unlisted.md"),
    docs: "https://libvirt.org/formatdomain.html#devices",
};

const OTHER_ARCH: Rule =
    Rule { code: "emulator-other-arch", check: Check::Function(other_arch), page: page!("emulator-other-arch.md"), ..UNLISTED };

fn unlisted(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(offer) = judged(facts, node) else { return };
    match offer.emulator(facts) {
        Emulator::Missing(named) => {
            let message = format!("`{}` is not installed on this host: libvirt would have listed it", named.value);
            instead(facts, &offer, named.span, findings.at(named.span, message));
        }
        Emulator::Unknown(named) => {
            let message =
                format!("no guest of this host has the emulator `{}`: libvirt refuses where no such program is installed", named.value);
            instead(facts, &offer, named.span, findings.at(named.span, message).likely());
        }
        Emulator::Default | Emulator::Fits | Emulator::Other(..) => {}
    }
}

fn other_arch(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(offer) = judged(facts, node) else { return };
    let Emulator::Other(named, other) = offer.emulator(facts) else { return };
    let finding = findings.at(named.span, ["`", named.value, "` emulates `", &other.value, "`, not `", offer.arch, "`"].concat());
    finding.evidence(offer.source.id, other.span, ["`", named.value, "` is its emulator for `", &other.value, "`"].concat());
    if let Some(arch) = facts.subject.arch {
        finding.related(arch.value_span(), "the domain's architecture");
    }
    instead(facts, &offer, named.span, finding);
}

/// Only the first emulator counts, and only libvirt's QEMU driver was tried. Without a guest of that architecture, the fault is that of
/// `guest-arch-absent`.
fn judged<'a>(facts: &Facts<'a>, node: Node) -> Option<Offer<'a>> {
    let first = facts.subject.emulator?;
    let is_first = node.text().is_some_and(|text| text.span == first.span);
    if is_first && super::qemu(facts) { facts.offer.filter(|offer| offer.guest.is_some()) } else { None }
}

fn instead(facts: &Facts, offer: &Offer, span: Span, finding: &mut Finding) {
    let Some(own) = offer.default_emulator(facts.subject.domain_type()) else { return };
    finding.evidence(offer.source.id, own.span, ["the emulator for `", offer.arch, "`: `", &own.value, "`"].concat());
    finding.fix(["Use ", &own.value].concat(), Effect::Safe, vec![edit::replace(span, &own.value)]);
}

#[cfg(test)]
mod tests {
    use crate::support::{check, codes, fixed};

    #[test]
    fn an_unlisted_emulator_is_likely_missing() {
        check(
            "kvm-q35",
            &["emulator-unlisted"],
            r"
<domain type='kvm'>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
  </os>
  <devices>
    <emulator>/usr/libexec/qemu-kvm</emulator>
              ^^^^^^^^^^^^^^^^^^^^^ warning[emulator-unlisted]: no guest of this host has the emulator `/usr/libexec/qemu-kvm`: libvirt refuses where no such program is installed
              | capabilities.xml: the emulator for `x86_64`: `/usr/bin/qemu-system-x86_64`
              | fix: Use /usr/bin/qemu-system-x86_64
  </devices>
</domain>",
        );
    }

    #[test]
    fn one_that_libvirt_looks_for_by_name_is_missing_for_certain() {
        check(
            "kvm-q35+rhel",
            &["emulator-unlisted"],
            r"
<domain type='kvm'>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
  </os>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
              ^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[emulator-unlisted]: `/usr/bin/qemu-system-x86_64` is not installed on this host: libvirt would have listed it
              | capabilities.xml: the emulator for `x86_64`: `/usr/libexec/qemu-kvm`
              | fix: Use /usr/libexec/qemu-kvm
  </devices>
</domain>",
        );
    }

    #[test]
    fn the_emulator_of_another_architecture_is_refused() {
        check(
            "kvm-q35",
            &["emulator-other-arch", "guest-arch-absent", "machine-unknown"],
            r"
<domain type='qemu'>
  <os>
    <type arch='aarch64' machine='virt'>hvm</type>
  </os>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
              ^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[emulator-other-arch]: `/usr/bin/qemu-system-x86_64` emulates `x86_64`, not `aarch64`
              | capabilities.xml: `/usr/bin/qemu-system-x86_64` is its emulator for `x86_64`
              | capabilities.xml: the emulator for `aarch64`: `/usr/bin/qemu-system-aarch64`
              | fix: Use /usr/bin/qemu-system-aarch64
  </devices>
</domain>",
        );
    }

    #[test]
    fn the_fix_names_the_emulator_of_the_guest_block() {
        let xml = "<domain type='qemu'><os><type arch='aarch64'>hvm</type></os><devices><emulator>/usr/bin/qemu-system-x86_64</emulator></devices></domain>";
        let mended = fixed("kvm-q35", "emulator-other-arch", xml);
        assert_eq!(mended, xml.replace("system-x86_64", "system-aarch64"));
        assert!(!codes("kvm-q35", &mended).iter().any(|code| code.starts_with("emulator-")));
        let xml = xml.replace("/usr/bin/qemu-system-x86_64", "/usr/bin/qemu-kvm");
        assert!(fixed("kvm-q35", "emulator-unlisted", &xml).contains(">/usr/bin/qemu-system-aarch64<"));
    }

    #[test]
    fn emulators_that_serve_are_silent() {
        for (arch, path) in [("x86_64", "x86_64"), ("i686", "i386"), ("i686", "x86_64"), ("armv7l", "aarch64"), ("ppc64le", "ppc64")] {
            let xml = format!(
                "<domain type='qemu'><os><type arch='{arch}'>hvm</type></os><devices><emulator>/usr/bin/qemu-system-{path}</emulator></devices></domain>"
            );
            let found = codes("kvm-q35", &xml);
            assert!(!found.iter().any(|code| code.starts_with("emulator-")), "{arch}: {found:?}");
        }
    }

    #[test]
    fn only_the_first_emulator_counts() {
        let xml = "<domain type='kvm'><os><type arch='x86_64'>hvm</type></os><devices><emulator>/usr/bin/qemu-system-x86_64</emulator><emulator>/nope</emulator></devices></domain>";
        assert!(!codes("kvm-q35", xml).contains(&"emulator-unlisted"));
    }
}

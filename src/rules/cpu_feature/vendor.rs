//! `<vendor>` and `vendor_id`.

use super::{Asked, Facts, Findings, Rule, kvm, libvirt, on_cpu, x86};
use crate::caps::{Said, Source, Usable, Version};
use crate::cpu::{CpuMode, Stop, names};
use crate::edit::{remove, remove_attribute};
use crate::finding::{Effect, Phase, Severity};
use crate::rules::page;
use crate::xml::{Attr, Node};

pub const REQUIRED: Rule =
    on_cpu("cpu-vendor-required", Severity::Info, Phase::Advice, required, page!("cpu-vendor-required.md")).at(&["domain/cpu[vendor]"]);

fn required(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some((vendor, text)) = node.child("vendor").and_then(|vendor| Some((vendor, vendor.text()?))) else { return };
    let Some(asked) = Asked::of(facts, node) else { return };
    let Some(model) = asked.model().filter(|_| !asked.whole() && facts.qemu() && x86(facts) == Some(true)) else { return };
    let Some(check) = asked.check(facts) else { return };
    let host = host_vendor(facts);
    let looked = if check == "partial" { compared(facts, &asked, model) } else { Some(false) };
    let other = host.filter(|host| host.value != text.value && looked != Some(false));
    let message = match (other, looked) {
        (Some(host), _) => format!("the domain asks for a CPU by `{}`, and this host's is by `{}`", text.value, host.value),
        (None, Some(false)) => format!("nobody compares the vendor `{}` with the host's here", text.value),
        (None, _) => format!("a host whose CPU is not by `{}` may refuse the domain", text.value),
    };
    let finding = findings.at(text.span, message);
    if let Some(host) = other {
        finding.severity(Severity::Error).phase(Phase::Start);
        if looked != Some(true) && facts.cpu.stop != Some(Stop::Vendor) {
            finding.likely();
        }
        finding.evidence(host.id, host.span, format!("the vendor is `{}`", host.value));
    }
    finding.fix("Remove `<vendor>`", Effect::Safe, vec![remove(vendor)]);
}

fn host_vendor<'a>(facts: &Facts<'a>) -> Option<Source<'a, Said<String>>> {
    let by_model = facts.sources.domain_caps.and_then(|caps| {
        let said = caps.said.cpu.host_model.as_ref()?.vendor.as_ref()?;
        Some(Source { id: caps.id, said })
    });
    let by_host = || {
        let caps = facts.sources.host_caps.filter(|_| kvm(facts))?;
        Some(Source { id: caps.id, said: caps.said.cpu.as_ref()?.vendor.as_ref()? })
    };
    by_model.or_else(by_host)
}

/// Whether a partial check looks at the vendor: before 10.2.0 always, then not for a usable model that nothing is added to, and since
/// 10.9.0 not for models that are judged by their blockers.
fn compared(facts: &Facts, asked: &Asked, model: &str) -> Option<bool> {
    match libvirt(facts, Version(10, 2, 0)) {
        Some(false) => return Some(true),
        None => return None,
        Some(true) => {}
    }
    let usable = facts.sources.domain_caps.and_then(|caps| caps.said.model(model)).map(|model| model.usable.value);
    let bare = asked.cpu.children("feature").all(|feature| feature.value("policy") == Some("disable"));
    let skipped = usable == Some(Usable::Yes) && bare;
    let blockers = facts.since(Version(10, 9, 0)) && !names::compared_with_host(model);
    if asked.mode == CpuMode::Custom && (skipped || blockers) { Some(false) } else { None }
}

pub const IDENTITY: Rule =
    on_cpu("cpu-vendor-id-set", Severity::Info, Phase::Advice, identity, page!("cpu-vendor-id-set.md")).at(&["domain/cpu[model]"]);

fn identity(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some((_, attr)) = vendor_id(facts, node).filter(|(_, attr)| fits(attr.value())) else { return };
    if facts.qemu() && x86(facts) != Some(false) {
        findings.at(attr.value_span(), format!("the guest sees `{}` as the maker of its CPU, whatever the host is", attr.value()));
    }
}

pub const IDENTITY_WRONG: Rule =
    on_cpu("cpu-vendor-id-invalid", Severity::Error, Phase::Define, identity_wrong, page!("cpu-vendor-id-invalid.md"))
        .at(&["domain/cpu[model]"]);

fn identity_wrong(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some((model, attr)) = vendor_id(facts, node).filter(|(_, attr)| !fits(attr.value())) else { return };
    let value = attr.value();
    let message = if value.len() == LENGTH {
        format!("`{value}` has a comma, which cannot be handed to QEMU")
    } else {
        format!("`{value}` is {} bytes long: a vendor id has exactly {LENGTH}", value.len())
    };
    findings.at(attr.value_span(), message).fix("Remove `vendor_id`", Effect::Safe, vec![remove_attribute(model, &attr)]);
}

const LENGTH: usize = 12;

fn fits(value: &str) -> bool {
    value.len() == LENGTH && !value.contains(',')
}

/// An empty one counts as none, and under host-passthrough and maximum nobody reads it.
fn vendor_id<'a>(facts: &Facts<'a>, node: Node<'a>) -> Option<(Node<'a>, Attr<'a>)> {
    let model = node.child("model")?;
    let attr = model.attr("vendor_id").filter(|attr| !attr.value().is_empty())?;
    Asked::of(facts, node).filter(|asked| !asked.whole())?;
    Some((model, attr))
}

#[cfg(test)]
mod tests {
    use crate::support::{check, codes, fixed};

    fn domain(cpu: &str) -> String {
        format!(
            "<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  {cpu}
</domain>
"
        )
    }

    #[test]
    fn a_vendor_is_looked_at_by_the_old_comparison_only() {
        let xml = domain("<cpu><model>Nehalem</model><vendor>Intel</vendor></cpu>");
        check(
            "9.0.0:kvm-q35",
            &["cpu-vendor-required"],
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu><model>Nehalem</model><vendor>Intel</vendor></cpu>
                                     ^^^^^ error[cpu-vendor-required]: the domain asks for a CPU by `Intel`, and this host's is by `AMD`
                                     | domcaps.xml: the vendor is `AMD`
                                     | fix: Remove `<vendor>`
</domain>
",
        );
        assert_eq!(fixed("9.0.0:kvm-q35", "cpu-vendor-required", &xml), xml.replace("<vendor>Intel</vendor>", ""));
        check(
            "kvm-q35",
            &["cpu-vendor-required"],
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu><model>Nehalem</model><vendor>Intel</vendor></cpu>
                                     ^^^^^ error[cpu-vendor-required]: the domain asks for a CPU by `Intel`, and this host's is by `AMD`
                                     | domcaps.xml: the vendor is `AMD`
                                     | fix: Remove `<vendor>`
</domain>
",
        );
        check(
            "kvm-q35",
            &["cpu-vendor-required"],
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu><model>Nehalem-v1</model><vendor>Intel</vendor></cpu>
                                        ^^^^^ info[cpu-vendor-required]: nobody compares the vendor `Intel` with the host's here
                                        | fix: Remove `<vendor>`
</domain>
",
        );
    }

    #[test]
    fn a_vendor_that_nobody_compares_here_may_be_compared_elsewhere() {
        check(
            "9.0.0:kvm-q35",
            &["cpu-vendor-required"],
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu><model>Nehalem</model><vendor>AMD</vendor></cpu>
                                     ^^^ info[cpu-vendor-required]: a host whose CPU is not by `AMD` may refuse the domain
                                     | fix: Remove `<vendor>`
</domain>
",
        );
        check(
            "none",
            &["cpu-vendor-required"],
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu><model>Nehalem</model><vendor>Intel</vendor></cpu>
                                     ^^^^^ info[cpu-vendor-required]: a host whose CPU is not by `Intel` may refuse the domain
                                     | fix: Remove `<vendor>`
</domain>
",
        );
        assert!(!codes("kvm-q35", &domain("<cpu><model>Nehalem</model></cpu>")).contains(&"cpu-vendor-required"));
    }

    #[test]
    fn a_vendor_id_has_twelve_bytes_and_no_comma() {
        check(
            "none",
            &["cpu-vendor-id-invalid"],
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='host-model'><model vendor_id='Short'/></cpu>
                                           ^^^^^ error[cpu-vendor-id-invalid]: `Short` is 5 bytes long: a vendor id has exactly 12
                                           | fix: Remove `vendor_id`
</domain>
",
        );
        for id in ["Short", "Genuine,ntel", "ÄBCDEFGHIJKL"] {
            let xml = domain(&format!("<cpu mode='host-model'><model vendor_id='{id}'/></cpu>"));
            let rest = fixed("none", "cpu-vendor-id-invalid", &xml);
            assert_eq!(rest, xml.replace(&format!(" vendor_id='{id}'"), ""));
            assert!(!codes("none", &rest).contains(&"cpu-vendor-id-invalid"));
        }
        let passed = domain("<cpu mode='host-passthrough'><model vendor_id='Short'/></cpu>");
        assert!(!codes("none", &passed).contains(&"cpu-vendor-id-invalid"));
    }

    #[test]
    fn a_vendor_id_changes_what_the_guest_sees() {
        check(
            "none",
            &["cpu-vendor-id-set"],
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='host-model'><model vendor_id='GenuineIntel'/></cpu>
                                           ^^^^^^^^^^^^ info[cpu-vendor-id-set]: the guest sees `GenuineIntel` as the maker of its CPU, whatever the host is
</domain>
",
        );
        assert!(!codes("none", &domain("<cpu mode='host-model'/>")).contains(&"cpu-vendor-id-set"));
    }
}

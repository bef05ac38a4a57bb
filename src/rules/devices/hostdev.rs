//! Devices of the host handed to the guest.

use super::function;
use crate::edit;
use crate::finding::{Effect, Phase};
use crate::rules::{Facts, Findings, Listed, Need, Place, Rule, When, Word, offer, page};
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#host-device-assignment";
const BOTH: &[&str] = &["domain/devices/hostdev", "domain/devices/interface"];
const FITTING: &[Need] = &[Need::DomainCapabilities];

/// The rules.
pub const RULES: &[Rule] = &[
    MODE.rule("hostdev-mode-unlisted", page!("hostdev-mode-unlisted.md"), &["domain/devices/hostdev"], DOCS),
    CAPABILITY.rule("hostdev-capability-unlisted", page!("hostdev-capability-unlisted.md"), &["domain/devices/hostdev"], DOCS),
    function("hostdev-pci-backend-unlisted", page!("hostdev-pci-backend-unlisted.md"), FITTING, BOTH, pci_backend, DOCS),
    function("hostdev-iommufd-unlisted", page!("hostdev-iommufd-unlisted.md"), FITTING, BOTH, iommufd, DOCS),
];

const MODE: Listed = Listed {
    place: Place::Attribute("mode"),
    section: "devices/hostdev",
    list: "mode",
    what: "mode of host devices",
    words: &[Word("subsystem", When::Define), Word("capabilities", When::Define)],
    ..Listed::ROW
};

const CAPABILITY: Listed = Listed {
    section: "devices/hostdev",
    list: "capsType",
    what: "host capability",
    words: &[Word("storage", When::Define), Word("misc", When::Define), Word("net", When::Define)],
    // without the mode itself nothing more is to be said
    only: |facts, node| {
        let modes = facts.sources.domain_caps.and_then(|source| source.said.list("devices/hostdev", "mode"));
        node.value("mode") == Some("capabilities") && modes.is_some_and(|modes| modes.has("capabilities"))
    },
    ..Listed::ROW
};

/// A PCI device of the host: in a `<hostdev>`, or as a network interface.
fn pci(facts: &Facts, node: Node) -> bool {
    let kind = node.value("type");
    let own = node.name() == "hostdev" && kind == Some("pci") && node.value("mode") != Some("capabilities");
    facts.qemu() && (own || node.name() == "interface" && kind == Some("hostdev"))
}

fn pci_backend(facts: &Facts, node: Node, findings: &mut Findings) {
    let (Some(kind), Some(source)) = (node.attr("type").filter(|_| pci(facts, node)), facts.sources.domain_caps) else { return };
    let Some(list) = source.said.list("devices/hostdev", "pciBackend") else { return };
    let name = node.child("driver").and_then(|driver| driver.attr("name"));
    let finding = match name {
        Some(name) if matches!(name.value(), "vfio" | "kvm" | "xen") && !list.has(name.value()) => {
            findings.at(name.value_span(), format!("this host hands out no PCI device through `{}`", name.value()))
        }
        // nothing written means VFIO
        None if !list.has("default") && !list.has("vfio") => {
            findings.at(kind.value_span(), "this host cannot hand out PCI devices: VFIO is not available")
        }
        _ => return,
    };
    finding.phase(Phase::Start).evidence(source.id, list.span, offer(list));
    if let Some(name) = name.filter(|_| list.has("vfio")) {
        finding.fix("Use vfio", Effect::Safe, vec![edit::replace(name.value_span(), "vfio")]);
    }
}

/// Without `name='vfio'`, define lets it pass.
fn iommufd(facts: &Facts, node: Node, findings: &mut Findings) {
    let (Some(driver), Some(source)) = (node.child("driver").filter(|_| pci(facts, node)), facts.sources.domain_caps) else { return };
    let Some(asked) = driver.attr("iommufd").filter(|asked| asked.value() == "yes" && driver.value("name") == Some("vfio")) else { return };
    if let Some(list) = source.said.list("devices/hostdev", "iommufd").filter(|list| !list.has("yes")) {
        findings
            .at(asked.value_span(), "the kernel of this host does not support IOMMUFD")
            .evidence(source.id, list.span, offer(list))
            .fix("Do without IOMMUFD", Effect::Safe, vec![edit::remove_attribute(driver, &asked)]);
    }
}

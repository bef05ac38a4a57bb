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

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] =
        &["hostdev-mode-unlisted", "hostdev-capability-unlisted", "hostdev-pci-backend-unlisted", "hostdev-iommufd-unlisted"];

    #[test]
    fn a_virtual_machine_takes_no_capabilities() {
        let fixture = r#"
<hostdev mode='capabilities' type='misc'/>
               ^^^^^^^^^^^^ error[hostdev-mode-unlisted]: this host offers no mode of host devices `capabilities`
               | domcaps.xml: offered: `subsystem`
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
    }

    #[test]
    fn where_the_mode_is_offered_the_kind_counts() {
        let fixture = r#"
<hostdev mode='capabilities' type='misc'/>
                                   ^^^^ error[hostdev-capability-unlisted]: this host offers no host capability `misc`
                                   | domcaps.xml: offered: `storage`
"#;
        check_in("qemu-q35+capabilities", "devices", CODES, fixture);
    }

    #[test]
    fn without_vfio_no_pci_device_is_handed_out() {
        let fixture = r#"
<hostdev mode='subsystem' type='pci'>
                                ^^^ error[hostdev-pci-backend-unlisted]: this host cannot hand out PCI devices: VFIO is not available
                                | domcaps.xml: nothing is offered
</hostdev>
<interface type='hostdev'/>
                 ^^^^^^^ error[hostdev-pci-backend-unlisted]: this host cannot hand out PCI devices: VFIO is not available
                 | domcaps.xml: nothing is offered
<hostdev mode='subsystem' type='usb'/>
"#;
        assert_eq!(check_in("kvm-q35", "devices", CODES, fixture), ["start", "start"]);
    }

    #[test]
    fn with_vfio_other_ways_are_gone() {
        let fixture = r#"
<hostdev mode='subsystem' type='pci'>
  <driver name='xen'/>
                ^^^ error[hostdev-pci-backend-unlisted]: this host hands out no PCI device through `xen`
                | domcaps.xml: offered: `default`, `vfio`
                | fix: Use vfio
</hostdev>
"#;
        assert_eq!(check_in("kvm-q35+vfio", "devices", CODES, fixture), ["start"]);
        let mended = mended_in("kvm-q35+vfio", "devices", "hostdev-pci-backend-unlisted", fixture);
        assert_eq!(mended, "- <driver name='xen'/>\n+ <driver name='vfio'/>");
    }

    #[test]
    fn iommufd_needs_the_kernel() {
        let fixture = r#"
<hostdev mode='subsystem' type='pci'>
  <driver name='vfio' iommufd='yes'/>
                               ^^^ error[hostdev-iommufd-unlisted]: the kernel of this host does not support IOMMUFD
                               | domcaps.xml: offered: `no`
                               | fix: Do without IOMMUFD
</hostdev>
"#;
        check_in("kvm-q35+vfio", "devices", CODES, fixture);
        let mended = mended_in("kvm-q35+vfio", "devices", "hostdev-iommufd-unlisted", fixture);
        assert_eq!(mended, "- <driver name='vfio' iommufd='yes'/>\n+ <driver name='vfio'/>");
    }

    #[test]
    fn without_a_name_define_lets_iommufd_pass() {
        let fixture = r#"
<hostdev mode='subsystem' type='pci'>
  <driver iommufd='yes'/>
</hostdev>
"#;
        check_in("kvm-q35+vfio", "devices", CODES, fixture);
    }
}

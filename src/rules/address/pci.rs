//! Which device fits which PCI controller, and at which of its slots.
//!
//! Source: libvirt 9.0.0, `virDomainPCIAddressBusSetModel`, `virDomainPCIAddressFlagsCompatible`, `virDomainPCIAddressSetGrow`.

use super::{Slot, fix_by_removal, form};
use crate::rules::{Facts, Family, Findings, Kind, Placed, Root};
use crate::xml::Node;

/// Kinds of plugs, as bits. Any device that is no PCI controller fits wherever one of them does, Express or not.
const DEVICE: u16 = 1;
const DMI: u16 = 2;
/// A `pcie-root-port`.
pub const ROOT_PORT: u16 = 4;
const UPSTREAM: u16 = 8;
const DOWNSTREAM: u16 = 16;
const EXPANDER: u16 = 32;
const PCIE_EXPANDER: u16 = 64;
const TO_PCI: u16 = 128;
const LAST: u8 = 31;

/// A model of a PCI controller.
pub struct Model {
    /// Its name.
    pub name: &'static str,
    /// What it is, as a plug; none for a root.
    pub plug: u16,
    /// What fits into it.
    pub takes: u16,
    /// Its slots, from the first to the last.
    pub slots: (u8, u8),
}

const fn row(name: &'static str, plug: u16, takes: u16, slots: (u8, u8)) -> Model {
    Model { name, plug, takes, slots }
}

const MODELS: &[Model] = &[
    row("pci-root", 0, DEVICE | EXPANDER, (1, LAST)),
    row("pcie-root", 0, DEVICE | ROOT_PORT | DMI | PCIE_EXPANDER, (1, LAST)),
    row("pci-bridge", DEVICE, DEVICE, (1, LAST)),
    row("pci-expander-bus", EXPANDER, DEVICE, (0, LAST)),
    row("dmi-to-pci-bridge", DMI, DEVICE, (0, LAST)),
    row("pcie-to-pci-bridge", TO_PCI, DEVICE, (1, LAST)),
    row("pcie-root-port", ROOT_PORT, DEVICE | UPSTREAM | TO_PCI, (0, 0)),
    row("pcie-switch-downstream-port", DOWNSTREAM, DEVICE | UPSTREAM | TO_PCI, (0, 0)),
    row("pcie-switch-upstream-port", UPSTREAM, DOWNSTREAM, (0, LAST)),
    row("pcie-expander-bus", PCIE_EXPANDER, ROOT_PORT | DMI, (0, LAST)),
];

/// The model of that name.
pub fn model(name: &str) -> Option<&'static Model> {
    MODELS.iter().find(|model| model.name == name)
}

/// A device at an address where it does not fit.
pub fn check(facts: &Facts, _: Node, findings: &mut Findings) {
    let Some(board) = facts.board else { return };
    let mut last = None;
    for placed in &facts.whole.placed {
        let Some(slot) = placed.slot else { continue };
        let last = *last.get_or_insert_with(|| facts.whole.controllers("pci").filter_map(|one| one.index).max().unwrap_or(0));
        let unfit = unfit(facts, board.root, placed, slot, last).filter(|_| !form::refused(facts, placed));
        let Some((part, message)) = unfit else { continue };
        let span = placed.address.attr(part).map_or(placed.address.name_span(), |attr| attr.value_span());
        fix_by_removal(findings.at(span, message), placed.address);
    }
}

/// The part of the address that does not fit, and why.
fn unfit(facts: &Facts, root: Option<Root>, placed: &Placed, slot: Slot, last: u32) -> Option<(&'static str, String)> {
    if slot.domain != 0 {
        return Some(("domain", format!("a guest has the PCI domain 0 alone, not {}", slot.domain)));
    }
    let plug = plug(placed)?;
    let index = u32::from(slot.bus);
    if placed.kind == Kind::Iommu && index != 0 {
        return Some(("bus", "an IOMMU is part of the root, on bus 0".to_owned()));
    }
    let written = facts.whole.controllers("pci").find(|one| one.index == Some(index) && !one.usurps(facts.board));
    let own = match written {
        Some(one) => model(one.model?)?,
        None if index == 0 => model(root?.model())?,
        None if index > last => return beyond(placed, plug, index).or_else(|| slot_of_added(root?, placed, slot)),
        None => model(implied(facts, root?))?,
    };
    if plug & own.takes == 0 {
        let what = if plug == DEVICE { "a device" } else { placed.device.value("model").unwrap_or_default() };
        return Some(("bus", format!("`{what}` does not fit into the `{}` at index {index}", own.name).replace("`a device`", "a device")));
    }
    if placed.device.value("model") == Some("pci-bridge") && order(facts, placed).is_some_and(|own| own <= index) {
        return Some(("bus", format!("a `pci-bridge` stands in a controller of a lower index, not in that with {index}")));
    }
    let (first, end) = own.slots;
    if (first..=end).contains(&slot.slot) {
        return None;
    }
    let slots = if end == 0 { "one slot, number 0".to_owned() } else { format!("slots from {first} to {end}") };
    Some(("slot", format!("the `{}` at index {index} has {slots}, and {} is none of them", own.name, slot.slot)))
}

/// The index of a controller that has an address.
fn order(facts: &Facts, placed: &Placed) -> Option<u32> {
    facts.whole.controllers("pci").find(|one| one.node == placed.device && !one.usurps(facts.board))?.index
}

/// What a device is, as a plug; none where its place is told of elsewhere, or libvirt passes over it.
fn plug(placed: &Placed) -> Option<u16> {
    if placed.kind != Kind::Controller {
        return Some(DEVICE);
    }
    match placed.device.value("type")? {
        "pci" => model(placed.device.value("model")?).map(|own| own.plug).filter(|plug| *plug != 0),
        _ => Some(DEVICE),
    }
}

/// What libvirt puts where an index between others is not written.
fn implied(facts: &Facts, root: Root) -> &'static str {
    let pseries = facts.board.is_some_and(|board| board.family == Family::Pseries);
    match root {
        _ if pseries => "pci-root",
        Root::Pcie => "pcie-root-port",
        Root::Pci => "pci-bridge",
    }
}

/// The slot on a controller that libvirt adds for the device: a port has slot 0 alone, a bridge all but that.
fn slot_of_added(root: Root, placed: &Placed, slot: Slot) -> Option<(&'static str, String)> {
    let wrong = match root {
        Root::Pci if slot.slot == 0 => "pci-bridge",
        Root::Pcie if slot.slot > 0 && express(placed) => "pcie-root-port",
        _ => return None,
    };
    Some(("slot", format!("libvirt adds a `{wrong}` for this device, which has no slot {}", slot.slot)))
}

/// Devices for which libvirt wants PCI Express where the machine has it.
fn express(placed: &Placed) -> bool {
    let value = |name| placed.device.value(name);
    let model = || placed.device.child("model").and_then(|model| model.value("type"));
    match placed.kind {
        Kind::Rng | Kind::Memballoon | Kind::Vsock | Kind::Filesystem => value("model").is_none_or(|model| model == "virtio"),
        Kind::Disk => value("model").is_none(),
        Kind::Interface => value("type") == Some("hostdev") || matches!(model(), Some("virtio" | "e1000e")),
        Kind::Hostdev => value("type") == Some("pci"),
        Kind::Video => model() == Some("virtio"),
        Kind::Input => value("bus") == Some("virtio"),
        Kind::Controller => match (value("type"), value("model")) {
            (Some("virtio-serial"), model) => model.is_none_or(|model| model == "virtio"),
            (_, model) => matches!(model, Some("virtio-scsi" | "qemu-xhci" | "nec-xhci")),
        },
        _ => false,
    }
}

/// Behind the last controller libvirt adds what a device needs, but not what a controller needs.
fn beyond(placed: &Placed, plug: u16, index: u32) -> Option<(&'static str, String)> {
    let alone = placed.device.value("model") == Some("pci-bridge");
    if plug & (DEVICE | UPSTREAM) != 0 && !alone {
        return None;
    }
    let name = placed.device.value("model")?;
    Some(("bus", format!("there is no PCI controller with the index {index}, and libvirt adds none for a `{name}`")))
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["address-pci-unfit"];

    #[test]
    fn a_port_has_one_slot() {
        let fixture = r#"
<controller type='pci' index='1' model='pcie-root-port'/>
<rng model='virtio'>
  <address type='pci' bus='1' slot='3'/>
                                    ^ error[address-pci-unfit]: the `pcie-root-port` at index 1 has one slot, number 0, and 3 is none of them
                                    | fix: Let libvirt choose the address (changes guest)
</rng>
<memballoon model='virtio'>
  <address type='pci' bus='1' slot='0'/>
</memballoon>
<sound model='ich9'>
  <address type='pci' bus='9' slot='3'/>
</sound>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "address-pci-unfit", fixture);
        assert_eq!(mended, "- <address type='pci' bus='1' slot='3'/>");
    }

    #[test]
    fn what_libvirt_adds_has_its_slots() {
        let fixture = r#"
<memballoon model='virtio'>
  <address type='pci' bus='5' slot='3'/>
                                    ^ error[address-pci-unfit]: libvirt adds a `pcie-root-port` for this device, which has no slot 3
                                    | fix: Let libvirt choose the address (changes guest)
</memballoon>
<rng model='virtio'>
  <address type='pci' bus='6' slot='0'/>
</rng>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let fixture = r#"
<memballoon model='virtio'>
  <address type='pci' bus='5' slot='0'/>
                                    ^ error[address-pci-unfit]: libvirt adds a `pci-bridge` for this device, which has no slot 0
                                    | fix: Let libvirt choose the address (changes guest)
</memballoon>
<rng model='virtio'>
  <address type='pci' bus='6' slot='3'/>
</rng>
"#;
        check_in("qemu-pc", "devices", CODES, fixture);
    }

    #[test]
    fn controllers_fit_where_they_belong() {
        let fixture = r#"
<controller type='pci' index='1' model='dmi-to-pci-bridge'/>
<controller type='pci' index='2' model='dmi-to-pci-bridge'>
  <address type='pci' bus='1' slot='4'/>
                           ^ error[address-pci-unfit]: `dmi-to-pci-bridge` does not fit into the `dmi-to-pci-bridge` at index 1
                           | fix: Let libvirt choose the address (changes guest)
</controller>
<controller type='pci' index='3' model='pcie-root-port'>
  <address type='pci' bus='7' slot='0'/>
                           ^ error[address-pci-unfit]: there is no PCI controller with the index 7, and libvirt adds none for a `pcie-root-port`
                           | fix: Let libvirt choose the address (changes guest)
</controller>
<controller type='pci' index='4' model='pcie-switch-upstream-port'/>
<rng model='virtio'>
  <address type='pci' bus='4' slot='1'/>
                           ^ error[address-pci-unfit]: a device does not fit into the `pcie-switch-upstream-port` at index 4
                           | fix: Let libvirt choose the address (changes guest)
</rng>
<memballoon model='virtio'>
  <address type='pci' domain='0x0001' slot='1'/>
                              ^^^^^^ error[address-pci-unfit]: a guest has the PCI domain 0 alone, not 1
                              | fix: Let libvirt choose the address (changes guest)
</memballoon>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
    }
}

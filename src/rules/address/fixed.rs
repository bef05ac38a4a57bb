//! Places that the chips of a machine take: libvirt 9.0.0, `qemuDomainValidateDevicePCISlotsChipsets`.

use super::taken::{Space, Taken};
use super::{Slot, fix_by_removal};
use crate::edit;
use crate::finding::Effect;
use crate::rules::{Controller, Facts, Family, Findings, Kind, Root};
use crate::xml::Node;

const IDE: Slot = Slot::root(1, 1);
const USB: Slot = Slot::root(1, 2);
const SATA: Slot = Slot::root(0x1f, 2);
/// The bridge to ISA and the power management of the i440FX.
const PIIX3: &[Slot] = &[Slot::root(1, 0), Slot::root(1, 3)];
/// The bridge to ISA and the SMBus of the Q35.
const ICH9: &[Slot] = &[Slot::root(0x1f, 0), Slot::root(0x1f, 3)];

/// The first controllers of a PC are part of its chipset.
pub fn check(facts: &Facts, _: Node, findings: &mut Findings) {
    let Some(board) = facts.board else { return };
    for controller in &facts.whole.controllers {
        // without IDE on the machine its controller is at fault, not the address
        if board.root == Some(Root::Pcie) && controller.kind == "usb" {
            foreign(controller, findings);
        }
        let Some(own) = place(board.family, controller) else { continue };
        let Some(address) = controller.node.child("address") else { continue };
        if at(controller).is_some_and(|slot| slot != own) {
            let kind = written(controller.kind);
            let message = format!("the first {kind} controller is part of the machine's chipset, at `{own}` and nowhere else");
            fix_by_removal(findings.at(address.name_span(), message), address);
        }
    }
}

/// The places in the chipset of a `pc`, on a machine that has another.
fn foreign(controller: &Controller, findings: &mut Findings) {
    let piix3 = place(Family::I440fx, controller).filter(|own| at(controller) == Some(*own));
    let Some((own, address)) = piix3.zip(controller.node.child("address")) else { return };
    let (own, kind) = (own.to_string(), written(controller.kind));
    let message =
        ["`", &own, "` is where the ", kind, " controller of a machine `pc` stands, and this machine has no such chipset"].concat();
    let finding = findings.at(address.name_span(), message);
    finding.fix("Remove this controller", Effect::ChangesGuest, vec![edit::remove(controller.node)]);
}

/// A type of controller of the chipset, as one writes about it.
fn written(kind: &str) -> &'static str {
    match kind {
        "ide" => "IDE",
        "usb" => "USB",
        _ => "SATA",
    }
}

fn at(controller: &Controller) -> Option<Slot> {
    controller.node.child("address").and_then(Slot::of)
}

/// Where a controller must be.
fn place(family: Family, controller: &Controller) -> Option<Slot> {
    if controller.index != Some(0) {
        return None;
    }
    match (family, controller.kind) {
        (Family::I440fx, "ide") => Some(IDE),
        (Family::I440fx, "usb") if matches!(controller.model, None | Some("piix3-uhci")) => Some(USB),
        (Family::Q35, "sata") => Some(SATA),
        _ => None,
    }
}

/// What the machine takes, the controllers of its chipset included where they have no address of their own.
pub(super) fn taken(facts: &Facts, list: &mut Vec<Taken>) {
    let Some(board) = facts.board else { return };
    let chips = match board.family {
        Family::I440fx => PIIX3,
        Family::Q35 => ICH9,
        _ => return,
    };
    let first = |kind: &'static str| facts.whole.controllers(kind).find(|one| one.index == Some(0));
    let own = |kind: &'static str, implied: bool| match first(kind) {
        Some(controller) => place(board.family, controller).is_some() && at(controller).is_none(),
        None => implied,
    };
    let ide = || facts.whole.all(Kind::Disk).any(|disk| crate::rules::disk::bus_of(disk) == "ide");
    let controllers: [(Slot, bool); 2] = if board.family == Family::Q35 {
        [(SATA, own("sata", true)), (SATA, false)]
    } else {
        [(IDE, own("ide", ide())), (USB, own("usb", true))]
    };
    let present = controllers.iter().filter(|(_, present)| *present).map(|(slot, _)| slot);
    list.extend(chips.iter().chain(present).map(|slot| Taken { key: (Space::Pci, slot.key()), span: None, placed: None }));
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["address-pci-fixed", "address-duplicate"];

    #[test]
    fn another_machine_has_another_chipset() {
        let fixture = r#"
<controller type='usb' index='0' model='piix3-uhci'>
  <address type='pci' domain='0x0000' bus='0x00' slot='0x01' function='0x2'/>
   ^^^^^^^ error[address-pci-fixed]: `0000:00:01.2` is where the USB controller of a machine `pc` stands, and this machine has no such chipset
   | fix: Remove this controller (changes guest)
</controller>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "address-pci-fixed", fixture);
        assert!(mended.starts_with("- <controller type='usb'"), "{mended}");
        check_in(
            "qemu-pc",
            "devices",
            CODES,
            &fixture.lines().filter(|line| !line.contains("^^^") && !line.contains("| fix")).collect::<Vec<_>>().join("\n"),
        );
    }

    #[test]
    fn the_first_controllers_are_part_of_the_chipset() {
        let fixture = r#"
<controller type='ide' index='0'>
  <address type='pci' slot='7'/>
   ^^^^^^^ error[address-pci-fixed]: the first IDE controller is part of the machine's chipset, at `0000:00:01.1` and nowhere else
   | fix: Let libvirt choose the address (changes guest)
</controller>
<controller type='usb' index='0' model='ich9-ehci1'>
  <address type='pci' slot='8'/>
</controller>
"#;
        check_in("qemu-pc", "devices", CODES, fixture);
        let mended = mended_in("qemu-pc", "devices", "address-pci-fixed", fixture);
        assert_eq!(mended, "- <address type='pci' slot='7'/>");
        let fixture = r#"
<controller type='sata' index='0'>
  <address type='pci' domain='0x0000' bus='0x00' slot='0x1f' function='0x2'/>
</controller>
<controller type='sata' index='1'>
  <address type='pci' domain='0x0000' bus='0x00' slot='0x07' function='0x2'/>
</controller>
<controller type='ide' index='0'>
  <address type='pci' slot='8'/>
</controller>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
    }
}

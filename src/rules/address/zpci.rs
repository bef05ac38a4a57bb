//! `<zpci>`: the numbers by which a guest on s390x knows a PCI device.

use super::number;
use crate::edit;
use crate::finding::Effect;
use crate::rules::{Facts, Findings};
use crate::xml::Node;

/// A uid must be above zero where one is written or a fid is; elsewhere than on s390x there are none.
pub fn check(facts: &Facts, _: Node, findings: &mut Findings) {
    let Some(arch) = facts.arch().filter(|_| facts.qemu()) else { return };
    for placed in facts.whole.placed.iter().filter(|placed| placed.form == "pci") {
        let Some(zpci) = placed.address.child("zpci") else { continue };
        let remove = || vec![edit::remove(zpci)];
        if arch != "s390x" {
            let message = format!("zPCI is of `s390x`, and QEMU for `{arch}` has none");
            findings.at(zpci.name_span(), message).fix("Remove `<zpci>`", Effect::Safe, remove());
            continue;
        }
        let Some(uid) = zpci.attr("uid") else { continue };
        if number(zpci, "uid") == Some(0) {
            let finding = findings.at(uid.value_span(), "a zPCI uid of zero is none: it must be from `0x0001` to `0xffff`");
            finding.fix("Let libvirt choose the uid", Effect::ChangesGuest, vec![edit::remove_attribute(zpci, &uid)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["address-zpci-invalid"];

    #[test]
    fn a_uid_is_above_zero() {
        let fixture = r#"
<rng model='virtio'>
  <address type='pci'><zpci uid='0x0000' fid='0x00000000'/></address>
                                 ^^^^^^ error[address-zpci-invalid]: a zPCI uid of zero is none: it must be from `0x0001` to `0xffff`
                                 | fix: Let libvirt choose the uid (changes guest)
</rng>
"#;
        check_in("s390x", "devices", CODES, fixture);
        let mended = mended_in("s390x", "devices", "address-zpci-invalid", fixture);
        assert!(mended.ends_with("+ <address type='pci'><zpci fid='0x00000000'/></address>"), "{mended}");
        check_in("s390x", "devices", CODES, "<rng model='virtio'><address type='pci'><zpci uid='0x0001'/></address></rng>");
    }

    #[test]
    fn elsewhere_there_is_none() {
        let fixture = r#"
<rng model='virtio'>
  <address type='pci'><zpci uid='0x0001'/></address>
                       ^^^^ error[address-zpci-invalid]: zPCI is of `s390x`, and QEMU for `x86_64` has none
                       | fix: Remove `<zpci>`
</rng>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
    }
}

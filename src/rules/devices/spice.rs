//! Devices that speak through SPICE, which need SPICE graphics.

use super::function;
use crate::edit;
use crate::finding::Effect;
use crate::rules::{Facts, Findings, Rule, page};
use crate::xml::{Attr, Node};

const DOCS: &str = "https://libvirt.org/formatdomain.html#graphical-framebuffers";

/// The rules.
pub const RULES: &[Rule] =
    &[function("spice-graphics-missing", page!("spice-graphics-missing.md"), &[], &["domain/devices"], missing, DOCS)];

/// Where a device says that it speaks through SPICE.
pub fn speaks(device: Node) -> Option<Attr> {
    let (kind, words): (_, &[&str]) = match device.name() {
        "audio" => (device.attr("type"), &["spice"]),
        "channel" | "redirdev" | "smartcard" => (device.attr("type"), &["spicevmc", "spiceport"]),
        "serial" | "parallel" | "console" => (device.attr("type"), &["spiceport"]),
        "rng" => (device.child("backend").and_then(|backend| backend.attr("type")), &["spicevmc", "spiceport"]),
        _ => return None,
    };
    kind.filter(|kind| words.contains(&kind.value()))
}

/// One pass over the devices, however many of them speak.
fn missing(facts: &Facts, devices: Node, findings: &mut Findings) {
    if !facts.qemu() || devices.children("graphics").any(|graphics| graphics.value("type") == Some("spice")) {
        return;
    }
    for device in devices.elements().filter(|device| device.namespace().is_none()) {
        if let Some(kind) = speaks(device) {
            findings.at(kind.value_span(), format!("`{}` needs `<graphics type='spice'>`, which this domain lacks", kind.value())).fix(
                format!("Remove this {}", device.name()),
                Effect::ChangesGuest,
                vec![edit::remove(device)],
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["spice-graphics-missing"];

    #[test]
    fn what_speaks_through_spice_needs_it() {
        let fixture = r#"
<graphics type='vnc'/>
<redirdev bus='usb' type='spicevmc'/>
                          ^^^^^^^^ error[spice-graphics-missing]: `spicevmc` needs `<graphics type='spice'>`, which this domain lacks
                          | fix: Remove this redirdev (changes guest)
<audio id='1' type='spice'/>
                    ^^^^^ error[spice-graphics-missing]: `spice` needs `<graphics type='spice'>`, which this domain lacks
                    | fix: Remove this audio (changes guest)
<rng model='virtio'>
  <backend model='egd' type='spiceport'/>
                             ^^^^^^^^^ error[spice-graphics-missing]: `spiceport` needs `<graphics type='spice'>`, which this domain lacks
                             | fix: Remove this rng (changes guest)
</rng>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "spice-graphics-missing", fixture);
        assert_eq!(mended, "- <redirdev bus='usb' type='spicevmc'/>");
    }

    #[test]
    fn with_spice_it_is_fine() {
        let fixture = r#"
<redirdev bus='usb' type='spicevmc'/>
<graphics type='spice'/>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
    }
}

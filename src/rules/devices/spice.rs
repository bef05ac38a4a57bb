//! Devices that speak through SPICE, which need SPICE graphics.

use super::function;
use crate::edit;
use crate::finding::{Effect, TextEdit};
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

/// What makes a device silent: a backend of sound stays, since cards name it, and plays nothing; all others go.
pub fn silence(device: Node) -> TextEdit {
    match device.attr("type").filter(|_| device.name() == "audio") {
        Some(kind) => edit::replace(kind.value_span(), "none"),
        None => edit::remove(device),
    }
}

/// One fault, however many devices speak: it is told at the first of them.
fn missing(facts: &Facts, devices: Node, findings: &mut Findings) {
    let spice = |graphics: Node| graphics.value("type") == Some("spice");
    if !facts.qemu() || devices.children("graphics").any(spice) {
        return;
    }
    let own = devices.elements().filter(|device| device.namespace().is_none());
    let mut speaking = own.filter_map(|device| Some((device, speaks(device)?)));
    let Some((first, kind)) = speaking.next() else { return };
    let message = format!("`{}` needs `<graphics type='spice'>`, which this domain lacks", kind.value());
    let finding = findings.at(kind.value_span(), message);
    let mut edits = vec![silence(first)];
    for (other, kind) in speaking {
        finding.related(kind.value_span(), "so does this");
        edits.push(silence(other));
    }
    finding.fix("Do without SPICE", Effect::ChangesGuest, edits);
    let mut lists = facts.binary().filter_map(|source| source.said.list("devices/graphics", "type"));
    if lists.next().is_some_and(|list| list.has("spice")) {
        let graphics = edit::append_child(devices, "<graphics type='spice' autoport='yes'/>");
        finding.fix("Add SPICE graphics", Effect::ChangesGuest, vec![graphics]);
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
                          | fix: Do without SPICE (changes guest)
                          | fix: Add SPICE graphics (changes guest)
<audio id='1' type='spice'/>
<rng model='virtio'>
  <backend model='egd' type='spiceport'/>
</rng>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "spice-graphics-missing", fixture);
        assert_eq!(
            mended,
            "- <redirdev bus='usb' type='spicevmc'/>\n- <audio id='1' type='spice'/>\n- <rng model='virtio'>\n- <backend model='egd' type='spiceport'/>\n- </rng>\n+ <audio id='1' type='none'/>"
        );
    }

    #[test]
    fn with_spice_it_is_fine() {
        let fixture = r#"
<redirdev bus='usb' type='spicevmc'/>
<graphics type='spice'/>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
    }

    #[test]
    fn where_the_host_has_none_it_is_not_offered() {
        let fixture = r#"
<audio id='1' type='spice'/>
                    ^^^^^ error[spice-graphics-missing]: `spice` needs `<graphics type='spice'>`, which this domain lacks
                    | fix: Do without SPICE (changes guest)
"#;
        check_in("qemu-q35+without-spice", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35+without-spice", "devices", "spice-graphics-missing", fixture);
        assert_eq!(mended, "- <audio id='1' type='spice'/>\n+ <audio id='1' type='none'/>");
    }
}

//! `<graphics>` and `<video>`.

use crate::edit;
use crate::finding::TextEdit;
use crate::rules::{Facts, Listed, Place, Rule, When, Word, page};
use crate::xml::Node;

const GRAPHICS_DOCS: &str = "https://libvirt.org/formatdomain.html#graphical-framebuffers";
const VIDEO_DOCS: &str = "https://libvirt.org/formatdomain.html#video-devices";

/// The rules.
pub const RULES: &[Rule] = &[
    GRAPHICS.rule("graphics-type-unlisted", page!("graphics-type-unlisted.md"), &["domain/devices/graphics"], GRAPHICS_DOCS),
    VIDEO.rule("video-model-unlisted", page!("video-model-unlisted.md"), &["domain/devices/video"], VIDEO_DOCS),
];

const GRAPHICS: Listed = Listed {
    section: "devices/graphics",
    list: "type",
    what: "graphics type",
    words: &[
        Word("sdl", When::Define),
        Word("vnc", When::Define),
        Word("rdp", When::Define),
        Word("desktop", When::Define),
        Word("spice", When::Define),
        Word("egl-headless", When::Define),
        Word("dbus", When::Define),
    ],
    binary_alone: true,
    better: &["vnc"],
    along: without_spice,
    ..Listed::ROW
};

/// What SPICE alone knows goes with it, and so do the devices that speak through it, which libvirt would refuse next.
fn without_spice(graphics: Node) -> Vec<TextEdit> {
    let attrs = ["tlsPort", "defaultMode"].iter().filter_map(|name| graphics.attr(name));
    let mut edits: Vec<_> = attrs.map(|attr| edit::remove_attribute(graphics, &attr)).collect();
    edits.extend(graphics.elements().filter(|child| child.name() != "listen").map(edit::remove));
    let Some(devices) = graphics.parent().filter(|_| graphics.value("type") == Some("spice")) else { return edits };
    let other = |node: Node| node.value("type") == Some("spice") && node != graphics;
    if !devices.children("graphics").any(other) {
        edits.extend(devices.elements().filter(|device| super::spice::speaks(*device).is_some()).map(super::spice::silence));
        // QEMU is built with both of them or with none
        let qxl = devices.children("video").filter_map(|video| Some((video, video.child("model")?.attr("type")?)));
        for (video, model) in qxl.filter(|(_, model)| model.value() == "qxl") {
            edits.push(edit::replace(model.value_span(), "virtio"));
            edits.extend(qxl_memory(video));
        }
    }
    edits
}

const VIDEO: Listed = Listed {
    place: Place::Child("model", "type"),
    section: "devices/video",
    list: "modelType",
    what: "video model",
    words: &[
        Word("vga", When::Define),
        Word("cirrus", When::Define),
        Word("vmvga", When::Define),
        Word("xen", When::Define),
        Word("vbox", When::Define),
        Word("virtio", When::Define),
        Word("qxl", When::Define),
        Word("parallels", When::Define),
        Word("gop", When::Define),
        Word("bochs", When::Define),
        Word("ramfb", When::Define),
    ],
    default: default_video,
    binary_alone: true,
    better: &["virtio", "vga"],
    along: qxl_memory,
    ..Listed::ROW
};

/// On PCs it depends on QEMU and the version of libvirt.
fn default_video(facts: &Facts, _: Node) -> Option<&'static str> {
    let riscv = facts.machine_is("virt") && facts.arch().is_some_and(|arch| arch.starts_with("riscv"));
    if facts.arm_virt() || riscv || facts.arch() == Some("s390x") {
        return Some("virtio");
    }
    facts.machine_is("pseries").then_some("vga")
}

/// Sizes that only `qxl` has.
fn qxl_memory(video: Node) -> Vec<TextEdit> {
    let Some(model) = video.child("model") else { return Vec::new() };
    let sizes = ["ram", "vram", "vram64", "vgamem"].iter().filter_map(|name| model.attr(name));
    sizes.map(|attr| edit::remove_attribute(model, &attr)).collect()
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["graphics-type-unlisted", "video-model-unlisted"];

    #[test]
    fn spice_goes_with_all_that_speaks_through_it() {
        let fixture = r#"
<channel type='spicevmc'>
  <target type='virtio' name='com.redhat.spice.0'/>
</channel>
<graphics type='spice' autoport='yes' tlsPort='5901'>
                ^^^^^ error[graphics-type-unlisted]: this host offers no graphics type `spice`
                | domcaps.xml: offered: `sdl`, `vnc`, `egl-headless`, `dbus`
                | fix: Use vnc (changes guest)
  <listen type='none'/>
  <image compression='off'/>
</graphics>
<redirdev bus='usb' type='spicevmc'/>
<redirdev bus='usb' type='pty'/>
<sound model='ich9'>
  <audio id='1'/>
</sound>
<audio id='1' type='spice'/>
<video>
  <model type='qxl' ram='65536' vram='65536' vgamem='16384' heads='1'/>
</video>
"#;
        check_in("qemu-q35+without-spice", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35+without-spice", "devices", "graphics-type-unlisted", fixture);
        assert_eq!(
            mended,
            "- <channel type='spicevmc'>\n- <target type='virtio' name='com.redhat.spice.0'/>\n- </channel>\n- <graphics type='spice' autoport='yes' tlsPort='5901'>\n- <image compression='off'/>\n- <redirdev bus='usb' type='spicevmc'/>\n- <audio id='1' type='spice'/>\n- <model type='qxl' ram='65536' vram='65536' vgamem='16384' heads='1'/>\n+ <graphics type='vnc' autoport='yes'>\n+ <audio id='1' type='none'/>\n+ <model type='virtio' heads='1'/>"
        );
    }

    #[test]
    fn a_display_of_other_hypervisors_is_refused() {
        let fixture = r#"
<graphics type='rdp'/>
                ^^^ error[graphics-type-unlisted]: this host offers no graphics type `rdp`
                | domcaps.xml: offered: `sdl`, `vnc`, `spice`, `egl-headless`, `dbus`
                | fix: Use vnc (changes guest)
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "graphics-type-unlisted", fixture);
        assert_eq!(mended, "- <graphics type='rdp'/>\n+ <graphics type='vnc'/>");
    }

    #[test]
    fn a_display_that_is_listed_is_fine() {
        let fixture = "<graphics type='spice'/>";
        check_in("qemu-q35", "devices", CODES, fixture);
    }

    #[test]
    fn a_card_that_qemu_lacks_is_refused() {
        let fixture = r#"
<video>
  <model type='qxl' ram='65536' vram='65536' vgamem='16384' heads='1'/>
               ^^^ error[video-model-unlisted]: this host offers no video model `qxl`
               | domcaps.xml: offered: `vga`, `cirrus`, `virtio`, `none`, `bochs`, `ramfb`
               | fix: Use virtio (changes guest)
</video>
"#;
        check_in("aarch64", "devices", CODES, fixture);
        let mended = mended_in("aarch64", "devices", "video-model-unlisted", fixture);
        assert_eq!(mended, "- <model type='qxl' ram='65536' vram='65536' vgamem='16384' heads='1'/>\n+ <model type='virtio' heads='1'/>");
    }

    #[test]
    fn the_default_card_must_be_there_too() {
        let fixture = r#"
<video/>
 ^^^^^ error[video-model-unlisted]: no video model is written, which means `virtio`, and this host does not offer that
 | domcaps.xml: offered: `vga`, `cirrus`, `none`, `bochs`, `ramfb`
 | fix: Use vga (changes guest)
"#;
        check_in("aarch64+video-without-virtio", "devices", CODES, fixture);
        let mended = mended_in("aarch64+video-without-virtio", "devices", "video-model-unlisted", fixture);
        assert_eq!(mended, "- <video/>\n+ <video>\n+ <model type='vga'/>\n+ </video>");
    }

    #[test]
    fn none_is_always_there() {
        let fixture = r#"
<video>
  <model type='none'/>
</video>
"#;
        check_in("s390x", "devices", CODES, fixture);
    }
}

//! `<video>`: cards side by side, and what each can do.

use super::{function, rows};
use crate::caps::Version;
use crate::edit;
use crate::finding::Effect;
use crate::rules::{Facts, Findings, Kind, Mend, Refused, Rule, page, unsigned};
use crate::xml::{Attr, Node};

const DOCS: &str = "https://libvirt.org/formatdomain.html#video-devices";
const MODEL: &[&str] = &["domain/devices/video/model"];
const RESOLVED: &[&str] = &["domain/devices/video/model", "domain/devices/video/model/resolution"];

/// The rules.
pub const RULES: &[Rule] = &[
    function("video-primary-repeated", page!("video-primary-repeated.md"), &[], &["domain[devices/video[2]]"], primaries, DOCS),
    function("video-none-not-alone", page!("video-none-not-alone.md"), &[], &["domain[devices/video[2]]"], none, DOCS),
    function("video-secondary-unfit", page!("video-secondary-unfit.md"), &[], MODEL, secondary, DOCS),
    rows("video-heads-unfit", page!("video-heads-unfit.md"), HEADS, MODEL, DOCS),
    rows("video-blob-without-memfd", page!("video-blob-without-memfd.md"), BLOB, MODEL, DOCS),
    rows("video-memory-bad", page!("video-memory-bad.md"), MEMORY, MODEL, DOCS),
    rows("video-resolution-unfit", page!("video-resolution-unfit.md"), RESOLUTION, RESOLVED, DOCS),
    rows(
        "video-acceleration-unfit",
        page!("video-acceleration-unfit.md"),
        ACCELERATION,
        &["domain/devices/video/model/acceleration"],
        DOCS,
    ),
    rows("video-vhostuser-unfit", page!("video-vhostuser-unfit.md"), VHOSTUSER, &["domain/devices/video/driver"], DOCS),
];

/// Where a card says that it is the primary one.
fn primary(video: Node) -> Option<Attr> {
    video.child("model")?.attr("primary").filter(|primary| primary.value() == "yes")
}

/// The model as written.
fn model(video: Node<'_>) -> Option<&str> {
    video.child("model")?.value("type")
}

fn primaries(facts: &Facts, _: Node, findings: &mut Findings) {
    let mut all = facts.whole.all(Kind::Video).filter_map(|video| Some((video, primary(video)?)));
    let Some((_, first)) = all.next().filter(|_| facts.qemu()) else { return };
    for (video, other) in all {
        let edits = video.child("model").map(|model| edit::remove_attribute(model, &other)).into_iter().collect();
        findings
            .at(other.value_span(), "another video device is the primary one already")
            .related(first.value_span(), "the first primary one")
            .fix("Make this one a further card", Effect::ChangesGuest, edits);
    }
}

fn none(facts: &Facts, _: Node, findings: &mut Findings) {
    let mut videos = facts.whole.all(Kind::Video);
    if !facts.qemu() {
        return;
    }
    if let Some(video) = videos.find(|video| model(*video) == Some("none")) {
        let span = video.child("model").and_then(|model| model.attr("type")).map_or(video.name_span(), |kind| kind.value_span());
        findings.at(span, "a video device of model `none` stands beside others, and says that there is none").fix(
            "Remove the `none`",
            Effect::Safe,
            vec![edit::remove(video)],
        );
    }
}

/// libvirt takes as primary the card that says so, else the first.
fn secondary(facts: &Facts, node: Node, findings: &mut Findings) {
    let (Some(kind), Some(video)) = (node.attr("type"), node.parent()) else { return };
    if matches!(kind.value(), "qxl" | "virtio" | "none") || primary(video).is_some() || !facts.qemu() {
        return;
    }
    let mut all = facts.whole.all(Kind::Video);
    if all.len() > 1 && all.clone().find(|video| primary(*video).is_some()).or_else(|| all.next()) != Some(video) {
        findings.at(kind.value_span(), format!("`{}` can only be the primary video device, and this is a further one", kind.value())).fix(
            "Use virtio",
            Effect::ChangesGuest,
            vec![edit::replace(kind.value_span(), "virtio")],
        );
    }
}

const HEADS: &[Refused] = &[Refused {
    attr: "heads",
    when: |_, model, heads| {
        let one = model.value("type").is_none_or(|kind| matches!(kind, "qxl" | "virtio" | "none"));
        !one && unsigned(heads).is_some_and(|heads| heads != 1)
    },
    why: "only `qxl` and `virtio` have several heads; another card has 1, not {}",
    mend: Mend::Set("1"),
}];

const MEMORY: &[Refused] = &[
    Refused { attr: "vram", when: huge, why: "{} KiB are more than a card of `qxl` can have, which is 2 GiB", mend: Mend::Set("65536") },
    Refused { attr: "ram", when: huge, why: "{} KiB are more than a card of `qxl` can have, which is 2 GiB", mend: Mend::Set("65536") },
    Refused {
        attr: "vram",
        when: |_, model, size| matches!(model.value("type"), Some("vga" | "vmvga")) && small(size),
        why: "{} KiB of video memory are less than the 1024 KiB that this card needs",
        mend: Mend::Set("16384"),
    },
    Refused {
        attr: "vgamem",
        when: |_, model, size| model.value("type") == Some("qxl") && small(size),
        why: "{} KiB of video memory are less than the 1024 KiB that this card needs",
        mend: Mend::Set("16384"),
    },
    Refused {
        attr: "vgamem",
        when: |_, model, size| model.value("type") == Some("qxl") && unsigned(size).is_some_and(|size| size > 0 && !size.is_power_of_two()),
        why: "the VGA memory of `qxl` is a power of two in KiB, {} is none",
        mend: Mend::Set("16384"),
    },
];

const BLOB: &[Refused] = &[
    // even where it is off: tried on 11.3.0 and 12.8.0
    Refused {
        attr: "blob",
        when: |facts, model, _| reads_blob(facts) && model.value("type").is_some_and(|kind| !matches!(kind, "virtio" | "none")),
        why: "only a card of `virtio` shares blobs",
        mend: Mend::Remove,
    },
    Refused {
        attr: "blob",
        when: |facts, model, on| {
            let source = facts.whole.memory_backing.and_then(|backing| backing.child("source")).and_then(|source| source.value("type"));
            on == "on" && reads_blob(facts) && model.value("type") == Some("virtio") && source != Some("memfd")
        },
        why: "blobs are pages of the guest's memory, shared with the host: `<source type='memfd'/>` in `<memoryBacking>` is missing",
        mend: Mend::Set("off"),
    },
];

/// Before, says the documentation, there is no such attribute: it is dropped.
fn reads_blob(facts: &Facts) -> bool {
    !facts.before(Version(9, 2, 0))
}

/// Rounded up to a power of two, it has more than QEMU's 32 bits in bytes.
fn huge(_: &Facts, model: Node, size: &str) -> bool {
    model.value("type") == Some("qxl") && unsigned(size).is_some_and(|size| (2_097_153..=1 << 31).contains(&size))
}

fn small(size: &str) -> bool {
    unsigned(size).is_some_and(|size| (1..1024).contains(&size))
}

const RESOLUTION: &[Refused] = &[
    Refused { attr: "x", when: zero, why: "a width of {} pixels is no resolution", mend: Mend::No },
    Refused { attr: "y", when: zero, why: "a height of {} pixels is no resolution", mend: Mend::No },
    // since 11.7.0, by the documentation; tried on 12.8.0
    Refused {
        attr: "edid",
        when: |facts, node, _| {
            let known = facts.since(Version(11, 7, 0));
            known && matches!(node.value("type"), Some("cirrus" | "vmvga" | "ramfb" | "qxl"))
        },
        why: "this card has no EDID to tell of itself; `vga`, `virtio` and `bochs` have",
        mend: Mend::Remove,
    },
    Refused {
        attr: "",
        when: |_, node, _| {
            node.name() == "resolution" && matches!(node.parent().and_then(|model| model.value("type")), Some("cirrus" | "vmvga" | "ramfb"))
        },
        why: "this card has no resolution that one could choose; `vga`, `qxl`, `virtio` and `bochs` have",
        mend: Mend::Remove,
    },
];

fn zero(_: &Facts, _: Node, size: &str) -> bool {
    unsigned(size) == Some(0)
}

const ACCELERATION: &[Refused] = &[
    Refused {
        attr: "",
        when: |_, node, _| ["accel2d", "accel3d", "rendernode"].iter().all(|attr| node.attr(attr).is_none()),
        why: "nothing says what is accelerated",
        mend: Mend::Remove,
    },
    Refused { attr: "accel2d", when: |_, node, on| on == "yes" && drawn(node), why: "QEMU has no 2D acceleration", mend: Mend::Set("no") },
    // 12.8.0 takes it for each card and gives none; nothing dates that
    Refused {
        attr: "accel3d",
        when: |facts, node, on| {
            let old = facts.before(Version(11, 3, 1));
            on == "yes" && old && drawn(node) && !vhostuser(node) && card(node).is_some_and(|kind| kind != "virtio")
        },
        why: "3D acceleration is a matter of `virtio`, this is another card",
        mend: Mend::Set("no"),
    },
    Refused {
        attr: "rendernode",
        when: |_, node, _| drawn(node) && !vhostuser(node),
        why: "a rendering device is named only for `<driver name='vhostuser'/>`; else `<gl>` of the graphics has it",
        mend: Mend::No,
    },
];

/// The model of the card that is accelerated.
fn card(acceleration: Node<'_>) -> Option<&str> {
    acceleration.parent()?.value("type")
}

/// Nothing more is asked of a card that is none.
fn drawn(acceleration: Node) -> bool {
    card(acceleration) != Some("none")
}

/// Whether a process of its own draws.
fn vhostuser(acceleration: Node) -> bool {
    let video = acceleration.parent().and_then(Node::parent);
    video.and_then(|video| video.child("driver")).and_then(|driver| driver.value("name")) == Some("vhostuser")
}

const VHOSTUSER: &[Refused] = &[Refused {
    attr: "name",
    when: |_, driver, name| name == "vhostuser" && driver.parent().and_then(model).is_some_and(|kind| kind != "virtio"),
    why: "`{}` drives a `virtio` card alone",
    mend: Mend::Remove,
}];

#[cfg(test)]
mod tests;

//! `<os>`: firmware, its features, its loader, where it keeps variables.

use super::{Check, Facts, Findings, Listed, Need, Place, Rule, Supported, When, Word, offer, page, speak};
use crate::caps::Version;
use crate::edit;
use crate::finding::{Effect, Phase, Severity};
use crate::xml::{Attr, Node};

const DOCS: &str = "https://libvirt.org/formatdomain.html#bios-bootloader";

/// libvirt chooses the firmware at define since then, before at start.
const CHOSEN_AT_DEFINE: Version = Version(9, 2, 0);

/// The rules.
pub const RULES: &[Rule] = &[
    FIRMWARE.rule("firmware-unavailable", page!("os/firmware-unavailable.md"), &["domain/os"], DOCS),
    VARSTORE.rule("varstore-unsupported", page!("os/varstore-unsupported.md"), &["domain/os/varstore"], DOCS),
    function("firmware-feature-unlisted", page!("os/firmware-feature-unlisted.md"), &["domain/os/firmware/feature"], feature),
    function("loader-secure-unlisted", page!("os/loader-secure-unlisted.md"), &["domain/os/loader"], secure),
    function("loader-unlisted", page!("os/loader-unlisted.md"), &["domain/os/loader"], loader),
];

const fn function(code: &'static str, page: &'static str, on: &'static [&'static str], check: fn(&Facts, Node, &mut Findings)) -> Rule {
    let needs = &[Need::DomainCapabilities];
    Rule { code, severity: Severity::Error, phase: Phase::Define, needs, on, check: Check::Function(check), page, docs: DOCS }
}

const FIRMWARE: Listed = Listed {
    place: Place::Attribute("firmware"),
    section: "os",
    list: "firmware",
    what: "firmware",
    words: &[Word("efi", When::DefineSince(CHOSEN_AT_DEFINE)), Word("bios", When::DefineSince(CHOSEN_AT_DEFINE))],
    // with a path beside it, nothing may be left to choose
    only: |_, os| os.child("loader").and_then(Node::text).is_none(),
    ..Listed::ROW
};

const VARSTORE: Supported = Supported {
    section: "os/varstore",
    what: "firmware that keeps its variables in a `<varstore>`",
    // beside a loader, libvirt takes the author's word for it
    only: |_, varstore| varstore.parent().is_some_and(|os| os.attr("firmware").is_some()),
    binary_alone: false,
};

/// `os/@firmware`, where the host offers it.
fn offered_firmware<'a>(facts: &Facts, inside: Node<'a>) -> Option<Attr<'a>> {
    let firmware = inside.parent()?.attr("firmware")?;
    let listed = facts.sources.domain_caps?.said.list("os", "firmware")?.has(firmware.value());
    listed.then_some(firmware)
}

/// A host without the firmware has none of its features either: that is told of the firmware.
fn feature(facts: &Facts, node: Node, findings: &mut Findings) {
    let (Some(name), Some(enabled), Some(source)) = (node.attr("name"), node.attr("enabled"), facts.sources.domain_caps) else { return };
    let list = match name.value() {
        "secure-boot" => "secureBoot",
        "enrolled-keys" => "enrolledKeys",
        _ => return,
    };
    if !facts.qemu() || !matches!(enabled.value(), "yes" | "no") || node.parent().and_then(|node| offered_firmware(facts, node)).is_none() {
        return;
    }
    let message = format!("this host offers no firmware with `{}` at `{}`", name.value(), enabled.value());
    match source.said.list("os/firmwareFeatures", list) {
        Some(list) if list.has(enabled.value()) => {}
        Some(list) => {
            let finding = findings.at(enabled.value_span(), message).evidence(source.id, list.span, offer(list));
            speak(finding, When::DefineSince(CHOSEN_AT_DEFINE), facts);
        }
        // before libvirt 12.1.0, the only Secure Boot of a PC is the one of a secure loader
        None => {
            let Some(secure) = source.said.list("os/loader", "secure").filter(|secure| !secure.has("yes")) else { return };
            if enabled.value() == "yes" && facts.x86() {
                let finding = findings.at(enabled.value_span(), message).evidence(source.id, secure.span, offer(secure)).likely();
                finding.phase(Phase::Start);
            }
        }
    }
}

fn secure(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(secure) = node.attr("secure").filter(|secure| secure.value() == "yes" && facts.qemu()) else { return };
    let Some(source) = facts.sources.domain_caps else { return };
    let Some(list) = source.said.list("os/loader", "secure").filter(|list| !list.has("yes")) else { return };
    let able = facts.machine_is("q35") && facts.arch() == Some("x86_64");
    if able && offered_firmware(facts, node).is_none() {
        return;
    }
    let message = if able {
        "this host offers no firmware with a secure loader".to_owned()
    } else {
        format!("a secure loader needs the `q35` machine of `x86_64`, this is `{}`", facts.machine().unwrap_or("another"))
    };
    let finding = findings.at(secure.value_span(), message).evidence(source.id, list.span, offer(list));
    speak(finding, if able { When::DefineSince(CHOSEN_AT_DEFINE) } else { When::Define }, facts);
    finding.fix("Do not ask for a secure loader", Effect::ChangesGuest, vec![edit::remove_attribute(node, &secure)]);
}

/// No list refuses a loader; but one that stands beside known ones and is not among them has probably gone, and a flash
/// image that libvirt does not know has no template for its variables.
fn loader(facts: &Facts, node: Node, findings: &mut Findings) {
    let (Some(path), Some(source)) = (node.text(), facts.sources.domain_caps) else { return };
    let Some(section) = source.said.section("os/loader").filter(|section| facts.qemu() && !section.values.is_empty()) else { return };
    if section.values.iter().any(|known| known.value == path.value) {
        return;
    }
    let folder = path.value.rsplit_once('/').map_or("", |(folder, _)| folder);
    let neighbour = section.values.iter().find(|known| known.value.rsplit_once('/').is_some_and(|(known, _)| known == folder));
    let nvram = node.parent().and_then(|os| os.child("nvram"));
    let template = nvram.is_some_and(|nvram| nvram.attr("template").is_some());
    let flash = node.value("type") == Some("pflash") && node.value("stateless") != Some("yes") && !template;
    let message = match (neighbour, flash) {
        (Some(known), _) => format!("this host knows `{}` and other loaders in that folder, but not this one", known.value),
        (None, true) => "this host does not know the loader, and no `<nvram template='…'>` says where its variables come from".to_owned(),
        (None, false) => return,
    };
    let known = section.values.first().map_or(section.span, |first| first.span);
    findings.at(path.span, message).evidence(source.id, known, "the loaders that the host knows").phase(Phase::Start).likely();
}

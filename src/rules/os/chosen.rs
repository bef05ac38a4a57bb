//! Firmware that libvirt is to choose, and firmware that the author names: what goes with which.

use super::{DOCS, uefi};
use crate::caps::Version;
use crate::edit;
use crate::finding::Effect;
use crate::rules::{Facts, Findings, Rule, page};
use crate::xml::Node;

const ON: &[&str] = &["domain/os"];

/// The rules.
pub const RULES: &[Rule] = &[
    Rule::define("firmware-choice-mixed", &["domain/os[@firmware]"], mixed, page!("firmware-choice-mixed.md"), DOCS),
    Rule::define("firmware-features-manual", &["domain/os[firmware]"], manual, page!("firmware-features-manual.md"), DOCS),
    Rule::define("firmware-keys-without-secure-boot", &["domain/os[firmware]"], keys, page!("firmware-keys-without-secure-boot.md"), DOCS),
    Rule::define("loader-path-missing", ON, path, page!("loader-path-missing.md"), DOCS),
    Rule::define("nvram-unfit", ON, nvram, page!("nvram-unfit.md"), DOCS),
    Rule::define("nvram-source-unfit", &["domain/os/nvram"], source, page!("nvram-source-unfit.md"), DOCS),
];

/// Seen on 9.0.0 and, in another form, on 11.3.0; below 9.0.0 these were looked at otherwise.
fn judged(facts: &Facts) -> bool {
    facts.qemu() && !facts.before(Version(9, 0, 0))
}

/// Since 9.2.0 libvirt looks for firmware that fits what is written, before it refuses that anything is.
fn mixed(facts: &Facts, os: Node, findings: &mut Findings) {
    let Some(firmware) = os.attr("firmware") else { return };
    if !judged(facts) || !facts.before(Version(9, 2, 0)) {
        return;
    }
    let loader = os.child("loader");
    let of_loader = |name| loader.and_then(|loader| Some((loader, loader.attr(name)?)));
    let told = of_loader("readonly")
        .or_else(|| of_loader("type"))
        .or_else(|| os.child("nvram").and_then(|nvram| Some((nvram, nvram.attr("template")?))))
        .or_else(|| of_loader("secure").filter(|(_, secure)| secure.value() == "no"));
    let path = loader.and_then(|loader| Some((loader, loader.text()?)));
    let message = |what: &str| format!("libvirt chooses the firmware by `firmware='{}'`, so that {what} may not be said", firmware.value());
    if let Some((loader, text)) = path {
        // a path says which one is meant
        let finding = findings.at(text.span, message("its path"));
        finding.related(firmware.span(), "what asks libvirt to choose");
        finding.fix("Name the firmware alone", Effect::Safe, vec![edit::remove_attribute(os, &firmware)]);
        finding.fix("Let libvirt choose", Effect::ChangesGuest, vec![edit::remove(loader)]);
    } else if let Some((node, attr)) = told {
        let finding = findings.at(attr.name_span(), message(&format!("`{}`", attr.name())));
        finding.related(firmware.span(), "what asks libvirt to choose");
        finding.fix(format!("Remove `{}`", attr.name()), Effect::Safe, vec![edit::remove_attribute(node, &attr)]);
    }
}

fn manual(facts: &Facts, os: Node, findings: &mut Findings) {
    let Some(features) = os.child("firmware").filter(|features| features.child("feature").is_some()) else { return };
    if os.attr("firmware").is_some() || !judged(facts) {
        return;
    }
    let message = "features are for firmware that libvirt chooses, and `<os>` has no `firmware` that lets it";
    let finding = findings.at(features.name_span(), message);
    finding.fix("Remove `<firmware>`", Effect::Safe, vec![edit::remove(features)]);
    if os.child("loader").is_none() && os.child("nvram").is_none() {
        finding.fix("Let libvirt choose an efi firmware", Effect::ChangesGuest, uefi::chosen(facts, os));
    }
}

fn keys(facts: &Facts, os: Node, findings: &mut Findings) {
    let Some(features) = os.child("firmware").filter(|_| os.attr("firmware").is_some() && judged(facts)) else { return };
    let enabled = |name: &str| {
        let feature = features.children("feature").find(|feature| feature.value("name") == Some(name))?;
        feature.attr("enabled")
    };
    let (Some(keys), Some(secure)) = (enabled("enrolled-keys"), enabled("secure-boot")) else { return };
    if keys.value() == "yes" && secure.value() == "no" {
        let finding = findings.at(keys.value_span(), "keys cannot be enrolled where Secure Boot is ruled out");
        finding.related(secure.span(), "ruled out here");
        finding.fix("Ask for Secure Boot", Effect::ChangesGuest, vec![edit::replace(secure.value_span(), "yes")]);
        finding.fix("Ask for no enrolled keys", Effect::ChangesGuest, vec![edit::replace(keys.value_span(), "no")]);
    }
}

/// `<loader>` or `<nvram>` alone name no firmware.
fn path(facts: &Facts, os: Node, findings: &mut Findings) {
    if os.attr("firmware").is_some() || !facts.qemu() || facts.subject.os_type.and_then(Node::text).is_none_or(|text| text.value != "hvm") {
        return;
    }
    let (loader, nvram) = (os.child("loader"), os.child("nvram"));
    let Some(first) = loader.or(nvram) else { return };
    if loader.is_some_and(|loader| loader.text().is_some()) {
        return;
    }
    let message = format!("`<{}>` stands without a firmware: no loader has a path, and `<os>` no `firmware`", first.name());
    let finding = findings.at(first.name_span(), message);
    let writable = loader.is_none_or(|loader| loader.value("type") != Some("rom"));
    if writable && facts.arch().is_some_and(|arch| matches!(arch, "x86_64" | "aarch64")) {
        finding.fix("Let libvirt choose an efi firmware", Effect::ChangesGuest, uefi::chosen(facts, os));
    }
    if loader.is_none() || nvram.is_none() {
        finding.fix(format!("Remove `<{}>`", first.name()), Effect::ChangesGuest, vec![edit::remove(first)]);
    }
}

/// A store of variables beside firmware that has none.
fn nvram(facts: &Facts, os: Node, findings: &mut Findings) {
    if !judged(facts) {
        return;
    }
    let (loader, firmware) = (os.child("loader"), os.value("firmware"));
    let stateless = loader.and_then(|loader| loader.attr("stateless"));
    if let Some(nvram) = os.child("nvram")
        && beside(facts, nvram, loader, findings)
    {
        return;
    }
    let Some((loader, stateless)) = loader.zip(stateless).filter(|(_, stateless)| stateless.value() == "no") else { return };
    // refused by 9.0.0 and 11.3.0, accepted by 12.8.0
    let old = facts.before(Version(11, 3, 1));
    let message = match firmware {
        Some("bios") => "firmware of the kind `bios` keeps no variables".to_owned(),
        None if old && loader.text().is_some() && loader.value("type") != Some("pflash") => {
            format!("a loader of the type `{}` keeps no variables: only `pflash` does", loader.value("type").unwrap_or("rom"))
        }
        _ => return,
    };
    let edit = edit::remove_attribute(loader, &stateless);
    findings.at(stateless.value_span(), message).fix("Remove `stateless`", Effect::Safe, vec![edit]);
}

/// Whether `<nvram>` itself is at fault. 9.0.0 passes an empty one over, 11.3.0 and 12.8.0 do not.
fn beside(facts: &Facts, nvram: Node, loader: Option<Node>, findings: &mut Findings) -> bool {
    let store = nvram.text().is_some() || nvram.attr("type").is_some() || facts.since(Version(11, 3, 0));
    let firmware = facts.whole.os.and_then(|os| os.value("firmware"));
    let says = |name, value: &str| loader.and_then(|loader| loader.attr(name)).filter(|attr| attr.value() == value);
    let (message, cause) = if firmware == Some("bios") && store {
        ("firmware of the kind `bios` has no place for variables", None)
    } else if let Some(stateless) = says("stateless", "yes").filter(|_| store || nvram.attr("template").is_some()) {
        ("a stateless loader has no place for variables", Some((stateless, "stateless by this")))
    } else if let Some(writable) =
        // accepted by 9.0.0 and 11.3.0, refused by 12.8.0
        says("readonly", "no").filter(|_| firmware.is_none() && facts.since(Version(12, 8, 0)))
    {
        ("a loader that can be written keeps its variables itself", Some((writable, "written by this")))
    } else {
        return false;
    };
    let finding = findings.at(nvram.name_span(), message);
    if let Some((cause, what)) = cause {
        finding.related(cause.span(), what);
    }
    finding.fix("Remove `<nvram>`", Effect::Safe, vec![edit::remove(nvram)]);
    true
}

fn source(facts: &Facts, nvram: Node, findings: &mut Findings) {
    let Some(kind) = nvram.attr("type").filter(|_| facts.qemu()) else { return };
    if matches!(kind.value(), "dir" | "volume" | "nvme" | "vhostuser" | "vhostvdpa") {
        findings.at(kind.value_span(), format!("variables cannot be kept in a source of the type `{}`", kind.value()));
    } else if nvram.child("source").is_none() {
        findings.at(nvram.name_span(), "nothing says in `<source>` where the variables are kept");
    }
}

#[cfg(test)]
mod tests;

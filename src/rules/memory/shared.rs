//! Devices that another process of the host serves, which must see the guest's memory.

use super::DOCS;
use crate::caps::Version;
use crate::edit;
use crate::finding::{Effect, Finding, Phase, TextEdit};
use crate::rules::{Facts, Findings, Rule, page};
use crate::text::Span;
use crate::xml::Node;

const ON: &[&str] = &["domain/devices/filesystem", "domain/devices/disk", "domain/devices/interface"];

/// The rules.
pub const RULES: &[Rule] = &[
    Rule::define("shared-memory-missing", ON, missing, page!("shared-memory-missing.md"), DOCS),
    Rule::define("vhostuser-memory-private", &["domain/devices/interface"], private, page!("vhostuser-memory-private.md"), DOCS)
        .warn(Phase::Advice),
];

/// What libvirt asks shared memory for, and where that is said.
fn asks(facts: &Facts, node: Node) -> Option<(&'static str, Span)> {
    let kind = node.attr("type");
    let vhostuser = kind.filter(|kind| kind.value() == "vhostuser");
    match node.name() {
        "filesystem" => {
            let driver = node.child("driver")?.attr("type").filter(|driver| driver.value() == "virtiofs")?;
            // one that runs already is served by a socket, and needs it all the same
            Some(("virtiofs", driver.value_span()))
        }
        "disk" => Some(("a vhost-user disk", vhostuser?.value_span())),
        _ => {
            let passt = node.child("backend").is_some_and(|backend| backend.value("type") == Some("passt"));
            // of the others libvirt asks it since 11.2.0 (the news of it)
            let all = facts.since(Version(11, 2, 0));
            let what = if passt { "passt over vhost-user" } else { "a vhost-user interface" };
            Some((what, vhostuser.filter(|_| passt || all)?.value_span()))
        }
    }
}

/// True where all the memory is shared with other processes.
fn shared(facts: &Facts) -> bool {
    let mode = facts.whole.memory_backing.and_then(|backing| backing.child("access")).and_then(|access| access.value("mode"));
    let all = mode == Some("shared");
    match facts.whole.cells.as_slice() {
        [] => all,
        cells => cells.iter().all(|cell| cell.value("memAccess").map_or(all, |access| access == "shared")),
    }
}

fn missing(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some((what, span)) = asks(facts, node).filter(|_| facts.qemu()) else { return };
    if !shared(facts) {
        let finding = findings.at(span, format!("{what} needs memory that is shared with the process that serves it"));
        share(finding, facts);
    }
}

/// libvirt took it before, but the other end then sees no memory.
fn private(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(kind) = node.attr("type").filter(|kind| kind.value() == "vhostuser" && facts.qemu()) else { return };
    if asks(facts, node).is_none() && !shared(facts) {
        let finding = findings.at(kind.value_span(), "the switch at the other end needs memory that is shared with it").likely();
        share(finding, facts);
    }
}

fn share(finding: &mut Finding, facts: &Facts) {
    let mut edits: Vec<TextEdit> = facts
        .whole
        .cells
        .iter()
        .filter_map(|cell| cell.attr("memAccess"))
        .filter(|access| access.value() != "shared")
        .map(|access| edit::replace(access.value_span(), "shared"))
        .collect();
    match facts.whole.memory_backing {
        Some(backing) => edits.extend(shared_backing(backing)),
        None => {
            let after = facts.subject.root.child("memory").or(facts.whole.vcpu).or(facts.whole.os);
            let Some(after) = after else { return };
            let indent = edit::indent_of(after);
            let lines = format!(
                "\n{indent}<memoryBacking>\n{indent}  <source type='memfd'/>\n{indent}  <access mode='shared'/>\n{indent}</memoryBacking>"
            );
            edits.push(edit::replace_raw(Span::empty(after.span().end), lines));
        }
    }
    finding.fix("Share the memory", Effect::Safe, edits);
}

/// Huge pages are files already; memory of another kind comes from memfd.
fn shared_backing(backing: Node) -> Vec<TextEdit> {
    if let Some(access) = backing.child("access") {
        return vec![edit::set_attribute(access, "mode", "shared")];
    }
    let source = backing.child("source").is_some() || backing.child("hugepages").is_some();
    let indent =
        backing.elements().last().map_or_else(|| format!("{}  ", edit::indent_of(backing)), |last| edit::indent_of(last).to_owned());
    let lines = match source {
        true => "<access mode='shared'/>".to_owned(),
        false => format!("<source type='memfd'/>\n{indent}<access mode='shared'/>"),
    };
    vec![edit::append_child(backing, &lines)]
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["shared-memory-missing", "vhostuser-memory-private"];
    const VIRTIOFS: &str = r#"<devices>
  <filesystem type='mount'>
    <driver type='virtiofs'/>
                  ^^^^^^^^ error[shared-memory-missing]: virtiofs needs memory that is shared with the process that serves it
                  | fix: Share the memory
    <source dir='/srv'/>
    <target dir='srv'/>
  </filesystem>
</devices>
"#;

    #[test]
    fn virtiofs_needs_shared_memory() {
        let fixture = format!("<memory>524288</memory>\n{VIRTIOFS}");
        check_in("none", "", CODES, &fixture);
        let mended = mended_in("none", "", "shared-memory-missing", &fixture);
        assert_eq!(mended, "+ <memoryBacking>\n+ <source type='memfd'/>\n+ <access mode='shared'/>\n+ </memoryBacking>");
    }

    #[test]
    fn what_is_there_is_kept() {
        let fixture = format!("<memory>524288</memory>\n<memoryBacking>\n  <hugepages/>\n</memoryBacking>\n{VIRTIOFS}");
        check_in("none", "", CODES, &fixture);
        assert_eq!(mended_in("none", "", "shared-memory-missing", &fixture), "+ <access mode='shared'/>");
        let fixture = format!("<memory>524288</memory>\n<memoryBacking>\n  <access mode='private'/>\n</memoryBacking>\n{VIRTIOFS}");
        mended_in("none", "", "shared-memory-missing", &fixture);
    }

    #[test]
    fn every_cell_must_be_shared() {
        let cells = |access: &str| {
            format!(
                "<memory>524288</memory>\n<memoryBacking>\n  <access mode='shared'/>\n</memoryBacking>\n<cpu>\n  <numa>\n    <cell memory='524288'{access}/>\n  </numa>\n</cpu>\n"
            )
        };
        let fixture = format!("{}{VIRTIOFS}", cells(" memAccess='private'"));
        check_in("none", "", CODES, &fixture);
        mended_in("none", "", "shared-memory-missing", &fixture);
        let devices: Vec<_> = VIRTIOFS.lines().filter(|line| !line.contains('^') && !line.contains("| fix")).collect();
        for access in ["", " memAccess='shared'"] {
            check_in("none", "", CODES, &format!("{}{}", cells(access), devices.join("\n")));
        }
    }

    #[test]
    fn a_vhost_user_disk_needs_it_too() {
        let fixture = r#"
<disk type='vhostuser' device='disk'>
            ^^^^^^^^^ error[shared-memory-missing]: a vhost-user disk needs memory that is shared with the process that serves it
            | fix: Share the memory
  <source type='unix' path='/run/blk.sock'/>
  <target dev='vda' bus='virtio'/>
</disk>
<interface type='vhostuser'>
                 ^^^^^^^^^ warning[vhostuser-memory-private]: the switch at the other end needs memory that is shared with it
                 | fix: Share the memory
  <source type='unix' path='/run/net.sock' mode='client'/>
</interface>
"#;
        assert_eq!(check_in("none", "devices", CODES, fixture), ["define", "advice"]);
        let interface = "warning[vhostuser-memory-private]: the switch at the other end needs memory that is shared with it";
        let missing = "error[shared-memory-missing]: a vhost-user interface needs memory that is shared with the process that serves it";
        assert_eq!(check_in("kvm-q35", "devices", CODES, &fixture.replace(interface, missing)), ["define"; 2]);
        mended_in("none", "devices", "shared-memory-missing", fixture);
    }
}

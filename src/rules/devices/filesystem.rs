//! `<filesystem>`: a folder of the host in the guest.

use super::function;
use crate::caps::Version;
use crate::edit;
use crate::finding::{Effect, Phase};
use crate::rules::{Facts, Findings, Listed, Rule, When, Word, page};
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#filesystems";
const ON: &[&str] = &["domain/devices/filesystem/driver"];

/// The rules.
pub const RULES: &[Rule] = &[
    DRIVER.rule("filesystem-driver-unlisted", page!("filesystem-driver-unlisted.md"), ON, DOCS),
    function("filesystem-handle-removed", page!("filesystem-handle-removed.md"), &[], ON, handle, DOCS),
];

const DRIVER: Listed = Listed {
    section: "devices/filesystem",
    list: "driverType",
    what: "filesystem driver",
    words: &[
        Word("loop", When::Define),
        Word("nbd", When::Define),
        Word("ploop", When::Define),
        Word("virtiofs", When::Define),
        // listed by 9.0.0, refused at define by 12.8.0
        Word("handle", When::DefineSince(Version(12, 8, 0))),
    ],
    better: &["path"],
    ..Listed::ROW
};

/// QEMU took it out in 4.0; libvirt lists it for longer.
fn handle(facts: &Facts, driver: Node, findings: &mut Findings) {
    let Some(kind) = driver.attr("type").filter(|kind| kind.value() == "handle" && facts.qemu()) else { return };
    let list = facts.sources.domain_caps.and_then(|source| source.said.list("devices/filesystem", "driverType"));
    if list.is_some_and(|list| list.has("handle")) && facts.sources.versions.qemu.at_least(Version(4, 0, 0)) == Some(true) {
        let finding = findings.at(kind.value_span(), "QEMU has no filesystem driver `handle` since 4.0, although libvirt lists it");
        finding.phase(Phase::Start).likely().fix("Use path", Effect::Safe, vec![edit::replace(kind.value_span(), "path")]);
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["filesystem-driver-unlisted", "filesystem-handle-removed"];

    #[test]
    fn handle_is_listed_for_longer_than_qemu_has_it() {
        let fixture = r#"
<filesystem type='mount'>
  <driver type='handle'/>
                ^^^^^^ warning[filesystem-handle-removed]: QEMU has no filesystem driver `handle` since 4.0, although libvirt lists it
                | fix: Use path
</filesystem>
"#;
        assert_eq!(check_in("9.0.0:qemu-q35", "devices", CODES, fixture), ["start"]);
        let mended = mended_in("9.0.0:qemu-q35", "devices", "filesystem-handle-removed", fixture);
        assert_eq!(mended, "- <driver type='handle'/>\n+ <driver type='path'/>");
    }

    #[test]
    fn drivers_of_containers_are_refused() {
        let fixture = r#"
<filesystem type='mount'>
  <driver type='ploop'/>
                ^^^^^ error[filesystem-driver-unlisted]: this host offers no filesystem driver `ploop`
                | domcaps.xml: offered: `path`, `virtiofs`
                | fix: Use path (changes guest)
</filesystem>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "filesystem-driver-unlisted", fixture);
        assert_eq!(mended, "- <driver type='ploop'/>\n+ <driver type='path'/>");
    }

    #[test]
    fn handle_is_refused_where_it_is_not_listed() {
        let fixture = r#"
<filesystem type='mount'>
  <driver type='handle'/>
                ^^^^^^ error[filesystem-driver-unlisted]: this host offers no filesystem driver `handle`
                | domcaps.xml: offered: `path`, `virtiofs`
                | fix: Use path (changes guest)
</filesystem>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
    }

    #[test]
    fn mtp_works_unlisted() {
        let fixture = r#"
<filesystem type='mount'>
  <driver type='mtp'/>
</filesystem>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
    }
}

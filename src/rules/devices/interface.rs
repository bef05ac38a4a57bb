//! `<interface>`: how it reaches the network.

use super::function;
use crate::edit;
use crate::finding::Effect;
use crate::rules::{Facts, Findings, Listed, Place, Rule, When, Word, page};
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#network-interfaces";

/// The rules.
pub const RULES: &[Rule] = &[
    BACKEND.rule("interface-backend-unlisted", page!("interface-backend-unlisted.md"), &["domain/devices/interface"], DOCS),
    function("interface-backend-unfit", page!("interface-backend-unfit.md"), &[], &["domain/devices/interface/backend"], passt, DOCS),
];

const BACKEND: Listed = Listed {
    place: Place::Child("backend", "type"),
    section: "devices/interface",
    list: "backendType",
    what: "network backend",
    words: &[Word("default", When::Define), Word("passt", When::Define)],
    only: |_, node| {
        let backend = node.child("backend").and_then(|backend| backend.value("type"));
        matches!((node.value("type"), backend), (Some("user"), _) | (Some("vhostuser"), Some("passt")))
    },
    binary_alone: true,
    better: &["passt", "default"],
    ..Listed::ROW
};

/// Every other interface has a way to the network of its own.
fn passt(facts: &Facts, backend: Node, findings: &mut Findings) {
    let Some(kind) = backend.attr("type").filter(|kind| kind.value() == "passt" && facts.qemu()) else { return };
    if let Some(other) = backend.parent().and_then(|node| node.attr("type")).filter(|other| !matches!(other.value(), "user" | "vhostuser"))
    {
        let message = format!("`passt` serves interfaces of type `user` and `vhostuser`, this is `{}`", other.value());
        let edits = vec![edit::remove_attribute(backend, &kind)];
        findings.at(kind.value_span(), message).fix("Do without passt", Effect::Safe, edits);
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["interface-backend-unlisted", "interface-backend-unfit"];

    #[test]
    fn passt_must_be_installed() {
        let fixture = r#"
<interface type='user'>
  <backend type='passt'/>
                 ^^^^^ error[interface-backend-unlisted]: this host offers no network backend `passt`
                 | domcaps.xml: offered: `default`
                 | fix: Use default (changes guest)
</interface>
"#;
        check_in("qemu-q35+without-passt", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35+without-passt", "devices", "interface-backend-unlisted", fixture);
        assert_eq!(mended, "- <backend type='passt'/>\n+ <backend type='default'/>");
    }

    #[test]
    fn passt_serves_only_some_interfaces() {
        let fixture = r#"
<interface type='bridge'>
  <backend type='passt'/>
                 ^^^^^ error[interface-backend-unfit]: `passt` serves interfaces of type `user` and `vhostuser`, this is `bridge`
                 | fix: Do without passt
</interface>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "interface-backend-unfit", fixture);
        assert_eq!(mended, "- <backend type='passt'/>\n+ <backend/>");
    }

    #[test]
    fn other_interfaces_have_other_backends() {
        let fixture = r#"
<interface type='user'/>
<interface type='vhostuser'>
  <backend type='passt'/>
</interface>
"#;
        check_in("qemu-q35+without-default", "devices", CODES, fixture);
    }
}

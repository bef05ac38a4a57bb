//! `<channel>`, `<console>`, `<serial>`, `<parallel>`: lines out of the guest.

use super::function;
use crate::rules::{Facts, Findings, Listed, Rule, When, Word, page};
use crate::xml::Node;

const CHANNEL_DOCS: &str = "https://libvirt.org/formatdomain.html#channel";
const CONSOLE_DOCS: &str = "https://libvirt.org/formatdomain.html#console";

/// The rules.
pub const RULES: &[Rule] = &[
    CHANNEL.rule("channel-type-unlisted", page!("channel-type-unlisted.md"), &["domain/devices/channel"], CHANNEL_DOCS),
    CONSOLE.rule("console-type-unlisted", page!("console-type-unlisted.md"), &["domain/devices/console"], CONSOLE_DOCS),
    function("spicevmc-without-channel", page!("spicevmc-without-channel.md"), &[], LINES, line, CHANNEL_DOCS),
];

const CHANNEL: Listed = Listed {
    section: "devices/channel",
    list: "type",
    what: "channel type",
    // of the types that are never listed, all others work
    words: &[Word("nmdm", When::Start)],
    better: &["unix"],
    along: source,
    ..Listed::ROW
};

const CONSOLE: Listed = Listed {
    section: "devices/console",
    list: "type",
    what: "console type",
    words: &[Word("nmdm", When::Start)],
    better: &["pty"],
    along: source,
    ..Listed::ROW
};

/// The two ends of a null modem mean nothing to another type.
fn source(node: Node) -> Vec<crate::finding::TextEdit> {
    node.child("source").map(crate::edit::remove).into_iter().collect()
}

const LINES: &[&str] = &["domain/devices/console", "domain/devices/serial", "domain/devices/parallel", "domain/devices/channel"];

/// libvirt takes the agent's data through a virtio channel alone.
fn line(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(kind) = node.attr("type").filter(|kind| kind.value() == "spicevmc" && facts.qemu()) else { return };
    if node.name() != "channel" {
        findings.at(kind.value_span(), format!("`spicevmc` serves a `<channel>`, not a `<{}>`", node.name()));
    } else if let Some(target) = node.child("target").and_then(|target| target.attr("type")).filter(|target| target.value() != "virtio") {
        findings.at(target.value_span(), format!("`spicevmc` serves a `virtio` channel, not `{}`", target.value()));
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["channel-type-unlisted", "console-type-unlisted", "spicevmc-without-channel"];

    #[test]
    fn the_agent_needs_a_channel() {
        let fixture = r#"
<graphics type='spice'/>
<serial type='spicevmc'/>
              ^^^^^^^^ error[spicevmc-without-channel]: `spicevmc` serves a `<channel>`, not a `<serial>`
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
    }

    #[test]
    fn null_modems_fail_at_start() {
        let fixture = r#"
<channel type='nmdm'>
               ^^^^ error[channel-type-unlisted]: this host offers no channel type `nmdm`
               | domcaps.xml: offered: `pty`, `unix`, `spicevmc`
               | fix: Use unix (changes guest)
  <source master='/dev/nmdm0A' slave='/dev/nmdm0B'/>
</channel>
<console type='nmdm'/>
               ^^^^ error[console-type-unlisted]: this host offers no console type `nmdm`
               | domcaps.xml: offered: `null`, `vc`, `pty`, `dev`, `file`, `pipe`, `stdio`, `udp`, `tcp`, `unix`, `spicevmc`, `spiceport`, `qemu-vdagent`, `dbus`
               | fix: Use pty (changes guest)
"#;
        assert_eq!(check_in("qemu-q35", "devices", CODES, fixture), ["start", "start"]);
        let mended = mended_in("qemu-q35", "devices", "channel-type-unlisted", fixture);
        assert_eq!(mended, "- <channel type='nmdm'>\n- <source master='/dev/nmdm0A' slave='/dev/nmdm0B'/>\n+ <channel type='unix'>");
    }

    #[test]
    fn other_types_are_not_refused_by_lists() {
        let fixture = r#"
<channel type='tcp'/>
<console type='udp'/>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
    }
}

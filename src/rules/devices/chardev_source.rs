//! The host's side of character devices: where it is, and how it is reached.

use super::{function, rows};
use crate::caps::Version;
use crate::edit;
use crate::finding::{Effect, Phase};
use crate::rules::{Facts, Findings, Mend, Refused, Rule, page};
use crate::text::Span;
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#host-interface";

/// Elements with a host's side.
const ON: &[&str] = &[
    "domain/devices/serial",
    "domain/devices/parallel",
    "domain/devices/console",
    "domain/devices/channel",
    "domain/devices/redirdev",
    "domain/devices/smartcard",
    "domain/devices/rng/backend",
];

/// The rules.
pub const RULES: &[Rule] = &[
    function("chardev-source-missing", page!("chardev-source-missing.md"), &[], ON, missing, DOCS),
    function("chardev-source-repeated", page!("chardev-source-repeated.md"), &[], ON, repeated, DOCS),
    function("chardev-channel-name-bad", page!("chardev-channel-name-bad.md"), &[], ON, name, DOCS),
    rows("chardev-protocol-unfit", page!("chardev-protocol-unfit.md"), PROTOCOL, PROTOCOLS, DOCS),
    rows("chardev-path-home", page!("chardev-path-home.md"), HOME, SOURCES, DOCS).warn(Phase::Start),
    function("chardev-reconnect-unfit", page!("chardev-reconnect-unfit.md"), &[], RECONNECT, reconnect, DOCS),
];

const SOURCES: &[&str] =
    &["domain/devices/serial/source", "domain/devices/parallel/source", "domain/devices/console/source", "domain/devices/channel/source"];

/// The schema takes any text here. A daemon of 9.0.0 opens no file, pipe, device or socket of that name.
const HOME: &[Refused] = &[Refused {
    attr: "path",
    when: |_, source, path| {
        let named = |device: Node| matches!(device.value("type"), Some("file" | "pipe" | "dev" | "unix"));
        path.starts_with('~') && source.parent().is_some_and(named)
    },
    why: "`~` is no home directory here: `{}` is taken as it is",
    mend: Mend::No,
}];

const PROTOCOLS: &[&str] = &[
    "domain/devices/serial/protocol",
    "domain/devices/parallel/protocol",
    "domain/devices/console/protocol",
    "domain/devices/channel/protocol",
    "domain/devices/redirdev/protocol",
    "domain/devices/smartcard/protocol",
    "domain/devices/rng/backend/protocol",
];

/// QEMU encrypts by `tls` of the source; 9.0.0 passed the word over, 11.3.0 and 12.8.0 refuse it at define.
const PROTOCOL: &[Refused] = &[Refused {
    attr: "type",
    when: |facts, node, kind| {
        let newer = facts.since(Version(11, 3, 0));
        newer && matches!(kind, "tls" | "telnets") && node.parent().is_some_and(|device| device.value("type") == Some("tcp"))
    },
    why: "QEMU speaks no `{}`: it encrypts by `tls='yes'` of the `<source>`",
    mend: Mend::Set("raw"),
}];

const RECONNECT: &[&str] = &[
    "domain/devices/serial/source/reconnect",
    "domain/devices/parallel/source/reconnect",
    "domain/devices/console/source/reconnect",
    "domain/devices/channel/source/reconnect",
    "domain/devices/redirdev/source/reconnect",
    "domain/devices/smartcard/source/reconnect",
    "domain/devices/rng/backend/source/reconnect",
    "domain/devices/interface/source/reconnect",
];

/// True for a channel for which libvirt makes up the path of the socket.
fn own_path(device: Node) -> bool {
    let target = device.child("target").and_then(|target| target.value("type"));
    device.name() == "channel" && matches!(target, Some("virtio" | "xen"))
}

/// Whether libvirt makes up the path, and so waits at it: none is written, or one that libvirt made up for another start.
fn made_up(device: Node, source: Node) -> bool {
    let Some(path) = source.value("path").filter(|_| own_path(device)) else { return own_path(device) };
    let name = device.child("target").and_then(|target| target.value("name"));
    let mut parts = path.rsplit('/');
    parts.next() == name && parts.next().is_some_and(|folder| folder.starts_with("domain-"))
}

/// What the type asks of its `<source>`: the attributes, of which the first that is missing is told.
fn asked(device: Node, kind: &str) -> &'static [&'static str] {
    match kind {
        "file" | "dev" | "pipe" => &["path"],
        "unix" if !own_path(device) => &["path"],
        "tcp" => &["host", "service"],
        "udp" => &["service"],
        "spiceport" => &["channel"],
        "dbus" if device.name() != "redirdev" => &["channel"],
        _ => &[],
    }
}

/// False for a smartcard of the host's own, whose `type` libvirt does not read.
fn has_source(device: Node) -> bool {
    device.name() != "smartcard" || device.value("mode") == Some("passthrough")
}

fn missing(facts: &Facts, device: Node, findings: &mut Findings) {
    let Some(kind) = device.attr("type").filter(|_| facts.qemu() && has_source(device)) else { return };
    // packets are only taken where some can be sent
    let out = |source: &Node| kind.value() != "udp" || source.value("mode") != Some("bind");
    let source = device.children("source").find(out);
    let place = |source: Option<Node>| source.map_or(kind.value_span(), Node::name_span);
    if kind.value() == "nmdm" {
        if let Some(source) = source.filter(|source| source.attr("master").is_some() != source.attr("slave").is_some()) {
            findings.at(source.name_span(), "a null modem has two ends, `master` and `slave`, and one is missing");
        }
        return;
    }
    let lacks = |name: &&&str| source.is_none_or(|source| source.attr(name).is_none());
    if let Some(name) = asked(device, kind.value()).iter().find(lacks) {
        let whose = if kind.value() == "udp" { " with mode `connect`" } else { "" };
        findings.at(place(source), format!("type `{}` needs a `<source>`{whose} that says `{name}`", kind.value()));
    }
}

fn repeated(facts: &Facts, device: Node, findings: &mut Findings) {
    let most = if device.value("type") == Some("udp") { 2 } else { 1 };
    if let Some(source) =
        device.children("source").nth(most).filter(|_| facts.qemu() && device.attr("type").is_some() && has_source(device))
    {
        let message = format!("a character device of this type has at most {most} `<source>`");
        findings.at(source.name_span(), message).fix("Remove this source", Effect::ChangesGuest, vec![edit::remove(source)]);
    }
}

fn name(facts: &Facts, device: Node, findings: &mut Findings) {
    if !matches!(device.value("type"), Some("spiceport" | "dbus")) || !facts.qemu() {
        return;
    }
    let Some(channel) = device.child("source").and_then(|source| source.attr("channel")) else { return };
    let odd = |letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.'));
    if channel.value().contains(odd) {
        findings.at(channel.value_span(), "the name of a channel is made of letters, digits, `_`, `-` and `.` alone");
    }
}

/// Whoever waits for a connection cannot make it again.
fn reconnect(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some((source, device)) = node.parent().and_then(|source| Some((source, source.parent()?))) else { return };
    let (kind, enabled) = (device.value("type").unwrap_or_default(), node.attr("enabled"));
    let on = enabled.is_some_and(|enabled| enabled.value() == "yes");
    if !facts.qemu() || !matches!(kind, "tcp" | "unix" | "vhostuser") {
        return;
    }
    // 9.0.0 takes `no` for something set
    let set = on || enabled.is_some() && kind != "vhostuser" && facts.before(Version(9, 0, 1));
    let waits =
        source.value("mode") == Some(if kind == "vhostuser" { "server" } else { "bind" }) || kind == "unix" && made_up(device, source);
    let mut tell = |span: Span, message: &'static str| {
        findings.at(span, message).fix("Do without reconnecting", Effect::Safe, vec![edit::remove(node)]);
    };
    if set && waits {
        tell(
            enabled.map_or(node.name_span(), |enabled| enabled.value_span()),
            "the host's side waits here for others: it cannot reconnect",
        );
    } else if let Some(timeout) = node.attr("timeout").filter(|timeout| on && kind != "vhostuser" && timeout.value().trim() == "0") {
        tell(timeout.value_span(), "a connection is made again after some seconds, at least 1");
    } else if on && node.attr("timeout").is_none() && node.attr("delay").is_none() {
        tell(node.name_span(), "`timeout` is missing: the seconds after which the connection is made again");
    }
}

#[cfg(test)]
mod tests;

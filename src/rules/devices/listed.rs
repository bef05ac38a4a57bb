//! Devices of which the domain capabilities say all there is to say.

use super::function;
use crate::caps::Version;
use crate::rules::{Facts, Findings, Listed, Place, Rule, Supported, When, Word, page};
use crate::xml::Node;

const RNG_DOCS: &str = "https://libvirt.org/formatdomain.html#random-number-generator-device";
const FILESYSTEM_DOCS: &str = "https://libvirt.org/formatdomain.html#filesystems";
const REDIRDEV_DOCS: &str = "https://libvirt.org/formatdomain.html#redirected-devices";
const CHANNEL_DOCS: &str = "https://libvirt.org/formatdomain.html#channel";
const CONSOLE_DOCS: &str = "https://libvirt.org/formatdomain.html#console";
const CRYPTO_DOCS: &str = "https://libvirt.org/formatdomain.html#crypto";
const INTERFACE_DOCS: &str = "https://libvirt.org/formatdomain.html#network-interfaces";

const CRYPTO_ON: &[&str] = &["domain/devices/crypto"];

/// The rules.
pub const RULES: &[Rule] = &[
    RNG_MODEL.rule("rng-model-unlisted", page!("rng-model-unlisted.md"), &["domain/devices/rng"], RNG_DOCS),
    RNG_BACKEND.rule("rng-backend-unlisted", page!("rng-backend-unlisted.md"), &["domain/devices/rng/backend"], RNG_DOCS),
    FILESYSTEM.rule(
        "filesystem-driver-unlisted",
        page!("filesystem-driver-unlisted.md"),
        &["domain/devices/filesystem/driver"],
        FILESYSTEM_DOCS,
    ),
    REDIRDEV.rule("redirdev-unsupported", page!("redirdev-unsupported.md"), &["domain/devices/redirdev"], REDIRDEV_DOCS),
    REDIRDEV_BUS.rule("redirdev-bus-unlisted", page!("redirdev-bus-unlisted.md"), &["domain/devices/redirdev"], REDIRDEV_DOCS),
    CHANNEL.rule("channel-type-unlisted", page!("channel-type-unlisted.md"), &["domain/devices/channel"], CHANNEL_DOCS),
    CONSOLE.rule("console-type-unlisted", page!("console-type-unlisted.md"), &["domain/devices/console"], CONSOLE_DOCS),
    CRYPTO_MODEL.rule("crypto-model-unlisted", page!("crypto-model-unlisted.md"), CRYPTO_ON, CRYPTO_DOCS),
    CRYPTO_TYPE.rule("crypto-type-unlisted", page!("crypto-type-unlisted.md"), CRYPTO_ON, CRYPTO_DOCS),
    CRYPTO_BACKEND.rule("crypto-backend-unlisted", page!("crypto-backend-unlisted.md"), CRYPTO_ON, CRYPTO_DOCS),
    function(
        "interface-backend-unfit",
        page!("interface-backend-unfit.md"),
        &[],
        &["domain/devices/interface/backend"],
        passt,
        INTERFACE_DOCS,
    ),
    INTERFACE.rule("interface-backend-unlisted", page!("interface-backend-unlisted.md"), &["domain/devices/interface"], INTERFACE_DOCS),
];

const RNG_MODEL: Listed = Listed {
    place: Place::Attribute("model"),
    section: "devices/rng",
    list: "model",
    what: "model of random number generator",
    words: &[Word("virtio", When::Define), Word("virtio-transitional", When::Define), Word("virtio-non-transitional", When::Define)],
    binary_alone: true,
    better: &["virtio"],
    ..Listed::ROW
};

const RNG_BACKEND: Listed = Listed {
    place: Place::Attribute("model"),
    section: "devices/rng",
    list: "backendModel",
    what: "source of random numbers",
    words: &[Word("random", When::Define), Word("egd", When::Define), Word("builtin", When::Define)],
    binary_alone: true,
    ..Listed::ROW
};

const FILESYSTEM: Listed = Listed {
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

const REDIRDEV: Supported =
    Supported { section: "devices/redirdev", what: "redirected USB devices", only: |_, _| true, binary_alone: true };

const REDIRDEV_BUS: Listed = Listed {
    place: Place::Attribute("bus"),
    section: "devices/redirdev",
    list: "bus",
    what: "redirection for the bus",
    words: &[Word("usb", When::Define)],
    ..Listed::ROW
};

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

const CRYPTO_MODEL: Listed = Listed {
    place: Place::Attribute("model"),
    section: "devices/crypto",
    list: "model",
    what: "model of crypto device",
    words: &[Word("virtio", When::Define)],
    binary_alone: true,
    ..Listed::ROW
};

const CRYPTO_TYPE: Listed = Listed {
    section: "devices/crypto",
    list: "type",
    what: "type of crypto device",
    words: &[Word("qemu", When::Define)],
    binary_alone: true,
    ..Listed::ROW
};

const CRYPTO_BACKEND: Listed = Listed {
    place: Place::Child("backend", "model"),
    section: "devices/crypto",
    list: "backendModel",
    what: "backend for crypto devices",
    words: &[Word("builtin", When::Define), Word("lkcf", When::Define)],
    binary_alone: true,
    better: &["builtin"],
    ..Listed::ROW
};

const INTERFACE: Listed = Listed {
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
        findings.at(kind.value_span(), format!("`passt` serves interfaces of type `user` and `vhostuser`, this is `{}`", other.value()));
    }
}

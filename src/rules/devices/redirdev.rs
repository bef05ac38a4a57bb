//! `<redirdev>`: USB devices from afar.

use crate::rules::{Listed, Place, Rule, Supported, When, Word, page};

const DOCS: &str = "https://libvirt.org/formatdomain.html#redirected-devices";
const ON: &[&str] = &["domain/devices/redirdev"];

/// The rules.
pub const RULES: &[Rule] = &[
    REDIRDEV.rule("redirdev-unsupported", page!("redirdev-unsupported.md"), ON, DOCS),
    BUS.rule("redirdev-bus-unlisted", page!("redirdev-bus-unlisted.md"), ON, DOCS),
];

const REDIRDEV: Supported =
    Supported { section: "devices/redirdev", what: "redirected USB devices", only: |_, _| true, binary_alone: true };

const BUS: Listed = Listed {
    place: Place::Attribute("bus"),
    section: "devices/redirdev",
    list: "bus",
    what: "redirection for the bus",
    words: &[Word("usb", When::Define)],
    ..Listed::ROW
};

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["redirdev-unsupported", "redirdev-bus-unlisted"];

    #[test]
    fn redirection_needs_qemu() {
        let fixture = r#"
<redirdev bus='usb' type='pty'/>
 ^^^^^^^^ error[redirdev-unsupported]: this host does not support redirected USB devices
 | domcaps.xml: `devices/redirdev` is not supported
 | fix: Remove `<redirdev>` (changes guest)
"#;
        check_in("9.0.0:s390x", "devices", CODES, fixture);
        let mended = mended_in("9.0.0:s390x", "devices", "redirdev-unsupported", fixture);
        assert_eq!(mended, "- <redirdev bus='usb' type='pty'/>");
    }

    #[test]
    fn redirection_needs_its_bus() {
        let fixture = r#"
<redirdev bus='usb' type='pty'/>
               ^^^ error[redirdev-bus-unlisted]: this host offers no redirection for the bus `usb`
               | domcaps.xml: nothing is offered
"#;
        check_in("qemu-q35+redirdev-without-usb", "devices", CODES, fixture);
    }
}

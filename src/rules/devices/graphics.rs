//! `<graphics>`: several at a time, and how each is reached.

use super::{function, rows};
use crate::caps::Version;
use crate::edit;
use crate::finding::{Effect, Phase};
use crate::rules::{Facts, Findings, Kind, Mend, Refused, Rule, page, refused, unsigned};
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#graphical-framebuffers";
const ON: &[&str] = &["domain/devices/graphics"];

/// The rules.
pub const RULES: &[Rule] = &[
    rows(
        "graphics-headless-unfit",
        page!("graphics-headless-unfit.md"),
        HEADLESS,
        &["domain/devices/graphics", "domain/devices/graphics/gl"],
        DOCS,
    ),
    function("graphics-repeated", page!("graphics-repeated.md"), &[], &["domain[devices/graphics[2]]"], repeated, DOCS),
    Rule { phase: Phase::Start, ..function("graphics-port-unfit", page!("graphics-port-unfit.md"), &[], PORTS, port, DOCS) },
    rows("graphics-password-long", page!("graphics-password-long.md"), PASSWORD, ON, DOCS),
    function("graphics-listen-mismatch", page!("graphics-listen-mismatch.md"), &[], &["domain/devices/graphics/listen"], listen, DOCS),
];

/// Whether a display without a screen is there, which draws for others.
fn headless(facts: &Facts) -> bool {
    facts.whole.all(Kind::Graphics).any(|graphics| graphics.value("type") == Some("egl-headless"))
}

const HEADLESS: &[Refused] = &[
    Refused {
        attr: "type",
        when: |facts, _, kind| !matches!(kind, "egl-headless" | "vnc" | "spice") && headless(facts),
        why: "`egl-headless` draws for `vnc` and `spice`, and cannot stand beside `{}`",
        mend: Mend::No,
    },
    Refused {
        attr: "enable",
        when: |facts, gl, on| on == "yes" && gl.parent().is_some_and(|graphics| graphics.value("type") == Some("spice")) && headless(facts),
        why: "`egl-headless` draws already, and QEMU has one OpenGL display",
        mend: Mend::Set("no"),
    },
];

/// QEMU has one display of a type: define takes more of them, start does not.
fn repeated(facts: &Facts, _: Node, findings: &mut Findings) {
    let all = || facts.whole.all(Kind::Graphics);
    if !facts.qemu() {
        return;
    }
    for name in ["vnc", "spice", "sdl", "egl-headless", "dbus"] {
        let mut of_type = all().filter(|graphics| graphics.value("type") == Some(name));
        let Some(first) = of_type.next() else { continue };
        for other in of_type {
            let span = other.attr("type").map_or(other.name_span(), |kind| kind.value_span());
            findings
                .at(span, format!("there is one display of type `{name}` already, and QEMU has no more"))
                .phase(Phase::Start)
                .related(first.name_span(), "the first one")
                .fix("Remove this display", Effect::ChangesGuest, vec![edit::remove(other)]);
        }
    }
}

const PORTS: &[&str] = &["domain/devices/graphics", "domain/devices/graphics/listen", "domain/devices/graphics/channel"];

/// Asked when QEMU's command line is made; 12.8.0 counts the places at define, 9.0.0 and 11.3.0 did not.
fn port(facts: &Facts, node: Node, findings: &mut Findings) {
    let strict = facts.since(Version(12, 8, 0));
    if let Some(finding) = refused(PORT, facts, node, findings).filter(|_| strict && node.name() == "listen") {
        finding.phase(Phase::Define);
    }
}

const PORT: &[Refused] = &[
    Refused {
        attr: "port",
        when: |_, graphics, port| {
            let auto = matches!(graphics.value("autoport"), Some("yes")) || port == "-1";
            let elsewhere = graphics.attr("socket").is_some()
                || graphics.child("listen").is_some_and(|listen| matches!(listen.value("type"), Some("socket" | "none")));
            graphics.value("type") == Some("vnc")
                && !auto
                && !elsewhere
                && unsigned(port).is_some_and(|port| !(5900..=65535).contains(&port))
        },
        why: "QEMU counts the ports of VNC from 5900, and {} is below or beyond",
        mend: Mend::Also("autoport", "yes"),
    },
    Refused {
        attr: "",
        when: |_, node, _| {
            let several =
                |graphics: Node| matches!(graphics.value("type"), Some("vnc" | "spice")) && graphics.child("listen") != Some(node);
            node.name() == "listen" && node.parent().is_some_and(several)
        },
        why: "QEMU listens at one place for a display, and this is a further one",
        mend: Mend::Remove,
    },
    Refused {
        attr: "defaultMode",
        when: |_, graphics, mode| graphics.value("type") == Some("spice") && mode == "secure" && plain(graphics),
        why: "all channels are to be encrypted, and this display has no `tlsPort`",
        mend: Mend::Set("any"),
    },
    Refused {
        attr: "mode",
        when: |_, channel, mode| channel.name() == "channel" && mode == "secure" && channel.parent().is_some_and(plain),
        why: "this channel is to be encrypted, and the display has no `tlsPort`",
        mend: Mend::Set("any"),
    },
];

/// True where libvirt gives the display no port for encrypted connections: with `autoport` it does, as far as `qemu.conf` allows.
fn plain(graphics: Node) -> bool {
    graphics.value("autoport") == Some("no") && graphics.value("tlsPort").is_none_or(|port| port.trim() == "0")
}

// the message must not tell what the password is
const PASSWORD: &[Refused] = &[Refused {
    attr: "passwd",
    when: |_, graphics, password| graphics.value("type") == Some("vnc") && password.len() > 8,
    why: "a password of VNC has at most 8 bytes, and this is longer",
    mend: Mend::No,
}];

/// What stands in `<graphics>` itself, as it was written before, must agree with the first `<listen>`.
fn listen(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(graphics) = node.parent().filter(|graphics| facts.qemu() && graphics.child("listen") == Some(node)) else { return };
    let (old, new) = match node.value("type") {
        Some("address") => ("listen", "address"),
        Some("socket") => ("socket", "socket"),
        _ => return,
    };
    let (Some(outer), Some(inner)) = (graphics.attr(old), node.attr(new)) else { return };
    if outer.value() != inner.value() && matches!(graphics.value("type"), Some("vnc" | "spice" | "rdp")) {
        findings
            .at(outer.value_span(), format!("`{old}` says `{}`, and the first `<listen>` `{}`", outer.value(), inner.value()))
            .related(inner.value_span(), "the first `<listen>`")
            .fix(format!("Remove `{old}`"), Effect::Safe, vec![edit::remove_attribute(graphics, &outer)]);
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    #[test]
    fn a_headless_display_beside_one_it_cannot_serve() {
        let fixture = r#"
<graphics type='egl-headless'/>
<graphics type='sdl'/>
                ^^^ error[graphics-headless-unfit]: `egl-headless` draws for `vnc` and `spice`, and cannot stand beside `sdl`
"#;
        check_in("kvm-q35", "devices", &["graphics-headless-unfit"], fixture);
    }

    #[test]
    fn one_display_draws() {
        let fixture = r#"
<graphics type='egl-headless'/>
<graphics type='spice'>
  <gl enable='yes'/>
              ^^^ error[graphics-headless-unfit]: `egl-headless` draws already, and QEMU has one OpenGL display
              | fix: Use no (changes guest)
</graphics>
"#;
        check_in("kvm-q35", "devices", &["graphics-headless-unfit"], fixture);
    }

    #[test]
    fn two_displays_of_one_type() {
        let fixture = r#"
<graphics type='vnc' port='5901'/>
<graphics type='vnc' port='5902'/>
                ^^^ error[graphics-repeated]: there is one display of type `vnc` already, and QEMU has no more
                | fix: Remove this display (changes guest)
"#;
        check_in("kvm-q35", "devices", &["graphics-repeated"], fixture);
        let mended = mended_in("kvm-q35", "devices", "graphics-repeated", fixture);
        assert_eq!(mended, "- <graphics type='vnc' port='5902'/>");
    }

    #[test]
    fn a_vnc_password_that_is_too_long() {
        let fixture = r#"
<graphics type='vnc' passwd='correct-horse'/>
                             ^^^^^^^^^^^^^ error[graphics-password-long]: a password of VNC has at most 8 bytes, and this is longer
"#;
        check_in("kvm-q35", "devices", &["graphics-password-long"], fixture);
    }

    #[test]
    fn two_addresses_for_one_display() {
        let fixture = r#"
<graphics type='vnc' listen='127.0.0.1'>
                             ^^^^^^^^^ error[graphics-listen-mismatch]: `listen` says `127.0.0.1`, and the first `<listen>` `0.0.0.0`
                             | fix: Remove `listen`
  <listen type='address' address='0.0.0.0'/>
</graphics>
"#;
        check_in("kvm-q35", "devices", &["graphics-listen-mismatch"], fixture);
        let mended = mended_in("kvm-q35", "devices", "graphics-listen-mismatch", fixture);
        assert_eq!(mended, "- <graphics type='vnc' listen='127.0.0.1'>\n+ <graphics type='vnc'>");
    }

    #[test]
    fn sockets_are_told_twice_too() {
        let fixture = r#"
<graphics type='vnc' socket='/run/a'>
                             ^^^^^^ error[graphics-listen-mismatch]: `socket` says `/run/a`, and the first `<listen>` `/run/b`
                             | fix: Remove `socket`
  <listen type='socket' socket='/run/b'/>
</graphics>
"#;
        check_in("kvm-q35", "devices", &["graphics-listen-mismatch"], fixture);
    }

    #[test]
    fn it_is_fine_without_a_headless_display_beside_one_it_cannot_serve() {
        let fixture = r#"
<graphics type='egl-headless'/>
<graphics type='vnc'/>
"#;
        check_in("kvm-q35", "devices", &["graphics-headless-unfit"], fixture);
    }

    #[test]
    fn it_is_fine_without_two_displays_of_one_type() {
        let fixture = r#"
<graphics type='vnc'/>
<graphics type='spice'/>
"#;
        check_in("kvm-q35", "devices", &["graphics-repeated"], fixture);
    }

    #[test]
    fn it_is_fine_without_a_vnc_password_that_is_too_long() {
        let fixture = r#"
<graphics type='vnc' passwd='c-horse8'/>
"#;
        check_in("kvm-q35", "devices", &["graphics-password-long"], fixture);
    }

    #[test]
    fn it_is_fine_without_two_addresses_for_one_display() {
        let fixture = r#"
<graphics type='vnc'>
  <listen type='address' address='0.0.0.0'/>
</graphics>
"#;
        check_in("kvm-q35", "devices", &["graphics-listen-mismatch"], fixture);
    }

    #[test]
    fn a_display_that_cannot_listen_so() {
        let fixture = r#"
<graphics type='vnc' port='80'/>
                           ^^ error[graphics-port-unfit]: QEMU counts the ports of VNC from 5900, and 80 is below or beyond
                           | fix: Write `autoport='yes'` (changes guest)
"#;
        check_in("kvm-q35", "devices", &["graphics-port-unfit"], fixture);
        let mended = mended_in("kvm-q35", "devices", "graphics-port-unfit", fixture);
        assert_eq!(mended, "- <graphics type='vnc' port='80'/>\n+ <graphics type='vnc' port='80' autoport='yes'/>");
    }

    #[test]
    fn one_place_and_encryption() {
        let fixture = r#"
<graphics type='vnc'>
  <listen type='address' address='192.0.2.1'/>
  <listen type='address' address='192.0.2.2'/>
   ^^^^^^ error[graphics-port-unfit]: QEMU listens at one place for a display, and this is a further one
   | fix: Remove `<listen>` (changes guest)
</graphics>
<graphics type='spice' port='5999' autoport='no' defaultMode='secure'/>
                                                              ^^^^^^ error[graphics-port-unfit]: all channels are to be encrypted, and this display has no `tlsPort`
                                                              | fix: Use any (changes guest)
<graphics type='spice' port='5998' autoport='no'>
  <channel name='main' mode='secure'/>
                             ^^^^^^ error[graphics-port-unfit]: this channel is to be encrypted, and the display has no `tlsPort`
                             | fix: Use any (changes guest)
</graphics>
"#;
        assert_eq!(check_in("kvm-q35", "devices", &["graphics-port-unfit"], fixture), ["define", "start", "start"]);
        assert_eq!(check_in("9.0.0:kvm-q35", "devices", &["graphics-port-unfit"], fixture), ["start"; 3]);
    }

    #[test]
    fn it_is_fine_without_a_display_that_cannot_listen_so() {
        let fixture = r#"
<graphics type='vnc' port='5980'/>
"#;
        check_in("kvm-q35", "devices", &["graphics-port-unfit"], fixture);
    }
}

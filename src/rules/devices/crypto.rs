//! `<crypto>`.

use crate::rules::{Listed, Place, Rule, When, Word, page};

const DOCS: &str = "https://libvirt.org/formatdomain.html#crypto";
const ON: &[&str] = &["domain/devices/crypto"];

/// The rules.
pub const RULES: &[Rule] = &[
    MODEL.rule("crypto-model-unlisted", page!("crypto-model-unlisted.md"), ON, DOCS),
    TYPE.rule("crypto-type-unlisted", page!("crypto-type-unlisted.md"), ON, DOCS),
    BACKEND.rule("crypto-backend-unlisted", page!("crypto-backend-unlisted.md"), ON, DOCS),
];

const MODEL: Listed = Listed {
    place: Place::Attribute("model"),
    section: "devices/crypto",
    list: "model",
    what: "model of crypto device",
    words: &[Word("virtio", When::Define)],
    binary_alone: true,
    ..Listed::ROW
};

const TYPE: Listed = Listed {
    section: "devices/crypto",
    list: "type",
    what: "type of crypto device",
    words: &[Word("qemu", When::Define)],
    binary_alone: true,
    ..Listed::ROW
};

const BACKEND: Listed = Listed {
    place: Place::Child("backend", "model"),
    section: "devices/crypto",
    list: "backendModel",
    what: "backend for crypto devices",
    words: &[Word("builtin", When::Define), Word("lkcf", When::Define)],
    binary_alone: true,
    better: &["builtin"],
    ..Listed::ROW
};

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["crypto-model-unlisted", "crypto-type-unlisted", "crypto-backend-unlisted"];

    #[test]
    fn a_crypto_backend_may_be_missing() {
        let fixture = r#"
<crypto model='virtio' type='qemu'>
  <backend model='lkcf'/>
                  ^^^^ error[crypto-backend-unlisted]: this host offers no backend for crypto devices `lkcf`
                  | domcaps.xml: offered: `builtin`
                  | fix: Use builtin (changes guest)
</crypto>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "crypto-backend-unlisted", fixture);
        assert_eq!(mended, "- <backend model='lkcf'/>\n+ <backend model='builtin'/>");
    }

    #[test]
    fn so_may_the_device() {
        let fixture = r#"
<crypto model='virtio' type='qemu'/>
               ^^^^^^ error[crypto-model-unlisted]: this host offers no model of crypto device `virtio`
               | domcaps.xml: nothing is offered
"#;
        check_in("qemu-q35+crypto-without-virtio", "devices", CODES, fixture);
    }

    #[test]
    fn and_its_type() {
        let fixture = r#"
<crypto model='virtio' type='qemu'/>
                             ^^^^ error[crypto-type-unlisted]: this host offers no type of crypto device `qemu`
                             | domcaps.xml: nothing is offered
"#;
        check_in("qemu-q35+crypto-without-qemu", "devices", CODES, fixture);
    }

    #[test]
    fn before_libvirt_knew_them_there_is_no_list() {
        let fixture = "<crypto model='virtio' type='qemu'/>";
        check_in("9.0.0:qemu-q35", "devices", CODES, fixture);
    }
}

//! `<rng>`: random numbers for the guest.

use crate::rules::{Listed, Place, Rule, When, Word, page};

const DOCS: &str = "https://libvirt.org/formatdomain.html#random-number-generator-device";

/// The rules.
pub const RULES: &[Rule] = &[
    MODEL.rule("rng-model-unlisted", page!("rng-model-unlisted.md"), &["domain/devices/rng"], DOCS),
    BACKEND.rule("rng-backend-unlisted", page!("rng-backend-unlisted.md"), &["domain/devices/rng/backend"], DOCS),
];

const MODEL: Listed = Listed {
    place: Place::Attribute("model"),
    section: "devices/rng",
    list: "model",
    what: "model of random number generator",
    words: &[Word("virtio", When::Define), Word("virtio-transitional", When::Define), Word("virtio-non-transitional", When::Define)],
    binary_alone: true,
    better: &["virtio"],
    ..Listed::ROW
};

const BACKEND: Listed = Listed {
    place: Place::Attribute("model"),
    section: "devices/rng",
    list: "backendModel",
    what: "source of random numbers",
    words: &[Word("random", When::Define), Word("egd", When::Define), Word("builtin", When::Define)],
    binary_alone: true,
    ..Listed::ROW
};

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["rng-model-unlisted", "rng-backend-unlisted"];

    #[test]
    fn random_numbers_need_their_device() {
        let fixture = r#"
<rng model='virtio-transitional'/>
            ^^^^^^^^^^^^^^^^^^^ error[rng-model-unlisted]: this host offers no model of random number generator `virtio-transitional`
            | domcaps.xml: offered: `virtio`, `virtio-non-transitional`
            | fix: Use virtio (changes guest)
"#;
        check_in("qemu-q35+without-virtio-transitional", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35+without-virtio-transitional", "devices", "rng-model-unlisted", fixture);
        assert_eq!(mended, "- <rng model='virtio-transitional'/>\n+ <rng model='virtio'/>");
    }

    #[test]
    fn and_their_source() {
        let fixture = r#"
<rng model='virtio'>
  <backend model='egd' type='tcp'/>
                  ^^^ error[rng-backend-unlisted]: this host offers no source of random numbers `egd`
                  | domcaps.xml: offered: `random`, `builtin`
</rng>
"#;
        check_in("qemu-q35+without-egd", "devices", CODES, fixture);
    }
}

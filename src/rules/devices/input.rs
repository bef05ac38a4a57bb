//! `<input>`: buses and models.

use super::rows;
use crate::rules::{Facts, Mend, Refused, Rule, page};

const DOCS: &str = "https://libvirt.org/formatdomain.html#input-devices";
const ON: &[&str] = &["domain/devices/input"];

/// The rules.
pub const RULES: &[Rule] = &[
    rows("input-bus-unfit", page!("input-bus-unfit.md"), BUS, ON, DOCS),
    rows("input-model-unfit", page!("input-model-unfit.md"), MODEL, ON, DOCS),
];

const BUS: &[Refused] = &[
    Refused {
        attr: "bus",
        when: |_, input, bus| bus == "ps2" && !matches!(input.value("type"), Some("mouse" | "keyboard") | None),
        why: "on the bus `{}` there are a mouse and a keyboard alone",
        mend: Mend::Set("virtio"),
    },
    Refused {
        attr: "bus",
        when: |facts, _, bus| {
            bus == "ps2"
                && facts.whole.features.and_then(|features| features.child("ps2")).is_some_and(|ps2| ps2.value("state") == Some("off"))
        },
        why: "the features of this domain switch `{}` off",
        mend: Mend::Set("virtio"),
    },
    Refused { attr: "bus", when: |_, _, bus| bus == "xen", why: "the bus `{}` belongs to another hypervisor", mend: Mend::Set("virtio") },
    Refused {
        attr: "bus",
        when: |facts, _, bus| bus == "ps2" && no_ps2(facts),
        why: "this machine has no bus `{}`",
        mend: Mend::Set("virtio"),
    },
];

/// Architectures for which QEMU is built without the controller of PS/2, as 7.2's emulators show.
fn no_ps2(facts: &Facts) -> bool {
    facts.arch().is_some_and(|arch| arch.starts_with("arm") || matches!(arch, "aarch64" | "s390x" | "riscv64" | "riscv32" | "loongarch64"))
}

const MODEL: &[Refused] = &[
    Refused {
        attr: "model",
        when: |_, input, model| model.starts_with("virtio") && input.value("bus").is_some_and(|bus| bus != "virtio"),
        why: "an input device of model `{}` stands on the bus `virtio`, this one on another",
        mend: Mend::Remove,
    },
    Refused {
        attr: "model",
        when: |_, _, model| matches!(model, "virtio-transitional" | "virtio-non-transitional"),
        why: "input devices have no model `{}`: they are virtio 1 from the beginning",
        mend: Mend::Set("virtio"),
    },
];

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    #[test]
    fn an_input_device_on_a_bus_that_cannot_carry_it() {
        let fixture = r#"
<input type='tablet' bus='ps2'/>
                          ^^^ error[input-bus-unfit]: on the bus `ps2` there are a mouse and a keyboard alone
                          | fix: Use virtio (changes guest)
"#;
        check_in("kvm-q35", "devices", &["input-bus-unfit"], fixture);
        let mended = mended_in("kvm-q35", "devices", "input-bus-unfit", fixture);
        assert_eq!(mended, "- <input type='tablet' bus='ps2'/>\n+ <input type='tablet' bus='virtio'/>");
    }

    #[test]
    fn arm_has_no_ps2() {
        let fixture = r#"
<input type='mouse' bus='ps2'/>
                         ^^^ error[input-bus-unfit]: this machine has no bus `ps2`
                         | fix: Use virtio (changes guest)
"#;
        check_in("aarch64", "devices", &["input-bus-unfit"], fixture);
    }

    #[test]
    fn a_model_that_input_devices_do_not_have() {
        let fixture = r#"
<input type='keyboard' bus='virtio' model='virtio-transitional'/>
                                           ^^^^^^^^^^^^^^^^^^^ error[input-model-unfit]: input devices have no model `virtio-transitional`: they are virtio 1 from the beginning
                                           | fix: Use virtio (changes guest)
"#;
        check_in("kvm-q35", "devices", &["input-model-unfit"], fixture);
        let mended = mended_in("kvm-q35", "devices", "input-model-unfit", fixture);
        assert_eq!(
            mended,
            "- <input type='keyboard' bus='virtio' model='virtio-transitional'/>\n+ <input type='keyboard' bus='virtio' model='virtio'/>"
        );
    }

    #[test]
    fn a_model_belongs_to_its_bus() {
        let fixture = r#"
<input type='tablet' bus='usb' model='virtio'/>
                                      ^^^^^^ error[input-model-unfit]: an input device of model `virtio` stands on the bus `virtio`, this one on another
                                      | fix: Remove `model` (changes guest)
"#;
        check_in("kvm-q35", "devices", &["input-model-unfit"], fixture);
    }

    #[test]
    fn it_is_fine_without_an_input_device_on_a_bus_that_cannot_carry_it() {
        let fixture = r#"
<input type='tablet' bus='usb'/>
"#;
        check_in("kvm-q35", "devices", &["input-bus-unfit"], fixture);
    }

    #[test]
    fn it_is_fine_without_a_model_that_input_devices_do_not_have() {
        let fixture = r#"
<input type='keyboard' bus='virtio' model='virtio'/>
"#;
        check_in("kvm-q35", "devices", &["input-model-unfit"], fixture);
    }
}

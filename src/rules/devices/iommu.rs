//! `<iommu>`: which machine has which, and what it needs.

use super::rows;
use crate::caps::Version;
use crate::rules::{Facts, Family, Mend, Refused, Rule, page, unsigned};
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#iommu-devices";
const ON: &[&str] = &["domain/devices/iommu"];

/// The rules.
pub const RULES: &[Rule] = &[
    rows("iommu-model-unfit", page!("iommu-model-unfit.md"), MODEL, ON, DOCS),
    rows("iommu-acpi-missing", page!("iommu-acpi-missing.md"), ACPI, ON, DOCS),
    rows("iommu-option-unfit", page!("iommu-option-unfit.md"), OPTION, &["domain/devices/iommu/driver"], DOCS),
];

/// The machine, where it is known.
fn other_than(facts: &Facts, families: &[Family]) -> bool {
    facts.board.is_some_and(|board| !families.contains(&board.family))
}

const MODEL: &[Refused] = &[
    Refused {
        attr: "model",
        when: |facts, _, model| matches!(model, "intel" | "amd") && other_than(facts, &[Family::Q35]),
        why: "an IOMMU of model `{}` is part of a machine `q35`, and this domain is another",
        mend: Mend::No,
    },
    Refused {
        attr: "model",
        when: |facts, _, model| model == "smmuv3" && other_than(facts, &[Family::ArmVirt]),
        why: "an IOMMU of model `{}` is part of a machine `virt` of ARM, and this domain is another",
        mend: Mend::No,
    },
    Refused {
        attr: "model",
        when: |facts, _, model| {
            let newer = !facts.before(Version(11, 3, 1));
            let known: &[Family] = &[Family::Q35, Family::ArmVirt, Family::RiscvVirt, Family::LoongArchVirt];
            model == "virtio" && other_than(facts, known.get(..if newer { 4 } else { 2 }).unwrap_or(known))
        },
        why: "an IOMMU of model `{}` is for machines `q35`, and `virt` of ARM, and this domain is another",
        mend: Mend::No,
    },
];

const ACPI: &[Refused] = &[Refused {
    attr: "model",
    when: |facts, _, model| model == "virtio" && facts.whole.features.is_none_or(|features| features.child("acpi").is_none()),
    why: "the guest learns of an IOMMU `{}` from ACPI, and this domain has none: `<acpi/>` in `<features>` is missing",
    mend: Mend::No,
}];

/// True below the version in which libvirt began to switch on what another switch needs; 11.3.0 was seen to.
fn strict(facts: &Facts) -> bool {
    facts.before(Version(9, 0, 1))
}

const OPTION: &[Refused] = &[
    Refused { attr: "intremap", when: |_, driver, _| is(driver, &["virtio", "smmuv3"]), why: INTEL, mend: Mend::Remove },
    Refused { attr: "caching_mode", when: foreign, why: INTEL, mend: Mend::Remove },
    Refused { attr: "eim", when: foreign, why: INTEL, mend: Mend::Remove },
    Refused { attr: "iotlb", when: |_, driver, _| is(driver, &["virtio", "smmuv3"]), why: INTEL, mend: Mend::Remove },
    // 12.8.0 was seen to take it for `virtio`, 11.3.0 not to
    Refused {
        attr: "aw_bits",
        when: |facts, driver, bits| {
            let old = facts.before(Version(11, 3, 1));
            bits.trim() != "0" && (is(driver, &["amd", "smmuv3"]) || old && is(driver, &["virtio"]))
        },
        why: INTEL,
        mend: Mend::Remove,
    },
    // known since 10.7.0, by the documentation
    Refused {
        attr: "dma_translation",
        when: |facts, driver, value| facts.since(Version(10, 7, 0)) && foreign(facts, driver, value),
        why: INTEL,
        mend: Mend::Remove,
    },
    Refused { attr: "passthrough", when: of_amd, why: AMD, mend: Mend::Remove },
    Refused { attr: "xtsup", when: of_amd, why: AMD, mend: Mend::Remove },
    Refused { attr: "pciBus", when: |facts, driver, _| of_smmu(facts, driver, Version(11, 10, 0)), why: SMMU, mend: Mend::Remove },
    Refused { attr: "accel", when: |facts, driver, _| of_smmu(facts, driver, Version(12, 7, 0)), why: SMMU, mend: Mend::Remove },
    Refused { attr: "cmdqv", when: |facts, driver, _| of_smmu(facts, driver, Version(12, 7, 0)), why: SMMU, mend: Mend::Remove },
    Refused {
        attr: "intremap",
        when: |facts, _, on| {
            let ioapic = facts.whole.features.and_then(|features| features.child("ioapic")).and_then(|ioapic| ioapic.value("driver"));
            on == "on" && ioapic != Some("qemu") && (ioapic.is_some() || strict(facts))
        },
        why: "remapping interrupts needs the I/O APIC in QEMU: `<ioapic driver='qemu'/>` in `<features>` is missing",
        mend: Mend::No,
    },
    // switched on by libvirt where there are many vCPUs alone: tried on 11.3.0 and 12.8.0
    Refused {
        attr: "eim",
        when: |facts, driver, on| {
            let remap = driver.value("intremap");
            on == "on" && remap != Some("on") && (remap.is_some() || strict(facts) || facts.whole.vcpu.is_none_or(few))
        },
        why: "extended interrupts need `intremap='on'`",
        mend: Mend::No,
    },
];

/// As many vCPUs as do without extended interrupts.
fn few(vcpu: Node) -> bool {
    vcpu.text().and_then(|text| unsigned(text.value)).is_some_and(|count| count <= 255)
}

const INTEL: &str = "this is an option of the model `intel`, and this IOMMU is of another";
const AMD: &str = "this is an option of the model `amd`, and this IOMMU is of another";

const SMMU: &str = "this is an option of the model `smmuv3`, and this IOMMU is of another";

fn is(driver: Node, models: &[&str]) -> bool {
    driver.parent().and_then(|iommu| iommu.value("model")).is_some_and(|model| models.contains(&model))
}

fn foreign(_: &Facts, driver: Node, _: &str) -> bool {
    is(driver, &["virtio", "smmuv3", "amd"])
}

/// Known since 11.5.0, by the news; 12.8.0 takes them for `virtio` too.
fn of_amd(facts: &Facts, driver: Node, _: &str) -> bool {
    facts.since(Version(11, 5, 0)) && is(driver, &["intel", "smmuv3"])
}

/// Known since that version, by the documentation; tried on 12.8.0.
fn of_smmu(facts: &Facts, driver: Node, since: Version) -> bool {
    facts.since(since) && is(driver, &["intel", "amd", "virtio"])
}

#[cfg(test)]
mod tests {
    use crate::support::check_in;

    #[test]
    fn an_iommu_of_another_machine() {
        let fixture = r#"
<iommu model='intel'/>
              ^^^^^ error[iommu-model-unfit]: an IOMMU of model `intel` is part of a machine `q35`, and this domain is another
"#;
        check_in("kvm-pc", "devices", &["iommu-model-unfit"], fixture);
    }

    #[test]
    fn arm_and_pcs_have_their_own() {
        let fixture = r#"
<iommu model='intel'/>
              ^^^^^ error[iommu-model-unfit]: an IOMMU of model `intel` is part of a machine `q35`, and this domain is another
"#;
        check_in("aarch64", "devices", &["iommu-model-unfit"], fixture);
    }

    #[test]
    fn an_iommu_that_the_guest_cannot_find() {
        let fixture = r#"
<iommu model='virtio'/>
              ^^^^^^ error[iommu-acpi-missing]: the guest learns of an IOMMU `virtio` from ACPI, and this domain has none: `<acpi/>` in `<features>` is missing
"#;
        check_in("kvm-q35", "devices", &["iommu-acpi-missing"], fixture);
    }

    #[test]
    fn an_option_of_the_iommu_that_lacks_its_partner() {
        let fixture = r#"
<iommu model='intel'>
  <driver intremap='on'/>
                    ^^ error[iommu-option-unfit]: remapping interrupts needs the I/O APIC in QEMU: `<ioapic driver='qemu'/>` in `<features>` is missing
</iommu>
"#;
        check_in("9.0.0:kvm-q35", "devices", &["iommu-option-unfit"], fixture);
    }

    #[test]
    fn other_models_have_no_options() {
        let fixture = r#"
<iommu model='smmuv3'>
  <driver iotlb='on'/>
                 ^^ error[iommu-option-unfit]: this is an option of the model `intel`, and this IOMMU is of another
                 | fix: Remove `iotlb` (changes guest)
</iommu>
"#;
        check_in("aarch64", "devices", &["iommu-option-unfit"], fixture);
    }

    #[test]
    fn options_of_one_model() {
        let codes = &["iommu-option-unfit"];
        let iommu = |model: &str, option: &str, mark: &str| format!("<iommu model='{model}'>\n<driver {option}='on'/>\n{mark}</iommu>");
        let why = |width: usize, option: &str, model: &str| {
            let (pad, marks) = (" ".repeat(width), "^^");
            let message = format!("this is an option of the model `{model}`, and this IOMMU is of another");
            format!("{pad}{marks} error[iommu-option-unfit]: {message}\n{pad}| fix: Remove `{option}` (changes guest)\n")
        };
        for (model, option, of) in [("intel", "xtsup", "amd"), ("amd", "eim", "intel"), ("intel", "accel", "smmuv3")] {
            let mark = why(format!("<driver {option}='").len(), option, of);
            check_in("kvm-q35", "devices", codes, &iommu(model, option, &mark));
        }
        for (model, option) in [("amd", "intremap"), ("amd", "xtsup"), ("virtio", "xtsup")] {
            check_in("kvm-q35", "devices", codes, &iommu(model, option, ""));
        }
        check_in("9.0.0:kvm-q35", "devices", codes, &iommu("virtio", "dma_translation", ""));
        let bits = |mark: &str| format!("<iommu model='virtio'>\n<driver aw_bits='48'/>\n{mark}</iommu>");
        check_in("kvm-q35", "devices", codes, &bits(""));
        check_in("9.0.0:kvm-q35", "devices", codes, &bits(&why("<driver aw_bits='".len(), "aw_bits", "intel")));
    }

    #[test]
    fn many_vcpus_switch_remapping_on() {
        let codes = &["iommu-option-unfit"];
        let iommu = |count: u32, mark: &str| {
            format!("<vcpu>{count}</vcpu>\n<devices>\n<iommu model='intel'>\n<driver eim='on'/>\n{mark}</iommu>\n</devices>")
        };
        check_in("kvm-q35", "", codes, &iommu(256, ""));
        check_in(
            "kvm-q35",
            "",
            codes,
            &iommu(255, "             ^^ error[iommu-option-unfit]: extended interrupts need `intremap='on'`\n"),
        );
    }

    #[test]
    fn extended_interrupts_need_remapping() {
        let fixture = r#"
<iommu model='intel'>
  <driver eim='on'/>
               ^^ error[iommu-option-unfit]: extended interrupts need `intremap='on'`
</iommu>
"#;
        check_in("9.0.0:kvm-q35", "devices", &["iommu-option-unfit"], fixture);
    }

    #[test]
    fn it_is_fine_without_an_iommu_of_another_machine() {
        let fixture = r#"
<iommu model='intel'/>
"#;
        check_in("kvm-q35", "devices", &["iommu-model-unfit"], fixture);
    }

    #[test]
    fn it_is_fine_without_an_iommu_that_the_guest_cannot_find() {
        let fixture = r#"
<features>
  <acpi/>
</features>
<devices>
<iommu model='virtio'/>
</devices>
"#;
        check_in("kvm-q35", "", &["iommu-acpi-missing"], fixture);
    }

    #[test]
    fn it_is_fine_without_an_option_of_the_iommu_that_lacks_its_partner() {
        let fixture = r#"
<features>
  <ioapic driver='qemu'/>
</features>
<devices>
<iommu model='intel'>
  <driver intremap='on'/>
</iommu>
</devices>
"#;
        check_in("9.0.0:kvm-q35", "", &["iommu-option-unfit"], fixture);
    }
}

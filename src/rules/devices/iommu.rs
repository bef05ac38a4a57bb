//! `<iommu>`: which machine has which, and what it needs.

use super::rows;
use crate::caps::Version;
use crate::rules::{Facts, Family, Mend, Refused, Rule, page};
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
            let newer = facts.sources.versions.libvirt.at_least(Version(11, 3, 1)) != Some(false);
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

/// True below the version in which libvirt began to switch on what another switch needs.
fn strict(facts: &Facts) -> bool {
    facts.sources.versions.libvirt.at_least(Version(9, 0, 1)) == Some(false)
}

const OPTION: &[Refused] = &[
    Refused { attr: "intremap", when: foreign, why: FOREIGN, mend: Mend::Remove },
    Refused { attr: "caching_mode", when: foreign, why: FOREIGN, mend: Mend::Remove },
    Refused { attr: "eim", when: foreign, why: FOREIGN, mend: Mend::Remove },
    Refused { attr: "iotlb", when: foreign, why: FOREIGN, mend: Mend::Remove },
    Refused {
        attr: "aw_bits",
        when: |facts, driver, bits| bits.trim() != "0" && foreign(facts, driver, bits),
        why: FOREIGN,
        mend: Mend::Remove,
    },
    Refused { attr: "dma_translation", when: foreign, why: FOREIGN, mend: Mend::Remove },
    Refused {
        attr: "intremap",
        when: |facts, _, on| {
            let ioapic = facts.whole.features.and_then(|features| features.child("ioapic")).and_then(|ioapic| ioapic.value("driver"));
            on == "on" && ioapic != Some("qemu") && (ioapic.is_some() || strict(facts))
        },
        why: "remapping interrupts needs the I/O APIC in QEMU: `<ioapic driver='qemu'/>` in `<features>` is missing",
        mend: Mend::No,
    },
    Refused {
        attr: "eim",
        when: |facts, driver, on| {
            let remap = driver.value("intremap");
            on == "on" && remap != Some("on") && (remap.is_some() || strict(facts))
        },
        why: "extended interrupts need `intremap='on'`",
        mend: Mend::No,
    },
];

const FOREIGN: &str = "this is an option of the model `intel`, and this IOMMU is of another";

fn foreign(_: &Facts, driver: Node, _: &str) -> bool {
    matches!(driver.parent().and_then(|iommu| iommu.value("model")), Some("virtio" | "smmuv3"))
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

//! Features of the hypervisor and of the machine.

use super::common::scaled;
use super::pattern::{HYPERV_VENDOR, ON_OFF, U32, YES_NO};
use super::value::{Value, means, word};
use super::{Attr, Body, Drivers, EMPTY, Element, by_attr, case, element, maybe, optional, required};

const CHAPTER: &str = "hypervisor-features";

/// A feature that is on or off.
const fn switch(name: &'static str, about: &'static str) -> Element {
    element(name, about, CHAPTER).attrs(STATE)
}

/// A feature that is on where nothing else is said.
const fn presence(name: &'static str, about: &'static str) -> Element {
    element(name, about, CHAPTER).attrs(OPTIONAL_STATE)
}

/// A feature that is there or not.
const fn flag(name: &'static str, about: &'static str) -> Element {
    element(name, about, CHAPTER)
}

static STATE: &[Attr] = &[required("state", &ON_OFF, "whether it is on")];

static OPTIONAL_STATE: &[Attr] = &[optional("state", &ON_OFF, "whether it is on; else it is")];

/// `<features>` of the domain.
pub static FEATURES: Element = element("features", "what the hypervisor and the machine offer to the guest", CHAPTER).children(&[
    maybe(&flag("pae", "more than 4 GiB of memory for 32-bit guests")),
    maybe(&flag("apic", "interrupts that can be programmed").attrs(&[
        optional("eoi", &ON_OFF, "whether the guest is spared exits at the end of an interrupt").since(0, 10, 2).only(Drivers::QEMU),
    ])),
    maybe(&flag("acpi", "ACPI, without which most guests do not power off when asked")),
    maybe(&presence("hap", "the CPU's own nested page tables")),
    maybe(&HYPERV),
    maybe(&flag("viridian", "Hyper-V's interface").only(Drivers::XEN)),
    maybe(&KVM),
    maybe(&XEN),
    maybe(&flag("privnet", "a network namespace of the container's own").only(Drivers::LXC)),
    maybe(&presence("pvspinlock", "spinlocks that give the CPU away")),
    maybe(&super::capabilities::CAPABILITIES),
    maybe(&presence("pmu", "the unit that counts the CPU's events").since(1, 2, 12)),
    maybe(&presence("vmport", "VMware's port, by which its mouse works").since(1, 2, 16)),
    maybe(&flag("gic", "ARM's interrupt controller").since(1, 2, 16).attrs(&[optional("version", &GIC_VERSIONS, "its version")])),
    maybe(&SMM),
    maybe(&flag("ioapic", "where the IO APIC is emulated").since(3, 4, 0).only(Drivers::QEMU).attrs(&[required(
        "driver",
        &IOAPIC_DRIVERS,
        "who emulates it",
    )])),
    maybe(
        &flag("hpt", "the page table of a pSeries guest")
            .since(3, 10, 0)
            .only(Drivers::QEMU)
            .attrs(&[optional("resizing", &HPT_RESIZING, "whether it may grow and shrink")])
            .children(&[maybe(&scaled("maxpagesize", "the largest pages", CHAPTER).since(4, 5, 0))]),
    ),
    maybe(&presence("vmcoreinfo", "the device by which a kernel tells where its debugging data lie").since(4, 4, 0).only(Drivers::QEMU)),
    maybe(&switch("htm", "transactional memory of pSeries").since(4, 6, 0).only(Drivers::QEMU)),
    maybe(&switch("nested-hv", "guests in a pSeries guest").since(4, 10, 0).only(Drivers::QEMU)),
    maybe(&flag("msrs", "model specific registers").since(5, 1, 0).only(Drivers::BHYVE).attrs(&[required(
        "unknown",
        &UNKNOWN_MSRS,
        "what becomes of accesses to unknown ones",
    )])),
    maybe(&switch("ccf-assist", "help for flushing the count cache, of pSeries").since(5, 9, 0).only(Drivers::QEMU)),
    maybe(&flag("cfpc", "flushes the cache when the privilege changes, on pSeries").since(6, 3, 0).only(Drivers::QEMU).attrs(MITIGATION)),
    maybe(&flag("sbbc", "a barrier against speculation at bounds checks, on pSeries").since(6, 3, 0).only(Drivers::QEMU).attrs(MITIGATION)),
    maybe(&flag("ibs", "protects indirect branches from speculation, on pSeries").since(6, 3, 0).only(Drivers::QEMU).attrs(&[required(
        "value",
        &BRANCH_MITIGATIONS,
        "how it is done",
    )])),
    maybe(&flag("tcg", "QEMU's emulation of the CPU").since(8, 0, 0).only(Drivers::QEMU).children(&[maybe(&scaled(
        "tb-cache",
        "the size of the cache of translated code",
        CHAPTER,
    ))])),
    maybe(&flag("async-teardown", "the memory is given back after QEMU has ended").since(9, 6, 0).only(Drivers::QEMU).attrs(&[optional(
        "enabled",
        &YES_NO,
        "whether it is",
    )])),
    maybe(&switch("ras", "faults of the host's memory are told to an ARM guest").since(10, 4, 0).only(Drivers::QEMU)),
    maybe(&switch("ps2", "the controller of a PS/2 keyboard and mouse").since(10, 7, 0).only(Drivers::QEMU)),
    maybe(&flag("aia", "RISC-V's interrupt controllers").since(11, 1, 0).only(Drivers::QEMU).attrs(&[required(
        "value",
        &AIA,
        "which ones",
    )])),
    maybe(&flag("virtualization", "guests in an ARM guest").since(12, 1, 0).only(Drivers::QEMU)),
]);

static GIC_VERSIONS: Value = Value::Words(&[means("host", "as the host's"), word("2"), word("3")]);

static SMM: Element = presence("smm", "system management mode, which Secure Boot needs").since(2, 1, 0).variants(&[by_attr(
    "state",
    &[case(
        &["on", "off"],
        EMPTY.children(&[maybe(&scaled("tseg", "the memory set apart for it", CHAPTER).since(4, 5, 0).only(Drivers::QEMU))]),
    )],
)]);

static IOAPIC_DRIVERS: Value = Value::Words(&[means("kvm", "KVM"), means("qemu", "QEMU, which an IOMMU needs")]);

static HPT_RESIZING: Value = Value::Words(&[
    means("enabled", "it may, where guest and host can do it"),
    means("disabled", "it may not"),
    means("required", "it must, or the domain does not start"),
]);

static UNKNOWN_MSRS: Value = Value::Words(&[means("ignore", "nothing"), means("fault", "a fault in the guest")]);

static MITIGATION: &[Attr] = &[required("value", &MITIGATIONS, "how it is done")];

static MITIGATIONS: Value =
    Value::Words(&[means("broken", "not at all"), means("workaround", "by software"), means("fixed", "by hardware")]);

static BRANCH_MITIGATIONS: Value = Value::Words(&[
    means("broken", "not at all"),
    means("workaround", "by flushing the count cache"),
    means("fixed-ibs", "by serializing indirect branches"),
    means("fixed-ccd", "by doing without the count cache"),
    means("fixed-na", "by hardware"),
]);

static AIA: Value = Value::Words(&[
    means("none", "those of old"),
    means("aplic", "an APLIC a socket"),
    means("aplic-imsic", "an APLIC and an IMSIC a core"),
]);

static HYPERV: Element = element("hyperv", "what Windows finds of Hyper-V", CHAPTER)
    .only(Drivers::QEMU.and(Drivers::XEN))
    .attrs(&[optional("mode", &HYPERV_MODES, "which features are on").since(8, 0, 0)])
    .variants(&[by_attr("mode", &[case(&["custom"], ENLIGHTENMENTS), case(&["host-model"], OVERRIDES)]).absent(&ENLIGHTENMENTS)]);

/// Those that are listed beside what the host has.
static OVERRIDES: Body = EMPTY.forms(&[EMPTY, ENLIGHTENMENTS.since(12, 1, 0)]);

static HYPERV_MODES: Value = Value::Words(&[
    means("custom", "those that are listed"),
    means("passthrough", "all that the hypervisor has"),
    means("host-model", "those that libvirt knows and the host has").since(11, 9, 0),
]);

static ENLIGHTENMENTS: Body = EMPTY.children(&[
    maybe(&switch("relaxed", "timers may be late").since(1, 0, 0)),
    maybe(&switch("vapic", "a virtual APIC").since(1, 1, 0)),
    maybe(
        &element("spinlocks", "spinlocks that give the CPU away", CHAPTER)
            .since(1, 1, 0)
            .only(Drivers::QEMU)
            .attrs(&[required("state", &ON_OFF, "whether it is on"), optional("retries", &U32, "after how many tries: 4095 at least")]),
    ),
    maybe(&switch("vpindex", "the number of a virtual CPU").since(1, 3, 3)),
    maybe(&switch("runtime", "the time a virtual CPU has run").since(1, 3, 3).only(Drivers::QEMU)),
    maybe(&switch("synic", "a synthetic interrupt controller").since(1, 3, 3)),
    maybe(
        &presence("stimer", "synthetic timers")
            .since(1, 3, 3)
            .children(&[maybe(&switch("direct", "they interrupt without a message").since(5, 7, 0).only(Drivers::QEMU))]),
    ),
    maybe(&switch("reset", "the guest may reset the machine").since(1, 3, 3).only(Drivers::QEMU)),
    maybe(
        &element("vendor_id", "the maker that the guest reads", CHAPTER)
            .since(1, 3, 3)
            .only(Drivers::QEMU)
            .attrs(&[required("state", &ON_OFF, "whether it is on"), optional("value", &HYPERV_VENDOR, "the maker")]),
    ),
    maybe(&switch("frequencies", "the frequencies of clocks").since(4, 7, 0)),
    maybe(&switch("reenlightenment", "the guest is told of a migration").since(4, 7, 0).only(Drivers::QEMU)),
    maybe(&presence("tlbflush", "flushes of the TLB by the hypervisor").since(4, 7, 0).children(&[
        maybe(&switch("direct", "by a guest's guest too").since(11, 0, 0).only(Drivers::QEMU)),
        maybe(&switch("extended", "of parts of it").since(11, 0, 0).only(Drivers::QEMU)),
    ])),
    maybe(&switch("ipi", "interrupts between CPUs by the hypervisor").since(4, 10, 0)),
    maybe(&switch("evmcs", "faster guests in the guest, on Intel").since(4, 10, 0).only(Drivers::QEMU)),
    maybe(&switch("avic", "the interrupt controller by hardware").since(8, 10, 0).only(Drivers::QEMU)),
    maybe(&switch("emsr_bitmap", "fewer updates of a guest's guest's registers").since(10, 7, 0).only(Drivers::QEMU)),
    maybe(&switch("xmm_input", "hypercalls with XMM registers").since(10, 7, 0).only(Drivers::QEMU)),
]);

static KVM: Element = element("kvm", "what a guest finds of KVM", CHAPTER).since(1, 2, 8).only(Drivers::QEMU).children(&[
    maybe(&switch("hidden", "KVM does not show itself").since(1, 2, 8)),
    maybe(&switch("hint-dedicated", "the CPUs are the guest's alone").since(5, 7, 0)),
    maybe(&switch("poll-control", "the guest may poll before it waits").since(6, 10, 0)),
    maybe(&switch("pv-ipi", "interrupts between CPUs by the hypervisor").since(7, 10, 0)),
    maybe(&element("dirty-ring", "pages written to are told in a ring", CHAPTER).since(8, 0, 0).attrs(&[
        required("state", &ON_OFF, "whether it is on"),
        optional("size", &U32, "the ring's size: a power of 2 from 1024 to 65536"),
    ])),
]);

static XEN: Element =
    element("xen", "features of Xen", CHAPTER).since(6, 3, 0).only(Drivers::XEN).children(&[
        maybe(&switch("e820_host", "the guest sees the host's memory map")),
        maybe(&element("passthrough", "PCI devices may be handed out", CHAPTER).attrs(&[
            required("state", &ON_OFF, "whether it is on"),
            optional("mode", &PASSTHROUGH_MODES, "how the IOMMU's tables are kept"),
        ])),
    ]);

static PASSTHROUGH_MODES: Value =
    Value::Words(&[means("sync_pt", "as a copy of the guest's"), means("share_pt", "shared with the guest's")]);

#[cfg(test)]
mod tests {
    use super::super::domain::faults;

    fn inside(parts: &str) -> Vec<&'static str> {
        faults(&format!("<features>{parts}</features>"))
    }

    #[test]
    fn features_of_all_sorts() {
        assert!(
            inside("<acpi/><apic eoi='on'/><pmu/><vmport state='off'/><gic version='host'/><smm state='on'><tseg>1</tseg></smm>")
                .is_empty()
        );
        assert!(inside("<hyperv mode='passthrough'/><kvm><dirty-ring state='on' size='4096'/></kvm><hpt/><tcg/>").is_empty());
        assert!(
            inside("<hyperv><stimer state='on'><direct state='on'/></stimer><vendor_id state='on' value='KVM Hv'/></hyperv>").is_empty()
        );
        assert!(inside("<capabilities policy='allow'><mknod state='off'/></capabilities>").is_empty());
        assert_eq!(inside("<hyperv mode='passthrough'><relaxed state='on'/></hyperv>"), ["structure-bad-value"]);
        assert_eq!(inside("<hyperv><relaxed/></hyperv>"), ["structure-missing-attribute"]);
        assert_eq!(inside("<smm><tseg>1</tseg></smm>"), ["structure-misplaced-element"]);
        assert_eq!(inside("<relaxed state='on'/>"), ["structure-misplaced-element"]);
        assert_eq!(inside("<acpi state='on'/>"), ["structure-unknown-attribute"]);
    }
}

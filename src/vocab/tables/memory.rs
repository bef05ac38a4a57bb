//! The guest's memory: how much, what it is made of, where on the host it lies, and its limits.

use super::common::scaled;
use super::pattern::{CPU_SET, ON_OFF, U32, U64, UNIT};
use super::value::{Value, means};
use super::{Drivers, EMPTY, Element, any, by_attr, case, element, maybe, optional, required};

const AMOUNT: &str = "memory-allocation";
const BACKING: &str = "memory-backing";
const LIMITS: &str = "memory-tuning";
const NODES: &str = "numa-node-tuning";

/// `<memory>` of the domain.
pub static MEMORY: Element = scaled("memory", "how much memory the guest has at its start", AMOUNT).also(&[&EMPTY.attrs(&[optional(
    "dumpCore",
    &ON_OFF,
    "whether a core dump holds it",
)
.since(0, 10, 2)
.only(Drivers::QEMU)])]);

/// `<maxMemory>`.
pub static MAX_MEMORY: Element = scaled("maxMemory", "how much it may have after memory was plugged in", AMOUNT)
    .since(1, 2, 14)
    .only(Drivers::QEMU)
    .forms(&[EMPTY.attrs(&[required("slots", &U32, "how many modules can be plugged in")]), EMPTY.since(9, 5, 0)]);

/// `<currentMemory>`.
pub static CURRENT_MEMORY: Element = scaled("currentMemory", "how much of it the balloon leaves to the guest", AMOUNT);

/// `<memoryBacking>`.
pub static MEMORY_BACKING: Element = element("memoryBacking", "what the memory is made of on the host", BACKING).children(&[
    maybe(&element("hugepages", "large pages instead of normal ones", BACKING).children(&[any(&PAGE)])),
    maybe(&element("nosharepages", "not to be merged with equal pages of others", BACKING).since(1, 0, 6)),
    maybe(&element("locked", "never swapped out", BACKING).since(1, 0, 6)),
    maybe(&element("source", "where it is allocated", BACKING).since(3, 1, 0).attrs(&[required("type", &SOURCES, "the kind of memory")])),
    maybe(&element("access", "who sees what is written to it", BACKING).since(3, 1, 0).attrs(&[required("mode", &ACCESS, "who sees it")])),
    maybe(
        &element("allocation", "when it is allocated", BACKING)
            .since(3, 1, 0)
            .attrs(&[optional("mode", &ALLOCATION, "when"), optional("threads", &U32, "how many threads do it").since(8, 2, 0)]),
    ),
    maybe(&element("discard", "thrown away, not written back, when the guest ends", BACKING).since(4, 4, 0).only(Drivers::QEMU)),
]);

static PAGE: Element = element("page", "the size of the pages, for all nodes or some", BACKING).since(1, 2, 5).attrs(&[
    required("size", &U64, "the size, in KiB where no unit is given"),
    optional("unit", &UNIT, "the unit of the size"),
    optional("nodeset", &CPU_SET, "the guest's NUMA nodes it is for; else all"),
]);

static SOURCES: Value = Value::Words(&[
    means("file", "a file of the host's"),
    means("anonymous", "memory without a name"),
    means("memfd", "memory with a descriptor, which other processes can share").since(4, 10, 0).only(Drivers::QEMU),
]);

/// Who sees what is written to memory.
pub static ACCESS: Value = Value::Words(&[means("shared", "other processes of the host too"), means("private", "this guest alone")]);

static ALLOCATION: Value = Value::Words(&[means("immediate", "at the start"), means("ondemand", "when the guest uses it")]);

/// `<memtune>`.
pub static MEMTUNE: Element = element("memtune", "limits of the memory that the domain takes on the host", LIMITS).children(&[
    maybe(&scaled("hard_limit", "the most it may take; the kernel kills what takes more", LIMITS)),
    maybe(&scaled("soft_limit", "the most it may take while memory is short", LIMITS)),
    maybe(&scaled("min_guarantee", "what it gets in any case", LIMITS).only(Drivers::VMWARE.and(Drivers::OPENVZ))),
    maybe(&scaled("swap_hard_limit", "the most it may take, swap included", LIMITS)),
]);

/// `<numatune>`.
pub static NUMATUNE: Element = element("numatune", "from which NUMA nodes of the host the memory comes", NODES)
    .since(0, 9, 3)
    .only(Drivers::QEMU.and(Drivers::LXC).and(Drivers::CLOUD_HYPERVISOR))
    .children(&[
        maybe(
            &element("memory", "for the whole domain", NODES)
                .attrs(&[
                    optional("mode", &MODES, "how strictly; `strict` is the default"),
                    optional("placement", &PLACEMENTS, "who chooses the nodes").since(0, 9, 12),
                ])
                .variants(&[by_attr("placement", &[case(&["static"], NODESET)]).absent(&NODESET)]),
        ),
        any(&element("memnode", "for one NUMA node of the guest", NODES).since(1, 2, 7).only(Drivers::QEMU).attrs(&[
            required("cellid", &U32, "the guest's node"),
            required("mode", &MODES, "how strictly"),
            required("nodeset", &CPU_SET, "the host's nodes"),
        ])),
    ]);

static NODESET: super::Body = EMPTY.attrs(&[optional("nodeset", &CPU_SET, "the host's nodes")]);

static PLACEMENTS: Value = Value::Words(&[means("static", "`nodeset`"), means("auto", "numad, when the domain starts")]);

static MODES: Value = Value::Words(&[
    means("strict", "from these nodes alone"),
    means("preferred", "from these nodes as long as they have some"),
    means("interleave", "from these nodes in turn"),
    means("restrictive", "as the system has it, kept to these nodes by cgroups"),
]);

#[cfg(test)]
mod tests {
    use super::super::domain::faults;

    #[test]
    fn amounts_and_where_they_lie() {
        assert!(faults("<maxMemory slots='2'>9</maxMemory><memory unit='GiB' dumpCore='off'>4</memory>").is_empty());
        assert!(faults("<memoryBacking><hugepages/><locked/><source type='memfd'/><access mode='shared'/></memoryBacking>").is_empty());
        assert!(
            faults("<numatune><memory mode='strict' nodeset='0'/><memnode cellid='0' mode='strict' nodeset='1'/></numatune>").is_empty()
        );
        assert_eq!(faults("<memory unit='GiG'>4.5</memory>"), ["structure-bad-value", "structure-bad-text"]);
        assert_eq!(faults("<numatune><memory placement='auto' nodeset='0'/></numatune>"), ["structure-unknown-attribute"]);
        assert_eq!(faults("<memoryBacking><locked>yes</locked></memoryBacking>"), ["structure-stray-text"]);
    }
}

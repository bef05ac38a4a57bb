//! The guest's CPU: its model and features, how its CPUs are grouped, and its NUMA nodes.

use super::memory::ACCESS;
use super::pattern::{ALIAS_NAME, CPU_SET, CPU_VENDOR, ON_OFF, POSITIVE, U32, U64, UNIT, YES_NO};
use super::value::{Value, means, word};
use super::{Attr, Body, Drivers, EMPTY, Element, any, by_attr, element, maybe, once, optional, required, some};

const CHAPTER: &str = "cpu-model-and-topology";
const HMAT: &str = "acpi-heterogeneous-memory-attribute-table";

/// `<cpu>` of the domain.
pub static CPU: Element = element("cpu", "which CPU the guest sees", CHAPTER)
    .attrs(&[
        optional("mode", &MODES, "what its model is taken from; `custom` is the default").since(0, 9, 10),
        optional("match", &MATCHES, "how near it must be to what is asked; `exact` is the default"),
        optional("check", &CHECKS, "how the CPU that QEMU made is compared with what was asked").since(3, 2, 0),
        optional("deprecated_features", &ON_OFF, "whether features that the model's maker gave up are kept").since(11, 0, 0),
        optional("migratable", &ON_OFF, "whether features that hinder a migration are left out").since(6, 5, 0),
    ])
    .children(&[
        maybe(&MODEL),
        maybe(&element("vendor", "the maker that the host's CPU must have", CHAPTER).text(&Value::Any)),
        maybe(&TOPOLOGY),
        any(&FEATURE),
        maybe(&NUMA),
        maybe(
            &element("cache", "which caches the guest sees", CHAPTER)
                .since(3, 3, 0)
                .attrs(&[optional("level", &LEVELS, "the level; else all"), required("mode", &CACHE_MODES, "what it sees of them")]),
        ),
        maybe(&element("maxphysaddr", "how many bits its physical addresses have", CHAPTER).since(8, 7, 0).attrs(&[
            required("mode", &ADDRESS_MODES, "where the number comes from"),
            optional("bits", &U32, "the number, with `emulate`"),
            optional("limit", &U32, "the most it may be, with `passthrough`").since(9, 3, 0),
        ])),
    ]);

static MODES: Value = Value::Words(&[
    means("custom", "the named model"),
    means("host-model", "a model like the host's, with its features written out"),
    means("host-passthrough", "the host's own CPU"),
    means("maximum", "all that the hypervisor can do").since(7, 1, 0).only(Drivers::QEMU),
]);

static MATCHES: Value = Value::Words(&[
    means("minimum", "at least what is asked"),
    means("exact", "just what is asked"),
    means("strict", "only on a host whose CPU is just so"),
]);

static CHECKS: Value =
    Value::Words(&[means("none", "not at all"), means("partial", "before the start"), means("full", "after the start too")]);

static MODEL: Element = element("model", "the model's name", CHAPTER).text(&Value::Any).attrs(&[
    optional("fallback", &FALLBACKS, "whether a similar model will do").since(0, 9, 10),
    optional("vendor_id", &CPU_VENDOR, "the maker that the guest reads").since(0, 10, 0),
]);

static FALLBACKS: Value = Value::Words(&[means("allow", "it will"), means("forbid", "it will not: the domain does not start")]);

static TOPOLOGY: Element = element("topology", "how the CPUs are grouped; the product is their number", CHAPTER).attrs(&[
    required("sockets", &POSITIVE, "how many sockets"),
    optional("dies", &POSITIVE, "how many dies in a socket").since(6, 1, 0),
    optional("clusters", &POSITIVE, "how many clusters in a die").since(10, 1, 0),
    required("cores", &POSITIVE, "how many cores in a cluster"),
    required("threads", &POSITIVE, "how many threads in a core"),
]);

static FEATURE: Element = element("feature", "a feature that the model has not, or should not have", CHAPTER)
    .attrs(&[required("policy", &POLICIES, "what is asked of it"), required("name", &ALIAS_NAME, "the feature")]);

static POLICIES: Value = Value::Words(&[
    means("force", "the guest sees it, whether the host has it or not"),
    means("require", "the guest sees it; without it the domain does not start"),
    means("optional", "the guest sees it where the host has it"),
    means("disable", "the guest does not see it"),
    means("forbid", "on a host that has it the domain does not start"),
]);

static LEVELS: Value = Value::Words(&[word("1"), word("2"), word("3")]);

static CACHE_MODES: Value =
    Value::Words(&[means("emulate", "invented ones"), means("passthrough", "those of the host's CPU"), means("disable", "none")]);

static ADDRESS_MODES: Value = Value::Words(&[means("emulate", "`bits`"), means("passthrough", "the host's CPU")]);

static NUMA: Element = element("numa", "the guest's NUMA nodes", CHAPTER)
    .since(0, 9, 8)
    .only(Drivers::QEMU.and(Drivers::XEN).and(Drivers::BHYVE))
    .children(&[some(&CELL), maybe(&INTERCONNECTS)]);

static CELL: Element = element("cell", "a NUMA node", CHAPTER)
    .attrs(&[
        optional("id", &U32, "its number from 0; else by its turn").since(1, 2, 7),
        optional("cpus", &CPU_SET, "the guest's CPUs that belong to it"),
        required("memory", &U64, "how much memory it has, in KiB where no unit is given"),
        optional("unit", &UNIT, "the unit of the memory").since(1, 2, 11),
        optional("memAccess", &ACCESS, "who sees what is written to it").since(1, 2, 9),
        optional("discard", &YES_NO, "whether it is thrown away when the guest ends").since(4, 4, 0).only(Drivers::QEMU),
    ])
    .children(&[
        maybe(
            &element("distances", "how far it is to the other nodes", CHAPTER)
                .since(3, 10, 0)
                .only(Drivers::QEMU.and(Drivers::XEN))
                .children(&[some(&element("sibling", "how far it is to one node", CHAPTER).attrs(&[
                    required("id", &U32, "the other node"),
                    required("value", &DISTANCE, "the distance; 10 is the node itself"),
                ]))]),
        ),
        any(&SIDE_CACHE),
    ])
    .variants(&[by_attr("cpus", &[]).absent(&WITHOUT_CPUS)]);

static WITHOUT_CPUS: Body = EMPTY.since(6, 6, 0);

static DISTANCE: Value = Value::Number(10, 255);

static SIDE_CACHE: Element = element("cache", "a cache before the node's memory", HMAT)
    .since(6, 6, 0)
    .attrs(&[
        required("level", &U32, "its level"),
        required("associativity", &ASSOCIATIVITIES, "where a line may lie"),
        required("policy", &CACHE_POLICIES, "when what is written reaches the memory"),
    ])
    .children(&[
        once(&element("size", "its size", HMAT).attrs(WITH_UNIT)),
        once(&element("line", "the size of a line", HMAT).attrs(WITH_UNIT)),
    ]);

static WITH_UNIT: &[Attr] = &[required("value", &U32, "the amount"), required("unit", &UNIT, "its unit")];

static ASSOCIATIVITIES: Value = Value::Words(&[word("none"), means("direct", "in one place"), means("full", "anywhere")]);

static CACHE_POLICIES: Value =
    Value::Words(&[word("none"), means("writeback", "when the line is given up"), means("writethrough", "at once")]);

static INTERCONNECTS: Element = element("interconnects", "how fast the nodes reach each other's memory", HMAT).since(6, 6, 0).children(&[
    any(&element("latency", "nanoseconds until an access is done", HMAT).attrs(ACCESS_PATH)),
    any(&element("bandwidth", "how much can be moved in a second", HMAT).attrs(ACCESS_PATH).also(&[&EMPTY.attrs(&[required(
        "unit",
        &UNIT,
        "the unit of the amount",
    )])])),
]);

static ACCESS_PATH: &[Attr] = &[
    required("initiator", &U32, "the node that asks"),
    required("target", &U32, "the node that has the memory"),
    optional("cache", &U32, "the level of the target's cache, where it is that"),
    required("type", &ACCESS_KINDS, "the kind of access"),
    required("value", &U32, "the amount"),
];

static ACCESS_KINDS: Value = Value::Words(&[means("access", "both"), word("read"), word("write")]);

#[cfg(test)]
mod tests {
    use super::super::domain::faults;

    #[test]
    fn models_and_nodes() {
        assert!(faults("<cpu mode='host-passthrough' migratable='off'><cache mode='passthrough'/></cpu>").is_empty());
        assert!(faults("<cpu><model vendor_id='GenuineIntel'/><feature policy='disable' name='vmx'/></cpu>").is_empty());
        let cache = "<cache level='1' associativity='full' policy='none'><size value='1' unit='KiB'/><line value='8' unit='B'/></cache>";
        let cell = format!("<cell id='0' cpus='0' memory='9'><distances><sibling id='0' value='10'/></distances>{cache}</cell>");
        let paths = "<interconnects><latency initiator='0' target='0' type='read' value='5'/></interconnects>";
        assert!(faults(&format!("<cpu><numa>{cell}{paths}</numa></cpu>")).is_empty());
        assert_eq!(faults("<cpu><topology sockets='1' cores='0' threads='1'/></cpu>"), ["structure-bad-value"]);
        assert_eq!(faults("<cpu><cell memory='9'/></cpu>"), ["structure-misplaced-element"]);
    }
}

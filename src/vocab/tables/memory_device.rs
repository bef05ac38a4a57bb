//! Memory devices: modules that one may plug in.

use super::common::{ACPI_INDEX, ADDRESS, ALIAS, VIRTIO, scaled};
use super::pattern::{ABSOLUTE_PATH, CPU_SET, HEX, U32, UUID, YES_NO};
use super::value::{Value, means, word};
use super::{Drivers, EMPTY, Element, element, maybe, once, optional, required};

const CHAPTER: &str = "memory-devices";

/// `<memory>` among the devices.
pub static MEMORY_DEVICE: Element = element("memory", "a memory module", CHAPTER)
    .since(1, 2, 14)
    .attrs(&[
        required("model", &MODELS, "the kind of memory"),
        optional("access", &ACCESS, "whether other processes see it").since(3, 2, 0),
        optional("discard", &YES_NO, "whether what it held may be dropped when the guest ends").since(4, 4, 0).only(Drivers::QEMU),
    ])
    .children(&[
        maybe(&element("uuid", "the UUID of an `nvdimm`, for pSeries", CHAPTER).since(6, 2, 0).text(&UUID)),
        maybe(&element("driver", "options of virtio", CHAPTER).since(11, 9, 0).attrs(VIRTIO)),
        maybe(&SOURCE),
        once(&TARGET),
        maybe(&ADDRESS),
        maybe(&ALIAS),
        maybe(&ACPI_INDEX),
    ]);

static MODELS: Value = Value::Words(&[
    means("dimm", "an ordinary module"),
    means("nvdimm", "a module that keeps its contents").since(3, 2, 0),
    means("virtio-pmem", "virtio, keeping its contents in a file").since(7, 1, 0),
    means("virtio-mem", "virtio, of a size that changes while the guest runs").since(7, 9, 0),
    means("sgx-epc", "the encrypted pages of SGX").since(8, 10, 0).only(Drivers::QEMU),
]);
static ACCESS: Value = Value::Words(&[word("shared"), word("private")]);

static SOURCE: Element = element("source", "where the host takes the memory from", CHAPTER).forms(&[
    EMPTY.children(&[
        maybe(&scaled("pagesize", "the size of its pages on the host", CHAPTER)),
        maybe(&element("nodemask", "the NUMA nodes of the host that it comes from", CHAPTER).text(&CPU_SET)),
    ]),
    EMPTY.children(&[
        once(&element("path", "the file or device that it is", CHAPTER).text(&ABSOLUTE_PATH)),
        maybe(&scaled("alignsize", "to what amount it is aligned", CHAPTER).since(5, 0, 0)),
        maybe(&element("pmem", "what was written to it must not be lost", CHAPTER).since(5, 0, 0)),
    ]),
]);

static TARGET: Element = element("target", "what the guest sees of it", CHAPTER)
    .attrs(&[optional("dynamicMemslots", &YES_NO, "whether `virtio-mem` takes slots of memory as it needs them")
        .since(10, 1, 0)
        .only(Drivers::QEMU)])
    .children(&[
        once(&scaled("size", "its size; of `virtio-mem` the most it may become", CHAPTER)),
        maybe(&element("node", "the NUMA node of the guest that it belongs to", CHAPTER).text(&U32)),
        maybe(&scaled("block", "the steps in which the size of `virtio-mem` changes", CHAPTER).since(7, 9, 0)),
        maybe(&scaled("requested", "the size that `virtio-mem` should have", CHAPTER).since(7, 9, 0)),
        maybe(&scaled("current", "written by libvirt: the size that `virtio-mem` has", CHAPTER).since(7, 9, 0)),
        maybe(&LABEL),
        maybe(&element("readonly", "the guest may not write to an `nvdimm`", CHAPTER).since(5, 0, 0)),
        maybe(&element("address", "where it is in the guest's memory", CHAPTER).since(9, 4, 0).attrs(&[required(
            "base",
            &HEX,
            "where it begins",
        )])),
    ]);

static LABEL: Element = element("label", "the labels that an `nvdimm` keeps of its namespaces", CHAPTER)
    .since(3, 2, 0)
    .children(&[once(&scaled("size", "the room for them", CHAPTER))]);

#[cfg(test)]
mod tests {
    use super::super::domain::faults;

    fn of_memory(attrs: &str, parts: &str) -> Vec<&'static str> {
        faults(&format!("<devices><memory {attrs}>{parts}</memory></devices>"))
    }

    #[test]
    fn every_kind_of_memory() {
        for (attrs, parts) in [
            (
                "model='dimm' discard='yes'",
                "<source><nodemask>1-3</nodemask><pagesize>1</pagesize></source><target><size>1</size></target>",
            ),
            (
                "model='nvdimm' access='shared'",
                "<source><path>/a</path><pmem/></source><target><size>1</size><label><size>1</size></label><readonly/></target>",
            ),
            ("model='virtio-mem'", "<target dynamicMemslots='yes'><size>1</size><block>1</block><address base='0x1'/></target>"),
            ("model='sgx-epc'", "<target><size unit='KiB'>1</size></target><address type='dimm' slot='0'/>"),
        ] {
            assert!(of_memory(attrs, parts).is_empty(), "{attrs} {parts}: {:?}", of_memory(attrs, parts));
        }
    }

    #[test]
    fn what_does_not_go_with_memory() {
        assert_eq!(of_memory("model='dimm'", ""), ["structure-missing-element"]);
        assert_eq!(
            of_memory("model='dimm'", "<source><path>/a</path><nodemask>1</nodemask></source><target><size>1</size></target>"),
            ["structure-misplaced-element"]
        );
        assert_eq!(of_memory("model='dim'", "<target><size>1</size></target>"), ["structure-bad-value"]);
        assert_eq!(of_memory("model='dimm'", "<target><size>many</size></target>"), ["structure-bad-text"]);
    }
}

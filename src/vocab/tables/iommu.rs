//! IOMMUs for the guest's devices.

use super::common::{ACPI_INDEX, ADDRESS, ALIAS};
use super::pattern::{BYTE, INT, ON_OFF, U32, UNIT};
use super::value::{Value, means, word};
use super::{Drivers, EMPTY, Element, element, maybe, optional, required};

const CHAPTER: &str = "iommu-devices";

/// `<iommu>`.
pub static IOMMU: Element = element("iommu", "an IOMMU for the guest's devices", CHAPTER)
    .since(2, 1, 0)
    .only(Drivers::QEMU)
    .attrs(&[required("model", &MODELS, "the one that the guest sees")])
    .children(&[maybe(&DRIVER), maybe(&ACPI_INDEX), maybe(&ADDRESS), maybe(&ALIAS)]);

static MODELS: Value = Value::Words(&[
    means("intel", "Intel's VT-d, for q35 machines"),
    means("amd", "AMD's, for q35 machines").since(11, 5, 0),
    means("virtio", "virtio, for q35 and ARM machines").since(8, 3, 0),
    means("smmuv3", "ARM's SMMUv3, for ARM machines").since(5, 5, 0),
]);

static DRIVER: Element = element("driver", "what it can do", CHAPTER)
    .attrs(&[
        optional("intremap", &ON_OFF, "whether interrupts are mapped too").since(3, 4, 0),
        optional("caching_mode", &ON_OFF, "whether the guest tells of every change, as devices of the host need it").since(3, 4, 0),
        optional("eim", &ON_OFF, "whether there may be more than 255 CPUs").since(3, 4, 0),
        optional("iotlb", &ON_OFF, "whether what devices ask is kept in a cache").since(3, 5, 0),
        optional("aw_bits", &BYTE, "how many bits an address has").since(6, 5, 0),
        optional("dma_translation", &ON_OFF, "whether addresses of devices are mapped at all").since(10, 7, 0),
        optional("xtsup", &ON_OFF, "whether there may be more than 255 CPUs, on `amd`").since(11, 5, 0),
        optional("passthrough", &ON_OFF, "whether the guest may leave devices unmapped, on `amd`").since(11, 5, 0),
        optional("pciBus", &U32, "the index of the PCI bus that it serves").since(11, 10, 0),
        optional("accel", &ON_OFF, "whether the host's own SMMU does the work").since(12, 7, 0),
        optional("ats", &ON_OFF, "address translation services, for devices with a cache").since(12, 7, 0),
        optional("ril", &ON_OFF, "whether a range may be dropped from caches at once").since(12, 7, 0),
        optional("ssidsize", &INT, "how many bits tell a device's address spaces apart").since(12, 7, 0),
        optional("oas", &INT, "how many bits an address has on the other side").since(12, 7, 0),
        optional("cmdqv", &ON_OFF, "whether the guest has command queues of its own").since(12, 7, 0),
    ])
    .children(&[maybe(&GRANULE)]);

static GRANULE: Element = element("granule", "the smallest part of memory that it maps", CHAPTER).since(12, 1, 0).forms(&[
    EMPTY.attrs(&[required("size", &U32, "its size"), optional("unit", &UNIT, "the unit of the size")]),
    EMPTY.attrs(&[required("mode", &HOST, "where the size comes from")]),
]);
static HOST: Value = Value::Words(&[word("host")]);

#[cfg(test)]
mod tests {
    use super::super::devices::faults;

    #[test]
    fn models_and_options() {
        assert!(faults("<iommu model='intel'><driver intremap='on' eim='on' aw_bits='48'/></iommu><iommu model='virtio'/>").is_empty());
        assert!(faults("<iommu model='virtio'><driver><granule size='64' unit='KiB'/></driver></iommu>").is_empty());
        assert!(faults("<iommu model='virtio'><driver><granule mode='host'/></driver></iommu>").is_empty());
        assert_eq!(faults("<iommu model='intle'><driver intremap='yes'/></iommu>"), ["structure-bad-value", "structure-bad-value"]);
        assert_eq!(faults("<iommu model='virtio'><driver><granule/></driver></iommu>"), ["structure-missing-attribute"]);
        assert_eq!(
            faults("<iommu model='virtio'><driver><granule mode='host' unit='KiB'/></driver></iommu>"),
            ["structure-unknown-attribute"]
        );
    }
}

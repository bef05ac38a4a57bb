//! What a guest shares with its host and others: memory that it gives back, memory that others see, sockets.

use super::common::{ACPI_INDEX, ADDRESS, ALIAS, VIRTIO, VIRTIO_MODELS, scaled};
use super::pattern::{ABSOLUTE_PATH, ON_OFF, POSITIVE, SHMEM_NAME, U32, YES_NO};
use super::value::{Value, means};
use super::{Drivers, Element, element, maybe, optional, required};

const BALLOON: &str = "memory-balloon-device";
const SHMEM_CHAPTER: &str = "shared-memory-device";

/// `<memballoon>`.
pub static MEMBALLOON: Element = element("memballoon", "what takes memory from the guest and gives it back", BALLOON)
    .only(Drivers::QEMU.and(Drivers::XEN))
    .attrs(&[
        required("model", &BALLOONS, "the device that the guest sees"),
        optional("autodeflate", &ON_OFF, "whether it gives memory back before the guest kills a program for want of it")
            .since(1, 3, 1)
            .only(Drivers::QEMU),
        optional("freePageReporting", &ON_OFF, "whether the host gets pages that the guest does not use")
            .since(6, 9, 0)
            .only(Drivers::QEMU),
    ])
    .children(&[
        maybe(&ALIAS),
        maybe(&ACPI_INDEX),
        maybe(&ADDRESS),
        maybe(
            &element("stats", "how often the guest tells about its memory", BALLOON).since(1, 1, 1).only(Drivers::QEMU).attrs(&[required(
                "period",
                &POSITIVE,
                "seconds between two reports",
            )]),
        ),
        maybe(&element("driver", "options of virtio", BALLOON).since(3, 5, 0).attrs(VIRTIO)),
    ]);

static BALLOONS: Value = Value::Either(&[&VIRTIO_MODELS, &OTHER_BALLOONS]);
static OTHER_BALLOONS: Value = Value::Words(&[means("xen", "Xen's").only(Drivers::XEN), means("none", "none at all, and none made up")]);

/// `<shmem>`.
pub static SHMEM: Element = element("shmem", "memory shared with other domains", SHMEM_CHAPTER)
    .since(1, 2, 10)
    .only(Drivers::QEMU)
    .attrs(&[
        required("name", &SHMEM_NAME, "its name, by which the others find it"),
        optional("role", &ROLES, "whether it goes along when the domain migrates").since(6, 6, 0),
    ])
    .children(&[
        maybe(&element("model", "the device that the guest sees", SHMEM_CHAPTER).attrs(&[required("type", &SHMEM_MODELS, "its kind")])),
        maybe(&scaled("size", "how much it is: a power of two, 1 MiB or more", SHMEM_CHAPTER)),
        maybe(&element("server", "the program that tells the others of interrupts", SHMEM_CHAPTER).attrs(&[optional(
            "path",
            &ABSOLUTE_PATH,
            "its socket",
        )])),
        maybe(&element("msi", "interrupts by messages, with a `server`", SHMEM_CHAPTER).attrs(&[
            optional("ioeventfd", &ON_OFF, "whether the guest's notices are taken by a thread of their own"),
            optional("vectors", &U32, "how many interrupts there are"),
        ])),
        maybe(&ALIAS),
        maybe(&ACPI_INDEX),
        maybe(&ADDRESS),
    ]);

static ROLES: Value = Value::Words(&[means("master", "it does"), means("peer", "it does not, and the domain cannot")]);
static SHMEM_MODELS: Value = Value::Words(&[
    means("ivshmem-plain", "memory alone").since(2, 5, 0),
    means("ivshmem-doorbell", "memory and interrupts, with a `server`").since(2, 5, 0),
    means("ivshmem", "either, as it was before; newer QEMUs have no such device"),
]);

/// `<vsock>`.
pub static VSOCK: Element = element("vsock", "sockets between the host and the guest", "vsock")
    .since(4, 4, 0)
    .attrs(&[optional("model", &VIRTIO_MODELS, "the device that the guest sees")])
    .children(&[
        maybe(&element("cid", "the guest's number", "vsock").attrs(&[
            optional("auto", &YES_NO, "whether libvirt chooses a free one at each start"),
            optional("address", &U32, "the number, from 3 on"),
        ])),
        maybe(&ADDRESS),
        maybe(&ALIAS),
        maybe(&ACPI_INDEX),
        maybe(&element("driver", "options of virtio", "vsock").since(7, 1, 0).attrs(VIRTIO)),
    ]);

#[cfg(test)]
mod tests {
    use super::super::devices::faults;

    #[test]
    fn memory_and_sockets() {
        assert!(faults("<memballoon model='virtio' autodeflate='on'><stats period='10'/><driver iommu='on'/></memballoon>").is_empty());
        assert!(faults("<shmem name='a' role='peer'><model type='ivshmem-plain'/><size unit='M'>4</size></shmem>").is_empty());
        assert!(
            faults(
                "<shmem name='b'><server path='/s'/><msi vectors='32' ioeventfd='on'/></shmem><vsock><cid auto='no' address='3'/></vsock>"
            )
            .is_empty()
        );
        assert_eq!(faults("<memballoon/>"), ["structure-missing-attribute"]);
        assert_eq!(faults("<memballoon model='virtoi'><stats period='0'/></memballoon>"), ["structure-bad-value", "structure-bad-value"]);
        assert_eq!(faults("<shmem name='a/b'><size unit='M'>four</size></shmem>"), ["structure-bad-value", "structure-bad-text"]);
        assert_eq!(faults("<vsock><cid address='-1'/></vsock>"), ["structure-bad-value"]);
    }
}

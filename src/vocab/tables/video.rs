//! Graphics cards.

use super::common::{ACPI_INDEX, ADDRESS, ALIAS, VIRTIO};
use super::pattern::{ABSOLUTE_PATH, ON_OFF, U32, YES_NO};
use super::value::{Value, means, word};
use super::{Body, Drivers, EMPTY, Element, by_attr, case, element, maybe, optional, required};

const CHAPTER: &str = "video-devices";

/// `<video>`.
pub static VIDEO: Element = element("video", "a graphics card", CHAPTER).children(&[
    maybe(&DRIVER),
    maybe(&MODEL),
    maybe(&ALIAS),
    maybe(&ACPI_INDEX),
    maybe(&ADDRESS),
]);

static DRIVER: Element = element("driver", "how the host does its work", CHAPTER)
    .attrs(&[
        optional("name", &DRIVERS, "the program that does it").since(5, 8, 0),
        optional("vgaconf", &VGACONF, "how `gop` shows VGA").since(3, 5, 0).only(Drivers::BHYVE),
    ])
    .also(&[&VIRTIO_OPTIONS]);

static VIRTIO_OPTIONS: Body = EMPTY.attrs(VIRTIO);

static DRIVERS: Value = Value::Words(&[means("qemu", "QEMU itself"), means("vhostuser", "a process of its own, for `virtio`")]);
static VGACONF: Value = Value::Words(&[word("io"), word("on"), word("off")]);

static MODEL: Element = element("model", "the card that the guest sees", CHAPTER)
    .attrs(&[
        required("type", &MODELS, "its name"),
        optional("vram", &U32, "its memory in KiB; of `qxl`, the second part of it")
            .only(Drivers::QEMU.and(Drivers::XEN).and(Drivers::VMWARE).and(Drivers::VIRTUALBOX).and(Drivers::VIRTUOZZO)),
        optional("heads", &U32, "how many screens it has"),
        optional("primary", &YES_NO, "whether it is the first of several cards").since(1, 0, 2),
        optional("blob", &ON_OFF, "whether pictures of `virtio` are passed on without a copy").since(9, 2, 0).only(Drivers::QEMU),
        optional("edid", &ON_OFF, "whether the guest can ask what screens can do").since(11, 7, 0).only(Drivers::QEMU),
    ])
    .children(&[maybe(&ACCELERATION), maybe(&RESOLUTION)])
    .variants(&[by_attr(
        "type",
        &[
            case(
                &["qxl"],
                EMPTY.attrs(&[
                    optional("ram", &U32, "the first part of its memory in KiB").since(1, 0, 2).only(Drivers::QEMU),
                    optional("vgamem", &U32, "the memory of its VGA mode in KiB").since(1, 2, 11).only(Drivers::QEMU),
                    optional("vram64", &U32, "memory in KiB beyond `vram`, at 64-bit addresses").since(1, 3, 3).only(Drivers::QEMU),
                ]),
            ),
            case(
                &["virtio"],
                EMPTY.attrs(&[optional("device", &VIRTIO_DEVICES, "QEMU's name of the device").since(12, 5, 0).only(Drivers::QEMU)]),
            ),
        ],
    )]);

static MODELS: Value = Value::Words(&[
    means("virtio", "virtio, with OpenGL where that is asked for").since(1, 3, 0),
    means("vga", "plain VGA, which every guest can drive"),
    means("qxl", "the card of SPICE"),
    means("cirrus", "a Cirrus card of old"),
    means("bochs", "VGA without the ports of old, for UEFI guests").since(5, 6, 0),
    means("ramfb", "a picture in the guest's memory, until its driver comes").since(5, 9, 0),
    means("vmvga", "VMware's card"),
    means("xen", "Xen's card").only(Drivers::XEN),
    means("vbox", "VirtualBox's card").only(Drivers::VIRTUALBOX),
    means("gop", "bhyve's card").since(3, 2, 0).only(Drivers::BHYVE),
    means("none", "no card at all, and none made up").since(4, 6, 0),
]);

static VIRTIO_DEVICES: Value = Value::Words(&[
    word("virtio-vga"),
    word("virtio-vga-gl"),
    word("virtio-gpu"),
    word("virtio-gpu-gl"),
    word("vhost-user-vga"),
    word("vhost-user-gpu"),
]);

static ACCELERATION: Element = element("acceleration", "whether the host helps to draw", CHAPTER).attrs(&[
    optional("accel3d", &YES_NO, "in three dimensions").only(Drivers::QEMU.and(Drivers::VIRTUALBOX).and(Drivers::VIRTUOZZO)),
    optional("accel2d", &YES_NO, "in two").only(Drivers::VIRTUALBOX.and(Drivers::VIRTUOZZO)),
    optional("rendernode", &ABSOLUTE_PATH, "the DRI device of the host that draws, for `vhostuser`").since(5, 8, 0),
]);

static RESOLUTION: Element = element("resolution", "the size of the screen that the guest should choose", CHAPTER)
    .since(5, 9, 0)
    .attrs(&[required("x", &U32, "its width"), required("y", &U32, "its height")]);

#[cfg(test)]
mod tests {
    use super::super::devices::faults;

    #[test]
    fn cards() {
        assert!(faults("<video/><video><model type='virtio' heads='1' device='virtio-gpu'><acceleration accel3d='yes'/><resolution x='1' y='2'/></model></video>").is_empty());
        assert!(
            faults("<video><driver name='vhostuser' iommu='on'/><model type='qxl' ram='65536' vram='65536' vgamem='16384'/></video>")
                .is_empty()
        );
        assert_eq!(faults("<video><model type='vga' ram='65536'/></video>"), ["structure-unknown-attribute"]);
        assert_eq!(
            faults("<video><model type='virtoi'><resolution x='1'/></model></video>"),
            ["structure-bad-value", "structure-missing-attribute"]
        );
    }
}

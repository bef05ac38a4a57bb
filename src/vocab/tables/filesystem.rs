//! Folders and images of the host that the guest mounts.

use super::common::{ACPI_INDEX, ADDRESS, ALIAS, BOOT, VIRTIO, VIRTIO_MODELS, scaled};
use super::disk::STORAGE_FORMATS;
use super::os::IDMAP;
use super::pattern::{ABSOLUTE_FOLDER, ABSOLUTE_PATH, CREATE_MODE, GENERIC_NAME, INTEGER, ON_OFF, POSITIVE, U32, U64, UNIT};
use super::value::{Value, means, word};
use super::{Body, Drivers, EMPTY, Element, by_attr, case, element, maybe, once, optional, required};

const CHAPTER: &str = "filesystems";

/// `<filesystem>`.
pub static FILESYSTEM: Element = element("filesystem", "a folder or an image of the host that the guest mounts", CHAPTER)
    .attrs(&[
        optional("type", &TYPES, "what is mounted: a folder of the host where it is not said"),
        optional("model", &VIRTIO_MODELS, "the model of the device").since(5, 2, 0),
        optional("accessmode", &ACCESS_MODES, "as whom files are opened on the host"),
        optional("multidevs", &MULTIDEVS, "what happens where the folder holds several devices").since(6, 3, 0).only(Drivers::QEMU),
        optional("fmode", &CREATE_MODE, "the mode of new files, with `mapped`").since(6, 10, 0).only(Drivers::QEMU),
        optional("dmode", &CREATE_MODE, "the mode of new folders, with `mapped`").since(6, 10, 0).only(Drivers::QEMU),
    ])
    .children(&[
        maybe(&DRIVER),
        once(&TARGET),
        maybe(&READ_ONLY),
        maybe(&FOLDER_BOOT),
        maybe(&ALIAS),
        maybe(&ACPI_INDEX),
        maybe(&ADDRESS),
        maybe(&HARD_LIMIT),
        maybe(&SOFT_LIMIT),
    ])
    .variants(&[by_attr(
        "type",
        &[
            case(&["mount"], MOUNT),
            case(&["bind"], EMPTY.children(&[once(&SOURCE_BIND)])),
            case(&["file"], EMPTY.children(&[once(&SOURCE_FILE)])),
            case(&["block"], EMPTY.children(&[once(&SOURCE_BLOCK)])),
            case(&["template"], EMPTY.children(&[once(&SOURCE_TEMPLATE)])),
            case(&["ram"], EMPTY.children(&[once(&SOURCE_RAM)])),
        ],
    )
    .absent(&MOUNT)]);

static TYPES: Value = Value::Words(&[
    means("mount", "a folder of the host"),
    means("template", "a template, by its name").only(Drivers::OPENVZ.and(Drivers::VIRTUOZZO)),
    means("file", "an image file of the host").only(Drivers::LXC.and(Drivers::VIRTUOZZO)),
    means("block", "a block device of the host").since(0, 9, 5).only(Drivers::LXC),
    means("ram", "memory of the host").since(0, 9, 13).only(Drivers::LXC),
    means("bind", "another folder of the guest").since(0, 9, 13).only(Drivers::LXC),
]);

static ACCESS_MODES: Value = Value::Words(&[
    means("passthrough", "as the user of the guest"),
    means("mapped", "as the user of the emulator, the guest's view kept beside the files").only(Drivers::QEMU),
    means("squash", "as the user of the guest, where that fails as the emulator's").only(Drivers::QEMU),
]);

static MULTIDEVS: Value = Value::Words(&[
    word("default"),
    means("remap", "numbers of files are changed so that none collide"),
    means("forbid", "the guest sees one device alone"),
    means("warn", "numbers of files may collide"),
]);

static FOLDER_BOOT: Element = BOOT.since(7, 1, 0);
static VIRTIOFS_IDMAP: Element = IDMAP.since(10, 0, 0).only(Drivers::QEMU);
static MOUNT: Body = EMPTY.children(&[once(&SOURCE_MOUNT), maybe(&BINARY), maybe(&VIRTIOFS_IDMAP)]);

static SOURCE_MOUNT: Element = element("source", "the folder, or the daemon that serves it", CHAPTER).forms(&[
    EMPTY.attrs(&[required("dir", &ABSOLUTE_FOLDER, "the folder")]),
    EMPTY.attrs(&[required("socket", &ABSOLUTE_PATH, "the socket of a virtiofsd that runs already").since(7, 3, 0)]),
]);
static SOURCE_BIND: Element =
    element("source", "the folder", CHAPTER).attrs(&[required("dir", &ABSOLUTE_FOLDER, "the folder, as the guest sees it")]);
static SOURCE_FILE: Element = element("source", "the image", CHAPTER).attrs(&[required("file", &ABSOLUTE_PATH, "the file")]);
static SOURCE_BLOCK: Element = element("source", "the block device", CHAPTER).attrs(&[required("dev", &ABSOLUTE_PATH, "the device")]);
static SOURCE_TEMPLATE: Element = element("source", "the template", CHAPTER).attrs(&[required("name", &GENERIC_NAME, "its name")]);
static SOURCE_RAM: Element = element("source", "the memory", CHAPTER)
    .attrs(&[required("usage", &U64, "how much it may be"), optional("units", &UNIT, "the unit of the amount: KiB where it is not said")]);

static TARGET: Element =
    element("target", "where the guest mounts it", CHAPTER).attrs(&[required("dir", &Value::Any, "a folder, or for QEMU a tag")]);

static READ_ONLY: Element = element("readonly", "the guest may not write", CHAPTER);
static HARD_LIMIT: Element = scaled("space_hard_limit", "the most that may be written", CHAPTER).since(0, 9, 13).only(Drivers::OPENVZ);
static SOFT_LIMIT: Element = scaled("space_soft_limit", "how much may be written for long", CHAPTER).since(0, 9, 13).only(Drivers::OPENVZ);

static DRIVER: Element = element("driver", "how it comes to the guest", CHAPTER)
    .since(0, 9, 7)
    .attrs(&[optional("type", &DRIVERS, "the driver")])
    .variants(&[by_attr(
        "type",
        &[
            case(&["path", "handle", "loop", "nbd", "ploop"], COMMON_DRIVER),
            case(
                &["virtiofs"],
                EMPTY.attrs(&[optional("queue", &U32, "how many requests may wait").since(6, 2, 0)]).also(&[&EMPTY.attrs(VIRTIO)]),
            ),
            case(&["mtp"], EMPTY),
        ],
    )
    .absent(&COMMON_DRIVER)]);

static DRIVERS: Value = Value::Words(&[
    means("path", "9p").only(Drivers::QEMU),
    means("virtiofs", "virtiofs, which needs shared memory").since(6, 2, 0).only(Drivers::QEMU),
    means("handle", "9p, of old").since(0, 9, 7).only(Drivers::QEMU),
    means("loop", "a loop device").since(1, 0, 6).only(Drivers::LXC),
    means("nbd", "a network block device").since(1, 0, 6).only(Drivers::LXC),
    means("ploop", "a ploop image").only(Drivers::VIRTUOZZO),
    means("mtp", "a media player on USB").since(10, 2, 0).only(Drivers::QEMU),
]);

static COMMON_DRIVER: Body = EMPTY
    .attrs(&[
        optional("format", &STORAGE_FORMATS, "the format of the image").since(1, 0, 6).only(Drivers::LXC.and(Drivers::VIRTUOZZO)),
        optional("wrpolicy", &WRITE_POLICIES, "when the host writes out what the guest wrote").since(0, 9, 10),
    ])
    .also(&[&EMPTY.attrs(VIRTIO)]);
static WRITE_POLICIES: Value = Value::Words(&[means("immediate", "at once")]);

static BINARY: Element = element("binary", "the daemon of virtiofs", CHAPTER)
    .since(6, 2, 0)
    .only(Drivers::QEMU)
    .attrs(&[optional("path", &ABSOLUTE_PATH, "the program"), optional("xattr", &ON_OFF, "whether there are extended attributes")])
    .children(&[
        maybe(&element("cache", "what it keeps in memory", CHAPTER).attrs(&[optional("mode", &CACHE_MODES, "how much")])),
        maybe(&element("sandbox", "how it is held apart from the host", CHAPTER).since(7, 2, 0).attrs(&[optional(
            "mode",
            &SANDBOX_MODES,
            "the means",
        )])),
        maybe(
            &element("lock", "the locks that the guest may take", CHAPTER)
                .attrs(&[optional("posix", &ON_OFF, "locks of POSIX"), optional("flock", &ON_OFF, "locks of BSD")]),
        ),
        maybe(&element("thread_pool", "its threads", CHAPTER).since(8, 5, 0).attrs(&[optional("size", &INTEGER, "at most so many")])),
        maybe(&element("openfiles", "its open files", CHAPTER).since(10, 6, 0).attrs(&[optional("max", &POSITIVE, "at most so many")])),
    ]);
static CACHE_MODES: Value = Value::Words(&[word("none"), word("always")]);
static SANDBOX_MODES: Value = Value::Words(&[word("namespace"), word("chroot")]);

#[cfg(test)]
mod tests {
    use super::super::domain::faults;

    fn of_filesystem(attrs: &str, parts: &str) -> Vec<&'static str> {
        faults(&format!("<devices><filesystem {attrs}>{parts}<target dir='t'/></filesystem></devices>"))
    }

    #[test]
    fn every_kind_of_filesystem() {
        for (attrs, parts) in [
            ("accessmode='mapped' fmode='644' dmode='0755'", "<driver wrpolicy='immediate'/><source dir='/a'/>"),
            ("type='mount'", "<driver type='virtiofs' queue='1024'/><source socket='/a'/><binary><lock posix='on'/></binary>"),
            ("type='mount'", "<source dir='/a'/><idmap><uid start='0' target='1' count='1'/></idmap><driver type='mtp'/>"),
            ("type='file'", "<source file='/a'/><driver type='loop' format='raw'/>"),
            ("type='block'", "<source dev='/dev/sda'/><readonly/>"),
            ("type='template'", "<source name='a'/>"),
            ("type='ram'", "<source usage='1' units='MiB'/>"),
            ("type='bind'", "<source dir='/'/><space_hard_limit unit='GiB'>1</space_hard_limit>"),
        ] {
            assert!(of_filesystem(attrs, parts).is_empty(), "{attrs} {parts}: {:?}", of_filesystem(attrs, parts));
        }
    }

    #[test]
    fn what_does_not_go_with_a_filesystem() {
        assert_eq!(of_filesystem("type='ram'", "<source dir='/a'/>"), ["structure-missing-attribute", "structure-unknown-attribute"]);
        assert_eq!(of_filesystem("type='bind'", "<source dir='/a'/><binary/>"), ["structure-misplaced-element"]);
        assert_eq!(of_filesystem("", "<source dir='/a'/><driver queue='1'/>"), ["structure-unknown-attribute"]);
        assert_eq!(of_filesystem("fmode='1644'", "<source dir='/a'/>"), ["structure-bad-value"]);
        assert_eq!(of_filesystem("", ""), ["structure-missing-element"]);
    }
}

//! How the guest boots: firmware, a kernel given by the host, a bootloader of the host, or the first process of a container.

use super::disk::{DISK_TYPES, SOURCES};
use super::pattern::{ABSOLUTE_PATH, GENERIC_NAME, MACHINE, U16, U32, VARIABLE, VMWARE_PATH, YES_NO};
use super::value::{Value, means, word};
use super::{Attr, Body, By, Drivers, EMPTY, Element, any, by, case, element, maybe, once, optional, required, some};

const FIRMWARE: &str = "bios-bootloader";
const DIRECT: &str = "direct-kernel-boot";
const CONTAINER: &str = "container-boot";

/// `<os>`.
pub static OS: Element =
    element("os", "what the guest boots, and how", "operating-system-booting").children(&[once(&TYPE)]).variants(&[by(
        By::ChildText("type"),
        &[case(&["hvm"], HVM), case(&["xen", "linux", "xenpvh"], KERNEL), case(&["exe"], EXE)],
    )
    .absent(&HVM)]);

static TYPE: Element = element("type", "what kind of system the guest is written for", FIRMWARE).text(&KINDS).variants(&[by(
    By::Text,
    &[
        case(
            &["hvm"],
            EMPTY.attrs(&[
                optional("arch", &ARCHITECTURES, "the architecture of its CPUs; else the host's"),
                optional("machine", &MACHINE, "the machine type, an alias or a versioned one"),
            ]),
        ),
        case(
            &["xen", "linux", "xenpvh"],
            EMPTY.attrs(&[
                optional("arch", &XEN_ARCHITECTURES, "the architecture of its CPUs; else the host's"),
                optional("machine", &XEN_MACHINES, "the machine type"),
            ]),
        ),
        case(&["exe"], EMPTY.attrs(&[optional("arch", &ARCHITECTURES, "the architecture of its programs; else the host's")])),
    ],
)]);

static KINDS: Value = Value::Words(&[
    means("hvm", "a system for bare metal: full virtualization"),
    means("linux", "a paravirtual guest of Xen").only(Drivers::XEN),
    means("xen", "a paravirtual guest of Xen").only(Drivers::XEN),
    means("xenpvh", "a PVH guest of Xen").since(4, 10, 0).only(Drivers::XEN),
    means("exe", "a process: a container").only(Drivers::LXC.and(Drivers::OPENVZ).and(Drivers::VIRTUOZZO)),
]);

static HVM: Body = EMPTY
    .attrs(&[optional("firmware", &FIRMWARES, "which firmware libvirt is to choose by itself").since(5, 2, 0)])
    .children(&[
        maybe(&FIRMWARE_FEATURES),
        maybe(&LOADER),
        any(&element("boot", "a kind of device to boot from; the order counts", FIRMWARE).attrs(&[required(
            "dev",
            &BOOT_DEVICES,
            "the kind of device",
        )])),
        maybe(&element("bootmenu", "whether the user may choose at boot what to boot", FIRMWARE).attrs(&[
            required("enable", &YES_NO, "whether there is a menu"),
            optional("timeout", &U16, "milliseconds before it is left").since(1, 2, 8),
        ])),
        maybe(&element("smbios", "where the guest's SMBIOS information comes from", FIRMWARE).attrs(&[required(
            "mode",
            &SMBIOS_MODES,
            "its source",
        )])),
        maybe(&element("bios", "settings of the BIOS", FIRMWARE).since(0, 9, 4).attrs(&[
            optional("useserial", &YES_NO, "whether its messages go to a serial port"),
            optional("rebootTimeout", &REBOOT_TIMEOUT, "milliseconds before it tries again; -1 never").since(0, 10, 2).only(Drivers::QEMU),
        ])),
        maybe(
            &element("acpi", "ACPI tables to add", DIRECT)
                .since(1, 3, 5)
                .only(Drivers::QEMU.and(Drivers::XEN))
                .children(&[any(&ACPI_TABLE)]),
        ),
    ])
    .also(&[&KERNEL])
    .forms(&[EMPTY.children(&[maybe(&NVRAM)]), EMPTY.children(&[once(&VARSTORE)])]);

static FIRMWARES: Value = Value::Words(&[word("bios"), word("efi")]);

static FIRMWARE_FEATURES: Element = element("firmware", "what the firmware that libvirt chooses must be able to do", FIRMWARE)
    .since(7, 2, 0)
    .only(Drivers::QEMU.and(Drivers::VMWARE).and(Drivers::HYPER_V))
    .children(&[some(
        &element("feature", "a feature it must have, or must not", FIRMWARE)
            .attrs(&[required("enabled", &YES_NO, "`no`: it must not have it"), required("name", &FEATURES, "the feature")]),
    )]);

static FEATURES: Value = Value::Words(&[
    means("enrolled-keys", "the usual certificates are enrolled, so that unsigned code does not boot"),
    means("secure-boot", "it can check signatures at boot"),
]);

static LOADER: Element = element("loader", "the firmware's image", FIRMWARE).text(&PATH_OR_NOTHING).attrs(&[
    optional("readonly", &YES_NO, "whether the guest may not change the image").since(1, 2, 8),
    optional("secure", &YES_NO, "whether it can do Secure Boot").since(2, 1, 0),
    optional("type", &LOADER_TYPES, "where the guest finds it").since(1, 2, 8),
    optional("stateless", &YES_NO, "whether it does without a store of variables").since(8, 6, 0),
    optional("format", &FLASH_FORMATS, "the format of the image").since(9, 2, 0),
]);

static LOADER_TYPES: Value = Value::Words(&[means("rom", "in a ROM"), means("pflash", "in flash, as UEFI needs")]);

static FLASH_FORMATS: Value = Value::Words(&[word("raw"), word("qcow2").only(Drivers::QEMU)]);

static NVRAM: Element = element("nvram", "where the firmware keeps its variables", FIRMWARE)
    .since(1, 2, 8)
    .attrs(&[
        optional("template", &ABSOLUTE_PATH, "the file it is copied from at first"),
        optional("templateFormat", &FLASH_FORMATS, "the format of that file").since(10, 10, 0).only(Drivers::QEMU),
        optional("format", &FLASH_FORMATS, "the format of the store").since(9, 2, 0),
    ])
    .forms(&[EMPTY.text(&NVRAM_TEXT), NVRAM_SOURCE]);

static NVRAM_TEXT: Value = Value::Either(&[&ABSOLUTE_PATH, &VMWARE_PATH, &Value::Empty]);

static VARSTORE: Element = element("varstore", "where the firmware's variables are kept in a form of QEMU's own", FIRMWARE)
    .since(12, 1, 0)
    .only(Drivers::QEMU)
    .attrs(&[
        optional("template", &ABSOLUTE_PATH, "the file it is copied from at first"),
        optional("path", &ABSOLUTE_PATH, "the file itself"),
    ]);

static BOOT_DEVICES: Value =
    Value::Words(&[means("hd", "a disk"), means("cdrom", "a CD-ROM"), means("fd", "a floppy disk"), means("network", "a network card")]);

static SMBIOS_MODES: Value = Value::Words(&[
    means("emulate", "the hypervisor's own"),
    means("host", "the host's, but for the UUID"),
    means("sysinfo", "what `sysinfo` of the domain says"),
]);

static REBOOT_TIMEOUT: Value = Value::Either(&[&Value::Number(0, 32_767), &MINUS_ONE]);

static MINUS_ONE: Value = Value::Words(&[word("-1")]);

static ACPI_TABLE: Element =
    element("table", "a file with a table", DIRECT).text(&ABSOLUTE_PATH).attrs(&[required("type", &ACPI_TABLES, "the kind of table")]);

static ACPI_TABLES: Value = Value::Words(&[
    means("raw", "one table, with its own signature").since(11, 2, 0).only(Drivers::QEMU),
    means("rawset", "several tables").since(11, 2, 0).only(Drivers::XEN),
    means("slic", "a software licence"),
    means("msdm", "a key of Microsoft's").since(11, 2, 0).only(Drivers::QEMU),
]);

/// What is booted without firmware of the guest's.
static KERNEL: Body = EMPTY.children(&[
    maybe(&element("kernel", "a kernel of the host to boot", DIRECT).text(&ABSOLUTE_PATH)),
    maybe(&element("initrd", "the kernel's first file system", DIRECT).text(&ABSOLUTE_PATH)),
    maybe(&element("root", "the root file system, for old Xen", DIRECT).text(&ABSOLUTE_PATH)),
    maybe(&element("cmdline", "the kernel's command line", DIRECT).text(&Value::Any)),
    maybe(
        &element("shim", "a signed loader that starts the kernel under Secure Boot", DIRECT)
            .since(11, 2, 0)
            .only(Drivers::QEMU)
            .text(&Value::Any),
    ),
    maybe(&element("dtb", "a device tree of the host's", DIRECT).since(1, 0, 4).text(&ABSOLUTE_PATH)),
]);

static EXE: Body = EMPTY
    .children(&[
        maybe(
            &element("init", "the first process", CONTAINER)
                .only(Drivers::LXC.and(Drivers::OPENVZ).and(Drivers::VIRTUOZZO))
                .text(&ABSOLUTE_PATH),
        ),
        any(&element("initarg", "an argument of it", CONTAINER).only(Drivers::LXC).text(&Value::Any)),
        any(&element("initenv", "a variable of its environment", CONTAINER).only(Drivers::LXC).text(&Value::Any).attrs(&[required(
            "name",
            &VARIABLE,
            "the variable's name",
        )])),
        maybe(&element("initdir", "the folder it starts in", CONTAINER).only(Drivers::LXC).text(&ABSOLUTE_PATH)),
    ])
    .forms(&[
        EMPTY,
        EMPTY.children(&[
            once(&element("inituser", "the user it runs as", CONTAINER).only(Drivers::LXC).text(&GENERIC_NAME)),
            once(&element("initgroup", "the group it runs as", CONTAINER).only(Drivers::LXC).text(&GENERIC_NAME)),
        ]),
    ]);

/// `<bootloader>`.
pub static BOOTLOADER: Element = element("bootloader", "a program of the host that chooses the kernel", "host-bootloader")
    .only(Drivers::XEN.and(Drivers::BHYVE))
    .text(&Value::Any);

/// `<bootloader_args>`.
pub static BOOTLOADER_ARGS: Element =
    element("bootloader_args", "the bootloader's arguments", "host-bootloader").only(Drivers::XEN.and(Drivers::BHYVE)).text(&Value::Any);

/// `<idmap>`.
pub static IDMAP: Element = element("idmap", "which users of the host those of a container are", CONTAINER).only(Drivers::LXC).children(&[
    any(&element("uid", "a range of users", CONTAINER).attrs(RANGE)),
    any(&element("gid", "a range of groups", CONTAINER).attrs(RANGE)),
]);

static RANGE: &[Attr] = &[
    required("start", &U32, "the first in the container: 0"),
    required("target", &U32, "the first on the host"),
    required("count", &U32, "how many"),
];

static PATH_OR_NOTHING: Value = Value::Either(&[&ABSOLUTE_PATH, &Value::Empty]);

static XEN_ARCHITECTURES: Value = Value::Words(&[word("i686"), word("x86_64"), word("ia64")]);

static XEN_MACHINES: Value =
    Value::Words(&[word("xenpv").only(Drivers::XEN), word("xenfv").only(Drivers::XEN), word("xenpvh").only(Drivers::XEN)]);

static ARCHITECTURES: Value = Value::Words(&[
    word("aarch64"),
    word("alpha"),
    word("armv6l"),
    word("armv7l"),
    word("cris"),
    word("i686"),
    word("ia64"),
    word("lm32"),
    word("loongarch64").since(10, 2, 0),
    word("m68k"),
    word("microblaze"),
    word("microblazeel"),
    word("mips"),
    word("mipsel"),
    word("mips64"),
    word("mips64el"),
    word("openrisc"),
    word("parisc"),
    word("parisc64"),
    word("ppc"),
    word("ppc64"),
    word("ppc64le"),
    word("ppcemb"),
    word("riscv32").since(4, 7, 0),
    word("riscv64").since(4, 7, 0),
    word("s390"),
    word("s390x"),
    word("sh4"),
    word("sh4eb"),
    word("sparc"),
    word("sparc64"),
    word("unicore32"),
    word("x86_64"),
    word("xtensa"),
    word("xtensaeb"),
]);

/// The store's place told like that of a disk.
static NVRAM_SOURCE: Body = EMPTY.attrs(&[optional("type", &DISK_TYPES, "where the source is").since(8, 5, 0)]).also(&[&SOURCES]);

#[cfg(test)]
mod tests {
    use super::super::domain::faults;

    #[test]
    fn each_way_to_boot() {
        for os in [
            "<os firmware='efi'><type arch='x86_64' machine='q35'>hvm</type><loader secure='yes'/><boot dev='hd'/><bootmenu enable='no'/></os>",
            "<os><type>hvm</type><loader type='pflash'>/fw.fd</loader><nvram template='/a.fd'>/b.fd</nvram><acpi/></os>",
            "<os><type>hvm</type><nvram type='file'><source file='/b.fd'/></nvram></os>",
            "<os><type>hvm</type><varstore path='/b.json'/><kernel>/k</kernel><cmdline/></os>",
            "<bootloader/><os><type machine='xenpv'>linux</type><kernel>/k</kernel></os>",
            "<os><type>exe</type><init>/bin/sh</init><initarg/><initenv name='A'>b</initenv></os>",
            "<idmap><uid start='0' target='1000' count='10'/></idmap>",
        ] {
            assert!(faults(os).is_empty(), "{os}: {:?}", faults(os));
        }
    }

    #[test]
    fn what_does_not_go_together() {
        assert_eq!(faults("<os><type>linux</type><boot dev='hd'/></os>"), ["structure-misplaced-element"]);
        assert_eq!(faults("<os firmware='efi'><type>exe</type></os>"), ["structure-unknown-attribute"]);
        assert_eq!(faults("<os><type arch='ppc64'>xen</type></os>"), ["structure-bad-value"]);
        assert_eq!(faults("<os><type>hvm</type><nvram/><varstore/></os>"), ["structure-misplaced-element"]);
        assert_eq!(faults("<os><type>exe</type><inituser>a</inituser></os>"), ["structure-missing-element"]);
        assert_eq!(faults("<os><type>hmv</type><boot dev='hd'/><loader/></os>"), ["structure-bad-text"]);
        assert_eq!(faults("<os><type>hvm</type><nvram type='file'>/b.fd</nvram></os>"), ["structure-stray-text"]);
        assert_eq!(faults("<os><type>hvm</type><nvram type='file'><source dev='/b'/></nvram></os>"), ["structure-unknown-attribute"]);
    }
}

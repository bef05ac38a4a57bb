//! What an unlisted value, or a denied section, means to libvirt's QEMU driver: the rows, and what serves them.

/// One row.
pub struct Row {
    /// The list, and where the domain says its value.
    pub name: &'static str,
    pub how: How,
}

/// What serves a row.
pub enum How {
    /// These rules.
    Codes(&'static [&'static str]),
    /// Nothing: an unlisted value is never refused, as the probes of that list and case show.
    Never(&'static str, &'static str),
    /// Nothing: libvirt always lists the same words, and knows no others.
    Constant,
}

use How::{Codes, Constant, Never};

const fn row(name: &'static str, how: How) -> Row {
    Row { name, how }
}

pub const ROWS: &[Row] = &[
    // lists
    row("vcpu max", Codes(&["vcpu-above-machine-limit", "vcpu-needs-iommu"])),
    row("os firmware", Codes(&["firmware-unavailable"])),
    row("os/loader value", Never("os/loader/value", "unlisted path that exists")),
    row("os/loader value: a flash image without a template", Codes(&["loader-unlisted"])),
    row("loader type, readonly", Constant),
    row("loader secure", Codes(&["loader-secure-unlisted"])),
    row("firmwareFeatures secureBoot, enrolledKeys", Codes(&["firmware-feature-unlisted"])),
    row("mode host-passthrough", Codes(&["cpu-mode-unsupported", "cpu-host-passthrough-emulated"])),
    row("mode host-model, custom, maximum", Codes(&["cpu-mode-unsupported", "cpu-host-model-emulated"])),
    row("custom model", Codes(&["cpu-model-unlisted"])),
    row("model usable='no', by itself", Never("cpu/mode custom/model", "Icelake-Server usable=no, kvm, check none")),
    row("model deprecated", Codes(&["cpu-model-deprecated"])),
    row("hostPassthroughMigratable", Codes(&["cpu-migratable-unlisted"])),
    row("maximumMigratable", Constant),
    row("host-model maxphysaddr", Codes(&["cpu-maxphysaddr-arch", "cpu-maxphysaddr-bits", "cpu-maxphysaddr-limit"])),
    row("memoryBacking sourceType", Codes(&["memory-source-unlisted"])),
    row("disk diskDevice", Codes(&["disk-device-unlisted"])),
    row("disk bus", Codes(&["disk-bus-unlisted", "disk-bus-unfit", "controller-bus-unlisted"])),
    row("disk model", Constant),
    row("graphics type", Codes(&["graphics-type-unlisted"])),
    row("video modelType", Codes(&["video-model-unlisted"])),
    row("hostdev mode, capsType", Codes(&["hostdev-mode-unlisted", "hostdev-capability-unlisted"])),
    row("hostdev startupPolicy", Constant),
    row("hostdev subsysType", Never("devices/hostdev/subsysType", "usb")),
    row("hostdev pciBackend", Codes(&["hostdev-pci-backend-unlisted"])),
    row("hostdev iommufd", Codes(&["hostdev-iommufd-unlisted"])),
    row("rng model, backendModel", Codes(&["rng-model-unlisted", "rng-backend-unlisted"])),
    row("filesystem driverType", Codes(&["filesystem-driver-unlisted"])),
    row("filesystem driverType: mtp", Never("devices/filesystem/driverType", "mtp")),
    row("tpm model", Codes(&["tpm-model-unlisted"])),
    row("tpm backendModel", Codes(&["tpm-backend-unlisted"])),
    row("tpm backendVersion", Codes(&["tpm-version-unlisted"])),
    row("redirdev bus", Codes(&["redirdev-bus-unlisted"])),
    row("channel type: null", Never("devices/channel/type", "null")),
    row("channel type: file", Never("devices/channel/type", "file")),
    row("channel type: dev", Never("devices/channel/type", "dev")),
    row("channel type: stdio", Never("devices/channel/type", "stdio")),
    row("channel type: pipe", Never("devices/channel/type", "pipe")),
    row("channel type: dbus", Never("devices/channel/type", "dbus")),
    row("channel type: qemu-vdagent", Never("devices/channel/type", "qemu-vdagent")),
    row("channel type: nmdm", Codes(&["channel-type-unlisted"])),
    row("console type", Codes(&["console-type-unlisted"])),
    row("crypto model, type, backendModel", Codes(&["crypto-model-unlisted", "crypto-type-unlisted", "crypto-backend-unlisted"])),
    row("interface backendType", Codes(&["interface-backend-unlisted"])),
    row("panic model", Codes(&["panic-model-unlisted", "panic-pseries-unlisted", "panic-model-foreign"])),
    row("launchSecurity sectype", Codes(&["launch-security-unavailable", "launch-security-foreign"])),
    row("gic version", Codes(&["gic-version-unlisted"])),
    row("gic version, listed", Never("features/gic/version", "2")),
    row("hyperv features", Codes(&["hyperv-feature-unlisted", "hyperv-feature-alone"])),
    row("hyperv features: relaxed", Never("features/hyperv/features", "relaxed off")),
    row("hyperv features: avic", Never("features/hyperv/features", "avic")),
    row("sev cbitpos, reducedPhysBits, maxGuests, maxESGuests", Constant),
    row("sgx section sizes", Codes(&["sgx-section-too-large"])),
    // sections
    row("gic", Codes(&["gic-unsupported"])),
    row("vmcoreinfo", Codes(&["vmcoreinfo-unsupported"])),
    row("vmcoreinfo, switched off", Never("features/vmcoreinfo supported", "no, state off")),
    row("genid", Codes(&["genid-unsupported"])),
    row("ps2", Codes(&["ps2-unsupported", "ps2-needs-newer-qemu"])),
    row("async-teardown", Codes(&["async-teardown-unsupported"])),
    row("tpm", Codes(&["tpm-unsupported"])),
    row("redirdev", Codes(&["redirdev-unsupported"])),
    row("sev, tdx, s390-pv, launchSecurity", Codes(&["launch-security-unavailable", "launch-security-foreign"])),
    row("sgx", Codes(&["sgx-unsupported"])),
    row("varstore", Codes(&["varstore-unsupported"])),
    row("varstore beside a loader", Never("os/varstore supported", "no, with loader")),
    row("panic", Codes(&["panic-unsupported"])),
    row("cpu modes", Codes(&["cpu-mode-unsupported"])),
    row("iothreads, backingStoreInput, backup", Never("iothreads", "2")),
    row("hyperv absent", Codes(&["hyperv-foreign"])),
    // listed and yet refused
    row("fdc floppy, sata on microvm; nvme on s390x; floppies off PCs", Codes(&["disk-bus-unfit"])),
    row("transitional models on s390x", Codes(&["virtio-model-unfit"])),
    row("TPM 1.2 with tpm-crb or off PCs", Codes(&["tpm-version-unfit"])),
    row("spicevmc without SPICE", Codes(&["spice-graphics-missing", "spicevmc-without-channel"])),
    row("usb on s390x without a written controller", Codes(&["usb-controller-missing"])),
    row("filesystem handle on 9.0.0", Codes(&["filesystem-handle-removed"])),
    row("disk bus nvme without a serial", Codes(&["disk-serial-missing"])),
];

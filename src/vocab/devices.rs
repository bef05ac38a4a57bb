//! The devices of a domain, of all kinds.

use super::controller::CONTROLLER;
use super::disk::{DISK, LEASE};
use super::filesystem::FILESYSTEM;
use super::hostdev::HOSTDEV;
use super::interface::INTERFACE;
use super::memory_device::MEMORY_DEVICE;
use super::redirdev::{REDIRDEV, REDIRFILTER};
use super::{Element, any, element, maybe};

/// `<devices>`.
pub static DEVICES: Element = element("devices", "what the guest finds plugged in", "devices").children(&[
    maybe(&element("emulator", "the program that runs the guest", "devices").open()),
    any(&DISK),
    any(&CONTROLLER),
    any(&LEASE),
    any(&FILESYSTEM),
    any(&INTERFACE),
    any(&element("input", "what the guest is typed and pointed at with", "input-devices").open()),
    any(&element("sound", "a sound card", "sound-devices").open()),
    any(&element("audio", "where the host plays what sound cards play", "audio-backends").open()),
    any(&HOSTDEV),
    any(&element("graphics", "a way to see the guest's screen", "graphical-framebuffers").open()),
    any(&element("video", "a graphics card", "video-devices").open()),
    any(&element("console", "a text console", "console").open()),
    any(&element("parallel", "a parallel port", "parallel-port").open()),
    any(&element("serial", "a serial port", "serial-port").open()),
    any(&element("channel", "a private line between the host and the guest", "channel").open()),
    any(&element("smartcard", "a smart card", "smartcard-devices").open()),
    any(&element("hub", "a hub, for more ports", "hub-devices").open()),
    any(&REDIRDEV),
    any(&REDIRFILTER),
    any(&element("rng", "a source of random numbers", "random-number-generator-device").open()),
    any(&element("tpm", "a trusted platform module", "tpm-device").open()),
    any(&element("shmem", "memory shared with other domains", "shared-memory-device").open()),
    any(&MEMORY_DEVICE),
    any(&element("crypto", "a cryptographic accelerator", "devices").open()),
    any(&element("watchdog", "what acts when the guest hangs", "watchdog-device").open()),
    maybe(&element("memballoon", "what takes memory from the guest and gives it back", "memory-balloon-device").open()),
    maybe(&element("nvram", "the NVRAM of a pSeries guest", "nvram-device").open()),
    any(&element("panic", "how the guest tells that it crashed", "panic-device").open()),
    any(&element("iommu", "an IOMMU for the guest's devices", "iommu-devices").open()),
    maybe(&element("vsock", "sockets between the host and the guest", "vsock").open()),
    maybe(&element("pstore", "where the guest keeps its logs when it crashes", "devices").open()),
]);

#[cfg(test)]
mod tests {
    use crate::vocab::domain::faults;

    #[test]
    fn which_devices_there_are() {
        assert!(faults("<devices><emulator>/usr/bin/qemu-system-x86_64</emulator><panic/><panic model='hyperv'/></devices>").is_empty());
        assert_eq!(faults("<devices><memballoon model='none'/><memballoon model='none'/></devices>"), ["structure-repeated-element"]);
        assert_eq!(
            faults("<devices><grapics type='vnc'/><rom bar='on'/></devices>"),
            ["structure-unknown-element", "structure-misplaced-element"]
        );
    }
}

//! The devices of a domain, of all kinds.

use super::common::ADDRESS;
use super::controller::CONTROLLER;
use super::disk::{DISK, LEASE};
use super::filesystem::FILESYSTEM;
use super::hostdev::HOSTDEV;
use super::interface::INTERFACE;
use super::memory_device::MEMORY_DEVICE;
use super::pattern::ABSOLUTE_PATH;
use super::redirdev::{REDIRDEV, REDIRFILTER};
use super::{Element, any, element, maybe};
use super::{chardev, crash, graphics, input, iommu, random, shared, sound, tpm, video};

/// `<devices>`.
pub static DEVICES: Element = element("devices", "what the guest finds plugged in", "devices").children(&[
    maybe(&element("emulator", "the program that runs the guest", "devices").text(&ABSOLUTE_PATH)),
    any(&DISK),
    any(&CONTROLLER),
    any(&LEASE),
    any(&FILESYSTEM),
    any(&INTERFACE),
    any(&input::INPUT),
    any(&sound::SOUND),
    any(&sound::AUDIO),
    any(&HOSTDEV),
    any(&graphics::GRAPHICS),
    any(&video::VIDEO),
    any(&chardev::CONSOLE),
    any(&chardev::PARALLEL),
    any(&chardev::SERIAL),
    any(&chardev::CHANNEL),
    any(&chardev::SMARTCARD),
    any(&input::HUB),
    any(&REDIRDEV),
    any(&REDIRFILTER),
    any(&random::RNG),
    any(&tpm::TPM),
    any(&shared::SHMEM),
    any(&MEMORY_DEVICE),
    any(&random::CRYPTO),
    any(&crash::WATCHDOG),
    maybe(&shared::MEMBALLOON),
    maybe(&element("nvram", "the NVRAM of a pSeries guest", "nvram-device").since(1, 0, 5).children(&[maybe(&ADDRESS)])),
    any(&crash::PANIC),
    any(&iommu::IOMMU),
    maybe(&shared::VSOCK),
    maybe(&crash::PSTORE),
]);

/// The faults of a domain that has these devices, for the tests of their chapters.
#[cfg(test)]
pub(super) fn faults(devices: &str) -> Vec<&'static str> {
    super::domain::faults(&format!("<devices>{devices}</devices>"))
}

#[cfg(test)]
mod tests {
    use super::faults;

    #[test]
    fn which_devices_there_are() {
        assert!(faults("<emulator>/usr/bin/qemu-system-x86_64</emulator><panic/><panic model='hyperv'/>").is_empty());
        assert_eq!(faults("<memballoon model='none'/><memballoon model='none'/>"), ["structure-repeated-element"]);
        assert_eq!(faults("<grapics type='vnc'/><rom bar='on'/>"), ["structure-unknown-element", "structure-misplaced-element"]);
    }
}

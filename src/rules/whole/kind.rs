//! Kinds of devices, and where each stands in a list by kind.

use crate::xml::Node;

/// The kinds of devices, as the elements of `<devices>` are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names of the elements")]
pub enum Kind {
    Disk,
    Controller,
    Lease,
    Filesystem,
    Interface,
    Smartcard,
    Serial,
    Parallel,
    Console,
    Channel,
    Input,
    Tpm,
    Graphics,
    Sound,
    Audio,
    Video,
    Hostdev,
    Redirdev,
    Redirfilter,
    Hub,
    Watchdog,
    Memballoon,
    Nvram,
    Rng,
    Shmem,
    Memory,
    Panic,
    Iommu,
    Vsock,
    Crypto,
    Pstore,
    Emulator,
    /// What no other names.
    Other,
}

impl Kind {
    /// The kind that an element of that name is.
    #[must_use]
    pub fn of(name: &str) -> Self {
        match name {
            "disk" => Self::Disk,
            "controller" => Self::Controller,
            "lease" => Self::Lease,
            "filesystem" => Self::Filesystem,
            "interface" => Self::Interface,
            "smartcard" => Self::Smartcard,
            "serial" => Self::Serial,
            "parallel" => Self::Parallel,
            "console" => Self::Console,
            "channel" => Self::Channel,
            "input" => Self::Input,
            "tpm" => Self::Tpm,
            "graphics" => Self::Graphics,
            "sound" => Self::Sound,
            "audio" => Self::Audio,
            "video" => Self::Video,
            "hostdev" => Self::Hostdev,
            "redirdev" => Self::Redirdev,
            "redirfilter" => Self::Redirfilter,
            "hub" => Self::Hub,
            "watchdog" => Self::Watchdog,
            "memballoon" => Self::Memballoon,
            "nvram" => Self::Nvram,
            "rng" => Self::Rng,
            "shmem" => Self::Shmem,
            "memory" => Self::Memory,
            "panic" => Self::Panic,
            "iommu" => Self::Iommu,
            "vsock" => Self::Vsock,
            "crypto" => Self::Crypto,
            "pstore" => Self::Pstore,
            "emulator" => Self::Emulator,
            _ => Self::Other,
        }
    }
}

/// Where in `sorted` the devices of each kind begin; at its end where the last of them end.
#[derive(Debug, Clone)]
pub struct Starts([usize; Kind::Other as usize + 2]);

impl Default for Starts {
    fn default() -> Self {
        Self([0; _])
    }
}

impl Starts {
    /// Of devices in any order.
    pub fn of(devices: &[(Kind, Node)]) -> Self {
        let mut starts = Self::default();
        for (kind, _) in devices {
            starts.0.get_mut(*kind as usize + 1).into_iter().for_each(|count| *count += 1);
        }
        let mut sum = 0;
        for start in &mut starts.0 {
            sum += *start;
            *start = sum;
        }
        starts
    }

    /// Those devices by kind; those of a kind as they stood.
    pub fn in_order<'a>(&self, devices: &[(Kind, Node<'a>)]) -> Vec<(Kind, Node<'a>)> {
        let (mut sorted, mut next) = (devices.to_vec(), self.clone());
        for device in devices {
            let Some(place) = next.0.get_mut(device.0 as usize) else { continue };
            sorted.get_mut(*place).into_iter().for_each(|to| *to = *device);
            *place += 1;
        }
        sorted
    }

    /// The places of those of a kind.
    pub fn range(&self, kind: Kind) -> std::ops::Range<usize> {
        match self.0.get(kind as usize..) {
            Some([start, end, ..]) => *start..*end,
            _ => 0..0,
        }
    }
}

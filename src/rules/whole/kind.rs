//! Kinds of devices, and where each stands in a list by kind.

use std::sync::LazyLock;

use crate::text::{Mark, index, indexed};
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

/// The names of the elements, and what an element of that name is.
const NAMES: [(&str, Kind); Kind::Other as usize] = [
    ("disk", Kind::Disk),
    ("controller", Kind::Controller),
    ("lease", Kind::Lease),
    ("filesystem", Kind::Filesystem),
    ("interface", Kind::Interface),
    ("smartcard", Kind::Smartcard),
    ("serial", Kind::Serial),
    ("parallel", Kind::Parallel),
    ("console", Kind::Console),
    ("channel", Kind::Channel),
    ("input", Kind::Input),
    ("tpm", Kind::Tpm),
    ("graphics", Kind::Graphics),
    ("sound", Kind::Sound),
    ("audio", Kind::Audio),
    ("video", Kind::Video),
    ("hostdev", Kind::Hostdev),
    ("redirdev", Kind::Redirdev),
    ("redirfilter", Kind::Redirfilter),
    ("hub", Kind::Hub),
    ("watchdog", Kind::Watchdog),
    ("memballoon", Kind::Memballoon),
    ("nvram", Kind::Nvram),
    ("rng", Kind::Rng),
    ("shmem", Kind::Shmem),
    ("memory", Kind::Memory),
    ("panic", Kind::Panic),
    ("iommu", Kind::Iommu),
    ("vsock", Kind::Vsock),
    ("crypto", Kind::Crypto),
    ("pstore", Kind::Pstore),
    ("emulator", Kind::Emulator),
];

/// Where in `NAMES` a mark is found.
static INDEX: LazyLock<Vec<u8>> = LazyLock::new(|| index(NAMES.iter().map(|(name, _)| Mark::of(name))));

impl Kind {
    /// The kind of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
    }

    /// The kind that an element is, by its name.
    #[must_use]
    pub fn of(device: Node) -> Self {
        let mut likely = indexed(&INDEX, device.mark()).filter_map(|place| NAMES.get(place));
        likely.find(|(name, _)| device.named(name)).map_or(Self::Other, |(_, kind)| *kind)
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

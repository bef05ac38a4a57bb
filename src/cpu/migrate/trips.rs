//! Pairs of versions between which migrations are known to fail, by libvirt's release notes.

use super::{Names, Running};
use crate::caps::{Range, Version, Versions};
use crate::cpu::CpuMode;

/// What is known to trip a guest: a sentence, and whether it is the CPU on the other host that it fails for. A distribution may have
/// mended that in a version of its own, so that nothing is sure of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trip {
    /// The sentence.
    pub told: &'static str,
    /// True where the other host takes the CPU that comes out there for another one.
    pub of_cpu: bool,
}

/// What is known to trip a running guest on the way between two hosts, only where the versions are sure. `shows_ht` is true where
/// a newer QEMU shows the guest `ht` unasked.
#[must_use]
pub fn trips(running: &Running, names: &Names, shows_ht: bool, from: &Versions, to: &Versions) -> Vec<Trip> {
    let (old, bad) =
        (|range: &Range| before(range, Version(9, 10, 0)), |range: &Range| within(range, Version(9, 10, 0), Version(10, 2, 0)));
    let vmx = || running.has(names, "vmx");
    let either = |version| before(&from.libvirt, version) || before(&to.libvirt, version);
    // a newer QEMU has shown it on the host that the guest comes from already
    let shows = |range: &Range| range.at_least(Version(10, 0, 0)) == Some(true);
    let new = shows_ht && names.is_x86() && shows(&to.qemu) && !shows(&from.qemu) && before(&to.libvirt, Version(11, 10, 0));
    let known = [
        (
            (old(&from.libvirt) && bad(&to.libvirt) || bad(&from.libvirt) && old(&to.libvirt)) && vmx(),
            "a guest with `vmx` trips between a libvirt before 9.10.0 and 9.10.0 to 10.1.0; mended in 10.2.0",
        ),
        (
            either(Version(10, 5, 0)) && vmx() && running.lacks_part(names, "vmx-"),
            "a guest whose `vmx-…` features are partly off trips before libvirt 10.5.0",
        ),
        (
            new && running.mode == Some(CpuMode::Custom) && !running.has(names, "ht"),
            "to a guest with several cores or threads in a socket QEMU from 10.0.0 on shows an extra `ht`, which libvirt before 11.10.0 refuses",
        ),
        (within(&to.libvirt, Version(10, 2, 0), Version(10, 2, 1)), OWN_XML),
    ];
    let mut out = Vec::new();
    for (_, told) in known.into_iter().filter(|(trips, _)| *trips) {
        out.push(Trip { told, of_cpu: told != OWN_XML });
    }
    out
}

const OWN_XML: &str = "libvirt 10.2.0 refuses a migration that brings an XML of its own";

fn before(range: &Range, version: Version) -> bool {
    range.at_least(version) == Some(false)
}

fn within(range: &Range, first: Version, end: Version) -> bool {
    range.at_least(first) == Some(true) && before(range, end)
}

//! Pairs of versions between which migrations are known to fail, by libvirt's release notes.

use super::{Names, Running};
use crate::caps::{Range, Version, Versions};

/// What is known to trip a running guest on the way between two hosts: a sentence each, only where the versions are sure.
#[must_use]
pub fn trips(running: &Running, names: &Names, from: &Versions, to: &Versions) -> Vec<&'static str> {
    let (old, bad) =
        (|range: &Range| before(range, Version(9, 10, 0)), |range: &Range| within(range, Version(9, 10, 0), Version(10, 2, 0)));
    let vmx = || running.has_any(names, |name| name == "vmx");
    let parts_off = || running.lacks_any(names, |name| name.starts_with("vmx-"));
    let either = |version| before(&from.libvirt, version) || before(&to.libvirt, version);
    let mut out = Vec::new();
    if (old(&from.libvirt) && bad(&to.libvirt) || bad(&from.libvirt) && old(&to.libvirt)) && vmx() {
        out.push("a guest with `vmx` trips between a libvirt before 9.10.0 and 9.10.0 to 10.1.0; mended in 10.2.0");
    }
    if either(Version(10, 5, 0)) && vmx() && parts_off() {
        out.push("a guest whose `vmx-…` features are partly off trips before libvirt 10.5.0");
    }
    if to.qemu.at_least(Version(10, 0, 0)) == Some(true) && before(&to.libvirt, Version(11, 10, 0)) {
        out.push("QEMU from 10.0.0 on shows an extra `ht`, which libvirt before 11.10.0 takes for another CPU");
    }
    if within(&to.libvirt, Version(10, 2, 0), Version(10, 2, 1)) {
        out.push("libvirt 10.2.0 refuses a migration that brings an XML of its own");
    }
    out
}

fn before(range: &Range, version: Version) -> bool {
    range.at_least(version) == Some(false)
}

fn within(range: &Range, first: Version, end: Version) -> bool {
    range.at_least(first) == Some(true) && before(range, end)
}

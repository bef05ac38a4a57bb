//! Bounds of the versions, from what documents show. They are what is likely, not what was given.

use super::{Content, DomainCaps, HostCaps, Loaded, Range, Usable, Version, Versions, machine};

/// What one document shows.
pub(super) fn shown(content: &Content) -> Versions {
    let mut out = Versions::default();
    match content {
        Content::DomainCapabilities(caps) => domain_caps(caps, &mut out),
        Content::Capabilities(caps) => host_caps(caps, &mut out),
        Content::Versions(_) | Content::Cpu(_) | Content::Domain(_) | Content::CpuMap(_) => {}
    }
    out
}

/// What several documents of one host show together.
pub(super) fn together<'a>(documents: impl Iterator<Item = &'a Loaded>) -> Versions {
    let mut out = Versions::default();
    for Versions { libvirt, qemu } in documents.map(|document| document.bounds) {
        for (sum, part) in [(&mut out.libvirt, libvirt), (&mut out.qemu, qemu)] {
            part.least.into_iter().for_each(|version| at_least(sum, version));
            part.below.into_iter().for_each(|version| below(sum, version));
        }
    }
    // documents of before and after an upgrade contradict each other: the newer one counts
    for range in [&mut out.libvirt, &mut out.qemu] {
        if range.below.is_some() && range.least >= range.below {
            range.below = None;
        }
    }
    out
}

fn at_least(range: &mut Range, version: Version) {
    range.least = range.least.max(Some(version));
}

fn below(range: &mut Range, version: Version) {
    range.below = Some(range.below.map_or(version, |known| known.min(version)));
}

fn domain_caps(caps: &DomainCaps, out: &mut Versions) {
    if let Some(version) = caps.machine.as_ref().and_then(|machine| machine::upstream(&machine.value)) {
        at_least(&mut out.qemu, version);
    }
    for (path, since) in [
        ("features/hyperv", Version(9, 0, 0)),
        ("features/launchSecurity", Version(10, 5, 0)),
        ("devices/console", Version(11, 5, 0)),
        ("os/firmwareFeatures", Version(12, 1, 0)),
    ] {
        if caps.section(path).is_some() {
            at_least(&mut out.libvirt, since);
        }
    }
    if caps.cpu.maximum.is_some() {
        at_least(&mut out.libvirt, Version(7, 1, 0));
    } else if caps.cpu.custom.is_some() {
        below(&mut out.libvirt, Version(7, 1, 0));
    }
    models(caps, out);
}

fn models(caps: &DomainCaps, out: &mut Versions) {
    let models = caps.cpu.custom.as_ref().map_or(&[][..], |custom| &custom.models);
    let arch = caps.arch.as_ref().map_or("", |arch| arch.value.as_str());
    let x86 = matches!(arch, "x86_64" | "i686");
    let (vendor, blockers) = (models.iter().any(|model| model.vendor.is_some()), models.iter().any(|model| !model.blockers.is_empty()));
    for (shown, since) in [
        (models.iter().any(|model| model.deprecated.as_ref().is_some_and(|said| said.value)), Version(7, 1, 0)),
        (vendor, Version(8, 9, 0)),
        (blockers, Version(10, 9, 0)),
        (models.iter().any(|model| model.canonical.is_some()), Version(10, 10, 0)),
    ] {
        if shown {
            at_least(&mut out.libvirt, since);
        }
    }
    if !models.is_empty() && !vendor && (x86 || matches!(arch, "s390x" | "ppc64" | "ppc64le")) {
        below(&mut out.libvirt, Version(8, 9, 0));
    }
    // an emulator before 6.2 may tell no blockers whichever libvirt asks
    let telling = caps.machine.as_ref().and_then(|machine| machine::upstream(&machine.value)) >= Some(Version(6, 2, 0));
    if x86 && telling && !blockers && models.iter().any(|model| model.usable.value == Usable::No) {
        below(&mut out.libvirt, Version(10, 9, 0));
    }
}

fn host_caps(caps: &HostCaps, out: &mut Versions) {
    let machines =
        caps.guests.iter().flat_map(|guest| guest.machines.iter().chain(guest.domains.iter().flat_map(|domain| &domain.machines)));
    if let Some(newest) = machines.filter_map(|machine| machine::upstream(&machine.name.value)).max() {
        at_least(&mut out.qemu, newest);
    }
}

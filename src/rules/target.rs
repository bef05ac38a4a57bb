//! What libvirt's QEMU driver would make of the domain's type, architecture and machine, and which libvirt that is.

use super::{Facts, board};
use crate::caps::{self, Version};
use crate::xml::Node;

impl<'a> Facts<'a> {
    /// True where the QEMU driver reads the domain: what the captures show holds for no other.
    #[must_use]
    pub fn qemu(&self) -> bool {
        self.qemu
    }

    /// True where libvirt is surely of that version or a later one.
    #[must_use]
    pub fn since(&self, version: Version) -> bool {
        self.sources.versions.libvirt.at_least(version) == Some(true)
    }

    /// True where libvirt is surely older than that version; where neither holds, its version is not known well enough.
    #[must_use]
    pub fn before(&self, version: Version) -> bool {
        self.sources.versions.libvirt.at_least(version) == Some(false)
    }

    /// The architecture: the one named, else that of the domain capabilities.
    #[must_use]
    pub fn arch(&self) -> Option<&'a str> {
        self.subject.arch().or_else(|| Some(self.sources.domain_caps?.said.arch.as_ref()?.value.as_str()))
    }

    /// The machine: the canonical name of the domain capabilities, else the one named.
    #[must_use]
    pub fn machine(&self) -> Option<&'a str> {
        let canonical = || Some(self.sources.domain_caps?.said.machine.as_ref()?.value.as_str());
        canonical().or_else(|| self.subject.machine())
    }

    /// True for a 32 or 64 bit PC.
    #[must_use]
    pub fn x86(&self) -> bool {
        matches!(self.arch(), Some("x86_64" | "i686"))
    }

    /// True where the machine is a version of `family`, such as `q35` or `virt`, or that itself.
    #[must_use]
    pub fn machine_is(&self, family: &str) -> bool {
        self.machine().is_some_and(|name| caps::family(name) == family)
    }

    /// True where a SCSI controller without a model is an `lsilogic`: on a PC with QEMU's own emulator. Distributions that call theirs
    /// otherwise leave that device out, and the controller is of virtio.
    #[must_use]
    pub fn lsi_by_default(&self) -> bool {
        let own = |caps: crate::caps::Source<caps::DomainCaps>| {
            caps.said
                .path
                .as_ref()
                .is_some_and(|path| path.value.ends_with("/qemu-system-x86_64") || path.value.ends_with("/qemu-system-i386"))
        };
        self.x86() && self.sources.domain_caps.is_some_and(own) && self.machine().is_some_and(|name| !name.contains("rhel"))
    }

    /// Whether the machine has IDE; none where that is not known.
    #[must_use]
    pub fn ide(&self) -> Option<bool> {
        board::ide(self.arch()?, self.machine())
    }

    /// True where the fitting capabilities enumerate the disk buses of the machine.
    #[must_use]
    pub fn buses_listed(&self) -> bool {
        self.sources.domain_caps.is_some_and(|source| source.said.list("devices/disk", "bus").is_some())
    }

    /// True for the `virt` machine of an ARM architecture.
    #[must_use]
    pub fn arm_virt(&self) -> bool {
        self.machine_is("virt") && self.arch().is_some_and(|arch| arch == "aarch64" || arch.starts_with("arm"))
    }
}

/// True where a switch is on: `state` says so, or nothing.
#[must_use]
pub fn switched_on(node: Node) -> bool {
    node.value("state").is_none_or(|state| state == "on")
}

//! Rules against what `virsh capabilities` says: the guests the host can run, and the host itself.

pub mod emulator;
pub mod guest;
pub mod hugepages;
pub mod machine;
pub mod memory;
pub mod numa;
mod offer;
pub mod pinning;
pub mod security;
mod set;
pub mod size;

use super::Facts;

/// True where libvirt's QEMU driver takes the domain: what happens at a start was tried with it alone.
fn qemu(facts: &Facts) -> bool {
    matches!(facts.subject.domain_type(), Some("qemu" | "kvm" | "hvf"))
}

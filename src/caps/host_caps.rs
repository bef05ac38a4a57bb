//! `virsh capabilities`: the host itself, and the guests it can run.

use super::{Feature, MaxPhysAddr, Said, Unread};
use crate::text::Span;

/// A `<capabilities>` document.
#[derive(Debug, Clone, Default)]
pub struct HostCaps {
    /// `host/cpu`.
    pub cpu: Option<HostCpu>,
    /// `host/topology/cells`: NUMA nodes.
    pub cells: Vec<Cell>,
    /// `host/secmodel`s.
    pub security: Vec<SecurityModel>,
    /// `guest`s.
    pub guests: Vec<Guest>,
    /// Every other leaf and attribute of `host` by its path below it: `uuid`, `iommu/@support`, `cache/bank/@size` …
    pub details: Vec<(String, Said<String>)>,
    /// What no field holds.
    pub unread: Vec<Unread>,
}

/// `host/cpu`.
#[derive(Debug, Clone, Default)]
pub struct HostCpu {
    /// The name of its element.
    pub span: Span,
    /// `<arch>`.
    pub arch: Option<Said<String>>,
    /// `<model>`: the closest model of libvirt's own map.
    pub model: Option<Said<String>>,
    /// `<vendor>`.
    pub vendor: Option<Said<String>>,
    /// `<maxphysaddr>`.
    pub maxphysaddr: Option<MaxPhysAddr>,
    /// Features beyond the model.
    pub features: Vec<Feature>,
    /// Page sizes the CPU knows.
    pub pages: Vec<PageSize>,
    /// `topology`, `microcode`, `signature`, `counter`: attributes by path, `topology/@sockets` …
    pub details: Vec<(String, Said<String>)>,
}

/// A page size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageSize {
    /// In KiB, at the value of `size`.
    pub kib: Said<u64>,
    /// How many are reserved: only in a cell.
    pub count: Option<u64>,
}

/// A NUMA node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Its number.
    pub id: Said<u32>,
    /// Its memory in KiB.
    pub memory_kib: Option<Said<u64>>,
    /// Its page sizes.
    pub pages: Vec<PageSize>,
    /// The host CPUs on it.
    pub cpus: Vec<Said<u32>>,
    /// Attributes and leaves that no other field holds, by path: `distances/sibling/@value`, `cpus/cpu/@core_id` …
    pub details: Vec<(String, Said<String>)>,
}

/// A `<secmodel>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityModel {
    /// `none`, `dac`, `selinux`, `apparmor` …
    pub model: Said<String>,
    /// `<doi>`.
    pub doi: Option<Said<String>>,
    /// `<baselabel>`s: domain type and label.
    pub labels: Vec<(String, Said<String>)>,
}

/// A `<guest>`: one architecture this host can run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guest {
    /// `hvm`, `xen`, `exe` …
    pub os_type: Option<Said<String>>,
    /// `arch/@name`.
    pub arch: Option<Said<String>>,
    /// `<wordsize>`.
    pub word_size: Option<Said<u32>>,
    /// The emulator of all domain types that name no other.
    pub emulator: Option<Said<String>>,
    /// `<loader>`, for drivers that name one.
    pub loader: Option<Said<String>>,
    /// The machines of all domain types that list no others.
    pub machines: Vec<Machine>,
    /// The domain types.
    pub domains: Vec<GuestDomain>,
    /// `features`: leaves and attributes by path, `acpi/@default`, `cpuselection` …
    pub features: Vec<(String, Said<String>)>,
}

/// A `<domain type=…>` of a guest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuestDomain {
    /// `kvm`, `qemu` …
    pub domain_type: Said<String>,
    /// Its emulator where it differs.
    pub emulator: Option<Said<String>>,
    /// Its machines where they differ.
    pub machines: Vec<Machine>,
}

/// A `<machine>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// Its name.
    pub name: Said<String>,
    /// The name it is an alias of.
    pub canonical: Option<Said<String>>,
    /// Its limit of vCPUs.
    pub max_cpus: Option<Said<u32>>,
    /// Whether QEMU says that it will go.
    pub deprecated: Option<Said<bool>>,
}

//! A document once it is loaded.

use std::sync::Arc;

use super::{DomainCaps, Feature, HostCaps, Kind, MaxPhysAddr, Said, Unread, Versions};
use crate::text::{LineIndex, plural};

/// A document: its name, its host, and its text, which it shares with others that are equal.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// As it was given; the name of the file, usually.
    pub name: String,
    /// The host it belongs to.
    pub host: String,
    pub(super) shared: Arc<Printed>,
}

impl std::ops::Deref for Loaded {
    type Target = Printed;

    fn deref(&self) -> &Printed {
        &self.shared
    }
}

impl Loaded {
    /// The same text under another name or of another host: it is read and kept once.
    #[must_use]
    pub fn again(&self, name: &str, host: &str) -> Self {
        Self { name: name.to_owned(), host: host.to_owned(), shared: Arc::clone(&self.shared) }
    }

    /// True where both are the same text.
    #[must_use]
    pub fn same_text(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }
}

/// The text of a document, with what it says.
#[derive(Debug)]
pub struct Printed {
    /// The text.
    pub text: String,
    /// Its positions.
    pub lines: LineIndex,
    /// What it says.
    pub content: Content,
    /// The versions that it shows without naming them.
    pub bounds: Versions,
}

/// What a document says, by kind.
#[derive(Debug)]
pub enum Content {
    /// `virsh domcapabilities`.
    DomainCapabilities(Box<DomainCaps>),
    /// `virsh capabilities`.
    Capabilities(Box<HostCaps>),
    /// `virsh version`, or the numbers alone.
    Versions(Versions),
    /// A `<cpu>` alone.
    Cpu(Box<CpuXml>),
    /// A `<domain>`: what `virsh dumpxml` printed.
    Domain(Box<DomainXml>),
    /// A file of libvirt's CPU map: of use with all the others.
    CpuMap(MapFile),
}

/// What a file of libvirt's CPU map holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MapFile {
    /// Models.
    pub models: usize,
    /// Features.
    pub features: usize,
    /// Vendors.
    pub vendors: usize,
    /// Architectures: in the index alone.
    pub arches: usize,
}

/// The `<domain>` of a document, as far as it counts for another domain.
#[derive(Debug, Clone, Default)]
pub struct DomainXml {
    /// `name`.
    pub name: Option<Said<String>>,
    /// `uuid`.
    pub uuid: Option<Said<String>>,
    /// `cpu`.
    pub cpu: Option<CpuXml>,
}

/// A `<cpu>` of a document.
#[derive(Debug, Clone, Default)]
pub struct CpuXml {
    /// The name in its start tag.
    pub span: crate::text::Span,
    /// `mode`.
    pub mode: Option<Said<String>>,
    /// `match`.
    pub matching: Option<Said<String>>,
    /// `check`.
    pub check: Option<Said<String>>,
    /// `model`.
    pub model: Option<Said<String>>,
    /// `model/@fallback`.
    pub fallback: Option<Said<String>>,
    /// `vendor`.
    pub vendor: Option<Said<String>>,
    /// `feature`s.
    pub features: Vec<Feature>,
    /// `arch`, as host CPUs have it.
    pub arch: Option<Said<String>>,
    /// `maxphysaddr`.
    pub maxphysaddr: Option<MaxPhysAddr>,
    /// Every other attribute and leaf by its path below it: `@migratable`, `model/@vendor_id`, `topology/@sockets` …
    pub details: Vec<(String, Said<String>)>,
    /// What no field holds.
    pub unread: Vec<Unread>,
    /// All of it, from its start tag to its end tag.
    pub whole: crate::text::Span,
}

impl Printed {
    /// What it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match &self.content {
            Content::DomainCapabilities(_) => Kind::DomainCapabilities,
            Content::Capabilities(_) => Kind::Capabilities,
            Content::Versions(_) => Kind::Versions,
            Content::Cpu(_) => Kind::Cpu,
            Content::Domain(_) => Kind::Domain,
            Content::CpuMap(_) => Kind::CpuMap,
        }
    }

    /// What no field holds.
    #[must_use]
    pub fn unread(&self) -> &[Unread] {
        match &self.content {
            Content::DomainCapabilities(caps) => &caps.unread,
            Content::Capabilities(caps) => &caps.unread,
            Content::Cpu(cpu) => &cpu.unread,
            Content::Domain(domain) => domain.cpu.as_ref().map_or(&[], |cpu| cpu.unread.as_slice()),
            Content::Versions(_) | Content::CpuMap(_) => &[],
        }
    }

    /// What it says, in one line.
    #[must_use]
    pub fn summary(&self) -> String {
        match &self.content {
            Content::DomainCapabilities(caps) => of_domain_caps(caps),
            Content::Capabilities(caps) => of_host(caps),
            Content::Versions(versions) => of_versions(versions),
            Content::Cpu(cpu) => of_cpu(cpu),
            Content::CpuMap(file) => of_map(file),
            Content::Domain(domain) => {
                let name = value(&domain.name).map_or_else(|| "domain".to_owned(), |name| format!("domain {name}"));
                domain.cpu.as_ref().map_or_else(|| format!("{name}, no CPU"), |cpu| format!("{name}, {}", of_cpu(cpu)))
            }
        }
    }
}

fn value(said: &Option<Said<String>>) -> Option<&str> {
    said.as_ref().map(|said| said.value.as_str())
}

fn of_domain_caps(caps: &DomainCaps) -> String {
    let parts: Vec<&str> = [&caps.arch, &caps.domain, &caps.machine].into_iter().filter_map(value).collect();
    let path = value(&caps.path).map(|path| format!(" ({path})")).unwrap_or_default();
    format!("domain capabilities of {}{path}", parts.join(", "))
}

fn of_host(caps: &HostCaps) -> String {
    let cpu = caps.cpu.as_ref();
    let arch = cpu.and_then(|cpu| value(&cpu.arch)).unwrap_or("of unknown architecture");
    let mut parts = vec![format!("host {arch}")];
    if let Some(model) = cpu.and_then(|cpu| value(&cpu.model)) {
        let vendor = cpu.and_then(|cpu| value(&cpu.vendor)).map(|vendor| format!("{vendor} ")).unwrap_or_default();
        parts.push(format!("{vendor}{model}"));
    }
    let cpus: usize = caps.cells.iter().map(|cell| cell.cpus.len()).sum();
    if cpus > 0 {
        parts.push(plural(cpus, "CPU"));
    }
    let kib = caps.cells.iter().filter_map(|cell| cell.memory_kib.as_ref()).fold(0_u64, |sum, memory| sum.saturating_add(memory.value));
    if kib > 0 {
        parts.push(gib(kib));
    }
    let arches: std::collections::BTreeSet<&str> = caps.guests.iter().filter_map(|guest| value(&guest.arch)).collect();
    if !arches.is_empty() {
        parts.push(plural(arches.len(), "guest architecture"));
    }
    parts.join(", ")
}

fn gib(kib: u64) -> String {
    let tenths = (u128::from(kib) * 10 + 512 * 1024) / (1024 * 1024);
    format!("{}.{} GiB", tenths / 10, tenths % 10)
}

fn of_versions(versions: &Versions) -> String {
    let qemu = versions.qemu.least.map(|version| format!(", QEMU {version}")).unwrap_or_default();
    let libvirt = versions.libvirt.least.map(|version| version.to_string()).unwrap_or_default();
    format!("libvirt {libvirt}{qemu}")
}

fn of_map(file: &MapFile) -> String {
    let parts = [(file.arches, "architecture"), (file.vendors, "vendor"), (file.features, "feature"), (file.models, "model")];
    let parts: Vec<_> = parts.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| plural(count, what)).collect();
    format!("CPU map, {}", parts.join(", "))
}

fn of_cpu(cpu: &CpuXml) -> String {
    let name = value(&cpu.model).or(value(&cpu.mode)).unwrap_or("without a model");
    format!("CPU {name}, {}", plural(cpu.features.len(), "feature"))
}

//! `virsh domcapabilities`: what one emulator, machine and domain type offer.

use super::{Answer, Feature, Kept, Said, Unread};
use crate::text::{Span, sort_by};

/// A `<domainCapabilities>` document.
#[derive(Debug, Clone, Default)]
pub struct DomainCaps {
    /// `<path>`: the emulator.
    pub path: Option<Said<String>>,
    /// `<domain>`: `kvm`, `qemu` …
    pub domain: Option<Said<String>>,
    /// `<machine>`: the canonical name.
    pub machine: Option<Said<String>>,
    /// `<arch>`.
    pub arch: Option<Said<String>>,
    /// `<vcpu max=…>`.
    pub vcpu_max: Option<Said<u32>>,
    /// `<cpu>`.
    pub cpu: CpuModes,
    /// Every other element that says `supported`, holds enums, values or details: `iothreads`, `os`, `os/loader`,
    /// `os/firmwareFeatures`, `memoryBacking`, `devices/disk`, `features/gic`, `features/sev` … in document order, also those
    /// that a later libvirt adds.
    pub sections: Vec<Section>,
    /// What no field holds.
    pub unread: Vec<Unread>,
}

impl DomainCaps {
    /// The section at that path, such as `devices/disk`.
    #[must_use]
    pub fn section(&self, path: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.path == path)
    }

    /// The enum of that name in the section at `path`.
    #[must_use]
    pub fn list(&self, path: &str, name: &str) -> Option<&EnumList> {
        self.section(path)?.list(name)
    }

    /// Whether the section at `path` is supported.
    #[must_use]
    pub fn supported(&self, path: &str) -> Answer {
        self.section(path).map_or(Answer::Unknown, Section::answer)
    }

    /// The custom model of that name.
    #[must_use]
    pub fn model(&self, name: &str) -> Option<&Model> {
        self.cpu.custom.as_ref()?.model(name)
    }
}

/// An element that says what is supported.
#[derive(Debug, Clone, Default)]
pub struct Section {
    /// Element names from below the root, joined by `/`.
    pub path: String,
    /// Its name in its start tag.
    pub span: Span,
    /// Its `supported` attribute.
    pub supported: Option<Said<bool>>,
    /// Its `<enum>`s.
    pub enums: Vec<EnumList>,
    /// Its `<value>`s that stand in no enum: loader paths.
    pub values: Vec<Said<String>>,
    /// Its other leaves and attributes by their path below it: `cbitpos`, `defaults/spinlocks`, `section_size/@unit` …
    pub details: Vec<(String, Said<String>)>,
}

impl Section {
    /// Its enum of that name.
    #[must_use]
    pub fn list(&self, name: &str) -> Option<&EnumList> {
        self.enums.iter().find(|list| list.name == name)
    }

    /// What its `supported` says.
    #[must_use]
    pub fn answer(&self) -> Answer {
        match &self.supported {
            Some(said) if said.value => Answer::Yes(said.span),
            Some(said) => Answer::No(said.span),
            None => Answer::Unknown,
        }
    }
}

/// An `<enum name=…>` with its values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EnumList {
    /// Its `name`.
    pub name: String,
    /// The value of its `name` attribute.
    pub span: Span,
    /// What it lists.
    pub values: Vec<Said<String>>,
}

impl EnumList {
    /// Whether it lists `value`.
    #[must_use]
    pub fn has(&self, value: &str) -> bool {
        self.values.iter().any(|listed| listed.value == value)
    }
}

/// `<cpu>`: the modes, each absent where the document does not name it.
#[derive(Debug, Clone, Default)]
pub struct CpuModes {
    /// The name of the `<cpu>` element.
    pub span: Span,
    /// `host-passthrough`.
    pub host_passthrough: Option<Mode>,
    /// `maximum`.
    pub maximum: Option<Mode>,
    /// `host-model`.
    pub host_model: Option<HostModel>,
    /// `custom`.
    pub custom: Option<Custom>,
}

/// A `<mode>`.
#[derive(Debug, Clone, Default)]
pub struct Mode {
    /// The value of its `name` attribute.
    pub span: Span,
    /// Its `supported` attribute.
    pub supported: Option<Said<bool>>,
    /// Its enums: `hostPassthroughMigratable`, `maximumMigratable`.
    pub enums: Vec<EnumList>,
}

impl Mode {
    /// What its `supported` says.
    #[must_use]
    pub fn answer(&self) -> Answer {
        match &self.supported {
            Some(said) if said.value => Answer::Yes(said.span),
            Some(said) => Answer::No(said.span),
            None => Answer::Unknown,
        }
    }
}

/// `<mode name='host-model'>`: the CPU that host-model comes to here.
#[derive(Debug, Clone, Default)]
pub struct HostModel {
    /// The mode itself.
    pub mode: Mode,
    /// `<model>`.
    pub model: Option<Said<String>>,
    /// Its `fallback`: `allow` or `forbid`.
    pub fallback: Option<Said<String>>,
    /// `<vendor>`.
    pub vendor: Option<Said<String>>,
    /// `<maxphysaddr>`.
    pub maxphysaddr: Option<MaxPhysAddr>,
    /// `<feature>`s.
    pub features: Vec<Feature>,
    /// Whether one that every 64-bit x86 CPU has is required among them: then they are all, not only the differences to the model.
    pub basic: bool,
    /// Whether `invtsc` is among them.
    pub invtsc: bool,
    /// The places of the required ones that [hang on an outer host](Feature::of_outer_host).
    pub outer: Vec<usize>,
    /// What it comes to as the lines of a domain's `<cpu>`: they are many, and in every report.
    pub lines: Kept,
}

impl HostModel {
    /// True where libvirt asked QEMU for the host's CPU; an absent `fallback` means allow, and that it could not.
    #[must_use]
    pub fn probed(&self) -> bool {
        self.fallback.as_ref().is_some_and(|fallback| fallback.value == "forbid")
    }
}

/// `<maxphysaddr>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaxPhysAddr {
    /// Its name in its start tag.
    pub span: Span,
    /// `passthrough` or `emulate`.
    pub mode: Option<Said<String>>,
    /// `bits`.
    pub bits: Option<Said<u32>>,
    /// `limit`.
    pub limit: Option<Said<u32>>,
}

/// `<mode name='custom'>`.
#[derive(Debug, Clone, Default)]
pub struct Custom {
    /// The mode itself.
    pub mode: Mode,
    /// The models that the hypervisor knows, in document order.
    pub models: Vec<Model>,
    /// Places in `models`, in the order of the names.
    by_name: Vec<usize>,
}

impl Custom {
    /// The mode with its models, which can then be found by name.
    #[must_use]
    pub fn new(mode: Mode, models: Vec<Model>) -> Self {
        let name = |at: &usize| models.get(*at).map(|model| model.name.value.as_str());
        let mut by_name: Vec<usize> = (0..models.len()).collect();
        sort_by(&mut by_name, |a, b| name(a).cmp(&name(b)));
        Self { mode, models, by_name }
    }

    /// The model of that name.
    #[must_use]
    pub fn model(&self, name: &str) -> Option<&Model> {
        self.models.get(self.position(name)?)
    }

    /// The place in `models` of the first one of that name.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        let known = |at: &usize| self.models.get(*at).map_or("", |model| model.name.value.as_str());
        let first = self.by_name.partition_point(|at| known(at) < name);
        self.by_name.get(first).copied().filter(|at| known(at) == name)
    }
}

/// A `<model>` of the custom mode, with its `<blockers>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// Its name.
    pub name: Said<String>,
    /// `usable`.
    pub usable: Said<Usable>,
    /// `deprecated`; absent says nothing.
    pub deprecated: Option<Said<bool>>,
    /// `vendor`, such as `Intel`.
    pub vendor: Option<Said<String>>,
    /// `canonical`: the name this one is an alias of.
    pub canonical: Option<Said<String>>,
    /// What keeps it from being usable; since libvirt 10.9.0.
    pub blockers: Vec<Said<String>>,
}

/// Whether a model runs on the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Usable {
    /// It does.
    Yes,
    /// Not without the blockers.
    No,
    /// The hypervisor does not tell.
    Unknown,
}

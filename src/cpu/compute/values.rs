//! What is asked, and what is answered.

use crate::caps::{DomainCaps, Usable};
use crate::cpu::map::{FeatureSet, X86Map};

/// The architectures that libvirt computes CPUs of, as far as it does so alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Arch {
    /// x86_64 and i686.
    X86,
    /// ppc64 and ppc64le.
    Ppc64,
    /// s390x: QEMU decides.
    S390x,
    /// aarch64, armv7l and the like.
    Arm,
}

impl Arch {
    /// The one of that name.
    ///
    /// # Errors
    /// Where libvirt computes nothing for it.
    pub fn of(name: &str) -> Result<Self, Refused> {
        Ok(match name {
            "x86_64" | "i686" => Self::X86,
            "ppc64" | "ppc64le" => Self::Ppc64,
            "s390" | "s390x" => Self::S390x,
            "aarch64" | "armv6l" | "armv7b" | "armv7l" => Self::Arm,
            _ => return Err(Refused(format!("libvirt computes nothing for CPUs of `{name}`"))),
        })
    }
}

/// Why libvirt refuses to compute: one sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused(pub String);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

/// How a host stands to a CPU.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Compared {
    /// It has exactly that.
    Identical,
    /// It has that and more.
    Superset,
    /// It cannot run it.
    Incompatible,
}

impl Compared {
    /// Its word in answers.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Identical => "identical",
            Self::Superset => "superset",
            Self::Incompatible => "incompatible",
        }
    }
}

/// A host compared with a CPU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison<'a> {
    /// How it stands to it.
    pub result: Compared,
    /// Features that the CPU requires and the host lacks.
    pub missing: Vec<&'a str>,
    /// Features that the CPU forbids and the host has.
    pub forbidden: Vec<&'a str>,
    /// Features that the host has beyond a CPU with `match='strict'`.
    pub extra: Vec<&'a str>,
}

impl Comparison<'_> {
    pub(super) fn plain(result: Compared) -> Self {
        Self { result, missing: Vec::new(), forbidden: Vec::new(), extra: Vec::new() }
    }
}

/// A model that the hypervisor knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownModel<'a> {
    /// Its name.
    pub name: &'a str,
    /// What keeps it from being usable.
    pub blockers: Vec<&'a str>,
}

impl<'a> KnownModel<'a> {
    /// One that nothing keeps from being usable.
    #[must_use]
    pub fn named(name: &'a str) -> Self {
        Self { name, blockers: Vec::new() }
    }

    /// The models of domain capabilities. Before libvirt 10.9.0 they do not tell the blockers of an unusable model: then these are
    /// what the map has for it and the host lacks.
    #[must_use]
    pub fn all(caps: &'a DomainCaps, map: &'a X86Map) -> Vec<Self> {
        let given = caps.cpu.host_model.as_ref().and_then(|definition| map.offered(definition));
        let lacking = |name: &str| Some(map.names(map.model(name)?.features.without(given?)).collect());
        let blockers = |model: &'a crate::caps::Model| match model.usable.value {
            Usable::No if model.blockers.is_empty() => lacking(&model.name.value).unwrap_or_default(),
            _ => model.blockers.iter().map(|blocker| blocker.value.as_str()).collect(),
        };
        let models = caps.cpu.custom.iter().flat_map(|custom| &custom.models);
        models.map(|model| Self { name: &model.name.value, blockers: blockers(model) }).collect()
    }
}

/// What a baseline may be.
#[derive(Debug, Clone, Default)]
pub struct Baseline<'k> {
    /// Only one of these models; none: any of the map.
    pub models: Option<&'k [KnownModel<'k>]>,
    /// Only these features; none: any.
    pub features: Option<FeatureSet>,
    /// Without the features that cannot migrate.
    pub migratable: bool,
    /// With all that the model stands for.
    pub expanded: bool,
}

//! A resolved CPU.

use super::{FeatureList, Request};
use crate::caps::{Answer, CpuModes, Model, Policy, Source};
use crate::finding::DocumentId;
use crate::text::Span;

/// `cpu/@mode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CpuMode {
    /// A named model.
    #[default]
    Custom,
    /// What libvirt makes of the host's CPU.
    HostModel,
    /// The host's CPU as it is.
    HostPassthrough,
    /// All that the hypervisor can do.
    Maximum,
}

impl CpuMode {
    /// Its word in XML.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Custom => "custom",
            Self::HostModel => "host-model",
            Self::HostPassthrough => "host-passthrough",
            Self::Maximum => "maximum",
        }
    }

    /// The mode of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Custom, Self::HostModel, Self::HostPassthrough, Self::Maximum].into_iter().find(|mode| mode.word() == word)
    }

    /// What the documents say of a mode.
    #[must_use]
    pub fn answer(self, modes: &CpuModes) -> Answer {
        match self {
            CpuMode::Custom => modes.custom.as_ref().map(|custom| custom.mode.answer()),
            CpuMode::HostModel => modes.host_model.as_ref().map(|host_model| host_model.mode.answer()),
            CpuMode::HostPassthrough => modes.host_passthrough.as_ref().map(crate::caps::Mode::answer),
            CpuMode::Maximum => modes.maximum.as_ref().map(crate::caps::Mode::answer),
        }
        .unwrap_or(Answer::Unknown)
    }
}

/// Where a feature of a resolved CPU comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Origin {
    /// The host's definition of host-model names it.
    HostModel,
    /// The model stands for it.
    Model,
    /// The domain names it.
    Domain,
    /// Not asked for: the hypervisor adds it.
    Hypervisor,
    /// A later libvirt or QEMU took it out of the model.
    Removed,
}

impl Origin {
    /// Its word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::HostModel => "host-model",
            Self::Model => "model",
            Self::Domain => "domain",
            Self::Hypervisor => "hypervisor",
            Self::Removed => "removed",
        }
    }
}

/// A feature of a resolved CPU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResolvedFeature<'a> {
    /// Its name.
    pub name: &'a str,
    /// What libvirt asks of QEMU; none where nothing is asked.
    pub policy: Option<Policy>,
    /// Where it comes from.
    pub origin: Origin,
    /// Whether the running guest has it; none where no document tells.
    pub running: Option<bool>,
    /// The place of a loaded document that says so.
    pub evidence: Option<(DocumentId, Span)>,
}

/// Whether a domain starts, as far as its CPU decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Startable {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// The documents do not decide it.
    #[default]
    Unknown,
}

impl Startable {
    /// Its word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "unknown",
        }
    }
}

/// The CPU that a guest gets.
#[derive(Debug, Clone, Default)]
pub struct Resolved<'a> {
    /// The mode as written, or the default.
    pub asked: CpuMode,
    /// What it comes to.
    pub mode: CpuMode,
    /// The model; none where the documents do not name it.
    pub model: Option<&'a str>,
    /// The vendor.
    pub vendor: Option<&'a str>,
    /// The features of which something is said.
    pub features: FeatureList<'a>,
    /// False where the hypervisor may still hand out something else.
    pub exact: bool,
    /// Whether it starts.
    pub startable: Startable,
    /// The features that keep it from starting.
    pub blockers: Vec<&'a str>,
    /// What keeps it from starting: certainly where `startable` is no, else likely.
    pub stop: Option<Stop<'a>>,
    /// The custom model that was asked for, as the domain capabilities list it.
    pub listed: Option<Listed<'a>>,
    /// What the domain asked for.
    pub request: Request<'a>,
}

impl<'a> Resolved<'a> {
    /// What QEMU's model brings unasked. `hypervisor` is no matter of the model, and host-model names it.
    pub fn added_by_model(&self) -> impl Iterator<Item = &'a str> {
        let added = |feature: &ResolvedFeature| feature.origin == Origin::Hypervisor && feature.running == Some(true);
        self.features.iter().filter(added).map(|feature| feature.name).filter(|name| *name != "hypervisor")
    }
}

/// What keeps a domain from starting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop<'a> {
    /// The mode is not supported here.
    Mode,
    /// The hypervisor does not know the model, and none may take its place.
    ModelUnlisted,
    /// libvirt does not know the model.
    ModelUnknown,
    /// The host lacks features of the model, and they are asked for.
    ModelUnusable,
    /// The host lacks a feature that the domain requires by name.
    FeatureMissing(&'a str),
    /// The host's CPU is of another vendor.
    Vendor,
    /// `match='strict'`, and the host has more.
    Strict,
    /// The host has a feature that the domain forbids.
    Forbidden(&'a str),
    /// libvirt does not know that feature.
    FeatureUnknown(&'a str),
    /// `check='full'`, and the guest comes out otherwise.
    Full,
}

/// A listed model, and the document that lists it.
#[derive(Debug, Clone, Copy)]
pub struct Listed<'a>(pub Source<'a, Model>);

impl<'a> std::ops::Deref for Listed<'a> {
    type Target = Source<'a, Model>;

    fn deref(&self) -> &Source<'a, Model> {
        &self.0
    }
}

/// The steps by which a CPU came about, a sentence each; they are made only where somebody reads them.
#[derive(Debug, Default)]
pub struct Trace {
    steps: Option<Vec<String>>,
}

impl Trace {
    /// A trace that keeps what it is told.
    #[must_use]
    pub fn on() -> Self {
        Self { steps: Some(Vec::new()) }
    }

    /// A trace that nobody reads.
    #[must_use]
    pub fn off() -> Self {
        Self::default()
    }

    /// True where somebody reads it, and with it all features.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.steps.is_some()
    }

    /// Adds a step.
    pub fn step(&mut self, sentence: impl FnOnce() -> String) {
        if let Some(steps) = &mut self.steps {
            steps.push(sentence());
        }
    }

    /// The steps so far.
    #[must_use]
    pub fn into_steps(self) -> Vec<String> {
        self.steps.unwrap_or_default()
    }
}

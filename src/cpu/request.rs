//! What a domain's `<cpu>` asks for, with the defaults that libvirt fills in.

use super::map::{CpuMap, built_in};
use super::{CpuMode, DefinedFeature, Definition, names};
use crate::caps::{Policy, Range, Sources, Subject};
use crate::text::Span;
use crate::xml::{Node, Text};

/// The driver that a domain type belongs to, as far as CPUs go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Driver {
    /// QEMU with KVM.
    Kvm,
    /// QEMU alone: emulated.
    Emulated,
    /// Another, of which nothing is said here.
    #[default]
    Other,
}

/// Architectures, as far as libvirt resolves their CPUs alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Family {
    /// x86_64 and i686.
    X86,
    /// s390x.
    S390x,
    /// ppc64 and ppc64le.
    Ppc64,
    /// Any other.
    #[default]
    Other,
}

/// `cpu/@match`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Matching {
    /// The model as named.
    #[default]
    Exact,
    /// At least that: the guest gets what the host has.
    Minimum,
    /// That, and the host must be nothing else.
    Strict,
}

impl Matching {
    /// Its word in XML.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Minimum => "minimum",
            Self::Strict => "strict",
        }
    }

    /// The one of that word; `exact` for any other.
    #[must_use]
    pub fn of(word: &str) -> Self {
        match word {
            "minimum" => Self::Minimum,
            "strict" => Self::Strict,
            _ => Self::Exact,
        }
    }
}

/// `cpu/@check`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CheckLevel {
    /// Nothing is compared.
    None,
    /// libvirt compares before the start.
    #[default]
    Partial,
    /// The guest must come out as defined.
    Full,
}

/// A `<feature>` of the domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskedFeature<'a> {
    /// Its element.
    pub node: Node<'a>,
    /// Its name.
    pub name: &'a str,
    /// Where the name stands.
    pub name_span: Span,
    /// Its policy; `require` where none is written.
    pub policy: Policy,
}

/// What a domain asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request<'a> {
    /// Its `<cpu>`.
    pub node: Option<Node<'a>>,
    /// KVM, emulation, or another driver.
    pub driver: Driver,
    /// The architecture: the domain's, else that of the documents.
    pub family: Family,
    /// `mode`.
    pub mode: CpuMode,
    /// `match`.
    pub matching: Matching,
    /// `check` as written, or the default.
    pub check: CheckLevel,
    /// True where `check` is written.
    pub check_written: bool,
    /// `<model>`, named or not.
    pub model_node: Option<Node<'a>>,
    /// The name in it.
    pub model: Option<Text<'a>>,
    /// True for `fallback='forbid'`.
    pub fallback_forbidden: bool,
    /// `<vendor>`.
    pub vendor: Option<&'a str>,
    /// Its `<feature>`s.
    pub(super) features: Vec<AskedFeature<'a>>,
    /// The host's own CPU map, where it is loaded.
    own_map: Option<&'a CpuMap>,
}

impl<'a> Request<'a> {
    /// Reads it.
    #[must_use]
    pub fn of(subject: &Subject<'a>, sources: &Sources<'a>, own_map: Option<&'a CpuMap>) -> Self {
        let driver = match subject.domain_type() {
            Some("kvm") => Driver::Kvm,
            Some("qemu") => Driver::Emulated,
            _ => Driver::Other,
        };
        let base = Self { driver, family: family(subject, sources), own_map, ..Self::default() };
        let Some(node) = subject.cpu else { return base };
        let mode = node.value("mode").and_then(CpuMode::from_word).unwrap_or_default();
        let check = node.value("check").and_then(check_of);
        let model_node = node.child("model");
        Self {
            node: Some(node),
            mode,
            matching: node.value("match").map_or(Matching::Exact, Matching::of),
            check: check.unwrap_or_else(|| default_check(mode, driver)),
            check_written: check.is_some(),
            model_node,
            model: model_node.and_then(Node::text),
            fallback_forbidden: model_node.and_then(|model| model.value("fallback")) == Some("forbid"),
            vendor: node.child("vendor").and_then(Node::text).map(|text| text.value),
            features: node.children("feature").filter_map(asked).collect(),
            ..base
        }
    }

    /// Its `<feature>`s that have a name and a policy libvirt knows.
    pub fn features(&self) -> impl Iterator<Item = AskedFeature<'a>> + use<'a, '_> {
        self.features.iter().copied()
    }

    /// The map that counts: the host's own, else the built-in one.
    #[must_use]
    pub fn map(&self) -> &'a CpuMap {
        self.own_map.unwrap_or_else(|| built_in())
    }

    /// True where the map that counts is the host's own, so that what it does not know is surely unknown.
    #[must_use]
    pub fn has_own_map(&self) -> bool {
        self.own_map.is_some()
    }

    /// True where libvirt's map may know that x86 feature.
    #[must_use]
    pub fn knows_feature(&self, name: &str) -> bool {
        self.own_map.map_or_else(|| names::knows_feature(name), |map| map.x86.number(name).is_some())
    }

    /// True where libvirt's map may know that x86 model.
    #[must_use]
    pub fn knows_model(&self, name: &str, libvirt: Range) -> bool {
        self.own_map.map_or_else(|| names::knows_model(name, libvirt), |map| map.x86.model(name).is_some())
    }

    /// It as libvirt's CPU code takes it.
    #[must_use]
    pub fn definition(&self) -> Definition<'a> {
        let vendor_id = self.model_node.and_then(|model| model.value("vendor_id"));
        let features = self.features().map(|feature| DefinedFeature { name: feature.name, policy: feature.policy }).collect();
        Definition {
            mode: self.mode,
            matching: self.matching,
            model: self.model.map(|model| model.value),
            fallback_forbidden: self.fallback_forbidden,
            vendor_id,
            vendor: self.vendor,
            features,
            ..Definition::default()
        }
    }

    /// True for the custom mode without a model: the hypervisor's default is filled in.
    #[must_use]
    pub fn wants_default(&self) -> bool {
        self.mode == CpuMode::Custom && self.model.is_none()
    }
}

fn asked(node: Node) -> Option<AskedFeature> {
    let name = node.attr("name")?;
    let policy = node.value("policy").map_or(Some(Policy::Require), Policy::from_word)?;
    Some(AskedFeature { node, name: name.value(), name_span: name.value_span(), policy })
}

fn check_of(word: &str) -> Option<CheckLevel> {
    match word {
        "none" => Some(CheckLevel::None),
        "partial" => Some(CheckLevel::Partial),
        "full" => Some(CheckLevel::Full),
        _ => None,
    }
}

fn default_check(mode: CpuMode, driver: Driver) -> CheckLevel {
    match mode {
        CpuMode::HostModel => CheckLevel::Partial,
        CpuMode::Custom if driver != Driver::Emulated => CheckLevel::Partial,
        _ => CheckLevel::None,
    }
}

fn family(subject: &Subject, sources: &Sources) -> Family {
    let said = |said: &'_ Option<crate::caps::Said<String>>| said.as_ref().map(|said| of_arch(&said.value));
    let of_caps = || sources.domain_caps.and_then(|caps| said(&caps.said.arch));
    let of_host = || sources.host_caps.and_then(|host| said(&host.said.cpu.as_ref()?.arch));
    subject.arch().map(of_arch).or_else(of_caps).or_else(of_host).unwrap_or_default()
}

fn of_arch(arch: &str) -> Family {
    match arch {
        "x86_64" | "i686" => Family::X86,
        "s390x" | "s390" => Family::S390x,
        "ppc64" | "ppc64le" => Family::Ppc64,
        _ => Family::Other,
    }
}

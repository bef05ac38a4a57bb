//! A document once it is loaded.

use super::{DomainCaps, HostCaps, Versions};
use crate::caps::{Feature, Said};
use crate::text::LineIndex;

/// A document with what it says.
#[derive(Debug)]
pub struct Loaded {
    /// As it was given; the name of the file, usually.
    pub name: String,
    /// The host it belongs to.
    pub host: String,
    /// The text.
    pub text: String,
    /// Its positions.
    pub lines: LineIndex,
    /// What it says.
    pub content: Content,
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
    /// All of it, from its start tag to its end tag.
    pub whole: crate::text::Span,
}

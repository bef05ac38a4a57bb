//! Reads a document of any kind: told from its content, refused by name with a place, and nothing else touched.

use crate::text::Span;

/// What a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `virsh domcapabilities`.
    DomainCapabilities,
    /// `virsh capabilities`.
    Capabilities,
    /// `virsh version`.
    Versions,
    /// A `<cpu>` alone.
    Cpu,
    /// A `<domain>`.
    Domain,
}

/// An element or attribute that no field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Element names joined by `/`, an attribute after `/@`.
    pub path: String,
    /// Where it stands.
    pub span: Span,
}

//! Reads a document of any kind: told from its content, refused by name with a place, and nothing else touched.

use std::sync::Arc;

use super::{Content, CpuXml, DomainCaps, DomainXml, HostCaps, Loaded, MapFile, Printed, Versions, bounds};
use crate::text::{Limits, LineIndex, Position, Span};
use crate::xml::{self, Node};

/// The code of a document that is none of the kinds that count.
pub const DOCUMENT_KIND: &str = "document-kind";

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
    /// A file of libvirt's CPU map.
    CpuMap,
}

impl Kind {
    /// Its word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::DomainCapabilities => "domainCapabilities",
            Self::Capabilities => "capabilities",
            Self::Versions => "versions",
            Self::Cpu => "cpu",
            Self::Domain => "domain",
            Self::CpuMap => "cpuMap",
        }
    }
}

/// An element or attribute that no field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Element names from below the root, joined by `/`, an attribute after `/@`, a text as `/text()`.
    pub path: String,
    /// Where it stands.
    pub span: Span,
}

/// Why a document was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadError {
    /// `document-kind`, or the code of the finding that says why the text cannot be read.
    pub code: &'static str,
    /// One sentence: what was found, and what was expected.
    pub message: String,
    /// Where, in bytes of what was given.
    pub span: Span,
    /// Where it begins.
    pub start: Position,
    /// Where it ends.
    pub end: Position,
}

impl LoadError {
    pub(crate) fn new(code: &'static str, message: impl Into<String>, span: Span, lines: &LineIndex) -> Self {
        Self { code, message: message.into(), span, start: lines.position(span.start), end: lines.position(span.end) }
    }
}

impl std::fmt::Display for LoadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for LoadError {}

/// Reads `text`, called `name`, as a document of `host`.
///
/// # Errors
/// Where it is none of the kinds that count, or cannot be read at all.
pub fn load(name: &str, host: &str, text: String, limits: &Limits) -> Result<Loaded, LoadError> {
    let content = content(&text, limits);
    let lines = LineIndex::new(&text);
    let content = content.map_err(|(code, message, span)| LoadError::new(code, message, span, &lines))?;
    let bounds = bounds::shown(&content);
    let shared = Arc::new(Printed { text, lines, content, bounds });
    Ok(Loaded { name: name.to_owned(), host: host.to_owned(), shared })
}

fn content(text: &str, limits: &Limits) -> Result<Content, (&'static str, String, Span)> {
    let markup = text.contains('<');
    if !markup
        && text.len() <= limits.bytes
        && let Some(versions) = Versions::read(text)
    {
        return Ok(Content::Versions(versions));
    }
    match xml::read(text, limits) {
        Ok(document) => told(document.root()).map_err(|(message, span)| (DOCUMENT_KIND, message, span)),
        Err(found) => Err(match (html(text), found.code) {
            (Some(span), _) => (DOCUMENT_KIND, HTML.to_owned(), span),
            (None, xml::NOT_WELL_FORMED) if !markup => (DOCUMENT_KIND, format!("{NO_DOCUMENT}: {EXPECTED}"), found.span),
            _ => (found.code, found.message.into_owned(), found.span),
        }),
    }
}

const EXPECTED: &str = "expected what `virsh domcapabilities`, `capabilities`, `version` or `dumpxml` print";
const HTML: &str = "this is an HTML page, not what virsh prints: save the document itself";
const NO_DOCUMENT: &str =
    "neither XML nor the lines of `virsh version`: expected what `virsh domcapabilities`, `capabilities`, `version` or `dumpxml` print";

/// What the outermost element makes of the document.
fn told(root: Node) -> Result<Content, (String, Span)> {
    let name = if root.namespace().is_none() { root.name() } else { root.qualified_name() };
    Ok(match name {
        "domainCapabilities" => Content::DomainCapabilities(Box::new(DomainCaps::read(root))),
        "capabilities" => Content::Capabilities(Box::new(HostCaps::read(root))),
        "cpu" => Content::Cpu(Box::new(CpuXml::read(root))),
        "domain" => Content::Domain(Box::new(DomainXml::read(root))),
        "cpus" if MapFile::read(root) != MapFile::default() => Content::CpuMap(MapFile::read(root)),
        _ if root.name().eq_ignore_ascii_case("html") => return Err((HTML.to_owned(), root.name_span())),
        _ => return Err((other(name), root.name_span())),
    })
}

/// What a document of another kind is, where that is known: outermost element, what it is, what to do.
const OTHERS: &[(&str, &str)] = &[
    ("domstatus", "libvirt's own state of a running domain; `virsh dumpxml` prints the domain"),
    ("domainsnapshot", "a snapshot; `virsh dumpxml` prints the domain"),
    ("domaincheckpoint", "a checkpoint; `virsh dumpxml` prints the domain"),
    ("domainbackup", "a backup job"),
    ("cpus", "several CPUs"),
    ("network", "a network"),
    ("pool", "a storage pool"),
    ("volume", "a storage volume"),
    ("storagepoolCapabilities", "what `virsh pool-capabilities` prints; of capabilities, those of domains and of the host count"),
    ("device", "a device of the host, from `virsh nodedev-dumpxml`"),
    ("interface", "a network interface"),
    ("filter", "a network filter"),
    ("secret", "a secret"),
    ("sysinfo", "what `virsh sysinfo` prints"),
    ("qemuCaps", "libvirt's own cache of an emulator; `virsh domcapabilities` prints what counts"),
    ("svg", "a picture"),
];

fn other(name: &str) -> String {
    let known = OTHERS.iter().find(|(element, _)| *element == name);
    known.map_or_else(|| format!("a `<{name}>` document: {EXPECTED}"), |(_, what)| format!("a `<{name}>` document is {what}: {EXPECTED}"))
}

/// Where an HTML page, which rarely is well-formed, says that it is one.
fn html(text: &str) -> Option<Span> {
    let lower = text.to_ascii_lowercase();
    let (at, mark) = ["<!doctype html", "<html"].into_iter().find_map(|mark| Some((lower.find(mark)?, mark)))?;
    // nothing stands before it but declarations and comments
    let before = lower.get(..at).unwrap_or("");
    let elements = before.matches('<').count() - before.matches("<!").count() - before.matches("<?").count();
    (elements == 0).then(|| Span::new(at + 1, at + mark.len()))
}

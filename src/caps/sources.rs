//! The documents that were chosen for a domain, as every room to the right asks them.

use std::sync::{Arc, OnceLock};

use super::{Choice, Content, CpuXml, DomainCaps, Fit, HostCaps, Loaded, Versions};
use crate::finding::DocumentId;

/// A document's content with the document it came from.
#[derive(Debug)]
pub struct Source<'a, T> {
    /// Which document says it, for evidence.
    pub id: DocumentId,
    /// What it says.
    pub said: &'a T,
}

impl<T> Clone for Source<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Source<'_, T> {}

impl<T> std::ops::Deref for Source<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.said
    }
}

/// What is loaded for a domain.
#[derive(Debug, Clone, Default)]
pub struct Sources<'a> {
    /// The domain capabilities that fit.
    pub domain_caps: Option<Source<'a, DomainCaps>>,
    /// How well their machine fits; meaningless without them.
    pub fit: Option<Fit>,
    /// Those of the same emulator for another machine or domain type.
    pub same_emulator: Vec<Source<'a, DomainCaps>>,
    /// The host's capabilities.
    pub host_caps: Option<Source<'a, HostCaps>>,
    /// The CPU that `dumpxml --update-cpu` printed for this domain.
    pub updated_cpu: Option<Source<'a, CpuXml>>,
    /// What is known of the versions.
    pub versions: Versions,
    /// Where no domain capabilities fit: those of this host that were looked at.
    pub unfit: Vec<Source<'a, DomainCaps>>,
    /// Then the command that prints the ones that would.
    pub wanted: Option<String>,
    /// What was found out by them.
    pub found: Arc<Found>,
}

/// What hangs on the documents chosen, and of the domain on nothing but the words by which they were chosen: its type, `<type>` of
/// `<os>` with architecture and machine, and its emulator. Found out at the first domain that asks.
#[derive(Debug, Default)]
pub struct Found {
    /// The features that QEMU adds to host-model where the domain names none.
    pub added_to_host_model: OnceLock<Vec<&'static str>>,
    /// The place of the guest block in the host's capabilities.
    pub guest: OnceLock<Option<usize>>,
    /// That of the machine in the list that counts for the domain.
    pub machine: OnceLock<Option<usize>>,
}

impl<'a> Sources<'a> {
    /// The chosen ones of `documents`.
    #[must_use]
    pub fn of(choice: &Choice, documents: &'a [Loaded]) -> Self {
        let domain_caps = |id: DocumentId| match &documents.get(id.0)?.content {
            Content::DomainCapabilities(said) => Some(Source { id, said: said.as_ref() }),
            _ => None,
        };
        let host_caps = |id: DocumentId| match &documents.get(id.0)?.content {
            Content::Capabilities(said) => Some(Source { id, said: said.as_ref() }),
            _ => None,
        };
        let cpu = |id: DocumentId| match &documents.get(id.0)?.content {
            Content::Domain(domain) => domain.cpu.as_ref().map(|said| Source { id, said }),
            _ => None,
        };
        Self {
            domain_caps: choice.domain_caps.and_then(|(id, _)| domain_caps(id)),
            fit: choice.domain_caps.map(|(_, fit)| fit),
            same_emulator: choice.same_emulator.iter().filter_map(|id| domain_caps(*id)).collect(),
            host_caps: choice.host_caps.and_then(host_caps),
            updated_cpu: choice.updated_cpu.and_then(cpu),
            versions: choice.versions,
            unfit: choice.unfit.iter().filter_map(|id| domain_caps(*id)).collect(),
            found: Arc::clone(&choice.found),
            wanted: choice.wanted.as_ref().filter(|_| choice.domain_caps.is_none()).cloned(),
        }
    }
}

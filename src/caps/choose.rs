//! Which of the loaded documents speak for a domain, and why the others do not.

use super::{Loaded, Subject, Versions};
use crate::finding::DocumentId;

/// How well a document's machine fits the domain's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fit {
    /// Another version of the same machine: what hangs on the version is likely, not certain.
    Family,
    /// The same, by name or through `canonical`.
    Exact,
}

/// The documents by which a domain is judged.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// The domain capabilities.
    pub domain_caps: Option<(DocumentId, Fit)>,
    /// Domain capabilities of the same host for the same emulator that do not fit the machine or domain type:
    /// what hangs on the emulator binary alone (facts marked so) may be judged by them.
    pub same_emulator: Vec<DocumentId>,
    /// The host's capabilities.
    pub host_caps: Option<DocumentId>,
    /// What `dumpxml --update-cpu` printed for this very domain.
    pub updated_cpu: Option<DocumentId>,
    /// Versions, given or bounded by the documents of this host.
    pub versions: Versions,
    /// For every loaded document, in order: whether it is used, and why or why not.
    pub uses: Vec<(bool, String)>,
}

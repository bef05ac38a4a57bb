//! The host's CPU beyond what KVM makes of it.

use crate::caps::{HostCpu, Model, Sources, Usable};

/// The host's CPU as it is, and not only what KVM makes of it.
#[derive(Debug, Clone, Copy)]
pub struct WholeHost<'a> {
    cpu: &'a HostCpu,
    model: &'a Model,
}

impl<'a> WholeHost<'a> {
    /// From the host's capabilities, where the domain capabilities tell what the host lacks of the model named there.
    #[must_use]
    pub fn of(sources: &Sources<'a>) -> Option<Self> {
        let cpu = sources.host_caps?.said.cpu.as_ref()?;
        let model = sources.domain_caps?.said.model(&cpu.model.as_ref()?.value)?;
        (model.usable.value == Usable::Yes || !model.blockers.is_empty()).then_some(Self { cpu, model })
    }

    /// True where it surely lacks a blocker: its capabilities do not name it, and their model is either usable or blocked by another.
    #[must_use]
    pub fn lacks(self, blocker: &str) -> bool {
        !self.model.blockers.iter().any(|own| own.value == blocker) && !self.cpu.features.iter().any(|own| own.name.value == blocker)
    }
}

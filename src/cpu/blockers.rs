//! The features that keep a domain from starting.

use super::compared::comparison;
use super::unusable::undisabled;
use super::{Resolved, ResolvedFeature, Stop};
use crate::caps::{Policy, Sources};

/// The features that keep it from starting.
pub(super) fn of<'a>(cpu: &Resolved<'a>, sources: &Sources<'a>) -> Vec<&'a str> {
    let listed = || cpu.listed.map(|model| undisabled(&cpu.request, model.0.said)).unwrap_or_default();
    let compared = || comparison(cpu, sources).map(|told| told.answer);
    let off = |feature: &ResolvedFeature| feature.policy == Some(Policy::Require) && feature.running == Some(false);
    match cpu.stop {
        Some(Stop::ModelUnusable) => match listed() {
            none if none.is_empty() => compared().map(|answer| answer.missing).unwrap_or_default(),
            listed => listed,
        },
        Some(Stop::FeatureMissing(_)) => match compared() {
            Some(answer) if !answer.missing.is_empty() => answer.missing,
            _ => cpu.features.iter().filter(off).map(|feature| feature.name).collect(),
        },
        Some(Stop::Strict) => compared().map(|answer| answer.extra).unwrap_or_default(),
        _ => Vec::new(),
    }
}

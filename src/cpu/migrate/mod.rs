//! Whether the CPU of a running guest is to be had on another host, and what changes when the guest starts again there.
//!
//! A running definition names its CPU in full, with `fallback='forbid'` and `check='full'`: the other host needs the model by that
//! name, and every feature that the guest has. What that host could give beyond is not asked for; what its QEMU shows unasked is
//! refused like a feature that is missing, and hangs on versions alone.

mod names;
mod offer;
mod trips;

pub use names::Names;
pub use offer::Offer;
pub use trips::{Trip, trips};

use super::map::FeatureSet;
use super::{CpuMode, Driver, Origin, Resolved};
use crate::caps::Policy;

/// The CPU of a guest that runs on a host.
#[derive(Debug, Clone)]
pub struct Running<'a> {
    /// What it came to; none where nothing is known of its kind.
    pub mode: Option<CpuMode>,
    /// The model.
    pub model: Option<&'a str>,
    /// False where the host may have handed out something else.
    pub exact: bool,
    /// On by name.
    named: FeatureSet,
    /// Off by name, or because the host lacks it.
    off: FeatureSet,
    /// All that it has; none where the map does not know the model.
    has: Option<FeatureSet>,
}

impl<'a> Running<'a> {
    /// Of the CPU that a domain gets on its host, of which `offer` tells what it can give.
    pub fn of(cpu: &Resolved<'a>, offer: Option<&Offer>, names: &mut Names<'a>) -> Self {
        let of_model = cpu.model.and_then(|model| names.of_model(model));
        // by the map it is known what comes out of a model that the host lacks something of
        let lacking = of_model.filter(|_| names.turned_off()).and_then(|model| offer?.lacks_for_sure(model));
        let (mut named, mut off, mut sure) =
            (FeatureSet::default(), lacking.unwrap_or_default(), cpu.exact || cpu.asked == CpuMode::Custom && lacking.is_some());
        for feature in cpu.features.iter().filter(|feature| feature.origin != Origin::Hypervisor) {
            let Some(number) = names.number(feature.name) else {
                sure = false;
                continue;
            };
            match (feature.policy, feature.running) {
                (_, Some(false)) | (Some(Policy::Disable | Policy::Forbid), _) => off.insert(number),
                (Some(Policy::Optional), _) => sure = false,
                (Some(Policy::Require | Policy::Force), _) => named.insert(number),
                (None, _) => {}
            }
        }
        let mode = (cpu.request.driver != Driver::Other).then_some(cpu.mode);
        Self { mode, model: cpu.model, exact: sure, named, off, has: of_model.map(|model| model.with(named).without(off)) }
    }

    /// True where it has the feature of that name.
    #[must_use]
    pub fn has(&self, names: &Names, name: &str) -> bool {
        names.any(self.has.unwrap_or(self.named), &|own| own == name)
    }

    /// True where a feature is off whose name begins so.
    #[must_use]
    pub fn lacks_part(&self, names: &Names, start: &str) -> bool {
        names.any(self.off, &|name| name.starts_with(start))
    }
}

/// Whether a host can take a running CPU over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// It can.
    Yes,
    /// It lacks these features.
    Lacks(FeatureSet),
    /// It does not know the model by its name.
    ModelUnknown,
    /// Nothing is compared: the guest sees the CPU of its host as it is.
    Uncompared,
    /// The documents do not decide it.
    Unknown,
}

/// Whether `offer` can take `running` over.
pub fn takes<'a>(running: &Running<'a>, offer: &Offer<'a>, names: &mut Names<'a>) -> Takes {
    let model = match (running.mode, running.model) {
        (Some(CpuMode::HostPassthrough | CpuMode::Maximum), _) => return Takes::Uncompared,
        (Some(CpuMode::Custom), Some(model)) => model,
        _ => return Takes::Unknown,
    };
    let of_model = match offer.lacks_of_model(model, names) {
        offer::OfModel::Unlisted => return Takes::ModelUnknown,
        offer::OfModel::Lacks(lacking) => Some(lacking.without(running.off)),
        offer::OfModel::Unknown => None,
    };
    let (of_named, decided) = offer.lacks_of(running.named, running.model, names);
    let missing = of_named.with(of_model.unwrap_or_default());
    if !missing.is_empty() {
        return Takes::Lacks(missing);
    }
    if of_model.is_some() && decided && running.exact { Takes::Yes } else { Takes::Unknown }
}

/// What changes when a guest is stopped and started again elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Restart {
    /// Nothing: the CPU is the same.
    Same,
    /// The model or a feature.
    Changes {
        /// What it has only there.
        gained: FeatureSet,
        /// What it had only here.
        lost: FeatureSet,
    },
    /// The documents do not decide it.
    Unknown,
}

/// What changes from one CPU to the other.
#[must_use]
pub fn restart(before: &Running, after: &Running) -> Restart {
    let custom = |running: &Running| running.mode == Some(CpuMode::Custom) && running.model.is_some();
    if !custom(before) || !custom(after) {
        return Restart::Unknown;
    }
    let same = before.model == after.model;
    let (gained, lost) = match (before.has, after.has) {
        (Some(before), Some(after)) => (after.without(before), before.without(after)),
        _ if same => {
            let part = |one: &Running, other: &Running| one.named.without(other.named).with(other.off.without(one.off));
            (part(after, before), part(before, after))
        }
        _ => return Restart::Unknown,
    };
    match same && gained.is_empty() && lost.is_empty() {
        true if before.exact && after.exact => Restart::Same,
        true => Restart::Unknown,
        false => Restart::Changes { gained, lost },
    }
}

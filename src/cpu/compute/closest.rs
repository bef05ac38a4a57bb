//! The model that describes a set of features best, as libvirt chooses it.

use super::{KnownModel, Refused, x86};
use crate::caps::Policy;
use crate::cpu::map::{FeatureSet, Model, X86Map};
use crate::cpu::{DefinedFeature, Definition, Trace};

/// What is to be described.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted<'k> {
    /// The features.
    pub(super) features: FeatureSet,
    /// The vendor, by its number.
    pub(super) vendor: Option<usize>,
    /// Family, model and stepping.
    pub(super) signature: Option<(u32, u32, u32)>,
    /// Only one of these models.
    pub(super) known: Option<&'k [KnownModel<'k>]>,
    /// Names that are tried before others; the only one of them wins at once.
    pub(super) preferred: &'k [&'k str],
}

/// A model, and what it takes to make the wanted CPU of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate<'m> {
    pub(super) model: &'m Model,
    pub(super) require: FeatureSet,
    pub(super) disable: FeatureSet,
}

/// What the first disabled feature costs; each further one costs one more.
const PENALTY: usize = 2;

impl<'m> Candidate<'m> {
    fn of(map: &'m X86Map, model: &'m Model, wanted: &Wanted) -> Self {
        let require = wanted.features.without(model.features);
        let mut disable = model.features.without(wanted.features);
        let known = wanted.known.and_then(|known| known.iter().find(|known| *known.name == *model.name));
        for number in known.iter().flat_map(|known| &known.blockers).filter_map(|blocker| map.number(blocker)) {
            if !require.has(number) {
                disable.insert(number);
            }
        }
        disable = disable.with(model.removed.without(require));
        Self { model, require, disable }
    }

    /// What it costs, and how much of it for disabled features. libvirt counts only half of those, rounded up: its loop ends
    /// where the number that it counts down meets the one that it counts up.
    fn cost(&self) -> (usize, usize) {
        let disabled = self.disable.len();
        let counted = disabled.div_ceil(2);
        let penalty = (0..counted).map(|nth| PENALTY + nth).sum();
        (self.require.len() + disabled - counted + penalty, penalty)
    }

    fn is_for(&self, (family, model, stepping): (u32, u32, u32)) -> bool {
        self.model.signatures.iter().any(|signature| signature.is(family, model, stepping))
    }

    /// True where it describes the CPU better than the best so far.
    fn beats(&self, best: &Self, wanted: &Wanted) -> bool {
        if let Some(signature) = wanted.signature {
            match (best.is_for(signature), self.is_for(signature)) {
                (true, false) => return false,
                (false, true) => return true,
                _ => {}
            }
        }
        let ((cost, disabled), (best_cost, best_disabled)) = (self.cost(), best.cost());
        let preferred = wanted.preferred.contains(&&*self.model.name);
        cost < best_cost || (disabled < best_disabled && (cost == best_cost || preferred))
    }
}

/// The model for a guest that describes what is wanted best; newer ones are tried first.
pub(super) fn closest<'m>(map: &'m X86Map, wanted: &Wanted, trace: &mut Trace) -> Result<Candidate<'m>, Refused> {
    let is_known = |model: &Model| wanted.known.is_none_or(|known| known.iter().any(|known| *known.name == *model.name));
    let fits = |model: &Model| model.vendor.is_none() || wanted.vendor.is_none() || model.vendor == wanted.vendor;
    let mut best: Option<Candidate> = None;
    for model in map.models.iter().rev().filter(|model| is_known(model) && fits(model) && model.for_guests) {
        let candidate = Candidate::of(map, model, wanted);
        if wanted.preferred == [&*model.name] {
            trace.step(|| format!("`{}` is the one model asked for", model.name));
            return Ok(candidate);
        }
        if best.as_ref().is_none_or(|best| candidate.beats(best, wanted)) {
            best = Some(candidate);
        }
    }
    let best = best.ok_or_else(|| Refused("no model that the hypervisor knows is like it".to_owned()))?;
    trace.step(|| {
        let Candidate { model, require, disable } = &best;
        format!("`{}` describes it best, with {} features required and {} disabled", model.name, require.len(), disable.len())
    });
    Ok(best)
}

/// The features of a candidate in the order in which libvirt writes them.
pub(super) fn written<'m>(map: &'m X86Map, candidate: &Candidate) -> Vec<DefinedFeature<'m>> {
    let with = |policy, set| map.names(set).map(move |name| DefinedFeature { name, policy });
    with(Policy::Require, candidate.require).chain(with(Policy::Disable, candidate.disable)).collect()
}

/// Puts the closest model that the hypervisor knows in the place of the CPU's own.
pub(super) fn translate<'a>(map: &'a X86Map, cpu: &mut Definition<'a>, known: &[KnownModel], trace: &mut Trace) -> Result<(), Refused> {
    let Some(name) = cpu.model else { return Ok(()) };
    let model = x86::find(map, name)?;
    let mut features = x86::features(map, cpu)?;
    let signature = model.signatures.first().map(|signature| (signature.family, signature.model, signature.first_stepping()));
    if broken_tsx(map.vendor(model.vendor), signature) {
        ["hle", "rtm"].iter().filter_map(|name| map.number(name)).for_each(|number| features.remove(number));
    }
    trace.step(|| format!("the hypervisor does not know `{name}`: the closest model that it knows takes its place"));
    let wanted = Wanted { features, vendor: model.vendor, signature, known: Some(known), preferred: &[] };
    let found = closest(map, &wanted, trace)?;
    let own = std::mem::replace(&mut cpu.features, written(map, &found));
    own.iter().for_each(|feature| cpu.set(feature.name, feature.policy));
    cpu.model = Some(&found.model.name);
    Ok(())
}

/// Intel CPUs whose TSX does not work: libvirt takes it out of what it sees there.
fn broken_tsx(vendor: Option<&str>, signature: Option<(u32, u32, u32)>) -> bool {
    vendor == Some("Intel") && matches!(signature, Some((6, 63, 0..4) | (6, 60 | 69 | 70, _)))
}

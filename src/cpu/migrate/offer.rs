//! What a host can give to a guest that comes from another.

use super::Names;
use crate::caps::{Custom, HostModel, Policy, Sources, Usable};
use crate::cpu::map::FeatureSet;

/// A host, as its domain capabilities tell it.
#[derive(Debug, Clone)]
pub struct Offer<'a> {
    custom: Option<&'a Custom>,
    /// The model that host-model comes to, where QEMU was asked for it.
    model: Option<&'a str>,
    /// Features that it has.
    has: FeatureSet,
    /// Features that it lacks.
    lacks: FeatureSet,
    /// True where it lacks whatever is not in `has`.
    whole: bool,
}

/// What a host lacks of a model.
pub(super) enum OfModel {
    /// It does not know the name.
    Unlisted,
    /// These features, or none.
    Lacks(FeatureSet),
    /// The documents do not tell.
    Unknown,
}

impl<'a> Offer<'a> {
    /// Of the domain capabilities that fit; none where there are none.
    pub fn of(sources: &Sources<'a>, names: &mut Names<'a>) -> Option<Self> {
        let modes = &sources.domain_caps?.said.cpu;
        let probed = |definition: &&HostModel| definition.probed() && definition.mode.answer().denied().is_none();
        let definition = modes.host_model.as_ref().filter(probed);
        let model = definition.and_then(|definition| Some(definition.model.as_ref()?.value.as_str()));
        let (mut has, mut lacks, mut counted) = (FeatureSet::default(), FeatureSet::default(), true);
        for feature in definition.into_iter().flat_map(|definition| &definition.features) {
            match (names.number(&feature.name.value), feature.policy) {
                (None, _) => counted = false,
                (Some(number), Policy::Disable | Policy::Forbid) => lacks.insert(number),
                (Some(number), _) => has.insert(number),
            }
        }
        let of_model = model.and_then(|model| names.of_model(model));
        let has = has.with(of_model.unwrap_or_default()).without(lacks);
        Some(Self { custom: modes.custom.as_ref(), model, has, lacks, whole: of_model.is_some() && counted })
    }

    /// What it lacks of the model of that name.
    pub(super) fn lacks_of_model(&self, name: &str, names: &mut Names<'a>) -> OfModel {
        let Some(custom) = self.custom.filter(|custom| !custom.models.is_empty()) else { return OfModel::Unknown };
        let Some(model) = custom.model(name) else { return OfModel::Unlisted };
        match model.usable.value {
            Usable::Yes => OfModel::Lacks(FeatureSet::default()),
            Usable::No if !model.blockers.is_empty() => {
                let mut lacking = FeatureSet::default();
                for number in model.blockers.iter().filter_map(|blocker| names.number(&blocker.value)) {
                    lacking.insert(number);
                }
                OfModel::Lacks(lacking)
            }
            _ if self.whole => names.of_model(name).map_or(OfModel::Unknown, |features| OfModel::Lacks(features.without(self.has))),
            _ => OfModel::Unknown,
        }
    }

    /// What it lacks of these features; none where that is not known of all.
    pub(super) fn lacks_for_sure(&self, features: FeatureSet) -> Option<FeatureSet> {
        self.whole.then(|| features.without(self.has))
    }

    /// What it lacks of these features, which a guest has beside `model`; and whether that is decided for all of them.
    pub(super) fn lacks_of(&self, features: FeatureSet, model: Option<&str>, names: &Names) -> (FeatureSet, bool) {
        let unnamed = features.without(self.has).without(self.lacks);
        // beside the same model, what is not named is not there, unless it goes by the name of a group
        let whole = self.whole || (model.is_some() && self.model == model);
        let open = if whole { unnamed.common(names.grouped) } else { unnamed };
        (features.without(self.has).without(open), open.is_empty())
    }
}

//! The features of a resolved CPU. Host-model mostly comes to its definition as it stands, so that is not copied, but read where it is.

use super::{Origin, ResolvedFeature};
use crate::caps::{Feature, HostModel, Policy, Source};

/// The features of which something is said, each once.
#[derive(Debug, Clone, Default)]
pub struct FeatureList<'a> {
    /// Those of it come first.
    definition: Option<Defined<'a>>,
    own: Vec<ResolvedFeature<'a>>,
}

/// What host-model comes to by a document.
#[derive(Debug, Clone, Copy)]
struct Defined<'a> {
    definition: Source<'a, HostModel>,
    /// Whether that is sure of what runs.
    probed: bool,
    /// A feature that a start leaves out.
    without: Option<&'static str>,
}

impl<'a> FeatureList<'a> {
    /// That of a definition, less one feature.
    pub(super) fn of(definition: Source<'a, HostModel>, without: Option<&'static str>) -> Self {
        Self { definition: Some(Defined { definition, probed: definition.said.probed(), without }), own: Vec::new() }
    }

    /// True where nothing but a definition has been written into it.
    pub(super) fn is_definition(&self) -> bool {
        self.definition.is_some() && self.own.is_empty()
    }

    /// Each of them.
    pub fn iter(&self) -> impl Iterator<Item = ResolvedFeature<'a>> + Clone + use<'a, '_> {
        self.definition.iter().flat_map(Defined::features).chain(self.own.iter().copied())
    }

    /// The one of that name.
    #[inline(never)] // a dozen places ask
    #[must_use]
    pub fn find(&self, name: &str) -> Option<ResolvedFeature<'a>> {
        self.iter().find(|feature| feature.name == name)
    }

    /// How many libvirt asks QEMU for, or to do without.
    #[must_use]
    pub fn asked(&self) -> usize {
        let own = self.own.iter().filter(|feature| feature.policy.is_some()).count();
        self.definition.as_ref().map_or(0, Defined::count) + own
    }

    /// True where each that is required is known to run, as is what a definition requires for which QEMU was asked.
    pub(super) fn required_run(&self) -> bool {
        let required = |policy| policy == Some(Policy::Require);
        self.definition.as_ref().is_none_or(|defined| defined.probed || !defined.features().any(|feature| required(feature.policy)))
            && self.own.iter().filter(|feature| required(feature.policy)).all(|feature| feature.running == Some(true))
    }

    /// Adds one, which has come last.
    pub(super) fn push(&mut self, feature: ResolvedFeature<'a>) {
        self.own.push(feature);
    }

    /// All of them, to be changed.
    pub(super) fn list(&mut self) -> &mut Vec<ResolvedFeature<'a>> {
        if self.definition.is_some() {
            let all = self.iter().collect();
            *self = Self { definition: None, own: all };
        }
        &mut self.own
    }
}

impl<'a> Defined<'a> {
    fn count(&self) -> usize {
        match self.without {
            None => self.definition.said.features.len(),
            Some(_) => self.features().count(),
        }
    }

    fn features(&self) -> impl Iterator<Item = ResolvedFeature<'a>> + Clone + use<'a> {
        let Self { definition, probed, without } = *self;
        let stays = move |feature: &&Feature| without.is_none_or(|name| feature.name.value != name);
        definition.said.features.iter().filter(stays).map(move |feature| ResolvedFeature {
            name: &feature.name.value,
            policy: Some(feature.policy),
            origin: Origin::HostModel,
            running: probed.then_some(!matches!(feature.policy, Policy::Disable | Policy::Forbid)),
            evidence: Some((definition.id, feature.name.span)),
        })
    }
}

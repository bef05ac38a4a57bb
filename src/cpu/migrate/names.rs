//! Numbers for the names of features, so that CPUs of many hosts are compared as sets.

use std::collections::BTreeMap;

use crate::cpu::map::{FeatureSet, X86Map};
use crate::cpu::{Family, of_static_model};

/// Names and their numbers: for x86 those of the map, then whatever else is met.
#[derive(Debug)]
pub struct Names<'a> {
    family: Family,
    map: Option<&'a X86Map>,
    others: BTreeMap<&'a str, usize>,
    listed: Vec<&'a str>,
    /// Those whose name may stand for others, or others for them: on s390x the functions of a group.
    pub(super) grouped: FeatureSet,
}

impl<'a> Names<'a> {
    /// The names of an architecture.
    #[must_use]
    pub fn new(family: Family, map: &'a X86Map) -> Self {
        Self {
            family,
            map: (family == Family::X86).then_some(map),
            others: BTreeMap::new(),
            listed: Vec::new(),
            grouped: FeatureSet::default(),
        }
    }

    /// The number of a name; none where no more names have room in a set.
    pub fn number(&mut self, name: &'a str) -> Option<usize> {
        if let Some(number) = self.map.and_then(|map| map.number(name)) {
            return Some(number);
        }
        let next = self.known() + self.listed.len();
        let number = *self.others.entry(name).or_insert(next);
        if number == next {
            self.listed.push(name);
            if self.family == Family::S390x && name.contains('-') {
                self.grouped.insert(number);
            }
        }
        (number < FeatureSet::MOST).then_some(number)
    }

    fn known(&self) -> usize {
        self.map.map_or(0, |map| map.features.len())
    }

    /// The names of a set.
    pub fn of(&self, set: FeatureSet) -> impl Iterator<Item = &'a str> + '_ {
        set.numbers().filter_map(|number| match self.map.and_then(|map| map.features.get(number)) {
            Some(feature) => Some(&*feature.name),
            None => self.listed.get(number - self.known()).copied(),
        })
    }

    /// True where a set has such a name.
    pub(super) fn any(&self, set: FeatureSet, is: &dyn Fn(&str) -> bool) -> bool {
        self.of(set).any(is)
    }

    /// What a model stands for; none where that is not known.
    pub fn of_model(&mut self, model: &str) -> Option<FeatureSet> {
        if self.family != Family::S390x {
            return self.map?.model(model).map(|model| model.features);
        }
        let mut set = FeatureSet::default();
        for name in of_static_model(model)? {
            set.insert(self.number(name).unwrap_or(FeatureSet::MOST));
        }
        Some(set)
    }

    pub(super) fn is_x86(&self) -> bool {
        self.family == Family::X86
    }

    /// True where a hypervisor turns off what its host lacks of a model; QEMU for s390x does not start then.
    pub(super) fn turned_off(&self) -> bool {
        self.family != Family::S390x
    }
}

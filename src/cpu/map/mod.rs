//! libvirt's CPU map: what a model stands for. Built in as facts of 12.8.0; a host's own map counts instead where it is loaded.

mod facts;
mod read;
mod set;

pub use facts::{built_in, x86_feature_names};
pub use read::{MapError, includes, read};
pub use set::FeatureSet;

use crate::caps::{HostModel, Policy};
use crate::text::sort_by_key;

/// The last version whose facts are built in.
pub const FACTS_OF: &str = "12.8.0";

/// A map of all architectures that libvirt has one for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CpuMap {
    /// x86_64 and i686.
    pub x86: X86Map,
    /// ppc64 and ppc64le.
    pub ppc64: Ppc64Map,
    /// aarch64 and armv7l.
    pub arm: ArmMap,
}

/// x86.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct X86Map {
    /// Vendors.
    pub vendors: Vec<Vendor>,
    /// Features, in the order of the map, which is that of what libvirt writes.
    pub features: Vec<Feature>,
    /// Models, older ones first.
    pub models: Vec<Model>,
    /// Numbers of features, in the order of their names.
    by_name: Vec<u16>,
}

/// A vendor, `Intel`, with the twelve letters that its CPUs answer, `GenuineIntel`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vendor {
    /// As libvirt writes it.
    pub name: Box<str>,
    /// As CPUID says it.
    pub letters: Box<str>,
}

/// A feature of x86: one bit of one register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feature {
    /// As libvirt writes it.
    pub name: Box<str>,
    /// Other names, as QEMU writes them.
    pub aliases: Vec<Box<str>>,
    /// Where a CPU shows it.
    pub place: BitPlace,
    /// False where no guest that has it can migrate.
    pub migratable: bool,
}

/// Where a CPU shows a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BitPlace {
    /// The leaf, or the register.
    pub source: BitSource,
    /// `a`, `b`, `c` or `d`: of `eax`, `ebx`, `ecx`, `edx`.
    pub register: char,
    /// The bit, from 0 to 31.
    pub bit: u8,
}

/// What is asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BitSource {
    /// CPUID, with `eax` and `ecx` as given.
    Cpuid(u32, u32),
    /// The model-specific register of that index.
    Msr(u32),
}

/// A model of x86.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Model {
    /// Its name.
    pub name: Box<str>,
    /// True where a host may be called that.
    pub for_hosts: bool,
    /// True where libvirt may choose it for a guest.
    pub for_guests: bool,
    /// True where a partial check still compares it with the whole host CPU.
    pub compat_check: bool,
    /// The number of its vendor.
    pub vendor: Option<usize>,
    /// Families and models of the CPUs it is for.
    pub signatures: Vec<Signature>,
    /// What it stands for.
    pub features: FeatureSet,
    /// What it got later: it stands for them to QEMU, and libvirt names them all the same.
    pub added: FeatureSet,
    /// What it lost later: libvirt disables them by name.
    pub removed: FeatureSet,
}

/// Family, model and steppings of a CPU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    /// The family.
    pub family: u32,
    /// The model.
    pub model: u32,
    /// A bit for each stepping, from 0 to 15.
    pub steppings: u16,
}

/// ppc64.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ppc64Map {
    /// Vendors.
    pub vendors: Vec<Box<str>>,
    /// Models.
    pub models: Vec<Ppc64Model>,
}

/// A model of ppc64.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ppc64Model {
    /// Its name.
    pub name: Box<str>,
    /// Its vendor.
    pub vendor: Option<Box<str>>,
    /// Values and masks of the processor version register.
    pub versions: Vec<(u32, u32)>,
}

/// Arm.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ArmMap {
    /// Vendors, with the number of each.
    pub vendors: Vec<(Box<str>, u32)>,
    /// Features.
    pub features: Vec<Box<str>>,
    /// Models: name, vendor, part number.
    pub models: Vec<(Box<str>, Option<Box<str>>, u32)>,
}

impl X86Map {
    /// The number of the feature of that name.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<usize> {
        let named = |number: &u16| self.features.get(usize::from(*number)).map_or("", |feature| &feature.name);
        let at = self.by_name.binary_search_by(|number| named(number).cmp(name)).ok()?;
        self.by_name.get(at).map(|number| usize::from(*number))
    }

    /// The feature of that name.
    #[must_use]
    pub fn feature(&self, name: &str) -> Option<&Feature> {
        self.features.get(self.number(name)?)
    }

    /// The model of that name.
    #[must_use]
    pub fn model(&self, name: &str) -> Option<&Model> {
        self.models.iter().find(|model| *model.name == *name)
    }

    /// The name of a vendor.
    #[must_use]
    pub fn vendor(&self, number: Option<usize>) -> Option<&str> {
        self.vendors.get(number?).map(|vendor| &*vendor.name)
    }

    /// The names of a set, in the order of the map.
    pub fn names(&self, set: FeatureSet) -> impl Iterator<Item = &str> {
        set.numbers().filter_map(|number| self.features.get(number).map(|feature| &*feature.name))
    }

    /// The features that QEMU gives by host-model's definition; none where it was not asked, or the map does not know the model.
    /// Names that the map does not know are left out.
    #[must_use]
    pub fn offered(&self, definition: &HostModel) -> Option<FeatureSet> {
        let mut set = self.model(&definition.model.as_ref().filter(|_| definition.probed())?.value)?.features;
        for feature in &definition.features {
            let Some(number) = self.number(&feature.name.value) else { continue };
            match feature.policy {
                Policy::Disable | Policy::Forbid => set.remove(number),
                _ => set.insert(number),
            }
        }
        Some(set)
    }

    /// Adds a feature; false where there are too many.
    fn push_feature(&mut self, feature: Feature) -> bool {
        let fits = self.features.len() < FeatureSet::MOST;
        if fits {
            self.features.push(feature);
        }
        fits
    }

    /// Sorts the names, once all features are there.
    fn index(&mut self) {
        if self.by_name.len() == self.features.len() {
            return;
        }
        let features = &self.features;
        self.by_name = (0..).take(features.len()).collect();
        sort_by_key(&mut self.by_name, |number| features.get(usize::from(*number)).map(|feature| &feature.name));
    }
}

impl Signature {
    /// Every stepping.
    pub const ANY: u16 = u16::MAX;

    /// The lowest stepping.
    #[must_use]
    pub fn first_stepping(self) -> u32 {
        self.steppings.trailing_zeros() % 16
    }

    /// True for a CPU of that family, model and stepping.
    #[must_use]
    pub fn is(self, family: u32, model: u32, stepping: u32) -> bool {
        (self.family, self.model) == (family, model) && self.steppings >> (stepping % 16) & 1 == 1
    }
}

//! s390x: libvirt has QEMU tell what CPUs have in common, which goes by its static models, `…-base`: what these stand for never changes.

use std::collections::BTreeSet;

use super::{KnownModel, Refused};
use crate::caps::Policy;
use crate::cpu::{DefinedFeature, Definition, Trace};

/// A static model: its name, the type of its machine, its generation and the level of that.
type Static = (&'static str, u16, u8, u8);

/// In the order in which QEMU looks through them.
const STATIC: &[Static] = &[
    ("z10EC-base", 0x2097, 10, 1),
    ("z10EC.2-base", 0x2097, 10, 2),
    ("z10BC-base", 0x2098, 10, 2),
    ("z10EC.3-base", 0x2097, 10, 3),
    ("z10BC.2-base", 0x2098, 10, 3),
    ("z196-base", 0x2817, 11, 1),
    ("z196.2-base", 0x2817, 11, 2),
    ("z114-base", 0x2818, 11, 2),
    ("zEC12-base", 0x2827, 12, 1),
    ("zEC12.2-base", 0x2827, 12, 2),
    ("zBC12-base", 0x2828, 12, 2),
    ("z13-base", 0x2964, 13, 1),
    ("z13.2-base", 0x2964, 13, 2),
    ("z13s-base", 0x2965, 13, 2),
    ("z14-base", 0x3906, 14, 1),
    ("z14.2-base", 0x3906, 14, 2),
    ("z14ZR1-base", 0x3907, 14, 1),
    ("gen15a-base", 0x8561, 15, 1),
    ("gen15b-base", 0x8562, 15, 1),
    ("gen16a-base", 0x3931, 16, 1),
    ("gen16b-base", 0x3932, 16, 1),
    ("gen17a-base", 0x9175, 17, 1),
    ("gen17b-base", 0x9176, 17, 1),
];

/// What a generation's models stand for beyond those of the one before.
const STANDS_FOR: &[(u8, &str)] = &[
    (
        10,
        "asnlxr csske csst csst2 dateh dateh2 dfp dfphp ectg eimm esan3 etf2 etf2eh etf3 etf3eh exrl fpseh ginste hfpm hfpue idtes ldisp \
         ldisphp msa mvcos parseh pfpo plo srs stckf stfle tods zarch",
    ),
    (11, "cmpsceh emon fpe iacc2 nonqks sprogp stfle45"),
    (12, "dfpzc ltlbc stfle49"),
    (13, "dfppc gen13ptff stfle53"),
    (14, "eec minste2 opc sema tsi"),
    (15, "minste3"),
    (17, "minste4 msa12 plo_ext sif"),
];

/// What may be off in a model all the same.
const MAY_BE_OFF: &str = "csske kimd-sha-1 klmd-sha-1 km-dea km-tdea-128 km-tdea-192 kmac-dea kmac-tdea-128 kmac-tdea-192 kmc-dea \
                          kmc-tdea-128 kmc-tdea-192";

/// A static model and what differs from it.
struct Parts<'a> {
    model: &'static Static,
    on: BTreeSet<&'a str>,
    off: BTreeSet<&'a str>,
}

impl<'a> Parts<'a> {
    fn of(cpu: &Definition<'a>) -> Result<Self, Refused> {
        let name = cpu.model.unwrap_or_default();
        let model =
            STATIC.iter().find(|model| model.0 == name).ok_or_else(|| Refused(format!("only QEMU knows what `{name}` stands for")))?;
        let is_off = |policy| matches!(policy, Policy::Disable | Policy::Forbid);
        let named = |off: bool| cpu.features.iter().filter(move |feature| is_off(feature.policy) == off).map(|feature| feature.name);
        let off: BTreeSet<&str> = named(true).collect();
        // a name with a hyphen is one function of a facility, and its group has the name that models go by
        if let Some(name) = off.iter().find(|name| name.contains('-') && !may_be_off(name)) {
            return Err(Refused(format!("only QEMU knows what is left of a model without `{name}`")));
        }
        let on = stands_for(model).chain(named(false)).filter(|name| !off.contains(name)).collect();
        Ok(Self { model, on, off })
    }

    /// What both have. A group of functions that one of them has in part alone is left out.
    fn common(self, other: &Self) -> Result<Self, Refused> {
        let on: BTreeSet<&'a str> = self.on.intersection(&other.on).copied().collect();
        let (a, b) = (self.model, other.model);
        // QEMU strips off what a model cannot have: nothing, of one of theirs, and since the 13th generation of any of the same
        let sure = |model: &&Static| [a, b].contains(model) || model.2 >= 13 && model.2 == a.2.min(b.2);
        let found = found(a, b, &on).filter(sure);
        let model = found.ok_or_else(|| Refused(format!("only QEMU knows what `{}` and `{}` have in common", a.0, b.0)))?;
        let mut off = self.off;
        off.extend(other.off.iter().copied().chain(stands_for(model).filter(|name| !on.contains(name))));
        Ok(Self { model, off, on })
    }

    /// As a CPU of that model: only what differs from it is named, in the order of `order`, then of names.
    fn definition(self, order: &Definition<'a>) -> Definition<'a> {
        let own: BTreeSet<_> = stands_for(self.model).collect();
        let mut cpu = Definition { model: Some(self.model.0), ..Definition::default() };
        let named = order.features.iter().map(|feature| feature.name).filter(|name| self.on.contains(name));
        for name in named.chain(self.on.iter().copied()).filter(|name| !own.contains(name)) {
            cpu.set(name, Policy::Require);
        }
        let off = self.off.into_iter().filter(|name| own.contains(name) || may_be_off(name) && name.contains('-'));
        cpu.features.extend(off.map(|name| DefinedFeature { name, policy: Policy::Disable }));
        cpu
    }
}

/// As QEMU's `query-cpu-model-baseline`, of one CPU after the other.
pub(super) fn baseline<'a>(cpus: &[Definition<'a>], known: &[KnownModel], trace: &mut Trace) -> Result<Definition<'a>, Refused> {
    let unknown = |cpu: &&Definition| !known.iter().any(|known| Some(known.name) == cpu.model);
    if let Some(cpu) = cpus.iter().find(unknown) {
        return Err(Refused(format!("the hypervisor does not know `{}`", cpu.model.unwrap_or_default())));
    }
    let (first, others) = cpus.split_first().ok_or_else(|| Refused("no CPU is given".to_owned()))?;
    let mut common = Parts::of(first)?;
    for cpu in others {
        common = common.common(&Parts::of(cpu)?)?;
    }
    let common = common.definition(first);
    trace.step(|| {
        format!("{} CPUs have `{}` in common, with {} features named", cpus.len(), common.model.unwrap_or_default(), common.features.len())
    });
    Ok(common)
}

/// What a static model stands for; none where it is not known, or no static one.
pub(super) fn of_static<'n>(name: &str) -> Option<impl Iterator<Item = &'n str> + use<'n>> {
    STATIC.iter().find(|model| model.0 == name).map(stands_for)
}

/// The newest model that is no newer than either, and all of which is `on`.
fn found(a: &'static Static, b: &'static Static, on: &BTreeSet<&str>) -> Option<&'static Static> {
    let (kind, generation, level) = match a.2.cmp(&b.2) {
        std::cmp::Ordering::Equal => (if a.1 == b.1 { a.1 } else { 0 }, a.2, a.3.min(b.3)),
        std::cmp::Ordering::Greater => (b.1, b.2, b.3),
        std::cmp::Ordering::Less => (a.1, a.2, a.3),
    };
    let (mut same_kind, mut last) = (None, None);
    for model in STATIC {
        let newer = model.2 > generation || model.2 == generation && model.3 > level;
        if newer || stands_for(model).any(|name| !on.contains(name) && !may_be_off(name)) {
            break;
        }
        if (model.1, model.3) == (kind, level) {
            return Some(model);
        }
        same_kind = Some(model).filter(|model| model.1 == kind).or(same_kind);
        last = Some(model);
    }
    same_kind.or(last)
}

fn stands_for<'n>(model: &Static) -> impl Iterator<Item = &'n str> + use<'n> {
    let generation = model.2;
    let names = STANDS_FOR
        .iter()
        .filter(move |(since, _)| *since <= generation)
        .flat_map(|(_, names): &(_, &'n str)| names.split_ascii_whitespace());
    names.filter(move |name| generation < 15 || *name != "csske")
}

fn may_be_off(name: &str) -> bool {
    MAY_BE_OFF.split_ascii_whitespace().any(|own| own == name)
}

//! s390x: libvirt has QEMU tell what CPUs have in common, which goes by its static models, `…-base`: what these stand for never changes.

use super::{KnownModel, Refused};
use crate::caps::Policy;
use crate::cpu::{Definition, Trace};

/// A static model: its name, the type of its machine, its generation and the level of that.
type Static = (&'static str, u16, u8, u8);

/// In the order in which QEMU looks through them; those of z13 and later, which can have the same features within a generation.
const STATIC: &[Static] = &[
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

/// What a generation's models stand for beyond those of the one before; the first one's list holds what is older.
const STANDS_FOR: &[(u8, &str)] = &[
    (
        13,
        "asnlxr cmpsceh csske csst csst2 dateh dateh2 dfp dfphp dfppc dfpzc ectg eimm emon esan3 etf2 etf2eh etf3 etf3eh exrl fpe fpseh \
         gen13ptff ginste hfpm hfpue iacc2 idtes ldisp ldisphp ltlbc msa mvcos nonqks parseh pfpo plo sprogp srs stckf stfle stfle45 stfle49 \
         stfle53 tods zarch",
    ),
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
    on: Vec<&'a str>,
    off: Vec<&'a str>,
}

impl<'a> Parts<'a> {
    fn of(cpu: &Definition<'a>) -> Result<Self, Refused> {
        let name = cpu.model.unwrap_or_default();
        let model = of_name(name).ok_or_else(|| Refused(format!("only QEMU knows what `{name}` stands for")))?;
        let (mut on, mut off) = (stands_for(model), Vec::new());
        for feature in &cpu.features {
            let is_off = matches!(feature.policy, Policy::Disable | Policy::Forbid);
            if is_off { &mut off } else { &mut on }.push(feature.name);
        }
        // a name with a hyphen is one function of a facility, and its group has the name that models go by
        if let Some(name) = off.iter().find(|name| name.contains('-') && !may_be_off(name)) {
            return Err(Refused(format!("only QEMU knows what is left of a model without `{name}`")));
        }
        on.retain(|name| !listed(&off, name));
        Ok(Self { model, on, off })
    }

    /// Keeps what the other has as well. A group of functions that one of them has in part alone is left out.
    fn keep(&mut self, other: &Self) -> Result<(), Refused> {
        self.on.retain(|name| listed(&other.on, name));
        self.off.extend_from_slice(&other.off);
        let (a, b) = (self.model, other.model);
        // QEMU strips off what a model cannot have: nothing, of a model of the older one's generation
        let found = found(a, b, &self.on).filter(|model| model.2 == a.2.min(b.2));
        self.model = found.ok_or_else(|| Refused(format!("only QEMU knows what `{}` and `{}` have in common", a.0, b.0)))?;
        Ok(())
    }

    /// As a CPU of that model: only what differs from it is named.
    fn definition(self) -> Definition<'a> {
        let own = stands_for(self.model);
        let mut cpu = Definition { model: Some(self.model.0), ..Definition::default() };
        for name in self.on.iter().filter(|name| !listed(&own, name)) {
            cpu.set(name, Policy::Require);
        }
        for name in own.iter().filter(|name| !listed(&self.on, name)) {
            cpu.set(name, Policy::Disable);
        }
        for name in self.off.iter().filter(|name| name.contains('-')) {
            cpu.set(name, Policy::Disable);
        }
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
        common.keep(&Parts::of(cpu)?)?;
    }
    let common = common.definition();
    trace.step(|| format!("{} CPUs have `{}` in common", cpus.len(), common.model.unwrap_or_default()));
    Ok(common)
}

/// What a static model stands for; none where it is not known, or no static one.
pub(super) fn of_static<'n>(name: &str) -> Option<Vec<&'n str>> {
    of_name(name).map(stands_for)
}

fn of_name(name: &str) -> Option<&'static Static> {
    STATIC.iter().find(|model| model.0 == name)
}

/// The newest model that is no newer than either, and all of which is `on`.
fn found(a: &'static Static, b: &'static Static, on: &[&str]) -> Option<&'static Static> {
    let (kind, generation, level) = match () {
        () if a.2 == b.2 => (if a.1 == b.1 { a.1 } else { 0 }, a.2, a.3.min(b.3)),
        () if a.2 > b.2 => (b.1, b.2, b.3),
        () => (a.1, a.2, a.3),
    };
    let (mut same_kind, mut last) = (None, None);
    for model in STATIC {
        let newer = model.2 > generation || model.2 == generation && model.3 > level;
        if newer || stands_for(model).iter().any(|name| !listed(on, name) && !may_be_off(name)) {
            break;
        }
        if (model.1, model.3) == (kind, level) {
            return Some(model);
        }
        if model.1 == kind {
            same_kind = Some(model);
        }
        last = Some(model);
    }
    same_kind.or(last)
}

#[inline(never)]
fn stands_for<'n>(model: &Static) -> Vec<&'n str> {
    let mut names = Vec::new();
    for (_, more) in STANDS_FOR.iter().filter(|(since, _)| *since <= model.2) {
        names.extend(more.split(' '));
    }
    // taken out of the models from then on
    names.retain(|name| model.2 < 15 || *name != "csske");
    names
}

#[inline(never)]
fn listed(names: &[&str], name: &str) -> bool {
    names.contains(&name)
}

fn may_be_off(name: &str) -> bool {
    MAY_BE_OFF.split(' ').any(|own| own == name)
}

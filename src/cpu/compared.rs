//! The comparison before a start: the request against all that the host has, by the CPU map.

use super::map::BitSource;
use super::verdict::Verdict::{self, May, Starts, Stops, Unknown};
use super::{CheckLevel, Compared, Comparison, Definition, Driver, Family, Resolved, Stop, Trace, compute};
use crate::caps::{DomainCaps, Policy, Sources, Version};
use crate::cpu::Arch;

/// What the comparison says; none where the documents do not tell the host's CPU, or the map does not know a name.
pub(super) fn comparison<'a>(cpu: &Resolved<'a>, sources: &Sources<'a>) -> Option<Told<'a>> {
    let given = sources.domain_caps?.said.cpu.host_model.as_ref().filter(|definition| definition.probed())?;
    let (host, whole) = match (cpu.request.driver, sources.host_caps.and_then(|host| host.said.cpu.as_ref())) {
        (Driver::Emulated, _) => (Definition::of_host_model(given), true),
        // what KVM gives on top of what the processor itself has
        (_, Some(own)) => {
            let mut host = Definition::of_host(own);
            let on = given.features.iter().filter(|feature| feature.policy == Policy::Require);
            on.for_each(|feature| host.set(&feature.name.value, Policy::Require));
            (host, true)
        }
        (_, None) => (Definition::of_host_model(given), false),
    };
    let guest = cpu.request.definition();
    let answer = compute::compare(cpu.request.map(), Arch::X86, &host, &guest, &mut Trace::off()).ok()?;
    let vendor = guest.vendor.is_some_and(|vendor| host.vendor != Some(vendor));
    let doubtful = may_ask_for_more(cpu, sources, &host);
    let named = answer.missing.iter().all(|name| guest.policy(name) == Some(Policy::Require));
    let msr = |name: &&str| cpu.request.map().x86.feature(name).is_some_and(|feature| matches!(feature.place.source, BitSource::Msr(_)));
    let whole = whole && (answer.missing.is_empty() || !answer.missing.iter().all(msr));
    Some(Told { answer, whole, vendor, doubtful, named })
}

/// What a comparison says, and how far it goes.
#[derive(Debug, Clone)]
pub(super) struct Told<'a> {
    pub(super) answer: Comparison<'a>,
    /// False where the host may have more than its documents say.
    whole: bool,
    /// True where the vendor differs.
    vendor: bool,
    /// True where an older libvirt may require more.
    doubtful: bool,
    /// True where the domain itself names all that is missing.
    named: bool,
}

/// True where this libvirt may still have features in the model that were taken out of it since, and the host lacks them.
fn may_ask_for_more(cpu: &Resolved, sources: &Sources, host: &Definition) -> bool {
    let map = cpu.request.map();
    let removed = cpu.request.model.and_then(|model| map.x86.model(model.value)).map(|model| model.removed).unwrap_or_default();
    let surely = sources.versions.libvirt.at_least(Version(11, 3, 0)) == Some(true);
    if removed.is_empty() || surely || cpu.request.has_own_map() {
        return false;
    }
    let has = compute::feature_set(map, Arch::X86, host).unwrap_or_default();
    let named = |name: &str| cpu.request.features().any(|feature| feature.name == name);
    map.x86.names(removed.without(has)).any(|name| !named(name))
}

impl<'a> Told<'a> {
    /// Whether it lets the domain start.
    pub(super) fn verdict(&self) -> Verdict<'a> {
        let Self { answer, whole, vendor, doubtful, named } = self;
        let stop = match (answer.forbidden.first(), answer.missing.first()) {
            _ if *vendor => Stop::Vendor,
            (Some(name), _) => Stop::Forbidden(name),
            (_, Some(name)) if *named => Stop::FeatureMissing(name),
            (_, Some(_)) => Stop::ModelUnusable,
            _ => Stop::Strict,
        };
        match (answer.result, whole) {
            (Compared::Incompatible, true) => Stops(stop),
            // more features of the host would make no difference
            (Compared::Incompatible, false) if answer.missing.is_empty() => Stops(stop),
            (Compared::Incompatible, false) => May(stop),
            (Compared::Identical | Compared::Superset, true) if !doubtful => Starts,
            (Compared::Identical | Compared::Superset, _) => Unknown,
        }
    }
}

/// On ppc64 the host's own model surely runs, and host-model in a mode that the host has.
pub(super) fn on_ppc64<'a>(cpu: &Resolved, caps: &DomainCaps) -> Verdict<'a> {
    let request = &cpu.request;
    let plain = request.family == Family::Ppc64 && request.check != CheckLevel::Full && request.features().next().is_none();
    let host = caps.cpu.host_model.as_ref().filter(|_| plain).map(Definition::of_host_model);
    let compared = host.and_then(|host| compute::compare(request.map(), Arch::Ppc64, &host, &request.definition(), &mut Trace::off()).ok());
    if compared.is_some_and(|compared| compared.result == Compared::Identical) { Starts } else { Unknown }
}

//! A running guest between two hosts.

use crate::caps::{Fit, Machine};
use crate::cpu::map::{FeatureSet, X86Map};
use crate::cpu::migrate::{self, Names, Offer, Running, Takes, Trip, restart, takes, trips};
use crate::cpu::{CpuMode, Startable};
use crate::finding::{Certainty, Finding, Phase};
use crate::report::{OnHost, Pair, Restart};
use crate::rules::Facts;
use crate::xml::Node;

/// A host as the domain meets it.
pub(super) struct Side<'a> {
    /// What is answered about it.
    pub(super) answer: OnHost,
    /// What the rules were asked by.
    pub(super) facts: Facts<'a>,
    /// What else than the CPU refuses the domain there, and whether that is certain.
    pub(super) refused: Option<(String, bool)>,
    /// What holds a running guest there.
    pub(super) held: Option<String>,
}

/// A side, as the comparison of CPUs takes it.
pub(super) struct Prepared<'a> {
    running: Running<'a>,
    offer: Option<Offer<'a>>,
}

/// Everything that pairs are made of.
pub(super) struct Pairs<'s, 'a> {
    sides: &'s [Side<'a>],
    prepared: Vec<Prepared<'a>>,
    names: Names<'a>,
    device: Option<&'a str>,
    /// True where QEMU shows `ht` from 10.0.0 on, whether or not the domain asks for it.
    shows_ht: bool,
}

/// What else than the CPU refuses a domain, of findings about a define or a start.
pub(super) fn refused(findings: &[Finding]) -> Option<(String, bool)> {
    let others = || findings.iter().filter(|finding| !finding.is_about_cpu() && matches!(finding.phase, Phase::Define | Phase::Start));
    let certain = others().find(|finding| finding.severity == crate::finding::Severity::Error);
    let likely = || others().find(|finding| finding.certainty == Certainty::Likely);
    let told = |finding: &Finding, sure| (finding.message.to_string(), sure);
    certain.map(|finding| told(finding, true)).or_else(|| likely().map(|finding| told(finding, false)))
}

/// What holds a running guest where it is; nothing where the host is not known well enough to be sure.
pub(super) fn held(facts: &Facts, findings: &[Finding]) -> Option<String> {
    let known = facts.sources.domain_caps.is_some() && facts.sources.host_caps.is_some();
    findings.iter().filter(|_| known).find(|finding| finding.phase == Phase::Migrate).map(|finding| finding.message.to_string())
}

impl<'s, 'a> Pairs<'s, 'a> {
    pub(super) fn new(sides: &'s [Side<'a>], map: &'a X86Map) -> Self {
        let family = sides.first().map(|side| side.facts.cpu.request.family).unwrap_or_default();
        let mut names = Names::new(family, map);
        let prepare = |side: &Side<'a>| {
            let offer = Offer::of(&side.facts.sources, &mut names);
            Prepared { running: Running::of(&side.facts.cpu, offer.as_ref(), &mut names), offer }
        };
        let prepared = sides.iter().map(prepare).collect();
        let device = sides.first().and_then(|side| holding_device(side.facts.subject.root));
        let shows_ht = sides.first().and_then(|side| side.facts.subject.cpu).is_some_and(shows_ht);
        Self { sides, prepared, names, device, shows_ht }
    }

    /// The pair of two places among the sides.
    pub(super) fn pair(&mut self, from: usize, to: usize) -> Option<Pair> {
        let (a, b) = (self.sides.get(from)?, self.sides.get(to)?);
        let (running, there) = (&self.prepared.get(from)?.running, self.prepared.get(to)?);
        let taken = there.offer.as_ref().map_or(Takes::Unknown, |offer| takes(running, offer, &mut self.names));
        let trips = trips(running, &self.names, self.shows_ht, &a.facts.sources.versions, &b.facts.sources.versions);
        let (migrates, why) = self.verdict(a, b, running, taken, &trips);
        let names = |set: FeatureSet| self.names.of(set).map(str::to_owned).collect::<Vec<_>>();
        let missing = if let Takes::Lacks(missing) = taken { names(missing) } else { Vec::new() };
        let (restart, gained, lost) = match restart(running, &there.running) {
            migrate::Restart::Same => (Restart::Same, Vec::new(), Vec::new()),
            migrate::Restart::Changes { gained, lost } => (Restart::Changes, names(gained), names(lost)),
            migrate::Restart::Unknown => (Restart::Unknown, Vec::new(), Vec::new()),
        };
        Some(Pair {
            from: a.answer.host.clone(),
            to: b.answer.host.clone(),
            migrates,
            why,
            missing,
            unknown_model: running.model.filter(|_| taken == Takes::ModelUnknown).map(str::to_owned),
            restart,
            gained,
            lost,
            caveats: trips.iter().map(|trip| trip.told).collect(),
        })
    }

    fn verdict(&self, a: &Side, b: &Side, running: &Running, taken: Takes, trips: &[Trip]) -> (Startable, Option<String>) {
        let (here, there) = (&a.answer.host, &b.answer.host);
        let no = |why: String| (Startable::No, Some(why));
        let unknown = |why: String| (Startable::Unknown, Some(why));
        let model = running.model.unwrap_or_default();
        let machine = machine(&a.facts);
        let machine_known = machine.and_then(|machine| knows_machine(&b.facts, machine));
        let tripped = trips.iter().find(|trip| trip.of_cpu).map(|trip| trip.told);
        match taken {
            _ if a.answer.startable == Startable::No => no(format!("it does not run on `{here}`")),
            _ if matches!(b.refused, Some((_, true))) => no(format!("`{there}` refuses it: {}", told(b))),
            _ if machine_known == Some(false) => no(format!("`{there}` does not know the machine `{}`", machine.unwrap_or_default())),
            _ if a.held.is_some() => no(a.held.clone().unwrap_or_default()),
            Takes::ModelUnknown => no(format!("`{there}` does not know the model `{model}`")),
            Takes::Lacks(set) if running.exact => no(format!("`{there}` lacks {} of what the guest has", features(set))),
            Takes::Lacks(set) => unknown(format!("`{there}` lacks {} of what the guest may have", features(set))),
            _ if b.refused.is_some() => unknown(format!("`{there}` may refuse it: {}", told(b))),
            _ if b.facts.sources.domain_caps.is_none() => unknown(format!("no domain capabilities of `{there}` fit")),
            Takes::Uncompared => {
                let mode = running.mode.map_or("", CpuMode::word);
                unknown(format!("under `{mode}` nothing is compared: it migrates only between hosts that are alike in everything"))
            }
            _ if self.device.is_some() => {
                unknown(format!("whether a guest with `{}` migrates hangs on the device and on QEMU", self.device.unwrap_or_default()))
            }
            Takes::Unknown => unknown(format!("the documents do not tell whether `{there}` has all that the guest has")),
            Takes::Yes if tripped.is_some() => unknown(format!("`{there}` may refuse it: {}", tripped.unwrap_or_default())),
            Takes::Yes if machine_known.is_none() => unknown(format!("no document tells whether `{there}` knows the guest's machine")),
            Takes::Yes => (Startable::Yes, None),
        }
    }
}

fn told<'s>(side: &'s Side) -> &'s str {
    side.refused.as_ref().map_or("", |(message, _)| message)
}

fn features(set: FeatureSet) -> String {
    crate::text::plural(set.len(), "feature")
}

/// The machine of a guest that runs: the name that an alias stands for there.
fn machine<'a>(facts: &Facts<'a>) -> Option<&'a str> {
    let offered = facts.sources.domain_caps.filter(|_| facts.sources.fit == Some(Fit::Exact));
    offered.and_then(|caps| Some(caps.said.machine.as_ref()?.value.as_str())).or(facts.subject.machine())
}

/// Whether a host knows a machine by that name, for the domain's architecture and type.
fn knows_machine(facts: &Facts, name: &str) -> Option<bool> {
    let offered = facts.sources.domain_caps.and_then(|caps| caps.said.machine.as_ref());
    if offered.is_some_and(|offered| offered.value == name) {
        return Some(true);
    }
    let arch = facts.subject.arch().or(facts.sources.domain_caps.and_then(|caps| Some(caps.said.arch.as_ref()?.value.as_str())))?;
    let guests = &facts.sources.host_caps?.said.guests;
    let guest = guests.iter().find(|guest| guest.arch.as_ref().is_some_and(|own| own.value == arch))?;
    let domain = guest.domains.iter().find(|domain| Some(domain.domain_type.value.as_str()) == facts.subject.domain_type())?;
    let machines = if domain.machines.is_empty() { &guest.machines } else { &domain.machines };
    let is = |machine: &Machine| machine.name.value == name || machine.canonical.as_ref().is_some_and(|canonical| canonical.value == name);
    (!machines.is_empty()).then(|| machines.iter().any(is))
}

/// Whether QEMU shows a guest `ht` unasked: one with several cores or threads in a socket, which libvirt never makes of itself. Whoever
/// asks for it by name has it before already.
fn shows_ht(cpu: Node) -> bool {
    let number = |name: &str| cpu.child("topology")?.value(name)?.trim().parse::<u32>().ok();
    let many = ["dies", "clusters", "cores", "threads"].into_iter().any(|name| number(name).is_some_and(|number| number > 1));
    let off = |feature: Node| matches!(feature.value("policy"), Some("disable" | "forbid"));
    many && !cpu.children("feature").any(|feature| feature.value("name") == Some("ht") && !off(feature))
}

/// An element whose device keeps a guest where it is, at least by some versions.
fn holding_device<'a>(root: Node<'a>) -> Option<&'a str> {
    let holds = |device: &Node<'a>| match device.name() {
        "hostdev" => device.value("type") != Some("usb") && device.child("teaming").is_none(),
        "interface" => matches!(device.value("type"), Some("hostdev" | "vdpa")) && device.child("teaming").is_none(),
        "filesystem" => device.child("driver").and_then(|driver| driver.value("type")) == Some("virtiofs"),
        "shmem" => device.value("role") != Some("master"),
        "disk" => device.child("transient").is_some(),
        _ => false,
    };
    root.child("devices")?.elements().find(holds).map(Node::name)
}

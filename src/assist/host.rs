//! What the documents of the host say of the values, and of the elements, at a place.

use super::model::Level;
use crate::caps::{Answer, DomainCaps, Guest, Machine, Model, Source, Usable, Version};
use crate::finding::DocumentId;
use crate::rules::{self, Check, Facts, Place};

/// The documents that speak for a domain.
#[derive(Debug, Clone, Copy)]
pub struct Host<'a> {
    /// What they say.
    pub facts: &'a Facts<'a>,
    /// Their names, in the order of adding.
    pub names: &'a [&'a str],
}

/// What a document says of a value.
#[derive(Debug)]
pub struct Offer<'a> {
    /// The value.
    pub value: &'a str,
    /// Whether it can be had; none where it is known, and no more.
    pub offered: Option<bool>,
    /// What else is said of it; empty where nothing is.
    pub note: String,
    /// The document.
    pub document: DocumentId,
}

/// Enums of the domain capabilities that no rule judges word by word: the element and its attribute, the section and its enum.
const MORE: &[(&str, &str, &str, &str)] = &[
    ("domain/os/loader", "type", "os/loader", "type"),
    ("domain/os/loader", "readonly", "os/loader", "readonly"),
    ("domain/os/loader", "secure", "os/loader", "secure"),
    ("domain/features/gic", "version", "features/gic", "version"),
    ("domain/launchSecurity", "type", "features/launchSecurity", "sectype"),
    ("domain/devices/tpm/backend", "version", "devices/tpm", "backendVersion"),
    ("domain/devices/hostdev", "type", "devices/hostdev", "subsysType"),
];

impl<'a> Host<'a> {
    /// What is said of the values of an attribute of the element at `path`, of its text where none is named. `words` are those that the
    /// vocabulary has for it.
    pub fn offers(&self, path: &str, attr: Option<&str>, words: &[&'static str]) -> Vec<Offer<'a>> {
        match (path, attr) {
            ("domain", Some("type")) => self.domain_types(),
            ("domain/os/type", Some("arch")) => self.guests(|guest| guest.arch.as_ref()),
            ("domain/os/type", Some("machine")) => self.machines(),
            ("domain/os/type", None) => self.guests(|guest| guest.os_type.as_ref()),
            ("domain/os/loader", None) => self.loaders(),
            ("domain/devices/emulator", None) => self.emulators(),
            ("domain/cpu", Some("mode")) => self.modes(),
            ("domain/cpu/model", None) => self.models(),
            ("domain/cpu/feature", Some("name")) => self.features(),
            (_, Some(attr)) => self.listed(path, attr, words),
            (_, None) => Vec::new(),
        }
    }

    /// Whether a section of the domain capabilities denies the element at `path`, and which document that is.
    pub fn denies(&self, path: &str) -> Option<DocumentId> {
        let source = self.caps()?;
        let (_, name) = path.rsplit_once('/')?;
        let denied = |section: &str| source.said.supported(section).denied().is_some();
        let own = |section: &str| section.rsplit('/').next() == Some(name);
        let speaks = rules::all().filter(|rule| rule.on.contains(&path)).any(|rule| match &rule.check {
            Check::Supported(row) => own(row.section) && denied(row.section),
            _ => false,
        });
        let unlisted = path.starts_with("domain/features/hyperv/")
            && source.said.list("features/hyperv", "features").is_some_and(|list| !list.has(name));
        (speaks || unlisted).then_some(source.id)
    }

    /// The version of libvirt, where it was given.
    pub fn libvirt(&self) -> Option<Version> {
        let range = self.facts.sources.versions.libvirt;
        range.least.filter(|_| range.given)
    }

    /// The name of a document.
    pub fn name(&self, document: DocumentId) -> &'a str {
        self.names.get(document.0).copied().unwrap_or("")
    }

    fn caps(&self) -> Option<Source<'a, DomainCaps>> {
        self.facts.sources.domain_caps.filter(|_| self.facts.qemu())
    }

    /// The values of every enum that stands for the attribute, then the words that some row judges and no enum has.
    fn listed(&self, path: &str, attr: &str, words: &[&'static str]) -> Vec<Offer<'a>> {
        let Some(source) = self.caps() else { return Vec::new() };
        let mut out: Vec<Offer> = Vec::new();
        let mut denied: Vec<&'static str> = Vec::new();
        let rows = rules::all().filter_map(|rule| match &rule.check {
            Check::Listed(row) if rule.on.iter().any(|on| is_place(on, row.place, path, attr)) => {
                Some((row.section, row.list, Some(row.words)))
            }
            _ => None,
        });
        let more = MORE.iter().filter(|(on, name, ..)| *on == path && *name == attr).map(|(.., section, list)| (*section, *list, None));
        for (section, list, judged) in rows.chain(more) {
            let Some(list) = source.said.list(section, list) else { continue };
            let offer = |value| Offer { value, offered: Some(true), note: String::new(), document: source.id };
            out.extend(list.values.iter().map(|said| offer(said.value.as_str())));
            let judges = |word: &&str| judged.is_none_or(|judged| judged.iter().any(|known| known.0 == *word));
            denied.extend(words.iter().copied().filter(judges));
        }
        denied.retain(|word| !out.iter().any(|offer| offer.value == *word));
        out.extend(denied.into_iter().map(|value| Offer { value, offered: Some(false), note: String::new(), document: source.id }));
        out
    }

    fn modes(&self) -> Vec<Offer<'a>> {
        let Some(source) = self.caps() else { return Vec::new() };
        let cpu = &source.said.cpu;
        let answers = [
            ("host-passthrough", cpu.host_passthrough.as_ref().map(|mode| mode.answer())),
            ("host-model", cpu.host_model.as_ref().map(|model| model.mode.answer())),
            ("custom", cpu.custom.as_ref().map(|custom| custom.mode.answer())),
            ("maximum", cpu.maximum.as_ref().map(|mode| mode.answer())),
        ];
        let offer = |(value, answer): (&'static str, Option<Answer>)| {
            let offered = match answer? {
                Answer::Yes(_) => Some(true),
                Answer::No(_) => Some(false),
                Answer::Unknown => None,
            };
            Some(Offer { value, offered, note: String::new(), document: source.id })
        };
        answers.into_iter().filter_map(offer).collect()
    }

    /// The usable models first.
    fn models(&self) -> Vec<Offer<'a>> {
        let Some((source, custom)) = self.caps().and_then(|source| Some((source, source.said.cpu.custom.as_ref()?))) else {
            return Vec::new();
        };
        let offer = |model: &'a Model| {
            let offered = match model.usable.value {
                Usable::Yes => Some(true),
                Usable::No => Some(false),
                Usable::Unknown => None,
            };
            Offer { value: &model.name.value, offered, note: about_model(model), document: source.id }
        };
        custom.models.iter().map(offer).collect()
    }

    fn features(&self) -> Vec<Offer<'a>> {
        let Some((source, model)) = self.caps().and_then(|source| Some((source, source.said.cpu.host_model.as_ref()?))) else {
            return Vec::new();
        };
        let note = |policy: crate::caps::Policy| format!("host-model says `{}`", policy.word());
        let offer = |feature: &'a crate::caps::Feature| Offer {
            value: &feature.name.value,
            offered: None,
            note: note(feature.policy),
            document: source.id,
        };
        model.features.iter().map(offer).collect()
    }

    fn loaders(&self) -> Vec<Offer<'a>> {
        let Some(source) = self.caps() else { return Vec::new() };
        let paths = source.said.section("os/loader").map_or(&[][..], |section| &section.values);
        paths.iter().map(|said| Offer { value: &said.value, offered: Some(true), note: String::new(), document: source.id }).collect()
    }

    fn emulators(&self) -> Vec<Offer<'a>> {
        let mut out: Vec<Offer> = Vec::new();
        let own = self.facts.sources.domain_caps.and_then(|source| Some((source.id, source.said.path.as_ref()?)));
        let usual =
            self.facts.offer.and_then(|guests| Some((guests.source.id, guests.default_emulator(self.facts.subject.domain_type())?)));
        for (document, said) in own.into_iter().chain(usual) {
            if !out.iter().any(|offer| offer.value == said.value) {
                out.push(Offer { value: &said.value, offered: Some(true), note: String::new(), document });
            }
        }
        out
    }

    fn domain_types(&self) -> Vec<Offer<'a>> {
        let Some(guests) = self.facts.offer else { return Vec::new() };
        let types = guests.guest.map_or(&[][..], |guest| &guest.domains).iter().map(|domain| domain.domain_type.value.as_str());
        types.map(|value| Offer { value, offered: Some(true), note: String::new(), document: guests.source.id }).collect()
    }

    /// What the guest blocks say, each value once.
    fn guests(&self, said: impl Fn(&'a Guest) -> Option<&'a crate::caps::Said<String>>) -> Vec<Offer<'a>> {
        let Some(source) = self.facts.sources.host_caps else { return Vec::new() };
        let mut out: Vec<Offer> = Vec::new();
        for said in source.said.guests.iter().filter_map(said) {
            if !out.iter().any(|offer| offer.value == said.value) {
                out.push(Offer { value: &said.value, offered: Some(true), note: String::new(), document: source.id });
            }
        }
        out
    }

    /// The machines that last first, those that will go at the end.
    fn machines(&self) -> Vec<Offer<'a>> {
        let Some(guests) = self.facts.offer else { return Vec::new() };
        let offer = |machine: &'a Machine| Offer {
            value: &machine.name.value,
            offered: Some(true),
            note: about_machine(machine),
            document: guests.source.id,
        };
        let machines = guests.machines(self.facts.subject.domain_type());
        let turn = |machine: &Machine| if goes(machine) { 2 } else { u8::from(machine.canonical.is_none()) };
        (0..3).flat_map(|at| machines.iter().filter(move |machine| turn(machine) == at)).map(offer).collect()
    }
}

/// Whether the attribute of the element at `path` is the one that a row looks at from the element at `on`.
fn is_place(on: &str, place: Place, path: &str, attr: &str) -> bool {
    match place {
        Place::Attribute(name) => name == attr && on == path,
        Place::Child(child, name) => name == attr && path.strip_prefix(on).and_then(|rest| rest.strip_prefix('/')) == Some(child),
    }
}

fn goes(machine: &Machine) -> bool {
    machine.deprecated.as_ref().is_some_and(|said| said.value)
}

fn about_machine(machine: &Machine) -> String {
    let mut out = String::new();
    let mut add = |piece: String| out += &format!("{}{piece}", if out.is_empty() { "" } else { ", " });
    machine.canonical.iter().for_each(|said| add(format!("stands for `{}`", said.value)));
    machine.max_cpus.iter().for_each(|said| add(format!("up to {} vCPUs", said.value)));
    if goes(machine) {
        add("deprecated".to_owned());
    }
    out
}

/// What is said of a model besides whether it is usable.
fn about_model(model: &Model) -> String {
    let mut out = String::new();
    let mut add = |piece: String| out += &format!("{}{piece}", if out.is_empty() { "" } else { ", " });
    if model.deprecated.as_ref().is_some_and(|said| said.value) {
        add("deprecated".to_owned());
    }
    model.canonical.iter().for_each(|said| add(format!("stands for `{}`", said.value)));
    if let Some(first) = model.blockers.first() {
        let more = model.blockers.len() - 1;
        let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
        add(format!("this host lacks `{}`{rest}", first.value));
    }
    out
}

/// The path of the last of `levels`, from `domain` down; empty where the vocabulary does not know it.
pub fn path(levels: &[Level]) -> String {
    let names: Option<Vec<&str>> = levels.iter().map(|level| level.elements.first().map(|element| element.name)).collect();
    names.unwrap_or_default().join("/")
}

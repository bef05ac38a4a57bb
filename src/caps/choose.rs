//! Which of the loaded documents speak for a domain, and why the others do not.

use std::sync::Arc;

use super::fit::{Asked, Match, Misfit};
use super::{Content, CpuXml, DomainCaps, DomainXml, Found, HostCaps, Loaded, Subject, Versions, bounds};
use crate::finding::{DocumentId, Wording};
use crate::xml::Node;

/// How well a document's machine fits the domain's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fit {
    /// Another version of the same machine: what hangs on the version is likely, not certain.
    Family,
    /// The same, by name or through `canonical`.
    Exact,
}

/// The documents by which a domain is judged.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// The domain capabilities.
    pub domain_caps: Option<(DocumentId, Fit)>,
    /// Domain capabilities of the same host for the same emulator that do not fit the machine or domain type:
    /// what hangs on the emulator binary alone (facts marked so) may be judged by them.
    pub same_emulator: Vec<DocumentId>,
    /// The host's capabilities.
    pub host_caps: Option<DocumentId>,
    /// What `dumpxml --update-cpu` printed for this very domain.
    pub updated_cpu: Option<DocumentId>,
    /// Versions, given or bounded by the documents of this host.
    pub versions: Versions,
    /// Where no domain capabilities fit: those of this host that were looked at.
    pub unfit: Vec<DocumentId>,
    /// For every loaded document, in order: whether it is used, and why or why not.
    pub uses: Vec<(bool, Wording)>,
    /// The host that judges: the one asked for, else that of the document added last.
    pub host: Option<String>,
    /// The command that prints the domain capabilities that would fit; none where a document fits exactly, and where no
    /// command can: the domain names no type, or what the host does not offer.
    pub wanted: Option<String>,
    /// What was found out by it; shared by those who ask for the same.
    pub found: Arc<Found>,
}

/// Chooses for `subject` among `documents`, in the order of their adding, by one host: `host`, else that of the last.
#[must_use]
pub fn choose(subject: &Subject, documents: &[Loaded], host: Option<&str>, given: Versions) -> Choice {
    let host = host.or_else(|| documents.last().map(|document| document.host.as_str()));
    let numbered = documents.iter().enumerate().map(|(at, document)| (DocumentId(at), document));
    let here = Here { documents, host, own: numbered.filter(|(_, document)| Some(document.host.as_str()) == host).collect() };
    let (mut choice, judged, told) = here.choose(subject, given);
    let told = told.filter(|_| !(given.libvirt.given && given.qemu.given));
    choice.uses = (0..documents.len()).map(|at| here.usage(DocumentId(at), &choice, &judged, told, subject)).collect();
    choice
}

/// The same where the documents of the host are known: `own`, in the order of their adding. Nothing is said about their use.
#[must_use]
pub fn choose_among(subject: &Subject, documents: &[Loaded], own: &[DocumentId], given: Versions) -> Choice {
    let own: Vec<_> = own.iter().filter_map(|id| Some((*id, documents.get(id.0)?))).collect();
    let host = own.first().map(|(_, document)| document.host.as_str());
    Here { documents, host, own }.choose(subject, given).0
}

type Judged = (DocumentId, Result<Match, Misfit>);
type Usage = (bool, Wording);

fn domain_caps(document: &Loaded) -> Option<&DomainCaps> {
    match &document.content {
        Content::DomainCapabilities(caps) => Some(caps),
        _ => None,
    }
}

fn path(documents: &[Loaded], id: DocumentId) -> Option<&str> {
    documents.get(id.0).and_then(domain_caps)?.path.as_ref().map(|path| path.value.as_str())
}

fn same_emulator(documents: &[Loaded], judged: &[Judged], emulator: Option<&str>) -> Vec<DocumentId> {
    let same = |id: DocumentId| emulator.is_none_or(|emulator| path(documents, id) == Some(emulator));
    judged.iter().filter(|(id, verdict)| matches!(verdict, Err(misfit) if misfit.same_emulator) && same(*id)).map(|(id, _)| *id).collect()
}

fn versions(given: Versions, told: Option<Versions>, inferred: Versions) -> Versions {
    let told = told.unwrap_or_default();
    let first = |given: super::Range, told: super::Range, inferred| {
        if given.given {
            given
        } else if told.given {
            told
        } else {
            inferred
        }
    };
    Versions { libvirt: first(given.libvirt, told.libvirt, inferred.libvirt), qemu: first(given.qemu, told.qemu, inferred.qemu) }
}

/// The documents, seen from one host.
struct Here<'a> {
    documents: &'a [Loaded],
    host: Option<&'a str>,
    /// Those of the host.
    own: Vec<(DocumentId, &'a Loaded)>,
}

impl<'a> Here<'a> {
    /// The choice, what was judged, and the document that tells the versions.
    fn choose(&self, subject: &Subject, given: Versions) -> (Choice, Vec<Judged>, Option<DocumentId>) {
        let host_caps = self.last(|content| matches!(content, Content::Capabilities(_)));
        let loaded: Vec<&Loaded> = self.own.iter().map(|(_, document)| *document).collect();
        let asked = Asked::of(subject, host_caps.and_then(|id| self.host_caps(id)), &loaded);
        let judged: Vec<Judged> = self.own.iter().filter_map(|(id, document)| Some((*id, asked.judge(domain_caps(document)?)))).collect();
        // of equal ones the last, which was added last
        let best = judged.iter().filter_map(|(id, verdict)| Some((*id, verdict.as_ref().ok()?))).max_by_key(|(_, found)| found.rank);
        let emulator = asked.taken.or_else(|| best.and_then(|(id, _)| path(self.documents, id)));
        let told = self.last(|content| matches!(content, Content::Versions(_)));
        let choice = Choice {
            domain_caps: best.map(|(id, found)| (id, found.rank.0)),
            same_emulator: same_emulator(self.documents, &judged, emulator),
            host_caps,
            updated_cpu: self.last(|content| matches!(content, Content::Domain(domain) if same_domain(subject, domain).is_ok())),
            versions: versions(given, told.and_then(|id| self.versions(id)), bounds::together(loaded.iter().copied())),
            unfit: if best.is_none() { judged.iter().map(|(id, _)| *id).collect() } else { Vec::new() },
            uses: Vec::new(),
            host: self.host.map(str::to_owned),
            found: Arc::default(),
            wanted: if best.is_some_and(|(_, found)| found.rank.0 == Fit::Exact) { None } else { asked.command() },
        };
        (choice, judged, told)
    }

    fn last(&self, wanted: impl Fn(&Content) -> bool) -> Option<DocumentId> {
        self.own.iter().rev().find(|(_, document)| wanted(&document.content)).map(|(id, _)| *id)
    }

    fn host_caps(&self, id: DocumentId) -> Option<&'a HostCaps> {
        match &self.documents.get(id.0)?.content {
            Content::Capabilities(caps) => Some(caps),
            _ => None,
        }
    }

    fn versions(&self, id: DocumentId) -> Option<Versions> {
        match &self.documents.get(id.0)?.content {
            Content::Versions(versions) => Some(*versions),
            _ => None,
        }
    }

    fn name(&self, id: DocumentId) -> &'a str {
        self.documents.get(id.0).map_or("", |document| &document.name)
    }

    /// Whether a document is used, and why or why not.
    fn usage(&self, id: DocumentId, choice: &Choice, judged: &[Judged], told: Option<DocumentId>, subject: &Subject) -> Usage {
        let Some(document) = self.documents.get(id.0) else {
            return (false, "".into());
        };
        if Some(document.host.as_str()) != self.host {
            let of = |host: &str| if host.is_empty() { "no named host".to_owned() } else { format!("host `{host}`") };
            return (false, format!("of {}, this check is by {}", of(&document.host), of(self.host.unwrap_or_default())).into());
        }
        match &document.content {
            Content::DomainCapabilities(_) => self.domain_caps_usage(id, choice, judged),
            Content::Capabilities(_) => self.last_counts(id, choice.host_caps, "the capabilities of this host"),
            Content::Versions(_) if told.is_none() => (false, "the versions were given".into()),
            Content::Versions(_) => self.last_counts(id, told, "the versions of this host"),
            Content::Cpu(_) => (false, "a CPU alone says nothing about this host".into()),
            Content::CpuMap(_) => (true, "a part of this host's CPU map".into()),
            Content::Domain(domain) => match same_domain(subject, domain) {
                Ok(()) => self.last_counts(id, choice.updated_cpu, "this domain, with the CPU it came to"),
                Err(reason) => (false, reason.into()),
            },
        }
    }

    fn last_counts(&self, id: DocumentId, last: Option<DocumentId>, what: &'static str) -> Usage {
        match last {
            Some(last) if last != id => (false, format!("`{}`, added later, counts", self.name(last)).into()),
            _ => (true, what.into()),
        }
    }

    fn domain_caps_usage(&self, id: DocumentId, choice: &Choice, judged: &[Judged]) -> Usage {
        let verdict = |wanted: DocumentId| judged.iter().find(|(id, _)| *id == wanted).map(|(_, verdict)| verdict);
        let used = choice.domain_caps.map(|(used, _)| used);
        match (verdict(id), used) {
            (Some(Ok(found)), Some(used)) if used == id => (true, found.reason.clone().into()),
            (Some(Ok(found)), Some(used)) => {
                let better = matches!(verdict(used), Some(Ok(best)) if best.rank > found.rank);
                let how = if better { "fits better" } else { "was added later" };
                (false, format!("{}; `{}` {how}", found.reason, self.name(used)).into())
            }
            (Some(Err(misfit)), _) => (false, misfit.reason.clone().into()),
            _ => (false, "".into()),
        }
    }
}

/// Whether `domain` is `subject` as libvirt printed it, with a CPU that tells what the one asked for came to.
fn same_domain(subject: &Subject, domain: &DomainXml) -> Result<(), String> {
    let plain = |uuid: &str| uuid.chars().filter(|c| *c != '-' && !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect::<String>();
    match (subject.uuid, &domain.uuid) {
        (Some(asked), Some(said)) if plain(asked.value) != plain(&said.value) => return Err("another domain: its uuid differs".to_owned()),
        (Some(_), Some(_)) => {}
        _ if subject.name.is_none() || subject.name.map(|name| name.value) != domain.name.as_ref().map(|name| name.value.as_str()) => {
            return Err("another domain: its name differs, and not both have a uuid".to_owned());
        }
        _ => {}
    }
    let Some(cpu) = &domain.cpu else {
        return Err("this domain, but without a `<cpu>`".to_owned());
    };
    let mode = mode_of(cpu);
    if mode == "custom" {
        return if cpu.model.is_some() { Ok(()) } else { Err("this domain, but its `<cpu>` names no model".to_owned()) };
    }
    match subject.cpu.map(asked_mode) {
        Some(asked) if asked == mode => Ok(()),
        Some(asked) => Err(format!("this domain, but with CPU mode `{mode}` where `{asked}` is asked for")),
        None => Err(format!("this domain, but with CPU mode `{mode}` where no CPU is asked for")),
    }
}

fn mode_of(cpu: &CpuXml) -> &str {
    cpu.mode.as_ref().map_or("custom", |mode| mode.value.as_str())
}

fn asked_mode<'a>(cpu: Node<'a>) -> &'a str {
    cpu.value("mode").unwrap_or("custom")
}

//! Questions about CPUs alone: as `virsh cpu-compare`, `cpu-baseline` and the like answer them, by this host's CPU map where it is
//! loaded, else by the built-in one.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::Workspace;
use crate::caps::{Content, CpuXml, DOCUMENT_KIND, DomainCaps, LoadError, Loaded, cpus};
use crate::cpu::map::{self, CpuMap};
use crate::cpu::{self, Arch, Baseline, Definition, KnownModel, Refused, Trace};
use crate::report::{ComputedCpu, CpuComparison, CpuError};
use crate::text::{Limits, LineIndex};
use crate::xml;

/// The maps that hosts brought, made of their documents at the first question.
#[derive(Debug, Default)]
pub(super) struct Maps(OnceLock<BTreeMap<String, Result<CpuMap, Refused>>>);

/// What a guest's CPU is to be made of.
#[derive(Debug, Clone, Copy, Default)]
pub struct Update<'a> {
    /// The text of the host's CPU.
    pub host: &'a str,
    /// The text of the guest's CPU.
    pub guest: &'a str,
    /// The host without the features that cannot migrate.
    pub migratable_host: bool,
    /// Compare first, then update, then take a model that the hypervisor knows.
    pub translate: bool,
    /// The models that the hypervisor knows; none: any.
    pub models: Option<&'a [&'a str]>,
}

/// What a baseline of several CPUs may be.
#[derive(Debug, Clone, Copy, Default)]
pub struct BaselineOptions<'a> {
    /// Without the features that cannot migrate.
    pub migratable: bool,
    /// With all that the model stands for.
    pub expanded: bool,
    /// Only a model that this document of domain capabilities lists, with what keeps it from being usable disabled.
    pub hypervisor: Option<&'a str>,
}

impl Workspace {
    /// Compares a host's CPU with a guest's, or with another host's.
    ///
    /// # Errors
    /// Where a text holds no CPU, or libvirt refuses to compare them.
    pub fn compare_cpu(&self, host: &str, other: &str, arch: Option<&str>) -> Result<CpuComparison, CpuError> {
        let (host, other) = (self.one(0, host)?, self.one(1, other)?);
        let (host, other) = (Definition::of(&host), Definition::of(&other));
        ask(|trace| {
            let compared = cpu::compare(self.map(None)?, arch_of(arch, &[&host, &other])?, &host, &other, trace)?;
            Ok(compared)
        })
        .map(|(compared, trace)| CpuComparison::of(&compared, trace))
    }

    /// What a guest's CPU comes to on a host.
    ///
    /// # Errors
    /// Where a text holds no CPU, or libvirt refuses.
    pub fn update_cpu(&self, asked: &Update, arch: Option<&str>) -> Result<ComputedCpu, CpuError> {
        let (host, guest) = (self.one(0, asked.host)?, self.one(1, asked.guest)?);
        let (host, mut guest) = (Definition::of(&host), Definition::of(&guest));
        let known: Option<Vec<_>> = asked.models.map(|names| names.iter().map(|name| KnownModel::named(name)).collect());
        let done = ask(|trace| {
            let (map, arch) = (self.map(None)?, arch_of(arch, &[&host, &guest])?);
            let host = if asked.migratable_host { cpu::migratable(map, arch, &host) } else { host };
            if asked.translate {
                cpu::convert_legacy(arch, &mut guest);
                let compared = cpu::compare(map, arch, &host, &guest, trace)?;
                if compared.result == cpu::Compared::Incompatible {
                    return Err(Refused("the host cannot run it".to_owned()));
                }
            }
            cpu::update(map, arch, &mut guest, Some(&host), trace)?;
            if asked.translate {
                cpu::translate(map, arch, &mut guest, known.as_deref(), trace)?;
            }
            Ok(guest)
        });
        done.map(|(guest, trace)| ComputedCpu::of(&guest, trace))
    }

    /// The CPU that runs on all those that the texts hold.
    ///
    /// # Errors
    /// Where a text holds no CPU, or libvirt finds none that runs on all.
    pub fn baseline_cpu(&self, texts: &[&str], options: BaselineOptions, arch: Option<&str>) -> Result<ComputedCpu, CpuError> {
        let mut read = Vec::new();
        for (at, text) in texts.iter().enumerate() {
            read.extend(self.cpus(at, text)?);
        }
        let all: Vec<_> = read.iter().map(Definition::of).collect();
        let hypervisor = options.hypervisor.map(|text| self.domain_caps(texts.len(), text)).transpose()?;
        ask(|trace| {
            let of_hypervisor = hypervisor.as_ref().and_then(|caps| Some(caps.arch.as_ref()?.value.as_str()));
            let arch = arch_of(arch.or(of_hypervisor), &all.iter().collect::<Vec<_>>())?;
            let map = self.map(None)?;
            let models = hypervisor.as_ref().map(|caps| KnownModel::all(caps, &map.x86));
            let wanted = Baseline { models: models.as_deref(), features: None, migratable: options.migratable, expanded: options.expanded };
            let mut common = cpu::baseline(map, arch, &all, &wanted, trace)?;
            common.fallback_forbidden |= hypervisor.is_some();
            Ok(common)
        })
        .map(|(common, trace)| ComputedCpu::of(&common, trace))
    }

    /// Whether the CPU of a text has a feature.
    ///
    /// # Errors
    /// Where the text holds no CPU, or libvirt knows neither it nor the feature.
    pub fn cpu_has_feature(&self, text: &str, feature: &str, arch: Option<&str>) -> Result<bool, CpuError> {
        let read = self.one(0, text)?;
        let definition = Definition::of(&read);
        ask(|_| cpu::has_feature(self.map(None)?, arch_of(arch, &[&definition])?, &definition, feature)).map(|(has, _)| has)
    }

    /// The features that a model stands for, in the order of the map.
    ///
    /// # Errors
    /// Where the map does not know the model.
    pub fn expand_cpu(&self, model: &str, arch: Option<&str>) -> Result<Vec<String>, CpuError> {
        ask(|_| cpu::stands_for(self.map(None)?, Arch::of(arch.unwrap_or("x86_64"))?, model))
            .map(|(names, _)| names.into_iter().map(str::to_owned).collect())
    }

    /// The CPU map of `host`, or of the host whose map was added last; the built-in one where none was.
    ///
    /// # Errors
    /// Where its documents do not make a map.
    pub fn map(&self, host: Option<&str>) -> Result<&CpuMap, Refused> {
        let brought = |document: &&Loaded| matches!(document.content, Content::CpuMap(_));
        let last = || self.documents.iter().rfind(brought).map(|document| document.host.as_str());
        match host.or_else(last).and_then(|host| self.maps().get(host)) {
            Some(Ok(map)) => Ok(map),
            Some(Err(refused)) => Err(refused.clone()),
            None => Ok(map::built_in()),
        }
    }

    /// The map that a host brought, where it is whole.
    pub(super) fn own_map(&self, host: Option<&str>) -> Option<&CpuMap> {
        self.maps().get(host?)?.as_ref().ok()
    }

    fn maps(&self) -> &BTreeMap<String, Result<CpuMap, Refused>> {
        self.maps.0.get_or_init(|| of_hosts(&self.documents, &self.options.limits))
    }

    /// What a text says of a hypervisor.
    fn domain_caps(&self, at: usize, text: &str) -> Result<DomainCaps, CpuError> {
        let document = self.read_as(at, text)?;
        match document.root().name() {
            "domainCapabilities" => Ok(DomainCaps::read(document.root())),
            _ => Err(other_document(at, text, "these are no domain capabilities", document.root())),
        }
    }

    /// The CPUs of a text; like virsh it may have several, one after the other, without an element around them.
    fn cpus(&self, at: usize, text: &str) -> Result<Vec<CpuXml>, CpuError> {
        let around = format!("<cpus>{text}</cpus>");
        if text.matches("<cpu").nth(1).is_some()
            && let Ok(document) = xml::read(&around, &self.options.limits)
        {
            return Ok(cpus(document.root()));
        }
        let document = self.read_as(at, text)?;
        match cpus(document.root()) {
            found if found.is_empty() => Err(other_document(at, text, "there is no `<cpu>` in it", document.root())),
            found => Ok(found),
        }
    }

    fn read_as<'t>(&self, at: usize, text: &'t str) -> Result<xml::Document<'t>, CpuError> {
        xml::read(text, &self.options.limits).map_err(|found| {
            let error = LoadError::new(found.code, found.message, found.span, &LineIndex::new(text));
            CpuError::Text(at, Box::new(error))
        })
    }

    fn one(&self, at: usize, text: &str) -> Result<CpuXml, CpuError> {
        Ok(self.cpus(at, text)?.swap_remove(0))
    }
}

fn other_document(at: usize, text: &str, message: &str, root: xml::Node) -> CpuError {
    CpuError::Text(at, Box::new(LoadError::new(DOCUMENT_KIND, message, root.name_span(), &LineIndex::new(text))))
}

/// Asks, and tells the steps.
fn ask<T>(question: impl FnOnce(&mut Trace) -> Result<T, Refused>) -> Result<(T, Vec<String>), CpuError> {
    let mut trace = Trace::on();
    match question(&mut trace) {
        Ok(answer) => Ok((answer, trace.into_steps())),
        Err(refused) => Err(CpuError::Refused(refused, trace.into_steps())),
    }
}

/// The architecture given, else that of the first CPU that names one, else x86_64.
fn arch_of(given: Option<&str>, cpus: &[&Definition]) -> Result<Arch, Refused> {
    Arch::of(given.or_else(|| cpus.iter().find_map(|cpu| cpu.arch)).unwrap_or("x86_64"))
}

/// The map of every host that brought one.
fn of_hosts(documents: &[Loaded], limits: &Limits) -> BTreeMap<String, Result<CpuMap, Refused>> {
    let mut hosts: BTreeMap<&str, Vec<&Loaded>> = BTreeMap::new();
    for document in documents.iter().filter(|document| matches!(document.content, Content::CpuMap(_))) {
        hosts.entry(&document.host).or_default().push(document);
    }
    hosts.into_iter().map(|(host, files)| (host.to_owned(), of_files(&files, limits))).collect()
}

fn of_files(files: &[&Loaded], limits: &Limits) -> Result<CpuMap, Refused> {
    let file_name = |path: &str| path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    let read: BTreeMap<_, _> = files.iter().filter_map(|file| Some((file_name(&file.name), xml::read(&file.text, limits).ok()?))).collect();
    let index = read.get("index.xml").ok_or_else(|| Refused("the CPU map lacks its `index.xml`".to_owned()))?;
    map::read(index.root(), |name| read.get(name).map(xml::Document::root)).map_err(|error| Refused(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::caps::Kind;
    use crate::support::host;

    const INDEX: &str =
        "<cpus><arch name='x86'><include filename='f.xml'/><group name='g'><include filename='m.xml'/></group></arch></cpus>";
    const FEATURES: &str = "<cpus><vendor name='Acme' string='AcmeAcmeAcme'/><feature name='one'><cpuid eax_in='0x1' ecx='0x1'/></feature>\
                            <feature name='two'><cpuid eax_in='0x1' ecx='0x2'/></feature></cpus>";
    const MODELS: &str = "<cpus><model name='small'><decode host='on' guest='on'/><feature name='one'/></model>\
                          <model name='big'><decode host='on' guest='on'/><model name='small'/><vendor name='Acme'/><feature name='two'/></model></cpus>";

    fn with_map(files: &[(&str, &str)]) -> Workspace {
        let mut workspace = Workspace::default();
        for (name, text) in files {
            workspace.add_document(&format!("cpu_map/{name}"), (*text).to_owned(), None).unwrap();
        }
        workspace
    }

    #[test]
    fn a_hosts_own_map_counts_instead_of_the_built_in_one() {
        let mut workspace = with_map(&[("m.xml", MODELS), ("index.xml", INDEX), ("f.xml", FEATURES)]);
        assert_eq!(workspace.expand_cpu("big", None).unwrap(), ["one", "two"]);
        assert!(workspace.expand_cpu("486", None).is_err());
        workspace.remove_document("cpu_map/f.xml");
        assert_eq!(workspace.expand_cpu("big", None).unwrap_err().to_string(), "f.xml: `index.xml` includes it, and it is not there");
        let without_index = with_map(&[("f.xml", FEATURES)]);
        assert_eq!(without_index.expand_cpu("big", None).unwrap_err().to_string(), "the CPU map lacks its `index.xml`");
        assert_eq!(workspace.documents()[0].summary(), "CPU map, 2 models");
    }

    #[test]
    fn a_map_with_a_hole_is_refused_by_its_name() {
        let broken = MODELS.replace("<feature name='two'/>", "<feature name='three'/>");
        let workspace = with_map(&[("m.xml", &broken), ("index.xml", INDEX), ("f.xml", FEATURES)]);
        assert_eq!(workspace.expand_cpu("big", None).unwrap_err().to_string(), "m.xml: there is no feature `three`");
    }

    #[test]
    fn documents_of_hosts_are_cpus_too() {
        let workspace = host("kvm-q35");
        let text = |kind: Kind| workspace.documents().iter().find(|document| document.kind() == kind).unwrap().text.clone();
        let (capabilities, domain) = (text(Kind::Capabilities), text(Kind::DomainCapabilities));
        let compared = workspace.compare_cpu(&capabilities, &domain, None).unwrap();
        assert_eq!((compared.result, compared.missing.is_empty()), (cpu::Compared::Incompatible, false));
        let options = BaselineOptions { hypervisor: Some(&domain), ..BaselineOptions::default() };
        let common = workspace.baseline_cpu(&[&domain, &domain], options, None).unwrap();
        assert_eq!(common.model.as_deref(), Some("EPYC-Genoa"));
        let none = workspace.compare_cpu(&capabilities, "<domain/>", None).unwrap_err();
        assert_eq!(none.to_string(), "there is no `<cpu>` in it");
    }
}

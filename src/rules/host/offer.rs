//! What the host's capabilities offer to a domain: the guest block of its architecture, and its emulator.

use crate::caps::{Guest, GuestDomain, HostCaps, Machine, Said, Source, Sources, Subject};
use crate::rules::Facts;
use crate::xml::Text;

/// The emulator of a domain, as the documents know it.
#[derive(Debug, Clone, Copy)]
pub enum Emulator<'a> {
    /// None is named: libvirt takes the one of the guest block.
    Default,
    /// One that emulates the domain's architecture.
    Fits,
    /// One that emulates another architecture, by this document's place.
    Other(Text<'a>, &'a Said<String>),
    /// One that is not installed: libvirt looks for it by that name and would have listed it.
    Missing(Text<'a>),
    /// One that no document names.
    Unknown(Text<'a>),
}

/// What the host's capabilities offer to a domain.
#[derive(Debug, Clone, Copy)]
pub struct Offer<'a> {
    /// The document.
    pub source: Source<'a, HostCaps>,
    /// The domain's architecture, or the host's where it names none.
    pub arch: &'a str,
    /// The guest block of that architecture.
    pub guest: Option<&'a Guest>,
    /// The machine that the domain names, of a list of a hundred.
    pub machine: Option<&'a Machine>,
}

impl<'a> Offer<'a> {
    /// None where there are no capabilities, where they list no guest, or where the architecture is not known.
    pub fn of(subject: &Subject<'a>, sources: &Sources<'a>) -> Option<Self> {
        let source = sources.host_caps?;
        let caps = source.said;
        if caps.guests.is_empty() {
            return None;
        }
        let arch = subject.arch().or_else(|| host_arch(caps))?;
        let guest = *sources.found.guest.get_or_init(|| block(caps, arch, subject));
        let offer = Self { source, arch, guest: guest.and_then(|at| caps.guests.get(at)), machine: None };
        let machines = offer.machines(subject.domain_type());
        let place = || subject.machine().and_then(|name| machines.iter().position(|machine| machine.name.value == name));
        let machine = *sources.found.machine.get_or_init(place);
        Some(Self { machine: machine.and_then(|at| machines.get(at)), ..offer })
    }

    /// The entry of that domain type.
    pub fn domain(&self, domain_type: &str) -> Option<&'a GuestDomain> {
        self.guest?.domains.iter().find(|domain| domain.domain_type.value == domain_type)
    }

    /// The machines for that domain type; empty where the document lists none.
    pub fn machines(&self, domain_type: Option<&str>) -> &'a [Machine] {
        let own = domain_type.and_then(|word| self.domain(word)).map_or(&[][..], |domain| &domain.machines);
        if own.is_empty() { self.guest.map_or(&[][..], |guest| &guest.machines) } else { own }
    }

    /// The emulator that libvirt would take for that domain type.
    pub fn default_emulator(&self, domain_type: Option<&str>) -> Option<&'a Said<String>> {
        domain_type.and_then(|word| self.domain(word)?.emulator.as_ref()).or(self.guest?.emulator.as_ref())
    }

    /// True where another binary than that of the guest block decides.
    pub fn is_foreign(&self, facts: &Facts<'a>) -> bool {
        !matches!(self.emulator(facts), Emulator::Default | Emulator::Fits)
    }

    /// The domain's emulator, as the documents know it.
    pub fn emulator(&self, facts: &Facts<'a>) -> Emulator<'a> {
        let Some(named) = facts.subject.emulator else { return Emulator::Default };
        if is(self.default_emulator(facts.subject.domain_type()), named.value) {
            return Emulator::Fits;
        }
        let mut other = None;
        for guest in &self.source.said.guests {
            let own = guest.domains.iter().filter_map(|domain| domain.emulator.as_ref());
            if guest.emulator.iter().chain(own).any(|path| path.value == named.value) {
                match &guest.arch {
                    Some(said) if emulates(&said.value, self.arch) => return Emulator::Fits,
                    said => other = other.or(said.as_ref()),
                }
            }
        }
        if facts.binary().any(|caps| is(caps.path.as_ref(), named.value)) {
            return Emulator::Fits;
        }
        match other {
            Some(said) => Emulator::Other(named, said),
            None if self.would_be_listed(named.value) => Emulator::Missing(named),
            None => Emulator::Unknown(named),
        }
    }

    /// True where libvirt looks for a program of that name on the path of its daemon, and found none.
    fn would_be_listed(&self, path: &str) -> bool {
        let name = path.strip_prefix("/usr/bin/").or_else(|| path.strip_prefix("/bin/"));
        let Some(target) = name.and_then(|name| name.strip_prefix("qemu-system-")).filter(|target| TARGETS.contains(target)) else {
            return false;
        };
        let blocks = self.source.said.guests.iter();
        let mut paths =
            blocks.flat_map(|guest| guest.emulator.iter().chain(guest.domains.iter().filter_map(|domain| domain.emulator.as_ref())));
        !paths.any(|said| said.value.rsplit_once("/qemu-system-").is_some_and(|(_, found)| found == target))
    }
}

/// The place of the guest block of an architecture: that of the domain's `<type>`, else the first.
fn block(caps: &HostCaps, arch: &str, subject: &Subject) -> Option<usize> {
    let os_type = subject.os_type.and_then(|node| node.text()).map(|text| text.value);
    let mut blocks = caps.guests.iter().enumerate().filter(|(_, guest)| is(guest.arch.as_ref(), arch));
    let first = blocks.clone().next();
    blocks.find(|(_, guest)| os_type.is_some_and(|asked| is(guest.os_type.as_ref(), asked))).or(first).map(|(at, _)| at)
}

/// Names by which libvirt looks for emulators: `qemu-system-NAME`.
const TARGETS: &[&str] = &[
    "aarch64",
    "alpha",
    "arm",
    "i386",
    "loongarch64",
    "m68k",
    "mips",
    "mips64",
    "mips64el",
    "mipsel",
    "ppc",
    "ppc64",
    "riscv32",
    "riscv64",
    "s390x",
    "sparc",
    "sparc64",
    "x86_64",
];

/// True where `said` says `word`.
pub fn is(said: Option<&Said<String>>, word: &str) -> bool {
    said.is_some_and(|said| said.value == word)
}

/// The architecture of the host itself.
pub fn host_arch(caps: &HostCaps) -> Option<&str> {
    Some(caps.cpu.as_ref()?.arch.as_ref()?.value.as_str())
}

/// Whether libvirt lets the emulator of one architecture run guests of another.
fn emulates(emulator: &str, guest: &str) -> bool {
    let pairs = [("x86_64", "i686"), ("aarch64", "armv7l"), ("armv7l", "armv6l"), ("ppc64", "ppc64le")];
    emulator == guest || pairs.contains(&(emulator, guest))
}

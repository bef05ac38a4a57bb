//! Whether a domain capabilities document speaks for a domain: by architecture, domain type, emulator, machine.

use super::{Content, DomainCaps, Fit, Guest, HostCaps, Loaded, Machine, Said, Subject, machine};

/// What a domain asks of a document, its gaps filled as libvirt would on this host.
#[derive(Debug)]
pub(super) struct Asked<'a> {
    domain_type: Option<&'a str>,
    arch: Option<&'a str>,
    machine: Wanted<'a>,
    /// As the domain names it.
    pub(super) emulator: Option<&'a str>,
    /// The emulator that libvirt would take: the one named, else that of the capabilities.
    pub(super) taken: Option<&'a str>,
    /// The machines of the host's capabilities for this architecture and domain type.
    known: &'a [Machine],
    /// The machines of this host's documents for this architecture and domain type.
    peers: Vec<&'a str>,
    /// The capabilities do not offer it, so that no document can be had for it.
    absent: bool,
}

#[derive(Debug, Clone, Copy)]
enum Wanted<'a> {
    /// The domain names it.
    Named(&'a str),
    /// The capabilities list it first, which is the one libvirt takes.
    First(&'a str),
    /// One of these; of none, any.
    Guess(&'static [&'static str]),
}

/// A document that fits.
#[derive(Debug)]
pub(super) struct Match {
    /// How well the machine fits, then whether by name.
    pub(super) rank: (Fit, bool),
    pub(super) reason: String,
}

/// A document that does not.
#[derive(Debug)]
pub(super) struct Misfit {
    pub(super) reason: String,
    /// Only the domain type or the machine stands against it.
    pub(super) same_emulator: bool,
}

fn value(said: &Option<Said<String>>) -> Option<&str> {
    said.as_ref().map(|said| said.value.as_str())
}

/// `linux` is the old word for `xen`.
fn same_os(guest: &Guest, os_type: Option<&str>) -> bool {
    let plain = |word| if word == "linux" { "xen" } else { word };
    os_type.is_none_or(|asked| value(&guest.os_type).is_none_or(|offered| plain(offered) == plain(asked)))
}

fn offers(guest: &Guest, domain_type: &str) -> bool {
    guest.domains.iter().any(|domain| domain.domain_type.value == domain_type)
}

impl<'a> Asked<'a> {
    pub(super) fn of(subject: &Subject<'a>, caps: Option<&'a HostCaps>, here: &[&'a Loaded]) -> Self {
        let domain_type = subject.domain_type();
        let os_type = subject.os_type.and_then(|node| node.text()).map(|text| text.value);
        let all = caps.map_or(&[][..], |caps| &caps.guests);
        let own = |guest: &&Guest| same_os(guest, os_type);
        let arch = subject.arch().or_else(|| arch_taken(domain_type, &all.iter().filter(own).collect::<Vec<_>>(), caps, here));
        let mut same_arch = all.iter().filter(|guest| value(&guest.arch) == arch).filter(own);
        let guest = same_arch.find(|guest| domain_type.is_some_and(|asked| offers(guest, asked)));
        let domain = guest.and_then(|guest| guest.domains.iter().find(|domain| Some(domain.domain_type.value.as_str()) == domain_type));
        let own = domain.map_or(&[][..], |domain| &domain.machines);
        let known = if own.is_empty() { guest.map_or(&[][..], |guest| &guest.machines) } else { own };
        let machine = match (subject.machine(), known.first()) {
            (Some(name), _) => Wanted::Named(name),
            (None, Some(first)) => Wanted::First(&first.name.value),
            (None, None) => Wanted::Guess(machine::defaults(domain_type.unwrap_or(""), os_type, arch)),
        };
        let emulator = subject.emulator.map(|text| text.value);
        let offered = domain.and_then(|domain| value(&domain.emulator)).or_else(|| guest.and_then(|guest| value(&guest.emulator)));
        let unlisted = subject.machine().is_some_and(|name| !known.is_empty() && known.iter().all(|machine| machine.name.value != name));
        let absent = unlisted || (guest.is_none() && caps.is_some_and(|caps| !caps.guests.is_empty()));
        let mut out = Self { domain_type, arch, machine, emulator, taken: emulator.or(offered), known, peers: Vec::new(), absent };
        let peers = here.iter().filter_map(|document| match &document.content {
            Content::DomainCapabilities(caps) if out.agrees(&caps.arch, out.arch) && out.agrees(&caps.domain, domain_type) => {
                value(&caps.machine)
            }
            _ => None,
        });
        out.peers = peers.collect();
        out
    }

    fn agrees(&self, said: &Option<Said<String>>, asked: Option<&str>) -> bool {
        value(said).is_none_or(|said| Some(said) == asked)
    }

    /// Whether `caps` speaks for the domain.
    pub(super) fn judge(&self, caps: &DomainCaps) -> Result<Match, Misfit> {
        let misfit = |reason: String, same_emulator| Err(Misfit { reason, same_emulator });
        let Some(domain_type) = self.domain_type else {
            return misfit("the domain names no type".to_owned(), false);
        };
        if !self.agrees(&caps.arch, self.arch) {
            let domain = self.arch.map_or_else(|| "of unknown architecture".to_owned(), |arch| format!("`{arch}`"));
            return misfit(format!("for arch `{}`, this domain is {domain}", value(&caps.arch).unwrap_or_default()), false);
        }
        let emulator = value(&caps.path).unwrap_or_default();
        if let Some(named) = self.emulator
            && !self.agrees(&caps.path, Some(named))
        {
            return misfit(format!("for the emulator `{emulator}`, this domain names `{named}`"), false);
        }
        if !self.agrees(&caps.domain, Some(domain_type)) {
            return misfit(format!("for domain type `{}`, this domain is `{domain_type}`", value(&caps.domain).unwrap_or_default()), true);
        }
        let head = ["fits: ", self.arch.unwrap_or("any architecture"), ", ", domain_type].concat();
        let Some(offered) = value(&caps.machine) else {
            return Ok(Match { rank: (Fit::Exact, false), reason: head });
        };
        self.machine_fit(offered, &head).ok_or_else(|| Misfit { reason: self.other_machine(offered), same_emulator: true })
    }

    fn other_machine(&self, offered: &str) -> String {
        match self.machine {
            Wanted::Named(name) => format!("for machine `{offered}`, this domain is `{name}`"),
            Wanted::First(name) => format!("for machine `{offered}`, this domain names none and gets `{name}`"),
            Wanted::Guess(names) => format!("for machine `{offered}`, this domain names none and gets `{}`", names.join("` or `")),
        }
    }

    fn machine_fit(&self, offered: &str, head: &str) -> Option<Match> {
        let exact = |named, tail: String| Some(Match { rank: (Fit::Exact, named), reason: [head, ", ", &tail].concat() });
        let family = |reason| Some(Match { rank: (Fit::Family, false), reason });
        match self.machine {
            Wanted::Named(name) if name == offered => exact(true, offered.to_owned()),
            Wanted::Named(name) => match self.named_fit(name, offered)? {
                Fit::Exact => exact(false, format!("`{name}` stands for {offered}")),
                Fit::Family => family(format!("another version of the same machine: `{offered}`, the domain asks for `{name}`")),
            },
            Wanted::First(name) => match self.named_fit(name, offered)? {
                Fit::Exact => exact(false, format!("the default machine is {offered}")),
                Fit::Family => family(format!("another version of the default machine: `{offered}`, the domain gets `{name}`")),
            },
            Wanted::Guess([name]) => match self.named_fit(name, offered)? {
                Fit::Exact => exact(false, format!("the default machine `{name}` stands for {offered}")),
                Fit::Family => family(format!("another version of the default machine: `{offered}`, the domain names none")),
            },
            Wanted::Guess(names) if names.is_empty() || names.iter().any(|name| self.named_fit(name, offered).is_some()) => {
                family(format!("`{offered}` may be the default machine: the domain names none"))
            }
            Wanted::Guess(_) => None,
        }
    }

    /// How a document for the machine `offered` fits a domain with the machine `name`.
    fn named_fit(&self, name: &str, offered: &str) -> Option<Fit> {
        if name == offered || self.meant(name) == self.meant(offered) {
            return Some(Fit::Exact);
        }
        if machine::family(self.meant(name)) != machine::family(offered) {
            return None;
        }
        let resolved = self.known.iter().any(|machine| machine.name.value == name);
        let alias = !resolved && machine::is_alias(name) && self.newest(offered);
        Some(if alias { Fit::Exact } else { Fit::Family })
    }

    /// What a name stands for by the host's capabilities; itself where they do not say.
    fn meant<'n>(&'n self, name: &'n str) -> &'n str {
        let found = self.known.iter().find(|machine| machine.name.value == name);
        found.and_then(|machine| value(&machine.canonical)).unwrap_or(name)
    }

    /// Whether no other document of this host is for a newer version: then an alias stands for this one.
    fn newest(&self, offered: &str) -> bool {
        let same = self.peers.iter().filter(|peer| machine::family(peer) == machine::family(offered));
        same.max_by_key(|peer| machine::age(peer)).is_none_or(|newest| machine::age(newest) <= machine::age(offered))
    }

    /// The command that prints the document that would fit.
    pub(super) fn command(&self) -> Option<String> {
        let known = |word: &&str| matches!(*word, "kvm" | "qemu" | "hvf" | "xen" | "bhyve");
        let domain_type = self.domain_type.filter(|word| !self.absent && known(word))?;
        let mut out = format!("virsh domcapabilities --virttype {domain_type}");
        let machine = if let Wanted::Named(name) = self.machine { Some(name) } else { None };
        for (option, value) in [("arch", self.arch), ("machine", machine), ("emulatorbin", self.emulator)] {
            if let Some(value) = value {
                out.push_str(&format!(" --{option} {}", shell_word(value)));
            }
        }
        Some(out)
    }
}

/// `value` as one word of a shell, whatever a domain may hold.
fn shell_word(value: &str) -> String {
    let plain = !value.is_empty() && value.chars().all(|c| c.is_ascii_alphanumeric() || "-_./+:@=".contains(c));
    if plain { value.to_owned() } else { format!("'{}'", value.replace('\'', "'\\''")) }
}

/// The architecture of a domain that names none: the host's where that offers the domain type, else the first that does.
/// Without capabilities, that of a document for hardware virtualisation, else x86_64.
fn arch_taken<'a>(domain_type: Option<&str>, guests: &[&'a Guest], caps: Option<&'a HostCaps>, here: &[&'a Loaded]) -> Option<&'a str> {
    let host = caps.and_then(|caps| value(&caps.cpu.as_ref()?.arch));
    let able =
        || guests.iter().filter(|guest| domain_type.is_some_and(|asked| offers(guest, asked))).filter_map(|guest| value(&guest.arch));
    if let Some(host) = host {
        let offered = able().next().is_none() || able().any(|arch| arch == host);
        return if offered { Some(host) } else { able().next() };
    }
    let native = here.iter().rev().find_map(|document| match &document.content {
        Content::DomainCapabilities(caps) if value(&caps.domain).is_some_and(|word| word != "qemu") => {
            value(&caps.arch).filter(|arch| !matches!(*arch, "i686" | "armv7l"))
        }
        _ => None,
    });
    able().next().or(native).or(Some("x86_64"))
}

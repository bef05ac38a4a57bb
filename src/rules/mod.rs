//! The rules, and the one walk of the tree that hands nodes to them.

mod address;
mod advice;
mod board;
mod clock;
mod controller;
mod cpu_feature;
mod cpu_model;
mod cputune;
mod devices;
mod disk;
mod events;
mod features;
mod findings;
mod general;
mod host;
mod listed;
mod memory;
mod namespace;
mod numa;
mod number;
mod only;
mod os;
mod refused;
mod resctrl;
mod security;
mod structure;
mod syntax;
mod sysinfo;
mod target;
mod tuning;
mod vcpu;
mod walk;
mod whole;

use crate::caps::{DomainCaps, Fit, Sources, Subject};
use crate::cpu::Resolved;
use crate::finding::{Phase, Severity};
use crate::xml::Node;

pub use board::{Board, Family, Root};
pub use cpu_model::{CommonCpu, use_common_cpu};
pub use findings::{Findings, told_once};
pub use host::Offer;
pub use listed::{Listed, Place, Supported, When, Word, offer, speak};
pub use number::{any_base, unsigned};
pub use refused::{Mend, Refused, refused};
pub use structure::check as check_structure;
pub use syntax::{more_findings, wrong_root};
pub use target::switched_on;
pub use walk::{Skipped, walk};
pub use whole::{Controller, Kind, Placed, Whole};

/// The page of a rule, from a file beside it; empty where pages are not compiled in.
macro_rules! page {
    ($path:literal) => {{
        #[cfg(feature = "cli")]
        {
            include_str!($path)
        }
        #[cfg(not(feature = "cli"))]
        {
            ""
        }
    }};
}
pub(crate) use page;

/// Every rule, by topic. A new topic adds a line.
pub const TOPICS: &[&[Rule]] = &[
    syntax::RULES,
    structure::RULES,
    cpu_feature::RULES,
    cpu_model::RULES,
    host::guest::RULES,
    host::emulator::RULES,
    host::machine::RULES,
    host::memory::RULES,
    host::hugepages::RULES,
    host::numa::RULES,
    host::pinning::RULES,
    host::security::RULES,
    address::RULES,
    controller::RULES,
    disk::RULES,
    general::RULES,
    sysinfo::RULES,
    sysinfo::entry::RULES,
    vcpu::RULES,
    vcpu::each::RULES,
    vcpu::topology::RULES,
    numa::RULES,
    numa::link::RULES,
    numa::tune::RULES,
    os::RULES,
    os::boot::RULES,
    os::chosen::RULES,
    os::loader::RULES,
    os::uefi::RULES,
    memory::RULES,
    memory::amount::RULES,
    memory::pages::RULES,
    memory::shared::RULES,
    cputune::RULES,
    cputune::threads::RULES,
    resctrl::RULES,
    tuning::RULES,
    clock::RULES,
    events::RULES,
    namespace::RULES,
    features::RULES,
    features::home::RULES,
    features::hyperv::RULES,
    features::setting::RULES,
    security::RULES,
    devices::found_by::RULES,
    devices::audio::RULES,
    devices::beyond::RULES,
    security::label::RULES,
    security::launch::RULES,
    devices::card::RULES,
    devices::chardev::RULES,
    devices::chardev_source::RULES,
    devices::chardev_target::RULES,
    devices::controller::RULES,
    devices::crypto::RULES,
    devices::disk::RULES,
    devices::display::RULES,
    devices::filesystem::RULES,
    devices::graphics::RULES,
    devices::hostdev::RULES,
    devices::hostdev_same::RULES,
    devices::input::RULES,
    devices::interface::RULES,
    devices::interface_address::RULES,
    devices::interface_start::RULES,
    devices::interface_way::RULES,
    devices::iommu::RULES,
    devices::mdev::RULES,
    devices::memory_device::RULES,
    devices::nvme::RULES,
    devices::panic::RULES,
    devices::redirdev::RULES,
    devices::rng::RULES,
    devices::share::RULES,
    devices::shmem::RULES,
    devices::single::RULES,
    devices::spice::RULES,
    devices::tpm::RULES,
    devices::tpm_backend::RULES,
    devices::usb::RULES,
    devices::video::RULES,
    devices::virtio::RULES,
    devices::virtio_option::RULES,
    advice::RULES,
];

/// Every rule.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    TOPICS.iter().flat_map(|topic| topic.iter())
}

/// One fault, or one thing to know.
#[derive(Debug)]
pub struct Rule {
    /// Stable, kebab case: topic and pattern.
    pub code: &'static str,
    /// How bad, unless the check says otherwise.
    pub severity: Severity,
    /// When libvirt would speak, unless the check says otherwise.
    pub phase: Phase,
    /// What it cannot judge without.
    pub needs: &'static [Need],
    /// Paths of the elements it looks at, from `domain` down; a condition may stand behind one, see `only`.
    pub on: &'static [&'static str],
    /// How it looks.
    pub check: Check,
    /// Its explanation: title, what, why, what to do, examples.
    pub page: &'static str,
    /// The chapter of libvirt's documentation.
    pub docs: &'static str,
}

/// How a function looks at an element.
type Look = fn(&Facts, Node, &mut Findings);

impl Rule {
    /// What libvirt refuses at define whatever the host, as a function tells.
    const fn define(code: &'static str, on: &'static [&'static str], look: Look, page: &'static str, docs: &'static str) -> Self {
        Self { code, severity: Severity::Error, phase: Phase::Define, needs: &[], on, check: Check::Function(look), page, docs }
    }

    /// The same, at other elements.
    const fn at(self, on: &'static [&'static str]) -> Self {
        Self { on, ..self }
    }

    /// The same, as something to know.
    const fn advise(self) -> Self {
        Self { severity: Severity::Info, phase: Phase::Advice, ..self }
    }

    /// The same, told as a warning of another phase.
    const fn warn(self, phase: Phase) -> Self {
        Self { severity: Severity::Warning, phase, ..self }
    }
}

/// What a rule cannot judge without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Need {
    /// Domain capabilities that fit the domain.
    DomainCapabilities,
    /// Domain capabilities of the same emulator, be it for another machine.
    EmulatorCapabilities,
    /// The host's capabilities.
    Capabilities,
    /// libvirt's or QEMU's version.
    Versions,
}

impl Need {
    /// Each of them.
    pub const ALL: [Self; 4] = [Self::DomainCapabilities, Self::EmulatorCapabilities, Self::Capabilities, Self::Versions];

    /// Its word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::DomainCapabilities | Self::EmulatorCapabilities => "domainCapabilities",
            Self::Capabilities => "capabilities",
            Self::Versions => "versions",
        }
    }
}

/// How a rule looks at an element.
#[derive(Debug)]
pub enum Check {
    /// By a function.
    Function(fn(&Facts, Node, &mut Findings)),
    /// By an enum of the domain capabilities.
    Listed(Listed),
    /// By a section of them.
    Supported(Supported),
    /// By what libvirt refuses for itself.
    Refused(&'static [Refused]),
    /// It does not: the reader of the text finds it before there is a tree.
    Reader,
    /// It does not: the walk along the vocabulary finds it.
    Table,
}

/// What a rule may ask.
#[derive(Debug)]
pub struct Facts<'a> {
    /// What the domain says of itself.
    pub subject: Subject<'a>,
    /// What the documents say of its host.
    pub sources: Sources<'a>,
    /// The CPU it gets.
    pub cpu: Resolved<'a>,
    /// What the whole domain holds.
    pub whole: Whole<'a>,
    /// What comes with its machine, where libvirt's QEMU driver reads the domain and the machine is known.
    pub board: Option<Board>,
    /// What the host's capabilities offer to it.
    pub offer: Option<Offer<'a>>,
    /// Whether libvirt's QEMU driver reads it, which nearly every rule asks.
    qemu: bool,
}

impl<'a> Facts<'a> {
    /// Gathers what rules may ask of a domain.
    #[must_use]
    pub fn of(subject: Subject<'a>, sources: Sources<'a>, cpu: Resolved<'a>) -> Self {
        let offer = Offer::of(&subject, &sources);
        let qemu = matches!(subject.domain_type(), Some("kvm" | "qemu"));
        let mut facts = Self { subject, sources, cpu, whole: Whole::of(subject.root), board: None, offer, qemu };
        if facts.qemu() {
            facts.board = facts.arch().zip(facts.machine()).and_then(|(arch, machine)| Board::of(arch, machine));
            if facts.board.is_some_and(|board| board.family == Family::Pseries) {
                facts.whole.placed.retain(|placed| !address::replaced(placed));
            }
        }
        facts
    }

    /// Domain capabilities of the same emulator, the fitting ones first: for what hangs on the binary alone.
    pub fn binary(&self) -> impl Iterator<Item = crate::caps::Source<'a, DomainCaps>> + use<'a, '_> {
        self.sources.domain_caps.iter().chain(&self.sources.same_emulator).copied()
    }

    /// True where the domain capabilities are those of another version of the domain's machine.
    #[must_use]
    pub fn family_only(&self) -> bool {
        self.sources.fit == Some(Fit::Family)
    }
}

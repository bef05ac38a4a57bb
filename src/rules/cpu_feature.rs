//! What a `<cpu>` says beside its model: attributes, features, vendor, cache, address size, and what each mode makes of them.

mod address;
mod cache;
mod check;
mod deprecated;
mod hyperv;
mod lost;
mod nested;
mod passthrough;
mod policy;
mod shape;
mod sve;
mod vendor;

use super::{Check, Facts, Findings, Look, Rule};
use crate::caps::{Feature, Policy, Source, Version};
use crate::cpu::CpuMode;
use crate::finding::{Phase, Severity};
use crate::xml::Node;

/// The caveats and faults of a `<cpu>`'s parts.
pub const RULES: &[Rule] = &[
    lost::MATCH,
    lost::MODEL,
    lost::NAMELESS,
    shape::VENDOR_ALONE,
    shape::FEATURES_ALONE,
    shape::REPEATED,
    shape::MIGRATABLE,
    shape::MINIMUM,
    check::WRITTEN,
    check::FULL,
    policy::FORCED,
    policy::OPTIONAL,
    policy::FORBIDDEN,
    passthrough::HOST,
    passthrough::MAXIMUM,
    passthrough::MIGRATABLE,
    passthrough::INVTSC,
    vendor::REQUIRED,
    vendor::IDENTITY,
    vendor::IDENTITY_WRONG,
    nested::RULE,
    deprecated::RULE,
    address::ARCH,
    address::BITS,
    address::LIMIT,
    address::WIDTH,
    cache::PASSTHROUGH,
    cache::LEVEL,
    hyperv::RULE,
    sve::RULE,
];

const DOCS: &str = "https://libvirt.org/formatdomain.html#cpu-model-and-topology";

const fn on_cpu(code: &'static str, severity: Severity, phase: Phase, look: Look, page: &'static str) -> Rule {
    Rule { severity, phase, ..Rule::define(code, &["domain/cpu"], look, page, DOCS) }
}

/// The domain's `<cpu>`, and the mode that it asks for.
#[derive(Debug, Clone, Copy)]
struct Asked<'a> {
    cpu: Node<'a>,
    mode: CpuMode,
}

impl<'a> Asked<'a> {
    /// None where `cpu` is not the one that counts, or its mode no word that libvirt knows.
    fn of(facts: &Facts<'a>, cpu: Node<'a>) -> Option<Self> {
        if facts.subject.cpu != Some(cpu) {
            return None;
        }
        let mode = cpu.value("mode").map_or(Some(CpuMode::Custom), CpuMode::from_word)?;
        Some(Self { cpu, mode })
    }

    /// The same, asked from a child of the `<cpu>`.
    fn around(facts: &Facts<'a>, child: Node<'a>) -> Option<Self> {
        Self::of(facts, child.parent()?)
    }

    /// True where the guest gets the host's CPU, or the emulator's best, without a model.
    fn whole(&self) -> bool {
        matches!(self.mode, CpuMode::HostPassthrough | CpuMode::Maximum)
    }

    /// The model's name, where one is written.
    fn model(&self) -> Option<&'a str> {
        Some(self.cpu.child("model")?.text()?.value)
    }

    /// The feature of that name.
    fn feature(&self, name: &str) -> Option<Node<'a>> {
        self.cpu.children("feature").find(|feature| feature.value("name") == Some(name))
    }

    /// `check` as it comes to be; none where it is no word that libvirt knows.
    fn check(&self, facts: &Facts) -> Option<&'static str> {
        let by_default = match self.mode {
            CpuMode::HostModel => "partial",
            CpuMode::Custom if facts.subject.domain_type() == Some("kvm") && self.model().is_some() => "partial",
            CpuMode::Custom | CpuMode::HostPassthrough | CpuMode::Maximum => "none",
        };
        let written = self.cpu.value("check");
        written.map_or(Some(by_default), |word| ["none", "partial", "full"].into_iter().find(|known| *known == word))
    }
}

fn kvm(facts: &Facts) -> bool {
    facts.subject.domain_type() == Some("kvm")
}

/// The guest's architecture, as the domain or else the document chosen for it says.
fn arch<'a>(facts: &Facts<'a>) -> Option<&'a str> {
    let document = || Some(facts.sources.domain_caps?.said.arch.as_ref()?.value.as_str());
    facts.subject.arch().or_else(document)
}

fn x86(facts: &Facts) -> Option<bool> {
    arch(facts).map(|arch| matches!(arch, "x86_64" | "i686"))
}

fn libvirt(facts: &Facts, version: Version) -> Option<bool> {
    facts.sources.versions.libvirt.at_least(version)
}

/// What host-model comes to here says of the feature.
fn in_host_model<'a>(facts: &Facts<'a>, name: &str) -> Option<Source<'a, Feature>> {
    let caps = facts.sources.domain_caps?;
    let feature = caps.said.cpu.host_model.as_ref()?.features.iter().find(|feature| feature.name.value == name)?;
    Some(Source { id: caps.id, said: feature })
}

fn required_by_host_model<'a>(facts: &Facts<'a>, name: &str) -> Option<Source<'a, Feature>> {
    in_host_model(facts, name).filter(|feature| feature.policy == Policy::Require)
}

/// The host's own CPU names the feature.
fn in_host<'a>(facts: &Facts<'a>, name: &str) -> Option<Source<'a, Feature>> {
    let caps = facts.sources.host_caps?;
    let feature = caps.said.cpu.as_ref()?.features.iter().find(|feature| feature.name.value == name)?;
    Some(Source { id: caps.id, said: feature })
}

//! A `<cpu>` as libvirt's CPU code takes it: of a host or for a guest, read from a document or computed.

use super::{CpuMode, Matching};
use crate::caps::{CpuXml, HostCpu, HostModel, Policy, Said};
use crate::xml::escape;

/// A CPU of a host, or one for a guest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Definition<'a> {
    /// True for a host's: its features have no policy.
    pub is_host: bool,
    /// `arch`: of a host's.
    pub arch: Option<&'a str>,
    /// `mode`.
    pub mode: CpuMode,
    /// `match`.
    pub matching: Matching,
    /// `check` as written.
    pub check: Option<&'a str>,
    /// `migratable` as written.
    pub migratable: Option<&'a str>,
    /// `model`.
    pub model: Option<&'a str>,
    /// True for `model/@fallback='forbid'`.
    pub fallback_forbidden: bool,
    /// `model/@vendor_id`.
    pub vendor_id: Option<&'a str>,
    /// `vendor`.
    pub vendor: Option<&'a str>,
    /// `feature`s, each name once.
    pub features: Vec<DefinedFeature<'a>>,
}

/// A feature that a definition names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DefinedFeature<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its policy; `require` where a host names it.
    pub policy: Policy,
}

impl<'a> Definition<'a> {
    /// Of a `<cpu>`: one with `arch` is a host's.
    #[must_use]
    pub fn of(cpu: &'a CpuXml) -> Self {
        let detail = |path: &str| cpu.details.iter().find(|(own, _)| own == path).map(|(_, said)| said.value.as_str());
        let is_host = cpu.arch.is_some();
        let mode = text(&cpu.mode).and_then(CpuMode::from_word).unwrap_or_default();
        let whole = matches!(mode, CpuMode::HostPassthrough | CpuMode::Maximum);
        Self {
            is_host,
            arch: text(&cpu.arch),
            mode,
            matching: text(&cpu.matching).map_or(Matching::Exact, Matching::of),
            check: text(&cpu.check),
            migratable: detail("@migratable"),
            model: text(&cpu.model),
            fallback_forbidden: !is_host && !whole && text(&cpu.fallback) == Some("forbid"),
            vendor_id: detail("model/@vendor_id").filter(|_| !is_host && !whole),
            vendor: text(&cpu.vendor),
            features: defined(&cpu.features, is_host),
        }
    }

    /// Of a host's own CPU, as its capabilities tell it.
    #[must_use]
    pub fn of_host(cpu: &'a HostCpu) -> Self {
        let (arch, model, vendor) = (text(&cpu.arch), text(&cpu.model), text(&cpu.vendor));
        Self { is_host: true, arch, model, vendor, features: defined(&cpu.features, true), ..Self::default() }
    }

    /// Of what host-model comes to, as the domain capabilities tell it.
    #[must_use]
    pub fn of_host_model(cpu: &'a HostModel) -> Self {
        let (model, vendor) = (text(&cpu.model), text(&cpu.vendor));
        Self { model, vendor, fallback_forbidden: cpu.probed(), features: defined(&cpu.features, false), ..Self::default() }
    }

    /// The policy of a feature; none where it is not named.
    #[must_use]
    pub fn policy(&self, name: &str) -> Option<Policy> {
        self.features.iter().find(|feature| feature.name == name).map(|feature| feature.policy)
    }

    /// Sets the policy of a feature, and names it where it was not.
    pub fn set(&mut self, name: &'a str, policy: Policy) {
        match self.features.iter_mut().find(|feature| feature.name == name) {
            Some(feature) => feature.policy = policy,
            None => self.features.push(DefinedFeature { name, policy }),
        }
    }

    /// Disables features that it does not name yet.
    pub fn disable_unnamed(&mut self, names: impl Iterator<Item = &'a str>) {
        for name in names {
            if self.policy(name).is_none() {
                self.features.push(DefinedFeature { name, policy: Policy::Disable });
            }
        }
    }

    /// As libvirt writes it.
    #[must_use]
    pub fn xml(&self) -> String {
        let mut out = "<cpu".to_owned();
        if !self.is_host && (self.mode != CpuMode::Custom || self.model.is_some()) {
            out += &format!(" mode='{}'", self.mode.word());
            if self.mode == CpuMode::Custom {
                out += &format!(" match='{}'", self.matching.word());
            }
            for (name, value) in [("check", self.check), ("migratable", self.migratable)] {
                out += &value.map(|value| format!(" {name}='{}'", escape(value))).unwrap_or_default();
            }
        }
        let content = self.content();
        out + &if content.is_empty() { "/>".to_owned() } else { format!(">{content}\n</cpu>") }
    }

    fn content(&self) -> String {
        let mut out = self.arch.map(|arch| format!("\n  <arch>{}</arch>", escape(arch))).unwrap_or_default();
        let named = self.model.is_some() || (!self.is_host && self.vendor_id.is_some());
        if named {
            let fallback = match self.mode {
                CpuMode::Custom | CpuMode::HostModel if !self.is_host => {
                    format!(" fallback='{}'", if self.fallback_forbidden { "forbid" } else { "allow" })
                }
                _ => String::new(),
            };
            let vendor_id = self.vendor_id.map(|id| format!(" vendor_id='{}'", escape(id))).unwrap_or_default();
            out += &format!("\n  <model{fallback}{vendor_id}>{}</model>", escape(self.model.unwrap_or_default()));
        }
        out += &self.vendor.map(|vendor| format!("\n  <vendor>{}</vendor>", escape(vendor))).unwrap_or_default();
        for feature in &self.features {
            let policy = if self.is_host { String::new() } else { format!("policy='{}' ", feature.policy.word()) };
            out += &format!("\n  <feature {policy}name='{}'/>", escape(feature.name));
        }
        out
    }
}

fn text(said: &Option<Said<String>>) -> Option<&str> {
    said.as_ref().map(|said| said.value.as_str())
}

fn defined(features: &[crate::caps::Feature], is_host: bool) -> Vec<DefinedFeature<'_>> {
    let policy = |feature: &crate::caps::Feature| if is_host { Policy::Require } else { feature.policy };
    features.iter().map(|feature| DefinedFeature { name: &feature.name.value, policy: policy(feature) }).collect()
}

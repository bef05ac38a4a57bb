//! Features of a CPU, as both documents list them.

use super::Said;

/// A `<feature>` of a CPU.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feature {
    /// Its name.
    pub name: Said<String>,
    /// Its policy; `require` where none is written.
    pub policy: Policy,
}

impl Feature {
    /// Whether a host that is itself a guest may list a feature and yet not have it: nested virtualization and `arch-capabilities`.
    #[must_use]
    pub fn of_outer_host(name: &str) -> bool {
        matches!(name, "arch-capabilities" | "svm" | "vmx") || name.starts_with("vmx-")
    }
}

/// What is asked of a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Policy {
    /// On, without asking the host.
    Force,
    /// On.
    Require,
    /// On where the host has it.
    Optional,
    /// Off.
    Disable,
    /// Off, and the host must not have it.
    Forbid,
}

impl Policy {
    /// Its word in XML.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Force => "force",
            Self::Require => "require",
            Self::Optional => "optional",
            Self::Disable => "disable",
            Self::Forbid => "forbid",
        }
    }

    /// The policy of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Force, Self::Require, Self::Optional, Self::Disable, Self::Forbid].into_iter().find(|policy| policy.word() == word)
    }
}

//! Versions of libvirt and QEMU: given, or bounded by what the documents show.

/// A version `major.minor.micro`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(pub u16, pub u16, pub u16);

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

/// What is known of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Range {
    /// It is this one or later.
    pub least: Option<Version>,
    /// It is before this one.
    pub below: Option<Version>,
    /// True where it was given, by the user or a document: then `least` is it, exactly.
    pub given: bool,
}

impl Range {
    /// Exactly `version`.
    #[must_use]
    pub fn exactly(version: Version) -> Self {
        Self { least: Some(version), below: None, given: true }
    }

    /// Whether it is `version` or later; none where that is unknown.
    #[must_use]
    pub fn at_least(&self, version: Version) -> Option<bool> {
        match (self.least, self.below) {
            (Some(least), _) if least >= version => Some(true),
            _ if self.given => Some(false),
            (_, Some(below)) if below <= version => Some(false),
            _ => None,
        }
    }
}

/// The versions of the host that is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Versions {
    /// libvirt's.
    pub libvirt: Range,
    /// QEMU's.
    pub qemu: Range,
}

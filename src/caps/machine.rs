//! Names of machines: which are versions of the same one, and which QEMU they tell of.

use super::Version;

/// The beginning of a machine's name, and the alias that stands for the whole family.
const FAMILIES: &[(&str, &str)] = &[
    ("pc-q35", "q35"),
    ("ubuntu-q35", "q35"),
    ("q35", "q35"),
    ("pc-i440fx", "pc"),
    // before QEMU 1.3, and in RHEL 6
    ("pc", "pc"),
    ("rhel6", "pc"),
    ("ubuntu", "pc"),
    ("virt", "virt"),
    ("pseries", "pseries"),
    ("s390-ccw-virtio", "s390-ccw-virtio"),
];

/// What all versions of a machine have in common: its alias, or its name without a version.
#[must_use]
pub fn family(machine: &str) -> &str {
    let begins = |prefix: &str| machine.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '.']));
    if let Some((_, alias)) = FAMILIES.iter().find(|(prefix, _)| begins(prefix)) {
        return alias;
    }
    match machine.rsplit_once('-') {
        Some((name, version)) if Version::parse(version).is_some() => name,
        _ => machine,
    }
}

/// Whether the name stands for whatever version the emulator has.
pub(super) fn is_alias(machine: &str) -> bool {
    family(machine) == machine
}

/// The numbers in a name, to tell which of two versions is the newer.
#[must_use]
pub fn age(machine: &str) -> Vec<u32> {
    let version = machine.rsplit_once('-').map_or("", |(_, version)| version);
    version.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect()
}

/// The version of QEMU that first had a machine of that name; distributions name theirs otherwise.
pub(super) fn upstream(machine: &str) -> Option<Version> {
    let (name, version) = machine.rsplit_once('-')?;
    let known = matches!(name, "pc-q35" | "pc-i440fx" | "pc" | "virt" | "pseries" | "s390-ccw-virtio");
    known.then(|| Version::parse(version)).flatten()
}

/// The machines that libvirt may take where the domain names none, by its releases and without capabilities at hand.
pub(super) fn defaults(domain_type: &str, os_type: Option<&str>, arch: Option<&str>) -> &'static [&'static str] {
    match (domain_type, os_type, arch) {
        ("xen", Some("hvm"), _) => &["xenfv"],
        ("xen", Some("xenpvh"), _) => &["xenpvh"],
        ("xen", ..) => &["xenpv"],
        (_, _, Some("x86_64" | "i686")) => &["pc"],
        (_, _, Some("s390x")) => &["s390-ccw-virtio"],
        (_, _, Some("ppc64" | "ppc64le")) => &["pseries"],
        (_, _, Some("loongarch64")) => &["virt"],
        (_, _, Some("aarch64" | "armv7l" | "armv6l")) => &["virt", "integratorcp"],
        (_, _, Some("riscv64" | "riscv32")) => &["virt", "spike"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_a_machine_are_one_family() {
        for name in ["pc", "pc-i440fx-11.1", "pc-1.2", "pc-i440fx-noble", "pc-i440fx-2.11-debian", "rhel6.6.0", "ubuntu"] {
            assert_eq!(family(name), "pc", "{name}");
        }
        for name in ["q35", "pc-q35-9.2", "pc-q35-rhel9.4.0", "pc-q35-noble-hpb", "ubuntu-q35"] {
            assert_eq!(family(name), "q35", "{name}");
        }
        assert_eq!(family("virt-rhel9.4.0"), "virt");
        assert_eq!(family("s390-ccw-virtio-noble"), "s390-ccw-virtio");
        assert_eq!(family("pseries-2.12-sxxm"), "pseries");
        assert_eq!(
            (family("microvm"), family("isapc"), family("SS-5"), family("mach-virt-2.0")),
            ("microvm", "isapc", "SS-5", "mach-virt")
        );
    }

    #[test]
    fn only_upstream_names_tell_of_qemu() {
        assert_eq!(upstream("pc-q35-9.2"), Some(Version(9, 2, 0)));
        assert_eq!(upstream("pc-0.12"), Some(Version(0, 12, 0)));
        for name in ["pc-q35-rhel9.4.0", "pc-i440fx-noble", "pc", "SS-5", "pc-i440fx-2.11-debian", "boston-1.2"] {
            assert_eq!(upstream(name), None, "{name}");
        }
    }

    #[test]
    fn the_newer_name_has_the_greater_age() {
        assert!(age("pc-q35-11.1") > age("pc-q35-9.2"));
        assert!(age("pc-q35-rhel9.4.0") > age("pc-q35-rhel9.2.0"));
        assert!(age("q35").is_empty());
    }
}

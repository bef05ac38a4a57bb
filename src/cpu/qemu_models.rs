//! What QEMU's x86 models have beyond those of the same name in libvirt's map: libvirt does not ask for it, and the guest has it.
//!
//! Source: `query-cpu-model-expansion` of every model, asked of QEMU 7.2, 10.0 and 11.1, less the model of libvirt's map 12.8.0. The
//! three differ in nothing that two of them know.

use super::Driver;

/// Under which accelerator a model has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Under {
    Both,
    Kvm,
    Emulation,
}

use Under::{Both, Emulation, Kvm};

/// A feature and its models: `EPYC*` is each whose name begins so, other names stand for their first version too.
type Row = (&'static str, Under, &'static [&'static str]);

const ROWS: &[Row] = &[
    ("abm", Both, &["Broadwell*", "Haswell*", "phenom"]),
    ("acpi", Emulation, &["core2duo", "coreduo", "n270"]),
    ("apic", Both, &["pentium", "pentium2", "pentium3"]),
    ("arat", Both, &["Broadwell*", "Haswell*", "IvyBridge*", "SandyBridge*", "Westmere*"]),
    ("arch-capabilities", Both, CASCADELAKE_WITHOUT_TSX),
    ("avx10-128", Both, &["DiamondRapids"]),
    ("avx10-256", Both, &["DiamondRapids"]),
    ("avx10-512", Both, &["DiamondRapids"]),
    ("clflushopt", Both, &["Skylake-Server"]),
    ("cx16", Both, &["core2duo", "phenom"]),
    ("f16c", Both, &["Broadwell*", "Haswell*"]),
    ("ibrs-all", Both, CASCADELAKE_WITHOUT_TSX),
    ("lahf_lm", Both, &["core2duo", "n270", "phenom", "qemu64"]),
    ("mca", Both, &["athlon"]),
    ("mds-no", Both, CASCADELAKE_WITHOUT_TSX),
    ("monitor", Emulation, &["Denverton", "Dhyana*", "EPYC*", "Opteron_G3", "Snowridge*", "YongFeng*"]),
    ("movbe", Both, &["n270"]),
    ("mpx", Both, &["Snowridge"]),
    ("npt", Emulation, FIRST_WITH_SVM),
    ("npt", Emulation, &["phenom"]),
    ("nrip-save", Emulation, FIRST_WITH_SVM),
    ("pclmuldq", Both, &["Westmere*"]),
    ("pdpe1gb", Both, &["phenom"]),
    ("pku", Both, &["Cascadelake-Server", "Cascadelake-Server-noTSX", "Cascadelake-Server-v3", "Skylake-Server"]),
    ("pku", Both, &["Skylake-Server-IBRS", "Skylake-Server-noTSX-IBRS", "Skylake-Server-v2", "Skylake-Server-v3"]),
    ("popcnt", Both, &["phenom"]),
    ("rdctl-no", Both, CASCADELAKE_WITHOUT_TSX),
    ("rdrand", Both, &["Broadwell*", "Haswell*"]),
    ("rdtscp", Both, &["phenom"]),
    ("skip-l1dfl-vmentry", Both, CASCADELAKE_WITHOUT_TSX),
    ("ss", Both, &["core2duo", "coreduo", "n270"]),
    ("sse4a", Both, &["phenom"]),
    ("topoext", Both, &["Dhyana*", "EPYC*"]),
    ("vme", Kvm, &["Broadwell*", "Conroe*", "Haswell*", "Nehalem*", "Opteron_G*", "Penryn*", "SandyBridge*", "Westmere*"]),
    ("vme", Kvm, &["kvm32", "kvm64", "phenom"]),
    ("xsaveopt", Both, &["Broadwell*", "Haswell*", "IvyBridge*", "SandyBridge*"]),
    ("xsaves", Both, &["EPYC-Rome"]),
];

const CASCADELAKE_WITHOUT_TSX: &[&str] = &["Cascadelake-Server-noTSX", "Cascadelake-Server-v3"];
const FIRST_WITH_SVM: &[&str] = &["Dhyana", "EPYC", "EPYC-IBPB", "EPYC-v2", "Opteron_G4", "Opteron_G5"];

/// The features that QEMU's model of that name has, and libvirt's has not.
pub(super) fn beyond(model: &str, driver: Driver) -> impl Iterator<Item = &'static str> {
    let plain = model.strip_suffix("-v1").unwrap_or(model);
    let own = move |pattern: &&str| {
        // one letter tells most of them apart
        pattern.as_bytes().first() == model.as_bytes().first()
            && match pattern.strip_suffix('*') {
                Some(begin) => model.starts_with(begin),
                None => plain == *pattern,
            }
    };
    let here = move |under: Under| match under {
        Both => true,
        Kvm => driver == Driver::Kvm,
        Emulation => driver == Driver::Emulated,
    };
    ROWS.iter().filter(move |(_, under, models)| here(*under) && models.iter().any(own)).map(|(feature, ..)| *feature)
}

#[cfg(test)]
mod tests {
    use super::super::map::built_in;
    use super::*;

    #[test]
    fn each_row_is_of_a_known_feature_and_of_models_that_lack_it() {
        let map = &built_in().x86;
        for (feature, _, models) in ROWS {
            let number = map.number(feature).unwrap_or_else(|| panic!("{feature}"));
            for name in models.iter().map(|pattern| pattern.trim_end_matches('*')) {
                let name = if name == "Opteron_G" { "Opteron_G1" } else { name };
                let model = map.model(name).unwrap_or_else(|| panic!("{name}"));
                assert!(!model.features.has(number), "{name} has {feature}");
            }
        }
    }

    #[test]
    fn versions_and_accelerators_count() {
        let has = |model, driver, feature| beyond(model, driver).any(|known| known == feature);
        assert!(has("EPYC-Rome-v1", Driver::Kvm, "xsaves") && !has("EPYC-Rome-v2", Driver::Kvm, "xsaves"));
        assert!(has("Penryn", Driver::Kvm, "vme") && !has("Penryn", Driver::Emulated, "vme"));
        assert!(has("EPYC-Genoa", Driver::Emulated, "monitor") && !has("EPYC-Genoa", Driver::Kvm, "monitor"));
        assert_eq!(beyond("Icelake-Server", Driver::Kvm).count(), 0);
    }
}

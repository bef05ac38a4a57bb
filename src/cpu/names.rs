//! Names that libvirt knows by itself, whether or not a document lists them: as of its CPU map 12.8.0.

use std::sync::OnceLock;

use super::map::{built_in, x86_feature_names};
use crate::caps::{Range, Version};
use crate::text::sort_by;

/// The last version whose names are known here.
pub const NAMES_AS_OF: Version = Version(12, 8, 99);

/// Features that libvirt never passes on to QEMU.
pub const NEVER_PASSED: &[&str] = &["cmt", "mbm_local", "mbm_total", "osxsave", "ospke", "pconfig"];

/// Features that QEMU gives only to a CPU that has `svm`, whatever the host offers.
pub const PARTS_OF_SVM: &[&str] = &[
    "avic",
    "decodeassists",
    "flushbyasid",
    "lbrv",
    "npt",
    "nrip-save",
    "pause-filter",
    "pfthreshold",
    "svm-lock",
    "svme-addr-chk",
    "tsc-scale",
    "v-vmsave-vmload",
    "vgif",
    "vmcb-clean",
    "vnmi",
];

/// Features of s390x that QEMU calls deprecated.
pub const S390X_DEPRECATED: &[&str] = &["bpb", "csske", "cte", "te"];

/// The model without the version at its end: `EPYC` of `EPYC-v2`.
#[must_use]
pub fn unversioned(model: &str) -> &str {
    match model.rsplit_once("-v") {
        Some((base, version)) if !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit()) => base,
        _ => model,
    }
}

/// True where the map of that libvirt may know the x86 model; versions of models it knows since 10.10.0.
#[must_use]
pub fn knows_model(model: &str, libvirt: Range) -> bool {
    let base = unversioned(model);
    built_in().x86.model(base).is_some() && (base == model || libvirt.at_least(Version(10, 10, 0)) != Some(false))
}

/// True where libvirt's map may know that x86 feature.
#[must_use]
pub fn knows_feature(name: &str) -> bool {
    static SORTED: OnceLock<Vec<&str>> = OnceLock::new();
    let sorted = || {
        SORTED.get_or_init(|| {
            let mut names: Vec<_> = x86_feature_names().collect();
            sort_by(&mut names, Ord::cmp);
            names
        })
    };
    name.starts_with("vmx-") || name.starts_with("kvm") || sorted().binary_search(&name).is_ok()
}

/// True where a partial check of that x86 model still compares with the whole host CPU.
#[must_use]
pub fn compared_with_host(model: &str) -> bool {
    built_in().x86.model(model).is_some_and(|model| model.compat_check)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_known_with_and_without_a_version() {
        let known = |model: &str| knows_model(model, Range::default());
        assert!(known("EPYC") && known("EPYC-v9") && known("cpu64-rhel6"));
        assert!(!known("Foo-CPU") && !known("Haswel") && !known("epyc") && !known("EPYC-v"));
        assert!(!knows_model("EPYC-v1", Range::exactly(Version(9, 0, 0))));
    }

    #[test]
    fn features_are_known_by_the_whole_name() {
        assert!(knows_feature("avx2") && knows_feature("3dnow") && knows_feature("zero-fcs-fds") && knows_feature("vmx-ept"));
        assert!(!knows_feature("nosuchfeature") && !knows_feature("avx51") && !knows_feature("") && !knows_feature("avx avx-ifma"));
    }

    #[test]
    fn versioned_models_are_judged_by_their_blockers() {
        assert!(compared_with_host("EPYC-Milan") && compared_with_host("Skylake-Server"));
        assert!(!compared_with_host("EPYC-Milan-v1") && !compared_with_host("EPYC-Turin"));
    }
}

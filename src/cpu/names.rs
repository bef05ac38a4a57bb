//! Names that libvirt knows by itself, whether or not a document lists them: as of its CPU map 12.8.0.

use std::sync::OnceLock;

use crate::caps::{Range, Version};

/// The last version whose names are known here.
pub const NAMES_AS_OF: Version = Version(12, 8, 99);

/// The x86 models of libvirt's CPU map; those with a version at their end (`-v2`) are left out.
const X86_MODELS: &str = "486 Broadwell Broadwell-IBRS Broadwell-noTSX Broadwell-noTSX-IBRS Cascadelake-Server \
Cascadelake-Server-noTSX ClearwaterForest Conroe Cooperlake Denverton Dhyana DiamondRapids EPYC EPYC-Genoa EPYC-IBPB EPYC-Milan \
EPYC-Rome EPYC-Turin GraniteRapids Haswell Haswell-IBRS Haswell-noTSX Haswell-noTSX-IBRS Icelake-Client Icelake-Client-noTSX \
Icelake-Server Icelake-Server-noTSX IvyBridge IvyBridge-IBRS KnightsMill Nehalem Nehalem-IBRS Opteron_G1 Opteron_G2 Opteron_G3 \
Opteron_G4 Opteron_G5 Penryn SandyBridge SandyBridge-IBRS SapphireRapids SierraForest Skylake-Client Skylake-Client-IBRS \
Skylake-Client-noTSX-IBRS Skylake-Server Skylake-Server-IBRS Skylake-Server-noTSX-IBRS Snowridge Westmere Westmere-IBRS YongFeng \
athlon core2duo coreduo cpu64-rhel5 cpu64-rhel6 kvm32 kvm64 n270 pentium pentium2 pentium3 pentiumpro phenom qemu32 qemu64 ";

/// The x86 features of libvirt's CPU map and their other names, sorted; `vmx-…` and `kvm…` are left out.
const X86_FEATURES: &str = "3dnow 3dnowext 3dnowprefetch abm ace2 ace2-en acpi adx aes amd-no-ssb amd-psfd amd-ssbd amd-stibp \
amx-avx512 amx-bf16 amx-bf16-alias amx-complex amx-complex-alias amx-fp16 amx-fp16-alias amx-fp8 amx-int8 amx-int8-alias amx-movrs \
amx-tf32 amx-tile apic apx-nci-ndd-nf apxf arat arch-capabilities arch-lbr arch_capabilities auto-ibrs avic avx avx-ifma \
avx-ne-convert avx-vnni avx-vnni-int16 avx-vnni-int8 avx10 avx10-128 avx10-256 avx10-512 avx10-vnni-int avx2 avx512-4fmaps \
avx512-4vnniw avx512-bf16 avx512-fp16 avx512-vp2intersect avx512-vpopcntdq avx512bitalg avx512bw avx512cd avx512dq avx512er avx512f \
avx512ifma avx512pf avx512vbmi avx512vbmi2 avx512vl avx512vnni bhi-ctrl bhi-no bmi1 bmi2 bus-lock-detect cet-ibt cet-ss cid cldemote \
clflush clflushopt clwb clzero cmov cmp-legacy cmp_legacy cmpccxadd cmt core-capability cqm cr8legacy cvt16 cx16 cx8 dca ddpd-u de \
decodeassists ds ds-cpl ds_cpl dtes64 eraps erms est extapic f16c fb-clear fbsdp-no fdp-excptn-only ffxsr flush-l1d flushbyasid fma \
fma4 fpu fred fs-gs-base-ns fsgsbase fsrc fsrm fsrs fxsr fxsr-opt fxsr_opt fzrm gds-no gfni gmet hle ht hypervisor i64 ia64 ibpb \
ibpb-brtype ibrs ibrs-all ibs intel-psfd intel-pt intel-pt-lip invpcid invtsc ipred-ctrl its-no la57 lahf-lm lahf_lm lam lbrv \
lfence-always-serializing lkgs lm lwp mbm_local mbm_total mca mcdt-no mce md-clear md_clear mds-no misalignsse mmx mmxext monitor \
movbe movdir64b movdiri movrs mpx msr msr-imm mtrr no-nested-data-bp nodeid-msr nodeid_msr npt nrip-save nrip_save null-sel-clr-base \
nx ospke osvw osxsave overflow-recov pae pat pause-filter pause_filter pbe pbrsb-no pcid pclmuldq pclmulqdq pcommit pconfig pdcm \
pdpe1gb perfctr-core perfctr-nb perfctr_core perfctr_nb perfmon-v2 pfthreshold pge phe phe-en pks pku pmm pmm-en pn pni popcnt \
prefetchi prefetchiti pschange-mc-no psdp-no pse pse36 rdctl-no rdpid rdrand rdseed rdtscp rfds-clear rfds-no rrsba-ctrl rsba rtm \
sbdr-ssdp-no sbpb sep serialize sgx sgx-aex-notify sgx-debug sgx-edeccssa sgx-exinfo sgx-kss sgx-mode64 sgx-provisionkey sgx-tokenkey \
sgx1 sgx2 sgxlc sha-ni sha512 skinit skip-l1dfl-vmentry sm3 sm4 smap smep smx spec-ctrl split-lock-detect srso-no srso-user-kernel-no \
ss ssb-no ssbd sse sse2 sse3 sse4-1 sse4-2 sse4.1 sse4.2 sse4_1 sse4_2 sse4a ssse3 stibp stibp-always-on succor svm svm-lock svm_lock \
svme-addr-chk syscall taa-no tbm tce tm tm2 topoext tsa-l1-no tsa-sq-no tsc tsc-adjust tsc-deadline tsc-scale tsc_adjust tsc_scale \
tsx-ctrl tsx-ldtrk umip v-vmsave-vmload vaes verw-clear vgif virt-ssbd vmcb-clean vmcb_clean vme vmx vnmi vpclmulqdq waitpkg wbnoinvd \
wdt wrmsrns x2apic xcrypt xcrypt-en xd xfd xgetbv1 xop xsave xsavec xsaveerptr xsaveopt xsaves xstore xstore-en xtpr zero-fcs-fds ";

/// Models of x86 that libvirt compares in a partial check by the blockers alone, since 10.9.0; for all others that have no
/// version in their name it keeps the comparison with the whole host CPU.
const X86_BY_BLOCKERS: &[&str] = &["ClearwaterForest", "Denverton", "DiamondRapids", "EPYC-Turin", "KnightsMill", "YongFeng"];

/// Features that QEMU's models have and those of libvirt's map of the same name have not, at least in one of them: that a host lacks
/// one does not prove that the comparison with the host CPU fails.
const X86_QEMU_ONLY: &[&str] = &[
    "abm",
    "avx10-128",
    "avx10-256",
    "avx10-512",
    "f16c",
    "ibrs-all",
    "movbe",
    "mpx",
    "pclmuldq",
    "pdpe1gb",
    "pku",
    "popcnt",
    "rdrand",
    "rdtscp",
    "ss",
    "sse4a",
    "xsaveopt",
    "xsaves",
];

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
    X86_MODELS.split_ascii_whitespace().any(|model| model == base) && (base == model || libvirt.at_least(Version(10, 10, 0)) != Some(false))
}

/// The x86 features of libvirt's map, to find the one that was meant.
pub fn x86_features() -> impl Iterator<Item = &'static str> {
    X86_FEATURES.split_ascii_whitespace()
}

/// True where libvirt's map may know that x86 feature.
#[must_use]
pub fn knows_feature(name: &str) -> bool {
    static SORTED: OnceLock<Vec<&str>> = OnceLock::new();
    let sorted = || SORTED.get_or_init(|| x86_features().collect());
    name.starts_with("vmx-") || name.starts_with("kvm") || sorted().binary_search(&name).is_ok()
}

/// True where a partial check of that x86 model still compares with the whole host CPU.
#[must_use]
pub fn compared_with_host(model: &str) -> bool {
    unversioned(model) == model && !X86_BY_BLOCKERS.contains(&model)
}

/// True where libvirt's model of the same name may lack a feature of QEMU's.
#[must_use]
pub fn qemu_only(feature: &str) -> bool {
    feature.starts_with("vmx-") || X86_QEMU_ONLY.contains(&feature)
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
    fn the_features_are_sorted() {
        assert!(x86_features().is_sorted());
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

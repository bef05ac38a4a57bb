//! What a `<cpu>` says beside its model: each caveat shown by one domain, and not by another.

mod support;

/// Row of the table of caveats, code, host, a `<cpu>` that shows it, one that does not.
type Row = (u8, &'static str, &'static str, &'static str, &'static str);

const HOST_MODEL: &str = "<cpu mode='host-model'/>";
const PASSED: &str = "<cpu mode='host-passthrough'/>";

const ROWS: &[Row] = &[
    (6, "cpu-match-lost", "none", "<cpu mode='host-model' match='exact'/>", HOST_MODEL),
    (6, "cpu-model-lost", "none", "<cpu mode='maximum'><model>EPYC</model></cpu>", "<cpu mode='maximum'/>"),
    (
        6,
        "cpu-model-nameless",
        "none",
        "<cpu mode='host-model'><model/></cpu>",
        "<cpu mode='host-model'><model vendor_id='GenuineIntel'/></cpu>",
    ),
    (6, "cpu-vendor-without-model", "none", "<cpu mode='host-passthrough'><vendor>AMD</vendor></cpu>", PASSED),
    (6, "cpu-migratable-misplaced", "none", "<cpu migratable='off'><model>EPYC</model></cpu>", "<cpu mode='maximum' migratable='off'/>"),
    (6, "cpu-features-without-model", "none", "<cpu><feature name='aes'/></cpu>", "<cpu mode='maximum'><feature name='aes'/></cpu>"),
    (6, "cpu-feature-repeated", "none", "<cpu mode='maximum'><feature name='a'/><feature name='a'/></cpu>", HOST_MODEL),
    (11, "cpu-check-written", "kvm-q35", "<cpu mode='host-model' check='none'/>", HOST_MODEL),
    (11, "cpu-check-full", "qemu-q35", "<cpu check='full'><model>Nehalem</model></cpu>", "<cpu mode='maximum' check='full'/>"),
    (12, "cpu-feature-forced", "kvm-q35", "<cpu mode='host-model'><feature policy='force' name='pcid'/></cpu>", HOST_MODEL),
    (12, "cpu-feature-optional", "kvm-q35", "<cpu mode='maximum'><feature policy='optional' name='pcid'/></cpu>", HOST_MODEL),
    (12, "cpu-feature-forbidden", "kvm-q35", "<cpu mode='host-model'><feature policy='forbid' name='pcid'/></cpu>", HOST_MODEL),
    (13, "cpu-host-passthrough", "kvm-q35", PASSED, HOST_MODEL),
    (13, "cpu-migratable-unlisted", "kvm-q35+unmigratable", "<cpu mode='host-passthrough' migratable='on'/>", PASSED),
    (13, "cpu-invtsc-exposed", "kvm-q35", "<cpu mode='host-passthrough' migratable='off'/>", PASSED),
    (14, "cpu-maximum", "qemu-q35", "<cpu mode='maximum'/>", HOST_MODEL),
    (19, "cpu-vendor-required", "9.0.0:kvm-q35", "<cpu><model>EPYC</model><vendor>Intel</vendor></cpu>", "<cpu><model>EPYC</model></cpu>"),
    (19, "cpu-vendor-id-set", "none", "<cpu><model vendor_id='GenuineIntel'>EPYC</model></cpu>", "<cpu><model>EPYC</model></cpu>"),
    (
        19,
        "cpu-vendor-id-invalid",
        "none",
        "<cpu><model vendor_id='Intel'>EPYC</model></cpu>",
        "<cpu><model vendor_id=''>EPYC</model></cpu>",
    ),
    (22, "cpu-nested-host", "9.0.0:kvm-q35", HOST_MODEL, PASSED),
    (26, "cpu-deprecated-features", "kvm-q35", "<cpu mode='host-model' deprecated_features='off'/>", HOST_MODEL),
    (27, "cpu-maxphysaddr-arch", "aarch64", "<cpu mode='maximum'><maxphysaddr mode='passthrough'/></cpu>", "<cpu mode='maximum'/>"),
    (
        27,
        "cpu-maxphysaddr-bits",
        "9.0.0:kvm-q35",
        "<cpu><maxphysaddr mode='emulate'/></cpu>",
        "<cpu><maxphysaddr mode='passthrough'/></cpu>",
    ),
    (27, "cpu-maxphysaddr-limit", "9.0.0:kvm-q35", "<cpu><maxphysaddr mode='passthrough' limit='39'/></cpu>", HOST_MODEL),
    (
        27,
        "cpu-maxphysaddr-width",
        "kvm-q35",
        "<cpu><maxphysaddr mode='emulate' bits='52'/></cpu>",
        "<cpu><maxphysaddr mode='emulate' bits='48'/></cpu>",
    ),
    (
        28,
        "cpu-cache-passthrough",
        "none",
        "<cpu><cache mode='passthrough'/></cpu>",
        "<cpu mode='maximum'><cache mode='passthrough'/></cpu>",
    ),
    (28, "cpu-cache-level", "none", "<cpu><cache mode='disable' level='3'/></cpu>", "<cpu><cache mode='emulate' level='3'/></cpu>"),
    (30, "cpu-match-minimum", "s390x", "<cpu match='minimum'><model>z13</model></cpu>", "<cpu match='strict'><model>z13</model></cpu>"),
    (
        32,
        "cpu-hyperv-host-model",
        "kvm-q35",
        "<features><hyperv mode='host-model'/></features>",
        "<features><hyperv mode='custom'/></features>",
    ),
];

#[test]
fn each_row_is_shown_and_not_shown() {
    let mut rows: Vec<_> = ROWS.iter().map(|row| row.0).collect();
    rows.dedup();
    assert_eq!(rows, [6, 11, 12, 13, 14, 19, 22, 26, 27, 28, 30, 32]);
    for (row, code, host, shown, silent) in ROWS {
        assert!(support::codes(host, &domain(host, shown)).contains(code), "row {row}: {code} is missing in {shown}");
        assert!(!support::codes(host, &domain(host, silent)).contains(code), "row {row}: {code} is told in {silent}");
    }
}

#[test]
fn no_part_is_told_of_a_bare_host_model() {
    for host in ["kvm-q35", "kvm-pc", "qemu-q35", "qemu-pc", "9.0.0:qemu-q35"] {
        let told = support::codes(host, &domain(host, HOST_MODEL));
        assert!(ROWS.iter().all(|row| !told.contains(&row.1)), "{host}: {told:?}");
    }
}

/// A domain for the fixture host of that name, with this inside.
fn domain(host: &str, inside: &str) -> String {
    let name = host.split_once(':').map_or(host, |(_, name)| name);
    let (arch, machine) = match name {
        "aarch64" => ("aarch64", "virt"),
        "s390x" => ("s390x", "s390-ccw-virtio"),
        name if name.contains("-pc") => ("x86_64", "pc"),
        _ => ("x86_64", "q35"),
    };
    let kind = if name.contains("kvm") || name == "none" { "kvm" } else { "qemu" };
    format!("<domain type='{kind}'><os><type arch='{arch}' machine='{machine}'>hvm</type></os>{inside}</domain>")
}

//! Fixtures that are a part of a domain: what stands around them follows from the host.

use super::{check, fixed, host, strip};

/// `type`, architecture and machine of the domains that the host's document is for.
fn kind(host_name: &str) -> (&str, &str, &str) {
    let name = host_name.split_once(':').map_or(host_name, |(_, name)| name);
    match name.split_once('+').map_or(name, |(name, _)| name) {
        "none" | "kvm-q35" => ("kvm", "x86_64", "q35"),
        "kvm-pc" => ("kvm", "x86_64", "pc"),
        "qemu-q35" => ("qemu", "x86_64", "q35"),
        "qemu-pc" => ("qemu", "x86_64", "pc"),
        "x86_64-microvm-qemu" => ("qemu", "x86_64", "microvm"),
        "ppc64" => ("qemu", "ppc64", "pseries"),
        "s390x" => ("qemu", "s390x", "s390-ccw-virtio"),
        arch => ("qemu", arch, "virt"),
    }
}

/// `fixture` as the content of `path` (`devices`, `features`, or none for the domain itself) of such a domain; a whole domain as it is.
fn around(host_name: &str, path: &str, fixture: &str) -> String {
    if fixture.trim_start().starts_with("<domain") {
        return format!("{}\n", fixture.trim());
    }
    let (domain_type, arch, machine) = kind(host_name);
    let (open, close) = if path.is_empty() { (String::new(), String::new()) } else { (format!("<{path}>\n"), format!("</{path}>\n")) };
    let fixture = fixture.trim_matches('\n');
    format!(
        "<domain type='{domain_type}'>\n<os><type arch='{arch}' machine='{machine}'>hvm</type></os>\n{open}{fixture}\n{close}</domain>\n"
    )
}

/// As [`check`], with a fixture that stands in `path`; returns when libvirt would speak, finding by finding.
///
/// # Panics
/// Where the marks differ.
#[track_caller]
pub fn check_in(host_name: &str, path: &str, codes: &[&str], fixture: &str) -> Vec<&'static str> {
    let xml = around(host_name, path, fixture);
    check(host_name, codes, &xml);
    let report = host(host_name).check(&strip(&xml), None);
    report.findings.iter().filter(|finding| codes.contains(&finding.code)).map(|finding| finding.phase.word()).collect()
}

/// Applies the first fix of the first finding of `code`, which must then be gone from its place, and shows the lines that it changes.
///
/// # Panics
/// Where there is no fix, or it does not help.
#[track_caller]
pub fn mended_in(host_name: &str, path: &str, code: &str, fixture: &str) -> String {
    let before = strip(&around(host_name, path, fixture));
    let after = fixed(host_name, code, &before);
    let count = |xml: &str| host(host_name).check(xml, None).findings.iter().filter(|finding| finding.code == code).count();
    assert_eq!(count(&after), count(&before) - 1, "{after}");
    let less = |lines: &str, others: &str, mark: &str| {
        let mut others: Vec<_> = others.lines().collect();
        let mut left = Vec::new();
        for line in lines.lines() {
            match others.iter().position(|other| *other == line) {
                Some(at) => drop(others.remove(at)),
                None => left.push(format!("{mark} {}", line.trim())),
            }
        }
        left
    };
    [less(&before, &after, "-"), less(&after, &before, "+")].concat().join("\n")
}

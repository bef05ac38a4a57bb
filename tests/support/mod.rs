//! What tests share: hosts by name, and findings drawn into the XML.
#![allow(dead_code, unused_imports, reason = "each test uses its part")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, missing_docs)]

mod inside;

pub use inside::{check_in, mended_in};
use virtlens::caps::Version;
use virtlens::finding::{Effect, Finding};
use virtlens::text::{Limits, Span};
use virtlens::{Options, Workspace};

/// Domains of the repository with the host that can run them.
pub const DOMAINS: &[(&str, &str)] = &[
    ("accounting-pc", "kvm-pc"),
    ("board-armv7l", "armv7l"),
    ("build-ppc64", "ppc64"),
    ("build-riscv64", "riscv64"),
    ("database-numa", "kvm-q35"),
    ("desktop-q35", "kvm-q35"),
    ("function-microvm", "x86_64-microvm-qemu"),
    ("gateway-aarch64", "aarch64"),
    ("ledger-s390x", "s390x"),
    ("render-passthrough", "kvm-q35"),
    ("runner-virtiofs", "kvm-q35"),
    ("web-q35", "kvm-q35"),
];

/// The text of one of them.
pub fn domain(name: &str) -> String {
    let path = format!("{}/tests/domains/{name}.xml", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Captures of real hosts by name: `[9.0.0:]NAME[+VARIANT]`, where NAME is a file of `tests/hosts/` without `.xml`, or one of the short
/// ones `kvm-q35`, `kvm-pc`, `qemu-q35`, `qemu-pc`, `aarch64`, `armv7l`, `ppc64`, `s390x`, `riscv64`. The variant `bare` leaves the host's
/// capabilities out, `alone` the domain's; `no-kvm` is a host whose KVM was not there when the capabilities were printed, `rhel` one whose
/// emulator for x86_64 is `/usr/libexec/qemu-kvm`; for the others see [`varied`].
/// The host `old` tells nothing but versions, 3.1.0 and 2.8.0.
pub fn host(name: &str) -> Workspace {
    host_with(name, Options::default())
}

/// The same with settings.
pub fn host_with(name: &str, options: Options) -> Workspace {
    let mut workspace = Workspace::new(options);
    if name == "none" {
        return workspace;
    }
    if name == "old" {
        workspace.add_document("version.txt", "3.1.0 2.8.0".to_owned(), None).unwrap();
        return workspace;
    }
    let (release, name) = name.split_once(':').unwrap_or(("12.8.0", name));
    let (name, variant) = name.split_once('+').unwrap_or((name, ""));
    let folder = if release == "9.0.0" { "libvirt-9.0.0_qemu-7.2" } else { "libvirt-12.8.0_qemu-11.1" };
    let file = match name {
        "kvm-q35" => "x86_64-q35-kvm",
        "kvm-pc" => "x86_64-pc-kvm",
        "qemu-q35" => "x86_64-q35-qemu",
        "qemu-pc" => "x86_64-pc-qemu",
        "aarch64" => "aarch64-virt-qemu",
        "armv7l" => "armv7l-virt-qemu",
        "ppc64" => "ppc64-pseries-qemu",
        "s390x" => "s390x-s390-ccw-virtio-qemu",
        "riscv64" => "riscv64-virt-qemu",
        other => other,
    };
    let read = |file: &str| {
        let path = format!("{}/tests/hosts/{folder}/{file}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    let domain_caps = varied(&read(&format!("{file}.xml")), variant);
    let mut add = |name: &str, text: String| {
        workspace.add_document(name, text, None).unwrap_or_else(|error| panic!("{name}: {}", error.message));
    };
    add("version.txt", read("version.txt"));
    if variant != "bare" {
        let capabilities = read("capabilities.xml");
        let capabilities = match variant {
            "no-kvm" => capabilities.replace("<domain type='kvm'/>", ""),
            "rhel" => capabilities.replace("/usr/bin/qemu-system-x86_64", "/usr/libexec/qemu-kvm"),
            _ => capabilities,
        };
        add("capabilities.xml", capabilities);
    }
    if variant != "alone" {
        add("domcaps.xml", domain_caps);
    }
    workspace
}

/// The host of an example of a page, told by the words after `xml,`: `bad` or `good`, `host=NAME`, versions such as `qemu=7.0.0`, and limits such as `bytes=60`.
pub fn example_host(words: &[&str]) -> Workspace {
    let value = |key: &str| words.iter().find_map(|word| word.strip_prefix(key)?.strip_prefix('='));
    let limit = |key: &str, default: usize| value(key).map_or(default, |number| number.parse().expect("a number"));
    let version = |key: &str| value(key).map(|text| Version::parse(text).expect("a version"));
    let usual = Limits::default();
    let limits = Limits {
        bytes: limit("bytes", usual.bytes),
        depth: limit("depth", usual.depth),
        attributes: limit("attributes", usual.attributes),
        namespaces: limit("namespaces", usual.namespaces),
        findings: limit("findings", usual.findings),
    };
    host_with(value("host").unwrap_or("none"), Options { limits, libvirt: version("libvirt"), qemu: version("qemu"), ..Options::default() })
}

/// The same host with a difference: `fallback-allow`, a host-model that could not be probed; `unmigratable`, it cannot make
/// host-passthrough migratable; `vfio`, it hands out PCI devices; `sgx`, it has enclaves; `sev`, protected memory; `gic-denied`;
/// `deprecated`, it calls Nehalem so; `kvm`, an emulated ppc64 or s390x that has KVM and host-model; `capabilities`, as a hypervisor of
/// containers;
/// `denied-SECTION`; `without-WORD`, in no list; `SECTION-without-WORD`.
fn varied(text: &str, variant: &str) -> String {
    let offered = |words: &[&str]| words.iter().map(|word| format!("<value>{word}</value>")).collect::<String>();
    let section = "<sections><section node='0' size='131072' unit='KiB'/></sections>";
    match variant {
        "" | "bare" | "alone" | "no-kvm" => return text.to_owned(),
        "rhel" => return text.replace("/usr/bin/qemu-system-x86_64", "/usr/libexec/qemu-kvm"),
        "fallback-allow" => return text.replace("fallback='forbid'", "fallback='allow'"),
        "unmigratable" => {
            let list = "<enum name='hostPassthroughMigratable'>\n";
            return text.replace(&format!("{list}        <value>on</value>\n"), list);
        }
        "vfio" => {
            return text.replace("<enum name='pciBackend'/>", &format!("<enum name='pciBackend'>{}</enum>", offered(&["default", "vfio"])));
        }
        "sev" => {
            let kinds = format!("<launchSecurity supported='yes'><enum name='sectype'>{}</enum></launchSecurity>", offered(&["sev"]));
            return text.replace("<launchSecurity supported='no'/>", &kinds);
        }
        "gic-denied" => return text.replace("<gic supported='yes'>", "<gic supported='no'>"),
        "deprecated" => return text.replace("canonical='Nehalem-v1'", "deprecated='yes' canonical='Nehalem-v1'"),
        "kvm" => return with_kvm(text),
        "sgx" => return text.replace("<sgx supported='no'/>", &format!("<sgx supported='yes'>{section}</sgx>")),
        "capabilities" => {
            let modes = text.replace("<value>subsystem</value>", &offered(&["subsystem", "capabilities"]));
            return modes.replace("<enum name='capsType'/>", &format!("<enum name='capsType'>{}</enum>", offered(&["storage"])));
        }
        _ => {}
    }
    if let Some(section) = variant.strip_prefix("denied-") {
        let (open, close) = (format!("<{section} supported='yes'"), format!("</{section}>"));
        let start = text.find(&open).unwrap_or_else(|| panic!("no {section} to deny"));
        let end =
            if text[start + open.len()..].starts_with('/') { start + open.len() + 2 } else { text.find(&close).unwrap() + close.len() };
        return format!("{}<{section} supported='no'/>{}", &text[..start], &text[end..]);
    }
    let (section, word) = variant.split_once("without-").unwrap_or_else(|| panic!("no variant {variant}"));
    let start = text.find(&format!("<{}", section.trim_end_matches('-'))).unwrap_or(0);
    let end = if section.is_empty() { text.len() } else { text.find(&format!("</{}>", section.trim_end_matches('-'))).unwrap() };
    let value = format!("<value>{word}</value>");
    assert!(text[start..end].contains(&value), "{word} is not listed");
    format!("{}{}{}", &text[..start], text[start..end].replace(&value, ""), &text[end..])
}

/// An emulated ppc64 or s390x as one that has KVM and host-model.
fn with_kvm(text: &str) -> String {
    let own = match text.contains("POWER9") {
        true => "<model fallback='allow'>POWER9</model>",
        false => "<model fallback='forbid'>gen16a-base</model><feature policy='require' name='nnpa'/><feature policy='require' name='te'/>",
    };
    let mode = format!("<mode name='host-model' supported='yes'>{own}</mode>");
    text.replace("<domain>qemu<", "<domain>kvm<").replace("<mode name='host-model' supported='no'/>", &mode)
}

/// Checks a domain with the findings of `codes` drawn into it: under each line its marks, their fixes, their evidence.
///
/// A mark is `^^^ severity[code]: message` under the very token; below it `| fix: title` (`(changes guest)` where it does) for each
/// fix, and `| domcaps.xml: message` for each piece of evidence.
///
/// # Panics
/// Where the marks differ: the panic shows the fixture as it should stand.
#[track_caller]
pub fn check(host_name: &str, codes: &[&str], fixture: &str) {
    let workspace = host(host_name);
    let xml = strip(fixture);
    let report = workspace.check(&xml, None);
    let shown: Vec<_> = report.findings.iter().filter(|finding| codes.contains(&finding.code)).collect();
    let drawn = draw(&xml, &shown, &workspace);
    assert!(
        drawn.trim() == fixture.trim(),
        "the fixture should stand so:\n{drawn}\nall findings: {:?}",
        report.findings.iter().map(|f| (f.code, &f.message)).collect::<Vec<_>>()
    );
}

/// The domain after the first fix of the first finding of `code`.
///
/// # Panics
/// Where there is no such finding or fix.
#[track_caller]
pub fn fixed(host_name: &str, code: &str, xml: &str) -> String {
    let report = host(host_name).check(xml, None);
    let finding =
        report.findings.iter().find(|finding| finding.code == code).unwrap_or_else(|| panic!("no {code} in {:?}", report.findings));
    virtlens::edit::apply(xml, &finding.fixes.first().unwrap_or_else(|| panic!("no fix in {finding:?}")).edits)
}

/// The domain after the fix of that title of the first finding of `code`, which then must be gone.
///
/// # Panics
/// Where there is no such finding or fix, or where the finding stays.
#[track_caller]
pub fn mended(host_name: &str, code: &str, title: &str, xml: &str) -> String {
    let report = host(host_name).check(xml, None);
    let of_code = report.findings.iter().find(|finding| finding.code == code);
    let finding = of_code.unwrap_or_else(|| panic!("no {code} in {:?}", report.findings));
    let fix = finding.fixes.iter().find(|fix| fix.title == title).unwrap_or_else(|| panic!("no such fix in {finding:?}"));
    let after = virtlens::edit::apply(xml, &fix.edits);
    assert!(!codes(host_name, &after).contains(&finding.code), "the fix does not mend it:\n{after}");
    after
}

/// The codes found in a domain, in order.
pub fn codes(host_name: &str, xml: &str) -> Vec<&'static str> {
    host(host_name).check(xml, None).findings.iter().map(|finding| finding.code).collect()
}

/// A fixture without its marks.
fn strip(fixture: &str) -> String {
    let mark = |line: &&str| {
        let line = line.trim_start();
        line.starts_with('^') || line.starts_with("| ")
    };
    fixture.lines().filter(|line| !mark(line)).fold(String::new(), |text, line| text + line + "\n")
}

fn draw(xml: &str, findings: &[&Finding], workspace: &Workspace) -> String {
    let mut out = String::new();
    let mut start = 0;
    for line in xml.split_inclusive('\n') {
        out += line;
        for finding in findings.iter().filter(|finding| (start..start + line.len()).contains(&finding.span.start)) {
            draw_one(&mut out, line, start, finding, workspace);
        }
        start += line.len();
    }
    out
}

fn draw_one(out: &mut String, line: &str, start: usize, finding: &Finding, workspace: &Workspace) {
    let Span { start: from, end } = finding.span;
    let indent = " ".repeat(line[..from - start].chars().count());
    let width = line[from - start..(end - start).min(line.trim_end().len())].chars().count().max(1);
    *out += &format!("{indent}{} {}[{}]: {}\n", "^".repeat(width), finding.severity.word(), finding.code, finding.message);
    for evidence in &finding.evidence {
        *out += &format!("{indent}| {}: {}\n", workspace.documents()[evidence.document.0].name, evidence.message);
    }
    for fix in &finding.fixes {
        let changes = if fix.effect == Effect::ChangesGuest { " (changes guest)" } else { "" };
        *out += &format!("{indent}| fix: {}{changes}\n", fix.title);
    }
}

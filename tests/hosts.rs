//! Capability documents of real hosts: read whole, refused by name where they are none, and chosen among.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

#[path = "hosts/choice.rs"]
mod choice;
#[path = "hosts/dump.rs"]
mod dump;
#[path = "hosts/others.rs"]
mod others;

use std::path::{Path, PathBuf};
use virtlens::caps::{Content, Kind, Loaded, decode, load};
use virtlens::text::Limits;

/// Every file below `folder` whose name ends in `suffix`, in order.
fn files(folder: &Path, suffix: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path, suffix));
        } else if path.to_string_lossy().ends_with(suffix) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn captures() -> Vec<PathBuf> {
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hosts"), ".xml")
}

/// What is not part of this repository.
fn shared(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path)
}

/// libvirt's own test data.
fn corpus(folder: &str) -> Vec<PathBuf> {
    let found = files(&shared("corpus").join(folder), ".xml");
    if found.is_empty() {
        eprintln!("skipped: ../shared/corpus/{folder} is not there");
    }
    found
}

fn read(path: &Path) -> Loaded {
    let text = std::fs::read_to_string(path).unwrap();
    load(&path.display().to_string(), "host", text, &Limits::default()).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What a second reader finds in a document and the fields do not say, and the reverse.
fn differences(document: &Loaded) -> (Vec<String>, Vec<String>) {
    let (mut written, mut held) = (dump::written(&document.text), dump::held(document));
    written.sort();
    held.sort();
    let missing = |from: &[String], of: &[String]| {
        let mut left = of.to_vec();
        let out: Vec<String> = from
            .iter()
            .filter(|item| left.iter().position(|other| other == *item).map(|at| left.swap_remove(at)).is_none())
            .cloned()
            .collect();
        out
    };
    if written == held { (Vec::new(), Vec::new()) } else { (missing(&written, &held), missing(&held, &written)) }
}

#[test]
fn every_path_of_every_capture_is_held_by_a_field() {
    let captures = captures();
    assert_eq!(captures.len(), 36);
    for path in captures {
        let document = read(&path);
        assert_eq!(document.unread(), [], "{}", path.display());
        assert_eq!(differences(&document), (vec![], vec![]), "{}", path.display());
    }
}

#[test]
fn every_capability_document_of_libvirts_own_tests_is_held_whole() {
    for path in corpus("domaincaps").into_iter().chain(corpus("caps")) {
        let document = read(&path);
        assert_eq!(document.unread(), [], "{}", path.display());
        assert_eq!(differences(&document), (vec![], vec![]), "{}", path.display());
    }
}

/// A reader that took everything in silence would pass the tests above.
#[test]
fn what_no_field_holds_is_told() {
    let capture = |name: &str| read(&captures().into_iter().find(|path| path.ends_with(name)).unwrap()).text.clone();
    let (domain, host) = (capture("libvirt-12.8.0_qemu-11.1/x86_64-q35-kvm.xml"), capture("libvirt-12.8.0_qemu-11.1/capabilities.xml"));
    let told = |text: String| {
        load("x", "x", text, &Limits::default()).unwrap().unread().iter().map(|unread| unread.path.clone()).collect::<Vec<_>>()
    };
    for (from, to, path) in [
        ("<vcpu max='", "<vcpu new='1' max='", "vcpu/@new"),
        ("<iothreads supported='yes'", "<iothreads supported='perhaps'", "iothreads/@supported"),
        ("<mode name='maximum'", "<mode name='future'/><mode name='maximum'", "cpu/mode"),
        ("<vcpu max='", "<vcpu max='x", "vcpu/@max"),
        ("<path>", "<path>/x</path><path>", "path"),
        ("<cpu>", "<x:y xmlns:x='u'/><cpu>", "x:y"),
    ] {
        assert_eq!(told(domain.replacen(from, to, 1)), [path], "{from}");
    }
    for (from, to, path) in [
        ("<wordsize>", "<newsize/><wordsize>", "guest/arch/newsize"),
        ("<wordsize>", "<wordsize>x", "guest/arch/wordsize"),
        ("<os_type>", "<os_type new='1'>", "guest/os_type/@new"),
        ("<secmodel>", "<secmodel/><secmodel>", "host/secmodel"),
        ("maxCpus='4'", "maxCpus='many'", "guest/arch/machine/@maxCpus"),
    ] {
        assert_eq!(told(host.replacen(from, to, 1)), [path], "{from}");
    }
}

#[test]
fn a_later_libvirt_may_add_sections_and_details() {
    let text = "<domainCapabilities><devices><new supported='yes'><enum name='a'><value>b</value></enum></new></devices><features><far><off x='1'>2</off></far></features></domainCapabilities>";
    let document = load("x", "x", text.to_owned(), &Limits::default()).unwrap();
    let Content::DomainCapabilities(caps) = &document.content else { panic!() };
    assert!(caps.supported("devices/new").is_yes() && caps.list("devices/new", "a").unwrap().has("b"));
    assert_eq!(document.unread(), []);
    assert_eq!(differences(&document), (vec![], vec![]));
}

#[test]
fn a_cpu_alone_is_held_whole() {
    let text = "<cpu mode='custom' match='exact' check='partial' migratable='on'>
      <arch>x86_64</arch><model fallback='forbid' vendor_id='AuthenticAMD'>EPYC</model><vendor>AMD</vendor><maxphysaddr mode='emulate' bits='42' limit='48'/>
      <topology sockets='1' dies='1' cores='2' threads='1'/><cache level='3' mode='emulate'/><feature policy='force' name='a'/><feature policy='forbid' name='b'/>
      <numa><cell id='0' cpus='0-1' memory='1' unit='GiB'><distances><sibling id='0' value='10'/></distances></cell></numa></cpu>";
    let document = load("x", "x", text.to_owned(), &Limits::default()).unwrap();
    assert_eq!(document.unread(), []);
    assert_eq!(differences(&document), (vec![], vec![]));
    let odd = "<cpu><feature policy='perhaps' name='a'/><feature name='b' new='1'/><model/>text</cpu>";
    let told = load("x", "x", odd.to_owned(), &Limits::default()).unwrap();
    let paths: Vec<&str> = told.unread().iter().map(|unread| unread.path.as_str()).collect();
    assert_eq!(paths, ["/text()", "feature", "feature/@new"]);
}

#[test]
fn models_are_found_by_name_with_their_blockers() {
    let document = read(&captures().into_iter().find(|path| path.ends_with("libvirt-12.8.0_qemu-11.1/x86_64-q35-kvm.xml")).unwrap());
    let Content::DomainCapabilities(caps) = &document.content else { panic!() };
    let custom = caps.cpu.custom.as_ref().unwrap();
    for model in &custom.models {
        assert_eq!(caps.model(&model.name.value).unwrap().name, model.name);
        assert_eq!(model.blockers.is_empty(), model.usable.value != virtlens::caps::Usable::No, "{}", model.name.value);
    }
    assert_eq!(caps.model("no such model"), None);
    assert_eq!(caps.model(""), None);
}

#[test]
fn a_document_is_told_from_its_content_and_summed_up_in_a_line() {
    let one = |name: &str| {
        let document = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hosts/libvirt-12.8.0_qemu-11.1").join(name));
        (document.kind(), document.summary())
    };
    assert_eq!(
        one("x86_64-q35-kvm.xml"),
        (Kind::DomainCapabilities, "domain capabilities of x86_64, kvm, pc-q35-11.1 (/usr/bin/qemu-system-x86_64)".into())
    );
    assert_eq!(one("capabilities.xml"), (Kind::Capabilities, "host x86_64, AMD kvm64-v1, 2 CPUs, 23.5 GiB, 23 guest architectures".into()));
    assert_eq!(one("version.txt"), (Kind::Versions, "libvirt 12.8.0, QEMU 11.1.3".into()));
    let told = |text: &str| {
        load("x", "x", text.to_owned(), &Limits::default()).map(|document| (document.kind().word(), document.summary())).unwrap()
    };
    assert_eq!(told("<cpu><model>EPYC</model><feature name='x'/></cpu>"), ("cpu", "CPU EPYC, 1 feature".into()));
    assert_eq!(told("<domain><name>a</name><cpu mode='host-model'/></domain>"), ("domain", "domain a, CPU host-model, 0 features".into()));
    assert_eq!(told("<domain/>"), ("domain", "domain, no CPU".into()));
    assert_eq!(told("<capabilities/>"), ("capabilities", "host of unknown architecture".into()));
    assert_eq!(told("12.8.0 11.1.3"), ("versions", "libvirt 12.8.0, QEMU 11.1.3".into()));
}

/// The code, the message, and the text at its place.
fn refused(text: &str) -> (&'static str, String, String) {
    let error = load("x", "x", text.to_owned(), &Limits::default()).map(|document| document.summary()).unwrap_err();
    assert!(error.start.offset <= error.end.offset);
    (error.code, error.message.clone(), error.span.of(text).to_owned())
}

#[test]
fn what_is_no_document_is_refused_by_name() {
    assert_eq!(refused("").0, "text-empty");
    assert_eq!(refused("\u{feff} \n").0, "text-empty");
    for html in ["<!DOCTYPE html>\n<html><br></html>", "<html><head/></html>", "<HTML>\n<p>x<br>", "<!-- x -->\n<!doctype HTML>\n<title>"] {
        let (code, message, place) = refused(html);
        assert_eq!((code, message.contains("HTML")), ("document-kind", true), "{html}");
        assert!(place.to_ascii_lowercase().contains("html"), "{place}");
    }
    for (text, place) in [
        ("error: failed to connect to the hypervisor\n", "error: failed to connect to the hypervisor"),
        ("<network><name>x</name></network>", "network"),
        ("<domstatus><domain/></domstatus>", "domstatus"),
        ("<cpus/>", "cpus"),
        ("<x:domain xmlns:x='u'/>", "x:domain"),
        ("<domaincapabilities/>", "domaincapabilities"),
    ] {
        let (code, message, at) = refused(text);
        assert_eq!((code, at.as_str()), ("document-kind", place));
        assert!(message.contains("virsh domcapabilities"), "{message}");
    }
}

#[test]
fn a_truncated_download_is_told_at_the_element_left_open() {
    let text = read(&captures().into_iter().find(|path| path.ends_with("libvirt-9.0.0_qemu-7.2/x86_64-q35-kvm.xml")).unwrap()).text.clone();
    let mut codes = std::collections::BTreeMap::new();
    for end in (1..text.trim_end().len()).step_by(3).filter(|end| text.is_char_boundary(*end)) {
        *codes.entry(refused(&text[..end]).0).or_insert(0) += 1;
    }
    assert_eq!(codes.keys().copied().collect::<Vec<_>>(), ["syntax-broken-tag", "syntax-unclosed"], "{codes:?}");
}

#[test]
fn limits_and_encodings_pass_through() {
    let limits = Limits { bytes: 100, ..Limits::default() };
    let error = load("x", "x", "1".repeat(101), &limits).map(|document| document.summary()).unwrap_err();
    assert_eq!(error.code, "text-too-large");
    assert_eq!(refused(&"<a>".repeat(300)).0, "text-too-deep");
    assert_eq!(refused("<\0c\0p\0u\0").0, "text-encoding");
    assert_eq!(decode(&[0xff, 0xfe, b'<', 0]).unwrap_err().code, "text-encoding");
    assert_eq!(decode("<cpu/>".as_bytes()).unwrap(), "<cpu/>");
}

#[test]
fn no_prefix_of_a_capture_panics() {
    for path in captures() {
        let text = std::fs::read_to_string(&path).unwrap();
        // unoptimized, the large ones would take minutes
        let step = if cfg!(debug_assertions) && text.len() > 60_000 { 97 * 41 } else { 97 };
        for end in (0..text.len()).step_by(step).filter(|end| text.is_char_boundary(*end) && *end < text.trim_end().len()) {
            assert!(load("x", "x", text[..end].to_owned(), &Limits::default()).is_err(), "{} up to {end}", path.display());
        }
    }
}

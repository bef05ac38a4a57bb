//! What is declared to TypeScript is what Rust hands out: the same keys, the same types, the same words.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, missing_docs)]

#[path = "wire/declarations.rs"]
mod declarations;
mod support;

use declarations::Declarations;
use serde::Serialize;
use std::collections::BTreeSet;
use std::sync::OnceLock;
use virtlens::assist::ItemKind;
use virtlens::caps::{Kind, Policy};
use virtlens::cpu::{Compared, CpuMode, Origin, Startable};
use virtlens::finding::{Certainty, Effect, Phase, Severity};
use virtlens::report::Restart;
use virtlens::rules::{self, Need};
use virtlens::{Workspace, explain, wire};

/// What a caller gives; the others are answers.
const ASKED: [&str; 6] = ["Options", "Limits", "HostOption", "HostsOption", "ArchOption", "BaselineOptions"];

fn source(path: &str) -> String {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The package's declarations, with those of its errors.
fn declared() -> &'static Declarations {
    static READ: OnceLock<Declarations> = OnceLock::new();
    READ.get_or_init(|| Declarations::read(&(source("src/types.d.ts") + &source("pkg-config/src/errors.ts"))))
}

#[track_caller]
fn conforms(interface: &str, value: &impl Serialize, met: &mut BTreeSet<String>) {
    let value = serde_json::to_value(value).expect("a value of JSON");
    let faults = declared().faults(interface, &value, met);
    assert!(faults.is_empty(), "{interface}: {faults:#?}");
}

#[test]
fn every_answer_has_the_keys_and_types_that_are_declared() {
    let mut met = BTreeSet::new();
    for example in rules::all().filter_map(|rule| explain::page(rule.code)).flat_map(|page| page.examples) {
        let host = example.words.iter().find_map(|word| word.strip_prefix("host=")).unwrap_or("none");
        let workspace = support::host(host);
        conforms("Report", &wire::Report::of(&workspace.check(&example.xml, None), workspace.documents()), &mut met);
        match workspace.resolve_cpu(&example.xml, None) {
            Ok(cpu) => conforms("ResolvedCpu", &wire::ResolvedCpu::of(&cpu, workspace.documents()), &mut met),
            Err(finding) => conforms("ErrorData", &wire::Failure::domain(&finding, &example.xml), &mut met),
        }
        for offset in (0..example.xml.len()).step_by(example.xml.len() / 3 + 1) {
            for item in wire::completions(&workspace.complete(&example.xml, offset, None)) {
                conforms("Completion", &item, &mut met);
            }
            workspace.hover(&example.xml, offset, None).iter().for_each(|told| conforms("Hover", &wire::Hover::of(told), &mut met));
        }
        for document in workspace.documents() {
            conforms("AddedDocument", &wire::Added::of(document), &mut met);
        }
    }
    let (old, new) = ("<cpu><arch>x86_64</arch><model>Penryn</model></cpu>", "<cpu><model>Nehalem</model><feature name='aes'/></cpu>");
    let workspace = Workspace::default();
    conforms("CpuComparison", &wire::CpuComparison::of(&workspace.compare_cpu(old, new, None).expect("compared")), &mut met);
    let common = workspace.baseline_cpu(&[new, new], virtlens::BaselineOptions::default(), None).expect("a common one");
    conforms("CommonCpu", &wire::CommonCpu::of(&common), &mut met);
    for error in [workspace.compare_cpu(old, "<domain/>", None), workspace.compare_cpu(old, "<cpu><model>a</model></cpu>", None)] {
        conforms("ErrorData", &wire::Failure::cpu(&error.expect_err("no answer")), &mut met);
    }
    let mut several = support::host("kvm-q35");
    for document in support::host("9.0.0:kvm-q35").documents() {
        several.add_document(&format!("old {}", document.name), document.text.clone(), Some("old")).unwrap();
    }
    let domain = "<domain type='kvm'><os><type arch='x86_64' machine='q35'>hvm</type></os><cpu mode='host-model'/></domain>";
    conforms("Hosts", &wire::Hosts::of(&several.hosts(domain, None).unwrap()), &mut met);
    let refused = Workspace::default().add_document("a.xml", "<html/>".to_owned(), None).map(|_| ()).expect_err("no document");
    conforms("ErrorData", &wire::Failure::document("a.xml", &refused), &mut met);
    conforms("ErrorData", &wire::Failure::usage("no"), &mut met);
    let mut expected = declared().interfaces();
    expected.retain(|name| !ASKED.contains(&name.as_str()));
    assert_eq!(met, expected, "an interface that no answer has, or none declared");
}

/// The fields of a struct in the browser boundary, which is compiled for wasm alone.
fn fields_of(name: &str, source: &str) -> BTreeSet<String> {
    let body = source.split_once(&format!("struct {name} {{")).unwrap_or_else(|| panic!("no struct {name}")).1;
    let fields = body.split_once('}').expect("its end").0.lines();
    fields.filter_map(|line| Some(line.trim().split_once(':')?.0.to_owned())).collect()
}

#[test]
fn what_a_caller_gives_is_what_the_boundary_reads() {
    let boundary = source("src/wasm.rs") + &source("src/wasm/cpus.rs");
    let of_cpus = [("HostsOption", "HostsOption"), ("ArchOption", "ArchOption"), ("BaselineOptions", "BaselineOptions")];
    let fields = |interface| -> BTreeSet<String> { declared().fields(interface).into_iter().map(|(field, ..)| field).collect() };
    for (interface, name) in [("Options", "Given"), ("Limits", "GivenLimits")].into_iter().chain(of_cpus) {
        assert_eq!(fields(interface), fields_of(name, &boundary), "{interface}");
    }
    // the host of one call is read on the other side, since each check asks for it
    let package = source("pkg-config/src/workspace.ts");
    let read = package.split_once("function hostOf(").and_then(|(_, body)| body.split_once("const { ")?.1.split_once(" } = options;"));
    assert_eq!(fields("HostOption"), read.expect("what is read").0.split(", ").map(str::to_owned).collect());
}

/// The words of all variants; a variant that is not named here does not compile.
macro_rules! words {
    ($kind:ident: $($variant:ident)+) => {{
        let all = [$($kind::$variant),+];
        for one in all {
            match one {
                $($kind::$variant => {})+
            }
        }
        all.map($kind::word)
    }};
}

#[track_caller]
fn same_words(of: &str, words: &[&str]) {
    let words: BTreeSet<_> = words.iter().map(|word| (*word).to_owned()).collect();
    assert_eq!(declared().words(of), words, "{of}");
}

#[test]
fn every_word_is_declared() {
    same_words("Severity", &words!(Severity: Error Warning Info Hint));
    same_words("Phase", &words!(Phase: Syntax Schema Define Start Migrate Dropped Advice));
    same_words("Completion.kind", &words!(ItemKind: Element Attribute Value Reference EndTag));
    same_words("Diagnostic.certainty", &words!(Certainty: Certain Likely));
    same_words("Fix.effect", &words!(Effect: Safe ChangesGuest));
    same_words("Skipped.needs", &words!(Need: DomainCapabilities EmulatorCapabilities Capabilities Versions));
    same_words("DocumentKind", &words!(Kind: DomainCapabilities Capabilities Versions Cpu Domain CpuMap));
    same_words("CpuMode", &words!(CpuMode: Custom HostModel HostPassthrough Maximum));
    same_words("OnHost.startable", &words!(Startable: Yes No Unknown));
    same_words("Pair.migrates", &words!(Startable: Yes No Unknown));
    same_words("Pair.restart", &words!(Restart: Same Changes Unknown));
    same_words("Cpu.startable", &words!(Startable: Yes No Unknown));
    same_words("CpuComparison.result", &words!(Compared: Identical Superset Incompatible));
    same_words("SharedFeature.policy", &["require", "disable"]);
    same_words("CommonFeature.policy", &words!(Policy: Force Require Optional Disable Forbid));
    same_words("Feature.policy", &words!(Policy: Force Require Optional Disable Forbid));
    same_words("Feature.origin", &words!(Origin: HostModel Model Domain Hypervisor Removed));
    same_words("Feature.running", &["on", "off"]);
}

//! The vocabulary against libvirt's own schemas: that of 12.8.0, kept beside the repository, and the one that is installed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, missing_docs)]

#[path = "schema/from_schema.rs"]
mod from_schema;
#[path = "schema/from_vocabulary.rs"]
mod from_vocabulary;
#[path = "schema/grammar.rs"]
mod grammar;
#[path = "schema/judge.rs"]
mod judge;
#[path = "schema/mutate.rs"]
mod mutate;
#[path = "schema/places.rs"]
mod places;

#[path = "schema/random.rs"]
mod random;
#[path = "schema/texts.rs"]
mod texts;
#[path = "schema/tree.rs"]
mod tree;

use std::path::{Path, PathBuf};
use std::process::Command;

use grammar::Grammar;
use random::Random;
use virtlens::caps::Version;

/// Where the schema of 12.8.0 is.
fn folder() -> PathBuf {
    let shared = std::env::var("VIRTLENS_SHARED").unwrap_or_else(|_| format!("{}/../shared", env!("CARGO_MANIFEST_DIR")));
    Path::new(&shared).join("reference/schemas-12.8.0")
}

/// The schema of 12.8.0; none where it is not there, which is said.
fn newest() -> Option<Grammar> {
    let grammar = Grammar::of_domain(&folder());
    if grammar.is_none() {
        println!("skipped: there is no schema in {}", folder().display());
    }
    grammar
}

/// Where the schemas of the libvirt that is installed are.
const INSTALLED: &str = "/usr/share/libvirt/schemas";

/// The schema of the libvirt that is installed, and its version.
fn installed() -> Option<(Grammar, Version)> {
    let grammar = Grammar::of_domain(Path::new(INSTALLED));
    let answer = Command::new("virsh").arg("--version").output().ok().map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let numbers: Vec<u16> = answer.iter().flat_map(|text| text.trim().split('.')).filter_map(|number| number.parse().ok()).collect();
    let found = grammar.zip(if let [major, minor, micro] = numbers[..] { Some(Version(major, minor, micro)) } else { None });
    if found.is_none() {
        println!("skipped: no libvirt is installed");
    }
    found
}

/// What the schema has for the daemon's own files alone.
const PRIVATE: &str = "/privateData";

#[test]
fn what_the_schema_has_the_vocabulary_has() {
    let Some(newest) = newest() else { return };
    let own = places::of_vocabulary();
    let lacking: Vec<_> =
        places::of_schema(&newest).into_keys().filter(|path| !own.contains_key(path) && !path.ends_with(PRIVATE)).collect();
    assert!(lacking.is_empty(), "{lacking:#?}");
}

#[test]
fn what_an_older_schema_lacks_says_since_when_it_is() {
    let (Some(newest), Some((older, version))) = (newest(), installed()) else { return };
    let (older, own) = (places::of_schema(&older), places::of_vocabulary());
    let newer = places::of_schema(&newest).into_keys().filter(|path| !older.contains_key(path) && !path.ends_with(PRIVATE));
    let undated: Vec<_> = newer.filter(|path| own[path].is_none_or(|since| since <= version)).collect();
    assert!(undated.is_empty(), "not in libvirt {version}, but that is not said: {undated:#?}");
}

#[test]
fn what_an_older_schema_has_is_not_called_newer() {
    let Some((older, version)) = installed() else { return };
    let own = places::of_vocabulary();
    let wrong: Vec<_> = places::of_schema(&older)
        .into_keys()
        .filter(|path| own.get(path).is_some_and(|since| since.is_some_and(|since| since > version)))
        .collect();
    assert!(wrong.is_empty(), "in libvirt {version}, but called newer: {wrong:#?}");
}

#[test]
fn what_an_older_schema_refuses_is_too_new() {
    let (Some(newest), Some((_, version))) = (newest(), installed()) else { return };
    let mut random = Random::new(5);
    let documents: Vec<_> = (0..count()).map(|_| from_schema::document(&newest, &mut random).xml()).collect();
    let Some(refused) = judge::refused(Path::new(INSTALLED), &documents) else { return };
    let options = virtlens::Options { libvirt: Some(version), ..virtlens::Options::default() };
    let workspace = virtlens::Workspace::new(options);
    let objects = |xml: &String| workspace.check(xml, None).findings.iter().any(|finding| finding.phase.word() == "schema");
    let (newer, older): (Vec<_>, Vec<_>) = documents.iter().enumerate().partition(|(number, _)| refused.contains_key(number));
    let wrong: Vec<_> = older.iter().filter(|(_, xml)| objects(xml)).collect();
    assert!(wrong.is_empty(), "libvirt {version} takes {} that are called too new: {:#?}", wrong.len(), wrong.first());
    let passed: Vec<_> = newer.iter().filter(|(_, xml)| !objects(xml)).map(|(number, _)| &refused[number]).collect();
    assert!(passed.len() * 20 <= newer.len(), "of {}, not told: {} {passed:#?}", newer.len(), passed.len());
}

/// What virtlens objects to in a document, as validation would.
fn objections(xml: &str) -> Vec<String> {
    let report = virtlens::Workspace::default().check(xml, None);
    let of_schema = report.findings.iter().filter(|finding| matches!(finding.phase.word(), "syntax" | "schema"));
    of_schema.map(|finding| format!("{}: {}", finding.code, finding.message)).collect()
}

#[test]
fn what_the_schema_allows_is_accepted() {
    let Some(newest) = newest() else { return };
    let mut random = Random::new(1);
    let documents: Vec<_> = (0..2 * count()).map(|_| from_schema::document(&newest, &mut random).xml()).collect();
    let refused: Vec<_> = documents.iter().filter_map(|xml| Some((objections(xml).first()?.clone(), xml))).collect();
    for (objection, xml) in refused.iter().take(5) {
        println!("{objection}\n{xml}");
    }
    assert!(refused.is_empty(), "{} of {} are refused", refused.len(), documents.len());
    let Some(wrong) = judge::refused(&folder(), &documents[..300]) else { return };
    assert!(wrong.is_empty(), "not drawn as the schema says: {:#?}", wrong.values().take(9).collect::<Vec<_>>());
}

#[test]
fn what_the_vocabulary_allows_the_schema_allows() {
    let mut random = Random::new(2);
    let documents: Vec<_> = (0..count()).map(|_| from_vocabulary::document(&mut random).xml()).filter(|xml| !beyond(xml)).collect();
    let own: Vec<_> = documents.iter().filter_map(|xml| objections(xml).first().cloned()).collect();
    assert!(own.is_empty(), "virtlens itself refuses {}: {:#?}", own.len(), &own[..own.len().min(9)]);
    let Some(refused) = judge::refused(&folder(), &documents) else { return };
    assert!(refused.is_empty(), "the schema refuses {}: {:#?}", refused.len(), refused.values().take(9).collect::<Vec<_>>());
}

#[test]
fn one_change_is_refused_by_both_or_by_none() {
    let mut random = Random::new(3);
    let mut changes = Vec::new();
    let mut documents = Vec::new();
    while documents.len() < count() {
        let mut document = from_vocabulary::document(&mut random);
        let Some(change) = mutate::mutate(&mut document, &mut random) else { continue };
        let xml = document.xml();
        if !beyond(&xml) {
            changes.push(change);
            documents.push(xml);
        }
    }
    let Some(refused) = judge::refused(&folder(), &documents) else { return };
    let different = |number: &usize| objections(&documents[*number]).is_empty() == refused.contains_key(number);
    let told: Vec<_> = (0..documents.len()).filter(different).map(|number| (&changes[number], refused.get(&number))).collect();
    assert!(told.is_empty(), "of {}, {} refused, judged differently: {told:#?}", documents.len(), refused.len());
}

/// How many documents are made of each kind: `make schema` makes more.
fn count() -> usize {
    std::env::var("VIRTLENS_DOCUMENTS").ok().and_then(|count| count.parse().ok()).unwrap_or(1000)
}

/// What the notation cannot say: that a bootloader does not go with the type of the operating system of a container.
fn beyond(xml: &str) -> bool {
    xml.contains("<bootloader") && xml.contains(">exe</type>")
}

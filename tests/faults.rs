//! Several faults at once: each is told at its place, and nothing beside them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, missing_docs)]

#[path = "faults/plant.rs"]
mod plant;
#[path = "schema/random.rs"]
#[allow(dead_code, reason = "shared with the tests of the schema")]
mod random;
#[path = "faults/sites.rs"]
mod sites;

use std::path::{Path, PathBuf};

use plant::{Fault, plant};
use random::Random;
use virtlens::Workspace;

/// What is objected to in a document, by place.
fn found(xml: &str) -> Vec<(usize, &'static str)> {
    let report = Workspace::default().check(xml, None);
    let of_schema = report.findings.iter().filter(|finding| matches!(finding.phase.word(), "syntax" | "schema"));
    of_schema.map(|finding| (finding.span.start, finding.code)).collect()
}

/// Documents without a fault: our own, and those of the corpus where it is there.
fn documents() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = std::env::var("VIRTLENS_SHARED").map_or_else(|_| root.join("../shared"), PathBuf::from);
    let mut paths: Vec<_> = files(&root.join("tests/domains"));
    let list = std::fs::read_to_string(shared.join("corpus/schema.jsonl")).unwrap_or_default();
    let rows = list.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    paths.extend(rows.filter(|row| row["root"] == "domain").filter_map(|row| Some(shared.join("corpus").join(row["file"].as_str()?))));
    let read = |path: &PathBuf| Some((path.display().to_string(), std::fs::read_to_string(path).ok()?));
    paths.iter().filter_map(read).filter(|(_, text)| found(text).is_empty()).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<_> = std::fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.path()).collect();
    all.sort();
    all
}

/// The document with these faults, and where each must be told, with its code.
fn with(text: &str, faults: &[Fault]) -> (String, Vec<(usize, &'static str)>) {
    let mut edits: Vec<_> = faults.iter().flat_map(|fault| fault.edits.clone()).collect();
    edits.sort_by_key(|(range, _)| range.start);
    let moved = |place: usize| {
        let before = edits.iter().filter(|(range, _)| range.start < place);
        before.fold(place, |place, (range, new)| place + new.len() - range.len())
    };
    let mut wanted: Vec<_> = faults.iter().map(|fault| (moved(fault.mark) + fault.inside, fault.code)).collect();
    wanted.sort_unstable();
    let mut out = text.to_owned();
    for (range, new) in edits.iter().rev() {
        out.replace_range(range.clone(), new);
    }
    (out, wanted)
}

#[test]
fn each_of_several_faults_is_told_at_its_place_and_nothing_beside() {
    let documents = documents();
    let mut random = Random::new(7);
    let mut wrong = Vec::new();
    for number in 0..500 {
        let (path, text) = &documents[if documents.len() < 500 { number % documents.len() } else { random.below(documents.len()) }];
        let faults = plant(text, &mut random);
        let (planted, wanted) = with(text, &faults);
        let mut told = found(&planted);
        told.sort_unstable();
        if told != wanted {
            let kinds: Vec<_> = faults.iter().map(|fault| fault.kind).collect();
            wrong.push(format!("{path}: {kinds:?}, told {told:?}, wanted {wanted:?}\n{planted}"));
        }
    }
    assert!(wrong.len() <= 10, "{} of 500:\n{}", wrong.len(), wrong.join("\n"));
}

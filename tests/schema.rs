//! The vocabulary against libvirt's own schemas: that of 12.8.0, kept beside the repository, and the one that is installed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, missing_docs)]

#[path = "schema/grammar.rs"]
mod grammar;
#[path = "schema/places.rs"]
mod places;

use std::path::Path;
use std::process::Command;

use grammar::Grammar;
use virtlens::caps::Version;

/// The schema of 12.8.0; none where it is not there, which is said.
fn newest() -> Option<Grammar> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reference/schemas-12.8.0");
    let grammar = Grammar::of_domain(&folder);
    if grammar.is_none() {
        println!("skipped: there is no schema in {}", folder.display());
    }
    grammar
}

/// The schema of the libvirt that is installed, and its version.
fn installed() -> Option<(Grammar, Version)> {
    let grammar = Grammar::of_domain(Path::new("/usr/share/libvirt/schemas"));
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

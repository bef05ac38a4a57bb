//! The house rules: each room uses only those before it, and nothing grows beyond what one can read.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, missing_docs)]

#[path = "layers/rust.rs"]
mod rust;

use std::path::{Path, PathBuf};

/// From left to right: a room may use what stands before it.
const ROOMS: &[&str] = &[
    "text",
    "finding",
    "xml",
    "caps",
    "vocab",
    "cpu",
    "edit",
    "rules",
    "assist",
    "explain",
    "report",
    "workspace",
    "lib",
    "wire",
    "wasm",
    "main",
];

/// Rooms that only one other may use, whatever the order says.
const PRIVATE: &[(&str, &str)] = &[("edit", "rules")];

/// What `lib.rs` names at the top.
const TOP: &[(&str, &str)] =
    &[("Workspace", "workspace"), ("Options", "workspace"), ("BaselineOptions", "workspace"), ("Update", "workspace")];

/// Lines of a function, and of a file; pages and const tables aside.
const FUNCTION: usize = 60;
const FILE: usize = 300;

/// What may be longer, and why.
const EXCEPTIONS: &[(&str, &str)] = &[("tests/hosts/choice.rs: one_document_fits_or_does_not_and_says_why", "a table of cases")];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The Rust files under a folder, by their path in the repository.
fn files(folder: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() && !path.ends_with("node_modules") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root()).expect("a path in the repository").display().to_string();
                out.push((name, std::fs::read_to_string(&path).expect("a source")));
            }
        }
    }
    assert!(!out.is_empty(), "{folder} holds no source");
    out.sort();
    out
}

/// `src/rules/host/mod.rs` is `["rules", "host"]`; the program's own modules stand under `main`.
fn module(file: &str) -> Vec<String> {
    let path = Path::new(file).strip_prefix("src").expect("a source").with_extension("");
    let mut names: Vec<_> = path.iter().map(|name| name.to_string_lossy().into_owned()).collect();
    if names.last().is_some_and(|name| name == "mod") {
        names.pop();
    }
    if names.first().is_some_and(|name| name == "program") {
        names.insert(0, "main".to_owned());
    }
    names
}

fn excepted(name: &str) -> bool {
    EXCEPTIONS.iter().any(|(long, _)| *long == name)
}

fn rank(room: &str) -> Option<usize> {
    ROOMS.iter().position(|name| *name == room)
}

/// The room that a path leads to; none where it stays in its own.
fn target(module: &[String], supers: Option<usize>, name: &str) -> Option<String> {
    let first = match supers {
        Some(up) if up < module.len() => return None,
        // the program is a crate of its own, and `virtlens` is the library to it
        _ if module[0] == "main" && name == "program" => return None,
        _ => name,
    };
    Some(TOP.iter().find(|(item, _)| *item == first).map_or(first, |(_, room)| *room).to_owned())
}

#[test]
fn each_room_uses_only_those_before_it() {
    let mut faults = Vec::new();
    // a file of tests beside a room is no part of it
    for (file, source) in files("src").into_iter().filter(|(file, _)| !file.ends_with("/tests.rs") && !file.contains("/tests/")) {
        let module = module(&file);
        let own = rank(&module[0]).unwrap_or_else(|| panic!("{file} stands in no room"));
        for (supers, name, line) in rust::paths(&rust::shipped(&rust::tokens(&source))) {
            let Some(room) = target(&module, supers, &name) else { continue };
            let allowed = rank(&room).is_some_and(|rank| rank <= own);
            let foreign = PRIVATE.iter().any(|(private, owner)| *private == room && *owner != module[0] && *private != module[0]);
            if !allowed || foreign {
                faults.push(format!("{file}:{line}: `{}` may not use `{room}`", module[0]));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_room_is_there() {
    let names: Vec<_> = files("src").iter().map(|(file, _)| module(file)[0].clone()).collect();
    let missing: Vec<_> = ROOMS.iter().filter(|room| !names.iter().any(|name| name == *room)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn files_stay_short() {
    let all = files("src").into_iter().chain(files("tests"));
    let long: Vec<_> =
        all.map(|(file, source)| (source.lines().count(), file)).filter(|(lines, file)| *lines > FILE && !excepted(file)).collect();
    assert!(long.is_empty(), "longer than {FILE} lines: {long:?}");
}

#[test]
fn functions_stay_short() {
    let mut lengths = Vec::new();
    for (file, source) in files("src").into_iter().chain(files("tests")) {
        let found = rust::functions(&rust::tokens(&source));
        lengths.extend(found.into_iter().map(|(name, length)| (length, format!("{file}: {name}"))));
    }
    lengths.sort();
    let long: Vec<_> = lengths.iter().filter(|(length, name)| *length > FUNCTION && !excepted(name)).collect();
    assert!(long.is_empty(), "longer than {FUNCTION} lines: {long:?}");
    let (median, ninth) = (&lengths[lengths.len() / 2], &lengths[lengths.len() * 9 / 10]);
    assert!(median.0 <= 10, "half of the functions are longer than 10 lines: {median:?}");
    assert!(ninth.0 <= 30, "a tenth of the functions is longer than 30 lines: {ninth:?}");
}

//! Every code has its page, every page its examples, and the examples show what they say.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, missing_docs)]

mod support;

use virtlens::explain;
use virtlens::rules;

#[test]
fn every_code_is_told_once_and_has_a_page_of_its_own() {
    let mut codes: Vec<_> = rules::all().map(|rule| rule.code).collect();
    let all = codes.len();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), all, "a code is used twice");
    for code in &codes {
        let page = explain::page(code).unwrap_or_else(|| panic!("{code} has no page"));
        assert!(page.title.len() > 5 && page.text.starts_with("# "), "{code}: no title");
        let paragraphs =
            page.text.split("\n\n").filter(|part| !part.starts_with('#') && !part.starts_with("```") && !part.trim().is_empty());
        assert!(paragraphs.take_while(|part| !part.contains("```")).count() >= 3, "{code}: what, why and what to do are missing");
        assert!(
            page.examples.iter().any(|example| example.bad) && page.examples.iter().any(|example| !example.bad),
            "{code}: an example is missing"
        );
    }
    let files = pages(concat!(env!("CARGO_MANIFEST_DIR"), "/src/rules"));
    let missing: Vec<_> = files.iter().filter(|file| !codes.contains(&file.as_str())).collect();
    assert!(
        missing.is_empty() && files.len() == codes.len(),
        "pages without a rule: {missing:?}, {} pages for {} codes",
        files.len(),
        codes.len()
    );
}

#[test]
fn the_changelog_has_a_line_for_every_code() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/CHANGELOG.md")).expect("the changelog");
    let missing: Vec<_> = rules::all().map(|rule| rule.code).filter(|code| !text.contains(&format!("- `{code}`: "))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_example_shows_what_it_says() {
    let mut faults = Vec::new();
    for rule in rules::all() {
        for example in explain::page(rule.code).expect("each code has a page").examples {
            let workspace = support::example_host(&example.words);
            let report = workspace.check(&example.xml, None);
            let found: Vec<_> = report.findings.iter().map(|finding| finding.code).collect();
            if found.contains(&rule.code) != example.bad {
                faults.push(format!("{} ({}): found {found:?}", rule.code, example.words.join(",")));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_rule_with_a_path_begins_at_the_domain() {
    for rule in rules::all() {
        let begins = |path: &&str| path.strip_prefix("domain").is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '[']));
        assert!(rule.on.iter().all(begins), "{}", rule.code);
        assert!(rule.docs.starts_with("https://libvirt.org/"), "{}", rule.code);
    }
}

/// The names of the pages under a folder.
fn pages(folder: &str) -> Vec<String> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder of the rules").flatten() {
        let path = entry.path();
        if path.is_dir() {
            names.extend(pages(path.to_str().expect("a UTF-8 path")));
        } else if path.extension().is_some_and(|extension| extension == "md") {
            names.push(path.file_stem().and_then(|stem| stem.to_str()).expect("a UTF-8 name").to_owned());
        }
    }
    names
}

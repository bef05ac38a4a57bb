//! Help while writing: broken text is helped with as well, and what was taken away is among what is offered there.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, missing_docs)]

#[path = "assist/places.rs"]
mod places;
mod support;

use std::path::PathBuf;

use places::{Kind, Place, Seed, places};
use support::{DOMAINS, domain};
use virtlens::{Workspace, xml};

/// The share of what was taken away that has to be offered again, in hundredths of a percent.
const RECALL: usize = 99_50;

/// Valid domains that lie beside the project, where they do.
fn beside() -> Vec<String> {
    let corpus = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let Ok(list) = std::fs::read_to_string(corpus.join("schema.jsonl")) else { return Vec::new() };
    let lines = list.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let valid = lines.filter(|line| line["root"] == "domain" && line["schema_valid"] == true);
    valid.filter_map(|line| std::fs::read_to_string(corpus.join(line["file"].as_str()?)).ok()).collect()
}

/// Where what was taken away stands among what is offered in its place; none where it does not.
fn turn(workspace: &Workspace, place: &Place) -> Option<usize> {
    let offset = place.text[..place.at].encode_utf16().count();
    let kinds: &[&str] = match place.kind {
        Kind::Element => &["element"],
        Kind::Attribute => &["attribute"],
        Kind::Value | Kind::Text => &["value", "reference"],
    };
    let found = workspace.complete(&place.text, offset, None);
    found.items.iter().position(|item| item.label == place.taken && kinds.contains(&item.kind.word()))
}

struct Recall {
    turns: Vec<usize>,
    missed: Vec<String>,
}

impl Recall {
    fn new() -> Self {
        Self { turns: Vec::new(), missed: Vec::new() }
    }

    fn ask(&mut self, workspace: &Workspace, place: &Place) {
        match turn(workspace, place) {
            Some(turn) => self.turns.push(turn),
            None => self.missed.push(format!("{:?} {} in {}", place.kind, place.taken, place.around)),
        }
    }

    /// Prints the figures, and holds the share.
    fn hold(mut self, what: &str) {
        self.turns.sort_unstable();
        let (found, all) = (self.turns.len(), self.turns.len() + self.missed.len());
        let median = self.turns.get(found / 2).map_or(0, |turn| turn + 1);
        self.missed.sort();
        let mut classes: Vec<(usize, &String)> =
            self.missed.chunk_by(|one, other| one == other).filter_map(|class| Some((class.len(), class.first()?))).collect();
        classes.sort_by(|one, other| other.cmp(one));
        println!("{what}: offered again {found}/{all}, in the median at place {median}; missed: {classes:?}");
        assert!(found * 10_000 >= all * RECALL, "{what}: {found}/{all}; missed: {classes:#?}");
    }
}

#[test]
fn what_is_taken_out_of_a_domain_is_offered_again() {
    let mut recall = Recall::new();
    for (name, host) in DOMAINS {
        let workspace = support::host(host);
        places(&domain(name)).iter().step_by(3).for_each(|place| recall.ask(&workspace, place));
    }
    recall.hold("tests/domains");
}

#[test]
fn what_is_taken_out_of_the_corpus_is_offered_again() {
    let all = beside();
    if all.is_empty() {
        println!("the corpus is not beside the project");
        return;
    }
    let (mut recall, mut seed, workspace) = (Recall::new(), Seed(7), Workspace::default());
    let mut left = 5000;
    while left > 0 {
        let text = &all[seed.below(all.len())];
        let places = places(text);
        for _ in 0..4.min(left).min(places.len()) {
            recall.ask(&workspace, &places[seed.below(places.len())]);
            left -= 1;
        }
    }
    recall.hold("corpus");
}

/// Answers at every offset that lie within the text.
fn ask_everywhere(workspace: &Workspace, text: &str, step: usize) {
    let units = text.encode_utf16().count();
    for offset in (0..=units + 1).step_by(step) {
        for item in workspace.complete(text, offset, None).items {
            assert!(text.get(item.span.start..item.span.end).is_some(), "{offset}: {item:?} in {text}");
            assert!(item.stops.iter().all(|stop| item.new_text.get(stop.start..stop.end).is_some()), "{offset}: {item:?}");
            assert!(item.span.start <= text.len() && !item.label.is_empty(), "{offset}: {item:?}");
        }
        if let Some(told) = workspace.hover(text, offset, None) {
            assert!(text.get(told.hover.span.start..told.hover.span.end).is_some(), "{offset} in {text}");
            assert!(!told.hover.contents.is_empty());
        }
    }
}

/// Texts cut and joined at random.
fn torn(text: &str, seed: &mut Seed) -> String {
    let mut places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    places.push(text.len());
    let mut cut = || places[seed.below(places.len())];
    let (one, other) = (cut(), cut());
    format!("{}{}", &text[..one], &text[other..])
}

#[test]
fn broken_texts_are_helped_with_too() {
    let mut seed = Seed(11);
    for (name, host) in DOMAINS {
        let (workspace, text) = (support::host(host), domain(name).replacen("<name>", "<name>ä😀", 1));
        ask_everywhere(&workspace, &text, 7);
        let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).step_by(97).collect();
        ends.into_iter().for_each(|end| ask_everywhere(&workspace, &text[..end], 31));
        (0..6).for_each(|_| ask_everywhere(&workspace, &torn(&text, &mut seed), 13));
    }
}

#[test]
#[ignore = "some minutes: every offset of fifty documents, and of every tenth of their prefixes"]
fn every_offset_of_the_corpus_has_an_answer() {
    let mut seed = Seed(13);
    let (all, workspace) = (beside(), support::host("kvm-q35"));
    for _ in 0..50.min(all.len()) {
        let text = &all[seed.below(all.len())];
        ask_everywhere(&workspace, text, 1);
        let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        for _ in 0..ends.len() / 10 {
            let end = ends[seed.below(ends.len())];
            ask_everywhere(&workspace, &text[..end], 1 + end / 40);
        }
    }
}

#[test]
fn a_text_that_is_whole_is_read_as_the_parser_reads_it() {
    for (name, _) in DOMAINS {
        let text = domain(name);
        let document = xml::Document::parse(&text).expect("a domain");
        let mut left = vec![document.root()];
        while let Some(node) = left.pop() {
            let cursor = xml::Cursor::new(&text, node.name_span().start);
            let own = cursor.own.expect("an element");
            assert_eq!(cursor.outline.name(own), node.qualified_name());
            let parents = std::iter::successors(node.parent(), |node| node.parent()).map(|node| node.qualified_name());
            let around = cursor.around.iter().rev().map(|at| cursor.outline.name(*at));
            assert_eq!(parents.collect::<Vec<_>>(), around.collect::<Vec<_>>());
            left.extend(node.elements());
        }
    }
}

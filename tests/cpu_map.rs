//! The built-in CPU map against the one that it was made from.
//!
//! `VIRTLENS_CPU_MAP=/usr/share/libvirt/cpu_map cargo test --test cpu_map -- --ignored` writes `src/cpu/map/facts.txt` from the map
//! that is installed there.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, missing_docs)]

use std::collections::HashMap;
use std::path::Path;

use virtlens::cpu::map::{BitSource, CpuMap, Feature, FeatureSet, Model, Signature, built_in, read};
use virtlens::text::Limits;
use virtlens::xml;

const FACTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/cpu/map/facts.txt");

/// The map of a folder.
fn installed(folder: &Path) -> CpuMap {
    let mut texts = HashMap::new();
    for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
        texts.insert(entry.file_name().into_string().unwrap(), std::fs::read_to_string(entry.path()).unwrap());
    }
    let documents: HashMap<_, _> = texts.iter().map(|(name, text)| (name.as_str(), xml::read(text, &Limits::default()).unwrap())).collect();
    read(documents["index.xml"].root(), |name| documents.get(name).map(|document| document.root())).unwrap()
}

/// The map as the text that is built in.
fn written(map: &CpuMap) -> String {
    let mut out = String::new();
    let mut line = |words: Vec<String>| out += &format!("{}\n", words.join(" "));
    map.x86.vendors.iter().for_each(|vendor| line(vec!["v".into(), format!("{}={}", vendor.name, vendor.letters)]));
    for run in map.x86.features.chunk_by(|a, b| (a.place.source, a.place.register) == (b.place.source, b.place.register)) {
        line(features(run));
    }
    for (at, model) in map.x86.models.iter().enumerate() {
        line(model_words(model, &map.x86.models[..at]));
    }
    map.ppc64.vendors.iter().for_each(|vendor| line(vec!["V".into(), vendor.to_string()]));
    for model in &map.ppc64.models {
        let versions = model.versions.iter().map(|(value, mask)| format!("{value:x}/{mask:x}"));
        line(["p".into(), model.name.to_string(), some(model.vendor.as_deref())].into_iter().chain(versions).collect());
    }
    map.arm.vendors.iter().for_each(|(name, number)| line(vec!["W".into(), name.to_string(), format!("{number:x}")]));
    line(["f".into()].into_iter().chain(map.arm.features.iter().map(|name| name.to_string())).collect());
    for (name, vendor, part) in &map.arm.models {
        line(vec!["n".into(), some(vendor.as_deref()), format!("{part:x}"), name.to_string()]);
    }
    out
}

fn some(word: Option<&str>) -> String {
    word.unwrap_or("-").to_owned()
}

fn features(run: &[Feature]) -> Vec<String> {
    let place = run[0].place;
    let (kind, source) = match place.source {
        BitSource::Cpuid(leaf, sub) => ("c", format!("{leaf:x}.{sub:x}")),
        BitSource::Msr(index) => ("m", format!("{index:x}.0")),
    };
    let named = run.iter().map(|feature| {
        let names = [&feature.name].into_iter().chain(&feature.aliases).map(|name| &**name).collect::<Vec<_>>().join("=");
        format!("{:x}:{names}{}", feature.place.bit, if feature.migratable { "" } else { "!" })
    });
    [kind.to_owned(), source, place.register.to_string()].into_iter().chain(named).collect()
}

fn model_words(model: &Model, before: &[Model]) -> Vec<String> {
    let flags: String = [(model.for_hosts, 'h'), (model.for_guests, 'g'), (model.compat_check, 'c')]
        .into_iter()
        .filter(|(on, _)| *on)
        .map(|(_, flag)| flag)
        .collect();
    let (ancestor, differs) = before
        .iter()
        .enumerate()
        .map(|(at, other)| (at.to_string(), differences(model, other)))
        .chain([("-".to_owned(), differences(model, &Model::default()))])
        .min_by_key(|(_, words)| words.len())
        .unwrap();
    let signatures: Vec<_> = model.signatures.iter().map(signature).collect();
    let vendor = model.vendor.map_or("-".to_owned(), |vendor| vendor.to_string());
    let signatures = if signatures.is_empty() { "-".to_owned() } else { signatures.join(",") };
    let flags = if flags.is_empty() { "-".to_owned() } else { flags };
    ["M".to_owned(), model.name.to_string(), flags, vendor, signatures, ancestor].into_iter().chain(differs).collect()
}

fn signature(signature: &Signature) -> String {
    let steppings = if signature.steppings == Signature::ANY { String::new() } else { format!(".{:x}", signature.steppings) };
    format!("{:x}.{:x}{steppings}", signature.family, signature.model)
}

/// `+3-5`, `^7`, `~1`, `-9`: how a model stands to each feature, where that differs from another's.
fn differences(model: &Model, other: &Model) -> Vec<String> {
    let mark = |model: &Model, number| match (model.features.has(number), model.added.has(number), model.removed.has(number)) {
        (true, ..) => '+',
        (_, true, _) => '^',
        (.., true) => '~',
        _ => '-',
    };
    let differing: Vec<_> = (0..FeatureSet::MOST)
        .filter(|number| mark(model, *number) != mark(other, *number))
        .map(|number| (mark(model, number), number))
        .collect();
    differing
        .chunk_by(|a, b| a.0 == b.0 && a.1 + 1 == b.1)
        .map(|run| match (run[0], run[run.len() - 1]) {
            ((mark, first), (_, last)) if first == last => format!("{mark}{first}"),
            ((mark, first), (_, last)) => format!("{mark}{first}-{last}"),
        })
        .collect()
}

#[test]
fn the_built_in_map_is_read_as_it_is_written() {
    let (written, facts) = (written(built_in()), std::fs::read_to_string(FACTS).unwrap());
    let differing = written.lines().zip(facts.lines()).find(|(written, read)| written != read);
    assert_eq!((differing, written.len()), (None, facts.len()));
    let map = &built_in().x86;
    assert_eq!((map.models.len(), map.features.len(), map.vendors.len()), (176, 400, 4));
    assert_eq!((built_in().ppc64.models.len(), built_in().arm.models.len(), built_in().arm.features.len()), (8, 15, 18));
}

#[test]
#[ignore = "writes the facts from the map that VIRTLENS_CPU_MAP names"]
fn write_the_facts() {
    let folder = std::env::var_os("VIRTLENS_CPU_MAP").expect("VIRTLENS_CPU_MAP names the folder of an installed map");
    let map = installed(Path::new(&folder));
    std::fs::write(FACTS, written(&map)).unwrap();
}

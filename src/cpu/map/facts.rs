//! The built-in map, from a compact text that `tests/cpu_map.rs` writes from an installed one.
//!
//! A line each: `v` vendor, `c`/`m` the features of a CPUID or MSR register (`bit:name`, `=alias`, `!` cannot migrate), `M` model
//! (name, flags, vendor, signatures, ancestor; then what differs: `+` stands for, `^` added later, `~` removed later, `-` not),
//! `V`/`p` vendor and model of ppc64, `W`/`f`/`n` vendor, features and model of Arm. Registers, bits and parts are hexadecimal.

use std::sync::OnceLock;

use super::{BitPlace, BitSource, CpuMap, Feature, Model, Ppc64Model, Signature, Vendor};

const FACTS: &str = include_str!("facts.txt");

/// The facts of libvirt 12.8.0's map, taken apart at the first question and then kept.
#[must_use]
pub fn built_in() -> &'static CpuMap {
    static MAP: OnceLock<CpuMap> = OnceLock::new();
    MAP.get_or_init(|| {
        let mut map = CpuMap::default();
        FACTS.lines().for_each(|line| {
            take(&mut map, line);
        });
        map.x86.index();
        map
    })
}

/// The names of x86 features in the built-in map, with their other names: without taking the models apart.
pub fn x86_feature_names() -> impl Iterator<Item = &'static str> {
    let words = FACTS.lines().take_while(|line| !line.starts_with('M')).filter(|line| line.starts_with("c ") || line.starts_with("m "));
    words.flat_map(|line| line.split(' ').skip(3)).flat_map(|word| {
        let names = word.split_once(':').map_or("", |(_, names)| names);
        names.trim_end_matches('!').split('=')
    })
}

fn take(map: &mut CpuMap, line: &str) -> Option<()> {
    let (kind, rest) = line.split_once(' ')?;
    let mut words = rest.split(' ');
    match kind {
        "v" => {
            let (name, letters) = rest.split_once('=')?;
            map.x86.vendors.push(Vendor { name: name.into(), letters: letters.into() });
        }
        "c" | "m" => features(map, kind, words)?,
        "M" => {
            let model = model(map, words)?;
            map.x86.models.push(model);
        }
        "V" => map.ppc64.vendors.push(rest.into()),
        "p" => {
            let (name, vendor) = (words.next()?.into(), some(words.next()?));
            let versions = words.filter_map(|word| word.split_once('/')).filter_map(|(value, mask)| Some((hex(value)?, hex(mask)?)));
            map.ppc64.models.push(Ppc64Model { name, vendor, versions: versions.collect() });
        }
        "W" => map.arm.vendors.push((words.next()?.into(), hex(words.next()?)?)),
        "f" => map.arm.features.extend(words.map(Box::from)),
        "n" => {
            let mut words = rest.splitn(3, ' ');
            let (vendor, part) = (some(words.next()?), hex(words.next()?)?);
            map.arm.models.push((words.next()?.into(), vendor, part));
        }
        _ => {}
    }
    Some(())
}

fn some(word: &str) -> Option<Box<str>> {
    (word != "-").then(|| word.into())
}

fn hex(word: &str) -> Option<u32> {
    u32::from_str_radix(word, 16).ok()
}

/// `LEAF.SUB REGISTER bit:name=alias! …`.
fn features<'t>(map: &mut CpuMap, kind: &str, mut words: impl Iterator<Item = &'t str>) -> Option<()> {
    let (leaf, sub) = words.next()?.split_once('.')?;
    let source = if kind == "c" { BitSource::Cpuid(hex(leaf)?, hex(sub)?) } else { BitSource::Msr(hex(leaf)?) };
    let register = words.next()?.chars().next()?;
    for (bit, names) in words.filter_map(|word| word.split_once(':')) {
        let migratable = !names.ends_with('!');
        let mut names = names.trim_end_matches('!').split('=').map(Box::from);
        let place = BitPlace { source, register, bit: hex(bit).and_then(|bit| bit.try_into().ok())? };
        map.x86.push_feature(Feature { name: names.next()?, aliases: names.collect(), place, migratable });
    }
    Some(())
}

/// `NAME FLAGS VENDOR SIGNATURES ANCESTOR` and what differs from the ancestor; vendor and ancestor by their number.
fn model<'t>(map: &CpuMap, mut words: impl Iterator<Item = &'t str>) -> Option<Model> {
    let (name, flags) = (words.next()?.into(), words.next()?);
    let vendor = words.next().and_then(|word| word.parse().ok());
    let signatures = words.next()?.split(',').filter_map(signature).collect();
    let ancestor = words.next().and_then(|word| word.parse().ok()).and_then(|at: usize| map.x86.models.get(at));
    let mut model = ancestor.cloned().unwrap_or_default();
    (model.name, model.vendor, model.signatures) = (name, vendor, signatures);
    let flag = |letter| flags.contains(letter);
    (model.for_hosts, model.for_guests, model.compat_check) = (flag('h'), flag('g'), flag('c'));
    for word in words {
        differ(&mut model, word);
    }
    Some(model)
}

/// `MARK FROM-TO`: those features stand as the mark says.
fn differ(model: &mut Model, word: &str) -> Option<()> {
    let (mark, range) = word.split_at_checked(1)?;
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    for number in first.parse::<usize>().ok()?..=last.parse().ok()? {
        for (set, own) in [(&mut model.features, "+"), (&mut model.added, "^"), (&mut model.removed, "~")] {
            if mark == own { set.insert(number) } else { set.remove(number) }
        }
    }
    Some(())
}

/// `FAMILY.MODEL` and, where not every stepping counts, `.STEPPINGS` as bits.
fn signature(word: &str) -> Option<Signature> {
    let mut numbers = word.split('.').map(hex);
    let (family, model) = (numbers.next()??, numbers.next()??);
    let steppings = numbers.next().flatten().map_or(Signature::ANY, |steppings| steppings as u16);
    Some(Signature { family, model, steppings })
}

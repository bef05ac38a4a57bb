//! What is told of an element, an attribute, a value: Markdown, of the vocabulary's words.

use super::host::Host;
use crate::caps::Version;
use crate::vocab::{Attr, Drivers, Element, Value};

/// libvirt's documentation of the format.
const DOCS: &str = "https://libvirt.org/formatdomain.html";

/// What an element is, since when, and for whom.
#[inline(never)]
pub fn element(element: &Element) -> String {
    let mut out = sentence(element.about);
    since(&mut out, element.since);
    only(&mut out, element.only);
    out
}

/// The link to the chapter of an element.
#[inline(never)]
pub fn chapter(element: &Element) -> String {
    format!("[libvirt's documentation]({DOCS}#{})", element.chapter)
}

/// What an attribute is.
#[inline(never)]
pub fn attribute(attr: &Attr) -> String {
    let mut out = sentence(attr.about);
    since(&mut out, attr.since);
    only(&mut out, attr.only);
    out
}

/// What a value may be, in words; empty where it may be anything.
#[inline(never)]
pub fn allowed(values: &[&'static Value]) -> String {
    let mut parts: Vec<String> = Vec::new();
    for value in values {
        others(value, &mut parts);
    }
    let words = codes(values.iter().flat_map(|value| value.words()).map(|word| word.word));
    parts.extend(Some(words).filter(|words| !words.is_empty()));
    parts.dedup();
    parts.join(", or ")
}

/// Those of a value that are not words.
#[inline(never)]
fn others(value: &'static Value, out: &mut Vec<String>) {
    match value {
        Value::Number(least, u64::MAX) => out.push(format!("a number from {least}")),
        Value::Number(least, most) => out.push(format!("a number from {least} to {most}")),
        Value::Pattern(pattern) => out.push(format!("{} such as {}", pattern.what, code(pattern.example))),
        Value::Either(values) => values.iter().for_each(|value| others(value, out)),
        Value::Empty => out.push("nothing".to_owned()),
        Value::Words(_) | Value::Any => {}
    }
}

/// Words as code, between commas, each once.
pub fn codes<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let mut list: Vec<&str> = Vec::new();
    for word in words {
        if !list.contains(&word) {
            list.push(word);
        }
    }
    list.into_iter().map(code).collect::<Vec<_>>().join(", ")
}

/// A text as code.
#[inline(never)]
pub fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'"))
}

/// What is said in a line, as a sentence of its own; empty where nothing is.
#[inline(never)]
pub fn sentence(about: &str) -> String {
    let mut letters = about.chars();
    match letters.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), letters.as_str()),
        None => String::new(),
    }
}

/// Adds the version something came in.
#[inline(never)]
pub fn since(out: &mut String, since: Option<Version>) {
    if let Some(since) = since {
        out.push_str(if out.is_empty() { "" } else { " " });
        *out += &format!("Since libvirt {since}.");
    }
}

/// Adds the drivers that something is for, where it is not for all.
#[inline(never)]
pub fn only(out: &mut String, only: Drivers) {
    if only != Drivers::ALL {
        out.push_str(if out.is_empty() { "" } else { " " });
        *out += &format!("For {} alone.", names(only));
    }
}

/// The names of drivers, as a sentence has them.
fn names(drivers: Drivers) -> String {
    let names: Vec<&str> = drivers.names().collect();
    match names.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

/// What is against something that came in a version and is for those drivers, in a domain of that type, in a few words; empty where
/// nothing is.
pub fn against(host: &Host, since: Option<Version>, only: Drivers, domain_type: &str) -> String {
    newer(host, since).or_else(|| foreign(only, domain_type)).unwrap_or_default()
}

/// The same as a sentence behind others.
pub fn sentence_against(host: &Host, since: Option<Version>, only: Drivers, domain_type: &str) -> String {
    let foreign = || foreign(only, domain_type).map(|foreign| format!(" It is {foreign}."));
    newer(host, since).map(|newer| format!(" It {newer}.")).or_else(foreign).unwrap_or_default()
}

#[inline(never)]
fn newer(host: &Host, since: Option<Version>) -> Option<String> {
    let (since, given) = since.zip(host.libvirt()).filter(|(since, given)| given < since)?;
    Some(format!("came with libvirt {since}, this host has {given}"))
}

#[inline(never)]
fn foreign(only: Drivers, domain_type: &str) -> Option<String> {
    only.none_runs(domain_type).then(|| format!("not for a domain of type {domain_type}"))
}

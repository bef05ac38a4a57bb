//! Where each element may stand, gathered once a process.

use std::sync::OnceLock;

use super::{Body, read};
use crate::text::{Mark, sort_by};

/// The names of the elements in which an element of libvirt's own with that name may stand.
pub fn parents_of(name: &str) -> impl Iterator<Item = &'static str> {
    let index = index();
    let from = index.partition_point(|(held, _)| *held < name);
    index.iter().skip(from).take_while(move |(held, _)| *held == name).map(|(_, parent)| *parent)
}

/// Names of elements, each with one of an element that may hold it, in order.
fn index() -> &'static [(&'static str, &'static str)] {
    static INDEX: OnceLock<Vec<(&'static str, &'static str)>> = OnceLock::new();
    INDEX.get_or_init(|| {
        let mut index = Vec::new();
        read::held(|element, parent| {
            let (mark, name) = element.name();
            if mark != Mark::NONE {
                index.push((name, parent.name().1));
            }
        });
        sort_by(&mut index, Ord::cmp);
        index.dedup();
        index
    })
}

/// The bodies that one may add: those of its cases and forms, and those it shares with others.
pub fn further(body: &'static Body) -> impl Iterator<Item = &'static Body> {
    let cases = body.variants.iter().flat_map(|variant| variant.cases.iter().map(|case| &case.body).chain([variant.absent]));
    cases.chain(body.forms).chain(body.also.iter().copied())
}

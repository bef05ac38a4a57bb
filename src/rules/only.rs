//! Conditions on an element, so that rules which have nothing to look at there are passed over together: a domain has a hundred and
//! sixty rules at its elements, of which few concern it, and to ask each is what most of a check goes to.
//!
//! They stand behind a path as XPath has them: `cpu[@match]`, `cpu[@mode='maximum']`, `cpu[model]`, and at the domain
//! `domain[devices/disk]` and `domain[devices/disk[2]]`, which ask for a device, and for a second one, and `domain[x:*]`, which
//! asks for a child of some other namespace.

use super::{Facts, Kind};
use crate::text::Mark;
use crate::xml::Node;

/// What an element must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    /// An attribute, with that value where one is told.
    Attribute(Mark, &'static str, Option<&'static str>),
    /// A child.
    Child(Mark, &'static str),
    /// So many devices of a kind.
    Devices(Kind, usize),
    /// A child of another namespace.
    Foreign,
}

impl Only {
    /// A path and the condition behind it. None where there is no such condition, or it is written otherwise.
    pub fn split(path: &'static str) -> (&'static str, Option<Self>) {
        path.split_once('[').map_or((path, None), |(path, condition)| (path, condition.strip_suffix(']').and_then(Self::of)))
    }

    fn of(condition: &'static str) -> Option<Self> {
        if let Some(attribute) = condition.strip_prefix('@') {
            let (name, value) = match attribute.split_once("='") {
                Some((name, value)) => (name, Some(value.strip_suffix('\'')?)),
                None => (attribute, None),
            };
            return Some(Self::Attribute(Mark::of(name), name, value));
        }
        if condition == "x:*" {
            return Some(Self::Foreign);
        }
        match condition.strip_prefix("devices/") {
            Some(device) => {
                let (name, count) = device.strip_suffix("[2]").map_or((device, 1), |name| (name, 2));
                Some(Self::Devices(Kind::named(name)?, count))
            }
            None => Some(Self::Child(Mark::of(condition), condition)),
        }
    }

    /// Whether an element of the domain has it.
    pub fn holds(&self, facts: &Facts, node: Node) -> bool {
        match *self {
            Self::Attribute(mark, name, None) => node.said(mark, name).is_some(),
            Self::Attribute(mark, name, value) => node.said(mark, name) == value,
            Self::Child(mark, name) => node.elements().any(|child| child.is(mark, name)),
            Self::Foreign => facts.whole.foreign,
            Self::Devices(kind, count) => facts.whole.all(kind).len() >= count,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{Check, all};

    #[test]
    fn every_condition_is_one() {
        for (rule, path) in all().flat_map(|rule| rule.on.iter().map(move |path| (rule, *path))) {
            let (place, only) = Only::split(path);
            assert_eq!(only.is_some(), place != path, "{}: {path}", rule.code);
            // tables are also read by who asks what may stand at a place
            assert!(only.is_none() || matches!(rule.check, Check::Function(_)), "{}: {path}", rule.code);
            assert!(!matches!(only, Some(Only::Devices(..) | Only::Foreign)) || place == "domain", "{}: {path}", rule.code);
        }
    }

    #[test]
    fn a_condition_is_an_attribute_a_value_a_child_or_devices() {
        let of = |path| Only::split(path);
        assert_eq!(of("domain/cpu"), ("domain/cpu", None));
        assert_eq!(of("domain/cpu[@match]"), ("domain/cpu", Some(Only::Attribute(Mark::of("match"), "match", None))));
        assert_eq!(of("a[@b='c']"), ("a", Some(Only::Attribute(Mark::of("b"), "b", Some("c")))));
        assert_eq!(of("domain/cpu[model]"), ("domain/cpu", Some(Only::Child(Mark::of("model"), "model"))));
        assert_eq!(of("domain[x:*]"), ("domain", Some(Only::Foreign)));
        assert_eq!(of("domain[devices/disk]"), ("domain", Some(Only::Devices(Kind::Disk, 1))));
        assert_eq!(of("domain[devices/disk[2]]"), ("domain", Some(Only::Devices(Kind::Disk, 2))));
        for wrong in ["a[@b='c]", "a[@b", "domain[devices/disc]"] {
            assert_eq!(of(wrong).1, None, "{wrong}");
        }
    }
}

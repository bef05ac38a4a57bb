//! A body that counts for an element, and what the element has of it.

use std::cell::Cell;

use super::is;
use crate::caps::Version;
use crate::text::Mark;
use crate::vocab::{Attr, Body, Child};
use crate::xml::Node;

/// A body that holds something, and what the element at hand has of it.
pub struct Part {
    pub body: &'static Body,
    /// A bit for the place of each attribute that was met.
    pub attrs: Cell<u64>,
    /// The same of children.
    pub children: Cell<u64>,
}

impl Part {
    /// Of which nothing was met yet.
    pub fn new(body: &'static Body) -> Self {
        Self { body, attrs: Cell::new(0), children: Cell::new(0) }
    }

    /// The attribute with that mark and name, and its place.
    #[inline]
    pub fn attr(&self, mark: Mark, name: &str) -> Option<(usize, &'static Attr)> {
        self.body.attrs.iter().enumerate().find(|(_, attr)| attr.mark.is(attr.name, mark, name))
    }

    /// What `node` is as a child, and its place.
    #[inline]
    pub fn child(&self, node: Node) -> Option<(usize, &'static Child)> {
        if node.mark() == Mark::NONE {
            return self.body.children.iter().enumerate().find(|(_, child)| is(node, child));
        }
        self.body.child(node.mark(), node.name())
    }
}

/// Notes the one at that place; false where it was met before.
#[inline]
pub fn note(met: &Cell<u64>, place: usize) -> bool {
    let (before, bit) = (met.get(), 1 << (place & 63));
    met.set(before | bit);
    before & bit == 0
}

/// What holds for all the bodies together.
#[derive(Clone, Copy, Default)]
pub struct Sum {
    /// True where a discriminator says something unknown, or nothing though it must: then what its cases add cannot be judged.
    pub undecided: bool,
    /// True where any other element may stand too.
    pub open: bool,
    /// True where some text may stand.
    pub text: bool,
    /// True where some attribute must be there.
    pub attrs: bool,
    /// True where some child must be there.
    pub children: bool,
    /// The version that the latest of them came in.
    pub since: Option<Version>,
}

impl Sum {
    /// Takes a body in.
    #[inline]
    pub fn add(&mut self, body: &'static Body) {
        self.open |= body.open;
        self.text |= body.text.is_some();
        self.attrs |= body.needs.attrs > 0;
        self.children |= body.needs.children > 0;
        if body.since.is_some() {
            self.since = self.since.max(body.since);
        }
    }
}

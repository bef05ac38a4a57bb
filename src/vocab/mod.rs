//! What a domain may say: every element, attribute and value of the format. One table drives validation, completion and hover.
//!
//! The tables are written in our own notation (`tables`), from libvirt's documentation and from what its daemon answers; the schema is
//! the judge in tests. The build script (`build.rs`) writes them down as one text, and `read` takes an element out of it when it is met
//! first.

mod drivers;
mod fits;
mod index;
pub mod pattern;
mod read;
mod record;
#[cfg(test)]
mod tables;
mod terms;
#[cfg(test)]
mod tests;
pub mod value;

pub use drivers::Drivers;
pub use index::{further, parents_of};
pub use terms::{Attr, By, MANY, Needs, Said};
pub use value::{Value, Word};

use crate::text::{Mark, indexed};
use read::Entry;

/// The table of `<domain>`, from which all others are reached.
#[must_use]
pub fn domain() -> &'static Element {
    Entry::at(0).element()
}

/// Nothing at all.
pub const EMPTY: Body = Body::EMPTY;

/// An element of the format.
pub type Element = terms::Element<Child>;
/// What an element holds, or what one variant of it adds.
pub type Body = terms::Body<Child>;
/// Parts that hang on what a discriminator says.
pub type Variant = terms::Variant<Child>;
/// What some values of a discriminator add.
pub type Case = terms::Case<Child>;

/// A child element, and how often it may stand.
#[derive(Debug, Clone, Copy)]
pub struct Child {
    /// That of the element's name; none where it has a namespace.
    pub mark: Mark,
    /// The element's name.
    pub name: &'static str,
    entry: &'static Entry,
    /// At least so often.
    pub least: u8,
    /// At most so often; [`MANY`] is without limit.
    pub most: u8,
}

impl terms::Body<Child> {
    /// The child of libvirt's own with that mark and name, and its place.
    #[inline]
    #[must_use]
    pub fn child(&self, mark: Mark, name: &str) -> Option<(usize, &'static Child)> {
        let mut places = indexed(self.index, mark).filter_map(|place| Some((place, self.children.get(place)?)));
        places.find(|(_, child)| child.mark.is(child.name, mark, name))
    }
}

impl Child {
    /// The element.
    #[inline]
    #[must_use]
    pub fn element(&self) -> &'static Element {
        self.entry.element()
    }

    /// Whether both are of the same element.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        std::ptr::eq(self.entry, other.entry)
    }
}

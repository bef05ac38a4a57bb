//! What a domain may say: every element, attribute and value of the format. One table drives validation, completion and hover.
//!
//! The tables are written in our own notation (`tables`), from libvirt's documentation and from what its daemon answers; the schema is
//! the judge in tests. The build script (`build.rs`) writes them down as one text, and `read` takes an element out of it when it is met
//! first.

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

pub use index::{further, parents_of};
pub use terms::{By, MANY};
pub use value::{Value, Word};

use crate::caps::Version;
use crate::text::Mark;
use read::Entry;

/// The table of `<domain>`, from which all others are reached.
#[must_use]
pub fn domain() -> &'static Element {
    Entry::at(0).element()
}

/// Nothing at all.
pub const EMPTY: Body =
    Body { since: None, attrs: &[], children: &[], text: None, variants: &[], forms: &[], also: &[], open: false, demands: false };

/// An element of the format.
#[derive(Debug, Clone, Copy)]
pub struct Element {
    /// That of its name; none where it has a namespace.
    pub mark: Mark,
    /// Its name.
    pub name: &'static str,
    /// Its namespace; none for libvirt's own elements.
    pub namespace: Option<&'static str>,
    /// What it is, in one line.
    pub about: &'static str,
    /// The version it came in, where that is after 0.9.0; where no release is on record, the first that it can be.
    pub since: Option<Version>,
    /// The anchor of its chapter in libvirt's `formatdomain.html`.
    pub chapter: &'static str,
    /// What it holds.
    pub body: Body,
}

/// What an element holds, or what one variant of it adds.
#[derive(Debug, Clone, Copy)]
pub struct Body {
    /// The version that this form or variant came in, where the element is older.
    pub since: Option<Version>,
    /// Attributes.
    pub attrs: &'static [Attr],
    /// Child elements, in any order.
    pub children: &'static [Child],
    /// Its text; none where it may hold none.
    pub text: Option<&'static Value>,
    /// Further parts that hang on a discriminating attribute.
    pub variants: &'static [Variant],
    /// Exactly one of these must fit; none listed: no such choice.
    pub forms: &'static [Body],
    /// Parts that it shares with others.
    pub also: &'static [&'static Body],
    /// True where any other element may stand too, whatever it holds.
    pub open: bool,
    /// True where some attribute or child must be there, known beforehand: most have none, and are not searched for it.
    pub demands: bool,
}

/// An attribute.
#[derive(Debug, Clone, Copy)]
pub struct Attr {
    /// That of its name.
    pub mark: Mark,
    /// Its name.
    pub name: &'static str,
    /// What it may say.
    pub value: &'static Value,
    /// Whether it must be there.
    pub required: bool,
    /// What it is, in one line.
    pub about: &'static str,
    /// The version it came in, where that is after 0.9.0.
    pub since: Option<Version>,
}

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

/// Parts that hang on what a discriminator says.
#[derive(Debug, Clone, Copy)]
pub struct Variant {
    /// Where the discriminator stands.
    pub by: By,
    /// What each of its values adds; values that no case names add nothing.
    pub cases: &'static [Case],
    /// What counts where it is absent.
    pub absent: &'static Body,
}

/// What some values of a discriminator add.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// The values.
    pub when: &'static [&'static str],
    /// What they add.
    pub body: Body,
}

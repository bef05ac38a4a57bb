//! What a domain may say: every element, attribute and value of the format, as const tables, a file per chapter of libvirt's
//! documentation. One table drives validation, completion and hover.
//!
//! Written in our own notation from libvirt's documentation and from what its daemon answers; the schema is the judge in tests.

mod capabilities;
pub mod chardev;
pub mod common;
mod controller;
mod cpu;
mod crash;
mod devices;
mod disk;
mod domain;
mod events;
mod features;
mod filesystem;
mod graphics;
mod hostdev;
mod index;
mod input;
mod interface;
mod iommu;
mod memory;
mod memory_device;
mod moment;
mod namespaces;
mod network;
mod notation;
mod os;
pub mod pattern;
mod random;
mod redirdev;
mod security;
mod shared;
mod sound;
mod sysinfo;
mod time;
mod tpm;
mod tuning;
pub mod value;
mod vcpu;
mod video;

pub use domain::DOMAIN;
pub use index::{further, parents_of};
pub use notation::{EMPTY, any, by, by_attr, case, element, maybe, once, optional, required, some};
pub use value::{Value, Word};

use crate::caps::Version;
use crate::text::Mark;

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
    /// The element.
    pub element: &'static Element,
    /// At least so often.
    pub least: u8,
    /// At most so often; [`MANY`] is without limit.
    pub most: u8,
}

/// Without limit.
pub const MANY: u8 = u8::MAX;

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

/// Where a discriminator stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// In this attribute of the element itself.
    Attr(&'static str),
    /// In the text of the first child of that name.
    ChildText(&'static str),
    /// In the text of the element itself.
    Text,
}

/// What some values of a discriminator add.
#[derive(Debug, Clone, Copy)]
pub struct Case {
    /// The values.
    pub when: &'static [&'static str],
    /// What they add.
    pub body: Body,
}

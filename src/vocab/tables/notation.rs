//! How a table is written: elements, attributes, children and variants, and what builds them.

use super::super::drivers::Drivers;
use super::super::terms::{self, By, MANY};
use super::super::value::Value;
use crate::caps::Version;
use crate::text::Mark;

pub use super::super::terms::Attr;

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
    /// The element.
    pub element: &'static Element,
    /// At least so often.
    pub least: u8,
    /// At most so often; [`MANY`] is without limit.
    pub most: u8,
}

/// Nothing at all.
pub const EMPTY: Body = Body::EMPTY;

/// An element with that name, description and chapter, which holds nothing yet.
#[must_use]
pub const fn element(name: &'static str, about: &'static str, chapter: &'static str) -> Element {
    Element { mark: Mark::of(name), name, namespace: None, about, since: None, only: Drivers::ALL, chapter, body: EMPTY }
}

impl Element {
    /// With these attributes.
    #[must_use]
    pub const fn attrs(mut self, attrs: &'static [Attr]) -> Self {
        self.body = self.body.attrs(attrs);
        self
    }

    /// With these children.
    #[must_use]
    pub const fn children(mut self, children: &'static [Child]) -> Self {
        self.body = self.body.children(children);
        self
    }

    /// With this text.
    #[must_use]
    pub const fn text(mut self, value: &'static Value) -> Self {
        self.body.text = Some(value);
        self
    }

    /// With these variants.
    #[must_use]
    pub const fn variants(mut self, variants: &'static [Variant]) -> Self {
        self.body.variants = variants;
        self
    }

    /// With exactly one of these forms.
    #[must_use]
    pub const fn forms(mut self, forms: &'static [Body]) -> Self {
        self.body.forms = forms;
        self
    }

    /// With these parts, which it shares with others.
    #[must_use]
    pub const fn also(mut self, parts: &'static [&'static Body]) -> Self {
        self.body.also = parts;
        self
    }

    /// With any other element as well.
    #[must_use]
    pub const fn open(mut self) -> Self {
        self.body.open = true;
        self
    }

    /// Since that version of libvirt.
    #[must_use]
    pub const fn since(mut self, major: u16, minor: u16, micro: u16) -> Self {
        self.since = Some(Version(major, minor, micro));
        self
    }

    /// For these drivers alone.
    #[must_use]
    pub const fn only(mut self, drivers: Drivers) -> Self {
        self.only = drivers;
        self
    }

    /// In that namespace.
    #[must_use]
    pub const fn namespace(mut self, namespace: &'static str) -> Self {
        self.namespace = Some(namespace);
        self.mark = Mark::NONE;
        self
    }
}

impl Body {
    /// Since that version of libvirt.
    #[must_use]
    pub const fn since(mut self, major: u16, minor: u16, micro: u16) -> Self {
        self.since = Some(Version(major, minor, micro));
        self
    }

    /// With these attributes.
    #[must_use]
    pub const fn attrs(mut self, attrs: &'static [Attr]) -> Self {
        self.attrs = attrs;
        let (mut left, mut place) = (attrs, 0);
        while let [attr, rest @ ..] = left {
            // no table is longer than there are bits, or this does not compile
            self.needs.attrs |= (attr.required as u64) << place;
            (left, place) = (rest, place + 1);
        }
        self
    }

    /// With these children.
    #[must_use]
    pub const fn children(mut self, children: &'static [Child]) -> Self {
        self.children = children;
        let (mut left, mut place) = (children, 0);
        while let [child, rest @ ..] = left {
            self.needs.children |= ((child.least > 0) as u64) << place;
            (left, place) = (rest, place + 1);
        }
        self
    }

    /// With this text.
    #[must_use]
    pub const fn text(mut self, value: &'static Value) -> Self {
        self.text = Some(value);
        self
    }

    /// With these variants.
    #[must_use]
    pub const fn variants(mut self, variants: &'static [Variant]) -> Self {
        self.variants = variants;
        self
    }

    /// With exactly one of these forms.
    #[must_use]
    pub const fn forms(mut self, forms: &'static [Body]) -> Self {
        self.forms = forms;
        self
    }

    /// With these parts, which it shares with others.
    #[must_use]
    pub const fn also(mut self, parts: &'static [&'static Body]) -> Self {
        self.also = parts;
        self
    }
}

/// An attribute that may be left out.
#[must_use]
pub const fn optional(name: &'static str, value: &'static Value, about: &'static str) -> Attr {
    Attr { mark: Mark::of(name), name, value, required: false, about, since: None, only: Drivers::ALL }
}

/// An attribute that must be there.
#[must_use]
pub const fn required(name: &'static str, value: &'static Value, about: &'static str) -> Attr {
    Attr { mark: Mark::of(name), name, value, required: true, about, since: None, only: Drivers::ALL }
}

impl Attr {
    /// Since that version of libvirt.
    #[must_use]
    pub const fn since(mut self, major: u16, minor: u16, micro: u16) -> Self {
        self.since = Some(Version(major, minor, micro));
        self
    }

    /// For these drivers alone.
    #[must_use]
    pub const fn only(mut self, drivers: Drivers) -> Self {
        self.only = drivers;
        self
    }
}

/// Exactly once.
#[must_use]
pub const fn once(element: &'static Element) -> Child {
    Child { element, least: 1, most: 1 }
}

/// At most once.
#[must_use]
pub const fn maybe(element: &'static Element) -> Child {
    Child { element, least: 0, most: 1 }
}

/// As often as one likes.
#[must_use]
pub const fn any(element: &'static Element) -> Child {
    Child { element, least: 0, most: MANY }
}

/// Once or more.
#[must_use]
pub const fn some(element: &'static Element) -> Child {
    Child { element, least: 1, most: MANY }
}

/// Parts by the value of one of the element's own attributes; nothing where it is absent.
#[must_use]
pub const fn by_attr(name: &'static str, cases: &'static [Case]) -> Variant {
    by(By::Attr(name), cases)
}

/// Parts by another discriminator; nothing where it is absent.
#[must_use]
pub const fn by(by: By, cases: &'static [Case]) -> Variant {
    Variant { by, mark: by.mark(), cases, said: &[], absent: &EMPTY }
}

impl Variant {
    /// With these parts where the discriminator is absent.
    #[must_use]
    pub const fn absent(mut self, body: &'static Body) -> Self {
        self.absent = body;
        self
    }
}

/// What these values add.
#[must_use]
pub const fn case(when: &'static [&'static str], body: Body) -> Case {
    Case { when, body }
}

//! How a table is written: elements, attributes, children and variants, and what builds them.

use super::super::terms::{By, MANY};
use super::super::value::Value;
use crate::caps::Version;

/// An element of the format.
#[derive(Debug, Clone, Copy)]
pub struct Element {
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
}

/// An attribute.
#[derive(Debug, Clone, Copy)]
pub struct Attr {
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

/// Nothing at all.
pub const EMPTY: Body = Body { since: None, attrs: &[], children: &[], text: None, variants: &[], forms: &[], also: &[], open: false };

/// An element with that name, description and chapter, which holds nothing yet.
#[must_use]
pub const fn element(name: &'static str, about: &'static str, chapter: &'static str) -> Element {
    Element { name, namespace: None, about, since: None, chapter, body: EMPTY }
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

    /// In that namespace.
    #[must_use]
    pub const fn namespace(mut self, namespace: &'static str) -> Self {
        self.namespace = Some(namespace);
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
        self
    }

    /// With these children.
    #[must_use]
    pub const fn children(mut self, children: &'static [Child]) -> Self {
        self.children = children;
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
    Attr { name, value, required: false, about, since: None }
}

/// An attribute that must be there.
#[must_use]
pub const fn required(name: &'static str, value: &'static Value, about: &'static str) -> Attr {
    Attr { name, value, required: true, about, since: None }
}

impl Attr {
    /// Since that version of libvirt.
    #[must_use]
    pub const fn since(mut self, major: u16, minor: u16, micro: u16) -> Self {
        self.since = Some(Version(major, minor, micro));
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
    Variant { by: By::Attr(name), cases, absent: &EMPTY }
}

/// Parts by another discriminator; nothing where it is absent.
#[must_use]
pub const fn by(by: By, cases: &'static [Case]) -> Variant {
    Variant { by, cases, absent: &EMPTY }
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

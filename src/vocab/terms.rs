//! What the tables say, as they are written and as they are asked: alike but for the children `C`, which name elements there, and find
//! them here.

use super::drivers::Drivers;
use super::value::Value;
use crate::caps::Version;
use crate::text::Mark;

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

impl By {
    /// The mark of the name in it.
    #[must_use]
    pub const fn mark(self) -> Mark {
        match self {
            Self::Attr(name) | Self::ChildText(name) => Mark::of(name),
            Self::Text => Mark::NONE,
        }
    }
}

/// Without limit.
pub const MANY: u8 = u8::MAX;

/// An element of the format.
#[derive(Debug, Clone, Copy)]
pub struct Element<C: 'static> {
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
    /// The drivers that it is for.
    pub only: Drivers,
    /// The anchor of its chapter in libvirt's `formatdomain.html`.
    pub chapter: &'static str,
    /// What it holds.
    pub body: Body<C>,
}

/// What an element holds, or what one variant of it adds.
#[derive(Debug, Clone, Copy)]
pub struct Body<C: 'static> {
    /// The version that this form or variant came in, where the element is older.
    pub since: Option<Version>,
    /// Attributes.
    pub attrs: &'static [Attr],
    /// Child elements, in any order.
    pub children: &'static [C],
    /// Where to find which child, as [`crate::text::index`] makes it. The tables as written have none.
    pub index: &'static [u8],
    /// Its text; none where it may hold none.
    pub text: Option<&'static Value>,
    /// Further parts that hang on a discriminating attribute.
    pub variants: &'static [Variant<C>],
    /// Exactly one of these must fit; none listed: no such choice.
    pub forms: &'static [Self],
    /// Parts that it shares with others.
    pub also: &'static [&'static Self],
    /// True where any other element may stand too, whatever it holds.
    pub open: bool,
    /// What must be there, known beforehand: most need nothing, and are not searched for it.
    pub needs: Needs,
}

/// What must be there of attributes and of children: a bit for the place of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs {
    /// Those of attributes.
    pub attrs: u64,
    /// Those of children.
    pub children: u64,
}

impl<C> Body<C> {
    /// Nothing at all.
    pub const EMPTY: Self = Self {
        since: None,
        attrs: &[],
        children: &[],
        index: &[],
        text: None,
        variants: &[],
        forms: &[],
        also: &[],
        open: false,
        needs: Needs { attrs: 0, children: 0 },
    };
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
    /// The drivers that it is for, of those of its element.
    pub only: Drivers,
}

/// Parts that hang on what a discriminator says.
#[derive(Debug, Clone, Copy)]
pub struct Variant<C: 'static> {
    /// Where the discriminator stands.
    pub by: By,
    /// That of the name in it.
    pub mark: Mark,
    /// What each of its values adds; values that no case names add nothing.
    pub cases: &'static [Case<C>],
    /// These values side by side, as they are looked for more often than any case is entered. The tables as written have none.
    pub said: &'static [Said],
    /// What counts where it is absent.
    pub absent: &'static Body<C>,
}

impl<C> Variant<C> {
    /// What that value adds, where a case names it.
    #[must_use]
    pub fn case(&self, value: &str) -> Option<&'static Case<C>> {
        let mark = Mark::of(value);
        let said = self.said.iter().find(|said| said.mark.is(said.value, mark, value))?;
        self.cases.get(said.case)
    }
}

/// A value of a discriminator.
#[derive(Debug, Clone, Copy)]
pub struct Said {
    /// That of the value.
    pub mark: Mark,
    /// The value.
    pub value: &'static str,
    /// The place of its case.
    pub case: usize,
}

/// What some values of a discriminator add.
#[derive(Debug, Clone, Copy)]
pub struct Case<C: 'static> {
    /// The values.
    pub when: &'static [&'static str],
    /// What they add.
    pub body: Body<C>,
}

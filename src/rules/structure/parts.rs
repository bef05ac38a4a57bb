//! Which parts of an element's table count for an element at hand: its variants and forms, decided.

mod forms;
mod part;

use std::cell::Cell;

use part::{Part, Sum, note};

use crate::caps::Version;
use crate::text::{Mark, nearest, trimmed};
use crate::vocab::{Attr, Body, By, Child, EMPTY, Element, MANY, Value, Variant, further};
use crate::xml::{self, Node};

/// The bodies that count for one element.
pub struct Parts {
    bodies: Vec<Part>,
    /// The whole table of the element, with all that its variants and forms add.
    whole: &'static Body,
    /// Whether names may be misspelt.
    misspelt: bool,
    /// True where a child stood again that may stand once.
    again: Cell<bool>,
    sum: Sum,
}

impl Parts {
    /// None yet.
    pub fn new() -> Self {
        Self { bodies: Vec::with_capacity(16), whole: &EMPTY, misspelt: false, again: Cell::new(false), sum: Sum::default() }
    }

    /// Decides the variants and forms of `element` for `node`, in the place of what was decided before. `misspelt`: an attribute
    /// that is not known may be one that is, misspelt.
    pub fn decide(&mut self, element: &'static Element, node: Node, misspelt: bool) {
        self.misspelt = misspelt;
        self.bodies.clear();
        self.again.set(false);
        self.sum = Sum::default();
        self.whole = &element.body;
        self.add(&element.body, node);
    }

    #[inline]
    fn add(&mut self, body: &'static Body, node: Node) {
        if !(body.attrs.is_empty() && body.children.is_empty() && body.text.is_none()) {
            self.bodies.push(Part::new(body));
        }
        self.sum.add(body);
        if !(body.also.is_empty() && body.variants.is_empty() && body.forms.is_empty()) {
            self.add_further(body, node);
        }
    }

    /// Adds what a body may add: most add nothing, and are done without a call.
    #[inline(never)]
    fn add_further(&mut self, body: &'static Body, node: Node) {
        for shared in body.also {
            self.add(shared, node);
        }
        for variant in body.variants {
            self.add_variant(variant, node);
        }
        if !body.forms.is_empty() {
            self.add_best(body.forms, node);
        }
    }

    fn add_variant(&mut self, variant: &'static Variant, node: Node) {
        let slip = || if self.misspelt { self.slip(variant.by, node) } else { None };
        let Some(value) = said(variant, node).or_else(slip) else {
            self.sum.undecided |= self.must_say(variant.by);
            return self.add(variant.absent, node);
        };
        match variant.case(trimmed(value)) {
            Some(case) => self.add(&case.body, node),
            None => self.sum.undecided |= !self.may_say(variant.by, value),
        }
    }

    /// What an attribute says whose name is nearly that of a discriminator that is not there.
    #[cold]
    fn slip<'a>(&self, by: By, node: Node<'a>) -> Option<&'a str> {
        let By::Attr(name) = by else { return None };
        let like = |there: &str| nearest(there, std::iter::once(name)).is_some() && !anywhere(self.whole, &|body| named(body, there));
        node.attrs().find(|there| like(there.name())).map(|there| there.value())
    }

    /// Whether a discriminator must be there.
    fn must_say(&self, by: By) -> bool {
        matches!(by, By::Attr(name) if self.attr(name).is_some_and(|attr| attr.required))
    }

    /// Whether a value that no case names is one that the discriminator may have all the same.
    #[cold]
    fn may_say(&self, by: By, value: &str) -> bool {
        match by {
            By::Attr(name) => self.attr(name).is_some_and(|attr| attr.value.fits(value)),
            By::Text => self.texts().any(|known| known.fits(value)),
            By::ChildText(name) => self.named(name).is_none_or(|child| child.element().body.text.is_none_or(|text| text.fits(value))),
        }
    }

    /// The attributes it may have.
    pub fn attrs(&self) -> impl Iterator<Item = &'static Attr> + '_ {
        self.bodies.iter().flat_map(|part| part.body.attrs)
    }

    /// The attribute of that name.
    pub fn attr(&self, name: &str) -> Option<&'static Attr> {
        self.marked(Mark::of(name), name)
    }

    /// What `attr` is as an attribute, whatever its namespace.
    pub fn known(&self, attr: &xml::Attr) -> Option<&'static Attr> {
        let mark = if attr.mark() == Mark::NONE { Mark::of(attr.name()) } else { attr.mark() };
        self.marked(mark, attr.name())
    }

    fn marked(&self, mark: Mark, name: &str) -> Option<&'static Attr> {
        self.bodies.iter().find_map(|part| part.attr(mark, name)).map(|(_, attr)| attr)
    }

    /// The same, and notes that it is there.
    #[inline]
    pub fn meet(&self, attr: &xml::Attr) -> Option<&'static Attr> {
        if attr.mark() == Mark::NONE {
            return self.known(attr);
        }
        self.bodies.iter().find_map(|part| {
            let (place, known) = part.attr(attr.mark(), attr.name())?;
            note(&part.attrs, place);
            Some(known)
        })
    }

    /// True where every attribute that must be there was met.
    pub fn has_attrs(&self) -> bool {
        !self.sum.attrs || self.bodies.iter().all(|part| part.body.needs.attrs & !part.attrs.get() == 0)
    }

    /// The children it may have.
    pub fn children(&self) -> impl Iterator<Item = &'static Child> + '_ {
        self.bodies.iter().flat_map(|part| part.body.children)
    }

    /// What `node` is as a child.
    #[inline]
    pub fn child(&self, node: Node) -> Option<&'static Child> {
        self.bodies.iter().find_map(|part| part.child(node)).map(|(_, child)| child)
    }

    /// The same, and notes that it is there.
    #[inline]
    pub fn meet_child(&self, node: Node) -> Option<&'static Child> {
        self.bodies.iter().find_map(|part| {
            let (place, known) = part.child(node)?;
            if (!note(&part.children, place) && known.most < MANY) || known.least > 1 {
                self.again.set(true);
            }
            Some(known)
        })
    }

    /// True where children that must stand were met, and each as often as it may.
    pub fn has_children(&self) -> bool {
        let complete = |part: &Part| part.body.needs.children & !part.children.get() == 0;
        !self.again.get() && (!self.sum.children || self.bodies.iter().all(complete))
    }

    /// Whether an attribute of that name might stand there, though it is not known.
    pub fn may_have(&self, attr: &str) -> bool {
        self.sum.undecided && anywhere(self.whole, &|body| named(body, attr))
    }

    /// Whether a text might stand there, though none is known.
    pub fn may_hold_text(&self) -> bool {
        self.sum.undecided && anywhere(self.whole, &|body| body.text.is_some())
    }

    /// The tables of a child that might stand there, though it is not known.
    pub fn may_hold(&self, child: Node) -> Vec<&'static Element> {
        let mut found = Vec::new();
        if self.sum.undecided {
            tables(self.whole, child, &mut found);
        }
        found
    }

    /// True where not all can be judged.
    pub fn undecided(&self) -> bool {
        self.sum.undecided
    }

    /// The child of that name and no namespace.
    fn named(&self, name: &str) -> Option<&'static Child> {
        let mark = Mark::of(name);
        self.children().find(|child| child.mark.is(child.name, mark, name))
    }

    /// The texts it may hold.
    pub fn texts(&self) -> impl Iterator<Item = &'static Value> + '_ {
        self.bodies.iter().filter_map(|part| part.body.text)
    }

    /// True where some text may stand.
    pub fn has_text(&self) -> bool {
        self.sum.text
    }

    /// The version that the variants and forms which count came in.
    pub fn since(&self) -> Option<Version> {
        self.sum.since
    }

    /// True where any other element may stand too.
    pub fn open(&self) -> bool {
        self.sum.open
    }
}

/// Whether that holds for a body or for any that it may add.
pub fn anywhere(body: &'static Body, holds: &dyn Fn(&'static Body) -> bool) -> bool {
    holds(body) || further(body).any(|further| anywhere(further, holds))
}

/// Whether a body has an attribute of that name.
pub fn named(body: &Body, attr: &str) -> bool {
    body.attrs.iter().any(|known| known.name == attr)
}

/// Every table that a body and those it may add have for a child.
fn tables(body: &'static Body, child: Node, found: &mut Vec<&'static Element>) {
    let same = body.children.iter().filter(|known| is(child, known)).map(Child::element);
    for known in same {
        if !found.iter().any(|other| std::ptr::eq(*other, known)) {
            found.push(known);
        }
    }
    further(body).for_each(|further| tables(further, child, found));
}

/// How often a child stands in `node`.
pub fn count(node: Node, child: &Child) -> usize {
    node.elements().filter(|there| is(*there, child)).count()
}

/// Whether `node` has the name and the namespace of `child`.
pub fn is(node: Node, child: &Child) -> bool {
    let same = || node.mark() != Mark::NONE || node.namespace() == child.element().namespace;
    node.is(child.mark, child.name) && same()
}

fn said<'a>(variant: &Variant, node: Node<'a>) -> Option<&'a str> {
    match variant.by {
        By::Attr(name) => node.said(variant.mark, name),
        By::ChildText(name) => node.elements().find(|child| child.is(variant.mark, name))?.text().map(|text| text.value),
        By::Text => Some(node.text().map_or("", |text| text.value)),
    }
}

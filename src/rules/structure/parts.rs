//! Which parts of an element's table count for an element at hand: its variants and forms, decided.

use std::cell::Cell;

use crate::caps::Version;
use crate::text::{Mark, find_from, nearest, trimmed};
use crate::vocab::{Attr, Body, By, Child, EMPTY, Element, MANY, Value, further};
use crate::xml::{self, Node};

/// How much more it weighs that a form does not know something than that it misses something.
const UNKNOWN: usize = 3;

/// A body that holds something, and where its children were last found: documents name them in the order of the tables.
struct Part {
    body: &'static Body,
    last: Cell<usize>,
}

/// The bodies that count for one element.
pub struct Parts {
    bodies: Vec<Part>,
    /// The whole table of the element, with all that its variants and forms add.
    whole: &'static Body,
    /// Whether names may be misspelt.
    misspelt: bool,
    /// True where a discriminator says something unknown, or nothing though it must: then what its cases add cannot be judged.
    undecided: bool,
}

impl Parts {
    /// None yet.
    pub fn new() -> Self {
        Self { bodies: Vec::with_capacity(16), whole: &EMPTY, misspelt: false, undecided: false }
    }

    /// Decides the variants and forms of `element` for `node`, in the place of what was decided before. `misspelt`: an attribute
    /// that is not known may be one that is, misspelt.
    pub fn decide(&mut self, element: &'static Element, node: Node, misspelt: bool) {
        self.misspelt = misspelt;
        self.bodies.clear();
        self.undecided = false;
        self.whole = &element.body;
        self.add(&element.body, node);
    }

    fn add(&mut self, body: &'static Body, node: Node) {
        if !(body.attrs.is_empty() && body.children.is_empty() && body.text.is_none() && body.since.is_none() && !body.open) {
            self.bodies.push(Part { body, last: Cell::new(0) });
        }
        for shared in body.also {
            self.add(shared, node);
        }
        for variant in body.variants {
            match said(variant.by, node).or_else(|| self.slip(variant.by, node)) {
                None => {
                    self.undecided |= self.must_say(variant.by);
                    self.add(variant.absent, node);
                }
                Some(value) => match variant.cases.iter().find(|case| case.when.contains(&trimmed(value))) {
                    Some(case) => self.add(&case.body, node),
                    None => self.undecided |= !self.may_say(variant.by, value),
                },
            }
        }
        self.add_best(body.forms, node);
    }

    /// Adds the form that fits best; the first that fits wholly ends the search.
    fn add_best(&mut self, forms: &'static [Body], node: Node) {
        if let Some(form) = if self.misspelt { None } else { idle(forms, node) } {
            return self.add(form, node);
        }
        let (length, undecided) = (self.bodies.len(), self.undecided);
        let mut best: Option<(usize, &'static Body)> = None;
        for form in forms {
            self.add(form, node);
            let faults = self.faults(node);
            if faults == 0 {
                return;
            }
            if best.is_none_or(|(least, _)| faults < least) {
                best = Some((faults, form));
            }
            self.bodies.truncate(length);
            self.undecided = undecided;
        }
        if let Some((_, form)) = best {
            self.add(form, node);
        }
    }

    /// What an attribute says whose name is nearly that of a discriminator that is not there.
    fn slip<'a>(&self, by: By, node: Node<'a>) -> Option<&'a str> {
        let By::Attr(name) = by else { return None };
        let like = |there: &str| nearest(there, std::iter::once(name)).is_some() && !anywhere(self.whole, &|body| named(body, there));
        node.attrs().filter(|_| self.misspelt).find(|there| like(there.name())).map(|there| there.value())
    }

    /// Whether a discriminator must be there.
    fn must_say(&self, by: By) -> bool {
        matches!(by, By::Attr(name) if self.attr(name).is_some_and(|attr| attr.required))
    }

    /// Whether a value that no case names is one that the discriminator may have all the same.
    fn may_say(&self, by: By, value: &str) -> bool {
        match by {
            By::Attr(name) => self.attr(name).is_some_and(|attr| attr.value.fits(value)),
            By::Text => self.texts().any(|known| known.fits(value)),
            By::ChildText(name) => self.named(name).is_none_or(|child| child.element().body.text.is_none_or(|text| text.fits(value))),
        }
    }

    /// How ill these parts fit `node`, its children not entered: what it says and they do not know weighs more than what it lacks.
    fn faults(&self, node: Node) -> usize {
        let mut slips = 0;
        let attr = |attr: xml::Attr| match self.known(&attr) {
            Some(known) => usize::from(!known.value.fits(attr.value())),
            None if !self.misspelt => UNKNOWN,
            None => {
                let absent = self.attrs().filter(|known| node.attr(known.name).is_none());
                let meant = nearest(attr.name(), absent.map(|known| known.name)).and_then(|name| self.attr(name));
                slips += usize::from(meant.is_some_and(|meant| meant.required));
                if meant.is_some() { 1 } else { UNKNOWN }
            }
        };
        let attrs: usize = node.attrs().map(attr).sum();
        let unknown = node.elements().filter(|child| child.namespace().is_none() && self.child(*child).is_none()).count();
        let missing = self.attrs().filter(|attr| attr.required && node.attr(attr.name).is_none()).count();
        let short = self.children().filter(|child| child.least > 0 && count(node, child) < usize::from(child.least)).count();
        let kinds = node.elements().filter(|child| node.child(child.name()) == Some(*child));
        let over = kinds
            .filter_map(|child| self.child(child))
            .filter(|known| known.most < MANY && count(node, known) > usize::from(known.most))
            .count();
        let text = node.text().is_some_and(|text| !self.texts().any(|value| value.fits(text.value)));
        attrs + UNKNOWN * unknown + missing.saturating_sub(slips) + short + over + usize::from(text)
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
        self.attrs().find(|attr| attr.mark.is(attr.name, mark, name))
    }

    /// The children it may have.
    pub fn children(&self) -> impl Iterator<Item = &'static Child> + '_ {
        self.bodies.iter().flat_map(|part| part.body.children)
    }

    /// What `node` is as a child.
    #[inline]
    pub fn child(&self, node: Node) -> Option<&'static Child> {
        let found = |part: &Part| {
            let mut last = part.last.get();
            let place = find_from(part.body.children, &mut last, |child| is(node, child))?;
            part.last.set(last);
            part.body.children.get(place)
        };
        self.bodies.iter().find_map(found)
    }

    /// Whether an attribute of that name might stand there, though it is not known.
    pub fn may_have(&self, attr: &str) -> bool {
        self.undecided && anywhere(self.whole, &|body| named(body, attr))
    }

    /// Whether a text might stand there, though none is known.
    pub fn may_hold_text(&self) -> bool {
        self.undecided && anywhere(self.whole, &|body| body.text.is_some())
    }

    /// The tables of a child that might stand there, though it is not known.
    pub fn may_hold(&self, child: Node) -> Vec<&'static Element> {
        let mut found = Vec::new();
        if self.undecided {
            tables(self.whole, child, &mut found);
        }
        found
    }

    /// True where not all can be judged.
    pub fn undecided(&self) -> bool {
        self.undecided
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

    /// True where some attribute or child must be there.
    pub fn demanding(&self) -> bool {
        self.bodies.iter().any(|part| part.body.demands)
    }

    /// The version that the variants and forms which count came in.
    pub fn since(&self) -> Option<Version> {
        self.bodies.iter().filter_map(|part| part.body.since).max()
    }

    /// True where any other element may stand too.
    pub fn open(&self) -> bool {
        self.bodies.iter().any(|part| part.body.open)
    }
}

/// The form that fits best where none has anything to do with what `node` says: the first that demands nothing. None where that is
/// not told by a look at their names.
fn idle(forms: &'static [Body], node: Node) -> Option<&'static Body> {
    let plain =
        |form: &Body| form.text.is_none() && form.variants.is_empty() && form.forms.is_empty() && form.also.is_empty() && !form.open;
    let names = |form: &Body, attr: xml::Attr| attr.mark() == Mark::NONE || form.attrs.iter().any(|known| known.mark == attr.mark());
    let holds = |form: &Body, child: Node| form.children.iter().any(|known| is(child, known));
    let strange = |form: &Body| !node.attrs().any(|attr| names(form, attr)) && !node.elements().any(|child| holds(form, child));
    let form = forms.iter().find(|form| !form.demands)?;
    forms.iter().all(|form| plain(form) && strange(form)).then_some(form)
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

fn said<'a>(by: By, node: Node<'a>) -> Option<&'a str> {
    match by {
        By::Attr(name) => node.value(name),
        By::ChildText(child) => node.child(child)?.text().map(|text| text.value),
        By::Text => Some(node.text().map_or("", |text| text.value)),
    }
}

//! What the vocabulary says of the elements of an outline. What is broken or not yet written decides nothing: then all that may be
//! meant counts.

use crate::text::Span;
use crate::vocab::{Attr, Body, By, Child, Element, Value, Variant, domain};
use crate::xml::{Cursor, Outline, Place};

/// An element of the outline, and what it may be in the vocabulary: more than one where its kind is not decided.
#[derive(Debug)]
pub struct Level {
    /// Its number in the outline.
    pub at: usize,
    /// What it may be; nothing where the vocabulary does not know it.
    pub elements: Vec<&'static Element>,
}

/// The vocabulary of one text.
#[derive(Debug)]
pub struct Model<'c, 't> {
    outline: &'c Outline<'t>,
    /// The attribute that is being written: what it says decides nothing.
    begun: Option<Span>,
    domain_type: &'t str,
}

/// What an element may hold.
#[derive(Debug, Default)]
pub struct Parts {
    /// Each with false where it is one of several that may be meant: then what it requires need not be there.
    bodies: Vec<(&'static Body, bool)>,
}

impl Parts {
    /// The attributes it may have.
    pub fn attrs(&self) -> impl Iterator<Item = &'static Attr> + '_ {
        self.bodies.iter().flat_map(|(body, _)| body.attrs)
    }

    /// Those that it must have.
    pub fn required(&self) -> impl Iterator<Item = &'static Attr> + '_ {
        self.certain().flat_map(|body| body.attrs).filter(|attr| attr.required)
    }

    /// The children it may have.
    pub fn children(&self) -> impl Iterator<Item = &'static Child> + '_ {
        self.bodies.iter().flat_map(|(body, _)| body.children)
    }

    /// Those that it must have.
    pub fn needed(&self) -> impl Iterator<Item = &'static Child> + '_ {
        self.certain().flat_map(|body| body.children).filter(|child| child.least > 0)
    }

    /// The texts it may hold.
    pub fn texts(&self) -> impl Iterator<Item = &'static Value> + '_ {
        self.bodies.iter().filter_map(|(body, _)| body.text)
    }

    fn certain(&self) -> impl Iterator<Item = &'static Body> + '_ {
        self.bodies.iter().filter(|(_, certain)| *certain).map(|(body, _)| *body)
    }

    /// What its attribute of that name may say.
    pub fn values<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'static Value> + 'n {
        self.attrs().filter(move |attr| attr.name == name).map(|attr| attr.value)
    }
}

impl<'c, 't> Model<'c, 't> {
    /// For the place of `cursor`; with `writing`, the attribute there is taken for unfinished.
    pub fn new(cursor: &'c Cursor<'t>, writing: bool) -> Self {
        let begun = match cursor.place {
            Place::Value { attr, .. } => Some(attr.name),
            Place::Attribute { name, .. } => Some(name),
            _ => None,
        };
        let domain_type = cursor.outline.value(0, "type").unwrap_or("");
        Self { outline: &cursor.outline, begun: begun.filter(|_| writing), domain_type }
    }

    /// The elements of the text.
    pub fn outline(&self) -> &'c Outline<'t> {
        self.outline
    }

    /// The `type` of the domain; empty where it has none.
    pub fn domain_type(&self) -> &'t str {
        self.domain_type
    }

    /// What these elements, each in the one before it, are; one that is missing its end tag does not hold what goes before it.
    #[inline(never)]
    pub fn levels(&self, chain: impl Iterator<Item = usize>) -> Vec<Level> {
        let mut levels: Vec<Level> = Vec::new();
        for at in chain {
            let open = |level: &Level| self.outline.get(level.at).is_some_and(|element| !element.closed);
            let mut depth = levels.len();
            let mut elements = self.children_at(levels.get(..depth).unwrap_or(&[]), at);
            while elements.is_empty() && depth.checked_sub(1).and_then(|at| levels.get(at)).is_some_and(open) {
                depth -= 1;
                elements = self.children_at(levels.get(..depth).unwrap_or(&[]), at);
            }
            if !elements.is_empty() {
                levels.truncate(depth);
            }
            levels.push(Level { at, elements });
        }
        levels
    }

    /// What the element `at` may be in the last of `levels`.
    #[inline(never)]
    fn children_at(&self, levels: &[Level], at: usize) -> Vec<&'static Element> {
        let Some(level) = levels.last() else {
            return if self.is(at, domain()) { vec![domain()] } else { Vec::new() };
        };
        let mut out: Vec<&'static Element> = Vec::new();
        for element in self.parts(level).children().map(Child::element).filter(|element| self.is(at, element)) {
            if !out.iter().any(|known| std::ptr::eq(*known, element)) {
                out.push(element);
            }
        }
        out
    }

    /// Whether the element `at` bears the name of `element`, with a prefix of its namespace.
    #[inline(never)]
    pub fn is(&self, at: usize, element: &Element) -> bool {
        let written = self.outline.name(at);
        match element.namespace {
            None => written == element.name,
            Some(namespace) => written.split_once(':').is_some_and(|(prefix, name)| {
                name == element.name
                    && self.namespace(at, prefix).map_or_else(|| usual_prefix(namespace) == prefix, |bound| bound == namespace)
            }),
        }
    }

    /// The namespace that `prefix` stands for at an element.
    #[inline(never)]
    fn namespace(&self, at: usize, prefix: &str) -> Option<&'t str> {
        let declares = |at: usize| {
            let own = |name: &str| name.strip_prefix("xmlns:") == Some(prefix);
            self.outline.attrs(at).find(|attr| own(attr.name.of(self.outline.text)))?.value.map(|value| value.of(self.outline.text))
        };
        std::iter::successors(Some(at), |at| self.outline.get(*at)?.parent).find_map(declares)
    }

    /// The prefix of a namespace in an element, and whether it is declared there.
    #[inline(never)]
    pub fn prefix(&self, at: usize, namespace: &'static str) -> (&'t str, bool) {
        let declared = |at: usize| {
            let attrs = self.outline.attrs(at);
            attrs
                .filter(|attr| attr.value.is_some_and(|value| value.of(self.outline.text) == namespace))
                .find_map(|attr| attr.name.of(self.outline.text).strip_prefix("xmlns:"))
        };
        let found = std::iter::successors(Some(at), |at| self.outline.get(*at)?.parent).find_map(declared);
        found.map_or((usual_prefix(namespace), false), |prefix| (prefix, true))
    }

    /// What an element may hold.
    #[inline(never)]
    pub fn parts(&self, level: &Level) -> Parts {
        let mut parts = Parts::default();
        for element in &level.elements {
            self.add(&mut parts, &element.body, level.at, level.elements.len() == 1);
        }
        parts
    }

    #[inline(never)]
    fn add(&self, parts: &mut Parts, body: &'static Body, at: usize, certain: bool) {
        parts.bodies.push((body, certain));
        let own = parts.bodies.len();
        for shared in body.also {
            self.add(parts, shared, at, certain);
        }
        let shared = parts.bodies.len() - own;
        for variant in body.variants {
            self.add_variant(parts, variant, at, certain);
        }
        let knows: Vec<usize> = body.forms.iter().map(|form| self.knows(form, at)).collect();
        let most = knows.iter().copied().max();
        let alone = knows.iter().filter(|knows| Some(**knows) == most).count() == 1;
        for (form, _) in body.forms.iter().zip(&knows).filter(|(_, knows)| Some(**knows) == most) {
            self.add(parts, form, at, certain && alone);
        }
        // what is its own comes before what it shares
        parts.bodies.get_mut(own..).into_iter().for_each(|bodies| bodies.rotate_left(shared));
    }

    #[inline(never)]
    fn add_variant(&self, parts: &mut Parts, variant: &'static Variant, at: usize, certain: bool) {
        let required = || matches!(variant.by, By::Attr(name) if parts.attrs().any(|attr| attr.name == name && attr.required));
        match self.said(variant.by, at) {
            Some(value) if variant.case(value).is_some() => {
                variant.case(value).into_iter().for_each(|case| self.add(parts, &case.body, at, certain));
            }
            Some(value) if Self::may_say(parts, variant.by, value) => {}
            None if !required() && !self.is_begun(variant.by, at) => self.add(parts, variant.absent, at, certain),
            _ => {
                self.add(parts, variant.absent, at, false);
                variant.cases.iter().for_each(|case| self.add(parts, &case.body, at, false));
            }
        }
    }

    fn is_begun(&self, by: By, at: usize) -> bool {
        let begun = |name: &str| {
            self.begun.is_some_and(|begun| begun.of(self.outline.text) == name && self.outline.attrs(at).any(|attr| attr.name == begun))
        };
        matches!(by, By::Attr(name) if begun(name))
    }

    /// Whether a value that no case names is one that the discriminator may have all the same.
    #[inline(never)]
    fn may_say(parts: &Parts, by: By, value: &str) -> bool {
        matches!(by, By::Attr(name) if parts.values(name).any(|known| known.fits(value)))
    }

    #[inline(never)]
    fn said(&self, by: By, at: usize) -> Option<&'t str> {
        let child = |name: &str| self.outline.children(at).find(|child| self.outline.name(*child) == name);
        match by {
            By::Attr(name) => self.value(at, name),
            By::ChildText(element) => Some(self.outline.content(child(element)?)),
            By::Text => Some(self.outline.content(at)),
        }
    }

    /// The value of an attribute that is not being written.
    #[inline(never)]
    pub fn value(&self, at: usize, name: &str) -> Option<&'t str> {
        self.written(at).find(|(written, _)| *written == name).map(|(_, value)| value)
    }

    /// The attributes of an element with their values, save one that is being written.
    pub fn written(&self, at: usize) -> impl Iterator<Item = (&'t str, &'t str)> {
        let (text, begun) = (self.outline.text, self.begun);
        let attrs = self.outline.attrs(at).filter(move |attr| begun != Some(attr.name));
        attrs.map(move |attr| (attr.name.of(text), attr.value.map_or("", |value| value.of(text).trim())))
    }

    /// How much of what is written in an element a form knows.
    #[inline(never)]
    fn knows(&self, form: &'static Body, at: usize) -> usize {
        let mut parts = Parts::default();
        self.add(&mut parts, form, at, false);
        let attr = |(name, value): (&str, &str)| parts.values(name).map(|known| 2 + usize::from(known.fits(value))).max().unwrap_or(0);
        let attrs: usize = self.written(at).map(attr).sum();
        let children = self.outline.children(at).filter(|child| parts.children().any(|known| self.is(*child, known.element()))).count();
        let content = self.outline.content(at);
        let text = !content.is_empty() && parts.texts().any(|value| value.fits(content));
        attrs + 2 * children + usize::from(text)
    }
}

/// The prefix by which libvirt itself writes a namespace: `qemu` for `http://libvirt.org/schemas/domain/qemu/1.0`.
fn usual_prefix(namespace: &'static str) -> &'static str {
    namespace.rsplit('/').nth(1).unwrap_or(namespace)
}

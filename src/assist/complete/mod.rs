//! What may stand at a place.

mod values;

use super::host::{Host, path};
use super::model::{Level, Model};
use super::snippet::{Snippet, Style};
use super::tell;
use crate::text::Span;
use crate::vocab::{Attr, Child, Element, MANY, domain};
use crate::xml::{Cursor, Place};

/// Something that may stand at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// What it is called: a name, a value; `/name` for an end tag.
    pub label: String,
    /// What it is.
    pub kind: ItemKind,
    /// What speaks for it or against it, in a few words; may be empty.
    pub detail: String,
    /// What it is, as Markdown; may be empty.
    pub documentation: String,
    /// What it takes the place of.
    pub span: Span,
    /// What is put there.
    pub new_text: String,
    /// The places of `new_text` that are to be filled or written over, in bytes, in order.
    pub stops: Vec<Span>,
}

/// Kinds of what may stand somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemKind {
    /// An element with its required parts.
    Element,
    /// An attribute.
    Attribute,
    /// A value of an attribute, or a text.
    Value,
    /// A value that names something in the same domain.
    Reference,
    /// The end tag of the innermost element.
    EndTag,
}

impl ItemKind {
    /// Its word in answers.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Element => "element",
            Self::Attribute => "attribute",
            Self::Value => "value",
            Self::Reference => "reference",
            Self::EndTag => "end-tag",
        }
    }
}

/// What may stand at the place of `cursor`, the best first: what is required, what the host offers; last what it rules out.
#[must_use]
pub fn complete(cursor: &Cursor, host: &Host) -> Vec<Item> {
    let model = Model::new(cursor, true);
    let asked = Asked { cursor, host, model: &model, style: Style::of(&model, cursor.outline.text, cursor.at) };
    let mut items: Vec<(Rank, Option<Item>)> = asked.items().into_iter().map(|(rank, item)| (rank, Some(item))).collect();
    (REQUIRED..=AGAINST).flat_map(|rank| of_rank(&mut items, rank)).collect()
}

/// How soon an item comes.
type Rank = u8;

const REQUIRED: Rank = 0;
const OFFERED: Rank = 1;
const USUAL: Rank = 2;
const CLOSING: Rank = 3;
const AGAINST: Rank = 4;

/// Takes the items of a rank out, in order.
fn of_rank(items: &mut [(Rank, Option<Item>)], rank: Rank) -> Vec<Item> {
    items.iter_mut().filter(|(of, _)| *of == rank).filter_map(|(_, item)| item.take()).collect()
}

struct Asked<'c, 't> {
    cursor: &'c Cursor<'t>,
    host: &'c Host<'c>,
    model: &'c Model<'c, 't>,
    style: Style<'t>,
}

impl Asked<'_, '_> {
    fn items(&self) -> Vec<(Rank, Item)> {
        let around = || self.model.levels(self.cursor.around.iter().copied());
        let own = || self.model.levels(self.cursor.around.iter().copied().chain(self.cursor.own));
        match self.cursor.place {
            Place::Name { name, fresh } => {
                let mut items = self.elements(&around(), name, if fresh { Form::Begun } else { Form::Name });
                items.extend(self.end_tag(name, "/", ">").filter(|_| fresh));
                items
            }
            Place::Attribute { name, written } => self.attributes(&own(), name, written),
            Place::Value { attr, value } => self.values_of(&own(), attr, value),
            Place::End { name, complete } => self.end_tag(name, "", if complete { "" } else { ">" }).into_iter().collect(),
            Place::Content { text } => {
                let levels = around();
                let mut items = self.texts(&levels, text);
                items.extend(self.elements(&levels, text, Form::Whole));
                items.extend(self.end_tag(text, "</", ">").filter(|_| self.is_open()));
                items
            }
            Place::Other => Vec::new(),
        }
    }

    fn is_open(&self) -> bool {
        let innermost = self.cursor.around.last().and_then(|at| self.cursor.outline.get(*at));
        innermost.is_some_and(|element| !element.closed)
    }

    /// The end tag of the innermost element, with what stands before and after its name.
    #[inline(never)]
    fn end_tag(&self, span: Span, before: &str, after: &str) -> Option<(Rank, Item)> {
        let name = self.cursor.outline.name(*self.cursor.around.last()?);
        let new_text = format!("{before}{name}{after}");
        let rank = if self.is_open() { CLOSING } else { AGAINST };
        Some((rank, Item { span, new_text, ..item(format!("/{name}"), ItemKind::EndTag) }))
    }

    /// The elements that may stand in the last of `levels`, in the place of `span`.
    #[inline(never)]
    fn elements(&self, levels: &[Level], span: Span, form: Form) -> Vec<(Rank, Item)> {
        let Some(level) = levels.last() else {
            let none = self.cursor.outline.get(0).is_none() || self.cursor.own == Some(0);
            return none.then(|| self.element(domain(), levels, span, form, USUAL)).into_iter().collect();
        };
        let parts = self.model.parts(level);
        let known: Vec<&'static Child> = parts.children().collect();
        let mut out = Vec::with_capacity(known.len());
        let first = self.turn(level.at, &known);
        for at in (first..known.len()).chain(0..first) {
            let Some(child) = known.get(at).copied() else { continue };
            let seen = |other: &&'static Child| same_name(other.element(), child.element());
            let there = self.count(level.at, child.element());
            let full = child.most != MANY && there >= usize::from(child.most);
            if full || known.get(..at).is_some_and(|before| before.iter().any(seen)) {
                continue;
            }
            let needed = parts.needed().any(|needed| same_name(needed.element(), child.element()) && there < usize::from(needed.least));
            let rank = if needed { REQUIRED } else { USUAL };
            out.push(self.element(child.element(), levels, span, form, rank));
        }
        out
    }

    /// Where the children begin that probably come next: at the one that stands before the place.
    fn turn(&self, parent: usize, known: &[&'static Child]) -> usize {
        let outline = &self.cursor.outline;
        let before = outline.children(parent).filter(|at| outline.get(*at).is_some_and(|child| child.end <= self.cursor.at));
        let last = before.filter(|at| Some(*at) != self.cursor.own).last();
        last.and_then(|at| known.iter().position(|child| self.model.is(at, child.element()))).unwrap_or(0)
    }

    /// How often an element stands in `parent`, besides the one whose name is being written.
    #[inline(never)]
    fn count(&self, parent: usize, element: &Element) -> usize {
        let others = self.cursor.outline.children(parent).filter(|at| Some(*at) != self.cursor.own);
        others.filter(|at| self.model.is(*at, element)).count()
    }

    #[inline(never)]
    fn element(&self, element: &'static Element, levels: &[Level], span: Span, form: Form, rank: Rank) -> (Rank, Item) {
        let around = path(levels);
        let parent = levels.last().map(|level| level.at);
        let (name, declared) = self.name(element, parent);
        let mut snippet = Snippet::new(self.host, &self.style);
        match form {
            Form::Name => snippet.text.clone_from(&name),
            Form::Begun | Form::Whole => {
                snippet.text.push_str(if matches!(form, Form::Whole) { "<" } else { "" });
                snippet.element(element, &name, &declared, &around);
            }
        }
        let mut detail = tell::against(self.host, element.since, element.only, self.model.domain_type());
        if detail.is_empty() && self.host.denies(&format!("{around}/{}", element.name)).is_some() {
            "not offered by this host".clone_into(&mut detail);
        }
        let against = !detail.is_empty();
        if rank == REQUIRED && !against {
            "required".clone_into(&mut detail);
        }
        let documentation = tell::element(element);
        let (new_text, stops) = (snippet.text, snippet.stops);
        let item = Item { detail, documentation, span, new_text, stops, ..item(name, ItemKind::Element) };
        (if against { AGAINST } else { rank }, item)
    }

    /// The name of an element as it is written in `parent`, and the declaration of its prefix where that is missing.
    fn name(&self, element: &Element, parent: Option<usize>) -> (String, String) {
        let Some((namespace, parent)) = element.namespace.zip(parent) else { return (element.name.to_owned(), String::new()) };
        let (prefix, declared) = self.model.prefix(parent, namespace);
        let quote = self.style.quote;
        let declaration = if declared { String::new() } else { format!(" xmlns:{prefix}={quote}{namespace}{quote}") };
        (format!("{prefix}:{}", element.name), declaration)
    }

    #[inline(never)]
    fn attributes(&self, levels: &[Level], name: Span, written: bool) -> Vec<(Rank, Item)> {
        let Some(level) = levels.last() else { return Vec::new() };
        let (text, at) = (self.cursor.outline.text, self.cursor.at);
        // before a name there is room for another one
        let (span, written, before_one) =
            if name.start == at && name.end > at { (Span::empty(at), false, true) } else { (name, written, false) };
        let apart = text.get(..span.start).is_some_and(|before| before.ends_with(char::is_whitespace));
        let parts = self.model.parts(level);
        let path = path(levels);
        let mut seen: Vec<&'static str> = Vec::new();
        let mut out = Vec::new();
        let there = |known: &Attr| {
            let mut others = self.cursor.outline.attrs(level.at).filter(|attr| attr.name != name || before_one);
            others.any(|attr| attr.name.of(text) == known.name)
        };
        for known in parts.attrs() {
            if seen.contains(&known.name) || there(known) {
                continue;
            }
            seen.push(known.name);
            let mut snippet = Snippet::new(self.host, &self.style);
            snippet.text.push_str(if apart { "" } else { " " });
            if written {
                snippet.text.push_str(known.name);
            } else {
                snippet.attribute(known.name, snippet.word(&path, known));
            }
            snippet.text.push_str(if before_one { " " } else { "" });
            let required = parts.required().any(|attr| attr.name == known.name);
            out.push(self.attribute(known, required, span, snippet.text, snippet.stops));
        }
        out
    }

    #[inline(never)]
    fn attribute(&self, known: &Attr, required: bool, span: Span, new_text: String, stops: Vec<Span>) -> (Rank, Item) {
        let against = tell::against(self.host, known.since, known.only, self.model.domain_type());
        let rank = match (against.is_empty(), required) {
            (false, _) => AGAINST,
            (true, true) => REQUIRED,
            (true, false) => USUAL,
        };
        let detail = if rank == REQUIRED { "required".to_owned() } else { against };
        let documentation = tell::attribute(known);
        (rank, Item { detail, documentation, span, new_text, stops, ..item(known.name.to_owned(), ItemKind::Attribute) })
    }
}

/// How much of an element is put in.
#[derive(Clone, Copy)]
enum Form {
    /// Its name: the rest is there.
    Name,
    /// All but the `<`.
    Begun,
    /// All.
    Whole,
}

#[inline(never)]
fn item(label: String, kind: ItemKind) -> Item {
    let empty = String::new;
    Item { label, kind, detail: empty(), documentation: empty(), span: Span::empty(0), new_text: empty(), stops: Vec::new() }
}

fn same_name(one: &Element, other: &Element) -> bool {
    one.name == other.name && one.namespace == other.namespace
}

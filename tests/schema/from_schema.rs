//! Random documents drawn from a schema.

use super::grammar::{Grammar, Pattern};
use super::random::Random;
use super::texts;
use super::tree::Element;

/// How deep a document becomes before nothing optional is drawn.
const DEEP: usize = 9;

/// A document that the schema allows.
pub fn document(grammar: &Grammar, random: &mut Random) -> Element {
    let mut out = Element::default();
    let often = *random.one(&[8, 25, 45]);
    Draw { grammar, random, often }.draw(grammar.start(), &mut out, 0);
    out.children.remove(0)
}

struct Draw<'a> {
    grammar: &'a Grammar,
    random: &'a mut Random,
    /// How often out of a hundred something optional is there.
    often: usize,
}

impl Draw<'_> {
    fn draw(&mut self, pattern: &Pattern, into: &mut Element, depth: usize) {
        match pattern {
            Pattern::Empty => {}
            Pattern::NotAllowed => panic!("nothing may stand in {}", into.name),
            Pattern::Text => into.text += *self.random.one(&["alpha", "", "a b", "7"]),
            Pattern::Group(parts) => parts.iter().for_each(|part| self.draw(part, into, depth)),
            Pattern::Interleave(parts) => self.interleave(parts, into, depth),
            Pattern::Choice(parts) => self.choose(parts, into, depth),
            Pattern::Optional(part) => {
                if depth < DEEP && self.random.chance(self.often) && !self.forbidden(part) {
                    self.draw(part, into, depth);
                }
            }
            Pattern::ZeroOrMore(part) => self.times(part, into, depth, 0),
            Pattern::OneOrMore(part) => self.times(part, into, depth, 1),
            Pattern::Ref(name) => {
                let grammar = self.grammar;
                self.draw(grammar.define(name), into, depth);
            }
            Pattern::Element(name, namespace, content) => {
                let mut child = Element::new(name.as_deref().unwrap_or("anything"), namespace);
                self.draw(content, &mut child, depth + 1);
                into.children.push(child);
            }
            Pattern::Attribute(name, content) => {
                let mut value = Element::default();
                self.draw(content, &mut value, depth);
                let name = name.as_deref().unwrap_or("any");
                if into.attrs.iter().all(|(known, _)| known != name) {
                    into.attrs.push((name.to_owned(), value.text));
                }
            }
            Pattern::Value(word) => into.text += word,
            Pattern::Data(kind, parameters) => into.text += &texts::of_type(kind, parameters, self.random),
        }
    }

    fn times(&mut self, part: &Pattern, into: &mut Element, depth: usize, least: usize) {
        let more = if depth < DEEP { self.random.below(3 + self.often / 10) } else { 0 };
        (0..least + more).for_each(|_| self.draw(part, into, depth));
    }

    fn choose(&mut self, parts: &[Pattern], into: &mut Element, depth: usize) {
        let possible: Vec<_> = parts.iter().filter(|part| !self.forbidden(part)).collect();
        let part = *self.random.one(&possible);
        self.draw(part, into, depth);
    }

    fn forbidden(&self, pattern: &Pattern) -> bool {
        match pattern {
            Pattern::NotAllowed => true,
            Pattern::Ref(name) => self.forbidden(self.grammar.define(name)),
            Pattern::Choice(parts) => parts.iter().all(|part| self.forbidden(part)),
            Pattern::Group(parts) | Pattern::Interleave(parts) => parts.iter().any(|part| self.forbidden(part)),
            // only what is forbidden outright: a schema refers to itself
            Pattern::Element(_, _, content) => {
                matches!(**content, Pattern::NotAllowed)
                    || matches!(&**content, Pattern::Ref(name) if self.forbidden(self.grammar.define(name)))
            }
            _ => false,
        }
    }

    /// The children of each part keep their order, and mix with those of the others.
    fn interleave(&mut self, parts: &[Pattern], into: &mut Element, depth: usize) {
        let mut rows: Vec<std::vec::IntoIter<Element>> = Vec::new();
        for part in parts {
            let before = into.children.len();
            self.draw(part, into, depth);
            rows.push(into.children.split_off(before).into_iter());
        }
        let mut order: Vec<_> = rows.iter().enumerate().flat_map(|(row, list)| std::iter::repeat_n(row, list.len())).collect();
        if self.random.chance(50) {
            self.random.shuffle(&mut order);
        }
        into.children.extend(order.into_iter().filter_map(|row| rows[row].next()));
    }
}

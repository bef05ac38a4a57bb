//! Which form of an element fits best.

use super::{Parts, count, is};
use crate::text::{Mark, nearest};
use crate::vocab::{Body, EMPTY, MANY};
use crate::xml::{self, Node};

/// How much more it weighs that a form does not know something than that it misses something.
const UNKNOWN: usize = 3;

impl Parts {
    /// Adds the form that fits best; the first that fits wholly ends the search.
    #[inline(never)]
    pub(super) fn add_best(&mut self, forms: &'static [Body], node: Node) {
        if let Some(form) = if self.misspelt { None } else { idle(forms, node) } {
            return self.add(form, node);
        }
        let (length, sum) = (self.bodies.len(), self.sum);
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
            self.sum = sum;
        }
        if let Some((_, form)) = best {
            self.add(form, node);
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
}

/// The form that fits best where none has anything to do with what `node` says: the first that demands nothing. None where that is
/// not told by a look at their names.
fn idle(forms: &'static [Body], node: Node) -> Option<&'static Body> {
    let plain =
        |form: &Body| form.text.is_none() && form.variants.is_empty() && form.forms.is_empty() && form.also.is_empty() && !form.open;
    let names = |form: &Body, attr: xml::Attr| attr.mark() == Mark::NONE || form.attrs.iter().any(|known| known.mark == attr.mark());
    let holds = |form: &Body, child: Node| form.children.iter().any(|known| is(child, known));
    let strange = |form: &Body| !node.attrs().any(|attr| names(form, attr)) && !node.elements().any(|child| holds(form, child));
    let form = forms.iter().find(|form| form.needs == EMPTY.needs)?;
    forms.iter().all(|form| plain(form) && strange(form)).then_some(form)
}

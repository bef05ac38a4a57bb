//! The values of an attribute, and the texts of an element, that may stand at a place.

use super::super::host::{Offer, path};
use super::super::model::Level;
use super::super::refer::refer;
use super::super::tell;
use super::{AGAINST, Asked, Item, ItemKind, OFFERED, Rank, USUAL, item};
use crate::text::Span;
use crate::vocab::Value;
use crate::vocab::value::Word;
use crate::xml::{Written, escape};

impl Asked<'_, '_> {
    pub(super) fn values_of(&self, levels: &[Level], attr: Written, span: Span) -> Vec<(Rank, Item)> {
        let Some(level) = levels.last() else { return Vec::new() };
        let name = attr.name.of(self.cursor.outline.text);
        let parts = self.model.parts(level);
        let values: Vec<&'static Value> = parts.values(name).collect();
        let quote = self.style.quote;
        let put = |value: &str| match attr.quotes {
            (false, _) => format!("{quote}{}{quote}", escape(value)),
            (true, false) => format!("{}{}", escape(value), self.quote_before(span)),
            (true, true) => escape(value),
        };
        let known = !values.is_empty();
        self.values(levels, Some(name), &values, span, &put).into_iter().filter(|_| known).collect()
    }

    /// The quote before a value.
    fn quote_before(&self, span: Span) -> char {
        self.cursor.outline.text.get(..span.start).and_then(|before| before.chars().next_back()).unwrap_or(self.style.quote)
    }

    pub(super) fn texts(&self, levels: &[Level], span: Span) -> Vec<(Rank, Item)> {
        let Some(level) = levels.last() else { return Vec::new() };
        let values: Vec<&'static Value> = self.model.parts(level).texts().collect();
        if values.is_empty() { Vec::new() } else { self.values(levels, None, &values, span, &|value| escape(value)) }
    }

    /// What the host offers, what stands in the same domain, what the vocabulary knows besides; last what the host does not offer.
    #[inline(never)]
    fn values(
        &self,
        levels: &[Level],
        attr: Option<&str>,
        values: &[&'static Value],
        span: Span,
        put: &dyn Fn(&str) -> String,
    ) -> Vec<(Rank, Item)> {
        let words: Vec<&'static Word> = values.iter().flat_map(|value| value.words()).collect();
        let names: Vec<&'static str> = words.iter().map(|word| word.word).collect();
        let offers = self.host.offers(&path(levels), attr, &names);
        let mut out: Vec<(Rank, Item)> = Vec::with_capacity(words.len() + offers.len());
        let mut add = |rank: Rank, kind: ItemKind, value: &str, detail: String, documentation: String| {
            if !out.iter().any(|(_, item)| item.label == value) {
                let new_text = put(value);
                out.push((rank, Item { detail, documentation, span, new_text, ..item(value.to_owned(), kind) }));
            }
        };
        for offer in &offers {
            let about = words.iter().find(|word| word.word == offer.value).map(|word| about(word)).unwrap_or_default();
            let rank = match offer.offered {
                Some(true) => OFFERED,
                Some(false) => AGAINST,
                None => USUAL,
            };
            add(rank, ItemKind::Value, offer.value, detail(offer), about);
        }
        for (value, what) in refer(&self.cursor.outline, levels, attr) {
            add(OFFERED, ItemKind::Reference, &value, what, String::new());
        }
        for word in words {
            let against = tell::against(self.host, word.since, word.only, self.model.domain_type());
            add(if against.is_empty() { USUAL } else { AGAINST }, ItemKind::Value, word.word, against, about(word));
        }
        out
    }
}

fn about(word: &Word) -> String {
    let mut out = tell::sentence(word.about);
    tell::since(&mut out, word.since);
    tell::only(&mut out, word.only);
    out
}

/// What a document says of a value, in a few words.
fn detail(offer: &Offer) -> String {
    match offer.offered {
        Some(false) if offer.note.is_empty() => "not offered by this host".to_owned(),
        _ => offer.note.replace('`', ""),
    }
}

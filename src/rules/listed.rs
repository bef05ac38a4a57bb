//! Values that a domain capabilities document enumerates, as data: where the value stands, and which enum lists it.

use super::{Facts, Findings};
use crate::text::Span;
use crate::xml::Node;

/// Where an element says the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In that attribute.
    Attribute(&'static str),
    /// In its text.
    Text,
}

/// A value that the document enumerates.
#[derive(Debug)]
pub struct Listed {
    /// Where the value stands.
    pub place: Place,
    /// The section of the document, such as `devices/video`.
    pub section: &'static str,
    /// The enum in it, such as `modelType`.
    pub list: &'static str,
    /// What the value is, in a message: `video model`.
    pub what: &'static str,
    /// True where the enum hangs on the emulator binary alone, so that the document of another machine serves too.
    pub binary_alone: bool,
}

impl Listed {
    /// Complains where the value is not listed.
    pub fn check(&self, facts: &Facts, node: Node, findings: &mut Findings) {
        let Some((value, span)) = self.value(node) else { return };
        let sources: Vec<_> = if self.binary_alone { facts.binary().collect() } else { facts.sources.domain_caps.into_iter().collect() };
        let Some((source, list)) = sources.iter().find_map(|source| Some((source, source.list(self.section, self.list)?))) else { return };
        if list.has(value) {
            return;
        }
        let words: Vec<_> = list.values.iter().map(|said| format!("`{}`", said.value)).collect();
        let offered = if words.is_empty() { "nothing".to_owned() } else { words.join(", ") };
        findings.at(span, format!("this host does not offer the {} `{value}`", self.what)).evidence(
            source.id,
            list.span,
            format!("offered: {offered}"),
        );
    }

    fn value<'a>(&self, node: Node<'a>) -> Option<(&'a str, Span)> {
        match self.place {
            Place::Attribute(name) => node.attr(name).map(|attr| (attr.value(), attr.value_span())),
            Place::Text => node.text().map(|text| (text.value, text.span)),
        }
    }
}

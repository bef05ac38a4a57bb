//! Faults of the structure as findings: what is there, what was probably meant, where it belongs.

use super::super::{Findings, Rule};
use super::kind;
use super::meant::{by_value, homely, is_uuid, meant, rename, wanted};
use super::parts::{Parts, anywhere, is, named};
use super::spaces;
use super::stray::Stray;
use super::{
    BAD_TEXT, BAD_VALUE, DOCS, MISPLACED_ELEMENT, MISSING_ATTRIBUTE, MISSING_ELEMENT, REPEATED_ELEMENT, TOO_NEW, UNKNOWN_ATTRIBUTE,
    UNKNOWN_ELEMENT,
};
use crate::caps::{Version, Versions};
use crate::edit;
use crate::finding::{Effect, Finding, Severity};
use crate::text::{Span, nearest};
use crate::vocab::{Attr, Child, Element, Value, Word, parents_of};
use crate::xml::{self, Node};

/// What was found so far.
pub struct Faults {
    findings: Findings,
    stray: Stray,
    /// How many of them have their chapter.
    settled: usize,
    /// libvirt's version, where it was given: from a bound that was only inferred nothing follows.
    given: Option<Version>,
}

impl Faults {
    /// None yet.
    pub fn new(versions: &Versions) -> Self {
        Self {
            findings: Findings::new(),
            stray: Stray::default(),
            settled: 0,
            given: versions.libvirt.least.filter(|_| versions.libvirt.given),
        }
    }

    /// All.
    pub fn into_list(mut self, source: &str) -> Vec<Finding> {
        self.stray.tell(source, &mut self.findings);
        self.findings.into_list()
    }

    /// Gives what was found since the last time the chapter of its element.
    pub fn settle(&mut self, element: &Element) {
        for finding in self.findings.after(self.settled) {
            finding.docs = format!("{DOCS}#{}", element.chapter).into();
            self.settled += 1;
        }
    }

    /// Forgets what was found since.
    pub fn forget(&mut self) {
        self.findings.forget_after(self.settled);
    }

    fn at(&mut self, rule: &'static Rule, span: Span, message: String) -> &mut Finding {
        self.findings.begin(rule);
        self.findings.at(span, message)
    }

    /// A child that the table does not name.
    #[cold]
    pub fn unknown_element(&mut self, child: Node, node: Node, element: &'static Element, parts: &Parts) {
        let (name, around, span) = (child.qualified_name(), node.name(), child.name_span());
        let own = child.namespace().is_none();
        if own && parents_of(name).any(|home| home == element.name) {
            self.at(&MISPLACED_ELEMENT, span, format!("`{name}` does not go with this kind of `{around}`"));
        } else if let Some((known, near)) = meant(child, node, parts) {
            let finding = self.at(&UNKNOWN_ELEMENT, span, format!("there is no `{name}` in `{around}`: did you mean `{near}`?"));
            // a new name that asks for an attribute would put one fault in place of another
            if known.body.attrs.iter().all(|attr| !attr.required || child.attr(attr.name).is_some()) {
                finding.fix(format!("Write <{near}>"), Effect::Safe, rename(child, &near));
            }
        } else if !own {
            let message = format!("`{name}` is of another namespace: libvirt passes over it in `{around}`, the schema does not");
            self.at(&UNKNOWN_ELEMENT, span, message).severity(Severity::Warning);
        } else {
            let homes: Vec<_> = parents_of(name).take(4).map(|home| format!("`{home}`")).collect();
            if homes.is_empty() {
                self.at(&UNKNOWN_ELEMENT, span, format!("there is no `{name}` in `{around}`: without validation libvirt drops it"));
            } else {
                self.at(&MISPLACED_ELEMENT, span, format!("`{name}` does not belong in `{around}`, but in {}", homes.join(", ")));
            }
        }
    }

    /// A child that must be there and is not. One that is misspelt is told as that, and not missed as well.
    #[cold]
    pub fn missing_element(&mut self, node: Node, child: &Child, parts: &Parts) {
        let name = child.name;
        let misspelt = node.elements().any(|there| parts.child(there).is_none() && nearest(there.name(), std::iter::once(name)).is_some());
        if !misspelt {
            self.at(&MISSING_ELEMENT, node.name_span(), format!("`{}` lacks its `{name}`", node.name()));
        }
    }

    /// A child that stands more often than it may: told at the first one too many.
    #[cold]
    pub fn repeated_element(&mut self, node: Node, child: &Child) {
        let name = child.name;
        let there = || node.elements().filter(|there| is(*there, child));
        if let (Some(first), Some(extra)) = (there().next(), there().nth(usize::from(child.most))) {
            // tried on libvirt 9.0.0: of two emulators, be it one that is not there, it keeps the first
            let rest = if name == "emulator" { ": without validation libvirt takes the first" } else { "" };
            let message = format!("`{name}` stands more than once in `{}`{rest}", node.name());
            let finding = self.at(&REPEATED_ELEMENT, extra.name_span(), message);
            finding.related(first.name_span(), "the first one").fix("Remove this one", Effect::Safe, vec![edit::remove(extra)]);
        }
    }

    /// An attribute that the table does not name.
    #[cold]
    pub fn unknown_attribute(&mut self, node: Node, attr: &xml::Attr, element: &'static Element, parts: &Parts) {
        let name = attr.name();
        if anywhere(&element.body, &|body| named(body, name)) {
            let message = format!("`{name}` does not go with this kind of `{}`", node.name());
            let finding = self.at(&UNKNOWN_ATTRIBUTE, attr.name_span(), message);
            finding.fix(format!("Remove {name}"), Effect::Safe, vec![edit::remove_attribute(node, attr)]);
            return;
        }
        let unused = || parts.attrs().filter(|known| node.attr(known.name).is_none());
        if let Some(near) = nearest(name, unused().map(|known| known.name)).or_else(|| by_value(attr.value(), unused())) {
            let message = format!("`{}` has no attribute `{name}`: did you mean `{near}`?", node.name());
            let finding = self.at(&UNKNOWN_ATTRIBUTE, attr.name_span(), message);
            finding.fix(format!("Write {near}"), Effect::Safe, vec![edit::replace_raw(attr.name_span(), near)]);
            return;
        }
        let message = format!("`{}` has no attribute `{name}`: without validation libvirt drops it", node.name());
        let finding = self.at(&UNKNOWN_ATTRIBUTE, attr.name_span(), message);
        finding.fix(format!("Remove {name}"), Effect::Safe, vec![edit::remove_attribute(node, attr)]);
    }

    /// An attribute that must be there and is not.
    #[cold]
    pub fn missing_attribute(&mut self, node: Node, known: &Attr, parts: &Parts) {
        let misspelt =
            node.attrs().any(|there| parts.attr(there.name()).is_none() && nearest(there.name(), std::iter::once(known.name)).is_some());
        if !misspelt {
            self.at(&MISSING_ATTRIBUTE, node.name_span(), format!("`{}` lacks the attribute `{}`", node.name(), known.name));
        }
    }

    /// True where an element does not go with its kind, which is told then.
    pub fn of_another_kind(&mut self, node: Node, parts: &Parts) -> bool {
        kind::of_another(node, parts, &mut self.findings)
    }

    /// An attribute's value that the table does not allow.
    #[cold]
    pub fn bad_value(&mut self, node: Node, attr: &xml::Attr, known: &Attr) {
        let span = if attr.value_span().start < attr.value_span().end { attr.value_span() } else { attr.span() };
        let said = if is_uuid(known.value) { "this".to_owned() } else { format!("`{}`", attr.value()) };
        let what = format!("{said} is no `{}` of `{}`", attr.name(), node.name());
        let finding = self.value(&BAD_VALUE, span, what, attr.value(), &[known.value]);
        if known.value.understood(attr.value()) {
            finding.severity(Severity::Warning);
        }
    }

    /// A text that the table does not allow; an empty one is told at the element.
    #[cold]
    pub fn bad_text(&mut self, node: Node, text: &str, span: Span, parts: &Parts) {
        let values: Vec<_> = parts.texts().collect();
        let what = match text {
            "" => format!("`{}` is empty", node.name()),
            _ if values.iter().any(|value| is_uuid(value)) => format!("this is no text of `{}`", node.name()),
            _ => format!("`{text}` is no text of `{}`", node.name()),
        };
        let finding = self.value(&BAD_TEXT, span, what, text, &values);
        if values.iter().any(|value| value.understood(text)) {
            finding.severity(Severity::Warning);
        }
    }

    fn value(&mut self, rule: &'static Rule, span: Span, what: String, text: &str, values: &[&'static Value]) -> &mut Finding {
        let words = || values.iter().flat_map(|value| value.words()).map(|word| word.word);
        let near = nearest(text, words()).filter(|_| !text.is_empty());
        let home = if homely(text, values) { "`~` is no home directory here, " } else { "" };
        let expected = || format!("; {home}{}", wanted(values));
        let meant = near.map_or_else(expected, |near| format!(": did you mean `{near}`?"));
        let finding = self.at(rule, span, format!("{what}{meant}"));
        if let Some(near) = near {
            finding.fix(format!("Write {near}"), Effect::Safe, vec![edit::replace(span, near)]);
        }
        finding
    }

    /// White space around a value that fits without it.
    #[cold]
    pub fn spaced_value(&mut self, attr: &xml::Attr, known: &Attr) {
        spaces::tell(&BAD_VALUE, attr.value_span(), attr.value(), known.value, known.name, &mut self.findings);
    }

    /// White space around a text that fits without it.
    #[cold]
    pub fn spaced_text(&mut self, node: Node, known: &'static Value) {
        let whole = node.content_span().map(|content| (content, content.of(node.source())));
        if let Some((content, raw)) = whole.filter(|(_, raw)| !raw.contains(['<', '&'])) {
            spaces::tell(&BAD_TEXT, content, raw, known, node.name(), &mut self.findings);
        }
    }

    /// Text where none may stand.
    #[cold]
    pub fn stray_text(&mut self, node: Node) {
        self.stray.add(node, &mut self.findings);
    }

    /// An element of a later libvirt than the one given.
    pub fn newer_element(&mut self, node: Node, known: &Element) {
        if let Some(later) = self.later(known.since) {
            self.too_new(node.name_span(), format!("`{}`", known.name), later);
        }
    }

    /// A form or variant of an element of a later libvirt than the one given.
    pub fn newer_form(&mut self, node: Node, parts: &Parts) {
        if let Some(later) = self.later(parts.since()) {
            self.too_new(node.name_span(), format!("`{}` in this form", node.name()), later);
        }
    }

    /// An attribute, or its word, of a later libvirt than the one given.
    pub fn newer_attribute(&mut self, attr: &xml::Attr, known: &Attr, word: Option<&Word>) {
        if let Some(later) = self.later(known.since) {
            self.too_new(attr.name_span(), format!("`{}`", known.name), later);
        }
        self.newer_word(word, || attr.value_span());
    }

    /// A word of a later libvirt than the one given.
    pub fn newer_word(&mut self, word: Option<&Word>, span: impl Fn() -> Span) {
        if let Some((word, later)) = word.and_then(|word| Some((word, self.later(word.since)?))) {
            self.too_new(span(), format!("`{}`", word.word), later);
        }
    }

    /// That version and the one given, where that is before it.
    fn later(&self, since: Option<Version>) -> Option<(Version, Version)> {
        let (since, given) = (since?, self.given?);
        (given < since).then_some((since, given))
    }

    #[cold]
    fn too_new(&mut self, span: Span, what: String, (since, given): (Version, Version)) {
        self.at(&TOO_NEW, span, format!("{what} is not known before libvirt {since}, and this host has {given}"));
    }
}

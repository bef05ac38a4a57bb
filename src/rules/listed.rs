//! What a domain capabilities document says in so many words, as data: values that it enumerates, sections that it denies.

use super::{Check, Facts, Findings, Need, Rule};
use crate::caps::{DomainCaps, EnumList, Source, Version};
use crate::edit;
use crate::finding::{Effect, Finding, Phase, Severity, TextEdit};
use crate::text::Span;
use crate::xml::Node;

/// Where an element says the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In that attribute.
    Attribute(&'static str),
    /// In an attribute of its first child of that name.
    Child(&'static str, &'static str),
}

/// When libvirt refuses what is not listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// At define.
    Define,
    /// At start.
    Start,
    /// At define from that libvirt on, before and where the version is unknown at start.
    DefineSince(Version),
    /// At start, unless something that no document holds saves it.
    Perhaps,
}

/// A value that libvirt knows and some host may lack. Others are no matter of lists.
#[derive(Debug, Clone, Copy)]
pub struct Word(pub &'static str, pub When);

/// A value that the document enumerates.
#[derive(Debug, Clone, Copy)]
pub struct Listed {
    /// Where the value stands.
    pub place: Place,
    /// The section of the document, such as `devices/video`.
    pub section: &'static str,
    /// The enum in it, such as `modelType`.
    pub list: &'static str,
    /// What the value is, in a message: `video model`.
    pub what: &'static str,
    /// The words that are judged.
    pub words: &'static [Word],
    /// What libvirt takes where nothing is written, as far as that is sure.
    pub default: fn(&Facts, Node) -> Option<&'static str>,
    /// Which of the elements are judged.
    pub only: fn(&Facts, Node) -> bool,
    /// True where the enum hangs on the emulator binary alone, so that the document of another machine serves too.
    pub binary_alone: bool,
    /// What to offer instead, the best first.
    pub better: &'static [&'static str],
    /// What else the fix has to change, besides the value.
    pub along: fn(Node) -> Vec<TextEdit>,
}

impl Listed {
    /// What most rows have in common.
    pub const ROW: Self = Self {
        place: Place::Attribute("type"),
        section: "",
        list: "",
        what: "",
        words: &[],
        default: |_, _| None,
        only: |_, _| true,
        binary_alone: false,
        better: &[],
        along: |_| Vec::new(),
    };

    /// The rule for this row.
    #[must_use]
    pub const fn rule(self, code: &'static str, page: &'static str, on: &'static [&'static str], docs: &'static str) -> Rule {
        let needs = if self.binary_alone { EMULATOR } else { FITTING };
        Rule { code, severity: Severity::Error, phase: Phase::Define, needs, on, check: Check::Listed(self), page, docs }
    }

    /// Complains where the value is not listed.
    pub fn check(&self, facts: &Facts, node: Node, findings: &mut Findings) {
        if !facts.qemu() {
            return;
        }
        let written = self.place.value(node);
        let Some(value) = written.map(|(value, _)| value).or_else(|| (self.default)(facts, node)) else { return };
        let Some(Word(_, when)) = self.words.iter().find(|word| word.0 == value) else { return };
        if !(self.only)(facts, node) {
            return;
        }
        let Some((source, list)) = self.source(facts).filter(|(_, list)| !list.has(value)) else { return };
        let what = self.what;
        let finding = match written {
            Some((_, span)) => findings.at(span, ["this host offers no ", what, " `", value, "`"].concat()),
            None => {
                let message = format!("no {what} is written, which means `{value}`, and this host does not offer that");
                findings.at(self.place.empty(node), message)
            }
        };
        speak(finding, *when, facts);
        finding.evidence(source.id, list.span, offer(list));
        if let Some(better) = self.better.iter().find(|better| list.has(better)) {
            let mut edits = (self.along)(node);
            edits.push(self.place.put(node, better));
            finding.fix(["Use ", better].concat(), Effect::ChangesGuest, edits);
        }
    }

    fn source<'a>(&self, facts: &Facts<'a>) -> Option<(Source<'a, DomainCaps>, &'a EnumList)> {
        let list = |source: Source<'a, DomainCaps>| Some((source, source.said.list(self.section, self.list)?));
        if self.binary_alone { facts.binary().find_map(list) } else { facts.sources.domain_caps.and_then(list) }
    }
}

const FITTING: &[Need] = &[Need::DomainCapabilities];
const EMULATOR: &[Need] = &[Need::EmulatorCapabilities];

/// Gives a finding the phase, and the certainty, of `when`.
pub fn speak(finding: &mut Finding, when: When, facts: &Facts) {
    match when {
        When::Define => finding.phase(Phase::Define),
        When::Start => finding.phase(Phase::Start),
        When::DefineSince(version) if facts.since(version) => finding.phase(Phase::Define),
        When::DefineSince(_) => finding.phase(Phase::Start),
        When::Perhaps => finding.phase(Phase::Start).likely(),
    };
}

/// What a list offers, as evidence.
#[must_use]
pub fn offer(list: &EnumList) -> String {
    let mut out = String::with_capacity(list.values.iter().map(|said| said.value.len() + 4).sum::<usize>() + 16);
    for said in &list.values {
        out.push_str(if out.is_empty() { "offered: `" } else { "`, `" });
        out.push_str(&said.value);
    }
    out.push_str(if out.is_empty() { "nothing is offered" } else { "`" });
    out
}

impl Place {
    fn value<'a>(self, node: Node<'a>) -> Option<(&'a str, Span)> {
        let (node, name) = match self {
            Self::Attribute(name) => (node, name),
            Self::Child(child, name) => (node.child(child)?, name),
        };
        node.attr(name).map(|attr| (attr.value(), attr.value_span()))
    }

    /// The token that lacks the value.
    fn empty(self, node: Node) -> Span {
        match self {
            Self::Attribute(_) => node.name_span(),
            Self::Child(child, _) => node.child(child).unwrap_or(node).name_span(),
        }
    }

    fn put(self, node: Node, value: &str) -> TextEdit {
        match self {
            Self::Attribute(name) => edit::set_attribute(node, name, value),
            Self::Child(child, name) => match node.child(child) {
                Some(child) => edit::set_attribute(child, name, value),
                None => edit::append_child(node, &format!("<{child} {name}='{}'/>", edit::escape(value))),
            },
        }
    }
}

/// A device or feature that the document may deny as a whole.
#[derive(Debug, Clone, Copy)]
pub struct Supported {
    /// The section of the document, such as `features/genid`.
    pub section: &'static str,
    /// What it is, in a message.
    pub what: &'static str,
    /// Which of the elements ask for it.
    pub only: fn(&Facts, Node) -> bool,
    /// True where it hangs on the emulator binary alone.
    pub binary_alone: bool,
}

impl Supported {
    /// The rule for this row; libvirt refuses at define in all of them.
    #[must_use]
    pub const fn rule(self, code: &'static str, page: &'static str, on: &'static [&'static str], docs: &'static str) -> Rule {
        let needs = if self.binary_alone { EMULATOR } else { FITTING };
        Rule { code, severity: Severity::Error, phase: Phase::Define, needs, on, check: Check::Supported(self), page, docs }
    }

    /// Complains where the document says no.
    pub fn check(&self, facts: &Facts, node: Node, findings: &mut Findings) {
        if !facts.qemu() || !(self.only)(facts, node) {
            return;
        }
        let said = |source: Source<DomainCaps>| Some((source.id, source.said.section(self.section)?.answer()));
        let answer = if self.binary_alone { facts.binary().find_map(said) } else { facts.sources.domain_caps.and_then(said) };
        let Some((id, span)) = answer.and_then(|(id, answer)| Some((id, answer.denied()?))) else { return };
        findings
            .at(node.name_span(), format!("this host does not support {}", self.what))
            .evidence(id, span, format!("`{}` is not supported", self.section))
            .fix(format!("Remove `<{}>`", node.name()), Effect::ChangesGuest, vec![edit::remove(node)]);
    }
}

#[cfg(test)]
mod tests {
    use crate::support::check;

    const CODES: &[&str] = &["graphics-type-unlisted", "disk-bus-unlisted", "genid-unsupported", "gic-unsupported"];

    #[test]
    fn what_hangs_on_the_emulator_alone_is_judged_by_the_document_of_another_machine() {
        let fixture = r#"
<domain type='qemu'>
  <genid/>
   ^^^^^ error[genid-unsupported]: this host does not support a generation id
   | domcaps.xml: `features/genid` is not supported
   | fix: Remove `<genid>` (changes guest)
  <os><type arch='x86_64' machine='pc'>hvm</type></os>
  <features>
    <gic version='2'/>
  </features>
  <devices>
    <graphics type='rdp'/>
                    ^^^ error[graphics-type-unlisted]: this host offers no graphics type `rdp`
                    | domcaps.xml: offered: `sdl`, `vnc`, `spice`, `egl-headless`, `dbus`
                    | fix: Use vnc (changes guest)
    <disk type='file' device='disk'><target dev='hda' bus='ide'/></disk>
  </devices>
</domain>
"#;
        check("qemu-q35+denied-genid", CODES, fixture);
    }

    #[test]
    fn other_drivers_are_not_judged() {
        let fixture = r#"
<domain type='xen'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <devices>
    <graphics type='rdp'/>
    <disk type='file' device='disk'><target dev='hda' bus='ide'/></disk>
  </devices>
</domain>
"#;
        check("qemu-q35", CODES, fixture);
    }
}

//! What the reader of the text finds before there is a tree: here for their pages.

use super::{Check, Findings, Rule, page};
use crate::finding::{Finding, Phase, Severity};
use crate::xml::{self, Node};

const DOCS: &str = "https://libvirt.org/formatdomain.html";

const fn reader(code: &'static str, page: &'static str) -> Rule {
    Rule { code, severity: Severity::Error, phase: Phase::Syntax, needs: &[], on: &[], check: Check::Reader, page, docs: DOCS }
}

/// The reader's findings.
pub const RULES: &[Rule] = &[
    reader(xml::EMPTY, page!("syntax/text-empty.md")),
    reader(xml::ENCODING, page!("syntax/text-encoding.md")),
    reader(xml::TOO_LARGE, page!("syntax/text-too-large.md")),
    reader(xml::TOO_DEEP, page!("syntax/text-too-deep.md")),
    reader(xml::TOO_MANY_ATTRIBUTES, page!("syntax/text-too-many-attributes.md")),
    reader(xml::TOO_MANY_NAMESPACES, page!("syntax/text-too-many-namespaces.md")),
    reader(xml::DOCTYPE, page!("syntax/syntax-doctype.md")),
    reader(xml::UNCLOSED, page!("syntax/syntax-unclosed.md")),
    reader(xml::STRAY_END, page!("syntax/syntax-stray-end-tag.md")),
    reader(xml::BROKEN_TAG, page!("syntax/syntax-broken-tag.md")),
    reader(xml::UNBOUND_PREFIX, page!("syntax/syntax-unbound-prefix.md")),
    reader(xml::DUPLICATE_ATTRIBUTE, page!("syntax/syntax-duplicate-attribute.md")),
    reader(xml::ENTITY, page!("syntax/syntax-entity.md")),
    reader(xml::NOT_WELL_FORMED, page!("syntax/syntax-not-well-formed.md")),
    ROOT,
    MORE,
];

const ROOT: Rule = Rule { phase: Phase::Schema, ..reader("root-not-domain", page!("syntax/root-not-domain.md")) };

const MORE: Rule = Rule { severity: Severity::Info, phase: Phase::Advice, ..reader("findings-limit", page!("syntax/findings-limit.md")) };

/// The finding for a document of another kind.
#[must_use]
pub fn wrong_root(root: Node) -> Option<Finding> {
    if root.name() == "domain" && root.namespace().is_none() {
        return None;
    }
    let what = match root.name() {
        "domainCapabilities" | "capabilities" => ": this is a capability document, which belongs among the documents",
        "html" | "HTML" => ": this is an HTML page",
        "domstatus" | "domainsnapshot" | "domainbackup" | "domaincheckpoint" => ": the `<domain>` inside is what can be checked",
        _ => "",
    };
    one(&ROOT, root.name_span(), format!("a domain begins with `<domain>`, not `<{}>`{what}", root.qualified_name()))
}

/// The finding that counts those beyond the limit.
#[must_use]
pub fn more_findings(rest: &[Finding]) -> Option<Finding> {
    let last = rest.iter().map(|finding| finding.span).max()?;
    let errors = rest.iter().filter(|finding| finding.severity == Severity::Error).count();
    one(&MORE, last, format!("{} more findings, {errors} of them errors, are not shown", rest.len()))
}

fn one(rule: &'static Rule, span: crate::text::Span, message: String) -> Option<Finding> {
    let mut findings = Findings::new();
    findings.begin(rule);
    findings.at(span, message);
    findings.into_list().pop()
}

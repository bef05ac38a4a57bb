//! What the reader of a text may find.

use std::borrow::Cow;

use crate::finding::{Certainty, Finding, Phase, Severity};
use crate::text::Span;

/// Nothing there.
pub const EMPTY: &str = "text-empty";
/// Not UTF-8, or made from what was not.
pub const ENCODING: &str = "text-encoding";
/// More bytes than the limit.
pub const TOO_LARGE: &str = "text-too-large";
/// Elements nested deeper than the limit.
pub const TOO_DEEP: &str = "text-too-deep";
/// More attributes on one element than the limit.
pub const TOO_MANY_ATTRIBUTES: &str = "text-too-many-attributes";
/// More declarations of namespaces than the limit.
pub const TOO_MANY_NAMESPACES: &str = "text-too-many-namespaces";
/// A DTD.
pub const DOCTYPE: &str = "syntax-doctype";
/// An element without its end tag.
pub const UNCLOSED: &str = "syntax-unclosed";
/// An end tag that closes nothing.
pub const STRAY_END: &str = "syntax-stray-end-tag";
/// A tag that breaks off.
pub const BROKEN_TAG: &str = "syntax-broken-tag";
/// A prefix that no declaration binds.
pub const UNBOUND_PREFIX: &str = "syntax-unbound-prefix";
/// An attribute written twice.
pub const DUPLICATE_ATTRIBUTE: &str = "syntax-duplicate-attribute";
/// `&name;` that XML does not know, or a bare `&`.
pub const ENTITY: &str = "syntax-entity";
/// Anything else that XML does not allow.
pub const NOT_WELL_FORMED: &str = "syntax-not-well-formed";

/// The chapter of libvirt's documentation about the format as a whole.
const DOCS: &str = "https://libvirt.org/formatdomain.html";

/// A finding of the reader: an error, certain.
pub(super) fn finding(code: &'static str, span: Span, message: impl Into<Cow<'static, str>>) -> Finding {
    Finding {
        code,
        severity: Severity::Error,
        phase: Phase::Syntax,
        certainty: Certainty::Certain,
        message: message.into(),
        span,
        related: Vec::new(),
        evidence: Vec::new(),
        fixes: Vec::new(),
        docs: DOCS.into(),
    }
}

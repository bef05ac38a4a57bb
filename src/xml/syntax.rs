//! A text that is no XML, as one finding at the place where a person would look.

use super::codes::{
    DOCTYPE, DUPLICATE_ATTRIBUTE, EMPTY, ENCODING, ENTITY, NOT_WELL_FORMED, TOO_DEEP, TOO_LARGE, TOO_MANY_ATTRIBUTES, TOO_MANY_NAMESPACES,
    UNBOUND_PREFIX, finding,
};
use super::limits::{Exceeded, doubtful, exceeded};
use super::structure::structure;
use super::tokens::{Kind, tokens};
use super::{Document, limits};
use crate::finding::{Effect, Finding, TextEdit};
use crate::text::{Limits, Span};

/// The namespaces that libvirt binds to prefixes of its own.
const NAMESPACES: [(&str, &str); 5] = [
    ("qemu", "http://libvirt.org/schemas/domain/qemu/1.0"),
    ("lxc", "http://libvirt.org/schemas/domain/lxc/1.0"),
    ("bhyve", "http://libvirt.org/schemas/domain/bhyve/1.0"),
    ("xen", "http://libvirt.org/schemas/domain/xen/1.0"),
    ("libosinfo", "http://libosinfo.org/xmlns/libvirt/domain/1.0"),
];

/// Reads `text` as XML.
///
/// # Errors
/// The one finding that says why it is none, in `phase: syntax`.
pub fn read<'t>(text: &'t str, limits: &Limits) -> Result<Document<'t>, Box<Finding>> {
    let over = || exceeded(text, limits).map_or(Ok(()), |over| Err(Box::new(limit_finding(over, limits))));
    if doubtful(text, limits) {
        over()?;
    }
    let document = Document::parse(text);
    if !document.as_ref().is_ok_and(|document| document.depth <= limits.depth) {
        over()?;
    }
    // of what is not text a parser takes U+FFFD alone; sixteen bytes at once, as `is_ascii` of a wasm does not
    if (document.is_err() || text.bytes().fold(0, |all, byte| all | byte) > 0x7f)
        && let Some(finding) = not_text(text)
    {
        return Err(Box::new(finding));
    }
    document.map_err(|error| Box::new(explain(text, &error)))
}

fn limit_finding(over: limits::Exceeded, limits: &Limits) -> Finding {
    match over {
        Exceeded::Bytes(bytes) => {
            finding(TOO_LARGE, Span::empty(0), format!("the text has {bytes} bytes, more than the {} that are read", limits.bytes))
        }
        Exceeded::Depth(span) => finding(TOO_DEEP, span, format!("elements are nested deeper than {}", limits.depth)),
        Exceeded::Attributes(span) => {
            finding(TOO_MANY_ATTRIBUTES, span, format!("this element has more than {} attributes", limits.attributes))
        }
        Exceeded::Namespaces(span) => {
            finding(TOO_MANY_NAMESPACES, span, format!("the text declares more than {} namespaces", limits.namespaces))
        }
    }
}

/// Empty texts, and those that were decoded with the wrong encoding.
fn not_text(text: &str) -> Option<Finding> {
    let bare = text.trim_start_matches('\u{feff}').trim();
    if bare.is_empty() {
        return Some(finding(EMPTY, Span::empty(0), "the text is empty"));
    }
    if let Some(at) = text.find('\0') {
        return Some(finding(ENCODING, Span::new(at, at + 1), "a NUL character: this text is UTF-16 or binary, save it as UTF-8"));
    }
    let at = text.find('\u{fffd}')?;
    Some(finding(
        ENCODING,
        Span::new(at, at + 3),
        "U+FFFD stands where a character could not be decoded: the file is not UTF-8, save it as UTF-8",
    ))
}

fn explain(text: &str, error: &roxmltree::Error) -> Finding {
    use roxmltree::Error;
    let at = place(text, error.pos());
    if let Some(found) = doctype(text).or_else(|| no_markup(text)) {
        return found;
    }
    match error {
        Error::UnknownNamespace(prefix, _) if !prefix.is_empty() => return unbound_prefix(text, prefix, at),
        Error::DuplicatedAttribute(name, _) => {
            return finding(
                DUPLICATE_ATTRIBUTE,
                Span::new(at, at + name.len()),
                format!("the attribute `{name}` is written twice on this element"),
            );
        }
        _ => {}
    }
    let known = !matches!(error.pos(), roxmltree::TextPos { row: 1, col: 1 });
    if let Some((seen, found)) = structure(text)
        && (!known || seen <= at)
    {
        return found;
    }
    match error {
        Error::UnknownEntityReference(..) | Error::MalformedEntityReference(_) | Error::EntityReferenceLoop(_) => {
            let name = word(text, at);
            finding(ENTITY, name, format!("`{}` is no entity of XML; a plain `&` is written `&amp;`", name.of(text)))
        }
        _ => finding(NOT_WELL_FORMED, word(text, at), format!("not well-formed: {}", reason(error))),
    }
}

/// The parser's sentence without the position at its end, which counts otherwise than ours.
fn reason(error: &roxmltree::Error) -> String {
    let whole = error.to_string();
    whole.rsplit_once(" at ").map_or(whole.clone(), |(before, _)| before.to_owned())
}

/// The byte offset of the parser's row and column, which counts characters.
fn place(text: &str, pos: roxmltree::TextPos) -> usize {
    let (row, col) = (pos.row.saturating_sub(1) as usize, pos.col.saturating_sub(1) as usize);
    let start = match row {
        0 => 0,
        _ => text.match_indices('\n').nth(row - 1).map_or(text.len(), |(at, _)| at + 1),
    };
    let line = text.get(start..).unwrap_or("");
    start + line.char_indices().nth(col).map_or(line.len(), |(at, _)| at)
}

/// The word at `at`, an entity with its `&` and `;` included; at least one character where there is one.
fn word(text: &str, at: usize) -> Span {
    let rest = text.get(at..).unwrap_or("");
    let first = rest.chars().next().map_or(0, char::len_utf8);
    let tail = rest.get(first..).unwrap_or("");
    let len = tail.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | ':' | '.' | '#'))).unwrap_or(tail.len());
    let entity = rest.starts_with('&') && tail.get(len..).is_some_and(|after| after.starts_with(';'));
    Span::new(at, at + first + len + usize::from(entity))
}

fn doctype(text: &str) -> Option<Finding> {
    let token =
        tokens(text).take_while(|token| !matches!(token.kind, Kind::Open | Kind::Empty)).find(|token| token.kind == Kind::Doctype)?;
    let source = token.span.of(text);
    let html = source.to_ascii_lowercase().starts_with("<!doctype html");
    let message = if html {
        "this is an HTML page, not what virsh prints"
    } else {
        "a document type declaration: virtlens reads none, since it can declare entities that expand without end"
    };
    Some(finding(DOCTYPE, Span::new(token.span.start, token.span.start + source.find(['[', '>', '\n']).unwrap_or(source.len())), message))
}

fn no_markup(text: &str) -> Option<Finding> {
    let start = text.len() - text.trim_start_matches('\u{feff}').trim_start().len();
    let rest = text.get(start..).unwrap_or("");
    if rest.starts_with('<') {
        return None;
    }
    let len = rest.find(['\n', '<']).unwrap_or(rest.len());
    Some(finding(
        NOT_WELL_FORMED,
        Span::new(start, start + rest.get(..len).unwrap_or("").trim_end().len()),
        "text before the first tag: an XML document begins with `<`",
    ))
}

fn unbound_prefix(text: &str, prefix: &str, at: usize) -> Finding {
    let name = word(text, if text.get(at..).is_some_and(|rest| rest.starts_with('<')) { at + 1 } else { at });
    let mut found = finding(UNBOUND_PREFIX, name, format!("no `xmlns:{prefix}` binds the prefix of `{}`", name.of(text)));
    let root = tokens(text).find(|token| matches!(token.kind, Kind::Open | Kind::Empty));
    if let (Some((_, uri)), Some(root)) = (NAMESPACES.iter().find(|(known, _)| *known == prefix), root) {
        let edit = TextEdit { span: Span::empty(root.name.end), new_text: format!(" xmlns:{prefix}='{uri}'").into() };
        found.fix(format!("Declare xmlns:{prefix}"), Effect::Safe, vec![edit]);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::{BROKEN_TAG, STRAY_END, UNCLOSED};

    fn told(text: &str) -> (&'static str, String, &str) {
        let found = read(text, &Limits::default()).unwrap_err();
        (found.code, found.message.into_owned(), found.span.of(text))
    }

    #[test]
    fn an_unclosed_element_is_told_at_its_start_tag() {
        assert_eq!(
            told("<domain>\n <devices>\n  <disk>\n </devices>\n</domain>"),
            (UNCLOSED, "`disk` is not closed before `</devices>`".into(), "disk")
        );
        assert_eq!(told("<domain>\n <devices>\n").0, UNCLOSED);
        assert_eq!(told("<domain>\n <devices>\n").2, "devices");
    }

    #[test]
    fn a_misspelt_end_tag_is_told_where_it_stands() {
        assert_eq!(told("<domain><name>x</nmae></domain>"), (STRAY_END, "`</nmae>` stands where `</name>` must".into(), "nmae"));
        assert_eq!(told("<domain/></domain>").0, STRAY_END);
    }

    #[test]
    fn an_end_tag_is_rewritten_where_it_is_misspelt_and_removed_where_it_is_one_too_many() {
        let mended = |text: &str| {
            let found = read(text, &Limits::default()).unwrap_err();
            (found.fixes[0].title.to_string(), crate::edit::apply(text, &found.fixes[0].edits))
        };
        assert_eq!(mended("<a><name>x</nmae></a>"), ("Write </name>".to_owned(), "<a><name>x</name></a>".to_owned()));
        assert_eq!(mended("<a><vcpu>2</vcpu></vcpu></a>"), ("Remove </vcpu>".to_owned(), "<a><vcpu>2</vcpu></a>".to_owned()));
    }

    #[test]
    fn a_tag_that_breaks_off_is_told_at_its_name() {
        assert_eq!(told("<domain>\n<name x='1>a</name>\n</domain>").0, BROKEN_TAG);
        assert_eq!(told("<domain>\n<name\n</domain>").2, "name");
        assert_eq!(told("<domain><!-- x </domain>").0, BROKEN_TAG);
    }

    #[test]
    fn what_is_no_xml_is_said_to_be_none() {
        assert_eq!(told("").0, EMPTY);
        assert_eq!(told("\u{feff} \n").0, EMPTY);
        assert_eq!(told("error: failed to connect\n").2, "error: failed to connect");
        assert_eq!(told("<!DOCTYPE html>\n<html></html>").1, "this is an HTML page, not what virsh prints");
        assert_eq!(told("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>").0, DOCTYPE);
        assert_eq!(told("<\0d\0>\0").0, ENCODING);
        assert_eq!(told("<a>\u{fffd}</a>").0, ENCODING);
    }

    #[test]
    fn names_and_entities_are_told_at_their_place() {
        assert_eq!(told("<a>ä &nbsp; x</a>"), (ENTITY, "`&nbsp;` is no entity of XML; a plain `&` is written `&amp;`".into(), "&nbsp;"));
        assert_eq!(told("<a b='1' b='2'/>").0, DUPLICATE_ATTRIBUTE);
        assert_eq!(told("<a>x & y</a>").0, ENTITY);
    }

    #[test]
    fn a_prefix_without_a_declaration_is_mended_by_one() {
        let text = "<domain type='kvm'>\n <qemu:commandline/>\n</domain>";
        let found = read(text, &Limits::default()).unwrap_err();
        assert_eq!((found.code, found.span.of(text)), (UNBOUND_PREFIX, "qemu:commandline"));
        let mended = crate::edit::apply(text, &found.fixes[0].edits);
        assert!(read(&mended, &Limits::default()).is_ok(), "{mended}");
    }
}

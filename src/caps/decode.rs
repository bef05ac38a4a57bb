//! Bytes as text: UTF-8, with or without a mark; anything else is refused by name.

use super::LoadError;
use crate::text::{LineIndex, Span};

/// The code of bytes that are not UTF-8.
const ENCODING: &str = "text-encoding";

/// Marks and signatures at the start of a file that tell what it is; the longer before the shorter.
const STARTS: &[(&[u8], &str)] = &[
    (&[0xff, 0xfe, 0, 0], "UTF-32"),
    (&[0, 0, 0xfe, 0xff], "UTF-32"),
    (&[0xff, 0xfe], "UTF-16"),
    (&[0xfe, 0xff], "UTF-16"),
    (&[0x1f, 0x8b], "gzip"),
    (b"PK\x03\x04", "zip"),
    (&[0xfd, b'7', b'z', b'X', b'Z', 0], "xz"),
    (&[0x28, 0xb5, 0x2f, 0xfd], "zstd"),
    (b"\x89PNG", "a picture"),
    (b"%PDF", "PDF"),
];

/// The text that `bytes` hold, a mark at its start included.
///
/// # Errors
/// `text-encoding` at the first byte that is not UTF-8, with what the bytes seem to be and what to do.
pub fn decode(bytes: &[u8]) -> Result<&str, LoadError> {
    if let Some((mark, what)) = STARTS.iter().find(|(mark, _)| bytes.starts_with(mark)) {
        return Err(refused(bytes, Span::new(0, mark.len()), &format!("this is {what}, not UTF-8: {}", cure(what))));
    }
    let nul = bytes.iter().take(4096).position(|byte| *byte == 0);
    match (std::str::from_utf8(bytes), nul) {
        (Ok(text), None) => Ok(text),
        (_, Some(at)) => Err(refused(bytes, Span::new(at, at + 1), &nul_message(bytes))),
        (Err(error), None) => {
            let at = error.valid_up_to();
            let byte = bytes.get(at).copied().unwrap_or(0);
            let message = match declared(bytes) {
                Some(name) => format!("the byte 0x{byte:02X} is not UTF-8, the text declares `{name}`: {}", cure("text")),
                None => format!("the byte 0x{byte:02X} is not UTF-8, the text seems to be Latin-1 or Windows-1252: {}", cure("text")),
            };
            let len = error.error_len().unwrap_or(bytes.len() - at);
            Err(refused(bytes, Span::new(at, at + len), &message))
        }
    }
}

fn cure(what: &str) -> &'static str {
    match what {
        "gzip" | "zip" | "xz" | "zstd" => "unpack it first",
        "a picture" | "PDF" => "take the text that virsh printed",
        _ => "save it as UTF-8",
    }
}

/// NUL at every other byte is UTF-16 without a mark; elsewhere nothing that could be read.
fn nul_message(bytes: &[u8]) -> String {
    match bytes {
        [0, first, 0, second, ..] | [first, 0, second, 0, ..] if *first != 0 && *second != 0 => {
            format!("this is UTF-16, not UTF-8: {}", cure("text"))
        }
        _ => format!("a NUL byte: this is no text, {}", cure("a picture")),
    }
}

/// The encoding that the XML declaration names.
fn declared(bytes: &[u8]) -> Option<&str> {
    let head = bytes.get(..bytes.iter().position(|byte| *byte == b'>')?)?;
    let head = std::str::from_utf8(head).ok()?.split_once("encoding")?.1;
    let quoted = head.trim_start().strip_prefix('=')?.trim_start();
    let quote = quoted.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    quoted.get(1..)?.split_once(quote).map(|(name, _)| name)
}

/// The places are those of the text before `span`, which is UTF-8; what comes there counts as one unit a byte.
fn refused(bytes: &[u8], span: Span, message: &str) -> LoadError {
    let before = bytes.get(..span.start).and_then(|before| std::str::from_utf8(before).ok()).unwrap_or("");
    let readable = format!("{before}{}", "?".repeat(span.end - span.start));
    let shown = Span::new(before.len(), readable.len());
    LoadError { span, ..LoadError::new(ENCODING, message, shown, &LineIndex::new(&readable)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> (String, Span, usize, usize) {
        let error = decode(bytes).unwrap_err();
        assert_eq!(error.code, ENCODING);
        (error.message, error.span, error.start.line, error.start.column)
    }

    #[test]
    fn utf8_is_taken_as_it_stands() {
        assert_eq!(decode("\u{feff}<ä/>".as_bytes()).unwrap(), "\u{feff}<ä/>");
        assert_eq!(decode(b"").unwrap(), "");
    }

    #[test]
    fn utf16_is_refused_by_name_with_and_without_a_mark() {
        let units = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        assert_eq!(told(&units("\u{feff}<a/>")), ("this is UTF-16, not UTF-8: save it as UTF-8".into(), Span::new(0, 2), 1, 1));
        assert_eq!(told(&units("<a/>")), ("this is UTF-16, not UTF-8: save it as UTF-8".into(), Span::new(1, 2), 1, 2));
        let big: Vec<u8> = "<a/>".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(told(&big).0, "this is UTF-16, not UTF-8: save it as UTF-8");
    }

    #[test]
    fn latin1_is_refused_at_its_first_byte_outside_ascii() {
        let (message, span, line, column) = told(b"<a>\n<b x='\xe4'/></a>");
        assert_eq!(message, "the byte 0xE4 is not UTF-8, the text seems to be Latin-1 or Windows-1252: save it as UTF-8");
        assert_eq!((span, line, column), (Span::new(10, 11), 2, 7));
        assert!(told(b"<?xml version='1.0' encoding='ISO-8859-15'?><a>\xa4</a>").0.contains("declares `ISO-8859-15`"));
        assert_eq!(told("ä".as_bytes().get(..1).unwrap()).1, Span::new(0, 1));
    }

    #[test]
    fn what_is_no_text_says_what_to_do() {
        assert_eq!(told(&[0x1f, 0x8b, 8, 0]).0, "this is gzip, not UTF-8: unpack it first");
        assert_eq!(told(b"a\0\0\0b").0, "a NUL byte: this is no text, take the text that virsh printed");
    }
}

//! The reader of plain texts, which most are: ASCII, elements, attributes, comments and nothing else. It needs a third of the
//! time that a reader of all XML needs. Where a text holds more, or is not well-formed, it gives up and `foreign` reads it.

use std::borrow::Cow;

use super::tree::{Attribute, NONE, Tree};
use crate::text::{Limits, Span};

/// The tree of a plain text within the limits; none where it is not that.
pub(super) fn plain<'t>(text: &'t str, limits: &Limits) -> Option<Tree<'t>> {
    if text.len() > limits.bytes {
        return None;
    }
    let tree = Tree { elements: Vec::with_capacity(text.len() / 32), attributes: Vec::with_capacity(text.len() / 32) };
    let mut reader = Reader { text, at: 0, limits, tree, open: Vec::with_capacity(16) };
    reader.around()?;
    reader.start_tag()?;
    while let Some(element) = reader.open.last().copied() {
        reader.text(element)?;
        match reader.byte(1)? {
            b'/' => reader.end_tag(element)?,
            b'!' => reader.comment()?,
            _ => reader.start_tag()?,
        }
    }
    reader.around()?;
    (reader.at == text.len()).then_some(reader.tree)
}

struct Reader<'t, 'l> {
    text: &'t str,
    at: usize,
    limits: &'l Limits,
    tree: Tree<'t>,
    /// The numbers of the elements that are not closed yet.
    open: Vec<usize>,
}

/// Every method stands before what it is named after, and behind it when it answers.
impl<'t> Reader<'t, '_> {
    fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.byte(0)? == byte).then(|| self.at += 1)
    }

    /// How many bytes stand here before one that `ends`; none where none does.
    fn until(&self, ends: impl Fn(u8) -> bool) -> Option<usize> {
        self.text.as_bytes().get(self.at..)?.iter().position(|byte| ends(*byte))
    }

    /// White space; whether there is any.
    fn blanks(&mut self) -> bool {
        let start = self.at;
        while matches!(self.byte(0), Some(b' ' | b'\n' | b'\t')) {
            self.at += 1;
        }
        self.at > start
    }

    /// What may stand before and after the outermost element.
    fn around(&mut self) -> Option<()> {
        self.blanks();
        while self.byte(1) == Some(b'!') {
            self.comment()?;
            self.blanks();
        }
        Some(())
    }

    fn comment(&mut self) -> Option<()> {
        let rest = self.text.as_bytes().get(self.at..)?.strip_prefix(b"<!--")?;
        let length = rest.windows(2).position(|two| two == b"--")?;
        let (inside, after) = rest.split_at_checked(length)?;
        let fine = after.starts_with(b"-->") && inside.iter().all(|byte| is_plain(*byte));
        fine.then(|| self.at += length + "<!---->".len())
    }

    fn name(&mut self) -> Option<&'t str> {
        let start = self.at;
        if !matches!(self.byte(0)?, b'a'..=b'z' | b'A'..=b'Z' | b'_') {
            return None;
        }
        self.at += self.until(|byte| !matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'-' | b'.' | b'0'..=b'9'))?;
        self.text.get(start..self.at)
    }

    fn start_tag(&mut self) -> Option<()> {
        let start = self.at;
        self.expect(b'<')?;
        let name = self.name()?;
        let element = self.tree.open(self.open.last().copied().unwrap_or(NONE), name, start);
        let first = self.tree.attributes.len();
        loop {
            let apart = self.blanks();
            match self.byte(0)? {
                b'>' => {
                    self.at += 1;
                    self.open.push(element);
                    break;
                }
                b'/' => {
                    self.at += 1;
                    self.expect(b'>')?;
                    break;
                }
                _ if apart => self.attribute(first)?,
                _ => return None,
            }
        }
        let element = self.tree.elements.get_mut(element)?;
        element.attributes.1 = self.tree.attributes.len();
        // its start tag, until its end tag is found
        element.span.end = self.at;
        let fine = self.open.len() <= self.limits.depth && self.tree.attributes.len() - first <= self.limits.attributes;
        fine.then_some(())
    }

    fn attribute(&mut self, first: usize) -> Option<()> {
        let start = self.at;
        let name = self.name()?;
        let name_span = Span::new(start, self.at);
        self.blanks();
        self.expect(b'=')?;
        self.blanks();
        let quote = self.byte(0).filter(|byte| matches!(byte, b'"' | b'\''))?;
        self.at += 1;
        let value_span = Span::new(self.at, self.at + self.until(|byte| byte == quote || !is_value(byte))?);
        self.at = value_span.end;
        self.expect(quote)?;
        let others = self.tree.attributes.get(first..)?;
        if name == "xmlns" || others.iter().any(|other| other.name == name) {
            return None;
        }
        let value = Cow::Borrowed(self.text.get(value_span.start..value_span.end)?);
        self.tree.attributes.push(Attribute { name, in_namespace: false, value, span: Span::new(start, self.at), name_span, value_span });
        Some(())
    }

    /// The text before the next tag; the first that says something is that of the element.
    fn text(&mut self, element: usize) -> Option<()> {
        self.blanks();
        let start = self.at;
        self.at += self.until(|byte| !is_text(byte))?;
        if self.byte(0) != Some(b'<') {
            return None;
        }
        let element = self.tree.elements.get_mut(element)?;
        if self.at > start && element.text.is_none() {
            let said = self.text.get(start..self.at)?.trim_end();
            element.text = Some((Cow::Borrowed(said), Span::new(start, start + said.len())));
        }
        Some(())
    }

    fn end_tag(&mut self, element: usize) -> Option<()> {
        let start = self.at;
        self.at += "</".len();
        let name = self.name()?;
        self.blanks();
        self.expect(b'>')?;
        self.open.pop();
        let element = self.tree.elements.get_mut(element).filter(|element| element.name == name)?;
        element.content = Some(Span::new(element.span.end, start));
        element.span.end = self.at;
        Some(())
    }
}

fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\n' | b'\t')
}

/// White space other than blanks is read as blanks there.
fn is_value(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && byte != b'<' && byte != b'&'
}

/// A `]` may begin what must not stand in a text.
fn is_text(byte: u8) -> bool {
    is_plain(byte) && byte != b'<' && byte != b'&' && byte != b']'
}

#[cfg(test)]
mod tests {
    use super::super::foreign::foreign;
    use super::*;

    #[track_caller]
    fn same(text: &str) -> bool {
        let plain = plain(text, &Limits::default());
        if let Some(tree) = &plain {
            assert_eq!(foreign(text).as_ref(), Ok(tree), "{text}");
        }
        plain.is_some()
    }

    #[test]
    fn plain_texts_are_read_as_all_others() {
        for text in [
            "<a/>",
            "\n <!-- b --> <a>\n<!---->\n</a >\t<!-- c -->\n",
            "<a  b = 'c' d=\"'>\"\n/>",
            "<a><b>c d </b><b/> e <b> \t</b>f</a>",
            "<a>\n  <b x='1'><c>t</c>u</b>\n  <b y='2'/>\n  v <!-- w --> x\n</a>",
            "<_-.1><A>]</A></_-.1>",
        ] {
            assert!(same(text) || text.contains(']'), "{text}");
        }
        assert!(same(include_str!("../../tests/hosts/libvirt-12.8.0_qemu-11.1/capabilities.xml")));
    }

    #[test]
    fn anything_else_is_left_to_the_reader_of_all_xml() {
        for text in [
            "<a b='1' b='2'/>",
            "<a b='1'c='2'/>",
            "<a b='<'/>",
            "<a b='&lt;'/>",
            "<a b='\n'/>",
            "<a xmlns='u'/>",
            "<a:b xmlns:a='u'/>",
            "<a>&lt;</a>",
            "<a>]]></a>",
            "<a>\u{e4}</a>",
            "<a>\r\n</a>",
            "<a><![CDATA[b]]></a>",
            "<?xml version='1.0'?><a/>",
            "<a><!-- -- --></a>",
            "<a><!----->",
            "<a></b>",
            "<a><b></a></b>",
            "<a/><b/>",
            "<a/>b",
            "<a>",
            "< a/>",
            "<a / >",
            "",
        ] {
            assert!(plain(text, &Limits::default()).is_none(), "{text}");
        }
        let limits = Limits { bytes: 20, depth: 2, attributes: 2, findings: 1 };
        for text in ["<a><b><c></c></b></a>", "<a b='' c='' d=''/>", "<a>          </a>       "] {
            assert!(plain(text, &Limits::default()).is_some() && plain(text, &limits).is_none(), "{text}");
        }
    }

    #[test]
    fn whatever_stands_in_a_text_both_readers_agree() {
        const PIECES: &[&str] =
            &["<", ">", "/>", "</a>", "<a>", "'", "\"", "=", " ", "\n", "-", "--", "<!--", "-->", "b='1'", "&amp;", "]", "x:"];
        let text = "<a b='1' c=\"2\"> t <b> u\n</b><!-- v --><a d='\"'/> w </a>";
        let mut read = 0;
        for at in 0..=text.len() {
            let (before, after) = text.split_at(at);
            read += usize::from(same(before));
            for piece in PIECES {
                read += usize::from(same(&format!("{before}{piece}{after}")));
                for length in 1..5 {
                    read += usize::from(same(&format!("{before}{piece}{}", after.get(length..).unwrap_or(""))));
                }
            }
        }
        assert!(read > 500, "{read}");
    }
}

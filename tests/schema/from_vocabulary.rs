//! Random documents written along the vocabulary.

use virtlens::vocab::{Attr, Body, By, Child, Element as Known, MANY, Value, domain};

use super::random::Random;
use super::tree::Element;

/// How deep a document becomes before nothing optional is written.
const DEEP: usize = 9;

/// A document that the vocabulary allows.
pub fn document(random: &mut Random) -> Element {
    let often = *random.one(&[8, 25, 45]);
    let mut write = Write { random, often };
    write.element(domain(), 0)
}

struct Write<'a> {
    random: &'a mut Random,
    /// How often out of a hundred something optional is there.
    often: usize,
}

impl Write<'_> {
    fn element(&mut self, known: &'static Known, depth: usize) -> Element {
        let mut out = Element::new(known.name, known.namespace.unwrap_or(""));
        let mut later = vec![&known.body];
        // what hangs on a child comes after the children
        while !later.is_empty() {
            for body in std::mem::take(&mut later) {
                self.body(body, &mut out, depth, &mut later);
            }
        }
        out
    }

    /// What hangs on a child that is not written yet is put off.
    fn body(&mut self, body: &'static Body, out: &mut Element, depth: usize, later: &mut Vec<&'static Body>) {
        body.attrs.iter().for_each(|attr| self.attr(attr, out, depth));
        if let Some(text) = body.text {
            out.text = self.value(text);
        }
        for part in body.also {
            self.body(part, out, depth, later);
        }
        body.children.iter().for_each(|child| self.child(child, out, depth));
        for variant in body.variants {
            let said = said(variant.by, out);
            let case = said.map_or(Some(variant.absent), |said| {
                variant.cases.iter().find(|case| case.when.contains(&said.as_str())).map(|case| &case.body)
            });
            match variant.by {
                By::ChildText(_) | By::Text => later.extend(case),
                By::Attr(_) => case.into_iter().for_each(|case| self.body(case, out, depth, later)),
            }
        }
        if !body.forms.is_empty() {
            let form = self.random.one(body.forms);
            self.body(form, out, depth, later);
        }
    }

    fn attr(&mut self, attr: &'static Attr, out: &mut Element, depth: usize) {
        let there = attr.required || (depth < DEEP && self.random.chance(self.often));
        if there && out.attrs.iter().all(|(name, _)| name != attr.name) {
            let value = self.value(attr.value);
            out.attrs.push((attr.name.to_owned(), value));
        }
    }

    fn child(&mut self, child: &'static Child, out: &mut Element, depth: usize) {
        let more = usize::from(child.most - child.least.min(child.most)).min(2);
        let more = if depth < DEEP && self.random.chance(self.often) { self.random.below(more + 1) } else { 0 };
        let more = if child.most == MANY || child.least == 0 { more } else { 0 };
        for _ in 0..usize::from(child.least) + more {
            let inner = self.element(child.element(), depth + 1);
            out.children.push(inner);
        }
    }

    fn value(&mut self, value: &'static Value) -> String {
        match value {
            Value::Words(words) => self.random.one(words).word.to_owned(),
            Value::Number(least, most) => match self.random.below(4) {
                0 => least.to_string(),
                1 => most.to_string(),
                2 => self.random.between((*least).into(), (*most).into()).to_string(),
                _ => self.random.between((*least).into(), (*most).min(least + 99).into()).to_string(),
            },
            Value::Pattern(pattern) => {
                let fitting: Vec<_> = TEXTS.iter().copied().filter(|text| (pattern.fits)(text)).chain([pattern.example]).collect();
                (*self.random.one(&fitting)).to_owned()
            }
            Value::Either(values) => {
                let value = *self.random.one(values);
                self.value(value)
            }
            Value::Empty => String::new(),
            Value::Any => (*self.random.one(&["alpha", "", "a b", "/x"])).to_owned(),
        }
    }
}

fn said(by: By, node: &Element) -> Option<String> {
    let value = |node: &Element, name: &str| node.attrs.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    let child = |name: &str| node.children.iter().find(|child| child.name == name);
    match by {
        By::Attr(name) => value(node, name),
        By::ChildText(name) => child(name).map(|child| child.text.clone()),
        By::Text => Some(node.text.clone()),
    }
}

/// Texts of every kind: each pattern takes those that fit it.
const TEXTS: &[&str] = &[
    "0",
    "1",
    "7",
    "9",
    "31",
    "32",
    "99",
    "100",
    "128",
    "254",
    "255",
    "256",
    "1024",
    "65535",
    "65536",
    "16777215",
    "16777216",
    "4294967295",
    "4294967296",
    "-1",
    "-7",
    "0x0",
    "0x1",
    "0x7",
    "0x8",
    "0x1f",
    "0x20",
    "0xf",
    "0xfe",
    "0xff",
    "0xFF",
    "0x100",
    "0xfff",
    "0xffff",
    "0x10000",
    "0xffffff",
    "0xffffffff",
    "0x1ffffffff",
    "ff",
    "1f",
    "07",
    "007",
    "00",
    "000",
    "0700",
    "644",
    "1.5",
    "0.25",
    "2.00",
    "1.10",
    "1.2.3.4",
    "a",
    "Z",
    "alpha",
    "Beta",
    "a-b",
    "a_b",
    "a.b",
    "a+b",
    "a:b",
    "a/b",
    "a b",
    "a,b",
    "ua-x",
    "vda",
    "hdc",
    "sdab",
    "xvda",
    "nvme0n1",
    "fd0",
    "ubda",
    "org.qemu.0",
    "/",
    "/a",
    "/a/b c",
    "/a+b%c",
    "C:\\a",
    "./a",
    "~",
    "[store] a/b",
    "10.0.0.1",
    "192.0.2.255",
    "fe80::1",
    "::",
    "::1",
    "2001:db8::192.0.2.1",
    "host.example",
    "host-1",
    "52:54:00:6b:3c:58",
    "01:00:5e:00:00:01",
    "AA:BB:CC:DD:EE:FF",
    "5:4:0:b:c:8",
    "0-3",
    "0-3,^2",
    "0,2,4-7",
    "^1",
    "c7a5fdbd-edaf-9455-926a-d65c16db1809",
    "C7A5FDBDEDAF9455926AD65C16DB1809",
    "KiB",
    "k",
    "MB",
    "bytes",
    "b",
    "GiB",
    "T",
    "E",
    "4-1",
    "1-1.2",
    "0x5000c50015ea71ad",
    "5000c50015ea71ad",
    "iqn.2004-04.example:x",
    "naa.5123456789abcde0",
    "2020-02-29T23:59:59",
    "$IP",
    "local:x",
    "src",
    "dst,src",
    "AuthenticAMD",
    "GenuineIntel",
    "KVM Hv",
    "llc_1",
    "b=1",
    "a\u{e9}",
    "PROMPT",
    "cpu0",
    "system_u:object_r:svirt_t:s0",
    "",
];

//! Faults, put into a document that has none.

use std::ops::Range;

use roxmltree::{Attribute, Document, Node};
use virtlens::vocab::{Value, parents_of};

use super::random::Random;
use super::sites::{attrs, children, tables, texts};

/// A fault: what it changes, and where it must be told.
#[derive(Debug, Clone)]
pub struct Fault {
    pub kind: &'static str,
    pub code: &'static str,
    pub edits: Vec<(Range<usize>, String)>,
    /// A place of the document, and how far behind it in what the fault puts there.
    pub mark: usize,
    pub inside: usize,
    /// What can no longer be judged.
    pub dead: Range<usize>,
}

/// Two to six faults that do not touch; fewer where there is no room.
pub fn plant(text: &str, random: &mut Random) -> Vec<Fault> {
    let document = Document::parse(text).expect("XML");
    let nodes: Vec<_> = document.descendants().filter(|node| node.is_element() && of_libvirt(*node)).collect();
    let mut faults: Vec<Fault> = Vec::new();
    let wanted = 2 + random.below(5);
    for _ in 0..200 {
        if faults.len() == wanted {
            break;
        }
        // side by side, now and then
        let near = faults.last().filter(|_| random.chance(40)).map(|last| last.mark);
        let node = *random.one(&nodes);
        let close = near.is_none_or(|near| node.range().start.abs_diff(near) < 150);
        if let Some(fault) = close.then(|| draw(node, text, random)).flatten()
            && faults.iter().all(|other| apart(other, &fault))
        {
            faults.push(fault);
        }
    }
    if faults.len() < 2 { Vec::new() } else { faults }
}

fn of_libvirt(node: Node) -> bool {
    node.tag_name().namespace().is_none() && !node.ancestors().any(|above| above.has_tag_name("metadata"))
}

/// Neither touches what the other changes, or what cannot be judged for it.
fn apart(one: &Fault, other: &Fault) -> bool {
    let touches = |range: &Range<usize>, dead: &Range<usize>| range.start <= dead.end && dead.start <= range.end;
    let clear = |one: &Fault, other: &Fault| {
        let edits =
            one.edits.iter().all(|(range, _)| !touches(range, &other.dead) && other.edits.iter().all(|(edit, _)| !touches(range, edit)));
        edits && !(other.dead.start < one.mark && one.mark < other.dead.end)
    };
    clear(one, other) && clear(other, one)
}

fn draw(node: Node, text: &str, random: &mut Random) -> Option<Fault> {
    let attributes: Vec<Attribute> = node.attributes().collect();
    let inner: Vec<Node> = node.children().filter(|child| child.is_element() && of_libvirt(*child)).collect();
    match random.below(11) {
        0 => misspelt_element(node, text, random),
        1 => Some(inserted("unknown element", "structure-unknown-element", content(node, text)?, "<gadget/>", 1)),
        2 => misspelt_attribute(node, attributes.get(random.below(attributes.len()))?, random),
        3 => Some(inserted("unknown attribute", "structure-unknown-attribute", name(node).end, " colour='red'", 1)),
        4 => misplaced(node, text, random),
        5 => missing_attribute(node, attributes.get(random.below(attributes.len()))?, text),
        6 => missing_element(node, *inner.get(random.below(inner.len()))?, &inner),
        7 => repeated(node, *inner.get(random.below(inner.len()))?, text),
        8 => bad_value(node, attributes.get(random.below(attributes.len()))?),
        9 => bad_text(node),
        _ => Some(inserted("stray text", "structure-stray-text", content(node, text)?, "oops", 0)),
    }
}

fn inserted(kind: &'static str, code: &'static str, at: usize, new: &str, inside: usize) -> Fault {
    Fault { kind, code, edits: vec![(at..at, new.to_owned())], mark: at, inside, dead: at..at }
}

/// Its name in the start tag.
fn name(node: Node) -> Range<usize> {
    let start = node.range().start + 1;
    start..start + node.tag_name().name().len()
}

/// Where the content begins of an element that holds elements alone.
fn content(node: Node, text: &str) -> Option<usize> {
    node.first_element_child()?;
    let tables = tables(node);
    if tables.is_empty() || !texts(&tables).is_empty() {
        return None;
    }
    let first = node.first_child()?.range().start;
    (text[..first].ends_with('>')).then_some(first)
}

/// The word with two letters swapped, where no other element is called so.
fn slip(word: &str, random: &mut Random) -> Option<String> {
    let mut letters: Vec<char> = word.chars().collect();
    if letters.len() < 4 {
        return None;
    }
    let at = 1 + random.below(letters.len() - 2);
    letters.swap(at, at + 1);
    let new: String = letters.into_iter().collect();
    (new != word && parents_of(&new).next().is_none()).then_some(new)
}

fn misspelt_element(node: Node, text: &str, random: &mut Random) -> Option<Fault> {
    node.parent_element()?;
    let (old, start) = (node.tag_name().name(), name(node));
    let new = slip(old, random)?;
    let mut edits = vec![(start.clone(), new.clone())];
    let end = text[node.range()].rfind("</").map(|at| node.range().start + at + 2);
    if let Some(end) = end.filter(|_| !text[node.range()].ends_with("/>")) {
        edits.push((end..end + old.len(), new));
    }
    let dead = node.range();
    Some(Fault { kind: "misspelt element", code: "structure-unknown-element", edits, mark: start.start, inside: 0, dead })
}

fn misspelt_attribute(node: Node, attr: &Attribute, random: &mut Random) -> Option<Fault> {
    let range = attr.range_qname();
    let new = slip(attr.name(), random)?;
    let tables = tables(node);
    let clash = !attrs(&tables, &new).is_empty() || node.attribute(new.as_str()).is_some();
    let dead = attr.range();
    (!clash).then(|| Fault {
        kind: "misspelt attribute",
        code: "structure-unknown-attribute",
        edits: vec![(range.clone(), new)],
        mark: range.start,
        inside: 0,
        dead,
    })
}

/// Elements that belong elsewhere.
const STRAYS: &[&str] = &[
    "<vcpupin vcpu='0' cpuset='0'/>",
    "<hyperv/>",
    "<emulator>/bin/a</emulator>",
    "<bootmenu enable='yes'/>",
    "<mac address='52:54:00:00:00:01'/>",
];

fn misplaced(node: Node, text: &str, random: &mut Random) -> Option<Fault> {
    let at = content(node, text)?;
    let stray = *random.one(STRAYS);
    let called = &stray[1..stray.find([' ', '/', '>']).expect("an end")];
    let known = tables(node).into_iter().flat_map(children).any(|child| child.name == called);
    (!known).then(|| inserted("misplaced element", "structure-misplaced-element", at, stray, 1))
}

fn missing_attribute(node: Node, attr: &Attribute, text: &str) -> Option<Fault> {
    let tables = tables(node);
    let known = attrs(&tables, attr.name());
    let range = attr.range();
    let space = text[..range.start].len() - text[..range.start].trim_end().len();
    let needed = !known.is_empty() && known.iter().all(|attr| attr.required);
    let dead = range.clone();
    needed.then(|| Fault {
        kind: "missing attribute",
        code: "structure-missing-attribute",
        edits: vec![(range.start - space..range.end, String::new())],
        mark: name(node).start,
        inside: 0,
        dead,
    })
}

fn missing_element(node: Node, child: Node, inner: &[Node]) -> Option<Fault> {
    let known: Vec<_> = tables(node).into_iter().flat_map(children).filter(|known| known.name == child.tag_name().name()).collect();
    let needed = !known.is_empty() && known.iter().all(|known| known.least == 1);
    let only = inner.iter().filter(|other| other.tag_name() == child.tag_name()).count() == 1;
    (needed && only).then(|| Fault {
        kind: "missing element",
        code: "structure-missing-element",
        edits: vec![(child.range(), String::new())],
        mark: name(node).start,
        inside: 0,
        dead: child.range(),
    })
}

fn repeated(node: Node, child: Node, text: &str) -> Option<Fault> {
    let known: Vec<_> = tables(node).into_iter().flat_map(children).filter(|known| known.name == child.tag_name().name()).collect();
    let single = !known.is_empty() && known.iter().all(|known| known.most == 1);
    let mut fault = inserted("repeated element", "structure-repeated-element", child.range().end, &text[child.range()], 1);
    // a fault inside would be there twice
    fault.dead = child.range();
    single.then_some(fault)
}

fn bad_value(node: Node, attr: &Attribute) -> Option<Fault> {
    let (tables, range) = (tables(node), attr.range_value());
    let known = attrs(&tables, attr.name());
    let strict = !known.is_empty() && known.iter().all(|attr| matches!(attr.value, Value::Words(_) | Value::Number(..)));
    let dead = range.clone();
    (strict && !range.is_empty()).then(|| Fault {
        kind: "bad value",
        code: "structure-bad-value",
        edits: vec![(range.clone(), "x-many".to_owned())],
        mark: range.start,
        inside: 0,
        dead,
    })
}

fn bad_text(node: Node) -> Option<Fault> {
    let (known, piece) = (texts(&tables(node)), node.first_child().filter(Node::is_text)?);
    let strict = !known.is_empty() && known.iter().all(|value| matches!(value, Value::Words(_) | Value::Number(..)));
    let range = piece.range();
    (strict && piece.text().is_some_and(|text| text.trim() == text) && node.children().count() == 1).then(|| Fault {
        kind: "bad text",
        code: "structure-bad-text",
        edits: vec![(range.clone(), "x-many".to_owned())],
        mark: range.start,
        inside: 0,
        dead: range,
    })
}

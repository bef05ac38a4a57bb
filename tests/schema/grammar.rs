//! RELAX NG, as far as libvirt's schemas use it.

use std::collections::HashMap;
use std::path::Path;

use roxmltree::{Document, Node};

/// What may stand at a place.
#[derive(Debug, Clone)]
pub enum Pattern {
    Empty,
    NotAllowed,
    Text,
    Group(Vec<Pattern>),
    Interleave(Vec<Pattern>),
    Choice(Vec<Pattern>),
    Optional(Box<Pattern>),
    ZeroOrMore(Box<Pattern>),
    OneOrMore(Box<Pattern>),
    Ref(String),
    /// A name (any where there is none), a namespace, and the content.
    Element(Option<String>, String, Box<Pattern>),
    Attribute(Option<String>, Box<Pattern>),
    Value(String),
    /// The type, and its parameters.
    Data(String, Vec<(String, String)>),
}

/// A schema with all that it includes.
pub struct Grammar {
    defines: HashMap<String, Pattern>,
}

impl Grammar {
    /// The schema of a domain in a folder; none where it is not there.
    pub fn of_domain(folder: &Path) -> Option<Self> {
        let mut grammar = Self { defines: HashMap::new() };
        folder.join("domain.rng").exists().then(|| grammar.read(folder, "domain.rng"))?;
        Some(grammar)
    }

    pub fn define(&self, name: &str) -> &Pattern {
        self.defines.get(name).unwrap_or_else(|| panic!("{name} is not defined"))
    }

    pub fn start(&self) -> &Pattern {
        self.define("start")
    }

    fn read(&mut self, folder: &Path, file: &str) {
        let text = std::fs::read_to_string(folder.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        let document = Document::parse(&text).expect("a schema");
        self.parts(folder, document.root_element());
    }

    /// What is included comes before what overrides it.
    fn parts(&mut self, folder: &Path, node: Node) {
        for part in node.children().filter(Node::is_element) {
            match part.tag_name().name() {
                "include" => {
                    self.read(folder, part.attribute("href").expect("a file"));
                    self.parts(folder, part);
                }
                name @ ("start" | "define") => {
                    let name = part.attribute("name").unwrap_or(name).to_owned();
                    let pattern = group(part);
                    let combined = match (part.attribute("combine"), self.defines.remove(&name)) {
                        (Some("choice"), Some(before)) => Pattern::Choice(vec![before, pattern]),
                        (Some("interleave"), Some(before)) => Pattern::Interleave(vec![before, pattern]),
                        _ => pattern,
                    };
                    self.defines.insert(name, combined);
                }
                other => panic!("{other} in a grammar"),
            }
        }
    }
}

/// What stands in `node`, one after the other.
fn group(node: Node) -> Pattern {
    let mut parts = patterns(node);
    if parts.len() == 1 { parts.remove(0) } else { Pattern::Group(parts) }
}

fn patterns(node: Node) -> Vec<Pattern> {
    node.children().filter(|child| child.is_element() && !matches!(child.tag_name().name(), "anyName" | "name")).map(pattern).collect()
}

fn pattern(node: Node) -> Pattern {
    let boxed = || Box::new(group(node));
    match node.tag_name().name() {
        "empty" => Pattern::Empty,
        "notAllowed" => Pattern::NotAllowed,
        "text" => Pattern::Text,
        "group" => group(node),
        "interleave" => Pattern::Interleave(patterns(node)),
        "choice" => Pattern::Choice(patterns(node)),
        "optional" => Pattern::Optional(boxed()),
        "zeroOrMore" => Pattern::ZeroOrMore(boxed()),
        "oneOrMore" => Pattern::OneOrMore(boxed()),
        "ref" => Pattern::Ref(node.attribute("name").expect("a name").to_owned()),
        "element" => Pattern::Element(name(node), namespace(node), boxed()),
        "attribute" if patterns(node).is_empty() => Pattern::Attribute(name(node), Box::new(Pattern::Text)),
        "attribute" => Pattern::Attribute(name(node), boxed()),
        "value" => Pattern::Value(node.text().unwrap_or("").trim().to_owned()),
        "data" => Pattern::Data(node.attribute("type").expect("a type").to_owned(), parameters(node)),
        other => panic!("{other} in a pattern"),
    }
}

fn name(node: Node) -> Option<String> {
    let child = || node.children().find(|child| child.has_tag_name(("http://relaxng.org/ns/structure/1.0", "name")))?.text();
    node.attribute("name").or_else(child).map(|name| name.trim().to_owned())
}

fn namespace(node: Node) -> String {
    node.ancestors().find_map(|above| above.attribute("ns")).unwrap_or("").to_owned()
}

/// An exception is a parameter too, each of its values one.
fn parameters(node: Node) -> Vec<(String, String)> {
    let all = node.descendants().filter(|child| matches!(child.tag_name().name(), "param" | "value"));
    all.map(|child| (child.attribute("name").unwrap_or("except").to_owned(), child.text().unwrap_or("").to_owned())).collect()
}

//! TypeScript declarations as far as the package uses them: interfaces with fields, and unions of strings.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A field of an interface: its name, whether it may be left out, its type as written.
pub type Field = (String, bool, String);

/// The declarations of a file.
#[derive(Debug, Default)]
pub struct Declarations {
    /// Own fields and the interface that is extended.
    interfaces: BTreeMap<String, (Vec<Field>, Option<String>)>,
    aliases: BTreeMap<String, String>,
}

impl Declarations {
    /// Reads them; one declaration and one field a line, as the sources have them.
    pub fn read(source: &str) -> Self {
        let mut out = Self::default();
        let mut lines = source.lines().map(str::trim).filter(|line| !line.starts_with("/*") && !line.starts_with('*'));
        while let Some(line) = lines.next() {
            if let Some((name, union)) = line.strip_prefix("export type ").and_then(|rest| rest.split_once(" = ")) {
                out.aliases.insert(name.to_owned(), union.trim_end_matches(';').to_owned());
            } else if let Some(head) = line.strip_prefix("export interface ") {
                let head = head.trim_end_matches('{').trim();
                let (name, base) = head.split_once(" extends ").map_or((head, None), |(name, base)| (name, Some(base.to_owned())));
                let fields = lines.by_ref().take_while(|line| *line != "}").filter_map(field).collect();
                out.interfaces.insert(name.to_owned(), (fields, base));
            }
        }
        out
    }

    /// The names of all interfaces.
    pub fn interfaces(&self) -> BTreeSet<String> {
        self.interfaces.keys().cloned().collect()
    }

    /// The fields of an interface, those of the one it extends included.
    pub fn fields(&self, interface: &str) -> Vec<Field> {
        let (own, base) = self.interfaces.get(interface).unwrap_or_else(|| panic!("no interface {interface}"));
        own.iter().cloned().chain(base.iter().flat_map(|base| self.fields(base))).collect()
    }

    /// The words that a field or an alias allows, `null` aside.
    pub fn words(&self, of: &str) -> BTreeSet<String> {
        let written = match of.split_once('.') {
            Some((interface, name)) => self.fields(interface).into_iter().find(|(field, ..)| field == name).map(|(.., written)| written),
            None => self.aliases.get(of).cloned(),
        };
        let written = written.unwrap_or_else(|| panic!("no {of}"));
        let written = self.aliases.get(&written).unwrap_or(&written);
        written.split(" | ").filter(|word| *word != "null").map(|word| word.trim_matches('"').to_owned()).collect()
    }

    /// What of `value` is not of the type `written`; the interfaces that were met go into `met`.
    pub fn faults(&self, written: &str, value: &Value, met: &mut BTreeSet<String>) -> Vec<String> {
        if let Some(union) = self.aliases.get(written) {
            return self.faults(union, value, met);
        }
        if let (Some(element), Value::Array(values)) = (written.strip_suffix("[]"), value) {
            return values.iter().flat_map(|value| self.faults(element, value, met)).collect();
        }
        if let (true, Value::Object(object)) = (self.interfaces.contains_key(written), value) {
            met.insert(written.to_owned());
            let fields = self.fields(written);
            let undeclared = object.keys().filter(|key| !fields.iter().any(|(name, ..)| name == *key));
            let mut faults: Vec<_> = undeclared.map(|key| format!("{written}.{key} is not declared")).collect();
            for (name, optional, inner) in &fields {
                match object.get(name) {
                    Some(value) => faults.extend(self.faults(inner, value, met)),
                    None if *optional => {}
                    None => faults.push(format!("{written}.{name} is declared and missing")),
                }
            }
            return faults;
        }
        let parts: Vec<_> = written.split(" | ").collect();
        if parts.len() > 1 {
            let kinds: Vec<_> = parts.iter().map(|part| self.faults(part, value, met)).collect();
            return if kinds.iter().any(Vec::is_empty) { Vec::new() } else { kinds.concat() };
        }
        let fits = match value {
            Value::Null => written == "null",
            Value::Bool(_) => written == "boolean",
            Value::Number(_) => written == "number",
            Value::String(text) => written == "string" || written.trim_matches('"') == text && written.starts_with('"'),
            Value::Array(_) | Value::Object(_) => false,
        };
        if fits { Vec::new() } else { vec![format!("{value} is no {written}")] }
    }
}

fn field(line: &str) -> Option<Field> {
    let (name, written) = line.trim_end_matches(';').split_once(": ")?;
    let plain = name.trim_end_matches('?');
    Some((plain.to_owned(), plain != name, written.to_owned()))
}

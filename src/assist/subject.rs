//! As much of a domain, however broken, as the choice of documents asks.

use crate::xml::{Outline, escape};

/// A whole domain that has the type, the name, the UUID, the kind of system and the emulator of the one that `outline` outlines.
#[must_use]
pub fn skeleton(outline: &Outline) -> String {
    let at = |path: &[&str]| outline.get(0).and_then(|_| outline.descend(0, path));
    let value = |path: &[&str], name: &str| {
        let said = at(path).and_then(|at| outline.value(at, name)).filter(|said| is_plain(said));
        said.map(|said| format!(" {name}='{}'", escape(said))).unwrap_or_default()
    };
    let text = |path: &[&str]| at(path).map(|at| outline.content(at)).filter(|said| is_plain(said)).map(escape);
    let element = |path: &[&str], name: &str| text(path).map(|text| format!("<{name}>{text}</{name}>")).unwrap_or_default();
    let kind = at(&["os", "type"]).map_or(String::new(), |_| {
        let (arch, machine) = (value(&["os", "type"], "arch"), value(&["os", "type"], "machine"));
        format!("<os><type{arch}{machine}>{}</type></os>", text(&["os", "type"]).unwrap_or_default())
    });
    let (name, uuid, emulator) = (element(&["name"], "name"), element(&["uuid"], "uuid"), element(&["devices", "emulator"], "emulator"));
    format!("<domain{}>{name}{uuid}{kind}<devices>{emulator}</devices></domain>", value(&[], "type"))
}

/// True for a value that says itself: no entity, and nothing that XML forbids.
fn is_plain(said: &str) -> bool {
    !said.is_empty() && !said.contains('&') && !said.chars().any(|c| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'))
}

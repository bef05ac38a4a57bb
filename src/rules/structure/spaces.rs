//! White space around values, which libvirt does not take away.

use super::super::{Findings, Rule};
use crate::edit;
use crate::finding::{Effect, Phase, Severity};
use crate::text::Span;
use crate::vocab::Value;

/// What becomes of the white space around a value that fits without it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    /// It is passed over, or belongs to the value.
    Fine,
    /// The schema objects.
    Schema,
    /// No word and no number to libvirt.
    Define,
}

/// Whether there is white space at an end of it.
pub fn around(value: &str) -> bool {
    let blank = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_whitespace);
    blank(value.as_bytes().first()) || blank(value.as_bytes().last())
}

/// Whether tags stand directly around that part of a text.
pub fn tight(span: Span, source: &str) -> bool {
    let byte = |at: Option<usize>| at.and_then(|at| source.as_bytes().get(at)).copied();
    byte(span.start.checked_sub(1)) == Some(b'>') && byte(Some(span.end)) == Some(b'<')
}

/// Tells white space around the value `raw` at `span`, where that is not fine; `rule` is the one about such values.
pub fn tell(rule: &'static Rule, span: Span, raw: &str, known: &Value, name: &str, findings: &mut Findings) {
    let fate = if rule.code == super::BAD_TEXT.code && to_the_letter(name, raw) { Fate::Define } else { fate(known, raw) };
    let (severity, phase) = match fate {
        Fate::Fine => return,
        Fate::Schema => (Severity::Warning, Phase::Schema),
        Fate::Define => (Severity::Error, Phase::Define),
    };
    findings.begin(rule);
    let finding = findings.at(span, format!("there is white space around this `{name}`, which libvirt takes for a part of it"));
    finding.severity(severity).phase(phase).fix("Remove the white space", Effect::Safe, vec![edit::replace(span, raw.trim())]);
}

/// True for a text that libvirt does not trim: a line break in a name or title is refused, and with space around its path no
/// emulator is found.
fn to_the_letter(name: &str, raw: &str) -> bool {
    name == "emulator" || (matches!(name, "name" | "title") && raw.contains('\n'))
}

fn fate(known: &Value, raw: &str) -> Fate {
    match known {
        Value::Words(_) => Fate::Define,
        // white space before a number is passed over
        Value::Number(..) if raw.trim_end() == raw => Fate::Fine,
        Value::Number(..) => Fate::Define,
        Value::Pattern(pattern) if (pattern.fits)(raw) => Fate::Fine,
        Value::Pattern(_) => Fate::Schema,
        Value::Either(values) => values.iter().filter(|value| value.fits(raw)).map(|value| fate(value, raw)).min().unwrap_or(Fate::Fine),
        Value::Empty | Value::Any => Fate::Fine,
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    #[test]
    fn names_titles_and_the_emulator_are_taken_to_the_letter() {
        let fixture = r"
<title>
       ^ error[structure-bad-text]: there is white space around this `title`, which libvirt takes for a part of it
       | fix: Remove the white space
  One
</title>
<devices>
  <emulator> /usr/bin/qemu-system-x86_64</emulator>
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[structure-bad-text]: there is white space around this `emulator`, which libvirt takes for a part of it
            | fix: Remove the white space
</devices>
";
        check_in("none", "", &["structure-bad-text"], fixture);
        assert_eq!(mended_in("none", "", "structure-bad-text", fixture), "- <title>\n- One\n- </title>\n+ <title>One</title>");
        check_in("none", "", &["structure-bad-text"], "<title> One </title>");
    }
}

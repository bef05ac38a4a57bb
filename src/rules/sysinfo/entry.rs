//! Entries of `<sysinfo>`: the date of the BIOS, and files for the firmware.

use super::DOCS;
use crate::edit;
use crate::finding::{Effect, Phase};
use crate::rules::{Facts, Findings, Rule, page};
use crate::xml::{Node, Text};

/// The rules.
pub const RULES: &[Rule] = &[
    Rule::define("sysinfo-date-invalid", &["domain/sysinfo/bios/entry"], date, page!("sysinfo-date-invalid.md"), DOCS),
    Rule::define("sysinfo-unshown", &["domain/sysinfo"], unshown, page!("sysinfo-unshown.md"), DOCS).warn(Phase::Dropped),
    Rule::define("fwcfg-entry-invalid", &["domain/sysinfo/entry"], file, page!("fwcfg-entry-invalid.md"), DOCS),
];

/// The text of an entry of that name; libvirt takes the first one.
fn entry<'a>(node: Node<'a>, name: &str) -> Option<Text<'a>> {
    let first = node.parent()?.children("entry").find(|entry| entry.value("name") == Some(name));
    (first == Some(node)).then(|| node.text()).flatten()
}

/// Month, day and year, with `/` between them.
fn is_date(text: &str) -> bool {
    let parts: Vec<Option<i32>> = text.split('/').map(|part| part.trim_start().parse().ok()).collect();
    match parts.as_slice() {
        [Some(month), Some(day), Some(year)] => {
            (1..=12).contains(month) && (1..=31).contains(day) && *year >= 0 && !(100..1900).contains(year)
        }
        _ => false,
    }
}

fn date(_: &Facts, node: Node, findings: &mut Findings) {
    let Some(text) = entry(node, "date").filter(|text| !is_date(text.value)) else { return };
    let finding = findings.at(text.span, format!("`{}` is no date as the BIOS writes it, month/day/year", text.value));
    if let Some(date) = american(text.value) {
        finding.fix(format!("Write {date}"), Effect::Safe, vec![edit::replace(text.span, &date)]);
    }
}

/// The same day, told year first or day first with points.
fn american(text: &str) -> Option<String> {
    let dashes: Vec<&str> = text.split('-').collect();
    let points: Vec<&str> = text.split('.').collect();
    let (year, month, day) = match (dashes.as_slice(), points.as_slice()) {
        ([year, month, day], _) if year.len() == 4 => (*year, *month, *day),
        (_, [day, month, year]) if year.len() == 4 => (*year, *month, *day),
        _ => return None,
    };
    let date = format!("{month:0>2}/{day:0>2}/{year}");
    is_date(&date).then_some(date)
}

/// Without the mode that says so, the guest sees the hypervisor's own.
fn unshown(facts: &Facts, sysinfo: Node, findings: &mut Findings) {
    let Some(os) = facts.whole.os.filter(|_| sysinfo.value("type") == Some("smbios") && facts.qemu()) else { return };
    let smbios = os.child("smbios");
    if smbios.is_some_and(|smbios| smbios.value("mode") == Some("sysinfo")) || sysinfo.elements().next().is_none() {
        return;
    }
    let finding = findings.at(sysinfo.name_span(), "the guest is not shown this: `<os>` has no `<smbios mode='sysinfo'/>`");
    let edit = match smbios {
        Some(smbios) => edit::set_attribute(smbios, "mode", "sysinfo"),
        None => edit::append_child(os, "<smbios mode='sysinfo'/>"),
    };
    finding.fix("Show it", Effect::ChangesGuest, vec![edit]);
}

fn file(facts: &Facts, node: Node, findings: &mut Findings) {
    if node.parent().and_then(|sysinfo| sysinfo.value("type")) != Some("fwcfg") {
        return;
    }
    let Some(name) = node.attr("name") else { return };
    if node.text().is_none() && node.attr("file").is_none() {
        findings.at(node.name_span(), format!("`{}` has neither a text nor a `file` to take it from", name.value()));
        return;
    }
    if !facts.qemu() {
        return;
    }
    let Some(rest) = name.value().strip_prefix("opt/") else {
        let finding = findings.at(name.value_span(), "QEMU leaves names to its users that begin with `opt/`, and no others");
        let renamed = format!("opt/{}", name.value().trim_start_matches('/'));
        finding.fix(format!("Use {renamed}"), Effect::ChangesGuest, vec![edit::replace(name.value_span(), &renamed)]);
        return;
    };
    if let Some(owner) = ["ovmf/", "org.qemu/"].into_iter().find(|owner| rest.starts_with(owner)) {
        findings.at(name.value_span(), format!("names that begin with `opt/{owner}` belong to the firmware and QEMU themselves"));
    }
}

#[cfg(test)]
mod tests {
    use super::{american, is_date};
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["sysinfo-date-invalid", "fwcfg-entry-invalid"];

    #[test]
    fn what_is_said_is_shown_where_the_mode_says_so() {
        let fixture = r#"
<domain type='qemu'>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
  </os>
  <sysinfo type='smbios'>
   ^^^^^^^ warning[sysinfo-unshown]: the guest is not shown this: `<os>` has no `<smbios mode='sysinfo'/>`
   | fix: Show it (changes guest)
    <system>
      <entry name='serial'>1</entry>
    </system>
  </sysinfo>
</domain>
"#;
        assert_eq!(check_in("qemu-q35", "", &["sysinfo-unshown"], fixture), ["dropped"]);
        assert_eq!(mended_in("qemu-q35", "", "sysinfo-unshown", fixture), "+ <smbios mode='sysinfo'/>");
    }

    #[test]
    fn dates_are_american() {
        for good in ["01/02/2020", "1/2/20", "+1/02/2020", "12/31/99"] {
            assert!(is_date(good), "{good}");
        }
        for bad in ["2020-01-02", "13/01/2020", "01/32/2020", "01/01/150", "01/01/1899", "00/10/2000", "01/02/2020x", "01/02"] {
            assert!(!is_date(bad), "{bad}");
        }
        assert_eq!(american("2020-1-2").as_deref(), Some("01/02/2020"));
        assert_eq!(american("31.12.2020").as_deref(), Some("12/31/2020"));
        assert_eq!(american("2020-13-02"), None);
    }

    #[test]
    fn a_date_of_another_kind_is_refused() {
        let fixture = r#"
<sysinfo type='smbios'>
  <bios>
    <entry name='date'>2020-01-02</entry>
                       ^^^^^^^^^^ error[sysinfo-date-invalid]: `2020-01-02` is no date as the BIOS writes it, month/day/year
                       | fix: Write 01/02/2020
    <entry name='vendor'>2020-01-02</entry>
  </bios>
</sysinfo>
"#;
        check_in("qemu-q35", "", CODES, fixture);
        let mended = mended_in("qemu-q35", "", "sysinfo-date-invalid", fixture);
        assert_eq!(mended, "- <entry name='date'>2020-01-02</entry>\n+ <entry name='date'>01/02/2020</entry>");
    }

    #[test]
    fn files_of_users_lie_in_opt() {
        let fixture = r#"
<sysinfo type='fwcfg'>
  <entry name='com.example/a'>x</entry>
               ^^^^^^^^^^^^^ error[fwcfg-entry-invalid]: QEMU leaves names to its users that begin with `opt/`, and no others
               | fix: Use opt/com.example/a (changes guest)
  <entry name='opt/ovmf/a'>x</entry>
               ^^^^^^^^^^ error[fwcfg-entry-invalid]: names that begin with `opt/ovmf/` belong to the firmware and QEMU themselves
  <entry name='opt/com.example/b'/>
   ^^^^^ error[fwcfg-entry-invalid]: `opt/com.example/b` has neither a text nor a `file` to take it from
  <entry name='opt/com.example/c' file='/srv/c'/>
</sysinfo>
"#;
        check_in("qemu-q35", "", CODES, fixture);
        let mended = mended_in("qemu-q35", "", "fwcfg-entry-invalid", fixture);
        assert_eq!(mended, "- <entry name='com.example/a'>x</entry>\n+ <entry name='opt/com.example/a'>x</entry>");
    }
}

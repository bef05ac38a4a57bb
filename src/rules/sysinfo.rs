//! `<sysinfo>`: what the firmware tells the guest about the machine.

pub mod entry;

use super::{Facts, Findings, Rule, page};
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#smbios-system-information";
const ON: &[&str] = &["domain/sysinfo"];

/// The rules.
pub const RULES: &[Rule] = &[
    Rule::define("sysinfo-uuid-malformed", ON, malformed, page!("sysinfo/sysinfo-uuid-malformed.md"), DOCS),
    Rule::define("sysinfo-uuid-mismatch", ON, mismatch, page!("sysinfo/sysinfo-uuid-mismatch.md"), DOCS),
];

/// The entry of an SMBIOS that tells the UUID.
fn entry(node: Node) -> Option<Node> {
    let system = node.child("system").filter(|_| node.value("type") == Some("smbios"))?;
    system.children("entry").find(|entry| entry.value("name") == Some("uuid"))
}

/// The digits of a UUID; none where it is none.
fn digits(text: &str) -> Option<impl Iterator<Item = char>> {
    let digits = || text.chars().filter(|c| *c != '-' && !c.is_ascii_whitespace()).map(|c| c.to_ascii_lowercase());
    (digits().count() == 32 && digits().all(|c| c.is_ascii_hexdigit())).then(digits)
}

fn malformed(_: &Facts, node: Node, findings: &mut Findings) {
    if let Some(text) = entry(node).and_then(Node::text).filter(|text| digits(text.value).is_none()) {
        findings.at(text.span, "this entry is no UUID: it takes 32 hexadecimal digits");
    }
}

fn mismatch(facts: &Facts, node: Node, findings: &mut Findings) {
    let root = facts.subject.root;
    // with another UUID for the hardware that one counts
    let domain = root.child("uuid").filter(|_| root.child("hwuuid").is_none()).and_then(Node::text);
    let (Some(told), Some(own)) = (entry(node).and_then(Node::text), domain) else { return };
    if let (Some(one), Some(other)) = (digits(told.value), digits(own.value))
        && !one.eq(other)
    {
        findings.at(told.span, "the UUID that the firmware tells is not the domain's").related(own.span, "the domain's");
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, codes};

    const CODES: &[&str] = &["sysinfo-uuid-malformed", "sysinfo-uuid-mismatch"];

    #[test]
    fn the_firmware_tells_the_uuid_of_the_domain() {
        check_in(
            "none",
            "",
            CODES,
            "
<uuid>c7a5fdbd-edaf-9455-926a-d65c16db1809</uuid>
<sysinfo type='smbios'>
  <system>
    <entry name='uuid'>c7a5fdbd-edaf-9455-926a-d65c16db1800</entry>
                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[sysinfo-uuid-mismatch]: the UUID that the firmware tells is not the domain's
  </system>
</sysinfo>",
        );
        check_in(
            "none",
            "",
            CODES,
            "
<sysinfo type='smbios'>
  <system>
    <entry name='uuid'>HOST-UUID</entry>
                       ^^^^^^^^^ error[sysinfo-uuid-malformed]: this entry is no UUID: it takes 32 hexadecimal digits
  </system>
</sysinfo>",
        );
    }

    #[test]
    fn the_same_uuid_in_another_form_is_the_same() {
        for (own, told) in [
            ("<uuid>c7a5fdbd-edaf-9455-926a-d65c16db1809</uuid>", "C7A5FDBDEDAF9455926AD65C16DB1809"),
            ("", "c7a5fdbd-edaf-9455-926a-d65c16db1809"),
        ] {
            let system = format!("<sysinfo type='smbios'><system><entry name='uuid'>{told}</entry></system></sysinfo>");
            let xml = format!("<domain type='kvm'><name>a</name>{own}<memory>1</memory><os><type>hvm</type></os>{system}</domain>");
            assert!(!codes("none", &xml).iter().any(|code| CODES.contains(code)), "{xml}");
        }
    }
}

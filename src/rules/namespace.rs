//! What a domain says past libvirt, in QEMU's namespace.

use super::{Facts, Findings, Rule, page};
use crate::edit;
use crate::finding::Effect;
use crate::xml::{Attr, Node};

const DOCS: &str = "https://libvirt.org/drvqemu.html#pass-through-of-arbitrary-qemu-commands";

/// The rules.
pub const RULES: &[Rule] = &[
    Rule::define("qemu-variable-invalid", &["domain[x:*]"], variables, page!("namespace/qemu-variable-invalid.md"), DOCS),
    Rule::define("qemu-property-invalid", &["domain[x:*]"], properties, page!("namespace/qemu-property-invalid.md"), DOCS),
];

const QEMU: &str = "http://libvirt.org/schemas/domain/qemu/1.0";

/// The children of that name in QEMU's namespace.
fn own<'a, 'n>(node: Node<'a>, name: &'n str) -> impl Iterator<Item = Node<'a>> + use<'a, 'n> {
    node.elements().filter(move |child| child.name() == name && child.namespace() == Some(QEMU))
}

/// A digit at the front; other characters are told by the structure.
fn variables(facts: &Facts, domain: Node, findings: &mut Findings) {
    for variable in own(domain, "commandline").flat_map(|line| own(line, "env")) {
        let Some(name) = variable.attr("name").filter(|name| facts.qemu() && name.value().starts_with(|c: char| c.is_ascii_digit())) else {
            continue;
        };
        findings.at(name.value_span(), format!("a variable begins with a letter or `_`, not as `{}` does", name.value()));
    }
}

fn properties(facts: &Facts, domain: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    let devices = own(domain, "override").flat_map(|all| own(all, "device"));
    for property in devices.flat_map(|device| own(device, "frontend")).flat_map(|frontend| own(frontend, "property")) {
        judge(property, findings);
    }
}

fn judge(property: Node, findings: &mut Findings) {
    let (Some(name), Some(kind)) = (property.attr("name"), property.value("type")) else { return };
    let value = property.attr("value");
    if name.value() == "id" {
        findings.at(name.value_span(), "libvirt finds the device by its `id`, which therefore stays as it is");
    } else if let ("remove", Some(value)) = (kind, value) {
        let finding = findings.at(value.name_span(), "a property that is left out has no value");
        finding.fix("Remove `value`", Effect::Safe, vec![edit::remove_attribute(property, &value)]);
    } else if let ("string" | "signed" | "unsigned" | "bool", None) = (kind, value) {
        findings.at(property.name_span(), format!("nothing says in `value` what `{}` is", name.value()));
    } else if let Some((value, what)) = value.and_then(|value: Attr| Some((value, unfit(kind, value.value())?))) {
        findings.at(value.value_span(), format!("`{}` is no {what}", value.value()));
    }
}

fn unfit(kind: &str, value: &str) -> Option<&'static str> {
    match kind {
        "signed" => value.parse::<i64>().is_err().then_some("number with a sign"),
        "unsigned" => value.parse::<u64>().is_err().then_some("number without a sign"),
        "bool" => (!matches!(value, "true" | "false")).then_some("`true` or `false`"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["qemu-variable-invalid", "qemu-property-invalid"];

    fn domain(content: &str) -> String {
        format!("<domain type='qemu' xmlns:q='http://libvirt.org/schemas/domain/qemu/1.0'>\n{}\n</domain>", content.trim_matches('\n'))
    }

    #[test]
    fn variables_begin_with_a_letter() {
        let fixture = domain(
            r#"
  <q:commandline>
    <q:env name='_A1' value='x'/>
    <q:env name='1A' value='x'/>
                 ^^ error[qemu-variable-invalid]: a variable begins with a letter or `_`, not as `1A` does
  </q:commandline>"#,
        );
        check_in("none", "", CODES, &fixture);
    }

    #[test]
    fn properties_have_values_of_their_kind() {
        let fixture = domain(
            r#"
  <q:override>
    <q:device alias='ua-disk'>
      <q:frontend>
        <q:property name='id' type='string' value='x'/>
                          ^^ error[qemu-property-invalid]: libvirt finds the device by its `id`, which therefore stays as it is
        <q:property name='a' type='signed' value='-1'/>
        <q:property name='a' type='unsigned' value='-1'/>
                                                    ^^ error[qemu-property-invalid]: `-1` is no number without a sign
        <q:property name='a' type='bool' value='yes'/>
                                                ^^^ error[qemu-property-invalid]: `yes` is no `true` or `false`
        <q:property name='a' type='remove'/>
        <q:property name='a' type='string'/>
         ^^^^^^^^^^ error[qemu-property-invalid]: nothing says in `value` what `a` is
      </q:frontend>
    </q:device>
  </q:override>"#,
        );
        check_in("none", "", CODES, &fixture);
        let fixture = domain(
            r#"
  <q:override>
    <q:device alias='ua-disk'>
      <q:frontend>
        <q:property name='a' type='remove' value='yes'/>
                                           ^^^^^ error[qemu-property-invalid]: a property that is left out has no value
                                           | fix: Remove `value`
      </q:frontend>
    </q:device>
  </q:override>"#,
        );
        check_in("none", "", CODES, &fixture);
        mended_in("none", "", "qemu-property-invalid", &fixture);
    }
}

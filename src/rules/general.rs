//! What concerns a domain as a whole, and sets of numbers wherever they stand.

use super::host::set::Set;
use super::{Facts, Findings, Rule, page};
use crate::edit;
use crate::finding::Effect;
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#general-metadata";
const CPUS: &str = "https://libvirt.org/formatdomain.html#cpu-allocation";

/// The rules.
pub const RULES: &[Rule] = &[
    Rule::define("name-slash", &["domain/name"], slash, page!("general/name-slash.md"), DOCS),
    Rule::define("set-unusable", SETS, set, page!("general/set-unusable.md"), CPUS),
    Rule::define("resource-empty", &["domain/resource"], resource, page!("general/resource-empty.md"), PARTITION),
];

const PARTITION: &str = "https://libvirt.org/formatdomain.html#resource-partitioning";

/// Where sets of CPUs, nodes and threads stand that must hold something.
const SETS: &[&str] = &[
    "domain/vcpu[@cpuset]",
    "domain/cputune/vcpupin",
    "domain/cputune/emulatorpin",
    "domain/cputune/iothreadpin",
    "domain/cputune/vcpusched",
    "domain/cputune/iothreadsched",
    "domain/numatune/memory",
    "domain/numatune/memnode",
    "domain/memoryBacking/hugepages/page",
    "domain/cpu/numa/cell",
];

fn slash(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(name) = node.text().filter(|text| facts.qemu() && text.value.contains('/')) else { return };
    let other = name.value.replace('/', "-");
    findings.at(name.span, "the name is also that of a file, and cannot have `/` in it").fix(
        format!("Use {other}"),
        Effect::Safe,
        vec![edit::replace(name.span, &other)],
    );
}

fn set(_: &Facts, node: Node, findings: &mut Findings) {
    // automatic placement takes no notice of it
    if node.name() == "vcpu" && node.value("placement") == Some("auto") {
        return;
    }
    for name in ["cpuset", "nodeset", "vcpus", "iothreads", "cpus"] {
        // a cell may be without CPUs
        let told = node.attr(name).and_then(|attr| Some((attr, fault(attr.value())?))).filter(|(_, why)| name != "cpus" || *why != EMPTY);
        if let Some((attr, why)) = told {
            findings.at(attr.value_span(), format!("`{}` {why}", attr.value()));
        }
    }
}

const EMPTY: &str = "leaves nothing over";

/// What is wrong with a well-formed set. Most sets are a number or two, which takes no set to tell.
fn fault(text: &str) -> Option<&'static str> {
    if text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit()) || Set::parse(text).is_some() {
        return None;
    }
    let mut fault = EMPTY;
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let first: u32 = first.trim().trim_start_matches('^').parse().ok()?;
        let last: u32 = last.trim().trim_start_matches('^').parse().ok()?;
        if first.max(last) > LAST {
            fault = "goes beyond 16383, the last number that libvirt takes";
        } else if first > last {
            fault = "goes backwards";
        }
    }
    Some(fault)
}

/// The last number that libvirt takes in a set.
const LAST: u32 = 16_383;

fn resource(_: &Facts, node: Node, findings: &mut Findings) {
    let partition = node.child("partition").is_some_and(|partition| partition.text().is_some());
    let appid = node.child("fibrechannel").is_some_and(|channel| channel.attr("appid").is_some());
    if !partition && !appid {
        let finding = findings.at(node.name_span(), "libvirt fails over a `<resource>` that says nothing");
        finding.fix("Remove `<resource>`", Effect::Safe, vec![edit::remove(node)]);
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["name-slash", "set-unusable", "resource-empty"];

    #[test]
    fn a_name_is_that_of_a_file() {
        let fixture = r#"
<name>web/1</name>
      ^^^^^ error[name-slash]: the name is also that of a file, and cannot have `/` in it
      | fix: Use web-1
"#;
        check_in("qemu-q35", "", CODES, fixture);
        assert_eq!(mended_in("qemu-q35", "", "name-slash", fixture), "- <name>web/1</name>\n+ <name>web-1</name>");
    }

    #[test]
    fn a_set_must_hold_something() {
        let fixture = r#"
<vcpu cpuset='^0'>4</vcpu>
              ^^ error[set-unusable]: `^0` leaves nothing over
<cputune>
  <vcpupin vcpu='0' cpuset='20000'/>
                            ^^^^^ error[set-unusable]: `20000` goes beyond 16383, the last number that libvirt takes
  <vcpupin vcpu='1' cpuset='0-3,^2'/>
  <emulatorpin cpuset='3-1'/>
                       ^^^ error[set-unusable]: `3-1` goes backwards
  <vcpupin vcpu='2' cpuset='x'/>
</cputune>
"#;
        check_in("none", "", CODES, fixture);
        check_in("none", "", CODES, "<vcpu placement='auto' cpuset='^0'>4</vcpu>");
    }

    #[test]
    fn a_resource_says_something() {
        let fixture = r#"
<resource/>
 ^^^^^^^^ error[resource-empty]: libvirt fails over a `<resource>` that says nothing
 | fix: Remove `<resource>`
"#;
        check_in("qemu-q35", "", CODES, fixture);
        assert_eq!(mended_in("qemu-q35", "", "resource-empty", fixture), "- <resource/>");
        check_in("qemu-q35", "", CODES, "<resource>\n  <partition>/machine</partition>\n</resource>");
    }
}

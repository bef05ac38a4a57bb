//! Memory: where it comes from, and enclaves.

pub mod amount;
pub mod pages;
pub mod shared;

use super::host::size;
use super::{Check, Facts, Findings, Listed, Need, Rule, Supported, When, Word, page};
use crate::finding::{Phase, Severity};
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#memory-backing";
const DEVICES: &str = "https://libvirt.org/formatdomain.html#memory-devices";

/// The rules.
pub const RULES: &[Rule] = &[
    SOURCE.rule("memory-source-unlisted", page!("memory/memory-source-unlisted.md"), &["domain/memoryBacking/source"], DOCS),
    SGX.rule("sgx-unsupported", page!("memory/sgx-unsupported.md"), &["domain/devices/memory"], DEVICES),
    Rule {
        code: "sgx-section-too-large",
        severity: Severity::Error,
        phase: Phase::Define,
        needs: &[Need::DomainCapabilities],
        on: &["domain/devices/memory"],
        check: Check::Function(section),
        page: page!("memory/sgx-section-too-large.md"),
        docs: DEVICES,
    },
];

const SOURCE: Listed = Listed {
    section: "memoryBacking",
    list: "sourceType",
    what: "memory source",
    words: &[Word("memfd", When::Perhaps)],
    better: &["file"],
    ..Listed::ROW
};

const SGX: Supported = Supported {
    section: "features/sgx",
    what: "SGX enclaves",
    only: |_, memory| memory.value("model") == Some("sgx-epc"),
    binary_alone: true,
};

/// An enclave must fit into the section of the host's node that it names; one that names none, or several, into some section.
fn section(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(source) = facts.sources.domain_caps.filter(|_| facts.qemu() && node.value("model") == Some("sgx-epc")) else { return };
    let (Some(target), Some(sgx)) = (node.descend(&["target", "size"]), source.said.section("features/sgx")) else { return };
    let Some((text, asked)) = size::of_text(target) else { return };
    let wanted = node.descend(&["source", "nodemask"]).and_then(Node::text).and_then(|text| text.value.parse::<u64>().ok());
    let of = |name: &'static str| sgx.details.iter().filter(move |(path, _)| path == name).map(|(_, said)| said);
    let sections = of("sections/section/@node").zip(of("sections/section/@size")).zip(of("sections/section/@unit"));
    let largest = sections
        .filter(|((node, _), _)| wanted.is_none_or(|wanted| node.value.parse() == Ok(wanted)))
        .filter_map(|((_, size), unit)| Some((size::kib(&size.value, Some(&unit.value))?, size)))
        .max_by_key(|(size, _)| *size);
    if let Some((most, said)) = largest
        && asked > most
    {
        findings.at(text.span, format!("the enclave asks for {asked} KiB, the host's section has {most} KiB")).evidence(
            source.id,
            said.span,
            format!("{most} KiB"),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["memory-source-unlisted", "sgx-unsupported", "sgx-section-too-large"];

    #[test]
    fn memory_from_memfd_may_be_missing() {
        let fixture = r#"
<memoryBacking>
  <source type='memfd'/>
                ^^^^^ warning[memory-source-unlisted]: this host offers no memory source `memfd`
                | domcaps.xml: offered: `file`, `anonymous`
                | fix: Use file (changes guest)
</memoryBacking>
"#;
        assert_eq!(check_in("qemu-q35+without-memfd", "", CODES, fixture), ["start"]);
        let mended = mended_in("qemu-q35+without-memfd", "", "memory-source-unlisted", fixture);
        assert_eq!(mended, "- <source type='memfd'/>\n+ <source type='file'/>");
    }

    #[test]
    fn listed_or_unknown_sources_are_no_matter_of_lists() {
        let fixture = r#"
<memoryBacking>
  <source type='memfd'/>
</memoryBacking>
"#;
        check_in("qemu-q35", "", CODES, fixture);
    }

    #[test]
    fn enclaves_need_sgx() {
        let fixture = r#"
<memory model='sgx-epc'>
 ^^^^^^ error[sgx-unsupported]: this host does not support SGX enclaves
 | domcaps.xml: `features/sgx` is not supported
 | fix: Remove `<memory>` (changes guest)
  <source><nodemask>0</nodemask></source>
  <target><size unit='MiB'>16</size></target>
</memory>
"#;
        check_in("kvm-q35", "devices", CODES, fixture);
        let mended = mended_in("kvm-q35", "devices", "sgx-unsupported", fixture);
        assert_eq!(
            mended,
            "- <memory model='sgx-epc'>\n- <source><nodemask>0</nodemask></source>\n- <target><size unit='MiB'>16</size></target>\n- </memory>"
        );
    }

    #[test]
    fn other_memory_does_not() {
        let fixture = "<memory model='dimm'/>";
        check_in("kvm-q35", "devices", CODES, fixture);
    }

    #[test]
    fn an_enclave_must_fit_its_section() {
        let fixture = r#"
<memory model='sgx-epc'>
  <source><nodemask>0</nodemask></source>
  <target><size unit='KiB'>131073</size></target>
                           ^^^^^^ error[sgx-section-too-large]: the enclave asks for 131073 KiB, the host's section has 131072 KiB
                           | domcaps.xml: 131072 KiB
</memory>
"#;
        check_in("kvm-q35+sgx", "devices", CODES, fixture);
    }

    #[test]
    fn one_that_fits_is_fine() {
        let fixture = r#"
<memory model='sgx-epc'>
  <source><nodemask>0</nodemask></source>
  <target><size unit='MiB'>128</size></target>
</memory>
"#;
        check_in("kvm-q35+sgx", "devices", CODES, fixture);
    }
}

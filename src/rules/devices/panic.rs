//! `<panic>`: tells the host that the guest's kernel has died.

use super::function;
use crate::caps::Version;
use crate::edit;
use crate::finding::Effect;
use crate::rules::{Facts, Findings, Listed, Place, Rule, Supported, When, Word, page};
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#panic-device";
const ON: &[&str] = &["domain/devices/panic"];

/// The rules.
pub const RULES: &[Rule] = &[
    PANIC.rule("panic-unsupported", page!("panic-unsupported.md"), ON, DOCS),
    MODEL.rule("panic-model-unlisted", page!("panic-model-unlisted.md"), ON, DOCS),
    PSERIES.rule("panic-pseries-unlisted", page!("panic-pseries-unlisted.md"), ON, DOCS),
    function("panic-model-foreign", page!("panic-model-foreign.md"), &[], ON, foreign, DOCS),
];

const PANIC: Supported = Supported { section: "devices/panic", what: "a panic device", only: |_, _| true, binary_alone: true };

const MODEL: Listed = Listed {
    place: Place::Attribute("model"),
    section: "devices/panic",
    list: "model",
    what: "panic device",
    words: &[Word("isa", When::Define), Word("hyperv", When::Define), Word("s390", When::Define), Word("pvpanic", When::Define)],
    default: |facts, _| facts.x86().then_some("isa"),
    binary_alone: true,
    better: &["isa", "pvpanic", "s390"],
    ..Listed::ROW
};

/// The one model that hangs on the machine.
const PSERIES: Listed = Listed { words: &[Word("pseries", When::Define)], binary_alone: false, default: |_, _| None, ..MODEL };

/// Where no document lists models: what libvirt asks for all the same.
fn foreign(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(arch) = facts.arch().filter(|_| facts.qemu()) else { return };
    let unnamed = node.attr("model").is_none() && arch.starts_with("riscv");
    if !unnamed && facts.binary().any(|source| source.said.section("devices/panic").is_some()) {
        return;
    }
    let (model, span) = match node.attr("model") {
        Some(model) => (model.value(), model.value_span()),
        // 9.0.0 takes this one wherever no other is at home; later ones choose
        None if facts.before(Version(9, 0, 1)) && arch.starts_with("aarch") => ("isa", node.name_span()),
        None if unnamed => {
            findings.at(node.name_span(), format!("no model is written, and `{arch}` has no panic device of its own"));
            return;
        }
        None => return,
    };
    let home = match model {
        "isa" | "hyperv" if !facts.x86() => "a PC",
        "pseries" if !facts.machine_is("pseries") && facts.machine().is_some() => "a machine `pseries`",
        "s390" if arch != "s390x" => "`s390x`",
        _ => return,
    };
    let finding = findings.at(span, format!("the panic device `{model}` exists on {home}, this domain is `{arch}`"));
    if facts.x86() {
        finding.fix("Use isa", Effect::ChangesGuest, vec![edit::set_attribute(node, "model", "isa")]);
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["panic-unsupported", "panic-model-unlisted", "panic-pseries-unlisted", "panic-model-foreign"];

    #[test]
    fn each_emulator_has_its_models() {
        let fixture = r#"
<panic model='hyperv'/>
              ^^^^^^ error[panic-model-unlisted]: this host offers no panic device `hyperv`
              | domcaps.xml: offered: `pvpanic`
              | fix: Use pvpanic (changes guest)
"#;
        check_in("aarch64", "devices", CODES, fixture);
        let mended = mended_in("aarch64", "devices", "panic-model-unlisted", fixture);
        assert_eq!(mended, "- <panic model='hyperv'/>\n+ <panic model='pvpanic'/>");
    }

    #[test]
    fn pseries_has_its_own() {
        let fixture = r#"
<panic model='pseries'/>
              ^^^^^^^ error[panic-pseries-unlisted]: this host offers no panic device `pseries`
              | domcaps.xml: offered: `isa`, `hyperv`, `pvpanic`
              | fix: Use isa (changes guest)
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
    }

    #[test]
    fn without_a_model_a_pc_gets_isa() {
        let fixture = r#"
<panic/>
 ^^^^^ error[panic-model-unlisted]: no panic device is written, which means `isa`, and this host does not offer that
 | domcaps.xml: offered: `hyperv`, `pvpanic`
 | fix: Use pvpanic (changes guest)
"#;
        check_in("qemu-q35+panic-without-isa", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35+panic-without-isa", "devices", "panic-model-unlisted", fixture);
        assert_eq!(mended, "- <panic/>\n+ <panic model='pvpanic'/>");
    }

    #[test]
    fn without_any_model_all_are_refused() {
        let fixture = r#"
<panic model='isa'/>
 ^^^^^ error[panic-unsupported]: this host does not support a panic device
 | domcaps.xml: `devices/panic` is not supported
 | fix: Remove `<panic>` (changes guest)
"#;
        check_in("qemu-q35+denied-panic", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35+denied-panic", "devices", "panic-unsupported", fixture);
        assert_eq!(mended, "- <panic model='isa'/>");
    }

    #[test]
    fn without_a_list_the_architecture_decides() {
        let fixture = r#"
<panic model='s390'/>
              ^^^^ error[panic-model-foreign]: the panic device `s390` exists on `s390x`, this domain is `aarch64`
<panic/>
 ^^^^^ error[panic-model-foreign]: the panic device `isa` exists on a PC, this domain is `aarch64`
"#;
        check_in("9.0.0:aarch64", "devices", CODES, fixture);
    }

    #[test]
    fn at_home_they_are_fine() {
        let fixture = r#"
<panic model='s390'/>
<panic/>
"#;
        check_in("s390x", "devices", CODES, fixture);
    }

    #[test]
    fn a_pc_can_have_its_own() {
        let fixture = r#"
<panic model='pseries'/>
              ^^^^^^^ error[panic-model-foreign]: the panic device `pseries` exists on a machine `pseries`, this domain is `x86_64`
              | fix: Use isa (changes guest)
"#;
        check_in("9.0.0:qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("9.0.0:qemu-q35", "devices", "panic-model-foreign", fixture);
        assert_eq!(mended, "- <panic model='pseries'/>\n+ <panic model='isa'/>");
    }

    #[test]
    fn some_have_none_of_their_own() {
        let fixture = r#"
<panic/>
 ^^^^^ error[panic-model-foreign]: no model is written, and `riscv64` has no panic device of its own
"#;
        check_in("riscv64", "devices", CODES, fixture);
    }
}

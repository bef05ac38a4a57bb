//! `<tpm>`.

use super::function;
use crate::caps::Version;
use crate::edit;
use crate::finding::{Effect, Finding};
use crate::rules::{Facts, Findings, Listed, Need, Place, Rule, Supported, When, Word, offer, page};
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#tpm-device";
const ON: &[&str] = &["domain/devices/tpm"];

/// The rules.
pub const RULES: &[Rule] = &[
    TPM.rule("tpm-unsupported", page!("tpm-unsupported.md"), ON, DOCS),
    MODEL.rule("tpm-model-unlisted", page!("tpm-model-unlisted.md"), ON, DOCS),
    BACKEND.rule("tpm-backend-unlisted", page!("tpm-backend-unlisted.md"), ON, DOCS),
    function("tpm-version-unlisted", page!("tpm-version-unlisted.md"), &[Need::DomainCapabilities], ON, version, DOCS),
    function("tpm-version-unfit", page!("tpm-version-unfit.md"), &[], ON, unfit, DOCS),
];

const TPM: Supported = Supported { section: "devices/tpm", what: "a TPM", only: |_, _| true, binary_alone: true };

const MODEL: Listed = Listed {
    place: Place::Attribute("model"),
    section: "devices/tpm",
    list: "model",
    what: "TPM model",
    words: &[
        Word("tpm-tis", When::Define),
        Word("tpm-crb", When::Define),
        Word("tpm-spapr", When::Define),
        Word("spapr-tpm-proxy", When::Define),
    ],
    default: |facts, _| Some(model(facts)),
    binary_alone: true,
    better: &["tpm-crb", "tpm-tis", "tpm-spapr"],
    ..Listed::ROW
};

const BACKEND: Listed = Listed {
    place: Place::Child("backend", "type"),
    section: "devices/tpm",
    list: "backendModel",
    what: "TPM backend",
    words: &[Word("passthrough", When::Define), Word("emulator", When::Define), Word("external", When::Define)],
    binary_alone: true,
    ..Listed::ROW
};

/// What libvirt takes where no model is written.
fn model(facts: &Facts) -> &'static str {
    if facts.arch().is_some_and(|arch| arch.starts_with("ppc64")) { "tpm-spapr" } else { "tpm-tis" }
}

/// The emulator of a TPM, the only backend whose version matters.
fn emulator<'a>(facts: &Facts, tpm: Node<'a>) -> Option<Node<'a>> {
    tpm.child("backend").filter(|backend| backend.value("type") == Some("emulator") && facts.qemu())
}

fn version(facts: &Facts, tpm: Node, findings: &mut Findings) {
    let (Some(backend), Some(source)) = (emulator(facts, tpm), facts.sources.domain_caps) else { return };
    let Some(list) = source.said.list("devices/tpm", "backendVersion") else { return };
    let written = backend.attr("version");
    let tis = tpm.value("model").unwrap_or_else(|| model(facts)) == "tpm-tis";
    let value = written.map_or(if tis && facts.x86() { "1.2" } else { "2.0" }, |attr| attr.value());
    if !matches!(value, "1.2" | "2.0") || list.has(value) {
        return;
    }
    let finding = match written {
        Some(attr) => findings.at(attr.value_span(), format!("the TPM emulator of this host has no version {value}")),
        None => findings
            .at(backend.name_span(), format!("no version is written, which means {value}, and the TPM emulator of this host lacks it")),
    };
    finding.evidence(source.id, list.span, offer(list));
    if let Some(other) = list.values.first() {
        offer_version(finding, backend, &other.value);
    }
}

fn offer_version(finding: &mut Finding, backend: Node, version: &str) {
    finding.fix(format!("Use version {version}"), Effect::ChangesGuest, vec![edit::set_attribute(backend, "version", version)]);
}

/// Version 1.2 has one interface, and only PCs have that; libvirt's 12.8.0 refuses all others, 9.0.0 those named here.
fn unfit(facts: &Facts, tpm: Node, findings: &mut Findings) {
    let Some(backend) = emulator(facts, tpm) else { return };
    let Some(attr) = backend.attr("version").filter(|attr| attr.value() == "1.2") else { return };
    let source = facts.sources.domain_caps;
    if source.and_then(|source| source.said.list("devices/tpm", "backendVersion")).is_some_and(|list| !list.has("1.2")) {
        return;
    }
    let Some(arch) = facts.arch() else { return };
    let model = tpm.value("model").unwrap_or_else(|| model(facts));
    let listed = source.and_then(|source| source.said.list("devices/tpm", "model")).is_none_or(|list| list.has(model));
    let strict = facts.since(Version(12, 8, 0));
    let refused = matches!(model, "tpm-crb" | "tpm-spapr") || facts.arm_virt() || strict && !facts.x86();
    if refused && listed {
        let message = format!("a TPM of version 1.2 exists as `tpm-tis` of a PC alone, this is `{model}` on `{arch}`");
        offer_version(findings.at(attr.value_span(), message), backend, "2.0");
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["tpm-unsupported", "tpm-model-unlisted", "tpm-backend-unlisted", "tpm-version-unlisted", "tpm-version-unfit"];

    #[test]
    fn some_emulators_have_no_tpm() {
        let fixture = r#"
<tpm model='tpm-tis'>
 ^^^ error[tpm-unsupported]: this host does not support a TPM
 | domcaps.xml: `devices/tpm` is not supported
 | fix: Remove `<tpm>` (changes guest)
  <backend type='emulator' version='2.0'/>
</tpm>
"#;
        check_in("s390x", "devices", CODES, fixture);
        let mended = mended_in("s390x", "devices", "tpm-unsupported", fixture);
        assert_eq!(mended, "- <tpm model='tpm-tis'>\n- <backend type='emulator' version='2.0'/>\n- </tpm>");
    }

    #[test]
    fn a_model_belongs_to_its_architecture() {
        let fixture = r#"
<tpm model='tpm-crb'>
            ^^^^^^^ error[tpm-model-unlisted]: this host offers no TPM model `tpm-crb`
            | domcaps.xml: offered: `tpm-tis`
            | fix: Use tpm-tis (changes guest)
  <backend type='emulator' version='2.0'/>
</tpm>
"#;
        check_in("aarch64", "devices", CODES, fixture);
        let mended = mended_in("aarch64", "devices", "tpm-model-unlisted", fixture);
        assert_eq!(mended, "- <tpm model='tpm-crb'>\n+ <tpm model='tpm-tis'>");
    }

    #[test]
    fn the_default_model_must_be_there_too() {
        let fixture = r#"
<tpm>
 ^^^ error[tpm-model-unlisted]: no TPM model is written, which means `tpm-tis`, and this host does not offer that
 | domcaps.xml: offered: `tpm-crb`
 | fix: Use tpm-crb (changes guest)
  <backend type='emulator' version='2.0'/>
</tpm>
"#;
        check_in("qemu-q35+without-tpm-tis", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35+without-tpm-tis", "devices", "tpm-model-unlisted", fixture);
        assert_eq!(mended, "- <tpm>\n+ <tpm model='tpm-crb'>");
    }

    #[test]
    fn swtpm_may_be_missing() {
        let fixture = r#"
<tpm model='tpm-crb'>
  <backend type='external'/>
                 ^^^^^^^^ error[tpm-backend-unlisted]: this host offers no TPM backend `external`
                 | domcaps.xml: offered: `passthrough`, `emulator`
</tpm>
"#;
        check_in("qemu-q35+without-external", "devices", CODES, fixture);
    }

    #[test]
    fn a_version_may_be_missing() {
        let fixture = r#"
<tpm model='tpm-tis'>
  <backend type='emulator' version='2.0'/>
                                    ^^^ error[tpm-version-unlisted]: the TPM emulator of this host has no version 2.0
                                    | domcaps.xml: offered: `1.2`
                                    | fix: Use version 1.2 (changes guest)
</tpm>
"#;
        check_in("qemu-q35+without-2.0", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35+without-2.0", "devices", "tpm-version-unlisted", fixture);
        assert_eq!(mended, "- <backend type='emulator' version='2.0'/>\n+ <backend type='emulator' version='1.2'/>");
    }

    #[test]
    fn no_version_means_1_2_with_tis_on_a_pc() {
        let fixture = r#"
<tpm>
  <backend type='emulator'/>
   ^^^^^^^ error[tpm-version-unlisted]: no version is written, which means 1.2, and the TPM emulator of this host lacks it
   | domcaps.xml: offered: `2.0`
   | fix: Use version 2.0 (changes guest)
</tpm>
"#;
        check_in("qemu-q35+without-1.2", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35+without-1.2", "devices", "tpm-version-unlisted", fixture);
        assert_eq!(mended, "- <backend type='emulator'/>\n+ <backend type='emulator' version='2.0'/>");
    }

    #[test]
    fn elsewhere_it_means_2_0() {
        let fixture = r#"
<tpm model='tpm-crb'>
  <backend type='emulator'/>
</tpm>
"#;
        check_in("qemu-q35+without-1.2", "devices", CODES, fixture);
    }

    #[test]
    fn only_the_emulator_has_versions() {
        let fixture = r#"
<tpm model='tpm-tis'>
  <backend type='passthrough'/>
</tpm>
"#;
        check_in("qemu-q35+without-1.2", "devices", CODES, fixture);
    }

    #[test]
    fn version_1_2_is_tis_of_a_pc() {
        let fixture = r#"
<tpm model='tpm-crb'>
  <backend type='emulator' version='1.2'/>
                                    ^^^ error[tpm-version-unfit]: a TPM of version 1.2 exists as `tpm-tis` of a PC alone, this is `tpm-crb` on `x86_64`
                                    | fix: Use version 2.0 (changes guest)
</tpm>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "tpm-version-unfit", fixture);
        assert_eq!(mended, "- <backend type='emulator' version='1.2'/>\n+ <backend type='emulator' version='2.0'/>");
    }

    #[test]
    fn on_arm_there_is_none() {
        let fixture = r#"
<tpm>
  <backend type='emulator' version='1.2'/>
                                    ^^^ error[tpm-version-unfit]: a TPM of version 1.2 exists as `tpm-tis` of a PC alone, this is `tpm-tis` on `aarch64`
                                    | fix: Use version 2.0 (changes guest)
</tpm>
"#;
        check_in("9.0.0:aarch64", "devices", CODES, fixture);
    }

    #[test]
    fn others_were_not_asked_at_9_0_0() {
        let fixture = r#"
<tpm>
  <backend type='emulator' version='1.2'/>
</tpm>
"#;
        check_in("9.0.0:riscv64", "devices", CODES, fixture);
    }
}

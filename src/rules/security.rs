//! `<launchSecurity>`: memory that the host cannot read.

pub mod label;
pub mod launch;

use super::{Check, Facts, Findings, Need, Rule, offer, page};
use crate::caps::Version;
use crate::edit;
use crate::finding::{DocumentId, Effect, Phase, Severity};
use crate::text::Span;
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#launch-security";
const ON: &[&str] = &["domain/launchSecurity"];

/// The rules.
pub const RULES: &[Rule] = &[
    Rule {
        code: "launch-security-unavailable",
        severity: Severity::Error,
        phase: Phase::Define,
        needs: &[Need::EmulatorCapabilities],
        on: ON,
        check: Check::Function(unavailable),
        page: page!("security/launch-security-unavailable.md"),
        docs: DOCS,
    },
    Rule {
        code: "launch-security-foreign",
        severity: Severity::Error,
        phase: Phase::Define,
        needs: &[],
        on: ON,
        check: Check::Function(foreign),
        page: page!("security/launch-security-foreign.md"),
        docs: DOCS,
    },
];

/// The architecture of a kind of launch security.
fn home(kind: &str) -> Option<&'static str> {
    match kind {
        "sev" | "sev-snp" | "tdx" => Some("x86_64"),
        "s390-pv" => Some("s390x"),
        _ => None,
    }
}

fn foreign(facts: &Facts, node: Node, findings: &mut Findings) {
    let (Some(kind), Some(arch)) = (node.attr("type").filter(|_| facts.qemu()), facts.arch()) else { return };
    if let Some(home) = home(kind.value()).filter(|home| *home != arch && !(facts.x86() && *home == "x86_64")) {
        findings.at(kind.value_span(), format!("`{}` exists on `{home}` alone, this domain is `{arch}`", kind.value()));
    }
}

/// Where a document says that the host does not offer this kind: the list, since libvirt 10.5.0; else the section of the kind itself.
fn denied(facts: &Facts, kind: &str) -> Option<(DocumentId, Span, String)> {
    home(kind).filter(|home| facts.arch() == Some(home))?;
    let section = match kind {
        "sev" | "sev-snp" => "features/sev",
        "tdx" => "features/tdx",
        _ => "features/s390-pv",
    };
    let said = facts.binary().find_map(|source| {
        let said = source.said;
        if let Some(list) = said.list("features/launchSecurity", "sectype") {
            return Some((!list.has(kind)).then(|| (source.id, list.span, offer(list))));
        }
        let section = said.section("features/launchSecurity").or_else(|| said.section(section))?;
        let no = |span| (source.id, span, format!("`{}` is not supported", section.path));
        Some(section.answer().denied().map(no))
    });
    said.flatten()
}

fn unavailable(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(kind) = node.attr("type").filter(|_| facts.qemu()) else { return };
    if let Some((id, span, says)) = denied(facts, kind.value()) {
        let finding =
            findings.at(kind.value_span(), format!("this host offers no launch security `{}`", kind.value())).evidence(id, span, says);
        finding.fix("Remove `<launchSecurity>`", Effect::ChangesGuest, vec![edit::remove(node)]);
        // 11.3.0 asks for less than its list says, 12.8.0 for as much
        if kind.value() == "sev-snp" && !facts.since(Version(12, 8, 0)) {
            finding.phase(Phase::Start).likely();
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["launch-security-unavailable", "launch-security-foreign"];

    #[test]
    fn what_the_host_lacks_is_refused() {
        let fixture = r#"
<launchSecurity type='tdx'/>
                      ^^^ error[launch-security-unavailable]: this host offers no launch security `tdx`
                      | domcaps.xml: `features/launchSecurity` is not supported
                      | fix: Remove `<launchSecurity>` (changes guest)
"#;
        check_in("kvm-q35", "", CODES, fixture);
        let mended = mended_in("kvm-q35", "", "launch-security-unavailable", fixture);
        assert_eq!(mended, "- <launchSecurity type='tdx'/>");
    }

    #[test]
    fn before_10_5_0_the_section_of_the_kind_tells() {
        let fixture = r#"
<launchSecurity type='s390-pv'/>
                      ^^^^^^^ error[launch-security-unavailable]: this host offers no launch security `s390-pv`
                      | domcaps.xml: `features/s390-pv` is not supported
                      | fix: Remove `<launchSecurity>` (changes guest)
"#;
        check_in("9.0.0:s390x", "", CODES, fixture);
    }

    #[test]
    fn sev_snp_may_pass_define() {
        let fixture = r#"
<launchSecurity type='sev-snp'/>
                      ^^^^^^^ warning[launch-security-unavailable]: this host offers no launch security `sev-snp`
                      | domcaps.xml: `features/sev` is not supported
                      | fix: Remove `<launchSecurity>` (changes guest)
"#;
        assert_eq!(check_in("9.0.0:kvm-q35", "", CODES, fixture), ["start"]);
    }

    #[test]
    fn each_kind_has_its_architecture() {
        let fixture = r#"
<launchSecurity type='s390-pv'/>
                      ^^^^^^^ error[launch-security-foreign]: `s390-pv` exists on `s390x` alone, this domain is `x86_64`
"#;
        check_in("kvm-q35", "", CODES, fixture);
    }

    #[test]
    fn what_the_host_offers_is_fine() {
        let fixture = "<launchSecurity type='sev'/>";
        check_in("kvm-q35+sev", "", CODES, fixture);
    }
}

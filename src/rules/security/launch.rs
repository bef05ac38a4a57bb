//! `<launchSecurity>`: what goes with it whatever the host.
//!
//! Source: libvirt's `virDomainDefLaunchSecurityValidate` since 10.5.0, and what a 9.0.0 daemon says to a policy; QEMU 7.2 and its
//! `tdx_pre_create_vcpu` for what is found out at start.

use super::{denied, home};
use crate::edit;
use crate::finding::{Effect, Phase};
use crate::rules::{Facts, Findings, Rule, page};
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#launch-security";
const ON: &[&str] = &["domain/launchSecurity"];

/// The rules.
pub const RULES: &[Rule] = &[
    Rule::define("launch-security-value-bad", ON, values, page!("launch-security-value-bad.md"), DOCS),
    Rule {
        phase: Phase::Start,
        ..Rule::define("launch-security-without-kvm", ON, emulated, page!("launch-security-without-kvm.md"), DOCS)
    },
];

/// Bytes that stand in Base64: of SEV-SNP libvirt counts them, of TDX QEMU does.
const BYTES: &[(&str, &str, usize, Phase)] = &[
    ("sev-snp", "guestVisibleWorkarounds", 16, Phase::Define),
    ("sev-snp", "idBlock", 96, Phase::Define),
    ("sev-snp", "idAuth", 4096, Phase::Define),
    ("sev-snp", "hostData", 32, Phase::Define),
    ("tdx", "mrConfigId", 48, Phase::Start),
    ("tdx", "mrOwner", 48, Phase::Start),
    ("tdx", "mrOwnerConfig", 48, Phase::Start),
];

fn values(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(kind) = node.value("type").filter(|_| facts.qemu()) else { return };
    for (_, name, bytes, phase) in BYTES.iter().filter(|row| row.0 == kind) {
        // an empty one counts as none
        let Some(text) = node.child(name).and_then(Node::text).filter(|text| !text.value.is_empty()) else { continue };
        let own = decoded(text.value);
        if own != *bytes {
            findings.at(text.span, format!("`{name}` is {bytes} bytes in Base64, and this is {own}")).phase(*phase);
        }
    }
    let bits = if kind == "sev" { 32 } else { 64 };
    let Some(text) = node.child("policy").and_then(Node::text) else { return };
    let digits = text.value.trim_start_matches("0x").trim_start_matches('0');
    if digits.len() * 4 > bits && digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        findings.at(text.span, format!("the policy of `{kind}` has {bits} bits, and this has more"));
    }
}

/// How many bytes libvirt, by GLib, reads out of Base64: whole groups of four characters count, what is no such character is passed over.
fn decoded(text: &str) -> usize {
    let own = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    let characters: Vec<u8> = text.bytes().filter(own).collect();
    let group = |group: &[u8]| 3 - group.iter().skip(2).filter(|byte| **byte == b'=').count();
    characters.chunks_exact(4).map(group).sum()
}

/// QEMU gets the protection from KVM, and aborts without.
fn emulated(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(kind) = node.attr("type").filter(|_| facts.subject.domain_type() == Some("qemu")) else { return };
    let at_home = home(kind.value()).is_some_and(|home| facts.arch() == Some(home));
    if at_home && denied(facts, kind.value()).is_none() {
        let message = format!("`{}` is made by KVM: a `qemu` domain is emulated and does not start with it", kind.value());
        let finding = findings.at(kind.value_span(), message);
        finding.fix("Remove `<launchSecurity>`", Effect::ChangesGuest, vec![edit::remove(node)]);
    }
}

#[cfg(test)]
mod tests {
    use super::decoded;
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["launch-security-value-bad", "launch-security-without-kvm", "launch-security-unavailable"];

    #[test]
    fn base64_is_read_in_groups_of_four() {
        let lengths = ["", "YQ==", "YWI=", "YWJj", "YWJj\n YWJj", "YWJjZA", "xxx"].map(decoded);
        assert_eq!(lengths, [0, 1, 2, 3, 6, 3, 0]);
    }

    #[test]
    fn blocks_have_their_length() {
        let fixture = r#"
<launchSecurity type='sev-snp'>
  <policy>0x00030000</policy>
  <guestVisibleWorkarounds>bGlidmlydGxpYnZpcnRsaQ==</guestVisibleWorkarounds>
  <idBlock>bGlidmlydGxpYnZpcnRsaQ==</idBlock>
           ^^^^^^^^^^^^^^^^^^^^^^^^ error[launch-security-value-bad]: `idBlock` is 96 bytes in Base64, and this is 16
  <idAuth></idAuth>
  <hostData>bGlidmlydGxpYnZpcnRsaWJ2aXJ0bGlidmlydGxpYnY=</hostData>
</launchSecurity>
"#;
        assert_eq!(check_in("none", "", CODES, fixture), ["define"]);
        let fixture = r#"
<launchSecurity type='tdx'>
  <mrConfigId>ASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4mrze8BI0VniavN7wEjRWeJq83v</mrConfigId>
  <mrOwner>ASNFZ4mrze8BI0VniavN7wEjRWeJq83v</mrOwner>
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[launch-security-value-bad]: `mrOwner` is 48 bytes in Base64, and this is 24
</launchSecurity>
"#;
        assert_eq!(check_in("none", "", CODES, fixture), ["start"]);
    }

    #[test]
    fn policies_have_their_bits() {
        let fixture = r#"
<launchSecurity type='sev'>
  <policy>0x100000000</policy>
          ^^^^^^^^^^^ error[launch-security-value-bad]: the policy of `sev` has 32 bits, and this has more
</launchSecurity>
"#;
        check_in("none", "", CODES, fixture);
        check_in("none", "", CODES, "<launchSecurity type='sev'><policy>0x00000000ffffffff</policy></launchSecurity>");
        check_in("none", "", CODES, "<launchSecurity type='sev-snp'><policy>0x100030000</policy></launchSecurity>");
    }

    #[test]
    fn an_emulated_guest_has_no_protection() {
        let fixture = r#"
<domain type='qemu'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <launchSecurity type='sev'><policy>0x0003</policy></launchSecurity>
                        ^^^ error[launch-security-without-kvm]: `sev` is made by KVM: a `qemu` domain is emulated and does not start with it
                        | fix: Remove `<launchSecurity>` (changes guest)
</domain>
"#;
        assert_eq!(check_in("none", "", CODES, fixture), ["start"]);
        mended_in("none", "", "launch-security-without-kvm", fixture);
        check_in("none", "", CODES, "<launchSecurity type='sev'><policy>0x0003</policy></launchSecurity>");
        // what the host lacks anyway is told once
        let fixture = r#"
<launchSecurity type='sev'><policy>0x0003</policy></launchSecurity>
                      ^^^ error[launch-security-unavailable]: this host offers no launch security `sev`
                      | domcaps.xml: `features/launchSecurity` is not supported
                      | fix: Remove `<launchSecurity>` (changes guest)
"#;
        check_in("qemu-q35", "", CODES, fixture);
    }
}

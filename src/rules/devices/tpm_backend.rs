//! `<tpm>`: what stands behind it.

use super::rows;
use crate::rules::{Facts, Mend, Refused, Rule, page};
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#tpm-device";

/// The rules.
pub const RULES: &[Rule] = &[rows("tpm-backend-unfit", page!("tpm-backend-unfit.md"), BACKEND, ON, DOCS)];

const ON: &[&str] = &["domain/devices/tpm/backend", "domain/devices/tpm/backend/active_pcr_banks"];

const BACKEND: &[Refused] = &[
    Refused {
        attr: "type",
        when: |facts, backend, kind| kind != "passthrough" && model(backend) == Some("spapr-tpm-proxy") && ppc(facts),
        why: "a TPM proxy hands out the host's TPM: its backend is `passthrough`, not `{}`",
        mend: Mend::No,
    },
    Refused {
        attr: "type",
        when: |_, backend, kind| kind == "external" && backend.child("source").is_none_or(|source| source.attr("type").is_none()),
        why: "an `{}` TPM listens at a socket, and `<source type='unix' …>` is missing",
        mend: Mend::No,
    },
    Refused {
        attr: "",
        when: |_, node, _| {
            let old = |backend: Node| backend.value("type") == Some("emulator") && backend.value("version") == Some("1.2");
            node.name() == "active_pcr_banks" && node.elements().next().is_some() && node.parent().is_some_and(old)
        },
        why: "banks of registers are chosen for a TPM of version 2.0, and this is 1.2",
        mend: Mend::Remove,
    },
];

fn model(backend: Node<'_>) -> Option<&str> {
    backend.parent()?.value("model")
}

fn ppc(facts: &Facts) -> bool {
    facts.arch().is_some_and(|arch| arch.starts_with("ppc64"))
}

#[cfg(test)]
mod tests {
    use crate::support::check_in;

    #[test]
    fn a_tpm_with_the_wrong_half_behind_it() {
        let fixture = r#"
<tpm model='tpm-crb'>
  <backend type='external'/>
                 ^^^^^^^^ error[tpm-backend-unfit]: an `external` TPM listens at a socket, and `<source type='unix' …>` is missing
</tpm>
"#;
        check_in("kvm-q35", "devices", &["tpm-backend-unfit"], fixture);
    }

    #[test]
    fn banks_are_of_version_2() {
        let fixture = r#"
<tpm model='tpm-tis'>
  <backend type='emulator' version='1.2'>
    <active_pcr_banks>
     ^^^^^^^^^^^^^^^^ error[tpm-backend-unfit]: banks of registers are chosen for a TPM of version 2.0, and this is 1.2
     | fix: Remove `<active_pcr_banks>` (changes guest)
      <sha256/>
    </active_pcr_banks>
  </backend>
</tpm>
"#;
        check_in("kvm-q35", "devices", &["tpm-backend-unfit"], fixture);
    }

    #[test]
    fn a_proxy_is_no_emulator() {
        let fixture = r#"
<tpm model='spapr-tpm-proxy'>
  <backend type='emulator' version='2.0'/>
                 ^^^^^^^^ error[tpm-backend-unfit]: a TPM proxy hands out the host's TPM: its backend is `passthrough`, not `emulator`
</tpm>
"#;
        check_in("ppc64", "devices", &["tpm-backend-unfit"], fixture);
    }

    #[test]
    fn it_is_fine_without_a_tpm_with_the_wrong_half_behind_it() {
        let fixture = r#"
<tpm model='tpm-crb'>
  <backend type='external'>
    <source type='unix' mode='connect' path='/run/swtpm.sock'/>
  </backend>
</tpm>
"#;
        check_in("kvm-q35", "devices", &["tpm-backend-unfit"], fixture);
    }
}

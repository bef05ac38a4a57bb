//! `<hyperv mode='host-model'>`.

use super::{Check, Facts, Findings, Rule};
use crate::caps::Version;
use crate::finding::{Phase, Severity};
use crate::rules::page;
use crate::xml::Node;

pub const RULE: Rule = Rule {
    code: "cpu-hyperv-host-model",
    severity: Severity::Info,
    phase: Phase::Advice,
    needs: &[],
    on: &["domain/features/hyperv"],
    check: Check::Function(host_model),
    page: page!("cpu-hyperv-host-model.md"),
    docs: "https://libvirt.org/formatdomain.html#hypervisor-features",
};

fn host_model(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(mode) = node.attr("mode").filter(|mode| mode.value() == "host-model") else { return };
    if !facts.qemu() {
        return;
    }
    if facts.before(Version(11, 9, 0)) {
        let message = "libvirt knows the Hyper-V mode `host-model` from 11.9.0 on: this one refuses it";
        findings.at(mode.value_span(), message).severity(Severity::Error).phase(Phase::Define);
        return;
    }
    let finding = findings.at(mode.value_span(), "each start takes the Hyper-V features that its host can do: the next may differ");
    let Some(caps) = facts.sources.domain_caps else { return };
    if let Some(list) = caps.said.list("features/hyperv", "features") {
        let names: Vec<_> = list.values.iter().map(|said| said.value.as_str()).collect();
        finding.evidence(caps.id, list.span, format!("here: {}", names.join(", ")));
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check, codes};

    #[test]
    fn the_hosts_set_is_this_starts_set() {
        let xml = "<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <features>
    <hyperv mode='host-model'/>
  </features>
</domain>
";
        check(
            "kvm-q35",
            &["cpu-hyperv-host-model"],
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <features>
    <hyperv mode='host-model'/>
                  ^^^^^^^^^^ info[cpu-hyperv-host-model]: each start takes the Hyper-V features that its host can do: the next may differ
                  | domcaps.xml: here: spinlocks, vendor_id
  </features>
</domain>
",
        );
        check(
            "9.0.0:kvm-q35",
            &["cpu-hyperv-host-model"],
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <features>
    <hyperv mode='host-model'/>
                  ^^^^^^^^^^ error[cpu-hyperv-host-model]: libvirt knows the Hyper-V mode `host-model` from 11.9.0 on: this one refuses it
  </features>
</domain>
",
        );
        check(
            "none",
            &["cpu-hyperv-host-model"],
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <features>
    <hyperv mode='host-model'/>
                  ^^^^^^^^^^ info[cpu-hyperv-host-model]: each start takes the Hyper-V features that its host can do: the next may differ
  </features>
</domain>
",
        );
        assert!(!codes("kvm-q35", &xml.replace("host-model", "passthrough")).contains(&"cpu-hyperv-host-model"));
    }
}

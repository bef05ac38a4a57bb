//! `memory`: more than the host has.

use super::size;
use crate::finding::{Phase, Severity};
use crate::rules::{Check, Facts, Findings, Need, Rule, page};
use crate::xml::Node;

/// The rules of this file.
pub const RULES: &[Rule] = &[EXCEEDS_HOST];

const EXCEEDS_HOST: Rule = Rule {
    code: "memory-exceeds-host",
    severity: Severity::Warning,
    phase: Phase::Start,
    needs: &[Need::Capabilities],
    on: &["domain/memory"],
    check: Check::Function(exceeds_host),
    page: page!("memory-exceeds-host.md"),
    docs: "https://libvirt.org/formatdomain.html#memory-allocation",
};

fn exceeds_host(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(source) = facts.sources.host_caps else { return };
    let cells = &source.said.cells;
    // where a node does not tell its memory, the host's is not known
    let Some(host) = cells.iter().try_fold(0, |sum: u64, cell| sum.checked_add(cell.memory_kib.as_ref()?.value)) else { return };
    let Some((text, own)) = size::of_text(node) else { return };
    // with guest NUMA nodes libvirt takes their sum instead
    let guest = numa_sum(facts.subject.cpu).unwrap_or(own);
    if guest <= host || host == 0 {
        return;
    }
    let message = format!("the guest asks for {}, more than this host has: {}", size::written(guest), size::written(host));
    let finding = findings.at(text.span, message);
    finding.likely();
    for memory in cells.iter().filter_map(|cell| cell.memory_kib.as_ref()) {
        finding.evidence(source.id, memory.span, format!("{} on this NUMA node", size::written(memory.value)));
    }
}

fn numa_sum(cpu: Option<Node>) -> Option<u64> {
    let numa = cpu?.child("numa")?;
    let mut cells = numa.children("cell").peekable();
    cells.peek()?;
    cells.try_fold(0, |sum: u64, cell| sum.checked_add(size::kib(cell.value("memory")?, cell.value("unit"))?))
}

#[cfg(test)]
mod tests {
    use crate::support::{check, codes};

    #[test]
    fn more_memory_than_the_host_has_is_likely_refused() {
        check(
            "kvm-q35",
            &["memory-exceeds-host"],
            r"
<domain type='kvm'>
  <memory unit='GiB'>64</memory>
                     ^^ warning[memory-exceeds-host]: the guest asks for 64 GiB, more than this host has: 23.5 GiB
                     | capabilities.xml: 23.5 GiB on this NUMA node
</domain>",
        );
    }

    #[test]
    fn guest_numa_nodes_count_in_its_place() {
        check(
            "kvm-q35",
            &["memory-exceeds-host"],
            r"
<domain type='kvm'>
  <memory unit='GiB'>1</memory>
                     ^ warning[memory-exceeds-host]: the guest asks for 33 GiB, more than this host has: 23.5 GiB
                     | capabilities.xml: 23.5 GiB on this NUMA node
  <cpu>
    <numa>
      <cell id='0' cpus='0' memory='32' unit='GiB'/>
      <cell id='1' cpus='1' memory='1048576'/>
    </numa>
  </cpu>
</domain>",
        );
    }

    #[test]
    fn what_fits_and_what_cannot_be_read_is_silent() {
        for memory in ["<memory unit='MiB'>4096</memory>", "<memory unit='foo'>64000000</memory>", "<memory>much</memory>"] {
            assert!(!codes("kvm-q35", &format!("<domain type='kvm'>{memory}</domain>")).contains(&"memory-exceeds-host"), "{memory}");
        }
    }
}

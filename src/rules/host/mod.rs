//! Rules against what `virsh capabilities` says: the guests the host can run, and the host itself.

pub mod emulator;
pub mod guest;
pub mod hugepages;
pub mod machine;
pub mod memory;
pub mod numa;
mod offer;
pub mod pinning;
pub mod security;
pub mod set;
pub mod size;

use super::Facts;
pub use offer::Offer;

/// True where libvirt's QEMU driver takes the domain: what happens at a start was tried with it alone.
fn qemu(facts: &Facts) -> bool {
    matches!(facts.subject.domain_type(), Some("qemu" | "kvm" | "hvf"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain;
    use crate::rules::Rule;
    use crate::support::codes;

    const ALL: [&[Rule]; 8] =
        [guest::RULES, emulator::RULES, machine::RULES, memory::RULES, hugepages::RULES, numa::RULES, pinning::RULES, security::RULES];

    #[test]
    fn each_of_the_fourteen_rules_speaks_alone_and_falls_silent() {
        let own: Vec<_> = ALL.iter().flat_map(|rules| rules.iter()).map(|rule| rule.code).collect();
        assert_eq!(own.len(), 14);
        for code in &own {
            for example in explain::page(code).unwrap().examples {
                let host = example.words.iter().find_map(|word| word.strip_prefix("host=")).unwrap();
                let mut found = codes(host, &example.xml);
                found.retain(|found| own.contains(found));
                assert_eq!(found, if example.bad { vec![*code] } else { Vec::new() }, "{code}");
            }
        }
    }
}

//! Settings of features of Hyper-V and KVM that the schema leaves open.

use super::DOCS;
use crate::caps::Version;
use crate::edit;
use crate::finding::Effect;
use crate::rules::{Facts, Findings, Rule, any_base, page};
use crate::xml::Node;

/// The rules.
pub const RULES: &[Rule] = &[
    Rule::define("hyperv-setting-invalid", HYPERV, hyperv, page!("hyperv-setting-invalid.md"), DOCS),
    Rule::define("kvm-dirty-ring-invalid", &["domain/features/kvm/dirty-ring"], ring, page!("kvm-dirty-ring-invalid.md"), DOCS),
];

const HYPERV: &[&str] = &["domain/features/hyperv/spinlocks", "domain/features/hyperv/vendor_id"];

/// As often as Windows itself would try at least.
const RETRIES: u64 = 4095;

fn hyperv(facts: &Facts, node: Node, findings: &mut Findings) {
    if node.value("state") != Some("on") {
        return;
    }
    if node.name() == "vendor_id" {
        if node.attr("value").is_none() {
            let finding = findings.at(node.name_span(), "nothing says in `value` which vendor it is");
            finding.fix("Name one", Effect::ChangesGuest, vec![edit::set_attribute(node, "value", "KVM Hv")]);
        }
        return;
    }
    let finding = match node.attr("retries") {
        // 11.9.0 takes that as never, say its news
        None if !facts.before(Version(11, 9, 0)) => return,
        None => findings.at(node.name_span(), "nothing says in `retries` how often the guest tries before it yields"),
        Some(attr) if any_base(attr.value()).is_some_and(|retries| retries < RETRIES) => {
            findings.at(attr.value_span(), format!("the guest tries at least {RETRIES} times before it yields"))
        }
        Some(_) => return,
    };
    finding.fix("Use 8191", Effect::ChangesGuest, vec![edit::set_attribute(node, "retries", "8191")]);
}

fn ring(_: &Facts, node: Node, findings: &mut Findings) {
    if node.value("state") != Some("on") {
        return;
    }
    let finding = match node.attr("size") {
        None => findings.at(node.name_span(), "nothing says in `size` how many pages the ring holds"),
        Some(attr) => {
            let fits = |size: u64| size.is_power_of_two() && (1024..=65536).contains(&size);
            if any_base(attr.value()).is_none_or(fits) {
                return;
            }
            findings.at(attr.value_span(), "the ring holds a power of two of pages, from 1024 to 65536")
        }
    };
    finding.fix("Use 4096", Effect::Safe, vec![edit::set_attribute(node, "size", "4096")]);
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["hyperv-setting-invalid", "kvm-dirty-ring-invalid"];

    #[test]
    fn spinlocks_are_tried_often() {
        let fixture = r#"
<hyperv>
  <spinlocks state='on' retries='4094'/>
                                 ^^^^ error[hyperv-setting-invalid]: the guest tries at least 4095 times before it yields
                                 | fix: Use 8191 (changes guest)
  <vendor_id state='on'/>
   ^^^^^^^^^ error[hyperv-setting-invalid]: nothing says in `value` which vendor it is
   | fix: Name one (changes guest)
</hyperv>
"#;
        check_in("qemu-q35", "features", CODES, fixture);
        mended_in("qemu-q35", "features", "hyperv-setting-invalid", fixture);
        let never = "<hyperv>\n  <spinlocks state='on'/>\n";
        let mark = "   ^^^^^^^^^ error[hyperv-setting-invalid]: nothing says in `retries` how often the guest tries before it yields\n   | fix: Use 8191 (changes guest)\n";
        check_in("9.0.0:qemu-q35", "features", CODES, &format!("{never}{mark}</hyperv>"));
        check_in("qemu-q35", "features", CODES, &format!("{never}</hyperv>"));
        let fine = "<hyperv>\n  <spinlocks state='on' retries='0x1fff'/>\n  <vendor_id state='off'/>\n</hyperv>";
        check_in("qemu-q35", "features", CODES, fine);
    }

    #[test]
    fn a_ring_is_a_power_of_two() {
        let fixture = r#"
<kvm>
  <dirty-ring state='on' size='4097'/>
                               ^^^^ error[kvm-dirty-ring-invalid]: the ring holds a power of two of pages, from 1024 to 65536
                               | fix: Use 4096
</kvm>
"#;
        check_in("kvm-q35", "features", CODES, fixture);
        mended_in("kvm-q35", "features", "kvm-dirty-ring-invalid", fixture);
        check_in("kvm-q35", "features", CODES, "<kvm>\n  <dirty-ring state='on' size='4096'/>\n</kvm>");
        check_in("kvm-q35", "features", CODES, "<kvm>\n  <dirty-ring state='off' size='1'/>\n</kvm>");
    }
}

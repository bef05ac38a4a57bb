//! `<cache>`: what the guest is told of its processor's caches.

use super::{Asked, DOCS, Facts, Findings, Look, Rule, arch};
use crate::edit::{remove, remove_attribute, replace, set_attribute};
use crate::finding::Effect;
use crate::rules::page;
use crate::xml::Node;

const fn on_cache(code: &'static str, look: Look, page: &'static str) -> Rule {
    Rule::define(code, &["domain/cpu/cache"], look, page, DOCS)
}

pub const PASSTHROUGH: Rule = on_cache("cpu-cache-passthrough", passthrough, page!("cpu-cache-passthrough.md"));

fn passthrough(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(mode) = node.attr("mode").filter(|mode| mode.value() == "passthrough") else { return };
    let Some(asked) = Asked::around(facts, node).filter(|asked| !asked.whole() && facts.qemu()) else { return };
    let message = format!("the host's caches can be passed with host-passthrough or maximum, not with `{}`", asked.mode.word());
    let finding = findings.at(mode.value_span(), message);
    finding.fix("Remove `<cache>`", Effect::Safe, vec![remove(node)]);
    if super::kvm(facts) && arch(facts).is_some() && asked.cpu.child("model").is_none() {
        finding.fix("Use host-passthrough", Effect::ChangesGuest, vec![set_attribute(asked.cpu, "mode", "host-passthrough")]);
    }
}

pub const LEVEL: Rule = on_cache("cpu-cache-level", level, page!("cpu-cache-level.md"));

fn level(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(asked) = Asked::around(facts, node).filter(|_| facts.qemu()) else { return };
    let Some(level) = node.attr("level") else {
        // tried on 9.0.0, 11.3.0, 12.8.0
        if node.value("mode") == Some("emulate") {
            let finding = findings.at(node.name_span(), "QEMU emulates a cache of level 3, and `level` is missing");
            finding.fix("Use level 3", Effect::ChangesGuest, vec![set_attribute(node, "level", "3")]);
        }
        return;
    };
    match node.value("mode") {
        Some("emulate") if level.value() != "3" && level.value().parse::<u32>().is_ok() => {
            let message = format!("QEMU emulates a cache of level 3, not of level {}", level.value());
            findings.at(level.value_span(), message).fix("Use level 3", Effect::ChangesGuest, vec![replace(level.value_span(), "3")]);
        }
        Some(mode @ ("passthrough" | "disable")) if mode == "disable" || asked.whole() => {
            let message = format!("`{mode}` concerns all caches: it takes no level");
            findings.at(level.name_span(), message).fix("Remove `level`", Effect::Safe, vec![remove_attribute(node, &level)]);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check, codes, fixed};

    fn domain(mode: &str, cache: &str) -> String {
        format!(
            "<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='{mode}'>
    {cache}
  </cpu>
</domain>
"
        )
    }

    #[test]
    fn caches_are_passed_with_the_whole_cpu() {
        let xml = domain("host-model", "<cache mode='passthrough' level='3'/>");
        check(
            "none",
            &["cpu-cache-passthrough", "cpu-cache-level"],
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='host-model'>
    <cache mode='passthrough' level='3'/>
                 ^^^^^^^^^^^ error[cpu-cache-passthrough]: the host's caches can be passed with host-passthrough or maximum, not with `host-model`
                 | fix: Remove `<cache>`
                 | fix: Use host-passthrough (changes guest)
  </cpu>
</domain>
",
        );
        assert_eq!(fixed("none", "cpu-cache-passthrough", &xml), xml.replace("    <cache mode='passthrough' level='3'/>\n", ""));
        for mode in ["host-passthrough", "maximum"] {
            assert!(!codes("none", &domain(mode, "<cache mode='passthrough'/>")).contains(&"cpu-cache-passthrough"));
        }
    }

    #[test]
    fn emulation_names_its_level() {
        check(
            "none",
            &["cpu-cache-level"],
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='host-model'>
    <cache mode='emulate'/>
     ^^^^^ error[cpu-cache-level]: QEMU emulates a cache of level 3, and `level` is missing
     | fix: Use level 3 (changes guest)
  </cpu>
</domain>
",
        );
    }

    #[test]
    fn a_level_goes_with_emulation() {
        let low = domain("host-model", "<cache mode='emulate' level='2'/>");
        check(
            "none",
            &["cpu-cache-level"],
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='host-model'>
    <cache mode='emulate' level='2'/>
                                 ^ error[cpu-cache-level]: QEMU emulates a cache of level 3, not of level 2
                                 | fix: Use level 3 (changes guest)
  </cpu>
</domain>
",
        );
        let rest = fixed("none", "cpu-cache-level", &low);
        assert_eq!(rest, low.replace("'2'", "'3'"));
        let off = domain("host-passthrough", "<cache mode='disable' level='3'/>");
        check(
            "none",
            &["cpu-cache-level"],
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='host-passthrough'>
    <cache mode='disable' level='3'/>
                          ^^^^^ error[cpu-cache-level]: `disable` concerns all caches: it takes no level
                          | fix: Remove `level`
  </cpu>
</domain>
",
        );
        let all = fixed("none", "cpu-cache-level", &off);
        assert_eq!(all, off.replace(" level='3'", ""));
        for silent in [rest, all] {
            assert!(!codes("none", &silent).contains(&"cpu-cache-level"));
        }
    }
}

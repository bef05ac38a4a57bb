//! `<maxphysaddr>`: how many bits a physical address of the guest has.

use super::{Asked, DOCS, Facts, Findings, Look, Rule, arch, libvirt, x86};
use crate::caps::{MaxPhysAddr, Said, Source, Version};
use crate::edit::{remove, remove_attribute, replace};
use crate::finding::{Effect, Phase, Severity};
use crate::rules::page;
use crate::xml::{Attr, Node};

const fn on_size(code: &'static str, phase: Phase, look: Look, page: &'static str) -> Rule {
    Rule { phase, ..Rule::define(code, &["domain/cpu/maxphysaddr"], look, page, DOCS) }
}

/// Whether the element is the one that counts, on an architecture that has it or an unknown one.
fn counts(facts: &Facts, node: Node) -> bool {
    let first = node.parent().and_then(|cpu| cpu.child("maxphysaddr")) == Some(node);
    first && facts.qemu() && Asked::around(facts, node).is_some()
}

pub const ARCH: Rule = on_size("cpu-maxphysaddr-arch", Phase::Define, not_here, page!("cpu-maxphysaddr-arch.md"));

fn not_here(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(arch) = arch(facts).filter(|_| x86(facts) == Some(false) && counts(facts, node)) else { return };
    findings.at(node.name_span(), format!("`<maxphysaddr>` is for x86: `{arch}` refuses it")).fix(
        "Remove `<maxphysaddr>`",
        Effect::Safe,
        vec![remove(node)],
    );
}

pub const BITS: Rule = on_size("cpu-maxphysaddr-bits", Phase::Define, bits, page!("cpu-maxphysaddr-bits.md"));

fn bits(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(mode) = node.attr("mode") else { return };
    if !counts(facts, node) || x86(facts) == Some(false) {
        return;
    }
    match (mode.value(), node.attr("bits")) {
        ("passthrough", Some(bits)) => {
            findings.at(bits.name_span(), "`bits` belongs to `emulate`: `passthrough` takes the host's own number").fix(
                "Remove `bits`",
                Effect::Safe,
                vec![remove_attribute(node, &bits)],
            );
        }
        // the documentation says since when it may be left out
        ("emulate", None) if facts.before(Version(9, 2, 0)) => {
            findings.at(node.name_span(), "`emulate` needs `bits`, the number to emulate").fix(
                "Use passthrough",
                Effect::ChangesGuest,
                vec![replace(mode.value_span(), "passthrough")],
            );
        }
        _ => {}
    }
}

pub const LIMIT: Rule = on_size("cpu-maxphysaddr-limit", Phase::Define, limit, page!("cpu-maxphysaddr-limit.md"));

fn limit(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(limit) = node.attr("limit") else { return };
    if !counts(facts, node) || x86(facts) == Some(false) {
        return;
    }
    let known = libvirt(facts, Version(9, 3, 0));
    let emulated = node.value("mode") == Some("emulate");
    let finding = if known == Some(false) {
        let finding = findings.at(limit.name_span(), "libvirt reads `limit` from 9.3.0 on: before, it is lost");
        finding.severity(Severity::Warning).phase(Phase::Dropped)
    } else if emulated {
        let finding = findings.at(limit.name_span(), "`limit` belongs to `passthrough`: `emulate` has its number in `bits`");
        if known.is_none() {
            finding.likely();
        }
        finding
    } else {
        return;
    };
    finding.fix("Remove `limit`", Effect::Safe, vec![remove_attribute(node, &limit)]);
}

pub const WIDTH: Rule = on_size("cpu-maxphysaddr-width", Phase::Start, width, page!("cpu-maxphysaddr-width.md"));

/// What QEMU takes; 0 stands for its default.
const QEMU_TAKES: std::ops::RangeInclusive<u32> = 32..=52;

fn width(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some((attr, bits)) = node.attr("bits").and_then(|attr| Some((attr, attr.value().parse::<u32>().ok()?))) else { return };
    if node.value("mode") != Some("emulate") || !counts(facts, node) || x86(facts) != Some(true) || bits == 0 {
        return;
    }
    if !QEMU_TAKES.contains(&bits) {
        findings.at(attr.value_span(), format!("QEMU takes 32 to 52 bits, not {bits}"));
    } else if let Some(host) = host_bits(facts).filter(|host| bits > host.value) {
        wider_than_host(&attr, bits, host, findings);
    }
}

/// Refused at define only once somebody has asked the daemon for its capabilities.
fn wider_than_host(attr: &Attr, bits: u32, host: Source<Said<u32>>, findings: &mut Findings) {
    let message = format!("{bits} bits are more than this host has, {}: libvirt refuses them once it knows its host", host.value);
    let finding = findings.at(attr.value_span(), message);
    finding.phase(Phase::Define).likely();
    finding.evidence(host.id, host.span, format!("the host has {} bits", host.value));
    let edit = replace(attr.value_span(), &host.value.to_string());
    finding.fix(format!("Use {} bits", host.value), Effect::ChangesGuest, vec![edit]);
}

fn host_bits<'a>(facts: &Facts<'a>) -> Option<Source<'a, Said<u32>>> {
    let caps = facts.sources.host_caps?;
    let MaxPhysAddr { bits, .. } = caps.said.cpu.as_ref()?.maxphysaddr.as_ref()?;
    Some(Source { id: caps.id, said: bits.as_ref()? })
}

#[cfg(test)]
mod tests {
    use crate::support::{check, codes, fixed};

    fn domain(arch: &str, size: &str) -> String {
        format!(
            "<domain type='kvm'>
  <os><type arch='{arch}' machine='q35'>hvm</type></os>
  <cpu mode='host-model'>
    {size}
  </cpu>
</domain>
"
        )
    }

    #[test]
    fn an_address_size_is_for_x86() {
        let xml = domain("aarch64", "<maxphysaddr mode='passthrough'/>");
        check(
            "none",
            &["cpu-maxphysaddr-arch"],
            r"<domain type='kvm'>
  <os><type arch='aarch64' machine='q35'>hvm</type></os>
  <cpu mode='host-model'>
    <maxphysaddr mode='passthrough'/>
     ^^^^^^^^^^^ error[cpu-maxphysaddr-arch]: `<maxphysaddr>` is for x86: `aarch64` refuses it
     | fix: Remove `<maxphysaddr>`
  </cpu>
</domain>
",
        );
        assert_eq!(fixed("none", "cpu-maxphysaddr-arch", &xml), xml.replace("    <maxphysaddr mode='passthrough'/>\n", ""));
        assert!(!codes("none", &xml.replace("aarch64", "x86_64")).contains(&"cpu-maxphysaddr-arch"));
    }

    #[test]
    fn bits_go_with_emulate_and_only_with_it() {
        let passed = domain("x86_64", "<maxphysaddr mode='passthrough' bits='42'/>");
        check(
            "none",
            &["cpu-maxphysaddr-bits"],
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='host-model'>
    <maxphysaddr mode='passthrough' bits='42'/>
                                    ^^^^ error[cpu-maxphysaddr-bits]: `bits` belongs to `emulate`: `passthrough` takes the host's own number
                                    | fix: Remove `bits`
  </cpu>
</domain>
",
        );
        assert_eq!(fixed("none", "cpu-maxphysaddr-bits", &passed), passed.replace(" bits='42'", ""));
        let emulated = domain("x86_64", "<maxphysaddr mode='emulate'/>");
        check(
            "9.0.0:kvm-q35",
            &["cpu-maxphysaddr-bits"],
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='host-model'>
    <maxphysaddr mode='emulate'/>
     ^^^^^^^^^^^ error[cpu-maxphysaddr-bits]: `emulate` needs `bits`, the number to emulate
     | fix: Use passthrough (changes guest)
  </cpu>
</domain>
",
        );
        assert_eq!(fixed("9.0.0:kvm-q35", "cpu-maxphysaddr-bits", &emulated), emulated.replace("emulate", "passthrough"));
        for host in ["kvm-q35", "none"] {
            assert!(!codes(host, &emulated).contains(&"cpu-maxphysaddr-bits"));
        }
        assert!(codes("none", &domain("x86_64", "<maxphysaddr mode='emulate' bits='42'/>")).iter().all(|code| !code.contains("maxphys")));
    }

    #[test]
    fn a_limit_goes_with_passthrough() {
        let xml = domain("x86_64", "<maxphysaddr mode='emulate' bits='42' limit='40'/>");
        check(
            "kvm-q35",
            &["cpu-maxphysaddr-limit"],
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='host-model'>
    <maxphysaddr mode='emulate' bits='42' limit='40'/>
                                          ^^^^^ error[cpu-maxphysaddr-limit]: `limit` belongs to `passthrough`: `emulate` has its number in `bits`
                                          | fix: Remove `limit`
  </cpu>
</domain>
",
        );
        assert_eq!(fixed("kvm-q35", "cpu-maxphysaddr-limit", &xml), xml.replace(" limit='40'", ""));
        check(
            "none",
            &["cpu-maxphysaddr-limit"],
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='host-model'>
    <maxphysaddr mode='emulate' bits='42' limit='40'/>
                                          ^^^^^ warning[cpu-maxphysaddr-limit]: `limit` belongs to `passthrough`: `emulate` has its number in `bits`
                                          | fix: Remove `limit`
  </cpu>
</domain>
",
        );
        let passed = domain("x86_64", "<maxphysaddr mode='passthrough' limit='40'/>");
        check(
            "9.0.0:kvm-q35",
            &["cpu-maxphysaddr-limit"],
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='host-model'>
    <maxphysaddr mode='passthrough' limit='40'/>
                                    ^^^^^ warning[cpu-maxphysaddr-limit]: libvirt reads `limit` from 9.3.0 on: before, it is lost
                                    | fix: Remove `limit`
  </cpu>
</domain>
",
        );
        assert!(!codes("kvm-q35", &passed).contains(&"cpu-maxphysaddr-limit"));
    }

    #[test]
    fn a_width_fits_qemu_and_the_host() {
        check(
            "kvm-q35",
            &["cpu-maxphysaddr-width"],
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='host-model'>
    <maxphysaddr mode='emulate' bits='128'/>
                                      ^^^ error[cpu-maxphysaddr-width]: QEMU takes 32 to 52 bits, not 128
  </cpu>
</domain>
",
        );
        let wide = domain("x86_64", "<maxphysaddr mode='emulate' bits='52'/>");
        check(
            "kvm-q35",
            &["cpu-maxphysaddr-width"],
            r"<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <cpu mode='host-model'>
    <maxphysaddr mode='emulate' bits='52'/>
                                      ^^ warning[cpu-maxphysaddr-width]: 52 bits are more than this host has, 48: libvirt refuses them once it knows its host
                                      | capabilities.xml: the host has 48 bits
                                      | fix: Use 48 bits (changes guest)
  </cpu>
</domain>
",
        );
        let rest = fixed("kvm-q35", "cpu-maxphysaddr-width", &wide);
        assert_eq!(rest, wide.replace("'52'", "'48'"));
        assert!(!codes("kvm-q35", &rest).contains(&"cpu-maxphysaddr-width"));
        assert!(!codes("none", &wide).contains(&"cpu-maxphysaddr-width"));
    }
}

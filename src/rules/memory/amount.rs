//! How much memory: `<memory>`, `<currentMemory>`, `<maxMemory>`, and the NUMA cells that make it up.

use crate::caps::Version;
use crate::edit;
use crate::finding::{Effect, Phase, TextEdit};
use crate::rules::host::size::{kib, of_text, written};
use crate::rules::{Facts, Findings, Kind, Rule, page, unsigned};
use crate::text::Span;
use crate::xml::{Node, Text};

const DOCS: &str = "https://libvirt.org/formatdomain.html#memory-allocation";
const LIMITS: &str = "https://libvirt.org/formatdomain.html#memory-tuning";
const SIZES: &[&str] = &["domain/memory", "domain/currentMemory", "domain/maxMemory", "domain/cpu/numa/cell"];

/// The rules.
pub const RULES: &[Rule] = &[
    Rule::define("memory-missing", &["domain"], missing, page!("memory-missing.md"), DOCS),
    Rule::define("memory-too-large", SIZES, large, page!("memory-too-large.md"), DOCS),
    Rule::define("memory-current-above", &["domain/currentMemory"], current, page!("memory-current-above.md"), DOCS).warn(Phase::Dropped),
    Rule::define("memory-hotplug-incomplete", &["domain/maxMemory"], incomplete, page!("memory-hotplug-incomplete.md"), DOCS),
    Rule::define("memory-above-maximum", &["domain/maxMemory"], maximum, page!("memory-above-maximum.md"), DOCS),
    Rule::define("memory-hotplug-without-numa", &["domain/maxMemory"], numa, page!("memory-hotplug-without-numa.md"), DOCS),
    Rule::define("memory-limit-below-guest", &["domain/memtune/hard_limit"], limit, page!("memory-limit-below-guest.md"), LIMITS).advise(),
    Rule::define("memory-guarantee-unsupported", GUARANTEE, guarantee, page!("memory-guarantee-unsupported.md"), LIMITS),
];

const GUARANTEE: &[&str] = &["domain/memtune/min_guarantee"];

/// The amount that libvirt takes, in KiB: at define the NUMA cells and the modules, where there are cells. None where something of it
/// cannot be read.
fn total(facts: &Facts) -> Option<u64> {
    let mut cells = 0u64;
    for cell in &facts.whole.cells {
        cells = cells.saturating_add(kib(cell.value("memory")?, cell.value("unit"))?);
    }
    if cells == 0 {
        return if facts.whole.memory.is_some() { facts.whole.size.map(|(_, size)| size) } else { Some(0) };
    }
    Some(cells.saturating_add(modules(facts)?))
}

fn modules(facts: &Facts) -> Option<u64> {
    let module = |module: Node| Some(of_text(module.descend(&["target", "size"])?)?.1);
    facts.whole.all(Kind::Memory).map(module).try_fold(0u64, |sum, size| Some(sum.saturating_add(size?)))
}

fn missing(facts: &Facts, domain: Node, findings: &mut Findings) {
    let memory = facts.whole.memory;
    // without cells the modules are a part of it: tried on 9.0.0, 11.3.0, 12.8.0
    if let (true, Some((text, size)), Some(taken)) = (facts.whole.cells.is_empty(), facts.whole.size, modules(facts))
        && size > 0
        && taken >= size
    {
        findings.at(text.span, format!("the memory modules take {}, and the guest has {}", written(taken), written(size)));
        return;
    }
    // an empty text is told by the structure
    if memory.is_some_and(|memory| memory.text().is_none()) || total(facts) != Some(0) {
        return;
    }
    let message = "a domain needs memory: `<memory>` or its NUMA cells must say how much";
    let finding = findings.at(memory.and_then(Node::text).map_or(domain.name_span(), |text| text.span), message);
    if let Some(name) = domain.child("name").filter(|_| memory.is_none()) {
        let line = format!("\n{}<memory unit='GiB'>1</memory>", edit::indent_of(name));
        finding.fix("Give it 1 GiB", Effect::ChangesGuest, vec![edit::replace_raw(Span::empty(name.span().end), line)]);
    }
}

/// From this many KiB on libvirt reads no size; what is rounded up to it fails at start.
const TOO_LARGE: u64 = 1 << 53;

fn large(facts: &Facts, node: Node, findings: &mut Findings) {
    let (span, size) = match node.name() {
        "cell" => {
            let Some(attr) = node.attr("memory") else { return };
            (attr.value_span(), kib(attr.value(), node.value("unit")))
        }
        _ => {
            let Some(Text { value, span }) = node.text() else { return };
            (span, kib(value, node.value("unit")).or_else(|| endless(value, node.value("unit"))))
        }
    };
    let Some(size) = size else { return };
    let step = if facts.arch().is_some_and(|arch| arch.starts_with("ppc64")) { 256 << 10 } else { 1 << 10 };
    if size >= TOO_LARGE {
        findings.at(span, "libvirt takes sizes below 8 EiB");
    } else if size.next_multiple_of(step) >= TOO_LARGE && facts.qemu() && node.name() != "currentMemory" {
        findings.at(span, format!("rounded up to {}, this is more than libvirt takes", written(step))).phase(Phase::Start);
    }
}

/// A number with a unit that is more than any size.
fn endless(number: &str, unit: Option<&str>) -> Option<u64> {
    let known = kib("1", unit).is_some();
    (known && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(u64::MAX)
}

fn current(facts: &Facts, node: Node, findings: &mut Findings) {
    let (Some((text, current)), Some(total)) = (of_text(node), total(facts)) else { return };
    // that the cells make less than is said is told of them
    let said = facts.whole.size.map_or(0, |(_, size)| size);
    if total > 0 && current > total.max(said) && facts.qemu() {
        let message = format!("the balloon cannot leave {} of {}: libvirt takes the latter", written(current), written(total));
        findings.at(text.span, message).fix("Remove `<currentMemory>`", Effect::Safe, vec![edit::remove(node)]);
    }
}

/// The amount and the slots of `<maxMemory>`, where both can be read.
fn plugged<'a>(node: Node<'a>) -> Option<(Text<'a>, u64, u32)> {
    let (text, size) = of_text(node)?;
    Some((text, size, node.value("slots").map_or(Some(0), unsigned)?))
}

/// 9.5.0 takes a maximum alone, for modules that need no slot, says its news. Slots alone: tried on 9.0.0, 11.3.0, 12.8.0.
fn incomplete(facts: &Facts, node: Node, findings: &mut Findings) {
    match plugged(node) {
        Some((_, 1.., 0)) if facts.before(Version(9, 5, 0)) => {
            let span = node.attr("slots").map_or(node.name_span(), |slots| slots.value_span());
            let finding = findings.at(span, "memory that can grow needs `slots` for the modules that are plugged in");
            finding.fix("Give it 16 slots", Effect::ChangesGuest, vec![edit::set_attribute(node, "slots", "16")]);
            finding.fix("Remove `<maxMemory>`", Effect::ChangesGuest, vec![edit::remove(node)]);
        }
        Some((text, 0, 1..)) => {
            let finding = findings.at(text.span, "slots for modules need a maximum that leaves room for them");
            finding.fix("Remove `<maxMemory>`", Effect::ChangesGuest, vec![edit::remove(node)]);
        }
        _ => {}
    }
}

fn maximum(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some((text, most, _)) = plugged(node) else { return };
    let Some(total) = total(facts).filter(|total| most > 0 && *total > most) else { return };
    let finding = findings.at(text.span, format!("the guest has {} already, which is more than {}", written(total), written(most)));
    finding.fix("Allow what it has", Effect::ChangesGuest, sized(node, text, total));
}

/// Writes a size in KiB in place of the one there.
fn sized(node: Node, text: Text, kib: u64) -> Vec<TextEdit> {
    let number = edit::replace(text.span, &kib.to_string());
    match node.attr("unit") {
        Some(unit) => vec![edit::replace(unit.value_span(), "KiB"), number],
        None => vec![number],
    }
}

/// QEMU would make one node by itself, which libvirt does not leave to it; pseries needs none. libvirt adds one since 9.6.0, say its
/// news, and does on every architecture: tried on 11.3.0 and 12.8.0.
fn numa(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(arch) = facts.arch().filter(|arch| facts.qemu() && !arch.starts_with("ppc64")) else { return };
    // a maximum without slots is told as incomplete
    let Some((_, 1.., 1..)) = plugged(node) else { return };
    if !facts.whole.cells.is_empty() || !facts.before(Version(9, 6, 0)) {
        return;
    }
    let finding = findings.at(node.name_span(), format!("memory can be plugged into NUMA cells alone on `{arch}`, and the guest has none"));
    if let Some(edit) = one_cell(facts) {
        finding.fix("Put all into one cell", Effect::ChangesGuest, vec![edit]);
    }
    finding.fix("Remove `<maxMemory>`", Effect::ChangesGuest, vec![edit::remove(node)]);
}

fn one_cell(facts: &Facts) -> Option<TextEdit> {
    let vcpu = facts.whole.vcpu;
    let last = vcpu.map_or(Some(1), |vcpu| unsigned(vcpu.text()?.value))?.checked_sub(1)?;
    let size = total(facts).filter(|total| *total > 0)?;
    let cpus = if last == 0 { "0".to_owned() } else { format!("0-{last}") };
    let numa = format!("<numa><cell id='0' cpus='{cpus}' memory='{size}' unit='KiB'/></numa>");
    match facts.subject.cpu {
        Some(cpu) => Some(edit::append_child(cpu, &numa)),
        None => {
            let os = facts.whole.os?;
            Some(edit::replace_raw(Span::empty(os.span().end), format!("\n{}<cpu>{numa}</cpu>", edit::indent_of(os))))
        }
    }
}

/// Huge pages are not counted.
fn limit(facts: &Facts, node: Node, findings: &mut Findings) {
    let huge = facts.whole.memory_backing.is_some_and(|backing| backing.child("hugepages").is_some());
    let (Some((text, limit)), Some(total)) = (of_text(node), total(facts).filter(|_| facts.qemu() && !huge)) else { return };
    if limit > 0 && limit < total {
        let message = format!("the kernel kills the guest when it takes {}, and it has {}", written(limit), written(total));
        findings.at(text.span, message).fix("Remove `<hard_limit>`", Effect::Safe, vec![edit::remove(node)]);
    }
}

fn guarantee(facts: &Facts, node: Node, findings: &mut Findings) {
    if facts.qemu() && of_text(node).is_some_and(|(_, size)| size > 0) {
        let finding = findings.at(node.name_span(), "QEMU guarantees no memory to a guest");
        finding.fix("Remove `<min_guarantee>`", Effect::Safe, vec![edit::remove(node)]);
    }
}

#[cfg(test)]
mod tests;

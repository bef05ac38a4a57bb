//! `<vcpus>`: vCPUs one by one.

use std::borrow::Cow;

use super::DOCS;
use super::topology::maximum;
use crate::edit;
use crate::finding::Effect;
use crate::rules::{Facts, Findings, Rule, page, unsigned};
use crate::text::sort_by_key;
use crate::xml::{Attr, Node};

const ON: &[&str] = &["domain/vcpus"];

/// The rules.
pub const RULES: &[Rule] = &[
    Rule::define("vcpu-id-absent", ON, beyond, page!("vcpu-id-absent.md"), DOCS),
    Rule::define("vcpu-first-unplugged", ON, first, page!("vcpu-first-unplugged.md"), DOCS),
    Rule::define("vcpu-offline-fixed", ON, offline, page!("vcpu-offline-fixed.md"), DOCS),
    Rule::define("vcpu-order-invalid", ON, order, page!("vcpu-order-invalid.md"), DOCS),
];

/// A vCPU as the last `<vcpu>` of its number leaves it.
#[derive(Clone, Copy)]
struct Cpu<'a> {
    node: Node<'a>,
    online: bool,
    /// As written.
    hotpluggable: Option<bool>,
    order: u32,
}

impl<'a> Cpu<'a> {
    fn of(node: Node<'a>) -> Option<(u32, Self)> {
        let online = node.value("enabled")? == "yes";
        let hotpluggable = node.value("hotpluggable").map(|word| word == "yes");
        let order = node.value("order").and_then(unsigned).unwrap_or(0);
        Some((unsigned(node.value("id")?)?, Self { node, online, hotpluggable, order }))
    }
}

/// Those of a number that there is, by number.
fn cpus<'a>(facts: &Facts, vcpus: Node<'a>) -> Vec<(u32, Cpu<'a>)> {
    let Some(maximum) = maximum(facts).filter(|_| facts.qemu()) else { return Vec::new() };
    let mut list: Vec<_> = vcpus.children("vcpu").filter_map(Cpu::of).filter(|(id, _)| *id < maximum).collect();
    list.reverse();
    sort_by_key(&mut list, |(id, _)| *id);
    list.dedup_by_key(|(id, _)| *id);
    list
}

fn beyond(facts: &Facts, vcpus: Node, findings: &mut Findings) {
    let Some(maximum) = maximum(facts) else { return };
    for node in vcpus.children("vcpu") {
        let Some(attr) = node.attr("id").filter(|attr| unsigned(attr.value()).is_some_and(|id| id >= maximum)) else { continue };
        let finding = findings
            .at(attr.value_span(), format!("there is no vCPU {}: of {maximum}, the last is {}", attr.value(), maximum.wrapping_sub(1)));
        finding.fix("Remove it", Effect::ChangesGuest, vec![edit::remove(node)]);
    }
}

fn first(facts: &Facts, vcpus: Node, findings: &mut Findings) {
    if !facts.qemu() || vcpus.child("vcpu").is_none() {
        return;
    }
    let Some((_, cpu)) = cpus(facts, vcpus).into_iter().find(|(id, _)| *id == 0) else {
        if maximum(facts).is_some_and(|maximum| maximum > 0) {
            let finding = findings.at(vcpus.name_span(), "vCPU 0 is not listed, which means that it is unplugged, and it must not be");
            finding.fix("Add it", Effect::ChangesGuest, vec![edit::append_child(vcpus, "<vcpu id='0' enabled='yes' hotpluggable='no'/>")]);
        }
        return;
    };
    let attr = |name| cpu.node.attr(name);
    if !cpu.online {
        set(findings, cpu.node, attr("enabled"), "vCPU 0 must be plugged in", "yes");
    } else if cpu.hotpluggable == Some(true) {
        set(findings, cpu.node, attr("hotpluggable"), "vCPU 0 cannot be unplugged", "no");
    } else if cpu.order > 1 {
        set(findings, cpu.node, attr("order"), "vCPU 0 must be the first that is plugged in", "1");
    }
}

fn set(findings: &mut Findings, node: Node, attr: Option<Attr>, message: impl Into<Cow<'static, str>>, value: &str) {
    let span = attr.map_or(node.name_span(), |attr| attr.value_span());
    let finding = findings.at(span, message);
    if let Some(attr) = attr {
        finding.fix(format!("Use {value}"), Effect::ChangesGuest, vec![edit::replace(attr.value_span(), value)]);
    }
}

fn offline(facts: &Facts, vcpus: Node, findings: &mut Findings) {
    for (id, cpu) in cpus(facts, vcpus).into_iter().filter(|(id, cpu)| *id > 0 && !cpu.online && cpu.hotpluggable == Some(false)) {
        let message = format!("vCPU {id} is unplugged and not allowed to be plugged in");
        set(findings, cpu.node, cpu.node.attr("hotpluggable"), message, "yes");
    }
}

/// What is asked of all vCPUs in the order of their numbers; the first fault is told.
fn order(facts: &Facts, vcpus: Node, findings: &mut Findings) {
    let list = cpus(facts, vcpus);
    let Some((_, mut before)) = list.first().copied().filter(|(id, _)| *id == 0) else { return };
    let ordered = before.order != 0;
    let mut last = 0;
    for (id, cpu) in list.into_iter().skip(1) {
        // one that is not listed says nothing
        let (movable, order) = if id == last + 1 { (before.hotpluggable == Some(true), before.order) } else { (false, 0) };
        let message = match (ordered, cpu.online) {
            (true, true) if cpu.order == 0 => "an order is said of others, so that this needs one too",
            (false, true) if cpu.order != 0 => "no order is said of vCPU 0, so that none may be said here",
            _ if cpu.hotpluggable != Some(false) => "",
            _ if movable => "a vCPU that cannot be unplugged must stand before those that can",
            _ if order > cpu.order => "vCPUs that cannot be unplugged must be plugged in by their numbers",
            _ => "",
        };
        if !message.is_empty() {
            let attr = cpu.node.attr("order").filter(|_| cpu.order != 0);
            findings.at(attr.map_or(cpu.node.name_span(), |attr| attr.value_span()), message);
            return;
        }
        (before, last) = (cpu, id);
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["vcpu-id-absent", "vcpu-first-unplugged", "vcpu-offline-fixed", "vcpu-order-invalid"];

    #[test]
    fn numbers_end_below_the_maximum() {
        let fixture = r#"
<vcpu>4</vcpu>
<vcpus>
  <vcpu id='0' enabled='yes'/>
  <vcpu id='4' enabled='yes'/>
            ^ error[vcpu-id-absent]: there is no vCPU 4: of 4, the last is 3
            | fix: Remove it (changes guest)
</vcpus>
"#;
        check_in("qemu-q35", "", CODES, fixture);
        assert_eq!(mended_in("qemu-q35", "", "vcpu-id-absent", fixture), "- <vcpu id='4' enabled='yes'/>");
    }

    #[test]
    fn the_first_is_always_there() {
        let fixture = r#"
<vcpu>4</vcpu>
<vcpus>
 ^^^^^ error[vcpu-first-unplugged]: vCPU 0 is not listed, which means that it is unplugged, and it must not be
 | fix: Add it (changes guest)
  <vcpu id='1' enabled='yes'/>
</vcpus>
"#;
        check_in("qemu-q35", "", CODES, fixture);
        mended_in("qemu-q35", "", "vcpu-first-unplugged", fixture);
        let fixture = r#"
<vcpu>4</vcpu>
<vcpus>
  <vcpu id='0' enabled='yes' hotpluggable='yes'/>
                                           ^^^ error[vcpu-first-unplugged]: vCPU 0 cannot be unplugged
                                           | fix: Use no (changes guest)
</vcpus>
"#;
        check_in("qemu-q35", "", CODES, fixture);
        mended_in("qemu-q35", "", "vcpu-first-unplugged", fixture);
    }

    #[test]
    fn what_is_unplugged_can_be_plugged_in() {
        let fixture = r#"
<vcpu>4</vcpu>
<vcpus>
  <vcpu id='0' enabled='yes'/>
  <vcpu id='1' enabled='no' hotpluggable='no'/>
                                          ^^ error[vcpu-offline-fixed]: vCPU 1 is unplugged and not allowed to be plugged in
                                          | fix: Use yes (changes guest)
</vcpus>
"#;
        check_in("qemu-q35", "", CODES, fixture);
        mended_in("qemu-q35", "", "vcpu-offline-fixed", fixture);
    }

    #[test]
    fn an_order_is_said_of_all_or_none() {
        let fixture = r#"
<vcpu>4</vcpu>
<vcpus>
  <vcpu id='0' enabled='yes' order='1'/>
  <vcpu id='1' enabled='yes'/>
   ^^^^ error[vcpu-order-invalid]: an order is said of others, so that this needs one too
</vcpus>
"#;
        check_in("qemu-q35", "", CODES, fixture);
        let fixture = r#"
<vcpu>4</vcpu>
<vcpus>
  <vcpu id='0' enabled='yes'/>
  <vcpu id='1' enabled='yes' hotpluggable='yes'/>
  <vcpu id='2' enabled='yes' hotpluggable='no'/>
   ^^^^ error[vcpu-order-invalid]: a vCPU that cannot be unplugged must stand before those that can
</vcpus>
"#;
        check_in("qemu-q35", "", CODES, fixture);
    }

    #[test]
    fn the_rest_is_fine() {
        for list in [
            "  <vcpu id='0' enabled='yes'/>\n  <vcpu id='1' enabled='yes' hotpluggable='yes'/>\n  <vcpu id='2' enabled='yes'/>",
            "  <vcpu id='0' enabled='yes' order='1'/>\n  <vcpu id='1' enabled='yes' order='2'/>",
            "  <vcpu id='0' enabled='yes' hotpluggable='no' order='1'/>\n  <vcpu id='1' enabled='yes' hotpluggable='yes' order='3'/>",
        ] {
            check_in("qemu-q35", "", CODES, &format!("<vcpu>4</vcpu>\n<vcpus>\n{list}\n</vcpus>"));
        }
    }
}

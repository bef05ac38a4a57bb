//! `<numa>`: the guest's NUMA cells, their CPUs, distances and caches.

pub mod link;
pub mod tune;

use super::host::set::Set;
use super::vcpu::topology::maximum;
use super::{Facts, Findings, Rule, page, unsigned};
use crate::edit;
use crate::finding::{Effect, Phase};
use crate::xml::{Attr, Node};

const DOCS: &str = "https://libvirt.org/formatdomain.html#guest-numa-node-topology";
const ON: &[&str] = &["domain/cpu/numa"];

/// The rules.
pub const RULES: &[Rule] = &[
    Rule::define("numa-cell-numbering", ON, numbering, page!("numa/numa-cell-numbering.md"), DOCS),
    Rule::define("numa-cpus-overlap", ON, overlap, page!("numa/numa-cpus-overlap.md"), DOCS),
    Rule::define("numa-cpus-beyond", ON, beyond, page!("numa/numa-cpus-beyond.md"), DOCS),
    Rule::define("numa-memory-differs", ON, memory, page!("numa/numa-memory-differs.md"), DOCS).warn(Phase::Dropped),
];

/// The cells of the `<numa>` that counts, each with the number it gets.
fn cells<'a>(facts: &Facts<'a>, numa: Node) -> Vec<(u32, Node<'a>)> {
    let first = facts.subject.cpu.and_then(|cpu| cpu.child("numa"));
    if first != Some(numa) {
        return Vec::new();
    }
    let number = |(at, cell): (usize, &Node<'a>)| {
        let id = cell.value("id").map_or_else(|| u32::try_from(at).ok(), unsigned)?;
        Some((id, *cell))
    };
    facts.whole.cells.iter().enumerate().filter_map(number).collect()
}

fn numbering(facts: &Facts, numa: Node, findings: &mut Findings) {
    let list = cells(facts, numa);
    let count = list.len();
    let mut firsts: Vec<Option<Node>> = vec![None; count];
    for (id, cell) in &list {
        let span = cell.attr("id").map_or(cell.name_span(), |id| id.value_span());
        if *id as usize >= count {
            let message = format!("the cells are numbered from 0 without a gap: of {count}, none has the number {id}");
            let finding = findings.at(span, message);
            let free = (0..).find(|free| list.iter().all(|(other, _)| other != free)).unwrap_or(0);
            if let Some(attr) = cell.attr("id") {
                finding.fix(format!("Use {free}"), Effect::ChangesGuest, vec![edit::replace(attr.value_span(), &free.to_string())]);
            }
            return;
        }
        if let Some(first) = firsts.get_mut(*id as usize).and_then(|first| first.replace(*cell)) {
            findings.at(span, format!("there is a cell {id} already")).related(first.name_span(), "the first");
            return;
        }
    }
}

/// The CPUs of each cell, as far as they can be read.
fn cpus<'a>(facts: &Facts<'a>, numa: Node) -> Vec<(u32, Attr<'a>, Set)> {
    let read = |(id, cell): (u32, Node<'a>)| {
        let attr = cell.attr("cpus")?;
        Some((id, attr, Set::parse(attr.value())?))
    };
    cells(facts, numa).into_iter().filter_map(read).collect()
}

fn overlap(facts: &Facts, numa: Node, findings: &mut Findings) {
    let list = cpus(facts, numa);
    let mut before = Set::default();
    for (id, attr, set) in &list {
        let shared = |(_, _, other): &&(u32, Attr, Set)| !set.shared(other).is_empty();
        let free = set.shared(&before).is_empty();
        set.members().for_each(|cpu| before.insert(cpu));
        // where one before has some of them, the first that has is before it
        if let Some((other, first, taken)) = list.iter().filter(|_| !free).find(shared) {
            let common = set.shared(taken);
            let finding = findings.at(attr.value_span(), format!("vCPU {common} is in the cells {other} and {id}"));
            finding.related(first.value_span(), "the other cell");
            let rest = set.without(taken);
            if !rest.is_empty() {
                finding.fix(format!("Leave {rest}"), Effect::ChangesGuest, vec![edit::replace(attr.value_span(), &rest.to_string())]);
            }
        }
    }
}

fn beyond(facts: &Facts, numa: Node, findings: &mut Findings) {
    let Some(maximum) = maximum(facts) else { return };
    let all: Set = (0..maximum).collect();
    for (id, attr, set) in cpus(facts, numa) {
        if set.within(&all) {
            continue;
        }
        let outside = set.without(&all);
        let finding =
            findings.at(attr.value_span(), format!("cell {id} has vCPU {outside}, of {maximum} the last is {}", maximum.wrapping_sub(1)));
        if let Some(text) = facts.whole.vcpu.and_then(Node::text) {
            finding.related(text.span, "the maximum");
        }
        let rest = set.shared(&all);
        if !rest.is_empty() {
            finding.fix(format!("Use {rest}"), Effect::ChangesGuest, vec![edit::replace(attr.value_span(), &rest.to_string())]);
        }
    }
}

/// At define the sum of the cells takes the place of `<memory>`.
fn memory(facts: &Facts, numa: Node, findings: &mut Findings) {
    let Some((text, said)) = facts.whole.size else { return };
    let mut sum = 0u64;
    for (_, cell) in cells(facts, numa) {
        let Some(size) = cell.value("memory").and_then(|number| super::host::size::kib(number, cell.value("unit"))) else { return };
        sum = sum.saturating_add(size);
    }
    let modules: Option<u64> =
        facts.whole.all(super::Kind::Memory).map(|module| Some(super::host::size::of_text(module.descend(&["target", "size"])?)?.1)).sum();
    let Some(sum) = modules.map(|modules| sum.saturating_add(modules)).filter(|sum| *sum > 0 && facts.qemu()) else { return };
    // what is rounded to whole MiB alone is not worth a word
    if said.div_ceil(1024) == sum.div_ceil(1024) {
        return;
    }
    let (said, written) = (super::host::size::written(said), super::host::size::written(sum));
    let finding = findings.at(text.span, format!("the cells make {written}, which libvirt takes for the memory instead of {said}"));
    finding.related(numa.name_span(), "the cells");
    let edits = match facts.whole.memory.and_then(|memory| memory.attr("unit")) {
        Some(unit) if unit.value_span() < text.span => {
            vec![edit::replace(unit.value_span(), "KiB"), edit::replace(text.span, &sum.to_string())]
        }
        _ => vec![edit::replace(text.span, &sum.to_string())],
    };
    finding.fix("Write the sum", Effect::Safe, edits);
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["numa-cell-numbering", "numa-cpus-overlap", "numa-cpus-beyond", "numa-memory-differs"];

    #[test]
    fn cells_are_numbered_without_a_gap() {
        let fixture = r#"
<vcpu>4</vcpu>
<cpu>
  <numa>
    <cell id='0' cpus='0-1' memory='262144'/>
    <cell id='2' cpus='2-3' memory='262144'/>
              ^ error[numa-cell-numbering]: the cells are numbered from 0 without a gap: of 2, none has the number 2
              | fix: Use 1 (changes guest)
  </numa>
</cpu>
"#;
        check_in("none", "", CODES, fixture);
        mended_in("none", "", "numa-cell-numbering", fixture);
        let fixture = r#"
<vcpu>4</vcpu>
<cpu>
  <numa>
    <cell id='1' cpus='0-1' memory='262144'/>
    <cell cpus='2-3' memory='262144'/>
     ^^^^ error[numa-cell-numbering]: there is a cell 1 already
  </numa>
</cpu>
"#;
        check_in("none", "", CODES, fixture);
    }

    #[test]
    fn a_cpu_is_in_one_cell() {
        let fixture = r#"
<vcpu>4</vcpu>
<cpu>
  <numa>
    <cell id='0' cpus='0-1' memory='262144'/>
    <cell id='1' cpus='1-3' memory='262144'/>
                       ^^^ error[numa-cpus-overlap]: vCPU 1 is in the cells 0 and 1
                       | fix: Leave 2-3 (changes guest)
  </numa>
</cpu>
"#;
        check_in("none", "", CODES, fixture);
        mended_in("none", "", "numa-cpus-overlap", fixture);
    }

    #[test]
    fn a_cell_has_cpus_that_there_are() {
        let fixture = r#"
<vcpu>4</vcpu>
<cpu>
  <numa>
    <cell id='0' cpus='0-5' memory='262144'/>
                       ^^^ error[numa-cpus-beyond]: cell 0 has vCPU 4-5, of 4 the last is 3
                       | fix: Use 0-3 (changes guest)
  </numa>
</cpu>
"#;
        check_in("none", "", CODES, fixture);
        mended_in("none", "", "numa-cpus-beyond", fixture);
    }

    #[test]
    fn the_sum_of_the_cells_is_the_memory() {
        let fixture = r#"
<memory unit='MiB'>600</memory>
                   ^^^ warning[numa-memory-differs]: the cells make 512 MiB, which libvirt takes for the memory instead of 600 MiB
                   | fix: Write the sum
<vcpu>4</vcpu>
<cpu>
  <numa>
    <cell id='0' cpus='0-1' memory='262144'/>
    <cell id='1' cpus='2-3' memory='256' unit='MiB'/>
  </numa>
</cpu>
"#;
        check_in("none", "", CODES, fixture);
        let mended = mended_in("none", "", "numa-memory-differs", fixture);
        assert_eq!(mended, "- <memory unit='MiB'>600</memory>\n+ <memory unit='KiB'>524288</memory>");
    }

    #[test]
    fn cells_that_fit_are_fine() {
        for cells in ["<cell cpus='0-1' memory='262144'/>\n<cell memory='262144'/>", "<cell id='0' cpus='^0' memory='524288'/>"] {
            let fixture = format!("<memory>524288</memory>\n<vcpu>4</vcpu>\n<cpu>\n  <numa>\n{cells}\n  </numa>\n</cpu>");
            check_in("none", "", CODES, &fixture);
        }
    }
}

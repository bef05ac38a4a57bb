//! How far the guest's cells are from one another, and the caches in between.

use super::{DOCS, cells};
use crate::edit;
use crate::finding::Effect;
use crate::rules::{Facts, Findings, Rule, page, unsigned};
use crate::xml::Node;

const ON: &[&str] = &["domain/cpu/numa"];

/// The rules.
pub const RULES: &[Rule] = &[
    Rule::define("numa-distance-invalid", ON, distances, page!("numa-distance-invalid.md"), DOCS),
    Rule::define("numa-cache-invalid", ON, caches, page!("numa-cache-invalid.md"), DOCS),
    Rule::define("numa-link-invalid", ON, links, page!("numa-link-invalid.md"), DOCS),
];

/// The distance of a cell to itself.
const LOCAL: u32 = 10;

fn distances(facts: &Facts, numa: Node, findings: &mut Findings) {
    let list = cells(facts, numa);
    for (id, cell) in &list {
        for sibling in cell.child("distances").into_iter().flat_map(|distances| distances.children("sibling")) {
            distance(*id, sibling, list.len(), findings);
        }
    }
}

fn distance(cell: u32, sibling: Node, cells: usize, findings: &mut Findings) {
    let (Some(id), Some(value)) = (sibling.attr("id"), sibling.attr("value")) else { return };
    let (Some(other), Some(far)) = (unsigned(id.value()), unsigned(value.value())) else { return };
    if other as usize >= cells {
        findings.at(id.value_span(), format!("there is no cell {other} that cell {cell} could be far from"));
    } else if other == cell && far > LOCAL {
        let finding = findings.at(value.value_span(), format!("a cell is {LOCAL} from itself, not {far}"));
        finding.fix(format!("Use {LOCAL}"), Effect::ChangesGuest, vec![edit::replace(value.value_span(), "10")]);
    } else if other != cell && far == LOCAL {
        let finding = findings.at(value.value_span(), format!("{LOCAL} is the distance of a cell to itself, other cells are farther"));
        finding.fix("Use 20", Effect::ChangesGuest, vec![edit::replace(value.value_span(), "20")]);
    }
}

fn caches(facts: &Facts, numa: Node, findings: &mut Findings) {
    for (_, cell) in cells(facts, numa) {
        let mut seen = [None; 4];
        for cache in cell.children("cache") {
            let Some(attr) = cache.attr("level") else { continue };
            let Some(level) = unsigned(attr.value()) else { continue };
            match seen.get_mut(level as usize).filter(|_| level > 0) {
                None => {
                    findings.at(attr.value_span(), format!("caches have the levels 1 to 3, not {level}"));
                }
                Some(first @ None) => *first = Some(attr),
                Some(Some(first)) => {
                    let finding = findings.at(attr.value_span(), format!("the cell has a cache of level {level} already"));
                    finding.related(first.value_span(), "the first");
                    finding.fix("Remove the second", Effect::ChangesGuest, vec![edit::remove(cache)]);
                }
            }
        }
    }
}

/// What a link says: from where to where, and of what.
type Link<'a> = (u32, u32, u32, &'a str, Option<&'a str>);

fn link(node: Node) -> Option<Link> {
    let number = |name| node.value(name).and_then(unsigned);
    Some((number("initiator")?, number("target")?, number("cache").unwrap_or(0), node.name(), node.value("type")))
}

fn links(facts: &Facts, numa: Node, findings: &mut Findings) {
    let Some(all) = numa.child("interconnects") else { return };
    let list = cells(facts, numa);
    let mut seen: Vec<(Node, Link)> = Vec::new();
    for node in all.elements().filter(|node| matches!(node.name(), "latency" | "bandwidth")) {
        let Some(said) = link(node) else { continue };
        if !ends(&list, node, said, findings)
            && let Some((first, why)) = seen.iter().find_map(|(first, other)| Some((*first, clash(said, *other)?)))
        {
            findings.at(node.name_span(), why).related(first.name_span(), "the first");
        }
        seen.push((node, said));
    }
}

fn clash(own: Link, other: Link) -> Option<&'static str> {
    let turned = own.0 != own.1 && own.0 == other.1 && own.1 == other.0;
    if own == other { Some("this is said already") } else { turned.then_some("the link is described already, from its other end") }
}

/// True where an end of the link is told as wrong.
fn ends(list: &[(u32, Node)], node: Node, (from, to, cache, ..): Link, findings: &mut Findings) -> bool {
    let find = |id: u32| list.iter().find(|(other, _)| *other == id).map(|(_, cell)| *cell);
    let mut told = |name: &str, message: String| {
        let span = node.attr(name).map_or(node.name_span(), |attr| attr.value_span());
        findings.at(span, message);
        true
    };
    let (Some(source), Some(target)) = (find(from), find(to)) else {
        return match find(from) {
            None => told("initiator", format!("there is no cell {from}")),
            Some(_) => told("target", format!("there is no cell {to}")),
        };
    };
    let idle = source.value("cpus").is_none_or(|cpus| crate::rules::host::set::Set::parse(cpus).is_none());
    // cell 0 gets the vCPUs that no cell has
    if idle && from != 0 {
        return told("initiator", format!("cell {from} has no CPUs that could ask for memory"));
    }
    let level = |known: Node| known.value("level").and_then(unsigned) == Some(cache);
    cache > 0 && !target.children("cache").any(level) && told("cache", format!("cell {to} has no cache of level {cache}"))
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["numa-distance-invalid", "numa-cache-invalid", "numa-link-invalid"];

    fn domain(numa: &str) -> String {
        format!("<vcpu>4</vcpu>\n<cpu>\n  <numa>{numa}  </numa>\n</cpu>")
    }

    #[test]
    fn distances_are_between_cells() {
        let fixture = domain(
            r#"
    <cell id='0' cpus='0-1' memory='262144'>
      <distances>
        <sibling id='0' value='20'/>
                               ^^ error[numa-distance-invalid]: a cell is 10 from itself, not 20
                               | fix: Use 10 (changes guest)
        <sibling id='1' value='10'/>
                               ^^ error[numa-distance-invalid]: 10 is the distance of a cell to itself, other cells are farther
                               | fix: Use 20 (changes guest)
        <sibling id='2' value='20'/>
                     ^ error[numa-distance-invalid]: there is no cell 2 that cell 0 could be far from
      </distances>
    </cell>
    <cell id='1' cpus='2-3' memory='262144'/>
"#,
        );
        check_in("none", "", CODES, &fixture);
        let mended = mended_in("none", "", "numa-distance-invalid", &fixture);
        assert_eq!(mended, "- <sibling id='0' value='20'/>\n+ <sibling id='0' value='10'/>");
    }

    #[test]
    fn there_are_three_levels_of_caches() {
        let cache = |level: u32| {
            format!(
                "      <cache level='{level}' associativity='direct' policy='writeback'><size value='8' unit='KiB'/><line value='64' unit='B'/></cache>\n"
            )
        };
        let mark = "                    ^ error[numa-cache-invalid]: ";
        let fixture = domain(&format!(
            "\n    <cell id='0' cpus='0-3' memory='262144'>\n{}{}{mark}the cell has a cache of level 1 already\n                    | fix: Remove the second (changes guest)\n{}{mark}caches have the levels 1 to 3, not 4\n    </cell>\n",
            cache(1),
            cache(1),
            cache(4)
        ));
        check_in("none", "", CODES, &fixture);
        assert_eq!(mended_in("none", "", "numa-cache-invalid", &fixture), format!("- {}", cache(1).trim()));
    }

    #[test]
    fn links_are_said_once() {
        let fixture = domain(
            r#"
    <cell id='0' cpus='0-3' memory='262144'/>
    <cell id='1' memory='262144'/>
    <interconnects>
      <latency initiator='0' target='1' type='access' value='5'/>
      <latency initiator='0' target='1' type='access' value='6'/>
       ^^^^^^^ error[numa-link-invalid]: this is said already
      <latency initiator='1' target='0' type='access' value='5'/>
                          ^ error[numa-link-invalid]: cell 1 has no CPUs that could ask for memory
      <latency initiator='0' target='2' type='access' value='5'/>
                                     ^ error[numa-link-invalid]: there is no cell 2
      <latency initiator='0' target='0' cache='1' type='access' value='5'/>
                                               ^ error[numa-link-invalid]: cell 0 has no cache of level 1
      <bandwidth initiator='0' target='0' type='access' value='5'/>
    </interconnects>
"#,
        );
        check_in("none", "", CODES, &fixture);
    }

    #[test]
    fn a_link_has_one_end_that_asks() {
        let fixture = domain(
            r#"
    <cell id='0' cpus='0-1' memory='262144'/>
    <cell id='1' cpus='2-3' memory='262144'/>
    <interconnects>
      <latency initiator='0' target='1' type='access' value='5'/>
      <latency initiator='1' target='0' type='access' value='5'/>
       ^^^^^^^ error[numa-link-invalid]: the link is described already, from its other end
    </interconnects>
"#,
        );
        check_in("none", "", CODES, &fixture);
    }
}

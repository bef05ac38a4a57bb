//! `<hugepages>`: which pages for which NUMA cells, and what does not go with them.

use super::DOCS;
use crate::edit;
use crate::finding::Effect;
use crate::rules::host::set::Set;
use crate::rules::host::size::kib;
use crate::rules::{Facts, Findings, Rule, page};
use crate::xml::Node;

/// The rules.
pub const RULES: &[Rule] = &[
    Rule::define("hugepages-conflict", &["domain/memoryBacking"], conflict, page!("hugepages-conflict.md"), DOCS),
    Rule::define("hugepages-page-invalid", &["domain/memoryBacking/hugepages"], pages, page!("hugepages-page-invalid.md"), DOCS),
];

fn conflict(facts: &Facts, backing: Node, findings: &mut Findings) {
    let Some(hugepages) = backing.child("hugepages").filter(|_| facts.qemu()) else { return };
    for (child, name, word, why) in [
        ("allocation", "mode", "ondemand", "huge pages are allocated at the start, not when the guest uses them"),
        ("source", "type", "anonymous", "huge pages come from a file or from memfd, not from anonymous memory"),
    ] {
        let Some(attr) = backing.child(child).and_then(|child| child.attr(name)).filter(|attr| attr.value() == word) else { continue };
        let finding = findings.at(attr.value_span(), why);
        finding.related(hugepages.name_span(), "the huge pages");
        let better = if child == "source" { "memfd" } else { "immediate" };
        finding.fix(format!("Use {better}"), Effect::Safe, vec![edit::replace(attr.value_span(), better)]);
    }
}

/// A page, and the guest's nodes that it is for; none for all others.
type Page<'a> = (Node<'a>, Option<Set>);

fn pages(facts: &Facts, hugepages: Node, findings: &mut Findings) {
    let cells = facts.whole.cells.len();
    let all: Set = (0..u32::try_from(cells).unwrap_or(0)).collect();
    let mut seen: Vec<Page> = Vec::new();
    for page in hugepages.children("page") {
        if let Some(size) = page.attr("size").filter(|size| kib(size.value(), page.value("unit")) == Some(0)) {
            findings.at(size.value_span(), "pages have a size above zero");
            continue;
        }
        let mut nodes = page.attr("nodeset").and_then(|attr| Set::parse(attr.value()));
        // without cells, node 0 is the whole guest
        if cells == 0 && nodes.as_ref().is_some_and(|nodes| nodes.within(&std::iter::once(0).collect())) {
            nodes = None;
        }
        if !told(page, nodes.as_ref(), &all, &seen, findings) {
            seen.push((page, nodes));
        }
    }
}

fn told(page: Node, nodes: Option<&Set>, all: &Set, seen: &[Page], findings: &mut Findings) -> bool {
    let span = page.attr("nodeset").map_or(page.name_span(), |attr| attr.value_span());
    let Some(nodes) = nodes else {
        let Some((first, _)) = seen.iter().find(|(_, nodes)| nodes.is_none()) else { return false };
        let finding = findings.at(span, "two sizes of pages are for the same nodes: those that no `nodeset` names");
        finding.related(first.name_span(), "the other size");
        finding.fix("Remove the second", Effect::Safe, vec![edit::remove(page)]);
        return true;
    };
    if !nodes.within(all) {
        let finding = findings.at(span, format!("the guest has no NUMA node {}", nodes.without(all)));
        let rest = nodes.shared(all);
        if !rest.is_empty() {
            finding.fix(format!("Use {rest}"), Effect::Safe, vec![edit::replace(span, &rest.to_string())]);
        } else if let Some(attr) = page.attr("nodeset").filter(|_| all.is_empty() && seen.is_empty()) {
            finding.fix("Use the pages for the whole guest", Effect::Safe, vec![edit::remove_attribute(page, &attr)]);
        }
        return true;
    }
    let shared = |(_, other): &&Page| other.as_ref().is_some_and(|other| !other.shared(nodes).is_empty());
    let Some((first, Some(other))) = seen.iter().find(shared) else { return false };
    let finding = findings.at(span, format!("two sizes of pages are for node {}", nodes.shared(other)));
    finding.related(first.name_span(), "the other size");
    true
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["hugepages-conflict", "hugepages-page-invalid"];
    const CELLS: &str = "<vcpu>2</vcpu>\n<cpu>\n  <numa>\n    <cell id='0' cpus='0' memory='262144'/>\n    <cell id='1' cpus='1' memory='262144'/>\n  </numa>\n</cpu>\n";

    #[test]
    fn huge_pages_have_a_source_of_their_own() {
        let fixture = r#"
<memoryBacking>
  <hugepages/>
  <source type='anonymous'/>
                ^^^^^^^^^ error[hugepages-conflict]: huge pages come from a file or from memfd, not from anonymous memory
                | fix: Use memfd
  <allocation mode='ondemand'/>
                    ^^^^^^^^ error[hugepages-conflict]: huge pages are allocated at the start, not when the guest uses them
                    | fix: Use immediate
</memoryBacking>
"#;
        check_in("none", "", CODES, fixture);
        mended_in("none", "", "hugepages-conflict", fixture);
        check_in("none", "", CODES, "<memoryBacking>\n  <source type='anonymous'/>\n  <allocation mode='ondemand'/>\n</memoryBacking>");
    }

    #[test]
    fn pages_are_for_nodes_that_there_are() {
        let fixture = r#"
<memoryBacking>
  <hugepages>
    <page size='2048' nodeset='0'/>
    <page size='1048576' nodeset='1'/>
                                  ^ error[hugepages-page-invalid]: the guest has no NUMA node 1
  </hugepages>
</memoryBacking>
"#;
        check_in("none", "", CODES, fixture);
        let fixture = format!(
            "{CELLS}{}",
            r#"<memoryBacking>
  <hugepages>
    <page size='2048' nodeset='0-1'/>
    <page size='1048576' nodeset='1'/>
                                  ^ error[hugepages-page-invalid]: two sizes of pages are for node 1
    <page size='4096' nodeset='1-2'/>
                               ^^^ error[hugepages-page-invalid]: the guest has no NUMA node 2
                               | fix: Use 1
    <page size='0'/>
                ^ error[hugepages-page-invalid]: pages have a size above zero
  </hugepages>
</memoryBacking>
"#
        );
        check_in("none", "", CODES, &fixture);
    }

    #[test]
    fn one_size_is_for_the_rest() {
        let fixture = r#"
<memoryBacking>
  <hugepages>
    <page size='2048'/>
    <page size='1048576' nodeset='0'/>
                                  ^ error[hugepages-page-invalid]: two sizes of pages are for the same nodes: those that no `nodeset` names
                                  | fix: Remove the second
  </hugepages>
</memoryBacking>
"#;
        check_in("none", "", CODES, fixture);
        mended_in("none", "", "hugepages-page-invalid", fixture);
        let pages = "<memoryBacking>\n  <hugepages>\n    <page size='2048'/>\n    <page size='1048576' nodeset='0'/>\n  </hugepages>\n</memoryBacking>";
        check_in("none", "", CODES, &format!("{CELLS}{pages}"));
    }
}

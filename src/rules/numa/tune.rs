//! `<numatune>`: from which nodes of the host the guest's memory comes.

use crate::caps::Version;
use crate::edit;
use crate::finding::Effect;
use crate::rules::{Facts, Findings, Rule, page, unsigned};
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#numa-node-tuning";
const ON: &[&str] = &["domain/numatune"];

/// The rules.
pub const RULES: &[Rule] = &[
    Rule::define("numatune-nodeset-missing", ON, missing, page!("numatune-nodeset-missing.md"), DOCS),
    Rule::define("memnode-unfit", ON, unfit, page!("memnode-unfit.md"), DOCS),
    Rule::define("memnode-mode-mixed", ON, mixed, page!("memnode-mode-mixed.md"), DOCS),
];

/// True where numad is to place the memory: said so, or the vCPUs are placed so and nothing else is said.
fn automatic(facts: &Facts, numatune: Node) -> bool {
    let vcpus = facts.whole.vcpu.and_then(|vcpu| vcpu.value("placement")) == Some("auto");
    match numatune.child("memory") {
        Some(memory) if memory.attr("placement").is_some() => memory.value("placement") == Some("auto"),
        Some(memory) => vcpus && memory.attr("nodeset").is_none() && memory.attr("mode").is_some(),
        None => vcpus,
    }
}

fn missing(facts: &Facts, numatune: Node, findings: &mut Findings) {
    let Some(memory) = numatune.child("memory").filter(|memory| memory.attr("nodeset").is_none()) else { return };
    let fixed = match memory.value("placement") {
        Some(placement) => placement == "static",
        None => memory.attr("mode").is_some() && !automatic(facts, numatune),
    };
    if fixed {
        let finding = findings.at(memory.name_span(), "memory that is placed by the author needs a `nodeset`");
        finding.fix("Let numad place it", Effect::Safe, vec![edit::set_attribute(memory, "placement", "auto")]);
    }
}

fn unfit(facts: &Facts, numatune: Node, findings: &mut Findings) {
    let mut nodes = numatune.children("memnode").peekable();
    let Some(first) = nodes.peek().copied() else { return };
    if automatic(facts, numatune) {
        let finding = findings.at(first.name_span(), "memory of single cells cannot be placed where numad places all of it");
        finding.fix("Remove it", Effect::Safe, numatune.children("memnode").map(edit::remove).collect());
        return;
    }
    if facts.whole.cells.is_empty() {
        let finding = findings.at(first.name_span(), "`<memnode>` places the memory of a NUMA cell, and the guest has none");
        finding.fix("Remove it", Effect::Safe, numatune.children("memnode").map(edit::remove).collect());
        return;
    }
    let mut seen: Vec<u32> = Vec::new();
    for node in nodes {
        let Some(attr) = node.attr("cellid") else { continue };
        let Some(id) = unsigned(attr.value()) else { continue };
        if id as usize >= facts.whole.cells.len() {
            let finding = findings.at(attr.value_span(), format!("the guest has no NUMA cell {id}"));
            finding.fix("Remove it", Effect::Safe, vec![edit::remove(node)]);
        } else if seen.contains(&id) {
            let finding = findings.at(attr.value_span(), format!("the memory of cell {id} is placed already"));
            finding.fix("Remove the second", Effect::Safe, vec![edit::remove(node)]);
        }
        seen.push(id);
    }
}

/// One way was refused early on; the other, and none for the whole, is since 9.4.0, say its news: tried on 9.0.0, 11.3.0, 12.8.0.
fn mixed(facts: &Facts, numatune: Node, findings: &mut Findings) {
    let restrictive = |node: Node| node.value("mode") == Some("restrictive");
    let memory = numatune.child("memory");
    let all = memory.is_some_and(restrictive);
    if !all && !facts.since(Version(9, 4, 0)) {
        return;
    }
    if let Some(node) = numatune.children("memnode").find(|node| node.attr("mode").is_some() && restrictive(*node) != all) {
        let span = node.attr("mode").map_or(node.name_span(), |mode| mode.value_span());
        let finding = findings.at(span, "`restrictive` is for the whole domain and each cell, or for none of them");
        if let Some(memory) = memory {
            finding.related(memory.name_span(), "the whole domain");
        }
        let fitting = if all { "restrictive" } else { memory.and_then(|memory| memory.value("mode")).unwrap_or("strict") };
        finding.fix(format!("Use {fitting}"), Effect::Safe, vec![edit::set_attribute(node, "mode", fitting)]);
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["numatune-nodeset-missing", "memnode-unfit", "memnode-mode-mixed"];
    const CELLS: &str = "<vcpu>2</vcpu>\n<cpu>\n  <numa>\n    <cell id='0' cpus='0' memory='262144'/>\n    <cell id='1' cpus='1' memory='262144'/>\n  </numa>\n</cpu>\n";

    #[test]
    fn who_places_memory_says_where() {
        let fixture = r#"
<numatune>
  <memory mode='strict'/>
   ^^^^^^ error[numatune-nodeset-missing]: memory that is placed by the author needs a `nodeset`
   | fix: Let numad place it
</numatune>
"#;
        check_in("none", "", CODES, fixture);
        let mended = mended_in("none", "", "numatune-nodeset-missing", fixture);
        assert_eq!(mended, "- <memory mode='strict'/>\n+ <memory mode='strict' placement='auto'/>");
        for fine in ["<memory/>", "<memory mode='strict' nodeset='0'/>", "<memory mode='strict' placement='auto'/>"] {
            check_in("none", "", CODES, &format!("<numatune>\n  {fine}\n</numatune>"));
        }
        check_in("none", "", CODES, "<vcpu placement='auto'>2</vcpu>\n<numatune>\n  <memory mode='strict'/>\n</numatune>");
    }

    #[test]
    fn a_cell_that_is_placed_is_there() {
        let fixture = r#"
<numatune>
  <memnode cellid='0' mode='strict' nodeset='0'/>
   ^^^^^^^ error[memnode-unfit]: `<memnode>` places the memory of a NUMA cell, and the guest has none
   | fix: Remove it
</numatune>
"#;
        check_in("none", "", CODES, fixture);
        mended_in("none", "", "memnode-unfit", fixture);
        let fixture = format!(
            "{CELLS}{}",
            r#"<numatune>
  <memnode cellid='0' mode='strict' nodeset='0'/>
  <memnode cellid='0' mode='strict' nodeset='1'/>
                   ^ error[memnode-unfit]: the memory of cell 0 is placed already
                   | fix: Remove the second
  <memnode cellid='2' mode='strict' nodeset='1'/>
                   ^ error[memnode-unfit]: the guest has no NUMA cell 2
                   | fix: Remove it
</numatune>
"#
        );
        check_in("none", "", CODES, &fixture);
    }

    #[test]
    fn numad_places_all_or_nothing() {
        let fixture = format!(
            "{CELLS}{}",
            r#"<numatune>
  <memory placement='auto'/>
  <memnode cellid='0' mode='strict' nodeset='0'/>
   ^^^^^^^ error[memnode-unfit]: memory of single cells cannot be placed where numad places all of it
   | fix: Remove it
</numatune>
"#
        );
        check_in("none", "", CODES, &fixture);
        mended_in("none", "", "memnode-unfit", &fixture);
    }

    #[test]
    fn restrictive_is_for_all() {
        let fixture = format!(
            "{CELLS}{}",
            r#"<numatune>
  <memory mode='restrictive' nodeset='0'/>
  <memnode cellid='0' mode='strict' nodeset='0'/>
                            ^^^^^^ error[memnode-mode-mixed]: `restrictive` is for the whole domain and each cell, or for none of them
                            | fix: Use restrictive
</numatune>
"#
        );
        check_in("none", "", CODES, &fixture);
        mended_in("none", "", "memnode-mode-mixed", &fixture);
    }

    #[test]
    fn the_other_way_passes_before_9_4_0() {
        let tune = "<numatune>\n  <memory mode='strict' nodeset='0'/>\n  <memnode cellid='0' mode='restrictive' nodeset='0'/>\n";
        check_in("9.0.0:qemu-q35", "", CODES, &format!("{CELLS}{tune}</numatune>"));
        let mark = "                            ^^^^^^^^^^^ error[memnode-mode-mixed]: `restrictive` is for the whole domain and each cell, or for none of them\n                            | fix: Use strict\n";
        check_in("qemu-q35", "", CODES, &format!("{CELLS}{tune}{mark}</numatune>"));
        let tune = tune.replace("  <memory mode='strict' nodeset='0'/>\n", "");
        check_in("9.0.0:qemu-q35", "", CODES, &format!("{CELLS}{tune}</numatune>"));
        check_in("qemu-q35", "", CODES, &format!("{CELLS}{tune}{mark}</numatune>"));
    }
}

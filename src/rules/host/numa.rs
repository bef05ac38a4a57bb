//! Host NUMA nodes that a domain binds its memory to.

use super::set::Set;
use crate::edit;
use crate::finding::{Effect, Phase, Severity};
use crate::rules::{Check, Facts, Findings, Need, Rule, page};
use crate::text::Span;
use crate::xml::Node;

/// The rules of this file.
pub const RULES: &[Rule] = &[NODE_ABSENT];

const NODE_ABSENT: Rule = Rule {
    code: "numa-node-absent",
    severity: Severity::Error,
    phase: Phase::Start,
    needs: &[Need::Capabilities],
    on: &["domain/numatune/memory", "domain/numatune/memnode", "domain/devices/memory/source/nodemask"],
    check: Check::Function(node_absent),
    page: page!("numa-node-absent.md"),
    docs: "https://libvirt.org/formatdomain.html#numa-node-tuning",
};

fn node_absent(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(source) = facts.sources.host_caps.filter(|_| super::qemu(facts)) else { return };
    let Some((text, span)) = nodes(node) else { return };
    let Some(last) = source.said.cells.last() else { return };
    let Some(asked) = Set::parse(text) else { return };
    let host: Set = source.said.cells.iter().map(|cell| cell.id.value).collect();
    if asked.within(&host) {
        return;
    }
    let missing = asked.without(&host);
    let (s, verb) = if missing.len() == 1 { ("", "does") } else { ("s", "do") };
    let finding = findings.at(span, format!("NUMA node{s} {missing} {verb} not exist: this host has {host}"));
    finding.evidence(source.id, last.id.span, format!("the host's NUMA nodes: {host}"));
    let kept = asked.shared(&host);
    let kept = if kept.is_empty() && host.len() == 1 { host } else { kept };
    if !kept.is_empty() {
        finding.fix(
            format!("Bind to node{} {kept}", if kept.len() == 1 { "" } else { "s" }),
            Effect::Safe,
            vec![edit::replace(span, &kept.to_string())],
        );
    }
}

/// The nodes that an element names; automatic placement takes no notice of them.
fn nodes<'a>(node: Node<'a>) -> Option<(&'a str, Span)> {
    if node.name() == "nodemask" {
        return node.text().map(|text| (text.value, text.span));
    }
    if node.value("placement") == Some("auto") {
        return None;
    }
    node.attr("nodeset").map(|attr| (attr.value(), attr.value_span()))
}

#[cfg(test)]
mod tests {
    use crate::support::{check, codes, fixed};

    #[test]
    fn memory_bound_to_a_node_that_is_not_there_is_refused() {
        check(
            "kvm-q35",
            &["numa-node-absent"],
            r"
<domain type='kvm'>
  <numatune>
    <memory mode='strict' nodeset='0-3,^2'/>
                                   ^^^^^^ error[numa-node-absent]: NUMA nodes 1,3 do not exist: this host has 0
                                   | capabilities.xml: the host's NUMA nodes: 0
                                   | fix: Bind to node 0
    <memnode cellid='0' mode='preferred' nodeset='1'/>
                                                  ^ error[numa-node-absent]: NUMA node 1 does not exist: this host has 0
                                                  | capabilities.xml: the host's NUMA nodes: 0
                                                  | fix: Bind to node 0
  </numatune>
  <devices>
    <memory model='dimm'>
      <source>
        <nodemask>4</nodemask>
                  ^ error[numa-node-absent]: NUMA node 4 does not exist: this host has 0
                  | capabilities.xml: the host's NUMA nodes: 0
                  | fix: Bind to node 0
      </source>
    </memory>
  </devices>
</domain>",
        );
    }

    #[test]
    fn the_fix_keeps_the_nodes_that_exist() {
        let xml = "<domain type='kvm'><numatune><memory mode='strict' nodeset='0,2'/></numatune></domain>";
        let fixed = fixed("kvm-q35", "numa-node-absent", xml);
        assert_eq!(fixed, xml.replace("0,2", "0"));
        assert!(!codes("kvm-q35", &fixed).contains(&"numa-node-absent"));
    }

    #[test]
    fn nodes_that_exist_and_automatic_placement_are_silent() {
        for memory in ["nodeset='0'", "nodeset='0-1,^1'", "placement='auto' nodeset='4'", "nodeset='x'"] {
            let xml = format!("<domain type='kvm'><numatune><memory mode='strict' {memory}/></numatune></domain>");
            assert!(!codes("kvm-q35", &xml).contains(&"numa-node-absent"), "{memory}");
        }
    }
}

//! `<cachetune>` and `<memorytune>`: parts of the host's cache and of its memory's bandwidth.

use super::host::set::Set;
use super::vcpu::topology::maximum;
use super::{Facts, Findings, Rule, page, unsigned};
use crate::caps::Version;
use crate::edit;
use crate::finding::Effect;
use crate::xml::{Attr, Node};

const DOCS: &str = "https://libvirt.org/formatdomain.html#cpu-tuning";
const ON: &[&str] = &["domain/cputune"];
const CACHES: &[&str] = &["domain/cputune/cachetune"];
const BANDWIDTH: &[&str] = &["domain/cputune/memorytune"];

/// The rules.
pub const RULES: &[Rule] = &[
    Rule::define("resctrl-vcpus-overlap", ON, overlap, page!("resctrl/resctrl-vcpus-overlap.md"), DOCS),
    Rule::define("resctrl-without-kvm", ON, emulated, page!("resctrl/resctrl-without-kvm.md"), DOCS),
    Rule::define("resctrl-cache-repeated", CACHES, caches, page!("resctrl/resctrl-cache-repeated.md"), DOCS),
    Rule::define("resctrl-bandwidth-invalid", BANDWIDTH, bandwidth, page!("resctrl/resctrl-bandwidth-invalid.md"), DOCS),
    Rule::define("resctrl-monitor-invalid", GROUPS, monitors, page!("resctrl/resctrl-monitor-invalid.md"), DOCS),
];

const GROUPS: &[&str] = &["domain/cputune/cachetune", "domain/cputune/memorytune"];

/// The vCPUs of a group or monitor, those that there are; none where the group is passed over.
fn vcpus<'a>(facts: &Facts, node: Node<'a>) -> Option<(Attr<'a>, Set)> {
    let attr = node.attr("vcpus")?;
    let all: Set = (0..maximum(facts)?).collect();
    let set = Set::parse(attr.value())?.shared(&all);
    Some((attr, set))
}

/// In the order in which libvirt reads them; energy is measured since 12.4.0.
const KINDS: &[&str] = &["cachetune", "memorytune", "energytune"];

fn groups<'a>(facts: &Facts, cputune: Node<'a>) -> Vec<(Node<'a>, Attr<'a>, Set)> {
    let nodes = KINDS.iter().flat_map(|kind| cputune.children(kind).collect::<Vec<_>>());
    nodes.filter_map(|node| vcpus(facts, node).map(|(attr, set)| (node, attr, set))).filter(|(_, _, set)| !set.is_empty()).collect()
}

/// Caches are read before bandwidths; the same vCPUs may have one of each.
fn overlap(facts: &Facts, cputune: Node, findings: &mut Findings) {
    // 12.8.0 takes a group of the whole process, say its news, but none beside; tried there
    let whole = KINDS.iter().find_map(|kind| cputune.children(kind).find(|group| group.attr("vcpus").is_none()));
    let since = facts.qemu() && facts.since(Version(12, 8, 0));
    let mut seen: Vec<(Node, Attr, Set)> = Vec::new();
    for (node, attr, set) in groups(facts, cputune) {
        if let Some(whole) = whole.filter(|_| since) {
            findings
                .at(attr.name_span(), "a group of some vCPUs, and there is one of the whole process")
                .related(whole.name_span(), "this one");
            return;
        }
        let equal = |other: &Set| other.within(&set) && set.within(other);
        // a list of bandwidths may be continued
        let taken = |(first, _, other): &&(Node, Attr, Set)| {
            !other.shared(&set).is_empty() && !(equal(other) && (node.name() == "memorytune" || first.name() != node.name()))
        };
        if let Some((_, first, other)) = seen.iter().find(taken) {
            let message = format!("vCPU {} is in a group already, and this is another one", set.shared(other));
            let finding = findings.at(attr.value_span(), message);
            finding.related(first.value_span(), "its group");
            let rest = set.without(other);
            if !rest.is_empty() {
                finding.fix(format!("Leave {rest}"), Effect::Safe, vec![edit::replace(attr.value_span(), &rest.to_string())]);
            }
            continue;
        }
        seen.push((node, attr, set));
    }
}

fn emulated(facts: &Facts, cputune: Node, findings: &mut Findings) {
    if facts.subject.domain_type() != Some("qemu") || cputune.elements().all(|node| !matches!(node.name(), "cachetune" | "memorytune")) {
        return;
    }
    let all = groups(facts, cputune);
    let Some((first, ..)) = all.iter().find(|(node, ..)| node.elements().next().is_some()) else { return };
    let finding = findings.at(first.name_span(), "parts of the cache and of the bandwidth are for KVM alone");
    let edits = all.iter().map(|(node, ..)| edit::remove(*node)).collect();
    finding.fix("Remove them", Effect::Safe, edits);
}

/// `both` is the other two at once.
fn caches(_: &Facts, group: Node, findings: &mut Findings) {
    let mut seen: Vec<(Node, u32, u32, &str)> = Vec::new();
    for cache in group.children("cache") {
        let number = |name| cache.value(name).and_then(unsigned);
        let (Some(id), Some(level), Some(kind)) = (number("id"), number("level"), cache.value("type")) else { continue };
        let clash =
            |other: &&(Node, u32, u32, &str)| other.1 == id && other.2 == level && (other.3 == kind || other.3 == "both" || kind == "both");
        if let Some((first, ..)) = seen.iter().find(clash) {
            let finding = findings.at(cache.name_span(), format!("a part of cache {id} on level {level} is given already"));
            finding.related(first.name_span(), "the first");
            finding.fix("Remove the second", Effect::Safe, vec![edit::remove(cache)]);
        }
        seen.push((cache, id, level, kind));
    }
}

fn bandwidth(facts: &Facts, group: Node, findings: &mut Findings) {
    // what continues the list of the same vCPUs
    let own = vcpus(facts, group);
    let earlier = group.parent().into_iter().flat_map(|cputune| cputune.children("memorytune").collect::<Vec<_>>());
    let earlier = earlier.take_while(|other| *other != group).filter(|other| match (&own, vcpus(facts, *other)) {
        (Some((_, own)), Some((_, other))) => own.within(&other) && other.within(own),
        _ => false,
    });
    let id = |node: &Node| node.value("id").and_then(unsigned);
    // AMD counts no percents: the news of 10.8.0
    let percent = facts.before(Version(10, 8, 0));
    let mut seen: Vec<Node> = earlier.flat_map(|other| other.children("node").collect::<Vec<_>>()).collect();
    for node in group.children("node") {
        let beyond = |share: &Attr| percent && unsigned(share.value()).is_some_and(|share| share > 100);
        if let Some(share) = node.attr("bandwidth").filter(beyond) {
            let finding = findings.at(share.value_span(), "a part of the bandwidth is at most 100 percent");
            finding.fix("Use 100", Effect::Safe, vec![edit::replace(share.value_span(), "100")]);
        }
        if let Some(first) = seen.iter().find(|other| id(other).is_some() && id(other) == id(&node)) {
            let finding = findings.at(node.name_span(), "a part of this node's bandwidth is given already");
            finding.related(first.name_span(), "the first");
            finding.fix("Remove the second", Effect::Safe, vec![edit::remove(node)]);
        }
        seen.push(node);
    }
}

fn monitors(facts: &Facts, group: Node, findings: &mut Findings) {
    let mut nodes = group.children("monitor").peekable();
    if nodes.peek().is_none() {
        return;
    }
    let Some((_, all)) = vcpus(facts, group).filter(|(_, all)| !all.is_empty()) else { return };
    let same = |one: &Set, other: &Set| one.within(other) && other.within(one);
    let empty = group.child("cache").is_none() && group.child("node").is_none();
    let mut seen: Vec<(Attr, Set)> = Vec::new();
    for node in nodes {
        if let Some(level) = node.attr("level").filter(|level| group.name() == "cachetune" && level.value() != "3") {
            findings.at(level.value_span(), "the cache is measured on level 3 alone");
            continue;
        }
        let Some((attr, set)) = vcpus(facts, node) else { continue };
        let clash = seen.iter().find(|(_, other)| {
            let apart = same(&set, &all) || same(other, &all);
            same(&set, other) || (!set.shared(other).is_empty() && (empty || !apart))
        });
        if set.is_empty() || !set.within(&all) {
            let message = if set.is_empty() { "none of these vCPUs exists" } else { "a group measures its own vCPUs" };
            findings.at(attr.value_span(), message);
        } else if let Some((first, other)) = clash {
            let message = format!("vCPU {} is measured already", set.shared(other));
            findings.at(attr.value_span(), message).related(first.value_span(), "the first");
        }
        seen.push((attr, set));
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] =
        &["resctrl-vcpus-overlap", "resctrl-without-kvm", "resctrl-cache-repeated", "resctrl-bandwidth-invalid", "resctrl-monitor-invalid"];

    fn domain(groups: &str) -> String {
        format!("<vcpu>4</vcpu>\n<cputune>{groups}</cputune>")
    }

    #[test]
    fn a_vcpu_is_in_one_group() {
        let fixture = domain(
            r#"
  <cachetune vcpus='0-1'>
    <cache id='0' level='3' type='both' size='3' unit='MiB'/>
  </cachetune>
  <memorytune vcpus='1-2'>
                     ^^^ error[resctrl-vcpus-overlap]: vCPU 1 is in a group already, and this is another one
                     | fix: Leave 2
    <node id='0' bandwidth='20'/>
  </memorytune>
  <memorytune vcpus='0-1'>
    <node id='0' bandwidth='20'/>
  </memorytune>
"#,
        );
        check_in("kvm-q35", "", CODES, &fixture);
        mended_in("kvm-q35", "", "resctrl-vcpus-overlap", &fixture);
    }

    #[test]
    fn a_group_of_all_is_the_only_one() {
        let cache = "  <cachetune>\n    <cache id='0' level='3' type='both' size='3' unit='MiB'/>\n  </cachetune>\n";
        let memory = "  <memorytune vcpus='0'>\n";
        let mark = "              ^^^^^ error[resctrl-vcpus-overlap]: a group of some vCPUs, and there is one of the whole process\n";
        let end = "    <node id='0' bandwidth='20'/>\n  </memorytune>\n";
        check_in("kvm-q35", "", CODES, &domain(&format!("\n{cache}{memory}{mark}{end}")));
        check_in("kvm-q35", "", CODES, &domain(&format!("\n{cache}{}{end}", memory.replace(" vcpus='0'", ""))));
        check_in("9.0.0:kvm-q35", "", CODES, &domain(&format!("\n{cache}{memory}{end}")));
    }

    #[test]
    fn energy_is_measured_by_the_same_groups() {
        let energy = "  <energytune vcpus='0'>\n";
        let mark = "                     ^ error[resctrl-vcpus-overlap]: vCPU 0 is in a group already, and this is another one\n";
        let cache = "\n  <cachetune vcpus='0-1'>\n    <cache id='0' level='3' type='both' size='3' unit='MiB'/>\n  </cachetune>\n";
        check_in("kvm-q35", "", CODES, &domain(&format!("{cache}{energy}{mark}    <monitor/>\n  </energytune>\n")));
    }

    #[test]
    fn caches_are_given_once() {
        let fixture = domain(
            r#"
  <cachetune vcpus='0-1'>
    <cache id='0' level='3' type='code' size='3' unit='MiB'/>
    <cache id='0' level='3' type='data' size='3' unit='MiB'/>
    <cache id='0' level='3' type='both' size='3' unit='MiB'/>
     ^^^^^ error[resctrl-cache-repeated]: a part of cache 0 on level 3 is given already
     | fix: Remove the second
  </cachetune>
"#,
        );
        check_in("kvm-q35", "", CODES, &fixture);
        mended_in("kvm-q35", "", "resctrl-cache-repeated", &fixture);
    }

    #[test]
    fn a_bandwidth_is_a_share() {
        let fixture = domain(
            r#"
  <memorytune vcpus='0-1'>
    <node id='0' bandwidth='200'/>
                            ^^^ error[resctrl-bandwidth-invalid]: a part of the bandwidth is at most 100 percent
                            | fix: Use 100
    <node id='0' bandwidth='20'/>
     ^^^^ error[resctrl-bandwidth-invalid]: a part of this node's bandwidth is given already
     | fix: Remove the second
  </memorytune>
  <memorytune vcpus='0-1'>
    <node id='1' bandwidth='20'/>
  </memorytune>
"#,
        );
        check_in("9.0.0:kvm-q35", "", CODES, &fixture);
        mended_in("9.0.0:kvm-q35", "", "resctrl-bandwidth-invalid", &fixture);
        check_in("kvm-q35", "", CODES, &domain("<memorytune vcpus='0'>\n<node id='0' bandwidth='200'/>\n</memorytune>"));
    }

    #[test]
    fn a_monitor_is_for_vcpus_of_its_group() {
        let fixture = domain(
            r#"
  <cachetune vcpus='0-1'>
    <monitor level='2' vcpus='0'/>
                    ^ error[resctrl-monitor-invalid]: the cache is measured on level 3 alone
    <monitor level='3' vcpus='2'/>
                              ^ error[resctrl-monitor-invalid]: a group measures its own vCPUs
    <monitor level='3' vcpus='0-1'/>
    <monitor level='3' vcpus='0'/>
                              ^ error[resctrl-monitor-invalid]: vCPU 0 is measured already
  </cachetune>
"#,
        );
        check_in("kvm-q35", "", CODES, &fixture);
        let fine = "\n  <cachetune vcpus='0-1'>\n    <cache id='0' level='3' type='both' size='3' unit='MiB'/>\n    <monitor level='3' vcpus='0-1'/>\n    <monitor level='3' vcpus='0'/>\n  </cachetune>\n";
        check_in("kvm-q35", "", CODES, &domain(fine));
    }

    #[test]
    fn kvm_alone_does_it() {
        let fixture = domain(
            r#"
  <cachetune vcpus='0-1'>
   ^^^^^^^^^ error[resctrl-without-kvm]: parts of the cache and of the bandwidth are for KVM alone
   | fix: Remove them
    <cache id='0' level='3' type='both' size='3' unit='MiB'/>
  </cachetune>
"#,
        );
        check_in("qemu-q35", "", CODES, &fixture);
        mended_in("qemu-q35", "", "resctrl-without-kvm", &fixture);
        let passed = "\n  <cachetune vcpus='9'>\n    <cache id='0' level='3' type='both' size='3' unit='MiB'/>\n  </cachetune>\n";
        check_in("qemu-q35", "", CODES, &domain(passed));
    }
}

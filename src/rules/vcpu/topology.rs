//! `<vcpu>`, `<vcpus>` and `<topology>` against one another.

use super::DOCS;
use crate::caps::Version;
use crate::edit;
use crate::finding::{Effect, Phase};
use crate::rules::{Facts, Family, Findings, Rule, page, unsigned};
use crate::text::Span;
use crate::xml::Node;

const TOPOLOGY: &str = "https://libvirt.org/formatdomain.html#cpu-model-and-topology";

/// The rules.
pub const RULES: &[Rule] = &[
    Rule::define("vcpu-current-above-maximum", &["domain/vcpu[@current]"], current, page!("vcpu-current-above-maximum.md"), DOCS),
    Rule::define("vcpu-cpuset-ignored", &["domain/vcpu[@cpuset]"], ignored, page!("vcpu-cpuset-ignored.md"), DOCS).warn(Phase::Dropped),
    Rule::define("topology-vcpu-mismatch", &["domain/cpu/topology"], mismatch, page!("topology-vcpu-mismatch.md"), TOPOLOGY),
    Rule::define("topology-dies-unsupported", &["domain/cpu/topology"], foreign, page!("topology-dies-unsupported.md"), TOPOLOGY),
    Rule::define("vcpu-granularity", &["domain/cpu/topology"], granularity, page!("vcpu-granularity.md"), TOPOLOGY),
];

/// The maximum of vCPUs: one where nothing says it; none where the text is no number.
pub fn maximum(facts: &Facts) -> Option<u32> {
    match facts.whole.vcpu {
        Some(vcpu) => vcpu.text().and_then(|text| unsigned(text.value)),
        None => Some(1),
    }
}

fn current(facts: &Facts, vcpu: Node, findings: &mut Findings) {
    let (Some(attr), Some(text)) = (vcpu.attr("current"), vcpu.text()) else { return };
    let (Some(current), Some(maximum)) = (unsigned(attr.value()), unsigned(text.value)) else { return };
    // `<vcpus>` says it one by one, and then this is not read
    if current <= maximum || facts.subject.root.child("vcpus").is_some_and(|vcpus| vcpus.child("vcpu").is_some()) {
        return;
    }
    let finding = findings.at(attr.value_span(), format!("{current} vCPUs cannot be plugged in where there are {maximum} at most"));
    finding.fix(format!("Allow {current}"), Effect::ChangesGuest, vec![edit::replace(text.span, &current.to_string())]);
    finding.fix("Plug in all there are", Effect::ChangesGuest, vec![edit::remove_attribute(vcpu, &attr)]);
}

fn ignored(_: &Facts, vcpu: Node, findings: &mut Findings) {
    let Some(cpuset) = vcpu.attr("cpuset").filter(|_| vcpu.value("placement") == Some("auto")) else { return };
    findings.at(cpuset.name_span(), "numad chooses the CPUs of the host, so that libvirt drops those named here").fix(
        "Choose them here",
        Effect::Safe,
        vec![edit::set_attribute(vcpu, "placement", "static")],
    );
}

/// How many CPUs a topology makes; none where one of its numbers is none, or zero.
fn product(facts: &Facts, topology: Node) -> Option<u64> {
    let libvirt = facts.sources.versions.libvirt;
    let mut product = 1u64;
    for (name, since) in
        [("sockets", None), ("dies", Some(Version(6, 1, 0))), ("clusters", Some(Version(10, 1, 0))), ("cores", None), ("threads", None)]
    {
        let number = match (topology.value(name), since) {
            (Some(_), Some(since)) if libvirt.at_least(since) == Some(false) => 1,
            // whether it is read decides
            (Some(text), Some(since)) if libvirt.at_least(since).is_none() && unsigned(text) != Some(1) => return None,
            (Some(text), _) => unsigned(text).filter(|number| *number > 0)?,
            (None, Some(_)) => 1,
            (None, None) => return None,
        };
        product = product.saturating_mul(u64::from(number));
    }
    Some(product)
}

fn mismatch(facts: &Facts, topology: Node, findings: &mut Findings) {
    if !facts.qemu() || topology.parent() != facts.subject.cpu {
        return;
    }
    let (Some(product), Some(maximum)) = (product(facts, topology), maximum(facts)) else { return };
    if product == u64::from(maximum) {
        return;
    }
    let message = format!("the topology makes {product} vCPU{}, and {maximum} are allowed", if product == 1 { "" } else { "s" });
    let finding = findings.at(topology.name_span(), message);
    let vcpu = facts.whole.vcpu;
    if let Some(text) = vcpu.and_then(Node::text) {
        finding.related(text.span, "the maximum");
    }
    if let Some(sockets) = topology.attr("sockets").filter(|_| product <= u64::from(u32::MAX)) {
        let each = product / u64::from(unsigned(sockets.value()).unwrap_or(1)).max(1);
        if each > 0 && u64::from(maximum) % each == 0 && u64::from(maximum) >= each {
            let fitting = u64::from(maximum) / each;
            let title = format!("Use {fitting} socket{}", if fitting == 1 { "" } else { "s" });
            finding.fix(title, Effect::ChangesGuest, vec![edit::replace(sockets.value_span(), &fitting.to_string())]);
        }
        if let Some((vcpu, text)) = vcpu.and_then(|vcpu| Some((vcpu, vcpu.text()?))) {
            let current =
                vcpu.attr("current").filter(|current| unsigned(current.value()).is_some_and(|current| u64::from(current) > product));
            let mut edits: Vec<_> = current.map(|current| edit::replace(current.value_span(), &product.to_string())).into_iter().collect();
            edits.push(edit::replace(text.span, &product.to_string()));
            finding.fix(format!("Allow {product}"), Effect::ChangesGuest, edits);
        }
    }
    finding.fix("Leave the topology to libvirt", Effect::ChangesGuest, vec![edit::remove(topology)]);
}

/// Left to QEMU, which knows dies on PCs alone.
/// Levels that the machines of some architectures have not, and since when libvirt reads them; clusters were tried on QEMU 11.1.
const LEVELS: &[(&str, &[&str], Version)] = &[
    ("dies", &["aarch64", "armv7l", "ppc64", "ppc64le", "s390x"], Version(6, 1, 0)),
    ("clusters", &["x86_64", "i686", "ppc64", "ppc64le", "s390x", "riscv64", "loongarch64"], Version(10, 1, 0)),
];

fn foreign(facts: &Facts, topology: Node, findings: &mut Findings) {
    let Some(arch) = facts.arch().filter(|_| facts.qemu() && topology.parent() == facts.subject.cpu) else { return };
    for (level, _, since) in LEVELS.iter().filter(|(_, without, since)| without.contains(&arch) && !facts.before(*since)) {
        let Some(attr) = topology.attr(level) else { continue };
        let Some(number) = unsigned(attr.value()).filter(|number| *number > 1) else { continue };
        let finding = findings.at(attr.value_span(), format!("the machines of `{arch}` have no {level}"));
        finding.phase(Phase::Start);
        if !facts.since(*since) {
            finding.likely();
        }
        let cores = topology.attr("cores");
        let product = cores.and_then(|cores| unsigned(cores.value())?.checked_mul(number));
        if let Some((cores, product)) = cores.zip(product) {
            let edits = vec![edit::remove_attribute(topology, &attr), edit::replace(cores.value_span(), &product.to_string())];
            finding.fix(format!("Use {product} cores a socket"), Effect::ChangesGuest, edits);
        }
    }
}

/// pseries takes cores as a whole, with all their threads.
fn granularity(facts: &Facts, topology: Node, findings: &mut Findings) {
    let pseries = facts.board.is_some_and(|board| board.family == Family::Pseries);
    let Some(threads) = topology.value("threads").and_then(unsigned).filter(|threads| pseries && *threads > 1) else { return };
    let Some((plugged, span)) = plugged_in(facts) else { return };
    if plugged % threads != 0 && topology.parent() == facts.subject.cpu {
        let finding = findings.at(span, format!("{plugged} vCPUs are no whole number of cores, which have {threads} threads each"));
        finding.related(topology.name_span(), "the topology");
    }
}

/// How many vCPUs are plugged in, and where that is said.
fn plugged_in(facts: &Facts) -> Option<(u32, Span)> {
    if let Some(vcpus) = facts.subject.root.child("vcpus").filter(|vcpus| vcpus.child("vcpu").is_some()) {
        let on = vcpus.children("vcpu").filter(|vcpu| vcpu.value("enabled") == Some("yes")).count();
        return Some((u32::try_from(on).ok()?, vcpus.name_span()));
    }
    let vcpu = facts.whole.vcpu?;
    let current = vcpu.attr("current").map(|current| (unsigned(current.value()), current.value_span()));
    let (number, span) = current.or_else(|| vcpu.text().map(|text| (unsigned(text.value), text.span)))?;
    Some((number?, span))
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] =
        &["vcpu-current-above-maximum", "vcpu-cpuset-ignored", "topology-vcpu-mismatch", "topology-dies-unsupported", "vcpu-granularity"];

    #[test]
    fn no_more_are_plugged_in_than_there_are() {
        let fixture = r#"
<vcpu current='5'>4</vcpu>
               ^ error[vcpu-current-above-maximum]: 5 vCPUs cannot be plugged in where there are 4 at most
               | fix: Allow 5 (changes guest)
               | fix: Plug in all there are (changes guest)
"#;
        check_in("qemu-q35", "", CODES, fixture);
        let mended = mended_in("qemu-q35", "", "vcpu-current-above-maximum", fixture);
        assert_eq!(mended, "- <vcpu current='5'>4</vcpu>\n+ <vcpu current='5'>5</vcpu>");
    }

    #[test]
    fn numad_chooses_alone() {
        let fixture = r#"
<vcpu placement='auto' cpuset='0-3'>4</vcpu>
                       ^^^^^^ warning[vcpu-cpuset-ignored]: numad chooses the CPUs of the host, so that libvirt drops those named here
                       | fix: Choose them here
"#;
        check_in("qemu-q35", "", CODES, fixture);
        mended_in("qemu-q35", "", "vcpu-cpuset-ignored", fixture);
        check_in("qemu-q35", "", CODES, "<vcpu cpuset='0-3'>4</vcpu>");
    }

    #[test]
    fn a_topology_makes_as_many_as_are_allowed() {
        let fixture = r#"
<vcpu>4</vcpu>
<cpu>
  <topology sockets='1' cores='2' threads='1'/>
   ^^^^^^^^ error[topology-vcpu-mismatch]: the topology makes 2 vCPUs, and 4 are allowed
   | fix: Use 2 sockets (changes guest)
   | fix: Allow 2 (changes guest)
   | fix: Leave the topology to libvirt (changes guest)
</cpu>
"#;
        check_in("qemu-q35", "", CODES, fixture);
        let mended = mended_in("qemu-q35", "", "topology-vcpu-mismatch", fixture);
        let line = |sockets: u8| format!("<topology sockets='{sockets}' cores='2' threads='1'/>");
        assert_eq!(mended, format!("- {}\n+ {}", line(1), line(2)));
    }

    #[test]
    fn without_a_number_there_is_one() {
        let fixture = r#"
<cpu>
  <topology sockets='1' dies='1' cores='2' threads='1'/>
   ^^^^^^^^ error[topology-vcpu-mismatch]: the topology makes 2 vCPUs, and 1 are allowed
   | fix: Leave the topology to libvirt (changes guest)
</cpu>
"#;
        check_in("qemu-q35", "", CODES, fixture);
    }

    #[test]
    fn a_level_counts_where_libvirt_knows_it() {
        let fixture = "<vcpu>4</vcpu>\n<cpu>\n  <topology sockets='1' clusters='2' cores='2' threads='1'/>\n</cpu>";
        check_in("aarch64", "", CODES, fixture);
        let marked = "<vcpu>4</vcpu>\n<cpu>\n  <topology sockets='1' clusters='2' cores='2' threads='1'/>\n   ^^^^^^^^ error[topology-vcpu-mismatch]: the topology makes 2 vCPUs, and 4 are allowed\n   | fix: Use 2 sockets (changes guest)\n   | fix: Allow 2 (changes guest)\n   | fix: Leave the topology to libvirt (changes guest)\n</cpu>";
        check_in("9.0.0:qemu-q35", "", CODES, marked);
    }

    #[test]
    fn dies_are_of_pcs_and_clusters_of_arm() {
        let fixture = r#"
<vcpu>4</vcpu>
<cpu>
  <topology sockets='1' dies='2' cores='2' threads='1'/>
                              ^ error[topology-dies-unsupported]: the machines of `aarch64` have no dies
                              | fix: Use 4 cores a socket (changes guest)
</cpu>
"#;
        assert_eq!(check_in("aarch64", "", CODES, fixture), ["start"]);
        mended_in("aarch64", "", "topology-dies-unsupported", fixture);
        check_in("qemu-q35", "", CODES, "<vcpu>4</vcpu>\n<cpu>\n  <topology sockets='1' dies='2' cores='2' threads='1'/>\n</cpu>");
        let clusters = r#"
<vcpu>4</vcpu>
<cpu>
  <topology sockets='1' clusters='2' cores='2' threads='1'/>
                                  ^ error[topology-dies-unsupported]: the machines of `x86_64` have no clusters
                                  | fix: Use 4 cores a socket (changes guest)
</cpu>
"#;
        assert_eq!(check_in("qemu-q35", "", CODES, clusters), ["start"]);
        check_in("aarch64", "", CODES, "<vcpu>4</vcpu>\n<cpu>\n  <topology sockets='1' clusters='2' cores='2' threads='1'/>\n</cpu>");
    }

    #[test]
    fn pseries_plugs_in_whole_cores() {
        let fixture = r#"
<vcpu current='6'>8</vcpu>
               ^ error[vcpu-granularity]: 6 vCPUs are no whole number of cores, which have 4 threads each
<cpu>
  <topology sockets='1' cores='2' threads='4'/>
</cpu>
"#;
        check_in("ppc64", "", CODES, fixture);
        check_in("ppc64", "", CODES, "<vcpu current='4'>8</vcpu>\n<cpu>\n  <topology sockets='1' cores='2' threads='4'/>\n</cpu>");
        check_in("qemu-q35", "", CODES, "<vcpu current='6'>8</vcpu>\n<cpu>\n  <topology sockets='1' cores='2' threads='4'/>\n</cpu>");
    }
}

//! A resolved CPU as libvirt would write it.

use super::{CheckLevel, CpuMode, Matching, Resolved};
use crate::caps::Subject;
use crate::xml::{Node, escape, indent_of};

/// Children of the domain's `<cpu>` that stay whatever the CPU comes to.
const KEPT: &[&str] = &["topology", "cache", "maxphysaddr", "numa"];

impl Resolved<'_> {
    /// The `<cpu>` that libvirt asks of QEMU, to be put in the place of the domain's.
    #[must_use]
    pub fn xml(&self, subject: &Subject) -> String {
        let mut out = format!("<cpu mode='{}'{}", self.mode.word(), self.attributes());
        let mut content = String::new();
        if let Some(model) = self.model {
            let fallback = if self.mode == CpuMode::Custom { "forbid" } else { "allow" };
            let vendor_id = subject.cpu.and_then(|cpu| cpu.descend(&["model"])?.value("vendor_id"));
            let vendor_id = vendor_id.map(|id| format!(" vendor_id='{}'", escape(id))).unwrap_or_default();
            content += &format!("\n  <model fallback='{fallback}'{vendor_id}>{}</model>", escape(model));
            if let Some(vendor) = self.vendor {
                content += &format!("\n  <vendor>{}</vendor>", escape(vendor));
            }
        }
        for feature in self.features.iter() {
            if let Some(policy) = feature.policy {
                content += &format!("\n  <feature policy='{}' name='{}'/>", policy.word(), escape(feature.name));
            }
        }
        for child in subject.cpu.into_iter().flat_map(Node::elements).filter(|child| KEPT.contains(&child.name())) {
            content += "\n  ";
            content += &reindented(child);
        }
        out += &if content.is_empty() { "/>".to_owned() } else { format!(">{content}\n</cpu>") };
        out
    }

    fn attributes(&self) -> String {
        let mut out = String::new();
        if self.mode == CpuMode::Custom {
            let strict = self.asked == CpuMode::Custom && self.request.matching == Matching::Strict;
            out += if strict { " match='strict'" } else { " match='exact'" };
        }
        match self.request.check {
            _ if !self.request.check_written && !self.request.wants_default() => {}
            CheckLevel::None => out += " check='none'",
            CheckLevel::Partial => out += " check='partial'",
            CheckLevel::Full => out += " check='full'",
        }
        let migratable = self.request.node.and_then(|node| node.value("migratable"));
        if let Some(migratable) = migratable.filter(|_| matches!(self.mode, CpuMode::HostPassthrough | CpuMode::Maximum)) {
            out += &format!(" migratable='{}'", escape(migratable));
        }
        out
    }
}

/// An element as written, its further lines moved to an indentation of two.
fn reindented(node: Node) -> String {
    let (indent, text) = (indent_of(node), node.span().of(node.source()));
    let mut lines = text.lines();
    let mut out = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        out += "\n  ";
        out += line.strip_prefix(indent).unwrap_or(line.trim_start());
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::support::host;

    #[track_caller]
    fn expect(host_name: &str, cpu: &str, written: &str) {
        let domain_type = if host_name.contains("kvm") { "kvm" } else { "qemu" };
        let os = "<os><type arch='x86_64' machine='q35'>hvm</type></os>";
        let xml = format!("<domain type='{domain_type}'>\n    <name>a</name>\n    {os}\n    {cpu}\n</domain>");
        assert_eq!(host(host_name).resolve_cpu(&xml, None).unwrap().xml, written);
    }

    #[test]
    fn topology_and_numa_stay_as_written() {
        expect(
            "qemu-q35",
            "<cpu mode='custom' match='strict' check='none'>\n        <model vendor_id='A&amp;B'>Nehalem</model>\n        <vendor>Intel</vendor>\n        \
             <feature name='aes' policy='optional'/>\n        <numa>\n            <cell id='0' memory='1'/>\n        </numa>\n    </cpu>",
            "<cpu mode='custom' match='strict' check='none'>\n  <model fallback='forbid' vendor_id='A&amp;B'>Nehalem</model>\n  \
             <vendor>Intel</vendor>\n  <feature policy='require' name='aes'/>\n  <numa>\n      <cell id='0' memory='1'/>\n  </numa>\n</cpu>",
        );
    }

    #[test]
    fn whole_cpus_are_short() {
        expect("kvm-q35", "<cpu mode='host-passthrough' migratable='off'/>", "<cpu mode='host-passthrough' migratable='off'/>");
        expect("qemu-q35", "", "<cpu mode='custom' match='exact' check='none'>\n  <model fallback='forbid'>qemu64</model>\n</cpu>");
    }

    #[test]
    fn host_model_is_written_as_the_cpu_it_comes_to() {
        let xml = "<domain type='qemu'><os><type arch='x86_64' machine='q35'>hvm</type></os><cpu mode='host-model'/></domain>";
        let written = host("qemu-q35").resolve_cpu(xml, None).unwrap().xml;
        let start =
            "<cpu mode='custom' match='exact'>\n  <model fallback='forbid'>EPYC</model>\n  <vendor>AMD</vendor>\n  <feature policy='";
        assert!(written.starts_with(start) && written.ends_with("'/>\n</cpu>"), "{written}");
    }
}

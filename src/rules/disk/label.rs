//! `<seclabel>` of a disk's source: an exception from the domain's labels.
//!
//! Source: libvirt 9.0.0, `virSecurityDeviceLabelDefValidate`.

use super::{Facts, Findings, Node, without_element};
use crate::caps::Version;

/// There is no exception where the domain itself is not labelled. 9.0.0 and 11.3.0 ask no more; for 12.8.0 one from labels is none.
pub fn check(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    let any = facts.before(Version(11, 3, 1));
    for disk in &facts.whole.disks {
        for own in disk.source.into_iter().flat_map(|source| source.children("seclabel")) {
            let Some(model) = own.value("model").filter(|_| any || own.value("relabel") != Some("no")) else { continue };
            let mut domain = facts.subject.root.children("seclabel").filter(|label| label.value("model") == Some(model));
            let Some(off) = domain.find(|label| !relabels(*label)) else { continue };
            let finding = findings.at(own.name_span(), "the domain's files are not labelled, so that a disk can make no exception");
            finding.related(off.name_span(), "nothing is labelled here");
            without_element(finding, own);
        }
    }
}

/// Whether libvirt labels files for a domain: as written, else for all but static labels and none.
fn relabels(label: Node) -> bool {
    match label.value("relabel") {
        Some(relabel) => relabel == "yes",
        None => !matches!(label.value("type"), Some("static" | "none")),
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check, mended};

    #[test]
    fn no_exception_from_nothing() {
        let fixture = r#"
<domain type='qemu'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <devices>
    <disk type='file' device='disk'>
      <source file='/a'>
        <seclabel model='dac' relabel='no'/>
         ^^^^^^^^ error[disk-seclabel-unfit]: the domain's files are not labelled, so that a disk can make no exception
         | fix: Remove `<seclabel>` (changes guest)
        <seclabel model='selinux' relabel='no'/>
      </source>
      <target dev='vda' bus='virtio'/>
    </disk>
  </devices>
  <seclabel type='static' model='dac'><label>+0:+0</label></seclabel>
  <seclabel type='dynamic' model='selinux'/>
</domain>
"#;
        check("9.0.0:qemu-q35", &["disk-seclabel-unfit"], fixture);
        let plain: Vec<_> = fixture.lines().filter(|line| !line.contains("^^^") && !line.contains("| fix")).collect();
        check("qemu-q35", &["disk-seclabel-unfit"], &plain.join("\n"));
        let own = fixture.replacen("relabel='no'/>", "relabel='yes'><label>+0:+0</label></seclabel>", 1);
        check("qemu-q35", &["disk-seclabel-unfit"], &own);
        let after = mended("9.0.0:qemu-q35", "disk-seclabel-unfit", "Remove `<seclabel>`", &plain.join("\n"));
        assert!(!after.contains("'dac' relabel"), "{after}");
    }

    #[test]
    fn a_label_of_no_model_meets_none() {
        let domain = "<domain type='qemu'><os><type arch='x86_64' machine='q35'>hvm</type></os><devices><disk type='file' device='disk'>
            <source file='/a'><seclabel relabel='no'/></source><target dev='vda' bus='virtio'/></disk></devices><seclabel type='none'/></domain>";
        check("qemu-q35", &["disk-seclabel-unfit"], domain);
    }
}

//! `<auth>`: secrets for a disk on the network.
//!
//! Source: libvirt 9.0.0, `virDomainDiskDefValidateSourceChainOne`, `virDomainDiskDefParseSourceXML`.

use super::{Effect, Facts, Findings, Node, edit, without_element};

/// Protocols that have no authentication.
const NONE: &[&str] = &["nbd", "sheepdog", "gluster", "tftp", "vxhs", "nfs"];

/// A secret that the protocol does not take, or two of them.
pub fn check(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    for disk in &facts.whole.disks {
        let (outer, inner) = (disk.node.child("auth"), disk.source.and_then(|source| source.child("auth")));
        if let Some((outer, inner)) = outer.zip(inner) {
            let finding = findings.at(outer.name_span(), "`auth` stands in the disk and in its source: one of them must go");
            finding.related(inner.name_span(), "the other one");
            finding.fix("Keep the one in the source", Effect::Safe, vec![edit::remove(outer)]);
        } else if let Some((auth, protocol)) = outer.or(inner).zip(disk.protocol()) {
            one(auth, protocol, findings);
        }
    }
}

fn one(auth: Node, protocol: &str, findings: &mut Findings) {
    if NONE.contains(&protocol) {
        without_element(findings.at(auth.name_span(), format!("the protocol `{protocol}` has no authentication")), auth);
        return;
    }
    let own = match protocol {
        "iscsi" => "iscsi",
        "rbd" => "ceph",
        _ => return,
    };
    let Some(kind) = auth.child("secret").and_then(|secret| secret.attr("type")) else { return };
    if matches!(kind.value(), "iscsi" | "ceph") && kind.value() != own {
        let finding =
            findings.at(kind.value_span(), format!("a disk by `{protocol}` has a secret of type `{own}`, not `{}`", kind.value()));
        finding.fix(format!("Use {own}"), Effect::Safe, vec![edit::replace(kind.value_span(), own)]);
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["disk-auth-unfit"];

    #[test]
    fn a_secret_is_of_its_protocol() {
        let fixture = r#"
<disk type='network' device='disk'>
  <auth username='a'><secret type='ceph' usage='x'/></auth>
                                   ^^^^ error[disk-auth-unfit]: a disk by `iscsi` has a secret of type `iscsi`, not `ceph`
                                   | fix: Use iscsi
  <source protocol='iscsi' name='iqn.2013-07.com.example:a/1'><host name='h'/></source>
  <target dev='vda' bus='virtio'/>
</disk>
<disk type='network' device='disk'>
  <auth username='a'><secret type='ceph' usage='x'/></auth>
  <source protocol='rbd' name='a/b'><host name='h'/></source>
  <target dev='vdb' bus='virtio'/>
</disk>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "disk-auth-unfit", fixture);
        let auth = |kind| format!("<auth username='a'><secret type='{kind}' usage='x'/></auth>");
        assert_eq!(mended, format!("- {}\n+ {}", auth("ceph"), auth("iscsi")));
    }

    #[test]
    fn there_is_one_and_not_for_all() {
        let fixture = r#"
<disk type='network' device='disk'>
  <auth username='a'><secret type='iscsi' usage='x'/></auth>
   ^^^^ error[disk-auth-unfit]: `auth` stands in the disk and in its source: one of them must go
   | fix: Keep the one in the source
  <source protocol='iscsi' name='iqn.2013-07.com.example:a/1'>
    <host name='h'/>
    <auth username='a'><secret type='iscsi' usage='x'/></auth>
  </source>
  <target dev='vda' bus='virtio'/>
</disk>
<disk type='network' device='disk'>
  <auth username='a'><secret type='ceph' usage='x'/></auth>
   ^^^^ error[disk-auth-unfit]: the protocol `nbd` has no authentication
   | fix: Remove `<auth>` (changes guest)
  <source protocol='nbd' name='a'><host name='h'/></source>
  <target dev='vdb' bus='virtio'/>
</disk>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "disk-auth-unfit", fixture);
        assert_eq!(mended, "- <auth username='a'><secret type='iscsi' usage='x'/></auth>");
    }
}

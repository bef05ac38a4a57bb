//! Disks on the network: protocols, names and what goes with some protocols alone.
//!
//! Source: libvirt 9.0.0, `virDomainDiskSourceNetworkParse`, `qemuDomainValidateStorageSource`; 11.3.0's tests for `sheepdog`.

use super::{Disk, Facts, Findings, Node, without, without_element};
use crate::caps::Version;
use crate::finding::Phase;

/// What a protocol does not carry.
pub fn check(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    for disk in facts.whole.disks.iter().filter(|disk| disk.kind == "network") {
        let Some((source, protocol)) = disk.source.zip(disk.protocol()) else { continue };
        gone(facts, source, protocol, findings);
        name(source, protocol, findings);
        host(disk, source, protocol, findings);
    }
}

fn gone(facts: &Facts, source: Node, protocol: &str, findings: &mut Findings) {
    let newer = facts.since(Version(11, 3, 0));
    if !matches!(protocol, "sheepdog" | "vxhs" | "tftp") {
        return;
    }
    let span = source.attr("protocol").map_or(source.name_span(), |attr| attr.value_span());
    let finding = findings.at(span, format!("QEMU reads no disks by `{protocol}` any more"));
    // 9.0.0 leaves these two to QEMU
    if protocol != "tftp" && !(newer && protocol == "sheepdog") {
        finding.phase(Phase::Start).likely();
    }
}

fn name(source: Node, protocol: &str, findings: &mut Findings) {
    let Some(name) = source.attr("name").filter(|_| matches!(protocol, "gluster" | "rbd")) else { return };
    if !name.value().is_empty() && !name.value().get(1..).is_some_and(|rest| rest.contains('/')) {
        let what = if protocol == "rbd" { "pool" } else { "volume" };
        findings.at(name.value_span(), format!("the name of a disk by `{protocol}` is `{what}/image`, and this has no `/`"));
    }
}

fn host(disk: &Disk, source: Node, protocol: &str, findings: &mut Findings) {
    let host = source.child("host");
    if let Some((host, port)) = host.and_then(|host| Some((host, host.attr("port")?))).filter(|_| protocol == "nfs") {
        without(findings.at(port.name_span(), "NFS finds its port itself: none can be written"), host, &port);
    }
    if let Some(name) = source.attr("tlsHostname").filter(|_| protocol != "nbd") {
        without(findings.at(name.name_span(), "`tlsHostname` goes with `nbd` alone"), source, &name);
    }
    let of_rbd = source.child("snapshot").or_else(|| source.child("config"));
    if let Some(element) = of_rbd.filter(|_| protocol == "rbd" && disk.kind != "network") {
        without_element(findings.at(element.name_span(), format!("`{}` goes with `rbd` alone", element.name())), element);
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["disk-network-unfit"];

    #[test]
    fn a_name_has_a_pool() {
        let fixture = r#"
<disk type='network' device='disk'>
  <source protocol='rbd' name='image'/>
                               ^^^^^ error[disk-network-unfit]: the name of a disk by `rbd` is `pool/image`, and this has no `/`
  <target dev='vda' bus='virtio'/>
</disk>
<disk type='network' device='disk'>
  <source protocol='rbd' name='pool/image'/>
  <target dev='vdb' bus='virtio'/>
</disk>
<disk type='network' device='disk'>
  <source protocol='nfs' name='/a'>
    <host name='h' port='3'/>
                   ^^^^ error[disk-network-unfit]: NFS finds its port itself: none can be written
                   | fix: Remove `port` (changes guest)
    <identity user='+0' group='+0'/>
  </source>
  <target dev='vdc' bus='virtio'/>
</disk>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in(
            "qemu-q35",
            "devices",
            "disk-network-unfit",
            fixture.split_once("</disk>\n<disk").unwrap().1.replacen(" type", "<disk type", 1).as_str(),
        );
        assert_eq!(mended, "- <host name='h' port='3'/>\n+ <host name='h'/>");
    }

    #[test]
    fn some_protocols_are_gone() {
        let fixture = r#"
<disk type='network' device='disk'>
  <source protocol='sheepdog' name='a'/>
                    ^^^^^^^^ error[disk-network-unfit]: QEMU reads no disks by `sheepdog` any more
  <target dev='vda' bus='virtio'/>
</disk>
"#;
        assert_eq!(check_in("qemu-q35", "devices", CODES, fixture), ["define"]);
        assert_eq!(check_in("9.0.0:qemu-q35", "devices", CODES, &fixture.replace("error[", "warning[")), ["start"]);
    }
}

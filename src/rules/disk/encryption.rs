//! `<encryption>`: of disks and of what backs them.
//!
//! Source: libvirt 9.0.0, `qemuDomainValidateStorageSource`.

use super::{Disk, Effect, Facts, Findings, Node, edit};
use crate::caps::Version;

/// Encryption that QEMU does not do, or two of it.
pub fn check(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    for disk in &facts.whole.disks {
        let (outer, inner) = (disk.node.child("encryption"), disk.source.and_then(|source| source.child("encryption")));
        if let Some((outer, inner)) = outer.zip(inner) {
            let finding = findings.at(outer.name_span(), "`encryption` stands in the disk and in its source: one of them must go");
            finding.related(inner.name_span(), "the other one");
            finding.fix("Keep the one in the source", Effect::Safe, vec![edit::remove(outer)]);
        } else if let Some(encryption) = outer.or(inner).filter(|_| disk.device != "lun") {
            one(facts, disk, encryption, findings);
        }
    }
}

fn one(facts: &Facts, disk: &Disk, encryption: Node, findings: &mut Findings) {
    let Some(format) = encryption.attr("format") else { return };
    let engine = encryption.attr("engine");
    match (format.value(), engine.map(|engine| engine.value())) {
        ("qcow" | "default", _) => {
            let finding =
                findings.at(format.value_span(), "QEMU opens no image with the old encryption of qcow: it must be converted to LUKS");
            finding.fix("Use luks", Effect::ChangesGuest, vec![edit::replace(format.value_span(), "luks")]);
        }
        ("luks2" | "luks-any", None | Some("qemu")) => {
            findings.at(format.value_span(), format!("QEMU itself opens `luks`, not `{}`: only `librbd` does", format.value()));
        }
        (_, Some("librbd")) if disk.protocol() != Some("rbd") => {
            let Some(engine) = engine else { return };
            findings.at(engine.value_span(), "`librbd` decrypts disks by `rbd` alone");
        }
        ("luks-any", _) if facts.sources.versions.qemu.at_least(Version(8, 0, 0)) == Some(false) => {
            findings.at(format.value_span(), "this QEMU opens no `luks-any`: 8.0.0 and later do");
        }
        ("luks", None | Some("qemu")) => {
            let Some(own) = disk.driver.and_then(|driver| driver.attr("type")) else { return };
            if !matches!(own.value(), "raw" | "qcow2") {
                findings.at(own.value_span(), format!("a disk with encryption is `raw` or `qcow2`, not `{}`", own.value()));
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["disk-encryption-unfit"];

    #[test]
    fn the_encryption_is_luks() {
        let fixture = r#"
<disk type='file' device='disk'>
  <driver name='qemu' type='qcow2'/>
  <source file='/a'>
    <encryption format='qcow'><secret type='passphrase' usage='x'/></encryption>
                        ^^^^ error[disk-encryption-unfit]: QEMU opens no image with the old encryption of qcow: it must be converted to LUKS
                        | fix: Use luks (changes guest)
  </source>
  <target dev='vda' bus='virtio'/>
</disk>
<disk type='file' device='disk'>
  <driver name='qemu' type='vmdk'/>
                            ^^^^ error[disk-encryption-unfit]: a disk with encryption is `raw` or `qcow2`, not `vmdk`
  <source file='/b'>
    <encryption format='luks'><secret type='passphrase' usage='x'/></encryption>
  </source>
  <target dev='vdb' bus='virtio'/>
</disk>
<disk type='file' device='disk'>
  <driver name='qemu' type='raw'/>
  <source file='/c'>
    <encryption format='luks2' engine='librbd'><secret type='passphrase' usage='x'/></encryption>
                                       ^^^^^^ error[disk-encryption-unfit]: `librbd` decrypts disks by `rbd` alone
  </source>
  <target dev='vdc' bus='virtio'/>
</disk>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "disk-encryption-unfit", fixture);
        let line = |format| format!("<encryption format='{format}'><secret type='passphrase' usage='x'/></encryption>");
        assert_eq!(mended, format!("- {}\n+ {}", line("qcow"), line("luks")));
    }

    #[test]
    fn there_is_one() {
        let fixture = r#"
<disk type='file' device='disk'>
  <driver name='qemu' type='raw'/>
  <encryption format='luks'><secret type='passphrase' usage='x'/></encryption>
   ^^^^^^^^^^ error[disk-encryption-unfit]: `encryption` stands in the disk and in its source: one of them must go
   | fix: Keep the one in the source
  <source file='/a'>
    <encryption format='luks'><secret type='passphrase' usage='x'/></encryption>
  </source>
  <target dev='vda' bus='virtio'/>
</disk>
"#;
        check_in("qemu-q35", "devices", CODES, fixture);
        let mended = mended_in("qemu-q35", "devices", "disk-encryption-unfit", fixture);
        assert_eq!(mended, "- <encryption format='luks'><secret type='passphrase' usage='x'/></encryption>");
    }
}

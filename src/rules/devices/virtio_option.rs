//! Options of virtio, at devices that are none.

use super::interface_way::virtio;
use super::rows;
use crate::caps::Version;
use crate::rules::{Facts, Mend, Refused, Rule, page};
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#virtio-related-options";
const ON: &[&str] =
    &["domain/devices/interface/driver", "domain/devices/video/driver", "domain/devices/disk/driver", "domain/devices/memory/driver"];

/// The rules.
pub const RULES: &[Rule] = &[rows("virtio-option-unfit", page!("virtio-option-unfit.md"), OPTION, ON, DOCS)];

const OPTION: &[Refused] = &[row("iommu"), row("ats"), row("packed"), row("page_per_vq")];

const fn row(attr: &'static str) -> Refused {
    Refused { attr, when: foreign, why: "this is an option of virtio devices, and the device is none", mend: Mend::Remove }
}

fn foreign(facts: &Facts, driver: Node, _: &str) -> bool {
    let Some(device) = driver.parent() else { return false };
    match device.name() {
        "interface" => virtio(facts, device) == Some(false),
        // read since 11.9.0, say its news
        "memory" => {
            let read = facts.since(Version(11, 9, 0));
            read && device.value("model").is_some_and(|model| !model.starts_with("virtio"))
        }
        "video" => device.child("model").and_then(|model| model.value("type")).is_some_and(|kind| kind != "virtio"),
        _ => device.child("target").and_then(|target| target.value("bus")).is_some_and(|bus| bus != "virtio"),
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    #[test]
    fn an_option_of_virtio_at_another_device() {
        let fixture = r#"
<interface type='user'>
  <model type='e1000'/>
  <driver iommu='on'/>
                 ^^ error[virtio-option-unfit]: this is an option of virtio devices, and the device is none
                 | fix: Remove `iommu` (changes guest)
</interface>
"#;
        check_in("kvm-q35", "devices", &["virtio-option-unfit"], fixture);
        let mended = mended_in("kvm-q35", "devices", "virtio-option-unfit", fixture);
        assert_eq!(mended, "- <driver iommu='on'/>\n+ <driver/>");
    }

    #[test]
    fn memory_reads_them_since_11_9_0() {
        let module = |mark: &str| format!("<memory model='dimm'>\n<driver ats='on'/>\n{mark}</memory>");
        let mark = "             ^^ error[virtio-option-unfit]: this is an option of virtio devices, and the device is none\n             | fix: Remove `ats` (changes guest)\n";
        check_in("kvm-q35", "devices", &["virtio-option-unfit"], &module(mark));
        check_in("9.0.0:kvm-q35", "devices", &["virtio-option-unfit"], &module(""));
        check_in("kvm-q35", "devices", &["virtio-option-unfit"], &module("").replace("dimm", "virtio-mem"));
    }

    #[test]
    fn displays_and_disks_may_be_others() {
        let fixture = r#"
<video>
  <driver ats='on'/>
               ^^ error[virtio-option-unfit]: this is an option of virtio devices, and the device is none
               | fix: Remove `ats` (changes guest)
  <model type='qxl'/>
</video>
<disk type='file' device='disk'>
  <driver name='qemu' type='raw' packed='on'/>
                                         ^^ error[virtio-option-unfit]: this is an option of virtio devices, and the device is none
                                         | fix: Remove `packed` (changes guest)
  <source file='/srv/a'/>
  <target dev='sda' bus='sata'/>
</disk>
"#;
        check_in("kvm-q35", "devices", &["virtio-option-unfit"], fixture);
    }

    #[test]
    fn it_is_fine_without_an_option_of_virtio_at_another_device() {
        let fixture = r#"
<interface type='user'>
  <model type='virtio'/>
  <driver iommu='on'/>
</interface>
"#;
        check_in("kvm-q35", "devices", &["virtio-option-unfit"], fixture);
    }
}

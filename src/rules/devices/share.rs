//! `<filesystem>`: a folder of the host's.

use super::{function, rows};
use crate::caps::Version;
use crate::edit;
use crate::finding::Effect;
use crate::rules::{Facts, Findings, Kind, Mend, Refused, Rule, page};
use crate::text::sort_by_key;
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#filesystems";
const ON: &[&str] = &["domain/devices/filesystem"];

/// The rules.
pub const RULES: &[Rule] = &[
    rows("filesystem-type-unfit", page!("filesystem-type-unfit.md"), TYPE, ON, DOCS),
    rows(
        "filesystem-option-unfit",
        page!("filesystem-option-unfit.md"),
        OPTION,
        &["domain/devices/filesystem", "domain/devices/filesystem/readonly"],
        DOCS,
    ),
    function(
        "filesystem-target-duplicate",
        page!("filesystem-target-duplicate.md"),
        &[],
        &["domain[devices/filesystem[2]]"],
        repeated,
        DOCS,
    ),
];

const TYPE: &[Refused] = &[Refused {
    attr: "type",
    when: |_, _, kind| matches!(kind, "file" | "block" | "ram" | "template" | "bind" | "volume"),
    why: "QEMU shares folders: type `mount`, not `{}`",
    mend: Mend::No,
}];

fn driver(node: Node<'_>) -> Option<&str> {
    node.child("driver")?.value("type")
}

/// A virtiofs that libvirt starts itself.
fn own(node: Node) -> bool {
    driver(node) == Some("virtiofs") && node.child("source").is_none_or(|source| source.attr("socket").is_none())
}

const OPTION: &[Refused] = &[
    Refused {
        attr: "accessmode",
        when: |_, node, mode| own(node) && matches!(mode, "mapped" | "squash"),
        why: "`virtiofs` passes the guest's users through, and has no access mode `{}`",
        mend: Mend::Set("passthrough"),
    },
    Refused {
        attr: "accessmode",
        when: |_, node, mode| driver(node) == Some("handle") && matches!(mode, "mapped" | "squash"),
        why: "the driver `handle` passes the guest's users through, and has no access mode `{}`",
        mend: Mend::Set("passthrough"),
    },
    Refused { attr: "model", when: virtiofs, why: "`virtiofs` has no model `{}`: it is virtio 1 from the beginning", mend: Mend::Remove },
    Refused {
        attr: "multidevs",
        when: |facts, node, value| value != "default" && virtiofs(facts, node, value),
        why: "`virtiofs` has no option `multidevs`",
        mend: Mend::Remove,
    },
    Refused { attr: "fmode", when: unmapped, why: "modes of new files are a matter of `accessmode='mapped'`", mend: Mend::Remove },
    Refused { attr: "dmode", when: unmapped, why: "modes of new folders are a matter of `accessmode='mapped'`", mend: Mend::Remove },
    Refused {
        attr: "",
        when: |facts, node, _| {
            let old = facts.before(Version(9, 0, 1));
            node.name() == "readonly" && old && node.parent().is_some_and(own)
        },
        why: "`virtiofs` cannot be read-only: mount it so in the guest, or share a folder that is",
        mend: Mend::Remove,
    },
];

fn virtiofs(_: &Facts, node: Node, _: &str) -> bool {
    driver(node) == Some("virtiofs")
}

fn unmapped(_: &Facts, node: Node, mode: &str) -> bool {
    node.value("accessmode") != Some("mapped") && mode.bytes().any(|digit| digit != b'0')
}

/// Two of virtiofs under one name; 9p takes it.
fn repeated(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    let shares = facts.whole.all(Kind::Filesystem).filter(|node| driver(*node) == Some("virtiofs"));
    let mut names: Vec<_> = shares.filter_map(|node| node.child("target")?.attr("dir")).collect();
    sort_by_key(&mut names, |name| (name.value(), name.value_span().start));
    for pair in names.windows(2) {
        if let [one, other] = pair
            && one.value() == other.value()
        {
            findings
                .at(other.value_span(), format!("another folder is shared as `{}` already", other.value()))
                .related(one.value_span(), "the first one")
                .fix("Use another name", Effect::ChangesGuest, vec![edit::replace(other.value_span(), &format!("{}2", other.value()))]);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    #[test]
    fn a_filesystem_that_only_containers_have() {
        let fixture = r#"
<filesystem type='file'>
                  ^^^^ error[filesystem-type-unfit]: QEMU shares folders: type `mount`, not `file`
  <source file='/srv/share.img'/>
  <target dir='share'/>
</filesystem>
"#;
        check_in("kvm-q35", "devices", &["filesystem-type-unfit"], fixture);
    }

    #[test]
    fn an_option_that_the_shared_folder_s_driver_does_not_have() {
        let fixture = r#"
<filesystem type='mount' accessmode='passthrough' fmode='644'>
                                                         ^^^ error[filesystem-option-unfit]: modes of new files are a matter of `accessmode='mapped'`
                                                         | fix: Remove `fmode` (changes guest)
  <source dir='/srv/share'/>
  <target dir='share'/>
</filesystem>
"#;
        check_in("kvm-q35", "devices", &["filesystem-option-unfit"], fixture);
        let mended = mended_in("kvm-q35", "devices", "filesystem-option-unfit", fixture);
        assert_eq!(
            mended,
            "- <filesystem type='mount' accessmode='passthrough' fmode='644'>\n+ <filesystem type='mount' accessmode='passthrough'>"
        );
    }

    #[test]
    fn virtiofs_has_few_options() {
        let fixture = r#"
<filesystem type='mount' accessmode='mapped'>
                                     ^^^^^^ error[filesystem-option-unfit]: `virtiofs` passes the guest's users through, and has no access mode `mapped`
                                     | fix: Use passthrough (changes guest)
  <driver type='virtiofs'/>
  <source dir='/srv/a'/>
  <target dir='a'/>
</filesystem>
<filesystem type='mount' model='virtio-transitional'>
                                ^^^^^^^^^^^^^^^^^^^ error[filesystem-option-unfit]: `virtiofs` has no model `virtio-transitional`: it is virtio 1 from the beginning
                                | fix: Remove `model` (changes guest)
  <driver type='virtiofs'/>
  <source dir='/srv/b'/>
  <target dir='b'/>
</filesystem>
<filesystem type='mount' multidevs='remap'>
                                    ^^^^^ error[filesystem-option-unfit]: `virtiofs` has no option `multidevs`
                                    | fix: Remove `multidevs` (changes guest)
  <driver type='virtiofs'/>
  <source dir='/srv/c'/>
  <target dir='c'/>
</filesystem>
<filesystem type='mount'>
  <driver type='virtiofs'/>
  <source dir='/srv/d'/>
  <target dir='d'/>
  <readonly/>
</filesystem>
"#;
        check_in("kvm-q35", "devices", &["filesystem-option-unfit"], fixture);
    }

    #[test]
    fn it_once_could_not_be_read_only() {
        let fixture = r#"
<filesystem type='mount'>
  <driver type='virtiofs'/>
  <source dir='/srv/d'/>
  <target dir='d'/>
  <readonly/>
   ^^^^^^^^ error[filesystem-option-unfit]: `virtiofs` cannot be read-only: mount it so in the guest, or share a folder that is
   | fix: Remove `<readonly>` (changes guest)
</filesystem>
"#;
        check_in("9.0.0:kvm-q35", "devices", &["filesystem-option-unfit"], fixture);
    }

    #[test]
    fn two_shared_folders_under_one_name() {
        let fixture = r#"
<memoryBacking>
  <source type='memfd'/>
  <access mode='shared'/>
</memoryBacking>
<devices>
<filesystem type='mount'>
  <driver type='virtiofs'/>
  <source dir='/srv/a'/>
  <target dir='share'/>
</filesystem>
<filesystem type='mount'>
  <driver type='virtiofs'/>
  <source dir='/srv/b'/>
  <target dir='share'/>
               ^^^^^ error[filesystem-target-duplicate]: another folder is shared as `share` already
               | fix: Use another name (changes guest)
</filesystem>
</devices>
"#;
        check_in("kvm-q35", "", &["filesystem-target-duplicate"], fixture);
        let mended = mended_in("kvm-q35", "", "filesystem-target-duplicate", fixture);
        assert_eq!(mended, "- <target dir='share'/>\n+ <target dir='share2'/>");
    }

    #[test]
    fn it_is_fine_without_a_filesystem_that_only_containers_have() {
        let fixture = r#"
<filesystem type='mount'>
  <source dir='/srv/share'/>
  <target dir='share'/>
</filesystem>
"#;
        check_in("kvm-q35", "devices", &["filesystem-type-unfit"], fixture);
    }

    #[test]
    fn it_is_fine_without_an_option_that_the_shared_folder_s_driver_does_not_have() {
        let fixture = r#"
<filesystem type='mount' accessmode='mapped' fmode='644'>
  <source dir='/srv/share'/>
  <target dir='share'/>
</filesystem>
"#;
        check_in("kvm-q35", "devices", &["filesystem-option-unfit"], fixture);
    }

    #[test]
    fn it_is_fine_without_two_shared_folders_under_one_name() {
        let fixture = r#"
<memoryBacking>
  <source type='memfd'/>
  <access mode='shared'/>
</memoryBacking>
<devices>
<filesystem type='mount'>
  <driver type='virtiofs'/>
  <source dir='/srv/a'/>
  <target dir='share-a'/>
</filesystem>
<filesystem type='mount'>
  <driver type='virtiofs'/>
  <source dir='/srv/b'/>
  <target dir='share-b'/>
</filesystem>
</devices>
"#;
        check_in("kvm-q35", "", &["filesystem-target-duplicate"], fixture);
    }
}

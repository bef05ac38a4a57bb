//! `<shmem>`: memory shared among guests.

use super::{function, rows};
use crate::caps::Version;
use crate::finding::Phase;
use crate::rules::host::size;
use crate::rules::{Facts, Findings, Mend, Refused, Rule, page};
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#shared-memory-device";
const ON: &[&str] = &["domain/devices/shmem"];

/// The rules.
pub const RULES: &[Rule] = &[
    rows("shmem-model-unfit", page!("shmem-model-unfit.md"), MODEL, &["domain/devices/shmem", "domain/devices/shmem/model"], DOCS),
    rows(
        "shmem-server-unfit",
        page!("shmem-server-unfit.md"),
        SERVER,
        &["domain/devices/shmem/server", "domain/devices/shmem/msi", "domain/devices/shmem/model", "domain/devices/shmem/size"],
        DOCS,
    ),
    rows("shmem-name-bad", page!("shmem-name-bad.md"), NAME, ON, DOCS),
    function("shmem-size-bad", page!("shmem-size-bad.md"), &[], &["domain/devices/shmem/size"], size_bad, DOCS),
];

/// The model of the device, as written.
fn model(shmem: Node<'_>) -> Option<&str> {
    shmem.child("model")?.value("type")
}

/// QEMU has dropped it in 4.0, and libvirt refuses it since.
fn gone(facts: &Facts) -> bool {
    facts.sources.versions.qemu.at_least(Version(4, 0, 0)) == Some(true)
}

const MODEL: &[Refused] = &[
    Refused {
        attr: "type",
        when: |facts, _, model| model == "ivshmem" && gone(facts),
        why: "QEMU has no model `{}` any more",
        mend: Mend::Set("ivshmem-plain"),
    },
    Refused {
        attr: "",
        when: |facts, node, _| node.name() == "shmem" && facts.arch() == Some("s390x"),
        why: "QEMU has no memory to share among guests of IBM Z",
        mend: Mend::Remove,
    },
    Refused {
        attr: "",
        when: |facts, node, _| node.name() == "shmem" && node.child("model").is_none() && gone(facts),
        why: "no model is written, which means `ivshmem`, and QEMU has that no more",
        mend: Mend::No,
    },
];

const SERVER: &[Refused] = &[
    Refused {
        attr: "",
        when: |_, node, _| node.name() == "server" && node.parent().and_then(model) == Some("ivshmem-plain"),
        why: "a server belongs to the model `ivshmem-doorbell`, this is `ivshmem-plain`",
        mend: Mend::Remove,
    },
    Refused {
        attr: "",
        when: |_, node, _| node.name() == "msi" && node.parent().is_some_and(|shmem| shmem.child("server").is_none()),
        why: "interrupts come from a server, and this device has none",
        mend: Mend::Remove,
    },
    Refused {
        attr: "type",
        when: |_, node, model| {
            model == "ivshmem-doorbell"
                && node.parent().is_some_and(|shmem| shmem.child("server").is_none() && shmem.child("msi").is_none())
        },
        why: "the model `{}` rings through a server, and this device has none",
        mend: Mend::Set("ivshmem-plain"),
    },
    Refused {
        attr: "",
        when: |_, node, _| {
            node.name() == "size"
                && node.parent().is_some_and(|shmem| model(shmem) == Some("ivshmem-doorbell") && shmem.child("server").is_some())
        },
        why: "the server decides the size of the memory of the model `ivshmem-doorbell`",
        mend: Mend::Remove,
    },
];

const NAME: &[Refused] =
    &[Refused { attr: "name", when: |_, _, name| matches!(name, "." | ".."), why: "`{}` is a folder, not a name", mend: Mend::No }];

/// 9.0.0 leaves it to QEMU, which then does not start.
fn size_bad(facts: &Facts, node: Node, findings: &mut Findings) {
    if node.parent().and_then(model) == Some("ivshmem-doorbell") || !facts.qemu() {
        return;
    }
    let Some((text, kib)) = node.text().and_then(|text| Some((text, size::kib(text.value, Some(node.value("unit").unwrap_or("bytes")))?)))
    else {
        return;
    };
    if kib < 1024 || !kib.is_power_of_two() {
        let define = facts.since(Version(11, 3, 0));
        let message = format!("shared memory has a power of two of MiB, and {} is none", size::written(kib));
        findings.at(text.span, message).phase(if define { Phase::Define } else { Phase::Start });
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    #[test]
    fn a_model_of_shared_memory_that_is_gone() {
        let fixture = r#"
<shmem name='shared'>
  <model type='ivshmem'/>
               ^^^^^^^ error[shmem-model-unfit]: QEMU has no model `ivshmem` any more
               | fix: Use ivshmem-plain (changes guest)
  <size unit='M'>4</size>
</shmem>
"#;
        check_in("kvm-q35", "devices", &["shmem-model-unfit"], fixture);
        let mended = mended_in("kvm-q35", "devices", "shmem-model-unfit", fixture);
        assert_eq!(mended, "- <model type='ivshmem'/>\n+ <model type='ivshmem-plain'/>");
    }

    #[test]
    fn no_model_is_the_old_one() {
        let fixture = r#"
<shmem name='a'/>
 ^^^^^ error[shmem-model-unfit]: no model is written, which means `ivshmem`, and QEMU has that no more
"#;
        check_in("kvm-q35", "devices", &["shmem-model-unfit"], fixture);
    }

    #[test]
    fn shared_memory_with_the_wrong_half_of_a_server() {
        let fixture = r#"
<shmem name='shared'>
  <model type='ivshmem-plain'/>
  <size unit='M'>4</size>
  <server path='/run/ivshmem.sock'/>
   ^^^^^^ error[shmem-server-unfit]: a server belongs to the model `ivshmem-doorbell`, this is `ivshmem-plain`
   | fix: Remove `<server>` (changes guest)
</shmem>
"#;
        check_in("kvm-q35", "devices", &["shmem-server-unfit"], fixture);
        let mended = mended_in("kvm-q35", "devices", "shmem-server-unfit", fixture);
        assert_eq!(mended, "- <server path='/run/ivshmem.sock'/>");
    }

    #[test]
    fn a_doorbell_needs_its_server() {
        let fixture = r#"
<shmem name='a'>
  <model type='ivshmem-doorbell'/>
               ^^^^^^^^^^^^^^^^ error[shmem-server-unfit]: the model `ivshmem-doorbell` rings through a server, and this device has none
               | fix: Use ivshmem-plain (changes guest)
</shmem>
<shmem name='b'>
  <model type='ivshmem-plain'/>
  <msi vectors='2'/>
   ^^^ error[shmem-server-unfit]: interrupts come from a server, and this device has none
   | fix: Remove `<msi>` (changes guest)
</shmem>
<shmem name='c'>
  <model type='ivshmem-doorbell'/>
  <size unit='M'>4</size>
   ^^^^ error[shmem-server-unfit]: the server decides the size of the memory of the model `ivshmem-doorbell`
   | fix: Remove `<size>` (changes guest)
  <server path='/run/ivshmem.sock'/>
</shmem>
"#;
        check_in("kvm-q35", "devices", &["shmem-server-unfit"], fixture);
    }

    #[test]
    fn shared_memory_named_like_a_folder() {
        let fixture = r#"
<shmem name='..'>
             ^^ error[shmem-name-bad]: `..` is a folder, not a name
  <model type='ivshmem-plain'/>
</shmem>
"#;
        check_in("kvm-q35", "devices", &["shmem-name-bad"], fixture);
    }

    #[test]
    fn shared_memory_of_an_odd_size() {
        let fixture = r#"
<shmem name='shared'>
  <model type='ivshmem-plain'/>
  <size unit='M'>3</size>
                 ^ error[shmem-size-bad]: shared memory has a power of two of MiB, and 3 MiB is none
</shmem>
"#;
        check_in("kvm-q35", "devices", &["shmem-size-bad"], fixture);
    }

    #[test]
    fn it_is_fine_without_a_model_of_shared_memory_that_is_gone() {
        let fixture = r#"
<shmem name='shared'>
  <model type='ivshmem-plain'/>
  <size unit='M'>4</size>
</shmem>
"#;
        check_in("kvm-q35", "devices", &["shmem-model-unfit"], fixture);
    }

    #[test]
    fn it_is_fine_without_shared_memory_with_the_wrong_half_of_a_server() {
        let fixture = r#"
<shmem name='shared'>
  <model type='ivshmem-doorbell'/>
  <server path='/run/ivshmem.sock'/>
</shmem>
"#;
        check_in("kvm-q35", "devices", &["shmem-server-unfit"], fixture);
    }

    #[test]
    fn it_is_fine_without_shared_memory_named_like_a_folder() {
        let fixture = r#"
<shmem name='shared'>
  <model type='ivshmem-plain'/>
</shmem>
"#;
        check_in("kvm-q35", "devices", &["shmem-name-bad"], fixture);
    }

    #[test]
    fn it_is_fine_without_shared_memory_of_an_odd_size() {
        let fixture = r#"
<shmem name='shared'>
  <model type='ivshmem-plain'/>
  <size unit='M'>4</size>
</shmem>
"#;
        check_in("kvm-q35", "devices", &["shmem-size-bad"], fixture);
    }
}

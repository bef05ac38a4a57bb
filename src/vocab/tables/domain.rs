//! The domain itself: what it is called, and the parts it consists of.

use super::devices::DEVICES;
use super::disk::THROTTLE_GROUPS;
use super::pattern::{LINE, U32, UUID};
use super::value::{Value, means};
use super::{Drivers, Element, any, element, maybe, once, optional, required};
use super::{cpu, events, features, memory, namespaces, os, security, sysinfo, time, tuning, vcpu};

const CHAPTER: &str = "general-metadata";

/// `<domain>`.
pub static DOMAIN: Element = element("domain", "a virtual machine or container", "element-and-attribute-overview")
    .attrs(&[required("type", &TYPES, "the hypervisor that runs it"), optional("id", &U32, "its number while it runs; libvirt gives it")])
    .children(&[
        once(&element("name", "the name, unlike that of any other domain on the host", CHAPTER).text(&LINE)),
        maybe(&element("uuid", "what identifies it everywhere; libvirt makes one up where it is left out", CHAPTER).text(&UUID)),
        maybe(
            &element("hwuuid", "the UUID that the guest sees in its firmware, where that is another", CHAPTER)
                .since(11, 7, 0)
                .only(Drivers::QEMU)
                .text(&UUID),
        ),
        maybe(
            &element("genid", "what tells the guest that it was cloned or set back; empty: made up", CHAPTER).since(4, 4, 0).text(&GENID),
        ),
        maybe(&element("title", "a short description, of one line", CHAPTER).since(0, 9, 10).text(&LINE)),
        maybe(&element("description", "a description for people", CHAPTER).text(&Value::Any)),
        maybe(&element("metadata", "what applications keep with the domain, in their own namespaces", CHAPTER).since(0, 9, 10).open()),
        maybe(&os::OS),
        maybe(&os::BOOTLOADER),
        maybe(&os::BOOTLOADER_ARGS),
        maybe(&os::IDMAP),
        any(&sysinfo::SYSINFO),
        maybe(&vcpu::VCPU),
        maybe(&vcpu::VCPUS),
        maybe(&vcpu::IOTHREADS),
        maybe(&vcpu::IOTHREADIDS),
        maybe(&vcpu::DEFAULTIOTHREAD),
        maybe(&memory::MEMORY),
        maybe(&memory::MAX_MEMORY),
        maybe(&memory::CURRENT_MEMORY),
        maybe(&memory::MEMORY_BACKING),
        maybe(&memory::MEMTUNE),
        maybe(&memory::NUMATUNE),
        maybe(&tuning::CPUTUNE),
        maybe(&tuning::BLKIOTUNE),
        maybe(&tuning::RESOURCE),
        maybe(&THROTTLE_GROUPS),
        maybe(&tuning::IOMMUFD),
        maybe(&cpu::CPU),
        maybe(&events::ON_POWEROFF),
        maybe(&events::ON_REBOOT),
        maybe(&events::ON_CRASH),
        maybe(&events::ON_LOCKFAILURE),
        maybe(&events::PM),
        maybe(&events::PERF),
        maybe(&features::FEATURES),
        maybe(&time::CLOCK),
        maybe(&DEVICES),
        any(&security::SECLABEL),
        maybe(&security::KEYWRAP),
        maybe(&security::LAUNCH_SECURITY),
        maybe(&namespaces::QEMU_COMMANDLINE),
        maybe(&namespaces::QEMU_CAPABILITIES),
        maybe(&namespaces::QEMU_DEPRECATION),
        maybe(&namespaces::QEMU_OVERRIDE),
        maybe(&namespaces::LXC_NAMESPACE),
        maybe(&namespaces::BHYVE_COMMANDLINE),
        maybe(&namespaces::XEN_COMMANDLINE),
        maybe(&namespaces::VMWARE_DATACENTERPATH),
    ]);

static TYPES: Value = Value::Words(&[
    means("qemu", "QEMU, which emulates the CPU"),
    means("kvm", "QEMU with the host's CPU through KVM; Cloud Hypervisor too"),
    means("hvf", "QEMU with the host's CPU on macOS").since(8, 1, 0),
    means("xen", "Xen"),
    means("lxc", "containers of Linux"),
    means("bhyve", "bhyve of FreeBSD"),
    means("vmware", "VMware ESX, Workstation and Player"),
    means("hyperv", "Hyper-V"),
    means("vz", "Virtuozzo"),
    means("openvz", "containers of OpenVZ"),
    means("vbox", "VirtualBox"),
    means("test", "the driver that only pretends"),
    means("kqemu", "QEMU with a module of old; nothing runs it now"),
    means("uml", "User Mode Linux; nothing runs it now"),
    means("phyp", "IBM's POWER hypervisor; nothing runs it now"),
]);

static GENID: Value = Value::Either(&[&UUID, &Value::Empty]);

/// The faults of a domain that has these parts, for the tests of all chapters.
#[cfg(test)]
pub(super) fn faults(parts: &str) -> Vec<&'static str> {
    let os = if parts.contains("<os") { "" } else { "<os><type>hvm</type></os>" };
    let codes = crate::support::codes("none", &format!("<domain type='kvm'><name>alpha</name>{os}{parts}</domain>"));
    codes.into_iter().filter(|code| code.starts_with("structure-")).collect()
}

#[cfg(test)]
mod tests {
    use super::faults;
    use crate::support::check;

    #[test]
    fn what_names_a_domain() {
        assert!(faults("<uuid>c7a5fdbdedaf9455926ad65c16db1809</uuid><genid/><title>One</title><description/>").is_empty());
        assert!(faults("<metadata><a:b xmlns:a='urn:a' c='d'><e/></a:b></metadata>").is_empty());
        assert_eq!(faults("<genid>new</genid><title>one\ntwo</title>"), ["structure-bad-text", "structure-bad-text"]);
        assert_eq!(faults("<a:b xmlns:a='urn:a'/>"), ["structure-unknown-element"]);
    }

    #[test]
    fn slips_are_found_at_the_token() {
        check(
            "none",
            &["structure-unknown-element", "structure-repeated-element", "structure-bad-value"],
            r#"
<domain type='kmv'>
              ^^^ error[structure-bad-value]: `kmv` is no `type` of `domain`: did you mean `kvm`?
              | fix: Write kvm
  <name>alpha</name>
</domain>
"#,
        );
    }
}

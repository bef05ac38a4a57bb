//! The capabilities of Linux that a container keeps or loses.

use super::pattern::ON_OFF;
use super::value::{Value, means};
use super::{Attr, Drivers, Element, element, maybe, required};

const CHAPTER: &str = "hypervisor-features";

const fn capability(name: &'static str, about: &'static str) -> Element {
    element(name, about, CHAPTER).attrs(STATE)
}

static STATE: &[Attr] = &[required("state", &ON_OFF, "whether the container has it")];

/// `<capabilities>` of `features`.
pub static CAPABILITIES: Element = element("capabilities", "the capabilities of Linux that the container has", CHAPTER)
    .since(1, 2, 6)
    .only(Drivers::LXC)
    .attrs(&[required("policy", &POLICIES, "which it has where nothing else is said")])
    .children(&[
        maybe(&capability("audit_control", "to set up auditing")),
        maybe(&capability("audit_write", "to write to the audit log")),
        maybe(&capability("block_suspend", "to keep the host awake")),
        maybe(&capability("chown", "to change owners")),
        maybe(&capability("dac_override", "to pass by permissions")),
        maybe(&capability("dac_read_search", "to read in spite of permissions")),
        maybe(&capability("fowner", "to act as any file's owner")),
        maybe(&capability("fsetid", "to keep the set-user-ID bit")),
        maybe(&capability("ipc_lock", "to lock memory")),
        maybe(&capability("ipc_owner", "to pass by permissions of shared memory")),
        maybe(&capability("kill", "to signal any process")),
        maybe(&capability("lease", "to take leases of files")),
        maybe(&capability("linux_immutable", "to mark files as unchangeable")),
        maybe(&capability("mac_admin", "to set up mandatory access control")),
        maybe(&capability("mac_override", "to pass by mandatory access control")),
        maybe(&capability("mknod", "to make device files")),
        maybe(&capability("net_admin", "to set up networks")),
        maybe(&capability("net_bind_service", "to take ports below 1024")),
        maybe(&capability("net_broadcast", "to broadcast")),
        maybe(&capability("net_raw", "to use raw sockets")),
        maybe(&capability("setgid", "to change groups")),
        maybe(&capability("setfcap", "to give capabilities to files")),
        maybe(&capability("setpcap", "to give capabilities to processes")),
        maybe(&capability("setuid", "to change users")),
        maybe(&capability("sys_admin", "to administer the system")),
        maybe(&capability("sys_boot", "to reboot")),
        maybe(&capability("sys_chroot", "to change the root folder")),
        maybe(&capability("sys_module", "to load kernel modules")),
        maybe(&capability("sys_nice", "to change priorities")),
        maybe(&capability("sys_pacct", "to turn accounting on")),
        maybe(&capability("sys_ptrace", "to trace any process")),
        maybe(&capability("sys_rawio", "to use IO ports")),
        maybe(&capability("sys_resource", "to pass by limits")),
        maybe(&capability("sys_time", "to set the clock")),
        maybe(&capability("sys_tty_config", "to set up terminals")),
        maybe(&capability("syslog", "to read and clear the kernel's log")),
        maybe(&capability("wake_alarm", "to wake the host")),
    ]);

static POLICIES: Value = Value::Words(&[means("default", "those that are harmless"), means("allow", "all"), means("deny", "none")]);

//! The domain itself, and its general metadata.

use super::value::{Value, word};
use super::{Element, element, required};

/// `<domain>`.
pub static DOMAIN: Element = element("domain", "a virtual machine or container", "element-and-attribute-overview")
    .attrs(&[required("type", &TYPES, "the hypervisor driver that runs it")])
    .open();

static TYPES: Value = Value::Words(&[
    word("qemu"),
    word("kvm"),
    word("hvf").since(8, 1, 0),
    word("xen"),
    word("lxc"),
    word("bhyve"),
    word("vmware"),
    word("hyperv"),
    word("ch"),
    word("vz"),
    word("test"),
    word("openvz"),
]);

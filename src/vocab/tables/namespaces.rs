//! What a domain says past libvirt: straight to the hypervisor, in namespaces of its own.

use super::pattern::QEMU_VARIABLE;
use super::value::{Value, means};
use super::{Attr, Drivers, Element, any, element, maybe, optional, required};

const QEMU: &str = "http://libvirt.org/schemas/domain/qemu/1.0";
const LXC: &str = "http://libvirt.org/schemas/domain/lxc/1.0";
const BHYVE: &str = "http://libvirt.org/schemas/domain/bhyve/1.0";
const XEN: &str = "http://libvirt.org/schemas/domain/xen/1.0";
const VMWARE: &str = "http://libvirt.org/schemas/domain/vmware/1.0";

const CHAPTER: &str = "element-and-attribute-overview";

const fn qemu(name: &'static str, about: &'static str) -> Element {
    element(name, about, CHAPTER).namespace(QEMU).only(Drivers::QEMU)
}

const fn lxc(name: &'static str, about: &'static str) -> Element {
    element(name, about, CHAPTER).namespace(LXC).only(Drivers::LXC)
}

static ARGUMENT: &[Attr] = &[required("value", &Value::Any, "the argument")];

/// `<qemu:commandline>`.
pub static QEMU_COMMANDLINE: Element = qemu("commandline", "what is added to QEMU's command line").children(&[
    any(&qemu("arg", "an argument").attrs(ARGUMENT)),
    any(&qemu("env", "a variable of its environment")
        .attrs(&[required("name", &QEMU_VARIABLE, "the variable"), optional("value", &Value::Any, "what it says")])),
]);

/// `<qemu:capabilities>`.
pub static QEMU_CAPABILITIES: Element = qemu("capabilities", "what libvirt is to believe of QEMU's abilities").since(5, 5, 0).children(&[
    any(&qemu("add", "an ability it has").attrs(&[required("capability", &Value::Any, "the ability")])),
    any(&qemu("del", "an ability it has not").attrs(&[required("capability", &Value::Any, "the ability")])),
]);

/// `<qemu:deprecation>`.
pub static QEMU_DEPRECATION: Element = qemu("deprecation", "what QEMU does with what it is about to give up")
    .since(7, 3, 0)
    .attrs(&[required("behavior", &DEPRECATION, "what it does")]);

static DEPRECATION: Value = Value::Words(&[
    means("none", "nothing"),
    means("omit", "it does not tell of it"),
    means("reject", "it reports an error"),
    means("crash", "it crashes"),
]);

/// `<qemu:override>`.
pub static QEMU_OVERRIDE: Element = qemu("override", "properties of QEMU's devices instead of libvirt's choice").since(8, 2, 0).children(
    &[any(&qemu("device", "a device").attrs(&[required("alias", &Value::Any, "its alias")]).children(&[maybe(
        &qemu("frontend", "what the guest sees of it").children(&[any(&qemu("property", "a property").attrs(&[
            required("name", &Value::Any, "the property"),
            required("type", &PROPERTY_TYPES, "the kind of its value"),
            optional("value", &Value::Any, "its value"),
        ]))]),
    )]))],
);

static PROPERTY_TYPES: Value = Value::Words(&[
    means("string", "a text"),
    means("signed", "a number with a sign"),
    means("unsigned", "a number without one"),
    means("bool", "`true` or `false`"),
    means("remove", "none: the property is left out"),
]);

/// `<lxc:namespace>`.
pub static LXC_NAMESPACE: Element = lxc("namespace", "namespaces that the container shares").children(&[
    maybe(
        &lxc("sharenet", "the network's")
            .attrs(&[required("type", &NETWORK_SOURCES, "what `value` names"), required("value", &Value::Any, "whose namespace it is")]),
    ),
    maybe(&lxc("shareipc", "that of shared memory and messages").attrs(SHARED)),
    maybe(&lxc("shareuts", "that of the host's name").attrs(SHARED)),
]);

static SHARED: &[Attr] = &[required("type", &SOURCES, "what `value` names"), required("value", &Value::Any, "whose namespace it is")];

static NETWORK_SOURCES: Value =
    Value::Words(&[means("netns", "a network namespace"), means("name", "a container"), means("pid", "a process")]);

static SOURCES: Value = Value::Words(&[means("name", "a container"), means("pid", "a process")]);

/// `<bhyve:commandline>`.
pub static BHYVE_COMMANDLINE: Element = element("commandline", "what is added to bhyve's command line", CHAPTER)
    .namespace(BHYVE)
    .since(5, 1, 0)
    .only(Drivers::BHYVE)
    .children(&[any(&element("arg", "an argument", CHAPTER).namespace(BHYVE).only(Drivers::BHYVE).attrs(ARGUMENT))]);

/// `<xen:commandline>`.
pub static XEN_COMMANDLINE: Element = element("commandline", "what is added to the device model's command line", CHAPTER)
    .namespace(XEN)
    .since(6, 7, 0)
    .only(Drivers::XEN)
    .children(&[any(&element("arg", "an argument", CHAPTER).namespace(XEN).only(Drivers::XEN).attrs(ARGUMENT))]);

/// `<vmware:datacenterpath>`.
pub static VMWARE_DATACENTERPATH: Element =
    element("datacenterpath", "the path of the data centre it was in", CHAPTER).namespace(VMWARE).only(Drivers::VMWARE).text(&Value::Any);

#[cfg(test)]
mod tests {
    use crate::support::{check, codes, fixed};

    fn domain(parts: &str) -> String {
        let uses = "xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0' xmlns:lxc='http://libvirt.org/schemas/domain/lxc/1.0'";
        format!("<domain type='kvm' {uses}><name>alpha</name><os><type>hvm</type></os>{parts}</domain>")
    }

    #[test]
    fn what_goes_past_libvirt() {
        for parts in [
            "<qemu:commandline><qemu:arg value='-a'/><qemu:env name='B'/></qemu:commandline>",
            "<qemu:capabilities><qemu:del capability='a'/></qemu:capabilities><qemu:deprecation behavior='none'/>",
            "<lxc:namespace><lxc:sharenet type='netns' value='red'/></lxc:namespace>",
        ] {
            assert!(codes("none", &domain(parts)).iter().all(|code| !code.starts_with("structure-")), "{parts}");
        }
    }

    #[test]
    fn a_prefix_that_was_forgotten() {
        check(
            "none",
            &["structure-unknown-element"],
            r#"
<domain type='kvm' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>
  <name>alpha</name>
  <qemu:comandline/>
   ^^^^^^^^^^^^^^^ error[structure-unknown-element]: there is no `qemu:comandline` in `domain`: did you mean `qemu:commandline`?
   | fix: Write <qemu:commandline>
  <qemu:commandline><arg value='-a'/></qemu:commandline>
                     ^^^ error[structure-unknown-element]: there is no `arg` in `commandline`: did you mean `qemu:arg`?
                     | fix: Write <qemu:arg>
</domain>
"#,
        );
        let fixed = fixed("none", "structure-unknown-element", &domain("<qemu:commandline><env name='B'></env></qemu:commandline>"));
        assert_eq!(fixed, domain("<qemu:commandline><qemu:env name='B'></qemu:env></qemu:commandline>"));
    }
}

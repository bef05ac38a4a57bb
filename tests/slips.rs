//! What people get wrong in a domain, each with the one finding wanted; and what is easily refused by mistake.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, missing_docs)]

mod support;

use support::{check_in, mended_in};

/// All that may be told beside the slip.
const CODES: &[&str] = &[
    "structure-bad-text",
    "structure-bad-value",
    "structure-misplaced-element",
    "structure-missing-attribute",
    "structure-repeated-element",
    "structure-stray-text",
    "structure-unknown-attribute",
    "structure-unknown-element",
    "syntax-unbound-prefix",
    "cpu-features-without-model",
];

/// A part of a domain, with its findings drawn in.
#[track_caller]
fn domain(fixture: &str) {
    check_in("none", "", CODES, fixture);
}

#[track_caller]
fn devices(fixture: &str) {
    check_in("none", "devices", CODES, fixture);
}

#[test]
fn a_path_that_is_not_absolute() {
    devices(
        r"
<emulator>qemu-system-x86_64</emulator>
          ^^^^^^^^^^^^^^^^^^ error[structure-bad-text]: `qemu-system-x86_64` is no text of `emulator`; expected an absolute path such as `/var/lib/libvirt/images/alpha.qcow2`
<disk type='file'>
  <source file='~/images/alpha.qcow2'/>
                ^^^^^^^^^^^^^^^^^^^^ error[structure-bad-value]: `~/images/alpha.qcow2` is no `file` of `source`; `~` is no home directory here, expected an absolute path such as `/var/lib/libvirt/images/alpha.qcow2`, a datastore and a path such as `[store] alpha/alpha.vmdk`
  <target dev='vda'/>
</disk>
<disk type='file'>
  <source file=''/>
          ^^^^^^^ error[structure-bad-value]: `` is no `file` of `source`; expected an absolute path such as `/var/lib/libvirt/images/alpha.qcow2`, a datastore and a path such as `[store] alpha/alpha.vmdk`
  <target dev='vdb'/>
</disk>",
    );
}

#[test]
fn the_right_element_under_the_wrong_parent() {
    domain(
        r"
<vcpupin vcpu='0' cpuset='1'/>
 ^^^^^^^ error[structure-misplaced-element]: `vcpupin` does not belong in `domain`, but in `cputune`
<hyperv><relaxed state='on'/></hyperv>
 ^^^^^^ error[structure-misplaced-element]: `hyperv` does not belong in `domain`, but in `features`",
    );
}

#[test]
fn twice_where_once_is_allowed() {
    domain(
        r"
<iothreads>1</iothreads>
<iothreads>2</iothreads>
 ^^^^^^^^^ error[structure-repeated-element]: `iothreads` stands more than once in `domain`
 | fix: Remove this one
<cputune/>
<cputune/>
 ^^^^^^^ error[structure-repeated-element]: `cputune` stands more than once in `domain`
 | fix: Remove this one
<cpu mode='host-model'/>
<cpu mode='host-model'/>
 ^^^ error[structure-repeated-element]: `cpu` stands more than once in `domain`
 | fix: Remove this one
<devices>
  <emulator>/usr/bin/a</emulator>
  <emulator>/usr/bin/b</emulator>
   ^^^^^^^^ error[structure-repeated-element]: `emulator` stands more than once in `devices`: without validation libvirt takes the first
   | fix: Remove this one
</devices>",
    );
}

#[test]
fn spelling_and_case() {
    let fixture = r"
<disk type='file'>
  <source file='/a'/>
  <target dev='vda' tty='virtio'/>
                    ^^^ error[structure-unknown-attribute]: `target` has no attribute `tty`: did you mean `bus`?
                    | fix: Write bus
  <readOnly/>
   ^^^^^^^^ error[structure-unknown-element]: there is no `readOnly` in `disk`: did you mean `readonly`?
   | fix: Write <readonly>
  <adress type='pci'/>
   ^^^^^^ error[structure-unknown-element]: there is no `adress` in `disk`: did you mean `address`?
   | fix: Write <address>
</disk>";
    devices(fixture);
    assert_eq!(
        mended_in("none", "devices", "structure-unknown-attribute", fixture),
        "- <target dev='vda' tty='virtio'/>\n+ <target dev='vda' bus='virtio'/>"
    );
}

#[test]
fn a_placeholder_for_a_uuid_or_a_mac() {
    // no message tells a UUID, not even what was to become one
    domain(
        r"
<uuid>YOUR-UUID</uuid>
      ^^^^^^^^^ error[structure-bad-text]: this is no text of `uuid`; expected a UUID such as `c7a5fdbd-edaf-9455-926a-d65c16db1809`
<devices>
  <interface type='user'>
    <mac address='52:54:00:xx:xx:xx'/>
                  ^^^^^^^^^^^^^^^^^ error[structure-bad-value]: `52:54:00:xx:xx:xx` is no `address` of `mac`; expected a unicast MAC address, its second digit even such as `52:54:00:6b:3c:58`
  </interface>
</devices>",
    );
}

#[test]
fn a_namespace_that_is_not_declared() {
    let fixture = r"
<qemu:commandline>
 ^^^^^^^^^^^^^^^^ error[syntax-unbound-prefix]: no `xmlns:qemu` binds the prefix of `qemu:commandline`
 | fix: Declare xmlns:qemu
  <qemu:arg value='-s'/>
</qemu:commandline>";
    domain(fixture);
    let mended = mended_in("none", "", "syntax-unbound-prefix", fixture);
    assert!(mended.contains("+ <domain xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0' type='kvm'>"), "{mended}");
}

#[test]
fn comments_without_their_marks_are_one_finding() {
    let fixture = r"
// of the old host
^^^^^^^^^^^^^^^^^^ warning[structure-stray-text]: `//` begins no comment in XML: libvirt passes over this text, the schema does not
| fix: Make it a comment
// --do not touch--
<features>
  // needed
  <acpi/>
</features>";
    domain(fixture);
    assert_eq!(
        mended_in("none", "", "structure-stray-text", fixture),
        "- // of the old host\n- // --do not touch--\n- // needed\n+ <!-- of the old host -->\n+ <!-- - -do not touch- - -->\n+ <!-- needed -->"
    );
}

#[test]
fn dots_for_what_was_left_out_are_one_finding() {
    let fixture = r"
...
^^^ error[structure-stray-text]: `...` stands for what was left out: put it back, or take the dots away
| fix: Remove the dots
<features>
  ...
  <acpi/>
  ...
</features>";
    domain(fixture);
    assert_eq!(mended_in("none", "", "structure-stray-text", fixture), "- ...\n- ...\n- ...\n+\n+\n+".replace('+', "+ "));
}

#[test]
fn no_break_spaces_as_indentation_are_one_finding() {
    let fixture = "
<features>
\u{a0}\u{a0}<acpi/>
^ warning[structure-stray-text]: no-break spaces (U+00A0) indent: libvirt passes over them, the schema does not
| fix: Write spaces
\u{a0}\u{a0}<apic/>
</features>";
    domain(fixture);
    assert_eq!(mended_in("none", "", "structure-stray-text", fixture), "- <acpi/>\n- <apic/>\n+ <acpi/>\n+ <apic/>");
    domain("<description>an\u{a0}example</description>");
}

#[test]
fn passthrough_of_hyperv_goes_without_a_list() {
    let fixture = r"
<features>
  <hyperv mode='passthrough'>
                ^^^^^^^^^^^ error[structure-bad-value]: `passthrough` gives all that the host has, and goes without a list
                | fix: Write custom (changes guest)
                | fix: Remove the list
    <relaxed state='on'/>
    <vapic state='on'/>
    <spinlocks state='on' retries='8191'/>
  </hyperv>
</features>";
    domain(fixture);
    assert_eq!(mended_in("none", "", "structure-bad-value", fixture), "- <hyperv mode='passthrough'>\n+ <hyperv mode='custom'>");
}

#[test]
fn features_without_a_model() {
    domain(
        r"
<cpu>
  <feature policy='require' name='vmx'/>
   ^^^^^^^ error[cpu-features-without-model]: a custom CPU with features needs a named `<model>` to change
   | fix: Use host-model (changes guest)
</cpu>",
    );
}

#[test]
fn white_space_around_values() {
    let fixture = r"
<vcpu placement=' static'> 2 </vcpu>
                 ^^^^^^^ error[structure-bad-value]: there is white space around this `placement`, which libvirt takes for a part of it
                 | fix: Remove the white space
                          ^^^ error[structure-bad-text]: there is white space around this `vcpu`, which libvirt takes for a part of it
                          | fix: Remove the white space
<iothreads> 2</iothreads>
<description> two words </description>";
    domain(fixture);
    assert_eq!(
        mended_in("none", "", "structure-bad-text", fixture),
        "- <vcpu placement=' static'> 2 </vcpu>\n+ <vcpu placement=' static'>2</vcpu>"
    );
}

#[test]
fn what_libvirt_takes_is_not_refused() {
    devices(
        r"
<memballoon model='virtio'>
  <address type='pci' domain='0x0000' bus='0x00' slot='0x0' function='0x00'/>
                                                                      ^^^^ warning[structure-bad-value]: `0x00` is no `function` of `address`; expected a PCI function from 0x0 to 0x7 such as `0x0`
</memballoon>",
    );
    domain(
        r"
<vmware:moref xmlns:vmware='http://libvirt.org/schemas/domain/vmware/1.0'>vm-17</vmware:moref>
 ^^^^^^^^^^^^ warning[structure-unknown-element]: `vmware:moref` is of another namespace: libvirt passes over it in `domain`, the schema does not",
    );
    domain("<features><!-- // no text ... --><acpi/></features>");
}

/// What `virsh edit` and `dumpxml` of a running domain write.
const RUNNING: &str = "<!--
WARNING: THIS IS AN AUTO-GENERATED FILE.
-->

<domain type='kvm' id='3'>
  <name>alpha</name>
  <uuid>c7a5fdbd-edaf-9455-926a-d65c16db1809</uuid>
  <memory unit='KiB'>1048576</memory>
  <resource><partition>/machine</partition></resource>
  <os><type arch='x86_64' machine='pc-q35-7.2'>hvm</type></os>
  <cpu mode='custom' match='exact' check='full'><model fallback='forbid'>qemu64</model></cpu>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <disk type='file' device='disk'>
      <driver name='qemu' type='qcow2'/>
      <source file='/a.qcow2' index='1'><seclabel model='dac' relabel='no'/></source>
      <backingStore/>
      <target dev='vda' bus='virtio'/>
      <alias name='virtio-disk0'/>
      <address type='pci' domain='0x0000' bus='0x03' slot='0x00' function='0x0'/>
    </disk>
    <interface type='network'>
      <source network='default' portid='c7a5fdbd-edaf-9455-926a-d65c16db1801' bridge='virbr0'/>
      <target dev='vnet0'/>
    </interface>
    <channel type='unix'>
      <source mode='bind' path='/run/a'/>
      <target type='virtio' name='org.qemu.guest_agent.0' state='connected'/>
      <alias name='channel0'/>
    </channel>
  </devices>
  <seclabel type='dynamic' model='selinux' relabel='yes'>
    <label>system_u:system_r:svirt_t:s0:c1,c2</label>
    <imagelabel>system_u:object_r:svirt_image_t:s0:c1,c2</imagelabel>
  </seclabel>
</domain>
";

#[test]
fn a_running_domain_and_its_declarations() {
    let running = RUNNING.to_owned();
    for text in [
        running.clone(),
        format!("<?xml version='1.0' encoding=\"utf-8\"?>\n{running}"),
        format!("\u{feff}{running}"),
        running.replace('\n', "\r\n"),
    ] {
        let told: Vec<_> = support::codes("none", &text).into_iter().filter(|code| CODES.contains(code)).collect();
        assert_eq!(told, [""; 0], "{text}");
    }
}

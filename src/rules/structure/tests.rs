//! Each fault at its token, told once, with its fix.

use crate::caps::Version;
use crate::support::{check, check_in, codes, fixed, mended_in};
use crate::{Options, Workspace};

const ALL: &[&str] = &[
    "structure-unknown-element",
    "structure-misplaced-element",
    "structure-missing-element",
    "structure-repeated-element",
    "structure-unknown-attribute",
    "structure-missing-attribute",
    "structure-bad-value",
    "structure-bad-text",
    "structure-stray-text",
    "structure-too-new",
];

#[test]
fn each_fault_stands_at_its_token() {
    check(
        "none",
        ALL,
        r"
<domain type='kvm'>
  <name>alpha</name>
  <memroy unit='GiB'>1</memroy>
   ^^^^^^ error[structure-unknown-element]: there is no `memroy` in `domain`: did you mean `memory`?
   | fix: Write <memory>
  <vcpu placment='static' cpuset='1-'>2</vcpu>
        ^^^^^^^^ error[structure-unknown-attribute]: `vcpu` has no attribute `placment`: did you mean `placement`?
        | fix: Write placement
                                  ^^ error[structure-bad-value]: `1-` is no `cpuset` of `vcpu`; expected a set of numbers such as `0-3,^2`
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
    <bootmenu enable='maybe'/>
                      ^^^^^ error[structure-bad-value]: `maybe` is no `enable` of `bootmenu`; expected `yes`, `no`
  </os>
  <vcpupin vcpu='0' cpuset='1'/>
   ^^^^^^^ error[structure-misplaced-element]: `vcpupin` does not belong in `domain`, but in `cputune`
  <features>
    ...
    ^^^ error[structure-stray-text]: `...` stands for what was left out: put it back, or take the dots away
    | fix: Remove the dots
    <acpi/>
  </features>
  <on_crash>explode</on_crash>
            ^^^^^^^ error[structure-bad-text]: `explode` is no text of `on_crash`; expected `destroy`, `restart`, `preserve`, `rename-restart`, `coredump-destroy`, `coredump-restart`, `preserve-running`
  <on_crash>destroy</on_crash>
   ^^^^^^^^ error[structure-repeated-element]: `on_crash` stands more than once in `domain`
   | fix: Remove this one
</domain>",
    );
}

#[test]
fn what_is_missing_is_told_at_the_element_that_lacks_it() {
    check(
        "none",
        ALL,
        r"
<domain>
 ^^^^^^ error[structure-missing-attribute]: `domain` lacks the attribute `type`
 ^^^^^^ error[structure-missing-element]: `domain` lacks its `name`
  <memory>1</memory>
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
  </os>
</domain>",
    );
}

#[test]
fn a_misspelt_one_is_not_missed_as_well() {
    let xml = "<domain tpye='kvm'>\n  <nmae>alpha</nmae>\n  <memory>1</memory>\n  <os><type>hvm</type></os>\n</domain>\n";
    assert_eq!(codes("none", xml), ["structure-unknown-attribute", "structure-unknown-element"]);
    let mended = fixed("none", "structure-unknown-element", &fixed("none", "structure-unknown-attribute", xml));
    assert_eq!(mended, xml.replace("tpye", "type").replace("nmae", "name"));
    assert_eq!(codes("none", &mended), [""; 0]);
}

#[test]
fn only_a_version_that_is_given_makes_a_word_too_new() {
    let xml = "<domain type='qemu'>\n  <name>alpha</name>\n  <memory>1</memory>\n  <os><type arch='x86_64' machine='q35'>hvm</type></os>\n  <features><ps2 state='off'/></features>\n</domain>\n";
    assert!(codes("9.0.0:qemu-q35", xml).contains(&"structure-too-new"));
    for host in ["none", "qemu-q35"] {
        assert!(!codes(host, xml).contains(&"structure-too-new"), "{host}");
    }
}

#[test]
fn a_form_is_too_new_before_its_own_version() {
    let too_new = |xml: &str, libvirt| {
        let report = Workspace::new(Options { libvirt: Some(libvirt), ..Options::default() }).check(xml, None);
        report.findings.iter().filter(|finding| finding.code == "structure-too-new").count()
    };
    let whole = "<cputune><memorytune><node id='0' bandwidth='20'/></memorytune></cputune>";
    let some = "<cputune><memorytune vcpus='0'><node id='0' bandwidth='20'/><monitor vcpus='0'/></memorytune></cputune>";
    for (parts, before, since) in [
        (whole, Version(12, 7, 0), Version(12, 8, 0)),
        (some, Version(4, 6, 0), Version(4, 7, 0)),
        ("<features><hyperv mode='host-model'><evmcs state='on'/></hyperv></features>", Version(12, 0, 0), Version(12, 1, 0)),
        ("<features><hyperv mode='host-model'/></features>", Version(11, 8, 0), Version(11, 9, 0)),
        ("<features><hyperv mode='custom'><evmcs state='on'/></hyperv></features>", Version(7, 10, 0), Version(8, 0, 0)),
        ("<cpu><numa><cell memory='1'/></numa></cpu>", Version(6, 5, 0), Version(6, 6, 0)),
        ("<devices><controller type='scsi'/></devices>", Version(1, 3, 4), Version(1, 3, 5)),
    ] {
        let xml = format!("<domain type='kvm'><name>alpha</name><memory>1</memory><os><type>hvm</type></os>{parts}</domain>");
        assert_eq!((too_new(&xml, before), too_new(&xml, since)), (1, 0), "{parts}");
    }
}

#[test]
fn metadata_takes_anything() {
    let xml = "<domain type='kvm'>\n  <name>alpha</name>\n  <metadata><a:b xmlns:a='urn:a' c='1'>d<e/></a:b></metadata>\n  <memory>1</memory>\n  <os><type>hvm</type></os>\n</domain>\n";
    assert_eq!(codes("none", xml), [""; 0]);
}

#[test]
fn what_define_understands_all_the_same_is_a_warning() {
    check(
        "none",
        ALL,
        r"
<domain type='kvm'>
  <name>alpha</name>
  <memory>1</memory>
  // as small as it goes
  ^^^^^^^^^^^^^^^^^^^^^^ warning[structure-stray-text]: `//` begins no comment in XML: libvirt passes over this text, the schema does not
  | fix: Make it a comment
  <os>
    <type arch='x86_64' machine='q35'>hvm</type>
  </os>
  <devices>
    <memballoon model='virtio'>
      <address type='pci' slot='0x05' function='0x00'/>
                                                ^^^^ warning[structure-bad-value]: `0x00` is no `function` of `address`; expected a PCI function from 0x0 to 0x7 such as `0x0`
    </memballoon>
    <rng model='virtio'>
      <backend model='random'/>
      <address type='pci' slot='0x06' function='0x08'/>
                                                ^^^^ error[structure-bad-value]: `0x08` is no `function` of `address`; expected a PCI function from 0x0 to 0x7 such as `0x0`
    </rng>
  </devices>
</domain>",
    );
}

#[test]
fn a_disk_that_says_no_type_is_told_where_it_should() {
    let before = r"
<disk device='disk'>
 ^^^^ error[structure-missing-attribute]: `disk` lacks the attribute `type`: the source that goes without has no `protocol`, that of `network` has
 | fix: Write type='network'
  <source protocol='rbd' name='pool/alpha'>
    <host name='ceph.example'/>
  </source>
  <target dev='vda' bus='virtio'/>
</disk>
<disk device='disk'>
  <source file='/srv/beta'/>
  <target dev='vdb' bus='virtio'/>
</disk>";
    let codes = ["structure-missing-attribute", "structure-unknown-attribute", "structure-unknown-element"];
    check_in("none", "devices", &codes, before);
    assert_eq!(
        mended_in("none", "devices", "structure-missing-attribute", before),
        "- <disk device='disk'>\n+ <disk device='disk' type='network'>"
    );
}

#[test]
fn a_plus_before_a_number_is_a_warning_and_each_finding_names_its_chapter() {
    let xml = "<domain type='kvm'><name>a</name><memory>1</memory><vcpu>+1</vcpu><os><type>hvm</type></os></domain>";
    let report = crate::support::host("none").check(xml, None);
    let told: Vec<_> = report.findings.iter().filter(|finding| ALL.contains(&finding.code)).collect();
    let [finding] = told[..] else { panic!("{told:?}") };
    assert_eq!((finding.code, finding.severity.word()), ("structure-bad-text", "warning"));
    assert_eq!(finding.docs, "https://libvirt.org/formatdomain.html#cpu-allocation");
}

#[test]
fn a_path_does_not_begin_at_home() {
    let fixture = r#"
<emulator>/usr/bin/qemu-system-x86_64</emulator>
<emulator>/usr/bin/qemu-kvm</emulator>
 ^^^^^^^^ error[structure-repeated-element]: `emulator` stands more than once in `devices`: without validation libvirt takes the first
 | fix: Remove this one
<disk type='file' device='disk'>
  <source file='~/a.img'/>
                ^^^^^^^ error[structure-bad-value]: `~/a.img` is no `file` of `source`; `~` is no home directory here, expected an absolute path such as `/var/lib/libvirt/images/alpha.qcow2`, a datastore and a path such as `[store] alpha/alpha.vmdk`
  <target dev='vda' bus='virtio'/>
</disk>
<rng model='virtio'>
  <backend model='random'>~root/r</backend>
                          ^^^^^^^ error[structure-bad-text]: `~root/r` is no text of `backend`; `~` is no home directory here, expected an absolute path such as `/var/lib/libvirt/images/alpha.qcow2`, nothing
</rng>
"#;
    check_in("none", "devices", &["structure-repeated-element", "structure-bad-value", "structure-bad-text"], fixture);
}

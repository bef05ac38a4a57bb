use crate::support::{check_in, mended_in};

const CODES: &[&str] = &["feature-foreign", "pmu-always-on", "tcg-with-kvm", "tseg-unfit", "ps2-needed"];

#[test]
fn features_have_their_machines() {
    let fixture = r#"
<acpi/>
 ^^^^ error[feature-foreign]: `acpi` is for PCs and the machines `virt`, this domain's machine is `s390-ccw-virtio-11.1`
 | fix: Remove `acpi` (changes guest)
<apic eoi='on'/>
      ^^^ error[feature-foreign]: `eoi` is for PCs, this domain's machine is `s390-ccw-virtio-11.1`
      | fix: Remove `eoi` (changes guest)
<vmport state='off'/>
 ^^^^^^ error[feature-foreign]: `vmport` is for the machines `pc`, `q35` and `isapc`, this domain's machine is `s390-ccw-virtio-11.1`
 | fix: Remove `vmport` (changes guest)
<htm state='on'/>
 ^^^ error[feature-foreign]: `htm` is for the machine `pseries`, this domain's machine is `s390-ccw-virtio-11.1`
 | fix: Remove `htm` (changes guest)
<hpt/>
"#;
    check_in("s390x", "features", CODES, fixture);
    assert_eq!(mended_in("s390x", "features", "feature-foreign", fixture), "- <acpi/>");
    check_in("9.0.0:s390x", "features", CODES, "<acpi/>");
    check_in("none", "", CODES, "<os>\n<type arch='s390x' machine='s390-ccw-virtio'>hvm</type>\n</os>\n<features>\n<acpi/>\n</features>");
    let fixture = r#"
<smm state='on'/>
 ^^^ error[feature-foreign]: `smm` is for PCs, this domain's machine is `virt-11.1`
 | fix: Remove `smm` (changes guest)
"#;
    assert_eq!(check_in("aarch64", "features", CODES, fixture), ["start"]);
}

#[test]
fn at_home_they_are_fine() {
    check_in("qemu-q35", "features", CODES, "<apic eoi='on'/>\n<ioapic driver='qemu'/>\n<vmport state='off'/>\n<pvspinlock/>");
    check_in("ppc64", "features", CODES, "<htm state='on'/>\n<hpt resizing='required'/>\n<ibs value='broken'/>");
    check_in("aarch64", "features", CODES, "<acpi/>\n<ras state='on'/>");
    check_in("riscv64", "features", CODES, "<acpi/>\n<aia value='aplic'/>");
}

#[test]
fn power_counts_always() {
    let fixture = r#"
<pmu state='off'/>
            ^^^ error[pmu-always-on]: POWER counts events always, and cannot be told not to
            | fix: Remove `<pmu>`
"#;
    check_in("ppc64", "features", CODES, fixture);
    mended_in("ppc64", "features", "pmu-always-on", fixture);
    check_in("qemu-q35", "features", CODES, "<pmu state='off'/>");
}

#[test]
fn kvm_translates_nothing() {
    let fixture = r#"
<tcg>
 ^^^ error[tcg-with-kvm]: nothing is translated under KVM, so that there is no cache of it to size
 | fix: Remove `<tcg>`
  <tb-cache unit='MiB'>1</tb-cache>
</tcg>
"#;
    check_in("kvm-q35", "features", CODES, fixture);
    mended_in("kvm-q35", "features", "tcg-with-kvm", fixture);
    let fixture = r#"
<tcg>
  <tb-cache unit='KiB'>1025</tb-cache>
                       ^^^^ error[tcg-with-kvm]: the cache of translated code is sized in whole MiB
                       | fix: Use 2 MiB (changes guest)
</tcg>
"#;
    check_in("qemu-q35", "features", CODES, fixture);
    mended_in("qemu-q35", "features", "tcg-with-kvm", fixture);
}

#[test]
fn a_cache_beyond_all_sizes_has_no_next_whole_one() {
    let fixture = r#"
<tcg>
  <tb-cache>18446744073709551615</tb-cache>
            ^^^^^^^^^^^^^^^^^^^^ error[tcg-with-kvm]: the cache of translated code is sized in whole MiB
</tcg>
"#;
    check_in("qemu-q35", "features", CODES, fixture);
}

#[test]
fn memory_for_smm_is_of_q35() {
    let fixture = r#"
<smm state='on'>
  <tseg>48</tseg>
   ^^^^ error[tseg-unfit]: memory is set apart for SMM on the machine `q35` alone
   | fix: Remove `<tseg>`
</smm>
"#;
    check_in("qemu-pc", "features", CODES, fixture);
    mended_in("qemu-pc", "features", "tseg-unfit", fixture);
    let fixture = r#"
<smm state='on'>
  <tseg unit='KiB'>1500</tseg>
                   ^^^^ error[tseg-unfit]: memory is set apart for SMM in whole MiB
</smm>
"#;
    check_in("qemu-q35", "features", CODES, fixture);
    check_in("qemu-q35", "features", CODES, "<smm state='on'>\n  <tseg>48</tseg>\n</smm>");
    check_in("qemu-pc", "features", CODES, "<smm state='off'>\n  <tseg>48</tseg>\n</smm>");
}

#[test]
fn what_is_off_is_not_used() {
    let fixture = r#"
<domain type='qemu'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <features>
    <ps2 state='off'/>
  </features>
  <devices>
    <input type='mouse' bus='ps2'/>
                             ^^^ error[ps2-needed]: a PS/2 device needs the PS/2 controller
                             | fix: Switch it on (changes guest)
    <input type='tablet' bus='usb'/>
  </devices>
</domain>
"#;
    check_in("qemu-q35", "", CODES, fixture);
    mended_in("qemu-q35", "", "ps2-needed", fixture);
}

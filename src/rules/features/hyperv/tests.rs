use crate::support::{check_in, mended_in};

const CODES: &[&str] = &["hyperv-foreign", "hyperv-feature-unlisted", "hyperv-feature-alone"];

#[test]
fn other_architectures_refuse_at_define() {
    let fixture = r#"
<hyperv>
 ^^^^^^ error[hyperv-foreign]: enlightenments of Hyper-V exist on PCs, this domain is `s390x`
 | fix: Remove `<hyperv>` (changes guest)
  <relaxed state='off'/>
</hyperv>
"#;
    check_in("s390x", "features", CODES, fixture);
    let mended = mended_in("s390x", "features", "hyperv-foreign", fixture);
    assert_eq!(mended, "- <hyperv>\n- <relaxed state='off'/>\n- </hyperv>");
}

#[test]
fn arm_fails_at_start_where_something_is_on() {
    let fixture = r#"
<hyperv>
 ^^^^^^ warning[hyperv-foreign]: QEMU offers no enlightenments of Hyper-V on `aarch64`, although libvirt takes them
  <relaxed state='on'/>
</hyperv>
"#;
    assert_eq!(check_in("aarch64", "features", CODES, fixture), ["start"]);
}

#[test]
fn arm_with_nothing_on_is_fine() {
    let fixture = r#"
<hyperv>
  <relaxed state='off'/>
</hyperv>
"#;
    check_in("aarch64", "features", CODES, fixture);
}

#[test]
fn kvm_may_lack_what_is_not_listed() {
    let fixture = r#"
<hyperv>
  <relaxed state='on'/>
  <vpindex state='on'/>
   ^^^^^^^ warning[hyperv-feature-unlisted]: this host does not list `vpindex` among the enlightenments that KVM offers
   | domcaps.xml: offered: `spinlocks`, `vendor_id`
   | fix: Switch vpindex off (changes guest)
  <reset state='off'/>
</hyperv>
"#;
    assert_eq!(check_in("kvm-q35", "features", CODES, fixture), ["start"]);
    let mended = mended_in("kvm-q35", "features", "hyperv-feature-unlisted", fixture);
    assert_eq!(mended, "- <vpindex state='on'/>\n+ <vpindex state='off'/>");
}

#[test]
fn without_kvm_nearly_all_start() {
    let fixture = r#"
<hyperv>
  <vpindex state='on'/>
  <runtime state='on'/>
</hyperv>
"#;
    check_in("qemu-q35", "features", CODES, fixture);
}

#[test]
fn without_kvm_an_old_qemu_refuses_one() {
    let fixture = r#"
<hyperv>
  <vpindex state='on'/>
   ^^^^^^^ warning[hyperv-feature-unlisted]: QEMU 7.2 and earlier refuse `vpindex` without KVM
  <runtime state='on'/>
</hyperv>
"#;
    assert_eq!(check_in("9.0.0:qemu-q35", "features", CODES, fixture), ["start"]);
}

#[test]
fn some_need_others() {
    let fixture = r#"
<hyperv>
  <ipi state='on'/>
   ^^^ error[hyperv-feature-alone]: `ipi` needs `vpindex`
   | fix: Switch vpindex on (changes guest)
  <evmcs state='on'/>
   ^^^^^ error[hyperv-feature-alone]: `evmcs` needs `vapic`
   | fix: Switch vapic on (changes guest)
  <synic state='on'/>
  <stimer state='on'/>
   ^^^^^^ error[hyperv-feature-alone]: `stimer` needs the timer `hypervclock`
</hyperv>
"#;
    check_in("qemu-q35", "features", CODES, fixture);
    let mended = mended_in("qemu-q35", "features", "hyperv-feature-alone", fixture);
    assert_eq!(mended, "+ <vpindex state='on'/>");
}

#[test]
fn before_11_9_0_libvirt_does_not_ask() {
    let fixture = r#"
<hyperv>
  <ipi state='on'/>
</hyperv>
"#;
    check_in("9.0.0:qemu-q35", "features", CODES, fixture);
}

#[test]
fn under_kvm_qemu_asks_for_the_whole_chain() {
    let fixture = r#"
<domain type='kvm'>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <features>
    <hyperv>
      <synic state='on'/>
       ^^^^^ warning[hyperv-feature-alone]: `synic` needs `vpindex`
       | fix: Switch vpindex on (changes guest)
      <stimer state='on'/>
       ^^^^^^ warning[hyperv-feature-alone]: `stimer` needs `vpindex`
       | fix: Switch vpindex on (changes guest)
    </hyperv>
  </features>
  <clock offset='utc'>
    <timer name='hypervclock' present='yes'/>
  </clock>
</domain>
"#;
    assert_eq!(check_in("none", "", &["hyperv-feature-alone"], fixture), ["start", "start"]);
}

#[test]
fn together_they_are_fine() {
    let fixture = r#"
<clock offset='utc'>
  <timer name='hypervclock' present='yes'/>
</clock>
<features>
  <hyperv>
    <vapic state='on'/>
    <evmcs state='on'/>
    <synic state='on'/>
    <stimer state='on'/>
  </hyperv>
</features>
"#;
    check_in("qemu-q35", "", CODES, fixture);
}

#[test]
fn some_need_a_timer() {
    let fixture = r#"
<clock offset='utc'/>
<features>
  <hyperv>
    <synic state='on'/>
    <stimer state='on'/>
     ^^^^^^ error[hyperv-feature-alone]: `stimer` needs the timer `hypervclock`
     | fix: Add the timer hypervclock (changes guest)
  </hyperv>
</features>
"#;
    check_in("qemu-q35", "", CODES, fixture);
    let mended = mended_in("qemu-q35", "", "hyperv-feature-alone", fixture);
    assert_eq!(mended, "- <clock offset='utc'/>\n+ <clock offset='utc'>\n+ <timer name='hypervclock' present='yes'/>\n+ </clock>");
}

#[test]
fn the_default_machine_of_arm_may_be_virt() {
    let fixture = r#"
<domain type='kvm'>
  <os><type arch='aarch64'>hvm</type></os>
  <features>
    <hyperv>
      <relaxed state='on'/>
    </hyperv>
  </features>
</domain>
"#;
    check_in("none", "", CODES, fixture);
}

#[test]
fn libvirt_asks_since_11_9_0() {
    let clock = "<clock offset='utc'>\n<timer name='hypervclock' present='yes'/>\n</clock>\n<features>\n<hyperv>\n";
    let told = |name: &str, needed: &str| {
        let mark = "^".repeat(name.len());
        format!(" {mark} error[hyperv-feature-alone]: `{name}` needs `{needed}`\n | fix: Switch {needed} on (changes guest)\n")
    };
    let codes = &["hyperv-feature-alone"];
    let end = "</hyperv>\n</features>";
    let (stimer, flush) = ("<stimer state='on'/>\n", "<tlbflush state='on'>\n");
    let direct = "<direct state='on'/>\n";
    let marked = format!(
        "{clock}{stimer}{}{flush}{}{direct}{}</tlbflush>\n{end}",
        told("stimer", "synic"),
        told("tlbflush", "vpindex"),
        told("direct", "vapic")
    );
    check_in("qemu-q35", "", codes, &marked);
    let plain = format!("{clock}{stimer}{flush}{direct}</tlbflush>\n{end}");
    check_in("9.0.0:qemu-q35", "", codes, &plain);
    check_in("none", "", codes, &plain.replace("<hyperv>", "<hyperv mode='passthrough'>"));
}

use crate::support::{check_in, mended_in};

#[test]
fn a_second_device_of_a_kind_that_a_guest_has_once() {
    let fixture = r#"
<panic model='isa'/>
<panic model='isa'/>
 ^^^^^ error[device-repeated]: there is a panic device `isa` already, and a guest has one
 | fix: Remove this panic (changes guest)
"#;
    check_in("kvm-q35", "devices", &["device-repeated"], fixture);
    let mended = mended_in("kvm-q35", "devices", "device-repeated", fixture);
    assert_eq!(mended, "- <panic model='isa'/>");
}

#[test]
fn other_devices_come_once_too() {
    let fixture = r#"
<smartcard mode='host'/>
<smartcard mode='host'/>
 ^^^^^^^^^ error[device-repeated]: there is a smart card already, and a guest has one
 | fix: Remove this smartcard (changes guest)
<tpm model='tpm-crb'>
  <backend type='passthrough'/>
</tpm>
<tpm model='tpm-tis'>
 ^^^ error[device-repeated]: there is a TPM already, and a guest has one
 | fix: Remove this tpm (changes guest)
  <backend type='passthrough'/>
</tpm>
<redirfilter>
  <usbdev allow='yes'/>
</redirfilter>
<redirfilter>
 ^^^^^^^^^^^ error[device-repeated]: there is a filter of redirections already, and a guest has one
 | fix: Remove this redirfilter (changes guest)
  <usbdev allow='no'/>
</redirfilter>
"#;
    check_in("kvm-q35", "devices", &["device-repeated"], fixture);
}

#[test]
fn a_watchdog_of_another_machine() {
    let fixture = r#"
<watchdog model='diag288' action='reset'/>
                 ^^^^^^^ error[watchdog-model-unfit]: the watchdog `diag288` is part of IBM Z, and this domain is another machine
                 | fix: Use i6300esb (changes guest)
"#;
    check_in("kvm-q35", "devices", &["watchdog-model-unfit"], fixture);
    let mended = mended_in("kvm-q35", "devices", "watchdog-model-unfit", fixture);
    assert_eq!(mended, "- <watchdog model='diag288' action='reset'/>\n+ <watchdog model='i6300esb' action='reset'/>");
}

#[test]
fn pcs_differ() {
    let fixture = r#"
<watchdog model='itco' action='reset'/>
                 ^^^^ error[watchdog-model-unfit]: the watchdog `itco` is part of a machine `q35`, and this domain is another
                 | fix: Use i6300esb (changes guest)
"#;
    check_in("kvm-pc", "devices", &["watchdog-model-unfit"], fixture);
}

#[test]
fn newer_libvirts_keep_one_for_pc() {
    let fixture = r#"
<watchdog model='ib700' action='reset'/>
                 ^^^^^ error[watchdog-model-unfit]: the watchdog `ib700` is part of a machine `pc`, and this domain is another
                 | fix: Use i6300esb (changes guest)
"#;
    check_in("kvm-q35", "devices", &["watchdog-model-unfit"], fixture);
}

#[test]
fn watchdogs_with_different_actions() {
    let fixture = r#"
<watchdog model='itco' action='reset'/>
<watchdog model='i6300esb' action='poweroff'/>
                                   ^^^^^^^^ error[watchdog-action-mixed]: all watchdogs of a guest do the same, and the first one does `reset`
                                   | fix: Do the same (changes guest)
"#;
    check_in("kvm-q35", "devices", &["watchdog-action-mixed"], fixture);
    let mended = mended_in("kvm-q35", "devices", "watchdog-action-mixed", fixture);
    assert_eq!(mended, "- <watchdog model='i6300esb' action='poweroff'/>\n+ <watchdog model='i6300esb' action='reset'/>");
}

#[test]
fn a_socket_address_that_is_taken() {
    let fixture = r#"
<vsock model='virtio'>
  <cid auto='no' address='2'/>
                          ^ error[vsock-cid-reserved]: the context ids 0 to 2 are taken by the host and the hypervisor, so that a guest's begins at 3, not 2
</vsock>
"#;
    check_in("kvm-q35", "devices", &["vsock-cid-reserved"], fixture);
}

#[test]
fn a_memory_balloon_of_another_hypervisor() {
    let fixture = r#"
<memballoon model='xen'/>
                   ^^^ error[memballoon-model-unfit]: a balloon of model `xen` belongs to another hypervisor
                   | fix: Use virtio (changes guest)
"#;
    check_in("kvm-q35", "devices", &["memballoon-model-unfit"], fixture);
    let mended = mended_in("kvm-q35", "devices", "memballoon-model-unfit", fixture);
    assert_eq!(mended, "- <memballoon model='xen'/>\n+ <memballoon model='virtio'/>");
}

#[test]
fn a_smart_card_at_a_slot_that_is_not_there() {
    let fixture = r#"
<smartcard mode='host'>
  <address type='ccid' controller='0' slot='1'/>
                                            ^ error[smartcard-address-unfit]: the reader has one slot, with the number 0, not 1
                                            | fix: Use 0 (changes guest)
</smartcard>
"#;
    check_in("kvm-q35", "devices", &["smartcard-address-unfit"], fixture);
    let mended = mended_in("kvm-q35", "devices", "smartcard-address-unfit", fixture);
    assert_eq!(mended, "- <address type='ccid' controller='0' slot='1'/>\n+ <address type='ccid' controller='0' slot='0'/>");
}

#[test]
fn a_variable_store_of_power_on_another_machine() {
    let fixture = r#"
<nvram>
 ^^^^^ error[nvram-unsupported]: `<nvram>` among the devices is a chip of machines `pseries`; the variables of a UEFI are told in `<os>`
 | fix: Remove `<nvram>` (changes guest)
  <address type='spapr-vio' reg='0x3000'/>
</nvram>
"#;
    check_in("kvm-q35", "devices", &["nvram-unsupported"], fixture);
    let mended = mended_in("kvm-q35", "devices", "nvram-unsupported", fixture);
    assert_eq!(mended, "- <nvram>\n- <address type='spapr-vio' reg='0x3000'/>\n- </nvram>");
}

#[test]
fn it_is_fine_without_a_second_device_of_a_kind_that_a_guest_has_once() {
    let fixture = r#"
<panic model='isa'/>
<panic model='hyperv'/>
"#;
    check_in("kvm-q35", "devices", &["device-repeated"], fixture);
}

#[test]
fn it_is_fine_without_a_watchdog_of_another_machine() {
    let fixture = r#"
<watchdog model='i6300esb' action='reset'/>
"#;
    check_in("kvm-q35", "devices", &["watchdog-model-unfit"], fixture);
}

#[test]
fn it_is_fine_without_watchdogs_with_different_actions() {
    let fixture = r#"
<watchdog model='itco' action='reset'/>
<watchdog model='i6300esb' action='reset'/>
"#;
    check_in("kvm-q35", "devices", &["watchdog-action-mixed"], fixture);
}

#[test]
fn it_is_fine_without_a_socket_address_that_is_taken() {
    let fixture = r#"
<vsock model='virtio'>
  <cid auto='yes'/>
</vsock>
"#;
    check_in("kvm-q35", "devices", &["vsock-cid-reserved"], fixture);
}

#[test]
fn it_is_fine_without_a_memory_balloon_of_another_hypervisor() {
    let fixture = r#"
<memballoon model='virtio'/>
"#;
    check_in("kvm-q35", "devices", &["memballoon-model-unfit"], fixture);
}

#[test]
fn it_is_fine_without_a_smart_card_at_a_slot_that_is_not_there() {
    let fixture = r#"
<smartcard mode='host'>
  <address type='ccid' controller='0' slot='0'/>
</smartcard>
"#;
    check_in("kvm-q35", "devices", &["smartcard-address-unfit"], fixture);
}

#[test]
fn it_is_fine_without_a_variable_store_of_power_on_another_machine() {
    let fixture = r#"
<nvram>
  <address type='spapr-vio' reg='0x3000'/>
</nvram>
"#;
    check_in("ppc64", "devices", &["nvram-unsupported"], fixture);
}

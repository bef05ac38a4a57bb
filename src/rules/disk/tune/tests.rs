use crate::support::{check_in, mended_in};

const CODES: &[&str] = &["disk-io-cache-unfit", "disk-iothread-unfit", "disk-iotune-unfit"];

#[test]
fn native_io_goes_without_a_cache() {
    let fixture = r#"
<disk type='file' device='disk'>
  <driver name='qemu' type='raw' io='native'/>
                                     ^^^^^^ error[disk-io-cache-unfit]: `io='native'` goes with the cache `none` or `directsync`, and no cache is written
                                     | fix: Use the cache none (changes guest)
  <source file='/a'/>
  <target dev='vda' bus='virtio'/>
</disk>
<disk type='file' device='disk'>
  <driver name='qemu' type='raw' cache='none' io='native'/>
  <source file='/b'/>
  <target dev='vdb' bus='virtio'/>
</disk>
"#;
    check_in("qemu-q35", "devices", CODES, fixture);
    let mended = mended_in("qemu-q35", "devices", "disk-io-cache-unfit", fixture);
    let driver = "<driver name='qemu' type='raw' io='native'";
    assert_eq!(mended, format!("- {driver}/>\n+ {driver} cache='none'/>"));
}

#[test]
fn threads_must_be_there() {
    let fixture = r#"
<disk type='file' device='disk'>
  <driver name='qemu' type='raw' iothread='1'/>
                                           ^ error[disk-iothread-unfit]: the domain has no I/O thread 1
                                           | fix: Remove `iothread` (changes guest)
  <source file='/a'/>
  <target dev='vda' bus='virtio'/>
</disk>
<disk type='file' device='disk'>
  <driver name='qemu' type='raw' iothread='1'/>
                                 ^^^^^^^^ error[disk-iothread-unfit]: an I/O thread works for a disk on the bus `virtio`, not on `sata`
                                 | fix: Remove `iothread` (changes guest)
  <source file='/b'/>
  <target dev='sda' bus='sata'/>
</disk>
<disk type='file' device='disk'>
  <driver name='qemu' type='raw' queues='2'>
    <iothreads><iothread id='3'/></iothreads>
                             ^ error[disk-iothread-unfit]: the domain has no I/O thread 3
  </driver>
  <source file='/c'/>
  <target dev='vdc' bus='virtio'/>
</disk>
"#;
    check_in("qemu-q35", "devices", CODES, fixture);
    let mended = mended_in("qemu-q35", "devices", "disk-iothread-unfit", fixture);
    let driver = "<driver name='qemu' type='raw'";
    assert_eq!(mended, format!("- {driver} iothread='1'/>\n+ {driver}/>"));
}

#[test]
fn disks_of_a_group_have_its_limits() {
    let disk = |dev: &str, limit: &str| {
        let tune = format!("<iotune>\n{limit}<group_name>g</group_name>\n</iotune>");
        format!("<disk type='file' device='disk'><source file='/{dev}'/><target dev='{dev}' bus='virtio'/>\n{tune}\n</disk>\n")
    };
    let ten = "<total_bytes_sec>10</total_bytes_sec>";
    check_in("qemu-q35", "devices", CODES, &(disk("vda", ten) + &disk("vdb", ten) + &disk("vdc", "")));
    let fixture = r#"
<disk type='file' device='disk'>
  <source file='/a'/><target dev='vda' bus='virtio'/>
  <iotune><total_bytes_sec>10</total_bytes_sec><group_name>g</group_name></iotune>
</disk>
<disk type='file' device='disk'>
  <source file='/b'/><target dev='vdb' bus='virtio'/>
  <iotune><total_bytes_sec>11</total_bytes_sec><group_name>g</group_name></iotune>
                                                ^^^^^^^^^^ error[disk-iotune-unfit]: `vda` and `vdb` are of one group and have other limits
</disk>
<disk type='file' device='disk'>
  <source file='/c'/><target dev='vdc' bus='virtio'/>
  <iotune><group_name>h</group_name></iotune>
           ^^^^^^^^^^ error[disk-iotune-unfit]: a group without a limit does nothing
           | fix: Remove `<group_name>` (changes guest)
</disk>
"#;
    check_in("qemu-q35", "devices", CODES, fixture);
}

#[test]
fn a_burst_goes_beyond_a_limit() {
    let fixture = r#"
<disk type='file' device='disk'>
  <source file='/a'/><target dev='vda' bus='virtio'/>
  <iotune>
    <total_bytes_sec_max>100</total_bytes_sec_max>
     ^^^^^^^^^^^^^^^^^^^ error[disk-iotune-unfit]: `total_bytes_sec_max` goes beyond `total_bytes_sec`, which is not set
     | fix: Remove `<total_bytes_sec_max>` (changes guest)
    <read_iops_sec>1000</read_iops_sec>
    <read_iops_sec_max>2000</read_iops_sec_max>
    <read_iops_sec_max_length>10</read_iops_sec_max_length>
  </iotune>
</disk>
"#;
    assert_eq!(check_in("qemu-q35", "devices", CODES, fixture), ["start"]);
    let mended = mended_in("qemu-q35", "devices", "disk-iotune-unfit", fixture);
    assert_eq!(mended, "- <total_bytes_sec_max>100</total_bytes_sec_max>");
}

#[test]
fn filters_name_groups_and_stand_alone() {
    let fixture = r#"
<domain type='qemu'>
  <throttlegroups>
    <throttlegroup><total_bytes_sec>10</total_bytes_sec><group_name>a</group_name></throttlegroup>
  </throttlegroups>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
  <devices>
    <disk type='file' device='disk'>
      <source file='/a'/><target dev='vda' bus='virtio'/>
      <iotune><total_bytes_sec>1000000000000001</total_bytes_sec></iotune>
                               ^^^^^^^^^^^^^^^^ error[disk-iotune-unfit]: QEMU limits to 1000000000000000 at most
                               | fix: Use 1000000000000000 (changes guest)
      <throttlefilters>
       ^^^^^^^^^^^^^^^ error[disk-iotune-unfit]: a disk is limited by `iotune` or by throttle filters, not by both
       | fix: Remove `<throttlefilters>` (changes guest)
        <throttlefilter group='a'/>
        <throttlefilter group='b'/>
                               ^ error[disk-iotune-unfit]: the domain has no throttle group `b`
      </throttlefilters>
    </disk>
  </devices>
</domain>
"#;
    crate::support::check("qemu-q35", CODES, fixture);
}

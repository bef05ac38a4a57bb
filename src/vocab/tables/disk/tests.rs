//! Disks that are right, and slips.

use super::super::domain::faults;
use crate::support::check;

fn of_disk(disk: &str) -> Vec<&'static str> {
    faults(&format!("<devices>{disk}</devices>"))
}

fn of_source(protocol: &str, parts: &str) -> Vec<&'static str> {
    of_disk(&format!("<disk type='network'><source protocol='{protocol}' {parts}</source><target dev='vda'/></disk>"))
}

#[test]
fn every_kind_of_source() {
    for (attrs, source) in [
        ("", ""),
        ("", "<source file='[store] a.vmdk' startupPolicy='optional'><seclabel labelskip='yes'/></source>"),
        ("type='file'", "<source file='/a' fdgroup='g'><slices><slice type='storage' offset='0' size='1'/></slices></source>"),
        ("type='block'", "<source dev='/dev/sda'><reservations managed='yes'/></source>"),
        ("type='block' device='lun' rawio='yes'", "<source dev='/dev/sda'/>"),
        ("type='dir'", "<source dir='/a'><encryption format='luks'/></source>"),
        ("type='volume'", "<source pool='p' volume='v' mode='direct'/>"),
        ("type='nvme'", "<source type='pci' namespace='1'><address bus='1'/></source>"),
        ("type='vhostuser'", "<source type='unix' path='/a'><reconnect enabled='no'/></source>"),
        ("type='vhostvdpa'", "<source dev='/dev/vhost-vdpa-0'/>"),
    ] {
        let disk = format!("<disk {attrs}>{source}<target dev='vda'/></disk>");
        assert!(of_disk(&disk).is_empty(), "{disk}: {:?}", of_disk(&disk));
    }
    assert_eq!(of_disk("<disk type='block'><source file='/a'/><target dev='vda'/></disk>"), ["structure-unknown-attribute"]);
    assert_eq!(of_disk("<disk type='file' device='lun'><source file='/a'/><target dev='sda'/></disk>"), ["structure-bad-value"]);
    assert_eq!(of_disk("<disk rawio='yes'><target dev='vda'/></disk>"), ["structure-unknown-attribute"]);
    assert_eq!(of_disk("<disk><source fdgroup='g'/><target dev='vda'/></disk>"), ["structure-missing-attribute"]);
    assert_eq!(of_disk("<disk type='vhostuser'><target dev='vda'/></disk>"), ["structure-missing-element"]);
}

#[test]
fn every_protocol() {
    let auth = "<auth username='u'><secret type='ceph' usage='s'/></auth>";
    for (protocol, parts) in [
        ("nbd", "tls='yes'><host transport='unix' socket='/a'/><reconnect delay='1'/>"),
        ("gluster", "name='v/a'><host name='a'/><host name='::1' port='1' transport='rdma'/>"),
        ("rbd", &format!("><snapshot name='s'/><config file='/a'/>{auth}")),
        ("iscsi", "name='i/1'><host name='a'/><initiator><iqn name='i'/></initiator>"),
        ("https", "name='a' query='b'><host name='a'/><ssl verify='no'/><cookies><cookie name='c'>\"d\"</cookie></cookies>"),
        ("ftp", &format!("name='a'><host name='a'/><readahead size='1'/>{auth}")),
        ("ssh", "name='a'><host name='a'/><identity username='u' agentsock='/a'/><knownHosts path='/a'/>"),
        ("tftp", "name='a'><host name='a'/><timeout seconds='1'/>"),
        ("vxhs", "name='a' tls='no'><host name='a'/>"),
        ("nfs", "name='a'><host name='a'/><identity user='+1'/>"),
    ] {
        assert!(of_source(protocol, parts).is_empty(), "{protocol}: {:?}", of_source(protocol, parts));
    }
    assert_eq!(of_source("http", "name='a'><host name='a'/><ssl verify='no'/>"), ["structure-misplaced-element"]);
    assert_eq!(of_source("nbd", "name='a'>"), ["structure-missing-element"]);
}

#[test]
fn chains_limits_and_secrets() {
    let chain = "<backingStore type='file'><format type='raw'/><source file='/a'/><backingStore/></backingStore>";
    for parts in [
        chain,
        "<iotune><total_bytes_sec>1</total_bytes_sec><read_iops_sec>1</read_iops_sec><group_name>g</group_name></iotune>",
        "<throttlefilters><throttlefilter group='g'/></throttlefilters>",
        "<mirror job='copy' type='block'><source dev='/a'/></mirror>",
        "<mirror file='/a' format='raw'/>",
        "<encryption format='luks'><secret type='passphrase' usage='s'/></encryption>",
        "<vendor/><product>A</product><geometry cyls='1' heads='2' secs='3'/>",
        "<driver type='aio' packed='on'><metadata_cache><max_size unit='MiB'>1</max_size></metadata_cache></driver>",
    ] {
        let disk = format!("<disk><target dev='vda'/>{parts}</disk>");
        assert!(of_disk(&disk).is_empty(), "{disk}: {:?}", of_disk(&disk));
    }
    assert_eq!(
        of_disk("<disk><target dev='vda'/><iotune><total_bytes_sec>1</total_bytes_sec><read_bytes_sec>1</read_bytes_sec></iotune></disk>"),
        ["structure-misplaced-element"]
    );
    assert_eq!(of_disk("<disk><target dev='vda'/><backingStore type='file'/></disk>"), ["structure-missing-element"]);
    assert_eq!(
        of_disk("<disk><target dev='vda'/><encryption format='luks'><secret type='passphrase'/></encryption></disk>"),
        ["structure-missing-attribute"]
    );
    assert_eq!(of_disk("<lease><lockspace/><target path='/a'/></lease>"), ["structure-missing-element"]);
}

#[test]
fn slips_are_found_at_their_token() {
    check(
        "none",
        &["structure-bad-value", "structure-unknown-attribute", "structure-unknown-element"],
        "<domain type='kvm'>
  <name>alpha</name>
  <devices>
<disk type='file' device='dsk'/>
                          ^^^ error[structure-bad-value]: `dsk` is no `device` of `disk`: did you mean `disk`?
                          | fix: Write disk
<disk type='file'>
  <driver name='qemu' chache='none' io='iouring'/>
                      ^^^^^^ error[structure-unknown-attribute]: `driver` has no attribute `chache`: did you mean `cache`?
                      | fix: Write cache
                                        ^^^^^^^ error[structure-bad-value]: `iouring` is no `io` of `driver`: did you mean `io_uring`?
                                        | fix: Write io_uring
  <source fiel='/a'/>
          ^^^^ error[structure-unknown-attribute]: `source` has no attribute `fiel`: did you mean `file`?
          | fix: Write file
  <target dev='vda'/>
  <adress type='drive'/>
   ^^^^^^ error[structure-unknown-element]: there is no `adress` in `disk`: did you mean `address`?
   | fix: Write <address>
</disk>
  </devices>
</domain>
",
    );
}

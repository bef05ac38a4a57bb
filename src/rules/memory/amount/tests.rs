use crate::support::{check_in, mended_in};

const CODES: &[&str] = &[
    "memory-missing",
    "memory-too-large",
    "memory-current-above",
    "memory-hotplug-incomplete",
    "memory-above-maximum",
    "memory-hotplug-without-numa",
    "memory-limit-below-guest",
    "memory-guarantee-unsupported",
];

const CELL: &str = "<vcpu>4</vcpu>\n<cpu>\n  <numa>\n    <cell id='0' cpus='0-3' memory='524288'/>\n  </numa>\n</cpu>\n";

#[test]
fn a_domain_has_memory() {
    let fixture = r#"
<domain type='qemu'>
 ^^^^^^ error[memory-missing]: a domain needs memory: `<memory>` or its NUMA cells must say how much
 | fix: Give it 1 GiB (changes guest)
  <name>alpha</name>
</domain>
"#;
    check_in("none", "", CODES, fixture);
    assert_eq!(mended_in("none", "", "memory-missing", fixture), "+ <memory unit='GiB'>1</memory>");
    check_in("none", "", CODES, CELL);
    let zero = "<memory>0</memory>\n        ^ error[memory-missing]: a domain needs memory: `<memory>` or its NUMA cells must say how much";
    check_in("none", "", CODES, zero);
}

#[test]
fn sizes_end_at_8_eib() {
    let fixture = r#"
<memory unit='EiB'>8</memory>
                   ^ error[memory-too-large]: libvirt takes sizes below 8 EiB
<cpu>
  <numa>
    <cell memory='9007199254740991'/>
                  ^^^^^^^^^^^^^^^^ error[memory-too-large]: rounded up to 1 MiB, this is more than libvirt takes
  </numa>
</cpu>
"#;
    assert_eq!(check_in("none", "", CODES, fixture), ["define", "start"]);
    check_in("none", "", CODES, "<memory unit='EiB'>7</memory>");
}

#[test]
fn the_balloon_leaves_no_more_than_there_is() {
    let fixture = r#"
<memory>524288</memory>
<currentMemory unit='MiB'>600</currentMemory>
                          ^^^ warning[memory-current-above]: the balloon cannot leave 600 MiB of 512 MiB: libvirt takes the latter
                          | fix: Remove `<currentMemory>`
"#;
    assert_eq!(check_in("none", "", CODES, fixture), ["dropped"]);
    mended_in("none", "", "memory-current-above", fixture);
    check_in("none", "", CODES, "<memory>524288</memory>\n<currentMemory unit='MiB'>512</currentMemory>");
}

#[test]
fn a_maximum_needs_slots() {
    let fixture = format!(
        "<memory>524288</memory>\n{CELL}{}",
        r#"<maxMemory unit='GiB'>1</maxMemory>
 ^^^^^^^^^ error[memory-hotplug-incomplete]: memory that can grow needs `slots` for the modules that are plugged in
 | fix: Give it 16 slots (changes guest)
 | fix: Remove `<maxMemory>` (changes guest)
"#
    );
    check_in("9.0.0:qemu-q35", "", CODES, &fixture);
    mended_in("9.0.0:qemu-q35", "", "memory-hotplug-incomplete", &fixture);
    check_in("none", "", CODES, &format!("<memory>524288</memory>\n{CELL}<maxMemory unit='GiB'>1</maxMemory>"));
    let slots = "<maxMemory slots='2'>0</maxMemory>\n                     ^ error[memory-hotplug-incomplete]: slots for modules need a maximum that leaves room for them\n                     | fix: Remove `<maxMemory>` (changes guest)";
    check_in("none", "", CODES, &format!("<memory>524288</memory>\n{CELL}{slots}"));
}

#[test]
fn modules_leave_something() {
    let most = "<maxMemory slots='2' unit='GiB'>4</maxMemory>\n<devices>\n<memory model='dimm'>\n<target>\n<size unit='MiB'>512</size>\n</target>\n</memory>\n</devices>";
    let mark = "        ^^^^^^ error[memory-missing]: the memory modules take 512 MiB, and the guest has 512 MiB\n";
    check_in("qemu-q35", "", CODES, &format!("<memory>524288</memory>\n{mark}{most}"));
    check_in("qemu-q35", "", CODES, &format!("<memory>524289</memory>\n{most}"));
}

#[test]
fn a_maximum_is_above_what_there_is() {
    let fixture = format!(
        "<memory>524288</memory>\n{CELL}{}",
        r#"<maxMemory slots='2' unit='MiB'>256</maxMemory>
                                ^^^ error[memory-above-maximum]: the guest has 512 MiB already, which is more than 256 MiB
                                | fix: Allow what it has (changes guest)
"#
    );
    check_in("none", "", CODES, &fixture);
    mended_in("none", "", "memory-above-maximum", &fixture);
    check_in("none", "", CODES, &format!("<memory>524288</memory>\n{CELL}<maxMemory slots='2' unit='MiB'>512</maxMemory>"));
}

#[test]
fn memory_is_plugged_into_cells() {
    let fixture = r#"
<memory>524288</memory>
<vcpu>4</vcpu>
<maxMemory slots='2' unit='GiB'>1</maxMemory>
 ^^^^^^^^^ error[memory-hotplug-without-numa]: memory can be plugged into NUMA cells alone on `x86_64`, and the guest has none
 | fix: Put all into one cell (changes guest)
 | fix: Remove `<maxMemory>` (changes guest)
"#;
    check_in("9.0.0:qemu-q35", "", CODES, fixture);
    let mended = mended_in("9.0.0:qemu-q35", "", "memory-hotplug-without-numa", fixture);
    assert_eq!(mended, "+ <cpu><numa><cell id='0' cpus='0-3' memory='524288' unit='KiB'/></numa></cpu>");
    let alone = "<memory>524288</memory>\n<maxMemory slots='2' unit='GiB'>1</maxMemory>";
    for host in ["9.0.0:ppc64", "qemu-q35", "none"] {
        check_in(host, "", CODES, alone);
    }
}

#[test]
fn a_limit_leaves_room_for_the_guest() {
    let fixture = r#"
<memory>524288</memory>
<memtune>
  <hard_limit unit='MiB'>256</hard_limit>
                         ^^^ info[memory-limit-below-guest]: the kernel kills the guest when it takes 256 MiB, and it has 512 MiB
                         | fix: Remove `<hard_limit>`
</memtune>
"#;
    assert_eq!(check_in("none", "", CODES, fixture), ["advice"]);
    mended_in("none", "", "memory-limit-below-guest", fixture);
    check_in("none", "", CODES, "<memory>524288</memory>\n<memtune>\n  <hard_limit unit='GiB'>1</hard_limit>\n</memtune>");
}

#[test]
fn qemu_guarantees_nothing() {
    let fixture = r#"
<memory>524288</memory>
<memtune>
  <min_guarantee>1024</min_guarantee>
   ^^^^^^^^^^^^^ error[memory-guarantee-unsupported]: QEMU guarantees no memory to a guest
   | fix: Remove `<min_guarantee>`
</memtune>
"#;
    check_in("none", "", CODES, fixture);
    mended_in("none", "", "memory-guarantee-unsupported", fixture);
}

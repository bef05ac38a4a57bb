mod room;

use crate::support::{check_in, mended_in};

#[test]
fn memory_modules_without_room_for_them() {
    let fixture = r#"
<memory model='dimm'>
 ^^^^^^ error[memory-device-without-room]: a module needs room to be plugged in, and `<maxMemory>` is missing
  <target>
    <size unit='MiB'>512</size>
    <node>0</node>
  </target>
</memory>
"#;
    check_in("kvm-q35", "devices", &["memory-device-without-room"], fixture);
}

#[test]
fn a_memory_module_at_no_numa_cell() {
    let fixture = r#"
<maxMemory slots='4' unit='GiB'>4</maxMemory>
<cpu>
  <numa>
    <cell id='0' cpus='0' memory='1' unit='GiB'/>
  </numa>
</cpu>
<devices>
<memory model='dimm'>
  <target>
    <size unit='MiB'>512</size>
    <node>1</node>
          ^ error[memory-device-node-unfit]: the guest has 1 NUMA cells, and the number 1 is none of them
  </target>
</memory>
</devices>
"#;
    check_in("kvm-q35", "", &["memory-device-node-unfit"], fixture);
}

#[test]
fn more_memory_modules_than_slots() {
    let fixture = r#"
<maxMemory slots='4' unit='GiB'>4</maxMemory>
<cpu>
  <numa>
    <cell id='0' cpus='0' memory='1' unit='GiB'/>
  </numa>
</cpu>
<devices>
<memory model='dimm'>
  <target>
    <size unit='MiB'>512</size>
    <node>0</node>
  </target>
  <address type='dimm' slot='4'/>
                             ^ error[memory-device-slot-unfit]: there are 4 slots, and 4 is none of them
</memory>
</devices>
"#;
    check_in("kvm-q35", "", &["memory-device-slot-unfit"], fixture);
}

#[test]
fn an_option_that_a_memory_module_does_not_have() {
    let fixture = r#"
<maxMemory slots='4' unit='GiB'>4</maxMemory>
<cpu>
  <numa>
    <cell id='0' cpus='0' memory='1' unit='GiB'/>
  </numa>
</cpu>
<devices>
<memory model='nvdimm' discard='yes'>
                                ^^^ error[memory-device-option-unfit]: the content of this module is kept, and cannot be discarded
                                | fix: Use no (changes guest)
  <source>
    <path>/srv/nvdimm</path>
  </source>
  <target>
    <size unit='MiB'>512</size>
    <node>0</node>
  </target>
</memory>
</devices>
"#;
    check_in("kvm-q35", "", &["memory-device-option-unfit"], fixture);
    let mended = mended_in("kvm-q35", "", "memory-device-option-unfit", fixture);
    assert_eq!(mended, "- <memory model='nvdimm' discard='yes'>\n+ <memory model='nvdimm' discard='no'>");
}

#[test]
fn a_memory_module_without_its_file() {
    let fixture = r#"
<maxMemory slots='4' unit='GiB'>4</maxMemory>
<cpu>
  <numa>
    <cell id='0' cpus='0' memory='1' unit='GiB'/>
  </numa>
</cpu>
<devices>
<memory model='nvdimm'>
               ^^^^^^ error[memory-device-source-missing]: a module of model `nvdimm` keeps its content in a file, and `<path>` in `<source>` is missing
  <target>
    <size unit='MiB'>512</size>
    <node>0</node>
  </target>
</memory>
</devices>
"#;
    check_in("kvm-q35", "", &["memory-device-source-missing"], fixture);
}

#[test]
fn a_memory_module_with_sizes_that_do_not_fit() {
    let fixture = r#"
<maxMemory slots='4' unit='GiB'>4</maxMemory>
<cpu>
  <numa>
    <cell id='0' cpus='0' memory='1' unit='GiB'/>
  </numa>
</cpu>
<devices>
<memory model='virtio-mem'>
  <target>
    <size unit='MiB'>512</size>
    <node>0</node>
    <block unit='MiB'>3</block>
                      ^ error[memory-device-size-unfit]: a block has a power of two, and 3 MiB is none
    <requested unit='MiB'>300</requested>
  </target>
</memory>
</devices>
"#;
    check_in("kvm-q35", "", &["memory-device-size-unfit"], fixture);
}

#[test]
fn two_memory_modules_at_one_place() {
    let fixture = r#"
<maxMemory slots='4' unit='GiB'>8</maxMemory>
<cpu>
  <numa>
    <cell id='0' cpus='0' memory='1' unit='GiB'/>
  </numa>
</cpu>
<devices>
<memory model='virtio-mem'>
  <target>
    <size unit='GiB'>1</size>
    <node>0</node>
    <block unit='MiB'>2</block>
    <requested unit='MiB'>512</requested>
    <address base='0x140000000'/>
  </target>
</memory>
<memory model='virtio-mem'>
  <target>
    <size unit='GiB'>1</size>
    <node>0</node>
    <block unit='MiB'>2</block>
    <requested unit='MiB'>512</requested>
    <address base='0x160000000'/>
                   ^^^^^^^^^^^ error[memory-device-overlap]: this module begins at 0x160000000, and another one ends at 0x180000000
  </target>
</memory>
</devices>
"#;
    check_in("kvm-q35", "", &["memory-device-overlap"], fixture);
}

#[test]
fn a_module_in_a_slot_of_its_cell_is_fine() {
    let fixture = r#"
<maxMemory slots='4' unit='GiB'>4</maxMemory>
<cpu>
  <numa>
    <cell id='0' cpus='0' memory='1' unit='GiB'/>
  </numa>
</cpu>
<devices>
<memory model='dimm'>
  <target>
    <size unit='MiB'>512</size>
    <node>0</node>
  </target>
  <address type='dimm' slot='3'/>
</memory>
</devices>
"#;
    check_in(
        "kvm-q35",
        "",
        &["memory-device-slot-unfit", "memory-device-node-unfit", "memory-device-without-room", "memory-device-option-unfit"],
        fixture,
    );
}

#[test]
fn it_is_fine_without_a_memory_module_without_its_file() {
    let fixture = r#"
<maxMemory slots='4' unit='GiB'>4</maxMemory>
<cpu>
  <numa>
    <cell id='0' cpus='0' memory='1' unit='GiB'/>
  </numa>
</cpu>
<devices>
<memory model='nvdimm'>
  <source>
    <path>/srv/nvdimm</path>
  </source>
  <target>
    <size unit='MiB'>512</size>
    <node>0</node>
  </target>
</memory>
</devices>
"#;
    check_in("kvm-q35", "", &["memory-device-source-missing"], fixture);
}

#[test]
fn it_is_fine_without_a_memory_module_with_sizes_that_do_not_fit() {
    let fixture = r#"
<maxMemory slots='4' unit='GiB'>4</maxMemory>
<cpu>
  <numa>
    <cell id='0' cpus='0' memory='1' unit='GiB'/>
  </numa>
</cpu>
<devices>
<memory model='virtio-mem'>
  <target>
    <size unit='MiB'>512</size>
    <node>0</node>
    <block unit='MiB'>2</block>
    <requested unit='MiB'>300</requested>
  </target>
</memory>
</devices>
"#;
    check_in("kvm-q35", "", &["memory-device-size-unfit"], fixture);
}

#[test]
fn it_is_fine_without_two_memory_modules_at_one_place() {
    let fixture = r#"
<maxMemory slots='4' unit='GiB'>8</maxMemory>
<cpu>
  <numa>
    <cell id='0' cpus='0' memory='1' unit='GiB'/>
  </numa>
</cpu>
<devices>
<memory model='virtio-mem'>
  <target>
    <size unit='GiB'>1</size>
    <node>0</node>
    <block unit='MiB'>2</block>
    <requested unit='MiB'>512</requested>
    <address base='0x140000000'/>
  </target>
</memory>
<memory model='virtio-mem'>
  <target>
    <size unit='GiB'>1</size>
    <node>0</node>
    <block unit='MiB'>2</block>
    <requested unit='MiB'>512</requested>
    <address base='0x180000000'/>
  </target>
</memory>
</devices>
"#;
    check_in("kvm-q35", "", &["memory-device-overlap"], fixture);
}

#[test]
fn a_slot_takes_one_module() {
    let module =
        "<memory model='dimm'>\n<target>\n<size unit='MiB'>512</size>\n<node>0</node>\n</target>\n<address type='dimm' slot='1'/>\n";
    let mark = "                           ^ error[memory-device-slot-unfit]: another module is at the slot 1 already\n";
    let room =
        "<maxMemory slots='4' unit='GiB'>4</maxMemory>\n<cpu>\n<numa>\n<cell id='0' cpus='0' memory='1' unit='GiB'/>\n</numa>\n</cpu>";
    let fixture = format!("{room}\n<devices>\n{module}</memory>\n{module}{mark}</memory>\n</devices>");
    check_in("kvm-q35", "", &["memory-device-slot-unfit"], &fixture);
}

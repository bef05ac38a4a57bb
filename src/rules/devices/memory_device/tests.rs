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

/// Modules with room for them, in an indented text that the lines of `modules` follow.
fn with_room(most: &str, modules: &str) -> String {
    let cell = "<cpu>\n<numa>\n<cell id='0' cpus='0' memory='1' unit='GiB'/>\n</numa>\n</cpu>";
    format!("{most}\n{cell}\n<devices>\n{modules}</devices>")
}

const DIMM: &str = "<memory model='dimm'>\n<target>\n<size unit='GiB'>1</size>\n<node>0</node>\n</target>\n";
const ROOM: &str = "<maxMemory slots='4' unit='GiB'>16</maxMemory>";

#[test]
fn modules_are_compared_since_9_8_0() {
    let place = |slot: u32, base: &str| format!("{DIMM}<address type='dimm' slot='{slot}' base='{base}'/>\n");
    let end = "</memory>\n";
    let mark = "                                    ^^^^^^^^^^^ error[memory-device-overlap]: this module begins at 0x160000000, and another one ends at 0x180000000\n";
    let both = |mark: &str| with_room(ROOM, &format!("{}{end}{}{mark}{end}", place(0, "0x140000000"), place(1, "0x160000000")));
    let codes = &["memory-device-overlap", "memory-device-slot-unfit"];
    check_in("kvm-q35", "", codes, &both(mark));
    check_in("9.0.0:kvm-q35", "", codes, &both(""));
    check_in("none", "", codes, &both(""));
    // 0 says nothing
    check_in("kvm-q35", "", codes, &with_room(ROOM, &format!("{}{end}{}{end}", place(0, "0"), place(1, "0"))));
}

#[test]
fn a_module_begins_at_a_block() {
    let module = "<memory model='virtio-mem'>\n<target>\n<size unit='GiB'>1</size>\n<node>0</node>\n<block unit='MiB'>2</block>\n<requested>0</requested>\n<address base='0x140001000'/>\n";
    let mark = "               ^^^^^^^^^^^ error[memory-device-size-unfit]: the module begins at no multiple of 2 MiB\n";
    let at = |mark: &str| with_room(ROOM, &format!("{module}{mark}</target>\n</memory>\n"));
    check_in("kvm-q35", "", &["memory-device-size-unfit"], &at(mark));
    check_in("9.0.0:kvm-q35", "", &["memory-device-size-unfit"], &at(""));
}

#[test]
fn a_module_that_needs_a_slot_gets_one() {
    let codes = &["memory-device-slot-unfit"];
    let room = "<maxMemory unit='GiB'>16</maxMemory>";
    let mark = " ^^^^^^ error[memory-device-slot-unfit]: a module of this model needs a slot, and `<maxMemory>` says nothing of `slots`\n";
    let told = DIMM.replacen('\n', &format!("\n{mark}"), 1);
    check_in("kvm-q35", "", codes, &with_room(room, &format!("{told}</memory>\n")));
    let mark = " ^^^^^^^ error[memory-device-slot-unfit]: the place of a module of this model is a slot, and `slot` is missing\n";
    check_in("kvm-q35", "", codes, &with_room(ROOM, &format!("{DIMM}<address type='dimm'/>\n{mark}</memory>\n")));
}

#[test]
fn every_module_had_a_slot_before_9_5_0() {
    let module = "<memory model='virtio-mem'>\n<target>\n<size unit='GiB'>1</size>\n<node>0</node>\n<block unit='MiB'>2</block>\n<requested>0</requested>\n</target>\n</memory>\n";
    let mark = "                  ^ error[memory-device-slot-unfit]: there are 2 modules for 1 slots";
    let most = "<maxMemory slots='1' unit='GiB'>16</maxMemory>";
    let codes = &["memory-device-slot-unfit"];
    check_in("9.0.0:kvm-q35", "", codes, &with_room(&format!("{most}\n{mark}"), &module.repeat(2)));
    check_in("kvm-q35", "", codes, &with_room(most, &module.repeat(2)));
}

#[test]
fn models_of_one_architecture() {
    let model =
        |model: &str, mark: &str| format!("<memory model='{model}'>\n{mark}<target>\n<size unit='GiB'>1</size>\n</target>\n</memory>");
    let codes = &["memory-device-option-unfit"];
    let mark = "               ^^^^^^^^^^ error[memory-device-option-unfit]: libvirt before 11.1.0 has no module of model `virtio-mem` for IBM Z\n";
    check_in("9.0.0:s390x", "devices", codes, &model("virtio-mem", mark));
    check_in("s390x", "devices", codes, &model("virtio-mem", ""));
    let mark =
        "               ^^^^^^^^^^^ error[memory-device-option-unfit]: QEMU has no module of model `virtio-pmem` on this architecture\n";
    check_in("aarch64", "devices", codes, &model("virtio-pmem", mark));
    check_in("kvm-q35", "devices", codes, &model("virtio-pmem", ""));
}

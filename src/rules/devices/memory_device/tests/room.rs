use crate::support::check_in;

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

//! What the guest is typed and pointed at with, and hubs.

use super::common::{ACPI_INDEX, ADDRESS, ALIAS, DEVICE, VIRTIO, VIRTIO_MODELS};
use super::pattern::{ABSOLUTE_PATH, ON_OFF};
use super::value::{Value, means, word};
use super::{Drivers, EMPTY, Element, by_attr, case, element, maybe, once, optional, required};

const CHAPTER: &str = "input-devices";

/// `<input>`.
pub static INPUT: Element = element("input", "what the guest is typed and pointed at with", CHAPTER)
    .attrs(&[required("type", &TYPES, "what it is"), optional("model", &VIRTIO_MODELS, "the model, on the bus `virtio`").since(5, 2, 0)])
    .children(&[
        maybe(&element("driver", "options of virtio", CHAPTER).since(3, 5, 0).attrs(VIRTIO)),
        maybe(&ALIAS),
        maybe(&ACPI_INDEX),
        maybe(&ADDRESS),
    ])
    .variants(&[by_attr(
        "type",
        &[
            case(&["tablet", "mouse", "keyboard"], EMPTY.attrs(&[optional("bus", &BUSES, "its bus")])),
            case(&["passthrough"], EMPTY.attrs(&[required("bus", &VIRTIO_BUS, "its bus")]).children(&[once(&PASSED)])),
            case(&["evdev"], EMPTY.children(&[once(&EVDEV)])),
        ],
    )]);

static TYPES: Value = Value::Words(&[
    means("tablet", "points at a place, so that two pointers stay together"),
    means("mouse", "points by moves"),
    means("keyboard", "types").since(1, 2, 2),
    means("passthrough", "a device of the host, for the guest alone").since(1, 3, 0),
    means("evdev", "a device of the host, which host and guest take in turn").since(7, 4, 0).only(Drivers::QEMU),
]);

static BUSES: Value = Value::Words(&[
    means("usb", "USB"),
    means("virtio", "virtio").since(1, 3, 0),
    means("ps2", "PS/2, that of the PC"),
    means("xen", "Xen's").only(Drivers::XEN),
]);
static VIRTIO_BUS: Value = Value::Words(&[word("virtio")]);

static PASSED: Element =
    element("source", "the device of the host", CHAPTER).attrs(&[required("evdev", &ABSOLUTE_PATH, "its event device")]);

static EVDEV: Element = element("source", "the device of the host", CHAPTER).attrs(&[
    required("dev", &ABSOLUTE_PATH, "its event device"),
    optional("grab", &GRAB, "whether the others change hands with it"),
    optional("grabToggle", &TOGGLES, "the keys that change whose it is").since(7, 6, 0),
    optional("repeat", &ON_OFF, "whether a key that is held repeats"),
]);

static GRAB: Value = Value::Words(&[means("all", "all of them do")]);
static TOGGLES: Value = Value::Words(&[
    word("ctrl-ctrl"),
    word("alt-alt"),
    word("shift-shift"),
    word("meta-meta"),
    word("scrolllock"),
    word("ctrl-scrolllock"),
]);

/// `<hub>`.
pub static HUB: Element =
    element("hub", "a hub, for more ports", "hub-devices").attrs(&[required("type", &HUBS, "its bus")]).children(DEVICE);

static HUBS: Value = Value::Words(&[word("usb")]);

#[cfg(test)]
mod tests {
    use super::super::devices::faults;

    #[test]
    fn inputs_and_hubs() {
        assert!(faults("<input type='tablet' bus='usb'/><input type='mouse' bus='ps2'/><hub type='usb'/>").is_empty());
        assert!(faults("<input type='passthrough' bus='virtio'><source evdev='/dev/input/event1'/></input>").is_empty());
        assert!(faults("<input type='evdev'><source dev='/d' grab='all' grabToggle='ctrl-ctrl' repeat='on'/></input>").is_empty());
        assert_eq!(faults("<input type='tablet'><source evdev='/d'/></input>"), ["structure-misplaced-element"]);
        assert_eq!(faults("<input type='passthrough'/>"), ["structure-missing-attribute", "structure-missing-element"]);
        assert_eq!(faults("<input type='evdev' bus='usb'><source dev='d'/></input>").len(), 2);
    }
}

//! What happens when the guest hangs or crashes: watchdogs, the news of a panic, logs that outlive it.

use super::common::{ACPI_INDEX, ADDRESS, ALIAS, NAME_AND_PLACE, scaled};
use super::pattern::ABSOLUTE_PATH;
use super::value::{Value, means, word};
use super::{Drivers, Element, element, maybe, once, optional, required};

/// `<watchdog>`.
pub static WATCHDOG: Element = element("watchdog", "what acts when the guest hangs", "watchdog-device")
    .only(Drivers::QEMU)
    .attrs(&[required("model", &WATCHDOGS, "the device that the guest sees"), optional("action", &ACTIONS, "what happens then")])
    .children(&[maybe(&ALIAS), maybe(&ACPI_INDEX), maybe(&ADDRESS)]);

static WATCHDOGS: Value = Value::Words(&[
    means("i6300esb", "Intel's 6300ESB, on PCI"),
    means("itco", "the one that is part of q35 machines").since(9, 1, 0),
    means("ib700", "iBase's IB700, on ISA"),
    means("diag288", "the one of s390").since(1, 2, 17),
]);
static ACTIONS: Value = Value::Words(&[
    means("reset", "the guest is reset, as where nothing is said"),
    means("poweroff", "it is switched off"),
    means("shutdown", "it is asked to shut down, which a hanging one hardly will"),
    means("pause", "it is paused"),
    means("dump", "its memory is written to a file, and it goes on"),
    means("inject-nmi", "it gets an interrupt that it cannot ignore").since(1, 2, 17),
    means("none", "nothing"),
]);

/// `<panic>`.
pub static PANIC: Element = element("panic", "how the guest tells that it crashed", "panic-device")
    .since(1, 2, 1)
    .only(Drivers::QEMU)
    .attrs(&[optional("model", &PANICS, "the way")])
    .also(&[&NAME_AND_PLACE]);

static PANICS: Value = Value::Words(&[
    means("isa", "a port of ISA"),
    means("pvpanic", "a device on PCI").since(9, 1, 0),
    means("hyperv", "the crash registers of Hyper-V").since(1, 3, 0),
    means("pseries", "the firmware of pSeries machines"),
    means("s390", "a part of s390").since(1, 3, 5),
]);

/// `<pstore>`.
pub static PSTORE: Element = element("pstore", "where the guest keeps its logs when it crashes", "devices")
    .since(10, 6, 0)
    .attrs(&[required("backend", &PSTORES, "the device that the guest sees")])
    .children(&[
        maybe(&element("path", "the file of the host; libvirt makes one where it is left out", "devices").text(&ABSOLUTE_PATH)),
        once(&scaled("size", "how much it holds", "devices")),
    ])
    .also(&[&NAME_AND_PLACE]);

static PSTORES: Value = Value::Words(&[word("acpi-erst")]);

#[cfg(test)]
mod tests {
    use super::super::devices::faults;

    #[test]
    fn what_watches_and_what_remains() {
        assert!(faults("<watchdog model='itco' action='reset'/><watchdog model='diag288'/><panic/>").is_empty());
        assert!(faults("<panic model='isa'><address type='isa' iobase='0x505'/></panic>").is_empty());
        assert!(faults("<pstore backend='acpi-erst'><path>/p</path><size unit='KiB'>8</size></pstore>").is_empty());
        assert_eq!(
            faults("<watchdog model='i6300esb' action='restart'/><watchdog/>"),
            ["structure-bad-value", "structure-missing-attribute"]
        );
        assert_eq!(faults("<panic modle='isa'/>"), ["structure-unknown-attribute"]);
        assert_eq!(faults("<pstore backend='acpi-erst'><path>p</path></pstore>"), ["structure-missing-element", "structure-bad-text"]);
    }
}

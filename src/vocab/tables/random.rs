//! Random numbers and cryptography from the host.

use super::chardev::HOST_SIDE;
use super::common::{ACPI_INDEX, ADDRESS, ALIAS, NAME_AND_PLACE, VIRTIO, VIRTIO_MODELS};
use super::pattern::{ABSOLUTE_PATH, POSITIVE};
use super::value::{Value, means, word};
use super::{Drivers, EMPTY, Element, by_attr, case, element, maybe, once, optional, required};

const CHAPTER: &str = "random-number-generator-device";

/// `<rng>`.
pub static RNG: Element = element("rng", "a source of random numbers", CHAPTER)
    .since(1, 0, 3)
    .attrs(&[required("model", &VIRTIO_MODELS, "the device that the guest sees")])
    .children(&[
        once(&BACKEND),
        maybe(&RATE),
        maybe(&element("driver", "options of virtio", CHAPTER).since(3, 5, 0).attrs(VIRTIO)),
        maybe(&ALIAS),
        maybe(&ACPI_INDEX),
        maybe(&ADDRESS),
    ]);

static BACKEND: Element = element("backend", "where the host takes them from", CHAPTER)
    .attrs(&[required("model", &BACKENDS, "the kind of source")])
    .variants(&[by_attr("model", &[case(&["random"], EMPTY.text(&DEVICE_OR_NONE)), case(&["egd"], EMPTY.also(&[&HOST_SIDE]))])]);

static BACKENDS: Value = Value::Words(&[
    means("random", "a device of the host, /dev/urandom for one"),
    means("builtin", "QEMU itself, by the host's kernel").since(6, 1, 0).only(Drivers::QEMU),
    means("egd", "a program that speaks EGD at the other end of a character device"),
]);
static DEVICE_OR_NONE: Value = Value::Either(&[&ABSOLUTE_PATH, &Value::Empty]);

static RATE: Element = element("rate", "how many the guest may take", CHAPTER).since(1, 0, 4).attrs(&[
    required("bytes", &POSITIVE, "so many bytes in each period"),
    optional("period", &POSITIVE, "the period in milliseconds; 1000 where it is left out"),
]);

/// `<crypto>`.
pub static CRYPTO: Element = element("crypto", "a cryptographic accelerator", "devices")
    .since(9, 1, 0)
    .only(Drivers::QEMU)
    .attrs(&[required("model", &CRYPTO_MODELS, "the device that the guest sees"), required("type", &CRYPTO_TYPES, "who does its work")])
    .children(&[once(&CRYPTO_BACKEND), maybe(&element("driver", "options of virtio", "devices").attrs(VIRTIO))])
    .also(&[&NAME_AND_PLACE]);

static CRYPTO_MODELS: Value = Value::Words(&[word("virtio")]);
static CRYPTO_TYPES: Value = Value::Words(&[word("qemu")]);

static CRYPTO_BACKEND: Element = element("backend", "what encrypts on the host", "devices")
    .attrs(&[required("model", &CRYPTO_BACKENDS, "its kind"), optional("queues", &POSITIVE, "how many queues the guest has")]);
static CRYPTO_BACKENDS: Value = Value::Words(&[means("builtin", "QEMU itself"), means("lkcf", "the host's kernel")]);

#[cfg(test)]
mod tests {
    use super::super::devices::faults;

    #[test]
    fn sources_of_random_numbers() {
        assert!(faults("<rng model='virtio'><backend model='random'>/dev/urandom</backend><rate bytes='1024'/></rng>").is_empty());
        assert!(
            faults("<rng model='virtio'><backend model='random'/></rng><rng model='virtio'><backend model='builtin'/></rng>").is_empty()
        );
        assert!(faults("<rng model='virtio'><backend model='egd' type='udp'><source mode='bind' service='1'/></backend></rng>").is_empty());
        assert_eq!(faults("<rng model='virtio'><backend model='random'>urandom</backend></rng>"), ["structure-bad-text"]);
        assert_eq!(faults("<rng model='virtio'><backend model='builtin'>/dev/random</backend></rng>"), ["structure-stray-text"]);
        assert_eq!(faults("<rng model='virtio'><backend model='egd'/><rate period='5'/></rng>").len(), 2);
        assert!(faults("<crypto model='virtio' type='qemu'><backend model='lkcf' queues='2'/></crypto>").is_empty());
        assert_eq!(
            faults("<crypto model='virtio'><backend model='buildin'/></crypto>"),
            ["structure-missing-attribute", "structure-bad-value"]
        );
    }
}

//! Trusted platform modules: the host's own, emulated ones, and ones that others run.

use super::common::NAME_AND_PLACE;
use super::pattern::{ABSOLUTE_FOLDER, ABSOLUTE_PATH, BYTE, PATH, TPM_PROFILE, UUID, YES_NO};
use super::value::{Value, means, word};
use super::{Body, Drivers, EMPTY, Element, by_attr, case, element, maybe, once, optional, required};

const CHAPTER: &str = "tpm-device";

/// `<tpm>`.
pub static TPM: Element = element("tpm", "a trusted platform module", CHAPTER)
    .since(1, 0, 5)
    .only(Drivers::QEMU.and(Drivers::HYPER_V))
    .attrs(&[optional("model", &MODELS, "the device that the guest sees")])
    .children(&[once(&BACKEND)])
    .also(&[&NAME_AND_PLACE]);

static MODELS: Value = Value::Words(&[
    means("tpm-crb", "for TPM 2.0 alone, with fewer things of old").since(4, 4, 0),
    means("tpm-tis", "for TPM 1.2 and 2.0"),
    means("tpm-spapr", "for pSeries machines").since(6, 1, 0),
    means("spapr-tpm-proxy", "for pSeries machines, with the host's resource manager").since(6, 5, 0),
]);

static BACKEND: Element = element("backend", "where its work is done", CHAPTER)
    .attrs(&[required("type", &BACKENDS, "who does it"), optional("version", &VERSIONS, "the version of TPM")])
    .variants(&[by_attr(
        "type",
        &[
            case(&["passthrough"], EMPTY.children(&[maybe(&HOST_DEVICE)])),
            case(&["emulator"], EMULATOR),
            case(&["external"], EMPTY.children(&[maybe(&EXTERNAL)])),
        ],
    )]);

static BACKENDS: Value = Value::Words(&[
    means("emulator", "swtpm, which libvirt starts").since(4, 5, 0),
    means("passthrough", "the host's own, for this guest alone"),
    means("external", "a swtpm that others start").since(9, 0, 0),
]);
static VERSIONS: Value = Value::Words(&[word("2.0"), word("1.2")]);

static HOST_DEVICE: Element =
    element("device", "the device of the host", CHAPTER).attrs(&[optional("path", &PATH, "its path; /dev/tpm0 where it is left out")]);

static EXTERNAL: Element = element("source", "where that swtpm waits", CHAPTER).attrs(&[
    required("type", &UNIX, "the kind of place"),
    required("path", &PATH, "the socket"),
    required("mode", &CONNECT, "who waits for whom"),
]);
static UNIX: Value = Value::Words(&[means("unix", "a Unix socket")]);
static CONNECT: Value = Value::Words(&[means("connect", "swtpm waits")]);

static EMULATOR: Body = EMPTY
    .attrs(&[
        optional("persistent_state", &YES_NO, "whether its state outlives a domain that is not kept").since(7, 0, 0),
        optional("debug", &BYTE, "how much swtpm tells in its log").since(10, 6, 0),
    ])
    .children(&[
        maybe(&element("encryption", "how its state is encrypted", CHAPTER).since(5, 6, 0).attrs(&[required(
            "secret",
            &UUID,
            "the secret of libvirt's that holds the passphrase",
        )])),
        maybe(&PCR_BANKS),
        maybe(&STATE),
        maybe(&PROFILE),
    ]);

static PCR_BANKS: Element = element("active_pcr_banks", "which banks of PCRs are on", CHAPTER).since(7, 10, 0).children(&[
    maybe(&element("sha1", "the bank of SHA-1", CHAPTER)),
    maybe(&element("sha256", "the bank of SHA-256", CHAPTER)),
    maybe(&element("sha384", "the bank of SHA-384", CHAPTER)),
    maybe(&element("sha512", "the bank of SHA-512", CHAPTER)),
]);

static STATE: Element = element("source", "where its state is kept", CHAPTER)
    .since(10, 10, 0)
    .attrs(&[required("type", &STATES, "the kind of place")])
    .variants(&[by_attr(
        "type",
        &[
            case(&["file"], EMPTY.attrs(&[required("path", &ABSOLUTE_PATH, "the file")])),
            case(&["dir"], EMPTY.attrs(&[required("path", &ABSOLUTE_FOLDER, "the folder")])),
        ],
    )]);
static STATES: Value = Value::Words(&[means("file", "one file"), means("dir", "a folder")]);

static PROFILE: Element = element("profile", "which algorithms it knows", CHAPTER).since(10, 10, 0).attrs(&[
    optional("source", &TPM_PROFILE, "the profile it is made by"),
    optional("removeDisabled", &REMOVALS, "whether algorithms are left out that the host forbids"),
    optional("name", &TPM_PROFILE, "the name of the profile it has; libvirt writes it"),
]);
static REMOVALS: Value =
    Value::Words(&[means("check", "those that are found to be forbidden"), means("fips-host", "those that FIPS mode forbids")]);

#[cfg(test)]
mod tests {
    use super::super::devices::faults;

    fn backend(backend: &str) -> Vec<&'static str> {
        faults(&format!("<tpm model='tpm-crb'>{backend}</tpm>"))
    }

    #[test]
    fn every_backend() {
        assert!(backend("<backend type='passthrough'><device path='/dev/tpm0'/></backend>").is_empty());
        assert!(
            backend(
                "<backend type='emulator' version='2.0'><active_pcr_banks><sha256/></active_pcr_banks><profile source='local:r'/></backend>"
            )
            .is_empty()
        );
        assert!(backend("<backend type='emulator' debug='3' persistent_state='yes'><source type='dir' path='/'/></backend>").is_empty());
        assert!(backend("<backend type='external'><source type='unix' mode='connect' path='/run/t'/></backend>").is_empty());
    }

    #[test]
    fn slips() {
        assert_eq!(backend(""), ["structure-missing-element"]);
        assert_eq!(backend("<backend type='emulater' version='2'/>"), ["structure-bad-value", "structure-bad-value"]);
        assert_eq!(backend("<backend type='passthrough' debug='3'/>"), ["structure-unknown-attribute"]);
        assert_eq!(backend("<backend type='passthrough'><source path='/dev/tpm0'/></backend>"), ["structure-misplaced-element"]);
        assert_eq!(backend("<backend type='emulator'><source type='file' path='/'/><encryption/></backend>").len(), 2);
    }
}

//! How a source is unlocked: a user's secret, and keys of encryption.

use super::super::pattern::{GENERIC_NAME, NAME, U32, UUID};
use super::super::value::{Value, means, word};
use super::super::{EMPTY, Element, any, element, once, optional, required, some};
use super::DISKS;

/// `<auth>`.
pub static AUTH: Element = element("auth", "the user as whom the server is asked", DISKS)
    .since(0, 9, 7)
    .attrs(&[required("username", &GENERIC_NAME, "the user")])
    .children(&[once(&AUTH_SECRET)]);

/// `<secret>` of `<auth>`.
pub static AUTH_SECRET: Element = element("secret", "the secret of libvirt's that holds the password", DISKS)
    .attrs(&[required("type", &AUTH_TYPES, "what the secret is used for")])
    .forms(&[
        EMPTY.attrs(&[required("uuid", &UUID, "the secret, by its UUID")]),
        EMPTY.attrs(&[required("usage", &NAME, "the secret, by its usage")]),
    ]);
/// `<auth>` of a source.
pub static SOURCE_AUTH: Element = AUTH.since(3, 9, 0);
static AUTH_TYPES: Value = Value::Words(&[means("ceph", "RBD"), means("iscsi", "iSCSI, and other protocols with a password")]);

/// `<encryption>`.
pub static ENCRYPTION: Element = element("encryption", "how the source is encrypted", DISKS)
    .attrs(&[required("format", &FORMATS, "the format of the encryption"), optional("engine", &ENGINES, "who decrypts")])
    .forms(&[EMPTY.children(&[any(&PASSPHRASE)]), EMPTY.children(&[some(&PASSPHRASE), once(&CIPHER), once(&INITIAL_VECTOR)])]);

/// `<encryption>` of a source.
pub static SOURCE_ENCRYPTION: Element = ENCRYPTION.since(3, 9, 0);

static FORMATS: Value = Value::Words(&[
    word("default"),
    means("qcow", "broken, and not for disks of QEMU any more"),
    means("luks", "LUKS, version 1").since(2, 1, 0),
    means("luks2", "LUKS, version 2"),
    means("luks-any", "LUKS, of either version").since(9, 3, 0),
]);
static ENGINES: Value = Value::Words(&[means("qemu", "the emulator"), means("librbd", "the library of RBD").since(7, 9, 0)]);

static PASSPHRASE: Element = element("secret", "the secret of libvirt's that holds the passphrase", DISKS)
    .attrs(&[required("type", &PASSPHRASES, "a passphrase")])
    .forms(&[
        EMPTY.attrs(&[required("uuid", &UUID, "the secret, by its UUID")]),
        EMPTY.attrs(&[required("usage", &Value::Any, "the secret, by its usage").since(2, 1, 0)]),
    ]);
static PASSPHRASES: Value = Value::Words(&[word("passphrase")]);

static CIPHER: Element = element("cipher", "the cipher of a volume that is to be made", DISKS)
    .attrs(&[required("name", &Value::Any, "its name"), required("size", &U32, "the bits of its key")])
    .forms(&[
        EMPTY.attrs(&[required("mode", &Value::Any, "its mode"), required("hash", &Value::Any, "the hash of its passphrase")]),
        EMPTY,
    ]);

static INITIAL_VECTOR: Element = element("ivgen", "how initial vectors are made for a volume that is to be made", DISKS)
    .attrs(&[required("name", &Value::Any, "the algorithm"), optional("hash", &Value::Any, "its hash")]);

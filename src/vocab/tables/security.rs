//! What keeps the guest apart from the host and from others: labels, wrapped keys, encrypted memory.

use super::common::LABEL;
use super::pattern::{ABSOLUTE_PATH, HEX, ON_OFF, U32, YES_NO};
use super::value::{Value, means, word};
use super::{Body, Drivers, EMPTY, Element, by_attr, case, element, maybe, once, optional, required, some};

const LABELS: &str = "security-label";
const LAUNCH: &str = "launch-security";

/// `<seclabel>` of the domain.
pub static SECLABEL: Element = element("seclabel", "how a security driver confines the domain", LABELS)
    .attrs(&[
        optional("model", &Value::Any, "the security driver: `selinux`, `apparmor`, `dac`"),
        optional("type", &TYPES, "who chooses the label"),
    ])
    .variants(&[by_attr(
        "type",
        &[
            case(&["dynamic"], DYNAMIC),
            case(
                &["static"],
                EMPTY
                    .attrs(&[optional("relabel", &YES_NO, "whether libvirt labels the domain's files")])
                    .children(&[once(&LABEL), maybe(&IMAGELABEL)]),
            ),
            case(&["none"], EMPTY.attrs(&[optional("relabel", &NO, "libvirt does not label the domain's files")])),
        ],
    )
    .absent(&DYNAMIC)]);

static DYNAMIC: Body = EMPTY.attrs(&[optional("relabel", &YES, "libvirt labels the domain's files")]).children(&[
    maybe(&LABEL),
    maybe(&IMAGELABEL),
    maybe(&element("baselabel", "what the label is made from", LABELS).text(&Value::Any)),
]);

static IMAGELABEL: Element = element("imagelabel", "the label of the domain's files; libvirt writes it", LABELS).text(&Value::Any);

static TYPES: Value = Value::Words(&[
    means("dynamic", "libvirt, a new one at each start"),
    means("static", "`label`"),
    means("none", "nobody: the domain is not confined").since(0, 9, 10),
]);

static YES: Value = Value::Words(&[word("yes")]);

static NO: Value = Value::Words(&[word("no")]);

/// `<keywrap>`.
pub static KEYWRAP: Element = element("keywrap", "which keys an s390 guest may have wrapped", "key-wrap").children(&[some(
    &element("cipher", "a kind of key", "key-wrap")
        .attrs(&[required("name", &CIPHERS, "the kind"), required("state", &ON_OFF, "whether it may")]),
)]);

static CIPHERS: Value = Value::Words(&[means("aes", "AES"), means("dea", "DEA and TDEA")]);

/// `<launchSecurity>`.
pub static LAUNCH_SECURITY: Element = element("launchSecurity", "how the guest's memory is hidden from the host", LAUNCH)
    .since(4, 4, 0)
    .only(Drivers::QEMU.and(Drivers::CLOUD_HYPERVISOR))
    .attrs(&[required("type", &LAUNCH_TYPES, "the technique")])
    .variants(&[by_attr("type", &[case(&["sev"], SEV), case(&["sev-snp"], SEV_SNP), case(&["tdx"], TDX)])]);

static LAUNCH_TYPES: Value = Value::Words(&[
    means("sev", "AMD's encrypted memory, SEV and SEV-ES").only(Drivers::QEMU),
    means("sev-snp", "the same with integrity").since(10, 5, 0),
    means("s390-pv", "IBM's Secure Execution").since(7, 6, 0).only(Drivers::QEMU),
    means("tdx", "Intel's trust domains").since(11, 4, 0).only(Drivers::QEMU),
]);

static SEV_COMMON: Body =
    EMPTY.attrs(&[optional("kernelHashes", &YES_NO, "whether a kernel given by the host is measured too").since(8, 0, 0)]).children(&[
        maybe(&element("cbitpos", "which bit of an address says that the page is encrypted", LAUNCH).text(&U32)),
        maybe(&element("reducedPhysBits", "how many address bits this costs", LAUNCH).text(&U32)),
        once(&element("policy", "the guest's policy, in bits", LAUNCH).text(&HEX)),
    ]);

static SEV: Body = EMPTY.also(&[&SEV_COMMON]).children(&[
    maybe(&element("handle", "the number of a guest whose key is shared", LAUNCH).text(&U32)),
    maybe(&element("dhCert", "the owner's Diffie-Hellman key, in Base64", LAUNCH).text(&Value::Any)),
    maybe(&element("session", "the owner's session, in Base64", LAUNCH).text(&Value::Any)),
]);

static SEV_SNP: Body = EMPTY
    .also(&[&SEV_COMMON])
    .attrs(&[
        optional("authorKey", &YES_NO, "whether `idAuth` holds the author's key").since(10, 5, 0),
        optional("vcek", &YES_NO, "whether reports may be signed by the chip's own key").since(10, 5, 0),
    ])
    .children(&[
        maybe(
            &element("guestVisibleWorkarounds", "what the guest is told of workarounds, in Base64", LAUNCH)
                .since(10, 5, 0)
                .text(&Value::Any),
        ),
        maybe(&element("idBlock", "the guest's identity, in Base64", LAUNCH).since(10, 5, 0).text(&Value::Any)),
        maybe(&element("idAuth", "what proves the identity, in Base64", LAUNCH).since(10, 5, 0).text(&Value::Any)),
        maybe(&element("hostData", "data of the host's for the guest's reports, in Base64", LAUNCH).since(10, 5, 0).text(&Value::Any)),
    ]);

/// 11.3.0 knows nothing of it; which of the next releases was the first is not known here.
static TDX: Body = EMPTY.children(&[
    maybe(&element("policy", "the guest's attributes, in bits", LAUNCH).text(&HEX)),
    maybe(&element("mrConfigId", "what identifies its configuration, in Base64", LAUNCH).since(11, 4, 0).text(&Value::Any)),
    maybe(&element("mrOwner", "what identifies its owner, in Base64", LAUNCH).since(11, 4, 0).text(&Value::Any)),
    maybe(&element("mrOwnerConfig", "what identifies its owner's configuration, in Base64", LAUNCH).since(11, 4, 0).text(&Value::Any)),
    maybe(&element("quoteGenerationService", "the service that signs the guest's reports", LAUNCH).since(11, 4, 0).attrs(&[optional(
        "path",
        &ABSOLUTE_PATH,
        "its socket",
    )])),
]);

#[cfg(test)]
mod tests {
    use super::super::domain::faults;

    #[test]
    fn labels_keys_and_hidden_memory() {
        assert!(faults("<seclabel model='dac' type='static' relabel='no'><label>1:1</label></seclabel><seclabel type='none'/>").is_empty());
        assert!(faults("<seclabel type='dynamic'><baselabel>a</baselabel></seclabel>").is_empty());
        assert!(faults("<keywrap><cipher name='aes' state='off'/></keywrap><launchSecurity type='s390-pv'/>").is_empty());
        assert!(faults("<launchSecurity type='sev' kernelHashes='yes'><policy>0x0001</policy><session/></launchSecurity>").is_empty());
        assert!(faults("<launchSecurity type='sev-snp' vcek='no'><policy>30000</policy><idAuth>a</idAuth></launchSecurity>").is_empty());
        assert!(faults("<launchSecurity type='tdx'><quoteGenerationService path='/run/qgs'/></launchSecurity>").is_empty());
        assert_eq!(faults("<seclabel type='static'/>"), ["structure-missing-element"]);
        assert_eq!(faults("<seclabel type='dynamic' relabel='no'/>"), ["structure-bad-value"]);
        assert_eq!(faults("<launchSecurity type='sev'/>"), ["structure-missing-element"]);
    }
}

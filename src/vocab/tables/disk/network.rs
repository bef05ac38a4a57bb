//! Sources of the network, by protocol.

use super::super::common::RECONNECT;
use super::super::pattern::{ABSOLUTE_PATH, COOKIE_NAME, COOKIE_VALUE, GENERIC_NAME, IP_OR_NAME, POSITIVE, U32, YES_NO};
use super::super::value::{Value, means, word};
use super::super::{Attr, Body, Drivers, EMPTY, Element, any, by_attr, case, element, maybe, once, optional, required, some};
use super::DISKS;
use super::secret::{SOURCE_AUTH, SOURCE_ENCRYPTION};
use super::source::EVERY_SOURCE;

/// `<source>` of `type='network'`.
pub static SOURCE_NETWORK: Element = element("source", "the server, and what it serves", DISKS)
    .attrs(&[required("protocol", &PROTOCOLS, "the language of the server")])
    .also(&[&EVERY_SOURCE])
    .variants(&[by_attr(
        "protocol",
        &[
            case(&["nbd"], NBD),
            case(&["rbd"], RBD),
            case(&["iscsi"], NAMED.children(&[once(&HOST), maybe(&SOURCE_AUTH), maybe(&SOURCE_ENCRYPTION), maybe(&INITIATOR)])),
            case(&["https"], WEB.children(&[maybe(&SSL), maybe(&COOKIES)]).also(&[&DOWNLOAD, &LOGIN])),
            case(&["http"], WEB.children(&[maybe(&COOKIES)]).also(&[&DOWNLOAD, &LOGIN])),
            case(&["ftps"], NAMED.children(&[maybe(&SSL)]).also(&[&DOWNLOAD, &LOGIN])),
            case(&["ftp"], NAMED.also(&[&DOWNLOAD, &LOGIN])),
            case(&["ssh"], NAMED.children(&[maybe(&KNOWN_HOSTS)]).also(&[&DOWNLOAD, &SSH_LOGIN])),
            case(&["sheepdog", "tftp"], NAMED.also(&[&DOWNLOAD])),
            case(&["gluster"], NAMED.children(&[some(&HOST), maybe(&SOURCE_ENCRYPTION)])),
            case(&["vxhs"], EMPTY.attrs(VXHS).children(&[once(&HOST)])),
            case(&["nfs"], NAMED.children(&[once(&HOST), maybe(&NFS_IDENTITY)])),
        ],
    )]);

static PROTOCOLS: Value = Value::Words(&[
    means("nbd", "network block device"),
    means("iscsi", "iSCSI").since(1, 0, 4),
    means("rbd", "Ceph"),
    means("sheepdog", "Sheepdog"),
    means("gluster", "Gluster"),
    means("vxhs", "Veritas HyperScale").since(3, 8, 0),
    means("nfs", "NFS, by the emulator itself").since(7, 0, 0),
    word("http"),
    word("https"),
    word("ftp"),
    word("ftps"),
    word("tftp"),
    word("ssh").since(9, 8, 0),
]);

const NAMED: Body = EMPTY.attrs(&[NAME]);
const NAME: Attr = required("name", &Value::Any, "what of the server: an image, a volume, a path");
const TLS: Attr = optional("tls", &YES_NO, "whether the connection is encrypted");

const WEB: Body = EMPTY.attrs(&[NAME, optional("query", &Value::Any, "the query of the address, after its `?`").since(6, 2, 0)]);

static NBD: Body = EMPTY
    .attrs(&[
        optional("name", &Value::Any, "the export of the server"),
        TLS.since(4, 5, 0),
        optional("tlsHostname", &Value::Any, "the name that the server's certificate must have").since(8, 2, 0),
    ])
    .children(&[once(&HOST), maybe(&RECONNECT), maybe(&SOURCE_ENCRYPTION)]);

static RBD: Body = EMPTY.attrs(&[optional("name", &Value::Any, "the pool and the image")]).children(&[
    any(&HOST),
    maybe(&SNAPSHOT),
    maybe(&CONFIG),
    maybe(&SOURCE_AUTH),
    maybe(&SOURCE_ENCRYPTION),
]);

static VXHS: &[Attr] = &[NAME, TLS.only(Drivers::QEMU)];

/// What goes with protocols by which an image is read in pieces.
static DOWNLOAD: Body = EMPTY.children(&[once(&HOST), maybe(&SOURCE_ENCRYPTION), maybe(&READ_AHEAD), maybe(&TIMEOUT)]);

static LOGIN: Body = EMPTY.children(&[maybe(&SOURCE_AUTH)]);
static SSH_LOGIN: Body = EMPTY.forms(&[LOGIN, EMPTY.children(&[once(&SSH_IDENTITY)])]);

static HOST: Element = element("host", "the server", DISKS)
    .attrs(&[optional("transport", &TRANSPORTS, "how it is reached: TCP where it is not said")])
    .variants(&[by_attr("transport", &[case(&["tcp", "rdma"], BY_NAME), case(&["unix"], BY_SOCKET)]).absent(&BY_NAME)]);

static TRANSPORTS: Value = Value::Words(&[word("tcp"), word("rdma"), means("unix", "a socket of the host")]);
static BY_NAME: Body = EMPTY.attrs(&[
    required("name", &IP_OR_NAME, "its name or address"),
    optional("port", &U32, "its port: that of the protocol where it is not said"),
]);
static BY_SOCKET: Body = EMPTY.attrs(&[required("socket", &ABSOLUTE_PATH, "the socket")]);

static SNAPSHOT: Element = element("snapshot", "the snapshot of the image", DISKS).since(1, 2, 11).only(Drivers::QEMU).attrs(&[required(
    "name",
    &GENERIC_NAME,
    "its name",
)]);
static CONFIG: Element = element("config", "the configuration of the client", DISKS)
    .since(1, 2, 11)
    .only(Drivers::QEMU)
    .attrs(&[required("file", &ABSOLUTE_PATH, "the file")]);

static INITIATOR: Element =
    element("initiator", "as whom the iSCSI server is asked", DISKS).since(4, 7, 0).children(&[once(&INITIATOR_NAME)]);
static INITIATOR_NAME: Element =
    element("iqn", "the qualified name of the asker", DISKS).attrs(&[required("name", &Value::Any, "the name")]);

static READ_AHEAD: Element = element("readahead", "how much is read beyond what is asked for", DISKS).since(6, 2, 0).attrs(&[required(
    "size",
    &POSITIVE,
    "the amount, in bytes",
)]);
static TIMEOUT: Element = element("timeout", "how long the server is waited for", DISKS).since(6, 2, 0).attrs(&[required(
    "seconds",
    &POSITIVE,
    "the time, in seconds",
)]);
static SSL: Element = element("ssl", "how the server proves who it is", DISKS).since(6, 2, 0).attrs(&[required(
    "verify",
    &YES_NO,
    "whether its certificate is checked",
)]);

static COOKIES: Element = element("cookies", "cookies that are sent to the server", DISKS).since(6, 2, 0).children(&[some(&COOKIE)]);
static COOKIE: Element = element("cookie", "a cookie", DISKS).attrs(&[required("name", &COOKIE_NAME, "its name")]).text(&COOKIE_VALUE);

static KNOWN_HOSTS: Element = element("knownHosts", "the hosts that SSH trusts", DISKS).since(9, 8, 0).attrs(&[required(
    "path",
    &ABSOLUTE_PATH,
    "the file that lists them",
)]);
static SSH_IDENTITY: Element = element("identity", "as whom SSH asks, by a key", DISKS)
    .attrs(&[required("username", &GENERIC_NAME, "the user").since(9, 8, 0)])
    .forms(&[
        EMPTY.attrs(&[required("keyfile", &ABSOLUTE_PATH, "the file of the key").since(9, 8, 0)]),
        EMPTY.attrs(&[required("agentsock", &ABSOLUTE_PATH, "the socket of an agent that has the key").since(9, 8, 0)]),
    ]);

static NFS_IDENTITY: Element = element("identity", "as whom NFS asks", DISKS).attrs(&[
    optional("user", &GENERIC_NAME, "the user, or `+` and a number"),
    optional("group", &GENERIC_NAME, "the group, or `+` and a number"),
]);

//! How the guest's screen is seen: windows, servers, and where they listen.

use super::pattern::{ABSOLUTE_PATH, BYTE, DATE_TIME, IP_OR_NAME, ON_OFF, PATH, PORT, YES_NO};
use super::value::{Value, means, word};
use super::{Attr, Body, Drivers, EMPTY, Element, any, by_attr, case, element, maybe, optional, required};

const CHAPTER: &str = "graphical-framebuffers";

/// `<graphics>`.
pub static GRAPHICS: Element = element("graphics", "a way to see the guest's screen", CHAPTER)
    .attrs(&[required("type", &TYPES, "the kind of way")])
    .variants(&[by_attr(
        "type",
        &[
            case(&["sdl"], SDL),
            case(&["vnc"], VNC),
            case(&["spice"], SPICE),
            case(&["dbus"], DBUS),
            case(&["rdp"], RDP),
            case(&["desktop"], EMPTY.attrs(&[DISPLAY])),
            case(&["egl-headless"], EMPTY.children(&[maybe(&HEADLESS_GL)])),
        ],
    )]);

static TYPES: Value = Value::Words(&[
    means("vnc", "a VNC server"),
    means("spice", "a SPICE server"),
    means("sdl", "a window on the host's desktop"),
    means("rdp", "an RDP server"),
    means("desktop", "a window of VirtualBox's on the host's desktop").only(Drivers::VIRTUALBOX),
    means("egl-headless", "no way to see it, but OpenGL for a `vnc` or `spice` beside it").since(4, 6, 0).only(Drivers::QEMU),
    means("dbus", "the screen on D-Bus").since(8, 4, 0).only(Drivers::QEMU),
]);

static SDL: Body = EMPTY
    .attrs(&[
        DISPLAY,
        optional("xauth", &Value::Any, "the file that allows to use the X display"),
        optional("fullscreen", &YES_NO, "whether the window fills the screen"),
    ])
    .children(&[maybe(&SDL_GL)]);

const DISPLAY: Attr = optional("display", &Value::Any, "the X display, such as `:0.0`");
const TCP_PORT: Attr = optional("port", &PORT, "the TCP port; -1 leaves it to libvirt");
const AUTOPORT: Attr = optional("autoport", &YES_NO, "whether libvirt chooses the port");
const LISTEN_ATTR: Attr = optional("listen", &IP_OR_NAME, "the address to listen at, as in the first `listen`");
const PASSWD: Attr = optional("passwd", &Value::Any, "the password; an empty one lets nobody in");
const PASSWD_VALID_TO: Attr = optional("passwdValidTo", &DATE_TIME, "the moment, in UTC, from which the password is void");
const KEYMAP: Attr = optional("keymap", &Value::Any, "the layout of the keyboard");

static VNC: Body = EMPTY
    .attrs(&[
        PASSWD,
        KEYMAP,
        PASSWD_VALID_TO,
        optional("connected", &KEEP, "what becomes of clients when the password changes").since(0, 9, 3),
    ])
    .children(&[maybe(&SERVED_AUDIO), any(&LISTEN)])
    .forms(&[
        EMPTY.attrs(&[
            TCP_PORT,
            AUTOPORT,
            optional("websocket", &PORT, "the port for clients in browsers; -1 leaves it to libvirt").since(1, 0, 6),
            LISTEN_ATTR,
            optional("sharePolicy", &SHARE_POLICIES, "whether several clients may see it at once").since(1, 0, 6),
            optional("powerControl", &YES_NO, "whether clients may shut the guest down and reset it").since(7, 1, 0),
            optional("wait", &YES_NO, "whether the guest waits for a first client before it boots").since(11, 10, 0).only(Drivers::BHYVE),
        ]),
        EMPTY.attrs(&[optional("socket", &ABSOLUTE_PATH, "a Unix socket to listen at, instead of a port").only(Drivers::QEMU)]),
    ]);

static KEEP: Value = Value::Words(&[means("keep", "they stay")]);
static SHARE_POLICIES: Value = Value::Words(&[
    means("allow-exclusive", "a client may ask to be alone; the others are dropped"),
    means("force-shared", "only clients that share are let in"),
    means("ignore", "all are let in"),
]);

static SPICE: Body = EMPTY
    .attrs(&[
        TCP_PORT,
        optional("tlsPort", &PORT, "the port for encrypted connections; -1 leaves it to libvirt"),
        AUTOPORT,
        LISTEN_ATTR,
        PASSWD,
        KEYMAP,
        PASSWD_VALID_TO,
        optional("connected", &CONNECTED, "what becomes of clients when the password changes").since(0, 9, 3),
        optional("defaultMode", &CHANNEL_MODES, "which connections channels take that say nothing").since(0, 9, 12),
    ])
    .children(&[
        any(&LISTEN),
        any(&CHANNEL),
        maybe(&element("image", "how pictures are compressed", CHAPTER).since(0, 9, 1).attrs(&[required(
            "compression",
            &IMAGE,
            "the way",
        )])),
        maybe(&element("jpeg", "whether pictures are compressed as JPEG on slow lines", CHAPTER).since(0, 9, 1).attrs(&[LOSSY])),
        maybe(&element("zlib", "whether pictures are compressed by zlib on slow lines", CHAPTER).since(0, 9, 1).attrs(&[LOSSY])),
        maybe(&element("playback", "whether sound is compressed", CHAPTER).since(0, 9, 1).attrs(&[required(
            "compression",
            &ON_OFF,
            "whether it is",
        )])),
        maybe(
            &element("streaming", "which moving parts are sent as video", CHAPTER)
                .since(0, 9, 2)
                .attrs(&[required("mode", &STREAMING, "which")]),
        ),
        maybe(&CLIPBOARD),
        maybe(&MOUSE),
        maybe(&element("filetransfer", "whether files may be dropped on the guest", CHAPTER).since(1, 2, 2).attrs(&[required(
            "enable",
            &YES_NO,
            "whether they may",
        )])),
        maybe(&SPICE_GL),
    ]);

static CONNECTED: Value = Value::Words(&[
    means("keep", "they stay"),
    means("disconnect", "they are dropped"),
    means("fail", "the password does not change while there are any"),
]);

static CHANNEL: Element = element("channel", "which connections a channel of SPICE takes", CHAPTER)
    .attrs(&[required("name", &CHANNELS, "the channel"), required("mode", &CHANNEL_MODES, "which connections")]);

static CHANNELS: Value = Value::Words(&[
    word("main"),
    word("display"),
    word("inputs"),
    word("cursor"),
    word("playback"),
    word("record"),
    word("smartcard"),
    word("usbredir").since(0, 9, 12),
]);
static CHANNEL_MODES: Value = Value::Words(&[
    means("any", "encrypted where that is possible"),
    means("secure", "encrypted ones alone"),
    means("insecure", "ones that are not encrypted"),
]);
static IMAGE: Value = Value::Words(&[word("auto_glz"), word("auto_lz"), word("quic"), word("glz"), word("lz"), means("off", "not at all")]);
static WHEN: Value = Value::Words(&[means("auto", "as the line needs it"), word("never"), word("always")]);
const LOSSY: Attr = required("compression", &WHEN, "when");
static STREAMING: Value =
    Value::Words(&[means("filter", "those that look like video"), means("all", "all that change often"), means("off", "none")]);

/// `<clipboard>` of SPICE and of its agent.
pub static CLIPBOARD: Element = element("clipboard", "whether the guest's clipboard is that of the client", CHAPTER)
    .since(0, 9, 3)
    .attrs(&[required("copypaste", &YES_NO, "whether it is")]);

/// `<mouse>` of SPICE and of its agent.
pub static MOUSE: Element =
    element("mouse", "who moves the pointer", CHAPTER).since(0, 9, 11).attrs(&[required("mode", &MOUSE_MODES, "who")]);

static MOUSE_MODES: Value = Value::Words(&[means("client", "the client, exactly"), means("server", "the guest, by the client's moves")]);

static DBUS: Body = EMPTY.children(&[maybe(&DBUS_GL), maybe(&SERVED_AUDIO)]).forms(&[
    EMPTY.attrs(&[optional("address", &PATH, "the address of the bus, instead of a private one")]),
    EMPTY.attrs(&[optional("p2p", &YES_NO, "whether clients connect through libvirt, without a bus")]),
]);

static RDP: Body = EMPTY
    .attrs(&[
        TCP_PORT,
        AUTOPORT,
        optional("replaceUser", &YES_NO, "whether a new client takes the place of the one before"),
        optional("multiUser", &YES_NO, "whether several clients may be there at once"),
        LISTEN_ATTR,
        optional("username", &Value::Any, "the name that a client must give").since(11, 1, 0).only(Drivers::QEMU),
        PASSWD.since(11, 1, 0),
    ])
    .children(&[any(&LISTEN)]);

static GL: Element = element("gl", "OpenGL for the guest's screen", CHAPTER);
const ENABLE: Attr = required("enable", &YES_NO, "whether there is OpenGL");
const RENDERNODE: Attr = optional("rendernode", &ABSOLUTE_PATH, "the DRI device of the host that draws");
static SDL_GL: Element = GL.since(4, 4, 0).attrs(&[ENABLE]);
static SPICE_GL: Element = GL.since(1, 3, 3).only(Drivers::QEMU).attrs(&[ENABLE, RENDERNODE.since(3, 1, 0)]);
static DBUS_GL: Element = GL.attrs(&[ENABLE, RENDERNODE]);
static HEADLESS_GL: Element = GL.since(5, 0, 0).attrs(&[RENDERNODE]);

/// `<audio>` of a device: which of the domain's it plays through.
pub static AUDIO: Element = element("audio", "which `audio` of the domain it plays through", "audio-backends")
    .since(6, 7, 0)
    .only(Drivers::QEMU.and(Drivers::BHYVE))
    .attrs(&[required("id", &BYTE, "the number of that `audio`")]);

/// Of servers, QEMU's alone carry sound.
static SERVED_AUDIO: Element = AUDIO.since(7, 2, 0).only(Drivers::QEMU);

static LISTEN: Element = element("listen", "where the server listens", CHAPTER)
    .since(0, 9, 4)
    .attrs(&[required("type", &LISTENS, "the kind of place")])
    .variants(&[by_attr(
        "type",
        &[
            case(&["address"], EMPTY.attrs(&[LISTEN_ADDRESS])),
            case(&["network"], EMPTY.attrs(&[required("network", &Value::Any, "the network"), LISTEN_ADDRESS])),
            case(&["socket"], EMPTY.attrs(&[optional("socket", &ABSOLUTE_PATH, "the socket; libvirt makes one where it is left out")])),
        ],
    )]);

const LISTEN_ADDRESS: Attr = optional("address", &IP_OR_NAME, "the address or the name of the host");

static LISTENS: Value = Value::Words(&[
    means("address", "an address of the host"),
    means("network", "the host's address in a network of libvirt's"),
    means("socket", "a Unix socket").since(2, 0, 0).only(Drivers::QEMU),
    means("none", "nowhere: clients come through libvirt").since(2, 0, 0).only(Drivers::QEMU),
]);

#[cfg(test)]
mod tests {
    use super::super::devices::faults;

    #[test]
    fn every_type_with_what_it_takes() {
        assert!(faults("<graphics type='sdl' display=':0.0' xauth='/a' fullscreen='no'><gl enable='yes'/></graphics>").is_empty());
        assert!(faults("<graphics type='vnc' port='-1' autoport='yes' passwd='' passwdValidTo='2010-04-09T15:51:00'><listen type='none'/><audio id='1'/></graphics>").is_empty());
        assert!(faults("<graphics type='vnc' socket='/run/a' keymap='de'><listen type='socket' socket='/run/a'/></graphics>").is_empty());
        assert!(faults("<graphics type='spice' tlsPort='5901'><channel name='main' mode='secure'/><jpeg compression='auto'/><gl enable='no' rendernode='/dev/dri/renderD128'/></graphics>").is_empty());
        assert!(
            faults(
                "<graphics type='dbus' p2p='yes'/><graphics type='dbus' address='unix:path=/a'/><graphics type='desktop' display=':1'/>"
            )
            .is_empty()
        );
        assert!(faults("<graphics type='rdp' multiUser='yes'><listen type='network' network='n'/></graphics><graphics type='egl-headless'><gl/></graphics>").is_empty());
    }

    #[test]
    fn what_belongs_to_another_type() {
        assert_eq!(faults("<graphics type='vnc' tlsPort='5901'/>"), ["structure-unknown-attribute"]);
        assert_eq!(faults("<graphics type='vnc' socket='/run/a' port='5900'/>"), ["structure-unknown-attribute"]);
        assert_eq!(faults("<graphics type='vnc'><streaming mode='all'/></graphics>"), ["structure-misplaced-element"]);
        assert_eq!(faults("<graphics type='spice' passwdValidTo='2010-04-31T15:51:00'><image compression='zip'/></graphics>").len(), 2);
        assert_eq!(faults("<graphics port='5900'><gl enable='yes'/></graphics>"), ["structure-missing-attribute"]);
        assert_eq!(faults("<graphics tpye='dbus'/>"), ["structure-unknown-attribute"]);
        assert_eq!(faults("<graphics type='dbus' p2p='yes' address='a'/>"), ["structure-unknown-attribute"]);
        assert_eq!(faults("<graphics type='spice'><listen address='::1'/></graphics>"), ["structure-missing-attribute"]);
    }
}

//! Character devices: what the guest sees, a port, a console or a channel, and what the host does with it.

use super::common::{ACPI_INDEX, ADDRESS, ALIAS, DEVICE_SECLABEL, RECONNECT};
use super::graphics::{CLIPBOARD, MOUSE};
use super::pattern::{ABSOLUTE_FOLDER, ABSOLUTE_PATH, ON_OFF, YES_NO};
use super::value::{Value, means, word};
use super::{Attr, Body, Child, Drivers, EMPTY, Element, any, by_attr, case, element, maybe, once, optional, required};

const CHAPTER: &str = "consoles-serial-parallel-channel-devices";
const HOST: &str = "host-interface";

/// What the host does with a character device: what serial ports, smart cards, random numbers and others have.
pub static HOST_SIDE: Body =
    EMPTY.attrs(&[required("type", &HOST_SIDES, "what the host does with it")]).children(&[any(&SOURCE), maybe(&PROTOCOL), maybe(&LOG)]);

static HOST_SIDES: Value = Value::Words(&[
    means("pty", "a terminal of the host's, as for `virsh console`"),
    means("dev", "a character device of the host's"),
    means("file", "a file that is only written to"),
    means("pipe", "a named pipe"),
    means("stdio", "the log of the domain, and no input"),
    means("null", "nothing: what is written is gone"),
    means("vc", "a text screen beside the graphical one"),
    means("tcp", "a TCP connection, made or waited for"),
    means("udp", "UDP packets, one `source` for each direction"),
    means("unix", "a Unix socket, connected to or waited at"),
    means("spicevmc", "a channel of SPICE for its own purposes"),
    means("spiceport", "a channel of SPICE with a name").since(1, 2, 2),
    means("nmdm", "a pair of terminals of FreeBSD's").since(1, 2, 4).only(Drivers::BHYVE),
    means("qemu-vdagent", "QEMU itself, as the agent of SPICE").since(8, 4, 0).only(Drivers::QEMU),
    means("dbus", "a device on D-Bus"),
]);

/// `<source>` of a character device. The schema takes every attribute with every type.
pub static SOURCE: Element = element("source", "where the host finds it", HOST)
    .attrs(&[
        optional("mode", &MODES, "whether it calls or waits"),
        optional("path", &Value::Any, "the file, device, pipe, terminal or socket of the host"),
        optional("host", &Value::Any, "the host to connect to, or the address to wait at"),
        optional("service", &Value::Any, "the port, or its name"),
        optional("channel", &Value::Any, "the name of a `spiceport`, or of a device on D-Bus").since(1, 2, 2),
        optional("master", &Value::Any, "the end of a `nmdm` that the guest has").since(1, 2, 4).only(Drivers::BHYVE),
        optional("slave", &Value::Any, "the end of a `nmdm` that others connect to").since(1, 2, 4).only(Drivers::BHYVE),
        optional("append", &ON_OFF, "`on` keeps what a file holds from earlier starts").since(1, 3, 1),
        optional("tls", &YES_NO, "whether a TCP connection is encrypted").since(2, 4, 0),
    ])
    .children(&[maybe(&CONNECTED_AGAIN), any(&DEVICE_SECLABEL), maybe(&AGENT_CLIPBOARD), maybe(&AGENT_MOUSE)]);

static CONNECTED_AGAIN: Element = RECONNECT.since(3, 7, 0).only(Drivers::QEMU);
static AGENT_CLIPBOARD: Element = CLIPBOARD.since(8, 4, 0);
static AGENT_MOUSE: Element = MOUSE.since(8, 4, 0);

static MODES: Value = Value::Either(&[&ENDS, &Value::Any]);
static ENDS: Value = Value::Words(&[means("bind", "waits at a socket or address"), means("connect", "calls a socket or host")]);

/// `<protocol>` of a character device.
pub static PROTOCOL: Element =
    element("protocol", "what is spoken over TCP", "tcp-client-server").attrs(&[optional("type", &PROTOCOLS, "the protocol")]);

static PROTOCOLS: Value = Value::Words(&[
    means("raw", "the bytes as they are"),
    means("telnet", "telnet, with its escapes"),
    means("telnets", "telnet, encrypted"),
    means("tls", "encrypted"),
]);

/// `<log>` of a character device.
pub static LOG: Element = element("log", "a file that gets a copy of all output", HOST)
    .since(1, 3, 3)
    .attrs(&[required("file", &ABSOLUTE_PATH, "the file"), optional("append", &ON_OFF, "`on` keeps what it holds from earlier starts")]);

const TTY: Attr = optional("tty", &ABSOLUTE_PATH, "the terminal of the host; libvirt writes it");

/// `<serial>`.
pub static SERIAL: Element = element("serial", "a serial port", "serial-port").also(&[&PORT]);
/// `<parallel>`.
pub static PARALLEL: Element = element("parallel", "a parallel port", "parallel-port").also(&[&PORT]);
/// `<console>`.
pub static CONSOLE: Element = element("console", "a text console", "console").forms(&[PORT, EMPTY.attrs(&[TTY])]);

static PORT: Body = EMPTY.attrs(&[TTY]).children(&[maybe(&TARGET), maybe(&ALIAS), maybe(&ACPI_INDEX), maybe(&ADDRESS)]).also(&[&HOST_SIDE]);

/// `<target>` of a port or a console. The schema takes the types of ports for consoles, and those of consoles for ports.
pub static TARGET: Element = element("target", "what the guest sees", CHAPTER)
    .attrs(&[optional("type", &TARGETS, "the kind of port or console"), optional("port", &Value::Any, "its number, from 0")])
    .children(&[maybe(&MODEL)]);

static TARGETS: Value = Value::Either(&[&CONSOLES, &SERIALS]);
static CONSOLES: Value = Value::Words(&[
    means("serial", "the first serial port, seen as a console"),
    means("virtio", "a virtio console"),
    means("xen", "a console of Xen's").only(Drivers::XEN),
    means("lxc", "a console of a container").only(Drivers::LXC),
    means("openvz", "a console of OpenVZ's").only(Drivers::OPENVZ),
    means("sclp", "a console of s390, as it was called before").only(Drivers::QEMU),
    means("sclplm", "a line-mode console of s390, as it was called before").only(Drivers::QEMU),
    means("uml", "a console of User Mode Linux; nothing runs it now"),
]);
static SERIALS: Value = Value::Words(&[
    means("isa-serial", "the serial port of x86 machines").since(1, 0, 2),
    means("usb-serial", "a serial port on USB").since(1, 0, 2),
    means("pci-serial", "a serial port on PCI").since(1, 0, 2),
    means("spapr-vio-serial", "the serial port of pSeries machines").since(3, 10, 0),
    means("system-serial", "the serial port that is part of an ARM or RISC-V machine").since(3, 10, 0),
    means("sclp-serial", "the console of s390").since(3, 10, 0),
    means("isa-debug", "the port at which firmware writes its messages").since(8, 1, 0),
]);

static MODEL: Element = element("model", "the device that it is; libvirt chooses by the type", "serial-port")
    .since(3, 10, 0)
    .attrs(&[required("name", &MODELS, "its name")]);

static MODELS: Value = Value::Words(&[
    means("isa-serial", "for `isa-serial`"),
    means("usb-serial", "for `usb-serial`"),
    means("pci-serial", "for `pci-serial`"),
    means("spapr-vty", "for `spapr-vio-serial`"),
    means("pl011", "for `system-serial` on ARM"),
    means("16550a", "for `system-serial` on RISC-V").since(4, 7, 0),
    means("sclpconsole", "for `sclp-serial`"),
    means("sclplmconsole", "for `sclp-serial`, by lines"),
    means("isa-debugcon", "for `isa-debug`").since(8, 1, 0),
]);

/// `<channel>`.
pub static CHANNEL: Element = element("channel", "a private line between the host and the guest", "channel")
    .children(&[once(&CHANNEL_TARGET), maybe(&ALIAS), maybe(&ADDRESS)])
    .also(&[&HOST_SIDE]);

static CHANNEL_TARGET: Element =
    element("target", "what the guest sees", "channel").attrs(&[required("type", &CHANNELS, "the kind of channel")]).variants(&[by_attr(
        "type",
        &[
            case(
                &["guestfwd"],
                EMPTY.attrs(&[
                    required("address", &Value::Any, "the address in the guest's network"),
                    required("port", &Value::Any, "the port there"),
                ]),
            ),
            case(
                &["virtio"],
                EMPTY.attrs(&[
                    optional("name", &Value::Any, "the name, by which programs of the guest find it"),
                    optional("state", &STATES, "whether a program of the guest has it open; libvirt writes it").since(1, 2, 11),
                ]),
            ),
            case(&["xen"], EMPTY.attrs(&[optional("name", &Value::Any, "the name, by which programs of the guest find it")])),
        ],
    )]);

static CHANNELS: Value = Value::Words(&[
    means("virtio", "a port of a virtio-serial controller"),
    means("guestfwd", "TCP connections of the guest to one address and port"),
    means("xen", "a channel of Xen's").since(2, 3, 0).only(Drivers::XEN),
]);
static STATES: Value = Value::Words(&[word("connected"), word("disconnected")]);

/// `<smartcard>`.
pub static SMARTCARD: Element = element("smartcard", "a smart card in a USB reader", "smartcard-devices")
    .attrs(&[required("mode", &SMARTCARDS, "where its credentials come from")])
    .children(&[maybe(&ACPI_INDEX), maybe(&ADDRESS)])
    .variants(&[by_attr(
        "mode",
        &[
            case(&["host-certificates"], EMPTY.children(&[Child { element: &CERTIFICATE, least: 3, most: 3 }, maybe(&DATABASE)])),
            case(&["passthrough"], EMPTY.children(&[maybe(&TARGET)]).also(&[&HOST_SIDE])),
        ],
    )]);

static SMARTCARDS: Value = Value::Words(&[
    means("host", "the card in the host's reader"),
    means("host-certificates", "three certificates of the host's"),
    means("passthrough", "a program at the other end of a character device"),
]);
static CERTIFICATE: Element = element("certificate", "the name of a certificate", "smartcard-devices").text(&Value::Any);
static DATABASE: Element =
    element("database", "the folder of the certificates, /etc/pki/nssdb where it is left out", "smartcard-devices").text(&ABSOLUTE_FOLDER);

#[cfg(test)]
mod tests {
    use super::super::devices::faults;

    #[test]
    fn ports_and_consoles() {
        assert!(faults("<serial type='pty'><source path='/dev/pts/3'/><target type='isa-serial' port='0'><model name='isa-serial'/></target></serial>").is_empty());
        assert!(
            faults("<serial type='udp'><source mode='bind' service='1'/><source mode='connect' host='h' service='2'/></serial>").is_empty()
        );
        assert!(faults("<parallel type='file'><source path='/f' append='on'><seclabel model='dac' relabel='no'/></source><log file='/l'/></parallel>").is_empty());
        assert!(
            faults("<console/><console tty='/dev/pts/1'/><console type='pty' tty='/dev/pts/1'><target type='virtio'/></console>")
                .is_empty()
        );
        assert_eq!(faults("<serial type='ptty'><target type='isa'/></serial>"), ["structure-bad-value", "structure-bad-value"]);
        assert_eq!(faults("<console><target type='serial'/></console>"), ["structure-missing-attribute"]);
        assert_eq!(faults("<serial type='tcp'><source><reconnect/></source><protocol kind='raw'/></serial>").len(), 2);
    }

    #[test]
    fn channels_and_smart_cards() {
        assert!(faults("<channel type='unix'><target type='virtio' name='org.qemu.guest_agent.0'/></channel>").is_empty());
        assert!(faults("<channel type='qemu-vdagent'><source><clipboard copypaste='yes'/><mouse mode='client'/></source><target type='virtio'/></channel>").is_empty());
        assert_eq!(faults("<channel type='unix'/>"), ["structure-missing-element"]);
        assert_eq!(faults("<channel type='unix'><target type='guestfwd' address='10.0.2.1'/></channel>"), ["structure-missing-attribute"]);
        assert_eq!(faults("<channel type='unix'><target type='xen' state='connected'/></channel>"), ["structure-unknown-attribute"]);
        assert!(
            faults("<smartcard mode='passthrough' type='spicevmc'><address type='ccid' controller='0' slot='0'/></smartcard>").is_empty()
        );
        let certificate = "<certificate>c</certificate>";
        let card = |count| faults(&format!("<smartcard mode='host-certificates'>{}</smartcard>", certificate.repeat(count)));
        assert!(card(3).is_empty());
        assert_eq!(card(2), ["structure-missing-element"]);
        assert_eq!(card(4), ["structure-repeated-element"]);
    }
}

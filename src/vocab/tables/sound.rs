//! Sound cards, and where the host plays what they play.

use super::common::{ACPI_INDEX, ADDRESS, ALIAS, VIRTIO};
use super::graphics::AUDIO as BACKEND;
use super::pattern::{BYTE, DEVICE_NAME, DWORD, INT, PATH, YES_NO};
use super::value::{Value, means, word};
use super::{Attr, Body, Drivers, EMPTY, Element, any, by_attr, case, element, maybe, optional, required};

const CHAPTER: &str = "sound-devices";
const BACKENDS: &str = "audio-backends";

/// `<sound>`.
pub static SOUND: Element = element("sound", "a sound card", CHAPTER)
    .attrs(&[
        required("model", &MODELS, "the card that the guest sees"),
        optional("multichannel", &YES_NO, "whether a `usb` card has more than two channels").since(9, 4, 0),
        optional("streams", &DWORD, "how many streams a `virtio` card has").since(10, 4, 0).only(Drivers::QEMU),
    ])
    .children(&[
        maybe(&ALIAS),
        maybe(&ACPI_INDEX),
        maybe(&ADDRESS),
        maybe(&BACKEND),
        any(&CODEC),
        maybe(&element("driver", "options of virtio", CHAPTER).since(10, 4, 0).attrs(VIRTIO)),
    ]);

static MODELS: Value = Value::Words(&[
    means("ich9", "Intel HDA of ICH9").since(1, 1, 3),
    means("ich6", "Intel HDA of ICH6"),
    means("ich7", "Intel HDA of ICH7").since(6, 7, 0).only(Drivers::BHYVE),
    means("ac97", "Intel AC'97"),
    means("es1370", "Ensoniq AudioPCI"),
    means("sb16", "Sound Blaster 16"),
    means("usb", "a sound card on USB").since(1, 2, 8),
    means("virtio", "virtio").since(10, 4, 0).only(Drivers::QEMU),
    means("pcspk", "the speaker of the PC"),
]);

static CODEC: Element =
    element("codec", "a codec of an Intel HDA card", CHAPTER).since(0, 9, 13).attrs(&[required("type", &CODECS, "its kind")]);

static CODECS: Value = Value::Words(&[
    means("duplex", "a line in and a line out"),
    means("micro", "a microphone and a speaker"),
    means("output", "a line out").since(4, 4, 0),
]);

/// `<audio>` of a domain.
pub static AUDIO: Element = element("audio", "where the host plays what sound cards play", BACKENDS)
    .since(6, 7, 0)
    .only(Drivers::QEMU.and(Drivers::BHYVE))
    .attrs(&[
        required("id", &BYTE, "its number, from 1, by which cards name it"),
        optional("timerPeriod", &DWORD, "microseconds between two turns of its timer"),
        required("type", &TYPES, "what plays it"),
    ])
    .variants(&[by_attr(
        "type",
        &[
            case(&["none", "spice", "dbus"], PLAIN),
            case(&["alsa"], ALSA),
            case(&["coreaudio"], COREAUDIO),
            case(&["jack"], JACK),
            case(&["oss"], OSS),
            case(&["pipewire"], PIPEWIRE),
            case(&["pulseaudio"], PULSEAUDIO),
            case(&["sdl"], SDL),
            case(&["file"], FILE),
        ],
    )]);

static TYPES: Value = Value::Words(&[
    means("none", "nothing of the host; a VNC client may hear it").since(7, 2, 0).only(Drivers::QEMU),
    means("alsa", "ALSA").since(7, 2, 0).only(Drivers::QEMU),
    means("coreaudio", "Core Audio of macOS").since(7, 2, 0).only(Drivers::QEMU),
    means("dbus", "D-Bus, for a display there").since(8, 4, 0).only(Drivers::QEMU),
    means("jack", "JACK").since(7, 2, 0).only(Drivers::QEMU),
    means("oss", "OSS"),
    means("pipewire", "PipeWire").since(9, 10, 0).only(Drivers::QEMU),
    means("pulseaudio", "PulseAudio").since(7, 2, 0).only(Drivers::QEMU),
    means("sdl", "SDL").since(7, 2, 0).only(Drivers::QEMU),
    means("spice", "the client of SPICE").since(7, 2, 0).only(Drivers::QEMU),
    means("file", "a file that records it").since(7, 2, 0).only(Drivers::QEMU),
]);

static SHARED: Body = EMPTY
    .attrs(&[
        optional("mixingEngine", &YES_NO, "whether the host converts between formats and rates"),
        optional("fixedSettings", &YES_NO, "whether it converts to what `settings` says"),
        optional("voices", &DWORD, "how many voices there are"),
        optional("bufferLength", &DWORD, "the length of the buffer in microseconds"),
    ])
    .children(&[maybe(&SETTINGS)]);

static SETTINGS: Element = element("settings", "what the host plays or records with", BACKENDS).attrs(&[
    optional("frequency", &DWORD, "the rate in Hz"),
    optional("channels", &DWORD, "how many channels"),
    optional("format", &FORMATS, "the format of a sample"),
]);

static FORMATS: Value = Value::Words(&[word("s8"), word("u8"), word("s16"), word("u16"), word("s32"), word("u32"), word("f32")]);

static INPUT: Element = element("input", "how the host records", BACKENDS).also(&[&SHARED]);
static OUTPUT: Element = element("output", "how the host plays", BACKENDS).also(&[&SHARED]);

static PLAIN: Body = EMPTY.children(&[maybe(&INPUT), maybe(&OUTPUT)]);

const BUFFER_COUNT: Attr = optional("bufferCount", &DWORD, "how many buffers there are");

static ALSA: Body = EMPTY.children(&[maybe(&INPUT.attrs(ALSA_SIDE)), maybe(&OUTPUT.attrs(ALSA_SIDE))]);
static ALSA_SIDE: &[Attr] = &[optional("dev", &PATH, "the device of ALSA")];

static COREAUDIO: Body = EMPTY.children(&[maybe(&INPUT.attrs(BUFFERED_SIDE)), maybe(&OUTPUT.attrs(BUFFERED_SIDE))]);
static BUFFERED_SIDE: &[Attr] = &[BUFFER_COUNT];

static JACK: Body = EMPTY.children(&[maybe(&INPUT.attrs(JACK_SIDE)), maybe(&OUTPUT.attrs(JACK_SIDE))]);
static JACK_SIDE: &[Attr] = &[
    optional("serverName", &Value::Any, "the server of JACK"),
    optional("clientName", &Value::Any, "the name that the guest has there"),
    optional("connectPorts", &Value::Any, "a pattern of the ports to connect to"),
    optional("exactName", &YES_NO, "whether the server may not change the name"),
];

static OSS: Body = EMPTY
    .attrs(&[
        optional("tryMMap", &YES_NO, "whether to try to map the device's memory"),
        optional("exclusive", &YES_NO, "whether nobody else may use the device"),
        optional("dspPolicy", &INT, "from -1 to 10: the smaller, the quicker and the more work"),
    ])
    .children(&[maybe(&INPUT.attrs(OSS_SIDE)), maybe(&OUTPUT.attrs(OSS_SIDE))]);
static OSS_SIDE: &[Attr] = &[
    optional("dev", &DEVICE_NAME, "the device of OSS"),
    BUFFER_COUNT,
    optional("tryPoll", &YES_NO, "whether to try to wait for the device"),
];

static PIPEWIRE: Body = EMPTY
    .attrs(&[optional("runtimeDir", &PATH, "the folder of PipeWire's socket").since(9, 10, 0)])
    .children(&[maybe(&INPUT.attrs(STREAM_SIDE)), maybe(&OUTPUT.attrs(STREAM_SIDE))]);
static PULSEAUDIO: Body = EMPTY
    .attrs(&[optional("serverName", &Value::Any, "the host of PulseAudio")])
    .children(&[maybe(&INPUT.attrs(STREAM_SIDE)), maybe(&OUTPUT.attrs(STREAM_SIDE))]);
static STREAM_SIDE: &[Attr] = &[
    optional("name", &Value::Any, "the sink or source"),
    optional("streamName", &Value::Any, "the name that the guest has there"),
    optional("latency", &DWORD, "the wanted delay in microseconds"),
];

static SDL: Body = EMPTY
    .attrs(&[optional("driver", &SDL_DRIVERS, "what SDL plays through")])
    .children(&[maybe(&INPUT.attrs(BUFFERED_SIDE)), maybe(&OUTPUT.attrs(BUFFERED_SIDE))]);
static SDL_DRIVERS: Value = Value::Words(&[word("esd"), word("alsa"), word("arts"), word("pulseaudio")]);

static FILE: Body = PLAIN.attrs(&[optional("path", &PATH, "the file")]);

#[cfg(test)]
mod tests {
    use super::super::devices::faults;

    #[test]
    fn cards_and_backends() {
        assert!(faults("<sound model='ich9'><codec type='micro'/><codec type='output'/><audio id='1'/></sound>").is_empty());
        assert!(
            faults("<audio id='1' type='none'/><audio id='2' type='oss' dspPolicy='-1'><input dev='/dev/dsp0' tryPoll='yes'/></audio>")
                .is_empty()
        );
        assert!(faults("<audio id='1' type='pulseaudio' serverName='h'><output latency='9'><settings frequency='44100' format='s16'/></output></audio>").is_empty());
        assert!(
            faults("<audio id='1' type='pipewire' runtimeDir='/run'><input name='a'/></audio><audio id='2' type='file' path='a.wav'/>")
                .is_empty()
        );
        assert_eq!(faults("<sound model='ich10'/><sound/>"), ["structure-bad-value", "structure-missing-attribute"]);
        assert_eq!(faults("<audio id='1' type='alsa' serverName='h'><input latency='9'/></audio>").len(), 2);
        assert_eq!(faults("<audio id='256' type='jack'><output><settings format='s24'/></output></audio>").len(), 2);
    }
}

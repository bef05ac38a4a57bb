//! `<audio>`, and what plays through it.

use super::{function, rows};
use crate::rules::{Facts, Findings, Kind, Mend, Refused, Rule, page, unsigned};
use crate::text::sort_by_key;
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#audio-backends";
const SOUND: &str = "https://libvirt.org/formatdomain.html#sound-devices";
const ON: &[&str] = &["domain/devices/sound/audio", "domain/devices/graphics/audio"];

const SIDES: &[&str] = &[
    "domain/devices/audio/input",
    "domain/devices/audio/output",
    "domain/devices/audio/input/settings",
    "domain/devices/audio/output/settings",
];

/// The rules.
pub const RULES: &[Rule] = &[
    function("audio-missing", page!("audio-missing.md"), &[], ON, missing, DOCS),
    function("audio-id-duplicate", page!("audio-id-duplicate.md"), &[], &["domain[devices/audio[2]]"], repeated, DOCS),
    rows("audio-id-zero", page!("audio-id-zero.md"), ZERO, &["domain/devices/audio"], DOCS),
    rows("audio-settings-unfit", page!("audio-settings-unfit.md"), SETTINGS, SIDES, DOCS),
    rows("sound-model-unfit", page!("sound-model-unfit.md"), MODEL, &["domain/devices/sound"], SOUND),
];

/// The backend of an id.
fn backend<'a>(facts: &Facts<'a>, id: &str) -> Option<Node<'a>> {
    let id = unsigned(id);
    facts.whole.all(Kind::Audio).find(|audio| audio.value("id").and_then(unsigned) == id)
}

/// Graphics on D-Bus may name one that is not there, but none of another kind.
fn missing(facts: &Facts, node: Node, findings: &mut Findings) {
    let (Some(id), Some(user)) = (node.attr("id").filter(|_| facts.qemu()), node.parent()) else { return };
    let kind = user.value("type").filter(|_| user.name() == "graphics");
    if kind.is_some_and(|kind| !matches!(kind, "vnc" | "dbus")) || unsigned(id.value()).is_none() {
        return;
    }
    let span = id.value_span();
    match backend(facts, id.value()) {
        None if kind != Some("dbus") => {
            findings.at(span, format!("no `<audio>` has the id `{}`", id.value()));
        }
        Some(audio) if kind == Some("dbus") && audio.value("type") != Some("dbus") => {
            findings
                .at(span, "graphics on D-Bus play through an `<audio>` of type `dbus`, and this is another")
                .related(audio.name_span(), "the audio");
        }
        _ => {}
    }
}

fn repeated(facts: &Facts, _: Node, findings: &mut Findings) {
    let audios = facts.whole.all(Kind::Audio);
    if !facts.qemu() {
        return;
    }
    let mut ids: Vec<_> = audios.filter_map(|audio| audio.attr("id").and_then(|id| Some((unsigned(id.value())?, id)))).collect();
    sort_by_key(&mut ids, |(id, attr)| (*id, attr.value_span().start));
    for pair in ids.windows(2) {
        if let [(first, one), (second, other)] = pair
            && first == second
        {
            findings
                .at(other.value_span(), format!("another `<audio>` has the id {first} already"))
                .related(one.value_span(), "the first one");
        }
    }
}

const ZERO: &[Refused] = &[Refused { attr: "id", when: zero, why: "the ids of `<audio>` begin at 1, this is {}", mend: Mend::No }];

const SETTINGS: &[Refused] = &[
    Refused {
        attr: "fixedSettings",
        when: |_, node, fixed| fixed == "yes" && node.value("mixingEngine") != Some("yes"),
        why: "fixed settings need `mixingEngine='yes'`: QEMU's own engine makes them so",
        mend: Mend::Also("mixingEngine", "yes"),
    },
    Refused {
        attr: "",
        when: |_, node, _| node.child("settings").is_some() && node.value("fixedSettings") != Some("yes"),
        why: "`<settings>` counts only with `fixedSettings='yes'`",
        mend: Mend::No,
    },
    Refused { attr: "voices", when: zero, why: "there is no sound without a voice: {} is refused", mend: Mend::Remove },
    Refused { attr: "bufferLength", when: zero, why: "a buffer of {} microseconds is none", mend: Mend::Remove },
    Refused { attr: "frequency", when: zero, why: "a frequency of {} is none", mend: Mend::Remove },
    Refused { attr: "channels", when: zero, why: "{} channels play nothing", mend: Mend::Remove },
];

fn zero(_: &Facts, _: Node, number: &str) -> bool {
    unsigned(number) == Some(0)
}

const MODEL: &[Refused] =
    &[Refused { attr: "model", when: |_, _, model| model == "ich7", why: "QEMU has no sound card `{}`", mend: Mend::Set("ich9") }];

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    #[test]
    fn sound_through_a_backend_that_is_not_there() {
        let fixture = r#"
<sound model='ich9'>
  <audio id='2'/>
             ^ error[audio-missing]: no `<audio>` has the id `2`
</sound>
<audio id='1' type='none'/>
"#;
        check_in("kvm-q35", "devices", &["audio-missing"], fixture);
    }

    #[test]
    fn graphics_name_a_backend_too() {
        let fixture = r#"
<graphics type='vnc'>
  <audio id='5'/>
             ^ error[audio-missing]: no `<audio>` has the id `5`
</graphics>
<graphics type='dbus'>
  <audio id='1'/>
             ^ error[audio-missing]: graphics on D-Bus play through an `<audio>` of type `dbus`, and this is another
</graphics>
<graphics type='dbus'>
  <audio id='7'/>
</graphics>
<audio id='1' type='none'/>
"#;
        check_in("kvm-q35", "devices", &["audio-missing"], fixture);
    }

    #[test]
    fn two_audio_backends_with_the_same_id() {
        let fixture = r#"
<audio id='1' type='none'/>
<audio id='1' type='pulseaudio'/>
           ^ error[audio-id-duplicate]: another `<audio>` has the id 1 already
"#;
        check_in("kvm-q35", "devices", &["audio-id-duplicate"], fixture);
    }

    #[test]
    fn the_id_of_an_audio_backend_is_zero() {
        let fixture = r#"
<audio id='0' type='none'/>
           ^ error[audio-id-zero]: the ids of `<audio>` begin at 1, this is 0
"#;
        check_in("kvm-q35", "devices", &["audio-id-zero"], fixture);
    }

    #[test]
    fn audio_settings_that_do_not_fit_together() {
        let fixture = r#"
<audio id='1' type='none'>
  <output fixedSettings='yes'>
                         ^^^ error[audio-settings-unfit]: fixed settings need `mixingEngine='yes'`: QEMU's own engine makes them so
                         | fix: Write `mixingEngine='yes'` (changes guest)
    <settings frequency='44100' channels='2' format='s16'/>
  </output>
</audio>
"#;
        check_in("kvm-q35", "devices", &["audio-settings-unfit"], fixture);
        let mended = mended_in("kvm-q35", "devices", "audio-settings-unfit", fixture);
        assert_eq!(mended, "- <output fixedSettings='yes'>\n+ <output fixedSettings='yes' mixingEngine='yes'>");
    }

    #[test]
    fn settings_alone_and_zeros_are_refused() {
        let fixture = r#"
<audio id='1' type='none'>
  <input>
   ^^^^^ error[audio-settings-unfit]: `<settings>` counts only with `fixedSettings='yes'`
    <settings frequency='44100' channels='2' format='s16'/>
  </input>
  <output voices='0'/>
                  ^ error[audio-settings-unfit]: there is no sound without a voice: 0 is refused
                  | fix: Remove `voices` (changes guest)
</audio>
<audio id='2' type='none'>
  <output mixingEngine='yes' fixedSettings='yes'>
    <settings frequency='44100' channels='0' format='s16'/>
                                          ^ error[audio-settings-unfit]: 0 channels play nothing
                                          | fix: Remove `channels` (changes guest)
  </output>
</audio>
"#;
        check_in("kvm-q35", "devices", &["audio-settings-unfit"], fixture);
    }

    #[test]
    fn a_sound_card_that_qemu_does_not_have() {
        let fixture = r#"
<sound model='ich7'/>
              ^^^^ error[sound-model-unfit]: QEMU has no sound card `ich7`
              | fix: Use ich9 (changes guest)
"#;
        check_in("kvm-q35", "devices", &["sound-model-unfit"], fixture);
        let mended = mended_in("kvm-q35", "devices", "sound-model-unfit", fixture);
        assert_eq!(mended, "- <sound model='ich7'/>\n+ <sound model='ich9'/>");
    }

    #[test]
    fn it_is_fine_without_sound_through_a_backend_that_is_not_there() {
        let fixture = r#"
<sound model='ich9'>
  <audio id='1'/>
</sound>
<audio id='1' type='none'/>
"#;
        check_in("kvm-q35", "devices", &["audio-missing"], fixture);
    }

    #[test]
    fn it_is_fine_without_two_audio_backends_with_the_same_id() {
        let fixture = r#"
<audio id='1' type='none'/>
<audio id='2' type='pulseaudio'/>
"#;
        check_in("kvm-q35", "devices", &["audio-id-duplicate"], fixture);
    }

    #[test]
    fn it_is_fine_without_the_id_of_an_audio_backend_is_zero() {
        let fixture = r#"
<audio id='1' type='none'/>
"#;
        check_in("kvm-q35", "devices", &["audio-id-zero"], fixture);
    }

    #[test]
    fn it_is_fine_without_audio_settings_that_do_not_fit_together() {
        let fixture = r#"
<audio id='1' type='none'>
  <output mixingEngine='yes' fixedSettings='yes'>
    <settings frequency='44100' channels='2' format='s16'/>
  </output>
</audio>
"#;
        check_in("kvm-q35", "devices", &["audio-settings-unfit"], fixture);
    }

    #[test]
    fn it_is_fine_without_a_sound_card_that_qemu_does_not_have() {
        let fixture = r#"
<sound model='ich9'/>
"#;
        check_in("kvm-q35", "devices", &["sound-model-unfit"], fixture);
    }
}

//! The guest's clock and its timers.

use super::pattern::{DELTA, TIMEZONE, U32, U64, YES_NO};
use super::value::{Value, means, word};
use super::{Attr, Body, Drivers, EMPTY, Element, any, by_attr, case, element, maybe, optional, required};

const CHAPTER: &str = "time-keeping";

/// `<clock>`.
pub static CLOCK: Element = element("clock", "what time the guest's hardware clock shows", CHAPTER)
    .attrs(&[required("offset", &OFFSETS, "what it is set by at the start")])
    .children(&[any(&TIMER)])
    .variants(&[by_attr(
        "offset",
        &[
            case(
                &["utc", "localtime"],
                EMPTY.attrs(&[optional("adjustment", &DELTA_OR_RESET, "seconds beside it, kept from start to start").since(0, 9, 11)]),
            ),
            case(&["timezone"], EMPTY.attrs(&[optional("timezone", &TIMEZONE, "the zone")])),
            case(
                &["variable"],
                EMPTY.attrs(&[
                    optional("adjustment", &DELTA, "seconds beside the basis"),
                    optional("basis", &BASES, "what the seconds count from").since(0, 9, 11),
                ]),
            ),
            case(&["absolute"], EMPTY.attrs(&[required("start", &U64, "seconds since 1970")])),
        ],
    )]);

static OFFSETS: Value = Value::Words(&[
    means("utc", "UTC"),
    means("localtime", "the host's time zone, as Windows expects it"),
    means("timezone", "a named time zone"),
    means("variable", "what the guest set last time"),
    means("absolute", "always the same moment").since(8, 4, 0),
]);

static DELTA_OR_RESET: Value = Value::Either(&[&DELTA, &RESET]);

static RESET: Value = Value::Words(&[means("reset", "set anew at each start")]);

static BASES: Value = Value::Words(&[word("utc"), word("localtime")]);

static TIMER: Element = element("timer", "a source of time for the guest", CHAPTER)
    .attrs(&[required("name", &TIMERS, "which one"), optional("present", &YES_NO, "whether the guest has it")])
    .variants(&[by_attr(
        "name",
        &[
            case(&["platform", "rtc"], EMPTY.attrs(&[optional("track", &TRACKS, "what it follows")]).also(&[&TICKS])),
            case(
                &["tsc"],
                EMPTY
                    .attrs(&[optional("frequency", &U64, "how often it ticks a second"), optional("mode", &TSC_MODES, "who runs it")])
                    .also(&[&TICKS]),
            ),
            case(&["hpet", "pit", "armvtimer"], EMPTY.also(&[&TICKS])),
        ],
    )]);

static TIMERS: Value = Value::Words(&[
    means("platform", "the platform's own"),
    means("hpet", "the high precision event timer").only(Drivers::QEMU.and(Drivers::XEN).and(Drivers::LXC)),
    means("kvmclock", "KVM's paravirtual clock").only(Drivers::QEMU),
    means("pit", "the programmable interval timer").only(Drivers::QEMU),
    means("rtc", "the real time clock").only(Drivers::QEMU.and(Drivers::LXC)),
    means("tsc", "the CPU's time stamp counter").only(Drivers::QEMU.and(Drivers::XEN)),
    means("hypervclock", "Hyper-V's reference time").since(1, 2, 2).only(Drivers::QEMU),
    means("armvtimer", "ARM's virtual timer").since(6, 1, 0).only(Drivers::QEMU),
]);

static TRACKS: Value = Value::Words(&[
    means("boot", "the time since the start"),
    means("guest", "the time in which the guest runs"),
    means("wall", "the host's clock"),
    means("realtime", "the host's monotonic time"),
]);

static TSC_MODES: Value = Value::Words(&[word("auto"), word("native"), word("emulate"), word("paravirt"), word("smpsafe")]);

static TICKS: Body =
    EMPTY.attrs(&[TICKPOLICY]).variants(&[by_attr("tickpolicy", &[case(&["catchup"], EMPTY.children(&[maybe(&CATCHUP)]))])]);

static TICKPOLICY: Attr = optional("tickpolicy", &TICK_POLICIES, "what becomes of ticks that the guest missed");

static TICK_POLICIES: Value = Value::Words(&[
    means("delay", "they come late, at the normal rate"),
    means("catchup", "they come at a higher rate until the time is right"),
    means("merge", "they become one"),
    means("discard", "they are lost"),
]);

static CATCHUP: Element = element("catchup", "how ticks catch up", CHAPTER).attrs(&[
    optional("threshold", &U32, "how late it must be"),
    optional("slew", &U32, "how much faster"),
    optional("limit", &U32, "how much faster at most"),
]);

#[cfg(test)]
mod tests {
    use super::super::domain::faults;

    #[test]
    fn clocks_and_timers() {
        let rtc = "<timer name='rtc' track='guest' tickpolicy='catchup'><catchup threshold='1'/></timer>";
        assert!(faults(&format!("<clock offset='utc' adjustment='reset'>{rtc}<timer name='kvmclock' present='no'/></clock>")).is_empty());
        assert!(faults("<clock offset='variable' adjustment='-5' basis='utc'/>").is_empty());
        assert!(faults("<clock offset='timezone' timezone='Europe/Paris'/>").is_empty());
        assert_eq!(faults("<clock offset='absolute'/>"), ["structure-missing-attribute"]);
        assert_eq!(faults("<clock offset='utc' basis='utc'/>"), ["structure-unknown-attribute"]);
        assert_eq!(faults("<clock offset='utc'><timer name='pit' track='wall'/></clock>"), ["structure-unknown-attribute"]);
        assert_eq!(
            faults("<clock offset='utc'><timer name='rtc' tickpolicy='delay'><catchup/></timer></clock>"),
            ["structure-misplaced-element"]
        );
    }
}

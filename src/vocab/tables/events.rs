//! What happens when the guest ends, sleeps or crashes, and what is measured while it runs.

use super::pattern::YES_NO;
use super::value::{Value, means};
use super::{Attr, Drivers, Element, element, maybe, optional, required, some};

const CHAPTER: &str = "events-configuration";

/// `<on_poweroff>`.
pub static ON_POWEROFF: Element = element("on_poweroff", "what follows when the guest powers off", CHAPTER).text(&ENDS);

/// `<on_reboot>`.
pub static ON_REBOOT: Element = element("on_reboot", "what follows when the guest reboots", CHAPTER).text(&ENDS);

/// `<on_crash>`.
pub static ON_CRASH: Element = element("on_crash", "what follows when the guest crashes", CHAPTER).text(&CRASHES);

/// `<on_lockfailure>`.
pub static ON_LOCKFAILURE: Element =
    element("on_lockfailure", "what follows when locks of its disks are lost", CHAPTER).since(1, 0, 0).text(&LOCK_FAILURES);

static ENDS: Value = Value::Words(&[
    means("destroy", "the domain ends"),
    means("restart", "it starts anew"),
    means("preserve", "it stays as it is, for someone to look at"),
    means("rename-restart", "it stays under another name, and starts anew").only(Drivers::XEN),
]);

static CRASHES: Value = Value::Words(&[
    means("destroy", "the domain ends"),
    means("restart", "it starts anew"),
    means("preserve", "it stays as it is, for someone to look at"),
    means("rename-restart", "it stays under another name, and starts anew").only(Drivers::XEN),
    means("coredump-destroy", "its memory is dumped, and it ends"),
    means("coredump-restart", "its memory is dumped, and it starts anew"),
    means("preserve-running", "it goes on, and sees to its crash itself").since(12, 6, 0),
]);

static LOCK_FAILURES: Value = Value::Words(&[
    means("poweroff", "it is powered off"),
    means("restart", "it is powered off and started again, to get them back"),
    means("pause", "it is paused until someone resumes it"),
    means("ignore", "it goes on"),
]);

/// `<pm>`.
pub static PM: Element = element("pm", "which sleep states the firmware offers to the guest", "power-management")
    .since(0, 10, 2)
    .only(Drivers::QEMU)
    .children(&[
        maybe(&element("suspend-to-mem", "sleep in memory: S3", "power-management").attrs(OFFERED)),
        maybe(&element("suspend-to-disk", "sleep on disk: S4", "power-management").attrs(OFFERED)),
    ]);

static OFFERED: &[Attr] = &[optional("enabled", &YES_NO, "whether it is offered")];

/// `<perf>`.
pub static PERF: Element =
    element("perf", "what is measured while the guest runs", "performance-monitoring-events").since(2, 0, 0).children(&[some(
        &element("event", "a measure", "performance-monitoring-events")
            .attrs(&[required("name", &EVENTS, "which one"), required("enabled", &YES_NO, "whether it is taken")]),
    )]);

static EVENTS: Value = Value::Words(&[
    means("cmt", "bytes of L3 cache in use"),
    means("mbmt", "bandwidth from one level of cache in all"),
    means("mbml", "bandwidth of one memory controller"),
    means("cpu_cycles", "CPU cycles"),
    means("instructions", "instructions"),
    means("cache_references", "reads of the cache"),
    means("cache_misses", "what was not in the cache"),
    means("branch_instructions", "branches").since(3, 0, 0),
    means("branch_misses", "branches guessed wrongly").since(3, 0, 0),
    means("bus_cycles", "cycles of the bus").since(3, 0, 0),
    means("stalled_cycles_frontend", "cycles in which no instruction was fetched").since(3, 0, 0),
    means("stalled_cycles_backend", "cycles in which an instruction waited").since(3, 0, 0),
    means("ref_cpu_cycles", "CPU cycles, whatever the frequency").since(3, 0, 0),
    means("cpu_clock", "time by the clock of each CPU").since(3, 2, 0),
    means("task_clock", "time by the clock of the task").since(3, 2, 0),
    means("page_faults", "page faults of all kinds").since(3, 2, 0),
    means("context_switches", "changes from task to task").since(3, 2, 0),
    means("cpu_migrations", "moves from CPU to CPU").since(3, 2, 0),
    means("page_faults_min", "page faults served from memory").since(3, 2, 0),
    means("page_faults_maj", "page faults served from storage").since(3, 2, 0),
    means("alignment_faults", "accesses out of alignment").since(3, 2, 0),
    means("emulation_faults", "instructions that the kernel emulated").since(3, 2, 0),
]);

#[cfg(test)]
mod tests {
    use super::super::domain::faults;

    #[test]
    fn actions_and_measures() {
        assert!(
            faults("<on_reboot>restart</on_reboot><on_crash>coredump-destroy</on_crash><on_lockfailure>pause</on_lockfailure>").is_empty()
        );
        assert!(faults("<pm><suspend-to-mem enabled='no'/></pm><perf><event name='cmt' enabled='yes'/></perf>").is_empty());
        assert_eq!(faults("<on_reboot>coredump-restart</on_reboot>"), ["structure-bad-text"]);
        assert_eq!(faults("<perf/>"), ["structure-missing-element"]);
    }
}

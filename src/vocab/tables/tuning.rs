//! What the domain may take of the host's CPUs and block devices, and which of them.

use super::pattern::{ABSOLUTE_PATH, APPID, CPU_SET, U16, U32, U64, UNIT, YES_NO};
use super::value::{Value, means, word};
use super::{Attr, Body, Drivers, EMPTY, Element, Variant, any, by_attr, case, element, maybe, once, optional, required, some};

const CPU: &str = "cpu-tuning";
const BLOCK: &str = "block-i-o-tuning";

/// `<cputune>`.
pub static CPUTUNE: Element = element("cputune", "how much of the host's CPUs the domain gets, and of which", CPU).children(&[
    maybe(&element("shares", "its weight against other domains", CPU).text(&U32)),
    maybe(
        &element("global_period", "microseconds over which the whole domain's quota counts", CPU)
            .since(1, 3, 3)
            .only(Drivers::QEMU)
            .text(&PERIOD),
    ),
    maybe(
        &element("global_quota", "microseconds that the whole domain may run in them", CPU).since(1, 3, 3).only(Drivers::QEMU).text(&QUOTA),
    ),
    maybe(
        &element("period", "microseconds over which a CPU's quota counts", CPU)
            .since(0, 9, 4)
            .only(Drivers::QEMU.and(Drivers::LXC))
            .text(&PERIOD),
    ),
    maybe(
        &element("quota", "microseconds that each CPU may run in them", CPU)
            .since(0, 9, 4)
            .only(Drivers::QEMU.and(Drivers::LXC))
            .text(&QUOTA),
    ),
    maybe(
        &element("emulator_period", "microseconds over which the emulator's quota counts", CPU)
            .since(0, 10, 0)
            .only(Drivers::QEMU)
            .text(&PERIOD),
    ),
    maybe(
        &element("emulator_quota", "microseconds that the emulator may run in them", CPU).since(0, 10, 0).only(Drivers::QEMU).text(&QUOTA),
    ),
    maybe(
        &element("iothread_period", "microseconds over which an IO thread's quota counts", CPU)
            .since(2, 1, 0)
            .only(Drivers::QEMU)
            .text(&PERIOD),
    ),
    maybe(
        &element("iothread_quota", "microseconds that each IO thread may run in them", CPU).since(2, 1, 0).only(Drivers::QEMU).text(&QUOTA),
    ),
    any(&element("vcpupin", "the host's CPUs for one of the guest's", CPU)
        .only(Drivers::QEMU.and(Drivers::XEN).and(Drivers::BHYVE).and(Drivers::CLOUD_HYPERVISOR))
        .attrs(&[required("vcpu", &U16, "the guest's CPU"), required("cpuset", &CPU_SET, "the host's CPUs")])),
    maybe(
        &element("emulatorpin", "the host's CPUs for all but the guest's CPUs and IO threads", CPU)
            .only(Drivers::QEMU.and(Drivers::CLOUD_HYPERVISOR))
            .attrs(&[required("cpuset", &CPU_SET, "the host's CPUs")]),
    ),
    any(&element("iothreadpin", "the host's CPUs for an IO thread", CPU)
        .since(1, 2, 9)
        .only(Drivers::QEMU)
        .attrs(&[required("iothread", &U32, "the IO thread"), required("cpuset", &CPU_SET, "the host's CPUs")])),
    any(&element("vcpusched", "the scheduler of CPUs", CPU)
        .since(1, 2, 13)
        .attrs(&[optional("vcpus", &CPU_SET, "the guest's CPUs; else those not named elsewhere")])
        .also(&[&SCHEDULER])),
    any(&element("iothreadsched", "the scheduler of IO threads", CPU)
        .since(1, 2, 13)
        .only(Drivers::QEMU)
        .attrs(&[optional("iothreads", &CPU_SET, "the IO threads; else those not named elsewhere")])
        .also(&[&SCHEDULER])),
    maybe(&element("emulatorsched", "the scheduler of the emulator", CPU).since(5, 3, 0).also(&[&SCHEDULER])),
    any(&CACHETUNE),
    any(&MEMORYTUNE),
    any(&ENERGYTUNE),
]);

static PERIOD: Value = Value::Number(1_000, 1_000_000);

static QUOTA: Value = Value::Either(&[&Value::Number(0, 17_592_186_044_415), &UNLIMITED]);

static UNLIMITED: Value = Value::Words(&[means("-1", "without limit")]);

static SCHEDULER: Body = EMPTY
    .attrs(&[required("scheduler", &SCHEDULERS, "the scheduler")])
    .variants(&[by_attr("scheduler", &[case(&["fifo", "rr"], EMPTY.attrs(&[required("priority", &U16, "the priority, from 1 to 99")]))])]);

static SCHEDULERS: Value = Value::Words(&[
    means("batch", "for work that nobody waits for"),
    means("idle", "when nothing else runs"),
    means("fifo", "real time, until it waits by itself"),
    means("rr", "real time, in turn with its equals"),
]);

static VCPUS: Attr = optional("vcpus", &CPU_SET, "the guest's CPUs");

/// What names no CPUs is about the whole process, and a monitor about what is around it.
const ONE_OR_ALL: Variant = by_attr("vcpus", &[]).absent(&WHOLE);
static WHOLE: Body = EMPTY.since(12, 8, 0);

static TUNE_ID: Attr = optional("id", &Value::Any, "the name of the group; libvirt gives it");

static CACHETUNE: Element = element("cachetune", "a part of the host's cache for some CPUs", CPU)
    .since(4, 1, 0)
    .attrs(&[VCPUS, TUNE_ID])
    .variants(&[ONE_OR_ALL])
    .forms(&[EMPTY.children(&[some(&CACHE), any(&CACHE_MONITOR)]), EMPTY.children(&[any(&CACHE), some(&CACHE_MONITOR)])]);

static CACHE: Element = element("cache", "a part of one cache", CPU).attrs(&[
    required("id", &U32, "the host's cache"),
    required("level", &U32, "its level"),
    required("type", &CACHE_TYPES, "what it is for"),
    required("size", &U64, "the size, in bytes where no unit is given"),
    optional("unit", &UNIT, "the unit of the size"),
]);

static CACHE_TYPES: Value = Value::Words(&[word("both"), word("code"), word("data")]);

static CACHE_MONITOR: Element = element("monitor", "measures how much of a cache some CPUs take", CPU)
    .since(4, 10, 0)
    .attrs(&[required("level", &U32, "the level of the cache"), VCPUS])
    .variants(&[ONE_OR_ALL]);

static MEMORYTUNE: Element = element("memorytune", "a part of the memory's bandwidth for some CPUs", CPU)
    .since(4, 7, 0)
    .attrs(&[VCPUS])
    .variants(&[ONE_OR_ALL])
    .forms(&[EMPTY.children(&[some(&NODE), any(&MONITOR)]), EMPTY.children(&[any(&NODE), some(&MONITOR)])]);

static NODE: Element = element("node", "a part of one node's bandwidth", CPU)
    .attrs(&[required("id", &U32, "the host's node"), required("bandwidth", &U32, "how much, mostly in percent")]);

static MONITOR: Element = element("monitor", "measures what some CPUs take", CPU).attrs(&[VCPUS]).variants(&[ONE_OR_ALL]);

static ENERGYTUNE: Element = element("energytune", "measures the energy that some CPUs take", CPU)
    .since(12, 4, 0)
    .attrs(&[VCPUS, TUNE_ID])
    .variants(&[ONE_OR_ALL])
    .children(&[some(&MONITOR)]);

/// `<blkiotune>`.
pub static BLKIOTUNE: Element = element("blkiotune", "how much of the host's block devices the domain gets", BLOCK).children(&[
    maybe(&element("weight", "its weight against other domains", BLOCK).text(&WEIGHT)),
    any(&element("device", "the same for one device of the host", BLOCK).since(0, 9, 8).children(&[
        once(&element("path", "the device", BLOCK).text(&DEVICE_PATH)),
        maybe(&element("weight", "its weight against other domains", BLOCK).text(&WEIGHT)),
        maybe(&element("read_iops_sec", "reads a second at most", BLOCK).since(1, 2, 2).text(&U32)),
        maybe(&element("write_iops_sec", "writes a second at most", BLOCK).since(1, 2, 2).text(&U32)),
        maybe(&element("read_bytes_sec", "bytes read a second at most", BLOCK).since(1, 2, 2).text(&U64)),
        maybe(&element("write_bytes_sec", "bytes written a second at most", BLOCK).since(1, 2, 2).text(&U64)),
    ])),
]);

static WEIGHT: Value = Value::Number(100, 1_000);

static DEVICE_PATH: Value = Value::Either(&[&ABSOLUTE_PATH, &EVERY]);

static EVERY: Value = Value::Words(&[means("*", "every device").since(12, 3, 0).only(Drivers::BHYVE)]);

/// `<resource>`.
pub static RESOURCE: Element = element("resource", "the group of the host's control groups it belongs to", "resource-partitioning")
    .since(1, 0, 5)
    .only(Drivers::QEMU.and(Drivers::LXC))
    .children(&[
        maybe(&element("partition", "the path of the group", "resource-partitioning").text(&ABSOLUTE_PATH)),
        maybe(
            &element("fibrechannel", "how Fibre Channel tells its traffic from others'", "fibre-channel-vmid")
                .since(7, 7, 0)
                .attrs(&[required("appid", &APPID, "the mark of its traffic")]),
        ),
    ]);

/// `<iommufd>` of the domain.
pub static IOMMUFD: Element = element("iommufd", "devices of the host are handed out through iommufd", "host-device-assignment")
    .since(12, 2, 0)
    .only(Drivers::QEMU)
    .attrs(&[
        required("enabled", &YES_NO, "whether they are"),
        optional("fdgroup", &Value::Any, "the group of descriptors that was handed to libvirt"),
    ]);

#[cfg(test)]
mod tests {
    use super::super::domain::faults;

    #[test]
    fn shares_of_the_host() {
        assert!(
            faults("<cputune><quota>-1</quota><vcpupin vcpu='0' cpuset='1'/><vcpusched vcpus='0' scheduler='idle'/></cputune>").is_empty()
        );
        assert!(faults("<cputune><cachetune vcpus='0'><monitor level='3' vcpus='0'/></cachetune></cputune>").is_empty());
        assert!(faults("<blkiotune><device><path>*</path><weight>200</weight></device></blkiotune>").is_empty());
        assert!(faults("<resource><partition>/machine</partition><fibrechannel appid='a b'/></resource>").is_empty());
        assert_eq!(faults("<cputune><emulatorsched scheduler='rr'/></cputune>"), ["structure-missing-attribute"]);
        assert_eq!(faults("<cputune><memorytune vcpus='0'/></cputune>"), ["structure-missing-element"]);
        assert_eq!(faults("<cputune><period>10</period></cputune>"), ["structure-bad-text"]);
    }
}

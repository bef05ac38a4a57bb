//! How many virtual CPUs the guest has, and how many threads do its IO.

use super::pattern::{CPU_SET, U32, U64, YES_NO};
use super::value::{Value, means};
use super::{Attr, Drivers, Element, any, element, maybe, optional, required};

const CHAPTER: &str = "cpu-allocation";
const THREADS: &str = "iothreads-allocation";

/// A number of CPUs.
static COUNT: Value = Value::Number(1, 65_535);

/// `<vcpu>` of the domain.
pub static VCPU: Element = element("vcpu", "how many CPUs the guest may have at most", CHAPTER).text(&COUNT).attrs(&[
    optional("placement", &PLACEMENTS, "who chooses the CPUs of the host").since(0, 9, 11),
    optional("cpuset", &CPU_SET, "the CPUs of the host that run the domain, where nothing else says it"),
    optional("current", &COUNT, "how many are plugged in at the start"),
]);

static PLACEMENTS: Value = Value::Words(&[means("static", "`cpuset`, else all"), means("auto", "numad, when the domain starts")]);

/// `<vcpus>`.
pub static VCPUS: Element = element("vcpus", "the CPUs one by one", CHAPTER).since(2, 2, 0).only(Drivers::QEMU).children(&[any(&element(
    "vcpu", "one CPU", CHAPTER,
)
.attrs(&[
    required("id", &U32, "its number from 0"),
    required("enabled", &YES_NO, "whether it is plugged in"),
    optional("hotpluggable", &YES_NO, "whether it may be unplugged"),
    optional("order", &U32, "its turn at being plugged in"),
]))]);

/// `<iothreads>` of the domain.
pub static IOTHREADS: Element =
    element("iothreads", "how many threads do nothing but IO", THREADS).since(1, 2, 8).only(Drivers::QEMU).text(&U32);

/// `<iothreadids>`.
pub static IOTHREADIDS: Element =
    element("iothreadids", "these threads one by one", THREADS).since(1, 2, 15).only(Drivers::QEMU).children(&[any(&IOTHREAD)]);

static IOTHREAD: Element = element("iothread", "one thread", THREADS)
    .attrs(&[required("id", &U32, "its number from 1")])
    .also(&[&super::EMPTY.attrs(POOL)])
    .children(&[maybe(&element("poll", "how long it polls before it waits for events", THREADS).since(9, 4, 0).attrs(&[
        optional("max", &U64, "nanoseconds at most; 0 never polls"),
        optional("grow", &U64, "by how much the time grows where it is too short"),
        optional("shrink", &U64, "by how much it shrinks where it is too long"),
        optional("weight", &U32, "how much the last measure counts for the next").since(12, 7, 0),
    ]))]);

/// `<defaultiothread>`.
pub static DEFAULTIOTHREAD: Element =
    element("defaultiothread", "the loop of QEMU that works for devices without a thread of their own", THREADS)
        .since(8, 5, 0)
        .only(Drivers::QEMU)
        .attrs(POOL);

static POOL: &[Attr] = &[
    optional("thread_pool_min", &U32, "how many workers it keeps at least").since(8, 5, 0),
    optional("thread_pool_max", &U32, "how many workers it starts at most").since(8, 5, 0),
];

#[cfg(test)]
mod tests {
    use super::super::domain::faults;

    #[test]
    fn numbers_of_cpus_and_threads() {
        assert!(faults("<vcpu placement='static' cpuset='0-3,^2' current='1'>2</vcpu><iothreads>0</iothreads>").is_empty());
        assert!(faults("<vcpus><vcpu id='0' enabled='yes' hotpluggable='no' order='1'/></vcpus>").is_empty());
        assert!(faults("<iothreadids><iothread id='1' thread_pool_max='2'><poll max='3'/></iothread></iothreadids>").is_empty());
        assert_eq!(faults("<vcpu>0</vcpu>"), ["structure-bad-text"]);
        assert_eq!(faults("<vcpus><vcpu id='0'>1</vcpu></vcpus>"), ["structure-missing-attribute", "structure-stray-text"]);
    }
}

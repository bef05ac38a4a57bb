//! How QEMU reads and writes: asynchronous I/O, threads, limits.
//!
//! Source: libvirt 9.0.0, `qemuValidateDomainDeviceDefDiskFrontend`, `…DiskBlkdeviotune`; 11.3.0's tests for throttle filters.

use super::{Disk, Effect, Facts, Findings, Node, Phase, edit, without, without_element};
use crate::caps::Version;
use crate::rules::unsigned;
use crate::text::{firsts, sort_by};

/// The highest limit that QEMU takes.
const MOST: u64 = 1_000_000_000_000_000;

/// Native I/O needs the host's cache out of the way.
pub fn native(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    for disk in &facts.whole.disks {
        let Some((driver, io)) = disk.driver.and_then(|driver| Some((driver, driver.attr("io")?))) else { continue };
        let cache = driver.attr("cache");
        let value = cache.map(|cache| cache.value());
        if io.value() != "native" || matches!(value, Some("none" | "directsync")) {
            continue;
        }
        let span = cache.map_or(io.value_span(), |cache| cache.value_span());
        let with = value.map_or("no cache is written".to_owned(), |value| format!("this is `{value}`"));
        let finding = findings.at(span, format!("`io='native'` goes with the cache `none` or `directsync`, and {with}"));
        finding.fix("Use the cache none", Effect::ChangesGuest, vec![edit::set_attribute(driver, "cache", "none")]);
    }
}

/// A thread of its own is for virtio, and must be there.
pub fn thread(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    for disk in &facts.whole.disks {
        let several = disk.driver.and_then(|driver| driver.child("iothreads"));
        // a host that knows the element asks it of every disk: tried on 11.3.0 and 12.8.0
        let asked = facts.since(Version(11, 3, 0));
        if let Some(several) = several.filter(|_| asked && disk.bus != "virtio") {
            let message = format!("I/O threads work for a disk on the bus `virtio`, not on `{}`", disk.bus);
            without_element(findings.at(several.name_span(), message), several);
            continue;
        }
        for id in several.into_iter().flat_map(Node::elements).filter_map(|thread| thread.attr("id")) {
            if unsigned(id.value()).is_some_and(|number| !facts.whole.has_thread(number)) {
                findings.at(id.value_span(), format!("the domain has no I/O thread {}", id.value()));
            }
        }
        let Some((driver, thread)) = disk.driver.and_then(|driver| Some((driver, driver.attr("iothread")?))) else { continue };
        let Some(id) = unsigned(thread.value()).filter(|id| *id > 0 && disk.kind != "vhostuser") else { continue };
        if disk.bus != "virtio" {
            let message = format!("an I/O thread works for a disk on the bus `virtio`, not on `{}`", disk.bus);
            without(findings.at(thread.name_span(), message), driver, &thread);
        } else if !facts.whole.has_thread(id) {
            without(findings.at(thread.value_span(), format!("the domain has no I/O thread {id}")), driver, &thread);
        }
    }
}

/// Limits that QEMU does not take.
pub fn limits(facts: &Facts, _: Node, findings: &mut Findings) {
    if !facts.qemu() {
        return;
    }
    for disk in &facts.whole.disks {
        let filters = disk.node.child("throttlefilters");
        if let Some(filters) = filters {
            groups(facts, filters, findings);
        }
        let Some(tune) = disk.node.child("iotune") else { continue };
        if let Some(filters) = filters {
            let finding = findings.at(filters.name_span(), "a disk is limited by `iotune` or by throttle filters, not by both");
            finding.related(tune.name_span(), "limited here too");
            finding.fix("Remove `<throttlefilters>`", Effect::ChangesGuest, vec![edit::remove(filters)]);
        }
        beyond(tune, findings);
        bursts(tune, findings);
    }
    of_groups(facts, findings);
}

/// The settings of an `<iotune>`: its name apart, and zeros, which set nothing.
fn settings<'a>(tune: Node<'a>) -> impl Iterator<Item = (&'a str, &'a str)> {
    let settings = tune.elements().filter(|node| node.name() != "group_name");
    settings.filter_map(|node| Some((node.name(), node.text()?.value))).filter(|(_, value)| *value != "0")
}

fn beyond(tune: Node, findings: &mut Findings) {
    for node in tune.elements() {
        let Some(text) = node.text().filter(|_| node.name() != "group_name") else { continue };
        if text.value.parse::<u64>().is_ok_and(|number| number > MOST) {
            let finding = findings.at(text.span, format!("QEMU limits to {MOST} at most"));
            finding.fix(format!("Use {MOST}"), Effect::ChangesGuest, vec![edit::replace(text.span, &MOST.to_string())]);
        }
    }
}

/// The settings for which a burst may be given.
const LIMITS: &[&str] = &["total_bytes_sec", "read_bytes_sec", "write_bytes_sec", "total_iops_sec", "read_iops_sec", "write_iops_sec"];

/// A burst goes beyond a limit that is set, for a time; libvirt leaves that to QEMU.
fn bursts(tune: Node, findings: &mut Findings) {
    for node in tune.elements() {
        let Some(limit) = LIMITS.iter().find(|limit| node.name().starts_with(**limit)) else { continue };
        let set = |suffix: &str| {
            let mut other = tune.elements().filter(|other| other.name().strip_prefix(*limit) == Some(suffix));
            other.next().and_then(Node::text).and_then(|text| text.value.parse::<u64>().ok()).filter(|number| *number > 0)
        };
        let message = match (node.name().strip_prefix(*limit), set(""), set("_max")) {
            (Some("_max"), None, Some(_)) => format!("`{}` goes beyond `{limit}`, which is not set", node.name()),
            (Some("_max"), Some(limit), Some(max)) if max < limit => format!("a burst of {max} is below the limit of {limit}"),
            (Some("_max_length"), _, None) if set("_max_length").is_some_and(|length| length > 1) => {
                format!("`{}` is the length of a burst, and none is set", node.name())
            }
            _ => continue,
        };
        let finding = findings.at(node.name_span(), message);
        without_element(finding, node);
        finding.phase(Phase::Start);
    }
}

/// Disks of one group have one limit.
fn of_groups<'a>(facts: &Facts<'a>, findings: &mut Findings) {
    let tuned = facts.whole.disks.iter().filter_map(|disk| Some((disk, disk.node.child("iotune")?)));
    let named = |(disk, tune): (_, Node<'a>)| {
        let own = tune.child("group_name")?;
        Some((disk, tune, own, own.text()?.value))
    };
    let list: Vec<(&Disk, Node, Node, &str)> = tuned.filter_map(named).collect();
    let firsts = firsts(&list, |one, other| one.3.cmp(other.3));
    let mut limited = vec![false; list.len()];
    for ((_, tune, ..), first) in list.iter().zip(&firsts) {
        limited.get_mut(*first).into_iter().for_each(|limited| *limited |= settings(*tune).next().is_some());
    }
    for ((disk, tune, own, _), at) in list.iter().zip(firsts) {
        let Some((first, before, ..)) = list.get(at) else { continue };
        if settings(*tune).next().is_none() {
            // of several disks of a group those without settings get the group's
            if limited.get(at) == Some(&false) {
                without_element(findings.at(own.name_span(), "a group without a limit does nothing"), *own);
            }
        } else if settings(*before).next().is_some() && sorted(*before) != sorted(*tune) {
            let message = format!("`{}` and `{}` are of one group and have other limits", first.dev, disk.dev);
            findings.at(own.name_span(), message).related(before.name_span(), "the limits of the first");
        }
    }
}

fn sorted<'a>(tune: Node<'a>) -> Vec<(&'a str, &'a str)> {
    let mut list: Vec<_> = settings(tune).collect();
    sort_by(&mut list, Ord::cmp);
    list
}

/// Filters name groups of the domain.
fn groups(facts: &Facts, filters: Node, findings: &mut Findings) {
    for filter in filters.children("throttlefilter") {
        let Some(group) = filter.attr("group") else { continue };
        let known = facts.subject.root.child("throttlegroups").into_iter().flat_map(Node::elements);
        if !known.filter_map(|node| node.child("group_name")?.text()).any(|name| name.value == group.value()) {
            findings.at(group.value_span(), format!("the domain has no throttle group `{}`", group.value()));
        }
    }
}

#[cfg(test)]
mod tests;

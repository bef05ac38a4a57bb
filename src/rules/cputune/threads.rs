//! I/O threads: their numbers, their pools, and who refers to them.

use super::pinned;
use crate::edit;
use crate::finding::Effect;
use crate::rules::host::set::Set;
use crate::rules::{Facts, Findings, Rule, page, unsigned};
use crate::xml::{Attr, Node};

const DOCS: &str = "https://libvirt.org/formatdomain.html#iothreads-allocation";
const POOLS: &[&str] = &["domain/iothreadids/iothread", "domain/defaultiothread"];
const USERS: &[&str] = &["domain/cputune/iothreadpin", "domain/cputune/iothreadsched"];

/// The rules.
pub const RULES: &[Rule] = &[
    Rule::define("iothread-id-invalid", &["domain/iothreadids"], ids, page!("iothread-id-invalid.md"), DOCS),
    Rule::define("iothread-pool-invalid", POOLS, pool, page!("iothread-pool-invalid.md"), DOCS),
    Rule::define("iothread-absent", USERS, absent, page!("iothread-absent.md"), DOCS),
];

fn ids(_: &Facts, list: Node, findings: &mut Findings) {
    let mut seen: Vec<(u32, Attr)> = Vec::new();
    for thread in list.children("iothread") {
        let Some((attr, id)) = thread.attr("id").and_then(|attr| Some((attr, unsigned(attr.value())?))) else { continue };
        if id == 0 {
            findings.at(attr.value_span(), "I/O threads are numbered from 1 on");
        } else if let Some((_, first)) = seen.iter().find(|(other, _)| *other == id) {
            let finding = findings.at(attr.value_span(), format!("there is an I/O thread {id} already"));
            finding.related(first.value_span(), "the first");
            finding.fix("Remove the second", Effect::ChangesGuest, vec![edit::remove(thread)]);
        }
        seen.push((id, attr));
    }
}

/// A least number without a greatest is above it, as libvirt counts.
fn pool(_: &Facts, node: Node, findings: &mut Findings) {
    let number = |name| node.attr(name).and_then(|attr| Some((attr, unsigned(attr.value())?)));
    match (number("thread_pool_min"), number("thread_pool_max")) {
        (_, Some((most, 0))) => {
            findings.at(most.value_span(), "a pool has at least one worker");
        }
        (Some((least, few)), Some((_, many))) if few > many => {
            let finding = findings.at(least.value_span(), format!("a pool of {many} workers at most cannot keep {few}"));
            finding.fix(format!("Keep {many}"), Effect::ChangesGuest, vec![edit::replace(least.value_span(), &many.to_string())]);
        }
        (Some((least, few)), None) if node.attr("thread_pool_max").is_none() => {
            let finding = findings.at(least.name_span(), "a pool that keeps workers needs `thread_pool_max` as well");
            let most = few.max(1).to_string();
            finding.fix(format!("Allow {most}"), Effect::ChangesGuest, vec![edit::set_attribute(node, "thread_pool_max", &most)]);
        }
        _ => {}
    }
}

fn absent(facts: &Facts, node: Node, findings: &mut Findings) {
    if node.name() == "iothreadpin" {
        let Some((attr, id)) = pinned(node).filter(|(_, id)| !facts.whole.has_thread(*id)) else { return };
        let finding = findings.at(attr.value_span(), format!("there is no I/O thread {id}"));
        finding.fix("Remove it", Effect::Safe, vec![edit::remove(node)]);
        return;
    }
    let Some(attr) = node.attr("iothreads") else {
        findings.at(node.name_span(), "nothing says in `iothreads` whose scheduler this is");
        return;
    };
    let Some(asked) = Set::parse(attr.value()) else { return };
    let missing: Set = asked.members().filter_map(|id| u32::try_from(id).ok()).filter(|id| !facts.whole.has_thread(*id)).collect();
    if missing.is_empty() {
        return;
    }
    let finding = findings.at(attr.value_span(), format!("there is no I/O thread {missing}"));
    let rest = asked.without(&missing);
    match rest.is_empty() {
        true => finding.fix("Remove it", Effect::Safe, vec![edit::remove(node)]),
        false => finding.fix(format!("Use {rest}"), Effect::Safe, vec![edit::replace(attr.value_span(), &rest.to_string())]),
    };
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["iothread-id-invalid", "iothread-pool-invalid", "iothread-absent"];

    #[test]
    fn threads_have_numbers_of_their_own() {
        let fixture = r#"
<iothreadids>
  <iothread id='1'/>
  <iothread id='1'/>
                ^ error[iothread-id-invalid]: there is an I/O thread 1 already
                | fix: Remove the second (changes guest)
  <iothread id='0'/>
                ^ error[iothread-id-invalid]: I/O threads are numbered from 1 on
</iothreadids>
"#;
        check_in("none", "", CODES, fixture);
        assert_eq!(mended_in("none", "", "iothread-id-invalid", fixture), "- <iothread id='1'/>");
    }

    #[test]
    fn a_pool_has_room_for_what_it_keeps() {
        let fixture = r#"
<iothreadids>
  <iothread id='1' thread_pool_min='5' thread_pool_max='4'/>
                                    ^ error[iothread-pool-invalid]: a pool of 4 workers at most cannot keep 5
                                    | fix: Keep 4 (changes guest)
  <iothread id='2' thread_pool_max='0'/>
                                    ^ error[iothread-pool-invalid]: a pool has at least one worker
  <iothread id='3' thread_pool_min='0' thread_pool_max='4'/>
</iothreadids>
<defaultiothread thread_pool_min='4'/>
                 ^^^^^^^^^^^^^^^ error[iothread-pool-invalid]: a pool that keeps workers needs `thread_pool_max` as well
                 | fix: Allow 4 (changes guest)
"#;
        check_in("none", "", CODES, fixture);
        mended_in("none", "", "iothread-pool-invalid", fixture);
    }

    #[test]
    fn a_thread_that_is_tuned_is_there() {
        let fixture = r#"
<iothreads>2</iothreads>
<iothreadids>
  <iothread id='5'/>
</iothreadids>
<cputune>
  <iothreadpin iothread='1' cpuset='0'/>
  <iothreadpin iothread='2' cpuset='0'/>
                         ^ error[iothread-absent]: there is no I/O thread 2
                         | fix: Remove it
  <iothreadsched iothreads='1-2' scheduler='batch'/>
                            ^^^ error[iothread-absent]: there is no I/O thread 2
                            | fix: Use 1
  <iothreadsched iothreads='5' scheduler='batch'/>
</cputune>
"#;
        check_in("none", "", CODES, fixture);
        assert_eq!(mended_in("none", "", "iothread-absent", fixture), "- <iothreadpin iothread='2' cpuset='0'/>");
    }
}

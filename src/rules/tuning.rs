//! Lists in which each thing may stand once.

use super::{Facts, Findings, Rule, page};
use crate::edit;
use crate::finding::{Effect, Phase};
use crate::text::Span;
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#block-i-o-tuning";
const KEYS: &str = "https://libvirt.org/formatdomain.html#key-wrap";
const CONTAINER: &str = "https://libvirt.org/formatdomain.html#container-boot";

/// The rules.
pub const RULES: &[Rule] = &[
    Rule::define(
        "tuning-repeated",
        &["domain/blkiotune", "domain/perf", "domain/keywrap"],
        repeated,
        page!("tuning/tuning-repeated.md"),
        DOCS,
    ),
    Rule::define("keywrap-foreign", &["domain/keywrap"], keywrap, page!("tuning/keywrap-foreign.md"), KEYS),
    Rule::define("idmap-incomplete", &["domain/idmap"], idmap, page!("tuning/idmap-incomplete.md"), CONTAINER),
];

/// What tells an entry from others, and where it stands.
fn identity<'a>(entry: Node<'a>) -> Option<(&'a str, Span)> {
    match entry.name() {
        "device" => entry.child("path").and_then(Node::text).map(|text| (text.value, text.span)),
        "event" | "cipher" => entry.attr("name").map(|attr| (attr.value(), attr.value_span())),
        _ => None,
    }
}

fn repeated(_: &Facts, list: Node, findings: &mut Findings) {
    let mut seen: Vec<(&str, Span)> = Vec::new();
    for entry in list.elements() {
        let Some((name, span)) = identity(entry) else { continue };
        if let Some((_, first)) = seen.iter().find(|(other, _)| *other == name) {
            let finding = findings.at(span, format!("`{name}` is listed already"));
            finding.related(*first, "the first time");
            finding.fix("Remove the second", Effect::Safe, vec![edit::remove(entry)]);
        }
        seen.push((name, span));
    }
}

/// QEMU has it on IBM Z alone, and libvirt asks at the start.
fn keywrap(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(arch) = facts.arch().filter(|arch| facts.qemu() && !arch.starts_with("s390") && node.child("cipher").is_some()) else {
        return;
    };
    let finding = findings.at(node.name_span(), format!("keys are wrapped on `s390x` alone, this domain is `{arch}`"));
    finding.phase(Phase::Start).fix("Remove `<keywrap>`", Effect::Safe, vec![edit::remove(node)]);
}

/// All drivers ask it, though only containers use it.
fn idmap(_: &Facts, idmap: Node, findings: &mut Findings) {
    let lacks = match (idmap.child("uid"), idmap.child("gid")) {
        (Some(_), None) => "gid",
        (None, Some(_)) => "uid",
        _ => "",
    };
    if !lacks.is_empty() {
        let finding = findings.at(idmap.name_span(), format!("users and groups are mapped both or not at all: there is no `<{lacks}>`"));
        let line = format!("<{lacks} start='0' target='100000' count='65536'/>");
        finding.fix(format!("Map {lacks} 0 as well"), Effect::ChangesGuest, vec![edit::append_child(idmap, &line)]);
        return;
    }
    for kind in ["uid", "gid"] {
        let starts = || idmap.children(kind).filter_map(|entry| entry.attr("start"));
        let Some(first) = starts().next() else { continue };
        if starts().all(|start| start.value().trim().parse::<u32>().is_ok_and(|start| start > 0)) {
            findings.at(first.value_span(), format!("{kind} 0 of the container is mapped to nobody"));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["tuning-repeated", "keywrap-foreign", "idmap-incomplete"];

    #[test]
    fn keys_are_wrapped_on_s390x() {
        let fixture = r#"
<keywrap>
 ^^^^^^^ error[keywrap-foreign]: keys are wrapped on `s390x` alone, this domain is `x86_64`
 | fix: Remove `<keywrap>`
  <cipher name='aes' state='on'/>
</keywrap>
"#;
        assert_eq!(check_in("qemu-q35", "", CODES, fixture), ["start"]);
        mended_in("qemu-q35", "", "keywrap-foreign", fixture);
        check_in("s390x", "", CODES, "<keywrap>\n  <cipher name='aes' state='on'/>\n</keywrap>");
    }

    #[test]
    fn each_is_listed_once() {
        let fixture = r#"
<blkiotune>
  <device>
    <path>/dev/sda</path>
  </device>
  <device>
    <path>/dev/sda</path>
          ^^^^^^^^ error[tuning-repeated]: `/dev/sda` is listed already
          | fix: Remove the second
  </device>
</blkiotune>
<perf>
  <event name='cmt' enabled='yes'/>
  <event name='mbmt' enabled='yes'/>
  <event name='cmt' enabled='no'/>
               ^^^ error[tuning-repeated]: `cmt` is listed already
               | fix: Remove the second
</perf>
"#;
        check_in("none", "", CODES, fixture);
        mended_in("none", "", "tuning-repeated", fixture);
    }

    #[test]
    fn users_and_groups_are_mapped_together() {
        let fixture = r#"
<idmap>
 ^^^^^ error[idmap-incomplete]: users and groups are mapped both or not at all: there is no `<gid>`
 | fix: Map gid 0 as well (changes guest)
  <uid start='0' target='1000' count='10'/>
</idmap>
"#;
        check_in("none", "", CODES, fixture);
        mended_in("none", "", "idmap-incomplete", fixture);
        let fixture = r#"
<idmap>
  <uid start='1' target='1000' count='10'/>
              ^ error[idmap-incomplete]: uid 0 of the container is mapped to nobody
  <gid start='1' target='1' count='1'/>
  <gid start='0' target='1000' count='1'/>
</idmap>
"#;
        check_in("none", "", CODES, fixture);
    }
}

//! What concerns a domain as a whole, and texts that libvirt reads to the letter.

use super::host::set::Set;
use super::{Facts, Findings, Rule, page};
use crate::edit;
use crate::finding::Effect;
use crate::xml::Node;

const DOCS: &str = "https://libvirt.org/formatdomain.html#general-metadata";
const CPUS: &str = "https://libvirt.org/formatdomain.html#cpu-allocation";

/// The rules.
pub const RULES: &[Rule] = &[
    Rule::define("name-slash", &["domain/name"], slash, page!("general/name-slash.md"), DOCS),
    Rule::define("title-newline", &["domain/title"], newline, page!("general/title-newline.md"), DOCS),
    Rule::define("text-spaced", EXACT, spaced, page!("general/text-spaced.md"), DOCS),
    Rule::define("set-unusable", SETS, set, page!("general/set-unusable.md"), CPUS),
    Rule::define("resource-empty", &["domain/resource"], resource, page!("general/resource-empty.md"), PARTITION),
];

const PARTITION: &str = "https://libvirt.org/formatdomain.html#resource-partitioning";

/// Elements whose text libvirt does not trim, though the schema does.
const EXACT: &[&str] = &[
    "domain/name",
    "domain/vcpu",
    "domain/iothreads",
    "domain/memory",
    "domain/currentMemory",
    "domain/maxMemory",
    "domain/memtune/hard_limit",
    "domain/memtune/soft_limit",
    "domain/memtune/swap_hard_limit",
    "domain/cputune/shares",
    "domain/cputune/period",
    "domain/cputune/quota",
    "domain/cputune/global_period",
    "domain/cputune/global_quota",
    "domain/cputune/emulator_period",
    "domain/cputune/emulator_quota",
    "domain/cputune/iothread_period",
    "domain/cputune/iothread_quota",
    "domain/blkiotune/device/weight",
    "domain/blkiotune/device/read_bytes_sec",
    "domain/blkiotune/device/write_bytes_sec",
    "domain/blkiotune/device/read_iops_sec",
    "domain/blkiotune/device/write_iops_sec",
    "domain/features/smm/tseg",
    "domain/features/tcg/tb-cache",
    "domain/on_poweroff",
    "domain/on_reboot",
    "domain/on_crash",
    "domain/on_lockfailure",
    "domain/devices/emulator",
    "domain/devices/memory/target/size",
    "domain/devices/memory/target/node",
];

/// Where sets of CPUs, nodes and threads stand that must hold something.
const SETS: &[&str] = &[
    "domain/vcpu",
    "domain/cputune/vcpupin",
    "domain/cputune/emulatorpin",
    "domain/cputune/iothreadpin",
    "domain/cputune/vcpusched",
    "domain/cputune/iothreadsched",
    "domain/numatune/memory",
    "domain/numatune/memnode",
    "domain/memoryBacking/hugepages/page",
    "domain/cpu/numa/cell",
];

fn slash(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(name) = node.text().filter(|text| facts.qemu() && text.value.contains('/')) else { return };
    let other = name.value.replace('/', "-");
    findings.at(name.span, "the name is also that of a file, and cannot have `/` in it").fix(
        format!("Use {other}"),
        Effect::Safe,
        vec![edit::replace(name.span, &other)],
    );
}

/// One inside the title is no line by the schema; those around it are seen by libvirt alone.
fn newline(_: &Facts, node: Node, findings: &mut Findings) {
    let (Some(title), Some(all)) = (node.text(), node.content_span()) else { return };
    if !title.value.contains('\n') && all.of(node.source()).contains('\n') {
        findings.at(title.span, "the title stands on a line of its own, which makes the breaks around it part of it").fix(
            "Write it on one line",
            Effect::Safe,
            vec![edit::replace_raw(all, title.span.of(node.source()))],
        );
    }
}

/// Before a number space is passed over, after it it is not; a word is taken with all around it, a name but for line breaks.
fn spaced(facts: &Facts, node: Node, findings: &mut Findings) {
    let (Some(text), Some(all)) = (node.text(), node.content_span()) else { return };
    if all == text.span || !facts.qemu() || node.elements().next().is_some() {
        return;
    }
    let number = text.value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let read = match node.name() {
        "name" => !all.of(node.source()).contains('\n'),
        _ => number && all.end == text.span.end,
    };
    if !read {
        findings
            .at(text.span, format!("the space around `{}` is part of the text for libvirt, which then cannot read it", text.value))
            .fix("Remove the space", Effect::Safe, vec![edit::replace_raw(all, text.span.of(node.source()))]);
    }
}

fn set(_: &Facts, node: Node, findings: &mut Findings) {
    // automatic placement takes no notice of it
    if node.name() == "vcpu" && node.value("placement") == Some("auto") {
        return;
    }
    for name in ["cpuset", "nodeset", "vcpus", "iothreads", "cpus"] {
        // a cell may be without CPUs
        let told = node.attr(name).and_then(|attr| Some((attr, fault(attr.value())?))).filter(|(_, why)| name != "cpus" || *why != EMPTY);
        if let Some((attr, why)) = told {
            findings.at(attr.value_span(), format!("`{}` {why}", attr.value()));
        }
    }
}

const EMPTY: &str = "leaves nothing over";

/// What is wrong with a well-formed set. Most sets are a number or two, which takes no set to tell.
fn fault(text: &str) -> Option<&'static str> {
    if text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit()) || Set::parse(text).is_some() {
        return None;
    }
    let mut fault = EMPTY;
    for part in text.split(',') {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let first: u32 = first.trim().trim_start_matches('^').parse().ok()?;
        let last: u32 = last.trim().trim_start_matches('^').parse().ok()?;
        if first.max(last) > LAST {
            fault = "goes beyond 16383, the last number that libvirt takes";
        } else if first > last {
            fault = "goes backwards";
        }
    }
    Some(fault)
}

/// The last number that libvirt takes in a set.
const LAST: u32 = 16_383;

fn resource(_: &Facts, node: Node, findings: &mut Findings) {
    let partition = node.child("partition").is_some_and(|partition| partition.text().is_some());
    let appid = node.child("fibrechannel").is_some_and(|channel| channel.attr("appid").is_some());
    if !partition && !appid {
        let finding = findings.at(node.name_span(), "libvirt fails over a `<resource>` that says nothing");
        finding.fix("Remove `<resource>`", Effect::Safe, vec![edit::remove(node)]);
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["name-slash", "title-newline", "text-spaced", "set-unusable", "resource-empty"];

    #[test]
    fn a_name_is_that_of_a_file() {
        let fixture = r#"
<name>web/1</name>
      ^^^^^ error[name-slash]: the name is also that of a file, and cannot have `/` in it
      | fix: Use web-1
"#;
        check_in("qemu-q35", "", CODES, fixture);
        assert_eq!(mended_in("qemu-q35", "", "name-slash", fixture), "- <name>web/1</name>\n+ <name>web-1</name>");
    }

    #[test]
    fn a_title_has_no_breaks_around_it() {
        let fixture = r#"
<title>
  One of them
  ^^^^^^^^^^^ error[title-newline]: the title stands on a line of its own, which makes the breaks around it part of it
  | fix: Write it on one line
</title>
"#;
        check_in("qemu-q35", "", CODES, fixture);
        assert_eq!(
            mended_in("qemu-q35", "", "title-newline", fixture),
            "- <title>\n- One of them\n- </title>\n+ <title>One of them</title>"
        );
        check_in("qemu-q35", "", CODES, "<title> One </title>");
    }

    #[test]
    fn space_is_part_of_the_text() {
        let fixture = r#"
<memory unit='KiB'>524288 </memory>
                   ^^^^^^ error[text-spaced]: the space around `524288` is part of the text for libvirt, which then cannot read it
                   | fix: Remove the space
<vcpu> 4</vcpu>
<on_crash> destroy</on_crash>
           ^^^^^^^ error[text-spaced]: the space around `destroy` is part of the text for libvirt, which then cannot read it
           | fix: Remove the space
"#;
        check_in("qemu-q35", "", CODES, fixture);
        let mended = mended_in("qemu-q35", "", "text-spaced", fixture);
        assert_eq!(mended, "- <memory unit='KiB'>524288 </memory>\n+ <memory unit='KiB'>524288</memory>");
    }

    #[test]
    fn a_set_must_hold_something() {
        let fixture = r#"
<vcpu cpuset='^0'>4</vcpu>
              ^^ error[set-unusable]: `^0` leaves nothing over
<cputune>
  <vcpupin vcpu='0' cpuset='20000'/>
                            ^^^^^ error[set-unusable]: `20000` goes beyond 16383, the last number that libvirt takes
  <vcpupin vcpu='1' cpuset='0-3,^2'/>
  <emulatorpin cpuset='3-1'/>
                       ^^^ error[set-unusable]: `3-1` goes backwards
  <vcpupin vcpu='2' cpuset='x'/>
</cputune>
"#;
        check_in("none", "", CODES, fixture);
        check_in("none", "", CODES, "<vcpu placement='auto' cpuset='^0'>4</vcpu>");
    }

    #[test]
    fn a_resource_says_something() {
        let fixture = r#"
<resource/>
 ^^^^^^^^ error[resource-empty]: libvirt fails over a `<resource>` that says nothing
 | fix: Remove `<resource>`
"#;
        check_in("qemu-q35", "", CODES, fixture);
        assert_eq!(mended_in("qemu-q35", "", "resource-empty", fixture), "- <resource/>");
        check_in("qemu-q35", "", CODES, "<resource>\n  <partition>/machine</partition>\n</resource>");
    }
}

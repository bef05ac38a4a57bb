//! Huge pages: sizes that the host's kernel does not have, and pools that are empty.

use super::size;
use crate::caps::{HostCaps, PageSize, Source};
use crate::finding::{Phase, Severity};
use crate::rules::{Check, Facts, Findings, Need, Rule, page};
use crate::text::{Span, sort_by};
use crate::xml::Node;

/// The rules of this file.
pub const RULES: &[Rule] = &[SIZE_ABSENT, UNRESERVED];

const SIZE_ABSENT: Rule = Rule {
    code: "hugepages-size-absent",
    severity: Severity::Error,
    phase: Phase::Start,
    needs: &[Need::Capabilities],
    on: &["domain/memoryBacking/hugepages/page", "domain/devices/memory/source/pagesize"],
    check: Check::Function(size_absent),
    page: page!("hugepages-size-absent.md"),
    docs: "https://libvirt.org/formatdomain.html#memory-backing",
};

const UNRESERVED: Rule = Rule {
    code: "hugepages-unreserved",
    severity: Severity::Warning,
    on: &["domain/memoryBacking/hugepages", "domain/devices/memory/source/pagesize"],
    check: Check::Function(unreserved),
    page: page!("hugepages-unreserved.md"),
    ..SIZE_ABSENT
};

fn size_absent(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some((source, asked, span)) = judged(facts, node) else { return };
    if pages(source.said).any(|page| page.kib.value == asked) {
        return;
    }
    let Some(first) = pages(source.said).next() else { return };
    let mut sizes: Vec<u64> = pages(source.said).map(|page| page.kib.value).collect();
    sort_by(&mut sizes, Ord::cmp);
    sizes.dedup();
    let offered = sizes.iter().map(|kib| size::written(*kib)).collect::<Vec<_>>().join(", ");
    findings.at(span, format!("this host has no pages of {}, only of {offered}", size::written(asked))).evidence(
        source.id,
        first.kib.span,
        format!("page sizes: {offered}"),
    );
}

/// Judges `hugepages` by its pages: without any, libvirt takes the size that the host mounts, which no document names.
fn unreserved(facts: &Facts, node: Node, findings: &mut Findings) {
    let mut asked = node.children("page").peekable();
    if node.name() == "hugepages" && asked.peek().is_none() {
        return nothing_reserved(facts, node, findings);
    }
    let places = if node.name() == "hugepages" { asked.collect() } else { vec![node] };
    for (source, kib, span) in places.into_iter().filter_map(|place| judged(facts, place)) {
        let smallest = pages(source.said).map(|page| page.kib.value).min();
        let mut pools = pages(source.said).filter(|page| page.kib.value == kib && Some(kib) != smallest).peekable();
        let Some(first) = pools.peek().copied() else { continue };
        if pools.all(|page| page.count == Some(0)) {
            findings
                .at(span, format!("this host has reserved no pages of {}: the guest's memory will not fit", size::written(kib)))
                .evidence(source.id, first.kib.span, "none are reserved")
                .likely();
        }
    }
}

fn nothing_reserved(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(source) = facts.sources.host_caps.filter(|_| super::qemu(facts)) else { return };
    let Some(smallest) = pages(source.said).map(|page| page.kib.value).min() else { return };
    let mut huge = pages(source.said).filter(|page| page.kib.value > smallest).peekable();
    let Some(first) = huge.peek().copied() else { return };
    if huge.all(|page| page.count == Some(0)) {
        findings
            .at(node.name_span(), "this host has reserved no huge pages of any size: the guest's memory will not fit")
            .evidence(source.id, first.kib.span, "none are reserved")
            .likely();
    }
}

/// The size that a `<page>` or a `<pagesize>` asks for, and where.
fn judged<'a>(facts: &Facts<'a>, node: Node) -> Option<(Source<'a, HostCaps>, u64, Span)> {
    let source = facts.sources.host_caps.filter(|_| super::qemu(facts))?;
    let (kib, span) = match node.attr("size").filter(|_| node.name() == "page") {
        Some(attr) => (size::kib(attr.value(), node.value("unit"))?, attr.value_span()),
        None => size::of_text(node).map(|(text, kib)| (kib, text.span))?,
    };
    Some((source, kib, span))
}

/// The kernel's own list by NUMA node; the sizes that the CPU knows where that is missing.
fn pages(caps: &HostCaps) -> impl Iterator<Item = &PageSize> {
    let cells = caps.cells.iter().flat_map(|cell| &cell.pages);
    let told = caps.cells.iter().any(|cell| !cell.pages.is_empty());
    let cpu = caps.cpu.iter().flat_map(|cpu| &cpu.pages).filter(move |_| !told);
    cells.chain(cpu)
}

#[cfg(test)]
mod tests {
    use crate::support::{check, codes};

    const ALL: &[&str] = &["hugepages-size-absent", "hugepages-unreserved"];

    #[test]
    fn a_size_that_the_kernel_lacks_is_refused_at_the_start() {
        check(
            "kvm-q35",
            ALL,
            r"
<domain type='kvm'>
  <memoryBacking>
    <hugepages>
      <page size='5' unit='MiB'/>
                  ^ error[hugepages-size-absent]: this host has no pages of 5 MiB, only of 4 KiB, 2 MiB, 1 GiB
                  | capabilities.xml: page sizes: 4 KiB, 2 MiB, 1 GiB
    </hugepages>
  </memoryBacking>
  <devices>
    <memory model='dimm'>
      <source>
        <pagesize unit='KiB'>64</pagesize>
                             ^^ error[hugepages-size-absent]: this host has no pages of 64 KiB, only of 4 KiB, 2 MiB, 1 GiB
                             | capabilities.xml: page sizes: 4 KiB, 2 MiB, 1 GiB
      </source>
    </memory>
  </devices>
</domain>",
        );
    }

    #[test]
    fn an_empty_pool_is_told() {
        check(
            "kvm-q35",
            ALL,
            r"
<domain type='kvm'>
  <memoryBacking>
    <hugepages>
      <page size='2' unit='MiB'/>
                  ^ warning[hugepages-unreserved]: this host has reserved no pages of 2 MiB: the guest's memory will not fit
                  | capabilities.xml: none are reserved
    </hugepages>
  </memoryBacking>
</domain>",
        );
        check(
            "kvm-q35",
            ALL,
            r"
<domain type='kvm'>
  <memoryBacking>
    <hugepages/>
     ^^^^^^^^^ warning[hugepages-unreserved]: this host has reserved no huge pages of any size: the guest's memory will not fit
     | capabilities.xml: none are reserved
  </memoryBacking>
</domain>",
        );
    }

    #[test]
    fn the_ordinary_page_size_is_silent() {
        let with = |page| format!("<domain type='kvm'><memoryBacking><hugepages>{page}</hugepages></memoryBacking></domain>");
        for page in ["<page size='4'/>", "<page size='4096' unit='b'/>", "<page size='4' unit='foo'/>"] {
            assert!(!codes("kvm-q35", &with(page)).iter().any(|code| code.starts_with("hugepages-")), "{page}");
        }
    }
}

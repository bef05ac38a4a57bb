//! `<vcpu>`: the maximum against what machine and hypervisor carry.

pub mod each;
pub mod topology;

use super::{Facts, Findings, Kind, Need, Rule, page};
use crate::caps::Version;
use crate::edit;
use crate::finding::{Effect, Phase};
use crate::xml::{Attr, Node};

const DOCS: &str = "https://libvirt.org/formatdomain.html#cpu-allocation";

/// The rules.
pub const RULES: &[Rule] = &[
    Rule {
        needs: &[Need::DomainCapabilities],
        ..Rule::define("vcpu-above-machine-limit", &["domain/vcpu"], limit, page!("vcpu/vcpu-above-machine-limit.md"), DOCS)
    },
    Rule::define("vcpu-needs-iommu", &["domain/vcpu"], iommu, page!("vcpu/vcpu-needs-iommu.md"), DOCS),
];

/// From this many on, a PC needs interrupts that only an IOMMU in extended mode carries.
const PLAIN: u32 = 255;

/// The number of a KVM document is the lower of the machine's limit, which refuses at define, and KVM's, which refuses at start.
fn limit(facts: &Facts, node: Node, findings: &mut Findings) {
    let (Some(text), Some(source)) = (node.text(), facts.sources.domain_caps.filter(|_| facts.qemu())) else { return };
    let Some(max) = &source.said.vcpu_max else { return };
    let Some(asked) = text.value.parse::<u32>().ok().filter(|asked| *asked > max.value) else { return };
    let own = facts.subject.machine().and_then(|name| machine_limit(facts, name));
    let fits = own.is_some_and(|own| asked <= own);
    let of_kvm = facts.subject.domain_type() == Some("kvm") && own.is_none_or(|own| asked <= own);
    // the document may be for an older version of the machine that carries less
    let of_other = facts.family_only() && facts.machine().and_then(|name| machine_limit(facts, name)) == Some(max.value);
    if fits && (of_other || !of_kvm) {
        return;
    }
    let carries = if of_kvm { "KVM" } else { "the machine" };
    let finding = findings.at(text.span, format!("{asked} vCPUs are more than {carries} carries here, which is {}", max.value)).evidence(
        source.id,
        max.span,
        format!("at most {}", max.value),
    );
    if of_kvm {
        finding.phase(Phase::Start);
    }
    if facts.family_only() {
        finding.likely();
    }
    finding.fix(format!("Use {}", max.value), Effect::ChangesGuest, vec![edit::replace(text.span, &max.value.to_string())]);
}

/// The limit of a machine, where the host's capabilities tell.
fn machine_limit(facts: &Facts, name: &str) -> Option<u32> {
    let guests = &facts.sources.host_caps?.said.guests;
    let guests = guests.iter().filter(|guest| guest.arch.as_ref().is_some_and(|arch| Some(arch.value.as_str()) == facts.arch()));
    let machines = guests.flat_map(|guest| guest.domains.iter().flat_map(|domain| &domain.machines).chain(&guest.machines));
    machines.filter(|known| known.name.value == name).find_map(|known| known.max_cpus.as_ref()).map(|max| max.value)
}

/// libvirt adds the IOMMU since 10.10.0, or switches its extended mode on, says its news; where something speaks against that it refuses
/// as before: tried on 9.0.0, 11.3.0 and 12.8.0.
fn iommu(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(text) = node.text().filter(|_| facts.qemu() && facts.x86()) else { return };
    let Some(asked) = text.value.parse::<u32>().ok().filter(|asked| *asked > PLAIN) else { return };
    let listed = facts.sources.domain_caps.and_then(|source| source.said.vcpu_max.as_ref()).map(|max| max.value);
    let limit = listed.or_else(|| machine_limit(facts, facts.machine()?));
    let option = |iommu: Node<'_>, name: &str, value: &str| iommu.child("driver").is_some_and(|driver| driver.value(name) == Some(value));
    let mut all = facts.whole.all(Kind::Iommu);
    let extended = all.clone().any(|iommu| option(iommu, "eim", "on"));
    if limit.is_some_and(|limit| asked > limit) || extended {
        return;
    }
    if facts.machine().is_some() && !facts.machine_is("q35") {
        findings.at(text.span, format!("only the `q35` machine carries more than {PLAIN} vCPUs"));
        return;
    }
    let intel = |iommu: &Node<'_>| iommu.value("model") == Some("intel");
    if facts.before(Version(10, 10, 0)) {
        findings.at(text.span, format!("more than {PLAIN} vCPUs need an `<iommu>` with `eim='on'`, which this libvirt does not add"));
    // where the remapping is asked for, it is told there; 12.8.0 takes one of `virtio` with `xtsup`
    } else if let Some(kvm) =
        apic_of_kvm(facts).filter(|_| !all.clone().any(|iommu| option(iommu, "intremap", "on") || option(iommu, "xtsup", "on")))
    {
        findings.at(kvm.value_span(), format!("more than {PLAIN} vCPUs need the I/O APIC in QEMU"));
    } else if let Some(iommu) = all.clone().filter(intel).find(|iommu| option(*iommu, "intremap", "off")) {
        findings
            .at(text.span, format!("more than {PLAIN} vCPUs need interrupts to be remapped"))
            .related(iommu.name_span(), "the IOMMU does not");
    // 12.8.0 takes them so, 11.3.0 does not; nothing dates that for these models
    } else if let Some(iommu) = all.find(|iommu| facts.before(Version(11, 3, 1)) && (option(*iommu, "eim", "off") || !intel(iommu))) {
        findings
            .at(text.span, format!("more than {PLAIN} vCPUs need an `<iommu>` of the model `intel` with `eim='on'`"))
            .related(iommu.name_span(), "this is another");
    }
}

fn apic_of_kvm<'a>(facts: &Facts<'a>) -> Option<Attr<'a>> {
    let driver = facts.whole.features?.child("ioapic")?.attr("driver")?;
    (driver.value() == "kvm" && facts.subject.domain_type() == Some("kvm")).then_some(driver)
}

#[cfg(test)]
mod tests {
    use crate::Options;
    use crate::caps::Version;
    use crate::support::{check_in, host_with, mended_in};

    const CODES: &[&str] = &["vcpu-above-machine-limit", "vcpu-needs-iommu"];

    #[test]
    fn more_than_the_machine_is_refused_at_define() {
        let fixture = r#"
<vcpu current='4'>256</vcpu>
                  ^^^ error[vcpu-above-machine-limit]: 256 vCPUs are more than the machine carries here, which is 255
                  | domcaps.xml: at most 255
                  | fix: Use 255 (changes guest)
"#;
        check_in("qemu-pc", "", CODES, fixture);
        let mended = mended_in("qemu-pc", "", "vcpu-above-machine-limit", fixture);
        assert_eq!(mended, "- <vcpu current='4'>256</vcpu>\n+ <vcpu current='4'>255</vcpu>");
    }

    #[test]
    fn more_than_kvm_alone_is_refused_at_start() {
        let fixture = r#"
<vcpu>1025</vcpu>
      ^^^^ error[vcpu-above-machine-limit]: 1025 vCPUs are more than KVM carries here, which is 1024
      | domcaps.xml: at most 1024
      | fix: Use 1024 (changes guest)
"#;
        assert_eq!(check_in("kvm-q35", "", CODES, fixture), ["start"]);
    }

    #[test]
    fn another_version_of_the_machine_is_only_likely() {
        let fixture = r#"
<domain type='kvm'>
  <vcpu>1025</vcpu>
        ^^^^ warning[vcpu-above-machine-limit]: 1025 vCPUs are more than KVM carries here, which is 1024
        | domcaps.xml: at most 1024
        | fix: Use 1024 (changes guest)
  <os><type arch='x86_64' machine='pc-q35-9.1'>hvm</type></os>
</domain>
"#;
        assert_eq!(check_in("kvm-q35", "", CODES, fixture), ["start"]);
    }

    #[test]
    fn what_the_machine_carries_is_fine() {
        let fixture = "<vcpu>1024</vcpu>";
        check_in("kvm-q35", "", CODES, fixture);
    }

    #[test]
    fn many_need_an_iommu_that_9_0_0_does_not_add() {
        let fixture = r#"
<vcpu>280</vcpu>
      ^^^ error[vcpu-needs-iommu]: more than 255 vCPUs need an `<iommu>` with `eim='on'`, which this libvirt does not add
"#;
        check_in("9.0.0:qemu-q35", "", CODES, fixture);
    }

    #[test]
    fn what_speaks_against_an_iommu_is_told() {
        let with = |vcpu: &str, iommu: &str| format!("<vcpu>280</vcpu>\n{vcpu}<devices>\n{iommu}\n</devices>");
        let mark = "      ^^^ error[vcpu-needs-iommu]: more than 255 vCPUs need interrupts to be remapped\n";
        check_in("kvm-q35", "", CODES, &with(mark, "<iommu model='intel'>\n<driver intremap='off'/>\n</iommu>"));
        for iommu in ["", "<iommu model='intel'/>", "<iommu model='virtio'/>", "<iommu model='intel'>\n<driver eim='off'/>\n</iommu>"] {
            check_in("kvm-q35", "", CODES, &with("", iommu));
        }
        let apic = "<vcpu>280</vcpu>\n<features>\n<ioapic driver='kvm'/>\n                ^^^ error[vcpu-needs-iommu]: more than 255 vCPUs need the I/O APIC in QEMU\n</features>";
        check_in("kvm-q35", "", CODES, apic);
        let options = Options { libvirt: Version::parse("11.3.0"), ..Options::default() };
        let xml = "<domain type='kvm'><os><type arch='x86_64' machine='q35'>hvm</type></os><vcpu>280</vcpu><devices><iommu model='virtio'/></devices></domain>";
        let told = host_with("none", options).check(xml, None);
        assert!(told.findings.iter().any(|finding| finding.code == "vcpu-needs-iommu"));
    }
}

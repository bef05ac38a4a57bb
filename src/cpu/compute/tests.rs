use super::*;
use crate::caps::cpus;
use crate::cpu::map::built_in;
use crate::text::Limits;
use crate::xml;

/// Reads CPUs, asks, and draws the answer with its steps.
fn with<T>(texts: &[&str], ask: impl FnOnce(Vec<Definition>, &mut Trace) -> T) -> (T, Vec<String>) {
    let documents: Vec<_> = texts.iter().map(|text| xml::read(text, &Limits::default()).unwrap()).collect();
    let read: Vec<_> = documents.iter().flat_map(|document| cpus(document.root())).collect();
    let mut trace = Trace::on();
    let answer = ask(read.iter().map(Definition::of).collect(), &mut trace);
    (answer, trace.into_steps())
}

fn host(model: &str, vendor: &str, features: &[&str]) -> String {
    let features: String = features.iter().map(|name| format!("<feature name='{name}'/>")).collect();
    let vendor = if vendor.is_empty() { String::new() } else { format!("<vendor>{vendor}</vendor>") };
    format!("<cpu><arch>x86_64</arch><model>{model}</model>{vendor}{features}</cpu>")
}

#[track_caller]
fn compares(arch: Arch, host: &str, cpu: &str) -> String {
    let (answer, _) = with(&[host, cpu], |cpus, trace| match compare(built_in(), arch, &cpus[0], &cpus[1], trace) {
        Ok(compared) => {
            let lists = [("missing", compared.missing), ("forbidden", compared.forbidden), ("extra", compared.extra)];
            let named = lists.iter().filter(|(_, names)| !names.is_empty()).map(|(what, names)| format!(" {what} {}", names.join(" ")));
            compared.result.word().to_owned() + &named.collect::<String>()
        }
        Err(refused) => refused.to_string(),
    });
    answer
}

#[test]
fn a_host_has_what_a_cpu_requires_or_lacks_it() {
    let nehalem = host("Nehalem", "Intel", &["aes"]);
    let compares = |cpu: &str| compares(Arch::X86, &nehalem, cpu);
    assert_eq!(compares(&nehalem), "identical");
    assert_eq!(compares("<cpu><model>Penryn</model></cpu>"), "superset");
    assert_eq!(compares("<cpu><model>Penryn</model><feature name='avx'/></cpu>"), "incompatible missing avx");
    assert_eq!(compares("<cpu><model>Penryn</model><feature name='avx' policy='force'/></cpu>"), "superset");
    assert_eq!(compares("<cpu><model>Penryn</model><feature name='aes' policy='forbid'/></cpu>"), "incompatible forbidden aes");
    assert_eq!(compares("<cpu><model>Penryn</model><feature name='avx' policy='optional'/></cpu>"), "superset");
    assert_eq!(compares("<cpu match='strict'><model>Nehalem</model></cpu>"), "incompatible extra aes");
    assert_eq!(compares("<cpu><model>Penryn</model><vendor>AMD</vendor></cpu>"), "incompatible");
    assert_eq!(compares("<cpu><arch>ppc64</arch><model>POWER8</model></cpu>"), "incompatible");
    assert_eq!(compares("<cpu><model>Foo</model></cpu>"), "libvirt does not know the model `Foo`");
    assert_eq!(compares("<cpu><model>486</model><feature name='foo'/></cpu>"), "libvirt does not know the feature `foo`");
    assert_eq!(self::compares(Arch::X86, "<cpu mode='host-model'/>", &nehalem), "incompatible");
}

#[test]
fn ppc64_runs_its_own_model_or_an_older_mode() {
    let power9 = "<cpu><arch>ppc64</arch><model>POWER9</model><vendor>IBM</vendor></cpu>";
    let compares = |cpu: &str| compares(Arch::Ppc64, power9, cpu);
    assert_eq!(compares("<cpu><model>POWER9</model></cpu>"), "identical");
    assert_eq!(compares("<cpu><model>POWER8</model></cpu>"), "incompatible");
    assert_eq!(compares("<cpu><model>POWER7_v2.1</model></cpu>"), "incompatible");
    assert_eq!(compares("<cpu mode='host-model'><model>power8</model></cpu>"), "identical");
    assert_eq!(compares("<cpu mode='host-model'/>"), "identical");
    assert_eq!(compares("<cpu mode='host-model'><model>power10</model></cpu>"), "incompatible");
    assert_eq!(compares("<cpu mode='host-model'><model>power12</model></cpu>"), "there is no compatibility mode `power12`");
    assert_eq!(compares("<cpu><model>POWER9</model><vendor>Freescale</vendor></cpu>"), "incompatible");
}

#[test]
fn arm_compares_hosts_and_s390x_nothing() {
    let of = |model: &str| format!("<cpu><arch>aarch64</arch><model>{model}</model><vendor>ARM</vendor></cpu>");
    assert_eq!(compares(Arch::Arm, &of("Neoverse-N1"), &of("Neoverse-N1")), "identical");
    assert_eq!(compares(Arch::Arm, &of("Neoverse-N1"), &of("Neoverse-N2")), "incompatible");
    assert_eq!(compares(Arch::Arm, &of("Neoverse-N1"), "<cpu><model>cortex-a57</model></cpu>"), "identical");
    assert_eq!(compares(Arch::S390x, "<cpu><arch>s390x</arch><model>z13</model></cpu>", "<cpu><model>z14</model></cpu>"), "identical");
    assert_eq!(Arch::of("sparc").unwrap_err().to_string(), "libvirt computes nothing for CPUs of `sparc`");
}

#[track_caller]
fn updated(arch: Arch, host: &str, guest: &str) -> String {
    let (answer, _) = with(&[host, guest], |mut cpus, trace| {
        let mut guest = cpus.remove(1);
        match update(built_in(), arch, &mut guest, Some(&cpus[0]), trace) {
            Ok(()) => guest.xml().replace("\n  ", ""),
            Err(refused) => refused.to_string(),
        }
    });
    answer
}

#[test]
fn a_guest_takes_what_depends_on_the_host() {
    let penryn = host("Penryn", "Intel", &["vmx"]);
    assert_eq!(
        updated(
            Arch::X86,
            &penryn,
            "<cpu mode='host-model'><model vendor_id='AuthenticFoo'/><feature name='avx' policy='optional'/></cpu>"
        ),
        "<cpu mode='custom' match='exact'><model fallback='allow' vendor_id='AuthenticFoo'>Penryn</model><vendor>Intel</vendor>\
         <feature policy='require' name='vmx'/><feature policy='disable' name='avx'/>\n</cpu>"
    );
    assert_eq!(
        updated(
            Arch::X86,
            &penryn,
            "<cpu match='minimum'><model fallback='forbid'>Conroe</model><feature name='vmx' policy='optional'/></cpu>"
        ),
        "<cpu mode='custom' match='exact'><model fallback='forbid'>Penryn</model><feature policy='require' name='vmx'/>\n</cpu>"
    );
    assert_eq!(
        updated(Arch::X86, &penryn, "<cpu match='strict'><model>Skylake-Server</model></cpu>"),
        "<cpu mode='custom' match='strict'><model fallback='allow'>Skylake-Server</model><feature policy='disable' name='mpx'/>\n</cpu>"
    );
    let whole = "<cpu mode='host-passthrough' migratable='off'/>";
    assert_eq!(updated(Arch::X86, &penryn, whole), whole);
}

#[test]
fn other_architectures_update_little() {
    let z13 = "<cpu><arch>s390x</arch><model>z13</model><feature name='te'/></cpu>";
    assert_eq!(
        updated(Arch::S390x, z13, "<cpu mode='host-model'><feature name='te' policy='disable'/></cpu>"),
        "<cpu mode='custom' match='exact'><model fallback='allow'>z13</model><feature policy='disable' name='te'/>\n</cpu>"
    );
    assert_eq!(updated(Arch::S390x, z13, "<cpu match='minimum'><model>z13</model></cpu>"), "s390x takes no `match='minimum'`");
    let optional = "<cpu><model>z13</model><feature name='te' policy='optional'/></cpu>";
    assert_eq!(updated(Arch::S390x, z13, optional), "s390x takes no optional features");
    let power = "<cpu mode='host-model'><model fallback='allow'>power7</model></cpu>";
    assert_eq!(updated(Arch::Ppc64, z13, power), "<cpu mode='host-model'><model fallback='allow'>power7</model>\n</cpu>");
}

#[test]
fn a_model_that_the_hypervisor_does_not_know_becomes_the_closest() {
    let translated = |cpu: &str, known: &[&str]| {
        let known: Vec<_> = known.iter().map(|name| KnownModel { name, blockers: vec![] }).collect();
        let (answer, _) = with(&[cpu], |mut cpus, trace| match translate(built_in(), Arch::X86, &mut cpus[0], Some(&known), trace) {
            Ok(()) => cpus[0].xml().replace("\n  ", ""),
            Err(refused) => refused.to_string(),
        });
        answer
    };
    assert_eq!(
        translated("<cpu><model>Penryn</model></cpu>", &["Conroe", "486"]),
        "<cpu mode='custom' match='exact'><model fallback='allow'>Conroe</model><feature policy='require' name='cx16'/>\
         <feature policy='require' name='sse4.1'/>\n</cpu>"
    );
    let same = "<cpu mode='custom' match='exact'><model fallback='allow'>486</model>\n</cpu>";
    assert_eq!(translated("<cpu><model>486</model></cpu>", &["486"]), same);
    let forbidden = translated("<cpu><model fallback='forbid'>Penryn</model></cpu>", &["486"]);
    assert_eq!(forbidden, "the hypervisor does not know `Penryn`, and no other model may take its place");
    assert_eq!(translated("<cpu><model>Penryn</model></cpu>", &["max"]), "no model that the hypervisor knows is like it");
    assert!(!translated("<cpu><model>Haswell</model></cpu>", &["IvyBridge", "Haswell-noTSX"]).contains("hle"));
}

#[track_caller]
fn common(cpus: &[&str], wanted: &Baseline) -> String {
    let (answer, _) = with(cpus, |cpus, trace| match baseline(built_in(), Arch::X86, &cpus, wanted, trace) {
        Ok(common) => common.xml().replace("\n  ", ""),
        Err(refused) => refused.to_string(),
    });
    answer
}

#[test]
fn several_cpus_share_a_model_and_features() {
    let (penryn, nehalem) = (host("Penryn", "Intel", &["aes", "invtsc"]), host("Nehalem", "Intel", &["aes", "invtsc"]));
    let plain = Baseline::default();
    assert_eq!(
        common(&[&penryn, &nehalem], &plain),
        "<cpu mode='custom' match='exact'><model fallback='allow'>Penryn</model><vendor>Intel</vendor>\
         <feature policy='require' name='aes'/><feature policy='require' name='invtsc'/>\n</cpu>"
    );
    let migratable = common(&[&penryn, &nehalem], &Baseline { migratable: true, ..Baseline::default() });
    assert!(migratable.contains("'aes'") && !migratable.contains("'invtsc'"));
    let expanded = common(&[&penryn], &Baseline { expanded: true, ..Baseline::default() });
    assert!(expanded.contains("<model fallback='forbid'>Penryn</model><vendor>Intel</vendor><feature policy='require' name='aes'/>"));
    assert!(expanded.contains("name='ssse3'"));
    let unnamed = common(&[&nehalem, &host("Penryn", "", &[])], &plain);
    assert!(unnamed.contains(">Penryn</model>\n</cpu>"), "a vendor that not all name is not told: {unnamed}");
    let amd = host("Opteron_G1", "AMD", &[]);
    assert_eq!(common(&[&penryn, &amd], &plain), "the CPUs are of different vendors");
    assert_eq!(common(&[&penryn, &host("Nehalem", "AMD", &[])], &plain), "a model of `Intel` is said to be of `AMD`");
    assert_eq!(common(&[&host("486", "Foo", &[])], &plain), "libvirt does not know the vendor `Foo`");
    assert_eq!(common(&["<cpu mode='host-model'/>"], &plain), "CPU 1 names no model");
    assert_eq!(
        common(&[&penryn], &Baseline { features: Some(FeatureSet::default()), ..Baseline::default() }),
        "the CPUs have nothing in common"
    );
}

#[test]
fn s390x_goes_by_the_static_models_of_the_hypervisor() {
    let of = |model: &str, feature: &str| format!("<cpu><model>{model}</model><feature name='{feature}'/><feature name='te'/></cpu>");
    let (older, newer) = (of("gen15a-base", "vx"), of("gen16a-base", "nnpa"));
    let known = ["gen15a-base", "gen16a-base"].map(KnownModel::named);
    let asked = |arch, wanted: &Baseline| {
        let (answer, steps) = with(&[&older, &newer], |cpus, trace| baseline(built_in(), arch, &cpus, wanted, trace).map(|cpu| cpu.xml()));
        (answer.map_or_else(|refused| refused.to_string(), |xml| xml.replace("\n  ", "")), steps)
    };
    let of_hypervisor = Baseline { models: Some(&known), ..Baseline::default() };
    let (xml, steps) = asked(Arch::S390x, &of_hypervisor);
    let common =
        "<cpu mode='custom' match='exact'><model fallback='allow'>gen15a-base</model><feature policy='require' name='te'/>\n</cpu>";
    assert_eq!((xml.as_str(), steps.len()), (common, 1));
    assert_eq!(asked(Arch::S390x, &Baseline::default()).0, "on s390x only QEMU computes what CPUs have in common");
    let expanded = Baseline { expanded: true, ..of_hypervisor.clone() };
    assert_eq!(asked(Arch::S390x, &expanded).0, "on s390x only QEMU names all that a model stands for");
    let one = Baseline { models: Some(&known[..1]), ..Baseline::default() };
    assert_eq!(asked(Arch::S390x, &one).0, "the hypervisor does not know `gen16a-base`");
    for arch in [Arch::Ppc64, Arch::Arm] {
        assert_eq!(asked(arch, &of_hypervisor).0, "for a hypervisor libvirt computes that on x86 and s390x alone");
    }
}

#[test]
fn the_steps_are_told() {
    let (_, steps) = with(&[&host("Nehalem", "Intel", &[]), &host("Penryn", "Intel", &[])], |cpus, trace| {
        baseline(built_in(), Arch::X86, &cpus, &Baseline::default(), trace).unwrap();
    });
    assert_eq!(steps, ["2 CPUs have 29 features in common", "`Penryn` describes it best, with 0 features required and 0 disabled",]);
}

#[test]
fn a_cpu_has_features_or_not() {
    let has = |arch, feature: &str| {
        let (answer, _) = with(&[&host("Nehalem", "Intel", &["aes"])], |cpus, _| has_feature(built_in(), arch, &cpus[0], feature));
        answer.map_err(|refused| refused.to_string())
    };
    assert_eq!((has(Arch::X86, "aes"), has(Arch::X86, "sse4.2"), has(Arch::X86, "avx")), (Ok(true), Ok(true), Ok(false)));
    assert!(has(Arch::X86, "foo").is_err() && has(Arch::Ppc64, "aes").is_err());
    assert_eq!(stands_for(built_in(), Arch::X86, "486"), Ok(vec!["fpu", "vme", "pse"]));
    assert!(stands_for(built_in(), Arch::Ppc64, "POWER9").is_ok() && stands_for(built_in(), Arch::X86, "POWER9").is_err());
}

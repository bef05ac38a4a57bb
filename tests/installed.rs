//! Against the libvirt that is installed, where one is: what CPUs have in common, whether a host runs a CPU. By its own CPU map.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, missing_docs)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use virtlens::caps::cpus;
use virtlens::cpu::Definition;
use virtlens::report::CpuError;
use virtlens::text::Limits;
use virtlens::{BaselineOptions, Workspace, xml};

const MAP: &str = "/usr/share/libvirt/cpu_map";
const CPUS: usize = 200;

/// What a real libvirt answers; none where it refuses.
fn virsh(arguments: &[&str]) -> Option<String> {
    let run = Command::new("virsh").args(["-c", "qemu:///system"]).args(arguments).output().ok()?;
    run.status.success().then(|| String::from_utf8(run.stdout).expect("UTF-8"))
}

/// A workspace with the installed map; none where no libvirt with a QEMU driver answers.
fn installed() -> Option<Workspace> {
    virsh(&["version"])?;
    let mut workspace = Workspace::default();
    for entry in std::fs::read_dir(MAP).ok()?.flatten().filter(|entry| entry.path().extension().is_some_and(|end| end == "xml")) {
        let text = std::fs::read_to_string(entry.path()).ok()?;
        // the folder holds files of other purposes too
        let _ = workspace.add_document(&entry.path().display().to_string(), text, None);
    }
    workspace.map(None).ok()?;
    Some(workspace)
}

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }
}

/// A host's CPU: a model with some features of the map.
fn random_host(workspace: &Workspace, numbers: &mut Numbers) -> String {
    let map = &workspace.map(None).unwrap().x86;
    let model = &map.models[numbers.below(map.models.len())];
    let vendor = map.vendor(model.vendor).filter(|_| numbers.below(4) > 0);
    let vendor = vendor.map(|name| format!("<vendor>{name}</vendor>")).unwrap_or_default();
    let picked: BTreeSet<usize> = (0..numbers.below(14)).map(|_| numbers.below(map.features.len())).collect();
    let features: String = picked.into_iter().map(|number| format!("<feature name='{}'/>", map.features[number].name)).collect();
    format!("<cpu><arch>x86_64</arch><model>{}</model>{vendor}{features}</cpu>", model.name)
}

/// What a CPU says, whatever its order; features that libvirt never hands to QEMU aside.
type Said = (Option<String>, Option<String>, bool, BTreeSet<(String, &'static str)>);

fn said(text: &str) -> Said {
    let document = xml::read(text, &Limits::default()).unwrap_or_else(|finding| panic!("{}: {text}", finding.message));
    let read = cpus(document.root()).swap_remove(0);
    let cpu = Definition::of(&read);
    let left_out = |name: &str| virtlens::cpu::names::NEVER_PASSED.contains(&name);
    let features = cpu.features.iter().filter(|feature| !left_out(feature.name));
    let features = features.map(|feature| (feature.name.to_owned(), feature.policy.word())).collect();
    (cpu.model.map(str::to_owned), cpu.vendor.map(str::to_owned), cpu.fallback_forbidden, features)
}

fn file(name: &str, texts: &[String]) -> PathBuf {
    let path = std::env::temp_dir().join(format!("virtlens-installed-{}-{name}.xml", std::process::id()));
    std::fs::write(&path, texts.join("\n")).unwrap();
    path
}

/// Asks both, and collects where they differ.
fn differences(workspace: &Workspace, asked: &[&str], options: BaselineOptions) -> Vec<String> {
    let (mut numbers, mut differing, mut agreed) = (Numbers(7), Vec::new(), 0);
    for round in 0..CPUS {
        let texts: Vec<_> = (0..2 + numbers.below(3)).map(|_| random_host(workspace, &mut numbers)).collect();
        let path = file(asked[0], &texts);
        let real = virsh(&[asked, &[path.to_str().unwrap()]].concat());
        let _ = std::fs::remove_file(path);
        let texts: Vec<_> = texts.iter().map(String::as_str).collect();
        let ours = match workspace.baseline_cpu(&texts, options, None) {
            Ok(computed) => Some(computed.xml),
            Err(CpuError::Refused(..)) => None,
            Err(error) => panic!("{error}"),
        };
        let (real, ours) = (real.as_deref().map(said), ours.as_deref().map(said));
        agreed += usize::from(real.is_some());
        if real != ours {
            differing.push(format!("{round}: {}\n  libvirt {real:?}\n  virtlens {ours:?}", texts.join(" ")));
        }
    }
    assert!(agreed > CPUS / 10, "too few CPUs have anything in common: {agreed}");
    differing
}

#[test]
fn baselines_are_those_of_the_installed_libvirt() {
    let Some(workspace) = installed() else { return };
    for (flags, options) in [
        (&["cpu-baseline"][..], BaselineOptions::default()),
        (
            &["cpu-baseline", "--features", "--migratable"],
            BaselineOptions { expanded: true, migratable: true, ..BaselineOptions::default() },
        ),
    ] {
        let differing = differences(&workspace, flags, options);
        assert!(differing.is_empty(), "{} of {CPUS} differ:\n{}", differing.len(), differing.join("\n"));
    }
}

#[test]
fn baselines_for_a_hypervisor_are_those_of_the_installed_libvirt() {
    let Some(workspace) = installed() else { return };
    let about = ["--virttype", "qemu", "--arch", "x86_64"];
    let Some(domain_caps) = virsh(&[&["domcapabilities"], &about[..]].concat()) else { return };
    let options = BaselineOptions { hypervisor: Some(&domain_caps), ..BaselineOptions::default() };
    let differing = differences(&workspace, &[&["hypervisor-cpu-baseline"], &about[..]].concat(), options);
    // Before 10.9.0 no document holds QEMU's own blockers: libvirt's models of the map stand for other features than QEMU's of the
    // same name (IvyBridge has `vme` there, Dhyana lacks `svm`), which weighs where two models are about as close.
    let explained = if domain_caps.contains("<blockers") { 0 } else { CPUS / 20 };
    assert!(differing.len() <= explained, "{} of {CPUS} differ:\n{}", differing.len(), differing.join("\n"));
}

#[test]
fn the_installed_map_is_whole() {
    if !Path::new(MAP).exists() {
        return;
    }
    let Some(workspace) = installed() else { return };
    let map = workspace.map(None).unwrap();
    assert!(map.x86.models.len() > 50 && map.x86.features.len() > 100 && !map.ppc64.models.is_empty());
}

//! One domain on several hosts: where it starts, and why not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, missing_docs)]

mod support;

use virtlens::cpu::Startable::{No, Unknown, Yes};
use virtlens::finding::Severity;
use virtlens::report::{HostsReport, OnHost};
use virtlens::{Options, Workspace};

/// Hosts by name, each as one of the captures that tests go by.
fn hosts(hosts: &[(&str, &str)]) -> Workspace {
    hosts_with(hosts, Options::default())
}

fn hosts_with(hosts: &[(&str, &str)], options: Options) -> Workspace {
    let mut workspace = Workspace::new(options);
    for (host, capture) in hosts {
        for document in support::host(capture).documents() {
            workspace.add_document(&format!("{host}/{}", document.name), document.text.clone(), Some(host)).unwrap();
        }
    }
    workspace
}

fn domain(cpu: &str, devices: &str) -> String {
    let os = "<os><type arch='x86_64' machine='q35'>hvm</type></os>";
    format!("<domain type='kvm'><name>a</name><memory>1048576</memory>{os}{cpu}<devices>{devices}</devices></domain>")
}

fn on<'a>(report: &'a HostsReport, host: &str) -> &'a OnHost {
    report.hosts.iter().find(|on| on.host == host).unwrap_or_else(|| panic!("no {host} in {report:?}"))
}

#[test]
fn each_host_gives_its_own_cpu() {
    let report = hosts(&[("new", "kvm-q35"), ("old", "9.0.0:kvm-q35")]).hosts(&domain("<cpu mode='host-model'/>", ""), None).unwrap();
    let names: Vec<_> = report.hosts.iter().map(|on| (on.host.as_str(), on.cpu.model.as_deref(), on.startable)).collect();
    assert_eq!(names, [("new", Some("EPYC-Genoa"), Yes), ("old", Some("kvm64"), Yes)]);
    assert_eq!((on(&report, "new").why.as_deref(), on(&report, "new").required + on(&report, "new").disabled), (None, 72));
}

#[test]
fn what_refuses_it_is_told_by_the_first_of_all_reasons() {
    let disk = "<disk type='file' device='disk'><source file='/a'/><target dev='hda' bus='ide'/></disk>";
    let xml = domain("<cpu><model>No-Such-Model</model></cpu>", disk);
    let report = hosts(&[("alpha", "kvm-q35")]).hosts(&xml, None).unwrap();
    let alpha = on(&report, "alpha");
    assert_eq!((alpha.startable, alpha.codes.len()), (No, 2), "{alpha:?}");
    assert!(alpha.why.as_deref().unwrap().ends_with("(and 1 more reason)"), "{alpha:?}");
    let off = Options { severity: alpha.codes.iter().map(|code| ((*code).to_owned(), None)).collect(), ..Options::default() };
    assert!(on(&hosts_with(&[("alpha", "kvm-q35")], off).hosts(&xml, None).unwrap(), "alpha").codes.is_empty());
    let mild =
        Options { severity: alpha.codes.iter().map(|code| ((*code).to_owned(), Some(Severity::Hint))).collect(), ..Options::default() };
    assert_eq!(on(&hosts_with(&[("alpha", "kvm-q35")], mild).hosts(&xml, None).unwrap(), "alpha"), alpha);
}

#[test]
fn one_host_says_nothing_about_another() {
    let report = hosts(&[("x86", "kvm-q35"), ("arm", "aarch64")]).hosts(&domain("<cpu mode='host-model'/>", ""), None).unwrap();
    assert_eq!((on(&report, "x86").startable, on(&report, "arm").startable), (Yes, Unknown));
    let why = on(&report, "arm").why.as_deref().unwrap();
    assert!(why.contains("`virsh domcapabilities --virttype kvm --arch x86_64 --machine q35` prints them"), "{why}");
}

#[test]
fn a_machine_of_another_version_is_not_sure_to_be_known() {
    let xml = domain("<cpu mode='host-model'/>", "").replace("'q35'", "'pc-q35-8.2'");
    let report = hosts(&[("told", "9.0.0:kvm-q35"), ("untold", "9.0.0:kvm-q35+bare")]).hosts(&xml, None).unwrap();
    assert_eq!((on(&report, "told").startable, on(&report, "untold").startable), (No, Unknown), "{report:?}");
}

#[test]
fn what_is_no_domain_is_one_finding() {
    assert_eq!(hosts(&[("alpha", "kvm-q35")]).hosts("<network/>", None).unwrap_err().code, "root-not-domain");
    assert!(Workspace::default().hosts(&domain("", ""), None).unwrap().hosts.is_empty());
}

#[test]
fn equal_documents_are_kept_once() {
    let workspace = hosts(&[("alpha", "kvm-q35"), ("beta", "kvm-q35")]);
    let [ours, theirs] =
        ["alpha/domcaps.xml", "beta/domcaps.xml"].map(|name| workspace.documents().iter().find(|document| document.name == name).unwrap());
    assert!(ours.same_text(theirs) && ours.host == "alpha" && theirs.host == "beta");
}

//! Which document speaks for a domain, and what is said of the others.

use virtlens::caps::{Choice, Fit, Loaded, Subject, Versions, choose, load};
use virtlens::text::Limits;

pub fn document(name: &str, host: &str, text: &str) -> Loaded {
    load(name, host, text.to_owned(), &Limits::default()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Domain capabilities in short: `arch type machine emulator`, a `-` for none.
fn caps(name: &str, words: &str) -> Loaded {
    of_host("host", name, words)
}

fn of_host(host: &str, name: &str, words: &str) -> Loaded {
    let elements = ["arch", "domain", "machine", "path"].into_iter().zip(words.split(' ')).filter(|(_, word)| *word != "-");
    let inner: String = elements.map(|(element, word)| format!("<{element}>{word}</{element}>")).collect();
    document(name, host, &format!("<domainCapabilities>{inner}</domainCapabilities>"))
}

/// A domain in short, in the same words.
pub fn domain(words: &str) -> String {
    let mut words = words.split(' ').map(|word| if word == "-" { None } else { Some(word) });
    let mut next = |name: &str| words.next().flatten().map(|word| format!(" {name}='{word}'")).unwrap_or_default();
    let (arch, kind, machine, emulator) = (next("arch"), next("type"), next("machine"), next("x"));
    let emulator = emulator.trim_start_matches(" x='").trim_end_matches('\'');
    let devices = if emulator.is_empty() { String::new() } else { format!("<devices><emulator>{emulator}</emulator></devices>") };
    format!("<domain{kind}><name>a</name><os><type{arch}{machine}>hvm</type></os>{devices}</domain>")
}

pub fn chosen(domain: &str, documents: &[Loaded], host: Option<&str>) -> Choice {
    let tree = virtlens::xml::read(domain, &Limits::default()).unwrap();
    choose(&Subject::of(tree.root()), documents, host, Versions::default())
}

/// The name of the document taken and how it fits.
fn taken<'d>(choice: &Choice, documents: &'d [Loaded]) -> Option<(&'d str, Fit)> {
    choice.domain_caps.map(|(id, fit)| (documents[id.0].name.as_str(), fit))
}

pub fn reasons(choice: &Choice) -> Vec<&str> {
    choice.uses.iter().map(|(_, reason)| reason.as_ref()).collect()
}

pub const HOST: &str = "<capabilities><host><cpu><arch>x86_64</arch></cpu></host>
    <guest><os_type>hvm</os_type><arch name='aarch64'><emulator>/arm</emulator><machine>integratorcp</machine><machine>virt-9.2</machine><machine canonical='virt-9.2'>virt</machine><domain type='qemu'/></arch></guest>
    <guest><os_type>hvm</os_type><arch name='x86_64'><emulator>/x86</emulator><machine>pc-i440fx-9.2</machine><machine canonical='pc-i440fx-9.2'>pc</machine>
      <machine canonical='pc-q35-9.2'>q35</machine><machine>pc-q35-9.2</machine><machine>pc-q35-9.1</machine><machine canonical='pc-q35-noble'>ubuntu-q35</machine><machine>pc-q35-noble</machine>
      <domain type='qemu'/><domain type='kvm'/></arch></guest></capabilities>";

#[test]
fn one_document_fits_or_does_not_and_says_why() {
    // the domain, the document, with capabilities of the host or without, how it fits, the reason
    for (asked, offered, with_host, fit, reason) in [
        ("x86_64 kvm pc-q35-9.2 -", "x86_64 kvm pc-q35-9.2 /x86", false, Some(Fit::Exact), "fits: x86_64, kvm, pc-q35-9.2"),
        ("x86_64 kvm q35 -", "x86_64 kvm pc-q35-9.2 /x86", false, Some(Fit::Exact), "fits: x86_64, kvm, `q35` stands for pc-q35-9.2"),
        ("x86_64 kvm q35 -", "x86_64 kvm pc-q35-9.2 /x86", true, Some(Fit::Exact), "fits: x86_64, kvm, `q35` stands for pc-q35-9.2"),
        (
            "x86_64 kvm q35 -",
            "x86_64 kvm pc-q35-9.1 /x86",
            true,
            Some(Fit::Family),
            "another version of the same machine: `pc-q35-9.1`, the domain asks for `q35`",
        ),
        ("x86_64 kvm pc-q35-9.2 -", "x86_64 kvm q35 /x86", true, Some(Fit::Exact), "fits: x86_64, kvm, `pc-q35-9.2` stands for q35"),
        (
            "x86_64 kvm ubuntu-q35 -",
            "x86_64 kvm pc-q35-noble /x86",
            true,
            Some(Fit::Exact),
            "fits: x86_64, kvm, `ubuntu-q35` stands for pc-q35-noble",
        ),
        (
            "x86_64 kvm ubuntu-q35 -",
            "x86_64 kvm pc-q35-noble /x86",
            false,
            Some(Fit::Family),
            "another version of the same machine: `pc-q35-noble`, the domain asks for `ubuntu-q35`",
        ),
        ("x86_64 kvm pc -", "x86_64 kvm pc-i440fx-9.2 /x86", false, Some(Fit::Exact), "fits: x86_64, kvm, `pc` stands for pc-i440fx-9.2"),
        (
            "x86_64 kvm pc-1.2 -",
            "x86_64 kvm pc-i440fx-9.2 /x86",
            false,
            Some(Fit::Family),
            "another version of the same machine: `pc-i440fx-9.2`, the domain asks for `pc-1.2`",
        ),
        (
            "x86_64 kvm pc-q35-rhel9.4.0 -",
            "x86_64 kvm pc-q35-9.2 /x86",
            true,
            Some(Fit::Family),
            "another version of the same machine: `pc-q35-9.2`, the domain asks for `pc-q35-rhel9.4.0`",
        ),
        ("x86_64 kvm pc -", "x86_64 kvm pc-q35-9.2 /x86", true, None, "for machine `pc-q35-9.2`, this domain is `pc`"),
        ("x86_64 kvm microvm -", "x86_64 kvm pc-q35-9.2 /x86", false, None, "for machine `pc-q35-9.2`, this domain is `microvm`"),
        ("x86_64 kvm q35 -", "x86_64 qemu pc-q35-9.2 /x86", false, None, "for domain type `qemu`, this domain is `kvm`"),
        ("x86_64 qemu q35 -", "aarch64 qemu virt-9.2 /arm", true, None, "for arch `aarch64`, this domain is `x86_64`"),
        ("x86_64 kvm q35 /x86", "x86_64 kvm pc-q35-9.2 /x86", false, Some(Fit::Exact), "fits: x86_64, kvm, `q35` stands for pc-q35-9.2"),
        ("x86_64 kvm q35 /kvm", "x86_64 kvm pc-q35-9.2 /x86", false, None, "for the emulator `/x86`, this domain names `/kvm`"),
        ("x86_64 - q35 -", "x86_64 kvm pc-q35-9.2 /x86", false, None, "the domain names no type"),
        // no machine: the first of the capabilities; without them what libvirt's releases agree on
        (
            "x86_64 kvm - -",
            "x86_64 kvm pc-i440fx-9.2 /x86",
            false,
            Some(Fit::Exact),
            "fits: x86_64, kvm, the default machine `pc` stands for pc-i440fx-9.2",
        ),
        (
            "x86_64 kvm - -",
            "x86_64 kvm pc-i440fx-9.2 /x86",
            true,
            Some(Fit::Exact),
            "fits: x86_64, kvm, the default machine is pc-i440fx-9.2",
        ),
        (
            "x86_64 kvm - -",
            "x86_64 kvm pc-i440fx-9.1 /x86",
            true,
            Some(Fit::Family),
            "another version of the default machine: `pc-i440fx-9.1`, the domain gets `pc-i440fx-9.2`",
        ),
        ("x86_64 kvm - -", "x86_64 kvm pc-q35-9.2 /x86", false, None, "for machine `pc-q35-9.2`, this domain names none and gets `pc`"),
        (
            "s390x kvm - -",
            "s390x kvm s390-ccw-virtio-9.2 /s",
            false,
            Some(Fit::Exact),
            "fits: s390x, kvm, the default machine `s390-ccw-virtio` stands for s390-ccw-virtio-9.2",
        ),
        (
            "aarch64 qemu - -",
            "aarch64 qemu virt-9.2 /arm",
            false,
            Some(Fit::Family),
            "`virt-9.2` may be the default machine: the domain names none",
        ),
        (
            "aarch64 qemu - -",
            "aarch64 qemu virt-9.2 /arm",
            true,
            None,
            "for machine `virt-9.2`, this domain names none and gets `integratorcp`",
        ),
        ("sparc qemu - -", "sparc qemu SS-5 /s", false, Some(Fit::Family), "`SS-5` may be the default machine: the domain names none"),
        // no architecture: the host's; without capabilities what hardware virtualisation tells, else x86_64
        ("- kvm q35 -", "x86_64 kvm pc-q35-9.2 /x86", true, Some(Fit::Exact), "fits: x86_64, kvm, `q35` stands for pc-q35-9.2"),
        ("- qemu virt -", "aarch64 qemu virt-9.2 /arm", true, None, "for arch `aarch64`, this domain is `x86_64`"),
        ("- kvm virt -", "aarch64 kvm virt-9.2 /arm", false, Some(Fit::Exact), "fits: aarch64, kvm, `virt` stands for virt-9.2"),
        ("- qemu virt -", "aarch64 qemu virt-9.2 /arm", false, None, "for arch `aarch64`, this domain is `x86_64`"),
        // what a document does not state stands against nothing
        ("x86_64 bhyve - -", "x86_64 bhyve - /usr/sbin/bhyve", false, Some(Fit::Exact), "fits: x86_64, bhyve"),
    ] {
        let mut documents = vec![caps("d.xml", offered)];
        if with_host {
            documents.push(document("c.xml", "host", HOST));
        }
        let choice = chosen(&domain(asked), &documents, None);
        assert_eq!((choice.domain_caps.map(|(_, fit)| fit), reasons(&choice)[0]), (fit, reason), "{asked} / {offered}");
        assert_eq!(choice.uses[0].0, fit.is_some());
    }
}

#[test]
fn xen_tells_its_machines_by_the_kind_of_guest() {
    let documents = [caps("fv.xml", "x86_64 xen xenfv -"), caps("pv.xml", "x86_64 xen xenpv -")];
    for (kind, name) in [("hvm", "fv.xml"), ("linux", "pv.xml"), ("xen", "pv.xml")] {
        let choice = chosen(&format!("<domain type='xen'><os><type>{kind}</type></os></domain>"), &documents, None);
        assert_eq!(taken(&choice, &documents), Some((name, Fit::Exact)));
    }
}

#[test]
fn of_several_the_more_specific_wins_then_the_later() {
    let both = [caps("a.xml", "x86_64 kvm pc-q35-9.2 /x86"), caps("b.xml", "x86_64 kvm pc-q35-9.1 /x86")];
    let choice = chosen(&domain("x86_64 kvm pc-q35-9.2 -"), &both, None);
    assert_eq!(taken(&choice, &both), Some(("a.xml", Fit::Exact)));
    assert_eq!(
        reasons(&choice)[1],
        "another version of the same machine: `pc-q35-9.1`, the domain asks for `pc-q35-9.2`; `a.xml` fits better"
    );
    // an alias stands for the newest
    assert_eq!(taken(&chosen(&domain("x86_64 kvm q35 -"), &both, None), &both), Some(("a.xml", Fit::Exact)));
    assert_eq!(taken(&chosen(&domain("x86_64 kvm pc-q35-8.0 -"), &both, None), &both), Some(("b.xml", Fit::Family)));
    let twice = [caps("a.xml", "x86_64 kvm pc-q35-9.2 /x86"), caps("b.xml", "x86_64 kvm pc-q35-9.2 /x86")];
    let choice = chosen(&domain("x86_64 kvm pc-q35-9.2 -"), &twice, None);
    assert_eq!(taken(&choice, &twice), Some(("b.xml", Fit::Exact)));
    assert_eq!(reasons(&choice)[0], "fits: x86_64, kvm, pc-q35-9.2; `b.xml` was added later");
}

#[test]
fn hosts_are_kept_apart() {
    let documents = [
        of_host("alpha", "a.xml", "x86_64 kvm pc-q35-9.2 /x86"),
        of_host("beta", "b.xml", "x86_64 kvm pc-q35-9.2 /x86"),
        document("c.xml", "alpha", HOST),
    ];
    let asked = domain("x86_64 kvm q35 -");
    let last = chosen(&asked, &documents, None);
    assert_eq!((last.host.as_deref(), taken(&last, &documents)), (Some("alpha"), Some(("a.xml", Fit::Exact))));
    assert_eq!(last.host_caps.map(|id| id.0), Some(2));
    let named = chosen(&asked, &documents, Some("beta"));
    assert_eq!((named.host.as_deref(), taken(&named, &documents), named.host_caps), (Some("beta"), Some(("b.xml", Fit::Exact)), None));
    assert_eq!(reasons(&named)[0], "of host `alpha`, this check is by host `beta`");
    let none = chosen(&asked, &documents, Some("gamma"));
    assert_eq!((none.domain_caps, none.uses.iter().any(|(used, _)| *used)), (None, false));
    assert_eq!(chosen(&asked, &[], None).host, None);
}

#[test]
fn documents_of_the_same_emulator_are_kept_at_hand() {
    let documents = [
        caps("type.xml", "x86_64 qemu pc-q35-9.2 /x86"),
        caps("machine.xml", "x86_64 kvm microvm /x86"),
        caps("arch.xml", "aarch64 kvm virt-9.2 /arm"),
        caps("path.xml", "x86_64 kvm microvm /other"),
        caps("fit.xml", "x86_64 kvm pc-q35-9.2 /x86"),
    ];
    let at_hand =
        |words: &str, documents: &[Loaded]| chosen(&domain(words), documents, None).same_emulator.iter().map(|id| id.0).collect::<Vec<_>>();
    assert_eq!(at_hand("x86_64 kvm q35 -", &documents), [0, 1]);
    assert_eq!(at_hand("x86_64 kvm q35 /other", &documents), [3]);
    assert_eq!(at_hand("x86_64 kvm pc -", &documents[..4]), [0, 1, 3]);
}

#[test]
fn the_document_that_is_missing_is_named() {
    let wanted = |words: &str, documents: &[Loaded]| chosen(&domain(words), documents, None).wanted;
    assert_eq!(wanted("x86_64 kvm q35 -", &[]).as_deref(), Some("virsh domcapabilities --virttype kvm --arch x86_64 --machine q35"));
    assert_eq!(wanted("- qemu - /x86", &[]).as_deref(), Some("virsh domcapabilities --virttype qemu --arch x86_64 --emulatorbin /x86"));
    assert_eq!(
        wanted("x86_64 kvm a;b$(c) -", &[]).as_deref(),
        Some("virsh domcapabilities --virttype kvm --arch x86_64 --machine 'a;b$(c)'")
    );
    let exact = [caps("d.xml", "x86_64 kvm pc-q35-9.2 /x86")];
    assert_eq!(wanted("x86_64 kvm q35 -", &exact), None);
    assert!(wanted("x86_64 kvm pc-q35-9.1 -", &exact).is_some());
    assert_eq!(wanted("x86_64 - q35 -", &[]), None);
    assert_eq!(wanted("x86_64 lxc - -", &[]), None);
    // what the host does not offer, no command prints
    let host = [document("c.xml", "host", HOST)];
    assert!(wanted("x86_64 kvm pc-q35-9.1 -", &host).is_some());
    assert_eq!(wanted("x86_64 kvm pc-q35-99.0 -", &host), None);
    assert_eq!(wanted("aarch64 kvm virt -", &host), None);
}

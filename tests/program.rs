//! The program through its own door: exit status, formats, batch, and every kind of bad input.
#![cfg(feature = "cli")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, missing_docs)]

use std::io::Write;
use std::process::{Command, Output, Stdio};

const HOST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/hosts/libvirt-12.8.0_qemu-11.1");
const PLAIN: &str = "<domain type='kvm'>\n  <name>a</name>\n  <memory>1048576</memory>\n  <os><type arch='x86_64' machine='q35'>hvm</type></os>\n  <cpu mode='host-model'/>\n</domain>\n";

fn run(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_virtlens"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // the program may stop reading before it has all
    let _ = child.stdin.take().expect("a pipe").write_all(input);
    child.wait_with_output().expect("the program ends")
}

fn status(arguments: &[&str], input: &[u8]) -> i32 {
    run(arguments, input).status.code().expect("no signal")
}

fn out(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("UTF-8")
}

fn err(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).expect("UTF-8")
}

fn document(name: &str) -> String {
    format!("{HOST}/{name}")
}

/// A file that goes with the test.
struct File(std::path::PathBuf);

impl File {
    fn of(name: &str, bytes: &[u8]) -> Self {
        let path = std::env::temp_dir().join(format!("virtlens-{}-{name}", std::process::id()));
        std::fs::write(&path, bytes).expect("the temporary folder can be written to");
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("UTF-8")
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn the_exit_status_tells_errors_from_what_could_not_run() {
    assert_eq!(status(&["check", "-"], PLAIN.as_bytes()), 0);
    assert_eq!(status(&["check", "-"], b"<domain>"), 1);
    assert_eq!(status(&["check", "/nowhere.xml"], b""), 2);
    assert_eq!(status(&["check", "-", "-d", "/nowhere.xml"], b""), 2);
    assert_eq!(status(&["check", "-"], b"<domain>\xff</domain>"), 2);
    assert_eq!(status(&["check"], b""), 2);
    assert_eq!(status(&["explain"], b""), 0);
    assert_eq!(status(&["explain", "no-such-code"], b""), 2);
    assert_eq!(status(&["check", "-", "--limit", "findings=x"], b""), 2);
    assert_eq!(status(&["check", "-", "--severity", "no-such-code=off"], b""), 2);
}

#[test]
fn text_shows_the_line_with_the_place_underlined() {
    let output = run(&["check", "-"], "<domain type='kvm'>\n  <name>ä</nmae>\n</domain>".as_bytes());
    let text = out(&output);
    assert!(text.contains("error[syntax-stray-end-tag]: `</nmae>` stands where `</name>` must"), "{text}");
    assert!(text.contains("2 |   <name>ä</nmae>"), "{text}");
    assert!(
        text.contains("^^^^ not well-formed") && text.contains("Write </name>") && text.ends_with("-: 1 error, 0 warnings, 0 to know\n"),
        "{text}"
    );
    assert!(!text.contains('\u{1b}'), "no colour where it is no terminal");
}

#[test]
fn json_is_the_report() {
    let output = run(&["check", "-", "-d", &document("x86_64-q35-kvm.xml"), "--format", "json"], PLAIN.as_bytes());
    let report: serde_json::Value = serde_json::from_str(out(&output)).expect("JSON");
    assert_eq!(report["documents"][0]["used"], true, "{report}");
    assert_eq!(report["cpu"]["asked"], "host-model");
    assert!(report["skipped"].is_array());
}

#[test]
fn sarif_is_a_valid_log() {
    let text = PLAIN.replace("</name>", "</nmae>");
    let output = run(
        &["check", "-", "-d", &document("x86_64-q35-kvm.xml"), "-d", &document("capabilities.xml"), "--format", "sarif"],
        text.as_bytes(),
    );
    let log: serde_sarif::sarif::Sarif = serde_json::from_str(out(&output)).expect("a SARIF 2.1.0 log");
    let run = &log.runs[0];
    assert!(!run.results.as_ref().expect("results").is_empty());
    assert!(
        run.tool
            .driver
            .rules
            .as_ref()
            .expect("rules")
            .iter()
            .all(|rule| rule.short_description.as_ref().is_some_and(|title| !title.text.is_empty()))
    );
}

#[test]
fn a_host_is_named_before_its_document_and_asked_for_by_name() {
    let alpha = format!("alpha={}", document("x86_64-q35-kvm.xml"));
    let beta = format!("beta={}", document("x86_64-pc-qemu.xml"));
    let output = run(&["check", "-", "-d", &alpha, "-d", &beta, "--host", "alpha", "--format", "json"], PLAIN.as_bytes());
    let report: serde_json::Value = serde_json::from_str(out(&output)).expect("JSON");
    assert_eq!((&report["documents"][0]["host"], &report["documents"][0]["used"]), (&"alpha".into(), &true.into()), "{report}");
    assert_eq!((&report["documents"][1]["host"], &report["documents"][1]["used"]), (&"beta".into(), &false.into()));
}

#[test]
fn severities_and_limits_are_settings() {
    let bad = b"<domain type='kvm'><name>a</nmae></domain>";
    assert_eq!(status(&["check", "-", "--severity", "syntax-stray-end-tag=warning"], bad), 0);
    assert_eq!(status(&["check", "-", "--severity", "syntax-stray-end-tag=off"], bad), 0);
    let output = run(&["check", "-", "--limit", "bytes=10", "--format", "json"], PLAIN.as_bytes());
    assert!(out(&output).contains("text-too-large"));
    let output = run(&["check", "-", "--limit", "findings=0"], bad);
    assert_eq!(output.status.code(), Some(1), "the exit status goes by all findings");
    assert!(out(&output).contains("findings-limit"));
}

#[test]
fn batch_answers_every_line_in_order() {
    let domain = File::of("batch.xml", PLAIN.as_bytes());
    let host = document("x86_64-q35-kvm.xml");
    let lines = [
        serde_json::json!({"id": 1, "op": "check", "domain": domain.path(), "documents": [host]}).to_string(),
        "no JSON".to_owned(),
        serde_json::json!({"id": "b", "op": "sing"}).to_string(),
        serde_json::json!({"id": "c", "op": "check", "domain": "/nowhere.xml"}).to_string(),
        serde_json::json!({"id": "d", "op": "cpu-resolve", "domain": domain.path(), "documents": [{"path": host, "host": "alpha"}]}).to_string(),
        serde_json::json!({"id": "e", "op": "check", "domain": domain.path(), "only": "schema", "libvirt": "12.8.0", "severity": {"x": "off"}}).to_string(),
        serde_json::json!({"id": "f", "op": "hosts", "domain": domain.path(), "documents": [{"path": host, "host": "alpha"}]}).to_string(),
    ];
    let output = run(&["batch"], lines.join("\n").as_bytes());
    assert_eq!(output.status.code(), Some(0));
    let answers: Vec<serde_json::Value> = out(&output).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(answers.len(), lines.len());
    assert_eq!(answers[0]["report"]["cpu"]["asked"], "host-model");
    assert!(answers[1]["id"].is_null() && answers[1]["error"].is_string());
    assert!(answers[2]["id"] == "b" && answers[2]["error"].as_str().expect("an error").contains("`sing`"));
    assert!(answers[3]["error"].as_str().expect("an error").contains("/nowhere.xml"));
    assert_eq!(answers[4]["resolved"]["asked"], "host-model");
    assert!(answers[4]["resolved"]["features"].is_array() && answers[4]["diagnostics"].is_array());
    assert_eq!(answers[5]["report"]["diagnostics"], serde_json::json!([]));
    assert_eq!(answers[6]["hosts"][0]["cpu"]["asked"], "host-model");
}

#[test]
fn batch_helps_while_writing() {
    let domain = File::of("help.xml", PLAIN.as_bytes());
    let lines = [
        serde_json::json!({"op": "complete", "domain": domain.path(), "offset": 1}).to_string(),
        serde_json::json!({"op": "hover", "domain": domain.path(), "offset": 1}).to_string(),
        serde_json::json!({"id": "h", "op": "hover", "domain": domain.path(), "offset": 9_999}).to_string(),
        serde_json::json!({"op": "hover", "domain": domain.path()}).to_string(),
    ];
    let output = run(&["batch"], lines.join("\n").as_bytes());
    let answers: Vec<serde_json::Value> = out(&output).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!((&answers[0]["items"][0]["label"], &answers[0]["items"][0]["newText"]), (&"domain".into(), &"domain".into()));
    assert!(answers[1]["contents"].as_str().expect("Markdown").starts_with("**`<domain>`**"));
    assert_eq!((&answers[1]["range"]["start"]["offset"], &answers[1]["range"]["end"]["offset"]), (&1.into(), &7.into()));
    assert_eq!(answers[2], serde_json::json!({"id": "h", "contents": null, "range": null}));
    assert!(answers[3]["error"].as_str().expect("an error").contains("`offset`"));
}

#[test]
fn hosts_are_told_apart_though_they_share_a_document() {
    let caps = document("x86_64-q35-kvm.xml");
    let [alpha, beta, none] = [format!("alpha={caps}"), format!("beta={caps}"), format!("arm={}", document("aarch64-virt-qemu.xml"))];
    let arguments = ["hosts", "-", "-d", &alpha, "-d", &beta, "-d", &none];
    let output = run(&arguments, PLAIN.as_bytes());
    let text = out(&output);
    assert!(text.starts_with("- on 3 hosts\n\nhost   starts   CPU\nalpha  yes      EPYC-Genoa, "), "{text}");
    assert!(text.contains("arm    unknown") && output.status.code() == Some(0), "{text}");
    let output = run(&[&arguments[..], &["--format", "json"]].concat(), PLAIN.replace("q35", "q36").as_bytes());
    let answer: serde_json::Value = serde_json::from_str(out(&output)).expect("JSON");
    assert!(answer["hosts"][1]["host"] == "beta" && answer["hosts"][1]["startable"] != "yes", "{answer}");
    assert_eq!(status(&arguments, b"<domain>"), 2);
}

#[test]
fn cpus_are_compared_joined_and_expanded() {
    let cpu = |name: &str, model: &str| File::of(name, format!("<cpu><arch>x86_64</arch><model>{model}</model></cpu>").as_bytes());
    let (old, new) = (cpu("old.xml", "Penryn"), cpu("new.xml", "Nehalem"));
    let compared = run(&["cpu", "compare", old.path(), new.path()], b"");
    assert_eq!((compared.status.code(), out(&compared).lines().last()), (Some(1), Some("missing: sse4.2 popcnt")));
    assert_eq!(status(&["cpu", "compare", new.path(), old.path()], b""), 0);
    let common = run(&["cpu", "baseline", old.path(), new.path()], b"");
    assert_eq!(out(&common), "<cpu mode='custom' match='exact'>\n  <model fallback='allow'>Penryn</model>\n</cpu>\n");
    assert_eq!(out(&run(&["cpu", "expand", "486"], b"")), "fpu\nvme\npse\n");
    let unknown = run(&["cpu", "expand", "Foo"], b"");
    assert_eq!((unknown.status.code(), err(&unknown)), (Some(2), "virtlens: libvirt does not know the model `Foo`\n"));
    assert_eq!(status(&["cpu", "expand", "486", "--cpu-map", "/nowhere"], b""), 2);
    let jobs = format!(
        r#"{{"id": 1, "op": "cpu-compare", "arch": "x86_64", "host": "{0}", "cpu": "{1}", "failIncompatible": true}}
{{"id": 2, "op": "cpu-update", "host": "{0}", "cpu": "{0}"}}
{{"id": 3, "op": "cpu-baseline", "cpus": ["{0}", "{1}"], "flags": ["EXPAND_FEATURES"]}}
{{"id": 4, "op": "cpu-has-feature", "host": "{1}", "feature": "sse4.2"}}
{{"id": 5, "op": "cpu-expand", "arch": "x86_64", "model": "Foo"}}
{{"id": 6, "op": "cpu-expand"}}"#,
        old.path(),
        new.path()
    );
    let output = run(&["batch"], jobs.as_bytes());
    let answers: Vec<serde_json::Value> = out(&output).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!((&answers[0]["result"], &answers[0]["missing"]), (&"error".into(), &serde_json::json!(["sse4.2", "popcnt"])));
    assert_eq!(answers[0]["message"], "the host cannot run it");
    assert!(answers[1]["cpu"].as_str().expect("a CPU").contains("Penryn"));
    assert!(answers[2]["cpu"].as_str().expect("a CPU").contains("name='ssse3'"));
    assert_eq!((&answers[3]["result"], &answers[4]["result"]), (&"yes".into(), &"error".into()));
    assert_eq!(answers[5]["error"], "`model` is missing");
}

#[test]
fn on_s390x_a_baseline_goes_by_a_hypervisor() {
    let cpu = |name: &str, inner: &str| File::of(name, format!("<cpu>{inner}<feature policy='require' name='te'/></cpu>").as_bytes());
    let (old, new) = (cpu("z15.xml", "<model>gen15a-base</model>"), cpu("z16.xml", "<model>gen16a-base</model><feature name='nnpa'/>"));
    let job = |hypervisor: &str| {
        let job = format!(r#"{{"op": "cpu-baseline", "arch": "s390x", "cpus": ["{}", "{}"]{hypervisor}}}"#, old.path(), new.path());
        serde_json::from_str::<serde_json::Value>(out(&run(&["batch"], job.as_bytes()))).expect("JSON")
    };
    let of_hypervisor = format!(r#", "hypervisor": "{}""#, document("s390x-s390-ccw-virtio-qemu.xml"));
    let common = "<model fallback='forbid'>gen15a-base</model>\n  <feature policy='require' name='te'/>\n</cpu>";
    assert!(job(&of_hypervisor)["cpu"].as_str().expect("a CPU").ends_with(common));
    assert_eq!(job("")["message"], "on s390x only QEMU computes what CPUs have in common");
    let hypervisor = document("s390x-s390-ccw-virtio-qemu.xml");
    assert!(out(&run(&["cpu", "baseline", old.path(), new.path(), "--hypervisor", &hypervisor], b"")).contains(common));
}

#[test]
fn bad_domains_are_findings() {
    let deep = "<a>".repeat(100_000);
    let many = format!("<domain {}/>", (0..100_000).map(|n| format!("a{n}='' ")).collect::<String>());
    let named = format!("<domain>{}</domain>", "<a xmlns='b'/>".repeat(100_000));
    let large = format!("<domain>{}</domain>", " ".repeat(50 * 1024 * 1024));
    let capabilities = std::fs::read(document("capabilities.xml")).expect("the capture");
    let bad: [(&[u8], &str); 11] = [
        (b"", "text-empty"),
        (b"error: failed to connect to the hypervisor", "syntax-not-well-formed"),
        (b"<!DOCTYPE html><html><body/></html>", "syntax-doctype"),
        (b"<html><body/></html>", "root-not-domain"),
        (PLAIN.split_once("<os>").expect("an os element").0.as_bytes(), "syntax-unclosed"),
        (b"<!DOCTYPE d [<!ENTITY a 'aa'><!ENTITY b '&a;&a;'>]><domain>&b;</domain>", "syntax-doctype"),
        (&capabilities, "root-not-domain"),
        (deep.as_bytes(), "text-too-deep"),
        (many.as_bytes(), "text-too-many-attributes"),
        (named.as_bytes(), "text-too-many-namespaces"),
        (large.as_bytes(), "text-too-large"),
    ];
    for (bytes, code) in bad {
        let output = run(&["check", "-", "--format", "json"], bytes);
        assert_eq!(output.status.code(), Some(1), "{code}: {}", err(&output));
        let report: serde_json::Value = serde_json::from_str(out(&output)).expect("JSON");
        assert_eq!(report["diagnostics"][0]["code"], code, "{report}");
    }
}

#[test]
fn bad_documents_and_bytes_are_refused_by_name() {
    let utf16: Vec<u8> = std::iter::once(0xfeff).chain(PLAIN.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let bad: [(&str, Vec<u8>, &str); 6] = [
        ("empty.xml", Vec::new(), "empty"),
        ("page.xml", b"<!DOCTYPE html><html/>".to_vec(), "HTML"),
        ("utf16.xml", utf16.clone(), "UTF-16"),
        ("latin1.xml", b"<domainCapabilities><path>/caf\xe9</path></domainCapabilities>".to_vec(), "UTF-8"),
        ("cut.xml", std::fs::read(document("x86_64-q35-kvm.xml")).expect("the capture")[..5000].to_vec(), "the text ends"),
        ("network.xml", b"<network><name>default</name></network>".to_vec(), "network"),
    ];
    for (name, bytes, word) in bad {
        let file = File::of(name, &bytes);
        let output = run(&["check", "-", "-d", file.path()], PLAIN.as_bytes());
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(err(&output).contains(name) && err(&output).contains(word), "{name}: {}", err(&output));
    }
    let file = File::of("domain-utf16.xml", &utf16);
    let output = run(&["check", file.path()], b"");
    assert!(output.status.code() == Some(2) && err(&output).contains("UTF-16"), "{}", err(&output));
}

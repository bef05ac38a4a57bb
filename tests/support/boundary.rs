//! The browser boundary, asked as JavaScript does: the same tests run in Node and in a browser.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, missing_docs)]

use js_sys::{JSON, Reflect, Uint8Array, Uint32Array, WebAssembly};
use virtlens::wasm::Workspace;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

const CAPABILITIES: &str = include_str!("../hosts/libvirt-12.8.0_qemu-11.1/capabilities.xml");
const DOMAIN_CAPABILITIES: &str = include_str!("../hosts/libvirt-12.8.0_qemu-11.1/x86_64-q35-kvm.xml");
const DOMAIN: &str = "<domain type='kvm'>\n  <name>ä</name>\n  <memory>1048576</memory>\n  <os><type arch='x86_64' machine='q35'>hvm</type></os>\n  <cpu mode='host-model'/>\n</domain>";

fn text(value: &JsValue) -> String {
    JSON::stringify(value).ok().and_then(|text| text.as_string()).expect("JSON")
}

fn get(value: &JsValue, path: &str) -> JsValue {
    path.split('/').fold(value.clone(), |value, key| match key.parse::<u32>() {
        Ok(index) => Reflect::get_u32(&value, index).expect("an element"),
        Err(_) => Reflect::get(&value, &key.into()).expect("a field"),
    })
}

fn options(json: &str) -> JsValue {
    JSON::parse(json).expect("JSON")
}

fn workspace() -> Workspace {
    let mut workspace = Workspace::new(JsValue::UNDEFINED).expect("no options are fine");
    let added = workspace.add_document("capabilities.xml", CAPABILITIES.into(), None).expect("a document");
    assert_eq!(get(&added, "kind"), "capabilities");
    let bytes = Uint8Array::from(DOMAIN_CAPABILITIES.as_bytes());
    workspace.add_document("domcaps.xml", bytes.unchecked_into(), None).expect("bytes do as well");
    workspace
}

/// The model that `host` makes of the CPU.
fn model(workspace: &Workspace, host: Option<&str>) -> JsValue {
    get(&workspace.resolve_cpu(DOMAIN, host.map(str::to_owned)).expect("a CPU"), "model")
}

fn memory() -> JsValue {
    wasm_bindgen::memory().unchecked_into::<WebAssembly::Memory>().buffer()
}

fn bytes(at: usize, length: usize) -> Uint8Array {
    Uint8Array::new(&memory()).subarray(at as u32, (at + length) as u32)
}

/// Says with the number of a word that its text follows.
const NEW: u32 = 1 << 31;

/// The text of a report, and its first numbers.
fn check(workspace: &mut Workspace, xml: &str) -> (String, [u32; 5]) {
    put(workspace, xml);
    answer(workspace.check(xml.len(), None).addr())
}

fn put(workspace: &mut Workspace, xml: &str) {
    let room = workspace.room(xml.len()).addr();
    bytes(room, xml.len()).copy_from(xml.as_bytes());
}

/// The text of an answer that stands there, and its first numbers.
fn answer(at: usize) -> (String, [u32; 5]) {
    let number = |nth: usize| Uint32Array::new(&memory()).get_index((at / 4 + nth) as u32);
    let text = bytes(number(0) as usize, number(1) as usize).to_vec();
    (String::from_utf8(text).expect("UTF-8"), [2, 3, 4, 5, 6].map(number))
}

#[wasm_bindgen_test]
fn a_report_is_one_text_and_numbers() {
    let mut workspace = workspace();
    let (words, numbers) = check(&mut workspace, DOMAIN);
    assert!(words.starts_with("cpu-host-model-resolvedinfoadvicecertainhost-model comes to `EPYC-Genoa`"), "{words}");
    assert_eq!(numbers[1..], [NEW, 23, NEW + 1, 4], "code and severity, with their numbers and lengths");
    for xml in [DOMAIN.replace('ä', &"ä".repeat(100_000)), DOMAIN.to_owned()] {
        let (words, numbers) = check(&mut workspace, &xml);
        assert!(words.starts_with("host-model comes to `EPYC-Genoa`"), "{words}");
        assert_eq!(numbers[1..], [0, 1, 2, 3], "code, severity, phase and certainty are known now");
    }
}

#[wasm_bindgen_test]
fn help_while_writing_is_a_list_and_an_option() {
    let (mut workspace, xml) = (workspace(), "<domain><!-- ä😀 --><on_crash>de");
    put(&mut workspace, xml);
    let end = xml.encode_utf16().count();
    let (words, numbers) = answer(workspace.complete(xml.len(), end, None).addr());
    assert!(words.starts_with("destroyvalue"), "{words}");
    assert_eq!(numbers[1..3], [7, 5], "the lengths of the first label and kind");
    let (_, numbers) = answer(workspace.hover(xml.len(), 12, None).addr());
    assert_eq!(numbers[0], 0);
    let (words, numbers) = answer(workspace.hover(xml.len(), 2, None).addr());
    assert!(words.starts_with("**`<domain>`**") && numbers[0] == 1, "{words}");
}

#[wasm_bindgen_test]
fn positions_count_utf16() {
    let error = workspace().resolve_cpu("<domain>ä😀<a></b></domain>", None).expect_err("broken");
    assert_eq!(get(&error, "range/start/offset"), 16, "{}", text(&error));
}

#[wasm_bindgen_test]
fn the_resolved_cpu_has_its_features_and_xml() {
    let cpu = workspace().resolve_cpu(DOMAIN, None).expect("a CPU");
    assert_eq!(get(&cpu, "asked"), "host-model");
    assert!(get(&cpu, "xml").as_string().expect("XML").starts_with("<cpu"), "{}", text(&cpu));
    assert!(get(&cpu, "features/0/name").is_string());
}

#[wasm_bindgen_test]
fn what_cannot_be_done_is_thrown_with_code_and_place() {
    let mut workspace = workspace();
    let error = workspace.add_document("page.xml", "<html/>".into(), None).expect_err("an HTML page");
    assert_eq!(get(&error, "document"), "page.xml");
    assert!(
        get(&error, "code").is_string() && get(&error, "message").is_string() && get(&error, "range/start/line") == 1,
        "{}",
        text(&error)
    );
    let error = workspace.add_document("n", JsValue::from_f64(1.0), None).expect_err("a number");
    assert_eq!(get(&error, "code"), "usage");
    let error = workspace.resolve_cpu("<network/>", None).expect_err("no domain");
    assert_eq!(get(&error, "code"), "root-not-domain");
    assert_eq!(model(&workspace, None), "EPYC-Genoa", "nothing loaded before is lost");
}

#[wasm_bindgen_test]
fn options_are_read_and_their_faults_told() {
    let workspace = Workspace::new(options(
        r#"{"libvirt": 11003000, "qemu": "10.0.0", "severity": {"syntax-stray-end-tag": "hint"}, "limits": {"bytes": 60}}"#,
    ));
    let mut workspace = workspace.expect("good options");
    assert!(check(&mut workspace, "<domain><a></b></domain>").0.starts_with("syntax-stray-end-taghint"));
    let error = workspace.resolve_cpu(DOMAIN, None).expect_err("a text over the limit");
    assert_eq!(get(&error, "code"), "text-too-large");
    for bad in [r#"{"libvirt": "new"}"#, r#"{"severity": {"x": "loud"}}"#, r#"{"limits": {"bytes": -1}}"#] {
        assert_eq!(Workspace::new(options(bad)).err().map(|error| get(&error, "code")), Some("usage".into()), "{bad}");
    }
}

#[wasm_bindgen_test]
fn documents_of_hosts_are_kept_apart_and_removed_by_name() {
    let mut workspace = workspace();
    workspace
        .add_document("other.xml", DOMAIN_CAPABILITIES.replace("EPYC-Genoa", "Opteron_G3").into(), Some("beta".to_owned()))
        .expect("a document");
    assert_eq!(model(&workspace, None), "Opteron_G3");
    assert_eq!(model(&workspace, Some("host")), "EPYC-Genoa");
    assert!(workspace.remove_document("other.xml") && !workspace.remove_document("other.xml"));
}

/// A block that holds `size` bytes of `mark`.
fn block(size: usize, mark: u8) -> Vec<u8> {
    vec![mark; size]
}

#[wasm_bindgen_test]
fn memory_is_in_one_hand_at_a_time() {
    // every size that is kept, the borders between them, and some beyond the largest
    let sizes = (0..=1100).chain((10..17).flat_map(|log| [-1_isize, 0, 1].map(|by| (1_usize << log).strict_add_signed(by))));
    let sizes: Vec<usize> = sizes.chain((4..8).map(|quarters| quarters << 12)).chain([100_000, 300_000]).collect();
    let mut blocks: Vec<Vec<u8>> = sizes.iter().enumerate().map(|(at, size)| block(*size, at as u8)).collect();
    for round in 1..6 {
        for at in (round % 3..blocks.len()).step_by(3) {
            let (mark, size) = (blocks[at].first().copied(), sizes[sizes.len() - 1 - at]);
            assert!(blocks[at].iter().all(|byte| Some(*byte) == mark), "round {round}, block {at}");
            blocks[at].resize(size, mark.unwrap_or(at as u8));
            blocks[at].shrink_to_fit();
            assert!(blocks[at].iter().all(|byte| *byte == mark.unwrap_or(at as u8)), "round {round}, block {at} grown or shrunk");
            blocks[at] = block(sizes[at], (at + round) as u8);
        }
    }
    assert_eq!(Box::new(1_u128).as_ref() as *const u128 as usize % align_of::<u128>(), 0);
    for (at, held) in blocks.iter().enumerate() {
        assert!(held.windows(2).all(|pair| pair[0] == pair[1]), "block {at}");
    }
}

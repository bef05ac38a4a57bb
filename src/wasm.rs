//! The browser boundary: the one room that names a JavaScript type. What it throws is a plain object with the fields of
//! `Failure`; the package makes errors of them.

mod cpus;
mod flat;
mod pool;

use js_sys::Uint8Array;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use crate::caps::Version;
use crate::finding::Severity;
use crate::text::Limits;
use crate::{Options, wire};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

#[global_allocator]
static ALLOCATOR: pool::Pool = pool::Pool::new();

const SERIALIZER: serde_wasm_bindgen::Serializer =
    serde_wasm_bindgen::Serializer::new().serialize_missing_as_null(true).serialize_maps_as_objects(true);

/// Sets the hook that prints a panic before the module traps.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

/// Documents of one or more hosts, and what they say about domains.
#[wasm_bindgen]
pub struct Workspace {
    core: crate::Workspace,
    /// Where JavaScript puts the text of a domain.
    input: Vec<u8>,
    /// Where it reads the report.
    answer: flat::Flat,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Given {
    libvirt: Option<VersionOf>,
    qemu: Option<VersionOf>,
    severity: std::collections::BTreeMap<String, String>,
    limits: GivenLimits,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum VersionOf {
    Words(String),
    Integer(u64),
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct GivenLimits {
    bytes: Option<usize>,
    depth: Option<usize>,
    attributes: Option<usize>,
    namespaces: Option<usize>,
    findings: Option<usize>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct HostsOption {
    from: Option<String>,
}

#[wasm_bindgen]
impl Workspace {
    /// An empty workspace.
    ///
    /// # Errors
    /// Where an option is not what it should be.
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_optional_param_type = "Options")] options: JsValue) -> Result<Self, JsValue> {
        let given: Given = read(options)?;
        let core = crate::Workspace::new(given.options().map_err(|message| usage(&message))?);
        Ok(Self { core, input: Vec::new(), answer: flat::Flat::default() })
    }

    /// Adds a document; one of the same name makes room for it.
    ///
    /// # Errors
    /// Where it is no document that is read; nothing loaded before is lost.
    #[wasm_bindgen(js_name = addDocument, unchecked_return_type = "AddedDocument")]
    pub fn add_document(
        &mut self,
        name: &str,
        #[wasm_bindgen(unchecked_param_type = "string | Uint8Array")] text: JsValue,
        host: Option<String>,
    ) -> Result<JsValue, JsValue> {
        self.answer.forget();
        let bytes = match (text.as_string(), text.dyn_ref::<Uint8Array>()) {
            (Some(text), _) => text.into_bytes(),
            (None, Some(bytes)) => bytes.to_vec(),
            (None, None) => return Err(usage("a document is a string or a Uint8Array")),
        };
        match self.core.add_bytes(name, &bytes, host.as_deref()) {
            Ok(loaded) => write(&wire::Added::of(loaded)),
            Err(error) => Err(thrown(&wire::Failure::document(name, &error))),
        }
    }

    /// Removes the document of that name; false where there is none.
    #[wasm_bindgen(js_name = removeDocument)]
    pub fn remove_document(&mut self, name: &str) -> bool {
        self.answer.forget();
        self.core.remove_document(name)
    }

    /// Room for a text of so many bytes, until it is asked for again: passed on otherwise, a text would be copied unit by unit.
    pub fn room(&mut self, bytes: usize) -> *const u8 {
        if self.input.len() != bytes {
            self.input = vec![0; bytes];
        }
        self.input.as_ptr()
    }

    /// Judges the domain XML that takes the first `bytes` of the room. The answer is where its report stands, until the next
    /// call, as numbers and a text, of which the package makes the object; null where it cannot be written.
    pub fn check(&mut self, bytes: usize, host: Option<String>) -> *const u32 {
        let report = self.core.check(text(&self.input, bytes), host.as_deref());
        self.answer.write(&wire::Report::of(&report, self.core.documents())).unwrap_or(std::ptr::null())
    }

    /// What may stand at a place of the domain XML that takes the first `bytes` of the room; `offset` counts UTF-16 code units. The
    /// answer is where the list stands, as that of `check`.
    pub fn complete(&mut self, bytes: usize, offset: usize, host: Option<String>) -> *const u32 {
        let found = self.core.complete(text(&self.input, bytes), offset, host.as_deref());
        self.answer.write(&wire::completions(&found)).unwrap_or(std::ptr::null())
    }

    /// What is known of what stands at a place, as `complete` asks and answers.
    pub fn hover(&mut self, bytes: usize, offset: usize, host: Option<String>) -> *const u32 {
        let told = self.core.hover(text(&self.input, bytes), offset, host.as_deref());
        self.answer.write(&told.as_ref().map(wire::Hover::of)).unwrap_or(std::ptr::null())
    }

    /// Resolves the CPU of a domain XML.
    ///
    /// # Errors
    /// Where the text is no domain.
    #[wasm_bindgen(js_name = resolveCpu, unchecked_return_type = "ResolvedCpu")]
    pub fn resolve_cpu(&self, xml: &str, host: Option<String>) -> Result<JsValue, JsValue> {
        match self.core.resolve_cpu(xml, host.as_deref()) {
            Ok(cpu) => write(&wire::ResolvedCpu::of(&cpu, self.core.documents())),
            Err(finding) => Err(thrown(&wire::Failure::domain(&finding, xml))),
        }
    }

    /// What becomes of a domain XML on every host of which documents are loaded, and of a running guest between them.
    ///
    /// # Errors
    /// Where the text is no domain.
    #[wasm_bindgen(unchecked_return_type = "Hosts")]
    pub fn hosts(
        &self,
        xml: &str,
        #[wasm_bindgen(unchecked_optional_param_type = "HostsOption")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let HostsOption { from } = read(options)?;
        match self.core.hosts(xml, from.as_deref()) {
            Ok(hosts) => write(&wire::Hosts::of(&hosts)),
            Err(finding) => Err(thrown(&wire::Failure::domain(&finding, xml))),
        }
    }
}

impl Given {
    fn options(self) -> Result<Options, String> {
        let usual = Limits::default();
        let limits = Limits {
            bytes: self.limits.bytes.unwrap_or(usual.bytes),
            depth: self.limits.depth.unwrap_or(usual.depth),
            attributes: self.limits.attributes.unwrap_or(usual.attributes),
            namespaces: self.limits.namespaces.unwrap_or(usual.namespaces),
            findings: self.limits.findings.unwrap_or(usual.findings),
        };
        let level = |(code, word): (String, String)| match Severity::from_word(&word) {
            None if word != "off" => Err(format!("severity of `{code}`: `{word}` is none of error, warning, info, hint, off")),
            severity => Ok((code, severity)),
        };
        let severity = self.severity.into_iter().map(level).collect::<Result<_, String>>()?;
        Ok(Options { libvirt: version(self.libvirt)?, qemu: version(self.qemu)?, severity, limits })
    }
}

/// The text in the first `bytes` of the room.
fn text(room: &[u8], bytes: usize) -> &str {
    room.get(..bytes).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
}

fn version(given: Option<VersionOf>) -> Result<Option<Version>, String> {
    let (version, shown) = match given {
        None => return Ok(None),
        Some(VersionOf::Integer(number)) => (Version::from_number(number), number.to_string()),
        Some(VersionOf::Words(words)) => (Version::parse(&words), words),
    };
    version.map(Some).ok_or_else(|| format!("`{shown}` is no version such as 11.3.0"))
}

fn read<T: Default + for<'de> Deserialize<'de>>(options: JsValue) -> Result<T, JsValue> {
    if options.is_undefined() || options.is_null() {
        return Ok(T::default());
    }
    serde_wasm_bindgen::from_value(options).map_err(|error| usage(&format!("options: {error}")))
}

fn write(value: &impl Serialize) -> Result<JsValue, JsValue> {
    value.serialize(&SERIALIZER).map_err(JsValue::from)
}

fn thrown(failure: &wire::Failure) -> JsValue {
    write(failure).unwrap_or_else(|error| error)
}

fn usage(message: &str) -> JsValue {
    thrown(&wire::Failure::usage(message))
}

//! Questions about CPUs alone.

use serde::Deserialize;
use wasm_bindgen::prelude::*;

use super::{Workspace, read, thrown, write};
use crate::report::CpuError;
use crate::wire;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ArchOption {
    arch: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct BaselineOptions {
    arch: Option<String>,
    migratable: bool,
    expanded: bool,
    hypervisor: Option<String>,
}

#[wasm_bindgen]
impl Workspace {
    /// Compares a host's CPU with a guest's, or with another host's.
    ///
    /// # Errors
    /// Where a text holds no CPU, or libvirt refuses to compare them.
    #[wasm_bindgen(js_name = compareCpu, unchecked_return_type = "CpuComparison")]
    pub fn compare_cpu(
        &self,
        host: &str,
        cpu: &str,
        #[wasm_bindgen(unchecked_optional_param_type = "ArchOption")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let ArchOption { arch } = read(options)?;
        let compared = self.core.compare_cpu(host, cpu, arch.as_deref()).map_err(|error| refused(&error))?;
        write(&wire::CpuComparison::of(&compared))
    }

    /// The CPU that runs on all those that the texts hold.
    ///
    /// # Errors
    /// Where a text holds no CPU, or libvirt finds none that runs on all.
    #[wasm_bindgen(js_name = baselineCpu, unchecked_return_type = "CommonCpu")]
    pub fn baseline_cpu(
        &self,
        cpus: Vec<String>,
        #[wasm_bindgen(unchecked_optional_param_type = "BaselineOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let BaselineOptions { arch, migratable, expanded, hypervisor } = read(options)?;
        let options = crate::BaselineOptions { migratable, expanded, hypervisor: hypervisor.as_deref() };
        let texts: Vec<&str> = cpus.iter().map(String::as_str).collect();
        let common = self.core.baseline_cpu(&texts, options, arch.as_deref()).map_err(|error| refused(&error))?;
        write(&wire::CommonCpu::of(&common))
    }

    /// The features that a model stands for, in the order of libvirt's CPU map.
    ///
    /// # Errors
    /// Where the map does not know the model.
    #[wasm_bindgen(js_name = expandCpu)]
    pub fn expand_cpu(
        &self,
        model: &str,
        #[wasm_bindgen(unchecked_optional_param_type = "ArchOption")] options: JsValue,
    ) -> Result<Vec<String>, JsValue> {
        let ArchOption { arch } = read(options)?;
        self.core.expand_cpu(model, arch.as_deref()).map_err(|error| refused(&error))
    }
}

fn refused(error: &CpuError) -> JsValue {
    thrown(&wire::Failure::cpu(error))
}

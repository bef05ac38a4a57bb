//! Tells what libvirt will make of a domain XML before libvirt sees it: from the host's own capability documents, at the very
//! place, in a millisecond.
//!
//! ```
//! let mut workspace = virtlens::Workspace::default();
//! let report = workspace.check("<domain type='kvm'>\n  <name>a</nmae>\n</domain>", None);
//! assert_eq!(report.findings[0].message, "`</nmae>` stands where `</name>` must");
//! ```
//!
//! Rooms, each using only those before it: `text`, `finding`, `xml`, `caps`, `cpu`, `edit`, `rules`, `assist`, `explain`, `report`,
//! `workspace`; `wire` and the two doors, `wasm` and the program, come last.

pub mod assist;
pub mod caps;
pub mod cpu;
pub mod edit;
pub mod explain;
pub mod finding;
pub mod report;
pub mod rules;
pub mod text;
pub mod vocab;
#[cfg(target_arch = "wasm32")]
pub mod wasm;
pub mod wire;
mod workspace;
pub mod xml;

pub use workspace::{BaselineOptions, Options, Update, Workspace};

#[cfg(test)]
extern crate self as virtlens;

#[cfg(test)]
#[path = "../tests/support/mod.rs"]
mod support;

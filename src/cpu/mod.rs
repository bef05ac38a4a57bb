//! The CPU that a guest gets: a value, and the trace of how it came about. Pure.

mod custom;
mod default;
mod features;
mod host_model;
pub mod names;
mod request;
mod resolve;
mod resolved;
mod start;
mod unusable;
mod verdict;
mod xml;

pub use host_model::expanded;
pub use request::{AskedFeature, CheckLevel, Driver, Family, Matching, Request};
pub use resolve::resolve;
pub use resolved::{CpuMode, Origin, Resolved, ResolvedFeature, Startable, Stop, Trace};
pub use start::document_names;
pub use unusable::{WholeHost, undisabled};

//! The CPU that a guest gets: a value, and the trace of how it came about. Pure.

mod resolve;
mod resolved;

pub use resolve::resolve;
pub use resolved::{CpuMode, Origin, Resolved, ResolvedFeature, Startable, Trace};

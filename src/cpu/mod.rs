//! The CPU that a guest gets: a value, and the trace of how it came about. Pure.

mod blockers;
mod compared;
mod compute;
mod custom;
mod default;
mod definition;
mod feature_list;
mod features;
mod host_model;
pub mod map;
pub mod migrate;
pub mod names;
mod offered;
mod qemu_models;
mod request;
mod resolve;
mod resolved;
mod start;
mod unusable;
mod verdict;
mod xml;

pub use compute::{
    Arch, Baseline, Compared, Comparison, KnownModel, Refused, baseline, compare, convert_legacy, expand, feature_set, has_feature,
    migratable, mode_of_oldest, of_static_model, stands_for, translate, update,
};
pub use definition::{DefinedFeature, Definition};
pub use feature_list::FeatureList;
pub use host_model::expanded;
pub use request::{AskedFeature, CheckLevel, Driver, Family, Matching, Request};
pub use resolve::resolve;
pub use resolved::{CpuMode, Origin, Resolved, ResolvedFeature, Startable, Stop, Trace};
pub use start::document_names;
pub use unusable::{WholeHost, undisabled};

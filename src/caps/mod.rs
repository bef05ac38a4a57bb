//! What the host's own documents say: tri-state answers, each with the place that says it.

mod choose;
mod domain_caps;
mod host_caps;
mod loaded;
mod read;
mod said;
mod subject;
mod versions;

pub use choose::{Choice, Fit, choose};
pub use domain_caps::{CpuModes, Custom, DomainCaps, EnumList, Feature, HostModel, MaxPhysAddr, Mode, Model, Policy, Section, Usable};
pub use loaded::{Content, CpuXml, DomainXml, Loaded};
pub use host_caps::{Cell, Guest, GuestDomain, HostCaps, HostCpu, Machine, PageSize, SecurityModel};
pub use read::{Kind, Unread, load};
pub use said::{Answer, Said};
pub use subject::Subject;
pub use versions::{Range, Version, Versions};

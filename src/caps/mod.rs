//! What the host's own documents say: tri-state answers, each with the place that says it.

mod bounds;
mod choose;
mod decode;
mod domain_caps;
mod feature;
mod fit;
mod host_caps;
mod kept;
mod loaded;
mod machine;
mod pieces;
mod read;
mod read_domain;
mod read_domain_caps;
mod read_host_caps;
mod said;
mod sources;
mod subject;
mod version;
mod versions;

pub use choose::{Choice, Fit, choose, choose_among};
pub use decode::decode;
pub use domain_caps::{CpuModes, Custom, DomainCaps, EnumList, HostModel, MaxPhysAddr, Mode, Model, Section, Usable};
pub use feature::{Feature, Policy};
pub use host_caps::{Cell, Guest, GuestDomain, HostCaps, HostCpu, Machine, PageSize, SecurityModel};
pub use kept::Kept;
pub use loaded::{Content, CpuXml, DomainXml, Loaded, MapFile, Printed};
pub use machine::{age, family};
pub use read::{DOCUMENT_KIND, Kind, LoadError, Unread, load};
pub use read_domain::cpus;
pub use said::{Answer, Said};
pub use sources::{Found, Source, Sources};
pub use subject::Subject;
pub use version::Version;
pub use versions::{Range, Versions};

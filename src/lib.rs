//! Tells what libvirt will make of a domain XML before libvirt sees it.
pub mod caps;
pub mod edit;
pub mod finding;
pub mod text;
pub mod xml;

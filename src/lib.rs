//! Tells what libvirt will make of a domain XML before libvirt sees it.
pub mod text;
pub mod finding;
pub mod xml;
pub mod edit;

//! The format as it is written: const tables in our own notation, a file per chapter of libvirt's documentation. The build script
//! writes them down for the crate, which holds them itself in its tests alone.

mod capabilities;
mod chardev;
mod common;
mod controller;
mod cpu;
mod crash;
mod devices;
mod disk;
mod domain;
mod events;
mod features;
mod filesystem;
mod graphics;
mod hostdev;
mod input;
mod interface;
mod iommu;
mod memory;
mod memory_device;
mod namespaces;
mod network;
pub mod notation;
mod os;
mod random;
mod redirdev;
mod security;
mod shared;
mod sound;
mod sysinfo;
mod time;
mod tpm;
mod tuning;
mod vcpu;
mod video;

pub use domain::DOMAIN;

use super::drivers::Drivers;
use super::terms::By;
use super::{pattern, value};
use notation::{Attr, Body, Child, EMPTY, Element, Variant, any, by, by_attr, case, element, maybe, once, optional, required, some};

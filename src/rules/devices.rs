//! `<devices>`, a file for each kind.

pub mod audio;
pub mod beyond;
pub mod card;
pub mod chardev;
pub mod chardev_source;
pub mod chardev_target;
pub mod controller;
pub mod crypto;
pub mod disk;
pub mod display;
pub mod filesystem;
pub mod found_by;
pub mod graphics;
pub mod hostdev;
pub mod hostdev_same;
pub mod input;
pub mod interface;
pub mod interface_address;
pub mod interface_start;
pub mod interface_way;
pub mod iommu;
pub mod mdev;
pub mod memory_device;
pub mod nvme;
pub mod panic;
pub mod redirdev;
pub mod rng;
pub mod share;
pub mod shmem;
pub mod single;
pub mod spice;
pub mod tpm;
pub mod tpm_backend;
pub mod usb;
pub mod video;
pub mod virtio;
pub mod virtio_option;

use super::{Check, Look, Need, Refused, Rule};
use crate::finding::{Phase, Severity};

/// A rule that no table holds; libvirt refuses at define unless the check says otherwise.
const fn function(
    code: &'static str,
    page: &'static str,
    needs: &'static [Need],
    on: &'static [&'static str],
    look: Look,
    docs: &'static str,
) -> Rule {
    Rule { needs, ..Rule::define(code, on, look, page, docs) }
}

/// A rule of rows.
const fn rows(code: &'static str, page: &'static str, rows: &'static [Refused], on: &'static [&'static str], docs: &'static str) -> Rule {
    Rule { code, severity: Severity::Error, phase: Phase::Define, needs: &[], on, check: Check::Refused(rows), page, docs }
}

//! Arm: two hosts are alike or they are not.

use super::{Compared, Comparison};
use crate::cpu::{Definition, Trace};

/// Compares two hosts by vendor and model.
pub(super) fn compare<'a>(host: &Definition<'a>, cpu: &Definition<'a>, trace: &mut Trace) -> Comparison<'a> {
    let same = (host.vendor, host.model) == (cpu.vendor, cpu.model);
    if !same {
        let named = |cpu: &Definition| format!("{} {}", cpu.vendor.unwrap_or("unknown"), cpu.model.unwrap_or("unknown"));
        trace.step(|| format!("the host is a `{}`, not a `{}`", named(host), named(cpu)));
    }
    Comparison::plain(if same { Compared::Identical } else { Compared::Incompatible })
}

//! The devices of a domain.

use super::hostdev::HOSTDEV;
use super::interface::INTERFACE;
use super::redirdev::{REDIRDEV, REDIRFILTER};
use super::{Element, any, element};

/// `<devices>`.
pub static DEVICES: Element = element("devices", "what the guest finds plugged in", "devices")
    .children(&[any(&INTERFACE), any(&HOSTDEV), any(&REDIRDEV), any(&REDIRFILTER)])
    .open();

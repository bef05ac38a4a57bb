//! Places that are taken.

use crate::rules::Placed;
use crate::text::Span;

/// A place that something takes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Taken<'f, 'a> {
    /// The kind of place, and where it is among those.
    pub key: (Space, u64),
    /// Where the document says so; none where the machine itself takes it.
    pub span: Option<Span>,
    /// The device, where its address is written.
    pub placed: Option<&'f Placed<'a>>,
}

/// Kinds of places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Space {
    Pci,
    ZpciUid,
    ZpciFid,
    Ccw,
    SpaprVio,
    Usb,
    VirtioSerial,
    Drive,
}

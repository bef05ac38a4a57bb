//! What the tables say in the same words as they are written and as they are asked.

/// Where a discriminator stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// In this attribute of the element itself.
    Attr(&'static str),
    /// In the text of the first child of that name.
    ChildText(&'static str),
    /// In the text of the element itself.
    Text,
}

/// Without limit.
pub const MANY: u8 = u8::MAX;

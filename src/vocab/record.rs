//! How the tables stand in the text that the build script writes and the crate reads. A number is the character of that number, a
//! text ends with a line, a list begins with its length:
//!
//! - three lists: versions, as three numbers; chapters; the lengths of the records of values, and again of elements;
//! - those records, the element of the domain first;
//! - for each element but that of the domain, which elements may hold it: how many others than the first, how far that lies behind the
//!   first of the element before, and the others.
//!
//! A value is named by its place in the list of patterns, those of records come behind. A child is the next that no record before
//! names, or else says which. What may be left out stands in the order of the bits that say that it is there.

/// What ends a text.
pub const END: char = '\n';

/// Bits of an element: its version, its namespace, its drivers; and whether a record of a child is named here for the first time.
pub mod element {
    pub const SINCE: usize = 1;
    pub const NAMESPACE: usize = 2;
    pub const FIRST: usize = 4;
    pub const ONLY: usize = 8;
}

/// Bits of a body.
pub mod body {
    pub const ATTRS: usize = 1;
    pub const CHILDREN: usize = 2;
    pub const TEXT: usize = 4;
    pub const VARIANTS: usize = 8;
    pub const FORMS: usize = 16;
    pub const ALSO: usize = 32;
    pub const SINCE: usize = 64;
    pub const OPEN: usize = 128;
}

/// Bits of an attribute.
pub mod attr {
    pub const REQUIRED: usize = 1;
    pub const SINCE: usize = 2;
    pub const ONLY: usize = 4;
}

/// Bits of a child.
pub mod child {
    pub const NEEDED: usize = 1;
    pub const MANY: usize = 2;
    pub const KNOWN: usize = 4;
    pub const TIMES: usize = 8;
}

/// Bits of a word.
pub mod word {
    pub const ABOUT: usize = 1;
    pub const SINCE: usize = 2;
    pub const ONLY: usize = 4;
}

/// Kinds of a value that is no pattern.
pub mod value {
    pub const WORDS: usize = 0;
    pub const NUMBER: usize = 1;
    pub const EITHER: usize = 2;
    pub const EMPTY: usize = 3;
    pub const ANY: usize = 4;
}

/// Kinds of a discriminator.
pub mod by {
    pub const ATTR: usize = 0;
    pub const CHILD_TEXT: usize = 1;
    pub const TEXT: usize = 2;
}

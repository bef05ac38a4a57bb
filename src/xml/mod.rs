//! A text as a tree with places, or as one finding where a person would look.

mod codes;
mod cursor;
mod document;
mod layout;
mod limits;
mod outline;
mod structure;
mod syntax;
mod tag;
mod tokens;
mod written;

pub use codes::{
    BROKEN_TAG, DOCTYPE, DUPLICATE_ATTRIBUTE, EMPTY, ENCODING, ENTITY, NOT_WELL_FORMED, STRAY_END, TOO_DEEP, TOO_LARGE,
    TOO_MANY_ATTRIBUTES, TOO_MANY_NAMESPACES, UNBOUND_PREFIX, UNCLOSED,
};
pub use cursor::{Cursor, Place};
pub use document::{Attr, Document, Elements, Node, Text};
pub use limits::exceeded;
pub use outline::{Outline, Outlined};
pub use syntax::read;
pub use tag::Written;
pub use written::{escape, indent_of, push_escaped};

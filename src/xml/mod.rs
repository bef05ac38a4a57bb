//! A text as a tree with places, or as one finding where a person would look.

mod document;
mod limits;
mod syntax;
mod tokens;

pub use document::{Attr, Document, Node, Text};
pub use limits::exceeded;
pub use syntax::{NOT_WELL_FORMED, read};

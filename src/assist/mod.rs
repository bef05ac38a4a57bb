//! Help while writing: what may stand at a place, and what is known of what stands there. Both ask one model, which is made of the
//! tolerant outline of the text and the vocabulary, and the documents of the host.

mod complete;
mod host;
mod hover;
mod model;
mod refer;
mod snippet;
mod subject;
mod tell;
#[cfg(test)]
mod tests;

pub use complete::{Item, ItemKind, complete};
pub use host::Host;
pub use hover::{Hover, hover};
pub use subject::skeleton;

//! The browser boundary in Node.
#![cfg(target_arch = "wasm32")]

#[path = "support/boundary.rs"]
mod boundary;

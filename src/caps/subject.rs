//! What a domain says of itself before any document is chosen for it.

use crate::xml::{Attr, Node, Text};

/// A domain XML, as far as the choice of documents asks.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The `<domain>` element.
    pub root: Node<'a>,
    /// `domain/@type`.
    pub domain_type: Option<Attr<'a>>,
    /// `os/type`: the element.
    pub os_type: Option<Node<'a>>,
    /// `os/type/@arch`.
    pub arch: Option<Attr<'a>>,
    /// `os/type/@machine`.
    pub machine: Option<Attr<'a>>,
    /// `devices/emulator`.
    pub emulator: Option<Text<'a>>,
    /// `name`.
    pub name: Option<Text<'a>>,
    /// `uuid`.
    pub uuid: Option<Text<'a>>,
    /// `cpu`, the first one.
    pub cpu: Option<Node<'a>>,
}

impl<'a> Subject<'a> {
    /// Reads it from the outermost element.
    #[must_use]
    pub fn of(root: Node<'a>) -> Self {
        let os_type = root.descend(&["os", "type"]);
        Self {
            root,
            domain_type: root.attr("type"),
            os_type,
            arch: os_type.and_then(|node| node.attr("arch")),
            machine: os_type.and_then(|node| node.attr("machine")),
            emulator: root.descend(&["devices", "emulator"]).and_then(Node::text),
            name: root.child("name").and_then(Node::text),
            uuid: root.child("uuid").and_then(Node::text),
            cpu: root.child("cpu"),
        }
    }

    /// The value of `domain/@type`.
    #[must_use]
    pub fn domain_type(&self) -> Option<&'a str> {
        self.domain_type.map(|attr| attr.value())
    }

    /// The value of `os/type/@arch`.
    #[must_use]
    pub fn arch(&self) -> Option<&'a str> {
        self.arch.map(|attr| attr.value())
    }

    /// The value of `os/type/@machine`.
    #[must_use]
    pub fn machine(&self) -> Option<&'a str> {
        self.machine.map(|attr| attr.value())
    }
}

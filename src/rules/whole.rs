//! What the whole domain holds, gathered once: rules about references and duplicates ask here instead of looking again.

mod controllers;
mod kind;

use super::address::Slot;
use super::disk::Disk;
use super::host::size::of_text;
use super::unsigned;
use crate::xml::{Node, Text};
use kind::Starts;

pub use kind::Kind;

/// A `<controller>`.
#[derive(Debug, Clone, Copy)]
pub struct Controller<'a> {
    /// Its element.
    pub node: Node<'a>,
    /// Its `type`; empty where that is missing.
    pub kind: &'a str,
    /// Its `model`, as written.
    pub model: Option<&'a str>,
    /// Its `index`: the one written, else the lowest of its type that no other has, as libvirt gives it; none where it is no number.
    pub index: Option<u32>,
}

/// A device with an `<address>`.
#[derive(Debug, Clone, Copy)]
pub struct Placed<'a> {
    /// What it is.
    pub kind: Kind,
    /// Its element.
    pub device: Node<'a>,
    /// Its address.
    pub address: Node<'a>,
    /// The `type` of that; empty where it is missing.
    pub form: &'a str,
    /// The place on PCI that it says.
    pub slot: Option<Slot>,
}

/// What one domain holds.
#[derive(Debug, Default)]
pub struct Whole<'a> {
    /// `<os>`.
    pub os: Option<Node<'a>>,
    /// `<features>`.
    pub features: Option<Node<'a>>,
    /// `<memoryBacking>`.
    pub memory_backing: Option<Node<'a>>,
    /// `<memory>`.
    pub memory: Option<Node<'a>>,
    /// What that says, and in KiB; none where it cannot be read.
    pub size: Option<(Text<'a>, u64)>,
    /// `<maxMemory>`.
    pub max_memory: Option<Node<'a>>,
    /// `<vcpu>`.
    pub vcpu: Option<Node<'a>>,
    /// `<devices>`, the first one; libvirt takes the devices of all.
    pub devices: Option<Node<'a>>,
    /// Whether it holds an element of another namespace.
    pub foreign: bool,
    /// `<cpu>`/`<numa>`/`<cell>`.
    pub cells: Vec<Node<'a>>,
    /// `<controller>`s, in the order of the document.
    pub controllers: Vec<Controller<'a>>,
    /// `<disk>`s, in the order of the document.
    pub disks: Vec<Disk<'a>>,
    /// Devices with an address that libvirt reads, by kind.
    pub placed: Vec<Placed<'a>>,
    /// `<alias>`es of devices, by the kind of the device.
    pub aliases: Vec<(Kind, Node<'a>)>,
    threads: Threads<'a>,
    sorted: Vec<(Kind, Node<'a>)>,
    starts: Starts,
}

#[derive(Debug, Default)]
struct Threads<'a> {
    count: u32,
    ids: Option<Node<'a>>,
}

impl<'a> Whole<'a> {
    /// Looks at the children of `<domain>`, `<cpu>`/`<numa>` and `<devices>`, once.
    #[must_use]
    pub fn of(root: Node<'a>) -> Self {
        let mut whole = Self::default();
        for node in root.elements() {
            if node.named("devices") {
                whole.devices = whole.devices.or(Some(node));
                let own = node.elements().filter(|node| node.namespace().is_none());
                whole.sorted.reserve(16);
                whole.sorted.extend(own.map(|node| (Kind::of(node), node)));
            } else if node.named("os") {
                whole.os = whole.os.or(Some(node));
            } else if node.named("features") {
                whole.features = whole.features.or(Some(node));
            } else if node.named("vcpu") {
                whole.vcpu = whole.vcpu.or(Some(node));
            } else if node.named("cpu") {
                whole.cells.extend(node.child("numa").into_iter().flat_map(|numa| numa.children("cell")));
            } else if node.named("memory") && whole.memory.is_none() {
                whole.memory = Some(node);
                whole.size = of_text(node);
            } else if node.named("memoryBacking") {
                whole.memory_backing = whole.memory_backing.or(Some(node));
            } else if node.named("maxMemory") {
                whole.max_memory = whole.max_memory.or(Some(node));
            } else if node.named("iothreads") {
                whole.threads.count = node.text().and_then(|text| unsigned(text.value)).unwrap_or(0);
            } else if node.named("iothreadids") {
                whole.threads.ids = Some(node);
            }
            whole.foreign |= node.namespace().is_some();
        }
        whole.starts = Starts::of(&whole.sorted);
        whole.sorted = whole.starts.in_order(&whole.sorted);
        whole.controllers = controllers::numbered(whole.all(Kind::Controller));
        whole.disks = whole.all(Kind::Disk).map(Disk::of).collect();
        whole.look_into_devices();
        whole
    }

    fn look_into_devices(&mut self) {
        self.placed.reserve(self.sorted.len());
        for (kind, device) in self.sorted.iter().copied() {
            let mut address = None;
            for child in device.elements() {
                if address.is_none() && child.named("address") {
                    address = Some(child);
                } else if child.named("alias") {
                    self.aliases.push((kind, child));
                }
            }
            let placed = address.map(|address| Placed {
                kind,
                device,
                address,
                form: address.value("type").unwrap_or_default(),
                slot: Slot::of(address),
            });
            self.placed.extend(placed.filter(|placed| !unread(placed)));
        }
    }

    /// The devices of a kind, in the order of the document.
    pub fn all(&self, kind: Kind) -> impl ExactSizeIterator<Item = Node<'a>> + DoubleEndedIterator + Clone + use<'a, '_> {
        self.sorted.get(self.starts.range(kind)).unwrap_or(&[]).iter().map(|(_, node)| *node)
    }

    /// The devices of every kind, by kind.
    pub fn devices(&self) -> impl Iterator<Item = (Kind, Node<'a>)> + use<'a, '_> {
        self.sorted.iter().copied()
    }

    /// The controllers of a type.
    pub fn controllers<'w>(&'w self, kind: &'w str) -> impl Iterator<Item = &'w Controller<'a>> {
        self.controllers.iter().filter(move |controller| controller.kind == kind)
    }

    /// Whether there is a NUMA cell of that number: its `id`, or where none is written its place.
    #[must_use]
    pub fn has_cell(&self, id: u32) -> bool {
        let number = |(at, cell): (usize, &Node)| match cell.value("id") {
            Some(text) => unsigned(text),
            None => u32::try_from(at).ok(),
        };
        self.cells.iter().enumerate().any(|cell| number(cell) == Some(id))
    }

    /// How many I/O threads there are: as many as `<iothreads>` says, and at least those listed.
    #[must_use]
    pub fn threads(&self) -> u32 {
        let listed = self.thread_ids().count();
        self.threads.count.max(u32::try_from(listed).unwrap_or(u32::MAX))
    }

    /// Whether there is an I/O thread of that number: listed in `<iothreadids>`, or one of the lowest free numbers that libvirt gives
    /// to those not listed.
    #[must_use]
    pub fn has_thread(&self, id: u32) -> bool {
        if self.thread_ids().any(|listed| listed == id) {
            return true;
        }
        let rest = u64::from(self.threads()) - self.thread_ids().count().min(self.threads() as usize) as u64;
        let below = self.thread_ids().filter(|listed| *listed < id).count() as u64;
        id > 0 && u64::from(id) - below.min(u64::from(id)) <= rest
    }

    fn thread_ids(&self) -> impl Iterator<Item = u32> + use<'a> {
        self.threads.ids.into_iter().flat_map(Node::elements).filter_map(|thread| unsigned(thread.value("id")?))
    }
}

/// An address that libvirt does not read: of a device that says there is none, and on PCI of a channel, which gets another.
fn unread(placed: &Placed) -> bool {
    let own = || placed.device.value("model") == Some("none");
    match placed.kind {
        Kind::Memballoon => own(),
        Kind::Controller => own() && placed.device.value("type") == Some("usb"),
        Kind::Video => placed.device.child("model").and_then(|model| model.value("type")) == Some("none"),
        Kind::Channel => placed.form == "pci",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::Document;

    #[test]
    fn devices_stand_by_kind_in_the_order_of_the_document() {
        let text = "<domain><devices><disk a='1'/><input/><disk a='2'/><x:disk xmlns:x='u'/><odd/></devices></domain>";
        let document = Document::parse(text).unwrap();
        let whole = Whole::of(document.root());
        assert_eq!(whole.all(Kind::Disk).map(|disk| disk.value("a").unwrap()).collect::<Vec<_>>(), ["1", "2"]);
        assert_eq!((whole.all(Kind::Input).len(), whole.all(Kind::Tpm).len(), whole.all(Kind::Other).len()), (1, 0, 1));
    }

    #[test]
    fn cells_and_threads_are_numbered() {
        let text = "<domain><iothreads>3</iothreads><iothreadids><iothread id='2'/><iothread id='7'/></iothreadids>
            <cpu><numa><cell/><cell id='4'/></numa></cpu></domain>";
        let document = Document::parse(text).unwrap();
        let whole = Whole::of(document.root());
        assert_eq!([0, 1, 4].map(|id| whole.has_cell(id)), [true, false, true]);
        assert_eq!([0, 1, 2, 3, 7].map(|id| whole.has_thread(id)), [false, true, true, false, true]);
        assert_eq!(whole.threads(), 3);
    }

    #[test]
    fn some_addresses_are_not_read() {
        let text =
            "<domain><devices><memballoon model='none'><address type='pci'/></memballoon><video><model type='none'/><address type='pci'/>
            </video><controller type='usb' model='none'><address type='pci'/></controller><channel><address type='pci'/></channel>
            <channel><address type='virtio-serial'/></channel></devices></domain>";
        let document = Document::parse(text).unwrap();
        let forms: Vec<_> = Whole::of(document.root()).placed.iter().map(|placed| placed.form).collect();
        assert_eq!(forms, ["virtio-serial"]);
    }
}

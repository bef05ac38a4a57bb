//! A disk, read once.

use crate::xml::Node;

/// A `<disk>`.
#[derive(Debug, Clone, Copy)]
pub struct Disk<'a> {
    /// Its element.
    pub node: Node<'a>,
    /// What it is to the guest: `disk`, `cdrom`, `floppy`, `lun`.
    pub device: &'a str,
    /// The bus it stands on, as libvirt takes it.
    pub bus: &'a str,
    /// Where its data are: `file`, `block`, `network` …
    pub kind: &'a str,
    /// `<target>`.
    pub target: Option<Node<'a>>,
    /// The `dev` of that; empty where it is missing.
    pub dev: &'a str,
    /// `<driver>`.
    pub driver: Option<Node<'a>>,
    /// `<source>`.
    pub source: Option<Node<'a>>,
}

impl<'a> Disk<'a> {
    /// Reads it.
    #[must_use]
    pub fn of(node: Node<'a>) -> Self {
        let mut own = Self {
            node,
            device: node.value("device").unwrap_or("disk"),
            bus: "",
            kind: node.value("type").unwrap_or("file"),
            target: None,
            dev: "",
            driver: None,
            source: None,
        };
        for child in node.elements() {
            let place = if child.named("target") {
                &mut own.target
            } else if child.named("driver") {
                &mut own.driver
            } else if child.named("source") {
                &mut own.source
            } else {
                continue;
            };
            *place = place.or(Some(child));
        }
        own.dev = own.target.and_then(|target| target.value("dev")).unwrap_or_default();
        own.bus = bus(own.target, own.device, own.dev);
        own
    }

    /// The format that is written.
    #[must_use]
    pub fn format(&self) -> Option<&'a str> {
        self.driver?.value("type")
    }

    /// The protocol of a source on the network.
    #[must_use]
    pub fn protocol(&self) -> Option<&'a str> {
        self.source.filter(|_| self.kind == "network")?.value("protocol")
    }
}

/// The bus a disk stands on: as written, else by the name of its target, as libvirt takes it.
#[must_use]
pub fn bus_of(disk: Node<'_>) -> &str {
    let target = disk.child("target");
    bus(target, disk.value("device").unwrap_or_default(), target.and_then(|target| target.value("dev")).unwrap_or_default())
}

fn bus<'a>(target: Option<Node<'a>>, device: &str, dev: &str) -> &'a str {
    const NAMES: [(&str, &str); 5] = [("hd", "ide"), ("sd", "scsi"), ("vd", "virtio"), ("xvd", "xen"), ("ubd", "uml")];
    match target.and_then(|target| target.value("bus")) {
        Some(bus) => bus,
        None if device == "floppy" => "fdc",
        None => NAMES.iter().find(|(prefix, _)| dev.starts_with(prefix)).map_or("ide", |(_, bus)| *bus),
    }
}

/// Which disk a name like `sdb` or `vdaa` means, from 0 on; a number behind it counts for nothing here.
pub fn number_of(name: &str) -> Option<u64> {
    let letters = ["fd", "hd", "vd", "sd", "xvd", "ubd"].iter().find_map(|prefix| name.strip_prefix(prefix))?;
    let letters = letters.trim_end_matches(|c: char| c.is_ascii_digit());
    let digit =
        |index: Option<u64>, letter: u8| index?.checked_mul(26)?.checked_add(u64::from(letter.checked_sub(b'a').filter(|d| *d < 26)?) + 1);
    letters.bytes().fold(Some(0), digit)?.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::Document;

    #[test]
    fn without_a_bus_the_name_decides() {
        let bus = |text: &str| {
            let document = Document::parse(text).unwrap();
            let bus = Disk::of(document.root()).bus.to_owned();
            assert_eq!(bus, bus_of(document.root()));
            bus
        };
        assert_eq!(bus("<disk><target dev='sda'/></disk>"), "scsi");
        assert_eq!(bus("<disk><target dev='sda' bus='usb'/></disk>"), "usb");
        assert_eq!(bus("<disk device='floppy'><target dev='sda'/></disk>"), "fdc");
        assert_eq!(bus("<disk/>"), "ide");
    }

    #[test]
    fn names_of_disks_are_numbered() {
        let numbers = ["sda", "vdb", "hdz", "sdaa", "xvdab", "fda1"].map(number_of);
        assert_eq!(numbers, [Some(0), Some(1), Some(25), Some(26), Some(27), Some(0)]);
        assert_eq!(["sd", "nvme0n1", "sdA"].map(number_of), [None; 3]);
    }
}

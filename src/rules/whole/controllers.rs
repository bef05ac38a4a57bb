//! Controllers, each with the index that libvirt gives it.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Board, unsigned};
use super::{Controller, Whole};
use crate::xml::Node;

/// The controllers of a domain, in the order of the document.
pub fn numbered<'a>(nodes: impl Iterator<Item = Node<'a>>) -> Vec<Controller<'a>> {
    let read = |node: Node<'a>| Controller {
        node,
        kind: node.value("type").unwrap_or_default(),
        model: node.value("model"),
        index: node.value("index").and_then(unsigned),
    };
    let mut list: Vec<Controller> = nodes.map(read).collect();
    if list.iter().all(|one| one.index.is_some()) {
        return list;
    }
    let mut given = Given::default();
    list.iter().for_each(|one| given.take(one));
    for one in &mut list {
        if one.node.value("index").is_none() {
            one.index = Some(given.next(one));
            given.take(one);
        }
        if one.kind == "usb" {
            given.before = Some(*one);
        }
    }
    list
}

impl Controller<'_> {
    /// Whether PCI begins with it.
    #[must_use]
    pub fn is_root(&self) -> bool {
        matches!(self.model, Some("pci-root" | "pcie-root"))
    }

    /// Whether it has the index of the machine's root and is none: one fault, at the controller itself.
    #[must_use]
    pub fn usurps(&self, board: Option<Board>) -> bool {
        self.index == Some(0) && !self.is_root() && board.is_some_and(|board| board.root.is_some())
    }
}

impl Whole<'_> {
    /// The lowest index above zero that no controller of that type has.
    #[must_use]
    pub fn free_index(&self, kind: &str) -> u32 {
        let mut taken = vec![false; self.controllers.len() + 2];
        for index in self.controllers(kind).filter_map(|one| one.index) {
            taken.get_mut(index as usize).into_iter().for_each(|taken| *taken = true);
        }
        (1..).zip(taken.iter().skip(1)).find(|(_, taken)| !**taken).map_or(1, |(index, _)| index)
    }
}

/// What was given so far.
#[derive(Default)]
struct Given<'a> {
    taken: BTreeSet<(&'a str, u32)>,
    /// Of USB controllers, with the model.
    models: BTreeSet<(u32, Option<&'a str>)>,
    /// Below it each index of the type is taken.
    free: BTreeMap<&'a str, u32>,
    /// The USB controller before the one at hand.
    before: Option<Controller<'a>>,
}

impl<'a> Given<'a> {
    fn take(&mut self, one: &Controller<'a>) {
        let Some(index) = one.index else { return };
        self.taken.insert((one.kind, index));
        if one.kind == "usb" {
            self.models.insert((index, one.model));
        }
    }

    /// The index of a controller that has none: a companion of USB 2 gets that of the group before it.
    fn next(&mut self, one: &Controller<'a>) -> u32 {
        let group = self.before.filter(|before| one.kind == "usb" && companion(one) && companion(before)).and_then(|before| before.index);
        if let Some(index) = group.filter(|index| !self.models.contains(&(*index, one.model))) {
            return index;
        }
        let free = self.free.entry(one.kind).or_default();
        while self.taken.contains(&(one.kind, *free)) {
            *free += 1;
        }
        *free
    }
}

fn companion(one: &Controller) -> bool {
    one.model.is_some_and(|model| model.starts_with("ich9-"))
}

#[cfg(test)]
mod tests {
    use super::super::Whole;
    use crate::xml::Document;

    #[test]
    fn controllers_without_an_index_get_the_lowest_free_one() {
        let text = "<domain><devices><controller type='usb' model='ich9-ehci1'/><controller type='usb' model='ich9-uhci1'/>
            <controller type='scsi' index='0'/><controller type='scsi'/><controller type='usb' model='ich9-ehci1'/>
            <controller type='scsi' index='x'/></devices></domain>";
        let document = Document::parse(text).unwrap();
        let indexes = Whole::of(document.root()).controllers.iter().map(|one| one.index).collect::<Vec<_>>();
        assert_eq!(indexes, [Some(0), Some(0), Some(0), Some(1), Some(1), None]);
    }
}

//! One change to a document, as a slip makes it.

use super::random::Random;
use super::tree::Element;

/// Changes one thing, and says what; nothing where the change drawn does not fit the element drawn.
pub fn mutate(root: &mut Element, random: &mut Random) -> Option<String> {
    let count = size(root);
    let node = nth(root, &mut random.below(count)).expect("an element");
    let name = node.name.clone();
    let attr = random.below(node.attrs.len());
    let child = random.below(node.children.len());
    let what = match random.below(10) {
        0 => format!("without {:?}", (attr < node.attrs.len()).then(|| node.attrs.remove(attr))?),
        1 => format!("without {}", (child < node.children.len()).then(|| node.children.remove(child))?.name),
        2 => {
            node.attrs.push(((*random.one(&["type", "mode", "name", "colour"])).to_owned(), "yes".to_owned()));
            node.attrs.dedup_by(|one, other| one.0 == other.0);
            let last = node.attrs.last().expect("an attribute").0.clone();
            let known = node.attrs.iter().filter(|(name, _)| *name == last).count();
            if known > 1 {
                return None;
            }
            format!("with {last}")
        }
        3 => {
            let new = *random.one(&["name", "source", "address", "driver", "model", "colour", "target"]);
            node.children.push(Element::new(new, ""));
            format!("with <{new}>")
        }
        4 => {
            let twice = node.children.get(child)?.clone();
            let what = format!("{} twice", twice.name);
            node.children.push(twice);
            what
        }
        5 | 6 => {
            let (name, value) = node.attrs.get_mut(attr)?;
            *value = wrong(random);
            format!("{name}={value}")
        }
        7 => {
            node.text = wrong(random);
            format!("text {}", node.text)
        }
        8 => {
            let node = node.children.get_mut(child)?;
            let at = random.below(node.name.len());
            node.name.remove(at);
            if node.name.is_empty() || !node.name.starts_with(|first: char| first.is_ascii_alphabetic()) {
                return None;
            }
            format!("<{}>", node.name)
        }
        _ => {
            let (name, _) = node.attrs.get_mut(attr)?;
            name.push('s');
            name.clone()
        }
    };
    Some(format!("{name}: {what}"))
}

fn wrong(random: &mut Random) -> String {
    (*random.one(&["", "maybe", "-5", "0x", "99999999999", "a/b", "1", "on", "yes", "/x", "virtio", "pci"])).to_owned()
}

fn size(node: &Element) -> usize {
    1 + node.children.iter().map(size).sum::<usize>()
}

fn nth<'a>(node: &'a mut Element, left: &mut usize) -> Option<&'a mut Element> {
    if *left == 0 {
        return Some(node);
    }
    *left -= 1;
    node.children.iter_mut().find_map(|child| nth(child, left))
}

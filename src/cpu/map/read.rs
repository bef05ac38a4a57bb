//! Reads a map as libvirt installs it: an `index.xml` that includes the others.

use super::{ArmMap, BitPlace, BitSource, CpuMap, Feature, Model, Ppc64Map, Ppc64Model, Signature, Vendor, X86Map};
use crate::xml::Node;

/// Why a map cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapError {
    /// The file.
    pub file: String,
    /// One sentence.
    pub message: String,
}

impl std::fmt::Display for MapError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.file, self.message)
    }
}

impl std::error::Error for MapError {}

/// Reads the map whose `index.xml` has `index` as its outermost element; `file` finds an included file by its name.
///
/// # Errors
/// Where an included file is not there, or something in it is missing or names what is not there.
pub fn read<'d>(index: Node, mut file: impl FnMut(&str) -> Option<Node<'d>>) -> Result<CpuMap, MapError> {
    let mut map = CpuMap::default();
    let fail = |file: &str, message: String| MapError { file: file.to_owned(), message };
    for arch in index.children("arch") {
        let name = arch.value("name").unwrap_or_default();
        for piece in arch.elements().filter(|child| child.name() != "group") {
            take(&mut map, name, piece).map_err(|message| fail("index.xml", message))?;
        }
        for included in of_arch(arch) {
            let root = file(included).ok_or_else(|| fail(included, "`index.xml` includes it, and it is not there".to_owned()))?;
            for piece in root.elements() {
                take(&mut map, name, piece).map_err(|message| fail(included, message))?;
            }
        }
    }
    map.x86.index();
    Ok(map)
}

/// The files that an index includes, in their order.
pub fn includes<'d>(index: Node<'d>) -> impl Iterator<Item = &'d str> {
    index.elements().filter(|child| child.name() == "arch").flat_map(of_arch)
}

fn of_arch<'d>(arch: Node<'d>) -> impl Iterator<Item = &'d str> {
    let grouped = arch.elements().filter(|child| child.name() == "group").flat_map(Node::elements);
    arch.elements().chain(grouped).filter(|child| child.name() == "include").filter_map(|include| include.value("filename"))
}

fn take(map: &mut CpuMap, arch: &str, piece: Node) -> Result<(), String> {
    match (arch, piece.name()) {
        ("x86", "vendor") => map.x86.vendors.push(Vendor { name: name(piece)?, letters: of(piece, "string")?.into() }),
        ("x86", "feature") => feature(&mut map.x86, piece)?,
        ("x86", "model") => model(&mut map.x86, piece)?,
        ("ppc64", "vendor") => map.ppc64.vendors.push(name(piece)?),
        ("ppc64", "model") => ppc64_model(&mut map.ppc64, piece)?,
        ("arm", "vendor") => map.arm.vendors.push((name(piece)?, number(piece, "value")?)),
        ("arm", "feature") => map.arm.features.push(name(piece)?),
        ("arm", "model") => arm_model(&mut map.arm, piece)?,
        _ => {}
    }
    Ok(())
}

fn of<'a>(node: Node<'a>, attribute: &str) -> Result<&'a str, String> {
    node.value(attribute).ok_or_else(|| format!("`{}` lacks `{attribute}`", node.name()))
}

fn name(node: Node) -> Result<Box<str>, String> {
    of(node, "name").map(Box::from)
}

/// A number, hexadecimal after `0x`, else as C reads it.
fn parsed(word: &str) -> Option<u32> {
    word.strip_prefix("0x").map_or_else(|| word.parse().ok(), |digits| u32::from_str_radix(digits, 16).ok())
}

fn number(node: Node, attribute: &str) -> Result<u32, String> {
    let word = of(node, attribute)?;
    parsed(word).ok_or_else(|| format!("`{word}` is no number"))
}

fn feature(map: &mut X86Map, node: Node) -> Result<(), String> {
    let name = name(node)?;
    let place = place(node).ok_or_else(|| format!("feature `{name}` stands for no bit"))?;
    let aliases = node.children("alias").filter_map(|alias| alias.value("name")).map(Box::from).collect();
    let migratable = node.value("migratable") != Some("no");
    if !map.push_feature(Feature { name, aliases, place, migratable }) {
        return Err(format!("more than {} features", super::FeatureSet::MOST));
    }
    Ok(())
}

/// Its bit: the lowest, should it have several.
fn place(node: Node) -> Option<BitPlace> {
    let said = node.elements().find(|child| matches!(child.name(), "cpuid" | "msr"))?;
    let asked = |attribute| said.value(attribute).and_then(parsed);
    let source = match said.name() {
        "cpuid" => BitSource::Cpuid(asked("eax_in")?, asked("ecx_in").unwrap_or_default()),
        _ => BitSource::Msr(asked("index")?),
    };
    let registers = [("eax", 'a'), ("ebx", 'b'), ("ecx", 'c'), ("edx", 'd')];
    let (mask, register) = registers.iter().find_map(|(name, letter)| Some((asked(name).filter(|mask| *mask != 0)?, *letter)))?;
    Some(BitPlace { source, register, bit: mask.trailing_zeros() as u8 })
}

fn model(map: &mut X86Map, node: Node) -> Result<(), String> {
    map.index();
    let mut model = match node.child("model") {
        Some(ancestor) => {
            let name = of(ancestor, "name")?;
            let found = map.model(name).ok_or_else(|| format!("there is no model `{name}` before it"))?;
            Model { removed: super::FeatureSet::default(), added: super::FeatureSet::default(), ..found.clone() }
        }
        None => Model::default(),
    };
    model.name = name(node)?;
    let decode = |attribute| node.child("decode").and_then(|decode| decode.value(attribute)) == Some("on");
    (model.for_hosts, model.for_guests) = (decode("host"), decode("guest"));
    model.compat_check = node.child("check").and_then(|check| check.value("partial")) == Some("compat");
    let own: Vec<_> = node.children("signature").map(signature).collect::<Result<_, _>>()?;
    if !own.is_empty() {
        model.signatures = own;
    }
    if let Some(vendor) = node.child("vendor") {
        let name = of(vendor, "name")?;
        let found = map.vendors.iter().position(|vendor| *vendor.name == *name);
        model.vendor = Some(found.ok_or_else(|| format!("there is no vendor `{name}`"))?);
    }
    for feature in node.children("feature") {
        let name = of(feature, "name")?;
        let number = map.number(name).ok_or_else(|| format!("there is no feature `{name}`"))?;
        let yes = |attribute| feature.value(attribute) == Some("yes");
        match (yes("removed"), yes("added")) {
            (true, _) => model.removed.insert(number),
            (_, true) => model.added.insert(number),
            _ => model.features.insert(number),
        }
    }
    map.models.push(model);
    Ok(())
}

fn signature(node: Node) -> Result<Signature, String> {
    let steppings = node.value("stepping").map_or(Signature::ANY, |list| {
        let range = |item: &str| -> Option<u16> {
            let (first, last) = item.split_once('-').unwrap_or((item, item));
            Some((first.parse::<u32>().ok()?..=last.parse::<u32>().ok()?.min(15)).fold(0, |bits, step| bits | 1 << (step % 16)))
        };
        list.split(',').filter_map(range).fold(0, |bits, more| bits | more)
    });
    Ok(Signature { family: number(node, "family")?, model: number(node, "model")?, steppings })
}

fn vendor(node: Node) -> Option<Box<str>> {
    node.child("vendor").and_then(|vendor| vendor.value("name")).map(Box::from)
}

fn ppc64_model(map: &mut Ppc64Map, node: Node) -> Result<(), String> {
    let versions = node.children("pvr").map(|pvr| Ok((number(pvr, "value")?, number(pvr, "mask")?)));
    map.models.push(Ppc64Model { name: name(node)?, vendor: vendor(node), versions: versions.collect::<Result<_, String>>()? });
    Ok(())
}

fn arm_model(map: &mut ArmMap, node: Node) -> Result<(), String> {
    let part = node.child("pvr").ok_or_else(|| "a model lacks `pvr`".to_owned())?;
    map.models.push((name(node)?, vendor(node), number(part, "value")?));
    Ok(())
}

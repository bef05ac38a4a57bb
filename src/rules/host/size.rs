//! Sizes with units, scaled as libvirt scales them.

use crate::text::trimmed;
use crate::xml::{Node, Text};

/// The size that stands as `number` with `unit`, in KiB, rounded up; KiB where no unit is written. None where libvirt would not
/// understand it.
pub fn kib(number: &str, unit: Option<&str>) -> Option<u64> {
    let number: u64 = trimmed(number).parse().ok()?;
    let scale = unit.map_or(Some(1024), scale)?;
    // most units are whole KiB; of the others a product may be longer than a word
    if scale % 1024 == 0 {
        return number.checked_mul(scale / 1024);
    }
    u64::try_from((u128::from(number) * u128::from(scale)).div_ceil(1024)).ok()
}

/// The size in the text of `node`, by its `unit`.
pub fn of_text(node: Node) -> Option<(Text, u64)> {
    let text = node.text()?;
    Some((text, kib(text.value, node.value("unit"))?))
}

/// Bytes of a unit: `b`, `bytes`, `k`, `KB`, `KiB`, `M` … in any case.
fn scale(unit: &str) -> Option<u64> {
    // as libvirt itself writes it
    if matches!(unit, "" | "KiB") {
        return Some(1024);
    }
    if ["b", "byte", "bytes"].iter().any(|word| unit.eq_ignore_ascii_case(word)) {
        return Some(1);
    }
    let (letter, rest) = unit.as_bytes().split_first()?;
    let base: u64 = match rest {
        [] | [b'i' | b'I', b'b' | b'B'] => 1024,
        [b'b' | b'B'] => 1000,
        _ => return None,
    };
    let power = b"kmgtpe".iter().position(|known| letter.eq_ignore_ascii_case(known))?;
    Some(base.pow(u32::try_from(power).ok()? + 1))
}

/// A size in KiB as a person writes it.
pub fn written(kib: u64) -> String {
    let units = [(1 << 30, "TiB"), (1 << 20, "GiB"), (1 << 10, "MiB")];
    match units.iter().find(|(scale, _)| kib >= *scale) {
        Some((scale, unit)) if kib.is_multiple_of(*scale) => format!("{} {unit}", kib / scale),
        Some((scale, unit)) => format!("{}.{} {unit}", kib / scale, kib % scale * 10 / scale),
        None => format!("{kib} KiB"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_scale_as_in_libvirt() {
        assert_eq!(kib("4096", None), Some(4096));
        assert_eq!(kib(" 2 ", Some("MiB")), Some(2048));
        assert_eq!(kib("2", Some("m")), Some(2048));
        assert_eq!(kib("2", Some("MB")), Some(1954));
        assert_eq!(kib("1", Some("GiB")), Some(1 << 20));
        assert_eq!(kib("2049", Some("bytes")), Some(3));
        assert_eq!((kib("1", Some("foo")), kib("x", None), kib("-1", None)), (None, None, None));
    }

    #[test]
    fn sizes_are_written_for_people() {
        assert_eq!(written(2048), "2 MiB");
        assert_eq!(written(1 << 20), "1 GiB");
        assert_eq!(written(24_684_096), "23.5 GiB");
        assert_eq!(written(5), "5 KiB");
    }
}

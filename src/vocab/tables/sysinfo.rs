//! What the firmware tells the guest about its hardware.

use super::value::{Value, means, word};
use super::{Body, Drivers, EMPTY, Element, any, by_attr, case, element, maybe, optional, required, some};

const CHAPTER: &str = "smbios-system-information";

/// `<sysinfo>`.
pub static SYSINFO: Element = element("sysinfo", "what the firmware tells the guest about its hardware", CHAPTER)
    .attrs(&[required("type", &TYPES, "the interface that tells it")])
    .variants(&[by_attr("type", &[case(&["smbios"], SMBIOS), case(&["fwcfg"], EMPTY.children(&[any(&FWCFG_ENTRY)]))])]);

static TYPES: Value = Value::Words(&[
    means("smbios", "the tables of SMBIOS; `smbios` of `os` must say `sysinfo`"),
    means("fwcfg", "blobs of QEMU's firmware configuration").since(6, 5, 0).only(Drivers::QEMU),
]);

static SMBIOS: Body =
    EMPTY.children(&[
        maybe(
            &element("bios", "block 0", CHAPTER).children(&[some(
                &element("entry", "a field", CHAPTER).text(&Value::Any).attrs(&[required("name", &BIOS, "which field")]),
            )]),
        ),
        maybe(
            &element("system", "block 1", CHAPTER).children(&[some(
                &element("entry", "a field", CHAPTER).text(&Value::Any).attrs(&[required("name", &SYSTEM, "which field")]),
            )]),
        ),
        any(&element("baseBoard", "block 2, one a board", CHAPTER).children(&[some(
            &element("entry", "a field", CHAPTER).text(&Value::Any).attrs(&[required("name", &BASE_BOARD, "which field")]),
        )])),
        maybe(&element("chassis", "block 3", CHAPTER).since(4, 1, 0).children(&[some(
            &element("entry", "a field", CHAPTER).text(&Value::Any).attrs(&[required("name", &CHASSIS, "which field")]),
        )])),
        maybe(
            &element("oemStrings", "block 11: strings of any content", CHAPTER)
                .since(4, 1, 0)
                .children(&[some(&element("entry", "a string", CHAPTER).text(&Value::Any))]),
        ),
    ]);

static BIOS: Value = Value::Words(&[
    word("vendor"),
    word("version"),
    means("date", "as mm/dd/yy or mm/dd/yyyy"),
    means("release", "major and minor, with a dot between"),
]);

static SYSTEM: Value = Value::Words(&[
    word("manufacturer"),
    word("product"),
    word("version"),
    word("serial"),
    means("uuid", "the same as the domain's"),
    word("sku"),
    word("family"),
]);

static BASE_BOARD: Value =
    Value::Words(&[word("manufacturer"), word("product"), word("version"), word("serial"), word("asset"), word("location")]);

static CHASSIS: Value = Value::Words(&[word("manufacturer"), word("version"), word("serial"), word("asset"), word("sku")]);

static FWCFG_ENTRY: Element = element("entry", "a blob, its content as the text or in a file", CHAPTER)
    .attrs(&[
        required("name", &Value::Any, "its name, which begins with `opt/`"),
        optional("file", &Value::Any, "the file with its content"),
    ])
    .variants(&[by_attr("file", &[]).absent(&BLOB)]);

static BLOB: Body = EMPTY.text(&Value::Any);

#[cfg(test)]
mod tests {
    use super::super::domain::faults;

    #[test]
    fn fields_and_blobs() {
        assert!(faults("<sysinfo type='smbios'><bios><entry name='date'>01/02/2026</entry></bios></sysinfo>").is_empty());
        assert!(faults("<sysinfo type='fwcfg'><entry name='opt/a'>b</entry><entry name='opt/c' file='/d'/></sysinfo>").is_empty());
        assert_eq!(faults("<sysinfo type='smbios'><bios/></sysinfo>"), ["structure-missing-element"]);
        assert_eq!(faults("<sysinfo type='smbios'><chassis><entry name='product'>b</entry></chassis></sysinfo>"), ["structure-bad-value"]);
        assert_eq!(faults("<sysinfo type='fwcfg'><entry name='opt/c' file='/d'>b</entry></sysinfo>"), ["structure-stray-text"]);
        assert_eq!(faults("<sysinfo type='fwcfg'><system/></sysinfo>"), ["structure-misplaced-element"]);
    }
}

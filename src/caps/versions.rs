//! Versions of libvirt and QEMU: given, or bounded by what the documents show.

use super::version::Version;

/// What is known of a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Range {
    /// It is this one or later.
    pub least: Option<Version>,
    /// It is before this one.
    pub below: Option<Version>,
    /// True where it was given, by the user or a document: then `least` is it, exactly.
    pub given: bool,
}

impl Range {
    /// Exactly `version`.
    #[must_use]
    pub fn exactly(version: Version) -> Self {
        Self { least: Some(version), below: None, given: true }
    }

    /// Whether it is `version` or later; none where that is unknown.
    #[must_use]
    pub fn at_least(&self, version: Version) -> Option<bool> {
        match (self.least, self.below) {
            (Some(least), _) if least >= version => Some(true),
            _ if self.given => Some(false),
            (_, Some(below)) if below <= version => Some(false),
            _ => None,
        }
    }
}

/// The versions of the host that is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Versions {
    /// libvirt's.
    pub libvirt: Range,
    /// QEMU's.
    pub qemu: Range,
}

impl Version {
    /// The version that `text` writes: two or three numbers between dots, as in `12.8.0` and `11.1`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.').map(|part| part.parse().ok().filter(|_| part.bytes().all(|byte| byte.is_ascii_digit())));
        let (major, minor) = (parts.next()??, parts.next()??);
        let micro = parts.next().unwrap_or(Some(0))?;
        parts.next().is_none().then_some(Self(major, minor, micro))
    }

    /// The version in the one number that libvirt's API returns: 1,000,000 × major + 1,000 × minor + micro.
    #[must_use]
    pub fn from_number(number: u64) -> Option<Self> {
        Some(Self(u16::try_from(number / 1_000_000).ok()?, u16::try_from(number / 1000 % 1000).ok()?, u16::try_from(number % 1000).ok()?))
    }
}

impl Versions {
    /// The versions in what `virsh version` prints in any language, or in one or two bare numbers: libvirt's, then QEMU's.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim_start_matches('\u{feff}');
        if text.chars().any(char::is_alphabetic) { Self::from_lines(text) } else { Self::from_numbers(text) }
    }

    fn from_numbers(text: &str) -> Option<Self> {
        let numbers: Option<Vec<Version>> =
            text.split([' ', '\t', '\r', '\n', ',']).filter(|word| !word.is_empty()).map(Version::parse).collect();
        match numbers?.as_slice() {
            [libvirt] => Some(Self { libvirt: Range::exactly(*libvirt), qemu: Range::default() }),
            [libvirt, qemu] => Some(Self { libvirt: Range::exactly(*libvirt), qemu: Range::exactly(*qemu) }),
            _ => None,
        }
    }

    /// Whatever the language, the lines keep their order and the names of the programs: the library compiled against, the
    /// library in use, the API, the hypervisor (a line without a number where that is not told), the daemon where asked for.
    fn from_lines(text: &str) -> Option<Self> {
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).skip_while(|line| line_version(line).is_none());
        let (_, library, _) = (line_version(lines.next()?)?, line_version(lines.next()?)?, line_version(lines.next()?)?);
        let (hypervisor, daemon) = (lines.next(), lines.next().map(line_version));
        if lines.next().is_some() {
            return None;
        }
        let daemon = match daemon {
            Some(None) => return None,
            Some(version) => version,
            None => None,
        };
        let qemu = hypervisor.filter(|line| line.contains("QEMU")).and_then(line_version);
        Some(Self { libvirt: Range::exactly(daemon.unwrap_or(library)), qemu: qemu.map(Range::exactly).unwrap_or_default() })
    }
}

/// The last version on a line.
fn line_version(line: &str) -> Option<Version> {
    line.split(|c: char| !(c.is_ascii_digit() || c == '.')).filter_map(|word| Version::parse(word.trim_matches('.'))).next_back()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: &str = "Compiled against library: libvirt 12.8.0\nUsing library: libvirt 12.8.1\nUsing API: QEMU 12.8.0\nRunning hypervisor: QEMU 11.1.3\n";

    fn read(text: &str) -> Option<(String, String)> {
        let word = |range: Range| range.least.map_or_else(String::new, |version| version.to_string());
        Versions::read(text).map(|versions| (word(versions.libvirt), word(versions.qemu)))
    }

    fn both(libvirt: &str, qemu: &str) -> Option<(String, String)> {
        Some((libvirt.to_owned(), qemu.to_owned()))
    }

    #[test]
    fn the_library_in_use_and_the_hypervisor_count() {
        assert_eq!(read(ENGLISH), both("12.8.1", "11.1.3"));
        assert_eq!(read(&ENGLISH.replace('\n', "\r\n")), both("12.8.1", "11.1.3"));
        assert_eq!(read(&format!("$ virsh version\n{ENGLISH}\n")), both("12.8.1", "11.1.3"));
    }

    #[test]
    fn the_daemon_counts_before_the_library() {
        assert_eq!(read(&format!("{ENGLISH}Running against daemon: 9.0.0\n")), both("9.0.0", "11.1.3"));
    }

    #[test]
    fn a_hypervisor_that_is_not_told_or_is_not_qemu_is_unknown() {
        let unknown = ENGLISH.replace("Running hypervisor: QEMU 11.1.3", "Cannot extract running QEMU hypervisor version");
        assert_eq!(read(&unknown), both("12.8.1", ""));
        assert_eq!(read(&ENGLISH.replace("QEMU 11.1.3", "Xen 4.17.0")), both("12.8.1", ""));
    }

    #[test]
    fn any_language_keeps_the_order() {
        let german = "Kompiliert gegen Bibliothek: libvirt 9.0.0\nVerwende Bibliothek: libvirt 9.0.0\nVerwende API: QEMU 9.0.0\nLaufender Hypervisor: QEMU 7.2.22\n";
        assert_eq!(read(german), both("9.0.0", "7.2.22"));
        let japanese = "コンパイル時に使用したライブラリー: libvirt 9.0.0\n使用中のライブラリー: libvirt 9.0.0\n使用中の API: QEMU 9.0.0\n実行中のハイパーバイザー: QEMU 7.2.22\n";
        assert_eq!(read(japanese), both("9.0.0", "7.2.22"));
    }

    #[test]
    fn blank_lines_wide_colons_and_words_after_the_number_do_not_matter() {
        let german = "Kompiliert gegen die Bibliothek: libvirt 9.0.0\nVerwende Bibliothek: libvirt 9.0.1\n\nVerwende API: QEMU 9.0.0\nKann laufende QEMU Hypervisorversion nicht ermitteln\nLäuft gegen Dämon: 8.0.0\n";
        assert_eq!(read(german), both("8.0.0", ""));
        let chinese = "根据库编译：libvirt 9.0.0\n使用库：libvirt 9.0.0\n使用的 API: QEMU 9.0.0\n运行管理程序: QEMU 7.2.22\n根据守护进程运行：9.0.0\n";
        assert_eq!(read(chinese), both("9.0.0", "7.2.22"));
        let after = "x libvirt 9.0.0 y.\nx libvirt 9.0.0 y\nx: QEMU 9.0.0\nx: QEMU 7.2.22\nx 9.0.0 y.\n";
        assert_eq!(read(after), both("9.0.0", "7.2.22"));
    }

    #[test]
    fn bare_numbers_are_libvirt_then_qemu() {
        assert_eq!(read("12.8.0 11.1.3\n"), both("12.8.0", "11.1.3"));
        assert_eq!(read("\u{feff}12.8.0\n11.1\n"), both("12.8.0", "11.1.0"));
        assert_eq!(read("12.8.0"), both("12.8.0", ""));
    }

    #[test]
    fn other_texts_hold_no_versions() {
        for text in [
            "",
            "12",
            "1 2 3",
            "1.2.3.4",
            "99999.0.0",
            "1.2.3 1.2.3 1.2.3",
            "error: failed to connect",
            "CPU model: x86_64\nCPU(s): 2\n",
            "a 1.2\nb 1.2",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn the_number_of_the_api_is_taken_apart() {
        assert_eq!(Version::from_number(11_003_000), Some(Version(11, 3, 0)));
        assert_eq!(Version::from_number(7_002_022), Some(Version(7, 2, 22)));
        assert_eq!(Version::from_number(u64::MAX), None);
    }
}

//! What libvirt's QEMU driver knows of machines without asking QEMU: which family one is of, and what comes with it.
//!
//! Source: libvirt 9.0.0, `qemuDomainDefAddDefaultDevices` and the `qemuDomainIs…` family beside it; each row was tried on a 9.0.0
//! daemon. 12.8.0's own tests agree, loongarch64 aside, which is newer.

use crate::caps;

/// The machines that libvirt treats in a way of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// The PC with PCI: `pc`, `pc-i440fx-…`.
    I440fx,
    /// The PC with PCI Express: `q35`, `pc-q35-…`.
    Q35,
    /// The PC without PCI.
    Isapc,
    /// The PC with virtio-mmio alone.
    Microvm,
    /// `virt` of an ARM architecture.
    ArmVirt,
    /// `virt` of RISC-V.
    RiscvVirt,
    /// `virt` of LoongArch.
    LoongArchVirt,
    /// `pseries`.
    Pseries,
    /// `s390-ccw-virtio`.
    S390Ccw,
    /// Any other of which no more than the architecture counts.
    Other,
}

/// The PCI controller with index 0, which libvirt adds where it is not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Root {
    /// `pci-root`.
    Pci,
    /// `pcie-root`.
    Pcie,
}

impl Root {
    /// The model of that controller.
    #[must_use]
    pub fn model(self) -> &'static str {
        match self {
            Self::Pci => "pci-root",
            Self::Pcie => "pcie-root",
        }
    }
}

/// What comes with a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Board {
    /// Its family.
    pub family: Family,
    /// Its root of PCI, if libvirt adds one. Where none is added, one that is written is taken.
    pub root: Option<Root>,
    /// libvirt adds a USB controller where none is written.
    pub usb: bool,
    /// libvirt adds a memory balloon where none is written.
    pub balloon: bool,
    /// libvirt adds a panic device where none is written.
    pub panic: bool,
    /// libvirt gives devices without an address one on PCI; without a root it then refuses them.
    pub pci: bool,
}

const ROW: Board = Board { family: Family::Other, root: None, usb: true, balloon: true, panic: false, pci: true };
const PCI: Board = Board { root: Some(Root::Pci), ..ROW };
/// Without USB, as far as libvirt adds it.
const PLAIN: Board = Board { usb: false, ..ROW };
/// ARM and RISC-V, where only some machines have PCI.
const RISCV: Board = Board { pci: false, ..PLAIN };
const ARM: Board = Board { balloon: false, ..RISCV };

impl Board {
    /// The board of a machine, by its canonical name or an alias; none where libvirt does not say what such an architecture has.
    #[must_use]
    pub fn of(arch: &str, machine: &str) -> Option<Self> {
        let family = caps::family(machine);
        Some(match arch {
            "x86_64" | "i686" => match family {
                "pc" => Self { family: Family::I440fx, ..PCI },
                "q35" => Self { family: Family::Q35, root: Some(Root::Pcie), ..ROW },
                "isapc" => Self { family: Family::Isapc, ..PLAIN },
                "microvm" => Self { family: Family::Microvm, ..ROW },
                _ => ROW,
            },
            "aarch64" | "armv7l" | "armv6l" => match family {
                "virt" => Self { family: Family::ArmVirt, root: Some(Root::Pcie), pci: true, ..ARM },
                "versatilepb" => Self { root: (arch == "armv6l").then_some(Root::Pci), pci: true, ..ARM },
                _ => ARM,
            },
            "riscv64" | "riscv32" => match family {
                "virt" => Self { family: Family::RiscvVirt, root: Some(Root::Pcie), pci: true, ..RISCV },
                _ => RISCV,
            },
            "loongarch64" => match family {
                "virt" => Self { family: Family::LoongArchVirt, root: Some(Root::Pcie), ..ROW },
                _ => return None,
            },
            "ppc64" | "ppc64le" => match family {
                "pseries" => Self { family: Family::Pseries, panic: true, ..PCI },
                _ => PCI,
            },
            "s390x" | "s390" => {
                let family = if machine.starts_with("s390-ccw") { Family::S390Ccw } else { Family::Other };
                Self { family, panic: true, root: Some(Root::Pci), ..PLAIN }
            }
            "ppc" | "alpha" | "ppcemb" | "sh4" | "sh4eb" | "sparc64" => PCI,
            "sparc" => Self { balloon: false, ..PLAIN },
            "mips" | "mipsel" | "mips64" | "mips64el" if machine == "malta" => PCI,
            _ => return None,
        })
    }

    /// True for a PC of any kind that libvirt knows.
    #[must_use]
    pub fn is_pc(&self) -> bool {
        matches!(self.family, Family::I440fx | Family::Q35 | Family::Isapc | Family::Microvm)
    }
}

/// Architectures of which no machine has IDE, whichever it is.
const NO_IDE: &[&str] =
    &["aarch64", "armv7l", "armv6l", "riscv64", "riscv32", "loongarch64", "s390x", "s390", "alpha", "sparc", "sh4", "sh4eb"];
/// Those of which some may have it.
const SOME_IDE: &[&str] = &["ppc64", "ppc64le", "ppc", "sparc64", "mips", "mipsel", "mips64", "mips64el"];

/// Whether the machine has an IDE controller of its own, the only one there can be: libvirt 9.0.0, `qemuDomainMachineHasBuiltinIDE`.
/// None where that hangs on a machine which is not named, or not known.
#[must_use]
pub fn ide(arch: &str, machine: Option<&str>) -> Option<bool> {
    let pc = matches!(arch, "x86_64" | "i686");
    match machine {
        // the name is enough, whatever the architecture
        Some("malta" | "sun4u" | "g3beige") => Some(true),
        Some(name) if pc => match caps::family(name) {
            "pc" => Some(true),
            "q35" | "isapc" | "microvm" => Some(false),
            _ => None,
        },
        Some(_) if SOME_IDE.contains(&arch) => Some(false),
        _ => NO_IDE.contains(&arch).then_some(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn board(arch: &str, machine: &str) -> Board {
        Board::of(arch, machine).unwrap()
    }

    #[test]
    fn a_machine_is_told_by_architecture_and_family() {
        assert_eq!(board("x86_64", "pc-q35-rhel9.4.0").family, Family::Q35);
        assert_eq!(board("aarch64", "virt-9.0").root, Some(Root::Pcie));
        assert_eq!(board("riscv64", "virt").family, Family::RiscvVirt);
        assert!(!board("armv7l", "vexpress-a9").pci && board("armv6l", "versatilepb").pci);
        assert!(board("s390x", "s390-ccw-virtio-8.1").panic && !board("s390x", "s390-ccw-virtio-8.1").usb);
        assert!(board("x86_64", "isapc").root.is_none() && board("x86_64", "microvm").is_pc());
        assert!(Board::of("m68k", "q800").is_none());
    }

    #[test]
    fn few_machines_have_ide() {
        for (arch, machine) in [("x86_64", "pc-1.2"), ("ppc", "g3beige"), ("ppc64", "g3beige"), ("mips64el", "malta"), ("sparc64", "sun4u")]
        {
            assert_eq!(ide(arch, Some(machine)), Some(true), "{arch} {machine}");
        }
        for (arch, machine) in [("i686", "q35"), ("aarch64", "virt"), ("ppc64", "pseries-7.2"), ("sparc64", "sun4v"), ("alpha", "clipper")]
        {
            assert_eq!(ide(arch, Some(machine)), Some(false), "{arch} {machine}");
        }
        assert_eq!(
            ["alpha", "s390x", "ppc64", "x86_64", "alhpa"].map(|arch| ide(arch, None)),
            [Some(false), Some(false), None, None, None]
        );
        assert_eq!((ide("x86_64", Some("q53")), ide("m68k", Some("q800"))), (None, None));
    }
}

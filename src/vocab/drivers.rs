//! Drivers of libvirt: which of them make something of a part of the format.

/// Some of libvirt's drivers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Drivers(u16);

/// Each driver: its name, and the types of the domains that it runs.
const EACH: &[(Drivers, &str, &[&str])] = &[
    (Drivers::QEMU, "QEMU", &["qemu", "kvm", "hvf", "hyperv"]),
    (Drivers::XEN, "Xen", &["xen"]),
    (Drivers::LXC, "LXC", &["lxc"]),
    (Drivers::BHYVE, "bhyve", &["bhyve"]),
    (Drivers::VMWARE, "VMware", &["vmware"]),
    (Drivers::VIRTUALBOX, "VirtualBox", &["vbox"]),
    (Drivers::OPENVZ, "OpenVZ", &["openvz"]),
    (Drivers::VIRTUOZZO, "Virtuozzo", &["vz", "parallels"]),
    (Drivers::CLOUD_HYPERVISOR, "Cloud Hypervisor", &["kvm", "hyperv"]),
    (Drivers::HYPER_V, "Hyper-V", &["hyperv"]),
];

impl Drivers {
    /// Those of QEMU, with KVM and Apple's hypervisor, and with Microsoft's on Linux, too.
    pub const QEMU: Self = Self(1);
    /// That of Xen, by libxl.
    pub const XEN: Self = Self(2);
    /// That of Linux containers.
    pub const LXC: Self = Self(4);
    /// That of FreeBSD's hypervisor.
    pub const BHYVE: Self = Self(8);
    /// Those of VMware's ESX, Workstation and Player.
    pub const VMWARE: Self = Self(16);
    /// That of VirtualBox.
    pub const VIRTUALBOX: Self = Self(32);
    /// That of OpenVZ.
    pub const OPENVZ: Self = Self(64);
    /// That of Virtuozzo.
    pub const VIRTUOZZO: Self = Self(128);
    /// That of Cloud Hypervisor.
    pub const CLOUD_HYPERVISOR: Self = Self(256);
    /// That of Hyper-V.
    pub const HYPER_V: Self = Self(512);
    /// All of them.
    pub const ALL: Self = Self(1023);

    /// These and those.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The drivers of these bits.
    #[must_use]
    pub fn of_bits(bits: usize) -> Self {
        u16::try_from(bits).map_or(Self::ALL, Self)
    }

    /// One bit each.
    #[must_use]
    pub fn bits(self) -> usize {
        self.0.into()
    }

    /// Their names.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        EACH.iter().filter(move |(driver, ..)| self.0 & driver.0 != 0).map(|(_, name, _)| *name)
    }

    /// Whether none of them runs domains of that type; no where nothing is known of it.
    #[must_use]
    pub fn none_runs(self, domain_type: &str) -> bool {
        let running = EACH.iter().filter(|(.., types)| types.contains(&domain_type)).fold(0, |bits, (driver, ..)| bits | driver.0);
        running != 0 && running & self.0 == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_run_by_its_drivers_alone() {
        let both = Drivers::QEMU.and(Drivers::LXC);
        assert_eq!(both.names().collect::<Vec<_>>(), ["QEMU", "LXC"]);
        assert!(both.none_runs("xen") && !both.none_runs("kvm") && !both.none_runs("lxc"));
        assert!(!Drivers::CLOUD_HYPERVISOR.none_runs("kvm"));
        assert!(["kvm", "hvf", "hyperv"].into_iter().all(|domain_type| !Drivers::QEMU.none_runs(domain_type)));
        assert!(!Drivers::LXC.none_runs("test") && !Drivers::LXC.none_runs(""));
        assert_eq!(Drivers::of_bits(both.bits()), both);
        assert_eq!(Drivers::ALL.names().count(), EACH.len());
        assert!(EACH.iter().all(|(driver, ..)| driver.bits().is_power_of_two()));
    }
}

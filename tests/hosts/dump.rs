//! Two independent lists of what a document says: one from its markup, one from the fields it was read into.
//! The second takes every struct apart without `..`, so that a new field must be added here.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice, missing_docs)]

use virtlens::caps::*;

/// Every attribute, text and empty leaf, as `path = value`, by a parser of its own.
pub fn written(text: &str) -> Vec<String> {
    let tree = roxmltree::Document::parse(text).unwrap();
    let root = tree.root_element();
    let mut out: Vec<String> = root.attributes().map(|attr| format!("/@{} = {}", attr.name(), attr.value())).collect();
    for child in tree.root_element().children().filter(roxmltree::Node::is_element) {
        walk(child, "", &mut out);
    }
    out
}

fn walk(node: roxmltree::Node, path: &str, out: &mut Vec<String>) {
    let path = format!("{path}/{}", node.tag_name().name());
    let before = out.len();
    out.extend(node.attributes().map(|attr| format!("{path}/@{} = {}", attr.name(), attr.value())));
    let texts =
        node.children().filter(roxmltree::Node::is_text).filter_map(|text| text.text()).map(str::trim).filter(|text| !text.is_empty());
    out.extend(texts.map(|text| format!("{path} = {text}")));
    if before == out.len() && !node.children().any(|child| child.is_element()) {
        out.push(format!("{path} = "));
    }
    node.children().filter(roxmltree::Node::is_element).for_each(|child| walk(child, &path, out));
}

/// The same list from the fields; a span that does not cover its value is a fault.
pub fn held(document: &Loaded) -> Vec<String> {
    let mut dump = Dump { text: &document.text, out: Vec::new() };
    match &document.content {
        Content::DomainCapabilities(caps) => dump.domain_caps(caps),
        Content::Capabilities(caps) => dump.host_caps(caps),
        Content::Cpu(cpu) => dump.cpu(cpu),
        _ => panic!("nothing that is read whole"),
    }
    dump.out
}

struct Dump<'t> {
    text: &'t str,
    out: Vec<String>,
}

impl Dump<'_> {
    fn put(&mut self, path: &str, value: &str) {
        self.out.push(format!("/{} = {value}", path.trim_start_matches('/')));
    }

    fn said<T>(&mut self, path: &str, said: &Said<T>, word: impl Fn(&T) -> String) {
        let value = word(&said.value);
        let shown = said.span.of(self.text);
        // a presence without a value is said at the element's name
        let wanted = if value.is_empty() { path.rsplit('/').next().unwrap() } else { &value };
        assert_eq!(shown.replace("&amp;", "&").replace("&lt;", "<"), wanted, "{path}");
        self.put(path, &value);
    }

    fn text(&mut self, path: &str, said: &Option<Said<String>>) {
        if let Some(said) = said {
            self.said(path, said, String::clone);
        }
    }

    fn number<T: ToString>(&mut self, path: &str, said: &Option<Said<T>>) {
        if let Some(said) = said {
            self.said(path, said, T::to_string);
        }
    }

    fn flag(&mut self, path: &str, said: &Option<Said<bool>>) {
        if let Some(said) = said {
            self.said(path, said, |value| if *value { "yes".into() } else { "no".into() });
        }
    }

    fn details(&mut self, path: &str, details: &[(String, Said<String>)]) {
        for (below, said) in details {
            self.said(&format!("{path}/{below}"), said, String::clone);
        }
    }

    fn domain_caps(&mut self, caps: &DomainCaps) {
        let DomainCaps { path, domain, machine, arch, vcpu_max, cpu, sections, unread: _ } = caps;
        self.text("path", path);
        self.text("domain", domain);
        self.text("machine", machine);
        self.text("arch", arch);
        self.number("vcpu/@max", vcpu_max);
        for section in sections {
            self.section(section);
        }
        let CpuModes { span: _, host_passthrough, maximum, host_model, custom } = cpu;
        host_passthrough.iter().for_each(|mode| self.mode("host-passthrough", mode));
        maximum.iter().for_each(|mode| self.mode("maximum", mode));
        host_model.iter().for_each(|mode| self.host_model(mode));
        if let Some(custom) = custom {
            self.mode("custom", &custom.mode);
            custom.models.iter().for_each(|model| self.model(model));
        }
    }

    fn section(&mut self, section: &Section) {
        let Section { path, span, supported, enums, values, details } = section;
        assert_eq!(span.of(self.text), path.rsplit('/').next().unwrap());
        self.flag(&format!("{path}/@supported"), supported);
        self.enums(path, enums);
        values.iter().for_each(|value| self.said(&format!("{path}/value"), value, String::clone));
        self.details(path, details);
        if supported.is_none() && enums.is_empty() && values.is_empty() && details.is_empty() {
            self.put(path, "");
        }
    }

    fn enums(&mut self, path: &str, enums: &[EnumList]) {
        for EnumList { name, span, values } in enums {
            assert_eq!(span.of(self.text), name);
            self.put(&format!("{path}/enum/@name"), name);
            values.iter().for_each(|value| self.said(&format!("{path}/enum/value"), value, String::clone));
        }
    }

    fn mode(&mut self, name: &str, mode: &Mode) {
        let Mode { span, supported, enums } = mode;
        assert_eq!(span.of(self.text), name);
        self.put("cpu/mode/@name", name);
        self.flag("cpu/mode/@supported", supported);
        self.enums("cpu/mode", enums);
    }

    fn host_model(&mut self, host: &HostModel) {
        let HostModel { mode, model, fallback, vendor, maxphysaddr, features, basic: _, invtsc: _, outer: _, lines: _ } = host;
        self.mode("host-model", mode);
        self.text("cpu/mode/model", model);
        self.text("cpu/mode/model/@fallback", fallback);
        self.text("cpu/mode/vendor", vendor);
        self.maxphysaddr("cpu/mode", maxphysaddr);
        for feature in features {
            self.said("cpu/mode/feature/@name", &feature.name, String::clone);
            self.put("cpu/mode/feature/@policy", feature.policy.word());
        }
    }

    fn maxphysaddr(&mut self, path: &str, said: &Option<MaxPhysAddr>) {
        if let Some(MaxPhysAddr { span, mode, bits, limit }) = said {
            assert_eq!(span.of(self.text), "maxphysaddr");
            self.text(&format!("{path}/maxphysaddr/@mode"), mode);
            self.number(&format!("{path}/maxphysaddr/@bits"), bits);
            self.number(&format!("{path}/maxphysaddr/@limit"), limit);
        }
    }

    fn model(&mut self, model: &Model) {
        let Model { name, usable, deprecated, vendor, canonical, blockers } = model;
        self.said("cpu/mode/model", name, String::clone);
        self.said("cpu/mode/model/@usable", usable, |value| match value {
            Usable::Yes => "yes".into(),
            Usable::No => "no".into(),
            Usable::Unknown => "unknown".into(),
        });
        self.flag("cpu/mode/model/@deprecated", deprecated);
        self.text("cpu/mode/model/@vendor", vendor);
        self.text("cpu/mode/model/@canonical", canonical);
        if !blockers.is_empty() {
            self.put("cpu/mode/blockers/@model", &name.value);
        }
        blockers.iter().for_each(|blocker| self.said("cpu/mode/blockers/feature/@name", blocker, String::clone));
    }

    fn cpu(&mut self, cpu: &CpuXml) {
        let CpuXml { span, mode, matching, check, model, fallback, vendor, features, arch, maxphysaddr, details, unread: _, whole } = cpu;
        assert_eq!((span.of(self.text), whole.of(self.text)), ("cpu", self.text.trim()));
        for (name, said) in [("@mode", mode), ("@match", matching), ("@check", check), ("model", model), ("model/@fallback", fallback)] {
            self.text(name, said);
        }
        self.text("vendor", vendor);
        self.text("arch", arch);
        self.maxphysaddr("", maxphysaddr);
        for feature in features {
            self.said("feature/@name", &feature.name, String::clone);
            self.put("feature/@policy", feature.policy.word());
        }
        self.details("", details);
    }

    fn host_caps(&mut self, caps: &HostCaps) {
        let HostCaps { cpu, cells, security, guests, details, unread: _ } = caps;
        cpu.iter().for_each(|cpu| self.host_cpu(cpu));
        cells.iter().for_each(|cell| self.cell(cell));
        for SecurityModel { model, doi, labels } in security {
            self.said("host/secmodel/model", model, String::clone);
            self.text("host/secmodel/doi", doi);
            for (domain_type, label) in labels {
                self.put("host/secmodel/baselabel/@type", domain_type);
                self.said("host/secmodel/baselabel", label, String::clone);
            }
        }
        self.details("host", details);
        guests.iter().for_each(|guest| self.guest(guest));
    }

    fn host_cpu(&mut self, cpu: &HostCpu) {
        let HostCpu { span, arch, model, vendor, maxphysaddr, features, pages, details } = cpu;
        assert_eq!(span.of(self.text), "cpu");
        self.text("host/cpu/arch", arch);
        self.text("host/cpu/model", model);
        self.text("host/cpu/vendor", vendor);
        self.maxphysaddr("host/cpu", maxphysaddr);
        for feature in features {
            self.said("host/cpu/feature/@name", &feature.name, String::clone);
            assert_eq!(feature.policy, Policy::Require);
        }
        self.pages("host/cpu/pages", pages);
        self.details("host/cpu", details);
    }

    /// The unit of all documents of libvirt is KiB, which the field's name says.
    fn pages(&mut self, path: &str, pages: &[PageSize]) {
        for PageSize { kib, count } in pages {
            self.said(&format!("{path}/@size"), kib, u64::to_string);
            self.put(&format!("{path}/@unit"), "KiB");
            count.iter().for_each(|count| self.put(path, &count.to_string()));
        }
    }

    fn cell(&mut self, cell: &Cell) {
        let Cell { id, memory_kib, pages, cpus, details } = cell;
        let path = "host/topology/cells/cell";
        self.said(&format!("{path}/@id"), id, u32::to_string);
        self.number(&format!("{path}/memory"), memory_kib);
        if memory_kib.is_some() {
            self.put(&format!("{path}/memory/@unit"), "KiB");
        }
        self.pages(&format!("{path}/pages"), pages);
        cpus.iter().for_each(|cpu| self.said(&format!("{path}/cpus/cpu/@id"), cpu, u32::to_string));
        self.details(path, details);
    }

    fn guest(&mut self, guest: &Guest) {
        let Guest { os_type, arch, word_size, emulator, loader, machines, domains, features } = guest;
        self.text("guest/os_type", os_type);
        self.text("guest/arch/@name", arch);
        self.number("guest/arch/wordsize", word_size);
        self.text("guest/arch/emulator", emulator);
        self.text("guest/arch/loader", loader);
        self.machines("guest/arch/machine", machines);
        for GuestDomain { domain_type, emulator, machines } in domains {
            self.said("guest/arch/domain/@type", domain_type, String::clone);
            self.text("guest/arch/domain/emulator", emulator);
            self.machines("guest/arch/domain/machine", machines);
        }
        self.details("guest/features", features);
    }

    fn machines(&mut self, path: &str, machines: &[Machine]) {
        for Machine { name, canonical, max_cpus, deprecated } in machines {
            self.said(path, name, String::clone);
            self.text(&format!("{path}/@canonical"), canonical);
            self.number(&format!("{path}/@maxCpus"), max_cpus);
            self.flag(&format!("{path}/@deprecated"), deprecated);
        }
    }
}

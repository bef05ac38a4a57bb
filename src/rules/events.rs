//! What happens when the guest ends, and whether it may sleep.

use super::{Facts, Findings, Rule, page};
use crate::caps::Version;
use crate::edit;
use crate::finding::Effect;
use crate::xml::{Node, Text};

const DOCS: &str = "https://libvirt.org/formatdomain.html#events-configuration";
const POWER: &str = "https://libvirt.org/formatdomain.html#power-management";

/// The rules.
pub const RULES: &[Rule] = &[
    Rule::define("lifecycle-unsupported", EVENTS, lifecycle, page!("events/lifecycle-unsupported.md"), DOCS),
    Rule::define("lifecycle-mixed", &["domain/on_reboot"], mixed, page!("events/lifecycle-mixed.md"), DOCS),
    Rule::define("suspend-unsupported", SUSPEND, suspend, page!("events/suspend-unsupported.md"), POWER),
];

const EVENTS: &[&str] = &["domain/on_poweroff", "domain/on_reboot", "domain/on_crash"];
const SUSPEND: &[&str] = &["domain/pm/suspend-to-mem", "domain/pm/suspend-to-disk"];

fn lifecycle(facts: &Facts, node: Node, findings: &mut Findings) {
    let Some(text) = node.text().filter(|_| facts.qemu()) else { return };
    let why = match text.value {
        "rename-restart" => "QEMU's driver does not start a guest anew under another name",
        "preserve" if node.name() != "on_crash" => "QEMU's driver does not keep a guest that ended by itself",
        _ => return,
    };
    let usual = if node.name() == "on_reboot" { "restart" } else { "destroy" };
    findings.at(text.span, why).fix(format!("Use {usual}"), Effect::Safe, vec![edit::replace(text.span, usual)]);
}

/// A guest that ends at a reboot and begins at a power-off.
fn mixed(facts: &Facts, node: Node, findings: &mut Findings) {
    let says = |node: Option<Node<'_>>, word: &str| node.and_then(Node::text).filter(|text| text.value == word).map(|text| text.span);
    let poweroff = says(facts.subject.root.child("on_poweroff"), "restart");
    let (Some(text), Some(poweroff)) = (node.text().filter(|text: &Text| text.value == "destroy" && facts.qemu()), poweroff) else {
        return;
    };
    let finding = findings.at(text.span, "a guest that starts anew when it powers off cannot end when it reboots");
    finding.related(poweroff, "when it powers off");
    finding.fix("Start anew at a reboot too", Effect::Safe, vec![edit::replace(text.span, "restart")]);
    finding.fix("End at a power-off too", Effect::Safe, vec![edit::replace(poweroff, "destroy")]);
}

/// Seen on 9.0.0: the emulators of PowerPC and MIPS pass there, since they have a chip that could; 11.3.0 asks for the architecture.
fn suspend(facts: &Facts, node: Node, findings: &mut Findings) {
    let (Some(enabled), Some(arch)) = (node.attr("enabled").filter(|_| facts.qemu() && !facts.x86()), facts.arch()) else { return };
    let sure = matches!(arch, "aarch64" | "armv7l" | "armv6l" | "s390x" | "riscv64" | "riscv32");
    if sure || facts.since(Version(11, 3, 0)) {
        let finding = findings.at(enabled.name_span(), format!("only PCs can be told whether they may sleep, this domain is `{arch}`"));
        finding.fix(format!("Remove `<{}>`", node.name()), Effect::Safe, vec![edit::remove(node)]);
    }
}

#[cfg(test)]
mod tests {
    use crate::support::{check_in, mended_in};

    const CODES: &[&str] = &["lifecycle-unsupported", "lifecycle-mixed", "suspend-unsupported"];

    #[test]
    fn some_ends_are_not_for_qemu() {
        let fixture = r#"
<on_poweroff>preserve</on_poweroff>
             ^^^^^^^^ error[lifecycle-unsupported]: QEMU's driver does not keep a guest that ended by itself
             | fix: Use destroy
<on_reboot>rename-restart</on_reboot>
           ^^^^^^^^^^^^^^ error[lifecycle-unsupported]: QEMU's driver does not start a guest anew under another name
           | fix: Use restart
<on_crash>preserve</on_crash>
"#;
        check_in("qemu-q35", "", CODES, fixture);
        mended_in("qemu-q35", "", "lifecycle-unsupported", fixture);
        check_in("qemu-q35", "", CODES, "<on_poweroff>restart</on_poweroff>\n<on_crash>coredump-restart</on_crash>");
    }

    #[test]
    fn ends_go_together() {
        let fixture = r#"
<on_poweroff>restart</on_poweroff>
<on_reboot>destroy</on_reboot>
           ^^^^^^^ error[lifecycle-mixed]: a guest that starts anew when it powers off cannot end when it reboots
           | fix: Start anew at a reboot too
           | fix: End at a power-off too
"#;
        check_in("qemu-q35", "", CODES, fixture);
        mended_in("qemu-q35", "", "lifecycle-mixed", fixture);
        check_in("qemu-q35", "", CODES, "<on_poweroff>destroy</on_poweroff>\n<on_reboot>destroy</on_reboot>");
    }

    #[test]
    fn pcs_sleep() {
        let fixture = r#"
<pm>
  <suspend-to-mem enabled='no'/>
                  ^^^^^^^ error[suspend-unsupported]: only PCs can be told whether they may sleep, this domain is `aarch64`
                  | fix: Remove `<suspend-to-mem>`
  <suspend-to-disk/>
</pm>
"#;
        check_in("9.0.0:aarch64", "", CODES, fixture);
        mended_in("9.0.0:aarch64", "", "suspend-unsupported", fixture);
        check_in("9.0.0:ppc64", "", CODES, "<pm>\n  <suspend-to-mem enabled='no'/>\n</pm>");
        check_in("qemu-q35", "", CODES, "<pm>\n  <suspend-to-mem enabled='no'/>\n</pm>");
    }
}

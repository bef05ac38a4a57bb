/** The commands that print what the judgement needs. */
import { button, h } from "./dom";
import { copy } from "./status";

export const COMMANDS = {
  domainCapabilities: "virsh domcapabilities --virttype kvm --machine q35",
  capabilities: "virsh capabilities",
  versions: "virsh version",
} as const;

/** The command that prints what a domain is judged by, for that domain's own type, architecture and machine. */
export function commandFor(needs: keyof typeof COMMANDS, domain: string): string {
  if (needs !== "domainCapabilities") return COMMANDS[needs];
  const type = /<type\b[^>]*>/.exec(domain)?.[0] ?? "";
  const options = {
    virttype: /<domain\s[^>]*?\btype\s*=\s*['"]([\w-]+)['"]/.exec(domain)?.[1],
    arch: /\barch\s*=\s*['"]([\w-]+)['"]/.exec(type)?.[1],
    machine: /\bmachine\s*=\s*['"]([\w.-]+)['"]/.exec(type)?.[1],
  };
  const given = Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : ` --${name} ${value}`));
  return "virsh domcapabilities" + given.join("");
}

export function commandLine(command: string): HTMLElement {
  return h("div", { class: "command" }, h("code", {}, command), button("Copy", () => void copy(command, "the command"), { "aria-label": `Copy ${command}` }));
}

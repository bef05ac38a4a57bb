/** The commands that print what the judgement needs. */
import { button, h } from "./dom";
import { copy } from "./status";

export const COMMANDS = {
  domainCapabilities: "virsh domcapabilities --virttype kvm --machine q35",
  capabilities: "virsh capabilities",
  versions: "virsh version",
} as const;

export function commandLine(command: string): HTMLElement {
  return h("div", { class: "command" }, h("code", { tabindex: 0 }, command), button("Copy", () => void copy(command, "the command"), { "aria-label": `Copy ${command}` }));
}

/** The panels, as tabs: arrow keys move among them. */
import { byId } from "./dom";

export type Panel = "findings" | "cpu" | "hosts" | "documents";
const PANELS: readonly Panel[] = ["findings", "cpu", "hosts", "documents"];

let open: Panel = "findings";
let opened: (panel: Panel) => void = () => undefined;

export const tab = (panel: Panel) => byId<HTMLButtonElement>(`tab-${panel}`);
export const panel = (name: Panel) => byId(`panel-${name}`);
export const isOpen = (name: Panel) => open === name;

export function show(name: Panel): void {
  open = name;
  for (const one of PANELS) {
    tab(one).setAttribute("aria-selected", String(one === name));
    tab(one).tabIndex = one === name ? 0 : -1;
    panel(one).hidden = one !== name;
  }
  opened(name);
}

export function startTabs(onOpen: (panel: Panel) => void): void {
  opened = onOpen;
  PANELS.forEach((name, at) => {
    tab(name).addEventListener("click", () => show(name));
    tab(name).addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const next = PANELS[(at + (step ?? 0) + PANELS.length) % PANELS.length];
      if (step === undefined || next === undefined) return;
      show(next);
      tab(next).focus();
    });
  });
  show("findings");
}

import { openBeside } from "./beside";
import { h, link } from "./dom";

const KEYS: [keys: string[], does: string][] = [
  [["F8"], "next finding"],
  [["Shift", "F8"], "previous finding"],
  [["Ctrl", "."], "fixes at the cursor"],
  [["Ctrl", "Space"], "what may stand at the cursor; it comes up by itself after <, a blank in a tag, and quotes"],
  [["↑", "↓", "Enter"], "in that list: choose; what this host does not offer stands last"],
  [["Tab"], "after that: to the next value to fill in"],
  [["F2"], "what is known of the word at the cursor, as hovering shows it"],
  [["Ctrl", "Z"], "undo; a fix is one step"],
  [["Ctrl", "F"], "search in the editor"],
  [["Esc", "Tab"], "leave the editor: Esc first, then Tab"],
  [["↑", "↓"], "walk the list of findings"],
  [["Enter"], "in the list: go to the place"],
  [["←", "→"], "on the tabs: Findings, CPU, Documents"],
  [["Esc"], "close what is open beside the editor"],
  [["F1"], "this help"],
];

export function openHelp(rules: () => void): void {
  const rows = KEYS.map(([keys, does]) => h("tr", {}, h("th", { scope: "row" }, ...keys.flatMap((key, at) => [at > 0 && " ", h("kbd", {}, key)])), h("td", {}, does)));
  const content = h(
    "article",
    { class: "page" },
    h("p", {}, "The domain is checked as you type, against the documents that are loaded. Nothing leaves the browser, and nothing is stored: closing the page forgets it all."),
    h("table", {}, h("tbody", {}, ...rows)),
    h("p", {}, "On a Mac, use ⌘ in place of Ctrl."),
    h("h3", {}, "Signs"),
    h("p", {}, "Error: libvirt refuses it, or would drop it against what you mean. Warning: it may fail, or loses something. To know: it works; this is worth knowing. What no document tells is listed as not checked, never as an error."),
    h("p", {}, link("All rules", rules)),
  );
  openBeside("Keys and help", content);
}

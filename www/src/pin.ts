/** What a fix will change, shown before it does. */
import type { Fix } from "virtlens";
import { closeBeside, openBeside } from "./beside";
import { button, h } from "./dom";

export function previewFix(text: string, fix: Fix, apply: () => void): void {
  const confirm = button(fix.title, () => {
    closeBeside();
    apply();
  }, { class: "primary" });
  const changes = fix.edits.map((edit) => change(text, edit.range.start.offset, edit.range.end.offset, edit.newText));
  const content = h(
    "article",
    { class: "page" },
    h("p", {}, fix.effect === "changes-guest" ? "This changes what the guest sees at its next start." : "The guest stays what it was meant to be: the host's CPU of today is written down."),
    ...changes,
    h("p", { class: "tools" }, confirm, button("Cancel", closeBeside), h("span", { class: "subtle" }, "Ctrl+Z takes it back in one step.")),
  );
  openBeside(`${fix.title}: what changes`, content);
}

/** Whole lines around one edit, before and after. */
function change(text: string, from: number, to: number, newText: string): HTMLElement {
  const start = text.lastIndexOf("\n", from - 1) + 1;
  const stop = text.indexOf("\n", to);
  const end = stop < 0 ? text.length : stop;
  const before = text.slice(start, end).split("\n");
  const after = (text.slice(start, from) + newText + text.slice(to, end)).split("\n");
  const [head, tail] = common(before, after);
  const rows = [
    ...before.slice(0, head).map(plain),
    ...before.slice(head, before.length - tail).map((line) => h("del", {}, `- ${line}`)),
    ...after.slice(head, after.length - tail).map((line) => h("ins", {}, `+ ${line}`)),
    ...before.slice(before.length - tail).map(plain),
  ];
  return h("pre", { class: "change", tabindex: 0, "aria-label": "Lines removed and added" }, ...rows);
}

const plain = (line: string) => h("div", {}, `  ${line}`);

function common(before: string[], after: string[]): [head: number, tail: number] {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  return [head, tail];
}

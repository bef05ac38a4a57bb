/** What a fix will change, shown before it does. */
import type { Fix } from "virtlens";
import { closeBeside, openBeside } from "./beside";
import { button, h } from "./dom";

export function previewFix(text: string, fix: Fix, apply: () => void): void {
  const confirm = button(fix.title, () => {
    closeBeside();
    apply();
  }, { class: "primary" });
  const content = h(
    "article",
    { class: "page" },
    h("p", {}, fix.effect === "changes-guest" ? "This changes what the guest sees at its next start." : "The guest stays what it was meant to be: the host's CPU of today is written down."),
    h("p", { class: "tools" }, confirm, button("Cancel", closeBeside), h("span", { class: "subtle" }, "Ctrl+Z takes it back in one step.")),
    change(text, fix.edits),
  );
  openBeside(`${fix.title}: what changes`, content);
}

/** The whole lines that the edits touch, before and after. */
function change(text: string, edits: Fix["edits"]): HTMLElement {
  const from = text.lastIndexOf("\n", Math.min(...edits.map((edit) => edit.range.start.offset)) - 1) + 1;
  const end = text.indexOf("\n", Math.max(...edits.map((edit) => edit.range.end.offset)));
  const to = end < 0 ? text.length : end;
  const before = text.slice(from, to).split("\n");
  const after = edited(text, edits, from, to).split("\n");
  const [head, tail] = common(before, after);
  const rows = [
    ...before.slice(0, head).map(plain),
    ...before.slice(head, before.length - tail).map((line) => h("del", {}, `- ${line}`)),
    ...after.slice(head, after.length - tail).map((line) => h("ins", {}, `+ ${line}`)),
    ...before.slice(before.length - tail).map(plain),
  ];
  return h("pre", { class: "change", tabindex: 0, "aria-label": "Lines removed and added" }, ...rows);
}

/** The stretch from `from` to `to` after the edits, which are disjoint and in order. */
function edited(text: string, edits: Fix["edits"], from: number, to: number): string {
  let result = "";
  let at = from;
  for (const { range, newText } of edits) {
    result += text.slice(at, range.start.offset) + newText;
    at = range.end.offset;
  }
  return result + text.slice(at, to);
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

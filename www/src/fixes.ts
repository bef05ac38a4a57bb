/** Fixes in the editor: what is offered at the cursor, shown as a small menu, applied as one undo step. */
import { isolateHistory } from "@codemirror/commands";
import { type EditorState, StateEffect, StateField } from "@codemirror/state";
import { type EditorView, showTooltip, type Tooltip } from "@codemirror/view";
import type { Fix } from "virtlens";
import { button, h } from "./dom";
import { marks, marksAt } from "./marks";

/** Applies a fix, by default of a finding. False: the text changed since it was offered, so its places are no longer true. */
export function applyFix(view: EditorView, fix: Fix, offered = isOffered(view.state, fix)): boolean {
  if (!offered) return false;
  view.dispatch({
    changes: fix.edits.map((edit) => ({ from: edit.range.start.offset, to: edit.range.end.offset, insert: edit.newText })),
    annotations: isolateHistory.of("full"),
    userEvent: "input.fix",
    scrollIntoView: true,
  });
  return true;
}

/** By what it does: a report made again of the same text holds the same fix. */
function isOffered(state: EditorState, fix: Fix): boolean {
  const { current, list } = state.field(marks);
  const offered = list.filter((mark) => !mark.stale).flatMap((mark) => mark.diagnostic.fixes);
  return current && offered.some((one) => JSON.stringify(one) === JSON.stringify(fix));
}

export function fixesAt(state: EditorState, pos: number): Fix[] {
  const line = state.doc.lineAt(pos);
  const offered = marksAt(state, line.from, line.to).filter((mark) => !mark.stale);
  const here = offered.filter((mark) => mark.from <= pos && pos <= mark.to && mark.diagnostic.fixes.length > 0);
  return (here.length > 0 ? here : offered).flatMap((mark) => mark.diagnostic.fixes);
}

const menu = StateEffect.define<Tooltip | null>();

export const fixMenu = StateField.define<Tooltip | null>({
  create: () => null,
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(menu)) return effect.value;
    return transaction.docChanged || transaction.selection !== undefined ? null : value;
  },
  provide: (field) => showTooltip.from(field),
});

/** Opens the menu of fixes at `pos` with the focus on the first. False if there is none. */
export function openFixes(view: EditorView, pos: number, choose: (fix: Fix) => void): boolean {
  const fixes = fixesAt(view.state, pos);
  if (fixes.length === 0) return false;
  const close = () => {
    view.dispatch({ effects: menu.of(null) });
    view.focus();
  };
  const take = (fix: Fix) => {
    close();
    choose(fix);
  };
  const dom = fixList(fixes, take, close);
  view.dispatch({ effects: menu.of({ pos, create: () => ({ dom, mount: () => dom.querySelector("button")?.focus() }) }) });
  return true;
}

function fixList(fixes: Fix[], take: (fix: Fix) => void, close: () => void): HTMLElement {
  const items = fixes.map((fix) => button(label(fix), () => take(fix), { role: "menuitem" }));
  return h("div", { class: "cm-fixes", role: "menu", "aria-label": "Fixes here", onkeydown: (event: KeyboardEvent) => walk(event, items, close) }, ...items);
}

function walk(event: KeyboardEvent, items: HTMLButtonElement[], close: () => void): void {
  event.stopPropagation();
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape" || event.key === "Tab") close();
  else if (step !== undefined) {
    const at = items.findIndex((item) => item.matches(":focus"));
    items[(at + step + items.length) % items.length]?.focus();
  } else return;
  event.preventDefault();
}

export function label(fix: Fix): string {
  return fix.effect === "changes-guest" ? `${fix.title} (changes the guest)` : fix.title;
}

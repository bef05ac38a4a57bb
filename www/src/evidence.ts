/** A capability document, read-only, at the line that says so. */
import { EditorState, RangeSet } from "@codemirror/state";
import { Decoration, EditorView, keymap } from "@codemirror/view";
import { defaultKeymap } from "@codemirror/commands";
import { search, searchKeymap } from "@codemirror/search";
import { openBeside } from "./beside";
import { h } from "./dom";
import { goTo, mount } from "./editor";
import type { Loaded } from "./session";

export interface Place {
  start: { line: number; column: number };
  end: { line: number; column: number };
}

export function openDocument(document: Loaded, place?: Place): void {
  const host = h("div", { class: "viewer" });
  openBeside(place === undefined ? document.name : `${document.name}, line ${place.start.line}`, host);
  const shown = EditorView.decorations.of((view) => (place === undefined ? RangeSet.empty : told(view.state, place)));
  const view = mount(host, [
    EditorState.readOnly.of(true),
    EditorView.contentAttributes.of({ "aria-label": `${document.name}, read-only`, "aria-readonly": "true", tabindex: "0" }),
    search({ top: true }),
    keymap.of([...searchKeymap, ...defaultKeymap]),
    shown,
  ], document.text);
  (host.firstElementChild as HTMLElement).style.height = "100%";
  if (place !== undefined) requestAnimationFrame(() => goTo(view, offset(view.state, place.start), false));
}

/** By line and column: the editor holds every line end as one character, the document may not. */
function offset(state: EditorState, { line, column }: { line: number; column: number }): number {
  const found = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines));
  return Math.min(found.from + column - 1, found.to);
}

/** The line, and in it the very token. */
function told(state: EditorState, place: Place) {
  const [from, to] = [offset(state, place.start), offset(state, place.end)];
  const line = Decoration.line({ class: "cm-told" }).range(state.doc.lineAt(from).from);
  return Decoration.set(from < to ? [line, Decoration.mark({ class: "cm-told-token" }).range(from, to)] : [line]);
}

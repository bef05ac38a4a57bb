/** The editor of the domain. Mounted in a shadow root: there CodeMirror's styles are adopted sheets, which the policy allows. */
import { defaultKeymap, history, historyKeymap, indentWithTab, undoDepth } from "@codemirror/commands";
import { autoCloseTags, xmlLanguage } from "@codemirror/lang-xml";
import { bracketMatching, foldGutter, foldKeymap } from "@codemirror/language";
import { search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension, Transaction } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers, placeholder } from "@codemirror/view";
import type { Fix } from "virtlens";
import { assist, type Assistant } from "./assist";
import { type CaveatActions, caveatField } from "./caveat";
import { theme } from "./editor-theme";
import { fixMenu, openFixes } from "./fixes";
import { hover, signGutter } from "./hover";
import { marks } from "./marks";

export interface EditorActions extends CaveatActions, Assistant {
  changed(): void;
  moved(state: EditorState): void;
  choose(fix: Fix): void;
  /** Asked for fixes where there are none. */
  noFix(): void;
  /** Asked what is known of a place where nothing is. */
  nothingKnown(): void;
}

const EMPTY = "Paste a domain XML here (virsh dumpxml NAME), drop its file, or choose a sample above.";

export function createEditor(parent: HTMLElement, actions: EditorActions): EditorView {
  return mount(parent, [
    history(),
    drawSelection(),
    bracketMatching(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    autoCloseTags,
    search({ top: true }),
    placeholder(EMPTY),
    marks,
    caveatField(actions),
    fixMenu,
    hover((text, offset) => actions.hover(text, offset)),
    assist(actions, () => actions.nothingKnown()),
    signGutter((view, pos) => askFixes(view, pos, actions)),
    EditorView.contentAttributes.of({ "aria-label": "Domain XML", tabindex: "0" }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) actions.changed();
      if (update.docChanged || update.selectionSet) actions.moved(update.state);
    }),
    keymap.of([
      { key: "F8", run: (view) => step(view, 1), shift: (view) => step(view, -1), preventDefault: true },
      { key: "Mod-.", run: (view) => (askFixes(view, view.state.selection.main.head, actions), true) },
      ...searchKeymap,
      ...historyKeymap,
      ...foldKeymap,
      ...defaultKeymap,
      indentWithTab,
    ]),
  ]);
}

/** An editor, or a read-only view, with what both share. */
export function mount(parent: HTMLElement, extensions: Extension, doc = ""): EditorView {
  const host = document.createElement("div");
  parent.append(host);
  const root = host.attachShadow({ mode: "open" });
  const shared = [lineNumbers(), foldGutter(), xmlLanguage, theme, EditorState.tabSize.of(2), EditorView.lineWrapping];
  return new EditorView({ parent: root, root, state: EditorState.create({ doc, extensions: [extensions, shared] }) });
}

function askFixes(view: EditorView, pos: number, actions: EditorActions): void {
  if (!openFixes(view, pos, actions.choose)) actions.noFix();
}

/** Goes to a place, in the middle of the view; with the focus, if wanted. */
export function goTo(view: EditorView, pos: number, focus = true): void {
  const anchor = Math.min(pos, view.state.doc.length);
  view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
  if (focus) view.focus();
}

/** The place of the next finding after the cursor (or of the one before it), round the end. */
export function neighbour(state: EditorState, direction: 1 | -1): number | undefined {
  const { head } = state.selection.main;
  const places = state.field(marks).list.filter((mark) => !mark.stale).map((mark) => mark.from).sort((one, other) => one - other);
  return direction === 1 ? (places.find((from) => from > head) ?? places[0]) : (places.findLast((from) => from < head) ?? places.at(-1));
}

export function step(view: EditorView, direction: 1 | -1): boolean {
  const pos = neighbour(view.state, direction);
  if (pos !== undefined) goTo(view, pos);
  return true;
}

/** Replaces the whole text, as one step that Ctrl+Z takes back; the first text of all is no step, for nothing was there before it. */
export function setText(view: EditorView, text: string): void {
  const { doc } = view.state;
  const first = doc.length === 0 && undoDepth(view.state) === 0;
  view.dispatch({
    changes: { from: 0, to: doc.length, insert: text },
    selection: { anchor: 0 },
    annotations: Transaction.addToHistory.of(!first),
    userEvent: "input.open",
    scrollIntoView: true,
  });
}

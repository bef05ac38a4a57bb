/** Help while writing: what may stand at the cursor, and what is known of what stands there. */
import { autocompletion, snippet, startCompletion } from "@codemirror/autocomplete";
import { type Extension, Prec, StateEffect, StateField } from "@codemirror/state";
import { type EditorView, keymap, showTooltip, type Tooltip } from "@codemirror/view";
import type { Completion, Hover } from "virtlens";
import { completions, markup } from "virtlens/codemirror";
import { h } from "./dom";
import { speak } from "./status";

export interface Assistant {
  complete(text: string, offset: number): Promise<Completion[]>;
  hover(text: string, offset: number): Promise<Hover | null>;
}

export function assist(assistant: Assistant, nothing: () => void): Extension {
  const source = completions({ snippet, startCompletion }, (text, offset) => assistant.complete(text, offset));
  return [
    autocompletion({ override: [source], icons: false, maxRenderedOptions: 60 }),
    told,
    Prec.high(keymap.of([{ key: "Escape", run: close }])),
    keymap.of([{ key: "F2", run: (view) => (void open(view, assistant, nothing), true) }]),
  ];
}

/** What is known of a token, without the findings: the editor draws those itself. None where there are only findings. */
export function known({ contents }: Hover): HTMLElement | undefined {
  const [text = ""] = contents.split("\n\n---\n\n");
  return text.startsWith("**`") ? h("div", { class: "cm-known" }, markup(text)) : undefined;
}

const tell = StateEffect.define<Tooltip | null>();

/** What F2 shows, until the text or the cursor moves. */
const told = StateField.define<Tooltip | null>({
  create: () => null,
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(tell)) return effect.value;
    return transaction.docChanged || transaction.selection !== undefined ? null : value;
  },
  provide: (field) => showTooltip.from(field),
});

function close(view: EditorView): boolean {
  if (view.state.field(told) === null) return false;
  view.dispatch({ effects: tell.of(null) });
  return true;
}

async function open(view: EditorView, assistant: Assistant, nothing: () => void): Promise<void> {
  const { doc, selection } = view.state;
  const about = await assistant.hover(doc.toString(), selection.main.head);
  if (view.state.doc !== doc) return;
  if (about === null) return nothing();
  const dom = h("div", { class: "cm-known" }, markup(about.contents));
  view.dispatch({ effects: tell.of({ pos: about.range.start.offset, create: () => ({ dom }) }) });
  speak([...dom.querySelectorAll("p")].map((paragraph) => paragraph.textContent).join(" "));
}

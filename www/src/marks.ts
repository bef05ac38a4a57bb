/** The findings as the editor holds them: each at its token, moved along as the text is edited. */
import { type EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView } from "@codemirror/view";
import type { Diagnostic, Report } from "virtlens";

export interface Mark {
  diagnostic: Diagnostic;
  from: number;
  to: number;
  /** From before the text broke: its place is only where it was last seen. */
  stale: boolean;
}

export interface Marks {
  list: readonly Mark[];
  /** The text cannot be parsed; `list` begins with where. */
  broken: boolean;
  /** No edit came after the check, so the report's offsets are those of the text. */
  current: boolean;
}

const NONE: Marks = { list: [], broken: false, current: false };

const reported = StateEffect.define<Report | null>();

export const marks = StateField.define<Marks>({
  create: () => NONE,
  update(value, transaction) {
    let next = value;
    if (transaction.docChanged) {
      const list = next.list.map((mark) => ({ ...mark, from: transaction.changes.mapPos(mark.from, 1), to: transaction.changes.mapPos(mark.to, -1) }));
      next = { ...next, list, current: false };
    }
    for (const effect of transaction.effects) {
      if (effect.is(reported)) next = effect.value === null ? NONE : take(next, effect.value, transaction.state.doc.length);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.compute([field, "selection"], (state) => underlines(state.field(field), state.selection.main.head)),
});

/** Shows a report made of the very text that the editor holds now; null shows none. */
export function showReport(view: EditorView, report: Report | null): void {
  view.dispatch({ effects: reported.of(report) });
}

export function marksAt(state: EditorState, from: number, to: number): Mark[] {
  return state.field(marks).list.filter((mark) => mark.from <= to && from <= Math.max(mark.to, mark.from));
}

function take(before: Marks, report: Report, length: number): Marks {
  const fresh = report.diagnostics.map((diagnostic) => place(diagnostic, length));
  const broken = report.diagnostics.some((diagnostic) => diagnostic.phase === "syntax" && diagnostic.severity === "error");
  const standing = before.list.filter((mark) => mark.diagnostic.phase !== "syntax" && mark.from < mark.to); // the others' tokens are gone
  const kept = broken ? standing.map((mark) => ({ ...mark, stale: true })) : [];
  return { list: [...fresh, ...kept], broken, current: true };
}

function place(diagnostic: Diagnostic, length: number): Mark {
  const from = Math.min(diagnostic.range.start.offset, length);
  return { diagnostic, from, to: Math.min(Math.max(diagnostic.range.end.offset, from), length), stale: false };
}

/** The token that the cursor is in is shown as such; it is not selected, since browsers paint underlines anew in a selection. */
function underlines({ list }: Marks, head: number): DecorationSet {
  const decorations = list.map((mark) => {
    const [from, to] = mark.from < mark.to ? [mark.from, mark.to] : [Math.max(0, mark.from - 1), mark.from];
    const style = mark.stale ? "cm-stale" : `cm-${mark.diagnostic.severity}`;
    const here = from <= head && head <= to ? " cm-here" : "";
    return { from, to, value: Decoration.mark({ class: `cm-finding ${style}${here}` }) };
  });
  return Decoration.set(decorations.filter(({ from, to }) => from < to).map(({ from, to, value }) => value.range(from, to)), true);
}

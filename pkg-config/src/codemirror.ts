import type { Diagnostic } from "@codemirror/lint";
import type { Extension } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import { VirtlensError } from "./errors.js";
import type { Fix, Report } from "./types.js";

/** The module `@codemirror/lint`, which the caller hands over, so that the page has one copy of it. */
export type LintModule = Pick<typeof import("@codemirror/lint"), "linter">;

/** `check` of a `Workspace` or of a `WorkspaceClient`. */
export type Check = (xml: string) => Report | Promise<Report>;

/** An extension that underlines what `check` finds, with the fixes as actions. */
export function virtlens(lint: LintModule, check: Check, config: { delay?: number } = {}): Extension {
  return lint.linter(async (view) => {
    const text = view.state.doc.toString();
    try {
      return diagnostics(await check(text), text);
    } catch (error) {
      if (error instanceof VirtlensError && error.code === "superseded") return []; // the newer check brings its own
      throw error;
    }
  }, config);
}

/** The findings of a report on `text`, as `@codemirror/lint` takes them. */
export function diagnostics(report: Report, text: string): Diagnostic[] {
  return report.diagnostics.map((found) => ({
    from: found.range.start.offset,
    to: found.range.end.offset,
    severity: found.severity,
    source: found.code,
    message: found.message,
    actions: found.fixes.map((fix) => ({ name: fix.title, apply: (view: EditorView) => apply(view, fix, text) })),
  }));
}

/** In one transaction, so that one undo takes it back; a fix that was made for another text does nothing. */
function apply(view: EditorView, fix: Fix, text: string): void {
  if (view.state.doc.toString() !== text) return;
  const changes = fix.edits.map(({ range, newText }) => ({ from: range.start.offset, to: range.end.offset, insert: newText }));
  view.dispatch({ changes, userEvent: "input.fix" });
}

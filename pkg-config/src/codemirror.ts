import type { Completion as Option, CompletionContext, CompletionSource } from "@codemirror/autocomplete";
import type { Diagnostic } from "@codemirror/lint";
import type { Extension } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import { VirtlensError } from "./errors.js";
import { markup } from "./markup.js";
import type { Completion, Fix, Hover, Report } from "./types.js";

export { markup } from "./markup.js";

/** The module `@codemirror/lint`, which the caller hands over, so that the page has one copy of it. */
export type LintModule = Pick<typeof import("@codemirror/lint"), "linter">;

/** The module `@codemirror/autocomplete`, handed over likewise. */
export type AutocompleteModule = Pick<typeof import("@codemirror/autocomplete"), "snippet" | "startCompletion">;

/** The module `@codemirror/view`, handed over likewise. */
export type ViewModule = Pick<typeof import("@codemirror/view"), "hoverTooltip">;

/** `check` of a `Workspace` or of a `WorkspaceClient`. */
export type Check = (xml: string) => Report | Promise<Report>;

/** `complete` of a `Workspace` or of a `WorkspaceClient`. */
export type Complete = (xml: string, offset: number) => Completion[] | Promise<Completion[]>;

/** `hover` of a `Workspace` or of a `WorkspaceClient`. */
export type Ask = (xml: string, offset: number) => Hover | null | Promise<Hover | null>;

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

/** A source of completions for `autocompletion({ override: [source] })`: what may stand at the cursor, the best first. */
export function completions(autocomplete: AutocompleteModule, complete: Complete): CompletionSource {
  return async (context) => {
    const { doc } = context.state;
    const items = await complete(doc.toString(), context.pos);
    const [first] = items;
    if (context.aborted || first === undefined || !(context.explicit || isCalledFor(first, context))) return null;
    const { start, end } = first.range;
    return { from: start.offset, to: end.offset, options: items.map((item, turn) => option(autocomplete, item, turn)), validFor: /^[\w:.+-]*$/ };
  };
}

/** A list that nobody asked for comes up at what begins something, and while a word is written. */
function isCalledFor(item: Completion, { state, pos }: CompletionContext): boolean {
  const before = state.sliceDoc(Math.max(0, pos - 2), pos);
  if (/(<|<\/|=|['"]|[\w:.-])$/.test(before)) return true;
  return item.kind === "attribute" && /\s$/.test(before);
}

const TYPES = { element: "class", attribute: "property", value: "enum", reference: "variable", "end-tag": "keyword" };

/** Their order is kept among those that fit what is written equally well. */
function option(autocomplete: AutocompleteModule, item: Completion, turn: number): Option {
  return {
    label: item.label,
    detail: item.detail,
    type: TYPES[item.kind],
    boost: Math.max(-99, 0 - turn),
    ...(item.documentation === "" ? {} : { info: () => markup(item.documentation) }),
    apply: (view, picked, from, to) => put(autocomplete, view, item, picked, from, to),
  };
}

/** Puts it in with fields to walk through by Tab, and asks again where a value is to be chosen. */
function put(autocomplete: AutocompleteModule, view: EditorView, item: Completion, picked: Option, from: number, to: number): void {
  const indent = /^\s*/.exec(view.state.doc.lineAt(from).text)?.[0] ?? "";
  autocomplete.snippet(template(item, indent))(view, picked, from, to);
  const [stop] = item.stops;
  if (stop !== undefined && /['"]$/.test(item.newText.slice(0, stop.from))) autocomplete.startCompletion(view);
}

/** As `snippet` reads it: it indents every line as the first by itself. */
function template({ newText, stops }: Completion, indent: string): string {
  const plain = (text: string) => text.replaceAll(`\n${indent}`, "\n").replace(/[{}]/g, "\\$&");
  let [out, from] = ["", 0];
  for (const [at, stop] of stops.entries()) {
    out += `${plain(newText.slice(from, stop.from))}\${${at + 1}:${newText.slice(stop.from, stop.to)}}`;
    from = stop.to;
  }
  return out + plain(newText.slice(from));
}

/** An extension that tells, on hover, what is known of a token. */
export function tooltips(view: ViewModule, ask: Ask): Extension {
  return view.hoverTooltip(async ({ state }, pos) => {
    const told = await ask(state.doc.toString(), pos);
    if (told === null) return null;
    const { start, end } = told.range;
    return { pos: start.offset, end: end.offset, create: () => ({ dom: markup(told.contents) }) };
  });
}

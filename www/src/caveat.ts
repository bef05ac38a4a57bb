/** What to know about the CPU, said under its line, folded to one sentence once read. */
import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, WidgetType } from "@codemirror/view";
import type { Diagnostic, Fix } from "virtlens";
import { h, link, prose } from "./dom";
import { worst } from "./severity";

export interface CaveatActions {
  pin(fix: Fix): void;
  why(code: string): void;
  cpu(): void;
}

export interface Caveats {
  diagnostics: readonly Diagnostic[];
  folded: boolean;
}

const set = StateEffect.define<Caveats>();
const read = new Set<string>();

export const isPin = (fix: Fix) => /^pin this cpu/i.test(fix.title);

function firstSentence(message: string): string {
  return /^.*?[.;:](?=\s)/s.exec(message)?.[0].replace(/[;:]$/, ".") ?? message;
}

class Caveat extends WidgetType {
  constructor(
    readonly caveats: Caveats,
    readonly actions: CaveatActions,
  ) {
    super();
  }
  override eq(other: Caveat): boolean {
    return JSON.stringify(text(this.caveats)) === JSON.stringify(text(other.caveats));
  }
  override get estimatedHeight(): number {
    return this.caveats.folded ? 34 : 36 + 20 * this.caveats.diagnostics.length;
  }
  override toDOM(view: EditorView): HTMLElement {
    const note = this.caveats.folded ? this.folded(view) : this.whole(view);
    return h("div", { class: "cm-caveat-space" }, note); // padding, since margins of a block are not measured
  }
  override ignoreEvent(): boolean {
    return true;
  }

  private folded(view: EditorView): HTMLElement {
    const [first, ...more] = this.caveats.diagnostics;
    const rest = more.length > 0 ? ` (${more.length} more)` : "";
    const links = h("span", { class: "links" }, link("Show ▾", () => fold(view, this.caveats, false), { "aria-expanded": "false" }), this.cpuLink());
    return h("div", { class: `cm-caveat folded ${worst(this.caveats.diagnostics)}`, role: "note" }, h("p", {}, ...prose(firstSentence(first?.message ?? "") + rest)), links);
  }

  private whole(view: EditorView): HTMLElement {
    const { diagnostics } = this.caveats;
    const fix = diagnostics.flatMap((diagnostic) => diagnostic.fixes).find(isPin);
    const links = h(
      "div",
      { class: "links" },
      fix && link("Pin this CPU", () => this.actions.pin(fix)),
      this.cpuLink(),
      link("Fold ▴", () => fold(view, this.caveats, true), { "aria-expanded": "true" }),
    );
    return h("div", { class: `cm-caveat ${worst(diagnostics)}`, role: "note" }, ...diagnostics.map((one) => this.sentence(one)), links);
  }

  private sentence({ message, code }: Diagnostic): HTMLElement {
    return h("p", {}, ...prose(message), " ", link("Why", () => this.actions.why(code), { "aria-label": `Why: ${code}` }));
  }

  private cpuLink(): HTMLElement {
    return link("CPU ▸", () => this.actions.cpu());
  }
}

function text(caveats: Caveats): unknown {
  return [caveats.folded, caveats.diagnostics.map((one) => [one.message, one.severity, one.fixes])];
}

/** The widget stands below the line of the first caveat, which is that of `<cpu`. */
export function caveatField(actions: CaveatActions) {
  return StateField.define<DecorationSet>({
    create: () => Decoration.none,
    update(value, transaction) {
      let next = value.map(transaction.changes);
      for (const effect of transaction.effects) if (effect.is(set)) next = build(effect.value, actions, transaction.state.doc);
      return next;
    },
    provide: (field) => EditorView.decorations.from(field),
  });
}

function build(caveats: Caveats, actions: CaveatActions, doc: EditorView["state"]["doc"]): DecorationSet {
  const [first] = caveats.diagnostics;
  if (first === undefined) return Decoration.none;
  const line = doc.lineAt(Math.min(first.range.start.offset, doc.length));
  return Decoration.set(Decoration.widget({ widget: new Caveat(caveats, actions), block: true, side: 1 }).range(line.to));
}

export function showCaveats(view: EditorView, diagnostics: readonly Diagnostic[]): void {
  view.dispatch({ effects: set.of({ diagnostics, folded: diagnostics.every((one) => read.has(one.code)) }) });
}

/** The reader opened the page of this caveat, so it is read. */
export function noteRead(code: string): void {
  read.add(code);
}

function fold(view: EditorView, { diagnostics }: Caveats, folded: boolean): void {
  for (const { code } of diagnostics) if (folded) read.add(code);
  view.dispatch({ effects: set.of({ diagnostics, folded }) });
  const again = view.dom.querySelector<HTMLElement>(".cm-caveat [aria-expanded]");
  again?.focus();
}

/** What stands at a token, explained on hover; and the gutter's signs and lightbulbs. */
import { RangeSetBuilder, type EditorState } from "@codemirror/state";
import { type EditorView, gutter, GutterMarker, hoverTooltip } from "@codemirror/view";
import type { Hover, Severity } from "virtlens";
import { known } from "./assist";
import { h, prose } from "./dom";
import { fixMenu } from "./fixes";
import { type Mark, marks, marksAt } from "./marks";
import { bulb, sign, WORDS, worst } from "./severity";

export function explained(mark: Mark): HTMLElement {
  const { severity, message, code, evidence } = mark.diagnostic;
  const places = (evidence ?? []).map((one) => `${one.document}:${one.range.start.line}`);
  return h(
    "div",
    { class: "cm-explained" },
    h("p", { class: "head" }, sign(severity), `${WORDS[severity]} · ${code}${mark.stale ? " · from before the text broke" : ""}`),
    h("p", {}, ...prose(message)),
    places.length > 0 && h("p", { class: "head" }, `says ${places.join(", ")}`),
  );
}

/** The findings at a token, then what is known of it. */
export function hover(ask: (text: string, offset: number) => Promise<Hover | null>) {
  return hoverTooltip(async ({ state }, at) => {
    const about = await ask(state.doc.toString(), at).catch(() => null);
    const found = marksAt(state, at, at);
    const rest = about && known(about);
    if ((found.length === 0 && !rest) || state.field(fixMenu) !== null) return null;
    const places = [...found, ...(about && rest ? [{ from: about.range.start.offset, to: about.range.end.offset }] : [])];
    const [pos, end] = [Math.min(...places.map(({ from }) => from)), Math.max(...places.map(({ to }) => to))];
    return { pos, end, create: () => ({ dom: h("div", {}, ...found.map(explained), rest) }) };
  });
}

class Sign extends GutterMarker {
  constructor(
    readonly severity: Severity,
    readonly stale: boolean,
    readonly fixable: boolean,
  ) {
    super();
  }
  override eq(other: Sign): boolean {
    return this.severity === other.severity && this.stale === other.stale && this.fixable === other.fixable;
  }
  override toDOM(): Node {
    const shape = sign(this.severity);
    if (this.stale) shape.setAttribute("class", "sign stale");
    return h("span", { class: "cm-sign" }, shape, this.fixable && bulb());
  }
}

function signs(state: EditorState) {
  const lines = new Map<number, Mark[]>();
  for (const mark of state.field(marks).list) {
    const { from } = state.doc.lineAt(mark.from);
    lines.set(from, [...(lines.get(from) ?? []), mark]);
  }
  const builder = new RangeSetBuilder<GutterMarker>();
  for (const [from, found] of [...lines].sort(([one], [other]) => one - other)) {
    const fixable = found.some((mark) => !mark.stale && mark.diagnostic.fixes.length > 0);
    builder.add(from, from, new Sign(worst(found.map((mark) => mark.diagnostic)), found.every((mark) => mark.stale), fixable));
  }
  return builder.finish();
}

/** A gutter of constant width, so that nothing moves when a finding comes or goes; a click on it shows the fixes. */
export function signGutter(showFixes: (view: EditorView, pos: number) => void) {
  return gutter({
    class: "cm-signs",
    renderEmptyElements: false,
    markers: (view) => signs(view.state),
    lineMarkerChange: (update) => update.startState.field(marks) !== update.state.field(marks),
    domEventHandlers: {
      mousedown(view, line) {
        showFixes(view, line.from);
        return true;
      },
    },
  });
}

import type { IDisposable, IPosition, IRange, editor, languages } from "monaco-editor";
import { VirtlensError } from "./errors.js";
import type { Completion, Fix, Hover, Range, Report } from "./types.js";

/** The parts of the module `monaco-editor` that are used; the caller hands it over, so that the page has one copy. */
export interface Monaco {
  MarkerSeverity: Pick<typeof import("monaco-editor").MarkerSeverity, "Error" | "Warning" | "Info" | "Hint">;
  editor: Pick<typeof editor, "setModelMarkers">;
  languages: Pick<typeof languages, "registerCodeActionProvider">;
}

/** The parts that `assist` uses. */
export interface AssistMonaco {
  languages: Pick<typeof languages, "registerCompletionItemProvider" | "registerHoverProvider"> & {
    CompletionItemKind: Pick<typeof import("monaco-editor").languages.CompletionItemKind, "Class" | "Property" | "EnumMember" | "Reference" | "Keyword">;
    CompletionItemInsertTextRule: Pick<typeof import("monaco-editor").languages.CompletionItemInsertTextRule, "KeepWhitespace" | "InsertAsSnippet">;
  };
}

/** `complete` and `hover` of a `Workspace` or of a `WorkspaceClient`. */
export interface Assistant {
  complete(xml: string, offset: number): Completion[] | Promise<Completion[]>;
  hover(xml: string, offset: number): Hover | null | Promise<Hover | null>;
}

/** `check` of a `Workspace` or of a `WorkspaceClient`. */
export type Check = (xml: string) => Report | Promise<Report>;

/** The report on one version of a model. */
interface Checked {
  model: editor.ITextModel;
  version: number;
  report: Report;
}

const OWNER = "virtlens";

/** Marks what `check` finds in the editor's model, at once and `delay` ms after a change, and offers the fixes. */
export function attach(monaco: Monaco, code: editor.ICodeEditor, check: Check, { delay = 200, language = "xml" } = {}): IDisposable {
  let checked: Checked | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = async () => {
    checked = (await checkModel(code.getModel(), check)) ?? checked;
    if (checked !== undefined) monaco.editor.setModelMarkers(checked.model, OWNER, markers(monaco, checked));
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(run, delay);
  };
  const held = [
    code.onDidChangeModelContent(soon),
    code.onDidChangeModel(soon),
    monaco.languages.registerCodeActionProvider(language, {
      provideCodeActions: (model, range) => ({ actions: checked?.model === model && current(checked) ? actions(checked, range) : [], dispose: () => undefined }),
    }),
    { dispose: () => clearTimeout(timer) },
  ];
  void run();
  return { dispose: () => held.forEach((each) => each.dispose()) };
}

async function checkModel(model: editor.ITextModel | null, check: Check): Promise<Checked | undefined> {
  if (model === null) return undefined;
  const version = model.getVersionId();
  try {
    const checked = { model, version, report: await check(model.getValue()) };
    return current(checked) ? checked : undefined;
  } catch (error) {
    if (error instanceof VirtlensError && error.code === "superseded") return undefined; // the newer check brings its own
    throw error;
  }
}

function current({ model, version }: Checked): boolean {
  return !model.isDisposed() && version === model.getVersionId();
}

function markers(monaco: Monaco, { report, model }: Checked): editor.IMarkerData[] {
  const { Error, Warning, Info, Hint } = monaco.MarkerSeverity;
  const severities = { error: Error, warning: Warning, info: Info, hint: Hint };
  return report.diagnostics.map((found) => ({
    ...place(found.range),
    severity: severities[found.severity],
    source: OWNER,
    code: found.code,
    message: found.message,
    relatedInformation: found.related.map(({ range, message }) => ({ ...place(range), resource: model.uri, message })),
  }));
}

function actions({ report, model, version }: Checked, range: IRange): languages.CodeAction[] {
  const touched = report.diagnostics.filter((found) => touches(place(found.range), range));
  return touched.flatMap((found) => found.fixes.map((fix) => action(fix, model, version)));
}

function action(fix: Fix, model: editor.ITextModel, versionId: number): languages.CodeAction {
  const edits = fix.edits.map(({ range, newText }) => ({ resource: model.uri, versionId, textEdit: { range: place(range), text: newText } }));
  return { title: fix.title, kind: "quickfix", edit: { edits } };
}

function place({ start, end }: Range): IRange {
  return { startLineNumber: start.line, startColumn: start.column, endLineNumber: end.line, endColumn: end.column };
}

function touches(a: IRange, b: IRange): boolean {
  const before = (p: IRange, q: IRange) => p.endLineNumber < q.startLineNumber || (p.endLineNumber === q.startLineNumber && p.endColumn < q.startColumn);
  return !before(a, b) && !before(b, a);
}

/** Offers what may stand at the cursor, and tells on hover what is known of a token, in every model of the language. */
export function assist(monaco: AssistMonaco, assistant: Assistant, { language = "xml" } = {}): IDisposable {
  const held = [
    monaco.languages.registerCompletionItemProvider(language, {
      triggerCharacters: ["<", "/", " ", "'", '"'],
      provideCompletionItems: async (model, position) => {
        const items = await assistant.complete(...at(model, position));
        return { suggestions: items.map((item, turn) => suggestion(monaco, item, turn)) };
      },
    }),
    monaco.languages.registerHoverProvider(language, {
      provideHover: async (model, position) => {
        const told = await assistant.hover(...at(model, position));
        return told && { contents: [{ value: told.contents }], range: place(told.range) };
      },
    }),
  ];
  return { dispose: () => held.forEach((each) => each.dispose()) };
}

/** The text with the line ends that the model counts, and the place in it. */
function at(model: editor.ITextModel, position: IPosition): [string, number] {
  return [model.getValue(), model.getOffsetAt(position)];
}

function suggestion({ languages }: AssistMonaco, item: Completion, turn: number): languages.CompletionItem {
  const { Class, Property, EnumMember, Reference, Keyword } = languages.CompletionItemKind;
  const { KeepWhitespace, InsertAsSnippet } = languages.CompletionItemInsertTextRule;
  const kinds = { element: Class, attribute: Property, value: EnumMember, reference: Reference, "end-tag": Keyword };
  return {
    label: item.label,
    kind: kinds[item.kind],
    detail: item.detail,
    documentation: { value: item.documentation },
    sortText: String(turn).padStart(4, "0"),
    filterText: item.label,
    insertText: template(item),
    insertTextRules: KeepWhitespace | InsertAsSnippet,
    range: place(item.range),
  };
}

function template({ newText, stops }: Completion): string {
  const plain = (text: string) => text.replace(/[$}\\]/g, "\\$&");
  let [out, from] = ["", 0];
  for (const [turn, stop] of stops.entries()) {
    out += `${plain(newText.slice(from, stop.from))}\${${turn + 1}:${plain(newText.slice(stop.from, stop.to))}}`;
    from = stop.to;
  }
  return out + plain(newText.slice(from));
}

// What the adapters hand to an editor, and what a fix does there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtlensError } from "virtlens";
import { completions, diagnostics, tooltips, virtlens } from "virtlens/codemirror";
import { assist, attach } from "virtlens/monaco";

const TEXT = "<domain>\n  <disk bus='ide'/>\n</domain>";
const place = (offset) => ({ offset, line: 2, column: offset - 8 });
const BUS = { start: place(22), end: place(25) };
const FIX = { title: "use virtio", effect: "changes-guest", edits: [{ range: BUS, newText: "virtio" }] };
const FOUND = { code: "disk-bus", severity: "warning", message: "no `ide` here", range: BUS, related: [{ range: BUS, message: "also here" }], fixes: [FIX] };
const REPORT = { diagnostics: [FOUND] };
const superseded = () => Promise.reject(new VirtlensError("superseded", "a newer one"));

function view(text) {
  const dispatched = [];
  return { dispatched, state: { doc: { toString: () => text } }, dispatch: (transaction) => dispatched.push(transaction) };
}

test("CodeMirror: a finding is a diagnostic at its offsets, its fix one transaction", () => {
  const [{ actions, ...shown }] = diagnostics(REPORT, TEXT);
  assert.deepEqual(shown, { from: 22, to: 25, severity: "warning", source: "disk-bus", message: "no `ide` here" });
  const editor = view(TEXT);
  actions[0].apply(editor);
  assert.deepEqual(editor.dispatched, [{ changes: [{ from: 22, to: 25, insert: "virtio" }], userEvent: "input.fix" }]);
});

test("CodeMirror: a fix that was made for another text does nothing", () => {
  const editor = view(`${TEXT}\n`);
  diagnostics(REPORT, TEXT)[0].actions[0].apply(editor);
  assert.deepEqual(editor.dispatched, []);
});

test("CodeMirror: a superseded check shows nothing, any other error is passed on", async () => {
  const source = (check) => virtlens({ linter: (run, config) => ({ run, config }) }, check, { delay: 5 });
  assert.equal((await source(() => REPORT).run(view(TEXT))).length, 1);
  assert.deepEqual(await source(superseded).run(view(TEXT)), []);
  await assert.rejects(source(() => Promise.reject(new VirtlensError("trap", "it fell"))).run(view(TEXT)), { code: "trap" });
  assert.deepEqual(source(() => REPORT).config, { delay: 5 });
});

const NETWORK = "  <interface type='network'>\n    <source network=''/>\n  </interface>".trimStart();
const GAP = NETWORK.indexOf("''/>") + 1;
const ITEM = { label: "interface", kind: "element", detail: "", documentation: "A card.", range: { start: place(11), end: place(13) }, newText: NETWORK, stops: [{ from: 17, to: 24 }, { from: GAP, to: GAP }] };
const AGAINST = { ...ITEM, label: "rdp", kind: "value", documentation: "", newText: "a{b}", stops: [] };

/** What CodeMirror asks with, at the end of `text`. */
function context(text, explicit = false) {
  return { pos: text.length, explicit, aborted: false, state: { doc: { toString: () => text }, sliceDoc: (from, to) => text.slice(from, to) } };
}

test("CodeMirror: completions keep their order, and are put in with fields to fill", async () => {
  const done = [];
  const autocomplete = { snippet: (template) => (...args) => done.push({ template, args }), startCompletion: () => done.push("asked again") };
  const asked = [];
  const source = completions(autocomplete, (...args) => (asked.push(args), Promise.resolve([ITEM, AGAINST])));
  const { options, from, to, validFor } = await source(context("<domain>\n  <"));
  assert.deepEqual([asked, from, to, validFor.test("vhost-user"), validFor.test("a b")], [[["<domain>\n  <", 12]], 11, 13, true, false]);
  assert.deepEqual(options.map(({ label, detail, type, boost }) => ({ label, detail, type, boost })), [
    { label: "interface", detail: "", type: "class", boost: 0 },
    { label: "rdp", detail: "", type: "enum", boost: -1 },
  ]);
  const editor = { state: { doc: { lineAt: () => ({ text: "  <" }) } } };
  options[0].apply(editor, options[0], 11, 12);
  options[1].apply(editor, options[1], 11, 12);
  const template = "<interface type='${1:network}'>\n  <source network='${2:}'/>\n</interface>";
  assert.deepEqual(done, [{ template, args: [editor, options[0], 11, 12] }, "asked again", { template: "a\\{b\\}", args: [editor, options[1], 11, 12] }]);
});

test("CodeMirror: a list comes up by itself where something begins, else when asked for", async () => {
  const source = completions({}, () => [ITEM]);
  for (const text of ["<", "<in", "</", "<a b=", "<a b='"]) assert.ok(await source(context(text)), text);
  for (const text of ["<a>", "<a>\n", "<a> "]) assert.equal(await source(context(text)), null, text);
  assert.ok(await source(context("<a>\n", true)));
  assert.ok(await completions({}, () => [{ ...ITEM, kind: "attribute" }])(context("<a ")));
  assert.equal(await completions({}, () => [])(context("<", true)), null);
});

test("CodeMirror: nothing is told where nothing is known", async () => {
  const run = tooltips({ hoverTooltip: (run) => run }, (_, offset) => (offset === 1 ? { contents: "**a**", range: BUS } : null));
  const told = await run(view(TEXT), 1);
  assert.deepEqual([told.pos, told.end], [22, 25]);
  assert.equal(await run(view(TEXT), 2), null);
});

test("Monaco: completions are snippets in their order, hovers Markdown; dispose takes both back", async () => {
  const providers = {};
  const register = (name) => (language, provider) => ((providers[name] = { language, ...provider }), { dispose: () => delete providers[name] });
  const languages = {
    registerCompletionItemProvider: register("completion"),
    registerHoverProvider: register("hover"),
    CompletionItemKind: { Class: 5, Property: 9, EnumMember: 16, Reference: 21, Keyword: 17 },
    CompletionItemInsertTextRule: { KeepWhitespace: 1, InsertAsSnippet: 4 },
  };
  const assistant = { complete: () => [ITEM, AGAINST], hover: (_, offset) => (offset === 3 ? { contents: "**a**", range: BUS } : null) };
  const held = assist({ languages }, assistant);
  const model = { getValue: () => TEXT, getOffsetAt: ({ column }) => column };
  const { suggestions } = await providers.completion.provideCompletionItems(model, { column: 1 });
  assert.deepEqual([providers.completion.language, providers.hover.language], ["xml", "xml"]);
  assert.deepEqual(suggestions.map(({ label, kind, sortText, insertTextRules }) => [label, kind, sortText, insertTextRules]), [["interface", 5, "0000", 5], ["rdp", 16, "0001", 5]]);
  assert.equal(suggestions[0].insertText, "<interface type='${1:network}'>\n    <source network='${2:}'/>\n  </interface>");
  assert.equal(suggestions[1].insertText, "a{b\\}");
  assert.deepEqual(await providers.hover.provideHover(model, { column: 3 }), { contents: [{ value: "**a**" }], range: { startLineNumber: 2, startColumn: 14, endLineNumber: 2, endColumn: 17 } });
  assert.equal(await providers.hover.provideHover(model, { column: 4 }), null);
  held.dispose();
  assert.deepEqual(providers, {});
});

/** Monaco as far as the adapter knows it. */
function monaco() {
  const listeners = [];
  const listen = (listener) => {
    listeners.push(listener);
    return { dispose: () => listeners.splice(listeners.indexOf(listener), 1) };
  };
  const model = { version: 1, uri: "file:///domain.xml", getValue: () => TEXT, getVersionId: () => model.version, isDisposed: () => false };
  const state = { model, listeners, markers: [], provider: undefined };
  state.code = { getModel: () => model, onDidChangeModelContent: listen, onDidChangeModel: listen };
  state.module = {
    MarkerSeverity: { Error: 8, Warning: 4, Info: 2, Hint: 1 },
    editor: { setModelMarkers: (_, owner, markers) => state.markers.push({ owner, markers }) },
    languages: { registerCodeActionProvider: (language, provider) => ((state.provider = { language, ...provider }), { dispose: () => (state.provider = undefined) }) },
  };
  return state;
}

const WHERE = { startLineNumber: 2, startColumn: 14, endLineNumber: 2, endColumn: 17 };
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

test("Monaco: a finding is a marker, its fix a code action for that version of the model", async () => {
  const state = monaco();
  attach(state.module, state.code, () => REPORT);
  await settled();
  const marker = { ...WHERE, severity: 4, source: "virtlens", code: "disk-bus", message: "no `ide` here", relatedInformation: [{ ...WHERE, resource: state.model.uri, message: "also here" }] };
  assert.deepEqual(state.markers, [{ owner: "virtlens", markers: [marker] }]);
  const edits = [{ resource: state.model.uri, versionId: 1, textEdit: { range: WHERE, text: "virtio" } }];
  const offered = (range) => state.provider.provideCodeActions(state.model, range).actions;
  assert.equal(state.provider.language, "xml");
  assert.deepEqual(offered({ ...WHERE, endColumn: 14 }), [{ title: "use virtio", kind: "quickfix", edit: { edits } }]);
  assert.deepEqual(offered({ startLineNumber: 1, startColumn: 1, endLineNumber: 1, endColumn: 5 }), []);
  state.model.version = 2;
  assert.deepEqual(offered(WHERE), []);
});

test("Monaco: what was found in an older version is not marked, a change is checked once it has settled", async () => {
  const state = monaco();
  const asked = [];
  attach(state.module, state.code, (xml) => new Promise((resolve) => asked.push({ xml, resolve })), { delay: 1 });
  state.model.version = 2;
  state.listeners[0]();
  state.listeners[0]();
  await settled();
  assert.equal(asked.length, 2);
  asked[0].resolve(REPORT);
  await settled();
  assert.deepEqual(state.markers, []);
  asked[1].resolve(REPORT);
  await settled();
  assert.equal(state.markers.length, 1);
});

test("Monaco: dispose takes everything back", async () => {
  const state = monaco();
  attach(state.module, state.code, superseded, { delay: 1 }).dispose();
  assert.equal(state.provider, undefined);
  assert.deepEqual(state.listeners, []);
  await settled();
  assert.deepEqual(state.markers, []);
});

// What the adapters hand to an editor, and what a fix does there.
import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtlensError } from "virtlens";
import { diagnostics, virtlens } from "virtlens/codemirror";
import { attach } from "virtlens/monaco";

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

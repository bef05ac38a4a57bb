// The package in Chromium, under the strictest policy that it promises to run under.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { after, before, test } from "node:test";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { DOCUMENTS, DOMAIN, loaded, root } from "./support.mjs";

const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; style-src 'self'; img-src data:"; // the underline of @codemirror/lint is such an image
const TYPES = { ".js": "text/javascript", ".wasm": "application/wasm", ".json": "application/json" };
const read = (...path) => readFileSync(join(...path));

/** What a console is made of that bundles everything into one classic script. */
async function bundle(contents, format) {
  const { outputFiles } = await build({ stdin: { contents, resolveDir: import.meta.dirname }, bundle: true, write: false, format, logLevel: "error", preserveSymlinks: true });
  return outputFiles[0].text;
}

const CLASSIC = `
  import init, { Workspace, explain } from "virtlens";
  window.run = async (documents, xml) => {
    await init({ module_or_path: "virtlens_bg.wasm" });
    const workspace = new Workspace();
    for (const { name, text } of documents) workspace.addDocument(name, text, { host: "alpha" });
    const report = workspace.check(xml);
    return { report, page: await explain(report.diagnostics[0].code) };
  };`;

const EDITOR = `
  import { forEachDiagnostic, linter } from "@codemirror/lint";
  import { EditorView } from "@codemirror/view";
  import init, { Workspace } from "virtlens";
  import { virtlens } from "virtlens/codemirror";
  window.open = async (documents, doc) => {
    await init({ module_or_path: "/pkg/virtlens_bg.wasm" });
    const workspace = new Workspace();
    for (const { name, text } of documents) workspace.addDocument(name, text);
    const shadow = document.body.attachShadow({ mode: "open" });
    const view = new EditorView({ doc, root: shadow, parent: shadow, extensions: virtlens({ linter }, (xml) => workspace.check(xml), { delay: 1 }) });
    const found = () => {
      const all = [];
      forEachDiagnostic(view.state, (each, from, to) => all.push({ code: each.source, severity: each.severity, text: view.state.sliceDoc(from, to), actions: each.actions }));
      return all;
    };
    for (let frame = 0; frame < 600 && found().length === 0; frame++) await new Promise(requestAnimationFrame);
    return found();
  };`;

/** A worker whose module traps where it meets a text that asks for it. */
const TRAPPING = `
  const trap = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 8, 1, 0, 10, 5, 1, 3, 0, 0, 11]));
  const instantiate = WebAssembly.instantiateStreaming;
  WebAssembly.instantiateStreaming = async (...args) => {
    const { instance, module } = await instantiate.call(WebAssembly, ...args);
    let at;
    const room = (...args) => (at = instance.exports.workspace_room(...args));
    const check = (self, length, ...rest) => {
      const xml = new TextDecoder().decode(new Uint8Array(instance.exports.memory.buffer, at, length));
      if (xml.includes("<!-- trap -->")) new WebAssembly.Instance(trap);
      return instance.exports.workspace_check(self, length, ...rest);
    };
    return { module, instance: { exports: { ...instance.exports, workspace_room: room, workspace_check: check } } };
  };
  const waiting = [];
  self.onmessage = (event) => waiting.push(event);
  await import("/pkg/worker.js");
  waiting.forEach((event) => self.onmessage(event));`;

let server;
let browser;
let files;

before(async () => {
  files = { "/classic/app.js": await bundle(CLASSIC, "iife"), "/editor/app.js": await bundle(EDITOR, "iife"), "/trapping.js": TRAPPING };
  for (const file of ["virtlens_bg.wasm", "virtlens_pages.json"]) files[`/classic/${file}`] = read(root, "pkg", file);
  for (const page of ["/classic/", "/editor/"]) files[page] = `<!doctype html><title>app</title><body><script src="app.js"></script>`;
  files["/"] = "<!doctype html><title>modules</title>";
  server = createServer(({ url }, response) => {
    const content = files[url] ?? (url.startsWith("/pkg/") ? read(root, url.slice(1)) : null);
    response.writeHead(content === null ? 404 : 200, { "Content-Type": TYPES[extname(url)] ?? "text/html", "Content-Security-Policy": POLICY });
    response.end(content);
  }).listen(0, "127.0.0.1");
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
});

after(async () => {
  await browser?.close();
  server?.close();
});

/** Runs in a page of its own; what the policy blocks or the console calls an error is one here. */
async function inPage(path, action, ...args) {
  const page = await browser.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  try {
    await page.goto(`http://127.0.0.1:${server.address().port}${path}`);
    const answer = await page.evaluate(action, ...args);
    assert.deepEqual(faults, []);
    return answer;
  } finally {
    await page.close();
  }
}

const expected = async () => JSON.parse(JSON.stringify((await loaded()).check(DOMAIN)));

test("the modules run under a policy without eval, and fetch the wasm and the pages from beside themselves", async () => {
  const { report, page } = await inPage("/", async ([documents, xml]) => {
    const { default: init, Workspace, explain } = await import("/pkg/index.js");
    await init();
    const workspace = new Workspace();
    for (const { name, text } of documents) workspace.addDocument(name, text, { host: "alpha" });
    const report = workspace.check(xml);
    return { report, page: await explain(report.diagnostics[0].code) };
  }, [DOCUMENTS, DOMAIN]);
  assert.deepEqual(report, await expected());
  assert.match(page, /^# /);
});

test("bundled into a classic script, where import.meta.url is empty, it is told where the wasm lies, and finds the pages beside it", async () => {
  const { report, page } = await inPage("/classic/", ([documents, xml]) => window.run(documents, xml), [DOCUMENTS, DOMAIN]);
  assert.deepEqual(report, await expected());
  assert.match(page, /^# /);
});

test("the worker answers as the workspace does", async () => {
  const answers = await inPage("/", async ([documents, xml]) => {
    const { WorkspaceClient } = await import("/pkg/client.js");
    const client = new WorkspaceClient("/pkg/worker.js", { init: { module_or_path: "pkg/virtlens_bg.wasm" } });
    const failure = (promise) => promise.then(() => null, ({ name, code, document, range }) => ({ name, code, document, line: range?.start.line ?? null }));
    const added = await Promise.all(documents.map(({ name, text }) => client.addDocument(name, new TextEncoder().encode(text), { host: "alpha" })));
    const bad = await failure(client.addDocument("bad.xml", "<domainCapabilities>\n<path>\n</domainCapabilities>"));
    const overtaken = Array.from({ length: 20 }, () => failure(client.check("<domain/>")));
    const report = await client.check(xml);
    const superseded = (await Promise.all(overtaken)).map(({ code }) => code);
    const cpu = await client.resolveCpu(xml.replace(/<cpu[^]*<\/cpu>/, "<cpu mode='host-model'/>"));
    const page = await client.explain(report.diagnostics[0].code);
    const removed = await client.removeDocument(documents[0].name);
    client.dispose();
    return { added, bad, superseded, report, cpu, page, removed };
  }, [DOCUMENTS, DOMAIN]);
  assert.deepEqual(answers.report, await expected());
  assert.deepEqual(answers.added.map(({ name }) => name), DOCUMENTS.map(({ name }) => name));
  assert.deepEqual({ ...answers.bad, code: typeof answers.bad.code }, { name: "VirtlensError", code: "string", document: "bad.xml", line: 2 });
  assert.deepEqual(new Set(answers.superseded), new Set(["superseded"]));
  assert.match(answers.page, /^# /);
  assert.equal(answers.removed, true);
});

test("the worker answers a method that it does not know", async () => {
  const answer = await inPage("/", () => new Promise((resolve) => {
    const worker = new Worker("/pkg/worker.js", { type: "module" });
    worker.onmessage = ({ data }) => resolve(data);
    worker.postMessage({ id: 7, method: "constructor", args: [] });
  }));
  assert.equal(answer.id, 7);
  assert.equal(answer.error.code, "unknown-method");
});

test("after a trap the worker is a new one, with the documents loaded", async () => {
  const { trapped, report } = await inPage("/", async ([documents, xml]) => {
    const { WorkspaceClient } = await import("/pkg/client.js");
    const client = new WorkspaceClient("/trapping.js");
    for (const { name, text } of documents) await client.addDocument(name, text, { host: "alpha" });
    const trapped = await client.check("<domain><!-- trap --></domain>").catch(({ code }) => code);
    return { trapped, report: await client.check(xml) };
  }, [DOCUMENTS, DOMAIN]);
  assert.equal(trapped, "trap");
  assert.deepEqual(report, await expected());
});

test("CodeMirror shows every finding at its token", async () => {
  const shown = await inPage("/editor/", ([documents, xml]) => window.open(documents, xml), [DOCUMENTS, DOMAIN]);
  const { diagnostics } = await expected();
  const told = diagnostics.map(({ code, severity, range }) => ({ code, severity, text: DOMAIN.slice(range.start.offset, range.end.offset) }));
  assert.deepEqual(shown.map(({ code, severity, text }) => ({ code, severity, text })).sort(byCode), told.sort(byCode));
});

function byCode(a, b) {
  return a.code.localeCompare(b.code) || a.text.localeCompare(b.text);
}

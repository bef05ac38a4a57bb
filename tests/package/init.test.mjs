import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";

/** Runs in a process of its own, in which nothing is loaded yet; what it answers comes back. */
function fresh(body) {
  const source = `
    import { readFileSync } from "node:fs";
    import init, { VirtlensError, Workspace, explain } from "virtlens";
    const wasm = new URL("virtlens_bg.wasm", import.meta.resolve("virtlens"));
    const code = async (action) => { try { await action(); } catch (error) { return error instanceof VirtlensError ? error.code : String(error); } };
    const works = () => new Workspace().check("<domain/>").diagnostics.length >= 0;
    console.log(JSON.stringify(await (async () => { ${body} })()));`;
  return JSON.parse(execFileSync(process.execPath, ["--input-type=module", "-e", source], { cwd: import.meta.dirname, encoding: "utf8" }));
}

test("nothing works before init, and says so", () => {
  assert.deepEqual(fresh(`return [await code(() => new Workspace()), await code(() => explain("not-well-formed"))];`), ["not-initialised", "not-initialised"]);
});

test("init loads the module from disk, and a second call is the first", () => {
  assert.deepEqual(fresh(`const [one, two] = [init(), init()]; await one; await two; await init(); return works();`), true);
});

for (const [what, source] of Object.entries({
  "a path": "decodeURIComponent(wasm.pathname)",
  "a file: URL": "wasm",
  bytes: "readFileSync(wasm)",
  "a promise of bytes": "Promise.resolve(readFileSync(wasm))",
  "a compiled module": "new WebAssembly.Module(readFileSync(wasm))",
  "a response": `new Response(readFileSync(wasm), { headers: { "Content-Type": "application/wasm" } })`,
})) {
  test(`init takes ${what}`, () => assert.equal(fresh(`await init({ module_or_path: ${source} }); return works();`), true));
}

test("a module that cannot be loaded is an error, after which init may be called again", () => {
  const answer = fresh(`
    const failures = [];
    for (const module_or_path of ["/nowhere.wasm", new Uint8Array([1, 2, 3])]) failures.push(await code(() => init({ module_or_path })));
    await init();
    return [...failures, works()];`);
  assert.deepEqual(answer, ["module-not-loaded", "module-not-loaded", true]);
});

test("pages that cannot be read are an error of explain alone", () => {
  const answer = fresh(`await init({ pages: "/nowhere.json" }); return [await code(() => explain("not-well-formed")), works()];`);
  assert.deepEqual(answer, ["pages-not-loaded", true]);
});

// The version is one, wherever it stands, and what `make install` leaves can be found by pkg-config.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { root } from "./support.mjs";

const read = (...path) => readFileSync(join(...path), "utf8");
const version = read(root, "Cargo.toml").match(/^version = "(.*)"$/m)[1];
let prefix;
let fields;

/** A .pc file as pkg-config reads it: `name=value` with variables filled in, and `Name: value`. */
function parse(text) {
  const variables = {};
  for (const [, name, value] of text.matchAll(/^(\w+)(?:=|: )(.*)$/gm)) {
    variables[name] = value.replace(/\$\{(\w+)\}/g, (_, other) => variables[other]);
  }
  return variables;
}

before(() => {
  prefix = mkdtempSync(join(tmpdir(), "virtlens-"));
  execFileSync("make", ["install", `PREFIX=${prefix}`], { cwd: root, stdio: "pipe" });
  fields = parse(read(prefix, "share/pkgconfig/virtlens.pc"));
});

after(() => rmSync(prefix, { recursive: true, force: true }));

test("Cargo.toml, Cargo.lock, package.json and the .pc file name the same version", () => {
  const locked = read(root, "Cargo.lock").match(/^name = "virtlens"\nversion = "(.*)"$/m)[1];
  const packaged = JSON.parse(read(root, "pkg/package.json")).version;
  assert.deepEqual({ locked, packaged, pc: fields.Version }, { locked: version, packaged: version, pc: version });
});

test("every file that the .pc file names is installed, and nothing is left to be filled in", () => {
  for (const name of ["pkgdir", "wasm", "module", "worker", "pages"]) assert.ok(existsSync(fields[name]), `${name}: ${fields[name]}`);
  assert.ok(!Object.values(fields).some((value) => value.includes("@")), JSON.stringify(fields));
});

test("what is installed runs from there", async () => {
  const { default: init, Workspace } = await import(join(fields.pkgdir, "node.js"));
  await init();
  assert.equal(new Workspace().check("<domain>").diagnostics.length, 1);
});

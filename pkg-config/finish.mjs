// Makes pkg/ of what wasm-pack left in target/stage, of what tsc makes of pkg-config/src, of the types and of the
// explanation pages. Fails when the module was not optimised or when a file is over its budget.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

const root = join(import.meta.dirname, "..");
const stage = join(root, "target/stage");
const pkg = join(root, "pkg");
const json = (path) => JSON.parse(readFileSync(path, "utf8"));

function manifest() {
  const { name, version, description, license, keywords } = json(join(stage, "package.json"));
  return { name, version, description, license, keywords, ...json(join(root, "pkg-config/manifest.json")) };
}

/** Every explanation page by its code, which is the name of its file. */
function pages() {
  const rules = join(root, "src/rules");
  const files = readdirSync(rules, { recursive: true }).filter((file) => file.endsWith(".md")).sort();
  return Object.fromEntries(files.map((file) => [basename(file, ".md"), readFileSync(join(rules, file), "utf8")]));
}

/** wasm-pack passes over a missing wasm-opt with a remark; without it the names of the functions are still there. */
function checkOptimised(wasm) {
  const names = WebAssembly.Module.customSections(new WebAssembly.Module(wasm), "name");
  if (names.length > 0) throw new Error("the module still has its names: wasm-opt did not run");
}

function checkBudget(budget) {
  const late = [];
  for (const [file, most] of Object.entries(budget)) {
    const content = readFileSync(join(pkg, file));
    const sizes = { raw: content.length, gzip: gzipSync(content, { level: 9 }).length, brotli: brotliCompressSync(content).length };
    console.log(`${file}: ${sizes.raw} bytes, ${sizes.gzip} gzip (of ${most.gzip}), ${sizes.brotli} brotli (of ${most.brotli})`);
    for (const way of ["gzip", "brotli"]) if (sizes[way] > most[way]) late.push(`${file} is over its budget: ${sizes[way]} bytes ${way}, ${most[way]} allowed`);
  }
  if (late.length > 0) throw new Error(late.join("\n"));
}

rmSync(pkg, { recursive: true, force: true });
mkdirSync(pkg);
const files = ["virtlens.js", "virtlens_bg.wasm"].map((file) => join(stage, file));
const texts = ["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE", "src/types.d.ts"].map((file) => join(root, file));
for (const file of [...files, ...texts]) cpSync(file, join(pkg, basename(file)));
execFileSync(join(root, "pkg-config/node_modules/.bin/tsc"), ["-p", join(root, "pkg-config")], { stdio: "inherit" });
writeFileSync(join(pkg, "virtlens_pages.json"), JSON.stringify(pages()));
writeFileSync(join(pkg, "package.json"), `${JSON.stringify(manifest(), null, 2)}\n`);
checkOptimised(readFileSync(join(pkg, "virtlens_bg.wasm")));
checkBudget(json(join(root, "pkg-config/budget.json")));

// node tests/bench/run.mjs FOLDER: measures in Node and in Chromium, against the bare parser that wasm-pack left in FOLDER.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join, resolve } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { engines, measure } from "./measure.mjs";
import { samples } from "./samples.mjs";

const bare = resolve(process.argv[2]);
const pkg = join(import.meta.dirname, "../../pkg");
const libxml2 = join(import.meta.dirname, "node_modules/libxml2-wasm/lib");
const input = samples();

async function inNode() {
  const parser = await import(join(bare, "bare.js"));
  await parser.default({ module_or_path: readFileSync(join(bare, "bare_bg.wasm")) });
  const modules = { bare: parser, virtlens: await import(join(pkg, "node.js")), libxml2: await import(join(libxml2, "index.mjs")) };
  return measure(await engines(modules, input), input);
}

const FOLDERS = { bare, pkg, libxml2, bench: import.meta.dirname };
const TYPES = { ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".json": "application/json" };

async function serve(request, response) {
  // a page alone in its process has a clock of 5 µs steps, any other one of 100
  response.setHeader("Cross-Origin-Opener-Policy", "same-origin").setHeader("Cross-Origin-Embedder-Policy", "require-corp");
  const [folder, ...path] = request.url.slice(1).split("/");
  if (folder === "input") return response.setHeader("Content-Type", TYPES[".json"]).end(JSON.stringify(input));
  if (folder === "") return response.setHeader("Content-Type", "text/html").end("<!doctype html><title>bench</title>");
  const file = await readFile(join(FOLDERS[folder] ?? "", ...path)).catch(() => null);
  if (file === null) return response.writeHead(404).end();
  response.setHeader("Content-Type", TYPES[extname(request.url)] ?? "application/octet-stream").end(file);
}

async function inChromium() {
  const server = createServer(serve).listen(0, "127.0.0.1");
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    return await page.evaluate(async () => {
      const load = (path) => import(path);
      const input = await (await fetch("/input")).json();
      const parser = await load("/bare/bare.js");
      await parser.default();
      const { engines, measure } = await load("/bench/measure.mjs");
      return measure(await engines({ bare: parser, virtlens: await load("/pkg/index.js"), libxml2: await load("/libxml2/index.mjs") }, input), input);
    });
  } finally {
    await browser.close();
    server.close();
  }
}

/** The slope of the times in a double logarithmic plot: 1 is linear. */
function exponent(series) {
  const points = series.map(({ devices, report }) => [Math.log(devices), Math.log(report)]);
  const mean = (at) => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  return points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0) / points.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}

const ms = (time) => (time === undefined || time === null ? "–" : time.toPrecision(3)).padStart(9);
const ratio = (a, b) => (a && b ? (a / b).toFixed(2) : "–").padStart(9);

function row(name, { bare, report, libxml2 }) {
  console.log(`  ${name.padEnd(28)}${ms(report)}${ms(bare)}${ms(libxml2)}${ratio(report, bare)}${ratio(libxml2, report)}`);
}

function print(where, result) {
  console.log(`\n${where}; ms a call`);
  console.log(`  ${"".padEnd(28)}${["report", "bare", "libxml2", "× bare", "× faster"].map((head) => head.padStart(9)).join("")}`);
  if (result.documents > 0) row(`corpus, median of ${result.documents}`, result.corpus);
  row(`${(input.large.length / 1000).toFixed(1)} kB, 30 devices`, result.large);
  for (const [name, time] of Object.entries(result.writing)) console.log(`  ${`${name}, the same text`.padEnd(28)}${ms(time)}`);
  for (const { devices, ...times } of result.series) row(`${devices} devices`, times);
  console.log(`  growth from ${result.series[0].devices} to ${result.series.at(-1).devices} devices: n^${exponent(result.series).toFixed(3)}, last decade n^${exponent(result.series.slice(-3)).toFixed(3)}`);
}

function size(name, files) {
  const contents = files.map((file) => readFileSync(file));
  const sum = (pack) => contents.reduce((total, content) => total + pack(content).length, 0);
  const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(10);
  console.log(`  ${name.padEnd(28)}${kB(sum((content) => content))}${kB(sum((content) => gzipSync(content, { level: 9 })))}${kB(sum(brotliCompressSync))}`);
}

const within = (folder, ending) => readdirSync(folder).filter((file) => file.endsWith(ending) && statSync(join(folder, file)).isFile()).map((file) => join(folder, file));

/** The parts of both Cargo.toml that decide how fast the same code is. */
function checkSameBuild() {
  const sections = (folder) => readFileSync(join(folder, "Cargo.toml"), "utf8").replace(/^#.*\n/gm, "").split(/^(?=\[)/m);
  const settings = (folder) => sections(folder).filter((section) => /^\[(profile|package\.metadata)\./.test(section)).map((section) => section.trim()).sort();
  assert.deepEqual(settings(join(import.meta.dirname, "bare")), settings(join(import.meta.dirname, "../..")), "the bare parser is built otherwise than the package");
}

checkSameBuild();
if (input.corpus.length === 0) console.log("the corpus is not beside the project: only domains made here are measured");
if (input.schema === null) console.log("libvirt's schema is not beside the project: libxml2 is not measured");
print(`Node ${process.versions.node}`, await inNode());
print("Chromium", await inChromium());
console.log("\ndownload: raw, gzip, brotli");
size("virtlens", ["virtlens_bg.wasm", "virtlens.js", "index.js", "workspace.js", "pages.js", "errors.js"].map((file) => join(pkg, file)));
size("its explanation pages", [join(pkg, "virtlens_pages.json")]);
size("bare", [join(bare, "bare_bg.wasm"), join(bare, "bare.js")]);
size("libxml2-wasm", within(libxml2, ".mjs"));

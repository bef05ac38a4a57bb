// The report of the package equals the program's, field by field.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { before, test } from "node:test";
import init, { VirtlensError, Workspace } from "virtlens";
import { PROGRAM, root } from "./support.mjs";

const shared = join(root, "../shared");
const without = existsSync(shared) ? false : "the corpus is not beside the project";

before(() => init());

const decode = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const bytes = (path) => readFileSync(resolve(root, path));

/** As `batch` answers the same job. */
function answer({ op, domain, documents, libvirt, qemu, severity, limits }) {
  const options = Object.fromEntries(Object.entries({ libvirt, qemu, severity, limits }).filter(([, value]) => value));
  const workspace = new Workspace(options);
  try {
    for (const path of documents) workspace.addDocument(path, bytes(path));
    const xml = decode.decode(bytes(domain));
    return op === "check" ? { report: workspace.check(xml) } : { resolved: workspace.resolveCpu(xml) };
  } catch (error) {
    if (error instanceof VirtlensError || error instanceof TypeError) return { error: true };
    throw error;
  } finally {
    workspace.free();
  }
}

function compare(jobs) {
  const input = jobs.map((job, id) => JSON.stringify({ id: String(id), ...job })).join("\n");
  const output = execFileSync(PROGRAM, ["batch"], { cwd: root, input: `${input}\n`, encoding: "utf8", maxBuffer: 1 << 30 });
  const answers = output.trim().split("\n").map(JSON.parse);
  assert.equal(answers.length, jobs.length);
  for (const [at, { error, report, resolved }] of answers.entries()) {
    const theirs = error === undefined ? JSON.parse(JSON.stringify(jobs[at].op === "check" ? { report } : { resolved })) : { error: true };
    assert.deepEqual(JSON.parse(JSON.stringify(answer(jobs[at]))), theirs, JSON.stringify(jobs[at]));
  }
  return answers;
}

/** Both questions about each job. */
const both = (jobs) => jobs.flatMap((job) => [{ ...job, op: "check" }, { ...job, op: "cpu-resolve" }]);

test("on every capture, with the domains that lie here", () => {
  const domains = readdirSync(join(import.meta.dirname, "domains")).map((file) => `tests/package/domains/${file}`);
  const hosts = readdirSync(join(root, "tests/hosts")).filter((name) => name.startsWith("libvirt-")).map((folder) => `tests/hosts/${folder}`);
  const jobs = hosts.flatMap((host) => {
    const capabilities = readdirSync(join(root, host)).filter((file) => file.endsWith(".xml") && file !== "capabilities.xml");
    return capabilities.flatMap((file) => domains.map((domain) => ({ domain, documents: [`${host}/version.txt`, `${host}/capabilities.xml`, `${host}/${file}`] })));
  });
  const answers = compare(both(jobs));
  assert.ok(answers.some(({ report }) => report?.diagnostics.length > 1) && answers.some(({ resolved }) => resolved));
});

const rows = (table) => readFileSync(join(shared, "corpus", table), "utf8").trim().split("\n").map(JSON.parse);
const beside = (path) => join("../shared", path);
const listed = (row) => row.documents.map(beside);
const inCorpus = (...paths) => paths.filter((path) => path && existsSync(join(shared, "corpus", path))).map((path) => beside(`corpus/${path}`));

const TABLES = {
  "domains.jsonl": (row) => ({ domain: beside(`corpus/${row.input}`), documents: inCorpus(row.domcaps, row.capabilities), libvirt: "11.3.0", qemu: row.caps_version }),
  "schema.jsonl": (row) => ({ domain: beside(`corpus/${row.file}`), documents: [] }),
  "mutants.jsonl": (row) => ({ domain: beside(`corpus/${row.file}`), documents: [] }),
  "real.jsonl": (row) => ({ domain: beside(`corpus/${row.file}`), documents: listed(row), libvirt: row.libvirt, qemu: row.qemu }),
  "start.jsonl": (row) => ({ domain: beside(`corpus/${row.file}`), documents: listed(row), libvirt: row.libvirt, qemu: row.qemu }),
};

for (const [table, job] of Object.entries(TABLES)) {
  test(`over the corpus: ${table}`, { skip: without }, () => {
    const answers = compare(both(rows(table).map(job)));
    assert.ok(answers.filter(({ error }) => error === undefined).length > 0.9 * answers.length, "most jobs could not be done");
  });
}

test("over the corpus: enums.jsonl", { skip: without }, () => {
  const folder = mkdtempSync(join(tmpdir(), "virtlens-"));
  const jobs = rows("enums.jsonl").map(({ domain_xml, document, libvirt }, row) => {
    const domain = join(folder, `${row}.xml`);
    writeFileSync(domain, domain_xml);
    return { domain, documents: [document, join(dirname(document), "capabilities.xml")].map(beside), libvirt };
  });
  const answers = compare(both(jobs));
  rmSync(folder, { recursive: true });
  assert.ok(answers.some(({ report }) => report?.diagnostics.some(({ fixes }) => fixes.length > 0)), "no report has a fix");
});

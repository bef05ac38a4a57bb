// What people drop in by mistake: each with a clear answer, within a second, and nothing that was loaded before is lost.
import assert from "node:assert/strict";
import { before, test } from "node:test";
import init, { VirtlensError, Workspace } from "virtlens";
import { DOCUMENTS, DOMAIN, loaded } from "./support.mjs";

const SECOND = 1000;
const domainCapabilities = DOCUMENTS[2].text;
const utf16 = (text) => new Uint8Array(Uint16Array.from(`\ufeff${text}`, (unit) => unit.charCodeAt(0)).buffer);
const latin1 = (text) => Uint8Array.from(text, (unit) => unit.charCodeAt(0) & 255);

const ENTITIES = `<!DOCTYPE domain [<!ENTITY a "ha">${Array.from("bcdefghij", (name, n) => `<!ENTITY ${name} "${`&${"abcdefghi"[n]};`.repeat(10)}">`).join("")}]>\n<domain><name>&j;</name></domain>`;

/** What is no XML at all, or too much of it: refused as a document and as a domain. */
const TEXTS = {
  "an empty text": "",
  "white space": " \n\t",
  "what is not XML": "error: failed to connect to the hypervisor",
  HTML: "<!DOCTYPE html>\n<html><head><title>Not found</title></head><body><p>404<br></body></html>",
  "a download that broke off": domainCapabilities.slice(0, domainCapabilities.length / 2),
  "UTF-16 read as UTF-8": new TextDecoder().decode(utf16(DOMAIN)),
  "Latin-1 read as UTF-8": new TextDecoder().decode(latin1(DOMAIN)),
  "a declaration with entities that expand": ENTITIES,
  "100,000 nested elements": "<a>".repeat(100_000) + "</a>".repeat(100_000),
  "50 MB": `<domain><name>${"n".repeat(50_000_000)}</name></domain>`,
  "100,000 attributes": `<domain ${Array.from({ length: 100_000 }, (_, n) => `a${n}='1'`).join(" ")}/>`,
};

const BYTES = {
  "UTF-16 bytes": utf16(domainCapabilities),
  "Latin-1 bytes": latin1("<domainCapabilities><path>/usr/bin/qemü</path></domainCapabilities>"),
  "bytes of an image": Uint8Array.from({ length: 4096 }, (_, n) => (n * 7) & 255),
};

let workspace;
let report;

before(async () => {
  await init();
  workspace = await loaded();
  report = workspace.check(DOMAIN);
});

function within(action) {
  const start = performance.now();
  const result = action();
  const took = performance.now() - start;
  assert.ok(took < SECOND, `${took} ms`);
  return result;
}

function refused(name, content) {
  let thrown;
  within(() => {
    try {
      workspace.addDocument(name, content);
    } catch (error) {
      thrown = error;
    }
  });
  assert.ok(thrown instanceof VirtlensError, `${thrown}`);
  assert.match(thrown.code, /^[a-z0-9]+(-[a-z0-9]+)+$/);
  assert.notEqual(thrown.code, "trap");
  assert.ok(thrown.message.length > 10, thrown.message);
  assert.equal(thrown.document, name);
  assert.deepEqual(workspace.check(DOMAIN), report, "what was loaded before is lost");
  return thrown;
}

for (const [what, text] of Object.entries(TEXTS)) {
  test(`${what} is refused as a document`, () => {
    refused("new.xml", text);
    refused(DOCUMENTS[2].name, text);
  });

  test(`${what} as a domain is one finding`, () => {
    const { diagnostics, cpu } = within(() => workspace.check(text));
    assert.equal(diagnostics.length, 1, JSON.stringify(diagnostics.map(({ message }) => message)));
    assert.equal(diagnostics[0].severity, "error");
    assert.equal(diagnostics[0].phase, "syntax");
    assert.equal(cpu, null);
  });
}

for (const [what, bytes] of Object.entries(BYTES)) {
  test(`${what} are refused as a document`, () => {
    const { message } = refused("new.xml", bytes);
    if (what.startsWith("UTF-16")) assert.match(message, /UTF-16/);
    if (what.startsWith("Latin-1")) assert.match(message, /UTF-8/);
  });
}

test("a capability document where a domain is expected is one finding that says so", () => {
  for (const { name, text } of DOCUMENTS.filter(({ name }) => name.endsWith(".xml"))) {
    const { diagnostics } = workspace.check(text);
    assert.equal(diagnostics.length, 1, name);
    assert.match(diagnostics[0].message, /capabilit/);
  }
});

test("a domain where documents are expected counts only for that domain", async () => {
  const own = await loaded();
  assert.equal(own.addDocument("guest.xml", DOMAIN.replace(/<name>.*<\/name>/, "<name>another</name>")).kind, "domain");
  const { used, reason } = own.check(DOMAIN, { host: "alpha" }).documents.find(({ name }) => name === "guest.xml");
  assert.equal(used, false);
  assert.ok(reason.length > 10);
});

test("XML of another kind is refused as a document", () => {
  assert.match(refused("network.xml", "<network><name>default</name></network>").message, /network/);
});

test("values of another type are errors, not traps", () => {
  for (const content of [null, undefined, 7, {}, []]) assert.throws(() => workspace.addDocument("x", content), VirtlensError);
  for (const text of [null, undefined, 7, {}]) assert.throws(() => workspace.check(text), VirtlensError);
  assert.deepEqual(workspace.check(DOMAIN), report);
});

test("the limits can be set", () => {
  const small = new Workspace({ limits: { bytes: 100, depth: 2, attributes: 1, namespaces: 1, findings: 1 } });
  const found = (xml) => small.check(xml).diagnostics.map(({ phase }) => phase);
  assert.deepEqual(found(DOMAIN), ["syntax"]);
  assert.deepEqual(found("<domain><os><type></type></os></domain>"), ["syntax"]);
  assert.deepEqual(found("<domain a='1' b='2'/>"), ["syntax"]);
  assert.deepEqual(found("<domain><a xmlns='b'/><c xmlns='d'/></domain>"), ["syntax"]);
});

// The client's side of the worker, against a worker that is answered by hand; the real one is in browser.test.mjs.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { VirtlensError } from "virtlens";
import { WorkspaceClient } from "virtlens/client";

class FakeWorker {
  sent = [];
  terminated = false;
  postMessage(message) {
    if (this.terminated) throw new Error("posted to an ended worker");
    this.sent.push(structuredClone(message));
  }
  terminate() {
    this.terminated = true;
  }
  get last() {
    return this.sent.at(-1);
  }
  /** Answers the last request. */
  answer(result) {
    this.onmessage({ data: { id: this.last.id, result } });
  }
  fail(code, rest = {}) {
    this.onmessage({ data: { id: this.last.id, error: { code, message: `it is ${code}`, document: null, range: null, ...rest } } });
  }
}

let workers;
const spawn = () => {
  workers.push(new FakeWorker());
  return workers.at(-1);
};
const current = () => workers.at(-1);
const asked = ({ sent }) => sent.map(({ method, args }) => [method, args[0]]);
const rejects = (promise, code) => assert.rejects(promise, (error) => error instanceof VirtlensError && error.code === code);

/** A client whose worker has been started. */
function started(options) {
  const client = new WorkspaceClient(spawn, options);
  const first = client.check("first");
  current().answer();
  current().answer("first report");
  return { client, first };
}

beforeEach(() => (workers = []));

test("help while writing is asked for a text and an offset, and takes no check's place", async () => {
  const { client } = started();
  const answers = [client.check("<a/>"), client.complete("<a/>", 1, { host: "alpha" }), client.hover("<a/>", 2)];
  for (const result of ["a report", [], null]) current().answer(result);
  assert.deepEqual(await Promise.all(answers), ["a report", [], null]);
  assert.deepEqual(current().sent.slice(-2).map(({ method, args }) => [method, ...args]), [
    ["complete", "<a/>", 1, { host: "alpha" }],
    ["hover", "<a/>", 2, undefined],
  ]);
});

test("the worker is made when first needed, and started with the options", async () => {
  const options = { init: { module_or_path: new URL("https://host/virtlens_bg.wasm") }, workspace: { libvirt: "11.3.0" } };
  const client = new WorkspaceClient(spawn, options);
  assert.equal(workers.length, 0);
  const report = client.check("xml", { host: "alpha" });
  assert.deepEqual(current().last, { id: 1, method: "start", args: [{ module_or_path: "https://host/virtlens_bg.wasm" }, { libvirt: "11.3.0" }] });
  current().answer();
  assert.deepEqual(current().last, { id: 2, method: "check", args: ["xml", { host: "alpha" }] });
  current().answer("report");
  assert.equal(await report, "report");
});

test("requests are sent one after another, in order", async () => {
  const { client } = started();
  const answers = [client.addDocument("a", "A"), client.removeDocument("a"), client.resolveCpu("xml"), client.explain("code"), client.catalogue()];
  for (const result of [{ name: "a" }, true, { mode: "custom" }, "# page", []]) current().answer(result);
  assert.deepEqual(await Promise.all(answers), [{ name: "a" }, true, { mode: "custom" }, "# page", []]);
  assert.deepEqual(asked(current()).slice(2), [["addDocument", "a"], ["removeDocument", "a"], ["resolveCpu", "xml"], ["explain", "code"], ["catalogue", undefined]]);
});

test("an error answers its own request, with its place", async () => {
  const { client } = started();
  const [bad, good] = [client.addDocument("a", "A"), client.addDocument("b", "B")];
  const range = { start: { offset: 0, line: 1, column: 1 }, end: { offset: 1, line: 1, column: 2 } };
  current().fail("not-a-document", { document: "a", range });
  current().answer({ name: "b" });
  await assert.rejects(bad, { name: "VirtlensError", code: "not-a-document", message: "it is not-a-document", document: "a", range });
  assert.deepEqual(await good, { name: "b" });
});

test("of several checks the latest wins: the one under way and those that wait are superseded", async () => {
  const { client } = started();
  const [one, two] = [client.check("1"), client.check("2")];
  const [document, three] = [client.addDocument("a", "A"), client.check("3")];
  await Promise.all([rejects(one, "superseded"), rejects(two, "superseded")]);
  current().answer("report of 1");
  current().answer({ name: "a" });
  current().answer("report of 3");
  assert.deepEqual(await document, { name: "a" });
  assert.equal(await three, "report of 3");
  assert.deepEqual(asked(current()).slice(2), [["check", "1"], ["addDocument", "a"], ["check", "3"]]);
});

test("an answer to another request is not taken for this one's", async () => {
  const { client } = started();
  const report = client.check("xml");
  current().onmessage({ data: { id: 1, result: "an old answer" } });
  current().answer("report");
  assert.equal(await report, "report");
});

test("a trap is the answer to the request that met it; a new worker gets the documents again, the last one last, and answers the rest", async () => {
  const { client } = started({ workspace: { qemu: "10.0.0" } });
  for (const name of ["a", "b", "a", "gone"]) {
    const added = client.addDocument(name, `text of ${name}`, { host: "alpha" });
    current().answer({ name });
    await added;
  }
  const removed = client.removeDocument("gone");
  current().answer(true);
  await removed;
  const [trapped, waiting] = [client.resolveCpu("xml"), client.check("next")];
  current().fail("trap");
  await rejects(trapped, "trap");
  assert.equal(workers.length, 2);
  assert.ok(workers[0].terminated);
  for (let answer = 0; answer < 3; answer++) current().answer({});
  current().answer("report");
  assert.equal(await waiting, "report");
  assert.deepEqual(asked(current()), [["start", {}], ["addDocument", "b"], ["addDocument", "a"], ["check", "next"]]);
  assert.deepEqual(current().sent[0].args[1], { qemu: "10.0.0" });
  assert.deepEqual(current().sent[2].args, ["a", "text of a", { host: "alpha" }]);
});

test("a document that was refused is not loaded again", async () => {
  const { client } = started();
  const refused = client.addDocument("bad", "?");
  current().fail("not-well-formed");
  await rejects(refused, "not-well-formed");
  const trapped = client.check("xml");
  current().fail("trap");
  await rejects(trapped, "trap");
  client.check("again");
  current().answer();
  assert.deepEqual(asked(current()), [["start", {}], ["check", "again"]]);
});

test("a worker that cannot be started fails what waits, and the next request tries anew", async () => {
  const client = new WorkspaceClient(spawn);
  const [document, check] = [client.addDocument("a", "A"), client.check("xml")];
  current().fail("module-not-loaded");
  await Promise.all([rejects(document, "module-not-loaded"), rejects(check, "module-not-loaded")]);
  assert.ok(workers[0].terminated);
  const report = client.check("xml");
  assert.equal(workers.length, 2);
  current().answer();
  current().answer("report");
  assert.equal(await report, "report");
});

test("a script that cannot be loaded, and an answer that cannot be read, fail what waits", async () => {
  const client = new WorkspaceClient(spawn);
  const missing = client.check("xml");
  current().onerror({});
  await rejects(missing, "worker-failed");
  const unreadable = client.check("xml");
  current().onmessageerror({});
  await rejects(unreadable, "worker-failed");
  const refused = new WorkspaceClient(() => {
    throw new Error("blocked by the policy");
  });
  await rejects(refused.check("xml"), "worker-failed");
});

test("what cannot be sent is an error of that request alone", async () => {
  const { client } = started();
  const refused = client.check("xml", { host: () => "a function" });
  const report = client.check("xml");
  await rejects(refused, "bad-argument");
  current().answer("report");
  assert.equal(await report, "report");
  assert.equal(workers.length, 1);
});

test("options that cannot be sent fail every request", async () => {
  const client = new WorkspaceClient(spawn, { workspace: { limits: () => 1 } });
  await rejects(client.check("xml"), "bad-argument");
  await rejects(client.addDocument("a", "A"), "bad-argument");
});

test("dispose ends the worker and everything that is asked", async () => {
  const { client } = started();
  const pending = client.check("xml");
  client.dispose();
  await rejects(pending, "disposed");
  await rejects(client.check("xml"), "disposed");
  await rejects(client.addDocument("a", "A"), "disposed");
  assert.ok(current().terminated);
  assert.equal(workers.length, 1);
});

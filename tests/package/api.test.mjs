import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { before, test } from "node:test";
import init, { VirtlensError, Workspace, catalogue, explain } from "virtlens";
import { DOCUMENTS, DOMAIN, PROGRAM, loaded } from "./support.mjs";

const code = (expected) => (error) => error instanceof VirtlensError && error instanceof Error && error.code === expected && error.message.length > 0;
const at = (text, { start, end }) => text.slice(start.offset, end.offset);

before(() => init());

test("a document is told by its content", async () => {
  const workspace = new Workspace();
  const added = DOCUMENTS.map(({ name, text }) => workspace.addDocument(name, text, { host: "alpha" }));
  assert.deepEqual(added.map(({ name, kind, host }) => ({ name, kind, host })), [
    { name: "version.txt", kind: "versions", host: "alpha" },
    { name: "capabilities.xml", kind: "capabilities", host: "alpha" },
    { name: "x86_64-q35-kvm.xml", kind: "domainCapabilities", host: "alpha" },
  ]);
  for (const { summary } of added) assert.ok(summary.length > 0);
});

test("text and bytes are the same document", () => {
  const [of, bytes] = [new Workspace(), new Workspace()];
  for (const { name, text } of DOCUMENTS) {
    assert.deepEqual(bytes.addDocument(name, new TextEncoder().encode(text)), of.addDocument(name, text));
  }
  assert.deepEqual(bytes.check(DOMAIN), of.check(DOMAIN));
});

test("check reports each finding at its token, with evidence that points into the document", async () => {
  const report = (await loaded()).check(DOMAIN);
  const model = report.diagnostics.find((found) => at(DOMAIN, found.range) === "No-Such-Model");
  const bus = report.diagnostics.find((found) => at(DOMAIN, found.range) === "xen");
  assert.ok(model && bus, JSON.stringify(report.diagnostics));
  assert.equal(DOMAIN.split("\n")[bus.range.start.line - 1].indexOf("xen'") + 1, bus.range.start.column);
  for (const { document, range } of [...model.evidence, ...bus.evidence]) {
    const { text } = DOCUMENTS.find(({ name }) => name === document);
    assert.ok(at(text, range).length > 0);
  }
  assert.ok(model.evidence.length > 0 && bus.evidence.length > 0);
  assert.deepEqual(report.documents.map(({ name, used }) => [name, used]), DOCUMENTS.map(({ name }) => [name, true]));
});

test("check is pure: the same text, the same report", async () => {
  const workspace = await loaded();
  assert.deepEqual(workspace.check(DOMAIN), workspace.check(DOMAIN));
});

test("a text is read right where the memory has moved since the last one", async () => {
  const workspace = await loaded();
  const report = workspace.check(DOMAIN);
  const other = new Workspace();
  for (const pad of [0, 1, 900_000, 1_100_000, 2_000_000, 1_000_000]) {
    const long = DOMAIN.replace("</domain>", `<!--${"\u{e4}".repeat(pad)}--></domain>`);
    assert.deepEqual(workspace.check(long), report, String(pad));
    other.check(long);
    assert.deepEqual(workspace.check(DOMAIN), report, String(pad));
  }
});

test("complete offers what may stand at a place of a text, however broken", async () => {
  const workspace = await loaded();
  const text = "<domain type='kvm'>\n  <title>ä😀</title>\n  <devices>\n    <disk><target bus='|' dev='vda'/></disk>\n    <inter";
  const [before, after] = text.split("|");
  const [first, ...rest] = workspace.complete(before + after, before.length);
  assert.equal(at(before + after, first.range), "");
  assert.equal(first.range.start.offset, before.length);
  assert.equal(rest.at(-1).kind, "value");
  const open = before + after;
  const card = workspace.complete(open, open.length).find(({ label }) => label === "interface");
  assert.equal(at(open, card.range), "inter");
  assert.equal(card.newText, "interface type='network'>\n      <source network=''/>\n    </interface>");
  assert.deepEqual(card.stops.map(({ from, to }) => card.newText.slice(from, to)), ["network", ""]);
  assert.deepEqual(workspace.complete("", 0).map(({ label }) => label), ["domain"]);
});

test("hover tells of a token, or nothing", async () => {
  const workspace = await loaded();
  const text = "<domain><title>ä😀</title><devices/></domain>";
  const told = workspace.hover(text, text.indexOf("devices") + 2);
  assert.equal(at(text, told.range), "devices");
  assert.match(told.contents, /^\*\*`<devices>`\*\* .*\[libvirt's documentation\]\(https:/s);
  assert.equal(workspace.hover(text, text.length + 9), null);
  for (const bad of [-1, 1.5, Number.NaN, "1"]) assert.throws(() => workspace.hover(text, bad), code("usage"));
});

test("severity and versions are taken from the options", async () => {
  const [found] = (await loaded()).check(DOMAIN).diagnostics;
  const off = (await loaded({ severity: { [found.code]: "off" } })).check(DOMAIN);
  const hint = (await loaded({ severity: { [found.code]: "hint" } })).check(DOMAIN);
  assert.ok(!off.diagnostics.some(({ code }) => code === found.code));
  assert.ok(hint.diagnostics.filter(({ code }) => code === found.code).every(({ severity }) => severity === "hint"));
  const text = new Workspace({ libvirt: "11.3.0", qemu: "10.0.0" }).check(DOMAIN);
  assert.deepEqual(new Workspace({ libvirt: 11003000, qemu: 10000000 }).check(DOMAIN), text);
});

test("an option that is none is an error", () => {
  for (const options of [{ libvirt: "eleven" }, { severity: { "not-well-formed": "loud" } }, { limits: { bytes: -1 } }, 7]) {
    assert.throws(() => new Workspace(options), code("usage"), JSON.stringify(options));
  }
});

test("an option of a call that is none is an error", async () => {
  const workspace = await loaded();
  for (const options of [7, "alpha", { host: 7 }]) {
    assert.throws(() => workspace.check(DOMAIN, options), code("usage"), JSON.stringify(options));
    assert.throws(() => workspace.addDocument("new.xml", DOCUMENTS[2].text, options), code("usage"), JSON.stringify(options));
  }
  for (const none of [undefined, null, {}, { host: undefined }, { host: null }]) assert.deepEqual(workspace.check(DOMAIN, none), workspace.check(DOMAIN));
});

test("resolveCpu says where each feature comes from", async () => {
  const cpu = (await loaded()).resolveCpu(DOMAIN.replace(/<cpu[\s\S]*<\/cpu>/, "<cpu mode='host-model'/>"));
  assert.equal(cpu.asked, "host-model");
  assert.equal(cpu.mode, "custom");
  assert.ok(cpu.model && cpu.features.length > 0 && cpu.trace.length > 0 && cpu.xml.startsWith("<cpu"));
  assert.ok(cpu.features.every(({ origin }) => ["host-model", "model", "domain", "hypervisor", "removed"].includes(origin)));
});

test("resolveCpu of what is no domain is an error with its place", async () => {
  const workspace = await loaded();
  assert.throws(() => workspace.resolveCpu("<domain><cpu></domain>"), (error) => error instanceof VirtlensError && error.range.start.line === 1);
});

test("hosts are kept apart", async () => {
  const workspace = await loaded();
  workspace.addDocument("other.xml", DOCUMENTS[2].text, { host: "beta" });
  const used = (host) => workspace.check(DOMAIN, { host }).documents.filter((document) => document.used).map(({ host }) => host);
  assert.deepEqual(new Set(used("alpha")), new Set(["alpha"]));
  assert.deepEqual(new Set(used("beta")), new Set(["beta"]));
  assert.deepEqual(new Set(used(undefined)), new Set(["beta"]));
});

test("hosts says where it starts, and with which CPU", async () => {
  const workspace = await loaded();
  workspace.addDocument("other.xml", DOCUMENTS[2].text, { host: "beta" });
  const { hosts } = workspace.hosts(DOMAIN);
  assert.deepEqual(hosts.map(({ host, startable, codes }) => [host, startable, codes.length > 0]), [["alpha", "no", true], ["beta", "no", true]]);
  assert.ok(hosts[0].why.length > 0 && hosts[0].cpu.asked.length > 0);
  const { pairs, unpaired, common } = workspace.hosts(DOMAIN, { from: "beta" });
  assert.deepEqual(pairs.map(({ from, to, migrates }) => [from, to, migrates]), [["beta", "alpha", "no"]]);
  assert.equal(unpaired, 1);
  assert.ok(common.model && common.xml.startsWith("<cpu") && common.fix.edits.length > 0);
  assert.throws(() => workspace.hosts("<domain><cpu></domain>"), (error) => error instanceof VirtlensError && error.range.start.line === 1);
});

test("CPUs are compared, joined and expanded", async () => {
  const workspace = await loaded();
  const host = "<cpu><arch>x86_64</arch><model>Penryn</model><vendor>Intel</vendor></cpu>";
  assert.deepEqual(workspace.compareCpu(host, "<cpu><model>Nehalem</model></cpu>").missing, ["sse4.2", "popcnt"]);
  assert.equal(workspace.compareCpu(host, "<cpu><model>Conroe</model></cpu>").result, "superset");
  const { model, features, xml, trace } = workspace.baselineCpu([host, host.replace("Penryn", "Nehalem")]);
  assert.deepEqual([model, features, xml.startsWith("<cpu mode='custom'"), trace.length], ["Penryn", [], true, 2]);
  assert.deepEqual(workspace.expandCpu("486"), ["fpu", "vme", "pse"]);
  assert.ok(workspace.baselineCpu([host], { expanded: true, migratable: true, arch: "x86_64" }).features.length > 20);
  assert.throws(() => workspace.expandCpu("Foo"), (error) => error instanceof VirtlensError && error.code === "cpu-refused");
  assert.throws(() => workspace.compareCpu("<domain/>", host), (error) => error.code === "document-kind" && error.range.start.line === 1);
});

test("removeDocument forgets a document", async () => {
  const workspace = await loaded();
  assert.equal(workspace.removeDocument("x86_64-q35-kvm.xml"), true);
  assert.equal(workspace.removeDocument("x86_64-q35-kvm.xml"), false);
  const report = workspace.check(DOMAIN);
  assert.ok(report.skipped.some(({ needs }) => needs === "domainCapabilities"));
});

test("what a document makes, and is sent once, goes with the document", async () => {
  // indented in more ways than a document keeps texts for
  const domains = Array.from({ length: 20 }, (_, depth) => `<domain type='kvm'>
  <name>guest</name>
  <memory>1048576</memory>
  <os><type arch='x86_64' machine='q35'>hvm</type></os>
${" ".repeat(depth)}<cpu mode='host-model'/>
</domain>`);
  const { name, text } = DOCUMENTS.find((document) => document.name.startsWith("x86_64"));
  const hosts = [text, text.replace("<feature policy='disable' name='avx2'/>", "<feature policy='disable' name='avxx'/>")];
  assert.notEqual(...hosts);
  const pinned = (workspace) => domains.map((xml) => JSON.stringify(workspace.check(xml).diagnostics.flatMap(({ fixes }) => fixes)));
  const wanted = hosts.map((host) => {
    const fresh = new Workspace();
    fresh.addDocument(name, host);
    return pinned(fresh);
  });
  assert.ok(wanted[0][0].includes("avx2") && wanted[1][0].includes("avxx"));
  const workspace = new Workspace();
  for (let round = 0; round < 6; round++) {
    workspace.addDocument(name, hosts[round % 2]);
    for (let again = 0; again < 2; again++) assert.deepEqual(pinned(workspace), wanted[round % 2], `round ${round}`);
  }
});

test("explain gives the program's page of every code that a report names, and refuses other codes", async () => {
  const codes = new Set((await loaded()).check(DOMAIN).diagnostics.map(({ code }) => code));
  for (const each of codes) assert.equal((await explain(each)).trim(), execFileSync(PROGRAM, ["explain", each], { encoding: "utf8" }).trim());
  for (const none of ["no-such-code", "constructor", "__proto__"]) await assert.rejects(explain(none), code("unknown-code"));
});

test("the catalogue names every code once, with the title of its page, as the program lists them", async () => {
  const entries = await catalogue();
  const listed = execFileSync(PROGRAM, ["explain"], { encoding: "utf8" }).split("\n").filter((line) => line.startsWith("- "));
  assert.deepEqual(entries.map(({ code, title }) => `- \`${code}\`: ${title}`), listed);
});

test("a workspace that was given back cannot be used", () => {
  const workspace = new Workspace();
  workspace.free();
  assert.throws(() => workspace.check(DOMAIN), VirtlensError);
});

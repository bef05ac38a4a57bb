// Input that is not what it should be: a clear word, and nothing that was loaded is lost.
import assert from "node:assert/strict";
import { test } from "node:test";
import { captured, checked, consoleTests, domain, drop, findings, pasteDomain, sample, tab } from "./console-page.mjs";

const { open } = consoleTests();

const documents = async (page) => (await page.locator(".documents .name").allTextContents()).join(" ");
const refusal = (page, name) => page.locator(".refusals li", { hasText: name }).textContent();
const utf16 = (text) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);

test("documents that cannot be read are refused by name, and those that were loaded stay", async (t) => {
  const page = await open(t);
  const before = await documents(page);
  const caps = await captured("x86_64-q35-kvm.xml");
  await drop(page, {
    "empty.xml": "",
    "notes.txt": "hello, this is no document\n",
    "page.html": "<!doctype html><html><body><p>Sign in</body></html>",
    "cut-off.xml": caps.subarray(0, 5000),
    "utf16.xml": utf16(caps.toString()),
    "latin1.xml": Buffer.from("<?xml version='1.0' encoding='ISO-8859-1'?>\n<capabilities><host><uuid>é</uuid></host></capabilities>\n", "latin1"),
    "entities.xml": "<!DOCTYPE c [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><capabilities>&b;</capabilities>",
  });
  assert.equal(await tab(page, "Documents").getAttribute("aria-selected"), "true");
  assert.match(await refusal(page, "empty.xml"), /empty/i);
  assert.match(await refusal(page, "notes.txt"), /was not loaded: .{10}/);
  assert.match(await refusal(page, "page.html"), /HTML/i);
  assert.match(await refusal(page, "cut-off.xml"), /was not loaded: .{10}/);
  assert.match(await refusal(page, "utf16.xml"), /UTF-16/);
  assert.match(await refusal(page, "latin1.xml"), /UTF-8|Latin-1|ISO-8859-1/);
  assert.match(await refusal(page, "entities.xml"), /DTD|DOCTYPE|entit/i);
  assert.equal(await documents(page), before);
  await tab(page, "Findings").click();
  assert.equal((await findings(page)).filter((finding) => finding.severity === "Error").length, 1);
});

test("a domain in UTF-16 is refused by name, and the editor keeps its text", async (t) => {
  const page = await open(t);
  const before = await domain(page);
  await drop(page, { "vm.xml": utf16(before) });
  assert.match(await refusal(page, "vm.xml"), /UTF-16/);
  assert.equal(await domain(page), before);
});

test("a text that breaks keeps the last good findings, greyed, and says where it broke", async (t) => {
  const page = await open(t);
  const good = await findings(page);
  const text = await domain(page);
  const cut = text.slice(0, text.indexOf("<serial") + 8);
  await pasteDomain(page, cut);
  const line = cut.split("\n").length;
  assert.match(await page.locator("#state").textContent(), /^cannot be read at line \d+$/);
  assert.ok((await findings(page)).some((finding) => finding.severity === "Error" && finding.line <= line));
  await page.locator("#editor .cm-content").focus();
  await page.keyboard.press("Control+z");
  await checked(page);
  await page.keyboard.press("Control+End");
  await page.keyboard.type("<");
  await page.locator("#state.broken").waitFor();
  assert.equal(await page.locator(".findings .stale").count(), good.length);
  await page.keyboard.press("Backspace");
  await checked(page);
  assert.deepEqual(await findings(page), good);
});

test("an empty editor is calm", async (t) => {
  const page = await open(t);
  await pasteDomain(page, " \n");
  assert.match(await page.locator("#panel-findings").textContent(), /The editor is empty/);
  assert.equal(await page.locator(".findings > li").count(), 0);
});

test("the bar says nothing of a host where there is no domain to judge", async (t) => {
  const page = await open(t);
  const before = await page.locator("#host").textContent();
  const text = await domain(page);
  await pasteDomain(page, "\n");
  assert.equal(await page.locator("#host").textContent(), "");
  await pasteDomain(page, text);
  assert.equal(await page.locator("#host").textContent(), before);
});

for (const [name, text, says] of [
  ["plain words", "hello", /./],
  ["HTML", "<!doctype html>\n<html><body><p>Sign in</p></body></html>", /HTML|doctype/i],
  ["a DTD with entity expansion", `<!DOCTYPE domain [<!ENTITY a "aaaaaaaaaa">${Array.from({ length: 9 }, (_, at) => `<!ENTITY a${at} "&a${at || ""};&a;">`).join("")}]>\n<domain>&a8;</domain>`, /DTD|DOCTYPE|entit/i],
  ["more than 4 MiB", `<domain>${"\n  <name>n</name>".repeat(300000)}</domain>`, /4194304|4 MiB/],
  ["100,000 nested elements", "<domain>".repeat(100000), /deep|nest|256/i],
  ["100,000 attributes", `<domain ${Array.from({ length: 100000 }, (_, at) => `a${at}=''`).join(" ")}/>`, /attributes/i],
]) {
  test(`${name} in the editor give one clear finding, within a second`, async (t) => {
    const page = await open(t);
    const start = Date.now();
    await pasteDomain(page, text);
    await page.waitForFunction(() => document.querySelector("#state").textContent !== "checked as you type" || document.querySelector(".findings .message"));
    const found = (await findings(page)).filter((finding) => finding.severity === "Error");
    assert.ok(Date.now() - start < 4000, `${Date.now() - start} ms with what the browser takes to paste`);
    assert.equal(found.length, 1);
    assert.match(found[0].message, says);
    assert.equal(await page.locator(".findings .stale").count(), 0, "findings of the text before");
    await tab(page, "Documents").click();
    assert.equal(await page.locator(".documents > li").count(), 3);
  });
}

test("a capability document where a domain is expected, and the reverse", async (t) => {
  const page = await open(t);
  await pasteDomain(page, (await captured("aarch64-virt-qemu.xml")).toString());
  const [found] = await findings(page);
  assert.equal(found.severity, "Error");
  assert.match(found.message, /document/);
  await page.getByRole("button", { name: "Load it as a document" }).click();
  await page.locator("#notice", { hasText: "Added pasted-1.xml." }).waitFor();
  assert.match(await domain(page), /^<domain type='kvm'>/);
  await tab(page, "Documents").click();
  await page.getByRole("textbox", { name: "Text of a document" }).fill(await sample("kvm-q35.xml"));
  await page.getByRole("button", { name: "Add the pasted text" }).click();
  await page.locator(".documents .name", { hasText: "pasted-2.xml" }).waitFor();
  assert.match(await page.locator(".documents > li", { hasText: "pasted-2.xml" }).textContent(), /domain/);
});

test("a file that holds a domain is opened in the editor, and Ctrl+Z brings the former one back", async (t) => {
  const page = await open(t);
  const before = await domain(page);
  await drop(page, { "other.xml": (await sample("aarch64.xml")).replaceAll("\n", "\r\n") });
  assert.match(await domain(page), /arm-builder[\s\S]*\r\n/);
  await page.locator("#editor .cm-content").focus();
  await page.keyboard.press("Control+z");
  assert.equal((await domain(page)).replaceAll("\r\n", "\n"), before);
});

// Fast typing and long texts: the list tells of the text that is there, and nothing jumps.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checked, consoleTests, domain, findings, pasteDomain } from "./console-page.mjs";

const { open } = consoleTests();

/** The name of a disk: sda to sdz, sdaa … */
const disk = (at) => {
  let letters = "";
  for (let rest = at + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) letters = String.fromCharCode(97 + ((rest - 1) % 26)) + letters;
  return `sd${letters}`;
};

/** A domain of that many disks, every fiftieth on a bus that the host does not offer. */
const long = (disks) => {
  const one = (at) => `    <disk type='file' device='disk'>\n      <driver name='qemu' type='qcow2'/>\n      <source file='/images/${at}.qcow2'/>\n      <target dev='${disk(at)}' bus='${at % 50 === 0 ? "xen" : "sata"}'/>\n    </disk>`;
  return `<domain type='kvm'>\n  <name>long</name>\n  <memory unit='GiB'>1</memory>\n  <os>\n    <type arch='x86_64' machine='q35'>hvm</type>\n  </os>\n  <cpu mode='host-model'/>\n  <devices>\n${Array.from({ length: disks }, (_, at) => one(at)).join("\n")}\n  </devices>\n</domain>\n`;
};

test("the latest text wins, however fast it changes", async (t) => {
  const page = await open(t);
  await page.locator(".findings > li", { hasText: "Error" }).locator(".jump").click();
  for (let round = 0; round < 15; round++) {
    await page.keyboard.press("Delete");
    await page.keyboard.press("Delete");
    await page.keyboard.press("Delete");
    await page.keyboard.type(round % 2 === 0 ? "xen" : "ide");
    for (let at = 0; at < 3; at++) await page.keyboard.press("ArrowLeft");
  }
  await checked(page);
  const text = await domain(page);
  assert.match(text, /bus='xen'/);
  assert.match((await findings(page)).find((finding) => finding.severity === "Error").message, /xen/);
});

test("nothing moves when a finding comes or goes", async (t) => {
  const page = await open(t);
  const places = () => page.evaluate(() => {
    const editor = document.querySelector("#editor > div").shadowRoot;
    const line = [...editor.querySelectorAll(".cm-line")].at(-1).getBoundingClientRect();
    const panel = document.querySelector("#panel-findings").getBoundingClientRect();
    return [line.x, line.y, line.height, panel.y, panel.height];
  });
  const target = page.locator(".findings > li", { hasText: "Error" }).locator(".jump");
  await target.click();
  await checked(page);
  const before = await places();
  await page.keyboard.press("Delete");
  await page.keyboard.press("Delete");
  await page.keyboard.press("Delete");
  await page.keyboard.type("usb");
  await checked(page);
  assert.equal(await target.count(), 0);
  assert.deepEqual(await places(), before);
});

test("a domain of 3,000 lines stays fluid", async (t) => {
  const page = await open(t);
  await pasteDomain(page, long(600));
  assert.equal((await findings(page)).filter((finding) => finding.severity === "Error").length, 12);
  await page.evaluate(() => {
    globalThis.longest = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => (longest = Math.max(longest, entry.duration)))).observe({ type: "longtask" });
  });
  await page.locator(".jump").nth(4).click();
  for (let at = 0; at < 3; at++) await page.keyboard.press("Delete");
  await page.keyboard.type("sata-and-more", { delay: 15 });
  for (let at = 0; at < 9; at++) await page.keyboard.press("Backspace");
  await checked(page);
  assert.equal((await findings(page)).filter((finding) => finding.severity === "Error").length, 11);
  const longest = await page.evaluate(() => longest);
  t.diagnostic(`longest task while typing: ${Math.round(longest)} ms`);
  assert.ok(longest < 200, `a task of ${longest} ms`);
});

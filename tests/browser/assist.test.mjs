// Help while writing: the list at the cursor, by the keyboard, and what is told of a word.
import assert from "node:assert/strict";
import { test } from "node:test";
import { checked, consoleTests, domain, pasteDomain } from "./console-page.mjs";

const { open } = consoleTests();
const BEGUN = "<domain type='kvm'>\n  <name>alpha</name>\n  <os>\n    <type arch='x86_64' machine='q35'>hvm</type>\n  </os>\n  <devices>\n    ";

const list = (page) => page.getByRole("listbox");
const labels = async (page) => list(page).getByRole("option").evaluateAll((all) => all.map((one) => one.querySelector(".cm-completionLabel").textContent));

/** Types, and waits for the list that comes up. */
async function type(page, text) {
  await page.keyboard.type(text, { delay: 20 });
  await list(page).waitFor();
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 150))); // the list takes no key before
}

test("an element is chosen by the keyboard, with its required parts, and its values are filled in by Tab", async (t) => {
  const page = await open(t);
  await pasteDomain(page, BEGUN);
  await type(page, "<interf");
  assert.deepEqual(await labels(page), ["interface"]);
  await page.keyboard.press("Enter");
  await list(page).waitFor();
  assert.deepEqual((await labels(page)).slice(0, 2), ["network"]);
  await type(page, "br");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.type("br0");
  assert.equal(await domain(page), `${BEGUN}<interface type='bridge'>\n      <source network='br0'/>\n    </interface>`);
});

test("what this host offers comes first, what it does not is marked; Escape closes the list", async (t) => {
  const page = await open(t);
  await pasteDomain(page, `${BEGUN}<disk><target bus=`);
  await type(page, "'");
  const all = await labels(page);
  assert.ok(all.indexOf("virtio") < all.indexOf("ide"), all.join());
  assert.match(await list(page).getByRole("option", { name: /^ide/ }).textContent(), /not offered by this host/);
  await page.keyboard.press("Escape");
  assert.equal(await list(page).count(), 0);
  await page.keyboard.press("Control+Space");
  await list(page).waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await domain(page), `${BEGUN}<disk><target bus='`);
});

test("hovering over a word tells what it is, with the findings above", async (t) => {
  const page = await open(t);
  const word = (text) => page.locator("#editor .cm-line span", { hasText: new RegExp(`^${text}$`) }).first();
  await word("devices").hover();
  await page.locator(".cm-known", { hasText: "What the guest finds plugged in" }).waitFor();
  assert.match(await page.locator(".cm-known a").first().getAttribute("href"), /^https:\/\/libvirt\.org\/formatdomain\.html#/);
  await page.locator("#editor .cm-error").first().hover();
  await page.locator(".cm-explained").first().waitFor();
  assert.equal(await page.locator(".cm-known", { hasText: "Error" }).count(), 0);
});

test("F2 tells it at the cursor, Escape closes it, and where nothing is known that is said", async (t) => {
  const page = await open(t);
  await pasteDomain(page, "<domain type='kvm'>\n  <name>alpha</name>\n</domain>\n\n");
  await page.keyboard.press("F2");
  await page.locator("#notice", { hasText: "Nothing is known" }).waitFor();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("F2");
  const told = page.locator(".cm-known");
  await told.waitFor();
  assert.match(await told.textContent(), /^<domain> A virtual machine or container/);
  await page.locator("#spoken", { hasText: "A virtual machine" }).waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await told.count(), 0);
  await checked(page);
});

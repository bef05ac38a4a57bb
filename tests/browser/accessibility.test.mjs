// axe finds nothing, in light and dark, wide and narrow, with each panel open and in each state.
import assert from "node:assert/strict";
import { test } from "node:test";
import axe from "axe-core";
import { beside, captured, checked, consoleTests, drop, NARROW, pasteDomain, tab, WIDE } from "./console-page.mjs";

const { open } = consoleTests();

async function clean(page, state) {
  const violations = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target.flat().join(" ")} ${node.any[0]?.message ?? ""}`).join("; ")}`);
  });
  assert.deepEqual(violations, [], state);
}

const close = (page) => beside(page).getByRole("button", { name: "Close", exact: true }).click();
const error = (page) => page.locator(".findings > li", { hasText: "Error" });

const STATES = {
  "first visit": async () => undefined,
  "caveat folded": (page) => page.locator(".cm-caveat").getByRole("button", { name: "Fold" }).click(),
  "explanation": (page) => error(page).getByRole("button", { name: /^Why/ }).click(),
  "evidence": (page) => error(page).getByRole("button", { name: /^Evidence/ }).click(),
  "pin preview": (page) => page.getByRole("button", { name: /^Pin this CPU/ }).last().click(),
  "help": (page) => page.getByRole("button", { name: "Keys and help" }).click(),
  "all rules": (page) => beside(page).getByRole("button", { name: "All rules" }).click(),
  "CPU": async (page) => {
    await close(page);
    await tab(page, "CPU").click();
    await page.locator(".cpu table").first().waitFor();
  },
  "one host": (page) => tab(page, "Hosts").click(),
  "documents": (page) => tab(page, "Documents").click(),
  "a refused document": (page) => drop(page, { "page.html": "<!doctype html><title>x</title><p>not this" }),
  "sample menu": async (page) => {
    await tab(page, "Findings").click();
    await page.locator("#samples summary").click();
  },
  "hover": async (page) => {
    await page.keyboard.press("Escape");
    await page.locator("#editor .cm-error").hover();
    await page.locator(".cm-explained").first().waitFor();
  },
  "what is known": async (page) => {
    await page.locator("#editor .cm-line span", { hasText: /^devices$/ }).first().hover();
    await page.locator(".cm-known").first().waitFor();
  },
  "completions": async (page) => {
    await page.mouse.move(0, 0);
    await page.locator("#editor .cm-content").focus();
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("End");
    for (let press = 0; press < 5; press++) await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Control+Space");
    await page.getByRole("listbox").waitFor();
  },
  "fix menu": async (page) => {
    await error(page).locator(".jump").click();
    await page.keyboard.press("Control+.");
    await page.getByRole("menu").waitFor();
  },
  "search": async (page) => {
    await page.keyboard.press("Escape");
    await page.keyboard.press("Control+f");
    await page.locator(".cm-search").waitFor();
  },
  "broken": async (page) => {
    await page.keyboard.press("Escape");
    await page.locator("#editor .cm-content").focus();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("<");
    await page.locator("#state.broken").waitFor();
  },
  "no document fits": async (page) => {
    await page.keyboard.press("Backspace");
    await drop(page, { "arm.xml": await captured("aarch64-virt-qemu.xml") });
    await tab(page, "Findings").click();
  },
  "several hosts": async (page) => {
    for (const host of ["alpha", "beta"]) await drop(page, { [`${host}=domcaps.xml`]: await captured("x86_64-q35-kvm.xml"), [`${host}=version.txt`]: await captured("version.txt") });
    await tab(page, "Hosts").click();
    await page.locator(".matrix").waitFor();
  },
  "empty": async (page) => pasteDomain(page, " "),
};

for (const [name, options] of [
  ["light", { viewport: WIDE }],
  ["dark", { viewport: WIDE, colorScheme: "dark" }],
  ["narrow", { viewport: NARROW }],
]) {
  test(`no violation: ${name}`, async (t) => {
    const page = await open(t, { reducedMotion: "reduce", ...options });
    await page.evaluate(axe.source);
    for (const [state, enter] of Object.entries(STATES)) {
      await enter(page);
      await checked(page);
      await clean(page, state);
    }
  });
}

test("narrow: the list comes first, nothing is wider than the page", async (t) => {
  const page = await open(t, { viewport: NARROW });
  const list = await page.locator("#side").boundingBox();
  const editor = await page.locator("#editor").boundingBox();
  assert.ok(list.y + list.height <= editor.y);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
  assert.equal(await page.evaluate(() => document.querySelector("#side").compareDocumentPosition(document.querySelector("#editor")) & Node.DOCUMENT_POSITION_FOLLOWING), 4);
});

test("the reader's choice of light or dark wins over the system's", async (t) => {
  const page = await open(t, { colorScheme: "dark" });
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await background();
  await page.getByRole("button", { name: "Switch between light and dark" }).click();
  assert.notEqual(await background(), dark);
});

// Everything without a mouse.
import assert from "node:assert/strict";
import { test } from "node:test";
import { beside, checked, consoleTests, domain, tab } from "./console-page.mjs";

const { open } = consoleTests();

const focused = (page) =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return { name: element.getAttribute("aria-label") ?? element.textContent.trim(), id: element.id, role: element.getAttribute("role"), editor: element.classList.contains("cm-content") };
  });
const place = (page) => page.locator("#place").textContent();

/** Presses Tab until `wanted` has the focus. */
async function tabTo(page, wanted, most = 60) {
  for (let presses = 0; presses < most; presses++) {
    await page.keyboard.press("Tab");
    if (wanted(await focused(page))) return;
  }
  assert.fail(`not reached by ${most} presses of Tab`);
}

test("F8 and Shift+F8 walk the findings, and the list follows", async (t) => {
  const page = await open(t);
  await tabTo(page, (element) => element.editor);
  await page.keyboard.press("F8");
  const first = await place(page);
  await page.keyboard.press("F8");
  const second = await place(page);
  assert.notEqual(first, second);
  assert.match(await page.locator(".findings > li[aria-current=true]").textContent(), new RegExp(second.split(",")[0]));
  await page.keyboard.press("Shift+F8");
  assert.equal(await place(page), first);
});

test("Ctrl+. offers the fixes at the cursor; Enter applies; Ctrl+Z takes it back", async (t) => {
  const page = await open(t);
  const before = await domain(page);
  await page.locator("#editor .cm-content").focus();
  do await page.keyboard.press("F8");
  while (!/Error/.test((await page.locator(".findings > li[aria-current=true]").textContent()) ?? ""));
  await page.keyboard.press("Control+.");
  assert.equal((await focused(page)).role, "menuitem");
  await page.keyboard.press("Escape");
  assert.equal((await focused(page)).editor, true);
  await page.keyboard.press("Control+.");
  await page.keyboard.press("Enter");
  await checked(page);
  assert.equal(await page.locator(".findings > li", { hasText: "Error" }).count(), 0);
  assert.equal((await focused(page)).editor, true);
  await page.keyboard.press("Control+z");
  await checked(page);
  assert.equal(await domain(page), before);
});

test("the help leads to all rules, and a rule to its page", async (t) => {
  const page = await open(t);
  await page.keyboard.press("F1");
  await tabTo(page, (element) => element.name === "All rules");
  await page.keyboard.press("Enter");
  await beside(page).getByRole("searchbox").fill("video unlisted");
  const shown = beside(page).getByRole("listitem");
  assert.ok((await shown.count()) > 0 && (await shown.count()) < 10);
  await tabTo(page, (element) => element.name === "video-model-unlisted");
  await page.keyboard.press("Enter");
  assert.match(await beside(page).textContent(), /video/i);
  await beside(page).getByRole("button", { name: "All rules" }).waitFor();
});

test("Tab indents; Esc, then Tab, leaves the editor", async (t) => {
  const page = await open(t);
  const before = await domain(page);
  await page.locator("#editor .cm-content").focus();
  await page.keyboard.press("Tab");
  assert.equal((await focused(page)).editor, true);
  assert.notEqual(await domain(page), before);
  await page.locator("#editor .cm-content").focus();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  assert.equal((await focused(page)).editor, false);
});

test("Enter in the list goes to the place; arrow keys walk the list and the tabs", async (t) => {
  const page = await open(t);
  await page.locator(".jump").first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("End");
  const line = /line (\d+)/.exec((await focused(page)).name)[1];
  await page.keyboard.press("Enter");
  assert.equal((await focused(page)).editor, true);
  assert.match(await place(page), new RegExp(`^line ${line},`));
  await tab(page, "Findings").focus();
  await page.keyboard.press("ArrowRight");
  assert.equal((await focused(page)).id, "tab-cpu");
  assert.equal(await page.locator("#panel-cpu").isVisible(), true);
  await page.keyboard.press("ArrowRight");
  assert.equal((await focused(page)).id, "tab-hosts");
});

test("what opens beside takes the focus, and gives it back with Esc", async (t) => {
  const page = await open(t);
  await tabTo(page, (element) => element.name.startsWith("Keys and help"));
  await page.keyboard.press("Enter");
  assert.equal((await focused(page)).id, "beside-title");
  assert.match(await beside(page).textContent(), /Shift F8/);
  await page.keyboard.press("Escape");
  assert.equal((await focused(page)).id, "help");
  await page.keyboard.press("F1");
  assert.equal(await beside(page).isVisible(), true);
});

test("samples, pinning, evidence and explanations are reached by Tab and Enter", async (t) => {
  const page = await open(t);
  await tabTo(page, (element) => element.name === "Sample");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await checked(page);
  await page.locator("#tab-findings").focus();
  await tabTo(page, (element) => element.name.startsWith("Evidence"));
  await page.keyboard.press("Enter");
  await beside(page).locator(".cm-told").waitFor();
  await page.keyboard.press("Escape");
  assert.match((await focused(page)).name, /^Evidence/);
  await tabTo(page, (element) => element.name.startsWith("Pin this CPU"));
  await page.keyboard.press("Enter");
  await tabTo(page, (element) => element.name === "Cancel");
  await page.keyboard.press("Enter");
  assert.match((await focused(page)).name, /^Pin this CPU/);
  await tabTo(page, (element) => element.name.startsWith("Why"));
  await page.keyboard.press("Enter");
  await beside(page).locator(".page").waitFor();
});

test("counts are spoken when typing pauses, not at every key", async (t) => {
  const page = await open(t);
  await page.locator("#spoken", { hasText: /1 error/ }).waitFor();
  await page.evaluate(() => {
    globalThis.spoken = [];
    new MutationObserver(() => spoken.push(document.querySelector("#spoken").textContent)).observe(document.querySelector("#spoken"), { childList: true, characterData: true, subtree: true });
  });
  await page.locator("#editor .cm-content").focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("<broken", { delay: 20 });
  await page.locator("#spoken", { hasText: /cannot be read/ }).waitFor();
  assert.equal((await page.evaluate(() => spoken)).length, 1);
});

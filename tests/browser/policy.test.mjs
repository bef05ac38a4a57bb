// The page runs under the strictest policy that lets WebAssembly compile, and asks no other host for anything.
import assert from "node:assert/strict";
import { test } from "node:test";
import { consoleTests } from "./console-page.mjs";
import { POLICY } from "./server.mjs";

const { open, url } = consoleTests();

test("the policy is enforced, and the page keeps to it", async (t) => {
  const page = await open(t);
  const response = await page.request.get(url());
  assert.equal(response.headers()["content-security-policy"], POLICY);
  assert.equal(await page.evaluate(() => new Promise((resolve) => {
    document.addEventListener("securitypolicyviolation", (event) => (event.stopImmediatePropagation(), resolve(event.effectiveDirective)), { once: true, capture: true });
    document.body.append(Object.assign(document.createElement("img"), { src: "data:image/gif;base64,R0lGODlhAQABAAAAACw=" }));
  })), "img-src");
  page.complaints.length = 0; // of this very image
  assert.notEqual(await page.locator("#editor .cm-scroller").evaluate((scroller) => getComputedStyle(scroller).fontFamily), "");
  assert.equal(await page.locator("#editor .cm-content").evaluate((content) => getComputedStyle(content).whiteSpace), "break-spaces");
});

test("every request goes to the page's own host", async (t) => {
  const page = await open(t);
  const strangers = [];
  page.on("request", (request) => request.url().startsWith(url()) || strangers.push(request.url()));
  await page.reload();
  await page.locator("#offline", { hasText: "offline ready" }).waitFor();
  assert.deepEqual(strangers, []);
});

// The page as a test meets it: opened in Chromium, with what a reader does to it, and everything it complains of kept.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before } from "node:test";
import { chromium } from "playwright-core";
import { serve } from "./server.mjs";

const HOSTS = join(import.meta.dirname, "../hosts");
const SAMPLES = join(import.meta.dirname, "../../www/samples");
export const WIDE = { width: 1360, height: 820 };
export const NARROW = { width: 800, height: 1000 };

/** One server and one browser for a test file; `open` gives a fresh page of it. */
export function consoleTests() {
  let server;
  let browser;
  before(async () => {
    server = await serve();
    browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });
  return {
    url: () => server.url,
    stopServer: () => server.close(),
    async open(test, options = {}) {
      const context = await browser.newContext({ viewport: WIDE, permissions: ["clipboard-read", "clipboard-write"], ...options });
      context.setDefaultTimeout(10_000);
      const page = await context.newPage();
      const complaints = [];
      page.complaints = complaints;
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
      await page.addInitScript(() => addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`)));
      test.after(async () => {
        await context.close();
        assert.deepEqual(complaints, [], "the page complained");
      });
      await page.goto(server.url);
      await checked(page);
      return page;
    },
  };
}

/** What a real host printed: libvirt 12.8.0 with QEMU 11.1. */
export const captured = (name) => readFile(join(HOSTS, "libvirt-12.8.0_qemu-11.1", name));

/** The domain of one of the page's samples. */
export const sample = (name) => readFile(join(SAMPLES, name), "utf8");

/** Waits until the list shows what the worker says of the text. */
export async function checked(page) {
  await page.locator("#state", { hasText: /checked|nothing|cannot be read/ }).waitFor();
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 60)));
}

/** Drops files on the page, as from a file manager. Each is a name and a text or bytes. */
export async function drop(page, files) {
  const list = Object.entries(files).map(([name, content]) => [name, [...Buffer.from(content)]]);
  await page.evaluate((list) => {
    const dataTransfer = new DataTransfer();
    for (const [name, bytes] of list) dataTransfer.items.add(new File([new Uint8Array(bytes)], name));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  }, list);
  await page.locator("#notice, .refusals li").filter({ hasText: /./ }).first().waitFor();
  await checked(page);
}

/** Replaces the domain by pasting over all of it. */
export async function pasteDomain(page, text) {
  await page.locator("#editor .cm-content").click();
  await page.keyboard.press("Control+a");
  await page.locator("#editor .cm-content").evaluate((content, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    content.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
  await checked(page);
}

/** What the editor holds, by the button that copies it. */
export async function domain(page) {
  await page.getByRole("button", { name: "Copy XML" }).click();
  await page.locator("#notice", { hasText: "Copied the domain." }).waitFor();
  return page.evaluate(() => navigator.clipboard.readText());
}

/** The findings as the list tells them: severity, line, message. */
export async function findings(page) {
  const items = await page.locator(".findings > li:not(.stale) .jump").evaluateAll((all) => all.map((one) => [one.querySelector(".head").textContent, one.querySelector(".message").textContent]));
  return items.map(([head, message]) => {
    const [, severity, line] = /^(.*?) · line (\d+)/.exec(head);
    return { severity, line: Number(line), message };
  });
}

export const tab = (page, name) => page.getByRole("tab", { name: new RegExp(`^${name}`) });
export const beside = (page) => page.locator("#beside");

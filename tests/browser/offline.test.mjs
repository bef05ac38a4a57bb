// After the first load the page needs no network.
import assert from "node:assert/strict";
import { test } from "node:test";
import { beside, checked, consoleTests, findings, pasteDomain, domain } from "./console-page.mjs";

const { open, stopServer } = consoleTests();

test("a reload with the network cut works, explanations and samples included", async (t) => {
  const page = await open(t);
  await page.locator("#offline", { hasText: "offline ready" }).waitFor();
  await page.context().setOffline(true);
  await stopServer();
  await page.reload();
  await checked(page);
  assert.equal((await findings(page)).filter((finding) => finding.severity === "Error").length, 1);
  await page.locator(".findings > li", { hasText: "Error" }).getByRole("button", { name: /^Why/ }).click();
  await beside(page).locator(".page p").first().waitFor();
  await pasteDomain(page, (await domain(page)).replace("bus='ide'", "bus='sata'"));
  assert.equal((await findings(page)).filter((finding) => finding.severity === "Error").length, 0);
  await page.locator("#samples summary").click();
  await page.getByRole("button", { name: /^Arm, emulated/ }).click();
  await page.locator("#editor .cm-content", { hasText: "aarch64" }).waitFor();
});

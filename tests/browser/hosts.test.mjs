// Several hosts: told apart, judged by the one that is chosen, compared with each other.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { beside, captured, checked, consoleTests, domain, drop, NARROW, pasteDomain, tab } from "./console-page.mjs";

const { open } = consoleTests();

const older = (name) => readFile(join(import.meta.dirname, "../hosts/libvirt-9.0.0_qemu-7.2", name));
const NAMES = ["x86_64-q35-kvm.xml", "capabilities.xml", "version.txt"];
const of = async (host, read) => Object.fromEntries(await Promise.all(NAMES.map(async (name) => [`${host}=${name}`, await read(name)])));
const panel = (page) => page.locator("#panel-hosts");
const cell = (page, from, to) => panel(page).getByRole("button", { name: new RegExp(`^${from} to ${to}: `) });

/** A page with two hosts and a domain that both could start. */
async function two(t, options) {
  const page = await open(t, options);
  await drop(page, { ...(await of("alpha", captured)), ...(await of("beta", older)) });
  await pasteDomain(page, (await domain(page)).replace("bus='ide'", "bus='sata'"));
  await tab(page, "Hosts").click();
  await panel(page).locator(".matrix").waitFor();
  return page;
}

test("with one host the panel tells how to load a second", async (t) => {
  const page = await open(t);
  await tab(page, "Hosts").click();
  assert.match(await panel(page).textContent(), /Documents of one host are loaded: sample host.*virsh -c qemu\+ssh:\/\/beta\/system capabilities > beta=capabilities\.xml/);
  assert.equal(await page.locator("#judge").isHidden(), true);
});

test("the matrix tells what is missing where, and each host its CPU", async (t) => {
  const page = await two(t);
  assert.equal(await tab(page, "Hosts").textContent(), "Hosts (2)");
  const rows = await panel(page).locator("table").first().locator("tbody tr").allTextContents();
  assert.deepEqual(rows.map((row) => row.replace(/,.*/, "")), ["alpha✓ yesEPYC-Genoa", "beta✓ yeskvm64"]);
  assert.match(await cell(page, "beta", "alpha").textContent(), /✕ 5/);
  await cell(page, "beta", "alpha").click();
  assert.match(await panel(page).locator(".detail").textContent(), /beta → alpha: does not migrate.*lacks 5 features.*Missing there \(5\): .*rdctl-no.*Gained then \(\d+\): /);
  await cell(page, "alpha", "beta").click();
  assert.match(await panel(page).locator(".detail").textContent(), /`?beta`? does not know the machine pc-q35-11\.1.*A model that is not known there: EPYC-Genoa/);
});

test("the matrix follows the text", async (t) => {
  const page = await two(t);
  await pasteDomain(page, (await domain(page)).replace("<cpu mode='host-model'/>", "<cpu mode='host-passthrough'/>"));
  await panel(page).getByRole("button", { name: "alpha to beta: does not migrate" }).waitFor();
  assert.match(await cell(page, "beta", "alpha").textContent(), /\?/);
  await pasteDomain(page, "<domain");
  await panel(page).getByText("Nothing to compare.").waitFor();
});

test("the matrix is one stop of the Tab key, and arrows move in it", async (t) => {
  const page = await two(t);
  await cell(page, "alpha", "beta").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowLeft");
  const focused = () => page.evaluate(() => document.activeElement.getAttribute("aria-label"));
  assert.match(await focused(), /^alpha to beta/, "the diagonal holds nothing");
  await page.evaluate(() => document.querySelectorAll(".matrix .cell")[1].focus());
  assert.match(await focused(), /^beta to alpha/);
  await page.keyboard.press("Enter");
  assert.match(await panel(page).locator(".detail h3").textContent(), /^beta → alpha/);
  assert.equal(await panel(page).locator(".matrix .cell[tabindex='0']").count(), 1);
});

test("the check judges by the host that is chosen", async (t) => {
  const page = await two(t);
  assert.equal(await page.locator("#judge-host").inputValue(), "beta");
  assert.match(await page.locator("#host").textContent(), /beta.*libvirt 9\.0\.0/);
  await page.getByLabel("Judged by").selectOption("alpha");
  await page.locator("#host", { hasText: "libvirt 12.8.0" }).waitFor();
  await tab(page, "CPU").click();
  await page.locator("#panel-cpu .lead", { hasText: "EPYC-Genoa" }).waitFor();
});

test("a document is given to another host where it is listed", async (t) => {
  const page = await two(t);
  await tab(page, "Documents").click();
  await page.getByLabel("Host of beta/version.txt").fill("gamma");
  await page.keyboard.press("Enter");
  await tab(page, "Hosts").filter({ hasText: "Hosts (3)" }).waitFor();
  for (const name of NAMES) {
    await page.getByLabel(`Host of beta/${name}`).fill("alpha");
    await page.keyboard.press("Enter");
  }
  await tab(page, "Hosts").filter({ hasText: /^Hosts$/ }).waitFor();
});

test("a host that is being typed stays while the list is drawn anew", async (t) => {
  const page = await two(t);
  await tab(page, "Documents").click();
  const field = page.getByLabel(`Host of beta/${NAMES[0]}`);
  await field.fill("delta");
  await page.getByLabel("Host of beta/version.txt").evaluate((other) => {
    other.value = "gamma";
    other.dispatchEvent(new Event("change"));
  });
  await tab(page, "Hosts").filter({ hasText: "Hosts (3)" }).waitFor();
  assert.equal(await field.inputValue(), "delta");
  await page.keyboard.type("2");
  await page.keyboard.press("Enter");
  await tab(page, "Hosts").filter({ hasText: "Hosts (4)" }).waitFor();
  assert.equal(await field.inputValue(), "delta2");
});

test("documents of the same name stay apart by their host", async (t) => {
  const page = await open(t);
  await drop(page, { "domcaps.xml": await captured(NAMES[0]) });
  await tab(page, "Documents").click();
  await page.getByLabel("Host of the documents that are added").fill("beta");
  await drop(page, { "domcaps.xml": await older(NAMES[0]) });
  await page.locator(".documents > li").nth(1).waitFor();
  assert.deepEqual(await page.locator(".documents .name").allTextContents(), ["domcaps.xml", "beta/domcaps.xml"]);
});

test("the CPU that runs on all is shown before it is used, and one undo takes it back", async (t) => {
  const page = await two(t);
  const before = await domain(page);
  await panel(page).getByText(/^kvm64.*: a guest that asks for it/).waitFor();
  await panel(page).getByRole("button", { name: "Use this CPU…" }).click();
  assert.deepEqual(await beside(page).locator("del").allTextContents(), ["-   <cpu mode='host-model'/>"]);
  assert.equal(await domain(page), before);
  await beside(page).getByRole("button", { name: "Use the CPU of all hosts" }).click();
  await panel(page).getByText("✓ The domain asks for it.").waitFor();
  assert.match(await domain(page), /<cpu mode='custom'>\s*<model fallback='forbid'>/);
  const rows = await panel(page).locator("table").first().locator("tbody tr").allTextContents();
  assert.ok(rows.every((row) => row.includes("kvm64") && !row.includes("✕")), rows.join());
  await page.locator("#editor .cm-content").focus();
  await page.keyboard.press("Control+z");
  assert.equal(await domain(page), before);
});

test("narrow, with long names, nothing is wider than the page", async (t) => {
  const page = await open(t, { viewport: NARROW });
  for (const host of ["a-host-with-a-very-long-name.example.org", ...Array.from({ length: 11 }, (_, at) => `node${at}`)]) await drop(page, await of(host, captured));
  await tab(page, "Hosts").click();
  await panel(page).locator(".matrix").waitFor();
  await checked(page);
  assert.equal(await panel(page).locator(".matrix tbody tr").count(), 12);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
});

// The main job, from a first visit to a pinned CPU, on documents captured from real hosts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { beside, captured, checked, consoleTests, domain, drop, findings, pasteDomain, tab } from "./console-page.mjs";

const { open } = consoleTests();

const error = async (page) => (await findings(page)).find((finding) => finding.severity === "Error");
const lineOf = (text, part) => text.split("\n").findIndex((line) => line.includes(part)) + 1;

test("a first visit shows one error, a caveat and a fix, on real documents", async (t) => {
  const page = await open(t);
  const found = await findings(page);
  assert.equal(found.filter((finding) => finding.severity === "Error").length, 1);
  assert.equal((await error(page)).line, lineOf(await domain(page), "bus='ide'"));
  assert.equal(await page.locator("#editor .cm-error").textContent(), "ide");
  assert.match(await page.locator(".cm-caveat").textContent(), /EPYC-Genoa/);
  assert.ok((await page.locator(".findings .actions button:not(.link)").count()) >= 1);
  assert.match(await page.locator("#host").textContent(), /sample host/);
});

test("nothing comes before the first sample, and what a later one replaces is not lost", async (t) => {
  const page = await open(t);
  const first = await domain(page);
  const undo = async () => {
    await page.locator("#editor .cm-content").focus();
    await page.keyboard.press("Control+z");
    await checked(page);
  };
  await undo();
  assert.equal(await domain(page), first);
  await page.locator("#samples summary").click();
  await page.getByRole("button", { name: /^Arm, emulated/ }).click();
  await page.locator("#editor .cm-line", { hasText: "aarch64" }).first().waitFor();
  await undo();
  assert.equal(await domain(page), first);
});

test("dropped documents take the sample's place, and each says whether it applies and why", async (t) => {
  const page = await open(t);
  const before = await domain(page);
  await drop(page, { "mine-caps.xml": await captured("x86_64-q35-kvm.xml"), "mine-host.xml": await captured("capabilities.xml"), "mine-arm.xml": await captured("aarch64-virt-qemu.xml") });
  await tab(page, "Documents").click();
  assert.equal(await tab(page, "Documents").textContent(), "Documents (3)");
  const items = await page.locator(".documents > li").allTextContents();
  assert.match(items.find((item) => item.startsWith("mine-caps.xml")), /domain capabilities.*✓ Used: ./);
  assert.match(items.find((item) => item.startsWith("mine-host.xml")), /host capabilities.*✓ Used: ./);
  assert.match(items.find((item) => item.startsWith("mine-arm.xml")), /– Not used: .*aarch64/);
  assert.equal(await domain(page), before);
  await page.getByRole("button", { name: "Remove mine-arm.xml" }).click();
  await page.locator("#notice", { hasText: "Removed mine-arm.xml." }).waitFor();
  assert.equal(await tab(page, "Documents").textContent(), "Documents (2)");
});

test("an edit is judged at its line, at once, and its evidence opens the document there", async (t) => {
  const page = await open(t);
  const text = (await domain(page)).replace("bus='ide'", "bus='sata'").replace("<graphics type='vnc'", "<graphics type='rdp'");
  await pasteDomain(page, text);
  const found = await error(page);
  assert.equal(found.line, lineOf(text, "type='rdp'"));
  assert.match(found.message, /rdp/);
  const item = page.locator(".findings > li", { hasText: "Error" });
  const evidence = item.getByRole("button", { name: /^Evidence/ });
  const [, name, line] = /Evidence: (.*):(\d+)\./.exec(await evidence.getAttribute("aria-label"));
  const source = (await captured("x86_64-q35-kvm.xml")).toString().split("\n");
  assert.match(source[line - 1], /graphics|enum name='type'/);
  await evidence.click();
  assert.equal(await beside(page).getByRole("heading").first().textContent(), `${name}, line ${line}`);
  assert.equal((await beside(page).locator(".cm-told").textContent()).trim(), source[line - 1].trim());
  assert.equal(await beside(page).locator(".cm-content").getAttribute("aria-readonly"), "true");
});

test("a fix is one step, and one undo takes it back", async (t) => {
  const page = await open(t);
  const before = await domain(page);
  await page.locator(".findings > li", { hasText: "Error" }).locator(".actions button:not(.link)").first().click();
  await checked(page);
  const after = await domain(page);
  assert.notEqual(after, before);
  assert.equal(await error(page), undefined);
  await page.locator("#editor .cm-content").focus();
  await page.keyboard.press("Control+z");
  await checked(page);
  assert.equal(await domain(page), before);
  assert.notEqual(await error(page), undefined);
});

test("the lightbulb and the hover tell the same as the list", async (t) => {
  const page = await open(t);
  const { message } = await error(page);
  await page.locator("#editor .cm-error").hover();
  assert.match(await page.locator(".cm-tooltip .cm-explained").first().textContent(), new RegExp(message.slice(0, 20).replace(/[.*+?^${}()|[\]\\]/g, "\\$&")));
  await page.mouse.move(5, 5);
  await page.locator("#editor .cm-signs .cm-gutterElement", { has: page.locator(".sign.error") }).locator(".bulb").click();
  assert.ok((await page.getByRole("menuitem").count()) >= 1);
});

test("the resolved CPU is a sentence, three groups with origins, and XML to copy", async (t) => {
  const page = await open(t);
  await tab(page, "CPU").click();
  const panel = page.locator("#panel-cpu");
  assert.match(await panel.locator(".lead").textContent(), /host-model comes to EPYC-Genoa \(AMD\)/);
  assert.match(await panel.getByRole("table").first().textContent(), /Asked for \(\d+\)/);
  await panel.getByRole("searchbox", { name: "Filter features" }).fill("avx512f");
  assert.equal(await panel.locator("tbody tr").count(), 1);
  assert.match(await panel.locator("tbody tr").textContent(), /avx512f.*disable.*host model/);
  await panel.locator("tbody tr").getByRole("button").click();
  assert.match(await beside(page).locator(".cm-told").textContent(), /avx512f/);
  await panel.getByRole("button", { name: "Copy the CPU as XML" }).click();
  await page.locator("#notice", { hasText: "Copied the CPU." }).waitFor();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^<cpu[\s\S]*EPYC-Genoa[\s\S]*<\/cpu>$/);
});

test("pinning shows what it changes before it does", async (t) => {
  const page = await open(t);
  const before = await domain(page);
  await page.locator(".cm-caveat").getByRole("button", { name: "Pin this CPU" }).click();
  assert.deepEqual(await beside(page).locator("del").allTextContents(), ["-   <cpu mode='host-model'/>"]);
  const shown = (await beside(page).locator("ins").allTextContents()).map((line) => line.slice(2)).join("\n");
  assert.equal(await domain(page), before);
  await beside(page).getByRole("button", { name: "Pin this CPU" }).click();
  await checked(page);
  const pinned = await domain(page);
  assert.equal(pinned, before.replace("  <cpu mode='host-model'/>", shown));
  assert.match(pinned, /mode='custom'[\s\S]*EPYC-Genoa/);
  assert.doesNotMatch(pinned, /invtsc['"]|maxphysaddr/);
  assert.deepEqual((await findings(page)).filter((finding) => finding.severity === "Error").length, 1, "the pinned CPU is one that this host can start");
  await page.locator("#editor .cm-content").focus();
  await page.keyboard.press("Control+z");
  assert.equal(await domain(page), before);
});

test("a fix that was offered for another text is not applied", async (t) => {
  const page = await open(t);
  await page.locator(".cm-caveat").getByRole("button", { name: "Pin this CPU" }).click();
  await pasteDomain(page, `<!-- mine -->\n${await domain(page)}`);
  const before = await domain(page);
  await beside(page).getByRole("button", { name: "Pin this CPU" }).click();
  await page.locator("#notice", { hasText: "The text has changed" }).waitFor();
  assert.equal(await domain(page), before);
});

test("why opens the explanation beside the editor, not over it", async (t) => {
  const page = await open(t);
  await page.locator(".findings > li", { hasText: "Error" }).getByRole("button", { name: /^Why/ }).click();
  await beside(page).locator(".page pre").first().waitFor();
  assert.ok((await beside(page).getByRole("heading").first().textContent()).length > 5);
  const editor = await page.locator("#editor").boundingBox();
  const pane = await beside(page).boundingBox();
  assert.ok(editor.x + editor.width <= pane.x);
  await beside(page).getByRole("button", { name: "Close" }).click();
  assert.equal(await beside(page).isHidden(), true);
});

test("a caveat folds to one sentence, and stays folded", async (t) => {
  const page = await open(t);
  const caveat = page.locator(".cm-caveat");
  const whole = (await caveat.boundingBox()).height;
  await caveat.getByRole("button", { name: "Fold" }).click();
  assert.ok((await caveat.boundingBox()).height < whole);
  await page.locator("#editor .cm-content").focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("\n");
  await checked(page);
  assert.match(await caveat.getAttribute("class"), /folded/);
});

test("without documents only what holds on every host is told: what was not checked is listed with its command", async (t) => {
  const page = await open(t);
  await tab(page, "Documents").click();
  while ((await page.getByRole("button", { name: /^Remove / }).count()) > 0) {
    const count = await page.getByRole("button", { name: /^Remove / }).count();
    await page.getByRole("button", { name: /^Remove / }).first().click();
    await page.waitForFunction((count) => document.querySelectorAll(".documents [aria-label^=Remove]").length < count, count);
  }
  await tab(page, "Findings").click();
  await checked(page);
  assert.equal((await error(page)).message, "this machine has no IDE controller");
  const unknown = page.getByRole("region", { name: "Not checked" });
  assert.match(await unknown.textContent(), /virsh domcapabilities --virttype kvm --arch x86_64 --machine q35/);
  assert.match(await unknown.textContent(), /virsh capabilities/);
  await tab(page, "CPU").click();
  await page.locator("#panel-cpu .lead, #panel-cpu .calm p").first().waitFor();
  assert.match(await page.locator("#panel-cpu").textContent(), /unknown/);
});

test("a document that fits no domain says for which one it is", async (t) => {
  const page = await open(t);
  await drop(page, { "arm.xml": await captured("aarch64-virt-qemu.xml") });
  await tab(page, "Documents").click();
  assert.match(await page.locator(".documents > li", { hasText: "arm.xml" }).textContent(), /Not used: .*aarch64/);
});

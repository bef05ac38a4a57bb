/** The list of findings: the truth for those who do not see colours or underlines. */
import type { Evidence, Fix, Report } from "virtlens";
import { commandFor, commandLine } from "./commands";
import { button, h, link, plural, prose, renew } from "./dom";
import { label } from "./fixes";
import type { Mark, Marks } from "./marks";
import { heading, SEVERITIES, sign } from "./severity";
import { countsText } from "./status";

export interface ListActions {
  jump(mark: Mark): void;
  /** To another place of the text that was checked. */
  go(offset: number): void;
  evidence(evidence: Evidence): void;
  why(code: string): void;
  fix(fix: Fix): void;
  /** The text is no domain: it is loaded as a document, and the former text comes back. */
  toDocuments(): void;
}

const FILTERS = [
  ["hint", "everything"],
  ["warning", "errors and warnings"],
  ["error", "errors"],
] as const;

export class FindingsList {
  readonly #counts = h("p", {}, "Checking…");
  readonly #filter = h("select", { "aria-label": "Show", onchange: () => this.#draw() }, ...FILTERS.map(([value, name]) => h("option", { value }, name)));
  readonly #body = h("div", {});
  #marks: Marks = { list: [], broken: false, current: false };
  #skipped: Report["skipped"] = [];
  #lines: (mark: Mark) => number = () => 1;
  #text = "";
  #drawn = "";

  constructor(
    parent: HTMLElement,
    private readonly actions: ListActions,
  ) {
    parent.append(h("div", { class: "panel-head" }, this.#counts, this.#filter), this.#body);
    this.#body.addEventListener("keydown", (event) => walk(event, this.#body));
  }

  show(marks: Marks, report: Report, text: string, lineOf: (mark: Mark) => number): void {
    [this.#marks, this.#skipped, this.#text, this.#lines] = [marks, report.skipped, text, lineOf];
    this.#counts.textContent = countsText(report.counts);
    this.#draw();
  }

  /** Nothing to check: no list, and what to do instead. */
  showEmpty(): void {
    this.#drawn = "";
    this.#counts.textContent = "Nothing to check yet";
    const ways = h("p", {}, "Paste a domain XML into the editor, drop its file anywhere on this page, or choose a sample above.");
    renew(this.#body, h("div", { class: "calm" }, h("p", {}, "The editor is empty."), ways, commandLine("virsh dumpxml --inactive NAME")));
  }

  /** Marks the item whose token the cursor is in. */
  follow(pos: number): void {
    const items = [...this.#body.querySelectorAll<HTMLElement>(".findings > li")];
    const shown = this.#visible();
    const at = shown.findIndex((mark) => mark.from <= pos && pos <= mark.to);
    items.forEach((item, index) => (index === at ? item.setAttribute("aria-current", "true") : item.removeAttribute("aria-current")));
    items[at]?.scrollIntoView({ block: "nearest" });
  }

  #visible(): Mark[] {
    const least = SEVERITIES.indexOf(this.#filter.value as (typeof SEVERITIES)[number]);
    const kept = this.#marks.list.filter((mark) => SEVERITIES.indexOf(mark.diagnostic.severity) <= least);
    return [...kept.filter((mark) => !mark.stale), ...kept.filter((mark) => mark.stale)];
  }

  #draw(): void {
    const shown = this.#visible();
    const signature = JSON.stringify([shown.map((mark) => [mark.diagnostic, this.#lines(mark), mark.stale]), this.#skipped.map((one) => [one.message, commandFor(one.needs, this.#text)]), this.#marks.broken]);
    if (signature === this.#drawn) return;
    this.#drawn = signature;
    const fresh = shown.filter((mark) => !mark.stale);
    const stale = shown.filter((mark) => mark.stale);
    renew(
      this.#body,
      fresh.length > 0 ? this.#items(fresh, "Findings") : h("p", { class: "calm" }, this.#nothing()),
      stale.length > 0 && h("p", { class: "divider" }, "From before the text broke; checked again as soon as it can be read:"),
      stale.length > 0 && this.#items(stale, "Findings from before the text broke"),
      !this.#marks.broken && this.#skipped.length > 0 && this.#unknown(),
    );
  }

  #nothing(): string {
    if (this.#marks.list.length > 0) return "No finding of this kind.";
    return this.#skipped.length > 0 ? "Nothing found in what could be checked." : "No findings: nothing that is checked here stands in the way.";
  }

  #items(list: Mark[], name: string): HTMLElement {
    const seen = new Map<string, number>();
    const items = list.map((mark) => {
      const times = seen.get(mark.diagnostic.code) ?? 0;
      seen.set(mark.diagnostic.code, times + 1);
      return this.#item(mark, `${mark.diagnostic.code}#${times}${mark.stale ? "~" : ""}`);
    });
    return h("ol", { class: "findings", "aria-label": name }, ...items);
  }

  #item(mark: Mark, key: string): HTMLElement {
    const { severity, message, code, related, evidence, fixes, docs } = mark.diagnostic;
    const head = h("span", { class: "head" }, heading(mark.diagnostic, this.#lines(mark)));
    const jump = h("button", { type: "button", class: "jump", "data-key": key, onclick: () => this.actions.jump(mark) }, sign(severity), head, h("span", { class: "message" }, ...prose(message)));
    const places = evidence.map((one) => this.#place(one, key));
    const others = mark.stale ? [] : related.map((one) => link(`line ${one.range.start.line}: ${one.message}`, () => this.actions.go(one.range.start.offset), { "data-key": `${key} ${one.range.start.line}` }));
    const why = link("Why", () => this.actions.why(code), { "data-key": `${key} why`, "aria-label": `Why: ${code}` });
    const manual = docs && h("a", { href: docs, target: "_blank", rel: "noreferrer" }, "libvirt.org ↗");
    const offered = mark.stale ? [] : fixes.map((fix) => button(label(fix), () => this.actions.fix(fix), { "data-key": `${key} ${fix.title}` }));
    const move = code === "root-not-domain" && button("Load it as a document", () => this.actions.toDocuments(), { "data-key": `${key} move` });
    return h("li", { class: mark.stale ? "stale" : "" }, jump, h("div", { class: "actions" }, ...others, ...places, why, manual, ...offered, move));
  }

  #place(evidence: Evidence, key: string): HTMLElement {
    const where = `${evidence.document}:${evidence.range.start.line}`;
    return link(`${where} ↗`, () => this.actions.evidence(evidence), { "data-key": `${key} ${where}`, title: evidence.message, "aria-label": `Evidence: ${where}. ${evidence.message}` });
  }

  #unknown(): HTMLElement {
    const items = this.#skipped.map((one) => {
      return h("li", {}, h("p", {}, ...prose(one.message), h("span", { class: "subtle" }, ` (${plural(one.codes.length, "check")} not made)`)), commandLine(commandFor(one.needs, this.#text)));
    });
    return h("section", { class: "pad", "aria-label": "Not checked" }, h("h2", {}, "Not checked"), h("ul", { class: "skipped" }, ...items));
  }
}

/** Arrow keys walk the findings; Home and End go to the first and the last. */
function walk(event: KeyboardEvent, body: HTMLElement): void {
  const all = [...body.querySelectorAll<HTMLElement>(".jump")];
  const at = all.findIndex((item) => item === document.activeElement);
  if (at < 0) return;
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  all[next]?.focus();
}

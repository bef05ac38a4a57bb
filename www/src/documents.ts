/** The panel of documents: what each is, whether it applies to this domain and why; and how to get one's own. */
import type { Report } from "virtlens";
import { commandLine, COMMANDS } from "./commands";
import { button, byId, h, prose, renew } from "./dom";
import { openDocument } from "./evidence";
import type { Loaded } from "./session";
import { notice } from "./status";

export interface DocumentActions {
  choose(): void;
  paste(text: string): Promise<boolean>;
  remove(name: string): void;
  move(name: string, host: string): void;
}

const KINDS: Record<Loaded["kind"], string> = {
  domainCapabilities: "domain capabilities",
  capabilities: "host capabilities",
  versions: "versions",
  cpuMap: "CPU map",
  cpu: "CPU",
  domain: "domain",
};

/** What a document says of itself, without the name of its kind. */
export function brief({ summary }: Loaded): string {
  return summary.replace(/^(domain capabilities of|host) /, "");
}

export class DocumentsPanel {
  readonly #refusals = h("ul", { class: "refusals", "aria-label": "Refused" });
  readonly #list = h("ul", { class: "documents", "aria-label": "Loaded documents" });
  readonly #text = h("textarea", { "aria-label": "Text of a document", placeholder: "…or paste what a command printed", spellcheck: "false" });
  #drawn = "";
  readonly #host = h("input", { type: "text", "aria-label": "Host of the documents that are added", placeholder: "host name (optional)", autocomplete: "off" });

  constructor(
    parent: HTMLElement,
    private readonly actions: DocumentActions,
  ) {
    const adders = h(
      "div",
      { class: "adders" },
      button("Choose files…", () => actions.choose(), { class: "primary", "data-key": "choose" }),
      button("Add the pasted text", () => void this.#paste()),
      this.#host,
    );
    const add = h(
      "section",
      { class: "pad", "aria-label": "Add documents" },
      h("h2", {}, "Add those of your host"),
      h("p", {}, "Run these there, and drop what they print anywhere on this page, several files at once, or paste it below."),
      ...Object.values(COMMANDS).map(commandLine),
      this.#text,
      adders,
      h("p", { class: "subtle" }, "They stay in this page's memory. Nothing leaves the browser."),
    );
    parent.append(h("div", { role: "alert" }, this.#refusals), this.#list, add);
  }

  /** The host that was named for what is added next. */
  get host(): string | undefined {
    return this.#host.value.trim() || undefined;
  }

  show(documents: Iterable<Loaded>, uses: Report["documents"]): void {
    const all = [...documents];
    const signature = JSON.stringify([all.map(({ text: _, ...rest }) => rest), uses]);
    if (signature === this.#drawn) return;
    this.#drawn = signature;
    const items = all.map((document) => this.#item(document, uses.find((use) => use.name === document.name)));
    byId("tab-documents").textContent = `Documents (${items.length})`;
    const none = h("li", {}, h("p", { class: "about subtle" }, "No document is loaded: what a host offers is unknown."));
    renew(this.#list, ...(items.length > 0 ? items : [none]));
  }

  /** A document that could not be loaded; it stays until it is put away. */
  refuse(name: string, message: string): void {
    const item: HTMLLIElement = h("li", {}, h("p", {}, h("strong", {}, name), ` was not loaded: ${message}`), button("✕", () => item.remove(), { class: "icon", "aria-label": `Put away what is said of ${name}` }));
    this.#refusals.append(item);
  }

  forgetRefusals(): void {
    this.#refusals.replaceChildren();
  }

  #of(name: string, host: string): HTMLInputElement {
    const confirmed = () => {
      input.defaultValue = input.value;
      this.actions.move(name, input.value.trim());
    };
    const input = h("input", { type: "text", value: host, "aria-label": `Host of ${name}`, autocomplete: "off", spellcheck: "false", "data-key": `host ${name}`, onchange: confirmed });
    return input;
  }

  async #paste(): Promise<void> {
    if (this.#text.value.trim() === "") notice("There is no text to add yet.");
    else if (await this.actions.paste(this.#text.value)) this.#text.value = "";
  }

  #item(document: Loaded, use: Report["documents"][number] | undefined): HTMLElement {
    const { name, host } = document;
    return h(
      "li",
      {},
      h("span", { class: "name" }, name),
      h("span", { class: "about subtle" }, `${KINDS[document.kind]} · ${brief(document)}`),
      use && h("span", { class: use.used ? "about used" : "about subtle" }, use.used ? "✓ Used: " : "– Not used: ", ...prose(use.reason)),
      h("label", { class: "about of-host subtle" }, "of host ", this.#of(name, host)),
      h(
        "span",
        { class: "buttons" },
        button("View", () => openDocument(document), { "aria-label": `View ${name}`, "data-key": `view ${name}` }),
        button("Remove", () => this.actions.remove(name), { "aria-label": `Remove ${name}`, "data-key": `remove ${name}` }),
      ),
    );
  }
}

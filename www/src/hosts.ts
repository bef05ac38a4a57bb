/** The panel of hosts: where the domain starts, where a running guest may go, and the CPU that runs everywhere. */
import type { Fix, Hosts, OnHost, Pair } from "virtlens";
import { commandLine } from "./commands";
import { button, byId, h, link, plural, prose, renew } from "./dom";
import { gridKeys } from "./grid";

export interface HostActions {
  why(code: string): void;
  /** The common CPU, previewed before it is applied to the text that was compared. */
  common(fix: Fix): void;
  /** Another host is to be the one on which the guest runs. */
  from(host: string): void;
}

const MOVES = { yes: "migrates", no: "does not migrate", unknown: "unknown" } as const;
const SIGNS = { yes: "✓", no: "✕", unknown: "?" } as const;

export class HostsPanel {
  readonly #body = h("div", { class: "hosts pad", hidden: true });
  readonly #calm = h("div", { class: "calm" });
  readonly #detail = h("div", { class: "detail", role: "status" });
  #chosen: string | undefined;
  #drawn = "";

  constructor(
    parent: HTMLElement,
    private readonly actions: HostActions,
  ) {
    parent.append(this.#calm, this.#body);
  }

  /** The tab counts the hosts, whether or not the panel is open. */
  count(hosts: number): void {
    byId("tab-hosts").textContent = hosts > 1 ? `Hosts (${hosts})` : "Hosts";
  }

  showNone(reason: string): void {
    this.#calmly(h("p", {}, "Nothing to compare."), h("p", {}, reason));
  }

  /** One host, or none: how to load a second. */
  showAlone(names: string[]): void {
    const first = names.length === 0 ? "No host's documents are loaded." : `Documents of one host are loaded: ${names[0]}.`;
    const run = ["domcapabilities --virttype kvm --machine q35", "capabilities", "version"];
    const lines = run.map((command) => `virsh -c qemu+ssh://beta/system ${command} > beta=${command.split(" ")[0]}.${command === "version" ? "txt" : "xml"}`);
    this.#calmly(
      h("p", {}, first),
      h("p", {}, "With those of a second host, this panel tells on which of them the domain starts, whether a running guest migrates between them, and which CPU runs on all."),
      h("p", {}, ...prose("A file called `beta=capabilities.xml` is a document of the host beta; any other is of the host named under “Documents”, where the host of each can be changed.")),
      ...lines.map(commandLine),
    );
  }

  show(hosts: Hosts, from: string | undefined): void {
    const signature = JSON.stringify([hosts, from]);
    if (signature === this.#drawn) return;
    this.#drawn = signature;
    this.#calm.hidden = true;
    this.#body.hidden = false;
    const known = hosts.pairs.find((pair) => key(pair) === this.#chosen) ?? hosts.pairs.find((pair) => pair.migrates !== "yes");
    renew(this.#body, h("h2", {}, "Where it starts"), this.#starts(hosts.hosts), h("h2", {}, "Where a running guest may go"), ...this.#ways(hosts, from), this.#detail, h("h2", {}, "The CPU that runs on all"), ...this.#common(hosts));
    this.#tell(known);
  }

  #calmly(...content: HTMLElement[]): void {
    this.#drawn = "";
    this.#body.hidden = true;
    this.#calm.hidden = false;
    renew(this.#calm, ...content);
  }

  #starts(hosts: OnHost[]): HTMLElement {
    const head = h("tr", {}, ...["Host", "Starts", "CPU"].map((title) => h("th", { scope: "col" }, title)));
    return h("div", { class: "wide", role: "group", tabindex: 0, "aria-label": "Where the domain starts" }, h("table", {}, h("thead", {}, head), h("tbody", {}, ...hosts.map((one) => this.#start(one)))));
  }

  #start({ host, startable, why, codes, cpu, required, disabled }: OnHost): HTMLElement {
    const changes = [required > 0 && `${required} on`, disabled > 0 && `${disabled} off`].filter(Boolean).join(", ");
    const [code] = codes;
    const reason = why !== null && h("p", { class: "subtle" }, ...prose(why), code !== undefined && " ", code !== undefined && link("Why", () => this.actions.why(code), { "aria-label": `Why: ${code}`, "data-key": `why ${host}` }));
    return h(
      "tr",
      {},
      h("th", { scope: "row", title: host }, host),
      h("td", { class: `answer ${startable}` }, `${SIGNS[startable]} ${startable}`),
      h("td", {}, `${cpu.model ?? cpu.mode}${changes && `, ${changes}`}${cpu.exact ? "" : " (not exact)"}`, reason),
    );
  }

  #ways(hosts: Hosts, from: string | undefined): HTMLElement[] {
    const names = hosts.hosts.map((one) => one.host);
    if (hosts.unpaired === 0) return [this.#matrix(names, hosts.pairs)];
    const choose = h("select", { "aria-label": "The host on which the guest runs", "data-key": "from", onchange: () => this.actions.from(choose.value) }, ...names.map((name) => h("option", { value: name }, name)));
    choose.value = from ?? "";
    const found = hosts.pairs.map((pair) => h("li", {}, this.#cell(pair, `${pair.to}: ${MOVES[pair.migrates]}`)));
    return [h("p", {}, `${names.length} hosts are too many for a matrix. From `, choose), h("ul", { class: "ways" }, ...found)];
  }

  #matrix(names: string[], pairs: Pair[]): HTMLElement {
    const column = (name: string) => h("th", { scope: "col", role: "columnheader", title: name }, h("span", {}, name));
    const head = h("tr", { role: "row" }, h("th", { scope: "col", role: "columnheader" }, "From ↓ to →"), ...names.map(column));
    const cell = (from: string, to: string) => {
      const pair = pairs.find((one) => one.from === from && one.to === to);
      return h("td", { role: "gridcell" }, pair === undefined ? h("span", { class: "subtle", "aria-label": "itself" }, "·") : this.#cell(pair));
    };
    const rows = names.map((from) => h("tr", { role: "row" }, h("th", { scope: "row", role: "rowheader", title: from }, h("span", {}, from)), ...names.map((to) => cell(from, to))));
    const table = h("table", { class: "matrix", role: "grid", "aria-label": "Whether a running guest migrates, from the host of the row to that of the column" }, h("thead", { role: "rowgroup" }, head), h("tbody", { role: "rowgroup" }, ...rows));
    gridKeys(table);
    return h("div", { class: "wide" }, table);
  }

  #cell(pair: Pair, text?: string): HTMLElement {
    const changes = pair.restart === "changes" ? ", the CPU changes at a new start" : "";
    const title = `${pair.from} to ${pair.to}: ${MOVES[pair.migrates]}${changes}`;
    const sign = SIGNS[pair.migrates] + (pair.missing.length > 0 ? ` ${pair.missing.length}` : "");
    return button(text ?? sign, () => this.#tell(pair), { class: `cell ${pair.migrates}`, title, "aria-label": title, "data-key": key(pair) });
  }

  #common({ common, noCommon }: Hosts): HTMLElement[] {
    if (common === null) return [h("p", {}, "There is none: ", ...prose(noCommon ?? "unknown"), ".")];
    const { model, vendor, features, xml, fix } = common;
    const on = features.filter((feature) => feature.policy === "require").length;
    const named = features.length > 0 ? `, with ${plural(on, "feature")} required and ${features.length - on} disabled` : "";
    const what = h("p", {}, `${model}${vendor === null ? "" : ` (${vendor})`}${named}: a guest that asks for it starts and migrates with the same CPU everywhere.`);
    const use = fix === null ? h("p", {}, "✓ The domain asks for it.") : h("p", {}, button("Use this CPU…", () => this.actions.common(fix), { class: "primary", "data-key": "common" }));
    return [what, use, h("details", {}, h("summary", {}, "As XML"), h("pre", { tabindex: 0, "aria-label": "The common CPU as XML" }, h("code", {}, xml)))];
  }

  #tell(pair: Pair | undefined): void {
    this.#chosen = pair && key(pair);
    renew(this.#detail, ...(pair === undefined ? [] : told(pair)));
  }
}

const key = (pair: Pair) => `${pair.from} → ${pair.to}`;

/** What a cell has no room for. */
function told(pair: Pair): HTMLElement[] {
  const names = (title: string, list: string[]) => list.length > 0 && h("p", {}, `${title} (${list.length}): `, h("span", { class: "names" }, list.join(", ")));
  const restart = { same: "Stopped and started again there, the guest has the same CPU.", changes: "Stopped and started again there, the guest has another CPU.", unknown: "Which CPU a new start there gives is unknown." }[pair.restart];
  const parts = [
    h("h3", {}, `${key(pair)}: ${MOVES[pair.migrates]}`),
    pair.why !== null && h("p", {}, ...prose(pair.why)),
    pair.unknownModel !== null && h("p", {}, "A model that is not known there: ", h("code", {}, pair.unknownModel)),
    names("Missing there", pair.missing),
    h("p", {}, restart),
    names("Gained then", pair.gained),
    names("Lost then", pair.lost),
    ...pair.caveats.map((caveat) => h("p", {}, "▲ ", ...prose(caveat))),
  ];
  return parts.filter((part) => part !== false);
}

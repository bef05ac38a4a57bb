/** The resolved CPU: a sentence first, then where each feature comes from, then the XML. */
import type { Feature, Fix, ResolvedCpu } from "virtlens";
import { button, h, link, plural, prose, renew } from "./dom";
import type { Place } from "./evidence";
import { copy } from "./status";

export interface CpuActions {
  evidence(document: string, place: Place): void;
  pin(fix: Fix): void;
  why(code: string): void;
}

const ORIGINS: Record<Feature["origin"], string> = { "host-model": "host model", model: "model", domain: "domain", hypervisor: "hypervisor", removed: "removed from the model" };

const GROUPS: [title: string, origins: Feature["origin"][]][] = [
  ["Asked for", ["host-model", "model", "domain"]],
  ["Added by the hypervisor", ["hypervisor"]],
  ["Removed", ["removed"]],
];

export class CpuPanel {
  readonly #filter = h("input", { type: "search", "aria-label": "Filter features", placeholder: "Filter features", oninput: () => this.#drawFeatures() });
  readonly #lead = h("div", {});
  readonly #features = h("div", {});
  readonly #tail = h("div", {});
  readonly #whole: HTMLElement;
  readonly #calm = h("div", { class: "calm" });
  #cpu: ResolvedCpu | undefined;
  #drawn = "";

  constructor(
    parent: HTMLElement,
    private readonly actions: CpuActions,
  ) {
    this.#whole = h("div", { class: "cpu pad", hidden: true }, this.#lead, h("div", { class: "tools" }, this.#filter), this.#features, this.#tail);
    parent.append(this.#calm, this.#whole);
  }

  showNone(reason: string): void {
    this.#drawn = "";
    this.#whole.hidden = true;
    this.#calm.hidden = false;
    renew(this.#calm, h("p", {}, "No CPU to show."), h("p", {}, reason));
  }

  /** Redrawn only when it differs from what is shown. */
  show(cpu: ResolvedCpu, pin: Fix | undefined): void {
    const signature = JSON.stringify([cpu, pin]);
    if (signature === this.#drawn) return;
    this.#drawn = signature;
    this.#cpu = cpu;
    this.#calm.hidden = true;
    this.#whole.hidden = false;
    this.#drawLead(cpu, pin);
    this.#drawFeatures();
    this.#drawTail(cpu);
  }

  #drawLead(cpu: ResolvedCpu, pin: Fix | undefined): void {
    const caveats = cpu.caveats.map((code) => link(code, () => this.actions.why(code), { "data-key": `why ${code}` }));
    renew(
      this.#lead,
      h("p", { class: "lead" }, sentence(cpu)),
      cpu.startable !== "no" && h("p", {}, exactness(cpu)),
      h("p", {}, startability(cpu)),
      caveats.length > 0 && h("p", {}, "To know: ", ...caveats.flatMap((one, at) => (at > 0 ? [" · ", one] : [one]))),
      pin && h("p", {}, button("Pin this CPU", () => this.actions.pin(pin), { class: "primary", "data-key": "pin" })),
    );
  }

  #drawFeatures(): void {
    const wanted = this.#filter.value.trim().toLowerCase();
    const features = this.#cpu?.features ?? [];
    const shown = features.filter((feature) => feature.name.toLowerCase().includes(wanted));
    const tables = GROUPS.map(([title, origins]) => this.#group(title, shown.filter((feature) => origins.includes(feature.origin))));
    renew(this.#features, ...tables, shown.length === 0 && h("p", { class: "subtle" }, features.length === 0 ? "No feature is named." : "No feature of that name."));
    this.#filter.hidden = features.length === 0;
  }

  #group(title: string, features: Feature[]): HTMLElement | null {
    if (features.length === 0) return null;
    const head = h("tr", {}, ...["Feature", "Asked of QEMU", "In the guest", "From"].map((name) => h("th", { scope: "col" }, name)));
    return h("table", {}, h("caption", {}, `${title} (${features.length})`), h("thead", {}, head), h("tbody", {}, ...features.map((feature) => this.#row(feature))));
  }

  #row(feature: Feature): HTMLElement {
    const { name, policy, running, origin, evidence } = feature;
    const from = ORIGINS[origin];
    const source = evidence ? link(`${from} ↗`, () => this.actions.evidence(evidence.document, evidence.range), { "aria-label": `${name}: ${from}, ${evidence.document} line ${evidence.range.start.line}` }) : from;
    return h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, policy ?? "not asked"), h("td", {}, running ?? "unknown"), h("td", {}, source));
  }

  #drawTail(cpu: ResolvedCpu): void {
    const known = cpu.model !== null || cpu.mode !== "custom";
    const xml = known && cpu.startable !== "no" && h("pre", { tabindex: 0, "aria-label": "The CPU as XML" }, h("code", {}, cpu.xml));
    renew(
      this.#tail,
      h("h2", {}, "How this came about"),
      h("ol", {}, ...cpu.trace.map((step) => h("li", {}, ...prose(step)))),
      xml && h("div", { class: "tools" }, h("h2", {}, "What libvirt asks of QEMU"), button("Copy", () => void copy(cpu.xml, "the CPU"), { "aria-label": "Copy the CPU as XML", "data-key": "copy cpu" })),
      xml,
    );
  }
}

function sentence(cpu: ResolvedCpu): string {
  const of = (policy: Feature["policy"]) => cpu.features.filter((feature) => feature.policy === policy).length;
  const changes = [of("require") > 0 && `${of("require")} required`, of("disable") > 0 && `${of("disable")} disabled`].filter(Boolean).join(", ");
  const what = cpu.model === null ? "a CPU that no document names" : cpu.model + (cpu.vendor === null ? "" : ` (${cpu.vendor})`);
  if (cpu.mode === "custom") return `${cpu.asked} comes to ${what}${changes && `, with ${plural(of("require") + of("disable"), "feature")} named: ${changes}`}.`;
  if (cpu.startable === "no") return `${cpu.asked} is not to be had here.`;
  return cpu.model === null ? `${cpu.asked}: the CPU is decided at each start.` : `${cpu.asked} comes to ${what}.`;
}

function exactness(cpu: ResolvedCpu): string {
  return cpu.exact ? "Exact: this is the CPU that a start takes." : "Not exact: the hypervisor may still hand out something else.";
}

function startability(cpu: ResolvedCpu): string {
  if (cpu.startable === "yes") return "The CPU does not stand in the way of a start on this host.";
  if (cpu.startable === "unknown") return "Whether it starts is unknown: no document that is loaded tells.";
  return `It does not start on this host${cpu.blockers.length > 0 ? `; in the way: ${cpu.blockers.join(", ")}` : ""}.`;
}

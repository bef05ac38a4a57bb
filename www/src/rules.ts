/** The page of all rules: every code with its title, and a filter. */
import type { CatalogueEntry } from "virtlens";
import { openBeside } from "./beside";
import { h, link, plural, prose, renew } from "./dom";

export function openRules(entries: CatalogueEntry[], why: (code: string) => void): void {
  const count = h("p", { role: "status" });
  const list = h("ul", { class: "rules" });
  const filter = h("input", { type: "search", "aria-label": "Filter the rules", placeholder: "Filter, such as disk or migrat", oninput: () => draw() });
  const draw = () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = entries.filter(({ code, title }) => words.every((word) => code.includes(word) || title.toLowerCase().includes(word)));
    count.textContent = shown.length === entries.length ? plural(shown.length, "rule") : `${shown.length} of ${plural(entries.length, "rule")}`;
    renew(list, ...shown.map(({ code, title }) => h("li", {}, link(code, () => why(code)), h("span", {}, ...prose(title)))));
  };
  draw();
  openBeside("All rules", h("article", { class: "page" }, h("div", { class: "rules-head" }, filter, count), list));
}

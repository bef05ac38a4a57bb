/** Light or dark: as the system says, until the reader says otherwise. */
import { byId } from "./dom";

export function startTheme(): void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  byId("theme").addEventListener("click", () => {
    const root = document.documentElement;
    const dark = (root.dataset["theme"] ?? (system.matches ? "dark" : "light")) === "dark";
    root.dataset["theme"] = dark ? "light" : "dark";
  });
}

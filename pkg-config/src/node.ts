import { readFile } from "node:fs/promises";
import { MODULE_FILE, PAGES_FILE, setPages } from "./pages.js";
import { start } from "./workspace.js";
import type { InitOptions, ModuleSource } from "./workspace.js";

export { VirtlensError } from "./errors.js";
export { catalogue, explain } from "./pages.js";
export type { CatalogueEntry } from "./pages.js";
export { Workspace } from "./workspace.js";

/** As in the browser, but from disk: a string is a path, a URL one of `file:`. */
export default function init(options: InitOptions = {}): Promise<void> {
  const pages = options.pages ?? new URL(PAGES_FILE, import.meta.url);
  setPages(async () => JSON.parse(await readFile(pages, "utf8")) as Record<string, string>);
  return start(async () => fromDisk((await options.module_or_path) ?? new URL(MODULE_FILE, import.meta.url)));
}

function fromDisk(source: ModuleSource): Promise<ModuleSource> | ModuleSource {
  const onDisk = typeof source === "string" || (source instanceof URL && source.protocol === "file:");
  return onDisk ? readFile(source) : source;
}

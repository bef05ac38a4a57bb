import { MODULE_FILE, PAGES_FILE, setPages } from "./pages.js";
import { start } from "./workspace.js";
import type { InitOptions, ModuleSource } from "./workspace.js";

export { VirtlensError } from "./errors.js";
export { catalogue, explain } from "./pages.js";
export type { CatalogueEntry } from "./pages.js";
export { Workspace } from "./workspace.js";
export type { InitOptions, ModuleSource } from "./workspace.js";
export type * from "./types.js";

/** Loads the module, once, and resolves when `Workspace` can be used. */
export default function init(options: InitOptions = {}): Promise<void> {
  const source = options.module_or_path;
  setPages(() => fetchPages(options.pages ?? besideModule(source) ?? new URL("./virtlens_pages.json", import.meta.url)));
  return start(() => source ?? new URL("./virtlens_bg.wasm", import.meta.url));
}

/** A module that kept its name has the pages beside it. A bundler that renames one renames the other. */
function besideModule(source: ModuleSource | Promise<ModuleSource> | undefined): string | undefined {
  const url = source instanceof Response || source instanceof Request ? source.url : source instanceof URL ? source.href : source;
  if (typeof url !== "string") return undefined;
  const [path = "", ...query] = url.split(/(?=[?#])/);
  return path.endsWith(MODULE_FILE) ? path.slice(0, -MODULE_FILE.length) + PAGES_FILE + query.join("") : undefined;
}

async function fetchPages(url: string | URL): Promise<Record<string, string>> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return (await response.json()) as Record<string, string>;
}

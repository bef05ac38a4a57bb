import { VirtlensError } from "./errors.js";

export const MODULE_FILE = "virtlens_bg.wasm";
export const PAGES_FILE = "virtlens_pages.json";

type Pages = Record<string, string>;

let read: (() => Promise<Pages>) | undefined;
let pages: Promise<Pages> | undefined;

/** Says how the file of pages is read; what was read before is forgotten. */
export function setPages(reader: () => Promise<Pages>): void {
  read = reader;
  pages = undefined;
}

/** The explanation page of a finding's code, in Markdown. All pages are one file, read when the first is asked for. */
export async function explain(code: string): Promise<string> {
  const all = await everyPage();
  const page = Object.hasOwn(all, code) ? all[code] : undefined;
  if (page === undefined) throw new VirtlensError("unknown-code", `there is no finding with the code \`${code}\``);
  return page;
}

function everyPage(): Promise<Pages> {
  if (read === undefined) throw new VirtlensError("not-initialised", "await init() before a page is asked for");
  pages ??= read().catch((cause: unknown) => {
    pages = undefined;
    throw new VirtlensError("pages-not-loaded", `the explanation pages cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  });
  return pages;
}

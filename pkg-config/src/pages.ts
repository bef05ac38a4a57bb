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

/** A code, and the first line of its page. */
export interface CatalogueEntry {
  code: string;
  title: string;
}

/** Every code that a finding can have, in the order of the codes. */
export async function catalogue(): Promise<CatalogueEntry[]> {
  const all = Object.entries(await everyPage());
  return all.map(([code, page]) => ({ code, title: /^# (.*)/.exec(page)?.[1] ?? code })).sort((a, b) => (a.code < b.code ? -1 : 1));
}

function everyPage(): Promise<Pages> {
  if (read === undefined) throw new VirtlensError("not-initialised", "await init() before a page is asked for");
  pages ??= read().catch((cause: unknown) => {
    pages = undefined;
    throw new VirtlensError("pages-not-loaded", `the explanation pages cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  });
  return pages;
}

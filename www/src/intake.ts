/** Files that are dropped or chosen: a domain goes into the editor, everything else among the documents. */
import { byId } from "./dom";

export interface Item {
  name: string;
  bytes: Uint8Array;
}

/** What comes before the outermost element: a mark, a declaration, comments, a doctype without a subset. */
const PROLOGUE = /^\ufeff?(?:\s|<\?[^>]*\?>|<!--[\s\S]*?-->|<!DOCTYPE[^[>]*>)*/;

/** The text of a `<domain>`, or null: told by the outermost element alone, so that a broken domain is one too. */
export function domainText(bytes: Uint8Array): string | null {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null; // not UTF-8: the package says so by name
  }
  const rest = text.slice(PROLOGUE.exec(text)?.[0].length ?? 0);
  return /^<domain[\s>/]/.test(rest) ? text : null;
}

export async function readFiles(files: Iterable<File>): Promise<Item[]> {
  return Promise.all([...files].map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })));
}

/** Takes files dropped anywhere on the page; text that is dragged about is left to the editor. */
export function startDrop(take: (files: FileList) => void): void {
  const veil = byId("drop");
  const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    veil.hidden = false;
  }, true);
  addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) veil.hidden = true;
  });
  addEventListener("drop", (event) => {
    veil.hidden = true;
    if (!holdsFiles(event)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.dataTransfer !== null) take(event.dataTransfer.files);
  }, true);
}

/** The file chooser: `take` gets what is chosen after `open` was asked. */
export function chooser(): (take: (files: FileList) => void) => void {
  const input = byId<HTMLInputElement>("files");
  let taker: (files: FileList) => void = () => undefined;
  input.addEventListener("change", () => {
    if (input.files !== null && input.files.length > 0) taker(input.files);
    input.value = "";
  });
  return (take) => {
    taker = take;
    input.click();
  };
}

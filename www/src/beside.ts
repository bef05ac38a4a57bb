/** The pane beside the editor, never over it: an explanation, a document, a preview, the help. One at a time. */
import { byId, renew } from "./dom";

const pane = byId("beside");
const title = byId("beside-title");
const body = byId("beside-body");
let opener: HTMLElement | null = null;

export function openBeside(heading: string, content: Node): void {
  if (pane.hidden) opener = document.activeElement as HTMLElement | null;
  title.textContent = heading;
  renew(body, content);
  body.scrollTop = 0;
  pane.hidden = false;
  title.focus();
}

export function closeBeside(): void {
  pane.hidden = true;
  body.replaceChildren();
  if (opener?.isConnected) opener.focus();
  opener = null;
}

export function startBeside(): void {
  byId("beside-close").addEventListener("click", closeBeside);
  pane.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    closeBeside();
  });
}

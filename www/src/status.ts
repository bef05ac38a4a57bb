/** The line at the foot, and what is said aloud. */
import { byId, plural } from "./dom";
import type { Report } from "virtlens";

let clearing: number | undefined;
let speaking: number | undefined;

/** A short word on what was just done; it goes away by itself. */
export function notice(text: string): void {
  byId("notice").textContent = text;
  window.clearTimeout(clearing);
  clearing = window.setTimeout(() => (byId("notice").textContent = ""), 8000);
}

export function showPlace(line: number, column: number): void {
  byId("place").textContent = `line ${line}, column ${column}`;
}

export function showState(text: string, broken = false): void {
  byId("state").textContent = text;
  byId("state").classList.toggle("broken", broken);
}

export function showOffline(): void {
  byId("offline").textContent = "offline ready";
}

/** Said once typing pauses, and only when it differs from what was said last: counts, not every key. */
export function speak(text: string): void {
  window.clearTimeout(speaking);
  speaking = window.setTimeout(() => {
    if (byId("spoken").textContent !== text) byId("spoken").textContent = text;
  }, 700);
}

export function countsText({ error, warning, info, hint }: Report["counts"]): string {
  const know = info + hint;
  if (error + warning + know === 0) return "No findings";
  return `${plural(error, "error")} · ${plural(warning, "warning")} · ${know} to know`;
}

export async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notice(`Copied ${what}.`);
  } catch {
    notice(`The browser did not let ${what} be copied.`);
  }
}

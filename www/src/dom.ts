/** Small helpers to make and renew elements. Text is always set as text, never read as markup. */
export type Child = Node | string | null | undefined | false;
type Handler = (event: never) => void;
type Properties = Record<string, string | number | boolean | Handler | undefined>;

export function h<K extends keyof HTMLElementTagNameMap>(tag: K, properties: Properties = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value as EventListener);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child): child is Node | string => child !== null && child !== undefined && child !== false));
  return element;
}

export function button(label: string, onclick: () => void, properties: Properties = {}): HTMLButtonElement {
  return h("button", { type: "button", onclick, ...properties }, label);
}

/** A button that looks like a link: it shows something rather than changing something. */
export function link(label: string, onclick: () => void, properties: Properties = {}): HTMLButtonElement {
  return button(label, onclick, { class: "link", ...properties });
}

export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no #${id}`);
  return element as T;
}

/** Children that wait for a field in which somebody writes. */
const waiting = new WeakMap<HTMLElement, Child[]>();

/**
 * Replaces the children; what had the focus keeps it, told by its `data-key`. A field that is taken out confirms what is half written in
 * it, so it is left alone until that is confirmed or the field is left.
 */
export function renew(parent: HTMLElement, ...children: Child[]): void {
  const active = parent.contains(document.activeElement) ? (document.activeElement as HTMLElement) : null;
  if (active instanceof HTMLInputElement && active.value !== active.defaultValue) return wait(parent, active, children);
  waiting.delete(parent);
  const key = active?.dataset["key"];
  const selected = active instanceof HTMLInputElement && active.selectionStart !== null ? ([active.selectionStart, active.selectionEnd] as const) : undefined;
  parent.replaceChildren(...children.filter((child): child is Node | string => child !== null && child !== undefined && child !== false));
  if (key === undefined) return;
  const again = [...parent.querySelectorAll<HTMLElement>("[data-key]")].find((element) => element.dataset["key"] === key);
  again?.focus({ preventScroll: true });
  if (selected !== undefined && again instanceof HTMLInputElement) again.setSelectionRange(...selected);
}

function wait(parent: HTMLElement, field: HTMLInputElement, children: Child[]): void {
  const first = !waiting.has(parent);
  waiting.set(parent, children);
  const draw = () => {
    const last = waiting.get(parent);
    if (last !== undefined) renew(parent, ...last);
  };
  if (first) for (const end of ["change", "blur"]) field.addEventListener(end, draw, { once: true });
}

export function plural(count: number, one: string, many = one + "s"): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** A message: what it sets in backticks is code. */
export function prose(message: string): Node[] {
  return message.split(/`([^`]*)`/).map((part, at) => (at % 2 === 1 ? h("code", {}, part) : document.createTextNode(part)));
}
